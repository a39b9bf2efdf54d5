"""axe finds nothing to object to, on any kind of page and in any state of one, in either colours and width."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RUN = """async rules => (await axe.run(document, { resultTypes: ["violations"], preload: false, ...rules })).violations
  .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary}`))"""
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
ALL = {"rules": {"target-size": {"enabled": True}}}
"""And that what is touched is 24 pixels large, or has as much room around it (WCAG 2.5.8)."""


def still(_: Page) -> None:
    """Leave the page as it opens."""


def search_empty(page: Page) -> None:
    page.keyboard.press("/")
    page.get_by_role("option").first.wait_for()


def search_results(page: Page) -> None:
    search_empty(page)
    page.keyboard.type("entropy")
    page.get_by_role("option").nth(11).wait_for()  # names alone are fewer: the texts have answered


def answered(page: Page) -> None:
    page.locator(".hits li").nth(12).wait_for()  # as above


def search_nothing(page: Page) -> None:
    search_empty(page)
    page.keyboard.type("qqqqqqqqqqqq")
    page.locator(".empty:visible").wait_for()


def shortcuts(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


def card(page: Page) -> None:
    page.locator("article p a.t").first.focus()
    page.keyboard.press("Alt+ArrowDown")
    page.locator(".peek").wait_for()


def beside(page: Page) -> None:
    link = page.locator("article p a.t").first
    address = link.evaluate("one => one.href")
    link.click(modifiers=["ControlOrMeta", "Alt"])
    if page.evaluate("innerWidth") >= 1000:
        page.locator("#stack article").wait_for()
    else:  # there is no room: the page itself opens
        page.wait_for_url(address)


def unfolded(page: Page) -> None:
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


def note(page: Page) -> None:
    page.evaluate("document.querySelector('.sn').showPopover()")


def narrowed(page: Page) -> None:
    page.locator(".legend button").first.click()
    page.locator("#_find").fill("a")


def definitions(page: Page) -> None:
    page.locator("#gl").check()


def filtered(page: Page) -> None:
    page.locator("#f").fill("entropy")


def unmatched(page: Page) -> None:
    page.locator("#f").fill("qqqq")


TERM = "terms/low-rank-adaptation/"
STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "home": ("", still),
    "home with definitions": ("", definitions),
    "home filtered": ("", filtered),
    "home without a match": ("", unmatched),
    "term": (TERM, still),
    "term unfolded": ("terms/entropy/", unfolded),
    "document": ("sparse-autoencoders/", still),
    "note": ("notes/reading-order/", still),
    "topics": ("topics/", still),
    "topics filtered": ("topics/", filtered),
    "topic": ("topics/statistics/", still),
    "search": ("search/", still),
    "search with results": ("search/?q=entropy", answered),
    "references": ("references/", still),
    "references unfolded": ("references/", unfolded),
    "graph": ("graph/", still),
    "graph narrowed": ("graph/", narrowed),
    "videos": ("videos/", still),
    "wanted": ("wanted/", still),
    "missing": ("no/such/page/", still),
    "palette": ("", search_empty),
    "palette with results": (TERM, search_results),
    "palette without": (TERM, search_nothing),
    "shortcuts": (TERM, shortcuts),
    "card": (TERM, card),
    "beside": (TERM, beside),
    "sidenote": (TERM, note),
}
SAMPLES = {
    "everything": ("terms/everything/", unfolded),
    "redirect": ("terms/nought/", still),
    "disambiguation": ("terms/matter/", still),
    "right to left": ("terms/אנטרופיה/", still),
    "wanted": ("wanted/", still),
}


def objections(page: Page) -> list[str]:
    """What axe says of the page: all of it in light, and of what differs, the colours, in dark."""
    page.evaluate(AXE)
    found: list[str] = []
    colours: tuple[tuple[Literal["light", "dark"], dict[str, Any]], ...] = (
        ("light", ALL),
        ("dark", COLOURS),
    )
    for scheme, rules in colours:
        page.emulate_media(color_scheme=scheme)
        page.evaluate("Promise.all(document.getAnimations().map(one => one.finished))")
        found += [f"{scheme}: {one}" for one in page.evaluate(RUN, rules)]
    return found


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("state", STATES)
def test_axe(reader: Reader, state: str, width: int) -> None:
    path, reach = STATES[state]
    page = reader.open(path, width=width, missing=state == "missing")
    reach(page)
    assert objections(page) == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("state", SAMPLES)
def test_axe_in_the_sampler(sampler_reader: Reader, state: str, width: int) -> None:
    path, reach = SAMPLES[state]
    page = sampler_reader.open(path, width=width)
    reach(page)
    assert objections(page) == []

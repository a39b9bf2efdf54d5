"""A slow network: the text is there and stays where it is; cards and the search come late, and lose nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.test_budgets import SHIFTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page
    from tests.browser.conftest import Published

pytestmark = pytest.mark.browser

TERM = "terms/kullback-leibler-divergence/"


@pytest.fixture
def slow(browser: Browser) -> Iterator[Page]:
    """A page behind a network that takes 0.6 seconds to answer, and then brings 50 kB a second."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(30_000)
    page = context.new_page()
    context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 600, "downloadThroughput": 50_000, "uploadThroughput": 50_000},
    )
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


def test_the_text_can_be_read_before_its_fonts_and_scripts_are_there(slow: Page, site: Published) -> None:
    slow.goto(site.address + TERM, wait_until="commit")
    expect(slow.locator("article h1")).to_be_visible()
    assert (
        slow.evaluate("document.fonts.status") == "loading"
        or slow.evaluate("document.readyState") != "complete"
    )
    slow.wait_for_load_state("networkidle")
    assert slow.evaluate(SHIFTS) < 0.05


def test_a_card_comes_late_but_comes(slow: Page, site: Published) -> None:
    slow.goto(site.address + TERM)
    link = slow.locator("article p a.t").first
    link.hover()
    slow.locator(".peek").wait_for()
    assert slow.locator(".peek .hd").inner_text()


def test_what_is_left_before_its_card_came_has_none(slow: Page, site: Published) -> None:
    slow.goto(site.address + TERM)
    slow.locator("article p a.t").first.hover()
    slow.wait_for_timeout(400)
    slow.mouse.move(5, 5)
    slow.wait_for_timeout(2500)
    assert slow.locator(".peek").count() == 0


def test_what_is_typed_before_the_palette_is_there_is_searched_for(slow: Page, site: Published) -> None:
    slow.goto(site.address + TERM)
    address = slow.url
    slow.keyboard.press("/")
    slow.keyboard.type("[entropx")
    slow.keyboard.press("Backspace")
    slow.keyboard.type("y")
    assert slow.locator("dialog[open]").count() == 0, "it is still on its way"
    field = slow.get_by_role("combobox")
    expect(field).to_have_value("[entropy")
    assert slow.url == address, "a bracket did not lead to another page"
    field.press("Home")
    field.press("Delete")
    expect(slow.get_by_role("option").first).to_contain_text("Entropy")


def test_without_the_palette_the_link_leads_to_the_search(slow: Page, site: Published) -> None:
    slow.route("**/palette*.js", lambda route: route.abort())
    slow.goto(site.address + TERM)
    slow.keyboard.press("/")
    slow.wait_for_url("**/search/")

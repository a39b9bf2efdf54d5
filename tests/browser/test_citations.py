"""Citations as a reader meets them: by pointer, keyboard, finger, in each kind of style; axe has no objection."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Host, Reader, publish, published, reading
from tests.browser.test_axe import objections, unfolded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

CONTENT = Path(__file__).parents[1] / "sites" / "cited" / "content"
STYLES = {"names": "apa", "numbers": "ieee", "notes": "chicago-notes-bibliography"}
TERM = "terms/attention/"


@pytest.fixture(scope="module")
def cited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """The site of the tests that cites, once in each kind of style."""
    sites = {}
    for name, style in STYLES.items():
        site = tmp_path_factory.mktemp(name)
        shutil.copytree(CONTENT, site / "content")
        with (site / "content" / "site.yaml").open("a", encoding="utf-8") as settings:
            settings.write(f"citation_style: {style}\n")
        sites[f"/{name}/"] = publish(site, site / "public", f"/{name}/")
    host = Host(sites)
    thread = threading.Thread(target=host.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield host
    host.shutdown()
    thread.join()
    host.server_close()


@pytest.fixture(params=STYLES)
def any_reader(request: pytest.FixtureRequest, browser: Browser, cited: Host) -> Iterator[Reader]:
    """Somebody who reads the site in each of the styles."""
    with reading(browser, published(cited, f"/{request.param}/")) as one:
        yield one


@pytest.fixture
def its_reader(browser: Browser, cited: Host) -> Iterator[Reader]:
    """Somebody who reads it with names and years."""
    with reading(browser, published(cited, "/names/")) as one:
        yield one


def first_citation(page: Page) -> Locator:
    return page.locator("article p a.cite").first


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", [TERM, "references/", "notes/reading/"])
def test_axe_in_every_kind_of_style(any_reader: Reader, path: str, width: int) -> None:
    page = any_reader.open(path, width=width)
    unfolded(page)
    assert objections(page) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_at_a_card_of_a_work(its_reader: Reader, width: int) -> None:
    page = its_reader.open(TERM, width=width)
    first_citation(page).focus()
    page.keyboard.press("Alt+ArrowDown")
    page.locator(".peek").wait_for()
    assert objections(page) == []


def test_a_citation_leads_to_its_line_without_any_script(its_reader: Reader) -> None:
    page = its_reader.open(TERM, java_script_enabled=False)
    first_citation(page).click()
    line = page.locator("li:target")
    assert line.inner_text().startswith("Vaswani, A.,")
    assert line.evaluate("one => getComputedStyle(one).backgroundColor") != "rgba(0, 0, 0, 0)"


def test_a_work_is_shown_where_it_is_cited(its_reader: Reader) -> None:
    page = its_reader.open(TERM)
    card = page.locator(".peek")
    first_citation(page).hover()
    expect(card).to_contain_text("Attention Is All You Need")
    assert card.get_attribute("aria-label") == "Work cited"
    assert "json" not in " ".join(its_reader.requests), "nothing was fetched for it"
    page.mouse.move(2, 2)
    expect(card).to_have_count(0)
    first_citation(page).focus()
    page.keyboard.press("Alt+ArrowDown")
    assert card.get_by_role("link").first.evaluate("one => one === document.activeElement")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    assert first_citation(page).evaluate("one => one === document.activeElement")
    page.keyboard.press("Alt+ArrowDown")
    card.get_by_role("link", name="References").click()
    expect(card).to_have_count(0)
    assert page.url.endswith("#_ref-vaswani2017")


def test_a_tap_shows_the_work_and_a_second_one_leads_to_it(its_reader: Reader) -> None:
    page = its_reader.open(TERM, width=390, has_touch=True)
    first_citation(page).tap()
    expect(page.locator(".peek.sheet")).to_contain_text("Attention Is All You Need")
    assert "#" not in page.url
    first_citation(page).tap()
    assert page.url.endswith("#_ref-vaswani2017")


def test_beside_another_page_citations_lead_to_their_own_list(its_reader: Reader) -> None:
    page = its_reader.open("terms/distillation/")
    page.locator('article .used a.t[href$="/attention/"], article a.t[href*="/attention/"]').first.click(
        modifiers=["ControlOrMeta", "Alt"]
    )
    beside = page.locator("#stack article")
    beside.wait_for()
    beside.locator("p a.cite").first.hover()
    expect(page.locator("#stack .peek")).to_contain_text("Attention Is All You Need")


def test_the_source_of_a_work_can_be_copied(its_reader: Reader) -> None:
    page = its_reader.open("references/", permissions=["clipboard-read", "clipboard-write"])
    line = page.locator("li").filter(has_text="Distilling the Knowledge")
    line.locator("summary").click()
    line.get_by_role("button").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@string{arxiv = {arXiv}}")
    assert "@misc{hinton2015," in copied


def test_notes_stand_beside_their_lines(browser: Browser, cited: Host) -> None:
    with reading(browser, published(cited, "/notes/")) as reader:
        page = reader.open(TERM)
        note = page.locator(".sn").first
        assert "Attention Is All You Need" in note.inner_text()
        text, margin = page.locator("p.lead").bounding_box(), note.bounding_box()
        assert text
        assert margin
        assert margin["x"] > text["x"] + text["width"]

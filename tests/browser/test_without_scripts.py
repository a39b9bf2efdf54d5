"""Without JavaScript: every page is read whole, every control that is shown does something, every way leads on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

TERM = "terms/low-rank-adaptation/"
READABLE = {
    "": ["Entropy", "Transformer", "For reading at length", "Show definitions"],
    TERM: [
        "freezing its weight matrices",
        "Used by",
        "Neighbourhood",
        "See also",
        "References",
        "Before",
        "After",
        "Cite",
    ],
    "terms/entropy/": ["0.469", "Continuous variables", "Videos"],
    "sparse-autoencoders/": ["Gated SAE", "Contents"],
    "notes/reading-order/": ["A path through this book"],
    "topics/": ["Entropy is the average", "Statistics"],
    "topics/statistics/": ["Bayes' theorem tells", " terms"],
    "graph/": ["Machine learning", "Interpretability"],
    "search/": ["The search needs JavaScript.", "All terms stand in the index."],
    "references/": ["Attention Is All You Need", "Cited by"],
    "videos/": ["youtube.com/watch"],
    "wanted/": ["Wanted"],
    "no/such/page/": ["Nothing stands at this address.", "Search"],
}
SAMPLES = {
    "": ["One of everything"],
    "terms/everything/": ["Mind this", "Source of the diagram"],
    "terms/nought/": ["Nothing is what remains"],
    "terms/matter/": ["Several terms go by this name."],
    "changes/": ["February 2026", "3 February 2026"],
    "wanted/": ["Unheard of", "asked for"],
}

HIDDEN = """() => {
  const found = [], walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode, one = node.parentElement
    if (!node.data.trim() || one.closest("script, annotation, title, .js-only, .vh, .katex-mathml, .anchor, #none")) continue
    // What unfolds, and what a switch without any script shows.
    if (one.closest("details:not([open])") || one.closest("[popover]") || one.matches(".letter:not(.all) li > p, .letter:not(.all) li > p *")) continue
    if (!one.checkVisibility({ visibilityProperty: true })) found.push(node.data.trim().slice(0, 50))
  }
  return found
}"""
DEAD = """() => [...document.querySelectorAll("button, input, select, [role=button], [tabindex]")]
  .filter(one => one.checkVisibility() && !one.closest("form") && !one.matches("[popovertarget], #gl, li.task input"))
  .map(one => one.outerHTML.slice(0, 80))"""


def opened(reader: Reader, path: str, width: int = 1280) -> Page:
    return reader.open(path, width=width, java_script_enabled=False, missing=path.startswith("no/"))


def assert_whole(reader: Reader, path: str, width: int, pieces: list[str]) -> None:
    page = opened(reader, path, width)
    text = page.locator("body").inner_text()
    assert [piece for piece in pieces if piece not in text] == []
    assert page.evaluate(HIDDEN) == []
    assert page.evaluate(DEAD) == []
    assert page.locator(".js-only:visible, dialog:visible, [aria-busy=true]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [one for one in reader.requests if one.startswith("search/") and one != path] == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", READABLE)
def test_every_page_is_whole(reader: Reader, path: str, width: int) -> None:
    assert_whole(reader, path, width, READABLE[path])


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", SAMPLES)
def test_every_page_of_the_sampler_is_whole(sampler_reader: Reader, path: str, width: int) -> None:
    assert_whole(sampler_reader, path, width, SAMPLES[path])


@pytest.mark.parametrize("path", ["", "terms/אנטרופיה/", "topics/", "graph/"])
def test_every_page_from_right_to_left_is_whole(rtl_reader: Reader, path: str) -> None:
    assert_whole(rtl_reader, path, 1280, ["אנטרופיה"])


def test_a_long_index_leads_through_its_letters_to_a_term(split_reader: Reader) -> None:
    page = opened(split_reader, "")
    assert page.evaluate(HIDDEN) == []
    page.get_by_role("navigation", name="Letters").get_by_role("link", name="S", exact=True).click()
    page.wait_for_url("**/split/s/")
    assert page.evaluate(HIDDEN) == []
    page.locator("main").get_by_role("link", name="Something").click()
    page.wait_for_url("**/terms/something/")


def test_links_lead_from_page_to_page(reader: Reader) -> None:
    page = opened(reader, "")
    page.locator("main").get_by_role("link", name="Low-rank adaptation").click()
    page.wait_for_url("**/" + TERM)
    link = page.locator("article p a.t").first
    address = link.get_attribute("href")
    assert address
    link.click()
    page.wait_for_url(urljoin(page.url, address))
    page.locator(".near a").first.click()
    page.wait_for_url("**/terms/*/")
    page.locator(".turn [rel=next]").click()
    page.locator(".thumb a").first.click()
    page.wait_for_url("**/#*")
    page.locator(".find").click()
    page.wait_for_url("**/search/")
    page.get_by_role("link", name="All terms stand in the index.").click()
    page.wait_for_url(reader.site.address)


def test_topics_lead_to_their_pages(reader: Reader) -> None:
    for path in ("", "topics/"):
        page = opened(reader, path)
        page.get_by_role("list", name="Topics").get_by_role("link", name="Statistics").click()
        page.wait_for_url("**/topics/statistics/")
        assert page.locator("main li a.t").count() > 10
    page = opened(reader, "graph/")
    page.locator(".legend a").first.click()
    page.wait_for_url("**/topics/*/")


def test_what_is_folded_unfolds(sampler_reader: Reader, reader: Reader) -> None:
    page = opened(sampler_reader, "terms/everything/")
    page.locator("details.note summary").click()
    assert page.locator("details.note p").last.is_visible()
    page.locator(".colophon summary").click()
    assert page.locator(".colophon pre").is_visible()
    page = opened(reader, "terms/transformer/")
    page.locator(".app > details summary").click()
    assert page.locator(".app > details .used a").last.is_visible()


def test_definitions_are_shown_by_a_switch(reader: Reader) -> None:
    page = opened(reader, "")
    definition = page.locator("li[data-k] p").first
    assert not definition.is_visible()
    page.get_by_label("Show definitions").check()
    assert definition.is_visible()


def test_a_note_opens_and_closes_on_a_phone(reader: Reader) -> None:
    page = opened(reader, TERM, 390)
    sign, note = page.get_by_role("button", name="Note 1"), page.locator(".sn")
    sign.focus()
    page.keyboard.press("Enter")
    expect(note).to_be_visible()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    sign.click()
    expect(note).to_be_visible()
    page.locator("h1").click()
    expect(note).to_be_hidden()


def test_a_search_from_a_wrong_address_says_what_it_needs(reader: Reader) -> None:
    page = opened(reader, "no/such/page/")
    page.locator("#q").fill("entropy")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/search/?q=entropy")
    assert "The search needs JavaScript." in page.locator("main").inner_text()


def test_the_colours_are_those_of_the_system(reader: Reader) -> None:
    page = opened(reader, "")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) != light


def test_nothing_is_asked_of_scripts(reader: Reader) -> None:
    page = opened(reader, TERM)
    page.wait_for_load_state("networkidle")
    assert [one for one in reader.requests if one.endswith((".js", ".json"))] == []

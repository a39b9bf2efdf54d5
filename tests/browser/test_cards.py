"""Cards at links, by pointer, keyboard and finger, and pages opened beside the one that is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

TERM = "terms/low-rank-adaptation/"
SHIFTS = """new PerformanceObserver(list => {
  for (const { value, sources } of list.getEntries())
    if (sources.some(({ node }) => !node?.parentElement?.closest(".peek"))) window.shifted = (window.shifted ?? 0) + value
}).observe({ type: 'layout-shift' })"""
"""Add up what moves outside of cards; within one, a font may still come."""


def link_to(page: Page, slug: str) -> Locator:
    return page.locator(f'article p a.t[href$="/{slug}/"]').first


def cards(page: Page) -> Locator:
    return page.locator(".peek")


def hover(page: Page, slug: str = "transformer") -> Locator:
    """Rest on a link until its card is there; give the card."""
    link_to(page, slug).hover()
    cards(page).wait_for()
    return cards(page)


def rest_aside(page: Page) -> None:
    page.mouse.move(2, 2)


def is_focused(one: Locator) -> bool:
    return bool(one.evaluate("one => one === document.activeElement"))


# ------------------------------------------------------------------------------------------------ the pointer


def test_a_card_shows_the_definition_after_a_while(reader: Reader) -> None:
    page = reader.open(TERM)
    page.evaluate(
        "addEventListener('pointerover', e => { if (e.target.closest('a.t')) window.entered ??= performance.now() });"
        "new MutationObserver(() => { if (document.querySelector('.peek')) window.shown ??= performance.now() })"
        ".observe(document.body, { childList: true, subtree: true })"
    )
    card = hover(page)
    assert page.evaluate("window.shown - window.entered") >= 300
    assert card.locator(".hd").inner_text() == "Transformer"
    assert "attention" in card.inner_text()
    assert card.get_attribute("aria-label") == "Definition: Transformer"
    assert link_to(page, "transformer").get_attribute("aria-expanded") == "true"
    assert card.evaluate("one => one.previousElementSibling.matches('a.t[aria-expanded]')")
    assert "terms/transformer/card.html" in reader.requests
    rest_aside(page)
    card.wait_for(state="detached")
    assert link_to(page, "transformer").get_attribute("aria-expanded") is None


def test_passing_over_a_link_shows_nothing_and_fetches_nothing(reader: Reader) -> None:
    page = reader.open(TERM)
    frame = link_to(page, "transformer").bounding_box()
    assert frame is not None
    page.mouse.move(frame["x"] + 5, frame["y"] + 5)
    rest_aside(page)
    page.wait_for_timeout(500)
    assert cards(page).count() == 0
    assert not [one for one in reader.requests if one.endswith("card.html")]


def test_it_stays_while_the_pointer_is_inside_and_can_be_sent_away(reader: Reader) -> None:
    page = reader.open(TERM)
    card = hover(page)
    card.locator(".hd").hover()
    page.wait_for_timeout(500)
    assert card.is_visible()
    page.keyboard.press("Escape")
    card.wait_for(state="detached")


def test_nothing_on_the_page_moves(reader: Reader) -> None:
    page = reader.open(TERM)
    page.wait_for_load_state("networkidle")
    page.evaluate(SHIFTS)
    before = page.evaluate("document.documentElement.scrollHeight")
    card = hover(page)
    link = card.locator("p a.t").first
    link.hover()
    page.locator(".peek .peek").wait_for()
    assert page.evaluate("document.documentElement.scrollHeight") == before
    rest_aside(page)
    cards(page).first.wait_for(state="detached")
    assert page.evaluate("window.shifted ?? 0") == 0


def test_cards_nest_and_close_one_by_one(reader: Reader) -> None:
    page = reader.open(TERM)
    hover(page)
    cards(page).locator('p a.t[href$="/residual-stream/"]').hover()
    expect(cards(page)).to_have_count(2)
    assert cards(page).nth(1).locator(".hd").inner_text() == "Residual stream"
    page.keyboard.press("Escape")
    expect(cards(page)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(cards(page)).to_have_count(0)


def test_a_card_leads_to_its_page(reader: Reader) -> None:
    page = reader.open(TERM)
    for name in ("Transformer", "Open the page"):
        hover(page).get_by_role("link", name=name).click()
        page.wait_for_url("**/terms/transformer/")
        page.go_back()
        cards(page).wait_for(state="detached")


def test_a_card_keeps_within_the_window(reader: Reader) -> None:
    page = reader.open(TERM, width=700)
    for link in page.locator("article p a.t:visible").all()[:4]:
        link.scroll_into_view_if_needed()
        reader.rest(page)  # cards go when the page scrolls
        link.hover()
        expect(link).to_have_attribute("aria-expanded", "true")
        frame = cards(page).bounding_box()
        assert frame is not None
        assert frame["x"] >= 0
        assert frame["y"] >= 0
        assert frame["x"] + frame["width"] <= 700
        assert frame["y"] + frame["height"] <= 800
        rest_aside(page)
        cards(page).wait_for(state="detached")


def test_cards_can_be_switched_off(reader: Reader) -> None:
    page = reader.open(TERM)
    page.keyboard.press("?")
    page.get_by_label("Cards at links").uncheck()
    page.keyboard.press("Escape")
    link_to(page, "transformer").hover()
    page.wait_for_timeout(500)
    assert cards(page).count() == 0


# ------------------------------------------------------------------------------------------------ the keyboard


def test_a_card_follows_the_focus_of_the_keyboard(reader: Reader) -> None:
    page = reader.open(TERM)
    link = link_to(page, "transformer")
    page.locator("article p a.cite").first.focus()  # the link before it
    page.keyboard.press("Tab")
    assert is_focused(link)
    cards(page).wait_for()
    page.keyboard.press("Escape")
    cards(page).wait_for(state="detached")
    assert is_focused(link)


def test_alt_and_arrow_step_into_it_and_escape_out_again(reader: Reader) -> None:
    page = reader.open(TERM)
    link = link_to(page, "transformer")
    link.focus()
    page.keyboard.press("Alt+ArrowDown")
    cards(page).wait_for()
    reader.until(page, "document.activeElement.closest('.peek')")
    assert page.evaluate("document.activeElement.textContent") == "Transformer"
    page.keyboard.press("Escape")
    cards(page).wait_for(state="detached")
    assert is_focused(link)
    page.wait_for_timeout(600)
    assert cards(page).count() == 0


def test_it_is_next_after_its_link(reader: Reader) -> None:
    page = reader.open(TERM)
    link = link_to(page, "transformer")
    link.focus()
    page.keyboard.press("Alt+ArrowDown")
    cards(page).wait_for()
    link.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('.peek'))")


# ------------------------------------------------------------------------------------------------ the finger


def test_a_tap_opens_a_sheet_and_a_second_one_follows(reader: Reader) -> None:
    page = reader.open(TERM, width=390, has_touch=True, is_mobile=True)
    link = link_to(page, "transformer")
    link.tap()
    sheet = page.locator(".peek.sheet")
    sheet.wait_for()
    assert page.url == reader.site.address + TERM
    frame = sheet.bounding_box()
    assert frame is not None
    reader.until(
        page,
        "() => { const at = document.querySelector('.sheet').getBoundingClientRect();"
        " return at.x === 0 && at.width === innerWidth && Math.abs(at.bottom - innerHeight) < 1 }",
    )
    with page.expect_navigation():
        link.tap()
    assert page.url == reader.site.address + "terms/transformer/"


def test_a_sheet_closes_by_its_button_and_by_a_tap_elsewhere(reader: Reader) -> None:
    page = reader.open(TERM, width=390, has_touch=True, is_mobile=True)
    sheet = page.locator(".peek.sheet")
    link_to(page, "transformer").tap()
    sheet.get_by_role("button", name="Close").tap()
    sheet.wait_for(state="detached")
    link_to(page, "inference").tap()
    sheet.wait_for()
    page.locator("h1").tap()
    sheet.wait_for(state="detached")
    assert page.url == reader.site.address + TERM


# ------------------------------------------------------------------------------------------------ beside


def test_a_page_opens_beside_and_closes(reader: Reader) -> None:
    page = reader.open(TERM)
    link_to(page, "transformer").click(modifiers=["ControlOrMeta", "Alt"])
    beside = page.get_by_role("region", name="Transformer")
    beside.locator("h1").wait_for()
    assert page.url == reader.site.address + TERM + "?beside=transformer"
    frame = beside.bounding_box()
    assert frame is not None
    assert frame["width"] == 480
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ids = page.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    page.keyboard.press("Escape")
    beside.wait_for(state="detached")
    assert page.url == reader.site.address + TERM


def test_a_card_opens_its_page_beside(reader: Reader) -> None:
    page = reader.open(TERM)
    hover(page).get_by_role("button", name="Open beside").click()
    page.locator("#stack h1", has_text="Transformer").wait_for()
    assert cards(page).count() == 0
    page.get_by_role("button", name="Close Transformer").click()
    page.locator("#stack").wait_for(state="detached")


def test_the_address_opens_them_again(reader: Reader) -> None:
    page = reader.open(TERM + "?beside=transformer,entropy")
    heads = page.locator("#stack h1")
    heads.nth(1).wait_for()
    assert heads.all_inner_texts() == ["Transformer", "Entropy"]
    page.keyboard.press("Escape")
    heads.nth(1).wait_for(state="detached")
    assert page.url == reader.site.address + TERM + "?beside=transformer"


def test_links_and_formulas_hold_beside(reader: Reader) -> None:
    page = reader.open("?beside=entropy")
    page.locator("#stack .katex-html").first.wait_for()
    reader.until(
        page,
        "document.querySelector('#stack .katex-display .katex-mathml').getBoundingClientRect().width < 2",
    )
    links = page.locator("#stack article a[href]").evaluate_all(
        "all => all.map(one => new URL(one.getAttribute('href'), document.baseURI).href)"
    )
    below = [one for one in links if one.startswith("http://127.0.0.1")]
    assert below
    assert [one for one in below if not one.startswith(reader.site.address)] == []


def test_where_there_is_no_room_the_page_itself_opens(reader: Reader) -> None:
    page = reader.open(TERM, width=900)
    with page.expect_navigation():
        link_to(page, "transformer").click(modifiers=["ControlOrMeta", "Alt"])
    assert page.url == reader.site.address + "terms/transformer/"

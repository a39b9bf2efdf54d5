"""Walks by finger on a phone, through everything that a reader can do there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

TERM = "terms/low-rank-adaptation/"


def in_hand(reader: Reader, path: str = TERM, **options: Any) -> Page:
    """Open a page on a phone."""
    page = reader.open(path, width=390, has_touch=True, is_mobile=True, **options)
    assert page.evaluate("matchMedia('(hover: none)').matches")
    return page


def link_to(page: Page, slug: str) -> Locator:
    return page.locator(f'article p a.t[href$="/{slug}/"]').first


class Glass:
    """What the glass of a phone tells of fingers."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)

    def _tell(self, kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    def press(self, point: tuple[float, float], milliseconds: float) -> None:
        """Press long: the browser itself tells this from a tap."""
        x, y = point
        gesture = {"x": x, "y": y, "duration": milliseconds, "gestureSourceType": "touch"}
        self._session.send("Input.synthesizeTapGesture", gesture)

    def draw(self, *ways: tuple[tuple[float, float], tuple[float, float]]) -> None:
        """Draw fingers over it, each from a point to another."""
        steps = 10
        self._tell("touchStart", *(start for start, _ in ways))
        for step in range(1, steps + 1):
            part = step / steps
            self._tell("touchMove", *((a + (x - a) * part, b + (y - b) * part) for (a, b), (x, y) in ways))
            self._page.wait_for_timeout(16)
        self._tell("touchEnd")


def middle(one: Locator) -> tuple[float, float]:
    box = one.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# ------------------------------------------------------------------------------------------------ cards


def test_a_sheet_that_was_closed_opens_again(reader: Reader) -> None:
    page = in_hand(reader)
    link, sheet = link_to(page, "transformer"), page.locator(".peek.sheet")
    for _ in range(2):
        link.tap()
        sheet.wait_for()
        sheet.get_by_role("button", name="Close").tap()
        expect(sheet).to_have_count(0)
    link.tap()
    sheet.wait_for()
    page.locator("h1").tap()
    expect(sheet).to_have_count(0)
    link.tap()
    sheet.wait_for()
    assert page.url == reader.site.address + TERM
    with page.expect_navigation():
        link.tap()
    assert page.url == reader.site.address + "terms/transformer/"


def test_another_link_has_another_sheet(reader: Reader) -> None:
    page = in_hand(reader)
    link_to(page, "transformer").tap()
    sheet = page.locator(".peek.sheet")
    expect(sheet.locator(".hd")).to_have_text("Transformer")
    page.evaluate("scrollTo(0, 900)")
    link_to(page, "inference").tap()
    expect(sheet.locator(".hd")).to_have_text("Inference")
    expect(sheet).to_have_count(1)


def test_sheets_lie_upon_each_other_and_are_taken_away_one_by_one(reader: Reader) -> None:
    page = in_hand(reader)
    outer = link_to(page, "transformer")
    outer.tap()
    sheets = page.locator(".peek.sheet")
    inner = sheets.first.locator(':scope > .in p a.t[href$="/residual-stream/"]')
    inner.tap()
    expect(sheets).to_have_count(2)
    sheets.nth(1).get_by_role("button", name="Close").tap()
    expect(sheets).to_have_count(1)
    inner.tap()
    expect(sheets).to_have_count(2)
    with page.expect_navigation():
        sheets.nth(1).get_by_role("link", name="Open the page").tap()
    assert page.url == reader.site.address + "terms/residual-stream/"


def test_the_headword_of_a_sheet_leads_to_its_page(reader: Reader) -> None:
    page = in_hand(reader)
    link_to(page, "transformer").tap()
    with page.expect_navigation():
        page.locator(".peek .hd a").tap()
    assert page.url == reader.site.address + "terms/transformer/"


def test_where_cards_are_off_a_tap_is_a_link(reader: Reader) -> None:
    page = in_hand(reader)
    page.get_by_role("button", name="Keyboard shortcuts").tap()
    page.get_by_label("Cards at links").tap()
    page.get_by_role("dialog").get_by_role("button", name="Close").tap()
    expect(page.get_by_role("dialog")).to_have_count(0)
    with page.expect_navigation():
        link_to(page, "transformer").tap()
    assert page.url == reader.site.address + "terms/transformer/"


def test_a_long_press_is_left_to_the_browser(reader: Reader) -> None:
    page = in_hand(reader)
    link = link_to(page, "transformer")
    link.scroll_into_view_if_needed()
    Glass(page).press(middle(link), 1200)
    page.wait_for_timeout(500)
    assert page.locator(".peek").count() == 0
    assert page.url == reader.site.address + TERM
    menu = "one => one.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))"
    assert link.evaluate(menu) is True, "nothing keeps the menu of the link from coming"
    link.tap()
    page.locator(".peek.sheet").wait_for()


def test_a_finger_that_scrolls_opens_nothing(reader: Reader) -> None:
    page = in_hand(reader)
    link = link_to(page, "transformer")
    link.scroll_into_view_if_needed()
    x, y = middle(link)
    Glass(page).draw(((x, y), (x, y - 200)))
    page.wait_for_timeout(600)
    assert page.locator(".peek").count() == 0
    assert page.evaluate("scrollY") > 50


def test_the_page_below_a_sheet_stays_where_it_is(reader: Reader) -> None:
    page = in_hand(reader)
    link_to(page, "transformer").tap()
    sheet = page.locator(".peek.sheet")
    sheet.wait_for()
    reader.rest(page)
    place = page.evaluate("scrollY")
    x, y = middle(sheet)
    Glass(page).draw(((x, y), (x, y - 160)))
    page.wait_for_timeout(300)
    expect(sheet).to_be_visible()
    assert sheet.evaluate("one => getComputedStyle(one).overscrollBehaviorY") == "contain"
    assert place == page.evaluate("scrollY") or sheet.evaluate("one => one.scrollHeight <= one.clientHeight")


def test_a_neighbour_has_a_sheet(reader: Reader) -> None:
    page = in_hand(reader)
    page.locator(".near a").first.tap()
    page.locator(".peek.sheet").wait_for()
    assert page.url == reader.site.address + TERM


# ------------------------------------------------------------------------------------------------ search, help, colours


def test_a_search_from_the_sign_to_the_page(reader: Reader) -> None:
    page = in_hand(reader)
    page.locator(".find").tap()
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    field.fill("surprise")
    row = page.get_by_role("option").first
    expect(row.locator("b")).to_have_text("Surprise")
    with page.expect_navigation():
        row.tap()
    assert page.url == reader.site.address + "terms/surprise/"


def test_a_search_is_given_up(reader: Reader) -> None:
    page = in_hand(reader)
    page.locator(".find").tap()
    page.get_by_role("option").first.wait_for()
    assert page.locator(".foot2 kbd:visible").count() == 0, "there are no keys to press"
    page.get_by_role("button", name="Cancel search").tap()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url == reader.site.address + TERM


def test_the_rows_scroll_and_the_page_behind_does_not(reader: Reader) -> None:
    page = in_hand(reader, "")
    page.set_viewport_size({"width": 390, "height": 400})
    page.locator(".find").tap()
    page.get_by_role("combobox").fill("a")
    page.get_by_role("option").nth(11).wait_for()
    rows = page.get_by_role("listbox")
    x, y = middle(rows)
    Glass(page).draw(((x, y), (x, y - 165)))
    reader.until(page, "document.querySelector('[role=listbox]').scrollTop > 40")
    assert page.evaluate("scrollY") == 0
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_colours_are_changed_at_the_foot(reader: Reader) -> None:
    page = in_hand(reader)
    assert not page.locator(".mast [data-themer]").is_visible()
    button = page.locator(".foot [data-themer]")
    names = []
    for _ in range(3):
        button.tap()
        names.append(button.inner_text())
    assert names == ["Theme: light", "Theme: dark", "Theme: automatic"]


# ------------------------------------------------------------------------------------------------ the text


def test_a_note_is_shown_and_sent_away(reader: Reader) -> None:
    page = in_hand(reader)
    sign, note = page.get_by_role("button", name="Note 1"), page.locator(".sn")
    sign.tap()
    expect(note).to_be_in_viewport(ratio=1)
    page.touchscreen.tap(200, 60)
    expect(note).to_be_hidden()
    sign.tap()
    note.get_by_role("link").first.tap()
    page.locator(".peek.sheet").wait_for()


def test_what_can_be_copied_is(reader: Reader) -> None:
    page = in_hand(reader, permissions=["clipboard-read", "clipboard-write"])
    button = page.locator(".eq").first.get_by_role("button")
    button.tap()
    expect(button).to_have_text("Copied")
    page.locator(".colophon summary").tap()
    copy = page.locator(".colophon").get_by_role("button", name="Copy")
    copy.tap()
    reader.until(page, "document.querySelector('.colophon [data-copy]').textContent === 'Copied'")
    assert "@misc{low-rank-adaptation" in page.evaluate("navigator.clipboard.readText()")


def test_a_wide_formula_is_drawn_aside_and_the_page_is_not(reader: Reader) -> None:
    page = in_hand(reader)
    box = page.locator(".eq > .scroll").first
    box.scroll_into_view_if_needed()
    x, y = middle(box)
    Glass(page).draw(((x, y), (x - 132, y)))
    reader.until(page, "document.querySelector('.eq > .scroll').scrollLeft > 50")
    assert page.evaluate("[scrollX, visualViewport.offsetLeft, visualViewport.scale]") == [0, 0, 1]
    expect(box).to_have_attribute("data-over", "mid")


def test_before_and_after(reader: Reader) -> None:
    page = in_hand(reader)
    with page.expect_navigation():
        page.locator(".turn [rel=next]").tap()
    with page.expect_navigation():
        page.locator(".turn [rel=prev]").tap()
    assert page.url == reader.site.address + TERM


# ------------------------------------------------------------------------------------------------ the lists


def test_the_index_is_filtered_by_taps(reader: Reader) -> None:
    page = in_hand(reader, "")
    whole = page.locator("#n").inner_text()
    total = page.locator("li[data-k]").count()
    page.get_by_label("Show definitions").tap()
    expect(page.locator("li[data-k] p").first).to_be_visible()
    chip = page.locator(".chips button").first
    chip.tap()
    expect(chip).to_have_attribute("aria-pressed", "true")
    shown = page.locator("li[data-k]:visible")
    expect(page.locator("#n")).to_have_text(f"Showing {shown.count()} of {total} terms")
    chip.tap()
    expect(page.locator("#n")).to_have_text(whole)
    page.get_by_role("navigation", name="Letters").get_by_role("link", name="S", exact=True).tap()
    expect(page.locator("section#S h2")).to_be_in_viewport()


def test_a_term_of_the_index_opens_at_the_second_tap(reader: Reader) -> None:
    page = in_hand(reader, "")
    link = page.locator('li[data-k] > a[href$="/entropy/"]')
    link.tap()
    page.locator(".peek.sheet").wait_for()
    with page.expect_navigation():
        link.tap()
    assert page.url == reader.site.address + "terms/entropy/"


def test_chips_are_drawn_aside(reader: Reader) -> None:
    page = in_hand(reader, "topics/")
    strip = page.locator(".chips")
    x, y = middle(strip)
    Glass(page).draw(((x, y), (x - 165, y)))
    reader.until(page, "document.querySelector('.chips').scrollLeft > 50")
    assert page.locator(".chips [aria-pressed=true]").count() == 0
    assert page.evaluate("[scrollX, visualViewport.offsetLeft]") == [0, 0]
    last = page.locator(".chips button").last
    last.tap()
    expect(last).to_have_attribute("aria-pressed", "true")
    page.get_by_role("group", name="Order").get_by_role("button", name="A–Z").tap()
    assert page.locator(".order [aria-pressed=true]").inner_text() == "A–Z"


# ------------------------------------------------------------------------------------------------ the map


def map_in_hand(reader: Reader) -> tuple[Page, float, float]:
    page = in_hand(reader, "graph/")
    page.locator("canvas[data-ready]").wait_for()
    reader.rest(page)
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    return page, *middle(canvas)


PICTURE = "document.querySelector('canvas').toDataURL()"


def test_the_map_is_spread_by_two_fingers_and_the_page_is_not(reader: Reader) -> None:
    page, x, y = map_in_hand(reader)
    still = page.evaluate(PICTURE)
    Glass(page).draw(((x - 30, y), (x - 110, y)), ((x + 30, y), (x + 110, y)))
    reader.rest(page)
    assert page.evaluate(PICTURE) != still
    assert page.evaluate("visualViewport.scale") == 1
    assert page.url == reader.site.address + "graph/"
    page.get_by_role("button", name="The whole map").tap()
    reader.rest(page)
    assert page.evaluate(PICTURE) == still


def test_the_map_is_drawn_by_one_finger_and_nothing_opens(reader: Reader) -> None:
    page, x, y = map_in_hand(reader)
    still, place = page.evaluate(PICTURE), page.evaluate("scrollY")
    Glass(page).draw(((x, y), (x + 64, y + 64)))
    reader.rest(page)
    assert page.evaluate(PICTURE) != still
    assert page.evaluate("scrollY") == place
    assert page.url == reader.site.address + "graph/"
    expect(page.locator("#_list")).to_have_text("Most linked")


def test_topics_and_the_list_of_the_map(reader: Reader) -> None:
    page, *_ = map_in_hand(reader)
    still = page.evaluate(PICTURE)
    topic = page.locator(".legend button").nth(1)
    topic.tap()
    expect(topic).to_have_attribute("aria-pressed", "true")
    reader.rest(page)
    assert page.evaluate(PICTURE) != still
    for name in ("Larger", "Smaller"):
        page.get_by_role("button", name=name).tap()
    page.locator(".panel ol a").first.tap()
    page.locator(".peek.sheet").or_(page.locator("article h1")).first.wait_for()

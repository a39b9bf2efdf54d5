"""The map of all terms: found, narrowed, moved and opened, by pointer, by touch, by keys, and without script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Reader

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PICTURE = "document.querySelector('canvas').toDataURL()"
TERMS = re.compile(r"/(terms|notes)/[\w-]+/$")


def opened(reader: Reader, **options: Any) -> Page:
    page = reader.open("graph/", **options)
    page.locator("canvas[data-ready]").wait_for()
    reader.rest(page)
    return page


def picture(page: Page) -> str:
    """The map as it is drawn, once it has come to rest."""
    Reader.rest(page)
    return str(page.evaluate(PICTURE))


def over_a_term(page: Page) -> tuple[float, float]:
    """A point of the map at which the pointer is over a term."""
    box = page.locator("canvas").bounding_box()
    assert box
    for y in range(60, int(box["height"]) - 20, 14):
        for x in range(60, int(box["width"]) - 120, 14):
            page.mouse.move(box["x"] + x, box["y"] + y)
            if page.evaluate("document.querySelector('canvas').style.cursor") == "pointer":
                return box["x"] + x, box["y"] + y
    raise AssertionError("there is no term on the map")


def test_the_map_asks_for_one_file_more(reader: Reader) -> None:
    page = opened(reader)
    assert [path for path in reader.requests if path.endswith(".json")] == ["graph/map.json"]
    assert page.evaluate("document.querySelector('canvas').width") > 600
    blank = "(c => c.toDataURL())(Object.assign(document.createElement('canvas'), { width: %d, height: %d }))"
    width, height = page.evaluate("(c => [c.width, c.height])(document.querySelector('canvas'))")
    assert page.evaluate(PICTURE) != page.evaluate(blank % (width, height))


def test_a_term_is_found_shown_and_opened(reader: Reader) -> None:
    page = opened(reader)
    still = picture(page)
    field = page.get_by_label("Find a term on the map")
    field.fill("ENTROP")
    expect(page.locator("#_list")).to_have_text("Found")
    first = page.locator(".panel ol a").first
    expect(first).to_have_text("Entropy")
    expect(first).to_have_class(re.compile(r"\bon\b"))
    assert picture(page) != still
    field.fill("qqqq")
    expect(page.locator("#_list")).to_have_text("No term matches.")
    field.fill("")
    expect(page.locator("#_list")).to_have_text("Most linked")
    assert page.locator(".panel ol a").count() == 12
    field.fill("entropy")
    field.press("Enter")
    page.wait_for_url("**/terms/entropy/")


def test_a_topic_stands_alone(reader: Reader) -> None:
    page = opened(reader)
    still = picture(page)
    button = page.locator(".legend button").first
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    count = int(button.locator("small").inner_text())
    expect(page.locator(".panel ol a")).to_have_count(min(count, 12))
    assert picture(page) != still
    button.click()
    page.mouse.move(5, 5)
    assert picture(page) == still


def test_what_hovers_lights_up_and_a_click_opens_it(reader: Reader) -> None:
    page = opened(reader)
    still = picture(page)
    x, y = over_a_term(page)
    assert picture(page) != still
    page.mouse.click(x, y)
    page.wait_for_url(TERMS)


def test_only_what_is_pressed_to_open_opens(reader: Reader) -> None:
    page = opened(reader)
    address = page.url
    x, y = over_a_term(page)
    page.mouse.click(x, y, button="right")
    page.wait_for_timeout(200)
    assert page.url == address, "a right click asks for a menu"
    with page.context.expect_page() as other:
        page.mouse.click(x, y, button="middle")
    other.value.wait_for_url(TERMS)
    assert page.url == address


def test_a_finger_that_was_lifted_over_a_menu_drags_nothing(reader: Reader) -> None:
    page = opened(reader)
    still = picture(page)
    x, y = over_a_term(page)
    # The menu has swallowed that the button was let go.
    page.evaluate(
        "([clientX, clientY]) => document.querySelector('canvas').dispatchEvent(new PointerEvent('pointerdown',"
        " { pointerId: 1, pointerType: 'mouse', button: 0, buttons: 1, clientX, clientY, bubbles: true }))",
        [x, y],
    )
    page.mouse.move(x + 60, y + 30, steps=3)
    page.mouse.move(5, 5)
    assert picture(page) == still


def test_dragging_and_the_wheel_move_the_map_and_open_nothing(reader: Reader) -> None:
    page = opened(reader)
    address = page.url
    still = picture(page)
    x, y = over_a_term(page)
    page.mouse.down()
    page.mouse.move(x + 90, y + 40, steps=4)
    page.mouse.up()
    page.mouse.move(5, 5)
    moved = picture(page)
    assert moved != still
    page.mouse.move(x, y)
    page.mouse.wheel(0, -300)
    page.mouse.move(5, 5)
    assert picture(page) != moved
    page.get_by_role("button", name="The whole map").click()
    assert picture(page) == still
    assert page.url == address


def test_keys_move_it_and_the_list_leads_to_terms(reader: Reader) -> None:
    page = opened(reader)
    still = picture(page)
    canvas = page.locator("canvas")
    canvas.focus()
    seen = {still}
    for key in ("ArrowLeft", "ArrowUp", "+", "+", "-"):
        page.keyboard.press(key)
        seen.add(picture(page))
    assert len(seen) >= 5
    page.keyboard.press("0")
    assert picture(page) == still
    page.get_by_label("Find a term on the map").focus()
    while page.evaluate("!document.activeElement.matches('.panel ol a')"):
        page.keyboard.press("Tab")
    assert picture(page) != still, "the term in focus lights up"
    page.keyboard.press("Enter")
    page.wait_for_url(TERMS)


def test_a_touch_shows_a_term_and_a_second_opens_it(reader: Reader) -> None:
    page = opened(reader, width=390, has_touch=True)
    x, y = over_a_term(page)
    page.mouse.move(5, 5)
    page.touchscreen.tap(x, y)
    expect(page.locator("#_list")).to_contain_text("Around")
    address = page.url
    page.wait_for_timeout(100)
    assert page.url == address
    page.touchscreen.tap(x, y)
    page.wait_for_url(TERMS)


def test_an_address_can_name_a_term(reader: Reader) -> None:
    page = reader.open("graph/#terms/entropy/")
    page.locator("canvas[data-ready]").wait_for()
    named = picture(page)
    other = opened(reader)
    assert picture(other) != named
    other.get_by_label("Find a term on the map").fill("Entropy")
    expect(other.locator(".panel ol a").first).to_have_text("Entropy")
    assert picture(other) == named, "it is in sight as one that is found is"


@pytest.mark.parametrize("anchor", ["%E0%A4%A", "terms/nobody/", "_main"])
def test_an_anchor_that_names_no_term_is_in_nobodys_way(reader: Reader, anchor: str) -> None:
    page = reader.open(f"graph/#{anchor}")
    page.locator("canvas[data-ready]").wait_for()
    assert page.locator(".panel ol a").count() == 12


def test_the_colours_follow_the_theme(reader: Reader) -> None:
    page = opened(reader)
    light = picture(page)
    page.emulate_media(color_scheme="dark")
    assert picture(page) != light
    page.emulate_media(color_scheme="light")
    assert picture(page) == light


def test_without_script_the_map_is_a_picture_of_links(reader: Reader) -> None:
    page = reader.open("graph/", java_script_enabled=False)
    assert page.locator("canvas").is_hidden()
    links = page.locator("noscript svg a")
    assert links.count() > 50
    page.locator("noscript svg a", has_text="Kullback").click()
    page.wait_for_url("**/terms/kullback-leibler-divergence/")

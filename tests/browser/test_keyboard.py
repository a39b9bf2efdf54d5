"""Walks by keyboard alone, through everything that a reader can do: the focus goes where it should, and comes back.

What one key does in the palette, on a card or on the map is looked at in their own tests; here somebody walks from
one thing to the next and never touches a pointer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

TERM = "terms/low-rank-adaptation/"
HERE = """() => {
  const one = document.activeElement
  return (one.getAttribute("aria-label") || one.textContent || one.placeholder || one.id || one.tagName).trim().replace(/\\s+/g, " ")
}"""


def here(page: Page) -> str:
    """What has the focus, by its name."""
    return str(page.evaluate(HERE))


def walk_to(page: Page, one: Locator, *, key: str = "Tab", most: int = 80) -> list[str]:
    """Press the key until something has the focus; tell what had it on the way."""
    way: list[str] = []
    for _ in range(most):
        page.keyboard.press(key)
        if one.evaluate("one => one === document.activeElement"):
            return way
        way.append(here(page))
    raise AssertionError(way)


def link_to(page: Page, slug: str) -> Locator:
    return page.locator(f'article p a.t[href$="/{slug}/"]').first


def step_in(reader: Reader, page: Page) -> None:
    """Go into the card of the link in focus."""
    before = page.locator(".peek").count()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".peek")).to_have_count(before + 1)
    reader.until(
        page,
        "before => document.activeElement.closest('.peek') === [...document.querySelectorAll('.peek')][before]",
        before,
    )


# ------------------------------------------------------------------------------------------------ the way through a page


def test_the_first_stop_leads_past_the_masthead(reader: Reader) -> None:
    page = reader.open(TERM)
    page.keyboard.press("Tab")
    assert here(page) == "Skip to content"
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('main'))")
    assert here(page) == "Fine-tuning"


def test_the_stops_come_in_the_order_of_reading(reader: Reader) -> None:
    page = reader.open(TERM)
    stops: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        stops.append(here(page))
        assert page.evaluate(
            "document.activeElement.checkVisibility({ opacityProperty: true, visibilityProperty: true })"
        )
        page.keyboard.press("Escape")  # a card would be the next stop
    expected = [
        *("Skip to content", "Grimoire", "Index", "Topics", "Graph", "Search termsSearch/"),
        *(
            "Colour theme: automatic",
            "Fine-tuning",
            "Copy TeX of equation 1",
            "Hu et al. (2021)",
            "transformers",
            "Note 1",
        ),
        *("Parameter-efficient fine-tuning", "of all pages", "Markdown source", "Cite", "A", "References"),
        *("Keyboard shortcuts", "Theme: automatic"),
    ]
    places: list[int] = []
    for name in expected:
        start = places[-1] + 1 if places else 0
        assert name in stops[start:], (name, stops)
        places.append(stops.index(name, start))
    assert stops[-1] == "Theme: automatic"


def test_before_and_after_in_the_alphabet(reader: Reader) -> None:
    page = reader.open("terms/entropy/")
    following = page.locator(".turn [rel=next]").get_attribute("href")
    with page.expect_navigation():
        page.keyboard.press("]")
    assert following
    assert page.url.endswith(following.removeprefix("../../"))
    with page.expect_navigation():
        page.keyboard.press("[")
    assert page.url.endswith("terms/entropy/")
    walk_to(page, page.locator(".turn [rel=prev]"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert not page.url.endswith("terms/entropy/")


def test_the_thumb_index_leads_to_a_letter(reader: Reader) -> None:
    page = reader.open(TERM)
    letters = page.locator(".thumb a")
    assert page.locator(".thumb [aria-current]").inner_text() == "L"
    walk_to(page, letters.first, key="Shift+Tab")
    walk_to(page, letters.nth(4))
    letter = letters.nth(4).inner_text()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(f"#{letter}")
    expect(page.locator(f"section#{letter} h2")).to_be_in_viewport()


# ------------------------------------------------------------------------------------------------ search


def test_a_search_from_the_first_key_to_the_page(reader: Reader) -> None:
    page = reader.open(TERM)
    page.keyboard.press("/")
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    page.keyboard.type("cross entropy")
    chosen = page.locator("[role=option][aria-selected=true] b")
    expect(chosen).to_have_text("Cross-entropy")
    page.keyboard.press("Enter")
    page.wait_for_url("**/terms/cross-entropy/")
    page.keyboard.press("Alt+ArrowLeft")
    page.go_back()
    page.wait_for_url("**/" + TERM)


def test_the_palette_keeps_the_focus_and_gives_it_back(reader: Reader) -> None:
    page = reader.open(TERM)
    link = link_to(page, "transformer")
    link.focus()
    page.keyboard.press("Control+k")
    page.get_by_role("option").first.wait_for()
    stops = set()
    for _ in range(5):
        page.keyboard.press("Tab")
        stops.add(page.evaluate("document.activeElement.closest('main, .mast, .foot')?.className ?? ''"))
    assert stops == {""}, "nothing behind the palette can be reached"
    page.get_by_role("button", name="search").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(link).to_be_focused()


def test_pages_of_results_and_their_end(reader: Reader) -> None:
    page = reader.open(TERM)
    page.keyboard.press("/")
    page.keyboard.type("a")
    rows = page.get_by_role("option")
    rows.nth(11).wait_for()
    ids = [row.get_attribute("id") for row in rows.all()]
    field = page.get_by_role("combobox")
    for key, place in (
        ("PageDown", 6),
        ("PageDown", 11),
        ("PageDown", 11),
        ("PageUp", 5),
        ("PageUp", 0),
        ("ArrowUp", 11),
        ("ArrowDown", 0),
    ):
        page.keyboard.press(key)
        assert field.get_attribute("aria-activedescendant") == ids[place]
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.keyboard.type("b")
    assert field.input_value() == "b", "the field is a field"


def test_what_an_input_method_composes_is_not_a_key(reader: Reader) -> None:
    page = reader.open(TERM)
    page.keyboard.press("/")
    page.get_by_role("option").first.wait_for()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "entro", "selectionStart": 5, "selectionEnd": 5})
    field, chosen = page.get_by_role("combobox"), page.locator("[role=option][aria-selected=true]")
    page.get_by_role("option", name="Entropy", exact=False).first.wait_for()
    row = chosen.get_attribute("id")
    for init in (
        "{ key: 'ArrowDown', isComposing: true }",
        "{ key: 'ArrowDown', keyCode: 229 }",
        "{ key: 'Enter', isComposing: true }",
        "{ key: 'k', ctrlKey: true, isComposing: true }",
    ):
        prevented = field.evaluate(
            f"one => !one.dispatchEvent(new KeyboardEvent('keydown', {{ bubbles: true, cancelable: true, ...{init} }}))"
        )
        assert not prevented, init
    assert chosen.get_attribute("id") == row
    expect(page.get_by_role("dialog")).to_be_visible()
    session.send("Input.insertText", {"text": "entropy"})
    expect(field).to_have_value("entropy")
    page.keyboard.press("Enter")
    page.wait_for_url("**/terms/entropy/")


def test_the_search_page(reader: Reader) -> None:
    page = reader.open("search/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("surprise")
    first = page.locator(".hits a").first
    expect(first.locator("b")).to_have_text("Surprise")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=surprise")
    walk_to(page, first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/terms/surprise/")


def test_from_a_wrong_address_to_the_term(reader: Reader) -> None:
    page = reader.open("terms/entorpy/", missing=True)
    first = page.locator("[data-nearest] a").first
    first.wait_for()
    walk_to(page, first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/terms/entropy/")


# ------------------------------------------------------------------------------------------------ cards, pages beside


def test_cards_nest_three_deep_and_close_one_by_one(sampler_reader: Reader) -> None:
    page = sampler_reader.open("terms/everything/")
    links = [link_to(page, "nothing")]
    links[0].focus()
    step_in(sampler_reader, page)
    for deep, slug in ((0, "something"), (1, "nothing")):
        link = page.locator(".peek").nth(deep).locator(f':scope > .in p a.t[href$="/{slug}/"]').first
        walk_to(page, link)
        links.append(link)
        step_in(sampler_reader, page)
    fourth = page.locator(".peek .peek .peek p a.t").first
    walk_to(page, fourth)
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_timeout(700)
    expect(page.locator(".peek")).to_have_count(3)
    for link in reversed(links):
        assert link.get_attribute("aria-expanded") == "true"
        page.keyboard.press("Escape")
        expect(link).to_be_focused()
        assert link.get_attribute("aria-expanded") is None
    expect(page.locator(".peek")).to_have_count(0)


def test_the_way_out_of_a_card_goes_on_in_the_text(reader: Reader) -> None:
    page = reader.open(TERM)
    link = link_to(page, "transformer")
    link.focus()
    step_in(reader, page)
    walk_to(page, page.get_by_role("button", name="Open beside"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.peek') === null")
    expect(page.locator(".peek")).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    expect(link).to_be_focused()


def test_a_page_is_opened_beside_from_a_card_and_gives_the_focus_back(reader: Reader) -> None:
    page = reader.open(TERM)
    link = link_to(page, "transformer")
    link.focus()
    step_in(reader, page)
    walk_to(page, page.get_by_role("button", name="Open beside"))
    page.keyboard.press("Enter")
    beside = page.get_by_role("region", name="Transformer")
    expect(beside).to_be_focused()
    inner = beside.locator("p a.t").first
    inner.focus()
    step_in(reader, page)
    page.keyboard.press("Escape")
    expect(inner).to_be_focused()
    expect(beside).to_be_visible()
    page.keyboard.press("Escape")
    expect(beside).to_have_count(0)
    expect(link).to_be_focused()


def test_of_two_pages_beside_the_last_closes_first(reader: Reader) -> None:
    page = reader.open(TERM)
    for name in ("surprise", "perplexity"):
        page.keyboard.press("/")
        page.keyboard.type(name)
        page.locator("[role=option][aria-selected=true] b", has_text=name.capitalize()).wait_for()
        page.keyboard.press("Control+Alt+Enter")
        expect(page.get_by_role("region", name=name.capitalize())).to_be_focused()
    assert page.url.endswith("?beside=surprise,perplexity")
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Surprise")).to_be_focused()
    button = page.get_by_role("button", name="Close Surprise")
    walk_to(page, button)
    page.keyboard.press("Enter")
    expect(page.locator("#stack")).to_have_count(0)
    assert page.url == reader.site.address + TERM


def test_back_and_forward_bring_the_pages_beside_again(reader: Reader) -> None:
    page = reader.open(TERM)
    link_to(page, "transformer").click(modifiers=["ControlOrMeta", "Alt"])
    beside = page.locator("#stack h1")
    expect(beside).to_have_text("Transformer")
    with page.expect_navigation():
        page.keyboard.press("]")
    following = page.url
    expect(page.locator("#stack")).to_have_count(0)
    page.go_back()
    expect(beside).to_have_text("Transformer")
    assert page.url == reader.site.address + TERM + "?beside=transformer"
    page.go_forward()
    assert page.url == following
    expect(page.locator("#stack")).to_have_count(0)
    page.go_back()
    expect(beside).to_have_text("Transformer")


# ------------------------------------------------------------------------------------------------ notes, formulas, citing


@pytest.mark.parametrize("width", [1280, 390])
def test_a_note_opens_at_its_sign(reader: Reader, width: int) -> None:
    page = reader.open(TERM, width=width)
    sign, note = page.get_by_role("button", name="Note 1"), page.locator(".sn")
    walk_to(page, sign)
    page.keyboard.press("Enter")
    assert note.evaluate("one => one.matches(':popover-open')")
    expect(note).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('.sn'))"), "its links are next"
    page.keyboard.press("Escape")
    assert not note.evaluate("one => one.matches(':popover-open')")
    expect(sign).to_be_focused()


def test_a_formula_is_copied_and_that_is_said(reader: Reader) -> None:
    page = reader.open(TERM, permissions=["clipboard-read", "clipboard-write"])
    button = page.locator(".eq").first.get_by_role("button")
    walk_to(page, button)
    page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    expect(page.locator("body > [role=status]")).to_have_text("Copied")
    expect(button).to_be_focused()
    assert r"\mathbf{W}'" in page.evaluate("navigator.clipboard.readText()")


def test_a_long_formula_is_scrolled(reader: Reader) -> None:
    page = reader.open(TERM, width=390)
    box = page.locator(".eq > .scroll").first
    expect(box).to_have_attribute("tabindex", "0")
    walk_to(page, box)
    assert box.get_attribute("aria-label") == "Scrollable"
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    reader.until(page, "document.activeElement.scrollLeft > 50")


def test_an_entry_is_cited(reader: Reader) -> None:
    page = reader.open(TERM, permissions=["clipboard-read", "clipboard-write"])
    summary = page.locator(".colophon summary")
    walk_to(page, summary)
    page.keyboard.press("Enter")
    copy = page.locator(".colophon").get_by_role("button", name="Copy")
    walk_to(page, copy, most=3)
    page.keyboard.press("Space")
    expect(page.locator("body > [role=status]")).to_have_text("Copied")
    assert "title = {{Low-rank adaptation}}" in page.evaluate("navigator.clipboard.readText()")
    summary.focus()
    page.keyboard.press("Enter")
    expect(copy).to_be_hidden()


def test_more_pages_that_use_a_term_unfold(reader: Reader) -> None:
    page = reader.open("terms/transformer/")
    summary = page.locator(".app > details > summary")
    last = page.locator(".app > details .used a").last
    expect(last).to_be_hidden()
    walk_to(page, summary)
    page.keyboard.press("Space")
    expect(last).to_be_visible()


# ------------------------------------------------------------------------------------------------ help, colours


def test_the_help_is_opened_read_and_left(reader: Reader) -> None:
    page = reader.open(TERM)
    link = link_to(page, "transformer")
    link.focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    assert dialog.locator("tr").count() == 11
    for key in ("/", "]", "?"):
        page.keyboard.press(key)  # what stands behind it hears no key
    assert page.get_by_role("dialog").count() == 1
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


def test_single_keys_are_switched_off_and_on_again(reader: Reader) -> None:
    page = reader.open("terms/entropy/")
    page.keyboard.press("?")
    box = page.get_by_label("Shortcuts of a single key")
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    expect(box).not_to_be_checked()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    address = page.url
    for key in ("[", "]", "/", "?"):
        page.keyboard.press(key)
    assert page.url == address
    assert page.get_by_role("dialog").count() == 0
    opener = page.get_by_role("button", name="Keyboard shortcuts")
    walk_to(page, opener, key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("]")


def test_the_colours_are_changed_and_that_is_named(reader: Reader) -> None:
    page = reader.open()
    button = page.locator(".mast [data-themer]")
    walk_to(page, button)
    names = []
    for key in ("Enter", "Space", "Enter"):
        page.keyboard.press(key)
        names.append(here(page))
        assert (
            page.evaluate("document.documentElement.dataset.theme ?? 'automatic'")
            == names[-1].rpartition(" ")[2]
        )
    assert names == ["Colour theme: light", "Colour theme: dark", "Colour theme: automatic"]


# ------------------------------------------------------------------------------------------------ the lists


def test_the_index_is_filtered(reader: Reader) -> None:
    page = reader.open()
    field, count = page.get_by_label("Filter terms"), page.locator("#n")
    shown = page.locator("li[data-k]:visible")
    total = shown.count()
    walk_to(page, field)
    page.keyboard.type("cross")
    some = shown.count()
    assert some < total
    expect(count).to_have_text(f"Showing {some} of {total} terms")
    walk_to(page, page.get_by_label("Show definitions"))
    page.keyboard.press("Space")
    expect(page.locator("li[data-k]:visible p").first).to_be_visible()
    page.keyboard.press("Space")
    expect(page.locator("li[data-k] p").first).to_be_hidden()
    chip = page.locator(".chips button", has_text="Statistics")
    walk_to(page, chip)
    page.keyboard.press("Space")
    expect(chip).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    expect(chip).to_have_attribute("aria-pressed", "false")
    first = shown.locator("a").first
    address = str(first.get_attribute("href"))
    walk_to(page, first)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{address}")
    page.go_back()
    expect(count).to_have_text(f"Showing {some} of {total} terms")


def test_a_filter_that_finds_nothing_is_cleared(reader: Reader) -> None:
    page = reader.open()
    field = page.get_by_label("Filter terms")
    whole = page.locator("#n").inner_text()
    walk_to(page, field)
    page.keyboard.type("qqqq")
    clear = page.get_by_role("button", name="Clear the filter")
    walk_to(page, clear)
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    expect(page.locator("#n")).to_have_text(whole)


def test_the_topics_are_narrowed_and_put_in_order(reader: Reader) -> None:
    page = reader.open("topics/")
    total = page.locator("li[data-k]").count()
    orders = page.get_by_role("group", name="Order").get_by_role("button")
    walk_to(page, orders.nth(1))
    page.keyboard.press("Enter")
    assert [one.get_attribute("aria-pressed") for one in orders.all()] == ["false", "true"]
    names = page.locator("li[data-k] > a").all_text_contents()
    assert names[0] == page.evaluate("names => names.sort(new Intl.Collator('en').compare)[0]", names)
    for name in ("Statistics", "Information theory"):
        chip = page.locator(".chips button", has_text=name)
        walk_to(page, chip, most=20)
        page.keyboard.press("Space")
        expect(chip).to_have_attribute("aria-pressed", "true")
    shown = page.locator("li[data-k]:visible")
    expect(page.locator("#n")).to_have_text(f"Showing {shown.count()} of {total} topics")
    page.wait_for_url("**topic=statistics,information-theory")
    walk_to(page, shown.locator("a").first, most=20)
    page.keyboard.press("Enter")
    page.wait_for_url("**/terms/*/")
    page.go_back()
    expect(page.locator(".chips [aria-pressed=true]")).to_have_count(2)


# ------------------------------------------------------------------------------------------------ the map


def test_a_term_is_found_on_the_map(reader: Reader) -> None:
    page = reader.open("graph/")
    page.locator("canvas[data-ready]").wait_for()
    field, told = page.get_by_label("Find a term on the map"), page.locator("#_list")
    walk_to(page, field)
    page.keyboard.type("perplex")
    expect(told).to_have_text("Found")
    assert told.get_attribute("role") == "status"
    topic = page.locator(".legend button").first
    walk_to(page, topic, most=3)
    page.keyboard.press("Space")
    expect(topic).to_have_attribute("aria-pressed", "true")
    expect(told).to_have_text("No term matches.")
    page.keyboard.press("Space")
    expect(told).to_have_text("Found")
    walk_to(page, page.locator(".panel ol a").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/terms/perplexity/")


def test_the_map_is_made_larger_by_its_buttons(reader: Reader) -> None:
    page = reader.open("graph/")
    page.locator("canvas[data-ready]").wait_for()
    reader.rest(page)
    picture = "document.querySelector('canvas').toDataURL()"
    still = page.evaluate(picture)
    seen = {still}
    for name in ("Larger", "Smaller", "The whole map"):
        walk_to(page, page.get_by_role("button", name=name))
        page.keyboard.press("Enter")
        page.keyboard.press("Space")
        reader.rest(page)
        seen.add(page.evaluate(picture))
    assert page.evaluate(picture) == still
    assert len(seen) >= 2


# ------------------------------------------------------------------------------------------------ motion


@pytest.mark.parametrize("path", [TERM, "", "graph/"])
def test_nothing_moves_of_itself_where_that_is_asked_for(reader: Reader, path: str) -> None:
    page = reader.open(path, reduced_motion="reduce")
    page.evaluate(
        "window.moved = 0; for (const kind of ['animationstart', 'transitionstart']) addEventListener(kind, () => moved++, true)"
    )
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Escape")
    if path == TERM:
        link_to(page, "transformer").focus()
        step_in(reader, page)
    assert page.evaluate("window.moved + document.getAnimations().length") == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"

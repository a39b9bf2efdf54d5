"""Colours that the reader's system forces upon the page: what has the focus, is chosen or is marked still shows.

Backgrounds and shadows are gone then, and every colour is one of a few; what is told by colour alone is lost.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any, Literal

import pytest
from playwright.sync_api import expect
from tests.browser.test_axe import STATES, answered

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

TERM = "terms/low-rank-adaptation/"
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def opened(reader: Reader, path: str = "", scheme: Scheme = "dark") -> Page:
    page = reader.open(path, scheme=scheme, forced_colors="active", missing=path.startswith("no/"))
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    return page


def style(one: Locator, name: str) -> str:
    return str(one.evaluate("(one, name) => getComputedStyle(one)[name]", name))


def system(page: Page, name: str) -> str:
    """A colour of the system as the page sees it."""
    return str(
        page.evaluate(
            """name => {
              const probe = document.body.appendChild(document.createElement("i"))
              probe.style.setProperty("forced-color-adjust", "none")
              probe.style.color = name
              const colour = getComputedStyle(probe).color
              probe.remove()
              return colour
            }""",
            name,
        )
    )


CONTRAST = """async picture => {
  const image = new Image()
  image.src = "data:image/png;base64," + picture
  await image.decode()
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height }), c = canvas.getContext("2d")
  c.drawImage(image, 0, 0)
  const { data } = c.getImageData(0, 0, canvas.width, canvas.height), counts = new Map()
  for (let i = 0; i < data.length; i += 4) {
    const colour = data.slice(i, i + 3).join()
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const linear = v => v <= 10 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4
  const luminance = colour => { const [r, g, b] = colour.split(","); return .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b) }
  const ground = luminance([...counts].sort(([, a], [, b]) => b - a)[0][0])
  return Math.max(...[...counts.keys()].map(luminance).map(ink => (Math.max(ink, ground) + .05) / (Math.min(ink, ground) + .05)))
}"""

TEXTS = {
    "term": [
        ".where a",
        "h1",
        ".also b",
        ".eq .tex",
        ".note .lbl",
        ".used mark",
        "button.fn",
        ".sn",
        ".near text.me",
        ".near a text",
    ],
    "topics filtered": [
        ".chips button",
        ".chips [aria-pressed=true]",
        ".order [aria-pressed=true]",
        "#n",
        ".letter p",
    ],
    "search with results": [".seek button", ".hits mark", ".hits .g", ".hits .via"],
    "palette with results": ["[aria-selected=true] mark", "[role=option] .g", ".foot2 kbd", ".st"],
    "missing": [".hits b", ".az a"],
    "card": [".peek .hd", ".peek .al", ".peek .ft a", ".peek .ft button"],
    "beside": ["#stack .iconbtn", "#stack h1"],
    "references unfolded": [".refs .by", ".refs .code figcaption span", ".refs summary"],
}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("state", TEXTS)
def test_every_text_can_be_read(reader: Reader, state: str, scheme: Scheme) -> None:
    """As it is painted: what a browser says of a style are the colours from before they were forced."""
    path, reach = STATES[state]
    page = opened(reader, path, scheme)
    reach(page)
    if state == "topics filtered":
        page.locator(".chips button", has_text="Information theory").click()
    reader.rest(page)
    blank = page.context.new_page()  # no policy forbids it to look at pictures
    faint = {}
    for selector in TEXTS[state]:
        picture = b64encode(page.locator(selector).locator("visible=true").first.screenshot()).decode()
        if (contrast := blank.evaluate(CONTRAST, picture)) < 4.5:
            faint[selector] = contrast
    assert faint == {}


@pytest.mark.parametrize("path", ["", TERM, "graph/", "search/?q=entropy"])
def test_the_focus_shows_wherever_it_goes(reader: Reader, path: str) -> None:
    page = opened(reader, path)
    if path == "graph/":
        page.locator("canvas[data-ready]").wait_for()
    if "?q=" in path:
        answered(page)
    reader.rest(page)
    hidden, stops = [], set()
    for _ in range(60):
        page.keyboard.press("Tab")
        name, shows = page.evaluate("""() => {
          const one = document.activeElement, { outlineStyle, outlineWidth } = getComputedStyle(one)
          return [`${one.tagName} ${one.textContent.trim().slice(0, 30)}`, outlineStyle !== "none" && parseFloat(outlineWidth) >= 1]
        }""")
        stops.add(name)
        if not shows and not name.startswith("BODY"):
            hidden.append(name)
    assert hidden == []
    assert len(stops) > 10


def test_the_chosen_row_and_what_was_typed_show(reader: Reader) -> None:
    page = opened(reader)
    page.keyboard.press("/")
    page.get_by_role("combobox").fill("entropy")
    rows = page.get_by_role("option")
    reader.until(
        page, "document.querySelectorAll('[role=option]').length === 12"
    )  # the texts have answered, too
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    assert [style(row, "outlineStyle") for row in rows.all()[:3]] == ["none", "solid", "none"]
    mark = rows.first.locator("mark").first
    assert style(mark, "backgroundColor") == system(page, "Mark")
    assert style(mark, "color") == system(page, "MarkText")


def test_the_mark_in_an_excerpt_shows(reader: Reader) -> None:
    page = opened(reader, TERM)
    mark = page.locator(".used mark").first
    assert style(mark, "backgroundColor") == system(page, "Mark")


def test_what_is_pressed_or_current_shows(reader: Reader) -> None:
    page = opened(reader, "topics/")
    chips, orders, ways = (
        page.locator(".chips button"),
        page.locator(".order button"),
        page.locator(".mast nav:not(.tongues) a"),
    )
    chips.nth(1).click()
    page.mouse.move(2, 2)
    page.locator("h1").click()  # the focus is elsewhere
    assert [style(one, "outlineStyle") for one in chips.all()[:3]] == ["none", "solid", "none"]
    assert [style(one, "outlineStyle") for one in orders.all()] == ["solid", "none"]
    assert [style(one, "borderBottomStyle") for one in ways.all()] == ["none", "solid", "none"]
    page.goto(reader.site.address + TERM)
    current = page.locator(".thumb [aria-current]")
    assert style(current, "outlineStyle") == "solid"
    assert style(page.locator(".thumb a:not([aria-current])").first, "outlineStyle") == "none"
    page.goto(reader.site.address + "graph/")
    topics = page.locator(".legend button")
    topics.nth(1).click()
    page.locator("h1").click()
    assert [style(one, "outlineStyle") for one in topics.all()[:3]] == ["none", "solid", "none"]
    dots = {style(one, "backgroundColor") for one in page.locator(".legend i").all()}
    assert len(dots) == topics.count()


@pytest.mark.parametrize(
    ("state", "box"),
    [
        ("palette", "dialog"),
        ("shortcuts", "dialog"),
        ("card", ".peek"),
        ("sidenote", ".sn"),
        ("beside", "#stack"),
    ],
)
def test_what_opens_has_an_edge(reader: Reader, state: str, box: str) -> None:
    path, reach = STATES[state]
    page = opened(reader, path)
    reach(page)
    one = page.locator(box).first
    assert style(one, "borderLeftStyle") == "solid"
    assert style(one, "borderLeftColor") != style(one, "backgroundColor")
    assert style(page.locator("body"), "backgroundColor") == system(page, "Canvas")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_neighbourhood_shows(reader: Reader, scheme: Scheme) -> None:
    page = opened(reader, TERM, scheme)
    text, link, ground = (system(page, name) for name in ("CanvasText", "LinkText", "Canvas"))
    assert style(page.locator(".near text.me"), "fill") == text
    assert style(page.locator(".near a text").first, "fill") == text
    assert style(page.locator(".near .ray").first, "stroke") == text
    assert style(page.locator(".near .arc").first, "stroke") == link
    assert style(page.locator(".near .dot.o").first, "fill") == link
    keys = page.locator(".near .key i")
    assert [style(one, "backgroundColor") for one in keys.all()] == [link, "rgba(0, 0, 0, 0)"]
    assert ground not in {text, link}


DRAWN = """() => {
  const canvas = document.querySelector("canvas"), { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
  const counts = {}
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) {
    const name = `rgb(${data[i]}, ${data[i + 1]}, ${data[i + 2]})`
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}"""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_map_shows(reader: Reader, scheme: Scheme) -> None:
    page = opened(reader, "graph/", scheme)
    page.locator("canvas[data-ready]").wait_for()
    page.get_by_label("Find a term on the map").fill("entropy")
    reader.rest(page)
    drawn: dict[str, Any] = page.evaluate(DRAWN)
    for name in ("Canvas", "CanvasText", "LinkText"):  # around names, the names, what was found
        assert drawn.get(system(page, name), 0) > 20, name
    dots = {style(one, "backgroundColor") for one in page.locator(".legend i").all()}
    assert dots & set(drawn)


def test_it_follows_when_colours_are_forced_while_the_map_is_open(reader: Reader) -> None:
    page = reader.open("graph/")
    page.locator("canvas[data-ready]").wait_for()
    ink = style(page.locator("body"), "color")
    page.emulate_media(forced_colors="active")
    reader.rest(page)
    drawn = page.evaluate(DRAWN)
    assert drawn.get(ink, 0) == 0
    assert drawn.get(system(page, "CanvasText"), 0) > 100


def test_a_diagram_takes_the_colours_of_the_system(sampler_reader: Reader) -> None:
    page = opened(sampler_reader, "terms/everything/", "dark")
    box, words = page.locator(".diagram rect").first, page.locator(".diagram text").first
    assert style(box, "fill") == system(page, "Canvas")
    assert style(box, "stroke") == style(words, "fill") == system(page, "CanvasText")

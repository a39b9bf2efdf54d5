"""Large text and small windows: nothing is lost, and nothing but what is wide by nature scrolls sideways.

A window of 1280 by 1024 pixels at 400 % is one of 320 by 256 (WCAG 1.4.10); text alone may be set twice as large
(1.4.4), and with more room between lines, words and letters (1.4.12).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Reader
from tests.browser.test_axe import SAMPLES, STATES

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page, ViewportSize

pytestmark = pytest.mark.browser

TERM = "terms/low-rank-adaptation/"
SMALL: ViewportSize = {"width": 320, "height": 256}

LOST = r"""() => {
  const WIDE = ".eq > .scroll, .display, .tbl, .code pre, .diagram > .scroll"  // may scroll sideways
  const SHORT = ".opt .g, .opt .via, .near text"  // ends in dots; the page that it leads to has it whole
  const SPOKEN = ".vh, .katex-mathml, .skip, [inert], noscript"  // not for the eye, or not yet
  const isSpoken = own => own.closest(SPOKEN) || getComputedStyle(own).clipPath === "inset(50%)"
  const found = new Set(), say = (what, node) => found.add(`${what}: ${node.textContent.trim().slice(0, 40)}`)
  const page = document.documentElement
  if (page.scrollWidth > innerWidth) found.add(`the page scrolls sideways by ${page.scrollWidth - innerWidth}`)
  const lines = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  while (walker.nextNode()) {
    const node = walker.currentNode, own = node.parentElement
    if (!node.data.trim() || isSpoken(own) || own.closest(SHORT) || !own.checkVisibility({ visibilityProperty: true })) continue
    range.selectNodeContents(node)
    const rect = range.getBoundingClientRect()
    if (!rect.width || !rect.height) continue
    let isFixed = false, isHeld = false
    for (let box = own; box && box !== document.body && !isHeld; box = box.parentElement) {
      const style = getComputedStyle(box), around = box.getBoundingClientRect()
      if (style.position === "fixed") isFixed = true
      for (const [way, from, to] of [["X", "left", "right"], ["Y", "top", "bottom"]]) {
        const how = style["overflow" + way], isOut = rect[from] < around[from] - 1.5 || rect[to] > around[to] + 1.5
        if (isOut && (how === "hidden" || how === "clip")) say(`cut off by ${box.className || box.tagName}`, node)
        if (how === "auto" || how === "scroll") {
          if (way === "Y" || box.matches(WIDE)) isHeld = true
          else if (box.scrollWidth > box.clientWidth + 1) say(`${box.className} scrolls sideways`, node)
        }
      }
      if (isFixed && !isHeld && style.position === "fixed" && (around.left < -1 || around.top < -1 || around.right > innerWidth + 1 || around.bottom > innerHeight + 1) && !box.matches(".thumb"))
        say("out of the window", node)
    }
    if (!isHeld && (rect.left < -1.5 || rect.right > innerWidth + 1.5)) say("beyond the edge", node)
    if (!own.closest(".katex, svg, math, pre, [popover], dialog, .thumb, .az, #stack")) for (const line of range.getClientRects()) lines.push([line, node])
  }
  const block = node => { let one = node.parentElement; while (getComputedStyle(one).display.startsWith("inline")) one = one.parentElement; return one }
  lines.sort(([a], [b]) => a.top - b.top)
  lines.forEach(([a, node], i) => {
    for (let j = i + 1; j < lines.length && lines[j][0].top < a.bottom; j++) {
      const [b, other] = lines[j]
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left), height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
      if (width > 2 && height > .3 * Math.min(a.height, b.height) && block(node) !== block(other)) say(`lies over "${other.textContent.trim().slice(0, 20)}"`, node)
    }
  })
  return [...found]
}"""

SPACED = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important } .katex, .katex * { line-height: revert-layer !important; letter-spacing: 0 !important; word-spacing: 0 !important }`)
  document.adoptedStyleSheets = [sheet]
}"""
"""What a reader may ask for. Within a formula blanks and heights are part of what it says."""
LARGE = "() => document.documentElement.style.setProperty('font-size', '200%')"
WAYS: tuple[tuple[str, ViewportSize, str], ...] = (
    ("zoomed", SMALL, "() => {}"),
    ("spaced", {"width": 320, "height": 640}, SPACED),
    ("large", {"width": 1280, "height": 800}, LARGE),
)


def lost(page: Page, reach: Callable[[Page], None]) -> dict[str, list[str]]:
    """Tell what is lost of a state of a page, in each of the three ways of enlarging it."""
    found = {}
    for way, size, prepare in WAYS:
        page.set_viewport_size(size)
        page.reload()
        page.evaluate(prepare)
        page.evaluate("document.fonts.ready")
        reach(page)
        Reader.rest(page)
        if problems := page.evaluate(LOST):
            found[way] = problems
    return found


@pytest.mark.parametrize("state", set(STATES) - {"beside"})
def test_nothing_is_lost(reader: Reader, state: str) -> None:
    path, reach = STATES[state]
    page = reader.open(path, width=320, missing=state == "missing")
    assert lost(page, reach) == {}


@pytest.mark.parametrize("state", SAMPLES)
def test_nothing_is_lost_in_the_sampler(sampler_reader: Reader, state: str) -> None:
    path, reach = SAMPLES[state]
    page = sampler_reader.open(path, width=320)
    assert lost(page, reach) == {}


@pytest.mark.parametrize("path", ["", "terms/אנטרופיה/", "topics/", "graph/", "changes/", "wanted/"])
def test_nothing_is_lost_from_right_to_left(rtl_reader: Reader, path: str) -> None:
    page = rtl_reader.open(path, width=320)
    assert lost(page, lambda _: None) == {}


@pytest.mark.parametrize("path", ["", "terms/everything/", "terms/nothing/", "e/"])
def test_nothing_is_lost_in_a_long_index(split_reader: Reader, path: str) -> None:
    page = split_reader.open(path, width=320)
    assert lost(page, lambda _: None) == {}


WRONGS = {
    "p:nth-of-type(2) { overflow: hidden; height: 1em }": "cut off by P: $",
    ".lead { position: relative; left: -30px }": "beyond the edge: $",
    ".lead { width: 400px; max-width: none }": "the page scrolls sideways by",
    ".lead { position: relative; top: 200px }": "lies over",
    ".where { position: fixed; top: -30px }": "out of the window: Fine-tuning",
    ".where { width: 60px; overflow-x: auto; white-space: nowrap; flex-wrap: nowrap }": "where scrolls sideways: Fine-tuning",
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_it_would_be_noticed(reader: Reader, wrong: str) -> None:
    page = reader.open(TERM, width=320)
    assert page.evaluate(LOST) == []
    page.evaluate(
        """rule => {
      const sheet = new CSSStyleSheet()
      sheet.replaceSync('main ' + rule)
      document.adoptedStyleSheets = [sheet]
    }""",
        wrong,
    )
    assert WRONGS[wrong].rstrip("$") in "\n".join(page.evaluate(LOST))


# ------------------------------------------------------------------------------------------------ at 400 %


def small(reader: Reader, path: str = TERM) -> Page:
    page = reader.open(path, width=320)
    page.set_viewport_size(SMALL)
    return page


def is_in_sight(one: Locator) -> bool:
    """Whether it is in the window, and nothing lies over it."""
    return bool(
        one.evaluate("""one => {
          const { left, right, top, bottom } = one.getBoundingClientRect()
          const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
          return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && (one.contains(seen) || seen?.contains(one))
        }""")
    )


def test_the_palette_can_be_used_at_400_percent(reader: Reader) -> None:
    page = small(reader)
    page.locator(".find").click()
    page.get_by_role("combobox").fill("a")
    page.get_by_role("option").nth(11).wait_for()
    for _ in range(11):
        page.keyboard.press("ArrowDown")
        assert is_in_sight(page.locator("[role=option][aria-selected=true]"))
    assert is_in_sight(page.get_by_role("combobox"))
    page.get_by_role("button", name="Cancel search").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_help_can_be_used_at_400_percent(reader: Reader) -> None:
    page = small(reader)
    page.keyboard.press("?")
    for control in (page.get_by_label("Shortcuts of a single key"), page.get_by_label("Cards at links")):
        control.focus()
        assert is_in_sight(control)
    page.keyboard.press("Tab")
    button = page.get_by_role("dialog").get_by_role("button", name="Close")
    expect(button).to_be_focused()
    assert is_in_sight(button)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_card_can_be_read_to_its_end_at_400_percent(reader: Reader) -> None:
    page = small(reader)
    page.locator('article p a.t[href$="/transformer/"]').first.focus()
    page.keyboard.press("Alt+ArrowDown")
    card = page.locator(".peek")
    reader.until(page, "document.activeElement.closest('.peek')")
    assert is_in_sight(card)
    ways = card.locator("a, button")
    for way in ways.all():
        way.focus()
        assert is_in_sight(way)
    ways.last.click()
    expect(card).to_have_count(0)


def test_a_note_can_be_read_to_its_end_at_400_percent(sampler_reader: Reader) -> None:
    page = small(sampler_reader, "terms/everything/")
    page.evaluate("""() => {
      const note = document.querySelector(".sn"), text = note.lastChild
      for (let i = 0; i < 30; i++) note.append(" The note goes on and on.")
    }""")
    page.locator("button.fn").first.click()
    note = page.locator(".sn").first
    assert is_in_sight(note)
    assert note.evaluate(
        "one => one.scrollHeight > one.clientHeight && getComputedStyle(one).overflowY === 'auto'"
    )
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()


def test_the_letters_do_not_stand_in_the_way_at_400_percent(reader: Reader) -> None:
    page = small(reader, "")
    page.get_by_role("navigation", name="Letters").get_by_role("link", name="S", exact=True).click()
    assert is_in_sight(page.locator("section#S h2"))
    assert is_in_sight(page.locator("section#S a").first)

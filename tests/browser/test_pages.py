"""Every kind of page in a window and on a phone, light and dark: nothing goes wrong, nothing sticks out.

What goes wrong is noted by the reader, and fails the test when it ends (see ``conftest.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

KINDS = {
    "home": "",
    "term": "terms/low-rank-adaptation/",
    "document": "sparse-autoencoders/",
    "note": "notes/reading-order/",
    "topics": "topics/",
    "topic": "topics/statistics/",
    "search": "search/?q=entropy",
    "references": "references/",
    "videos": "videos/",
    "wanted": "wanted/",
    "missing": "no/such/page/",
}
SAMPLES = {
    "everything": "terms/everything/",
    "redirect": "terms/nought/",
    "disambiguation": "terms/matter/",
    "right to left": "terms/אנטרופיה/",
    "wanted": "wanted/",
    "topic": "topics/samples/",
}

STICKS_OUT = """() => {
  const wide = document.documentElement.scrollWidth - innerWidth
  if (wide <= 0) return []
  return [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => `${e.tagName} ${e.className} by ${wide}`)
}"""


def look(page: Page) -> None:
    """See the page in each window and in both colours, loading it anew each time."""
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            page.reload()
            assert (width, scheme, page.evaluate(STICKS_OUT)) == (width, scheme, [])


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_goes_wrong(reader: Reader, kind: str) -> None:
    page = reader.open(KINDS[kind], missing=kind == "missing")
    look(page)
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1


@pytest.mark.parametrize("kind", SAMPLES)
def test_nothing_goes_wrong_in_the_sampler(sampler_reader: Reader, kind: str) -> None:
    look(sampler_reader.open(SAMPLES[kind]))


def test_what_is_unfolded_keeps_within_a_phone(reader: Reader) -> None:
    page = reader.open("terms/reinforcement-learning-from-human-feedback/", width=390)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate(STICKS_OUT) == []


def test_an_entry_in_another_direction_has_its_headword_so_too(sampler_reader: Reader) -> None:
    page = sampler_reader.open(SAMPLES["right to left"])
    sides = "getComputedStyle(document.querySelector('{}')).direction"
    assert [page.evaluate(sides.format(one)) for one in ("h1", "p.lead", "nav")] == ["rtl", "rtl", "ltr"]


SIDES = """one => {
  const range = document.createRange(), box = one.getBoundingClientRect()
  range.selectNodeContents(one)
  const text = range.getBoundingClientRect()
  return [Math.round(text.left - box.left), Math.round(box.right - text.right)]
}"""


def test_a_paragraph_in_another_script_has_its_own_direction(sampler_reader: Reader) -> None:
    """Nobody has said in which language it is: its letters do."""
    page = sampler_reader.open("terms/everything/")
    for element, words in (("p", "פסקה"), ("li", "פריט")):
        left, right = page.locator(element, has_text=words).evaluate(SIDES)
        assert left > 100
        assert right <= 1
    left, right = page.locator("p", has_text="The end.").evaluate(SIDES)
    assert (left, right > 100) == (0, True)


def test_the_reader_would_notice(reader: Reader) -> None:
    page = reader.open("search/")
    for wrong, noted in (
        ("document.body.setAttribute('style', 'color: red')", "policy: style-src-attr"),
        ("new Image().src = 'http://127.0.0.1:9/far.png'", "policy: img-src"),
        ("fetch('missing')", "answered 404"),
        ("setTimeout(() => { throw new Error('thrown') })", "script: "),
        ("console.warn('mind')", "console: mind"),
    ):
        page.evaluate(f"void ({wrong})")
        for _ in range(100):
            if any(one.startswith(noted) for one in reader.faults):
                break
            page.wait_for_timeout(20)
        assert any(one.startswith(noted) for one in reader.faults), noted
    reader.faults.clear()

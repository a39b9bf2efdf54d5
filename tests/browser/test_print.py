"""Paper: the text whole and nothing else, in light colours, notes below their lines, addresses to be read."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import pytest
from pypdf import PdfReader

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize
    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

TERM = "terms/low-rank-adaptation/"
A4 = (595, 842)
PAPER: ViewportSize = {"width": 643, "height": 971}
"""What is between the margins of a page, in the pixels of a style sheet."""


class Sheet(NamedTuple):
    """One printed page: its text, and where the pieces of it begin, in points from the lower left."""

    text: str
    size: tuple[int, int]
    starts: list[tuple[float, float]]


def printed(page: Page) -> list[Sheet]:
    """Print the page and read it again."""
    sheets = []
    for leaf in PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages:
        starts: list[tuple[float, float]] = []

        def note(
            text: str,
            cm: list[float],
            tm: list[float],
            *_: object,
            starts: list[tuple[float, float]] = starts,
        ) -> None:
            if text.strip():
                starts.append((tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]))

        text = leaf.extract_text(visitor_text=note)
        sheets.append(Sheet(text, (round(leaf.mediabox.width), round(leaf.mediabox.height)), starts))
    return sheets


def bare(text: str) -> str:
    """Leave out blanks: a line on paper breaks where it likes."""
    return "".join(text.split())


def whole(page: Page) -> str:
    return bare("".join(sheet.text for sheet in printed(page)))


def on_paper(page: Page) -> None:
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")


KINDS = [
    *(
        "",
        TERM,
        "terms/transformer/",
        "sparse-autoencoders/",
        "notes/reading-order/",
        "topics/",
        "topics/statistics/",
    ),
    *("references/", "videos/", "wanted/", "graph/", "search/?q=entropy"),
]


@pytest.mark.parametrize("path", KINDS)
def test_every_page_has_its_text_and_no_navigation(reader: Reader, path: str) -> None:
    page = reader.open(path)
    page.wait_for_load_state("networkidle")  # the search has answered
    reader.rest(page)
    heading = page.locator("h1").inner_text()
    sheets = printed(page)
    text = bare("".join(sheet.text for sheet in sheets))
    assert bare(heading) in text
    for words in (
        "Skip to content",
        "Search terms",
        "Keyboard shortcuts",
        "Theme: automatic",
        "Markdown source",
    ):
        assert bare(words) not in text
    for sheet in sheets:
        assert sheet.size == A4
        assert sheet.starts
        assert all(50 < x < A4[0] - 50 and 50 < y < A4[1] - 50 for x, y in sheet.starts)


def test_a_term_is_printed_whole_and_without_its_surroundings(reader: Reader) -> None:
    page = reader.open("terms/transformer/")
    mentions = page.locator(".used > li > a").all_text_contents()
    assert len(mentions) > 6, "some are folded on the screen"
    lead, last = (page.locator(one).inner_text() for one in ("p.lead", "article > p >> nth=-1"))
    turn = page.locator(".turn a").first.inner_text()
    text = whole(page)
    for piece in (*mentions, "Used by", "See also", last[:20], lead[:40]):
        assert bare(piece) in text
    for words in ("Neighbourhood", "more page", "of all pages", turn, "BibTeX"):
        assert bare(words) not in text


def test_the_whole_index_is_printed_with_the_definitions_that_are_shown(reader: Reader) -> None:
    page = reader.open()
    short = whole(page)
    page.locator("#gl").check()
    sheets = printed(page)
    text = bare("".join(sheet.text for sheet in sheets))
    items = page.locator("li[data-k]")
    names = items.locator("> a").all_inner_texts()
    definitions = [one for one in items.locator("> p:not(:has(math))").all_inner_texts() if one]
    assert [one for one in names if bare(one) not in short or bare(one) not in text] == []
    assert [one for one in definitions if bare(one) not in text] == []
    assert bare(definitions[0]) not in short
    assert all(x < A4[0] - 50 for sheet in sheets for x, _ in sheet.starts), "no column runs off the page"


def test_addresses_of_ways_out_are_printed_once(sampler_reader: Reader, reader: Reader) -> None:
    page = sampler_reader.open("terms/everything/")
    text = whole(page)
    assert "linkout<https://example.org/>" in text
    assert "<https://www.youtube.com/watch?v=aaaaaaaaaaa&t=144>" in text
    page = reader.open("references/")
    text = whole(page)
    assert text.count("https://arxiv.org/abs/1706.03762") == 1, "the line of a work has it already"


@pytest.mark.parametrize("path", ["terms/everything/", "terms/אנטרופיה/"])
def test_notes_stand_indented_below_their_lines(
    sampler_reader: Reader, rtl_reader: Reader, path: str
) -> None:
    page = (sampler_reader if "everything" in path else rtl_reader).open(path)
    on_paper(page)
    note, sign = page.locator(".sn").first, page.locator("button.fn").first
    assert note.evaluate("one => [getComputedStyle(one).position, getComputedStyle(one).float]") == [
        "static",
        "none",
    ]
    inside, line = note.bounding_box(), sign.bounding_box()
    around = note.locator("xpath=..").bounding_box()
    assert inside
    assert line
    assert around
    assert inside["y"] > line["y"]
    starts = inside["x"] - around["x"], around["x"] + around["width"] - inside["x"] - inside["width"]
    assert starts[path != "terms/everything/"] > 15


def test_a_note_is_read_between_its_sentence_and_the_next(sampler_reader: Reader) -> None:
    page = sampler_reader.open("terms/everything/")
    text = whole(page)
    places = [
        text.index(bare(one))
        for one in (
            "A note stands here.",
            "The first note, with",
            "Another follows.",
            "The second note is longer",
            "The video is here",
        )
    ]
    assert places == sorted(places)


def test_what_is_folded_on_a_screen_is_open(sampler_reader: Reader) -> None:
    page = sampler_reader.open("terms/everything/")
    assert not page.locator("details.note p").last.is_visible()
    text = whole(page)
    assert bare("Opened by a click.") in text
    assert bare("Source of the diagram") not in text
    assert "@misc" not in text


WIDE = """() => [...document.querySelectorAll(".scroll, .tbl, .code pre")].map(box => {
  const { overflowX, maskImage } = getComputedStyle(box), frame = (box.closest(".eq, .code") ?? box).getBoundingClientRect()
  const range = document.createRange()
  range.selectNodeContents(box.querySelector(".katex-html, table, code, svg") ?? box)
  const text = range.getBoundingClientRect()
  return { overflowX, maskImage, sticksOut: text.right > frame.right + 1 || text.left < frame.left - 1, wide: frame.right }
})"""


def test_formulas_tables_and_code_are_not_cut_off(sampler_reader: Reader) -> None:
    page = sampler_reader.open("terms/everything/", width=390)
    page.locator(".eq [tabindex]").first.wait_for()  # it scrolls, and fades at its end
    on_paper(page)
    boxes = page.evaluate(WIDE)
    assert len(boxes) >= 5
    for box in boxes:
        assert (box["overflowX"], box["maskImage"], box["sticksOut"]) == ("visible", "none", False)
    assert bare("a line that is too long for a phone") in whole(page)


@pytest.mark.parametrize("chosen", ["", "dark"])
def test_paper_is_light(reader: Reader, chosen: str) -> None:
    page = reader.open(TERM, scheme="dark")
    page.evaluate("chosen => { localStorage.theme = chosen }", chosen)
    page.reload()
    dark = page.evaluate("getComputedStyle(document.body).color")
    on_paper(page)
    styles = (
        "one => { const { color, backgroundColor } = getComputedStyle(one); return [color, backgroundColor] }"
    )
    ink, ground = page.locator("body").evaluate(styles)
    assert (ink, ground) == ("rgb(31, 27, 22)", "rgb(255, 255, 255)")
    assert ink != dark
    assert (
        page.locator("h1").evaluate("one => getComputedStyle(one, '::first-letter').color")
        == "rgb(158, 42, 28)"
    )


def test_the_map_is_printed_light_and_undistorted(reader: Reader) -> None:
    page = reader.open("graph/", scheme="dark")
    page.locator("canvas[data-ready]").wait_for()
    reader.rest(page)
    picture = "document.querySelector('canvas').toDataURL()"
    dark = page.evaluate(picture)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    light = page.evaluate(picture)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    reader.rest(page)
    assert page.evaluate(picture) == dark
    page.emulate_media(color_scheme="light")
    reader.rest(page)
    assert page.evaluate(picture) == light != dark
    on_paper(page)
    ratio = page.evaluate(
        "(one => one.clientWidth / one.clientHeight / (one.width / one.height))(document.querySelector('canvas'))"
    )
    assert ratio == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(
    "path",
    [
        "sparse-autoencoders/",
        "terms/reinforcement-learning-from-human-feedback/",
        "wanted/",
        "terms/transformer/",
    ],
)
def test_no_heading_stands_alone_at_the_foot_of_a_page(reader: Reader, path: str) -> None:
    page = reader.open(path)
    headings = {bare(one) for one in page.locator("h1, h2, h3, h4").all_inner_texts()}
    for sheet in printed(page):
        lines = [bare(line) for line in sheet.text.splitlines() if line.strip()]
        assert lines[-1] not in headings


def test_what_stands_beside_is_not_printed(reader: Reader) -> None:
    page = reader.open(TERM + "?beside=entropy")
    page.locator("#stack article").wait_for()
    text = whole(page)
    assert bare("Low-rank adaptation fine-tunes") in text
    assert bare("Entropy is the average") not in text

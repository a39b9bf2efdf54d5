"""Reading itself: formulas, notes, colours, at a wrong address, by the search page."""

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
DISPLAYED = r"""() => [...document.querySelectorAll(".eq .katex-html")].map(one => {
  const box = one.getBoundingClientRect(), spoken = one.parentElement.querySelector(".katex-mathml").getBoundingClientRect()
  return { width: box.width, height: box.height, spoken: spoken.width * spoken.height, fits: box.height < 400 }
})"""


# ------------------------------------------------------------------------------------------------ formulas


@pytest.mark.parametrize("width", [1280, 390])
def test_formulas_are_laid_out(reader: Reader, width: int) -> None:
    page = reader.open("sparse-autoencoders/", width=width)
    formulas = page.evaluate(DISPLAYED)
    assert len(formulas) == 5
    for formula in formulas:
        assert formula["width"] > 100
        assert 20 < formula["height"] < 200
        assert formula["spoken"] <= 4
    assert page.evaluate("document.fonts.check('16px KaTeX_Main')")
    assert page.locator("[style]").count() == 0


def test_every_formula_has_its_source_for_those_who_listen_or_copy(reader: Reader) -> None:
    page = reader.open(TERM)
    assert page.locator(".katex").count() == page.locator(".katex math").count() > 5
    sources = page.locator("annotation[encoding='application/x-tex']").all_text_contents()
    assert len(sources) == page.locator("math").count()
    assert r"r \ll \min(d, k)" in sources[0]
    assert page.locator(".katex-html:not([aria-hidden=true])").count() == 0


def test_a_formula_gives_its_source(reader: Reader) -> None:
    page = reader.open(TERM, permissions=["clipboard-read", "clipboard-write"])
    button = page.locator(".eq").first.get_by_role("button")
    button.click()
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith(
        r"\mathbf{W}' = \mathbf{W} + \frac{\alpha}{r}"
    )
    expect(button).to_have_text("TeX")


SCROLLERS = """() => [...document.querySelectorAll(".eq > .scroll, .tbl, .code pre")]
  .filter(one => one.checkVisibility({ contentVisibilityAuto: true }) && one.clientWidth)
  .map(one => ({ wide: one.scrollWidth > one.clientWidth + 1, stop: one.tabIndex === 0 }))"""


def test_what_is_too_wide_scrolls_by_keyboard_and_nothing_else_does(reader: Reader) -> None:
    page = reader.open("sparse-autoencoders/", width=390)
    wide = []
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        reader.until(page, f"({SCROLLERS})().every(one => one.wide === one.stop)")
        wide.append(sum(one["wide"] for one in page.evaluate(SCROLLERS)))
    assert wide[0] > wide[1] > 0
    assert page.locator("[data-over]").count() == wide[1]


# ------------------------------------------------------------------------------------------------ notes


def test_a_note_stands_in_the_margin_beside_its_sign(reader: Reader) -> None:
    page = reader.open(TERM)
    note, sign = page.locator(".sn").bounding_box(), page.locator("button.fn").bounding_box()
    column = page.locator("article > p").first.bounding_box()
    assert note is not None
    assert sign is not None
    assert column is not None
    assert note["x"] > column["x"] + column["width"]
    assert abs(note["y"] - sign["y"]) < 100


@pytest.mark.parametrize("script", [True, False])
def test_a_note_is_a_card_on_a_phone(reader: Reader, *, script: bool) -> None:
    page = reader.open(TERM, width=390, java_script_enabled=script)
    note = page.locator(".sn")
    assert not note.is_visible()
    page.get_by_role("button", name="Note 1").click()
    expect(note).to_be_visible()
    assert "QLoRA" in note.inner_text()
    frame = note.bounding_box()
    assert frame is not None
    assert frame["x"] >= 0
    assert frame["x"] + frame["width"] <= 390
    assert frame["y"] + frame["height"] <= 844


# ------------------------------------------------------------------------------------------------ colours, media


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_colours_follow_the_system_or_the_reader(reader: Reader) -> None:
    page = reader.open(scheme="dark")
    button = page.locator(".mast [data-themer]")
    dark = ground(page)
    names = []
    for _ in range(3):
        button.click()
        names.append(button.get_attribute("aria-label"))
        if names[-1] == "Colour theme: light":
            assert ground(page) != dark
            page.goto(reader.site.address + TERM)
            assert ground(page) != dark
            assert page.locator(".foot [data-themer]").inner_text() == "Theme: light"
            button = page.locator(".mast [data-themer]")
    assert names == ["Colour theme: light", "Colour theme: dark", "Colour theme: automatic"]
    assert ground(page) == dark
    page.emulate_media(color_scheme="light")
    assert ground(page) != dark


def test_the_colours_are_set_before_the_first_paint(reader: Reader) -> None:
    page = reader.open()
    page.evaluate("localStorage.theme = 'dark'")
    page.reload(wait_until="commit")
    page.locator("body").wait_for(state="attached")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_nothing_moves_where_that_is_asked_for(reader: Reader) -> None:
    page = reader.open(TERM, reduced_motion="reduce")
    page.keyboard.press("/")
    page.get_by_role("option").first.wait_for()
    assert page.evaluate("getComputedStyle(document.querySelector('dialog')).animationName") == "none"
    page.keyboard.press("Escape")
    page.locator("article p a.t").first.focus()
    page.keyboard.press("Alt+ArrowDown")
    page.locator(".peek").wait_for()
    assert page.evaluate("document.getAnimations().length") == 0


# ------------------------------------------------------------------------------------------------ wrong addresses


@pytest.mark.parametrize("path", ["entorpy/", "terms/entorpy/", "a/b/c/entorpy.html"])
def test_a_wrong_address_offers_the_nearest_terms(reader: Reader, path: str) -> None:
    page = reader.open(path, missing=True)
    first = page.locator("[data-nearest] a").first
    first.wait_for()
    assert first.locator("b").inner_text() == "Entropy"
    assert page.locator("[data-nearest] a").count() <= 3
    links = page.locator("a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    full = [urljoin(page.url, one) for one in links if not one.startswith("#")]
    assert [one for one in full if not one.startswith(reader.site.address)] == []
    first.click()
    page.wait_for_url(reader.site.address + "terms/entropy/")


def test_a_wrong_address_has_a_search(reader: Reader) -> None:
    page = reader.open("no/such/page/", missing=True)
    page.locator("#q").fill("softmax")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/search/?q=softmax")
    expect(page.locator(".hits b").first).to_have_text("Softmax")


# ------------------------------------------------------------------------------------------------ the search page


def test_the_search_page_answers_its_address(reader: Reader) -> None:
    page = reader.open("search/?q=kl+divergence")
    expect(page.locator(".hits b").first).to_have_text("Kullback–Leibler divergence")
    field = page.locator("#q")
    assert field.input_value() == "kl divergence"
    field.fill("optimizer state")
    page.locator(".hits b", has_text="Low-rank adaptation").wait_for()
    expect(page.locator("[data-search] [role=status]")).to_contain_text("results")
    page.wait_for_url("**q=optimizer*state")
    page.locator(f".hits a[href$='/{TERM}']").click()
    page.wait_for_url("**/" + TERM)
    page.go_back()
    page.locator(".hits b", has_text="Low-rank adaptation").wait_for()


# ------------------------------------------------------------------------------------------------ videos


@pytest.mark.parametrize("path", ["videos/", "terms/entropy/"])
def test_videos_are_links_and_ask_nobody(reader: Reader, path: str) -> None:
    page = reader.open(path)
    page.wait_for_load_state("networkidle")
    films = page.locator("a.v")
    assert films.count() > 1
    assert page.locator("iframe, video, img").count() == 0
    for film in films.all():
        name = film.get_attribute("aria-label") or film.inner_text()
        assert name.strip()

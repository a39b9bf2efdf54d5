"""The palette: opened, typed into and left by keyboard, as its roles tell it; it finds what there is."""

from __future__ import annotations

import json
import random
import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import HERE, publish, published, reading

from grimoire.search import names

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page
    from tests.browser.conftest import Host, Published, Reader

pytestmark = pytest.mark.browser

TERM = "terms/low-rank-adaptation/"
DATA = re.compile(r"search/\w+\.json").fullmatch
LAID_OUT = """formula => {
  const seen = formula.querySelector(".katex-html").getBoundingClientRect(), spoken = formula.querySelector(".katex-mathml").getBoundingClientRect()
  return seen.width > 100 && seen.height > 25 && seen.height < 120 && spoken.width < 2 && spoken.height < 2
}"""
"""Whether a formula is shown as KaTeX lays it out, and its MathML is only for those who listen."""
SCRIPTS = ("static/palette.", "static/search.", "static/lunr-")


def box(page: Page) -> Locator:
    return page.get_by_role("combobox")


def chosen(page: Page) -> Locator:
    return page.locator("[role=option][aria-selected=true]")


def titles(page: Page) -> list[str]:
    return page.locator("[role=option] .h b").all_inner_texts()


def open_palette(reader: Reader, path: str = TERM, *, width: int = 1280) -> Page:
    page = reader.open(path, width=width)
    page.keyboard.press("/")
    page.get_by_role("option").first.wait_for()
    reader.rest(page)
    return page


def find(page: Page, query: str, title: str) -> None:
    """Type the query and see the title among the rows."""
    box(page).fill(query)
    page.locator("[role=option] .h b", has_text=title).first.wait_for()


# ------------------------------------------------------------------------------------------------ opening, leaving


def test_slash_and_control_k_open_it_and_escape_gives_the_focus_back(reader: Reader) -> None:
    page = reader.open(TERM)
    for key in ("/", "Control+k"):
        link = page.locator("article a.t").first
        link.focus()
        page.keyboard.press(key)
        page.get_by_role("option").first.wait_for()
        assert box(page).evaluate("one => one === document.activeElement")
        assert page.locator("dialog").evaluate("one => one.matches(':modal')")
        page.keyboard.press("Escape")
        page.locator("dialog[open]").wait_for(state="detached")
        assert link.evaluate("one => one === document.activeElement")


def test_a_slash_is_a_slash_while_typing_but_control_k_opens(reader: Reader) -> None:
    page = reader.open()
    field = page.locator("#f")
    field.press("/")
    assert field.input_value() == "/"
    assert page.locator("dialog[open]").count() == 0
    field.press("Control+k")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Control+k")
    page.locator("dialog[open]").wait_for(state="detached")
    assert field.evaluate("one => one === document.activeElement")


def test_the_link_in_the_masthead_opens_it(reader: Reader) -> None:
    page = reader.open(TERM)
    link = page.locator(".find")
    assert link.get_attribute("aria-haspopup") == "dialog"
    link.click()
    page.get_by_role("option").first.wait_for()
    page.mouse.click(5, 400)
    page.locator("dialog[open]").wait_for(state="detached")
    assert page.url.endswith(TERM)


def test_single_keys_can_be_switched_off(reader: Reader) -> None:
    page = reader.open(TERM)
    page.keyboard.press("?")
    page.get_by_label("Shortcuts of a single key").uncheck()
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="detached")
    page.reload()
    page.keyboard.press("/")
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("Control+k")
    page.get_by_role("option").first.wait_for()


# ------------------------------------------------------------------------------------------------ data on intent


def test_nothing_is_fetched_before_somebody_reaches_for_it(reader: Reader) -> None:
    page = reader.open(TERM)
    page.wait_for_load_state("networkidle")
    assert not list(filter(DATA, reader.requests))
    assert not [one for one in reader.requests if one.startswith(SCRIPTS)]
    with page.expect_response("**/search/names.json"):
        page.locator(".find").hover()
    assert "search/index.json" not in reader.requests
    page.keyboard.press("/")
    with page.expect_response("**/search/index.json"):
        find(page, "entropy", "Entropy")
    find(page, "adapter", "Low-rank adaptation")
    find(page, "adapter switched", "Low-rank adaptation")
    asked, there = list(filter(DATA, reader.requests)), list((reader.site.folder / "search").glob("*.json"))
    assert len(set(asked)) == len(asked), "nothing is fetched twice"
    assert 2 < len(asked) < len(there), "some of the shards are, and not all"


@pytest.fixture(scope="module")
def cut_up(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The sampler with its names cut up, as those of a large site are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grimoire.search.names", partial(names, whole=0))
        host.add("/cut-up/", publish(HERE / "sampler", tmp_path_factory.mktemp("cut"), "/cut-up/"))
    return published(host, "/cut-up/")


def test_where_names_are_missing_the_texts_answer_and_all_is_read_anew(
    browser: Browser, cut_up: Published
) -> None:
    """As it is while a new version of the site takes the place of the one that the page knows."""
    with reading(browser, cut_up) as reader:
        reader.allow("answered 404", "console: Failed to load resource")
        page = reader.open("")
        gone = lambda route: route.fulfill(status=404)  # noqa: E731
        page.route("**/search/names/*.json", gone)
        page.keyboard.press("/")
        find(page, "everything", "Everything")
        assert reader.requests.count("search/names.json") == 1
        find(page, "quotation", "Everything")
        assert reader.requests.count("search/names.json") == 2
        page.route("**/search/rows/*.json", gone)
        box(page).fill("something")
        expect(page.locator(".pal .empty")).to_contain_text("could not be loaded")
        page.unroute_all()
        find(page, "something else", "Something")


# ------------------------------------------------------------------------------------------------ roles and keys


def test_it_is_a_combobox_with_a_listbox(reader: Reader) -> None:
    page = open_palette(reader)
    assert box(page).get_attribute("aria-autocomplete") == "list"
    assert box(page).get_attribute("aria-expanded") == "true"
    assert page.get_by_role("listbox").get_attribute("id") == box(page).get_attribute("aria-controls")
    assert chosen(page).count() == 1
    assert chosen(page).get_attribute("id") == box(page).get_attribute("aria-activedescendant")
    assert all(
        page.locator("[role=option]").evaluate_all("all => all.map(one => one.tagName === 'A' && one.href)")
    )


def test_the_arrows_choose_and_go_round(reader: Reader) -> None:
    page = open_palette(reader)
    find(page, "entropy", "Entropy")
    reader.until(page, "document.querySelectorAll('[role=option]').length === 12")  # the texts have answered
    rows = page.get_by_role("option")
    page.keyboard.press("ArrowDown")
    assert chosen(page).get_attribute("id") == rows.nth(1).get_attribute("id")
    assert box(page).get_attribute("aria-activedescendant") == rows.nth(1).get_attribute("id")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert chosen(page).get_attribute("id") == rows.last.get_attribute("id")
    page.keyboard.press("ArrowDown")
    assert chosen(page).get_attribute("id") == rows.first.get_attribute("id")
    assert box(page).evaluate("one => one === document.activeElement")


def test_enter_opens_what_is_chosen(reader: Reader) -> None:
    page = open_palette(reader)
    find(page, "surpr", "Surprise")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == reader.site.address + "terms/surprise/"


def test_control_enter_opens_a_new_tab(reader: Reader) -> None:
    page = open_palette(reader)
    find(page, "surpr", "Surprise")
    with page.context.expect_page() as opened:
        page.keyboard.press("Control+Enter")
    assert opened.value.url == reader.site.address + "terms/surprise/"
    assert page.url == reader.site.address + TERM


def test_control_alt_enter_opens_beside(reader: Reader) -> None:
    page = open_palette(reader)
    find(page, "surpr", "Surprise")
    page.keyboard.press("Control+Alt+Enter")
    page.locator("#stack h1", has_text="Surprise").wait_for()
    assert page.url == reader.site.address + TERM + "?beside=surprise"


def test_keys_that_belong_to_an_input_method_are_left_to_it(reader: Reader) -> None:
    page = open_palette(reader)
    find(page, "surpr", "Surprise")
    box(page).evaluate(
        "one => one.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))"
    )
    assert page.locator("dialog[open]").count() == 1
    assert page.url == reader.site.address + TERM


# ------------------------------------------------------------------------------------------------ what it finds


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("entropy", "Entropy"),
        ("SAE", "Sparse autoencoder"),
        ("sae", "Sparse autoencoder"),
        ("LoRA", "Low-rank adaptation"),
        ("KL", "Kullback–Leibler divergence"),
        ("kullback leibler", "Kullback–Leibler divergence"),
        ("Kullback-Leibler", "Kullback–Leibler divergence"),
        ("bayes theorem", "Bayes' theorem"),
        ("l1", "L1 regularization"),
        ("p value", "p-value"),
        ("RLHF", "Reinforcement learning from human feedback"),
        ("entorpy", "Entropy"),
        ("transfromer", "Transformer"),
    ],
)
def test_the_first_row_is_what_was_meant(reader: Reader, query: str, title: str) -> None:
    page = open_palette(reader)
    find(page, query, title)
    assert titles(page)[0] == title


def test_it_searches_the_texts(reader: Reader) -> None:
    page = open_palette(reader)
    find(page, "saving gradients optimizer adapters", "Low-rank adaptation")


@pytest.mark.parametrize("query", [r"\frac{\alpha}{r}", r"\mathbb{R}^{d \times r}"])
def test_it_searches_the_formulas(reader: Reader, query: str) -> None:
    page = open_palette(reader)
    find(page, query, "Low-rank adaptation")
    assert titles(page)[0] == "Low-rank adaptation"


def test_a_command_alone_finds_terms_with_formulas_that_hold_it(reader: Reader) -> None:
    terms = json.loads((reader.site.folder / "glossary.json").read_bytes())["terms"]
    holding = {one["title"] for one in terms if any(r"\frac" in tex for tex in one["formulas"])}
    page = open_palette(reader)
    box(page).fill(r"\frac")
    # Names that are nearly so are shown until the texts have answered.
    reader.until(
        page,
        "holding => [...document.querySelectorAll('[role=option] .h b')].every(one => holding.includes(one.textContent))",
        sorted(holding),
    )
    assert len(titles(page)) == 12


def test_it_says_how_many(reader: Reader) -> None:
    page = open_palette(reader)
    status, frame = page.locator("dialog [role=status]"), page.locator("dialog").bounding_box()
    find(page, "perplexit", "Perplexity")
    expect(status).to_contain_text("result")
    shown = len(titles(page))
    assert status.inner_text().split()[0] == str(shown)
    box(page).fill("qqqqqqqqqq")
    page.locator(".empty", has_text="Nothing found for “qqqqqqqqqq”.").wait_for()
    assert status.inner_text() == "No results"
    assert page.get_by_role("listbox").count() == 0
    assert page.locator("dialog").bounding_box() == frame
    assert box(page).get_attribute("aria-expanded") == "false"
    assert box(page).get_attribute("aria-activedescendant") is None


def test_an_empty_palette_offers_where_one_was_and_the_topics(reader: Reader) -> None:
    page = reader.open("terms/entropy/")
    page.goto(reader.site.address + "terms/surprise/")
    page.keyboard.press("/")
    page.get_by_role("option").first.wait_for()
    groups = page.locator("dialog [role=group]")
    assert groups.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))") == [
        "Last visited",
        "Topics",
    ]
    assert groups.first.locator(".h b").all_inner_texts() == ["Surprise", "Entropy"]


def test_a_topic_leads_to_its_terms(reader: Reader) -> None:
    page = open_palette(reader, "terms/surprise/")
    with page.expect_navigation():
        page.get_by_role("option", name="Statistics").click()
    assert "topics/" in page.url
    assert "statistics" in page.url
    page.get_by_role("link", name="p-value").wait_for()


@pytest.mark.parametrize("path", ["", TERM], ids=["where no formula stands", "where one stands"])
def test_the_preview_shows_the_card_with_its_formula_set(reader: Reader, path: str) -> None:
    page = open_palette(reader, path)
    find(page, "entropy", "Entropy")
    preview = page.locator("dialog .prev")
    preview.locator(".hd", has_text="Entropy").wait_for()
    reader.until(page, f"({LAID_OUT})(document.querySelector('.prev .katex'))")
    assert preview.evaluate("one => one.inert")


def test_there_is_no_preview_on_a_phone(reader: Reader) -> None:
    page = open_palette(reader, width=390)
    find(page, "entropy", "Entropy")
    assert not page.locator("dialog .prev").is_visible()
    frame = page.locator("dialog").bounding_box()
    assert frame is not None
    assert (frame["x"], frame["width"]) == (0, 390)


# ------------------------------------------------------------------------------------------------ anything typed

ODD = (
    *(
        '"',
        "'",
        "\\",
        "^",
        "~2",
        "+",
        "-",
        "title:",
        "*",
        "a*b",
        "(",
        "[",
        "{}",
        ":",
        "field:x^10",
        "\\frac{",
        "$$",
        "$",
    ),
    *(
        "<script>alert(1)</script>",
        "<img src=x>",
        "%",
        "%E0%A4%A",
        "\u0000",
        "\ud83d\ude00",
        "e\u0301",
        "أب",
        "漢字",
        " ",
    ),
    *(
        "+entropy -loss",
        "constructor",
        "__proto__",
        "toString",
        "hasOwnProperty",
        "\\\\",
        "\\begin{",
        "_^_^",
        "a" * 500,
    ),
)


def test_whatever_is_typed_nothing_is_thrown(reader: Reader) -> None:
    page = open_palette(reader)
    find(page, "entropy", "Entropy")
    draw = random.Random(7)  # noqa: S311  what somebody may type, the same each time
    signs = "aeorstnl  \\^_{}*+-~:\"'()[]<>/?.,$#@!0123é漢α\u200b"
    made = ["".join(draw.choices(signs, k=draw.randint(1, 14))) for _ in range(60)]
    for query in (*ODD, *made):
        box(page).fill(query)
        page.wait_for_timeout(2)
    for query in ODD:
        box(page).fill(query)
        page.wait_for_timeout(125)
    find(page, "entropy", "Entropy")
    assert titles(page)[0] == "Entropy"

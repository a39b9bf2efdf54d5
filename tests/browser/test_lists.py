"""The lists that answer at each key: the index on the home page, and the topics."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from tests.browser.conftest import Published, Reader

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def terms(site: Published) -> list[dict[str, str]]:
    records = json.loads((site.folder / "glossary.json").read_bytes())["terms"]
    return [one for one in records if one["kind"] == "term"]


def count(page: Page) -> Locator:
    return page.locator("#n")


def shown(page: Page) -> list[str]:
    return page.locator("li[data-k]:visible > a").all_inner_texts()


# ------------------------------------------------------------------------------------------------ the index


def test_the_index_answers_at_each_key(reader: Reader, terms: list[dict[str, str]]) -> None:
    page = reader.open()
    total = len(terms)
    assert count(page).inner_text() == f"Showing {total} of {total} terms"
    assert len(shown(page)) == total
    field = page.get_by_label("Filter terms")
    field.press("e")
    some = len(shown(page))
    assert 1 < some < total
    expect(count(page)).to_have_text(f"Showing {some} of {total} terms")
    field.press_sequentially("ntropy")
    found = shown(page)
    assert {"Cross-entropy", "Entropy", "Kullback–Leibler divergence"} <= set(found)
    assert len(found) < some
    expect(count(page)).to_have_text(f"Showing {len(found)} of {total} terms")
    letters = list(dict.fromkeys(title[0].upper() for title in found))
    assert page.locator("section.letter:visible h2").all_inner_texts() == letters
    field.fill("perplexity")
    expect(count(page)).to_have_text(f"Showing 1 of {total} terms")
    field.fill("qqqq")
    expect(count(page)).to_have_text(f"No term of {total} matches")
    assert shown(page) == []
    page.get_by_role("button", name="Clear the filter").click()
    expect(count(page)).to_have_text(f"Showing {total} of {total} terms")
    expect(field).to_be_focused()
    assert reader.requests == [one for one in reader.requests if not one.startswith("search/")]


@pytest.mark.parametrize("query", ["LoRA", "lora", "low rank", "Low-Rank", "  low  "])
def test_the_index_knows_other_names(reader: Reader, query: str) -> None:
    page = reader.open()
    page.locator("#f").fill(query)
    assert "Low-rank adaptation" in shown(page)


def test_chips_narrow_the_index_and_the_address_keeps_it(reader: Reader, terms: list[dict[str, str]]) -> None:
    expected = {one["title"] for one in terms if {"statistics", "information-theory"} <= set(one["tags"])}
    assert expected
    page = reader.open()
    for name in ("Statistics", "Information theory"):
        chip = page.locator(".chips button", has_text=name)
        assert chip.get_attribute("aria-pressed") == "false"
        chip.click()
        assert chip.get_attribute("aria-pressed") == "true"
    assert set(shown(page)) == expected
    page.wait_for_url("**topic=*,*")  # both: it is written after a pause
    page.reload()
    assert set(shown(page)) == expected
    assert page.locator(".chips [aria-pressed=true]").count() == 2


def test_letters_lead_to_their_terms(reader: Reader) -> None:
    page = reader.open()
    bar = page.get_by_role("navigation", name="Letters")
    assert bar.locator("a, span").all_inner_texts()[:3] == ["A", "B", "C"]
    bar.get_by_role("link", name="S", exact=True).click()
    assert page.url.endswith("#S")
    heading = page.locator("section#S h2").bounding_box()
    bottom = bar.bounding_box()
    assert heading is not None
    assert bottom is not None
    assert bottom["y"] + bottom["height"] <= heading["y"] < 800
    assert bar.locator("span").first.get_attribute("aria-hidden") == "true"


# ------------------------------------------------------------------------------------------------ the topics


def test_the_topics_answer_at_each_key_in_names_and_summaries(
    reader: Reader, terms: list[dict[str, str]]
) -> None:
    page = reader.open("topics/")
    total = len(terms)
    field = page.get_by_label("Filter topics")
    assert count(page).inner_text() == f"Showing {total} of {total} topics"
    for key in "expone":
        field.press(key)
        expect(count(page)).to_have_text(f"Showing {len(shown(page))} of {total} topics")
    assert "Curse of dimensionality" in shown(page)  # whose summary alone has the word
    field.fill("perplexity")
    expect(count(page)).to_have_text(f"Showing {len(shown(page))} of {total} topics")
    field.fill("qqqq")
    expect(count(page)).to_have_text(f"Showing 0 of {total} topics")
    assert page.locator("#none").is_visible()


def test_one_is_worded_as_one(sampler_reader: Reader) -> None:
    page = sampler_reader.open("topics/")
    page.locator("#f").fill("everything")
    total = page.locator("li[data-k]").count()
    page.locator("#f").fill("whole lot")
    expect(count(page)).to_have_text(f"Showing 1 of {total} topics")
    assert shown(page) == ["Everything"]


def test_the_topics_stand_in_the_given_order_or_by_name(reader: Reader) -> None:
    page = reader.open("topics/")
    given = shown(page)
    page.get_by_role("button", name="A–Z").click()
    named = shown(page)
    assert named != given
    assert sorted(named) == sorted(given)
    assert (
        named.index("Entropy")
        < named.index("p-value")
        < named.index("Perplexity")
        < named.index("Transformer")
    )
    page.get_by_role("button", name="Given order").click()
    assert shown(page) == given


def test_each_topic_has_its_page(reader: Reader, terms: list[dict[str, str]]) -> None:
    page = reader.open("topics/statistics/")
    expected = {one["title"] for one in terms if "statistics" in one["tags"]}
    assert set(page.locator("main li > a.t").all_inner_texts()) == expected
    assert page.locator(".hero p", has_text="Distributions, averages").count() == 1
    assert page.locator(".tally").inner_text() == f"{len(expected)} terms"

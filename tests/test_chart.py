"""The map: a layout that follows from the graph alone and hardly moves, a picture of links, and little work."""

from __future__ import annotations

import json
import math
import random
import re
from statistics import median
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grimoire import chart as room
from grimoire.chart import ChartError, data, drawing, layout
from grimoire.compose import WHOLE_CHART
from grimoire.names import Url
from grimoire.pages import HUES, Chart, Dot

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import SiteFolder

SVG = "{http://www.w3.org/2000/svg}"


def chart(count: int, links: int = 3, topics: int = 4, seed: int = 1) -> Chart:
    """Give a graph in which terms link mostly within their topic."""
    dice = random.Random(seed)  # noqa: S311  no secret
    dots = tuple(
        Dot(Url(f"terms/t{i}/"), f"Term {i}", f"topic-{i % topics}", i % topics) for i in range(count)
    )
    edges = set()
    for i in range(count):
        for _ in range(links):
            j = dice.randrange(count)
            j = j - j % topics + i % topics if dice.random() < 0.8 else j
            if j < count and j != i:
                edges.add((min(i, j), max(i, j)))
    return Chart(dots, tuple(sorted(edges)))


SMALL = chart(60)


# ------------------------------------------------------------------------------------------------ the layout


def test_the_same_graph_has_the_same_map() -> None:
    assert layout(SMALL) == layout(SMALL)


def test_titles_and_colours_move_nothing() -> None:
    renamed = Chart(
        tuple(Dot(dot.url, dot.title.upper(), dot.topic, HUES) for dot in SMALL.dots), SMALL.edges
    )
    assert layout(renamed) == layout(SMALL)


def test_no_two_terms_stand_on_each_other() -> None:
    places = layout(SMALL)
    nearest = [min(math.dist(a, b) for b in places if b is not a) for a in places]
    assert min(nearest) > 10
    assert median(nearest) > 40


def test_linked_terms_stand_nearer() -> None:
    big = chart(300)
    places = layout(big)
    linked = median(math.dist(places[a], places[b]) for a, b in big.edges)
    dice = random.Random(2)  # noqa: S311  no secret
    others = median(math.dist(*dice.sample(places, 2)) for _ in range(500))
    assert linked < 0.7 * others


def test_one_term_more_moves_the_others_little() -> None:
    big = chart(300)
    count = len(big.dots)
    more = Chart(
        (*big.dots, Dot(Url("terms/new/"), "New", "topic-1", 1)), (*big.edges, (1, count), (5, count))
    )
    before, after = layout(big), layout(more)
    extent = max(x for x, _ in before) - min(x for x, _ in before)
    moved = median(math.dist(a, b) for a, b in zip(before, after[:count], strict=True))
    assert moved < extent / 20


@pytest.mark.parametrize("count", [0, 1, 2])
def test_small_graphs(count: int) -> None:
    assert len(layout(chart(count, topics=1))) == count
    assert drawing(chart(count, topics=1), layout(chart(count, topics=1)), "Map")


def test_terms_without_links_or_topics_have_places_too() -> None:
    alone = Chart(tuple(Dot(Url(f"terms/{i}/"), str(i), "", HUES) for i in range(40)), ())
    assert len(set(layout(alone))) == 40


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 30), st.integers(0, 6), st.integers(1, 12), st.integers(0, 99))
def test_any_graph_has_finite_places_around_the_middle(
    count: int, links: int, topics: int, seed: int
) -> None:
    places = layout(chart(count, links, topics, seed))
    assert len(places) == count
    assert all(isinstance(part, int) and abs(part) < 100_000 for place in places for part in place)
    if places:
        assert abs(max(x for x, _ in places) + min(x for x, _ in places)) <= 1


@pytest.mark.parametrize("script", ["function layout() { throw Error('no') }", "function ("])
def test_a_failing_engine_says_so(script: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "layout.js"
    path.write_text(script)
    monkeypatch.setattr(room, "_SCRIPT", path)
    with pytest.raises(ChartError, match="lays out the map failed"):
        layout(SMALL)


def test_a_site_whose_map_cannot_be_laid_out_is_not_written(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(room, "_SCRIPT", tmp_path / "none.js")
    built = site.write("ring.md", "# Ring\n\nx\n").build()
    assert [one.code for one in built.diagnostics] == ["engine-failure"]
    assert not built.is_written


# ------------------------------------------------------------------------------------------------ the picture, the data


def test_every_dot_of_the_picture_leads_to_its_term() -> None:
    tree = ET.fromstring(drawing(SMALL, layout(SMALL), "Map <of> all"))  # noqa: S314  ours
    assert tree.get("aria-label") == "Map <of> all"
    assert sorted(a.get("href", "") for a in tree.iter(f"{SVG}a")) == sorted(
        f"../{d.url}" for d in SMALL.dots
    )
    names = [(a.findtext(f"{SVG}text") or a.findtext(f"{SVG}title") or "") for a in tree.iter(f"{SVG}a")]
    assert sorted(names) == sorted(dot.title for dot in SMALL.dots)


def test_names_in_the_picture_do_not_cover_each_other() -> None:
    svg = drawing(SMALL, layout(SMALL), "Map")
    size = int(re.search(r'font-size="(\d+)"', svg)[1])  # type: ignore[index]
    rows = [(int(x), int(y)) for x, y in re.findall(r'<text x="(-?\d+)" y="(-?\d+)" fill', svg)]
    assert len(rows) > 20
    for place, (x, y) in enumerate(rows):
        assert not [1 for u, v in rows[:place] if abs(u - x) < size * 3 and abs(v - y) < size / 2]


def test_the_data_is_what_the_script_reads() -> None:
    read = json.loads(data(SMALL, layout(SMALL)))
    assert read.keys() == {"titles", "urls", "hues", "at", "links"}
    assert len(read["at"]) == 2 * len(read["titles"]) == 2 * len(read["urls"]) == 2 * len(read["hues"])
    assert list(zip(read["links"][::2], read["links"][1::2], strict=True)) == list(SMALL.edges)


# ------------------------------------------------------------------------------------------------ the page


def test_the_map_of_a_site(site: SiteFolder) -> None:
    site.write("ring.md", "---\ntags: [algebra/rings]\n---\n# Ring\n\nA [[group]] and a [[ring]].\n")
    site.write("group.md", "---\ntags: [algebra]\n---\n# Group\n\nSee [[ring]] and [[nothing]].\n")
    site.write("notes/reading.md", "# Reading\n\nFirst [[group]].\n").write("index.md", "All of [[ring]].\n")
    site.build()
    read = json.loads(site.page("graph/map.json"))
    by_title = {title: place for place, title in enumerate(read["titles"])}
    assert by_title.keys() == {"Ring", "Group", "Reading"}, "notes stand on it, the home page does not"
    assert read["hues"][by_title["Ring"]] == read["hues"][by_title["Group"]] == 0, (
        "by the first part of a tag"
    )
    assert read["hues"][by_title["Reading"]] == HUES
    edges = {frozenset(pair) for pair in zip(read["links"][::2], read["links"][1::2], strict=True)}
    assert edges == {
        frozenset({by_title["Ring"], by_title["Group"]}),
        frozenset({by_title["Reading"], by_title["Group"]}),
    }, "each pair once, none with itself"
    page = site.page("graph/index.html")
    assert '<a href="../terms/ring/"><circle' in page
    assert "3 pages" in page
    assert 'data-hue="9"' in page


def test_a_large_map_is_a_file_of_its_own(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grimoire.compose.WHOLE_CHART", 2)
    for name in ("a", "b", "c"):
        site.write(f"{name}.md", f"# {name} term\n\nx\n")
    site.build()
    assert 'href="../graph/map.svg"' in site.page("graph/index.html")
    assert '<noscript class="map"><p>' in site.page("graph/index.html")
    tree = ET.fromstring(site.page("graph/map.svg"))  # noqa: S314  ours
    assert len(list(tree.iter(f"{SVG}circle"))) == 3
    assert WHOLE_CHART == 1500

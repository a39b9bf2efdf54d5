"""Entries inside entries: what is shown, under which ids and numbers, and when a page is made again."""

import re
from collections.abc import Callable

import pytest
from tests.conftest import SiteFolder

from grimoire.nests import DEEPEST, LARGEST, LEAST

RING = """A ring has two operations.[^n] ^lead

[^n]: Both are associative.

## Axioms

Sums commute, and $a(b+c) = ab+ac$.

### Identity

Some ask for a one.

## Examples

$$
\\mathbb{Z}
$$ ^integers
"""


def main_of(html: str) -> str:
    """What stands between the entry's opening and its end mark."""
    return html.split("<article", 1)[1].split('class="finis"', 1)[0]


@pytest.fixture(name="shown")
def _shown(site: SiteFolder) -> Callable[[str], str]:
    def shown(host: str) -> str:
        site.write("ring.md", RING).write("host.md", host)
        built = site.build()
        assert [one.code for one in built.diagnostics] == []
        return main_of(site.page("terms/host/index.html"))

    return shown


def test_a_whole_entry_with_a_link_to_it(shown: Callable[[str], str]) -> None:
    html = shown("The host.\n\n![[ring]]\n")
    assert "Sums commute" in html
    assert "Some ask for a one." in html
    assert re.search(
        r'<a class="t" href="../../terms/ring/">Link to the original<span class="vh">: ring</span></a>', html
    )


def test_a_section_ends_where_the_next_of_its_level_begins(shown: Callable[[str], str]) -> None:
    html = shown("The host.\n\n![[ring#Axioms]]\n")
    assert "Sums commute" in html
    assert "Some ask for a one." in html
    assert "Examples" not in html
    assert "two operations" not in html
    assert 'href="../../terms/ring/#axioms"' in html


@pytest.mark.parametrize(
    "holder", ["> [!note]\n> ## Part\n>\n> Inside.", "> ## Part\n>\n> Inside.", "- ## Part\n\n  Inside.",
               "<details>\n\n## Part\n\nInside.\n\n</details>"],
)  # fmt: skip
def test_a_section_ends_with_the_block_that_holds_it(site: SiteFolder, holder: str) -> None:
    site.write("ring.md", f"## Whole\n\nBefore.\n\n{holder}\n\nBehind.\n")
    site.write("host.md", "The host.\n\n![[ring#Part]]\n").write(
        "other.md", "The other.\n\n![[ring#Whole]]\n"
    )
    assert site.codes() == []
    html = main_of(site.page("terms/host/index.html"))
    assert "Inside." in html
    assert "Behind." not in html
    assert html.count("<div") == html.count("</div>") + 1
    whole = main_of(site.page("terms/other/index.html"))
    assert all(text in whole for text in ("Before.", "Inside.", "Behind."))


def test_a_block(shown: Callable[[str], str]) -> None:
    html = shown("The host.\n\n![[ring#^integers]]\n")
    assert "mathbb{Z}" in html
    assert "Axioms" not in html
    assert "(1)" in html


def test_headings_are_lowered_and_ids_are_unique(shown: Callable[[str], str]) -> None:
    html = shown("The host.\n\n## Axioms\n\n![[ring]]\n\n![[ring]]\n")
    assert re.findall(r"<h(\d) ", html) == ["1", "2", "3", "4", "3", "3", "4", "3"]
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert all(f'id="{name}"' in html for name in re.findall(r'href="#([^"]+)"', html))


def test_a_section_stands_right_below_the_heading_over_it(shown: Callable[[str], str]) -> None:
    html = shown(
        "The host.\n\n![[ring#Identity]]\n\n## Part\n\n### Piece\n\n![[ring#Identity]]\n![[ring#Axioms]]\n"
    )
    assert re.findall(r"<h(\d) ", html) == ["1", "2", "2", "3", "4", "4", "5"]


def test_no_heading_of_the_host_has_the_id_of_an_embedded_one(site: SiteFolder) -> None:
    site.write("ring.md", "A ring.\n\n## Ring\n").write(
        "host.md", "Host.\n\n![[ring]]\n\n## E0 ring\n\n## 0 ring\n"
    )
    site.build()
    ids = re.findall(r' id="([^"]+)"', main_of(site.page("terms/host/index.html")))
    assert len(ids) == len(set(ids)) == 3


@pytest.mark.parametrize(
    ("host", "inner", "languages"),
    [
        ("", "", []),
        ("fr", "fr", ["fr"]),
        ("fr", "", ["fr", "en"]),
        ("", "he", ["he"]),
        ("he", "fr", ["he", "fr"]),
    ],
)
def test_what_is_embedded_keeps_its_language(
    site: SiteFolder, host: str, inner: str, languages: list[str]
) -> None:
    site.write("ring.md", f"---\nlang: {inner}\n---\nA ring.\n" if inner else "A ring.\n")
    text = "Host.\n\n![[ring]]\n"
    site.write("host.md", f"---\nlang: {host}\n---\n{text}" if host else text)
    assert site.codes() == []
    html = main_of(site.page("terms/host/index.html"))
    assert re.findall(r'<div class="tongue" lang="(\w+)" dir="(?:ltr|rtl)">', html) == languages


def test_a_part_brings_the_notes_that_stand_elsewhere(site: SiteFolder) -> None:
    site.write(
        "ring.md",
        "First[^margin], [^end].\n\n[^margin]: In the margin[^inner].\n\n[^inner]: Inside.\n\n"
        "[^end]: - A list[^margin].\n\n## Part\n\nAgain[^end].\n\n## Other\n\nAnd again[^margin].\n",
    )
    site.write("host.md", "The host.\n\n![[ring#Part]]\n\n![[ring#Other]]\n")
    assert site.codes() == []
    html = main_of(site.page("terms/host/index.html"))
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    targets = re.findall(r'(?:popovertarget="|href="#)([^"]+)"', html)
    assert targets
    assert set(targets) <= set(ids)
    assert [html.count(text) for text in ("A list", "In the margin", "Inside.")] == [1, 2, 2]
    assert "First" not in html


def test_notes_are_numbered_as_they_come(shown: Callable[[str], str]) -> None:
    html = shown("First.[^a]\n\n![[ring#^lead]]\n\nLast.[^b]\n\n[^a]: One.\n\n[^b]: Three.\n")
    assert re.findall(r'aria-label="Note (\d)"', html) == ["1", "2", "3"]


NOTED = """Text.[^a]

## One

First.[^b] And[^c] ^named

## Two

Second.[^b] Again.[^c]

[^a]: A.
[^b]: B.
[^c]: C, with:

    - a list
"""


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("#One", ["B.", "C, with:"]),
        ("#Two", ["B.", "C, with:"]),
        ("#^named", ["B.", "C, with:"]),
        ("", ["A.", "B.", "C, with:"]),
    ],
)
def test_a_part_brings_the_notes_that_it_refers_to(site: SiteFolder, part: str, said: list[str]) -> None:
    """Wherever they are defined, and whatever referred to them first at home."""
    site.write("ring.md", NOTED).write("host.md", f"Host.\n\n![[ring{part}]]\n")
    assert site.codes() == []
    html = main_of(site.page("terms/host/index.html"))
    assert [one for one in ("A.", "B.", "C, with:") if one in html] == said
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:popovertarget=|href=")"?#?([^"]+)"', html.replace("../", ""))) <= {
        *ids,
        "terms/ring/",
        "terms/ring/#one",
        "terms/ring/#two",
        "terms/ring/#named",
    }


def test_what_a_note_of_a_part_embeds_and_cites_comes_along(site: SiteFolder) -> None:
    site.write("site.yaml", "bibliography: works.bib\n")
    site.write("works.bib", "@book{noether, author = {Emmy Noether}, title = {Idealtheorie}, year = 1921}\n")
    note = "[^a]: See [@noether].\n\n    ![[other]]\n\n    - $x$\n"
    site.write("ring.md", f"Text.[^a]\n\n## Part\n\nMore.[^a]\n\n{note}").write("other.md", "Of another.\n")
    site.write("host.md", "Host.\n\n![[ring#Part]]\n")
    assert site.codes() == []
    page = site.page("terms/host/index.html")
    assert "Of another." in main_of(page)
    assert page.count("Noether") >= 2
    assert "[@noether]" not in page


def test_a_link_in_another_part_makes_no_host_anew(site: SiteFolder) -> None:
    """A part's record holds what it shows of its entry, and no more."""
    site.write("ring.md", "Text.\n\n## One\n\nOf [[rng]].\n\n## Two\n\nOf $x$.\n").write(
        "host.md", "Host.\n\n![[ring#Two]]\n"
    )
    site.build()
    built = site.write("rng.md", "One without identity.\n").build()
    assert "terms/ring/index.html" in [path for path, _ in built.reasons]
    assert "terms/host/index.html" not in [path for path, _ in built.reasons]


def test_what_ends_a_circle_is_a_link(site: SiteFolder) -> None:
    site.write("a.md", "Text of a.\n\n![[b]]\n").write("b.md", "Text of b.\n\n![[a]]\n")
    assert site.codes() == ["circular-transclusion", "circular-transclusion"]
    html = main_of(site.page("terms/a/index.html"))
    assert html.count("Text of b.") == 1
    assert html.count("Text of a.") == 1
    assert '<p><a class="t" href="../../terms/a/">a</a></p>' in html


def test_parts_of_each_other_are_no_circle(site: SiteFolder) -> None:
    site.write("a.md", "Text of a.\n\n![[b#Part]]\n\n## Whole\n\nMore of a.\n")
    site.write("b.md", "Text of b.\n\n## Part\n\nPiece of b.\n\n## Other\n\n![[a#Whole]]\n")
    assert site.codes() == []
    assert "More of a." in main_of(site.page("terms/b/index.html"))


def test_a_nest_ends_at_its_depth(site: SiteFolder) -> None:
    for number in range(DEEPEST + 2):
        site.write(f"e{number}.md", f"Text {number}.\n\n![[e{number + 1}]]\n")
    site.write(f"e{DEEPEST + 2}.md", "Innermost.\n")
    assert set(site.codes()) == {"deep-transclusion"}
    html = main_of(site.page("terms/e0/index.html"))
    assert f"Text {DEEPEST}." in html
    assert f"Text {DEEPEST + 1}." not in html


def test_who_embeds_what_embeds_itself_is_not_blamed(site: SiteFolder) -> None:
    site.write("a.md", "Text of a.\n\n![[a]]\n").write("host.md", "The host.\n\n![[a]]\n")
    fault = site.only_fault()
    assert fault.code == "circular-transclusion"
    assert fault.path == "content/a.md"
    assert "Text of a." in main_of(site.page("terms/host/index.html"))


def test_a_section_that_embeds_its_own_entry_is_a_circle(site: SiteFolder) -> None:
    site.write("a.md", "Text of a.\n\n## Part\n\nOf the part.\n\n![[#Part]]\n\n![[a]]\n")
    assert site.codes() == ["circular-transclusion", "circular-transclusion"]


def test_a_long_chain_is_cut_not_walked(site: SiteFolder) -> None:
    for number in range(1500):
        site.write(f"e{number}.md", f"Text {number}.\n\n![[e{number + 1}]]\n")
    site.write("e1500.md", "The end.\n")
    assert set(site.codes()) == {"deep-transclusion"}


def test_many_copies_of_copies_come_to_an_end(site: SiteFolder) -> None:
    """Ten entries, each of which embeds ten times each other one: ten thousand million copies five levels down."""
    names = [f"e{number}" for number in range(10)]
    for name in names:
        others = "".join(f"![[{other}]]\n" for other in names if other != name)
        site.write(f"{name}.md", f"Text of {name}.\n\n{others * 10}")
    assert set(site.codes()) == {"circular-transclusion", "deep-transclusion", "large-transclusion"}
    page = site.page("terms/e0/index.html")
    assert 150 < page.count('class="embed"') < LARGEST // LEAST
    assert len(page) < LARGEST


def test_what_is_too_large_is_a_link_and_all_behind_it(site: SiteFolder) -> None:
    site.write("big.md", "word " * (LARGEST // 5 // 2)).write("small.md", "Small.\n")
    site.write("host.md", "Host.\n\n![[small]]\n![[big]]\n![[big]]\n![[small]]\n")
    fault = site.only_fault()
    assert fault.code == "large-transclusion"
    assert (fault.path, fault.message) == ("content/host.md", "`host` embeds more than 2,000,000 characters")
    html = main_of(site.page("terms/host/index.html"))
    assert html.count('class="embed"') == 2
    assert html.count('<p><a class="t"') == 2


def test_what_is_missing_is_wanted(site: SiteFolder) -> None:
    site.write("a.md", "Text of a.\n\n![[nowhere]]\n\n![[a2#^none]]\n").write("a2.md", "Text of a2.\n")
    assert site.codes() == ["missing-term", "missing-anchor"]
    html = main_of(site.page("terms/a/index.html"))
    assert "Not written yet" in html
    assert "Text of a2." not in html


def test_an_embedded_entry_counts_as_mentioned(site: SiteFolder) -> None:
    site.write("a.md", "Text of a.\n\n![[b]]\n").write("b.md", "Text of b.\n")
    site.build()
    assert 'href="../../terms/a/"' in site.page("terms/b/index.html").split('id="_used-by"', 1)[1]


def test_a_change_makes_its_hosts_anew_and_no_other_page(site: SiteFolder) -> None:
    site.write("ring.md", RING).write("host.md", "The host.\n\n![[ring#Examples]]\n").write(
        "other.md", "Another.\n"
    )
    site.build()
    built = site.write("ring.md", RING.replace("Some ask", "Many ask")).build()
    assert sorted(path for path, _ in built.reasons) == ["terms/host/index.html", "terms/ring/index.html"]


def test_links_lead_to_blocks(site: SiteFolder) -> None:
    text = "See [[ring#^integers]], [[ring#^lead|there]] and [[ring#^lead]].\n"
    site.write("ring.md", RING).write("host.md", text)
    assert site.codes() == []
    html = main_of(site.page("terms/host/index.html"))
    assert '<a class="t" href="../../terms/ring/#integers">(1)</a>' in html
    assert '<a class="t" href="../../terms/ring/#lead">lead</a>' in html
    assert 'id="integers"' in site.page("terms/ring/index.html")

"""Citations: what authors may write, and what becomes of it in a style and a language."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grimoire.citations import (
    Citer,
    CitingError,
    Complaint,
    StyleRefused,
    UnknownStyle,
    UnsoundStyle,
    csl_files,
    engine,
    read_bibliography,
    styles,
)
from grimoire.frontend import packages
from grimoire.model import Cite, Cited, Cluster
from grimoire.names import work_anchor
from grimoire.parse.clusters import narrative_at, parse_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

BIBLIOGRAPHY = r"""
@article{shannon1948, author={Claude E. Shannon}, title={A Mathematical Theory of Communication},
  journal={Bell System Technical Journal}, year=1948, month=jul, volume=27, number=3, pages={379--423},
  doi={10.1002/j.1538-7305.1948.tb01338.x}}
@article{kullback1951, author={Kullback, Solomon and Leibler, Richard A.}, journal={Annals of Mathematical Statistics},
  title={On Information and Sufficiency}, year=1951, volume=22, number=1, pages={79--86},
  doi={10.1214/aoms/1177729694}}
@misc{vaswani2017, author={Vaswani, Ashish and Shazeer, Noam and Parmar, Niki and Uszkoreit, Jakob and
  Jones, Llion and Gomez, Aidan N. and Kaiser, {\L}ukasz and Polosukhin, Illia},
  title={Attention Is All You Need}, year=2017, eprint={1706.03762}, archivePrefix={arXiv}}
@misc{brown2020, author={Brown, Tom B. and others}, title={Language Models are Few-Shot Learners}, year=2020,
  eprint={2005.14165}, archivePrefix={arXiv}}
@book{vandervaart1998, author={van der Vaart, A. W.}, title={Asymptotic Statistics}, year=1998,
  publisher={Cambridge University Press}}
@misc{undated, author={{World Health Organization}}, title={No Date Here}}
"""
ITEMS = {item.key: item.csl for item in read_bibliography("refs.bib", BIBLIOGRAPHY)[0]}


Csl = dict[str, object]


def work(key: str, year: int, *authors: str, **fields: object) -> Csl:
    """A work that only the tests know: its authors are letters."""
    names = [{"family": name, "given": "X."} for name in authors]
    return {"id": key, "type": "book", "author": names, "issued": {"date-parts": [[year]]}, **fields}


def clusters(*written: str) -> list[Cluster]:
    found = [parse_cluster(one) for one in written]
    assert None not in found
    return [one for one in found if one]


def cited(*written: str, style: str = "apa", language: str = "en", items: dict[str, Csl] = ITEMS) -> Cited:
    with Citer(style, language) as citer:
        return citer.cite(clusters(*written), items)


def texts(
    *written: str, style: str = "apa", language: str = "en", items: dict[str, Csl] = ITEMS
) -> list[str]:
    return [one.text for one in cited(*written, style=style, language=language, items=items).in_text]


# ------------------------------------------------------------------------------------------------ as written


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[@a]", [Cite("a")]),
        ("[@a; @b]", [Cite("a"), Cite("b")]),
        ("[@a;@b]", [Cite("a"), Cite("b")]),
        ("[-@a]", [Cite("a", mode="year")]),
        ("@a", [Cite("a", mode="narrative")]),
        ("[@a, p. 3]", [Cite("a", "3", "page")]),
        ("[@a, pp. 3-5]", [Cite("a", "3-5", "page")]),
        ("[@a, pp. iv, vi-x]", [Cite("a", "iv, vi-x", "page")]),
        ("[@a p. 3]", [Cite("a", "3", "page")]),
        ("[@a, 33]", [Cite("a", "33", "page")]),
        ("[@a, 33-35, 38 and passim]", [Cite("a", "33-35, 38", "page", suffix=" and passim")]),
        ("[@a, §2.1]", [Cite("a", "2.1", "section")]),
        ("[@a, Section 2.1]", [Cite("a", "2.1", "section")]),
        ("[@a, fig. 3a]", [Cite("a", "3a", "figure")]),
        ("[@a, eq. 7]", [Cite("a", "7", "equation")]),
        ("[@a, vol. 2, p. 3]", [Cite("a", "2", "volume", suffix=", p. 3")]),
        ("[see @a, ch. 2]", [Cite("a", "2", "chapter", prefix="see ")]),
        ("[see @a, p. 3; but also @b]", [Cite("a", "3", "page", "see "), Cite("b", prefix="but also ")]),
        ("[@a, p. 3; but see below]", [Cite("a", "3", "page", suffix="; but see below")]),
        ("[@a and @b]", [Cite("a"), Cite("b", prefix="and ")]),
        ("[@a, 2nd edition]", [Cite("a", suffix=", 2nd edition")]),
        ("[@a and others]", [Cite("a", suffix=" and others")]),
        ("[@a,\nfor a\nproof]", [Cite("a", suffix=", for a proof")]),
        ('[@a{see "Section 2"}]', [Cite("a", suffix=', see "Section 2"')]),
        ('[@a, {see "Proofs"} and more]', [Cite("a", suffix=', see "Proofs" and more')]),
        ("[@a{p. 3}]", [Cite("a", "3", "page")]),
        ("[@a{Section Two}]", [Cite("a", "Two", "section")]),
        ("[@a{}]", [Cite("a")]),
        ("[@a,]", [Cite("a")]),
        ("[@a, p. 3,]", [Cite("a", "3", "page")]),
        ("@a [p. 3]", [Cite("a", "3", "page", mode="narrative")]),
        ('@a{see "Proofs"}', [Cite("a", suffix=', see "Proofs"', mode="narrative")]),
    ],
)
def test_what_is_written_is_understood(written: str, expected: list[Cite]) -> None:
    assert parse_cluster(written) == Cluster(tuple(expected), written)


@pytest.mark.parametrize(
    "key",
    [
        "doi:10.1126/sciadv.aao5580",
        "10.7551/mitpress/5236.001.0001",
        "mikolov-etal-2013-linguistic",
        "a;b",
        "müller_2019",
        "a::b",
        "https://example.org/a",
        "DBLP:conf/nips/VaswaniSPUJGKP17",
        "k+1~2#3&4$5%6?7<8>9",
    ],
)
def test_a_key_may_hold_signs_and_ends_before_punctuation(key: str) -> None:
    assert clusters(f"[@{key}]")[0].cites == (Cite(key),)
    assert clusters(f"[@{key}, p. 3]")[0].cites == (Cite(key, "3", "page"),)
    for behind in (".", ",", ";", ":", "?", ")", "…", "'s", " and", "---and", "--and", "...and"):
        text = f"as @{key}{behind}"
        assert narrative_at(text, 3) == (Cluster((Cite(key, mode="narrative"),), f"@{key}"), 4 + len(key))


def test_braces_take_any_key() -> None:
    assert clusters("[@{10.1002/(sici)1097-4571}, p. 3]")[0].cites == (
        Cite("10.1002/(sici)1097-4571", "3", "page"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "[a]",
        "[@]",
        "[@ a]",
        "[me@example.org]",
        "me",
        "@",
        "@a b",
        "[see; nothing]",
        "@a [softmax]",
    ],
)
def test_what_is_no_citation_is_none(text: str) -> None:
    assert parse_cluster(text) is None


@pytest.mark.parametrize("text", ["me@example.org", "a.@b", "/@scope", "@@a", "-@a"])
def test_a_sign_in_a_word_cites_nothing(text: str) -> None:
    assert narrative_at(text, text.rindex("@")) is None


def test_a_place_behind_a_narrative_key_is_taken_and_a_link_is_not() -> None:
    assert narrative_at("@a [p. 3] says", 0) == (
        Cluster((Cite("a", "3", "page", mode="narrative"),), "@a [p. 3]"),
        9,
    )
    for text in ("@a [softmax] is", "@a [3](x.md)", "@a [[3]]", "@a [see p. 3]"):
        assert narrative_at(text, 0) == (Cluster((Cite("a", mode="narrative"),), "@a"), 2)


@given(st.text(st.sampled_from("[]@a-; ,p.3{}§\n") | st.characters(), max_size=40))
def test_of_any_text_every_key_is_cited_once(text: str) -> None:
    found = parse_cluster(f"[{text}]")
    for cite in found.cites if found else ():
        assert f"@{cite.key}" in text or f"@{{{cite.key}}}" in text
    narrative = narrative_at(f"@{text}", 0)
    if narrative:
        assert f"@{text}"[: narrative[1]] == narrative[0].written


# ------------------------------------------------------------------------------------------------ author and date


def test_author_and_date() -> None:
    assert texts(
        "[@shannon1948]", "[@kullback1951]", "[@vaswani2017]", "[@undated]", "[@vandervaart1998]", "[@brown2020]"
    ) == [
        "(Shannon, 1948)",
        "(Kullback & Leibler, 1951)",
        "(Vaswani et al., 2017)",
        "(World Health Organization, n.d.)",
        "(van der Vaart, 1998)",
        "(Brown et al., 2020)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("@vaswani2017", "Vaswani et al. (2017)"),
        ("@kullback1951 [p. 80]", "Kullback and Leibler (1951, p. 80)"),
        ("[@kullback1951, p. 80]", "(Kullback & Leibler, 1951, p. 80)"),
        ('@brown2020{see "Limitations"}', "Brown et al. (2020, see “Limitations”)"),
        ("[-@vaswani2017]", "(2017)"),
        ("[-@vaswani2017, p. 3]", "(2017, p. 3)"),
        ("[@vaswani2017; @shannon1948]", "(Shannon, 1948; Vaswani et al., 2017)"),
        ("[@vaswani2017, p. 3]", "(Vaswani et al., 2017, p. 3)"),
        ("[@vaswani2017, pp. 3-5]", "(Vaswani et al., 2017, pp. 3–5)"),
        ("[@shannon1948, table 2]", "(Shannon, 1948, Table 2)"),
        ("[see @shannon1948, for a proof]", "(see Shannon, 1948, for a proof)"),
        ('[@brown2020{see "Few-Shot Learning"}]', "(Brown et al., 2020, see “Few-Shot Learning”)"),
        ('[@brown2020, see "Few-Shot Learning"]', "(Brown et al., 2020, see “Few-Shot Learning”)"),
    ],
)
def test_one_citation(written: str, expected: str) -> None:
    assert texts(written) == [expected]


def test_works_of_one_author_and_year_are_told_apart() -> None:
    items = {
        str(one["id"]): one
        for one in (work("b", 2019, "A", title="Beta"), work("a", 2019, "A", title="Alpha"))
    }
    both = cited("[@b]", "[@a]", "[@a; @b]", "@b", items=items)
    assert [one.text for one in both.in_text] == [
        "(A, 2019b)",
        "(A, 2019a)",
        "(A, 2019a, 2019b)",
        "A (2019b)",
    ]
    assert [(one.key, one.text.text) for one in both.listed] == [
        ("a", "A, X. (2019a). Alpha."), ("b", "A, X. (2019b). Beta."),
    ]  # fmt: skip
    assert texts("[@b]", items=items) == ["(A, 2019)"], "another page knows nothing of this one"


def test_the_list_holds_what_is_cited_once_in_the_order_of_the_style() -> None:
    both = cited("[@vaswani2017]", "[@shannon1948; @vaswani2017]")
    assert [one.key for one in both.listed] == ["shannon1948", "vaswani2017"]
    shannon, vaswani = (one.text.text for one in both.listed)
    assert shannon == (
        "Shannon, C. E. (1948). A Mathematical Theory of Communication. Bell System Technical Journal, 27(3), "
        "379–423. https://doi.org/10.1002/j.1538-7305.1948.tb01338.x"
    )
    assert vaswani == (
        "Vaswani, A., Shazeer, N., Parmar, N., Uszkoreit, J., Jones, L., Gomez, A. N., Kaiser, Ł., & Polosukhin, I. "
        "(2017). Attention Is All You Need (arXiv:1706.03762). arXiv. https://arxiv.org/abs/1706.03762"
    )


def test_a_citation_leads_to_its_line_and_the_line_to_the_work() -> None:
    both = cited("[see @vaswani2017; @shannon1948]", "@shannon1948")
    assert both.in_text[0].html == (
        '(<a class="cite" href="#_ref-shannon1948">Shannon, 1948</a>; '
        '<a class="cite" href="#_ref-vaswani2017">see Vaswani et al., 2017</a>)'
    )
    assert both.in_text[1].html == '<a class="cite" href="#_ref-shannon1948">Shannon (1948)</a>'
    assert (
        '<a class="x" href="https://doi.org/10.1002/j.1538-7305.1948.tb01338.x">' in both.listed[0].text.html
    )
    assert '<a class="x" href="https://arxiv.org/abs/1706.03762">' in both.listed[1].text.html


@pytest.mark.parametrize(
    "key", ["a", "doi:10.1/a(b)'c", "a b", "ключ", "a/b;c,d@e+f=g$h!i*j~k", 'a"<b>&c%', "𝔸"]
)
def test_both_ends_of_a_link_agree(key: str) -> None:
    item = work(key, 2019, "A")
    with Citer("apa", "en") as citer:
        made = citer.cite([Cluster((Cite(key),))], {key: item})
    assert f'href="#{work_anchor(key)}"' in made.in_text[0].html
    assert re.fullmatch(r"_ref-[\w/:;,@+=$!*~.%-]+", work_anchor(key), re.ASCII)
    assert made.listed[0].key == key


# ------------------------------------------------------------------------------------------------ missing keys


def test_a_missing_key_stays_as_it_is_written() -> None:
    both = cited("[@nobody, p. 3]", "[see @nobody; @shannon1948; @none, p. 3]", "@nobody")
    assert [one.text for one in both.in_text] == [
        "[@nobody, p. 3]",
        "(see @nobody; Shannon, 1948; @none, page 3)",
        "@nobody",
    ]
    assert [one.key for one in both.listed] == ["shannon1948"]


def test_a_page_that_cites_nothing_known_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.Engine, "ask", lambda *_: pytest.fail("the engine was asked"))
    with Citer("apa", "en") as citer:
        made = citer.cite(clusters("[@nobody]", "[@none]"), ITEMS)
        assert citer.cite([], ITEMS) == Cited((), (), (), is_note=False)
        assert citer.references({}) == ()
    assert [one.text for one in made.in_text] == ["[@nobody]", "[@none]"]
    assert made.listed == ()


# ------------------------------------------------------------------------------------------------ styles, languages


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("ieee", ["[1]", "[2, p. 3]", "Vaswani et al. [2]", "[1], [2]"]),
        ("vancouver", ["(1)", "(2)", "Vaswani et al. (2)", "(1,2)"]),
        ("nature", ["1", "2", "Vaswani et al. 2", "1,2"]),
        ("mla", ["(Shannon)", "(Vaswani et al. 3)", "Vaswani et al.", "(Shannon; Vaswani et al.)"]),
        (
            "chicago-author-date",
            ["(Shannon 1948)", "(Vaswani et al. 2017, 3)", "Vaswani et al. (2017)", "(Shannon 1948; Vaswani et al. 2017)"],
        ),
        (
            "harvard",
            ["(Shannon, 1948)", "(Vaswani et al., 2017, p. 3)", "Vaswani et al. (2017)", "(Shannon, 1948; Vaswani et al., 2017)"],
        ),
        (
            "acl",
            ["(Shannon, 1948)", "(Vaswani et al., 2017)", "Vaswani et al. (2017)", "(Shannon, 1948; Vaswani et al., 2017)"],
        ),
    ],
)  # fmt: skip
def test_styles(style: str, expected: list[str]) -> None:
    written = ("[@shannon1948]", "[@vaswani2017, p. 3]", "@vaswani2017", "[@shannon1948; @vaswani2017]")
    assert texts(*written, style=style) == expected


def test_a_numeric_list_begins_with_the_numbers_and_a_range_is_drawn_together() -> None:
    both = cited("[@vaswani2017; @shannon1948; @kullback1951]", style="springer-basic-brackets")
    assert both.in_text[0].text == "[1–3]"
    assert both.listed[0].text.html.startswith('<span class="csl-number">1.</span> Vaswani A')


def test_notes_are_texts_of_their_own() -> None:
    both = cited(
        "[@shannon1948, p. 380]", "@kullback1951", "[@shannon1948]", style="chicago-notes-bibliography"
    )
    assert both.is_note
    first, second, third = (one.text for one in both.in_text)
    assert first.startswith("Claude E. Shannon, “A Mathematical Theory of Communication,” Bell System")
    assert "380" in first
    assert second.startswith("Solomon Kullback and Richard A. Leibler, “On Information and Sufficiency,”")
    assert third == "Shannon, “A Mathematical Theory of Communication.”"
    assert [one.text for one in both.names] == ["", "Kullback and Leibler", ""]
    assert not cited("[@shannon1948]").is_note


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "fr",
            ["(World Health Organization, s. d.)", "(Shannon, 1948, p. 3‑5)", "(Shannon, 1948, see « X »)"],
        ),
        (
            "fr-CA",
            ["(World Health Organization, s. d.)", "(Shannon, 1948, p. 3‑5)", "(Shannon, 1948, see « X »)"],
        ),
        ("de", ["(World Health Organization, o. J.)", "(Shannon, 1948, S. 3–5)", "(Shannon, 1948, see „X“)"]),
        ("xx", ["(World Health Organization, n.d.)", "(Shannon, 1948, pp. 3–5)", "(Shannon, 1948, see “X”)"]),
    ],
)
def test_languages(language: str, expected: list[str]) -> None:
    written = ("[@undated]", "[@shannon1948, pp. 3-5]", '[@shannon1948{see "X"}]')
    found = texts(*written, language=language)
    assert [re.sub(r"[\u00a0\u202f]", " ", one) for one in found] == expected


def test_every_shipped_style_sets_links_and_lists() -> None:
    assert {"apa", "ieee", "chicago-author-date", "mla", "modern-language-association", "vancouver"} <= {
        *styles()
    }
    for style in sorted({*styles()} - {*csl_files._ALIASES}):
        both = cited("[@shannon1948; @vaswani2017]", "[@kullback1951, p. 80]", "@brown2020", style=style)
        assert len(both.listed) == 4, style
        assert not any("[" in one.text and "FORM" in one.text for one in both.in_text), style
        assert both.is_note or all('<a class="cite"' in one.html for one in both.in_text), style


def test_an_unknown_style_is_told_with_near_names() -> None:
    with pytest.raises(UnknownStyle, match="there is no citation style `chicago-author-dat`") as caught:
        Citer("chicago-author-dat.csl", "en")
    assert caught.value.near[0] == "chicago-author-date"


def test_an_author_may_bring_a_style() -> None:
    text = (packages().citations / "styles" / "ieee.csl").read_text(encoding="utf-8")
    assert texts("[@shannon1948]", style=text) == ["[1]"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<html></html>", "the text has no `<style>` of CSL"),
        (
            '<style xmlns="http://purl.org/net/xbiblio/csl"><link href="/styles/nature" rel="independent-parent"/></style>',
            "the style only refers to `nature`",
        ),
        ('<style xmlns="http://purl.org/net/xbiblio/csl"/>', "the style does not say how to cite"),
    ],
)
def test_a_text_that_is_no_style_is_told(text: str, message: str) -> None:
    with pytest.raises(UnsoundStyle, match=message):
        Citer(text, "en")


def test_a_style_that_citeproc_refuses_is_told() -> None:
    text = '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><citation><layout><nonsense/></layout></citation></style>'
    with Citer(text, "en") as citer, pytest.raises(StyleRefused, match="citeproc refuses the style"):
        citer.start()


# ------------------------------------------------------------------------------------------------ pure, remembered


def test_what_a_page_gets_depends_on_it_alone() -> None:
    pages = [
        clusters("[@vaswani2017]", "@shannon1948"),
        clusters("[@shannon1948]", "[@kullback1951]"),
        clusters("[@kullback1951]"),
    ]
    for style in ("apa", "ieee", "chicago-notes-bibliography"):
        with Citer(style, "en") as citer:
            forth = [citer.cite(page, ITEMS) for page in pages]
            listed = citer.references(ITEMS)
            back = [citer.cite(page, ITEMS) for page in reversed(pages)]
        turned = dict(reversed(ITEMS.items()))
        with Citer(style, "en") as other:
            assert other.references(turned) == listed
            assert other.cite(pages[1], turned) == forth[1]
        assert forth == back[::-1]
        assert len(listed) >= len(ITEMS) - 1


def test_building_the_macros_of_sort_keys_once_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """`cite.js` has citeproc build what it sorts by as it builds what it prints."""
    authors = ["A", "B", "A", "C"]
    items = {
        f"k{n}": work(
            f"k{n}", 2000 + n % 3, *authors[n % 4 : n % 4 + 1 + n % 3], title=f"T{n % 5}", volume=str(n)
        )
        for n in range(24)
    }
    page = [Cluster((Cite(f"k{n}"), Cite(f"k{(n * 7) % 24}"))) for n in range(24)]
    found = {}
    for name in ("apa", "mla", "nature", "acl"):
        with Citer(name, "en") as citer:
            found[name] = citer.cite(page, items)
    call = engine.Citeproc._call

    def unshared(self: engine.Citeproc, function: str, request: object) -> str:
        if function == "open":
            self.evaluate("CSL.expandMacro = expand; 0")
        return call(self, function, request)

    monkeypatch.setattr(engine.Citeproc, "_call", unshared)
    for name, expected in found.items():
        with Citer(name, "en") as citer:
            assert citer.cite(page, items) == expected


@pytest.mark.parametrize("style", ["apa", "ieee", "mla", "acl", "chicago-notes-bibliography", "oscola"])
def test_citations_are_set_as_by_citeproc_s_own_loop(style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = clusters(
        "[@shannon1948]", "[@shannon1948, p. 380]", "[@shannon1948, p. 380]", "@kullback1951", "[@shannon1948; @brown2020]",
        "[-@shannon1948]", "[@undated]", "@kullback1951", "[see @vaswani2017; @kullback1951, p. 5]", "[@undated]", "[@brown2020]",
    )  # fmt: skip
    with Citer(style, "en") as citer:
        found = citer.cite(page, ITEMS)
    call = engine.Citeproc._call

    def with_its_own_loop(self: engine.Citeproc, function: str, request: object) -> str:
        if function == "cite":
            own = "engine.rebuildProcessorState(citations, FORMAT, []).map(([, , text]) => text)"
            self.evaluate(f"processed = (citations) => {own}; 0")
        return call(self, function, request)

    monkeypatch.setattr(engine.Citeproc, "_call", with_its_own_loop)
    with Citer(style, "en") as citer:
        assert citer.cite(page, ITEMS) == found


@pytest.mark.parametrize(
    ("style", "written"),
    [("apa", "[@shannon1948]"), ("apa", "[@shannon1948, p. {}]"), ("ieee", "@shannon1948 [p. {}]")],
)
def test_four_times_the_citations_take_four_times_the_work(style: str, written: str) -> None:
    counting = "var count = 0; for (const name of ['indexOf', 'push']) { const own = Array.prototype[name]; "
    counting += "Array.prototype[name] = function (...all) { count++; return own.apply(this, all); }; } 0"

    def work_of(size: int) -> int:
        page = [
            {
                "cites": [
                    {"id": "shannon1948", "locator": str(number)} if "{" in written else {"id": "shannon1948"}
                ],
                "narrative": written.startswith("@"),
            }
            for number in range(size)
        ]
        isolate.evaluate("count = 0")
        assert not isolate.ask("cite", {"citations": page, "items": [ITEMS["shannon1948"]]}).complaint
        return int(isolate.evaluate("count"))

    isolate = engine.Citeproc(csl_files.style_text(style), "en")
    try:
        isolate.start()
        isolate.evaluate(counting)
        work_of(1)
        assert work_of(160) < 4.5 * work_of(40)
    finally:
        isolate.close()


def test_where_positions_count_a_long_page_begins_anew() -> None:
    texts = [one.text for one in cited(*["[@shannon1948]"] * 502, style="chicago-notes-bibliography").in_text]
    assert texts[500] == texts[0]
    assert texts[501] == texts[1]
    assert texts[1] != texts[0]


# ------------------------------------------------------------------------------------------------ harmless


class Harmless(HTMLParser):
    """Collects what markup should not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = {"a": {"class", "href"}, "span": {"class"}}.get(tag, set())
        if (
            tag not in {"a", "b", "em", "i", "span", "sub", "sup"}
            or not {name for name, _ in attrs} <= allowed
        ):
            self.found.append(f"{tag} {attrs}")
        address = dict(attrs).get("href") or "#"
        if not address.startswith(("#_ref-", "https://", "http://")) and tag == "a":
            self.found.append(address)
        self.depth += tag == "a"
        if self.depth > 1:
            self.found.append("a link in a link")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "a"


def harm(html: str) -> list[str]:
    parser = Harmless()
    parser.feed(html)
    parser.close()
    return parser.found


@pytest.fixture(scope="module", params=["apa", "ieee", "chicago-notes-bibliography"])
def citer(request: pytest.FixtureRequest) -> Iterator[Citer]:
    with Citer(request.param, "en") as citer:
        yield citer


SIGNS = [
    "<",
    ">",
    '"',
    "'",
    "&",
    "<b>",
    "</i>",
    "<script>",
    "javascript:",
    "<span class='nocase'>",
    "[",
    "$",
    "%",
]
NASTY = st.lists(
    st.sampled_from(SIGNS) | st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\0"),
    max_size=12,
).map("".join)


@given(NASTY, NASTY, NASTY, NASTY)
@settings(max_examples=40, deadline=None)
def test_any_work_is_set_as_harmless_markup(
    citer: Citer, title: str, name: str, url: str, affix: str
) -> None:
    item = work(
        "k",
        2019,
        name,
        title=title,
        URL=f"https://a.example/{url}",
        DOI=url,
        volume=affix,
        **{"container-title": name},
    )
    cites = (Cite("k", prefix=affix, suffix=affix, locator=affix, label="page"), Cite(title or "x"))
    made = citer.cite(
        [Cluster(cites, f"[{affix}]"), Cluster((Cite("k", mode="narrative"),)), Cluster(cites[1:])],
        {"k": item},
    )
    for fragment in (*made.in_text, *made.names, *(one.text for one in made.listed)):
        assert harm(fragment.html) == []
        assert "\0" not in fragment.html
        tree = html5lib.parseFragment(fragment.html, namespaceHTMLElements=False)
        assert "".join(tree.itertext()) == fragment.text.replace("\r\n", "\n").replace("\r", "\n")


# ------------------------------------------------------------------------------------------------ the engine


def test_an_engine_is_started_once_and_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    import py_mini_racer

    alive: list[object] = []
    started: list[object] = []

    class Counted(py_mini_racer.MiniRacer):
        def __init__(self) -> None:
            super().__init__()
            alive.append(self)
            started.append(self)

        def close(self, *_: object) -> None:
            alive.remove(self)
            super().close()

    monkeypatch.setattr(py_mini_racer, "MiniRacer", Counted)
    with Citer("ieee", "en") as citer:
        assert started == []
        citer.cite(clusters("[@shannon1948]"), ITEMS)
        citer.cite(clusters("[@kullback1951]"), ITEMS)
        assert len(started) == len(alive) == 1
    assert alive == []
    thrown_away = Citer("ieee", "en")
    thrown_away.cite(clusters("[@shannon1948]"), ITEMS)
    assert len(alive) == 1
    del thrown_away
    assert alive == []


def test_an_engine_that_stops_is_given_back_and_another_made(monkeypatch: pytest.MonkeyPatch) -> None:
    with Citer("ieee", "en") as citer:
        citer.cite(clusters("[@shannon1948]"), ITEMS)
        thread = citer._engine._thread
        assert thread
        thread.submit(citer._engine._citeproc.evaluate, "grimoire.cite = () => { for (;;); }; 0").result()
        monkeypatch.setattr(engine, "SECONDS", 0.2)
        with pytest.raises(CitingError, match="the engine that sets citations failed: JSTimeoutException"):
            citer.cite(clusters("[@shannon1948]"), ITEMS)
        monkeypatch.undo()
        assert citer.cite(clusters("[@shannon1948]"), ITEMS).in_text[0].text == "[1]"


def test_what_citeproc_complains_of_is_told() -> None:
    with Citer("ieee", "en") as citer, pytest.raises(Complaint, match="citeproc says: "):
        citer._engine.ask(
            "cite", {"items": [], "citations": [{"cites": [{"id": "gone"}], "narrative": False}]}
        )()


def test_a_citer_loads_no_engine_before_it_is_asked() -> None:
    code = (
        "import sys; from grimoire.citations import Citer\n"
        "Citer('apa', 'en').close()\n"
        "assert not {'py_mini_racer', 'bibtexparser', 'pylatexenc'} & sys.modules.keys()"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_short_names_lead_to_shipped_styles() -> None:
    shipped = {path.stem for path in (packages().citations / "styles").glob("*.csl")}
    assert set(csl_files._ALIASES.values()) <= shipped
    assert not set(csl_files._ALIASES) & shipped

"""Bibliographies: what each form of an entry becomes, and that no file stops a build."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grimoire.citations import near, read_bibliography, unique
from grimoire.citations.dates import iso_date, written_date
from grimoire.citations.people import OTHERS, people
from grimoire.citations.tex import marked, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grimoire.citations import Item
    from grimoire.diagnostics import Diagnostic

SHANNON = r"""@article{shannon1948,
  author  = {Claude E. Shannon},
  title   = {A Mathematical Theory of Communication},
  journal = {Bell System Technical Journal},
  year    = 1948, month = jul, volume = 27, number = 3, pages = {379--423},
  doi     = {10.1002/j.1538-7305.1948.tb01338.x},
}"""


def read(text: str, path: str = "refs.bib") -> tuple[dict[str, Item], list[Diagnostic]]:
    items, faults = read_bibliography(path, text)
    return {item.key: item for item in items}, faults


def one(text: str) -> Mapping[str, object]:
    """The CSL of the only entry of a file in which nothing is wrong."""
    (item,), faults = read_bibliography("refs.bib", text)
    assert faults == []
    return item.csl


# ------------------------------------------------------------------------------------------------ entries


def test_an_article_keeps_its_place_and_its_text() -> None:
    text = f"% what I have read\n\n{SHANNON}\n"
    (item,), faults = read_bibliography("notes/refs.bib", text)
    assert faults == []
    assert (item.key, item.path, item.form) == ("shannon1948", "notes/refs.bib", "bibtex")
    assert item.written == text[item.span.start : item.span.end] == SHANNON
    assert item.csl == {
        "id": "shannon1948",
        "type": "article-journal",
        "author": [{"family": "Shannon", "given": "Claude E."}],
        "title": "A Mathematical Theory of Communication",
        "container-title": "Bell System Technical Journal",
        "volume": "27",
        "issue": "3",
        "page": "379-423",
        "issued": {"date-parts": [[1948, 7]]},
        "DOI": "10.1002/j.1538-7305.1948.tb01338.x",
    }


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            "@InProceedings{k, booktitle = {Advances}}",
            {"type": "paper-conference", "container-title": "Advances"},
        ),
        (
            "@conference(k, booktitle = {Advances})",
            {"type": "paper-conference", "container-title": "Advances"},
        ),
        ("@phdthesis{k, school = {MIT}}", {"type": "thesis", "genre": "PhD thesis", "publisher": "MIT"}),
        ("@thesis{k, type = {mathesis}}", {"type": "thesis", "genre": "Master’s thesis"}),
        ("@techreport{k, number = 7}", {"type": "report", "genre": "Technical report", "number": "7"}),
        ("@book{k, number = 7, series = {LNCS}}", {"collection-number": "7", "collection-title": "LNCS"}),
        ("@incollection{k, address = {Paris}}", {"type": "chapter", "publisher-place": "Paris"}),
        ("@whatever{k, title = {T}}", {"type": "document", "title": "T"}),
        ("@online{k, title = {T}, subtitle = {S}}", {"type": "webpage", "title": "T: S"}),
        ("@book{k, title = {Why?}, subtitle = {S}}", {"title": "Why? S"}),
        ("@online{k, urldate = {2024-01-02}}", {"accessed": {"date-parts": [[2024, 1, 2]]}}),
        ("@book{k, langid = {ngerman}}", {"language": "de"}),
        ("@book{k, language = {fr}}", {"language": "fr"}),
        ("@misc{k, howpublished = {\\url{https://a.example/b_c}}}", {"URL": "https://a.example/b_c"}),
        ("@misc{k, howpublished = {A talk}}", {"publisher": "A talk"}),
        ("@misc{k, url = {https://a.example/50\\%\\_x}}", {"URL": "https://a.example/50%_x"}),
        ("@article{k, doi = {https://doi.org/10.1/a_b}}", {"DOI": "10.1/a_b"}),
        ("@article{k, pages = {3 -- 5}}", {"page": "3-5"}),
        ("@article{k, entrysubtype = {newspaper}}", {"type": "article-newspaper"}),
        ("@patent{k, holder = {Inria}}", {"author": [{"family": "Inria"}]}),
        ("@article{k, YEAR = 1948}", {"issued": {"date-parts": [[1948]]}}),
        ("@article{k, year = {in press}}", {"issued": {"literal": "in press"}}),
        ("@article{k, date = {2017-06}, year = 1900}", {"issued": {"date-parts": [[2017, 6]]}}),
    ],
)
def test_types_and_fields(entry: str, expected: dict[str, object]) -> None:
    assert expected.items() <= one(entry).items()


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            "@misc{k, title = {T}, eprint = {1706.03762}, archivePrefix = {arXiv}, primaryClass = {cs.CL}}",
            {"type": "article", "publisher": "arXiv", "number": "arXiv:1706.03762"},
        ),
        ("@online{k, eprint = {arXiv:1706.03762}, eprinttype = {arxiv}}", {"type": "webpage"}),
        ("@article{k, journal = {arXiv preprint arXiv:1706.03762}}", {"type": "article-journal"}),
    ],
)
def test_a_preprint_has_the_address_of_its_archive(entry: str, expected: dict[str, object]) -> None:
    csl = one(entry)
    assert csl["URL"] == "https://arxiv.org/abs/1706.03762"
    assert expected.items() <= csl.items()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"Bell " # nips', "Bell Advances in NIPS"),
        ("NIPS", "Advances in NIPS"),
        ("{Advances} # { in } # 30", "Advances in 30"),
        ('"a {"}quoted{"} word"', 'a "quoted" word'),
        ('{a "quoted" word}', 'a "quoted" word'),
        ('"a {b {c {d {e}}}} f"', "a b c d e f"),
        (r"{a \} b}", "a } b"),
        ("{a, b = c @ d}", "a, b = c @ d"),
        ("1948", "1948"),
    ],
)
def test_values(value: str, expected: str) -> None:
    text = f"@string{{nips = {{Advances in NIPS}}}}\n@book{{k, publisher = {value}}}"
    assert one(text)["publisher"] == expected


def test_what_is_no_entry_is_passed_over() -> None:
    text = (
        'mail me @ home\n@comment{@book{a, title={A}}}\n@preamble{"\\newcommand{\\x}{}"}\n@book{k, title={B}}'
    )
    assert one(text)["title"] == "B"


def test_cross_references_complete_an_entry() -> None:
    items, faults = read(
        "@inproceedings{a, title={A}, crossref={c}}\n@inbook{b, title={B}, xdata={d}}\n"
        "@proceedings{c, title={Proceedings}, editor={Ed Itor}, year=2017, note={big}}\n@xdata{d, publisher={P}}"
    )
    assert faults == []
    assert items.keys() == {"a", "b", "c"}
    a = items["a"].csl
    assert (a["title"], a["container-title"]) == ("A", "Proceedings")
    assert a["editor"] == [{"family": "Itor", "given": "Ed"}]
    assert a["issued"] == {"date-parts": [[2017]]}
    assert "note" not in a
    assert items["b"].csl["publisher"] == "P"


def test_what_is_copied_brings_the_texts_and_the_entries_that_it_names() -> None:
    (chapter, book), _ = read_bibliography(
        "a.bib",
        "@string{cup = {Cambridge University Press}}\n@string{unused = {x}}\n"
        "@inbook{one, author = {A}, title = {One}, month = jan, crossref = {all}}\n"
        "@book{all, editor = {B}, title = {All}, publisher = cup # { }, year = 1999}\n",
    )
    assert book.written == (
        "@string{cup = {Cambridge University Press}}\n\n"
        "@book{all, editor = {B}, title = {All}, publisher = cup # { }, year = 1999}"
    )
    assert chapter.written == (
        "@string{cup = {Cambridge University Press}}\n\n"
        "@inbook{one, author = {A}, title = {One}, month = jan, crossref = {all}}\n\n"
        "@book{all, editor = {B}, title = {All}, publisher = cup # { }, year = 1999}"
    )
    again = {item.key: item.csl for item in read_bibliography("b.bib", chapter.written)[0]}
    assert again == {"one": chapter.csl, "all": book.csl}


def test_a_circle_of_cross_references_ends() -> None:
    items, faults = read("@book{a, crossref={b}}\n@book{b, crossref={a}, title={B}}")
    assert faults == []
    assert items["a"].csl["title"] == "B"


# ------------------------------------------------------------------------------------------------ TeX


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"G{\"o}del", "Gödel"),
        (r"Erd{\H o}s and Erd\H{o}s", "Erdős and Erdős"),
        (r"{\L}ukasz \'{\i} \v{S} \o\ss{} \c c", "Łukasz í Š øß ç"),
        (r"50\% off \& more \_ 3\$", "50% off & more _ 3$"),
        ("50% off, $5 only", "50% off, $5 only"),
        ("{Theory} & Practice, C# and a_b", "Theory & Practice, C# and a_b"),
        (r"``quoted'' a--b---c~d", "“quoted” a–b—c\u00a0d"),
        (r"$\alpha$-{VAE} and $\ell_1$", "α-VAE and ℓ_1"),
        (r"{\noopsort{1973b}}1973", "1973"),
        (r"\href{https://a.example}{text} \texttt{code}", "text code"),
        (r"\unknown{kept}", "kept"),
        ("a\n  b", "a b"),
    ],
)
def test_tex_becomes_words(tex: str, text: str) -> None:
    assert plain(tex) == text


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        ("The {BERT} model", 'The <span class="nocase">BERT</span> model'),
        (r"{\'E}cole", "École"),
        (r"\emph{E. coli} {\it b} \textbf{c}", "<i>E. coli</i> <i>b</i> <b>c</b>"),
        (
            r"C$_{60}$ and $x_i^{2k}$ \textsuperscript{2}",
            "C<sub>60</sub> and x<sub>i</sub><sup>2k</sup> <sup>2</sup>",
        ),
        (r"\textsc{Ab}", '<span style="font-variant:small-caps;">Ab</span>'),
        (r"\enquote{Ab}", "“Ab”"),
    ],
)
def test_a_title_keeps_what_csl_can_show(tex: str, text: str) -> None:
    assert marked(tex) == text


@pytest.mark.parametrize(
    "tex", ["{" * 500, "}" * 500, "$x_i" * 3000, r"\emph{" * 300, "\\" * 5000, r"{\em " * 300]
)
def test_odd_tex_is_read_in_time(tex: str) -> None:
    assert isinstance(marked(tex), str)


@given(st.text(st.sampled_from("\\{}$_^ ae'\"~-%&#emph`"), max_size=40))
def test_any_tex_is_read(tex: str) -> None:
    assert "\\emph{" not in plain(tex) or "{" in tex
    assert re.sub(r"</?(?:i|b|sub|sup|span[^>]*)>", "", marked(tex)).count("<") == 0


# ------------------------------------------------------------------------------------------------ names, dates


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Vaswani, Ashish", [{"family": "Vaswani", "given": "Ashish"}]),
        ("Claude E. Shannon", [{"family": "Shannon", "given": "Claude E."}]),
        ("A\n and B", [{"family": "A"}, {"family": "B"}]),
        ("{World Health Organization}", [{"literal": "World Health Organization"}]),
        ("{Inria} and {Barnes and Noble}", [{"literal": "Inria"}, {"literal": "Barnes and Noble"}]),
        ("van der Vaart, A. W.", [{"family": "Vaart", "given": "A. W.", "non-dropping-particle": "van der"}]),
        (
            "Ludwig van Beethoven",
            [{"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"}],
        ),
        ("King, Jr, Martin Luther", [{"family": "King", "given": "Martin Luther", "suffix": "Jr"}]),
        (r"{\'E}variste Galois", [{"family": "Galois", "given": "Évariste"}]),
        ("Brown, Tom and others", [{"family": "Brown", "given": "Tom"}, OTHERS]),
        (
            "family=Gogh, given=Vincent, prefix=van, useprefix=true",
            [{"family": "Gogh", "given": "Vincent", "non-dropping-particle": "van"}],
        ),
        ("a, b, c, d, e", [{"literal": "a, b, c, d, e"}]),
        ("", []),
    ],
)
def test_names(value: str, expected: list[dict[str, str]]) -> None:
    assert people(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2017-06-12", {"date-parts": [[2017, 6, 12]]}),
        ("1995/1998", {"date-parts": [[1995], [1998]]}),
        ("1990-05/1991", {"date-parts": [[1990], [1991]]}),
        ("1990-05-02/1991-06", {"date-parts": [[1990, 5], [1991, 6]]}),
        ("1948~", {"date-parts": [[1948]], "circa": True}),
        ("2019-21", {"date-parts": [[2019]], "season": 1}),
        ("2020/", {"date-parts": [[2020]]}),
        ("2020-13-45", {"date-parts": [[2020]]}),
        ("forthcoming", {"literal": "forthcoming"}),
        ("", {}),
    ],
)
def test_dates(text: str, expected: dict[str, object]) -> None:
    assert iso_date(text) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("2017", "jun", ""), [2017, 6]),
        (("2017", "June", "12"), [2017, 6, 12]),
        (("2017", "6", "12"), [2017, 6, 12]),
        (("2017", "juin", "12"), [2017]),
    ],
)
def test_dates_in_parts(fields: tuple[str, str, str], expected: list[int]) -> None:
    assert written_date(*fields) == {"date-parts": [expected]}


# ------------------------------------------------------------------------------------------------ faults


def said(text: str, fault: Diagnostic) -> tuple[str, str, str]:
    """Code, message and the text pointed at."""
    assert fault.span is not None
    return fault.code, fault.message, text[fault.span.start : fault.span.end]


@pytest.mark.parametrize(
    ("broken", "message", "place", "why"),
    [
        (
            "@article{open, title = {No end, year = 1948}",
            "the entry `open` cannot be read",
            "@article{open, title = {No end, year = 1948}",
            "another entry begins before this one is closed, so it is left out",
        ),
        (
            "@article{twice title = {T}}",
            "the entry `twice` cannot be read",
            "@article{twice title =",
            "no comma stands behind its key, so it is left out",
        ),
        ("@book{, title = {T}}", "an entry has no key", "@book{, title = {T}}", "nothing can name it"),
        (
            "@book{k, publisher = mit}",
            "no text `mit` is defined",
            "mit",
            "a word without braces stands for an `@string`",
        ),
    ],
)
def test_a_broken_entry_is_told_and_stops_no_other(broken: str, message: str, place: str, why: str) -> None:
    text = f"@book{{first, title = {{A}}}}\n{broken}\n{SHANNON}\n"
    items, faults = read(text)
    assert {"first", "shannon1948"} <= items.keys()
    assert [said(text, fault) for fault in faults] == [("broken-bibliography", message, place)]
    assert faults[0].why == why
    assert faults[0].help


def test_the_last_entry_may_be_open() -> None:
    items, (fault,) = read(f"{SHANNON}\n@book{{open, title = {{T}}")
    assert items.keys() == {"shannon1948"}
    assert fault.why == "the file ends before it is closed, so it is left out"


def test_a_key_that_comes_twice_is_told_and_the_first_counts() -> None:
    text = "@book{k, title={A}}\n@book{k, title={B}}"
    items, (fault,) = read(text)
    assert items["k"].csl["title"] == "A"
    assert said(text, fault) == ("duplicate-key", "the key `k` is taken", "@book{k, title={B}}")
    assert [place.span for place in fault.related] == [items["k"].span]


def test_a_key_that_two_files_have_is_told() -> None:
    (ours,), _ = read_bibliography("a.bib", "@book{k, title={A}}")
    (theirs,), _ = read_bibliography("b.json", '[{"id": "k", "type": "book"}]')
    kept, (fault,) = unique([ours, theirs])
    assert kept == (ours,)
    assert (fault.path, fault.related[0].path) == ("b.json", "a.bib")


def test_a_field_that_comes_twice_counts_once() -> None:
    assert one("@book{k, title={A}, title={B}}")["title"] == "B"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "www.example.org"]
)
def test_an_address_that_is_not_of_the_web_is_left_out(url: str) -> None:
    items, (fault,) = read(f"@misc{{k, title={{T}}, url={{{url}}}}}")
    assert "URL" not in items["k"].csl
    assert fault.code == "unsafe-url"


@given(st.text(st.sampled_from('@{}(),="#\n \\aé1%~$') | st.characters(exclude_characters="\0"), max_size=80))
def test_any_text_is_read(text: str) -> None:
    for path in ("refs.bib", "refs.json"):
        items, faults = read_bibliography(path, text)
        for item in items:
            assert text[item.span.start : item.span.end].replace("\n", "") in item.written.replace("\n", "")
            assert json.loads(json.dumps(item.csl))["id"] == item.key
        for fault in faults:
            assert fault.span is not None
            assert 0 <= fault.span.start <= fault.span.end <= len(text)


@given(
    st.lists(
        st.sampled_from(["@book{", "k,", "title", "=", "{", "}", '"', "#", ",", "\n", "T", "@string(", ")"])
    )
)
def test_any_mix_of_the_parts_of_entries_is_read(parts: list[str]) -> None:
    items, _ = read_bibliography("refs.bib", f"{''.join(parts)}\n\n{SHANNON}")
    assert "".join(parts).count("{") > 0 or items[-1].key == "shannon1948"


# ------------------------------------------------------------------------------------------------ CSL JSON


def test_csl_json_is_read_as_it_is() -> None:
    work = {
        "id": "vaswani2017",
        "type": "article",
        "title": "Attention is all you need",
        "author": [{"family": "Vaswani", "given": "Ashish"}, {"literal": "Google"}],
        "issued": {"date-parts": [[2017, 6, 12]]},
        "URL": "https://arxiv.org/abs/1706.03762",
    }
    text = json.dumps([work, {"id": 7, "type": "book"}], indent=2)
    (first, second), faults = read_bibliography("refs.json", text)
    assert faults == []
    assert first.csl == work
    assert json.loads(first.written) == work
    assert (first.form, second.key) == ("csl-json", "7")
    assert read_bibliography("refs.json", f'{{"items": {text}}}')[0][0].csl == work


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ('"volume": 27', {"volume": "27"}),
        ('"issued": {"date-parts": [["1948", "7"]]}', {"issued": {"date-parts": [[1948, 7]]}}),
        ('"issued": {"date-parts": [[1948, 7], [1949]]}', {"issued": {"date-parts": [[1948], [1949]]}}),
        ('"issued": {"raw": "July 1948"}', {"issued": {"raw": "July 1948"}}),
        ('"author": [{"family": "A", "x": {}}, 3]', {"author": [{"family": "A"}]}),
        ('"custom": {"a": [1]}', {}),
        ('"title": "a\\u0000b\\ud800"', {"title": "a\ufffdb\ufffd"}),
    ],
)
def test_of_csl_json_what_is_csl_is_kept(field: str, expected: dict[str, object]) -> None:
    (item,), faults = read_bibliography("refs.json", f'[{{"id": "k", {field}}}]')
    assert faults == []
    assert item.csl == {"id": "k", "type": "document", **expected}


@pytest.mark.parametrize(
    ("work", "message"),
    [
        ('{"id": "k", "author": "A. Nonymous"}', "the `author` of `k` is no list of names"),
        ('{"id": "k", "issued": 1948}', "the `issued` of `k` is no date"),
        ('{"id": "k", "title": ["T"]}', "the `title` of `k` is no text"),
        ('{"title": "T"}', "a work has no `id`"),
        ("3", "an element of the list is no work"),
        ('{"id": "k", "title" "T"}', "this is no JSON"),
        ('{"id": ' + "[" * 100_000, "this is no JSON"),
    ],
)
def test_a_broken_work_is_told_and_stops_no_other(work: str, message: str) -> None:
    items, (fault,) = read(f'[\n  {work},\n  {{"id": "last"}}\n]', "refs.json")
    assert "last" in items
    assert (fault.code, fault.message) == ("broken-bibliography", message)


def test_a_file_that_is_no_list_is_told() -> None:
    assert [fault.message for fault in read("no list", "refs.json")[1]] == ["the file is no list of works"]


# ------------------------------------------------------------------------------------------------ near keys


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("shanon1948", ["shannon1948"]),
        ("Shannon1948", ["shannon1948"]),
        ("vaswani", ["vaswani2017attention"]),
        ("kullback1952", ["kullback1951"]),
        ("nothing-like-it", []),
        ("k", []),
    ],
)
def test_near_keys(key: str, expected: list[str]) -> None:
    assert near(key, ("vaswani2017attention", "shannon1948", "kullback1951")) == expected

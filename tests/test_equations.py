"""Equations: one number wherever they are shown, references to them, and faults in their place."""

import pytest
from tests.conftest import SiteFolder

from grimoire.parse.equations import _letter, only_reference
from grimoire.source import position

KL = """# KL divergence

How far one distribution is from another.

$$ x $$

$$
D(P \\| Q) = \\sum_x P(x) \\log \\frac{P(x)}{Q(x)} \\label{eq:kl}
$$ ^eq-kl

By \\eqref{eq:kl} it is never negative.
"""


def test_a_reference_leads_to_the_equation_and_shows_its_number(site: SiteFolder) -> None:
    assert site.write("kl.md", KL).codes() == []
    html = site.page("terms/kl-divergence/index.html")
    assert '<a class="t" href="#eq:kl">(2)</a>' in html
    assert '<div id="eq:kl"><span id="eq-kl"></span><span class="eq" id="_eq2">' in html
    assert "\\label" not in html


def test_an_equation_has_one_number_wherever_it_is_shown(site: SiteFolder) -> None:
    host = "# Host\n\n$$ y $$\n\n![[kl#^eq-kl]]\n\nSee [[kl#^eq-kl]] and [[kl#^eq-kl|that]].\n"
    assert site.write("kl.md", KL).write("host.md", host).codes() == []
    html = site.page("terms/host/index.html")
    assert html.count('<span class="num">(1)</span>') == 1
    assert html.count('<span class="num">(2)</span>') == 1
    assert 'id="_e0-eq-kl"' in html
    assert '<a class="t" href="../../terms/kl-divergence/#eq-kl">(2)</a>' in html
    assert '<a class="t" href="../../terms/kl-divergence/#eq-kl">that</a>' in html


def test_another_number_changes_the_pages_that_show_it_and_typesets_nothing_again(site: SiteFolder) -> None:
    site.write("kl.md", KL).write("host.md", "# Host\n\nSee [[kl#^eq-kl]].\n").write("other.md", "# Other\n")
    site.build()
    built = site.write("kl.md", KL.replace("$$ x $$", "$$ x $$\n\n$$ z $$")).build()
    assert {path for path, _ in built.reasons} == {
        "terms/host/index.html", "terms/kl-divergence/index.html"
    }  # fmt: skip
    assert built.work.typeset == 1
    assert ">(3)</a>" in site.page("terms/host/index.html")


def test_in_a_file_of_many_terms_each_numbers_its_own(site: SiteFolder) -> None:
    text = "---\nkind: glossary\n---\n\n## A\n\n$$ a \\label{a} $$\n\nBy \\eqref{b}.\n\n## B\n\n$$ x $$\n\n$$ b \\label{b} $$\n"
    assert site.write("words.md", text).codes() == []
    assert '<a class="t" href="../../terms/b/#b">(2)</a>' in site.page("terms/a/index.html")
    assert site.page("words/index.html").count('<span class="num">(1)</span>') == 2


@pytest.mark.parametrize(
    ("formula", "faulty"),
    [
        ("$$ \\label{eq:a} a \\nope b $$", "\\nope"),
        ("$$ a \\label{eq:a} \\nope b $$", "\\nope"),
        ("$$ \\nope b \\label{eq:a} $$", "\\nope"),
        ("$$\n\\label{eq:a}\na \\nope b\n$$", "\\nope"),
        ("$$\na\n\\label{eq:a}\n  \\nope b\n$$", "\\nope"),
        ("$$ a \\label{eq:a} $$\n\n$$ \\eqref{eq:a} \\ref{eq:a} \\nope $$", "\\nope"),
        ("$$ a \\tag{$\\dagger$} \\label{a} $$\n\n$$ \\eqref{a} \\eqref{a} \\nope $$", "\\nope"),
        ("> $$\n> a \\label{eq:a} \\nope\n> $$", "\\nope"),
        ("we get $$a \\label{eq:a} \\nope$$ here", "\\nope"),
        ("$$ a \\label{eq:a} $$\n\nHere ${\\ref{eq:a}} \\nope$", "\\nope"),
        ("\\begin{align}\na \\label{x} \\\\ \\nope \\label{y}\n\\end{align}", "\\nope"),
        ("\\begin{align}\na \\label{x} \\\\ b \\label{y} \\nope\n\\end{align}", "\\nope"),
        ("Inline $a \\label{eq:a}$.", "\\label"),
    ],
)
def test_a_fault_is_told_where_it_stands(site: SiteFolder, formula: str, faulty: str) -> None:
    text = f"# Ring\n\n{formula}\n"
    fault = site.write("ring.md", text).only_fault()
    assert fault.code == "invalid-math"
    assert fault.span
    assert text[fault.span.start : fault.span.end].rstrip() == faulty  # KaTeX counts the blank behind


def test_what_is_labelled_twice_or_nowhere_is_told_in_its_place(site: SiteFolder) -> None:
    text = "# Ring\n\n$$\na \\label{x}\n$$\n\n$$ b\n\\label{x} $$\n\n$c \\eqref{y}$ \\ref{z}\n"
    faults = site.write("ring.md", text).build().diagnostics
    assert [(one.code, position(text, one.span.start)) for one in faults if one.span] == [
        ("duplicate-anchor", (8, 1)),
        ("missing-label", (10, 4)),
        ("missing-label", (10, 15)),
    ]
    (first,) = faults[0].related
    assert position(text, first.span.start) == (4, 3)
    assert "\\eqref{y}" in site.page("terms/ring/index.html")


def test_formulas_are_told_by_a_label_that_is_near(site: SiteFolder) -> None:
    text = "# Ring\n\n$$ a \\label{eq:mean} $$\n\n\\eqref{eq:maen}\n"
    assert site.write("ring.md", text).only_fault().help == "did you mean `eq:mean`?"


def test_katex_numbers_no_rows_itself(site: SiteFolder) -> None:
    site.write("ring.md", "# Ring\n\n\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}\n").build()
    html = site.page("terms/ring/index.html")
    assert "eqn-num" not in html
    assert html.count('class="num"') == 1


def test_rows_beyond_the_alphabet_have_two_letters() -> None:
    assert [_letter(index) for index in (0, 25, 26, 51, 52)] == ["a", "z", "aa", "az", "ba"]


def test_a_formula_that_only_refers() -> None:
    assert only_reference(" \\eqref{ a } ") == ("eqref", "a")
    assert only_reference("(\\eqref{a})") is None

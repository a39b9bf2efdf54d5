r"""What LaTeX becomes: entries, their fields and texts, and what holds for any text whatever.

``tests/latex/*.tex`` are made as the files of `tests/syntax` are: a title, what is written, and between the dots
what comes of it. Of each entry that is a line with its title, slug and key, its other names, its abbreviation,
symbol and relations where it has some, then its text and what fills the slots. `pytest --update` writes it anew.
"""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file
from tests.conftest import Golden, SiteFolder
from tests.test_any_text import check_file, source
from tests.test_linear import SIZE, work
from tests.test_syntax import HEADING_ANCHOR, fillers, notes

from grimoire.glossary import Named
from grimoire.lexicon import Lexicon
from grimoire.model import SLOT, Term
from grimoire.parse import Dialect, parse, wordings
from grimoire.parse.spotting import spot
from grimoire.source import Source, position

LATEX = Path(__file__).parent / "latex"
SITES = Path(__file__).parent / "sites"


def slots_in_braces(html: str) -> str:
    parts = html.split(SLOT)
    return "".join(f"{{{part}}}" if index % 2 else part for index, part in enumerate(parts))


def heading(term: Term) -> str:
    headword = slots_in_braces(term.headword.html)
    for number, formula in enumerate(term.headword.formulas):
        headword = headword.replace(f"{{m{number}}}", f"${formula.preamble}{formula.tex}$")
    said = [f"# {headword} ({term.slug}, {term.key or 'no key'})"]
    if term.aliases:
        said.append("also " + ", ".join(one.name for one in term.aliases))
    if term.plurals:
        said.append("of which " + ", ".join(one.name for one in term.plurals))
    if term.abbreviation:
        said.append(f"short {term.abbreviation}")
    if term.symbol.html:
        said.append(f"symbol {term.symbol.text}")
    said += [f"{one.role} {one.target}" for one in term.relations]
    if term.redirect:
        said.append(f"redirects to {term.redirect.target}")
    return "; ".join(said)


def readable(path: str, text: str) -> str:
    """What comes of a file, in a form to read."""
    parsed, diagnostics = parse(Source(path, text), Dialect())
    lines = []
    for term, body in zip(parsed.terms, parsed.bodies, strict=True):
        html = HEADING_ANCHOR.sub("", slots_in_braces(body.html)).rstrip()
        lines += [heading(term), html, *notes(body), *fillers(term)]
    for one in sorted(
        diagnostics, key=lambda one: (one.span.start if one.span else 0, one.code, one.message)
    ):
        line, column = position(text, one.span.start) if one.span else (0, 0)
        lines.append(f"{line}:{column} {one.code}: {one.message}")
    return "".join(f"{line}\n" for line in lines if line)


@pytest.mark.parametrize("name", sorted(path.stem for path in LATEX.glob("*.tex")))
def test_construct(name: str, golden: Golden) -> None:
    path = LATEX / f"{name}.tex"
    cases = [
        f"{title}\n.\n{text}.\n{readable('bib.bib' if name == 'bib' else 'entry.tex', text)}.\n"
        for _, title, text, _ in read_fixture_file(path)
    ]
    golden.check(path, "\n".join(cases))


# ------------------------------------------------------------------------------------- between files


def test_the_graph_of_a_site_of_latex_and_markdown(site: SiteFolder) -> None:
    """By reading `tests/sites/latex/content`, not by running."""
    shutil.copytree(SITES / "latex" / "content", site.content, dirs_exist_ok=True)
    site.build()
    graph = json.loads(site.page("graph.json"))
    slugs = [node["slug"] for node in graph["nodes"]]
    links: dict[str, set[str]] = {}
    for source_, target in graph["edges"]:
        links.setdefault(slugs[source_], set()).add(slugs[target])
    assert links == {
        "kernel": {"feature-map", "support-vector-machine"},
        "feature-map": {"kernel"},
        "margin": {"dual-problem", "lambda"},
        "kernel-trick": {"kernel"},
        "support-vector-machine": {"margin", "kernel", "principal-component-analysis", "gram-matrix"},
        "lambda": {"dual-problem", "support-vector-machine"},
        "dual-problem": {
            "support-vector-machine", "lambda", "kernel", "gram-matrix", "sequential-minimal-optimisation",
        },
    }  # fmt: skip
    records = {one["slug"]: one for one in json.loads(site.page("glossary.json"))["terms"]}
    assert [one["to"] for one in records["margin"]["relations"]] == ["support-vector-machine"]
    assert records["kernel-trick"]["redirect"] == "kernel"
    assert records["support-vector-machine"]["abbreviation"] == "SVM"
    assert records["dual-problem"]["relations"][0]["to"] == "sequential-minimal-optimisation"


def test_a_link_in_latex_asks_for_the_key_first(site: SiteFolder) -> None:
    site.write("mean.md", "# Mean\n\nNot [[gls:mean]].\n")
    site.write(
        "a.tex",
        "\\newglossaryentry{mean}{name=arithmetic mean, description={See \\gls{mean} and \\gls{Mean}.}}\n"
        "\\newglossaryentry{gls:mean}{name=third mean, description={x}}",
    )
    assert site.codes() == []
    page = site.page("terms/arithmetic-mean/index.html")
    assert '<a class="t" href="../../terms/arithmetic-mean/">arithmetic mean</a>' in page
    assert '<a class="t" href="../../terms/mean/">Mean</a>' in page
    assert 'href="../../terms/third-mean/"' in site.page("terms/mean/index.html")


def test_an_equation_of_another_entry_is_found_by_its_label(site: SiteFolder) -> None:
    site.write(
        "a.tex",
        "\\newglossaryentry{a}{name=a, description={By \\eqref{eq:c} and \\ref{eq:b}.}}\n"
        "\\newglossaryentry{b}{name=b, description={It is \\[ x \\label{eq:b} \\]}}\n"
        "\\newglossaryentry{c}{name=c, description={\\[ y \\] \\[ z \\label{eq:c} \\] as \\eqref{eq:b}.}}\n",
    )
    assert site.codes() == []
    first = site.page("terms/a/index.html")
    assert '<a class="t" href="../../terms/c/#eq:c">(2)</a>' in first
    assert '<a class="t" href="../../terms/b/#eq:b">1</a>' in first
    assert '<a class="t" href="../../terms/b/#eq:b">(1)</a>' in site.page("terms/c/index.html")


def test_a_name_brings_what_its_macros_stand_for_to_other_files(site: SiteFolder) -> None:
    site.write(
        "a.tex",
        r"""\newcommand{\vect}[2][0]{\mathbf{#2}_{#1}\mid}
\newcommand{\pair}[2]{\vect{#1}#2}
\newcommand{\house}{the \emph{House}\xspace}
\newcommand{\loop}{x\loop}
\newglossaryentry{v}{name={$\pair{v}{w}a$}, symbol={$\vect[1]{v}$}, description={A vector.}}
\newglossaryentry{h}{name={\house of {\house}}, description={A house.}}
\newglossaryentry{l}{name={loop}, text={a \loop}, description={No end.}}
""",
    )
    site.write(
        "b.tex", r"\newglossaryentry{b}{name=b, description={\gls{v}, \glssymbol{v}, \gls{h}, \gls{l}.}}"
    )
    unknown, *others = [one for one in site.build().diagnostics if one.path.endswith("b.tex")]
    assert (unknown.code, others) == ("unknown-latex-command", [])
    page = site.page("terms/b/index.html")
    assert r"\mathbf{v}_{0}\mid wa" in page
    assert r"\mathbf{v}_{1}\mid" in page
    assert "the <em>House</em> of the <em>House</em>" in page
    assert r"a \loop" in page


def test_a_key_makes_no_link_of_a_word_in_brackets(site: SiteFolder) -> None:
    site.write("a.tex", "\\newglossaryentry{x}{name=unknown, description={y}}").write(
        "b.md", "Of [x] and [[x]].\n"
    )
    assert site.codes() == []
    assert 'Of [x] and <a class="t" href="../../terms/unknown/">x</a>.' in site.page("terms/b/index.html")


def test_a_key_of_two_files(site: SiteFolder) -> None:
    entry = "\\newglossaryentry{x}{name=NAME, description={It is \\gls{x}.}}"
    site.write("a/a.tex", entry.replace("NAME", "one")).write("b/b.tex", entry.replace("NAME", "two"))
    assert site.codes() == []
    site.write("c.tex", "\\newglossaryentry{y}{name=y, description={Is it \\gls{x}?}}")
    fault = site.only_fault()
    assert (fault.code, fault.path) == ("ambiguous-link", "content/c.tex")


def test_a_key_that_nobody_has(site: SiteFolder) -> None:
    site.write(
        "a.tex",
        "\\newglossaryentry{ring}{name=ring, description={\\gls{rnig} and more}, see=feild}\n\\newterm{field}",
    )
    first, second = site.build().diagnostics
    assert (first.code, first.message) == ("missing-term", "no entry has the key `rnig`")
    assert first.help == "did you mean `\\gls{ring}`?"
    assert (second.message, second.help) == ("no entry has the key `feild`", "did you mean `field`?")


def test_a_file_in_latex_is_no_page(site: SiteFolder) -> None:
    site.write("rings.tex", "\\newterm{ring}\n\\newterm{field}").write(
        "a.md", "See [[rings.tex]] and [[ring]].\n"
    )
    assert site.codes() == ["missing-term"]


def test_a_file_that_is_not_in_utf_8_is_read_as_far_as_it_goes(site: SiteFolder) -> None:
    site.write("a.tex", "\\newglossaryentry{k}{name=Körper, description={Mit Größe.}}".encode("latin-1"))
    assert site.codes() == ["unreadable-text"]
    assert "Mit Gr��e." in site.page("terms/k-rper/index.html")


# ------------------------------------------------------------------------------------- any text

WORDS = st.text("abz ", min_size=1, max_size=4)
MARKS = st.sampled_from(
    [
        *"{}[]()$%~&#_^\\`'\"-=,.:;!?|<>@* \t\n",
        *("\n\n", "\\(", "\\)", "\\[", "\\]", "$$", "---", "``", "''", "\\\\", "\\ ", "\\%"),
        *("\\begin{itemize}", "\\end{itemize}", "\\item ", "\\item[", "\\begin{quote}", "\\end{quote}"),
        *("\\begin{align}", "\\end{align}", "\\begin{foo}", "\\end{foo}", "\\begin{verbatim}"),
        *("\\end{verbatim}", "\\begin{description}", "\\end{description}", "\\begin{document}"),
        *("\\newglossaryentry{a}{name=", "\n\\newglossaryentry{b}{name={b}, description={", "description={"),
        *(
            "\\newacronym{c}{C}{",
            "\\longnewglossaryentry{d}{name=d}{",
            "\\newterm[",
            "plural={",
            "see={",
            "},",
        ),
        *(
            "\\gls{a}",
            "\\Glspl{b}",
            "\\glslink{a}{",
            "\\acrfull{c}",
            "\\gls[",
            "\\emph{",
            "\\bf ",
            "\\textsc{",
        ),
        *("\\href{http://a.b/c%d}{", "\\url{x}", "\\footnote{", "\\cite{a}", "\\includegraphics{a.png}"),
        *("\\'e", "\\c{c}", "\\foo{", "\\verb|", "\\newcommand{\\m}[1]{", "\\m", "#1", "\\def\\n", "\\n"),
        *(
            "\\label{a}",
            "\\eqref{a}",
            "\\ensuremath{",
            "\\iffalse ",
            "\\fi ",
            "\\newcommand{\\m}[1]{\\newterm{#1}",
            "\\input",
            "é",
            "\u200b",
            "\U0001d54f",
            "環",
        ),
    ]
)
LATEX_TEXT = st.lists(st.one_of(WORDS, MARKS), max_size=40).map("".join)
IN_AN_ENTRY = LATEX_TEXT.map(lambda text: f"\\newglossaryentry{{a}}{{name=a, description={{{text}}}}}")
BIB_TEXT = st.one_of(
    LATEX_TEXT.map(lambda text: f"@entry{{a, name = {{a}}, description = {{{text}}}}}"),
    LATEX_TEXT.map(lambda text: f'@abbreviation{{a, short = "{text}" # {{{text}}}, long = {{b}}}}'),
    st.lists(
        st.one_of(MARKS, st.sampled_from(["@entry{", "@string{", "@index", "name", "="])), max_size=30
    ).map("".join),
)
FILES = st.one_of(
    st.tuples(st.just("entry.tex"), st.one_of(LATEX_TEXT, IN_AN_ENTRY, st.text(max_size=200))),
    st.tuples(st.just("entry.bib"), BIB_TEXT),
)


@given(FILES)
def test_any_file_becomes_sound_pages(file: tuple[str, str]) -> None:
    check_file(source(*file), Dialect())


SAMPLES = [text for path in sorted(LATEX.glob("*.tex")) for _, _, text, _ in read_fixture_file(path)]


@given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), MARKS), max_size=4))
def test_a_file_that_was_cut_and_pasted_becomes_sound_pages(
    text: str, edits: list[tuple[float, int, str]]
) -> None:
    for place, length, pasted in edits:
        at = int(place * len(text))
        text = text[:at] + pasted + text[at + length :]
    check_file(source("entry.bib" if text.startswith("@") else "entry.tex", text), Dialect())


@given(FILES)
def test_what_is_parsed_twice_is_the_same(file: tuple[str, str]) -> None:
    once = source(*file)
    assert parse(once, Dialect(), wordings(once)) == parse(once, Dialect(), wordings(once))


@given(
    st.lists(
        st.sampled_from(["w", "x\n", "\\emph{y}", "$z$", "\\'e", "é𝕏", "% c\n", "``q''", "{g} "]), max_size=12
    )
)
def test_a_link_and_a_formula_know_their_places(before: list[str]) -> None:
    text = f"% é\n\\newglossaryentry{{a}}{{name=a, description={{{''.join(before)}\\gls{{b}} and $a+b$}}}}"
    parsed, _ = parse(Source("a.tex", text), Dialect())
    (term,) = parsed.terms
    (reference,) = term.references
    assert text[reference.span.start : reference.span.end] == "\\gls{b}"
    assert text[term.formula_places[-1].line_starts[0] :].startswith("a+b$")


@given(
    st.lists(
        st.sampled_from(
            [
                "word ",
                "\\emph{em} ",
                "$x$ ",
                "\\verb|zz| ",
                "\\gls{zz} ",
                "\n\n",
                "\n  ",
                "é𝕏 ",
                "\\_ ",
                "``q'' ",
                "\\'e ",
                "buzz ",
            ]
        ),
        max_size=12,
    ),
    st.sampled_from(
        ["\\newglossaryentry{a}{name=a, description={%s}}", "@entry{a, description = {w } # {%s}}"]
    ),
)
def test_a_name_that_nobody_marked_knows_its_place(before: list[str], entry: str) -> None:
    said = "".join(before) + "zz end"
    text = f"% zz\n{entry % said}"
    parsed, _ = parse(source("a.bib" if entry[0] == "@" else "a.tex", text), Dialect(keeps_prose=True))
    (term,) = parsed.terms
    names: Lexicon[Named] = Lexicon()
    names.add("zz", Named(0, is_abbreviation=False))
    (found,) = spot(term.prose, term.formulas, names)
    assert (found.span.start, text[found.span.start : found.span.end]) == (text.index("zz end"), "zz")


LETTERS = st.lists(st.text("abcdefghij", min_size=2, max_size=8), min_size=1, max_size=12)


@given(
    LETTERS,
    st.sampled_from(
        [
            "{}", "{{{}}}", "\\emph{{{}}}", "\\foo{{{}}}", "\\begin{{foo}}{}\\end{{foo}}", "\\begin{{foo}}{}",
            "\\begin{{itemize}}\\item {}\\end{{itemize}}", "\\begin{{itemize}}{}\\end{{itemize}}", "x\\footnote{{{}}}",
            "\\glslink{{a}}{{{}}}", "\\href{{http://a.b}}{{{}}}", "{} \\end{{foo}}", "$ {}", "\\textcolor{{red}}{{{}}}",
            "\\begin{{quote}}{}\\end{{quote}}", "\\m{{{}}}", "\\foo[{}]",
        ]
    ),
)  # fmt: skip
def test_the_words_of_a_text_survive(words: list[str], frame: str) -> None:
    text = " ".join(words)
    file = f"\\newcommand{{\\m}}[1]{{(#1)}}\\newglossaryentry{{a}}{{name=a, description={{{frame.format(text)}}}}}"
    parsed, _ = parse(Source("a.tex", file), Dialect())
    (body,) = parsed.bodies
    assert text in body.text


def test_a_broken_entry_stops_no_other() -> None:
    for number, broken in enumerate(SAMPLES):
        if broken.startswith("@"):
            continue
        last = f"\n\\newglossaryentry{{last}}{{name=The last one, description={{Entry {number}}}}}\n"
        parsed, _ = parse(Source("a.tex", broken + last), Dialect())
        assert (parsed.terms[-1].title, parsed.bodies[-1].text) == ("The last one", f"Entry {number}")


BOMBS = [
    *("{", "}", "{}", "[", "$", "$$", "$a", "\\(", "\\[", "\\", "\\\\", "%", "%a\n", "\n\n", "-", "'", "~", "#1"),
    *("\\gls{", "\\gls{a}", "\\gls[", "\\gls[a]", "\\gls", "\\glslink{a}{", "\\emph{", "\\emph", "\\foo{", "\\bf"),
    *("\\begin{a}", "\\end{a}", "\\begin{a}x\\end{a}", "\\begin{align}", "\\begin{verbatim}", "\\begin{itemize}"),
    *("\\item", "\\item[", "\\footnote{", "\\footnote{a}", "\\verb|", "\\verb", "\\url{", "\\href{a}{", "\\'", "\\c"),
    *("\\newglossaryentry{", "\\newglossaryentry{a}{name={", "\n\\newglossaryentry{a}{name={", "\\newacronym["),
    *("\\newterm{a}\n", "\\newcommand{\\a}{", "\\newcommand{\\a}{\\a\\a}\\a", "\\def\\a#1#2{#2#1}\\a", "\\a", "a,", "a=,"),
    *("{a},", "{\\begin{a}", "{$", "$}", "\\[\\begin{a}", "\\label{a}\\eqref{a}", "\\cite[", "\\input{a}"),
    *("\\iffalse", "\\iffalse\\fi", "\\ifx\\fi\\iffalse", "\\newcommand{\\a}[1]{\\newterm{#1}}\\a{b}", "\\newaterm{", "\\newterms{a}"),
    *("\\newterm[text=\\b]{a}\\newcommand{\\b}{\\c\\c}\\newcommand{\\c}{\\b\\b}", "\\newcommand{\\a}{\\newterm{x}\\a}\\a", "\\glshyperlink[", "\\newdualentry{a}{"),
]  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize(
    "frame",
    ["{}", "\\newglossaryentry{{a}}{{name=a, description={{{}}}}}", "\\newcommand{{\\a}}{{{{\\b\\b}}}}\\newterm{{{}"],
    ids=["alone", "in an entry", "behind a macro"],
)  # fmt: skip
def test_four_times_the_latex_takes_four_times_the_work(bomb: str, frame: str) -> None:
    work(frame.format(bomb), "a.tex")
    once, four_times = (work(frame.format((bomb * size)[:size]), "a.tex") for size in (SIZE, 4 * SIZE))
    assert four_times < 4.5 * once + 2000

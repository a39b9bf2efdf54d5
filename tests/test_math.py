"""Formulas become markup; faults become words; nothing is started in vain and nothing is left behind."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
import threading
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grimoire.frontend import packages
from grimoire.math import Typesetter, TypesetterError, epoch, katex, stylesheet, toolchain
from grimoire.math.katex import Katex
from grimoire.math.letters import letter, with_letters
from grimoire.model import Formula
from grimoire.v8 import Exhausted, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from grimoire.math import Output
    from grimoire.model import Fault, Typeset
    from grimoire.v8 import Lack

VARIED = (
    r"E = mc^2",
    r"\frac{\partial^2 f}{\partial x_1^2} + \dfrac{1}{1+\cfrac{1}{x}}",
    r"\begin{aligned} f(x) &= \text{ReLU}(W(x - b) + b) \\ \hat{x}(f) &= Wf(x) + b\end{aligned}",
    r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}^{-1} = \int_0^{\infty} e^{-x^2}\,dx",
    r"\left(\begin{array}{|rl:c||}1&2&3\\1+1&2+1&3+1\\[1ex]\hline x&y&z\end{array}\right]",
    r"f(n)=\begin{cases} n/2 &\text{if } n \text{ is even}\\ 3n+1 & \text{otherwise}\end{cases}",
    r"\overbrace{a+b+c}^{n}\underbrace{x+y}_{m} \overline{AB}\ \underline{x_{y_z}}",
    r"\textcolor{red}{a}\color{#0a0}{b}\colorbox{teal}{C}\fcolorbox{blue}{yellow}{D}",
    r"\sqrt{x}\sqrt[3]{\frac{a}{b}}\sqrt{\sqrt{\sqrt{x}}}_{\sqrt{x}}",
    r"\xrightarrow[ab]{ABC} + \xRightarrow{ABC}\xrightleftharpoons[ab]{ABC}",
    r"\bigl(\Bigl(\biggl(\Biggl( x \Biggr)\biggr)\Bigr)\bigr)\left\{ x^{x^{x^x}} \middle/ y \right.",
    r"\boxed{F=ma}\quad\fbox{text}\quad \cancel{5ab}+\bcancel{x}\xcancel{y}",
    r"\overrightarrow{AB}\widehat{ABC}\widetilde{xyz}\vec x\ddot y\acute a\underleftrightarrow{AB}",
    r"\mathbb{R}\mathbf{A}\mathfrak{g}\mathscr{C}\mathsf{S}\mathtt{T}\mathrm{d}\boldsymbol{\alpha}\pmb{\beta}",
    r"\oiint_{\partial V}\int\limits_2^3 3x^2\,dx \sum\nolimits^n_{i=1} \prod_{k}^{n}\lim_{x\to 0}",
    r"a\kern1em b\rule{1em}{0.5em}\raisebox{0.5em}{b}\mathllap{f}g\mathrlap{h}k\mathclap{lm}\smash{y}\phantom{x}|",
    r"{\tiny a}{\small c}{\normalsize d}{\Large f}{\Huge i}\binom{n}{k}\genfrac \{ ]{0.8pt}{0}{a}{b}",
    r"\begin{CD} A @>a>> B \\ @VbVV @AAcA \\ C @= D \end{CD}",
    r"\left\lbrace\begin{matrix}1\\2\\3\\4\\5\\6\end{matrix}\right\rangle \phase{-78^\circ} \angl n \KaTeX",
    r"\underset{*}{x}\overset{?}{=}\sum_{\substack{i<n\\j<m}} \begin{Vmatrix}1&2\\3&4\end{Vmatrix}",
)


def inline(tex: str, preamble: str = "") -> Formula:
    return Formula(tex, display=False, preamble=preamble)


def typeset(
    *formulas: Formula, macros: Mapping[str, str] | None = None, output: Output = "html"
) -> list[Typeset]:
    with Typesetter(macros or {}, output) as typesetter:
        typesetter.feed(formulas)
        typesets = typesetter.finish()
    return [typesets[formula] for formula in formulas]


def typeset_one(tex: str, *, display: bool = False, preamble: str = "") -> Typeset:
    return typeset(Formula(tex, display, preamble))[0]


def fault_in(tex: str, *, display: bool = False, preamble: str = "") -> Fault:
    fault = typeset_one(tex, display=display, preamble=preamble).fault
    assert fault is not None
    return fault


class Attributes(HTMLParser):
    """What attributes and classes a piece of markup has, as a browser would see them."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.classes: set[str] = set()
        self.tags: set[str] = set()
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), "an attribute stands twice"
        self.names.update(names)
        self.classes.update((dict(attrs).get("class") or "").split())


# ------------------------------------------------------------------------------------------------ markup


def test_a_formula_has_layout_and_mathml_and_keeps_its_tex() -> None:
    result = typeset_one(r"\frac{a}{b} < c")
    assert result.fault is None
    assert result.warnings == ()
    assert result.html.startswith('<span class="katex"><span class="katex-mathml"><math')
    assert 'class="katex-html" aria-hidden="true"' in result.html
    assert result.mathml in result.html
    assert result.mathml.startswith("<math")
    assert result.mathml.endswith("</math>")
    annotation = r'<annotation encoding="application/x-tex">\frac{a}{b} &lt; c</annotation>'
    assert annotation in result.mathml


def test_display_and_inline_differ() -> None:
    small, display = typeset(inline(r"\sum_i x"), Formula(r"\sum_i x", display=True))
    assert "katex-display" not in small.html
    assert display.html.startswith('<span class="katex-display">')
    assert 'display="block"' in display.mathml


def test_mathml_alone() -> None:
    result = typeset(Formula(r"\frac{a}{b}", display=True), output="mathml")[0]
    assert "katex-html" not in result.html
    assert result.mathml in result.html
    assert "<mfrac>" in result.mathml
    assert "application/x-tex" in result.mathml


def test_a_tag_and_a_colour_are_typeset() -> None:
    tagged, coloured = typeset(
        Formula(r"x = y \tag{3.1}", display=True),
        inline(r"\textcolor{#0a0}{x}\textcolor{red}{y}"),
    )
    assert "katex-tag" in Attributes(tagged.html).classes
    assert {".kc-red{color:red}", ".kc-_23_0a0{color:#0a0}"} <= set(coloured.rules)


def test_text_is_escaped() -> None:
    result = typeset_one(r"\text{<script>alert(1)</script> \& ``q''}")
    assert "<script" not in result.html
    assert "&lt;script&gt;" in result.html


@pytest.mark.parametrize(
    "tex",
    [r"\href{javascript:alert(1)}{x}", r"\url{x}", r"\htmlStyle{color:red}{x}", r"\includegraphics{x.png}"],
)
def test_what_reaches_outside_a_formula_is_switched_off_and_said(tex: str) -> None:
    result = typeset_one(tex)
    command = tex.partition("{")[0]
    (warning,) = result.warnings
    assert (warning.message, warning.offset, warning.length) == (
        f"`{command}` is switched off",
        0,
        len(command),
    )
    assert not {"a", "img"} & Attributes(result.html).tags


def test_a_preamble_counts_for_its_formula_only() -> None:
    defined, bare = typeset(
        Formula(r"\E x", display=False, preamble=r"\newcommand{\E}{\mathbb{E}}"),
        inline(r"\E x"),
    )
    assert defined.fault is None
    assert "mathbb" in defined.html
    assert r"\newcommand" not in defined.mathml
    assert bare.fault is not None


def test_macros_of_the_site_count_everywhere_and_may_be_redefined_in_a_preamble() -> None:
    macros = {r"\RR": r"\mathbb{R}"}
    first, last = typeset(inline(r"\RR"), inline(r"\RR", r"\renewcommand{\RR}{\mathbf{R}}"), macros=macros)
    assert "mathbb" in first.html
    assert "mathbf" in last.html


def test_no_order_of_formulas_lets_a_definition_leak() -> None:
    formulas = [
        inline(r"\gdef\leak{A}\leak"),
        inline(r"\leak"),
        inline(r"\newcommand{\leak}{B}\leak"),
        inline(r"\leak", preamble=r"\gdef\leak{C}"),
        inline(r"\global\let\RR=\alpha \RR"),
        inline(r"\RR"),
        inline(r"\gdef\RR{\beta}\RR"),
    ]
    macros = {r"\RR": r"\mathbb{R}"}
    alone = {formula: typeset(formula, macros=macros)[0] for formula in formulas}
    assert [formula.tex for formula in formulas if alone[formula].fault] == [r"\leak"]
    with Katex(macros, "html") as engine:
        for order in itertools.permutations(formulas, 2):
            assert engine.typeset(order) == [alone[formula] for formula in order]


# ------------------------------------------------------------------------------------------------ styles


@pytest.mark.parametrize("output", ["html", "mathml"])
def test_no_style_is_left_and_every_class_has_its_rule(output: Output) -> None:
    formulas = [
        Formula(tex, display) for tex in VARIED for display in (False, True) if display or "CD" not in tex
    ]
    for result in typeset(*formulas, output=output):
        assert result.fault is None
        seen = Attributes(result.html)
        assert "style" not in seen.names
        ours = {name for name in seen.classes if re.match("k(?!atex)", name)}
        assert ours == {rule[1 : rule.index("{")] for rule in result.rules}
        assert all(re.fullmatch(r"\.[\w-]+\{[a-z-]+:[^{};<>]+\}", rule) for rule in result.rules)
        assert len(set(result.rules)) == len(result.rules)


def test_the_name_of_a_class_tells_its_value() -> None:
    rules = {rule for result in typeset(*map(inline, VARIED)) for rule in result.rules}
    by_name = {rule[1 : rule.index("{")]: rule for rule in rules}
    assert len(by_name) == len(rules)
    assert {
        ".kh69{height:.69em}",
        ".kvn25{vertical-align:-.25em}",
        ".kmr0_2222{margin-right:.2222em}",
    } <= rules


def test_heights_are_rounded_but_where_glyphs_are_stacked() -> None:
    plain, stacked = typeset(inline(r"\frac{a}{b}"), inline(r"\left\lbrace\rule{1em}{4em}\right."))
    assert "delimsizing mult" in stacked.html
    fine = re.compile(r"\.k[ht]n?\d+_\d{3}\{")
    assert not any(fine.match(rule) for rule in plain.rules)
    assert any(fine.match(rule) for rule in stacked.rules)


def test_a_sheet_is_the_same_for_the_same_set_of_rules() -> None:
    rules = [".kh2{height:.02em}", ".kh1{height:.01em}", ".kh2{height:.02em}"]
    sheet = stylesheet(rules)
    assert sheet == stylesheet(reversed(rules)) == stylesheet(sorted(set(rules)))
    assert sheet == ".katex.katex.katex.katex{.kh1{height:.01em}.kh2{height:.02em}}\n"
    assert stylesheet([]) == ""


# ------------------------------------------------------------------------------------------------ faults


@pytest.mark.parametrize(
    ("tex", "message", "at", "help_"),
    [
        (r"x_i_j", "double subscript", "_", r"x_{ij}"),
        (r"x^i^j", "double superscript", "^", r"x^{ab}"),
        (r"a + \alhpa", r"undefined control sequence `\alhpa`", r"\alhpa", r"did you mean `\alpha`?"),
        (r"\nosuchthing", r"undefined control sequence `\nosuchthing`", r"\nosuchthing", "math.macros"),
        (r"\begin{alinged}a\end{alinged}", "no such environment `alinged`", "{alinged}", "`aligned`"),
        (
            r"\newcommand{\frac}{x}",
            r"`\newcommand` redefines `\frac`",
            r"\newcommand",
            r"\renewcommand{\frac}",
        ),
        (r"\renewcommand{\nope}{x}", r"`\renewcommand` of `\nope`", r"\renewcommand", r"\newcommand{\nope}"),
        (r"\sqrt{x", "a `{` is never closed", "", "`}`"),
        (r"x}", "a `}` closes nothing", "}", "remove it"),
        (r"a & b", "`&` outside an environment", "&", r"\begin{aligned}"),
        (r"a # b", "`#` outside a macro definition", "#", r"\#"),
        (r"a $ b", "`$` inside a formula", "$", "remove it"),
        (r"\tag{1} x", r"`\tag` in an inline formula", r"\tag", "$$"),
        (r"\left( x", r"`\left` is not closed before this", "", r"\right."),
        (r"x^", "nothing follows `^`", "^", "{}"),
        (r"\frac{a}", "the formula ends where an argument is expected", "", "argument"),
        (
            r"\begin{matrix}1\end{array}",
            r"`\begin{matrix}` is closed by `\end{array}`",
            r"\end",
            r"\end{matrix}",
        ),
        (r"\begin{array}{x}1\end{array}", "`x` aligns no column", "x", "`l`"),
        (r"\def\x{\x\x}\x", "more than 1000 macro expansions", r"\def\x{\x\x}\x", "itself"),
        ("\N{MATHEMATICAL SCRIPT CAPITAL A} x_a_b", "double subscript", "_", "brace"),
        ("a \x01", "unexpected character: `U+0001`", "\x01", ""),
    ],
)
def test_a_fault_says_what_where_and_how_to_mend_it(tex: str, message: str, at: str, help_: str) -> None:
    fault = fault_in(tex)
    assert fault.message.startswith(message)
    assert tex[fault.offset : fault.offset + fault.length] == at
    assert fault.offset + fault.length == len(tex) or at
    assert help_ in fault.help


def test_offsets_count_characters() -> None:
    fault = fault_in("\N{MATHEMATICAL SCRIPT CAPITAL A}\N{MATHEMATICAL SCRIPT CAPITAL A}_a_b")
    assert (fault.offset, fault.length) == (4, 1)


@pytest.mark.parametrize("preamble", [r"\newcommand{\bad}{x_a_b}", r"\newcommand{\bad}{x"])
def test_a_fault_in_the_preamble_says_so_and_points_nowhere(preamble: str) -> None:
    fault = fault_in(r"y + \bad", preamble=preamble)
    assert fault.message.endswith(", in a definition made earlier in the entry")
    assert (fault.offset, fault.length) == (0, 0)


def test_a_fault_in_a_macro_of_the_site_points_at_its_use() -> None:
    fault = typeset(inline(r"y + \bad"), macros={r"\good": "x", r"\bad": "x_a_b"})[0].fault
    assert fault is not None
    assert fault.message == "double subscript, in what a macro expands to"
    assert (fault.offset, fault.length) == (4, 4)


def test_a_refused_formula_shows_its_source_and_why() -> None:
    result = typeset_one(r"<b> x_i_j & \0")
    assert result.html == result.mathml
    assert result.html == '<code class="math-error" title="double subscript">&lt;b&gt; x_i_j &amp; \\0</code>'
    assert result.rules == ()
    title = re.search(r'title="([^"]*)"', typeset_one(r"\frac{\color{\"a}}").html)
    assert title is not None
    assert unescape(title[1])


@pytest.mark.parametrize(
    ("tex", "marked", "message"),
    [
        (
            "x\N{LINEAR B SYLLABLE B008 A}",
            "\N{LINEAR B SYLLABLE B008 A}",
            "KaTeX does not know the character `\N{LINEAR B SYLLABLE B008 A}`: it may look out of place",
        ),
        ("100₽", "₽", "KaTeX does not know the character `₽`: it may look out of place"),
        ("x % y", "%", "`%` hides the rest of the formula"),
        ("1 + é", "é", "accented Unicode text character `é` used in math mode"),
        (r"I - eta J", "eta", "`eta` is set as the letters e, t, a"),
        (r"x_{theta}", "theta", "`theta` is set as the letters t, h, e, t, a"),
        (r"1 \mathbb{1}_A", "1", r"KaTeX has no `\mathbb` of `1`: it is set plain"),
        (r"\mathcal{Loss}(x)", "oss", r"KaTeX has no `\mathcal` of `oss`: it is set plain"),
        (r"\mathscr g", "g", r"KaTeX has no `\mathscr` of `g`: it is set plain"),
        (r"2imes 3", "imes", "`imes` is set as the letters i, m, e, s"),
    ],
)
def test_what_is_doubtful_is_told_where_it_stands(tex: str, marked: str, message: str) -> None:
    result = typeset_one(tex, display=True)
    assert result.fault is None
    (warning,) = result.warnings
    assert warning.message == message
    assert tex[warning.offset : warning.offset + warning.length] == marked


@pytest.mark.parametrize(
    ("tex", "help_"),
    [
        ("x % y", r"write `\%` for the sign"),
        ("eta", r"write `\eta` or `\beta`, or `\text{eta}` if it is a word"),
        ("gamma", r"write `\gamma`, or `\text{gamma}` if it is a word"),
        (r"\mathbb{1}", r"write `\mathbf{1}` instead"),
        ("heta", r"write `\theta`, or `\text{heta}` if it is a word"),
    ],
)
def test_how_a_doubt_is_mended(tex: str, help_: str) -> None:
    assert [one.help for one in typeset_one(tex).warnings] == [help_]


@pytest.mark.parametrize(
    "tex",
    [
        r"a \\ b",
        r"\text{é}",
        r"100€ = \text{a hundred €}",
        r"\eta \beta_{\theta}",
        r"\text{beta} \mathrm{gamma} \operatorname{zeta}(s) \tag{beta}",
        "thetas softmax weight log",
        r"\newcommand{\lambdamax}{x}\lambdamax",
        r"\mathbb{R}^{n} \mathbb Q_k \Bbb{k} \mathcal{LOSS} \mathfrak{g} \mathbf{1} \mathscr F",
    ],
)
def test_what_is_meant_raises_no_doubt(tex: str) -> None:
    assert typeset_one(tex, display=True).warnings == ()


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        ("{" * 10_000 + "}" * 10_000, "nested too deeply"),
        ("x" * 20_001, "longer than 20000 characters"),
        (r"\newcommand\two[2]{#1#3}\two ab", "KaTeX fails on this formula"),
    ],
)
def test_what_katex_cannot_take_is_a_fault_like_others(tex: str, message: str) -> None:
    fault = fault_in(tex)
    assert fault.message == message
    assert (fault.offset, fault.length) == (0, len(tex))


# ------------------------------------------------------------------------------------------------ any input

TEX = r"\frac \left \right \begin{array} \end{array} \text \def\x \x \newcommand \color \char \verb| \sqrt[ \tag \middle \\"
ODD = (
    "\0",
    "\ud800",
    "\n",
    "é",
    "∑",
    "\N{MATHEMATICAL SCRIPT CAPITAL A}",
    '" style="a:b"',
    "</math>",
    "\u2028",
)
SCRAPS = st.sampled_from([*r"\{}[]()^_&#%$~'|<>/x1 ", *TEX.split(), *ODD])
ANYTHING = st.one_of(
    st.text(), st.text(st.characters(codec=None)), st.lists(SCRAPS, max_size=12).map("".join)
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Katex]:
    prepare()
    with Katex({}, "html") as engine:
        yield engine


@settings(max_examples=300, deadline=None)
@given(st.lists(st.builds(Formula, ANYTHING, st.booleans(), st.just("") | ANYTHING), min_size=1, max_size=8))
def test_whatever_is_typeset_comes_back_harmless(engine: Katex, formulas: list[Formula]) -> None:
    results = engine.typeset(formulas)
    assert len(results) == len(formulas)
    for formula, result in zip(formulas, results, strict=True):
        for markup in (result.html, result.mathml):
            seen = Attributes(markup)
            assert "style" not in seen.names
            assert not {name for name in seen.names if name.startswith("on")}
            assert not {"script", "a", "img", "style", "iframe"} & seen.tags
            assert "\0" not in markup
            markup.encode()
        if result.fault:
            assert result.fault.message.isprintable()
            assert 0 <= result.fault.offset <= result.fault.offset + result.fault.length <= len(formula.tex)
        for warning in result.warnings:
            assert 0 <= warning.offset <= warning.offset + warning.length <= len(formula.tex)
            assert warning.message.isprintable()
            assert warning.help.isprintable()
        assert result.fault is None or result.fault.help.isprintable()


# ------------------------------------------------------------------------------------------------ the thread


def katex_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("katex")]


def run(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )


def test_formulas_may_come_in_any_portions_and_repeatedly() -> None:
    formulas = [Formula(f"x_{{{number}}}", display=number % 2 == 0) for number in range(120)]
    with Typesetter({}, "html") as typesetter:
        for start in range(0, 120, 7):
            typesetter.feed(formulas[start : start + 7])
        typesetter.feed(formulas)
        typesets = typesetter.finish()
    assert list(typesets) == formulas
    assert [typesets[formula] for formula in formulas] == typeset(*formulas)
    assert all(f"x_{{{number}}}</annotation>" in typesets[formulas[number]].html for number in range(120))


def test_nothing_is_started_before_a_formula_comes() -> None:
    done = run(
        "import sys, threading\n"
        "from grimoire.math import Typesetter, epoch\n"
        "with Typesetter({'\\\\\\\\x': 'y'}, 'html') as typesetter:\n"
        "    typesetter.feed([])\n"
        "    assert typesetter.finish() == {}\n"
        "epoch()\n"
        "assert threading.active_count() == 1\n"
        "print(sorted({'py_mini_racer', 'asyncio', 'concurrent.futures', 'importlib.metadata'} & set(sys.modules)))\n"
    )
    assert done.stderr == ""
    assert done.stdout == "[]\n"


def fail_while_feeding(typesetter: Typesetter) -> None:
    typesetter.feed(inline(f"y_{{{number}}}") for number in range(500))
    assert katex_threads()
    raise KeyError


def test_thread_and_engine_are_gone_afterwards() -> None:
    typeset_one("x")
    assert katex_threads() == []
    typesetter = Typesetter({}, "html")
    with pytest.raises(KeyError), typesetter:
        fail_while_feeding(typesetter)
    assert katex_threads() == []
    with pytest.raises(RuntimeError, match="closed"):
        typesetter.feed([inline("x")])


@pytest.mark.parametrize("ending", ["", "del typesetter", "raise SystemExit(0)"])
def test_the_interpreter_ends_although_nobody_closed(ending: str) -> None:
    done = run(
        "from grimoire.math import Typesetter\n"
        "from grimoire.model import Formula\n"
        "typesetter = Typesetter({}, 'html')\n"
        "typesetter.feed(Formula(f'x_{{{n}}}', False) for n in range(200))\n"
        f"{ending}\n"
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_v8_is_not_started_outside_the_main_thread() -> None:
    done = run(
        "import threading\n"
        "from grimoire.math import Typesetter, TypesetterError\n"
        "from grimoire.model import Formula\n"
        "def feed():\n"
        "    try:\n"
        "        Typesetter({}, 'html').feed([Formula('x', False)])\n"
        "    except TypesetterError as error:\n"
        "        print(error)\n"
        "thread = threading.Thread(target=feed)\n"
        "thread.start()\n"
        "thread.join()\n"
    )
    assert done.stderr == ""
    assert "call `grimoire.v8.prepare()` there first" in done.stdout


def test_another_thread_may_typeset_once_v8_is_started() -> None:
    prepare()
    results: list[Typeset] = []
    thread = threading.Thread(target=lambda: results.extend(typeset(inline("x^2"))))
    thread.start()
    thread.join()
    assert results == typeset(inline("x^2"))


def test_a_broken_engine_is_an_error_that_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "katex.js"
    broken.write_text(
        "globalThis.grimoire = {open() {}, typeset() { throw new Error('out of ink' + 'k'.repeat(9999)) }}"
    )
    bundled = packages()
    monkeypatch.setattr(katex, "packages", lambda: type(bundled)(bundled.versions, broken, bundled.assets))
    with Typesetter({}, "html") as typesetter:
        typesetter.feed(inline(f"x_{{{number}}}") for number in range(120))
        with pytest.raises(TypesetterError, match="out of ink") as caught:
            typesetter.finish()
    assert len(str(caught.value)) < 400
    assert katex_threads() == []


@pytest.mark.parametrize("lack", ["memory", "time"])
def test_a_formula_that_exhausts_the_engine_spoils_itself_alone(
    monkeypatch: pytest.MonkeyPatch, lack: Lack
) -> None:
    asked = Katex._ask

    def ask(self: Katex, formulas: list[Formula]) -> list[str]:
        answer = asked(self, formulas)
        if wild in formulas:
            raise Exhausted(lack, "it went wild")
        return answer

    monkeypatch.setattr(Katex, "_ask", ask)
    wild = inline("w")
    tame = [inline("a"), inline("b")]
    first, refused, last = typeset(tame[0], wild, tame[1])
    assert refused.fault is not None
    assert refused.fault.message == f"typesetting takes too much {lack}"
    assert [first, last] == typeset(*tame)


def test_the_epoch_changes_with_katex(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bundled = packages()
    copy = tmp_path / "katex.js"
    shutil.copy(bundled.katex, copy)
    fresh = toolchain.epoch.__wrapped__
    monkeypatch.setattr(toolchain, "packages", lambda: type(bundled)(bundled.versions, copy, bundled.assets))
    assert fresh() == epoch()
    copy.write_bytes(copy.read_bytes() + b"\n")
    assert fresh() != epoch()


# ------------------------------------------------------------------------------------------------ in a browser


def inlined(markup: str, rules: tuple[str, ...]) -> str:
    """Undo the work: style attributes again, where the classes are."""
    values = {rule[1 : rule.index("{")]: rule[rule.index("{") + 1 : -1] for rule in rules}

    def style(match: re.Match[str]) -> str:
        names = match[1].split()
        kept = " ".join(name for name in names if name not in values)
        return f'class="{kept}" style="{";".join(values[name] for name in names if name in values)}"'

    return re.sub(r'class="([^"]*)"', style, markup)


MEASURE = """() => [...document.querySelectorAll("p *")].map((element) => {
  const box = element.getBoundingClientRect(), style = getComputedStyle(element);
  return [box.x, box.y, box.width, box.height, style.color, style.backgroundColor, style.textShadow,
          style.borderTopWidth, style.borderRightWidth, style.borderBottomWidth, style.borderRightStyle, style.borderColor];
})"""


@pytest.mark.browser
@pytest.mark.parametrize("ours_first", [True, False])
def test_classes_place_everything_where_styles_would(tmp_path: Path, *, ours_first: bool) -> None:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    if not program:
        assert "GRIMOIRE_REQUIRE_BROWSER" not in os.environ, "no chromium on the PATH"
        pytest.skip("no chromium on the PATH")
    results = typeset(*(Formula(tex, display) for tex in VARIED for display in (False, True)))
    for asset in packages().assets.values():
        (tmp_path / asset.name).parent.mkdir(exist_ok=True)
        shutil.copy(asset.path, tmp_path / asset.name)
    (tmp_path / "ours.css").write_text(stylesheet(rule for result in results for rule in result.rules))
    sheets = ["ours.css", packages().assets["katex.css"].name][:: 1 if ours_first else -1]
    boxes = []
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=program, args=["--no-sandbox"]) as browser,
    ):
        for body in (
            [result.html for result in results],
            [inlined(result.html, result.rules) for result in results],
        ):
            links = "".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in sheets)
            text = "".join(f"<p>{html}</p>" for html in body)
            (tmp_path / "page.html").write_text(
                f'<!doctype html><meta charset="utf-8">{links}{text}', encoding="utf-8"
            )
            page = browser.new_page()
            page.goto((tmp_path / "page.html").as_uri())
            page.evaluate("document.fonts.ready")
            boxes.append(page.evaluate(MEASURE))
    assert len(boxes[0]) > 3000
    assert boxes[0] == boxes[1]


# ---------------------------------------------------------------- letters of another cut


@pytest.mark.parametrize(
    ("char", "cut", "expected"),
    [
        ("z", "bold", "𝐳"),
        ("E", "double-struck", "𝔼"),
        ("R", "double-struck", "ℝ"),
        ("L", "script", "ℒ"),
        ("N", "script", "𝒩"),
        ("C", "fraktur", "ℭ"),
        ("g", "fraktur", "𝔤"),
        ("μ", "bold-italic", "𝝁"),
        ("ϵ", "bold-italic", "𝝐"),
        ("Θ", "bold", "𝚯"),
        ("∇", "bold", "𝛁"),
        ("ı", "italic", "𝚤"),
        ("h", "italic", "ℎ"),
        ("1", "bold", "𝟏"),
        ("1", "double-struck", "𝟙"),
        ("x", "sans-serif", "𝗑"),
        ("c", "monospace", "𝚌"),
        (",", "bold", ","),
        ("é", "bold", "é"),
        ("x", "unheard-of", "x"),
    ],
)
def test_letters_have_their_own_characters(char: str, cut: str, expected: str) -> None:
    assert letter(char, cut) == expected


def test_mathml_holds_the_characters_browsers_draw() -> None:
    mathml = with_letters(
        '<mi mathvariant="bold">z</mi><mn mathvariant="bold">12</mn><mi mathvariant="normal">K</mi>'
        '<mi mathvariant="bold" lspace="0em">é</mi><mi mathvariant="bold-italic">ı</mi><mi>x</mi>'
    )
    assert mathml == (
        '<mi>𝐳</mi><mn>𝟏𝟐</mn><mi mathvariant="normal">K</mi>'
        '<mi mathvariant="normal" lspace="0em">é</mi><mi>ı</mi><mi>x</mi>'
    )


def test_no_character_reference_is_cut() -> None:
    assert with_letters('<mi mathvariant="bold">&#x27;</mi>') == '<mi mathvariant="normal">&#x27;</mi>'
    assert with_letters('<mi mathvariant="bold">&amp;</mi>') == '<mi mathvariant="normal">&amp;</mi>'


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        ("bold", "<b>a &amp; b</b>"),
        ("bold-italic", "<b><i>a &amp; b</i></b>"),
        ("monospace", "<code>a &amp; b</code>"),
        ("sans-serif", "a &amp; b"),
        ("normal", "a &amp; b"),
    ],
)
def test_words_stay_words(cut: str, expected: str) -> None:
    mathml = with_letters(f'<mtext mathvariant="{cut}">a &amp; b</mtext>')
    assert re.sub(' mathvariant="normal"', "", mathml) == f"<mtext>{expected}</mtext>"

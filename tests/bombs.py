"""Texts that repeat one thing for long: what parsers choke on. Each grows to about as many characters as asked for."""

from collections.abc import Callable
from math import isqrt
from typing import NamedTuple

Bomb = Callable[[int], str]


class Hostile(NamedTuple):
    """A text for a file of this name."""

    path: str
    text: Bomb


def repeated(unit: str, head: str = "", tail: str = "") -> Bomb:
    return lambda size: head + unit * (size // len(unit)) + tail


def nested(opening: str, closing: str) -> Bomb:
    def make(size: int) -> str:
        count = size // len(opening + closing)
        return opening * count + closing * count

    return make


def growing(mark: str, between: str) -> Bomb:
    """Rows of the mark, each one longer than the one before."""

    def make(size: int) -> str:
        rows = range(1, isqrt(2 * size // len(mark)) + 1)
        return "".join(mark * row + between for row in rows)

    return make


def numbered(unit: str, head: str = "", again: str = "") -> Bomb:
    """The unit with a number in place of each ``{}``, and after all of them another so."""

    def make(size: int) -> str:
        count = size // (len(unit) + len(again) + 4)
        first = "".join(unit.format(number, number + 1) for number in range(count))
        return head + first + "\n\n" * bool(again) + "".join(again.format(number) for number in range(count))

    return make


def table(rows: int, columns: int, cell: str) -> str:
    line = f"|{cell}" * columns + "|\n"
    return line + "|-" * columns + "|\n" + line * rows


UNITS = [
    # brackets
    *("[", "[[", "[[a", "![[", "![[a", "![", "[a](", "[a](<", "[a](b", '[a](b "', "[a](b 'c", "[a] ", "[a]", "[[a]] "),
    *("[[a]](", "[^1]", "[^", "[^a", "^[", "^[a", "^[a] ", "[a][", "[a][b]", "[]()", "[!["),
    *("[![a](b)](", "]", "(", "[`", "[<", "[*", "[**a", "[$", "[\\", "[a\\]", "[|", "[[a|", "[[a#", "[[a|b]] ", "[a\n", "[[a\n"),
    *("[yt] ", "[yt](", "![[a]] ", "![[a]]\n", "![[a.png|1", "[a](b.md) ", "[a](http://b) ", "![a](b.png) ", "[a]{"),
    # citations, tags, addresses
    *("[@", "\\eqref{", "\\eqref{a} ", "[@a", "[@a; @b] ", "[@a, p. 3] ", '[@a{see "', "[see @a, ", "@a ", "@a [p. ", "#a ", "#a/", "#_", "a@", "a@b.c "),
    *("_a@", "http:", "http://a ", "http://a.b/(", "http://a.b/&a;", "www.", "www.a.b_", "mailto:a@", "xmpp:a@b.c/", "<http:", "<a@b"),
    # emphasis, highlights, comments, code
    *("*", "*a ", "*a **a ", "_a *a ", "**a ", "a**", "_", "_a ", "a_", "~~a ", "~~", "=", "==", "==a", "==a ", "==*a ", "==["),
    *("%", "%%", "%%a\n", "%%\n\n", "1%%", "`", "``a", "`a", "`$", "`a\n", "```\n", "```a\n", "~~~\n", "```zzz\na\n```\n"),
    # formulas
    *("$", "$$", "$$\n", "$$ ", "$a", "$a ", "$a$ ", "$1 ", "US$ ", "$$a ", "$$a$$b\n", "$$a\n$$b\n", "$`a`", "$|a", "|$a|"),
    *("\\", "\\(", "\\(a", "\\[", "\\[\n", "\\[a ", "\\[a\\]", "\\$", "\\begin{align}", "\\begin{align}\n", "$\\def\\a{b}$ ", "$\\newcommand"),
    # blocks
    *(">", "> ", ">\n", "> a\n", "> a\nb\n", "> [!note]\n", "\n> [!note]\n", "- ", "- a\n", "- a\n\n", "1. ", "1. a\n", "- [ ] a\n"),
    *("|", "|a", "|\n", "|a|\n", "a|b\n-|-\n", "|-", "|[[a", "|\\(", "# ", "# a\n", "## a\n\n", "#\n", "a\n=\n", "---\n", "a\n---\n"),
    *(": a\n", "a\n: b\n\n", "a\n: : ", "- > ", "> 1. ", "> - ", "- $$\n", "> $$\n", "> \\[\n", "- ```\n", "> <div>\n", "^a\n\n", "a ^b\n\n"),
    *("[^a]: ", "[^1]: a\n\n", "[^a]: > ", "[^a]: [^b]: ", "> [^a]: ", "[a]: b\n", "[a]: <", '[a]: b "\n', "[a]:\n", "    a\n", "\ta\n"),
    # HTML, entities, templates, attributes
    *("<", "<a ", "<a b='", "<b>", "</b>", "<b></b>", "<!--", "<!-- a", "<!-- --> ", "<!----->", "<!A ", "<![CDATA[", "<?", "<div>\n", "<div>\n\n"),
    *("</div>\n\n", "<details>\n\n", "<li>\n\n", "<table><tr>\n\n", "<a href='b'>", "<img src=a>", "<!--\n\n", "<!--more-->\n\n", "&", "&#", "&amp;", "&a"),
    *("{.a}\n", "{.a}\n\n", "{.a", '{a="', "{.a .b ", "- a\n{.b}\n", "> a\n{#b}\n", "- {.a}\n", "a {#b}\n\n", "# a {.b}\n", "|a|\n|-|\n{.b}\n"),
    *("`a`{.b}", "[a]{.b} ", "[[a]{.b}", "![a](b.png){width=3}", "[a](b.md){#c} ", "<a id=b></a>", "```a {.b}\n```\n", "$$a$$ {#b}\n"),
    *("{", "{#a} ", "{: a", "{{", "{{< ", "{% ", "{{ a }}", "<% ", "{% highlight %}\n"),
    # text
    *("a", "a ", "a\n", "a\n\n", "a. ", "e.g. ", "a? ", "(a. ", "a  \n", "a\\\n", "é", "中文。", "שלום ", '"a ', "'", "--", "...", "\x0b", "\x00"),
    *("alias: a\n", "alias: a\n\n", "alias: a, ", "also known as a\n", "see [[a]]. ", "the quick brown [fox] jumps "),
]  # fmt: skip

BOMBS: dict[str, Bomb] = {
    **{repr(unit): repeated(unit) for unit in UNITS},
    **{
        f"{opening!r} … {closing!r}": nested(opening, closing)
        for opening, closing in [
            *(("[", "]"), ("![", "](a)"), ("[", "](a)"), ("[[", "]]"), ("^[", "]"), ("[a](", ")"), ("(", ")"), ("([", "])")),
            *(("*a ", "*"), ("*a **b ", "** *"), ("**a ", "a**"), ("_a ", " a_"), ("~~a ", "a~~"), ("==a ", "a=="), ("a**b", "c* ")),
            *(("$", " $"), ("\\(", "\\)"), ("\\[", "\\]"), ("`", " `"), ("<b>", "</b>"), ("<div>\n\n", "</div>\n\n"), ("<", ">")),
            *(("<ul><li>\n\n", "</li></ul>\n\n"), ("<span>", "<ul></span>"), ("\\begin{align}", "\\end{align}"), ("http://a.b/(", ")")),
        ]
    },
    **{
        f"{unit!r} and {tail!r}": repeated(unit, tail=tail)
        for unit, tail in [
            *(("[", "](a)"), ("![", "](a)"), ("[a] ", "\n\n[a]: b"), ("[^a]", "\n\n[^a]: b"), ("*a ", "b*"), ("`a ", "``"), ("==a ", "b==")),
            *(("$$a ", "$$"), ("$$\n\n", "$$"), ("- $$\n", "$$"), ("\\(", "a\\)"), ("\\[\n", "\\]"), ("\\[a ", "\\]"), ("%%a\n", "%%")),
            *(("<!--", "-->"), ("<!-- --->", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"), ("<a ", ">"), ("a|", "\n-|-"), ("a\n", "==="), ("a\n", ": b")),
            *(("http://a.b", ")" * 99), (")", "http://a.b"), ("^[a]\n", "^[b]"), ("  \\begin{align}\n", "\\end{align}")),
        ]
    },
    **{
        f"rows of {mark!r} and {between!r}": growing(mark, between)
        for mark, between in [
            *(("`", "a"), ("`", "\n"), ("`", "$"), ("$", "a"), ("*", "a "), ("_", "a "), ("=", "a"), ("~", "\n"), ("[", "a"), ("[", "]")),
            *((">", "a\n"), ("> ", "a\n"), ("- ", "a\n"), ("  ", "- a\n"), ("    ", "a\n"), ("#", " a\n"), ("|", "\n"), ("|a", "\n|-\n")),
        ]
    },
    "a list of displays that its end cuts off": repeated("  \\begin{align}\n", head="- a\n", tail="\\end{align}\n"),
    "a square table": lambda size: table(isqrt(size // 2), isqrt(size // 2), "a"),
    "a square table of links": lambda size: table(isqrt(size // 9), isqrt(size // 9), "[[a\\|b]]"),
    "a square table of formulas": lambda size: table(isqrt(size // 6), isqrt(size // 6), "$x|y$"),
    "one wide row": lambda size: table(1, size // 6, "a"),
    "escaped bars": repeated("\\|", head="|a|\n|-|\n|", tail="|\n"),
    "footnotes": numbered("a[^{0}]\n\n[^{0}]: b\n\n"),
    "footnotes in one line": numbered("[^{0}] ", again="[^{0}]: b\n"),
    "footnotes with lists": numbered("[^{0}] ", again="[^{0}]: - b\n"),
    "footnotes in footnotes": numbered("[^{0}]: b[^{1}]\n\n", head="[^0]\n\n"),
    "one footnote for all": repeated("[^1] ", tail="\n\n[^1]: b\n"),
    "headings": numbered("## a{0}\n\n"),
    "abbreviations": numbered("a{0} ", again="*[a{0}]: b\n"),
    "one abbreviation for all": repeated("a ", tail="\n\n*[a]: b\n"),
    "references": numbered("[a{0}] ", again="[a{0}]: b\n"),
    "citations": numbered("[@a, p. {0}] "),
    "narrative citations": numbered("@a [p. {0}] "),
    "names": numbered("[[a{0}]] "),
    "tags": numbered("#a{0} "),
    "names of blocks": numbered("a\n{{#b{0}}}\n\n"),
    "classes of one block": numbered("{{.a{0}}}\n"),
    "classes in one list": numbered(" .a{0}", head="a {.b"),
    "equations": numbered("\n\n$$a\\label{{{0}}}$$\n\n\\eqref{{{1}}} "),
    "formulas": numbered("$a_{{{0}}}$ "),
    "code that colours": repeated("x = 1\n", head="```python\n", tail="```\n"),
    "a diagram": repeated("a-->b\n", head="```mermaid\nflowchart LR\n", tail="```\n"),
    "brackets that nothing closes": repeated("a", head="[", tail="\n"),
    "one address": repeated("b", head="[a](http://b/", tail=")"),
    "front matter: a list": repeated("- a\n", head="---\naliases:\n", tail="---\n"),
    "front matter: brackets": repeated("[", head="---\na: ", tail="\n---\n"),
    "front matter: fields": numbered("a{0}: b\n", head="---\n", again="---\n"),
    "front matter: one field": repeated("title: b\n", head="---\n", tail="---\n"),
    "front matter: a title": repeated("$a$ [", head="---\ntitle: '", tail="'\n---\n"),
    "front matter: no end": repeated("---\na: b\n"),
    "front matter: rules": repeated("---\n"),
    "front matter: blanks": repeated(" ", head="---", tail="\n"),
    "front matter: nodes in nodes": numbered("a{1}: &a{1} [*a{0},*a{0}]\n", head="---\na0: &a0 [x,x]\n", again="---\n"),
    "front matter: macros": numbered("  a{0}: b\n", head="---\nmacros:\n", again="---\n$a$ $b$\n"),
    "front matter: wikilinks": repeated("[[a]] ", head="---\nrelated: ", tail="\n---\n"),
    "front matter: addresses": repeated("http://a ", head="---\nyt: ", tail="\n---\n" + "[yt] " * 99),
    "terms": numbered("## a{0}\n\nb [[a{1}]]\n\n", head="---\nkind: glossary\n---\n"),
    "terms with names": numbered("## a{0}\nalias: b\n\n", head="---\nkind: glossary\n---\n"),
    "a term with many names": repeated("alias: b\n", head="---\nkind: glossary\n---\n## a\n"),
    "terms with notes": numbered("## a{0}\n\nb[^{0}]\n\n[^{0}]: c\n\n", head="---\nkind: glossary\n---\n"),
}  # fmt: skip

_ENTRY = "\\newglossaryentry{{{0}}}{{name={{a{0}}},description={{b \\gls{{{1}}} c}}}}\n"
_LATEX = [
    *("\\gls{", "\\gls{a} ", "\\Glspl{a}", "\\glslink{a}{", "{", "}", "[", "$", "$a$ ", "$$", "\\(", "\\(a\\) ", "\\[", "\\", "\\\\", "%", "%\n"),
    *("\\begin{itemize}", "\\begin{itemize}\\item a\n", "\\item ", "\\begin{a}", "\\end{a}", "\\begin{align}", "\\begin{verbatim}", "\\verb|", "\\verb|a| "),
    *("\\href{", "\\href{a}{", "\\textbf{", "\\emph{a} ", "{\\bf a ", "\\footnote{", "\\footnote{a} ", "\\cite{a} ", "\\cite[", "\\eqref{a} "),
    *("\\newcommand{\\a}{b}", "\\newcommand{", "\\def\\a{", "\\a ", "\\'e", '\\"', "~", "--", "``", "a ", "a\n\n", "&", "#", "^", "_", "\\newacronym{a}{b}{c}\n"),
    *("\\newglossaryentry{", "\\newglossaryentry{a}{", "\\newglossaryentry{a}{name={", "\\longnewglossaryentry{a}{}{", "\\newterm{a}", "\\input{a}"),
]  # fmt: skip
_BIB = [
    *("@", "@entry{", "@entry{a, ", "@entry{a, name={", "@entry{a, name={b}}\n", "@entry{a, name=b # ", '@entry{a, name="', "@string{a = {b}}\n", "@comment{"),
    *("{", "}", "a = {b}, ", "%\n", "@a{b}\n"),
]  # fmt: skip


def _macros_in_macros(size: int) -> str:
    count = size // 40
    lines = "".join(
        f"\\newcommand{{\\m{_letters(n)}}}{{\\m{_letters(n + 1)}\\m{_letters(n + 1)}}}\n"
        for n in range(count)
    )
    return (
        f"{lines}\\newglossaryentry{{a}}{{name={{a}},description={{\\m{_letters(0)} $\\m{_letters(0)}$}}}}\n"
    )


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


HOSTILE = {
    **{name: Hostile("entry.md", text) for name, text in BOMBS.items()},
    **{f"outside, {unit!r}": Hostile("entry.tex", repeated(unit)) for unit in _LATEX},
    **{
        f"inside, {unit!r}": Hostile(
            "entry.tex", repeated(unit, head="\\newglossaryentry{a}{name={a},description={", tail="}}\n")
        )
        for unit in _LATEX
    },
    "entries in LaTeX": Hostile("entry.tex", numbered(_ENTRY)),
    "macros in macros": Hostile("entry.tex", _macros_in_macros),
    **{f"bib, {unit!r}": Hostile("entry.bib", repeated(unit)) for unit in _BIB},
    "entries of bib2gls": Hostile(
        "entry.bib", numbered("@entry{{a{0}, name={{b{0}}}, description={{\\gls{{a{1}}}}}}}\n")
    ),
}
"""All, by what they repeat."""

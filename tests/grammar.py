"""Hypothesis strategies for texts of the dialect: constructs nested in each other, and marks at random.

A text is drawn with two signs in place of words, `SHOWN` and `HIDDEN`, which `named` then makes into words that
occur once: what is `SHOWN` must be read on the page, what is `HIDDEN` (in a comment, an address, a name of a
language) need not be.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from hypothesis import strategies as st

SHOWN, HIDDEN = "\ue000", "\ue001"


class Written(NamedTuple):
    """A text, and the words of it that a reader must find."""

    text: str
    words: tuple[str, ...]


def word(number: int) -> str:
    """A word of letters alone that no other number has and that no other word holds."""
    letters = ""
    while True:
        number, digit = divmod(number, 20)
        letters = chr(ord("a") + digit) + letters
        if not number:
            return f"w{letters}z"


def named(text: str) -> Written:
    """Put words in place of the signs."""
    words: list[str] = []
    count = 0

    def name(sign: re.Match[str]) -> str:
        nonlocal count
        count += 1
        if sign[0] == SHOWN:
            words.append(word(count))
        return word(count)

    return Written(re.sub(f"[{SHOWN}{HIDDEN}]", name, text), tuple(words))


# ------------------------------------------------------------------------------------- lines


def _filled(shapes: list[str], inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One of some shapes, each ``{}`` in it filled from `inner`."""

    def fill(shape: str) -> st.SearchStrategy[str]:
        count = shape.count("{}")
        return st.tuples(*[inner] * count).map(lambda parts: shape.format(*parts))

    return st.sampled_from(shapes).flatmap(fill)


def _written(shape: str) -> str:
    """``w`` and ``h`` between section signs stand for the two signs."""
    return shape.replace("§w", SHOWN).replace("§h", HIDDEN)


ATOMS = [
    _written(shape)
    for shape in (
        *("§w", "§w §w", "§w, §w.", "(§w)", "§w's", "“§w”", '"§w"', "§w -- §w", "e.g. §w", "§w?!"),
        *("`§w`", "``§w ` §w``", "`§w|§w`", "$§w$", "$§w|§w$", r"$\frac{{§w}}{{2}}$", r"\(§w\)", "$$§w$$", r"\[§w\]"),
        *(r"\begin{{align}}§w\end{{align}}", r"$\newcommand{{\x}}{{§w}}$", "$5 and §w $6", "US$ 7", "$latex §w$"),
        *("[[§w]]", "[[§h|§w]]", "[[§h#§w]]", "[[§h#^§w]]", "[[#§w]]", "[[§h/§w.md]]", "![[§w]]", "![[§h.png|§w|30]]"),
        *("[§w]", "[§w §w]", "[[§w]](#§h)", "[§w](§h.md)", "[§w](<§h.md>)", "[§w](https://a.example/§h)"),
        *("[§w](javascript:§h)", "[§w][ref]", "[ref]", "[§w][§w]", "<https://a.example/§w>", "<§w@a.example>"),
        *("https://a.example/§w", "www.a.example/§w", "§w@a.example", "![§w](§h.png)", "![§w](https://a.example/§h.png)"),
        *("#§w", "#§w/§w", "[^note]", "[^§w]", "[^other]", "%%§h%%", "<!-- §h -->", "<!--§h-->"),
        *("<br>", "<kbd>§w</kbd>", "<script>", "<u>", "</b>", "<a href=§w>", "&amp;", "&#955;", "&§w;", r"\*§w\*"),
        *(r"\[§w\]", "[@§w]", "@§w", "[-@§w, p. 3]", "[@§w; @§w]", "[yt]", "[yt](https://www.youtube.com/watch?v=§h)"),
        *("[yt:abcdefgh]", "§w  \n§w", "§w\\\n§w", "§w\n§w", "{{{{ §w }}}}", "{{{{< §w >}}}}", "{{% §w %}}", "{{#§h}}", "{{.§h}}"),
        *("0 == §w, 1 == §w", "3 * §w * 5", "§w_§w_§w", "2^§w^", "~§w~", "§w ^§h", r"$x$ \eqref{{§w}}", r"\eqref{{eq}} §w", r"$\ref{{eq}}$", "[[#^eq]]", "H~2~O"),
        *("§w\u00a0§w", "§w\u200b§w", "\ufeff§w", "§w\u0301", "中文§w。", "שלום §w", "\u202e§w", "𝕏§w", "İ§w", "\t§w\t"),
        *("`§w`{{.§h}}", "[§w]{{#§h .§h}}", "[§w](§h.md){{: .§h}}", "[[§h|§w]]{{#x}}", "![§w](§h.png){{width=3 .x}}", "§w {{.§h}}"),
        *("[§w]{{#x a=b}}", "<a id=§h>§w</a>", "<span id=x>§w</span>", "<a name=x></a>"),
        *("§w\x0b§w", "\x1c§w", "\x85§w", "\u2028§w", "\x7f", "\x01", "\ufffd", "\x00", "\U000e0041", "ﬁ§w", "'§w' \"§w\""),
    )
]  # fmt: skip
FRAMES = [
    _written(shape)
    for shape in (
        *(
            "*{}*",
            "_{}_",
            "**{}**",
            "__{}__",
            "***{}***",
            "~~{}~~",
            "=={}==",
            "{} {}",
            "{}{}",
            "{}, {}",
            "({})",
        ),
        *(
            "[{}](§h.md)",
            "[{}](https://a.example/ '§h')",
            "![{}](§h.svg)",
            "[{}][ref]",
            "[{}]",
            "[[§h|{}]]",
            "^[{}]",
        ),
        *(
            "<b>{}</b>",
            "<span class='x'>{}</span>",
            "<sub>{}",
            "{}\n{}",
            "*{}",
            "{}*",
            "=={}",
            "[{}",
            "{}]",
            "({}",
            "${}",
        ),
        *("`{}", "<{}>", "![{}", "{}](", "\\{}", "{}$", "[^{}]", "“{}”", '"{}"'),
    )
]
LINES = st.recursive(
    st.sampled_from([shape.format() for shape in ATOMS]), lambda inner: _filled(FRAMES, inner), max_leaves=6
)


# ------------------------------------------------------------------------------------- blocks


def _indented(first: str, others: str) -> Callable[[str], str]:
    """Put one mark before the first line and another before the rest."""

    def mark(text: str) -> str:
        return first + text.replace("\n", "\n" + others)

    return mark


def _table(rows: list[list[str]]) -> str:
    cells = [[cell.replace("\n", " ") for cell in row] for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join([lines[0], "|" + "---|" * len(cells[0]), *lines[1:]])


SIMPLE = [
    _written(shape)
    for shape in (
        *("```python\n§w = 1\n```", "```\n§w\n```", "```§h\n§w\n```", "~~~md\n[[§w]]\n~~~", "```mermaid\ngraph LR\n§w\n```"),
        *("    §w", "$$\n§w\n$$", "$$§w$$", "$$\n§w\n$$ ^§h", "$$\n§w\\label{eq}\n$$", "$$\n§w\\tag{§w}\n$$", "\\[\n§w\n\\]", "\\begin{align}\n§w\n\\end{align}", "---", "***"),
        *("<div>\n§w\n</div>", "<div>\n\n§w\n\n</div>", "<details><summary>§w</summary>\n\n§w\n\n</details>", "<p>§w", "<table>§w"),
        *("<!-- §h\n\n§h -->", "<!--more-->", "%%\n§h\n\n§h\n%%", "%%§h%%", "[ref]: https://a.example/§h", "[§h]: /§h '§h'"),
        *("![[§w]]", "![[§w]]\n![[§w#§w]]", "^§h", "alias: §w", "alias: §w, [[§w]]", "also known as §w", "see [[§w]]"),
        *("abbrev: §w", "tags: §w", "yt: https://youtu.be/§h", "[^ref]", "$$\n§w", "%%\n§w", "```\n§w", "> [!", "<script>\n§w\n</script>"),
        *("{#§h .§h}", "{: #§h}", "{.§h a=b}", "```{.python #§h}\n§w\n```", "$$\n§w\n$$ {#§h}", "§w\n{#x}", "{#x}\n§w", "- §w {#x}\n{.x}", "{{< §w >}}", "{% raw %}", "| §w |", "§w\n: §w", "\ufeff", "\t§w", "+++\n§w = 1\n+++", "---\n§w: 1\n---"),
        *("[^note]: §w", "[^other]: §w\n\n    - §w", "[^other]: $$\n    §w\n    $$", "[^note]: §w[^other]", "*[§h]: §h", "\\newcommand{\\§h}{§h}"),
    )
]  # fmt: skip
CALLOUTS = ["note", "tip", "Warning", "my own", "quote|§h", "a b&c", "bug]"]


def _framed(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=1, max_size=3).map("\n\n".join)
    title = st.one_of(st.just(""), LINES.map(lambda line: line.replace("\n", " ")))
    callout = st.builds(
        "> [!{}]{} {}".format, st.sampled_from(CALLOUTS).map(_written), st.sampled_from(["", "+", "-"]), title
    )
    return st.one_of(
        several.map(_indented("> ", "> ")),
        several.map(_indented(">", ">")),
        several.map(_indented("- ", "  ")),
        several.map(_indented("1. ", "   ")),
        several.map(_indented("- [ ] ", "  ")),
        several.map(_indented("- [x] ", "  ")),
        several.map(_indented("[^note]: ", "    ")),
        several.map(_indented("[^other]: ", "    ")),
        several.map(_indented(f"{SHOWN}\n: ", "  ")),
        several.map(_indented("  ", "  ")),
        several.map(_indented("<div>\n\n", "")).map(lambda text: text + "\n\n</div>"),
        st.tuples(callout, several.map(_indented("> ", "> "))).map("\n".join),
        st.tuples(callout, several.map(_indented("> ", "> "))).map("\n>\n".join),
        st.lists(inner, min_size=2, max_size=4).map("\n".join),
    )


HEADINGS = st.builds(
    "{} {}{}".format,
    st.sampled_from(["#", "##", "###", "######"]),
    LINES.map(lambda line: line.replace("\n", " ")),
    st.sampled_from(["", " ##", " {#x}", " ^x", " {#x .y a=b} ##"]),
)
SETEXT = st.builds("{}\n{}".format, LINES, st.sampled_from(["===", "---"]))
TABLES = st.lists(st.lists(LINES, min_size=1, max_size=3), min_size=1, max_size=3).map(_table)
PARAGRAPHS = st.builds(
    "{}{}".format,
    LINES,
    st.sampled_from(["", "", "", f" ^{HIDDEN}", "\n^x", " {#x .y}", "\n{#x a=b}", "\n[^ref]"]),
)
BLOCKS = st.recursive(
    st.one_of(PARAGRAPHS, st.sampled_from(SIMPLE), HEADINGS, SETEXT, TABLES), _framed, max_leaves=5
)
BODIES = st.lists(BLOCKS, max_size=4).flatmap(
    lambda blocks: st.sampled_from(["\n\n", "\n"]).map(lambda between: between.join(blocks) + "\n")
)

# ------------------------------------------------------------------------------------- front matter

FIELDS = (
    "title id permalink kind aliases alias abbreviation acronym tags author created date modified description related see"
    " prerequisites broader yt bibliography lang draft publish status macros titel 'no such' <<"
).split()
SCALARS = st.one_of(
    st.sampled_from(
        [
            *("", "x", "No", "~", "1:30", "2024-09-20", "2024-13-45", "true", "[[x]]", "'$x$'", '"a: b"', "glossary", "note"),
            *("- x", "[a, [[b]], c]", "{a: b}", "&a x", "*a", "!!python/object:os.system x", "|\n  a\n  b", ">\n  a", "#x"),
            *("[", "{", "'", '"', "@x", "`x`", "%x", "\t", "- - - x", "? x", ": x", "a: b: c", "x #y", "\\x", "é", "\u2028"),
            *("[yt]", "<script>", "https://a.example/", "javascript:x", "../x", "\x00", "\x07", "\ufeff", "1_000", "0x1f", ".inf"),
            *("\n  - a\n  - b", "\n  a: b\n  c:", "\n  - a: b", "\n- a\n-", "!!binary eA==", "!!set {a}", "<<: *a", "en", "fr-CA"),
        ]
    ),
    st.text(max_size=12),
)  # fmt: skip
FRONT_MATTER = st.builds(
    "---\n{}{}".format,
    st.lists(
        st.one_of(st.builds("{}: {}\n".format, st.sampled_from(FIELDS), SCALARS), SCALARS.map("{}\n".format)),
        max_size=5,
    ).map("".join),
    st.sampled_from(["---\n", "---\n", "...\n", "--- \n\n", "----\n", ""]),
)

# ------------------------------------------------------------------------------------- files


@st.composite
def documents(draw: st.DrawFn) -> Written:
    """A file in which constructs are nested; some have a stretch cut out."""
    text = draw(st.one_of(st.just(""), st.just(""), FRONT_MATTER)) + draw(BODIES)
    return named(text)


MARKS = [
    *"[](){}<>|!#*_~`$\\^%=:;,.-+\"'&@/? \t\n\r",
    *("[[", "]]", "![[", "](", "$$", "\\(", "\\)", "\\[", "\\]", "==", "%%", "~~", "**", "```", "\n\n", "\n> ", "\n- ", "\n1. "),
    *("\n    ", "\n# ", "\n## ", "\n| ", "\n|-|-|\n", "\n: ", "> [!note]- ", "[^a]", "[^a]: ", "^[", "[yt]", "<b>", "</b>"),
    *("<div>\n", "</div>\n", "<!--", "-->", "<script>", "\\begin{align}", "\\end{align}", "---\n", "alias: ", "see [", "[x]: /u"),
    *("https://a.b/", "www.a.b", "a@b.c", "[@a", "{{< ", "{% ", "{#a}", "\n{.a}\n", "<!--more-->", "+++\n", "<?", "<![CDATA[", "]]>"),
    *("é", "\u200b", "\U0001d54f", "\u00a0", "\ufeff", "\u0301", "\u202e", "\x00", "\x01", "\x0c", "\x1c", "\x85", "\u2028"),
]  # fmt: skip
SOUP = st.lists(st.one_of(st.just(SHOWN), st.sampled_from(MARKS)), max_size=40).map("".join)
"""Marks at random."""


def damaged(text: str) -> st.SearchStrategy[str]:
    """The text with a stretch of it cut out, put elsewhere, or marks put into it."""
    at = st.integers(0, len(text))

    def change(one: int, other: int, third: int, mark: str) -> str:
        first, last = sorted((one, other))
        rest = text[:first] + text[last:]
        third = min(third, len(rest))
        return rest[:third] + mark + rest[third:]

    return st.builds(change, at, at, at, st.one_of(st.just(text[:9]), SOUP))

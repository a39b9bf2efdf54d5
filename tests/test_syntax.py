"""What each construct of the dialect becomes, and what holds for any text whatever.

``tests/syntax/*.md`` holds a file for each construct: a title, what is written, and between the dots
what comes of it. Slots are shown in braces; below the body stand the formulas (``m0 $ x``), references
(``a0 -> target``), videos, images and diagrams that fill them, and ``line:column code`` for each diagnostic.
`pytest --update` writes what comes of it anew.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file
from tests.conftest import Golden

from grimoire.model import SLOT, Body, Term
from grimoire.parse import Dialect, parse
from grimoire.source import Source, position

SYNTAX = Path(__file__).parent / "syntax"
HEADING_ANCHOR = re.compile(r'<a class="anchor" href="#\{p\}[^"]*" aria-label="Link to this section">§</a>')


def readable(markdown: str, dialect: Dialect) -> str:
    """What comes of a file, in a form to read."""
    parsed, diagnostics = parse(Source("entry.md", markdown), dialect)
    lines = []
    for term, body in zip(parsed.terms, parsed.bodies, strict=True):
        parts = body.html.split(SLOT)
        html = "".join(_shown(part) if index % 2 else part for index, part in enumerate(parts))
        lines += [HEADING_ANCHOR.sub("", html).rstrip(), *fillers(term)]
    for one in sorted(diagnostics, key=lambda one: one.span.start if one.span else 0):
        line, column = position(markdown, one.span.start) if one.span else (0, 0)
        lines.append(f"{line}:{column} {one.code}")
    return "".join(f"{line}\n" for line in lines if line)


def _shown(slot: str) -> str:
    return slot[1:] if slot[0] == "w" else f"{{{slot}}}"


def fillers(term: Term) -> list[str]:
    lines = []
    for number, formula in enumerate(term.formulas):
        tex = (formula.preamble + formula.tex).replace("\n", "↵")
        lines.append(f"m{number} {'$$' if formula.display else '$'} {tex}")
    for number, reference in enumerate(term.references):
        target = reference.target + (f"#{reference.section}" if reference.section else "")
        rival = f" or {reference.rival}" if reference.rival else ""
        lines.append(f"a{number} -> {target}{rival} as {reference.label}")
    lines += [f"v{number} {video.url or 'nowhere'}" for number, video in enumerate(term.videos)]
    for number, image in enumerate(term.images):
        size = f" {image.width}x{image.height}" if image.width else ""
        title = f" titled {image.title}" if image.title else ""
        lines.append(f"i{number} {image.target} for {image.alt or 'nobody'}{size}{title}")
    for number, diagram in enumerate(term.diagrams):
        source = diagram.source.replace("\n", "↵")
        lines.append(f"d{number} {source}")
    return lines


DIALECTS = {"trusted": Dialect(html="trusted"), "smart": Dialect(smart=True)}


@pytest.mark.parametrize("name", sorted(path.stem for path in SYNTAX.glob("*.md")))
def test_construct(name: str, golden: Golden) -> None:
    path = SYNTAX / f"{name}.md"
    dialect = DIALECTS.get(name, Dialect())
    cases = [
        f"{title}\n.\n{markdown}.\n{readable(markdown, dialect)}.\n"
        for _, title, markdown, _ in read_fixture_file(path)
    ]
    golden.check(path, "\n".join(cases))


# ------------------------------------------------------------------------------------- any text

WORDS = st.text("abz", min_size=1, max_size=4)
MARKS = st.sampled_from(
    [
        *"[](){}<>|!#*_~`$\\^%=:;,.-+\"'&@/ \t\n",
        *(
            "[[",
            "]]",
            "![[",
            "](",
            "$$",
            "\\(",
            "\\)",
            "\\[",
            "\\]",
            "==",
            "%%",
            "~~",
            "**",
            "```",
            "\n\n",
            "\n> ",
        ),
        *(
            "\n- ",
            "\n1. ",
            "\n    ",
            "\n# ",
            "\n## ",
            "\n| ",
            "\n|-|-|\n",
            "\n: ",
            "> [!note]- ",
            "[^a]",
            "[^a]: ",
        ),
        *(
            "^[",
            "[yt]",
            "<b>",
            "</b>",
            "<div>\n",
            "</div>\n",
            "<!--",
            "-->",
            "<script>",
            "\\begin{align}",
            "\\end{align}",
        ),
        *(
            "{{",
            "}}",
            "{{< ",
            ">}}",
            "{% x",
            "%}",
            "{% highlight %}\n",
            "{% endhighlight %}\n",
            "<% ",
            "{:",
            "{: .a}",
        ),
        *(
            "---\n",
            "alias: ",
            "see [",
            "[x]: /u",
            "https://a.b/",
            "www.a.b",
            "a@b.c",
            "é",
            "\u200b",
            "\U0001d54f",
            "\r",
        ),
    ]
)
DIALECT_TEXT = st.lists(st.one_of(WORDS, MARKS), max_size=40).map("".join)
ANY_TEXT = st.one_of(DIALECT_TEXT, st.text(max_size=200))
SETTINGS = st.builds(Dialect, html=st.just("safe"), smart=st.booleans())
PATHS = st.sampled_from(["entry.md", "glossary.md", "notes/entry.md", "index.md"])


def source(path: str, text: str) -> Source:
    """A source such as `decode` makes."""
    return Source(path, text.replace("\r\n", "\n").replace("\r", "\n"))


VOID = frozenset(("br", "hr", "wbr", "col", "input", "img"))


class Strict(HTMLParser):
    """Reads HTML that closes each tag where it was opened; what is wrong is in `faults`."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag == "script" or any(name.startswith("on") or name == "style" for name, _ in attrs):
            self.faults.append(f"<{tag}> with {attrs}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")


def check_html(html: str) -> None:
    strict = Strict()
    # A heading's level is a slot: any will do here.
    strict.feed(re.sub(f"{SLOT}h\\d{SLOT}", "h2", html).replace(SLOT, ""))
    strict.close()
    assert not strict.faults
    assert not strict.open
    assert len(set(strict.ids)) == len(strict.ids)


def check_slots(html: str, counts: dict[str, int]) -> None:
    parts = html.split(SLOT)
    assert len(parts) % 2
    for slot in parts[1::2]:
        kind, number = slot[0], slot[1:]
        if kind in counts:
            assert 0 <= int(number) < counts[kind]
        else:
            assert slot == "p" or (kind == "w" and number) or (kind == "h" and int(number) >= 2)


def check_entry(term: Term, body: Body, length: int) -> None:
    check_html(body.html)
    check_slots(
        body.html,
        {
            "m": len(term.formulas),
            "a": len(term.references),
            "z": len(term.references),
            "v": len(term.videos),
            "i": len(term.images),
            "g": len(re.findall(r'role="note"|<li id="\0p\0_?sn', body.html)) + 1,
            "t": len(term.transclusions),
        },
    )
    excerpts = [one.excerpt for one in term.references] + [one.excerpt for one in term.videos]
    for fragment in (term.headword, term.summary, term.lead, *excerpts):
        check_html(fragment.html)
        links = len(fragment.links)
        check_slots(fragment.html, {"m": len(fragment.formulas), "a": links, "z": links})
        assert all(0 <= number < len(term.references) for number in fragment.links)
    spans = [term.span, *(one.span for one in term.references), *(one.span for one in term.videos)]
    spans += [*(one.span for one in term.images), *(one.span for one in term.aliases)]
    assert all(0 <= span.start <= span.end <= length for span in spans)
    assert len(term.formula_places) == len(term.formulas)
    for formula, place in zip(term.formulas, term.formula_places, strict=True):
        assert len(place.line_starts) == formula.tex.count("\n") + 1
        assert all(0 <= start <= length for start in place.line_starts)
    assert "\0" not in body.text


@settings(max_examples=400, deadline=None)
@given(ANY_TEXT, PATHS, SETTINGS)
def test_any_text_becomes_sound_entries(text: str, path: str, dialect: Dialect) -> None:
    written = source(path, text)
    parsed, diagnostics = parse(written, dialect)
    assert len(parsed.terms) == len(parsed.bodies) >= 1
    for term, body in zip(parsed.terms, parsed.bodies, strict=True):
        check_entry(term, body, len(written.text))
    for one in diagnostics:
        assert one.path == path
        assert one.span is not None
        assert 0 <= one.span.start <= one.span.end <= len(written.text)
        assert one.severity


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_what_is_parsed_twice_is_the_same(text: str) -> None:
    written = source("entry.md", text)
    assert parse(written, Dialect()) == parse(written, Dialect())


PLAIN = st.lists(st.text("abcdefghij", min_size=2, max_size=8), min_size=1, max_size=12)


@settings(max_examples=200, deadline=None)
@given(
    PLAIN,
    st.sampled_from(
        ["{}", "> {}", "- {}", "1. {}", "> [!note]\n> {}", "| {} |\n|---|", "## x\n\n{}", "==a== {}"]
    ),
)
def test_the_words_of_a_paragraph_survive(words: list[str], frame: str) -> None:
    parsed, _ = parse(Source("entry.md", frame.format(" ".join(words))), Dialect())
    (body,) = parsed.bodies
    assert " ".join(words) in body.html
    assert " ".join(words) in body.text


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["> ", "- ", "word ", "*em* ", "$x$ ", "`code` ", "\n", "é𝕏 "]), max_size=12))
def test_a_reference_knows_its_place(before: list[str]) -> None:
    text = "".join(before) + "[[here|shown]]"
    parsed, _ = parse(source("entry.md", text), Dialect())
    (reference,) = parsed.terms[0].references
    assert text[reference.span.start : reference.span.end] == "[[here|shown]]"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["> ", "- ", "word ", "*em* ", "[[link]] ", "\n", "é𝕏 "]), max_size=12))
def test_a_formula_knows_its_place(before: list[str]) -> None:
    text = "".join(before) + "$a+b$"
    parsed, _ = parse(source("entry.md", text), Dialect())
    (place,) = parsed.terms[0].formula_places
    assert text[place.line_starts[0] :] == "a+b$"


BOMBS = [
    *(
        "[",
        "[[",
        "![[",
        "![[![[",
        "![",
        "](",
        "[a](",
        "[a] ",
        "[[a]] ",
        "[yt] ",
        "[^1]",
        "^[",
        "^[a] ",
        "[^a]: ",
    ),
    *("$", "$$", "$$\n", "$a", "`$", "\\(", "\\[", "\\[\n", "\\begin{align}\n", "\\$", "\\"),
    *("> ", ">", "- ", "- a\n", "1. ", "* ", "\n> [!note]\n", "|", "a|b\n-|-\n", "|$a"),
    *("=", "==a ", "==a", "%", "%%a\n", "%%\n", "*a **a ", "_a ", "~~a ", "`", "``a", "# a\n", "## a\n"),
    *(
        "{{",
        "{{<",
        "{{< a\n",
        "{{% ",
        "{% x",
        "{% x\n",
        "{% highlight %}\n",
        "> {% highlight %}\n",
        "{: .a",
        "<% ",
    ),
    *(
        "<",
        "<a ",
        "<b>",
        "<!--",
        "<div>\n",
        "&",
        ":",
        "\n: a\n",
        "http://",
        "a@",
        "(a. ",
        "e.g. ",
        "---\n",
        "a: b\n",
    ),
]


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_repeats_for_long_comes_to_an_end(bomb: str) -> None:
    text = (bomb * 20_000)[:20_000]
    parsed, _ = parse(Source("entry.md", text), Dialect())
    assert parsed.terms

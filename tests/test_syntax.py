"""What each construct of the dialect becomes.

``tests/syntax/*.md`` holds a file for each construct: a title, what is written, and between the dots
what comes of it. Slots are shown in braces; below the body stand the footnotes (``f1 aside …``, or ``apart`` if
they are made of blocks), formulas (``m0 $ x``), references
(``a0 -> target``), videos, images, diagrams and citations (``c0 mode key``, in brackets if it may be none) that
fill them, and ``line:column code`` for each diagnostic.
`pytest --update` writes what comes of it anew.
"""

import re
from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file
from tests.conftest import Golden

from grimoire.model import SLOT, Body, Citation, Term
from grimoire.parse import Dialect, parse
from grimoire.source import Source, position

SYNTAX = Path(__file__).parent / "syntax"
HEADING_ANCHOR = re.compile(r'<a class="anchor" href="#\{p\}[^"]*" aria-label="Link to this section">§</a>')


def readable(markdown: str, dialect: Dialect) -> str:
    """What comes of a file, in a form to read."""
    parsed, diagnostics = parse(Source("entry.md", markdown), dialect)
    lines = []
    for term, body in zip(parsed.terms, parsed.bodies, strict=True):
        lines += [_shown(body.html), *notes(body), *fillers(term)]
    for one in sorted(diagnostics, key=lambda one: one.span.start if one.span else 0):
        line, column = position(markdown, one.span.start) if one.span else (0, 0)
        lines.append(f"{line}:{column} {one.code}")
    return "".join(f"{line}\n" for line in lines if line)


def _shown(html: str) -> str:
    parts = html.split(SLOT)
    for index, slot in enumerate(parts):
        if index % 2:
            parts[index] = slot[1:] if slot[0] == "w" else f"{{{slot}}}"
    return HEADING_ANCHOR.sub("", "".join(parts)).rstrip()


def notes(body: Body) -> list[str]:
    return [
        f"f{number} {'aside' if note.is_aside else 'apart'} {_shown(note.html)}"
        for number, note in enumerate(body.notes, 1)
    ]


def fillers(term: Term) -> list[str]:
    lines = []
    for number, formula in enumerate(term.formulas):
        tex = (formula.preamble + formula.tex).replace("\n", "↵")
        lines.append(f"m{number} {'$$' if formula.display else '$'} {tex}")
    lines += [f"^{one.name} at #{one.anchor} ({one.number})".removesuffix(" ()") for one in term.landmarks]
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
    lines += [f"c{number} {cited(citation)}" for number, citation in enumerate(term.citations)]
    return lines


def cited(citation: Citation) -> str:
    cites = []
    for cite in citation.cluster.cites:
        place = f" {cite.label} {cite.locator}" if cite.locator else ""
        words = "".join(
            f" {name} {text!r}" for name, text in (("before", cite.prefix), ("behind", cite.suffix)) if text
        )
        cites.append(f"{cite.mode} {cite.key}{place}{words}")
    found = "; ".join(cites) + (" in a note" if citation.in_note else "")
    return found if citation.is_sure else f"({found})"


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


# ------------------------------------------------------------------------------------- repetition

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
        "@a ",
        "@a{",
        "[@a",
        "[@a] ",
        "[a @b; ",
        "[@a, ",
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

"""Footnotes: each compiled once, behind the text, and set where a page first refers to it."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from markdown_it.token import Token

from grimoire.model import SLOT, Note
from grimoire.parse.findings import Findings
from grimoire.parse.pieces import Line, Piece
from grimoire.parse.places import Inside, Places
from grimoire.parse.raw_html import escape

_OF_ASIDES = frozenset(("paragraph_open", "paragraph_close", "inline", "math_block"))
"""The tokens of notes that are made of lines."""


class _Waiting(NamedTuple):
    """A note that is referred to; `inside` is the text it stands in, if it stands in a line."""

    tokens: list[Token]
    inside: Inside | None


class Notes:
    """The footnotes of one entry, in the order in which they are first referred to."""

    def __init__(
        self,
        findings: Findings,
        places: Places,
        tokens: dict[int, list[Token]],
        *,
        line: Callable[[Token, Inside | None], Line],
        set_apart: Callable[[list[Token]], str],
    ) -> None:
        """Begin.

        Args:
            findings: where all is noted.
            places: places in the file.
            tokens: the tokens of each footnote of the file by its number.
            line: compiles a line of text.
            set_apart: compiles blocks into HTML of their own.
        """
        self._findings, self._places, self._tokens = findings, places, tokens
        self._line, self._set_apart = line, set_apart
        self._numbers: dict[int, int] = {}
        self._waiting: list[_Waiting] = []
        self._refused: set[int] = set()

    @property
    def numbers(self) -> Collection[int]:
        """Which notes of the file are referred to, or told of."""
        return self._numbers.keys() | self._refused

    def note(self, child: Token, inside: Inside) -> Piece:
        """Compile a reference to a note."""
        key = child.meta["id"]
        if key not in self._numbers:
            tokens = self._tokens.get(key)
            if tokens is None:
                return self._nowhere(child, inside)
            # A note within a line, `^[…]`, stands in the text of that line.
            within = None if "label" in child.meta else inside.shifted(child.meta["at"][0] + len("^["))
            self._waiting.append(_Waiting(tokens, within))
            self._numbers[key] = len(self._waiting)
        return Piece("aside", f"{SLOT}f{self._numbers[key]}{SLOT}")

    def all(self) -> tuple[Note, ...]:
        """Compile every note that is referred to, those that only notes refer to included."""
        found: list[Note] = []
        self._findings.note_depth += 1
        # More of them may be referred to meanwhile.
        for tokens, inside in self._waiting:
            is_aside = all(token.type in _OF_ASIDES and not _has_name(token) for token in tokens)
            found.append(Note(self._aside(tokens, inside) if is_aside else self._set_apart(tokens), is_aside))
        self._findings.note_depth -= 1
        return tuple(found)

    def _nowhere(self, child: Token, inside: Inside) -> Piece:
        """A note in a title, which stands in many places where no note can."""
        self._refused.add(child.meta["id"])
        text = f"[^{child.meta['label']}]" if "label" in child.meta else "^[…]"
        self._findings.report(
            "undefined-footnote", inside.span(child.meta["at"]), f"the title has a footnote, `{text}`",
            why="a title is shown in many places and has no notes", help="move it into the text",
        )  # fmt: skip
        return Piece("text", escape(text), text)

    def _aside(self, tokens: list[Token], inside: Inside | None) -> str:
        """Compile a note that may stand in a line, so that its paragraphs are spans."""
        out: list[str] = []
        paragraphs = 0
        for token in tokens:
            if token.type == "paragraph_open":
                paragraphs += 1
                if paragraphs > 1:
                    out.append('<span class="par">')
            elif token.type == "paragraph_close" and paragraphs > 1:
                out.append("</span>")
            elif token.type == "inline":
                line = self._line(token, inside)
                out.append(line.html)
                self._findings.words.append(line.words)
            elif token.type == "math_block":
                starts = [self._places.body + at for at in token.meta["lines"]]
                # In a side note a display formula stands in the line: a block would end it.
                slot, _ = self._findings.equation(token, starts, display=False)
                out.append(f'<span class="par">{slot}</span>')
        return "".join(out)


def _has_name(token: Token) -> bool:
    """Whether a block has a name or a list of attributes: it needs an element of its own."""
    return any(token.meta.get(key) for key in ("attributes", "lost_attributes", "name"))

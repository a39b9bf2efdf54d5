"""A line of text as pieces that can be cut: the whole for the body, a sentence for a summary.

Each piece knows its HTML and its plain text, in which a formula or a citation counts as one U+FFFC.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Literal, NamedTuple

import msgspec

from grimoire.model import SLOT, Formula, Fragment
from grimoire.parse.prose import FORMULA, Sentences
from grimoire.parse.raw_html import escape

_NEAR = 30
"""How many pieces before and behind a mention are shown with it: more are a list of links, not a sentence."""

PieceKind = Literal[
    "text", "atom", "file", "formula", "citation", "open", "close", "link_open", "link_close", "bracket_open",
    "bracket_close", "aside", "more",
]  # fmt: skip


class Piece(NamedTuple):
    """One piece of a line.

    `kind` says how it may be cut: ``text`` anywhere; ``atom``, ``formula`` and ``citation`` not at all; a
    ``file`` is named by its text alone; ``open`` and ``close`` are tags;
    ``link_open``/``link_close`` are tags left out where links are flattened; a ``bracket_open`` and a
    ``bracket_close`` stand around a link that is none if nothing has its name; an ``aside`` (note, image, video) is left out of every cutting, and so
    is ``more``, where the author wants the summary to end. `number` is the index of the formula, of the
    citation, of the video, or of the reference a link belongs to (-1 for a link out of the site). `at` is where a
    text that names may be spotted in begins in the source of its line, or before which it does not; -1 for any
    other.
    """

    kind: PieceKind
    html: str
    text: str = ""
    number: int = -1
    at: int = -1


class Line:
    """The pieces of a line with their places in its plain text."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.text = "".join([piece.text for piece in pieces])
        self._starts = [0, *accumulate(len(piece.text) for piece in pieces)]

    @property
    def html(self) -> str:
        """The whole line as HTML."""
        return "".join([piece.html for piece in self.pieces])

    @property
    def before_more(self) -> "Line":
        """The line up to where its author wants the summary to end; all of it if nowhere."""
        end = next((at for at, one in enumerate(self.pieces) if one.kind == "more"), None)
        if end is None:
            return self
        pieces = list(self.pieces[:end])
        if pieces and pieces[-1].kind == "text":
            last = pieces[-1]
            pieces[-1] = last._replace(html=last.html.rstrip(), text=last.text.rstrip())
        return Line(pieces)

    @property
    def words(self) -> str:
        """The whole line as plain text for the search, formulas left out."""
        return self.text.replace(FORMULA, " ")

    def place(self, index: int) -> int:
        """Where the piece with this index begins in the plain text."""
        return self._starts[index]

    def piece_at(self, offset: int) -> int:
        """The index of the piece that holds the character of the plain text with this offset."""
        return bisect_right(self._starts, offset, 0, len(self.pieces)) - 1

    def words_of(self, formulas: Sequence[Formula], first: int, last: int) -> str:
        """Give the words of some pieces, formulas as their TeX, from the first up to but without the last."""
        pieces = self.pieces[first:last]
        if all(piece.kind == "text" for piece in pieces):
            return " ".join("".join([piece.text for piece in pieces]).split())
        return self.cut(formulas, self.place(first), self.place(last), within=(first, last)).text

    def excerpt(
        self,
        formulas: Sequence[Formula],
        sentences: Sentences,
        first: int,
        last: int,
        *,
        mark: int | None = None,
        keep_citations: bool = True,
        keep_brackets: bool = False,
    ) -> Fragment:
        """Cut the sentence around some pieces, no more of it than is near, with dots where it is cut short.

        Args:
            formulas: the formulas of the entry, which the pieces number.
            sentences: those of the line's plain text.
            first: the first of the pieces.
            last: the last of them.
            mark: the reference whose link is wrapped in ``<mark>``.
            keep_citations: whether citations are cut with the rest.
            keep_brackets: whether the brackets of links by name are, as slots.
        """
        around = sentences.around(self.place(first), self.place(last))
        within = max(0, first - _NEAR), min(len(self.pieces), last + _NEAR)
        start, end = max(around.start, self.place(within[0])), min(around.end, self.place(within[1]))
        fragment = self.cut(
            formulas, start, end,
            mark=mark, keep_citations=keep_citations, keep_brackets=keep_brackets, within=within,
        )  # fmt: skip
        before = "…" * (around.is_cut_before or start > around.start)
        behind = "…" * (around.is_cut_behind or end < around.end)
        return msgspec.structs.replace(fragment, html=f"{before}{fragment.html}{behind}")

    def cut(
        self,
        formulas: Sequence[Formula],
        start: int = 0,
        end: int | None = None,
        *,
        mark: int | None = None,
        keep_links: bool = False,
        keep_citations: bool = True,
        keep_brackets: bool = False,
        within: tuple[int, int] | None = None,
    ) -> Fragment:
        """Cut a stretch of plain text out of the line as a fragment of its own.

        Args:
            formulas: the formulas of the entry, which the pieces number.
            start: where the stretch begins in the line's plain text.
            end: where it ends; None for the end of the line.
            mark: the reference whose link is wrapped in ``<mark>``.
            keep_links: whether links stay links; the fragment then numbers them anew.
            keep_citations: whether citations are cut with the rest; they keep their numbers.
            keep_brackets: whether the brackets of links by name are, as slots; so do they.
            within: the first piece that is looked at, and the first that is not; None for all.
        """
        end = len(self.text) if end is None else end
        cutting = _Cutting(
            formulas, mark, keep_links=keep_links, keep_citations=keep_citations, keep_brackets=keep_brackets
        )
        lowest, highest = within or (0, len(self.pieces))
        first = max(lowest, bisect_left(self._starts, start) - 1)
        last = min(highest, bisect_right(self._starts, end))
        for index in range(first, last):
            at = self._starts[index]
            cutting.add(self.pieces[index], max(0, start - at), end - at, is_before=at < start)
        return cutting.fragment()


def joined(lines: Sequence[Line], between: str) -> Line:
    """Make one line of some; `between` is the HTML that stands for the break."""
    pieces = [*lines[0].pieces]
    for line in lines[1:]:
        pieces += [Piece("atom", between, " "), *line.pieces]
    return Line(pieces)


_BEHIND_NO_BLANK = tuple(" .,;:!?)")


class _Cutting:
    """A fragment while it is cut out of a line."""

    def __init__(
        self,
        formulas: Sequence[Formula],
        mark: int | None,
        *,
        keep_links: bool,
        keep_citations: bool,
        keep_brackets: bool,
    ) -> None:
        self._formulas, self._mark, self._keep_links = formulas, mark, keep_links
        self._keep_citations, self._keep_brackets = keep_citations, keep_brackets
        self._html: list[str] = []
        self._text: list[str] = []
        self._used: list[Formula] = []
        self._links: list[int] = []
        self._ends: list[str] = []
        """What closes each tag that was opened; "" for one whose opening was cut off."""
        self._is_behind_aside = False

    def add(self, piece: Piece, start: int, end: int, *, is_before: bool) -> None:
        """Add what of a piece lies between `start` and `end`, both counted from its beginning."""
        match piece.kind:
            case "open" | "link_open":
                opening, closing = ("", "") if is_before or end <= 0 else self._tags(piece)
                self._html.append(opening)
                self._ends.append(closing)
            case "close" | "link_close":
                if self._ends:
                    self._html.append(self._ends.pop())
            case "bracket_open" | "bracket_close":
                if self._keep_brackets and not is_before and end >= 0:
                    self._add_bracket(piece)
            case "more":
                pass
            case "aside":
                self._is_behind_aside = True
            case "citation" if not self._keep_citations:
                self._is_behind_aside = True
            case _ if not piece.text and not is_before and end > 0:
                self._html.append(piece.html)
            case _ if end > 0 and start < len(piece.text):
                self._add_text(piece, start, end)

    def _add_bracket(self, piece: Piece) -> None:
        """Add the slot of a bracket; where links stay links they show it themselves."""
        slot = f"{SLOT}{'b' if piece.kind == 'bracket_open' else 'e'}{piece.number}{SLOT}"
        self._text.append(slot)
        if not self._keep_links:
            self._html.append(slot)

    def _add_text(self, piece: Piece, start: int, end: int) -> None:
        if piece.kind == "formula":
            self._html.append(f"{SLOT}m{len(self._used)}{SLOT}")
            self._used.append(self._formulas[piece.number])
            self._text.append(self._formulas[piece.number].tex)
            return
        if piece.kind == "citation":
            self._html.append(piece.html)
            self._text.append(piece.html)
            return
        text = piece.text[start:end] if piece.kind == "text" else piece.text
        if self._is_behind_aside and text[:1] in _BEHIND_NO_BLANK:
            self._drop_blank()
        self._is_behind_aside = False
        self._html.append(piece.html if piece.kind == "atom" else escape(text))
        self._text.append(text)

    def _drop_blank(self) -> None:
        """Take the blank away that stood between the text and what was left out."""
        for parts in (self._html, self._text):
            if parts:
                parts[-1] = parts[-1].rstrip()

    def _tags(self, piece: Piece) -> tuple[str, str]:
        """The opening and the closing tag for a piece that opens something."""
        if piece.kind == "open":
            return piece.html, f"</{piece.html[1:].split()[0].rstrip('>')}>"
        if self._mark is not None and piece.number == self._mark:
            return "<mark>", "</mark>"
        if not self._keep_links:
            return "", ""
        if piece.number < 0:
            return piece.html, "</a>"
        self._links.append(piece.number)
        number = len(self._links) - 1
        return f"{SLOT}a{number}{SLOT}", f"{SLOT}z{number}{SLOT}"

    def fragment(self) -> Fragment:
        """What was cut, its tags closed."""
        html = "".join([*self._html, *reversed(self._ends)]).strip()
        text = " ".join("".join(self._text).split())
        return Fragment(html, text, tuple(self._used), tuple(self._links))

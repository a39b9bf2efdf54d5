"""Names in the text of an entry, looked for when all names are known.

A file is parsed before anybody knows how the other entries are called. So the compiler keeps the lines in which
a name may stand: no headings, no titles of callouts, no footnotes; and in them code, formulas, links and what
some tags hold are closed to names. `spot` finds the names later, from what was kept alone.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from grimoire.glossary import Named, Spot
from grimoire.model import Formula, Fragment
from grimoire.parse.pieces import Line, Piece
from grimoire.parse.places import Inside
from grimoire.parse.prose import Sentences
from grimoire.parse.raw_html import escape
from grimoire.source import Span

if TYPE_CHECKING:
    from grimoire.lexicon import Lexicon

_CLOSED = re.compile(
    r"<(/?)(?:a|abbr|button|cite|code|dfn|kbd|label|pre|q|samp|script|select|style|summary|svg|textarea|var|h[1-6])\b",
    re.IGNORECASE,
)
"""Tags that hold no names to be found."""


class ProseLine(msgspec.Struct, frozen=True, array_like=True):
    """A line of an entry's body: where it begins in the body's HTML, its pieces, its source and that one's place."""

    at: int
    pieces: tuple[Piece, ...]
    source: str
    places: tuple[tuple[int, int, int], ...]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[ProseLine, ...]).decode


def kept(lines: Sequence[ProseLine]) -> bytes:
    """Give lines in the form in which an entry keeps them; b"" for none."""
    return _encode(tuple(lines)) if lines else b""


def lines(prose: bytes) -> Iterator["SearchedLine"]:
    """Yield the lines that an entry keeps."""
    return map(SearchedLine, _decode(prose)) if prose else iter(())


def closed_by(html: str) -> int:
    """By how many tags some HTML closes what follows to names; negative where it opens it again."""
    return sum(-1 if found[1] else 1 for found in _CLOSED.finditer(html)) if "<" in html else 0


def spot(prose: bytes, formulas: Sequence[Formula], lexicon: "Lexicon[Named]") -> tuple[Spot, ...]:
    """Find the names in an entry's text.

    Args:
        prose: the lines the entry keeps.
        formulas: the entry's, which the lines number.
        lexicon: the names.

    Returns:
        For each entry named its first place, apart for its abbreviation and for what stands in a link, in
        the order of the text. Of a link only the first counts whose whole text is an abbreviation.
    """
    first: dict[tuple[Named, bool], Spot] = {}
    counts: dict[tuple[Named, bool], int] = {}
    for line in lines(prose):
        for start, end, named, is_linked in line.names(lexicon):
            key = named, is_linked
            counts[key] = counts.get(key, 0) + 1
            if key not in first:
                first[key] = Spot(
                    named,
                    is_linked,
                    line.html_at(start),
                    line.html_before(end),
                    " ".join(line.text[start:end].split()),
                    line.span(start, end),
                    1,
                    Fragment() if is_linked else line.excerpt(formulas, start, end),
                )
    return tuple(msgspec.structs.replace(one, count=counts[key]) for key, one in first.items())


class Stretch(NamedTuple):
    """A part of a line's text in which names may stand; the text of a link is apart."""

    start: int
    end: int
    is_linked: bool


class SearchedLine:
    """One line in which names are looked for; `text` is its plain text."""

    def __init__(self, kept_line: ProseLine) -> None:
        self._kept = kept_line
        self._line = Line(kept_line.pieces)
        self._html = list(accumulate((len(piece.html) for piece in kept_line.pieces), initial=kept_line.at))
        self._sentences: Sentences | None = None
        self.text = self._line.text

    def names(self, lexicon: "Lexicon[Named]") -> Iterator[tuple[int, int, Named, bool]]:
        """Yield each name: where it begins and ends in the line's text, what it stands for, whether it is linked."""
        for start, end, is_linked in self.stretches():
            if not is_linked:
                for found in lexicon.spot(self.text, start, end):
                    yield found.start, found.end, found.value, False
            elif (named := lexicon.whole(self.text[start:end])) and named.is_abbreviation:
                yield start, end, named, True

    def stretches(self) -> Iterator[Stretch]:
        """Yield the parts of the line that are open to names."""
        closed = 0
        first, is_linked, is_whole = -1, False, True
        for index, piece in enumerate(self._kept.pieces):
            is_open = not closed and (
                (piece.kind == "text" and piece.at >= 0) or (piece.kind == "atom" and piece.html == "\n")
            )
            if is_open:
                first = index if first < 0 else first
                continue
            if first >= 0 and is_whole and (not is_linked or piece.kind == "link_close"):
                yield self._stretch(first, index, is_linked=is_linked)
            first = -1
            if piece.kind == "link_open":
                is_linked, is_whole = True, True
            elif piece.kind == "link_close":
                is_linked, is_whole = False, True
            elif is_linked:
                is_whole = False
            if piece.kind in {"open", "close", "atom"}:
                closed = max(0, closed + closed_by(piece.html))
        if first >= 0 and not is_linked:
            yield self._stretch(first, len(self._kept.pieces), is_linked=False)

    def _stretch(self, first: int, behind: int, *, is_linked: bool) -> Stretch:
        return Stretch(self._line.place(first), self._line.place(behind), is_linked)

    def html_at(self, offset: int) -> int:
        """Where in the body's HTML the character of the line's text with this offset begins."""
        index = self._line.piece_at(offset)
        piece = self._kept.pieces[index]
        return self._html[index] + len(escape(piece.text[: offset - self._line.place(index)]))

    def html_before(self, offset: int) -> int:
        """Where in the body's HTML the character before this offset ends."""
        index = self._line.piece_at(offset - 1)
        piece = self._kept.pieces[index]
        return self._html[index] + len(escape(piece.text[: offset - self._line.place(index)]))

    def span(self, start: int, end: int) -> Span:
        """Where in the file a stretch of the line's text stands."""
        source = self._kept.source
        index = self._line.piece_at(start)
        earliest = self._kept.pieces[index].at
        words = self.text[start:end].split()
        at = earliest + start - self._line.place(index)
        # Some scripts put no blanks between words.
        before = "" if self.text[start - 1 : start].isalnum() else r"(?<!\w)"
        name = re.compile(before + re.escape(words[0]))
        if not name.match(source, at):
            # An escape, an entity or a command before it makes the source longer than the text.
            found = name.search(source, earliest)
            at = found.start() if found else max(earliest, source.find(words[0], earliest))
        behind = at
        for word in words:
            behind = max(behind, source.find(word, behind) + len(word))
        return Inside(self._kept.places, len(source)).span((at, behind))

    def excerpt(self, formulas: Sequence[Formula], start: int, end: int) -> Fragment:
        """The sentence around a name, the name marked."""
        if self._sentences is None:
            self._sentences = Sentences(self.text)
        first, last = self._line.piece_at(start), self._line.piece_at(end - 1)
        pieces = list(self._kept.pieces)
        marked = [Piece("link_open", "", number=_MARKED)]
        for index in range(first, last + 1):
            piece, at = pieces[index], self._line.place(index)
            inside = piece.text[max(0, start - at) : end - at]
            marked.append(piece if piece.kind == "atom" else Piece("text", escape(inside), inside))
        marked.append(Piece("link_close", "", number=_MARKED))
        before = pieces[first].text[: start - self._line.place(first)]
        behind = pieces[last].text[end - self._line.place(last) :]
        pieces[first : last + 1] = [
            Piece("text", escape(before), before), *marked, Piece("text", escape(behind), behind),
        ]  # fmt: skip
        # Citations are set before names are looked for; the sentence does without.
        return Line(pieces).excerpt(
            formulas, self._sentences, first + 1, first + len(marked),
            mark=_MARKED, keep_citations=False, keep_brackets=True,
        )  # fmt: skip


_MARKED = -2
"""The number of the name that an excerpt marks, which is no reference."""

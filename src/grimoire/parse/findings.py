"""What one entry refers to and holds, noted while it is compiled.

The walk over an entry's tokens is cut into blocks, lines, targets and notes; this is the one thing
that all of them write into. Made for one entry and thrown away.
"""

import msgspec

from grimoire.diagnostics import Diagnostic
from grimoire.model import (
    SLOT,
    Citation,
    Diagram,
    Formula,
    FormulaPlace,
    Heading,
    ImageUse,
    Reference,
    Transclusion,
    VideoUse,
)
from grimoire.names import Anchor
from grimoire.parse.syntax.math import definitions
from grimoire.source import Span


class Findings:
    """The lists that grow; a slot in the HTML names a thing by its place in one of them."""

    def __init__(
        self, path: str, *, anchors: dict[str, int], preamble: str, citations: list[Citation] | None = None
    ) -> None:
        """Begin with nothing.

        Args:
            path: the file, for diagnostics.
            anchors: the anchors the file has given away; grows.
            preamble: macro definitions in force at the start; grows.
            citations: those the entry already has; grows.
        """
        self._path, self._anchors, self._preamble = path, anchors, preamble
        self.formulas: list[Formula] = []
        self.formula_places: list[FormulaPlace] = []
        self.diagrams: list[Diagram] = []
        self.diagram_places: list[FormulaPlace] = []
        self.references: list[Reference] = []
        self.videos: list[VideoUse] = []
        self.images: list[ImageUse] = []
        self.headings: list[Heading] = []
        self.transclusions: list[Transclusion] = []
        self.citations: list[Citation] = [] if citations is None else citations
        self.diagnostics: list[Diagnostic] = []
        self.words: list[str] = []
        """The entry's text for the search, line by line."""
        self.first_display: int | None = None
        """The number of the first display formula of the text."""
        self.note_depth = 0
        """How many footnotes stand around what is compiled just now."""
        self._told: set[tuple[str, int]] = set()

    def formula(self, tex: str, starts: tuple[int, ...], *, display: bool) -> str:
        """Note a formula and what it defines for those behind it; gives its slot.

        Args:
            tex: the formula without its delimiters.
            starts: where in the file each of its lines begins.
            display: whether it stands in a line of its own.
        """
        self.formulas.append(Formula(tex, display, self._preamble))
        self.formula_places.append(FormulaPlace(starts))
        if display and self.first_display is None and not self.note_depth:
            self.first_display = len(self.formulas) - 1
        self._preamble += definitions(tex)
        return f"{SLOT}m{len(self.formulas) - 1}{SLOT}"

    def refer(self, reference: Reference) -> int:
        """Note a reference; gives its number."""
        self.references.append(reference)
        return len(self.references) - 1

    def label(self, number: int, text: str) -> None:
        """Give a reference the text that is shown for it."""
        self.references[number] = msgspec.structs.replace(self.references[number], label=text)

    def anchor(self, name: Anchor) -> Anchor:
        """Take an anchor of the page, with a number behind it if it is taken."""
        return unique(name, self._anchors)

    def report(self, code: str, span: Span, message: str, *, why: str = "", help: str = "") -> None:  # noqa: A002
        """Note a fault, once for each place: a line may be compiled twice."""
        key = code, span.start
        if key not in self._told:
            self._told.add(key)
            self.diagnostics.append(Diagnostic(code, self._path, span, message, why, help))


def unique(name: Anchor, taken: dict[str, int]) -> Anchor:
    """Give an anchor that is not taken, by a number behind it, and take it.

    `taken` holds each name with the last number that was given to it.
    """
    found, number = name, taken.get(name, 1)
    while found in taken:
        number += 1
        found = Anchor(f"{name}-{number}")
    taken[name] = number
    taken.setdefault(found, 1)
    return found

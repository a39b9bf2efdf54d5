"""What one entry refers to and holds, noted while it is compiled.

The walk over an entry's tokens is cut into blocks, lines, targets and notes; this is the one thing
that all of them write into. Made for one entry and thrown away.
"""

from collections.abc import Mapping, Sequence

import msgspec
from markdown_it.token import Token

from grimoire.diagnostics import Diagnostic, Place
from grimoire.model import (
    SLOT,
    Citation,
    Diagram,
    Formula,
    FormulaPlace,
    Heading,
    ImageUse,
    Landmark,
    Reference,
    Transclusion,
    VideoUse,
)
from grimoire.names import Anchor
from grimoire.parse.anchors import Anchors
from grimoire.parse.equations import Equation, prepare
from grimoire.parse.macros import Macros
from grimoire.parse.syntax.attributes import Attributes
from grimoire.source import Span


class Findings:
    """The lists that grow; a slot in the HTML names a thing by its place in one of them."""

    def __init__(
        self,
        path: str,
        *,
        anchors: Anchors,
        labels: Mapping[str, str],
        macros: Macros,
        citations: list[Citation] | None = None,
    ) -> None:
        """Begin with nothing.

        Args:
            path: the file, for diagnostics.
            anchors: the anchors the file has given away; grows.
            labels: what is shown for each label of an equation.
            macros: those in force at the start; grows.
            citations: those the entry already has; grows.
        """
        self._path, self._anchors, self._macros = path, anchors, macros
        self.labels = labels
        self.formulas: list[Formula] = []
        self.formula_places: list[FormulaPlace] = []
        self.diagrams: list[Diagram] = []
        self.diagram_places: list[FormulaPlace] = []
        self.references: list[Reference] = []
        self.videos: list[VideoUse] = []
        self.images: list[ImageUse] = []
        self.headings: list[Heading] = []
        self.landmarks: list[Landmark] = []
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
        return self._formula(tex, FormulaPlace(starts), display=display)

    def equation(self, token: Token, starts: Sequence[int], *, display: bool) -> tuple[str, list[Anchor]]:
        """Note the formula of a token, and the labels in it; gives its slot and the labels' anchors."""
        equation: Equation | None = token.meta.get("equation")
        made = prepare(token.content, equation, starts, self.labels)
        for name, span in made.unknown:
            self.unknown_label(name, span)
        anchors = [
            self.landmark(label.name, span, label.shown)
            for label, span in zip(equation.labels if equation else (), made.labels, strict=True)
        ]
        place, number = FormulaPlace(made.starts, made.shifts), equation.number if equation else ""
        return self._formula(made.tex, place, display=display, number=number), anchors

    def _formula(self, tex: str, place: FormulaPlace, *, display: bool, number: str = "") -> str:
        self.formulas.append(Formula(tex, display, self._macros.for_formula(tex)))
        self.formula_places.append(place)
        if display and self.first_display is None and not self.note_depth:
            self.first_display = len(self.formulas) - 1
        self._macros.define(tex)
        return f"{SLOT}m{len(self.formulas) - 1}{number and '.'}{number}{SLOT}"

    def refer(self, reference: Reference) -> int:
        """Note a reference; gives its number."""
        self.references.append(reference)
        return len(self.references) - 1

    def label(self, number: int, text: str) -> None:
        """Give a reference the text that is shown for it."""
        self.references[number] = msgspec.structs.replace(self.references[number], label=text)

    def anchor(self, name: Anchor) -> Anchor:
        """Take an anchor of the page, with a number behind it if it is taken."""
        return self._anchors.unique(name)

    def landmark(self, name: str, span: Span, number: str = "") -> Anchor:
        """Take the anchor of a place that its author named; told if the name is taken."""
        first = self._anchors.first_of(name, span)
        if first != span:
            self.report(
                "duplicate-anchor", span, f"the name `{name}` is given to another place of this file already",
                why="a link to it leads to the first", help="give one of the two another name",
                related=(Place(self._path, first, "the first one"),),
            )  # fmt: skip
        anchor = self._anchors.named(name)
        self.landmarks.append(Landmark(name, anchor, number))
        return anchor

    def attributes(self, said: Attributes, span: Span) -> tuple[Anchor, str]:
        """Take what a list of attributes says: the anchor it names, and its classes."""
        if said.others:
            each = " and ".join(f"`{one}`" for one in said.others)
            self.report(
                "unknown-attribute", span, f"{each} means nothing in a list of attributes",
                why="the list stays in the text; only names and classes count, and the size of a picture",
                help="remove it",
            )  # fmt: skip
        return self.landmark(said.id, span) if said.id else Anchor(""), " ".join(said.classes)

    def unknown_label(self, name: str, span: Span) -> None:
        """Say that a reference leads to no equation."""
        from difflib import get_close_matches  # noqa: PLC0415  only for what was not found

        near = get_close_matches(name, self.labels, n=3)
        meant = " or ".join(f"`{one}`" for one in near)
        self.report(
            "missing-label", span, f"no formula has the label `{name}`",
            why="it stays as it is written" if self.labels else "no formula of this file has a label",
            help=f"did you mean {meant}?" if near else f"write `\\label{{{name}}}` into a displayed formula",
        )  # fmt: skip

    def report(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        why: str = "",
        help: str = "",  # noqa: A002
        related: tuple[Place, ...] = (),
    ) -> None:
        """Note a fault, once for each place: a line may be compiled twice."""
        key = code, span.start
        if key not in self._told:
            self._told.add(key)
            self.diagnostics.append(Diagnostic(code, self._path, span, message, why, help, related))

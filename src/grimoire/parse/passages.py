"""The stretches of a body that can be embedded alone: its sections, and its blocks with a name."""

from collections.abc import Sequence, Sized
from itertools import accumulate
from typing import NamedTuple

from grimoire.model import SLOT, Passage
from grimoire.names import Anchor


class _Mark(NamedTuple):
    """A place between blocks: how many pieces of HTML, transclusions and citations stand before it."""

    pieces: int
    transclusions: int
    citations: int


class _Section(NamedTuple):
    name: Anchor
    level: int
    depth: int
    start: _Mark


class _Stretch(NamedTuple):
    name: Anchor
    start: _Mark
    end: _Mark
    is_block: bool


class Passages:
    """Notes where passages begin and end while a body is written."""

    def __init__(self, out: list[str], transclusions: Sized, citations: Sized) -> None:
        """Begin.

        Args:
            out: the pieces of HTML of the body, which grow.
            transclusions: those of the body, which grow.
            citations: those of the body, which grow.
        """
        self._out, self._transclusions, self._citations = out, transclusions, citations
        self._sections: list[_Section] = []
        self._open: tuple[Anchor, _Mark] | None = None
        self._found: list[_Stretch] = []
        self._last = _Mark(0, 0, 0)
        self._depth = 0

    def here(self) -> _Mark:
        """The place that is reached."""
        return _Mark(len(self._out), len(self._transclusions), len(self._citations))

    def enter(self) -> None:
        """A block that holds others is about to be written."""
        self._depth += 1

    def leave(self) -> None:
        """It is about to be closed, and the sections in it end."""
        self._end_sections(0, self.here())
        self._depth -= 1

    def begin_section(self, name: Anchor, level: int, start: _Mark) -> None:
        """A heading of this level is about to be written; it ends the sections beside it that are not above it.

        `start` is the place before the heading's line was compiled, for that may cite.
        """
        self._end_sections(level, start)
        self._sections.append(_Section(name, level, self._depth, start))

    def begin_block(self, name: Anchor) -> None:
        """A block with a name is about to be written."""
        self._open = name, self.here()

    def end_block(self) -> None:
        """A block has been written."""
        if self._open:
            name, start = self._open
            self._found.append(_Stretch(name, start, self.here(), is_block=True))
            self._open = None

    def begin_outermost(self) -> None:
        """A block is about to be written; noted if no other holds it."""
        if not self._depth:
            self._last = self.here()

    def name_last(self, name: Anchor) -> None:
        """Give the last outermost block a name: an element around it bears it."""
        start = self._last
        if self._depth or start.pieces >= len(self._out):
            return
        self._out[start.pieces] = f'<div id="{SLOT}p{SLOT}{name}">{self._out[start.pieces]}'
        self._out[-1] += "</div>\n"
        self._found.append(_Stretch(name, start, self.here(), is_block=True))

    def all(self) -> tuple[Passage, ...]:
        """Every passage, in the order of their ends, placed in the whole HTML."""
        self._end_sections(0, self.here())
        places: Sequence[int] = [0, *accumulate(map(len, self._out))]
        return tuple(
            Passage(
                one.name,
                places[one.start.pieces],
                places[one.end.pieces],
                (one.start.transclusions, one.end.transclusions),
                (one.start.citations, one.end.citations),
                one.is_block,
            )
            for one in self._found
        )

    def _end_sections(self, level: int, end: _Mark) -> None:
        """End the sections at this depth that are not above this level."""
        while (
            self._sections and self._sections[-1].depth == self._depth and self._sections[-1].level >= level
        ):
            name, _, _, start = self._sections.pop()
            self._found.append(_Stretch(name, start, end, is_block=False))

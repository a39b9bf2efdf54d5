"""The stretches of a body that can be embedded alone: its sections, and its blocks with a name."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from grimoire.model import SLOT, Note, Passage
from grimoire.names import Anchor

_FILLED = frozenset("macvidt")
"""The slots that a page's record fills; the others say how to write what is there."""


class _Section(NamedTuple):
    name: Anchor
    level: int
    depth: int
    start: int


class _Stretch(NamedTuple):
    """A passage by the numbers of its first piece of HTML and of the first behind it."""

    name: Anchor
    start: int
    end: int
    is_block: bool


class Passages:
    """Notes where passages begin and end while a body is written."""

    def __init__(self, out: list[str]) -> None:
        """Begin; `out` are the pieces of HTML of the body, which grow."""
        self._out = out
        self._sections: list[_Section] = []
        self._open: tuple[Sequence[Anchor], int] | None = None
        self._frames: list[tuple[Anchor, int]] = []
        self._found: list[_Stretch] = []
        self._last = 0
        self._depth = 0

    def enter(self) -> None:
        """A block that holds others is about to be written."""
        self._depth += 1

    def leave(self) -> None:
        """It is about to be closed, and the sections in it end."""
        self._end_sections(0)
        self._depth -= 1

    def begin_section(self, name: Anchor, level: int) -> None:
        """A heading of this level is about to be written; it ends the sections beside it that are not above it."""
        self._end_sections(level)
        self._sections.append(_Section(name, level, self._depth, len(self._out)))

    def begin_block(self, *names: Anchor) -> None:
        """A block with these names is about to be written."""
        self._open = names, len(self._out)

    def end_block(self) -> None:
        """A block has been written."""
        if self._open:
            names, start = self._open
            self._found += (_Stretch(name, start, len(self._out), is_block=True) for name in names)
            self._open = None

    def begin_frame(self, name: Anchor) -> None:
        """An element around a block is about to be written; `name` is "" if it has none."""
        self._frames.append((name, len(self._out)))
        self.enter()

    def end_frame(self) -> None:
        """It has been closed."""
        self.leave()
        name, start = self._frames.pop()
        if name:
            self._found.append(_Stretch(name, start, len(self._out), is_block=True))

    def begin_outermost(self) -> None:
        """A block is about to be written; noted if no other holds it."""
        if not self._depth:
            self._last = len(self._out)

    def name_last(self, name: Anchor) -> None:
        """Give the last outermost block a name: an element around it bears it."""
        start = self._last
        if self._depth or start >= len(self._out):
            return
        self._out[start] = f'<div id="{SLOT}p{SLOT}{name}">{self._out[start]}'
        self._out[-1] += "</div>\n"
        self._found.append(_Stretch(name, start, len(self._out), is_block=True))

    def all(self, notes: Sequence[Note]) -> tuple[Passage, ...]:
        """Every passage, in the order of their ends, placed in the whole HTML.

        Args:
            notes: those of the body.
        """
        self._end_sections(0)
        places: Sequence[int] = [0, *accumulate(map(len, self._out))]
        return tuple(
            Passage(
                one.name,
                places[one.start],
                places[one.end],
                slots_of("".join(self._out[one.start : one.end]), notes),
                one.is_block,
            )
            for one in self._found
        )

    def _end_sections(self, level: int) -> None:
        """End the sections at this depth that are not above this level."""
        while (
            self._sections and self._sections[-1].depth == self._depth and self._sections[-1].level >= level
        ):
            name, _, _, start = self._sections.pop()
            self._found.append(_Stretch(name, start, len(self._out), is_block=False))


def slots_of(html: str, notes: Sequence[Note]) -> tuple[str, ...]:
    """Give the slots that a page's record fills, in the order of the page, each once.

    Args:
        html: a body or a stretch of one.
        notes: the footnotes of the body; those referred to here are read too: a note in the margin where it is
            referred to first, all others at the end.
    """
    found: dict[str, None] = {}
    at_end: list[Note] = []

    def read(html: str, *, is_note: bool) -> None:
        for whole in html.split(SLOT)[1::2]:
            # Behind a stop is what does not depend on the page.
            slot = whole.partition(".")[0]
            if slot in found:
                continue
            if slot[0] in _FILLED:
                found[slot] = None
            elif slot[0] == "f":
                found[slot] = None
                note = notes[int(slot[1:]) - 1]
                if is_note or not note.is_aside:
                    at_end.append(note)
                else:
                    read(note.html, is_note=True)

    read(html, is_note=False)
    for note in at_end:
        read(note.html, is_note=True)
    return tuple(slot for slot in found if slot[0] in _FILLED)

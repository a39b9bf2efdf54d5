"""The anchors of one file: each is given away once, those that its author asks for first."""

import re
from collections.abc import Iterable

from grimoire.names import Anchor
from grimoire.source import Span

_NOT_IN_ANCHORS = re.compile(r"[^\w:.-]+")


class Anchors:
    """Gives anchors away; made for one file and thrown away."""

    def __init__(self) -> None:
        self._kept: set[str] = set()
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}
        """Each name with the last number that was put behind it."""
        self._named: dict[str, Span] = {}

    def keep(self, names: Iterable[str]) -> None:
        """Keep the anchors of these names for `named`."""
        self._kept |= {_address(name) for name in names}

    def unique(self, name: Anchor) -> Anchor:
        """Take an anchor, with a number behind it if it is taken."""
        found, number = name, self._last.get(name, 1)
        while found in self._taken or found in self._kept:
            number += 1
            found = Anchor(f"{name}-{number}")
        self._last[name] = number
        self._taken.add(found)
        return found

    def named(self, name: str) -> Anchor:
        """Take the anchor of a place that its author named."""
        anchor = _address(name)
        self._kept.discard(anchor)
        return self.unique(anchor)

    def first_of(self, name: str, span: Span) -> Span:
        """Where an author first gave this name to a place: here, unless it was given before."""
        return self._named.setdefault(name, span)


def _address(name: str) -> Anchor:
    """The anchor for a name; those that begin with an underscore are the theme's."""
    return Anchor(_NOT_IN_ANCHORS.sub("-", name).lstrip("_") or "-")

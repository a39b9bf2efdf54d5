"""The anchors of one file: each is given away once."""

from grimoire.names import Anchor
from grimoire.source import Span


class Anchors:
    """Gives anchors away; made for one file and thrown away."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}
        """Each name with the last number that was put behind it."""
        self._named: dict[str, Span] = {}

    def unique(self, name: Anchor) -> Anchor:
        """Take an anchor, with a number behind it if it is taken."""
        found, number = name, self._taken.get(name, 1)
        while found in self._taken:
            number += 1
            found = Anchor(f"{name}-{number}")
        self._taken[name] = number
        self._taken.setdefault(found, 1)
        return found

    def first_of(self, name: str, span: Span) -> Span:
        """Where an author first gave this name to a place: here, unless it was given before."""
        return self._named.setdefault(name, span)

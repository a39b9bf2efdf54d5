"""Entries inside entries: for each entry the tree of what it embeds, ended where it would not end by itself.

A nest ends in a link where an entry would stand inside itself, where it is too deep, and where a page would
hold too much: ten entries that embed each other ten times make a hundred thousand copies five levels down.
"""

from collections.abc import Sequence

from grimoire.diagnostics import Diagnostic
from grimoire.glossary import Nest, Node, embeds_inside
from grimoire.model import Found, Link, Passage
from grimoire.names import Anchor

DEEPEST = 5
"""How deep entries are embedded in entries."""
LARGEST = 2_000_000
"""How many characters of HTML one entry embeds, those of the entries inside it included."""
LEAST = 1_000
"""How many characters each embedded text counts at least, so that many small ones come to an end too."""
_LINK = 100
"""How many characters a link counts that stands where a nest ends."""

Links = Sequence[Sequence[Link]]
Targets = Sequence[Sequence[int | None]]
Embedded = tuple[int, Passage | None]
"""An entry by its number, or a part of it."""


def nests(
    nodes: Sequence[Node], links: Links, targets: Targets
) -> tuple[tuple[dict[int, Nest], ...], list[Diagnostic]]:
    """Make the nest of each entry.

    Args:
        nodes: every entry.
        links: what the references of each lead to.
        targets: the nodes they lead to.

    Returns:
        For each entry, what its transclusions show, by their numbers; one that is left out shows a link. And
        what is wrong.
    """
    builder = _Builder(nodes, links, targets)
    return tuple(map(builder.nest, range(len(nodes)))), list(builder.told.values())


class _Builder:
    """Walks down from every entry; made for one glossary and thrown away."""

    def __init__(self, nodes: Sequence[Node], links: Links, targets: Targets) -> None:
        self._nodes, self._links, self._targets = nodes, links, targets
        self._passages: dict[int, dict[Anchor, Passage]] = {}
        self._host = 0
        """The entry from which the walk goes down."""
        self._held = 0
        """How much it embeds so far."""
        self.told: dict[tuple[str, int, int], Diagnostic] = {}
        """Each fault once, whichever host met it, by its code, its entry and its reference."""

    def nest(self, host: int) -> dict[int, Nest]:
        """What the transclusions of an entry show."""
        self._host, self._held = host, 0
        return self._inside(host, None, (), None)

    def _inside(
        self, index: int, part: Passage | None, outer: tuple[Embedded, ...], top: int | None
    ) -> dict[int, Nest]:
        """What stands inside an entry or a part of it.

        Args:
            index: the entry.
            part: the part of it; None is the whole.
            outer: what it stands in, the host first.
            top: the reference of the host with which this branch of its nest begins.
        """
        term = self._nodes[index].term
        path = (*outer, (index, part))
        found: dict[int, Nest] = {}
        for number in embeds_inside(term, part):
            reference = term.transclusions[number].reference
            target, link = self._targets[index][reference], self._links[index][reference]
            if target is None or not isinstance(link, Found):
                continue
            passage = self._passage(target, link.anchor)
            begun = reference if top is None else top
            size = max(LEAST, passage.end - passage.start if passage else self._nodes[target].term.size)
            if self._held + size > LARGEST:
                self._large(begun)
            elif (target, passage) in path:
                self._held += _LINK
                self._circular(index, reference, target)
            elif len(path) > DEEPEST:
                self._held += _LINK
                self._deep(begun)
            else:
                self._held += size
                found[number] = Nest(target, passage, self._inside(target, passage, path, begun))
        return found

    def _passage(self, index: int, anchor: Anchor) -> Passage | None:
        if not anchor:
            return None
        if index not in self._passages:
            self._passages[index] = {one.anchor: one for one in self._nodes[index].term.passages}
        return self._passages[index].get(anchor)

    def _circular(self, index: int, reference: int, target: int) -> None:
        term, other = self._nodes[index].term, self._nodes[target].term
        through = "" if target == index else f" through `{other.title}`"
        self._tell(
            "circular-transclusion",
            index,
            reference,
            f"`{term.title}` embeds itself{through}",
            why="where the circle closes, the link alone is shown",
            help="embed a section or a block, or link",
        )

    def _deep(self, reference: int) -> None:
        self._tell(
            "deep-transclusion",
            self._host,
            reference,
            f"entries are embedded more than {DEEPEST} deep here",
            why=f"beyond {DEEPEST} the link alone is shown",
            help="embed the inner entry itself, or link",
        )

    def _large(self, reference: int) -> None:
        if self._held > LARGEST:
            return
        # From here on nothing is small enough, and one word about it is enough.
        self._held = LARGEST + 1
        self._tell(
            "large-transclusion",
            self._host,
            reference,
            f"`{self._nodes[self._host].term.title}` embeds more than {LARGEST:,} characters",
            why="from here on the links alone are shown",
            help="embed sections or blocks, or link",
        )

    def _tell(self, code: str, index: int, reference: int, message: str, *, why: str, help: str) -> None:  # noqa: A002
        term = self._nodes[index].term
        fault = Diagnostic(code, term.path, term.references[reference].span, message, why, help)
        self.told.setdefault((code, index, reference), fault)

"""Diagrams drawn, remembered: the memo in front of the engine, and what it refuses as diagnostics.

A build in which no diagram is new draws none and does not load what draws. Why one is refused is remembered
apart from the drawings, as each build tells it again and none but the pages rendered need the drawings.
"""

from collections.abc import Iterable, Sequence

import msgspec

from grimoire.diagnostics import Diagnostic
from grimoire.digest import Digest, digest
from grimoire.memo import Store
from grimoire.model import Diagram, Drawing, Fault, FormulaPlace
from grimoire.parses import ParsedFile
from grimoire.source import Span

_STAGE = "diagram"
_FAULTS = "diagram-fault"

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Drawing).decode
_decode_fault = msgspec.msgpack.Decoder(Fault | None).decode


class Drawings:
    """The diagrams of one build. `drawn` counts those that nobody remembered."""

    def __init__(self, store: Store, circumstances: Digest) -> None:
        self._store, self._circumstances = store, circumstances
        self._known: dict[Diagram, Drawing] = {}
        self.drawn = 0

    def load(self, diagrams: Iterable[Diagram]) -> None:
        """Have at hand of the diagrams that will be asked for those that are remembered."""
        keys = {one: self._key(one) for one in diagrams if one not in self._known}
        found = self._store.get_many(_STAGE, list(keys.values()))
        self._known |= {one: _decode(found[key]) for one, key in keys.items() if key in found}

    def __getitem__(self, diagram: Diagram) -> Drawing:
        """Give a diagram drawn."""
        if diagram not in self._known:
            found = self._store.get(_STAGE, self._key(diagram))
            self._known[diagram] = _decode(found) if found else self._draw(diagram)
        return self._known[diagram]

    def faults(self, files: Sequence[ParsedFile]) -> list[Diagnostic]:
        """Say of each diagram in the files that cannot be drawn why."""
        diagrams = list(dict.fromkeys(one for file in files for term in file.terms for one in term.diagrams))
        if not diagrams:
            return []
        keys = [self._key(one) for one in diagrams]
        known = self._store.get_many(_FAULTS, keys)
        refused = {
            one: _decode_fault(known[key]) if key in known else self[one].fault
            for one, key in zip(diagrams, keys, strict=True)
        }
        fresh = {
            key: _encode(refused[one]) for one, key in zip(diagrams, keys, strict=True) if key not in known
        }
        self._store.put_many(_FAULTS, fresh)
        return [
            _told(term.path, fault, diagram, place)
            for file in files
            for term in file.terms
            for diagram, place in zip(term.diagrams, term.diagram_places, strict=True)
            if (fault := refused[diagram])
        ]

    def live(self, diagrams: Iterable[Diagram]) -> dict[str, list[Digest]]:
        """Give the keys of diagrams, by stage of the memo, though none of them was drawn or asked for."""
        keys = [self._key(one) for one in dict.fromkeys(diagrams)]
        return {_STAGE: keys, _FAULTS: keys}

    def _draw(self, diagram: Diagram) -> Drawing:
        from grimoire.diagrams import draw  # noqa: PLC0415  only for a diagram that is new

        self.drawn += 1
        drawing = draw(diagram)
        self._store.put_many(_STAGE, {self._key(diagram): _encode(drawing)})
        return drawing

    def _key(self, diagram: Diagram) -> Digest:
        return digest(self._circumstances, diagram)


def _told(path: str, fault: Fault, diagram: Diagram, place: FormulaPlace) -> Diagnostic:
    before = diagram.source[: fault.offset]
    start = place.line_starts[before.count("\n")] + len(before) - before.rfind("\n") - 1
    return Diagnostic(
        "invalid-diagram", path, Span(start, start + fault.length), f"mermaid: {fault.message}",
        why="its source is shown as a code block", help=fault.help,
    )  # fmt: skip

"""Typeset formulas, remembered: the memo in front of the engine.

What is wanted is looked up first, many at a time; only formulas nobody remembers are handed to the
engine, which works on them while the build goes on.
"""

from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Self

import msgspec

from grimoire.digest import Digest, digest
from grimoire.math import Output, Typesetter, epoch
from grimoire.memo import Store
from grimoire.model import Formula, Typeset

_STAGE = "math"
_TOGETHER = 50  # formulas looked up in one query; the engine takes as many in one call
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Typeset).decode


class Typesets:
    """The formulas of one build. `typeset` counts those that went to the engine."""

    def __init__(self, store: Store, macros: Mapping[str, str], output: Output) -> None:
        self._store = store
        self._typesetter = Typesetter(macros, output)
        self.circumstances = digest(epoch(), sorted(macros.items()), output)
        self._waiting: dict[Formula, Digest] = {}
        self._keys: dict[Formula, Digest] = {}
        self._known: dict[Formula, bytes] = {}
        """Encoded, in which form they take a fourth of the room: a large site has a hundred thousand."""
        self.typeset = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._typesetter.close()

    def want(self, formulas: Iterable[Formula]) -> None:
        """Say which formulas will be asked for; returns at once."""
        for formula in formulas:
            if formula not in self._keys:
                self._keys[formula] = self._waiting[formula] = self._key(formula)
        if len(self._waiting) >= _TOGETHER:
            self._look_up()

    def _look_up(self) -> None:
        """Take from the memo what it has, and hand the rest to the engine."""
        found = self._store.get_many(_STAGE, list(self._waiting.values()))
        fresh = []
        for formula, key in self._waiting.items():
            if key in found:
                self._known[formula] = found[key]
            else:
                fresh.append(formula)
        self._waiting.clear()
        self.typeset += len(fresh)
        if fresh:
            self._typesetter.feed(fresh)
            self._keep(self._typesetter.done())

    def _keep(self, made: Mapping[Formula, Typeset]) -> None:
        """Remember what the engine made."""
        encoded = {formula: _encode(typeset) for formula, typeset in made.items()}
        self._known |= encoded
        self._store.put_many(_STAGE, {self._keys[formula]: value for formula, value in encoded.items()})

    def finish(self, watch: Callable[[int, int], None] = lambda _done, _of: None) -> None:
        """Wait for the engine, and remember what it made; nothing can be wanted afterwards.

        Args:
            watch: told how many formulas are typeset of those that were waited for, and how many these are.

        Raises:
            TypesetterError: the engine failed.
        """
        self._look_up()
        self._keep(self._typesetter.finish(watch))

    def __getitem__(self, formula: Formula) -> Typeset:
        """A formula that was wanted, after `finish`."""
        return _decode(self._known[formula])

    def live(self, formulas: Iterable[Formula]) -> dict[str, list[Digest]]:
        """Give the keys of formulas, by stage of the memo, though none of them was wanted."""
        return {_STAGE: [self._key(formula) for formula in dict.fromkeys(formulas)]}

    def _key(self, formula: Formula) -> Digest:
        return digest(self.circumstances, formula)

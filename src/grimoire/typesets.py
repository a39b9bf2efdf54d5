"""Typeset formulas, remembered: the memo in front of the engine.

What is wanted is looked up first; only formulas nobody remembers are handed to the engine, which
works on them while the build goes on.
"""

from collections.abc import Iterable, Mapping

import msgspec

from grimoire.digest import Digest, digest
from grimoire.math import Output, Typesetter, epoch
from grimoire.memo import Store
from grimoire.model import Formula, Typeset

_STAGE = "math"
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Typeset).decode


class Typesets:
    """The formulas of one build. `typeset` counts those that went to the engine."""

    def __init__(self, store: Store, macros: Mapping[str, str], output: Output) -> None:
        self._store = store
        self._typesetter = Typesetter(macros, output)
        self.circumstances = digest(epoch(), sorted(macros.items()), output)
        self._known: dict[Formula, Typeset | bytes] = {}
        self._keys: dict[Formula, Digest] = {}
        self.typeset = 0

    def __enter__(self) -> "Typesets":
        return self

    def __exit__(self, *_: object) -> None:
        self._typesetter.close()

    def want(self, formulas: Iterable[Formula]) -> None:
        """Say which formulas will be asked for; returns at once."""
        new = [formula for formula in dict.fromkeys(formulas) if formula not in self._keys]
        for formula in new:
            self._keys[formula] = digest(self.circumstances, formula)
        found = self._store.get_many(_STAGE, [self._keys[formula] for formula in new])
        fresh = []
        for formula in new:
            value = found.get(self._keys[formula])
            if value is None:
                fresh.append(formula)
            else:
                self._known[formula] = value
        self.typeset += len(fresh)
        if fresh:
            self._typesetter.feed(fresh)

    def finish(self) -> None:
        """Wait for the engine, and remember what it made.

        Raises:
            TypesetterError: the engine failed.
        """
        made = self._typesetter.finish()
        self._known |= made
        self._store.put_many(_STAGE, {self._keys[f]: _encode(typeset) for f, typeset in made.items()})

    def __getitem__(self, formula: Formula) -> Typeset:
        """A formula that was wanted, after `finish`."""
        value = self._known[formula]
        if isinstance(value, bytes):
            value = self._known[formula] = _decode(value)
        return value

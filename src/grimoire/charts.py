"""The layout of the map, remembered: the memo in front of the engine.

A build whose graph is that of an earlier one lays out nothing; a text that is edited and a title that changes move no
term.
"""

import msgspec

from grimoire.chart import Place, layout
from grimoire.digest import Digest, digest
from grimoire.memo import Store
from grimoire.pages import Chart

_STAGE = "chart"
_decode = msgspec.msgpack.Decoder(list[Place]).decode


class Charts:
    """The map of one build. `laid_out` counts the layouts that nobody remembered."""

    def __init__(self, store: Store, circumstances: Digest) -> None:
        self._store, self._circumstances = store, circumstances
        self._known: dict[Digest, list[Place]] = {}
        self.laid_out = 0

    def __getitem__(self, chart: Chart) -> list[Place]:
        """Place the terms of a map.

        Raises:
            ChartError: if the engine fails.
        """
        key = self._key(chart)
        if key not in self._known:
            found = self._store.get(_STAGE, key)
            self._known[key] = _decode(found) if found else self._laid_out(key, chart)
        return self._known[key]

    def live(self, chart: Chart) -> dict[str, list[Digest]]:
        """Give the key of a map, by stage of the memo, though nobody asked for it."""
        return {_STAGE: [self._key(chart)]}

    def _laid_out(self, key: Digest, chart: Chart) -> list[Place]:
        self.laid_out += 1
        places = layout(chart)
        self._store.put_many(_STAGE, {key: msgspec.msgpack.encode(places)})
        return places

    def _key(self, chart: Chart) -> Digest:
        return digest(self._circumstances, [(dot.url, dot.topic) for dot in chart.dots], chart.edges)

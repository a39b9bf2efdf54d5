"""Names spotted in the texts, remembered: the memo in front of `grimoire.parse.spotting`.

What is spotted in an entry depends on its text and on all names of the glossary. So when one text changes one
is searched anew, and when a name comes or goes all are; that is one pass over each.
"""

from collections.abc import Callable, Sequence

import msgspec

from grimoire.autolink import circumstances, lexicon_of
from grimoire.digest import Digest, digest
from grimoire.glossary import Named, Node, Spot
from grimoire.lexicon import Lexicon
from grimoire.memo import Store
from grimoire.model import Formula

_STAGE = "mention"

Spotter = Callable[[bytes, Sequence[Formula], Lexicon[Named]], tuple[Spot, ...]]
"""Finds names in an entry's prose: `grimoire.parse.spotting.spot`, which is loaded only for a text that is new."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[Spot, ...]).decode


class Mentions:
    """The names spotted in one build. `searched` counts the entries that nobody remembered."""

    def __init__(self, store: Store, epoch: Digest, spot: Spotter) -> None:
        self._store, self._epoch, self._spot = store, epoch, spot
        self.searched = 0

    def of(self, nodes: Sequence[Node], language: str) -> tuple[tuple[Spot, ...], ...]:
        """Give what is spotted in each entry; nothing in those that keep no prose.

        Args:
            nodes: all entries.
            language: the language of those that do not say theirs.
        """
        kept = [index for index, node in enumerate(nodes) if node.term.prose]
        names = digest(self._epoch, circumstances(nodes, language))
        keys = {
            index: digest(names, term.prose, term.formulas) for index in kept for term in (nodes[index].term,)
        }
        known = self._store.get_many(_STAGE, list(keys.values()))
        rows: list[tuple[Spot, ...]] = [()] * len(nodes)
        fresh: dict[Digest, bytes] = {}
        lexicon = None
        for index, key in keys.items():
            if key in known:
                rows[index] = _decode(known[key])
                continue
            term = nodes[index].term
            lexicon = lexicon or lexicon_of(nodes, language)
            rows[index] = self._spot(term.prose, term.formulas, lexicon)
            fresh[key] = _encode(rows[index])
            self.searched += 1
        self._store.put_many(_STAGE, fresh)
        return tuple(rows)

r"""What the entries in LaTeX are called, remembered by file.

``\gls{key}`` shows the name of an entry that may stand in another file. So before a LaTeX file is parsed,
the names in all of them are known; they are the one thing that parsing asks of other files, and part of the
key under which its result is remembered.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from grimoire.digest import Digest, digest
from grimoire.memo import Store
from grimoire.model import Wording
from grimoire.source import Source

_STAGE = "wording"
_SUFFIXES = (".bib", ".tex")

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[str, Wording]).decode


class Wordings:
    """The names of one build's LaTeX entries, by key; of a key that two files have, the first."""

    def __init__(
        self,
        sources: Sequence[Source],
        store: Store,
        circumstances: Digest,
        read: Callable[[Source], Mapping[str, Wording]],
    ) -> None:
        """Find the names, in the memo where it has them.

        Args:
            sources: all files; those that are no LaTeX are passed over.
            store: the memo.
            circumstances: what else the names depend on.
            read: reads those of a file.
        """
        latex = [source for source in sources if _is_latex(source)]
        keys = [digest(circumstances, source.path, source.text) for source in latex]
        known = store.get_many(_STAGE, keys)
        fresh: dict[Digest, bytes] = {}
        self.by_key: dict[str, Wording] = {}
        for source, key in zip(latex, keys, strict=True):
            if key not in known:
                known[key] = fresh[key] = _encode(read(source))
            self.by_key = _decode(known[key]) | self.by_key
        store.put_many(_STAGE, fresh)
        self._circumstances = circumstances
        self._for_latex = digest(circumstances, sorted(self.by_key.items()))

    def circumstances(self, source: Source) -> Digest:
        """Digest what parsing a file depends on beside itself."""
        return self._for_latex if _is_latex(source) else self._circumstances


def _is_latex(source: Source) -> bool:
    return source.path.lower().endswith(_SUFFIXES)

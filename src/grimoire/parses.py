"""Parsed files, remembered: the memo in front of `parse`, and the bodies apart.

An entry's body is by far its longest part and only its own pages need it. So bodies are remembered
under their own digests and read when a page that shows them is rendered. One that the memo has lost
is parsed again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from grimoire.diagnostics import Diagnostic
from grimoire.digest import Digest, digest
from grimoire.memo import Store
from grimoire.model import Body, Parsed, Term
from grimoire.source import Source

_ENTRIES = "parse"
_BODIES = "body"

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[tuple[Term, ...], tuple[Diagnostic, ...]]).decode
_decode_body = msgspec.msgpack.Decoder(Body).decode


class ParsedFile(NamedTuple):
    """A source and what it says. `key` is the digest of all that this depends on."""

    source: Source
    key: Digest
    terms: tuple[Term, ...]
    diagnostics: tuple[Diagnostic, ...]
    is_new: bool
    """Whether nobody remembered it."""


class Parses:
    """The files of one build. `parsed` counts those that nobody remembered."""

    def __init__(
        self,
        store: Store,
        circumstances: Callable[[Source], Digest],
        parse: Callable[[Source], tuple[Parsed, Sequence[Diagnostic]]],
    ) -> None:
        self._store, self._circumstances, self._parse = store, circumstances, parse
        self._files: list[ParsedFile] = []
        self._bodies: dict[Digest, Body] = {}
        self.parsed = 0

    def key(self, source: Source) -> Digest:
        """Give the digest of all that what a source says depends on."""
        return digest(self._circumstances(source), source.path, source.text)

    def remembered(self, key: Digest) -> tuple[Term, ...]:
        """Give the entries of a source that an earlier build parsed, by its key; none if that is forgotten."""
        known = self._store.get(_ENTRIES, key)
        return _decode(known)[0] if known is not None else ()

    def files(self, sources: Sequence[Source]) -> Iterator[ParsedFile]:
        """Yield what each source says, in their order, as soon as it is known."""
        keys = [self.key(source) for source in sources]
        known = self._store.get_many(_ENTRIES, keys)
        fresh: dict[Digest, bytes] = {}
        for source, key in zip(sources, keys, strict=True):
            if key in known:
                file = ParsedFile(source, key, *_decode(known[key]), is_new=False)
            else:
                parsed, diagnostics = self._parse(source)
                self.parsed += 1
                file = ParsedFile(source, key, parsed.terms, tuple(diagnostics), is_new=True)
                fresh[key] = _encode((file.terms, file.diagnostics))
                self._bodies |= _by_digest(parsed)
            self._files.append(file)
            yield file
        self._store.put_many(_ENTRIES, fresh)
        self._store.put_many(_BODIES, {key: _encode(body) for key, body in self._bodies.items()})

    def load(self, keys: Iterable[Digest]) -> None:
        """Have bodies ready that will be asked for; those that the memo lost are parsed again."""
        wanted = [key for key in dict.fromkeys(keys) if key not in self._bodies]
        found = self._store.get_many(_BODIES, wanted)
        self._bodies |= {key: _decode_body(value) for key, value in found.items()}
        lost = set(wanted) - found.keys()
        for file in self._files if lost else ():
            if not lost.isdisjoint(term.body for term in file.terms):
                bodies = _by_digest(self._parse(file.source)[0])
                self._bodies |= bodies
                self._store.put_many(_BODIES, {key: _encode(body) for key, body in bodies.items()})

    def body(self, key: Digest) -> Body:
        """Give a body that was parsed or loaded, by its digest."""
        return self._bodies[key]

    def live(self) -> dict[str, list[Digest]]:
        """Give the keys, by stage of the memo, that are of use though this build may not have read them."""
        return {_BODIES: [term.body for file in self._files for term in file.terms]}


def _by_digest(parsed: Parsed) -> dict[Digest, Body]:
    return {digest(body): body for body in parsed.bodies}

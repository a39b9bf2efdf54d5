"""Parsed files, remembered: the memo in front of `parse`, and the bodies apart.

An entry's body is by far its longest part and only its own pages need it. So bodies are remembered
under their own digests and read when a page that shows them is rendered. One that the memo has lost
is parsed again.

Files that nobody remembers are parsed by several processes where that pays (`grimoire.jobs`). What these give back
are the bytes that go into the memo.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from grimoire.diagnostics import Diagnostic
from grimoire.digest import Digest, digest
from grimoire.jobs import Shared, processes
from grimoire.memo import Store
from grimoire.model import Body, Parsed, Term
from grimoire.source import Source

_ENTRIES = "parse"
_BODIES = "body"

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[tuple[Term, ...], tuple[Diagnostic, ...]]).decode
_decode_body = msgspec.msgpack.Decoder(Body).decode
_decode_pair = msgspec.msgpack.Decoder(tuple[bytes, dict[Digest, bytes]]).decode


class ParsedFile(NamedTuple):
    """A source and what it says. `key` is the digest of all that this depends on."""

    source: Source
    key: Digest
    terms: tuple[Term, ...]
    diagnostics: tuple[Diagnostic, ...]
    is_new: bool
    """Whether nobody remembered it."""


class _Made(NamedTuple):
    """What was made of a source, and the same as it is remembered."""

    terms: tuple[Term, ...]
    diagnostics: tuple[Diagnostic, ...]
    entries: bytes
    bodies: dict[Digest, bytes]


class Parses:
    """The files of one build. `parsed` counts those that nobody remembered."""

    def __init__(
        self,
        store: Store,
        circumstances: Callable[[Source], Digest],
        parse: Callable[[Source], tuple[Parsed, Sequence[Diagnostic]]],
        jobs: int = 1,
    ) -> None:
        """Begin; nothing is parsed yet.

        Args:
            store: the memo.
            circumstances: digests what parsing a file depends on beside itself.
            parse: parses a file.
            jobs: how many processes may do so.
        """
        self._store, self._circumstances, self._parse, self._jobs = store, circumstances, parse, jobs
        self._files: list[ParsedFile] = []
        self._keys: dict[str, Digest] = {}
        self._bodies: dict[Digest, bytes] = {}
        """Encoded, as they are remembered and come from other processes; a page decodes its own."""
        self.parsed = 0

    def key(self, source: Source) -> Digest:
        """Give the digest of all that what a source says depends on."""
        if source.path not in self._keys:
            self._keys[source.path] = digest(self._circumstances(source), source.path, source.text)
        return self._keys[source.path]

    def remembered(self, key: Digest) -> tuple[Term, ...]:
        """Give the entries of a source that an earlier build parsed, by its key; none if that is forgotten."""
        known = self._store.get(_ENTRIES, key)
        return _decode(known)[0] if known is not None else ()

    def files(self, sources: Sequence[Source]) -> Iterator[ParsedFile]:
        """Yield what each source says, in their order, as soon as it is known."""
        keys = [self.key(source) for source in sources]
        known = self._store.get_many(_ENTRIES, keys)
        unknown = [source for source, key in zip(sources, keys, strict=True) if key not in known]
        fresh: dict[Digest, bytes] = {}
        count = processes(self._jobs, len(unknown))
        with Shared(unknown, self._made, _encode_made, _decode_made, count) as shared:
            results = iter(shared)
            for source, key in zip(sources, keys, strict=True):
                if key in known:
                    file = ParsedFile(source, key, *_decode(known[key]), is_new=False)
                else:
                    made = next(results)
                    self.parsed += 1
                    file = ParsedFile(source, key, made.terms, made.diagnostics, is_new=True)
                    fresh[key] = made.entries
                    self._bodies |= made.bodies
                self._files.append(file)
                yield file
        self._store.put_many(_ENTRIES, fresh)
        self._store.put_many(_BODIES, self._bodies)

    def load(self, keys: Iterable[Digest]) -> None:
        """Have bodies ready that will be asked for; those that the memo lost are parsed again."""
        wanted = [key for key in dict.fromkeys(keys) if key not in self._bodies]
        found = self._store.get_many(_BODIES, wanted)
        self._bodies |= found
        lost = set(wanted) - found.keys()
        for file in self._files if lost else ():
            if not lost.isdisjoint(term.body for term in file.terms):
                bodies = self._made(file.source).bodies
                self._bodies |= bodies
                self._store.put_many(_BODIES, bodies)

    def body(self, key: Digest) -> Body:
        """Give a body that was parsed or loaded, by its digest."""
        return _decode_body(self._bodies[key])

    def live(self) -> dict[str, list[Digest]]:
        """Give the keys, by stage of the memo, that are of use though this build may not have read them."""
        return {_BODIES: [term.body for file in self._files for term in file.terms]}

    def _made(self, source: Source) -> _Made:
        parsed, diagnostics = self._parse(source)
        told = tuple(diagnostics)
        bodies = {digest(body): _encode(body) for body in parsed.bodies}
        return _Made(parsed.terms, told, _encode((parsed.terms, told)), bodies)


def _encode_made(made: _Made) -> bytes:
    return _encode((made.entries, made.bodies))


def _decode_made(value: bytes) -> _Made:
    entries, bodies = _decode_pair(value)
    return _Made(*_decode(entries), entries, bodies)

"""The files of the search, made of analyses that are remembered per entry.

`Analyses` makes them for all entries, and mends what the last build left where few of them changed. `amended` does so
where only the entries are known whose bodies changed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from grimoire import search
from grimoire.digest import Digest, digest
from grimoire.glossary import Node
from grimoire.memo import OutputRecord, Store
from grimoire.model import Body
from grimoire.names import Url
from grimoire.tasks import Task

_Value = TypeVar("_Value")

_STAGE = "search"
_FEW, _MANY = 8, 50
"""So many documents may change, or one of so many, until the index is made from nothing."""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(search.Analysis).decode
_decode_digests = msgspec.msgpack.Decoder(dict[str, Digest]).decode
_decode_layout = msgspec.msgpack.Decoder(search.Layout).decode


class Analyses:
    """The entries of one build as the search sees them: all but the home text."""

    def __init__(
        self,
        nodes: Sequence[Node],
        cited: Sequence[str],
        store: Store,
        load: Callable[[Sequence[Digest]], None],
        body: Callable[[Digest], Body],
        *,
        with_formulas: bool,
        before: Mapping[str, OutputRecord],
        out: Path,
        folder: str,
    ) -> None:
        """Take what is searched, and where the last build left what it made of it.

        Args:
            nodes: the entries.
            cited: the words of what each cites.
            store: remembers the analyses.
            load: is told which bodies will be asked for.
            body: gives them.
            with_formulas: whether formulas are searched too.
            before: what the last build left in `out`, by path.
            out: the output folder.
            folder: that of the edition in it, "" or with a slash at its end.
        """
        self._store, self._load, self._body = store, load, body
        self._before, self._out, self._folder = before, out, folder
        self._bodies = [node.term.body for node in nodes if node.term.kind != "home"]
        self._documents = [
            _document(node, words, with_formulas=with_formulas)
            for node, words in zip(nodes, cited, strict=True)
            if node.term.kind != "home"
        ]

    def tasks(self) -> list[Task]:
        """Give the tasks of the search's files."""
        epoch = search.epoch()
        named = [msgspec.structs.replace(document, cited="", tex=()) for document in self._documents]
        texts = digest(epoch, self._documents, self._bodies)
        return [*self._texts(texts), *self._name_files(digest(epoch, named))]

    def document(self, url: Url) -> search.Document | None:
        """Give an entry as the search sees it, its body left open; None for a page that is not searched."""
        return self._by_url.get(url)

    def live(self) -> dict[str, list[Digest]]:
        """Give the keys, by stage of the memo, that are of use though this build may not have read them."""
        return {_STAGE: list(self._keys.values())}

    def _name_files(self, key: Digest) -> Iterator[Task]:
        """Give the tasks of the names: what files these are is known from the last build, or is found out now."""
        record = self._before.get(self._folder + search.NAMES)
        digests = (
            {path: digest(content) for path, content in self._names.items()}
            if record is None or record.key != key
            else _decode_digests(record.meta)
        )
        for path, content in digests.items():
            is_first = path == search.NAMES
            make = partial(self._name_file, path)
            yield Task(path, key if is_first else content, make, meta=_encode(digests) if is_first else b"")

    def _name_file(self, path: str) -> bytes:
        return self._names[path]

    @cached_property
    def _names(self) -> dict[str, bytes]:
        return search.names(self._numbered(self._documents))

    def _texts(self, key: Digest) -> Iterator[Task]:
        """Give the tasks of the index: those files that are not as they were are made at once."""
        record = self._before.get(self._folder + search.COMMON)
        last = _layout(record)
        files: dict[str, bytes] = {}
        if record is None or last is None or record.key != key:
            last, files = self._mended(last) if last else self._whole
        yield from _files(last, key, partial(self._file, files))

    def _file(self, files: Mapping[str, bytes], path: str) -> bytes:
        """Give a file; one that was to be as it was and is lost is made from nothing."""
        return files[path] if path in files else self._whole[1][path]

    @cached_property
    def _whole(self) -> tuple[search.Layout, dict[str, bytes]]:
        """The index made from nothing."""
        analyses = self._analyses(self._keys)
        return search.whole(analyses, list(self._keys.values()), search.epoch())

    def _mended(self, last: search.Layout) -> tuple[search.Layout, dict[str, bytes]]:
        """Bring the index that the last build left up to date, where that is less work."""
        before = dict(zip(last.slots, last.keys, strict=True))
        slots = [
            slot for slot in sorted(before.keys() | self._keys) if before.get(slot) != self._keys.get(slot)
        ]
        if len(slots) > max(_FEW, len(self._keys) // _MANY):
            return self._whole
        known = self._store.get_many(_STAGE, [before[slot] for slot in slots if slot in before])
        if not all(before[slot] in known for slot in slots if slot in before):
            return self._whole
        after = self._analyses({slot: self._keys[slot] for slot in slots if slot in self._keys})
        changes = [
            search.Change(slot, _decode(known[before[slot]]) if slot in before else None, after.get(slot))
            for slot in slots
        ]
        try:
            return search.mended(last, self._keys, changes, _left(self._out, self._folder))
        except (OSError, ValueError):
            return self._whole

    def _numbered(self, values: Sequence[_Value]) -> dict[int, _Value]:
        """Give what belongs to each document by the document's number, ascending."""
        by_url = dict(zip((document.url for document in self._documents), values, strict=True))
        return {slot: by_url[url] for url, slot in self._slots.items()}

    @cached_property
    def _by_url(self) -> dict[Url, search.Document]:
        return {document.url: document for document in self._documents}

    @cached_property
    def _slots(self) -> dict[Url, int]:
        return search.slots(document.url for document in self._documents)

    @cached_property
    def _keys(self) -> dict[int, Digest]:
        """The key of each document's analysis, by number."""
        pairs = zip(self._documents, self._bodies, strict=True)
        return self._numbered([_key(document, body) for document, body in pairs])

    def _analyses(self, keys: Mapping[int, Digest]) -> dict[int, search.Analysis]:
        """Give the analyses of some documents, and remember those that are new."""
        documents = self._numbered(list(zip(self._documents, self._bodies, strict=True)))
        known = self._store.get_many(_STAGE, list(keys.values()))
        self._load([documents[slot][1] for slot, key in keys.items() if key not in known])
        fresh: dict[Digest, bytes] = {}
        analyses = {}
        for slot, key in keys.items():
            if key in known:
                analyses[slot] = _decode(known[key])
                continue
            document, body = documents[slot]
            analyses[slot] = _analysis(document, self._body(body))
            fresh[key] = _encode(analyses[slot])
        self._store.put_many(_STAGE, fresh)
        return analyses


class Amended(NamedTuple):
    """The files of an index that change, and the paths of those that are no more."""

    tasks: list[Task]
    gone: set[str]


class Edit(NamedTuple):
    """A document that has another body than before; bodies by their digests."""

    document: search.Document
    was: Digest
    now: Digest


def amended(
    edits: Sequence[Edit],
    store: Store,
    body: Callable[[Digest], Body],
    before: Mapping[str, OutputRecord],
    out: Path,
    folder: str,
) -> Amended | None:
    """Bring an index up to date by some bodies, where no more is known of the other entries than that they are as before.

    Args:
        edits: what changed.
        store: remembers the analyses.
        body: gives the new bodies.
        before: what the last build left in `out`, by path.
        out: the output folder.
        folder: that of the edition in it, "" or with a slash at its end.

    Returns:
        What becomes of its files; None if that cannot be told.
    """
    record = before.get(folder + search.COMMON)
    last = _layout(record)
    if record is None or last is None:
        return None
    keys = dict(zip(last.slots, last.keys, strict=True))
    slots = {key: slot for slot, key in keys.items()}
    was = [_key(edit.document, edit.was) for edit in edits]
    known = store.get_many(_STAGE, was)
    if not all(key in known and key in slots for key in was):
        return None
    changes = []
    fresh: dict[Digest, bytes] = {}
    for edit, key in zip(edits, was, strict=True):
        analysis = _analysis(edit.document, body(edit.now))
        now = keys[slots[key]] = _key(edit.document, edit.now)
        fresh[now] = _encode(analysis)
        changes.append(search.Change(slots[key], _decode(known[key]), analysis))
    store.put_many(_STAGE, fresh)
    try:
        layout, files = search.mended(last, keys, changes, _left(out, folder))
    except (OSError, ValueError):
        return None
    due = _files(layout, digest(record.key, was, list(fresh)), files.__getitem__)
    tasks = [task._replace(path=folder + task.path) for task in due if task.path in files]
    return Amended(tasks, {folder + path for path in last.digests.keys() - layout.digests.keys()})


def _key(document: search.Document, body: Digest) -> Digest:
    """The key of a document's analysis; its body is given by digest."""
    return digest(search.epoch(), document, body)


def _analysis(document: search.Document, body: Body) -> search.Analysis:
    return search.analyse(msgspec.structs.replace(document, body=body.text))


def _left(out: Path, folder: str) -> Callable[[str], bytes]:
    """What reads a file of the index as the last build left it."""
    return lambda path: (out / folder / path).read_bytes()


def _files(layout: search.Layout, key: Digest, content: Callable[[str], bytes]) -> Iterator[Task]:
    """Give the tasks of an index. The common file bears the key of the whole, and what is remembered of it."""
    for path, made in layout.digests.items():
        is_common = path == search.COMMON
        meta = _encode(layout) if is_common else b""
        yield Task(path, key if is_common else made, partial(content, path), meta=meta)


def _layout(record: OutputRecord | None) -> search.Layout | None:
    """Give what the last build remembered of the index, if that is of use to this one."""
    if record is None:
        return None
    try:
        layout = _decode_layout(record.meta)
    except msgspec.DecodeError:
        return None
    return layout if layout.epoch == search.epoch() else None


def _document(node: Node, cited: str, *, with_formulas: bool) -> search.Document:
    """An entry as the search sees it, its body left open."""
    term = node.term
    return search.Document(
        url=node.url,
        title=term.title,
        aliases=tuple(alias.name for alias in term.aliases),
        abbreviation=term.abbreviation,
        tags=term.tags,
        summary=term.summary.text,
        cited=cited,
        tex=tuple(formula.tex for formula in term.formulas) if with_formulas else (),
    )

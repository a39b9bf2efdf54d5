"""The files of the search, made of analyses that are remembered per entry."""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TypeVar

import msgspec

from grimoire import search
from grimoire.digest import Digest, digest
from grimoire.glossary import Node
from grimoire.memo import Store
from grimoire.model import Body
from grimoire.names import Url
from grimoire.tasks import Task

_Value = TypeVar("_Value")

_STAGE = "search"
_SHARDS = "shards"
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(search.Analysis).decode
_decode_paths = msgspec.msgpack.Decoder(dict[str, Digest]).decode


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
    ) -> None:
        """Take the entries, and the words of what each cites; `load` is told which bodies will be asked for, and `body` gives them."""
        self._store, self._load, self._body = store, load, body
        self._bodies = [node.term.body for node in nodes if node.term.kind != "home"]
        self._documents = [
            _document(node, words, with_formulas=with_formulas)
            for node, words in zip(nodes, cited, strict=True)
            if node.term.kind != "home"
        ]

    def tasks(self) -> list[Task]:
        """Give the tasks of the search's files."""
        names = digest(search.epoch(), self._documents)
        return [
            *self._shards(digest(names, self._bodies)),
            Task("search/names.json", names, lambda: search.names(self._numbered(self._documents))),
        ]

    def live(self) -> dict[str, list[Digest]]:
        """Give the keys, by stage of the memo, that are of use though this build may not have read them."""
        names = digest(search.epoch(), self._documents)
        return {_STAGE: self._keys(), _SHARDS: [digest(names, self._bodies)]}

    def _shards(self, key: Digest) -> list[Task]:
        """Give the tasks of the shards: what these are is known when they have been made once, or is found out now."""
        known = self._store.get(_SHARDS, key)
        if known is not None:
            paths = _decode_paths(known)
        else:
            paths = {path: digest(content) for path, content in self._made.items()}
            self._store.put_many(_SHARDS, {key: _encode(paths)})
        return [Task(path, content, partial(self._made_one, path)) for path, content in paths.items()]

    def _made_one(self, path: str) -> bytes:
        return self._made[path]

    @cached_property
    def _made(self) -> dict[str, bytes]:
        """All files of the texts."""
        analyses = self._numbered(self._analyses())
        return dict(search.shards(search.postings(analyses), analyses))

    def _numbered(self, values: Sequence[_Value]) -> dict[int, _Value]:
        """Give what belongs to each document by the document's number, ascending."""
        by_url = dict(zip((document.url for document in self._documents), values, strict=True))
        return {slot: by_url[url] for url, slot in self._slots.items()}

    @cached_property
    def _slots(self) -> dict[Url, int]:
        return search.slots(document.url for document in self._documents)

    def _keys(self) -> list[Digest]:
        return [
            digest(search.epoch(), document, body)
            for document, body in zip(self._documents, self._bodies, strict=True)
        ]

    def _analyses(self) -> list[search.Analysis]:
        keys = self._keys()
        known = self._store.get_many(_STAGE, keys)
        self._load([body for key, body in zip(keys, self._bodies, strict=True) if key not in known])
        fresh: dict[Digest, bytes] = {}
        analyses = []
        for key, document, body in zip(keys, self._documents, self._bodies, strict=True):
            if key in known:
                analyses.append(_decode(known[key]))
                continue
            analysis = search.analyse(msgspec.structs.replace(document, body=self._body(body).text))
            fresh[key] = _encode(analysis)
            analyses.append(analysis)
        self._store.put_many(_STAGE, fresh)
        return analyses


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

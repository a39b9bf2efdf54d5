"""The files of the search, made of analyses that are remembered per entry."""

from collections.abc import Callable, Sequence

import msgspec

from grimoire import search
from grimoire.digest import Digest, digest
from grimoire.glossary import Node
from grimoire.memo import Store
from grimoire.model import Body
from grimoire.tasks import Task

_STAGE = "search"
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(search.Analysis).decode


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
            Task("search/index.json", digest(names, self._bodies), self._index),
            Task("search/names.json", names, lambda: search.names(self._documents)),
        ]

    def live(self) -> dict[str, list[Digest]]:
        """Give the keys, by stage of the memo, that are of use though this build may not have read them."""
        return {_STAGE: self._keys()}

    def _keys(self) -> list[Digest]:
        return [
            digest(search.epoch(), document, body)
            for document, body in zip(self._documents, self._bodies, strict=True)
        ]

    def _index(self) -> bytes:
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
        return search.index(analyses)


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

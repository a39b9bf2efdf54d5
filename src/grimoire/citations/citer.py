"""Citations set in a style: the clusters of a page in, their text and the list of references out.

What a page gets depends on the style, the language, its clusters and the works they cite alone, so it may be
remembered under `Citer.key`; nothing is started before the first page comes that nobody remembers.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

import msgspec

from grimoire.citations.csl_files import style_text
from grimoire.citations.engine import Engine
from grimoire.citations.records import Cite, Cited, Cluster, Entry
from grimoire.citations.toolchain import epoch
from grimoire.digest import Digest, digest
from grimoire.model import Fragment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType

    from grimoire.citations.records import Item


def anchor(key: str) -> str:
    """Give the id of a work's line in a list of references; no two keys give the same."""
    return "ref-" + quote(key.encode("utf-8", "replace"), safe="/:;,@+=$!*~")


class Citer:
    """Sets citations in a style and a language; a ``with`` statement makes sure that its engine is closed.

    ::

        with Citer("apa", "en", {item.key: item for item in items}) as citer:
            cited = citer.cite(clusters)

    Args:
        style: a shipped style's name, or the text of a CSL style.
        language: a BCP 47 tag.
        items: every work that can be cited, by key.

    Raises:
        UnknownStyle: if no style is shipped under that name.
        UnsoundStyle: if the text is no style.
        FrontendMissing: if styles and engine were not bundled.
    """

    def __init__(self, style: str, language: str, items: Mapping[str, Item]) -> None:
        text = style_text(style)
        self._items = items
        self._engine = Engine(text, language)
        self.circumstances = digest(epoch(), text, language)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the engine back; citing makes another."""
        self._engine.close()

    def key(self, clusters: Sequence[Cluster]) -> Digest:
        """Digest all that `cite` of these clusters depends on; starts nothing."""
        used = sorted({cite.key for cluster in clusters for cite in cluster.cites} & self._items.keys())
        return digest(self.circumstances, tuple(clusters), [(key, self._items[key].csl) for key in used])

    def references_key(self, keys: Iterable[str]) -> Digest:
        """Digest all that `references` of these keys depends on; starts nothing."""
        return digest(self.circumstances, [(key, self._items[key].csl) for key in sorted(set(keys))])

    def missing(self, cluster: Cluster) -> tuple[str, ...]:
        """Name the keys of a cluster that no bibliography has."""
        return tuple(cite.key for cite in cluster.cites if cite.key not in self._items)

    def cite(self, clusters: Sequence[Cluster]) -> Cited:
        """Set the citations of one page.

        A key that no bibliography has stays as it is written: among the words of its cluster, or, where no other
        is cited there, as the whole of it, of the class ``cite-missing``.

        Raises:
            CitingError: if the engine cannot be started, refuses the style, or fails.
        """
        known = [self._known(cluster) for cluster in clusters]
        asked = [cites for cites in known if cites]
        if not asked:
            return Cited(tuple(map(_as_written, clusters)), (Fragment(),) * len(clusters), (), is_note=False)
        used = dict.fromkeys(cite.key for cites in asked for cite in cites)
        items = [self._items[key].csl for key in used]
        answer = self._engine.ask("cite", {"items": items, "citations": [_asked(cites) for cites in asked]})
        made = zip(map(_fragment, answer.citations), map(_fragment, answer.names), strict=True)
        pairs = zip(clusters, known, strict=True)
        places = [next(made) if cites else (_as_written(of), Fragment()) for of, cites in pairs]
        texts, names = zip(*places, strict=True)
        return Cited(texts, names, _entries(answer.entries), is_note=self._engine.is_note)

    def references(self, keys: Iterable[str]) -> tuple[Entry, ...]:
        """Set a list of works that stands for itself, in the style's order.

        Raises:
            KeyError: if a key is unknown.
            CitingError: as `cite`.
        """
        items = [self._items[key].csl for key in sorted(set(keys))]
        return _entries(self._engine.ask("list", items).entries) if items else ()

    def _known(self, cluster: Cluster) -> list[Cite]:
        """The cites whose works are known; the others' keys go into the words around them."""
        cites: list[Cite] = []
        waiting = ""
        for cite in cluster.cites:
            if cite.key in self._items:
                cites.append(msgspec.structs.replace(cite, prefix=waiting + cite.prefix))
                waiting = ""
            elif cites:
                cites[-1] = msgspec.structs.replace(cites[-1], suffix=f"{cites[-1].suffix}; {_words(cite)}")
            else:
                waiting += f"{_words(cite)}; "
        return cites


def _words(cite: Cite) -> str:
    """A cite of which nothing is known but what its author wrote."""
    place = f", {cite.label} {cite.locator}" if cite.locator else ""
    return f"{cite.prefix}@{cite.key}{place}{cite.suffix}"


def _asked(cites: Sequence[Cite]) -> dict[str, object]:
    """A cluster as ``cite.js`` wants it."""
    narrative = any(cite.mode == "narrative" for cite in cites)
    return {"cites": list(map(_asked_cite, cites)), "narrative": narrative}


def _asked_cite(cite: Cite) -> dict[str, object]:
    """A cite as citeproc knows it."""
    place = {"locator": cite.locator, "label": cite.label} if cite.locator else {}
    words = {name: text for name, text in (("prefix", cite.prefix), ("suffix", cite.suffix)) if text}
    return {"id": cite.key, **place, **words, **({"suppress-author": True} if cite.mode == "year" else {})}


def _as_written(cluster: Cluster) -> Fragment:
    written = cluster.written or "; ".join(f"@{cite.key}" for cite in cluster.cites)
    return Fragment(f'<span class="cite-missing">{escape(written, quote=False)}</span>', written)


def _entries(found: Iterable[tuple[str, str]]) -> tuple[Entry, ...]:
    return tuple(Entry(key, _fragment(html)) for key, html in found)


def _fragment(html: str) -> Fragment:
    return Fragment(html, unescape(re.sub(r"<[^>]*>", "", html)))

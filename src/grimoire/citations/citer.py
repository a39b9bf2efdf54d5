"""Citations set in a style: the clusters of a page in, their text and the list of references out.

What a page gets depends on the style, the language, its clusters and the works they cite alone; nothing is
started before the first page comes that nobody remembers.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Self

import msgspec

from grimoire.citations.csl_files import style_text
from grimoire.citations.engine import Engine
from grimoire.model import Cite, Cited, Cluster, Fragment, Listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType

    from grimoire.citations.engine import Answer


class Citer:
    """Sets citations in a style and a language; a ``with`` statement makes sure that its engine is closed.

    ::

        with Citer("apa", "en") as citer:
            cited = citer.cite(clusters, {item.key: item.csl for item in items})

    Args:
        style: a shipped style's name, or the text of a CSL style.
        language: a BCP 47 tag.

    Raises:
        UnknownStyle: if no style is shipped under that name.
        UnsoundStyle: if the text is no style.
        FrontendMissing: if styles and engine were not bundled.
    """

    def __init__(self, style: str, language: str) -> None:
        self._engine = Engine(style_text(style), language)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the engine back; citing makes another."""
        self._engine.close()

    def start(self) -> None:
        """Have the engine ready.

        Raises:
            StyleRefused: if the engine refuses the style.
            CitingError: if it cannot be started.
        """
        self._engine.start()

    def cite(self, clusters: Sequence[Cluster], works: Mapping[str, Mapping[str, object]]) -> Cited:
        """Set the citations of one page.

        A key without a work stays as it is written: among the words of its cluster, or, where no other is cited
        there, as the whole of it.

        Args:
            clusters: what is cited, in its order.
            works: CSL JSON by the keys of the cites.

        Raises:
            Complaint: if citeproc cannot set these works or clusters.
            CitingError: if the engine cannot be started, refuses the style, or fails.
        """
        return self.begin(clusters, works)()

    def begin(
        self, clusters: Sequence[Cluster], works: Mapping[str, Mapping[str, object]]
    ) -> Callable[[], Cited]:
        """Have the citations of one page set while the caller goes on; gives what `cite` gives when it is called.

        Raises:
            CitingError: if the engine cannot be started.
        """
        known = [_known(cluster, works) for cluster in clusters]
        asked = [cites for cites in known if cites]
        if not asked:
            texts = tuple(map(_as_written, clusters))
            return lambda: Cited(texts, (Fragment(),) * len(texts), (), is_note=False)
        used = dict.fromkeys(cite.key for cites in asked for cite in cites)
        items = [{**works[key], "id": key} for key in used]
        answer = self._engine.ask("cite", {"items": items, "citations": [_asked(cites) for cites in asked]})
        return lambda: _cited(clusters, known, answer())

    def references(self, works: Mapping[str, Mapping[str, object]]) -> tuple[Listed, ...]:
        """Set a list of works that stands for itself, in the style's order.

        Raises:
            Complaint: if citeproc cannot set these works.
            CitingError: as `cite`.
        """
        return self.begin_references(works)()

    def begin_references(self, works: Mapping[str, Mapping[str, object]]) -> Callable[[], tuple[Listed, ...]]:
        """Have such a list set while the caller goes on.

        Raises:
            CitingError: if the engine cannot be started.
        """
        items = [{**works[key], "id": key} for key in sorted(works)]
        if not items:
            return tuple
        answer = self._engine.ask("list", items)
        return lambda: _listed(answer().entries)


def _cited(clusters: Sequence[Cluster], known: Sequence[Sequence[Cite]], answer: Answer) -> Cited:
    made = zip(map(_fragment, answer.citations), map(_fragment, answer.names), strict=True)
    pairs = zip(clusters, known, strict=True)
    places = [next(made) if cites else (_as_written(of), Fragment()) for of, cites in pairs]
    texts, names = zip(*places, strict=True)
    return Cited(texts, names, _listed(answer.entries), is_note=answer.is_note)


def _known(cluster: Cluster, works: Mapping[str, object]) -> list[Cite]:
    """The cites whose works are known; the others' keys go into the words around them."""
    cites: list[Cite] = []
    waiting = ""
    for cite in cluster.cites:
        if cite.key in works:
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
    return Fragment(escape(written, quote=False), written)


def _listed(found: Iterable[tuple[str, str]]) -> tuple[Listed, ...]:
    return tuple(Listed(key, _fragment(html)) for key, html in found)


def _fragment(html: str) -> Fragment:
    return Fragment(html, unescape(re.sub(r"<[^>]*>", "", html)))

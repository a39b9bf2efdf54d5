"""The bibliographies of one build: found, read, remembered by their text; and what each entry can cite.

A build in which no bibliography changed does not load what reads BibTeX.
"""

import posixpath
from collections.abc import Sequence

import msgspec

from grimoire.citations import Item, Library, read_bibliography, unique
from grimoire.config import Settings
from grimoire.diagnostics import Diagnostic, unreadable
from grimoire.digest import Digest, digest
from grimoire.memo import Store
from grimoire.model import Term
from grimoire.source import SETTINGS_FILE, Reading, Span, Written, decode

DEFAULT = "references.bib"
"""The bibliography of a site whose settings name none."""
_SUFFIXES = (".bib", ".json")
_STAGE = "bibliography"

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[tuple[Item, ...], tuple[Diagnostic, ...]]).decode


class Bibliographies:
    """The bibliographies of one build, and what is wrong with them so far. `texts` has the text of each."""

    def __init__(
        self,
        store: Store,
        circumstances: Digest,
        reading: Reading,
        files: Sequence[str],
        settings: Settings,
    ) -> None:
        """Read those of the site.

        Args:
            store: the memo.
            circumstances: what reading depends on besides the text.
            reading: reads files of the content.
            files: the paths of its files that are no entries.
            settings: which bibliographies the site names.
        """
        self._store, self._circumstances, self._reading = store, circumstances, reading
        self._files = {path.lower(): path for path in files}
        self.faults: list[Diagnostic] = []
        self.texts: dict[str, str] = {}
        self._items_of: dict[str, tuple[Item, ...]] = {}
        self._libraries: dict[tuple[str, ...], Library] = {}
        named = settings.bibliography
        if named is None:
            found = [DEFAULT] if DEFAULT in files else []
        else:
            found = self._named(named, SETTINGS_FILE, "invalid-setting", "it is left out")
        self._site = tuple(dict.fromkeys(found))
        # Read whether or not anything is cited, so that what is wrong with them is told at once.
        self._library(())

    def library(self, term: Term) -> Library:
        """Give what an entry can cite: its own bibliographies, and behind them those of the site."""
        if not term.bibliography:
            return self._library(())
        found = self._named(term.bibliography, term.path, "invalid-field", "it is left out")
        return self._library(tuple(dict.fromkeys(found)))

    def _library(self, own: tuple[str, ...]) -> Library:
        if own not in self._libraries:
            items = self._items(own) if own else {}
            before = self._libraries[()].items if own else self._items(self._site)
            self._libraries[own] = Library({**before, **items}, (*own, *self._site))
        return self._libraries[own]

    def _items(self, paths: Sequence[str]) -> dict[str, Item]:
        """The works of some files; of two with one key the first."""
        items = [item for path in paths for item in self._works(path)]
        kept, doubles = unique(items)
        self.faults += (one for one in doubles if one not in self.faults)
        return {item.key: item for item in kept}

    def _works(self, path: str) -> tuple[Item, ...]:
        if path in self._items_of:
            return self._items_of[path]
        self._items_of[path] = ()
        try:
            content = self._reading(path)
        except OSError as error:
            self.faults.append(unreadable(path, error))
            return ()
        text, bad = decode(content)
        if bad is not None:
            self.faults.append(
                Diagnostic("unreadable-text", path, Span(bad, bad + 1), "the file is not UTF-8",
                           why="the bytes here cannot be read as text", help="save the file as UTF-8")
            )  # fmt: skip
        self.texts[path] = text
        key = digest(self._circumstances, path, text)
        known = self._store.get(_STAGE, key)
        if known is None:
            items, faults = read_bibliography(path, text)
            self._store.put_many(_STAGE, {key: _encode((items, faults))})
        else:
            items, told = _decode(known)
            faults = list(told)
        self._items_of[path] = items
        self.faults += faults
        return items

    def _named(self, names: Sequence[Written], where: str, code: str, why: str) -> list[str]:
        """The paths of the files that are named in a file; those that are not there are told of."""
        folder = where.rpartition("/")[0]
        found = []
        for name in names:
            near = posixpath.normpath(posixpath.join(folder, name.text))
            rooted = posixpath.normpath(name.text.lstrip("/"))
            path = self._files.get(near.lower()) or self._files.get(rooted.lower())
            if path and path.lower().endswith(_SUFFIXES):
                found.append(path)
                continue
            fault = self._missing(
                name, where, code, why, path=path, leaves=near.startswith("..") and rooted.startswith("..")
            )
            if fault not in self.faults:
                self.faults.append(fault)
        return found

    def _missing(
        self, name: Written, where: str, code: str, why: str, *, path: str | None, leaves: bool
    ) -> Diagnostic:
        if leaves:
            return Diagnostic(
                "outside-content", where, name.span, f"the bibliography `{name.text}` is outside the content folder",
                why="files outside are never read", help="copy the file into the folder",
            )  # fmt: skip
        if path:
            return Diagnostic(
                code, where, name.span, f"the file `{name.text}` is no bibliography",
                why=why, help="a bibliography ends in `.bib`, or in `.json` if it is CSL JSON",
            )  # fmt: skip
        known = [one for one in self._files.values() if one.lower().endswith(".bib")]
        shown = ", ".join(f"`{one}`" for one in known[:5])
        return Diagnostic(
            code, where, name.span, f"there is no bibliography `{name.text}`",
            why=f"no such file is below the content folder; {why}",
            help=f"there are {shown}" if known[1:] else f"did you mean {shown}?" if known else "put it there, or remove the name",
        )  # fmt: skip

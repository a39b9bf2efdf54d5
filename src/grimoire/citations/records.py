"""The words of this room: what a bibliography holds. What texts cite is told in `grimoire.model`."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

import msgspec

from grimoire.digest import Digest, digest
from grimoire.source import Span


class Item(msgspec.Struct, frozen=True):
    """A work of a bibliography.

    `csl` is the work as CSL JSON, checked: it holds variables of CSL with values of their kinds and nothing
    else, under the `id` that equals `key`. `written` is the entry as its author wrote it, for copying, with the texts
    and the entries that it names.
    """

    key: str
    path: str
    span: Span
    csl: dict[str, object]
    written: str
    form: Literal["bibtex", "csl-json"]


class Library:
    """The works that an entry can cite, by key; `files` are the bibliographies they come from, best known first."""

    def __init__(self, items: Mapping[str, Item], files: tuple[str, ...] = ()) -> None:
        self.items, self.files = items, files
        self._digests: dict[str, Digest] = {}

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """All keys, in order."""
        return tuple(sorted(self.items))

    def digest(self, key: str) -> Digest:
        """Digest what is known of a work.

        Raises:
            KeyError: if it is unknown.
        """
        if key not in self._digests:
            self._digests[key] = digest(self.items[key].csl)
        return self._digests[key]

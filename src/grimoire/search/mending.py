"""Bring an index that was written before up to date, by the documents that changed, and touch nothing else.

The outcome is, to the byte, what `grimoire.search.shards.whole` makes of all documents. Shards in which no changed term
stands are not even read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from grimoire.digest import Digest, digest
from grimoire.search.cutting import LARGEST
from grimoire.search.documents import FIELDS, Analysis, Frequencies
from grimoire.search.shards import (
    Layout,
    common,
    cut_up,
    fields_of,
    in_order,
    is_heavy,
    kept_in,
    lengths_of,
    lines_of,
    shards,
)

_decode = msgspec.json.Decoder(list[Any]).decode
_encode = msgspec.json.Encoder().encode

_NO_FIELDS: Sequence[Frequencies] = tuple({} for _ in FIELDS)
_Edit = tuple[int, int, int]
"""A field, a document, and how often a term occurs there now."""


class Change(NamedTuple):
    """What stands under a number: before and now, None for nothing."""

    slot: int
    before: Analysis | None
    after: Analysis | None


def mended(
    old: Layout,
    keys: Mapping[int, Digest],
    changes: Iterable[Change],
    read: Callable[[str], bytes],
    largest: int = LARGEST,
) -> tuple[Layout, dict[str, bytes]]:
    """Bring an index up to date.

    Args:
        old: what was remembered of it.
        keys: for each document there is now, by number, what tells its analysis from any other.
        changes: every number under which there is another analysis than before.
        read: gives the content of an old shard by its path.
        largest: how many bytes a shard may have, as when the old index was made.

    Returns:
        What to remember of the new one, and those of its files that are not as they were.

    Raises:
        OSError, ValueError: if a shard cannot be read, or is not what it was.
    """
    lengths = dict(zip(old.slots, old.lengths, strict=True))
    edits: defaultdict[str, list[_Edit]] = defaultdict(list)
    for slot, before, after in changes:
        lengths.pop(slot, None)
        if after:
            lengths[slot] = lengths_of(after)
        was_fields = fields_of(before) if before else _NO_FIELDS
        now_fields = fields_of(after) if after else _NO_FIELDS
        for field, (was, now) in enumerate(zip(was_fields, now_fields, strict=True)):
            for term, frequency in was.items() ^ now.items():
                if now.get(term) == frequency:
                    edits[term].append((field, slot, frequency))
                elif term not in now:
                    edits[term].append((field, slot, 0))

    old_shards = _Shards(old, largest, read)
    changed = {term: spliced(term, old_shards.line(term), its) for term, its in edits.items()}
    weights = dict(zip(old.terms, old.weights, strict=True)) | {
        term: len(line) for term, line in changed.items()
    }
    if changed.keys() - old_shards.places.keys() or not all(changed.values()):
        weights = {term: weights[term] for term in in_order(term for term in weights if weights[term])}
    terms = list(weights)
    all_weights = list(weights.values())

    starts, ranges = cut_up(terms, all_weights, largest)
    slots = list(keys)
    ordered = [lengths[slot] for slot in slots]
    files = common(starts, slots, ordered)
    digests = {path: digest(content) for path, content in files.items()}
    for path, first, last in ranges:
        its = terms[first:last]
        is_part = is_heavy(all_weights[first:last], len(slots))
        is_the_same = old_shards.terms(path) == its and old_shards.is_heavy(path) == is_part
        if is_the_same and changed.keys().isdisjoint(its):
            paths = [path, kept_in(path)] if is_part else [path]
            digests |= {path: old.digests[path] for path in paths}
        else:
            made = shards(path, [changed.get(term) or old_shards.line(term) for term in its], len(slots))
            files |= made
            digests |= {path: digest(content) for path, content in made.items()}
    layout = Layout(old.epoch, slots, list(keys.values()), ordered, terms, all_weights, digests)
    return layout, files


class _Shards:
    """The shards as they were, each read when it is asked for."""

    def __init__(self, layout: Layout, largest: int, read: Callable[[str], bytes]) -> None:
        _, ranges = cut_up(layout.terms, layout.weights, largest)
        self._layout, self._read = layout, read
        self._ranges = {path: (first, last) for path, first, last in ranges}
        self._paths = [path for path, first, last in ranges for _ in range(first, last)]
        self._lines: dict[str, list[bytes]] = {}
        self.places = {term: place for place, term in enumerate(layout.terms)}

    def terms(self, path: str) -> list[str]:
        """Give the terms of a shard, none if there was no such one."""
        first, last = self._ranges.get(path, (0, 0))
        return self._layout.terms[first:last]

    def is_heavy(self, path: str) -> bool:
        """Whether browsers were given a part of a shard."""
        first, last = self._ranges.get(path, (0, 0))
        return is_heavy(self._layout.weights[first:last], len(self._layout.slots))

    def line(self, term: str) -> bytes:
        """Give the entry of a term, b"" if there was none."""
        place = self.places.get(term)
        if place is None:
            return b""
        path = self._paths[place]
        if path not in self._lines:
            place_of_it = kept_in(path) if self.is_heavy(path) else path
            content = self._read(place_of_it)
            if digest(content) != self._layout.digests[place_of_it]:
                raise ValueError(f"{place_of_it} is not as it was left")
            self._lines[path] = lines_of(content)
        return self._lines[path][place - self._ranges[path][0]]


def spliced(term: str, line: bytes, edits: Iterable[_Edit]) -> bytes:
    """Give a changed entry; b"" is the entry of a term that no document has."""
    found: list[Any] = _decode(line) if line else [term]
    lists: dict[int, list[int]] = dict(zip(found[1::2], found[2::2], strict=True))
    for field, slot, frequency in edits:
        _splice(lists.setdefault(field, []), slot, frequency)
    entry = [term, *(part for field in sorted(lists) if lists[field] for part in (field, lists[field]))]
    return _encode(entry) if entry[1:] else b""


def _splice(steps: list[int], slot: int, frequency: int) -> None:
    """Say in a list of documents how often a term occurs in one of them; 0 takes that out."""
    reached, place = 0, len(steps)
    for at, step in enumerate(steps):
        if step >= 0:
            if reached + step >= slot:
                place = at
                break
            reached += step
    end = place
    following = 0
    if place < len(steps) and reached + steps[place] == slot:
        end += 2 if place + 1 < len(steps) and steps[place + 1] < 0 else 1
        following = steps[place]
    own = [slot - reached, -frequency] if frequency > 1 else [slot - reached] if frequency else []
    if end < len(steps):
        steps[end] += following - (slot - reached if frequency else 0)
    steps[place:end] = own

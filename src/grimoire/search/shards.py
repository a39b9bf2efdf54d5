"""The texts as they are searched: which documents have a term how often, in shards, and what holds for all documents.

A score of lunr's depends on how many documents there are and how long they are: were scores written, each edit
would change all of them. So what is written are frequencies alone, as they are counted; ``static/search.js`` makes the
scores, and of the terms of one query a small index that lunr searches, which finds what it would in the whole. What the
scores of all documents depend on stands in one file.

An entry of a shard is ``[term, field, documents, field, documents…]``. Documents are numbers of `grimoire.search.slots`,
each as its distance from the one before; a number below zero behind it says that the term occurs more than once.

What grows with the site is bounded where it would be too much for a query. On a site of more than `MOST_EXACT`
documents no lengths are told, and each counts as of average length; of a term that thousands have, browsers are given
the documents in which it occurs most. The whole entry stands in a file of its own, for the next build to go on from.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec

from grimoire.digest import Digest, digest
from grimoire.search.cutting import LARGEST, cut, rank
from grimoire.search.documents import FIELDS, Analysis, Frequencies

_encode = msgspec.json.Encoder().encode

FOLDER = "search/"
COMMON = f"{FOLDER}index.json"
"""What holds for all documents, and where the shards begin."""

LENGTHS = f"{FOLDER}lengths.json"
"""How long the fields of words are in each document."""
TEX_LENGTHS = f"{FOLDER}lengths-tex.json"
"""How long the formulas of each document are."""
MOST_EXACT = 20_000
"""Documents of a site whose scores are lunr's to the last digit."""
HEAVY = 24_000
"""Bytes of an entry of which browsers are given a part: of a term that some 4,000 documents have. As sent, they are 6 kB."""
MOST_DOCUMENTS = 2_000
"""Documents of each field in such a part."""
_WHOLE = f"{FOLDER}whole/"

Postings = dict[str, bytes]
"""The entry of each term."""


def fields_of(analysis: Analysis) -> tuple[Frequencies, ...]:
    """Give the frequencies in the order of the fields."""
    return analysis.title, analysis.aliases, analysis.tags, analysis.body, analysis.tex


def postings(analyses: Mapping[int, Analysis]) -> Postings:
    """Give the entries of all terms, in the order in which JavaScript has strings.

    Args:
        analyses: by number of the document, ascending.
    """
    found: dict[str, list[list[int]]] = {}
    for slot, analysis in analyses.items():
        for field, frequencies in enumerate(fields_of(analysis)):
            for term, frequency in frequencies.items():
                lists = found.get(term)
                if lists is None:
                    lists = found[term] = [[], [], [], [], []]
                documents = lists[field]
                documents.append(slot)
                if frequency > 1:
                    documents.append(-frequency)
    return {term: entry(term, found[term]) for term in in_order(found)}


class Layout(msgspec.Struct, frozen=True, array_like=True):
    """What a build remembers of the index it wrote: all but the entries, which stand in the shards.

    Attributes:
        epoch: under which circumstances it was written.
        slots: the number of each document, ascending.
        keys: what tells the analysis of each document from any other.
        lengths: of each document, the lengths of its fields.
        terms: in their order.
        weights: the size of each term's entry.
        digests: of each file, by its path.
    """

    epoch: str
    slots: list[int]
    keys: list[Digest]
    lengths: list[tuple[int, ...]]
    terms: list[str]
    weights: list[int]
    digests: dict[str, Digest]


Range = tuple[str, int, int]
"""A shard: its path, and from which to which place in the list of terms it goes."""


def whole(
    analyses: Mapping[int, Analysis], keys: Sequence[Digest], epoch: str, largest: int = LARGEST
) -> tuple[Layout, dict[str, bytes]]:
    """Make the index from nothing.

    Args:
        analyses: by number of the document, ascending.
        keys: for each document, what tells its analysis from any other.
        epoch: under which circumstances it is made.
        largest: how many bytes a shard may have.

    Returns:
        What to remember, and the files by their paths.
    """
    entries = postings(analyses)
    terms, lines = list(entries), list(entries.values())
    weights = list(map(len, lines))
    lengths = list(map(lengths_of, analyses.values()))
    starts, ranges = cut_up(terms, weights, largest)
    files = common(starts, list(analyses), lengths)
    for path, first, last in ranges:
        files |= shards(path, lines[first:last], len(lengths))
    digests = {path: digest(content) for path, content in files.items()}
    return Layout(epoch, list(analyses), list(keys), lengths, terms, weights, digests), files


def cut_up(
    terms: Sequence[str], weights: Sequence[int], largest: int, folder: str = FOLDER
) -> tuple[list[str], list[Range]]:
    """Give the beginnings of all shards, of which the first is "", and the shards."""
    places = cut(weights, list(map(rank, terms)), largest)
    starts = ["", *(terms[place] for place in places[1:])] if terms else []
    paths = [f"{folder}{rank(start):08x}.json" for start in starts]
    ends = pairwise([*places, len(terms)])
    return starts, [(path, *range_) for path, range_ in zip(paths, ends, strict=True)]


def shards(path: str, lines: Sequence[bytes], documents: int) -> dict[str, bytes]:
    """Give the files of a shard: itself, and what `kept_in` names if that is another."""
    if is_heavy(list(map(len, lines)), documents):
        return {path: shard([_part(lines[0])]), kept_in(path): shard(lines)}
    return {path: shard(lines)}


def is_heavy(weights: Sequence[int], documents: int) -> bool:
    """Whether browsers are given a part of a shard alone; it is then one of a single entry."""
    return documents > MOST_EXACT and len(weights) == 1 and weights[0] > HEAVY


def kept_in(path: str) -> str:
    """Give where the whole of a heavy shard stands."""
    return _WHOLE + path.removeprefix(FOLDER)


def _part(line: bytes) -> bytes:
    """Give of an entry the documents in which the term occurs most, and behind -1 how many there are of all fields."""
    term, *lists = msgspec.json.decode(line)
    occurrences = 0
    found = [term]
    for field, documents in zip(lists[::2], lists[1::2], strict=True):
        counted: dict[int, int] = {}
        slot = 0
        for step in documents:
            if step < 0:
                counted[slot] = -step
            else:
                slot += step
                counted[slot] = 1
        occurrences += len(counted)
        most = sorted(counted, key=lambda slot: (-counted[slot], slot))[:MOST_DOCUMENTS]
        kept = ((slot, counted[slot]) for slot in sorted(most))
        found += (
            field,
            steps(number for slot, times in kept for number in ((slot, -times) if times > 1 else (slot,))),
        )
    return _encode([*found, -1, occurrences])


def shard(lines: Iterable[bytes]) -> bytes:
    """Give the content of a shard; `lines_of` takes it apart again."""
    return b"[" + b",\n".join(lines) + b"]\n"


def lines_of(content: bytes) -> list[bytes]:
    """Give the entries that a shard was made of."""
    return content[1:-2].split(b",\n")


def common(
    starts: Sequence[str], slots: Sequence[int], lengths: Sequence[tuple[int, ...]]
) -> dict[str, bytes]:
    """Give the files for all documents, by their paths."""
    columns = list(zip(*lengths, strict=True))
    is_told = len(slots) <= MOST_EXACT
    known = {"fields": FIELDS, "documents": len(slots), "totals": list(map(sum, columns)), "starts": starts}
    files = {COMMON: _encode({**known, "slots": steps(slots) if is_told else None})}
    if is_told:
        files |= {LENGTHS: _encode(columns[:-1]), TEX_LENGTHS: _encode(columns[-1:])}
    return files


def lengths_of(analysis: Analysis) -> tuple[int, ...]:
    """Give how many terms each field has."""
    return tuple(sum(field.values()) for field in fields_of(analysis))


def steps(numbers: Iterable[int]) -> list[int]:
    """Give ascending numbers as the first and the distance of each to the one before; what is below zero stays as it is."""
    last = 0
    found = []
    for number in numbers:
        if number < 0:
            found.append(number)
        else:
            found.append(number - last)
            last = number
    return found


def in_order(terms: Iterable[str]) -> list[str]:
    """Order terms as JavaScript compares strings: by code units, which lunr insists on."""
    return sorted(terms, key=lambda term: term.encode("utf-16-be"))


def entry(term: str, lists: Sequence[Sequence[int]]) -> bytes:
    """Give the entry of a term, from the numbers of the documents that have it in each field."""
    found: list[object] = [term]
    for field, documents in enumerate(lists):
        if documents:
            found += (field, steps(documents))
    return _encode(found)

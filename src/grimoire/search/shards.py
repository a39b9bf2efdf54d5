"""The texts as they are searched: which documents have a term how often, in shards, and what holds for all documents.

A score of lunr's depends on how many documents there are and how long they are: were scores written, each edit
would change all of them. So what is written are frequencies alone, as they are counted; ``static/search.js`` makes the
scores, and of the terms of one query a small index that lunr searches, which finds what it would in the whole. What the
scores of all documents depend on stands in one file.

An entry of a shard is ``[term, field, documents, field, documents…]``. Documents are numbers of `grimoire.search.slots`,
each as its distance from the one before; a number below zero behind it says that the term occurs more than once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from grimoire.search.cutting import LARGEST, cut, rank
from grimoire.search.documents import FIELDS, Analysis, Frequencies

_encode = msgspec.json.Encoder().encode

FOLDER = "search/"
COMMON = f"{FOLDER}index.json"
"""What holds for all documents, and where the shards begin."""

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
    return {term: _entry(term, found[term]) for term in in_order(found)}


def shards(
    entries: Postings, analyses: Mapping[int, Analysis], largest: int = LARGEST
) -> Iterator[tuple[str, bytes]]:
    """Give the files of the index, each with its path: one for all documents, and one for each shard."""
    terms = list(entries)
    lines = list(entries.values())
    places = cut([len(line) for line in lines], [rank(term) for term in terms], largest)
    starts = ["", *(terms[place] for place in places[1:])] if terms else []
    yield COMMON, _common(starts, analyses)
    for start, (first, last) in zip(starts, pairwise([*places, len(terms)]), strict=True):
        yield f"{FOLDER}{rank(start):08x}.json", b"[" + b",\n".join(lines[first:last]) + b"]\n"


def _common(starts: Sequence[str], analyses: Mapping[int, Analysis]) -> bytes:
    lengths = [[sum(field.values()) for field in fields_of(analysis)] for analysis in analyses.values()]
    return _encode(
        {
            "fields": FIELDS,
            "slots": steps(analyses),
            "lengths": list(zip(*lengths, strict=True)),
            "starts": starts,
        }
    )


def steps(numbers: Iterable[int]) -> list[int]:
    """Give ascending numbers as the first and the distance of each to the one before."""
    return [number - before for before, number in pairwise((0, *numbers))]


def in_order(terms: Iterable[str]) -> list[str]:
    """Order terms as JavaScript compares strings: by code units, which lunr insists on."""
    return sorted(terms, key=lambda term: term.encode("utf-16-be"))


def _entry(term: str, lists: Sequence[Sequence[int]]) -> bytes:
    entry: list[object] = [term]
    for field, documents in enumerate(lists):
        if documents:
            last = 0
            steps = []
            for number in documents:
                if number < 0:
                    steps.append(number)
                else:
                    steps.append(number - last)
                    last = number
            entry += (field, steps)
    return _encode(entry)

"""What may be made better in a glossary and is no fault of it: the findings of `grimoire check`.

Each is a note with a code and a place, as every diagnostic is. A build does not tell them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from grimoire.autolink import long_form, unlinked
from grimoire.diagnostics import Diagnostic, Place
from grimoire.glossary import Acronym, Glossary, LinkGraph, Node, Spot, Wanted, WordsUsed
from grimoire.model import Missing, Term
from grimoire.names import is_acronym_of
from grimoire.source import Span

_MOST_PLACES = 4
"""Further places that one note points at."""
_LONGEST_CIRCLE = 4
"""Entries; a longer circle is hardly met as one."""


def check(
    glossary: Glossary, graph: LinkGraph, spots: Sequence[Sequence[Spot]], words: Sequence[WordsUsed]
) -> list[Diagnostic]:
    """Look over a glossary.

    Args:
        glossary: all entries.
        graph: their links, those included that no author wrote.
        spots: the names spotted in each entry's text.
        words: the acronyms and the words of each entry's text.

    Returns:
        The findings, each kind apart, what is asked for most first: circular definitions, orphans, acronyms
        that are never expanded, mentions without a link, wanted terms.
    """
    nodes = glossary.nodes
    return [
        *_circles(nodes, graph),
        *_orphans(nodes, graph),
        *_acronyms(nodes, words),
        *_mentions(nodes, graph, spots),
        *_wanted(nodes, graph),
    ]


# ---------------------------------------------------------------- circular definitions


def _circles(nodes: Sequence[Node], graph: LinkGraph) -> Iterator[Diagnostic]:
    """Terms each of which is defined by the next, and the last by the first."""
    defined_by = [
        {} if graph.redirects[index] is not None else _defined_by(index, node.term, graph)
        for index, node in enumerate(nodes)
    ]
    for index in range(len(nodes)):
        circle = _circle(index, defined_by)
        if not circle:
            continue
        steps = list(zip(circle, (*circle[1:], circle[0]), strict=True))
        titles = [f"`{nodes[one].term.title}`" for one in (*circle, circle[0])]
        told = [f"{one} by {other}" for one, other in pairwise(titles[1:])]
        first, *others = (
            Place(nodes[one].term.path, defined_by[one][other], f"defines `{nodes[one].term.title}`")
            for one, other in steps
        )
        yield Diagnostic(
            "circular-definition", first.path, first.span,
            f"{titles[0]} is defined by {titles[1]}, {', '.join(told)}",
            why="who does not know one of them learns none",
            help="define one of them without the others",
            related=tuple(others),
        )  # fmt: skip


def _defined_by(index: int, term: Term, graph: LinkGraph) -> dict[int, Span]:
    """The terms that the first sentence of an entry links to, each with the place of the link."""
    found: dict[int, Span] = {}
    for number in term.lead.links if term.kind == "term" else ():
        reference, target = term.references[number], graph.targets[index][number]
        sentence = reference.excerpt.text
        is_first = sentence in term.summary.text or term.lead.text.startswith(sentence)
        if target is not None and target != index and is_first and reference.role == "mention":
            found.setdefault(target, reference.span)
    return found


def _circle(start: int, defined_by: Sequence[dict[int, Span]]) -> list[int]:
    """The shortest circle of definitions through an entry that has none before it; [] if there is none."""
    paths = [[start]]
    seen = {start}
    for _ in range(_LONGEST_CIRCLE):
        longer = []
        for path in paths:
            for other in defined_by[path[-1]]:
                if other == start and len(path) > 1:
                    return path
                if other > start and other not in seen:
                    seen.add(other)
                    longer.append([*path, other])
        paths = longer
    return []


# ---------------------------------------------------------------- orphans


def _orphans(nodes: Sequence[Node], graph: LinkGraph) -> Iterator[Diagnostic]:
    """Terms that no other entry leads to; those of one file are on the page of the file."""
    if sum(node.term.kind == "term" for node in nodes) < 2:
        return
    documents = {node.term.path for node in nodes if node.term.kind == "document"}
    related = {
        target
        for index, row in enumerate(graph.relations)
        for _, target in row
        if target is not None and target != index
    }
    for index, node in enumerate(nodes):
        term = node.term
        if term.kind != "term" or term.path in documents or index in related or graph.backlinks[index]:
            continue
        yield Diagnostic(
            "orphan-term", term.path, term.span, f"no entry leads to `{term.title}`",
            why="it is found by the index and the search alone",
            help="link to it where it is of use, or name it in `related:` of another",
        )  # fmt: skip


# ---------------------------------------------------------------- acronyms


class _Use(NamedTuple):
    """An acronym in the text of an entry."""

    node: int
    acronym: Acronym


def _acronyms(nodes: Sequence[Node], words: Sequence[WordsUsed]) -> list[Diagnostic]:
    """Acronyms that neither a text nor the names of a term explain."""
    uses: dict[str, list[_Use]] = {}
    explained: set[str] = set()
    small: set[str] = set()
    for index, row in enumerate(words):
        small |= row.small
        for one in row.acronyms:
            uses.setdefault(one.written, []).append(_Use(index, one))
            if one.is_expanded:
                explained.add(one.written)
    for node in nodes:
        explained |= _explained_by(node.term)
    found = [
        _unexpanded(written, rows, nodes)
        for written, rows in uses.items()
        if written not in explained and written.lower() not in small
    ]
    return [fault for _, fault in sorted(found, key=lambda one: -one[0])]


def _explained_by(term: Term) -> set[str]:
    """The names of a term for which another of its names is the long form."""
    names = (term.title, *(alias.name for alias in term.aliases))
    found = {short for short in names if any(is_acronym_of(short, long) for long in names if long != short)}
    if long_form(term):
        found.add(term.abbreviation)
    return {part for short in found for part in (short, *short.split("-"))}


def _unexpanded(written: str, rows: Sequence[_Use], nodes: Sequence[Node]) -> tuple[int, Diagnostic]:
    times = sum(use.acronym.count for use in rows)
    first, *others = (
        Place(nodes[use.node].term.path, use.acronym.span, "and here") for use in rows[: _MOST_PLACES + 1]
    )
    return times, Diagnostic(
        "unexpanded-acronym", first.path, first.span, f"`{written}` is used {_times(times)} and never expanded",
        why="who does not know it cannot look it up",
        help=f"write `Long Form ({written})` where it is first used, give a term both names, "
        f"or add a line `*[{written}]: long form`",
        related=tuple(others),
    )  # fmt: skip


# ---------------------------------------------------------------- mentions


def _mentions(nodes: Sequence[Node], graph: LinkGraph, spots: Sequence[Sequence[Spot]]) -> list[Diagnostic]:
    """Terms that entries name and do not link to, the most named first."""
    times: Counter[int] = Counter()
    places: dict[int, list[Place]] = {}
    for index, row in enumerate(spots):
        term = nodes[index].term
        if term.auto_link in {"false", "name"}:
            continue
        chosen = {row[place].named.node: row[place] for place in unlinked(index, row, graph)}
        for one in row:
            if not one.is_linked and one.named.node in chosen:
                times[one.named.node] += one.count
        for target, one in chosen.items():
            places.setdefault(target, []).append(Place(term.path, one.span, "and here"))
    return [
        Diagnostic(
            "unlinked-mention", first.path, first.span,
            f"`{nodes[target].term.title}` is named {_times(number)} in {_entries(len(others) + 1)} without a link to it",
            why="a link lets the reader look it up, and tells the term who uses it",
            help="link its first mention, or set `auto_link: first` in site.yaml",
            related=tuple(others[:_MOST_PLACES]),
        )
        for target, number in times.most_common()
        for first, *others in (places[target],)
    ]  # fmt: skip


# ---------------------------------------------------------------- wanted terms


def _wanted(nodes: Sequence[Node], graph: LinkGraph) -> Iterator[Diagnostic]:
    """Names that are asked for and not written, the most asked for first."""
    for wanted in graph.wanted:
        asking = list(dict.fromkeys(index for index, _ in wanted.asked))
        first, *others = (
            Place(nodes[index].term.path, _asks(index, number, wanted, nodes, graph), "and here")
            for index, number in wanted.asked[: _MOST_PLACES + 1]
        )
        yield Diagnostic(
            "wanted-term", first.path, first.span,
            f"`{wanted.name}` is wanted {_times(len(wanted.asked))} by {_entries(len(asking))}",
            why="no entry has this name",
            help=f'write it: `grimoire new "{wanted.name}"`, or give an entry this name',
            related=tuple(others),
        )  # fmt: skip


def _asks(index: int, number: int, wanted: Wanted, nodes: Sequence[Node], graph: LinkGraph) -> Span:
    """Where an entry asks for a name: in its text, or in a relation."""
    term = nodes[index].term
    if number >= 0:
        return term.references[number].span
    relations = zip(term.relations, graph.relations[index], strict=True)
    return next(
        one.span for one, (link, _) in relations if isinstance(link, Missing) and link.anchor == wanted.anchor
    )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _entries(number: int) -> str:
    return f"{number} {'entry' if number == 1 else 'entries'}"

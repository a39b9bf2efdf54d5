"""The glossary as a whole and its link graph: what `resolve` makes and `compose` reads."""

import msgspec

from grimoire.model import Card, Link, Term, Transclusion
from grimoire.names import Anchor, Slug, Url

DEEPEST_TRANSCLUSION = 5
"""How deep entries are embedded in entries; beyond that the link alone is shown."""


Embedding = tuple[int, Anchor]
"""An entry that is embedded, by its node, or the part of it with this anchor; "" is the whole."""


def uses_inside(term: Term, anchor: Anchor) -> tuple[Transclusion, ...]:
    """Give the transclusions inside an entry, or inside the part of it with this anchor."""
    for passage in term.passages:
        if anchor and passage.anchor == anchor:
            return term.transclusions[slice(*passage.transclusions)]
    return term.transclusions


class Node(msgspec.Struct, frozen=True):
    """An entry with its place in the site."""

    term: Term
    slug: Slug
    url: Url
    card: Card


class Homonym(msgspec.Struct, frozen=True):
    """A name that several entries bear, with the address of the page that lists them."""

    name: str
    url: Url
    nodes: tuple[int, ...]


class Wanted(msgspec.Struct, frozen=True):
    """A name that is asked for and not written.

    `asked` holds pairs of node and reference; the reference is -1 where a relation asks.
    """

    name: str
    anchor: Anchor
    asked: tuple[tuple[int, int], ...]


class Glossary(msgspec.Struct, frozen=True):
    """All entries in the order of their files, and the names that are not unique."""

    nodes: tuple[Node, ...]
    homonyms: tuple[Homonym, ...]


class LinkGraph(msgspec.Struct, frozen=True):
    """Who refers to whom. Rows run parallel to `Glossary.nodes`.

    `links` and `targets` are per reference of the entry (a target is a node's index or None),
    `relations` per relation, `backlinks` per entry the pairs of node and reference that lead to it.
    `files` has, per image of the entry, the path of the file below the content folder or "".
    """

    links: tuple[tuple[Link, ...], ...]
    targets: tuple[tuple[int | None, ...], ...]
    relations: tuple[tuple[tuple[Link, int | None], ...], ...]
    redirects: tuple[int | None, ...]
    backlinks: tuple[tuple[tuple[int, int], ...], ...]
    wanted: tuple[Wanted, ...]
    files: tuple[tuple[str, ...], ...]

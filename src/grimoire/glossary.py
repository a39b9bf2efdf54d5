"""The glossary as a whole and its link graph: what `resolve` makes and `compose` reads."""

from typing import NamedTuple

import msgspec

from grimoire.digest import Digest
from grimoire.model import Card, Citing, Fragment, Insert, Link, Passage, Term
from grimoire.names import Anchor, Slug, Url
from grimoire.source import Span


def embeds_inside(term: Term, part: Passage | None) -> list[int]:
    """Give the numbers of the transclusions inside an entry, or inside a part of it, in the order of the page."""
    return [int(slot[1:]) for slot in (part.slots if part else term.order) if slot[0] == "t"]


class Nest(msgspec.Struct, frozen=True):
    """An entry inside another: its node, the part of it that is shown, and what it embeds in turn.

    `part` is None for the whole. `inner` is by the numbers of its transclusions; one that is left out shows a
    link.
    """

    node: int
    part: Passage | None
    inner: dict[int, "Nest"]


class Node(msgspec.Struct, frozen=True):
    """An entry with its place in the site."""

    term: Term
    slug: Slug
    url: Url
    card: Card


def source_url(node: Node) -> Url:
    """Give the address of an entry's own part of its file: ``index.md`` beside its page, or ``index.tex``."""
    suffix = node.term.path.rpartition(".")[2].lower()
    return Url(f"{node.url}index.{suffix if suffix in {'bib', 'tex'} else 'md'}")


class WorkSource(msgspec.Struct, frozen=True):
    """A work as its bibliography has it: its source, what that is written in, and where the work is to be had."""

    key: str
    title: str
    form: str
    source: str
    addresses: tuple[str, ...]


class Citations(msgspec.Struct, frozen=True):
    """What the entries cite. `rows` run parallel to `Glossary.nodes`, and each to the entry's own citations.

    `style` is the digest of the style and of what sets it, `sources` has every work that is cited. Where nothing
    is, all are empty.
    """

    rows: tuple[tuple[Citing, ...], ...] = ()
    style: Digest = Digest(b"")
    sources: dict[Digest, WorkSource] = {}


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


class Named(NamedTuple):
    """What a name in running text stands for: an entry, by its node, and whether the name is its abbreviation."""

    node: int
    is_abbreviation: bool


class Spot(msgspec.Struct, frozen=True):
    """Where an entry is first named in another's text without a link, or within one: `is_linked`.

    `start` and `end` are characters of the body's HTML; `count` is how often it is named so in all.
    """

    named: Named
    is_linked: bool
    start: int
    end: int
    label: str
    span: Span
    count: int
    excerpt: Fragment


class Acronym(msgspec.Struct, frozen=True):
    """A word in capitals that a text uses: where first, how often, and whether it says what it stands for."""

    written: str
    span: Span
    count: int
    is_expanded: bool


class WordsUsed(msgspec.Struct, frozen=True):
    """The acronyms of a text, and its words in small letters, which tell an acronym from a word that shouts."""

    acronyms: tuple[Acronym, ...] = ()
    small: frozenset[str] = frozenset()


class Glossary(msgspec.Struct, frozen=True):
    """All entries in the order of their files, and the names that are not unique."""

    nodes: tuple[Node, ...]
    homonyms: tuple[Homonym, ...]


class LinkGraph(msgspec.Struct, frozen=True):
    """Who refers to whom. Rows run parallel to `Glossary.nodes`.

    `links` and `targets` are per reference of the entry (a target is a node's index or None),
    `relations` per relation, `backlinks` per entry the pairs of node and reference that lead to it.
    `files` has, per image of the entry, the path of the file below the content folder or "". `nests` has, per
    entry, what its transclusions show, as `Nest.inner` does.
    `inserts` has, per entry, the names in its body that became links or abbreviations by themselves; no rows
    at all where none was looked for.
    """

    links: tuple[tuple[Link, ...], ...]
    targets: tuple[tuple[int | None, ...], ...]
    relations: tuple[tuple[tuple[Link, int | None], ...], ...]
    redirects: tuple[int | None, ...]
    backlinks: tuple[tuple[tuple[int, int], ...], ...]
    wanted: tuple[Wanted, ...]
    files: tuple[tuple[str, ...], ...]
    nests: tuple[dict[int, Nest], ...]
    inserts: tuple[tuple[Insert, ...], ...] = ()

"""`glossary.json`, every record with its relations, and `graph.json`, the link graph alone."""

import msgspec

from grimoire.config import Settings
from grimoire.glossary import Citations, Glossary, LinkGraph
from grimoire.model import Ambiguous, Found, Link, Missing
from grimoire.names import Slug, Url


class LinkOut(msgspec.Struct, frozen=True):
    """A link of an entry: `to` is a slug for terms, else a path; `kind` says what it leads to.

    An ``auto`` link leads to a term whose name the author did not mark.
    """

    kind: str
    to: str
    label: str
    anchor: str = ""


class RelationOut(msgspec.Struct, frozen=True):
    """A relation of an entry to another, with its reason."""

    kind: str
    to: str
    reason: str = ""


class VideoOut(msgspec.Struct, frozen=True):
    """A video an entry cites."""

    url: str


class CiteOut(msgspec.Struct, frozen=True):
    """A work an entry cites, and where in it."""

    key: str
    mode: str
    label: str = ""
    locator: str = ""


class Record(msgspec.Struct, frozen=True):
    """One entry as other programs see it. `source` is its file below the content folder."""

    slug: str
    kind: str
    url: str
    title: str
    aliases: tuple[str, ...]
    abbreviation: str
    summary: str
    tags: tuple[str, ...]
    relations: tuple[RelationOut, ...]
    links: tuple[LinkOut, ...]
    backlinks: tuple[str, ...]
    citations: tuple[CiteOut, ...]
    videos: tuple[VideoOut, ...]
    formulas: tuple[str, ...]
    source: str
    redirect: str
    author: str
    created: str
    modified: str
    status: str
    language: str


def glossary_json(glossary: Glossary, graph: LinkGraph, citations: Citations, settings: Settings) -> bytes:
    """All entries but the home text, in the order of their files."""
    nodes = glossary.nodes
    names = {node.url: node.slug for node in nodes}
    rows = citations.rows or ((),) * len(nodes)
    records = []
    for index, node in enumerate(nodes):
        term = node.term
        if term.kind == "home":
            continue
        redirect = graph.redirects[index]
        records.append(
            Record(
                slug=node.slug,
                kind=term.kind,
                url=node.url,
                title=term.title,
                aliases=tuple(alias.name for alias in term.aliases),
                abbreviation=term.abbreviation,
                summary=term.summary.text,
                tags=term.tags,
                relations=tuple(
                    RelationOut(reference.role, nodes[target].slug, reference.reason)
                    for reference, (_, target) in zip(term.relations, graph.relations[index], strict=True)
                    if target is not None
                ),
                links=tuple(
                    out
                    for link, reference in zip(graph.links[index], term.references, strict=True)
                    if (out := _link(link, reference.label, names))
                ),
                backlinks=tuple(
                    dict.fromkeys(
                        nodes[source].slug
                        for source, _ in graph.backlinks[index]
                        if nodes[source].term.kind != "home"
                    )
                ),
                citations=tuple(
                    CiteOut(cite.key, cite.mode, cite.label, cite.locator)
                    for citation, citing in zip(term.citations, rows[index], strict=bool(citations.rows))
                    for cite in citation.cluster.cites
                    if any(cite.key == work.key for work in citing.works)
                ),
                videos=tuple(VideoOut(video.url) for video in term.videos if video.url),
                formulas=tuple(formula.tex for formula in term.formulas),
                source=term.path,
                redirect="" if redirect is None else nodes[redirect].slug,
                author=term.author,
                created=term.created,
                modified=term.modified,
                status=term.status,
                language=term.lang or settings.language,
            )
        )
    document = {
        "title": settings.title,
        "description": settings.description,
        "language": settings.language,
        "license": settings.license,
        "terms": records,
    }
    return msgspec.json.encode(document) + b"\n"


def _link(link: Link, label: str, names: dict[Url, Slug]) -> LinkOut | None:
    match link:
        case Found():
            kind = "auto" if link.is_auto else "term" if link.is_term else "page"
            return LinkOut(kind, names.get(link.url, link.url), label, link.anchor)
        case Ambiguous():
            return LinkOut("ambiguous", link.name, label)
        case Missing():
            return LinkOut("missing", link.name, label)
        case _:
            return None


def graph_json(glossary: Glossary, graph: LinkGraph) -> bytes:
    """The graph: nodes with slug, title, address and kind; edges as pairs of node numbers."""
    nodes = glossary.nodes
    numbers: dict[int, int] = {}
    rows: list[dict[str, str]] = []
    for index, node in enumerate(nodes):
        if node.term.kind != "home":
            numbers[index] = len(rows)
            rows.append(
                {"slug": node.slug, "title": node.term.title, "url": node.url, "kind": node.term.kind}
            )
    edges = sorted(
        {
            (numbers[index], numbers[target])
            for index, row in enumerate(graph.targets)
            for target in row
            if target is not None and target != index and index in numbers and target in numbers
        }
    )
    return msgspec.json.encode({"nodes": rows, "edges": edges}) + b"\n"

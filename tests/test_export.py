"""The glossary for other programs: its records, its graph, the sitemap and the headers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from grimoire.compose import compose
from grimoire.config import Settings
from grimoire.export import glossary_json, graph_json, headers, hosting, sitemaps
from grimoire.export.hosting import CONTENT_SECURITY_POLICY
from grimoire.glossary import Citations
from grimoire.parse import Dialect, parse
from grimoire.resolve import resolve
from grimoire.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grimoire.glossary import Glossary, LinkGraph
    from grimoire.model import Term

SITE = {
    "index.md": "Begin at the [[ring]].\n",
    "ring.md": (
        "---\ntitle: Ring\naliases: [anneau]\nabbreviation: Rg\ntags: [sets, algebra]\nauthor: A. Writer\n"
        "created: 2024-01-02\nmodified: 2024-03-04T05:06:07+02:00\nstatus: draft of a draft\nlang: fr\n"
        "related:\n  - Field: with division\n  - nothing here\n"
        "---\n\nA set $R$ with two operations. See [[field#Use|its use]], [[MI]], [[gruop]], [[about]], [0].\n\n"
        "$$\nR \\times R \\to R\n$$\n\nWatch [yt](https://youtu.be/abc?t=3) and [yt].\n"
    ),
    "field.md": "# Field\n\nA [ring], a [[Ring]] with division; [[Field]].\n\n## Use\n\nx\n",
    "info.md": "# Mutual information (MI)\n\nBits in common, more or less.\n",
    "interp.md": "# Mechanistic interpretability (MI)\n\nSee [field].\n",
    "notes/about.md": "# About\n\nOn [[Ring]] <b>and</b> more.\n",
    "short.md": "# Körper\n\nSee [field].\n",
}


def resolved(files: Mapping[str, str]) -> tuple[Glossary, LinkGraph]:
    terms: list[Term] = []
    for path in sorted(files):
        terms += parse(Source(path, files[path]), Dialect())[0].terms
    glossary, graph, _ = resolve(terms, ())
    return glossary, graph


@pytest.fixture(scope="module")
def records() -> dict[str, Any]:
    settings = Settings(title="Rings", description="Of rings.", license="MIT")
    return dict(json.loads(glossary_json(*resolved(SITE), Citations(), settings)))


def record(records: dict[str, Any], slug: str) -> dict[str, Any]:
    return next(one for one in records["terms"] if one["slug"] == slug)


def test_the_glossary_says_what_it_is(records: dict[str, Any]) -> None:
    assert {name: value for name, value in records.items() if name != "terms"} == {
        "title": "Rings",
        "description": "Of rings.",
        "language": "en",
        "license": "MIT",
    }


def test_every_entry_but_the_home_text_has_a_record_in_the_order_of_the_files(
    records: dict[str, Any],
) -> None:
    assert [(one["source"], one["kind"]) for one in records["terms"]] == [
        ("field.md", "term"),
        ("info.md", "term"),
        ("interp.md", "term"),
        ("notes/about.md", "note"),
        ("ring.md", "term"),
        ("short.md", "term"),
    ]


def test_a_record_holds_all_that_is_known_of_an_entry(records: dict[str, Any]) -> None:
    assert record(records, "ring") == {
        "slug": "ring",
        "kind": "term",
        "url": "terms/ring/",
        "title": "Ring",
        "aliases": ["anneau", "Rg"],
        "abbreviation": "Rg",
        "summary": "A set R with two operations.",
        "tags": ["sets", "algebra"],
        "relations": [{"kind": "related", "to": "field", "reason": "with division"}],
        "links": [
            {"kind": "term", "to": "field", "label": "its use", "anchor": "use"},
            {"kind": "ambiguous", "to": "MI", "label": "MI", "anchor": ""},
            {"kind": "missing", "to": "gruop", "label": "gruop", "anchor": ""},
            {"kind": "page", "to": "notes/about", "label": "about", "anchor": ""},
        ],
        "backlinks": ["field", "notes/about"],
        "citations": [],
        "videos": [{"url": "https://youtu.be/abc?t=3"}],
        "formulas": ["R", "R \\times R \\to R"],
        "source": "ring.md",
        "redirect": "",
        "author": "A. Writer",
        "created": "2024-01-02",
        "modified": "2024-03-04T05:06:07+02:00",
        "status": "draft of a draft",
        "language": "fr",
    }


def test_an_entry_that_points_to_another_says_so(records: dict[str, Any]) -> None:
    assert record(records, "korper")["redirect"] == "field"
    assert record(records, "mechanistic-interpretability-mi")["redirect"] == "field"
    assert record(records, "field")["redirect"] == ""
    assert record(records, "field")["language"] == "en"


def test_the_graph_has_each_edge_once_and_none_to_itself() -> None:
    graph = json.loads(graph_json(*resolved(SITE)))
    slugs = [node["slug"] for node in graph["nodes"]]
    assert slugs == [
        "field",
        "mutual-information-mi",
        "mechanistic-interpretability-mi",
        "notes/about",
        "ring",
        "korper",
    ]
    assert graph["nodes"][3] == {
        "slug": "notes/about",
        "title": "About",
        "url": "notes/about/",
        "kind": "note",
    }
    assert sorted((slugs[a], slugs[b]) for a, b in graph["edges"]) == [
        ("field", "ring"),
        ("korper", "field"),
        ("mechanistic-interpretability-mi", "field"),
        ("notes/about", "ring"),
        ("ring", "field"),
        ("ring", "notes/about"),
    ]
    assert graph["edges"] == sorted(graph["edges"])


def test_a_glossary_of_nothing_is_still_a_glossary() -> None:
    empty = resolved({})
    assert json.loads(glossary_json(*empty, Citations(), Settings()))["terms"] == []
    assert json.loads(graph_json(*empty)) == {"nodes": [], "edges": []}


def test_the_sitemap_names_what_is_to_be_found() -> None:
    _, pages = compose(*resolved(SITE), Citations(), Settings(), {}, {})
    root = ET.fromstring(dict(sitemaps([("", pages)], "https://example.org/r&d/"))["sitemap.xml"])  # noqa: S314  our own output
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    rows = {
        row.findtext("s:loc", namespaces=space): row.findtext("s:lastmod", namespaces=space)
        for row in root.findall("s:url", space)
    }
    base = "https://example.org/r&d/"
    assert rows == {
        base: None,
        f"{base}notes/about/": None,
        f"{base}references/": None,
        f"{base}terms/field/": None,
        f"{base}terms/korper/": None,
        f"{base}terms/mechanistic-interpretability-mi/": None,
        f"{base}terms/mutual-information-mi/": None,
        f"{base}terms/ring/": "2024-03-04T05:06:07+02:00",
        f"{base}topics/": None,
        f"{base}graph/": None,
        f"{base}changes/": None,
        f"{base}topics/algebra/": None,
        f"{base}topics/sets/": None,
        f"{base}videos/": None,
        f"{base}wanted/": None,
    }


def test_addresses_of_the_sitemap_are_ascii() -> None:
    _, pages = compose(*resolved({"1.md": "# 環\n"}), Citations(), Settings(), {}, {})
    (_, content), *others = sitemaps([("", pages)], "https://example.org/")
    assert b"<loc>https://example.org/terms/%E7%92%B0/</loc>" in content
    assert others == []


def test_a_long_sitemap_comes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    _, pages = compose(*resolved(SITE), Citations(), Settings(), {}, {})
    (_, whole), *_ = sitemaps([("", pages)], "https://example.org/r&d/")
    monkeypatch.setattr(hosting, "MOST_ROWS", 6)
    (name, index), *parts = sitemaps([("", pages)], "https://example.org/r&d/")
    assert name == "sitemap.xml"
    assert re.findall(rb"<loc>([^<]*)</loc>", index) == [
        b"https://example.org/r&amp;d/" + part.encode() for part, _ in parts
    ]
    rows = [row for _, content in parts for row in re.findall(rb"<url>.*</url>", content)]
    assert rows == re.findall(rb"<url>.*</url>", whole)
    assert [len(re.findall(rb"<url>", content)) for _, content in parts] == [6, 6, 3]


def test_the_policy_forbids_whatever_is_not_the_site_s_own() -> None:
    text = headers().decode()
    assert f"  Content-Security-Policy: {CONTENT_SECURITY_POLICY}\n" in text
    directives = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert directives["default-src"] == "'self'"
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert not re.search(r"https?:|\*", CONTENT_SECURITY_POLICY)
    places = [line for line in text.splitlines() if not line.startswith(" ")]
    assert places[0] == "/*"
    assert all(place.startswith("/") for place in places)


def test_players_are_allowed_and_nothing_else() -> None:
    policy = next(line for line in headers(with_players=True).decode().splitlines() if "Policy" in line)
    own, _, players = policy.partition("; frame-src ")
    assert own == f"  Content-Security-Policy: {CONTENT_SECURITY_POLICY}"
    assert players == "https://www.youtube-nocookie.com https://player.vimeo.com"

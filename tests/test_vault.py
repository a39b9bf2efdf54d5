"""A vault as its owner keeps it: each of its links against a list made by reading, not by running.

`tests/sites/vault/links.txt` says of every link where it stands, how it is written and where it leads;
`faults.txt` says what is wrong. Neither is ever written anew by a program. What the site looks like is held
with the other sites.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin

import pytest

from grimoire.model import Ambiguous, Found, Link, Missing
from grimoire.parse import Dialect, parse
from grimoire.read import read
from grimoire.resolve import resolve
from grimoire.source import Span, position

if TYPE_CHECKING:
    from tests.conftest import SiteFolder

    from grimoire.glossary import Node

VAULT = Path(__file__).parent / "sites" / "vault"


class Row(NamedTuple):
    """One link: the place and the text of the source, and what it leads to."""

    path: str
    line: int
    written: str
    target: str


def expected_links() -> list[Row]:
    rows: list[Row] = []
    path = ""
    for line in (VAULT / "links.txt").read_text("utf-8").splitlines():
        if re.fullmatch(r"\S.*\.md", line):
            path = line
        elif line.startswith("  "):
            number, written, target = re.split(r" {2,}", line.strip())
            rows.append(Row(path, int(number), written, target))
    return rows


def led_to(link: Link) -> str:
    match link:
        case Found(url, anchor):
            return (f"{url}#{anchor}" if anchor else url) or "(home)"
        case Ambiguous(url):
            return f"ambiguous {url}"
        case Missing():
            return "missing"
        case _:
            return "plain"


class Read(NamedTuple):
    """The vault, parsed and resolved as a build does, without its pages."""

    nodes: tuple[Node, ...]
    rows: list[Row]


@pytest.fixture(scope="module")
def vault() -> Read:
    content, faults = read(VAULT / "content")
    assert faults == []
    texts = {source.path: source.text for source in content.sources}
    terms = [term for one in content.sources for term in parse(one, Dialect())[0].terms if not term.is_draft]
    glossary, graph, _ = resolve(terms, content.files)
    found: list[tuple[str, int, Row]] = []

    def add(path: str, span: Span, target: str) -> None:
        written = texts[path][span.start : span.end].strip('"')
        found.append((path, span.start, Row(path, position(texts[path], span.start)[0], written, target)))

    for index, node in enumerate(glossary.nodes):
        term = node.term
        for reference, link in zip(term.references, graph.links[index], strict=True):
            add(term.path, reference.span, led_to(link))
        for reference, (link, _) in zip(term.relations, graph.relations[index], strict=True):
            add(term.path, reference.span, led_to(link))
        for image, path in zip(term.images, graph.files[index], strict=True):
            add(term.path, image.span, f"file {path}" if path else "no file")
    return Read(glossary.nodes, [row for _, _, row in sorted(found)])


@pytest.fixture
def built(site: SiteFolder) -> SiteFolder:
    shutil.copytree(VAULT / "content", site.content, dirs_exist_ok=True)
    return site


def test_every_link_leads_where_a_reader_expects(vault: Read) -> None:
    expected = [row for row in expected_links() if "://" not in row.target]
    assert vault.rows == expected


def test_every_link_stands_on_the_page_of_its_entry(vault: Read, built: SiteFolder) -> None:
    built.build()
    lacking = []
    for node in vault.nodes:
        page = built.page(f"{node.url}index.html")
        article = page[page.index("<main") : page.index("</main>")]
        hrefs = [
            urljoin(f"/{node.url}", unescape(one)) for one in re.findall(r'(?:href|src)="([^"]+)"', article)
        ]
        there = Counter(re.sub(r"^(/media/.+?)\.[0-9a-f]{10}(?=\.\w+)", r"\1", unquote(one)) for one in hrefs)
        wanted = re.findall(r'<a class="u"[^>]*>', article)
        for row in (row for row in expected_links() if row.path == node.term.path):
            kind, _, target = (
                row.target.rpartition(" ")
                if row.target.startswith(("ambiguous", "file"))
                else ("", "", row.target)
            )
            if row.target.startswith("file "):
                stem, _, suffix = row.target.rpartition("/")[2].rpartition(".")
                page_of = re.search(r"#page=\d+", row.written)
                address = f"/media/{stem.replace(' ', '-')}.{suffix}{page_of[0] if page_of else ''}"
            elif row.target == "missing":
                address = "missing"
                there[address] += bool(wanted and wanted.pop())
            elif row.target == "plain":
                address = row.written
                there[address] += row.written in article
            elif "://" in row.target:
                address = unquote(row.target)
            else:
                address = "/" + target.replace("(home)", "")
            there[address] -= 1
            if there[address] < 0:
                lacking.append((row, kind))
    assert lacking == []


def test_what_is_wrong_is_what_a_reader_finds_wrong(built: SiteFolder) -> None:
    expected = [
        tuple(re.split(r" {2,}", line)[:2])
        for line in (VAULT / "faults.txt").read_text("utf-8").splitlines()
        if ".md:" in line
    ]
    result = built.build()
    found = []
    for one in result.diagnostics:
        assert one.span is not None
        line, _ = position(result.texts[one.path], one.span.start)
        found.append((f"{one.path.removeprefix('content/')}:{line}", one.code))
    assert sorted(found) == sorted(expected)


def test_nothing_hidden_or_unfinished_is_published(built: SiteFolder) -> None:
    built.build()
    assert [one for one in built.files() if "attention" in one or "canvas" in one or "obsidian" in one] == []
    text = "".join(built.page(one) for one in built.files() if one.endswith((".html", ".json")))
    assert "Thrown away" not in text
    assert "Nowhere" not in text
    assert "attention/" not in text
    assert built.build(drafts=True).terms == built.build().terms + 1

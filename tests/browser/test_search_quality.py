"""What readers type, and what they mean by it: the whole search in a browser, names and texts together.

The table is in `tests/search/`: of all its queries, 98 in 100 must have the term that is meant first, and all
among the first three.
"""

from __future__ import annotations

import tomllib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grimoire.building import Options, build
from grimoire.names import slugify
from grimoire.search import names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from tests.browser.conftest import Host

pytestmark = pytest.mark.browser

HERE = Path(__file__).parents[1] / "search"
TABLES = [tomllib.loads((HERE / name).read_text("utf-8")) for name in ("names.toml", "texts.toml")]
QUERIES = {query: title for table in TABLES for query, title in table["queries"].items()}
FIRST, AMONG = 0.98, 3

ASK = """async queries => {
  const field = document.querySelector('#q'), place = document.querySelector('[data-search]'), found = []
  const pause = time => new Promise(done => setTimeout(done, time))
  const titles = () => [...place.querySelectorAll('.hits b')].slice(0, 3).map(one => one.textContent)
  for (const query of queries) {
    field.value = query
    field.dispatchEvent(new Event('input', { bubbles: true }))
    // The texts answer after a pause for typing; then the list stays as it is.
    let before, same = 0
    await pause(150)
    while (same < 10) { const now = JSON.stringify(titles()); same = now === before ? same + 1 : 0; before = now; await pause(20) }
    found.push(titles())
  }
  return found
}"""


@pytest.fixture(scope="module", params=["small", "large"])
def address(
    host: Host, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A site of all terms of both tables, its names fetched whole, and cut up as those of a large one are."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "large":
            patch.setattr("grimoire.search.names", partial(names, whole=0))
        yield publish(host, tmp_path_factory, f"/search-{request.param}/")


def publish(host: Host, tmp_path_factory: pytest.TempPathFactory, base: str) -> str:
    folder = tmp_path_factory.mktemp("search") / "site"
    content = folder / "content"
    content.mkdir(parents=True)
    for table in TABLES:
        for term in table["term"]:
            slug = term.get("slug") or slugify(term["title"])
            fields = [
                f"title: {term['title']!r}" if "'" not in term["title"] else f'title: "{term["title"]}"'
            ]
            fields += [f"id: {slug}", f"aliases: {term.get('aliases', [])}"]
            fields += [f"abbreviation: {term['abbreviation']}"] if "abbreviation" in term else []
            text = f"---\n{chr(10).join(fields)}\n---\n{term['summary']}\n\n{term.get('body', '')}\n"
            (content / f"{slug}.md").write_text(text, "utf-8")
    built = build(Options(folder))
    assert [one.message for one in built.diagnostics if one.severity == "error"] == []
    host.add(base, folder / "public")
    return f"http://127.0.0.1:{host.server_port}{base}"


def test_the_table_is_long() -> None:
    assert len(QUERIES) >= 150


def test_what_is_meant_comes_first(browser: Browser, address: str) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{address}search/?q=entropy")
    page.locator(".hits b").first.wait_for()
    found = dict(zip(QUERIES, page.evaluate(ASK, list(QUERIES)), strict=True))
    page.close()
    assert faults == []
    lower = {query: titles for query, titles in found.items() if titles[:1] != [QUERIES[query]]}
    absent = {query: titles for query, titles in lower.items() if QUERIES[query] not in titles[:AMONG]}
    assert absent == {}
    assert len(lower) <= (1 - FIRST) * len(QUERIES), lower

"""Small whole sites: every file of the output by its path, and some of them to the letter.

`tests/sites/<name>/content/` is a site, `expected/` what comes of it: `files.txt` lists the output without
the theme's files, `diagnostics.txt` is what was said, the rest are files of the output. `pytest --update` writes anew those
that are there; to watch another file, make an empty one of its name. Digests in names are replaced by
`DIGEST`, and JSON is set in lines, so that a change can be read. Of `minimal` the pages are held whole, of the
others what stands in `<main>`, so that a change to the frame of all pages is not read four times.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grimoire.diagnostics import as_text

if TYPE_CHECKING:
    from tests.conftest import Golden, SiteFolder

SITES = Path(__file__).parent / "sites"
NAMES = sorted(one.name for one in SITES.iterdir())

DIGEST = re.compile(r"(?<=[.-])(?:[0-9a-f]{10}|[0-9A-Z]{8})(?=\.\w+)")


MAIN = re.compile(r"<main.*</main>\n", re.DOTALL)


def legible(path: str, text: str) -> str:
    if path.endswith(".json"):
        return json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
    return DIGEST.sub("DIGEST", text)


@pytest.fixture
def built(request: pytest.FixtureRequest, site: SiteFolder) -> SiteFolder:
    if (SITES / request.param / "content").is_dir():
        shutil.copytree(SITES / request.param / "content", site.content, dirs_exist_ok=True)
    return site


@pytest.mark.parametrize(("name", "built"), [(name, name) for name in NAMES], indirect=["built"], ids=NAMES)
def test_what_comes_of_a_site(name: str, built: SiteFolder, golden: Golden) -> None:
    expected = SITES / name / "expected"
    result = built.build()
    assert result.is_written
    said = "\n\n".join(as_text(one, result.texts.get) for one in result.diagnostics)
    golden.check(expected / "diagnostics.txt", said + "\n")
    files = [path for path in built.files() if not path.startswith("static/")]
    golden.check(expected / "files.txt", legible("files.txt", "\n".join(files) + "\n"))
    watched = [one.relative_to(expected).as_posix() for one in expected.rglob("*") if one.is_file()]
    watched = sorted(
        {*watched, "index.html", "glossary.json", "graph.json"} - {"diagnostics.txt", "files.txt"}
    )
    for path in watched:
        text = built.page(path)
        if name != "minimal" and (main := MAIN.search(text)):
            text = main[0]
        golden.check(expected / path, legible(path, text))


@pytest.mark.parametrize("built", NAMES, indirect=True)
def test_every_link_of_a_site_leads_somewhere(built: SiteFolder) -> None:
    """A link, a picture, a style sheet: each is a file of the output, and each anchor is in it."""
    built.build()
    public = (built.folder / "public").resolve()
    ids = {
        path: set(re.findall(r'\bid="([^"]+)"', built.page(path)))
        for path in built.files()
        if path.endswith(".html")
    }
    broken = []
    for path in ids:
        if path == "404.html":
            continue  # it stands at any address, and is addressed from the root of the host
        base = public / path
        for address in re.findall(r'\b(?:href|src)="([^"]+)"', built.page(path)):
            if re.match(r"[a-z]+:", address):
                continue
            where, _, anchor = address.partition("#")
            target = (base.parent / _unquoted(where)).resolve() if where.partition("?")[0] else base
            if target.is_dir():
                target /= "index.html"
            name = target.relative_to(public).as_posix()
            if not target.is_file() or (anchor and name in ids and _unquoted(anchor) not in ids[name]):
                broken.append((path, address))
    assert broken == []


def _unquoted(address: str) -> str:
    from html import unescape
    from urllib.parse import unquote

    return unquote(unescape(address).partition("?")[0])


@pytest.mark.parametrize("built", NAMES, indirect=True)
def test_a_second_build_changes_nothing(built: SiteFolder) -> None:
    def state() -> dict[str, tuple[bytes, int]]:
        public = built.folder / "public"
        return {
            path: ((public / path).read_bytes(), (public / path).stat().st_mtime_ns) for path in built.files()
        }

    first = built.build()
    before = state()
    again = built.build()
    assert (again.work.rendered, again.work.staged, again.work.typeset, again.work.parsed) == (0, 0, 0, 0)
    assert again.diagnostics == first.diagnostics
    assert state() == before

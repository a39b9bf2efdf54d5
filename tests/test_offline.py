"""What a browser is told to keep: everything that can be read, and after an edit no list but those that name it."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from grimoire import offline
from grimoire.search import names

if TYPE_CHECKING:
    from tests.conftest import SiteFolder

SETTINGS = "offline: true\nbase_url: https://glossary.example/below/\n"
COUNT = 300


@pytest.fixture
def rings(site: SiteFolder) -> SiteFolder:
    site.write("site.yaml", SETTINGS)
    for number in range(COUNT):
        site.write(f"ring-{number}.md", f"# Ring {number}\n\nA ring of ${number}$ elements.\n")
    site.build()
    return site


def told(site: SiteFolder) -> dict[str, Any]:
    """What the worker is told."""
    (found,) = re.findall(r'\{"lists".*?\}', site.page("sw.js"))
    known = json.loads(found)
    assert isinstance(known, dict)
    return known


def entries(site: SiteFolder) -> dict[str, str]:
    """All that is to be kept, with its digest, "" where the name is one."""
    return {path: mark for one in told(site)["lists"] for path, mark in json.loads(site.page(one)).items()}


def test_all_that_can_be_read_is_kept_and_nothing_else(rings: SiteFolder) -> None:
    lists = [path for path in rings.files() if path.startswith(offline.FOLDER)]
    assert sorted(told(rings)["lists"]) == lists
    kept = {path + "index.html" if path.endswith("/") else path for path in entries(rings)}
    kept = {path.removeprefix("./") for path in kept}
    others = {
        path
        for path in rings.files()
        if path.endswith((".md", ".xml")) or path in {".grimoire-manifest", "_headers", "404.html", "sw.js"}
    }
    assert kept == set(rings.files()) - set(lists) - others - {"glossary.json", "graph.json"}
    assert {path for path, mark in entries(rings).items() if not mark} == {
        path for path in rings.files() if path.startswith("static/") and path in kept
    } - {"static/math.css"}


def test_an_edit_makes_the_lists_anew_that_name_what_changed(rings: SiteFolder) -> None:
    before, lists = entries(rings), told(rings)["lists"]
    assert len(lists) > 4
    rings.write("ring-7.md", "# Ring 7\n\nA ring of seven elements.\n").build()
    after = entries(rings)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert {"terms/ring-7/", "terms/ring-7/card.html", "./", "topics/"} <= changed
    assert "terms/ring-8/" not in changed
    new = set(told(rings)["lists"]) - set(lists)
    assert all(changed & json.loads(rings.page(one)).keys() for one in new)
    assert len(new) < len(lists)


def test_pictures_of_links_are_not_kept(site: SiteFolder) -> None:
    site.write("site.yaml", SETTINGS + "pictures: true\nlanguages: [fr]\n").write(
        "ring.md", "# Ring\n\nA set.\n"
    )
    site.build()
    assert [path for path in site.files() if path.endswith("terms/ring.png")]
    assert [path for path in entries(site) if path.endswith(".png")] == [
        path for path in site.files() if "touch" in path
    ]


def test_a_build_that_changes_nothing_makes_nothing(rings: SiteFolder) -> None:
    assert rings.build().work.staged == 0


def test_a_large_site_is_kept_in_its_frame_alone(rings: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline, "WHOLE", 100_000)
    rings.write("more.md", "# More\n\nAnd more.\n").build()
    known = told(rings)
    assert (known["whole"], len(known["lists"])) == (False, 1)
    assert {"./", "offline.html", "search/", "static/math.css"} <= entries(rings).keys()
    assert [path for path in entries(rings) if path.startswith("search/")] == ["search/", "search/names.json"]
    assert not [path for path in entries(rings) if path.startswith("terms/")]
    assert [path for path in rings.files() if path.startswith(offline.FOLDER)] == known["lists"]


def test_names_that_are_cut_are_no_part_of_the_frame(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No query could be answered by the first of their files."""
    monkeypatch.setattr(offline, "WHOLE", 1000)
    monkeypatch.setattr("grimoire.search.names", partial(names, whole=100))
    site.write("site.yaml", SETTINGS + "languages: [fr]\n")
    site.write(
        "ring.md", "# Ring\n\nA set with two operations, of which one distributes over the other.\n"
    ).write("ring.fr.md", "# Anneau\n\nOui.\n")
    site.build()
    assert {"search/rows/", "fr/search/names.json"} <= {
        re.sub(r"\d+\.json$", "", path) for path in site.files()
    }
    assert [path for path in entries(site) if "search/" in path] == [
        "fr/search/",
        "fr/search/names.json",
        "search/",
    ]


def test_the_page_for_what_is_not_kept_leads_from_the_root(rings: SiteFolder) -> None:
    assert told(rings)["root"] == "/below/"
    addresses = re.findall(r'(?:href|src|action)="([^"]*)"', rings.page("offline.html"))
    assert {one for one in addresses if not one.startswith(("/below/", "#"))} == {""}, "the page itself"
    assert "offline.html" not in rings.page("sitemap.xml")


def test_a_site_that_no_longer_wants_it_has_nothing_of_it(rings: SiteFolder) -> None:
    rings.write("site.yaml", SETTINGS.replace("true", "false")).build()
    assert not [path for path in rings.files() if "sw.js" in path or path == "offline.html"]
    assert not [path for path in rings.files() if path.startswith(offline.FOLDER)]
    assert "offline" not in rings.page("terms/ring-7/index.html")


def test_the_page_speaks_the_language_of_the_site(rings: SiteFolder) -> None:
    rings.write("site.yaml", f"{SETTINGS}language: fr\n").build()
    assert "Page non conservée pour la lecture hors ligne" in rings.page("offline.html")


def test_the_worker_of_a_theme_takes_the_place_of_the_shipped_one(rings: SiteFolder) -> None:
    (rings.folder / "static").mkdir()
    (rings.folder / "static/worker.js").write_text("const { lists } = __KEPT__\n")
    rings.build()
    assert rings.page("sw.js").startswith('const { lists } = {"lists":')
    assert not [path for path in rings.files() if "worker" in path]

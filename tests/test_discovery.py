"""The feed, the description of the search and the manifest: as their formats want them, and only what is so."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from grimoire.compose import MOST_CHANGES
from grimoire.pictures.records import COLOURS

if TYPE_CHECKING:
    from tests.conftest import SiteFolder

ATOM = "{http://www.w3.org/2005/Atom}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
BASE = "https://example.org/a&b/"


@pytest.fixture
def dated(site: SiteFolder) -> SiteFolder:
    site.write("site.yaml", f"title: Rings & <fields> of all kinds\nbase_url: {BASE}\nlanguage: fr\n")
    site.write(
        "ring.md", "---\ncreated: 2024-03-03\n---\n# Ring <a>\n\nA set & two operations. See [[group]].\n"
    )
    site.write("group.md", "---\ncreated: 2023-01-01\nmodified: 2024-03-30T10:00:00Z\n---\n# Group\n\nx\n")
    site.write("field.md", "---\ncreated: 2022-02-02\n---\n# Field\n\nx\n")
    site.write("undated.md", "# Undated\n\nx\n").write("odd.md", "# Odd\n\nx\n")
    site.write("notes/a.md", "---\ndate: 2024-02-02\n---\n# A note\n\nx\n")
    return site


def test_the_feed_tells_the_latest_first(dated: SiteFolder) -> None:
    dated.build()
    feed = ET.fromstring(dated.page("feed.xml"))  # noqa: S314  ours
    assert feed.findtext(f"{ATOM}title") == "Rings & <fields> of all kinds"
    assert feed.findtext(f"{ATOM}id") == BASE
    assert feed.findtext(f"{ATOM}updated") == "2024-03-30T00:00:00Z"
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    entries = feed.findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}title") for one in entries] == ["Group", "Ring <a>", "A note", "Field"]
    ring = entries[1]
    assert ring.findtext(f"{ATOM}id") == f"{BASE}terms/ring-a/"
    assert ring.findtext(f"{ATOM}summary") == "A set & two operations."
    assert '<link rel="alternate" type="application/atom+xml"' in dated.page("terms/ring-a/index.html")
    assert 'href="../feed.xml"' in dated.page("changes/index.html")


def test_changes_stand_by_month(dated: SiteFolder) -> None:
    dated.build()
    page = dated.page("changes/index.html")
    order = [
        page.index(text)
        for text in ("mars 2024", "Group", "Ring &lt;a&gt;", "février 2024", "A note", "2022")
    ]
    assert order == sorted(order)
    assert page.count("nouveau · ") == 3, "what was changed since is not new"
    assert "Undated" not in page


def test_without_an_address_there_is_no_feed_and_no_search_description(site: SiteFolder) -> None:
    site.write("ring.md", "---\ncreated: 2024-03-03\n---\n# Ring\n\nx\n").build()
    assert not {"feed.xml", "opensearch.xml", "sitemap.xml"} & set(site.files())
    assert "feed.xml" not in site.page("changes/index.html")
    assert 'href="changes/"' in site.page("index.html")


def test_without_a_date_no_page_speaks_of_changes(site: SiteFolder) -> None:
    site.write("site.yaml", f"base_url: {BASE}\n").write("ring.md", "# Ring\n\nx\n").build()
    assert "feed.xml" not in site.files()
    assert 'href="changes/"' not in site.page("index.html")
    assert "atom" not in site.page("index.html")


def test_the_list_of_changes_has_an_end(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grimoire.compose.MOST_CHANGES", 3)
    for number in range(5):
        site.write(f"t{number}.md", f"---\ncreated: 2024-01-0{number + 1}\n---\n# Term {number}\n\nx\n")
    site.build()
    page = site.page("changes/index.html")
    assert [number for number in range(5) if f"Term {number}" in page] == [2, 3, 4]
    assert MOST_CHANGES == 200


def test_browsers_can_ask_the_site(dated: SiteFolder) -> None:
    dated.build()
    found = ET.fromstring(dated.page("opensearch.xml"))  # noqa: S314  ours
    assert found.findtext(f"{SEARCH}ShortName") == "Rings & <fields>"
    url = found.find(f"{SEARCH}Url")
    assert url is not None
    assert url.get("template") == f"{BASE}search/?q={{searchTerms}}"
    image = (found.findtext(f"{SEARCH}Image") or "").removeprefix(BASE)
    assert image in dated.files()
    assert 'type="application/opensearchdescription+xml"' in dated.page("index.html")


def test_the_site_can_be_installed(dated: SiteFolder) -> None:
    dated.build()
    found = json.loads(dated.page("manifest.webmanifest"))
    assert found["name"] == "Rings & <fields> of all kinds"
    assert found["lang"] == "fr"
    assert (found["start_url"], found["scope"]) == ("./", "./")
    assert {icon["src"] for icon in found["icons"]} <= set(dated.files())
    assert [(icon["sizes"], icon["purpose"]) for icon in found["icons"]] == [
        ("any", "any"), ("512x512", "any"), ("512x512", "maskable"),
    ]  # fmt: skip
    assert '<link rel="apple-touch-icon" href="../../static/touch.' in dated.page("terms/group/index.html")
    assert '<link rel="manifest" href="../../manifest.webmanifest">' in dated.page("terms/group/index.html")


def test_what_is_around_the_pages_has_their_colour(dated: SiteFolder) -> None:
    def grounds() -> set[str]:
        found = json.loads(dated.page("manifest.webmanifest"))
        told = re.findall(r'name="theme-color" content="([^"]*)"', dated.page("terms/group/index.html"))
        return {found["background_color"], found["theme_color"], *told}

    dated.build()
    assert grounds() == {COLOURS["paper"], "#161412"}
    (dated.folder / "static").mkdir()
    (dated.folder / "static/custom.css").write_text(":root { --paper: light-dark(#fff, #000) }")
    dated.build()
    assert grounds() == {"#fff", "#000"}


def test_the_sign_of_an_author_is_not_ours_on_phones(dated: SiteFolder) -> None:
    static = dated.folder / "static"
    static.mkdir()
    (static / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    dated.build()
    assert len(json.loads(dated.page("manifest.webmanifest"))["icons"]) == 1
    assert "apple-touch-icon" not in dated.page("terms/group/index.html")
    (static / "touch.png").write_bytes(b"theirs")
    dated.build()
    assert len(json.loads(dated.page("manifest.webmanifest"))["icons"]) == 3

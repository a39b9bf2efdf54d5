"""Tags in the text: whose they are, and the pages they lead to."""

import json

from tests.conftest import SiteFolder


def test_a_tag_in_the_text_is_one_of_the_entrys(site: SiteFolder) -> None:
    site.write("ring.md", "---\ntags: [algebra]\n---\nA ring, see #number-theory.\n")
    assert site.codes() == []
    page = site.page("terms/ring/index.html")
    assert page.count('href="../../topics/number-theory/"') == 2
    assert 'href="../../topics/algebra/"' in page
    assert "ring" in site.page("topics/number-theory/index.html")


def test_a_tag_that_only_a_note_bears_has_a_page(site: SiteFolder) -> None:
    site.write("notes/diary.md", "Of #today.\n").write("ring.md", "A ring.\n")
    assert site.codes() == []
    assert "diary" in site.page("topics/today/index.html")
    assert "today" not in site.page("topics/index.html")


def test_a_tag_of_the_home_text_leads_somewhere(site: SiteFolder) -> None:
    site.write("index.md", "Begin with #basics.\n").write("ring.md", "A ring.\n")
    assert site.codes() == []
    assert 'href="topics/basics/"' in site.page("index.html")
    assert "topics/basics/index.html" in site.files()


def test_respelt_tags_share_a_page(site: SiteFolder) -> None:
    site.write("a.md", "A #Number_Theory, a #number-theory.\n")
    site.write("b.md", "---\ntags: [number-Theory, NUMBER-THEORY]\n---\nB.\n")
    site.build()
    page = site.page("topics/number-theory/index.html")
    assert 'href="../../terms/a/"' in page
    assert 'href="../../terms/b/"' in page
    assert site.page("terms/b/index.html").count('href="../../topics/number-theory/"') == 1
    records = {one["slug"]: one for one in json.loads(site.page("glossary.json"))["terms"]}
    assert records["a"]["tags"] == ["Number_Theory"]
    assert records["b"]["tags"] == ["number-Theory"]


def test_a_tag_within_another_belongs_to_both(site: SiteFolder) -> None:
    site.write("a.md", "A #math/Linear.\n").write("b.md", "A #math-linear.\n")
    assert site.codes() == []
    assert "topics/math/index.html" in site.files()
    within, alike = site.page("topics/math/linear/index.html"), site.page("topics/math-linear/index.html")
    assert "terms/a/" in within
    assert "terms/b/" not in within
    assert "terms/b/" in alike
    assert "terms/a/" not in alike
    assert 'href="../../terms/a/"' in site.page("topics/math/index.html")
    assert 'href="../../topics/math/linear/"' in site.page("terms/a/index.html")
    assert 'data-t="math/linear,math"' in site.page("topics/index.html")


def test_the_palette_counts_and_finds_tags_by_their_slugs(site: SiteFolder) -> None:
    site.write("a.md", "---\ntags: [Ring Theory, Été/Nice]\n---\nA.\n")
    site.build()
    names = next(path for path in site.files() if "/names" in path)
    assert json.loads(site.page(names))["rows"][0][4] == ["ring-theory", "ete/nice"]


def test_only_a_list_that_is_filtered_knows_the_tags_of_its_entries(site: SiteFolder) -> None:
    """Else the pages of many tags of one entry would grow with the square of their number."""
    site.write("a.md", "---\ntags: [fields, rings, sets]\n---\nA.\n")
    site.run("build")
    assert 'data-t="fields,rings,sets"' in site.page("index.html")
    assert 'data-t="fields,rings,sets"' in site.page("topics/index.html")
    assert 'data-t=""' in site.page("topics/rings/index.html")

"""Tags in the text: whose they are, and the pages they lead to."""

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


def test_nested_and_respelt_tags_share_a_page(site: SiteFolder) -> None:
    site.write("a.md", "A #math/Linear.\n").write("b.md", "---\ntags: math-linear\n---\nB.\n")
    site.build()
    page = site.page("topics/math-linear/index.html")
    assert 'href="../../terms/a/"' in page
    assert 'href="../../terms/b/"' in page

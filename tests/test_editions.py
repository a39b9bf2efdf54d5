"""A glossary in several languages: which entry belongs to which, where it stands, and what leads to it."""

from __future__ import annotations

import json
import re
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grimoire import pipeline, render, theme
from grimoire.building import Options, check
from grimoire.config import LanguageSetting, Settings, TopicSetting
from grimoire.digest import digest
from grimoire.editions import chosen, editions
from grimoire.parse import Dialect, parse
from grimoire.source import Source, without_language
from grimoire.words import Words, name_of

if TYPE_CHECKING:
    from tests.conftest import SiteFolder

SETTINGS = """\
title: Algebra
base_url: https://example.org/a/
languages:
  fr:
    title: Algèbre
    topics:
      structures: {title: Structures algébriques}
topics:
  structures: {title: Structures, description: Sets with operations.}
"""


@pytest.fixture
def two(site: SiteFolder) -> SiteFolder:
    """A glossary of which all but one entry is translated."""
    site.write("site.yaml", SETTINGS)
    site.write("index.md", "# Algebra\n\nWelcome.\n").write("index.fr.md", "# Algèbre\n\nBienvenue.\n")
    ring = "---\ntags: [structures]\naliases: [rng]\n---\n\n# Ring\n\nA [group] with a product.\n\n## Units\n\nSome.\n"
    site.write("ring.md", ring)
    site.write("ring.fr.md", "# Anneau\n\nUn [[Groupe]] avec un produit ; un [[corps]] est un anneau.\n")
    site.write("group.md", "# Group\n\nA set with one operation.\n")
    site.write("group.fr.md", "# Groupe\n\nUn ensemble avec une opération.\n")
    return site.write("field.md", "# Field\n\nA [[rings]] with division, see [[ring#Units]]. ![[plan.pdf]]\n")


def links(html: str) -> list[str]:
    return re.findall(r'<a class="[tn]" href="([^"]*)"', html)


# ---------------------------------------------------------------- what becomes of the files


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("ring.fr.md", ("ring.md", "fr")),
        ("a.b/ring.FR.md", ("a.b/ring.md", "fr")),
        ("ring.pt-BR.md", ("ring.md", "pt-BR")),
        ("ring.de.md", ("ring.de.md", "")),
        ("node.js.md", ("node.js.md", "")),
        ("fr.md", ("fr.md", "")),
        ("notes/.fr.md", ("notes/.fr.md", "")),
        ("ring", ("ring", "")),
        ("", ("", "")),
    ],
)
def test_a_file_says_its_language_at_the_end_of_its_name(path: str, expected: tuple[str, str]) -> None:
    assert without_language(path, ("en", "fr", "pt-BR")) == expected


@given(st.text(max_size=12))
def test_without_languages_a_name_is_what_it_is(path: str) -> None:
    assert without_language(path, ()) == (path, "")


def test_each_further_language_is_a_site_below_its_tag(two: SiteFolder) -> None:
    two.write("plan.pdf", b"%PDF-1.4")
    built = two.build()
    assert [one.code for one in built.diagnostics] == ["missing-term"], (
        "the entry on fields has no French name"
    )
    assert built.terms == 3, "the first language is what is counted"
    files = set(two.files())
    pages = {path for path in files if path.endswith(".html") and not path.startswith("fr/")}
    assert {f"fr/{path}" for path in pages} <= files
    assert {
        "fr/glossary.json",
        "fr/search/names.json",
        "fr/manifest.webmanifest",
        "fr/opensearch.xml",
    } <= files
    assert not {"fr/sitemap.xml", "fr/_headers"} & files, "there is one for the whole"
    assert not any(path.startswith(("fr/static/", "fr/media/")) for path in files), "these are shared"


def test_a_page_speaks_its_language(two: SiteFolder) -> None:
    two.build()
    french, english = two.page("fr/terms/ring/index.html"), two.page("terms/ring/index.html")
    assert '<html lang="fr">' in french
    assert "<title>Anneau · Algèbre</title>" in french
    assert "Aller au contenu" in french
    assert '<html lang="en">' in english
    assert "Skip to content" in english
    assert json.loads(two.page("fr/glossary.json"))["title"] == "Algèbre"
    script = re.findall(r"static/app\.\w+\.js", french)
    assert script != re.findall(r"static/app\.\w+\.js", english), "its scripts speak it too"


def test_a_translation_has_the_address_and_the_tags_of_what_it_translates(two: SiteFolder) -> None:
    two.build()
    french = two.page("fr/terms/ring/index.html")
    assert 'href="../../topics/structures/">Structures algébriques<' in french
    assert "<h1>Structures algébriques</h1>" in two.page("fr/topics/structures/index.html")


def test_links_stay_in_the_language(two: SiteFolder) -> None:
    two.build()
    assert "../../terms/group/" in links(two.page("fr/terms/ring/index.html"))
    assert "../../terms/ring/" in links(two.page("fr/terms/field/index.html")), "found by its English name"


def test_a_name_leads_to_its_bearer_before_it_leads_to_a_translation(two: SiteFolder) -> None:
    two.write("set.fr.md", "# Rng\n\nUn sigle, voir [[rng]] et [[ring]].\n")
    two.build()
    assert links(two.page("fr/terms/rng/index.html"))[:2] == ["../../terms/rng/", "../../terms/ring/"]


def test_what_is_not_translated_is_shown_and_marked(two: SiteFolder) -> None:
    two.build()
    page = two.page("fr/terms/field/index.html")
    assert '<link rel="canonical" href="https://example.org/a/terms/field/">' in page
    assert "Pas encore traduit." in page
    assert '<h1 class="head" lang="en" dir="ltr">' in page
    assert '<div class="tongue" lang="en" dir="ltr">' in page
    assert "hreflang" not in page.partition("</head>")[0]
    assert '<small class="tongue">en</small>' in two.page("fr/index.html")
    assert "untranslated" not in two.page("terms/field/index.html")
    assert "untranslated" not in two.page("fr/terms/ring/index.html")
    assert "fr/terms/field/" not in two.page("sitemap.xml")


@pytest.mark.parametrize("written", ["fr-CA", "FR", "de"])
def test_a_translation_is_one_whatever_language_it_says(two: SiteFolder, written: str) -> None:
    two.write(
        "ring.fr.md", f"---\nlang: {written}\n---\n\n# Anneau\n\nUn [[Groupe]] avec un produit.\n"
    ).build()
    page = two.page("fr/terms/ring/index.html")
    assert '<link rel="canonical" href="https://example.org/a/fr/terms/ring/">' in page
    assert "untranslated" not in page
    assert "fr/terms/ring/" in two.page("sitemap.xml")


def test_what_says_to_be_in_a_language_is_no_translation_into_it(two: SiteFolder) -> None:
    two.write("field.md", "---\nlang: fr\n---\n\n# Corps\n\nUn [[ring]].\n").build()
    page = two.page("fr/terms/corps/index.html")
    assert '<link rel="canonical" href="https://example.org/a/terms/corps/">' in page
    assert "untranslated" in page
    assert "fr/terms/corps/" not in two.page("sitemap.xml")
    assert "hreflang" not in two.page("terms/corps/index.html").partition("</head>")[0]


def test_what_is_shared_is_found_from_below(two: SiteFolder) -> None:
    two.write("plan.pdf", b"%PDF-1.4")
    two.build()
    page = two.page("fr/terms/field/index.html")
    addresses = re.findall(r'(?:href|src)="((?:\.\./)+(?:static|media)/[^"]*)"', page)
    assert addresses
    for address in addresses:
        assert (two.folder / "public/fr/terms/field" / address).resolve().is_file()


def test_pages_lead_to_themselves_in_other_languages(two: SiteFolder) -> None:
    two.write("seul.fr.md", "# Seul\n\nEn français seulement.\n")
    two.build()
    head = two.page("fr/terms/ring/index.html").partition("</head>")[0]
    assert re.findall(r'hreflang="([\w-]+)" href="([^"]+)"', head) == [
        ("en", "https://example.org/a/terms/ring/"),
        ("x-default", "https://example.org/a/terms/ring/"),
        ("fr", "https://example.org/a/fr/terms/ring/"),
    ]
    switch = re.compile(r'<a lang="en" hreflang="en" dir="ltr" href="([^"]*)"( data-elsewhere)?>')
    assert switch.findall(two.page("fr/terms/ring/index.html")) == [("../../../terms/ring/", "")]
    assert switch.findall(two.page("fr/terms/seul/index.html")) == [("../../../", " data-elsewhere")]
    assert switch.findall(two.page("fr/404.html")) == [("/a/404.html", "")]
    rows = re.findall(r"<loc>([^<]+)</loc>(.*?)</url>", two.page("sitemap.xml"))
    others = dict(rows)["https://example.org/a/fr/terms/ring/"]
    assert re.findall(r'hreflang="(\w+)"', others) == ["en", "fr"]
    assert not dict(rows)["https://example.org/a/fr/terms/seul/"]


def test_every_link_leads_somewhere(two: SiteFolder) -> None:
    two.write("plan.pdf", b"%PDF-1.4").build()
    public = (two.folder / "public").resolve()
    for path in (one for one in two.files() if one.endswith(".html") and "404" not in one):
        for address in re.findall(r'(?:href|src)="([^"#:]+)["#]', two.page(path)):
            place = (public / path).parent / address
            assert (place / "index.html" if address.endswith("/") else place).is_file(), (path, address)


def test_one_language_knows_of_no_other(site: SiteFolder) -> None:
    site.write("ring.md", "# Ring\n\nA set.\n").write("ring.fr.md", "# Anneau\n\nUn ensemble.\n").build()
    page = site.page("terms/ring/index.html")
    assert "hreflang" not in page
    assert "languages." not in page
    assert "terms/anneau/index.html" in site.files(), (
        "an ending that is no language of the site belongs to the name"
    )


def test_one_worker_keeps_all_languages(two: SiteFolder) -> None:
    two.write("site.yaml", SETTINGS + "offline: true\n").build()
    files = two.files()
    assert "sw.js" in files
    assert "fr/sw.js" not in files
    assert "fr/offline.html" in files
    assert 'data-top="../../../"' in two.page("fr/terms/ring/index.html")
    assert "data-top" not in two.page("terms/ring/index.html")
    first = re.search(r'"lists":\["([^"]+)"', two.page("sw.js"))
    assert first
    assert {"./", "fr/", "offline.html", "fr/offline.html"} <= set(json.loads(two.page(first[1])))


# ---------------------------------------------------------------- files of many terms


def test_terms_of_a_file_are_told_apart_by_their_ids(site: SiteFolder) -> None:
    site.write("site.yaml", "languages: [fr]\n")
    site.write("glossary.md", "# Algebra\n\n## Ring\n\nA set.\n\n## Group\n\nA set.\n")
    site.write(
        "glossary.fr.md", "# Algèbre\n\n## Anneau {#ring}\n\nUn ensemble.\n\n## Group\n\nUn ensemble.\n"
    )
    assert site.codes() == []
    assert "<h1" in site.page("fr/terms/group/index.html")
    assert "Anneau" in site.page("fr/terms/ring/index.html")
    assert "fr/terms/anneau/index.html" not in site.files()
    document = site.page("fr/glossary/index.html")
    assert document.count('<section class="part">') == 2


def test_a_file_of_its_own_translates_a_term_of_many(site: SiteFolder) -> None:
    site.write("site.yaml", "languages: [fr]\n").write(
        "glossary.md", "# A\n\n## Ring\n\nA set.\n\n## Set\n\nMany.\n"
    )
    site.write("ring.fr.md", "# Anneau\n\nUn ensemble.\n")
    site.write("ensemble.fr.md", "---\nid: set\n---\n# Ensemble\n\nPlusieurs.\n")
    assert site.codes() == []
    assert "Anneau" in site.page("fr/terms/ring/index.html")
    assert "Ensemble" in site.page("fr/terms/set/index.html")


# ---------------------------------------------------------------- what is wrong is told once


def test_what_is_wrong_is_told_where_it_is_at_home(two: SiteFolder) -> None:
    two.write("plan.pdf", b"%PDF-1.4")
    two.write("group.md", "# Group\n\nA [[sett]] with $\\frac$ and [[ring#Nowhere]].\n")
    told = [(one.path, one.code) for one in two.build().diagnostics]
    assert sorted(told) == [
        ("content/group.md", "invalid-math"),
        ("content/group.md", "missing-anchor"),
        ("content/group.md", "missing-term"),
        ("content/ring.fr.md", "missing-term"),
    ]


def test_a_name_that_is_taken_in_one_language_alone_is_told(two: SiteFolder) -> None:
    two.write("plan.pdf", b"%PDF-1.4").write(
        "field.md", "# Field\n\nA [[ring]] with division. ![[plan.pdf]]\n"
    )
    two.write("corps.fr.md", "# Corps\n\nUn anneau.\n").write(
        "set.md", "---\naliases: [corps]\n---\n\n# Set\n\nMany.\n"
    )
    fault = two.only_fault()
    assert (fault.code, fault.path) == ("duplicate-alias", "content/set.md")
    assert [place.path for place in fault.related] == ["content/corps.fr.md"]


def test_a_picture_of_one_language_that_cannot_be_read_is_told(
    two: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Path.read_bytes

    def refused(place: Path) -> bytes:
        if place.name == "plan.pdf":
            raise OSError(13, "Permission denied")
        return original(place)

    monkeypatch.setattr(Path, "read_bytes", refused)
    two.write("field.md", "# Field\n\nA [[ring]].\n").write("plan.pdf", b"%PDF-1.4")
    two.write("ring.fr.md", "# Anneau\n\nUn [[Groupe]]. ![[plan.pdf]]\n")
    fault = two.only_fault()
    assert (fault.code, fault.path) == ("unreadable-file", "content/plan.pdf")


def test_what_findings_hold_of_both_languages_is_told(two: SiteFolder) -> None:
    """Where the first place stands in an entry that is not translated, the further ones count."""
    two.write("field.md", "# Field\n\nWith RNG.\n").write("zahl.fr.md", "# Zahl\n\nAvec RNG.\n")
    found = [one for one in check(Options(two.folder)).diagnostics if one.code == "unexpanded-acronym"]
    assert [[place.path for place in one.related] for one in found] == [[], ["content/zahl.fr.md"]]


def test_a_note_cannot_have_the_address_of_a_language(site: SiteFolder) -> None:
    site.write("site.yaml", "languages: [fr]\n").write(
        "fr.md", "---\nkind: note\n---\n# On French\n\nText.\n"
    )
    assert site.codes() == ["reserved-address"]


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("languages: [fr, de]\n", ["fr", "de"]),
        ("languages: fr\n", ["fr"]),
        ("languages:\n  fr:\n  de: {title: Wörter}\n", ["fr", "de"]),
        ("languages: [en, fr, FR]\n", ["fr"]),
        ("languages: []\n", []),
    ],
)
def test_languages_are_a_list_or_a_mapping(site: SiteFolder, written: str, known: list[str]) -> None:
    assert site.write("site.yaml", written).write("ring.md", "# Ring\n\nA set.\n").codes() == []
    assert [tag for tag in ("de", "fr") if f"{tag}/index.html" in site.files()] == sorted(known)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("languages: [français]\n", "invalid-setting"),
        ("languages: [../up]\n", "invalid-setting"),
        ("languages:\n  fr: Glossaire\n", "invalid-setting"),
        ("languages:\n  fr: {titel: Glossaire}\n", "unknown-setting"),
        ("languages:\n  fr: {topics: {a: {titel: A}}}\n", "unknown-setting"),
    ],
)
def test_a_language_that_is_none_is_told(site: SiteFolder, written: str, code: str) -> None:
    assert site.write("site.yaml", written).write("ring.md", "# Ring\n\nA set.\n").codes() == [code]


# ---------------------------------------------------------------- work


def test_an_edit_touches_its_own_language(two: SiteFolder) -> None:
    two.write("plan.pdf", b"%PDF-1.4").build()
    assert two.build().work.staged == 0
    two.write("group.fr.md", "# Groupe\n\nUn ensemble avec une opération.\n\nUn second alinéa.\n")
    built = two.build()
    assert built.work.parsed == 1
    assert {path for path, _ in built.reasons} == {"fr/terms/group/index.html"}
    two.write("field.md", "# Field\n\nA [[ring]] with division.\n\nAnd more.\n")
    built = two.build()
    assert built.work.parsed == 1
    assert {"terms/field/index.html", "fr/terms/field/index.html"} <= {path for path, _ in built.reasons}


def test_languages_with_the_same_words_share_a_theme_and_a_renderer(
    two: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def counted(name: str, original: Any) -> Any:
        def counting(*arguments: Any) -> Any:
            made.append(name)
            return original(*arguments)

        return counting

    monkeypatch.setattr("grimoire.pipeline.read_theme", counted("theme", theme.read))
    monkeypatch.setattr(render, "Renderer", counted("renderer", render.Renderer))
    two.write("site.yaml", "languages: [fr, fr-CA, ja]\n").build()
    assert sorted(made) == ["renderer", "renderer", "theme"]


def test_templates_are_compiled_anew_for_other_words(
    two: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.build()

    class Louder(Words):
        """The same language, said otherwise."""

        def __init__(self, language: str) -> None:
            super().__init__(language)
            self.digest = digest(self.digest)
            self.translations = LouderStill()

    class LouderStill(NullTranslations):
        def gettext(self, message: str) -> str:
            return f"{message}!"

    monkeypatch.setattr(pipeline, "Words", Louder)
    two.write("ring.md", "# Ring\n\nA set.\n").build()
    assert "Skip to content!" in two.page("terms/ring/index.html")
    assert "Skip to content!" in two.page("fr/terms/ring/index.html")


# ---------------------------------------------------------------- the choice by itself


def test_settings_of_a_language_are_those_of_the_first_where_it_says_nothing() -> None:
    settings = Settings(
        title="Algebra",
        description="Sets.",
        base_url="https://example.org/",
        topics={"a b": TopicSetting("A", "First."), "c": TopicSetting("C")},
        languages={"pt-BR": LanguageSetting(topics={"A B": TopicSetting(title="Á"), "d": TopicSetting("D")})},
    )
    first, second = editions(settings)
    assert first.settings is settings
    assert second.folder == "pt-br/"
    assert second.settings.title == "Algebra"
    assert second.settings.base_url == "https://example.org/pt-br/"
    assert second.settings.topics == {
        "a b": TopicSetting("Á", "First."),
        "c": TopicSetting("C"),
        "d": TopicSetting("D"),
    }


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ring", "a/ring", "group", "glossary", "index", "notes/x"]),
            st.sampled_from(["", ".en", ".fr", ".de", ".xx"]),
            st.sampled_from(
                ["# Ring\n\nA.\n", "## A\n\nx\n\n## B {#ring}\n\ny\n", "---\nid: ring\n---\nText.\n"]
            ),
        ),
        max_size=8,
        unique_by=lambda one: one[:2],
    )
)
def test_no_entry_is_lost_and_none_is_shown_twice(files: list[tuple[str, str, str]]) -> None:
    """Each edition has all its own entries, and of the first language those that it does not translate."""
    dialect = Dialect(languages=("en", "fr", "de"))
    terms = [
        term
        for stem, language, text in files
        for term in parse(Source(f"{stem}{language}.md", text), dialect)[0].terms
    ]
    settings = Settings(languages={"fr": LanguageSetting(), "de": LanguageSetting()})
    first = [term for term in terms if term.edition in {"", "en"}]
    for edition in editions(settings):
        entries, _ = chosen(terms, edition, "en")
        places = [(one.path, one.span) for one in entries]
        assert len(places) == len(set(places))
        own = {(one.path, one.span) for one in terms if one.edition == edition.language}
        assert own <= set(places)
        if edition.folder:
            replaced = sum(bool(one.elsewhere) for one in entries)
            assert len(entries) == len(first) + len(own) - replaced
            assert all(one.lang for one in entries if one.edition in {"", "en"})


def test_languages_are_called_what_they_call_themselves() -> None:
    assert name_of("fr") == "Français"
    assert name_of("pt-BR") == "Português (Brasil)"
    assert name_of("fr-BE") == "Français (BE)"
    assert name_of("ja") == "日本語"
    assert name_of("tlh") == "tlh"

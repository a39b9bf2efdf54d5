"""Citations on a site: what is one, where it is shown and how, from which bibliography, in which style."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from tests.search.reading import addresses_by_term

from grimoire import citings
from grimoire.citations import Citer, CitingError, Complaint
from grimoire.frontend import packages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.conftest import SiteFolder

    from grimoire.model import Cluster

BIBLIOGRAPHY = r"""
@misc{vaswani2017,
  author = {Vaswani, Ashish and Shazeer, Noam and Parmar, Niki and Uszkoreit, Jakob and Jones, Llion and
    Gomez, Aidan N. and Kaiser, {\L}ukasz and Polosukhin, Illia},
  title = {Attention Is All You Need}, year = 2017, eprint = {1706.03762}, archiveprefix = {arXiv}}
@techreport{radford2019,
  author = {Radford, Alec and Wu, Jeffrey and Child, Rewon and Luan, David and Amodei, Dario and Sutskever, Ilya},
  title = {Language Models are Unsupervised Multitask Learners}, institution = {OpenAI}, year = 2019}
@misc{hinton2015,
  author = {Hinton, Geoffrey and Vinyals, Oriol and Dean, Jeff},
  title = {Distilling the Knowledge in a Neural Network}, year = 2015, eprint = {1503.02531}, archiveprefix = {arXiv}}
"""
OTHER = """
@article{shannon1948, author = {Shannon, Claude E.}, title = {A Mathematical Theory of Communication},
  journal = {Bell System Technical Journal}, year = 1948, volume = 27, pages = {379--423}}
@misc{hinton2015, author = {Hinton, Geoffrey}, title = {Another Work under This Key}, year = 2015}
"""
SHANNON = """[{"id": "shannon1948", "type": "article-journal", "title": "A Mathematical Theory of Communication",
  "author": [{"family": "Shannon", "given": "Claude E."}], "issued": {"date-parts": [[1948]]},
  "DOI": "10.1002/j.1538-7305.1948.tb01338.x", "custom": 1}]"""


STYLE = (
    '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>t</title><id>t</id>'
    "<updated>2020-01-01T00:00:00+00:00</updated></info><citation>"
    '<layout prefix="(" suffix=")"><text variable="title"/></layout></citation>{}</style>'
)


@pytest.fixture
def cited(site: SiteFolder) -> SiteFolder:
    """A site with a bibliography."""
    return site.write("references.bib", BIBLIOGRAPHY)


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


def lead(site: SiteFolder, slug: str = "entry") -> str:
    found = re.search(r'<p class="lead">(.*?)</p>', site.page(f"terms/{slug}/index.html"), re.DOTALL)
    assert found
    return found[1]


def listed(site: SiteFolder, page: str = "terms/entry/index.html") -> list[str]:
    """The ids of a page's list of references, in its order."""
    return re.findall(r'<li id="_ref-([^"]*)"', site.page(page))


# ------------------------------------------------------------------------------------------------ what is one


def test_a_citation_stands_in_its_place_and_leads_to_its_line(cited: SiteFolder) -> None:
    cited.write("entry.md", "As [@radford2019] and @vaswani2017 show [see @hinton2015, p. 3].\n")
    assert cited.codes() == []
    assert text(lead(cited)) == (
        "As (Radford et al., 2019) and Vaswani et al. (2017) show (see Hinton et al., 2015, p. 3)."
    )
    assert lead(cited).count('<a class="cite" href="#_ref-') == 3
    assert listed(cited) == ["hinton2015", "radford2019", "vaswani2017"]
    assert '<a class="x" href="https://arxiv.org/abs/1706.03762">' in cited.page("terms/entry/index.html")


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("@somebody and @property", []),
        ("[ask @somebody]", []),
        ("me@radford2019.org and `@radford2019` and $@r$", []),
        (r"\@radford2019", []),
        ("@radford2018", ["missing-citation"]),
        ("[@nobody]", ["missing-citation"]),
        ("[-@nobody, p. 3]", ["missing-citation"]),
        ("[@nobody; @noone]", ["missing-citation", "missing-citation"]),
    ],
)
def test_what_cites_nothing_known_stays_as_it_is(cited: SiteFolder, written: str, codes: list[str]) -> None:
    cited.write("entry.md", f"It says {written} here.\n")
    assert cited.codes() == codes
    assert (
        text(lead(cited)).replace("@r ", "")
        == f"It says {written} here.".translate({ord("`"): None, ord("$"): None, ord("\\"): None}).replace(
            "@r ", ""
        )
        or "$" in written
    )
    assert ('class="absent"' in lead(cited)) == bool(codes)
    assert "_references" not in cited.page("terms/entry/index.html")


def test_a_missing_key_beside_known_ones_stays_among_their_words(cited: SiteFolder) -> None:
    cited.write("entry.md", "As [@hinton2015; @nobody] says.\n")
    fault = cited.only_fault()
    assert (fault.code, fault.message) == ("missing-citation", "no bibliography has the key `nobody`")
    assert fault.span
    assert cited.content.joinpath("entry.md").read_text()[fault.span.start : fault.span.end] == "@nobody"
    assert text(lead(cited)) == "As (Hinton et al., 2015; @nobody) says."


def test_without_a_bibliography_it_is_told_how_to_have_one(site: SiteFolder) -> None:
    site.write("entry.md", "As [@hinton2015] and @vaswani2017 say.\n")
    fault = site.only_fault()
    assert fault.code == "missing-citation"
    assert "references.bib" in fault.help
    assert site.build().work.cited == 0


def test_languages_set_what_they_share_once(cited: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    class Counted(Citer):
        def __init__(self, style: str, language: str) -> None:
            begun.append(language)
            super().__init__(style, language)

    monkeypatch.setattr(citings, "Citer", Counted)
    cited.write("site.yaml", "languages: [fr, de]\n").write("entry.md", "As [@hinton2015] says.\n")
    cited.write("entree.fr.md", "---\nid: entry\n---\nSelon [@hinton2015].\n")
    cited.write("other.md", "So it is.\n\nThat says [@vaswani2017].\n")
    built = cited.build()
    assert sorted(begun) == ["de", "en", "fr"]
    # Two entries in English, one in French, and the bibliography in each language.
    assert built.work.cited == 2 + 1 + 3


# ------------------------------------------------------------------------------------------------ where it is shown


def test_cards_lists_and_quotations_show_words(cited: SiteFolder) -> None:
    cited.write(
        "entry.md",
        "---\ntags: [t]\n---\nAn entry [@radford2019], says @hinton2015.\n\nMore [@vaswani2017].\n",
    )
    cited.write("other.md", "It is like an [entry] of [@vaswani2017, p. 2].\n")
    cited.build()
    summary = "An entry (Radford et al., 2019), says Hinton et al. (2015)."
    assert f"<p>{summary}</p>" in cited.page("terms/entry/card.html")
    assert summary in cited.page("topics/index.html")
    assert f'content="{summary}"' in cited.page("terms/entry/index.html")
    assert "of (Vaswani et al., 2017, p. 2).</p>" in cited.page("terms/entry/index.html")
    (first, second) = json.loads(cited.page("glossary.json"))["terms"]
    assert first["summary"] == summary
    assert second["citations"] == [
        {"key": "vaswani2017", "mode": "parenthetical", "label": "page", "locator": "2"}
    ]
    for path in cited.files():
        if path.endswith((".html", ".json")):
            assert "[@" not in cited.page(path), path
            assert "\0" not in cited.page(path), path


def test_of_numbers_only_names_are_left_where_there_is_no_list(cited: SiteFolder) -> None:
    cited.write("site.yaml", "citation_style: ieee\n")
    cited.write("entry.md", "An entry [@radford2019], says @hinton2015 [p. 3].\n")
    assert cited.codes() == []
    assert text(lead(cited)) == "An entry [1], says Hinton et al. [2, p. 3]."
    assert "<p>An entry, says Hinton et al..</p>" in cited.page("terms/entry/card.html").replace(
        "al.</p>", "al..</p>"
    )
    assert listed(cited) == ["radford2019", "hinton2015"]


def test_notes_stand_in_the_margin_and_within_notes_in_the_text(cited: SiteFolder) -> None:
    cited.write("site.yaml", "citation_style: chicago-notes-bibliography\n")
    cited.write(
        "entry.md",
        "Text[^a] of [@radford2019] and @hinton2015.\n\n[^a]: See [@vaswani2017], says @hinton2015.\n",
    )
    assert cited.codes() == []
    html = cited.page("terms/entry/index.html")
    marks = re.findall(r'popovertarget="(\w+)" aria-label="(Note \d)"', html)
    assert marks == [("_sn1", "Note 1"), ("_cn3", "Note 2"), ("_cn4", "Note 3")]
    assert all(f'id="{name}"' in html for name, _ in marks)
    assert html.count("popovertarget") == 3, "no note stands in a note"
    assert 'of<button class="fn"' in html, "a note stands right behind the word"
    assert "and Hinton et al.<button" in html
    assert re.search(r"says Hinton et al. \([^()]*https://arxiv.org/abs/1503.02531\)\.", text(html))
    assert "“Distilling the Knowledge in a Neural Network,”" in html
    assert listed(cited) == ["hinton2015", "radford2019", "vaswani2017"]
    assert "<p>Text of and Hinton et al..</p>" in cited.page("terms/entry/card.html").replace(
        "al.</p>", "al..</p>"
    )


def test_a_title_is_cleared_of_what_it_cites_and_the_work_is_listed(cited: SiteFolder) -> None:
    cited.write(
        "entry.md", "# GPT-2 [@radford2019]\n\nIt writes.\n\n## Size [@hinton2015] of @property\n\nLarge.\n"
    )
    assert cited.codes() == []
    html = cited.page("terms/gpt-2/index.html")
    assert '<dfn itemprop="name">GPT-2</dfn>' in html
    assert '<h2 id="size-of-property">' in html
    assert 'Size (<a class="cite" href="#_ref-hinton2015">Hinton et al., 2015</a>) of @property</h2>' in html
    assert listed(cited, "terms/gpt-2/index.html") == ["hinton2015", "radford2019"]


def test_the_home_page_and_documents_have_lists_of_their_own(cited: SiteFolder) -> None:
    cited.write("index.md", "Welcome, says [@hinton2015].\n")
    cited.write(
        "glossary.md",
        "# Many\n\nAll of [@hinton2015].\n\n## One\n\nBy [@radford2019].\n\n## Two\n\nBy @hinton2015.\n",
    )
    cited.write("notes/reading.md", "Read [@vaswani2017].\n")
    assert cited.codes() == []
    assert listed(cited, "index.html") == ["hinton2015"]
    assert listed(cited, "glossary/index.html") == ["hinton2015", "radford2019"]
    assert listed(cited, "terms/one/index.html") == ["radford2019"]
    assert listed(cited, "notes/reading/index.html") == ["vaswani2017"]


def test_what_is_embedded_cites_in_its_host(cited: SiteFolder) -> None:
    cited.write("site.yaml", "citation_style: ieee\n")
    cited.write("inner.md", "Inside [@vaswani2017].\n\n## Part [@hinton2015]\n\nSaid again [@hinton2015].\n")
    cited.write(
        "outer.md", "First [@radford2019].\n\n![[inner#Part]]\n\nLast [@vaswani2017; @radford2019].\n"
    )
    assert cited.codes() == []
    html = cited.page("terms/outer/index.html")
    assert re.findall(r'class="cite" href="#_ref-(\w+)">(.*?)</a>', html) == [
        ("radford2019", "1"),
        ("hinton2015", "2"),
        ("hinton2015", "2"),
        ("radford2019", "1"),
        ("vaswani2017", "3"),
    ]
    assert listed(cited, "terms/outer/index.html") == ["radford2019", "hinton2015", "vaswani2017"]
    assert listed(cited, "terms/inner/index.html") == ["vaswani2017", "hinton2015"]


def test_the_language_of_citations_is_that_of_the_page(cited: SiteFolder) -> None:
    cited.write("entry.md", "As [@hinton2015, pp. 3-5].\n")
    cited.write("eintrag.md", "---\nlang: de\n---\nWie [@hinton2015, pp. 3-5].\n")
    cited.build()
    assert text(lead(cited)) == "As (Hinton et al., 2015, pp. 3–5)."
    assert text(lead(cited, "eintrag")).replace("\xa0", " ") == "Wie (Hinton et al., 2015, S. 3–5)."


def test_search_knows_whom_and_what_an_entry_cites(cited: SiteFolder) -> None:
    cited.write("entry.md", "It rests on [@radford2019]. Ask @gandalf.\n").write("other.md", "Other.\n")
    cited.build()
    terms = addresses_by_term(cited.folder / "public" / "search").keys()
    assert {"radford", "sutskev", "unsupervis", "gandalf"} <= terms


# ------------------------------------------------------------------------------------------------ the page of references


def test_every_work_is_listed_with_who_cites_it_and_its_source(cited: SiteFolder) -> None:
    cited.write("site.yaml", "bibliography: [references.bib, other.json]\n").write("other.json", SHANNON)
    cited.write("index.md", "Welcome [@radford2019].\n")
    cited.write("entry.md", "By [@radford2019] and [@shannon1948].\n")
    cited.write("notes/reading.md", "# Reading\n\nRead [@radford2019].\n")
    assert cited.codes() == []
    html = cited.page("references/index.html")
    assert listed(cited, "references/index.html") == ["radford2019", "shannon1948"], (
        "vaswani2017 is not cited"
    )
    radford, shannon = re.findall(r'<li id="_ref.*?</li>', html, re.DOTALL)
    by = text(re.findall(r'<p class="by">(.*?)</p>', radford, re.DOTALL)[0])
    assert by == "Cited by entry, Glossary, Reading"
    assert "title = {Language Models are Unsupervised Multitask Learners}" in radford
    assert '<a class="x" href="https://doi.org/10.1002/j.1538-7305.1948.tb01338.x">' in shannon
    assert "&#34;custom&#34;: 1" in shannon, "the author's own text"
    assert re.findall(r"<summary>(.*?)</summary>", html) == ["BibTeX", "CSL JSON"]


def test_an_address_that_a_style_leaves_out_is_given_beside_it(cited: SiteFolder) -> None:
    cited.write(
        "mine.csl", STYLE.format('<bibliography><layout><text variable="title"/></layout></bibliography>')
    )
    cited.write("site.yaml", "citation_style: mine.csl\nbibliography: other.json\n").write(
        "other.json", SHANNON
    )
    cited.write("entry.md", "By [@shannon1948].\n")
    cited.build()
    assert text(re.findall(r'<li id="_ref.*?</p>', cited.page("references/index.html"), re.DOTALL)[0]) == (
        "A Mathematical Theory of Communication doi.org/10.1002/j.1538-7305.1948.tb01338.x"
    )


def test_nothing_is_listed_where_nothing_is_cited(cited: SiteFolder) -> None:
    cited.write("entry.md", "Nothing.\n")
    assert cited.build().work.cited == 0
    assert "No work is cited yet." in cited.page("references/index.html")


# ------------------------------------------------------------------------------------------------ bibliographies


def test_an_entry_s_own_bibliography_stands_in_front_of_the_site_s(cited: SiteFolder) -> None:
    cited.write("terms/more.bib", OTHER)
    cited.write(
        "terms/own.md",
        "---\nbibliography: more.bib\n---\nBy [@hinton2015] and [@shannon1948; @vaswani2017].\n",
    )
    cited.write("entry.md", "By [@hinton2015] and @shannon1948.\n")
    assert cited.codes() == []
    assert text(lead(cited, "own")) == "By (Hinton, 2015) and (Shannon, 1948; Vaswani et al., 2017)."
    assert text(lead(cited)) == "By (Hinton et al., 2015) and @shannon1948."


def test_two_works_of_one_key_are_kept_apart(cited: SiteFolder) -> None:
    cited.write("more.bib", OTHER)
    cited.write("own.md", "---\nbibliography: /more.bib\n---\nBy [@hinton2015].\n")
    cited.write("entry.md", "By [@hinton2015].\n\n![[own]]\n")
    assert cited.codes() == []
    html = cited.page("terms/entry/index.html")
    assert re.findall(r'class="cite" href="#([^"]+)">(.*?)</a>', html) == [
        ("_ref-hinton2015", "Hinton et al., 2015"),
        ("_ref-hinton2015%202", "Hinton, 2015"),
    ]
    for page in ("terms/entry/index.html", "references/index.html"):
        assert sorted(listed(cited, page)) == ["hinton2015", "hinton2015%202"]


def test_a_file_of_many_terms_hands_its_bibliography_on(site: SiteFolder) -> None:
    site.write("more.bib", OTHER).write("third.bib", BIBLIOGRAPHY.replace("hinton2015", "third"))
    site.write(
        "glossary.md",
        "---\nbibliography: more.bib\n---\n## One\n\nBy [@shannon1948].\n\n## Two\n\nbibliography: third.bib\n\nBy [@third; @shannon1948].\n",
    )
    assert site.codes() == []
    assert listed(site, "glossary/index.html") == ["third", "shannon1948"]


@pytest.mark.parametrize(
    ("setting", "path", "message", "mend"),
    [
        ("bibliography: refs.bib", "site.yaml", "there is no bibliography `refs.bib`", "did you mean `references.bib`?"),
        ("bibliography: [references.bib, ../x.bib]", "site.yaml", "the bibliography `../x.bib` is outside the content folder", ""),
        ("bibliography: entry.txt", "site.yaml", "the file `entry.txt` is no bibliography", ".json"),
        ("citation_style: harvrad", "site.yaml", "`citation_style`: there is no citation style `harvrad`", "`harvard`"),
        ("citation_style: broken.csl", "site.yaml", "`citation_style`: the text has no `<style>` of CSL", ""),
        ("citation_style: [apa]", "site.yaml", "`citation_style` wants a text, got a list", ""),
    ],
)  # fmt: skip
def test_a_setting_that_names_nothing_is_told_of_where_it_stands(
    cited: SiteFolder, setting: str, path: str, message: str, mend: str
) -> None:
    cited.write("entry.txt", "x").write("broken.csl", "<html/>").write("site.yaml", f"title: T\n{setting}\n")
    cited.write("entry.md", "An entry.\n")
    fault = cited.only_fault()
    assert (fault.path, fault.message) == (f"content/{path}", message)
    assert mend in fault.help
    assert fault.severity == "error"
    assert cited.page("index.html")


def test_a_bibliography_that_an_entry_names_in_vain_is_told_of_once(site: SiteFolder) -> None:
    site.write(
        "glossary.md", "---\nbibliography: gone.bib\n---\n## One\n\nBy [@a1].\n\n## Two\n\nBy [@a2].\n"
    )
    faults = site.build().diagnostics
    assert [one.code for one in faults] == ["invalid-field", "missing-citation", "missing-citation"]
    assert faults[0].span
    text_of_file = site.content.joinpath("glossary.md").read_text()
    assert text_of_file[faults[0].span.start : faults[0].span.end] == "gone.bib"


def test_files_of_a_list_that_share_a_key_are_told_of(cited: SiteFolder) -> None:
    cited.write("more.bib", OTHER).write("site.yaml", "bibliography: [references.bib, more.bib]\n")
    cited.write("entry.md", "By [@hinton2015].\n")
    fault = cited.only_fault()
    assert (fault.code, fault.path) == ("duplicate-key", "content/more.bib")
    assert text(lead(cited)) == "By (Hinton et al., 2015)."


def test_an_address_that_could_run_code_is_left_out(site: SiteFolder) -> None:
    site.write(
        "references.bib", "@misc{a1, author={A, B}, title={T}, year=2000, url={javascript:alert(1)}}\n"
    )
    site.write("entry.md", "By [@a1].\n")
    assert site.codes() == ["unsafe-url"]
    pages = [path for path in site.files() if path.endswith(".html")]
    assert not any('href="javascript' in site.page(path) for path in pages)


def test_a_bibliography_that_cannot_be_read_as_text_is_read_as_far_as_it_goes(site: SiteFolder) -> None:
    site.write("references.bib", "@misc{a1, author={Körper, B}, title={T}, year=2000}".encode("latin-1"))
    site.write("entry.md", "By [@a1].\n")
    assert site.codes() == ["unreadable-text"]
    assert text(lead(site)) == "By (K�rper, 2000)."


# ------------------------------------------------------------------------------------------------ styles


def test_an_author_s_own_style_is_used(cited: SiteFolder) -> None:
    style = (packages().citations / "styles" / "ieee.csl").read_text(encoding="utf-8")
    cited.write("styles/mine.csl", style).write("site.yaml", "citation_style: styles/mine.csl\n")
    cited.write("entry.md", "By [@hinton2015].\n")
    assert cited.codes() == []
    assert text(lead(cited)) == "By [1]."


REFUSED = (
    '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">'
    "<citation><layout><nonsense/></layout></citation></style>"
)


def test_a_style_that_the_engine_refuses_is_told_of_each_time_and_tried_once(
    cited: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    cited.write("mine.csl", REFUSED).write("site.yaml", "citation_style: mine.csl\n")
    cited.write("entry.md", "By [@hinton2015].\n")
    first = cited.only_fault()
    assert (first.code, first.path) == ("invalid-setting", "content/site.yaml")
    assert "citeproc refuses the style" in first.message
    assert text(lead(cited)) == "By (Hinton et al., 2015)."
    monkeypatch.setattr(Citer, "start", lambda _: pytest.fail("it was tried again"))
    assert cited.only_fault() == first


def test_a_style_without_a_list_cites_without_links_and_the_works_are_listed_by_title(
    cited: SiteFolder,
) -> None:
    cited.write("mine.csl", STYLE.format(""))
    cited.write("site.yaml", "citation_style: mine.csl\n").write("entry.md", "By [@hinton2015].\n")
    assert cited.codes() == []
    assert lead(cited) == "By (Distilling the Knowledge in a Neural Network)."
    assert "_references" not in cited.page("terms/entry/index.html")
    assert listed(cited, "references/index.html") == ["hinton2015"]


# ------------------------------------------------------------------------------------------------ the engine


def test_what_the_engine_cannot_set_stays_as_written_and_is_told_of_each_time(
    cited: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Citer.begin

    def complains() -> None:
        raise Complaint("citeproc says: it is odd")

    def fails(self: Citer, clusters: Sequence[Cluster], works: Mapping[str, Mapping[str, object]]) -> object:
        return complains if "hinton2015" in works else begin(self, clusters, works)

    monkeypatch.setattr(Citer, "begin", fails)
    cited.write("entry.md", "By [@hinton2015].\n").write("other.md", "By [@radford2019].\n")
    first = cited.only_fault()
    assert (first.code, first.path) == ("engine-failure", "content/entry.md")
    assert first.span
    assert text(lead(cited)) == "By [@hinton2015]."
    assert text(lead(cited, "other")) == "By (Radford et al., 2019)."
    monkeypatch.undo()
    assert cited.only_fault() == first, "the complaint is remembered"


def test_an_engine_that_cannot_be_had_is_told_of_and_nothing_is_written(
    cited: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise CitingError("the engine that sets citations failed: MemoryError")

    monkeypatch.setattr(Citer, "begin", lambda *_: dies)
    cited.write("entry.md", "By [@hinton2015].\n")
    built = cited.build()
    assert [one.code for one in built.diagnostics] == ["engine-failure"]
    assert not built.is_written
    monkeypatch.undo()
    assert cited.codes() == []

"""How much a build does for each kind of edit, in counts: never more than the edit touches.

The site is generated: `COUNT` terms whose titles sort as their numbers do, each with a formula of its own and
links to the three behind it, so that the pages an edit must touch can be told beforehand.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import filterfalse
from pathlib import Path

import pytest

from grimoire import search
from grimoire.building import Options, build
from grimoire.builds import Built, Work
from grimoire.search import name_rows

COUNT = 120
LINKS = (1, 5, 11)
"""Term n links to the terms this many numbers further on."""

ALWAYS = {"glossary.json", "graph.json", "search/index.json"}
"""Made anew with any change of a text."""
SEARCHED = re.compile(r"search/(?:index|lengths|lengths-tex|[0-9a-f]{8})\.json").fullmatch


def name(number: int) -> str:
    return f"term {number % COUNT:03}"


def slug(number: int) -> str:
    return name(number).replace(" ", "-")


def page(number: int) -> str:
    return f"terms/{slug(number)}/index.html"


def card(number: int) -> str:
    return f"terms/{slug(number)}/card.html"


def entry(number: int, *, title: str = "", fields: str = "", last: str = "") -> str:
    links = " ".join(f"Sentence {step} of {number} names [[{name(number + step)}]]." for step in LINKS)
    return (
        f"---\ntitle: {title or name(number)}\ntags: [topic-{number % 4}]\n{fields}---\n"
        f"The summary of number {number} is $x_{{{number}}}$.\n\n{links}\n\n{last}\n"
    )


class Site:
    """The generated site, and what building it again takes."""

    def __init__(self, folder: Path, count: int = COUNT) -> None:
        self.folder = folder
        self.out = folder / "public"
        for number in range(count):
            self.write(number, entry(number))

    def write(self, number: int, text: str) -> None:
        self.put(f"content/{slug(number)}.md", text)

    def put(self, path: str, text: str) -> None:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def build(self) -> Built:
        return build(Options(self.folder))

    def changed(self) -> tuple[Work, dict[str, str], set[str]]:
        """Build again: the work, why each page was rendered, and which files are not what they were."""
        before = self._files()
        built = self.build()
        assert built.is_written, built.diagnostics
        after = self._files()
        differing = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        return built.work, dict(built.reasons), differing

    def _files(self) -> dict[str, bytes]:
        files = (path for path in self.out.rglob("*") if path.is_file() and path.name[0] != ".")
        return {path.relative_to(self.out).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("work") / "site")
    work = site.build().work
    assert (work.parsed, work.typeset, work.cards) == (COUNT, COUNT, COUNT)
    return site


@pytest.fixture
def site(built_site: Site) -> Iterator[Site]:
    """The site as generated, built; a test's edits are undone after it."""
    yield built_site
    for place in sorted(built_site.folder.glob("[cst]*/**/*"), reverse=True):
        if place.is_dir():
            place.rmdir()
        else:
            place.unlink()
    for number in range(COUNT):
        built_site.write(number, entry(number))
    built_site.build()


def test_nothing_changed(site: Site) -> None:
    work, reasons, differing = site.changed()
    assert (work.parsed, work.typeset, work.rendered, work.cards, work.staged) == (0, 0, 0, 0, 0)
    assert work.kept >= COUNT
    assert (reasons, differing) == ({}, set())


@pytest.mark.parametrize("settings", ["", "auto_link: first\nacronyms: expand\n"])
def test_nothing_changed_loads_no_engine_and_no_parser(site: Site, settings: str) -> None:
    site.put("content/site.yaml", settings)
    site.build()
    site.put("content/site.yaml", f"# the same in other words\n{settings}")
    heavy = ["py_mini_racer", "jinja2", "markdown_it", "pygments", "pylatexenc", "bibtexparser"]
    heavy += ["grimoire.parse.latex", "lunr", "asyncio", "http", "email"]
    script = (
        "import json, sys; from pathlib import Path; from grimoire.cli import main\n"
        f"status = main(['build', {str(site.folder)!r}, '--quiet'])\n"
        f"print(json.dumps([status, [name for name in {heavy} if name in sys.modules]]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [0, []]


def test_a_body(site: Site) -> None:
    site.write(7, entry(7, last="A last sentence that names nobody."))
    work, reasons, differing = site.changed()
    assert (work.parsed, work.typeset, work.rendered, work.cards) == (1, 0, 1, 0)
    assert reasons == {page(7): "text changed"}
    assert set(filterfalse(SEARCHED, differing)) == {page(7), f"terms/{slug(7)}/index.md"}


def test_a_blank_line_moves_places_and_changes_no_page(site: Site) -> None:
    site.write(7, entry(7).replace("---\nThe", "---\n\n\nThe"))
    work, reasons, differing = site.changed()
    assert (work.parsed, work.typeset, work.rendered, work.cards) == (1, 0, 0, 0)
    assert reasons == {}
    assert differing <= {f"terms/{slug(7)}/index.md"}


def test_a_sentence_that_others_quote(site: Site) -> None:
    site.write(7, entry(7).replace("Sentence 5 of 7 names", "Sentence 5 of 7 now names"))
    work, reasons, _ = site.changed()
    assert (work.parsed, work.typeset, work.rendered, work.cards) == (1, 0, 2, 0)
    assert reasons == {page(7): "text changed", page(12): "used by changed"}


def test_a_formula(site: Site) -> None:
    site.write(7, entry(7, last="It has $y_7$ too, and $x_{8}$ is known."))
    work, reasons, differing = site.changed()
    assert (work.parsed, work.typeset, work.rendered, work.cards) == (1, 1, 1, 0)
    assert reasons == {page(7): "text changed"}
    assert {page(7), "glossary.json", "search/index.json"} <= differing


def test_a_formula_in_a_title_or_a_description(site: Site) -> None:
    """It has its rules in the sheet, and is told of when it is refused, as one in the text is."""
    site.write(7, entry(7, title="term 007 $\\rule{3em}{7em}$", fields="description: It is $\\frac$.\n"))
    built = site.build()
    assert (built.work.parsed, built.work.typeset) == (1, 2)
    (fault,) = built.diagnostics
    assert (fault.code, fault.path) == ("invalid-math", f"content/{slug(7)}.md")
    assert "\\frac" in fault.why
    assert "7em" in (site.out / "static" / "math.css").read_text("utf-8")


def test_a_title(site: Site) -> None:
    """Its own page, who links to it or is linked from it, its neighbours in the alphabet, and the lists."""
    site.write(7, entry(7, title="Term 007 renamed", fields=f"aliases: [{name(7)}]\nid: {slug(7)}\n"))
    work, reasons, _ = site.changed()
    assert (work.parsed, work.typeset) == (1, 0)
    around = {7, 6, 8} | {7 + step for step in LINKS} | {7 - step for step in LINKS}
    assert work.laid_out == 0, "a title moves nothing on the map"
    pages = {page(number) for number in around} | {
        "index.html",
        "graph/index.html",
        "topics/index.html",
        "topics/topic-3/index.html",
    }
    assert {path for path in reasons if not path.endswith("card.html")} == pages
    assert {path for path in reasons if path.endswith("card.html")} <= {card(number) for number in around}
    assert "title" in reasons[page(7)]
    assert "after" in reasons[page(6)]
    assert "before" in reasons[page(8)]
    assert "groups" in reasons["index.html"]


def test_an_alias(site: Site) -> None:
    site.write(7, entry(7, fields="aliases: [seventh]\n"))
    work, reasons, _ = site.changed()
    assert (work.parsed, work.typeset) == (1, 0)
    assert reasons == {
        page(7): "aliases changed",
        card(7): "aliases changed",
        "index.html": "groups changed",
        "topics/index.html": "entries changed",
        "topics/topic-3/index.html": "entries changed",
    }


def test_a_name_that_becomes_a_link_where_it_stands(site: Site) -> None:
    """A new name changes the entry itself, and exactly those in which it is now linked."""
    site.put("content/site.yaml", "auto_link: first\n")
    for number in (20, 50, 90):
        site.write(number, entry(number, last="Here the seventh one is named."))
    site.build()
    site.write(7, entry(7, fields="aliases: [seventh one]\n"))
    work, reasons, _ = site.changed()
    assert (work.parsed, work.searched, work.typeset) == (1, COUNT, 0)
    assert reasons == {
        page(7): "aliases, neighbours, used by changed",
        card(7): "aliases changed",
        "index.html": "groups changed",
        "topics/index.html": "entries changed",
        "topics/topic-3/index.html": "entries changed",
        "graph/index.html": "chart changed",
        **{page(number): "text, neighbours changed" for number in (20, 50, 90)},
    }
    assert work.laid_out == 1


def test_only_a_text_that_changed_is_searched_for_names(site: Site) -> None:
    site.put("content/site.yaml", "auto_link: first\n")
    site.build()
    work, reasons, differing = site.changed()
    assert (work.parsed, work.searched, reasons, differing) == (0, 0, {}, set())
    site.write(7, entry(7, last="Here the term 030 is named, and in term 031 nobody."))
    work, reasons, _ = site.changed()
    assert (work.parsed, work.searched, work.typeset) == (1, 1, 0)
    assert set(reasons) == {page(7), page(30), page(31), "graph/index.html"}
    site.write(
        7,
        entry(7, last="Here the term 030 is named, and in term 031 nobody.").replace(
            "---\nThe", "---\n\n\nThe"
        ),
    )
    work, reasons, _ = site.changed()
    assert (work.parsed, work.searched, reasons) == (1, 1, {}), "a place moves no page"


def test_names_are_not_looked_for_unasked(site: Site) -> None:
    site.write(7, entry(7, last="Here the term 030 is named."))
    work, _, _ = site.changed()
    assert (work.parsed, work.searched) == (1, 0)
    heavy = ["grimoire.lexicon", "grimoire.common_words", "grimoire.mentions", "grimoire.autolink"]
    heavy += ["grimoire.parse.latex", "pylatexenc"]
    script = (
        "import json, sys; from pathlib import Path; from grimoire.cli import main\n"
        f"status = main(['build', {str(site.folder)!r}, '--quiet', '--clean'])\n"
        f"print(json.dumps([status, [name for name in {heavy} if name in sys.modules]]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [0, []]


def test_an_alias_that_was_wanted_mends_the_link(site: Site) -> None:
    site.write(90, entry(90, last="It asks for [[the seventh]]."))
    site.build()
    site.write(7, entry(7, fields="aliases: [the seventh]\n"))
    work, reasons, _ = site.changed()
    assert (work.parsed, work.typeset) == (1, 0)
    assert {page(90), page(7), "wanted/index.html"} <= reasons.keys()
    assert work.rendered <= len({7, 90}) + len(LINKS) + len(["index", "topics", "topic", "wanted"])


def test_a_new_entry(site: Site) -> None:
    site.put("content/term-200.md", entry(200, title="term 200").replace("$x_{200}$", "new"))
    work, reasons, _ = site.changed()
    assert (work.parsed, work.typeset, work.cards) == (1, 0, 1)
    linked = {200 % COUNT + step for step in LINKS}
    lists = {
        "index.html",
        "topics/index.html",
        "topics/topic-0/index.html",
        "search/index.html",
        "graph/index.html",
    }
    expected = {"terms/term-200/index.html", page(COUNT - 1), *map(page, linked), *lists}
    assert {path for path in reasons if not path.endswith("card.html")} == expected
    assert reasons["terms/term-200/index.html"] == "new"
    assert reasons[page(COUNT - 1)] == "after changed"


def test_an_entry_less(site: Site) -> None:
    (site.folder / f"content/{slug(7)}.md").unlink()
    work, reasons, differing = site.changed()
    assert (work.parsed, work.typeset, work.cards) == (0, 0, 0)
    linkers = {7 - step for step in LINKS} | {7 + step for step in LINKS} | {6, 8}
    assert {path for path in reasons if path.startswith("terms/")} == {page(number) for number in linkers}
    assert {page(7), card(7)} <= differing
    assert not (site.out / page(7)).exists()


def test_a_template(site: Site) -> None:
    site.put("templates/term.html", '{% extends "default/term.html" %}{% block after %}ours{% endblock %}')
    work, reasons, _ = site.changed()
    assert (work.parsed, work.typeset, work.kept) == (0, 0, 0)
    assert work.cards == COUNT
    assert set(reasons.values()) == {"the theme, the settings or the program changed"}


def test_a_style_sheet_has_another_name_and_so_every_page_that_names_it(site: Site) -> None:
    site.put("static/custom.css", "p { margin: 0 }")
    work, reasons, differing = site.changed()
    assert (work.parsed, work.typeset, work.kept) == (0, 0, 0)
    assert set(reasons.values()) == {"the theme, the settings or the program changed"}
    assert not differing & ALWAYS
    assert any(path.startswith("static/custom.") for path in differing)


def test_a_setting_of_no_consequence_for_texts(site: Site) -> None:
    site.put("content/site.yaml", "license: CC0\n")
    work, _, _ = site.changed()
    assert (work.parsed, work.typeset, work.kept) == (0, 0, 0)


def test_macros_set_every_formula_again_and_parse_nothing(site: Site) -> None:
    site.put("content/site.yaml", "math: {macros: {half: '0.5'}}\n")
    work, _, differing = site.changed()
    assert (work.parsed, work.typeset) == (0, COUNT)
    assert differing == set(), "no formula uses the macro"


def test_a_lost_output_is_made_again_and_nothing_else(site: Site) -> None:
    (site.out / page(7)).unlink()
    (site.out / page(8)).write_text("overwritten")
    work, reasons, differing = site.changed()
    assert (work.parsed, work.typeset, work.rendered, work.cards, work.staged) == (0, 0, 2, 0, 2)
    assert set(reasons.values()) == {"the file was changed or removed"}
    assert differing == {page(7), page(8)}


def test_what_was_known_before_is_still_known(site: Site) -> None:
    site.write(7, entry(7, last="It has $z_7$ for a while."))
    assert site.build().work.typeset == 1
    site.write(7, entry(7))
    work = site.build().work
    assert (work.parsed, work.typeset, work.rendered) == (0, 0, 1)


# ------------------------------------------------------------------------------------------------ citations

SHANNON = "@article{shannon1948, author={Shannon, Claude E.}, title={A Mathematical Theory of Communication}, year=1948}\n"
KULLBACK = "@article{kullback1951, author={Kullback, S. and Leibler, R. A.}, title={On Information and Sufficiency}, year=1951}\n"
CITING = {
    "entropy": "Entropy measures [@shannon1948].\n",
    "divergence": "It compares two [[entropy|entropies]].\n\nIt is due to @kullback1951.\n",
    "both": "The two of them.\n\nThey are of [@shannon1948; @kullback1951]. Ask @somebody.\n",
    "neither": "It cites nothing.\n",
}


@pytest.fixture
def citing(tmp_path: Path) -> Site:
    """A small site of its own, built, in which some entries cite."""
    site = Site(tmp_path / "site", count=0)
    for name, text in CITING.items():
        site.put(f"content/{name}.md", text)
    site.put("content/references.bib", SHANNON + KULLBACK)
    work = site.build().work
    # Three pages and the bibliography; a summary is cut from what was set for its page.
    assert (work.parsed, work.cited) == (4, 4)
    return site


def term(name: str) -> str:
    return f"terms/{name}/index.html"


def test_no_citation_is_set_again_and_no_engine_loaded(citing: Site) -> None:
    work, reasons, differing = citing.changed()
    assert (work.parsed, work.cited, work.rendered, work.staged) == (0, 0, 0, 0)
    assert (reasons, differing) == ({}, set())
    heavy = ["py_mini_racer", "bibtexparser", "pylatexenc", "rapidfuzz", "jinja2", "markdown_it"]
    heavy += ["grimoire.parse.latex"]
    script = (
        "import json, sys; from grimoire.cli import main\n"
        f"status = main(['build', {str(citing.folder)!r}, '--quiet'])\n"
        f"print(json.dumps([status, [name for name in {heavy} if name in sys.modules]]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [0, []]


def test_a_work_changed_renders_who_cites_it(citing: Site) -> None:
    citing.put("content/references.bib", SHANNON + KULLBACK.replace("1951}", "1952}"))
    work, reasons, differing = citing.changed()
    assert (work.parsed, work.cited, work.rendered) == (0, 3, 3)
    assert reasons.keys() == {term("divergence"), term("both"), "references/index.html"}
    assert {term("divergence"), term("both"), "references/index.html"} <= differing
    assert reasons[term("divergence")] == "references changed"


def test_a_work_in_a_summary_changed_renders_who_shows_it(citing: Site) -> None:
    citing.put(
        "content/references.bib", SHANNON.replace("Claude E.", "C.").replace("1948}", "1949}") + KULLBACK
    )
    work, reasons, _ = citing.changed()
    assert (work.parsed, work.cited) == (0, 3)
    pages = {term("entropy"), term("both"), "references/index.html"}
    assert {path for path in reasons if "card" not in path and path.startswith("terms/")} == pages - {
        "references/index.html"
    }
    assert {"index.html", "topics/index.html", "references/index.html"} <= reasons.keys()
    assert {path for path in reasons if "card" in path} == {"terms/entropy/card.html"}


def test_a_work_that_nobody_cites_changes_nothing(citing: Site) -> None:
    citing.put("content/references.bib", SHANNON + "@book{other, title={Another}}\n\n" + KULLBACK)
    work, reasons, differing = citing.changed()
    assert (work.parsed, work.cited, work.rendered, work.staged) == (0, 0, 0, 0)
    assert (reasons, differing) == ({}, set())


def test_a_key_that_was_missing_mends_the_citation(citing: Site) -> None:
    citing.put(
        "content/references.bib", SHANNON + KULLBACK + "@misc{somebody, author={Some, Body}, year=2000}\n"
    )
    work, reasons, _ = citing.changed()
    assert (work.parsed, work.cited) == (0, 2)
    assert reasons.keys() == {term("both"), "references/index.html"}


def test_another_style_renders_the_pages_that_cite(citing: Site) -> None:
    citing.put("content/site.yaml", "citation_style: ieee\n")
    work, reasons, _ = citing.changed()
    assert (work.parsed, work.cited) == (0, 4)
    assert term("neither") not in reasons
    assert {term("entropy"), term("divergence"), term("both"), "references/index.html"} <= reasons.keys()


def test_an_entry_edited_sets_nothing_of_the_others(citing: Site) -> None:
    citing.put("content/divergence.md", CITING["divergence"] + "\nAnd it is never negative.\n")
    work, reasons, _ = citing.changed()
    assert (work.parsed, work.cited, work.rendered) == (1, 0, 1)
    assert reasons == {term("divergence"): "text changed"}
    citing.put(
        "content/divergence.md", CITING["divergence"].replace("@kullback1951", "@kullback1951 [p. 80]")
    )
    work, reasons, _ = citing.changed()
    assert (work.parsed, work.cited, work.rendered) == (1, 1, 1)


# ------------------------------------------------------------------------------------------------ LaTeX

ENTRIES = "\\newglossaryentry{ring}{name=ring, description={A \\gls{svm} it is not.}}\n"
ACRONYMS = "\\newacronym{svm}{SVM}{support vector machine}\n"


def test_a_name_in_latex_touches_the_latex_alone(site: Site) -> None:
    site.put("content/a.tex", ENTRIES)
    site.put("content/b.tex", ACRONYMS)
    assert site.build().work.parsed == 2
    site.put("content/b.tex", ACRONYMS + "% nothing is called otherwise\n")
    work, _, _ = site.changed()
    assert work.parsed == 1
    site.put("content/b.tex", ACRONYMS.replace("{SVM}", "{S.V.M.}"))
    work, _, differing = site.changed()
    assert work.parsed == 2
    assert "terms/ring/index.html" in differing
    assert "S.V.M." in (site.out / "terms/ring/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("path", "text", "loaded"),
    [
        ("content/a.md", "A body.\n", []),
        ("content/a.tex", ENTRIES, ["pylatexenc", "grimoire.parse.latex"]),
        ("content/a.bib", "@index{ring}", []),
    ],
)
def test_latex_is_loaded_only_for_latex(site: Site, path: str, text: str, loaded: list[str]) -> None:
    site.put(path, text)
    script = (
        "import json, sys; from grimoire.cli import main\n"
        f"main(['build', {str(site.folder)!r}, '--quiet'])\n"
        "print(json.dumps([name for name in ('pylatexenc', 'bibtexparser', 'grimoire.parse.latex') if name in sys.modules]))"
    )
    for expected in (loaded, []):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == expected


# ------------------------------------------------------------------------------------------------ the search


def searched(site: Site) -> tuple[set[str], int, int]:
    """Build again: which files of the texts' index were written, with how many bytes, and how many there are."""
    _, _, differing = site.changed()
    written = set(filter(SEARCHED, differing))
    size = sum((site.out / path).stat().st_size for path in written if (site.out / path).exists())
    return (
        written,
        size,
        len(list(filter(SEARCHED, (f"search/{path.name}" for path in site.out.glob("search/*"))))),
    )


@pytest.fixture
def shelf(tmp_path: Path) -> Site:
    """A site of many words, so that its index has some tens of shards."""
    site = Site(tmp_path / "site")
    for number in range(COUNT):
        words = " ".join(f"w{number * place % 4111:x}ord" for place in range(200))
        site.write(number, entry(number, last=words))
    site.build()
    return site


def test_a_body_writes_the_shards_of_the_words_that_changed(shelf: Site) -> None:
    words = " ".join(f"w{7 * place % 4111:x}ord" for place in range(200))
    shelf.write(7, entry(7, last=f"{words} unheard"))
    written, size, of_all = searched(shelf)
    assert of_all > 15
    assert {"search/index.json", "search/lengths.json"} < written
    assert len(written) == 3, "what holds for all documents, and the shard of the word"
    assert size < 30_000
    shelf.write(7, entry(7, last=words))
    assert searched(shelf)[0] == written


def test_a_title_writes_the_shards_of_its_words(shelf: Site) -> None:
    words = " ".join(f"w{7 * place % 4111:x}ord" for place in range(200))
    fields = f"aliases: [{name(7)}]\nid: {slug(7)}\n"
    shelf.write(7, entry(7, title="Renamed 007", fields=fields, last=words))
    written, _, of_all = searched(shelf)
    assert 3 <= len(written) <= 8 < of_all, (
        "of the words that came, those that went, and those now in aliases"
    )


def test_a_new_entry_writes_the_shards_of_its_words(shelf: Site) -> None:
    shelf.put("content/new.md", "# Novelty\n\nIt has wholly different contents.\n")
    written, _, of_all = searched(shelf)
    assert len(written) <= 10 < of_all


def test_an_index_with_a_lost_shard_is_made_whole_again(shelf: Site) -> None:
    before = {path.name: path.read_bytes() for path in shelf.out.glob("search/*.json")}
    lost = sorted(name for name in before if SEARCHED(f"search/{name}") and name[0] not in "il")[3]
    (shelf.out / "search" / lost).unlink()
    assert searched(shelf)[0] == {f"search/{lost}"}
    assert {path.name: path.read_bytes() for path in shelf.out.glob("search/*.json")} == before
    (shelf.out / "search" / lost).write_text("[]")
    words = " ".join(f"w{7 * place % 4111:x}ord" for place in range(200))
    shelf.write(7, entry(7, last=f"{words} {lost}"))
    shelf.build()
    assert json.loads((shelf.out / "search" / lost).read_bytes())


def test_names_are_made_anew_for_what_they_need_alone(shelf: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def names(documents: Mapping[int, search.Document]) -> dict[str, bytes]:
        made.append(len(documents))
        return name_rows.names(documents)

    monkeypatch.setattr(search, "names", names)
    shelf.put(
        "content/references.bib", "@book{noether1921, author={Emmy Noether}, title={Rings}, year={1921}}\n"
    )
    shelf.write(7, entry(7, last="It is $q^2$ that changed, as in @noether1921."))
    written = searched(shelf)[0]
    assert written
    assert made == []
    shelf.write(7, entry(7, title="A title of its own"))
    shelf.build()
    assert made == [COUNT]


def test_the_names_of_a_large_site_are_written_as_they_change(
    shelf: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grimoire.search.names", partial(search.names, whole=0))
    shelf.put("content/new.md", "---\nid: new\n---\n# Novelty\n\nIt is another.\n")
    _, _, differing = shelf.changed()
    assert any(path.startswith("search/rows/") for path in differing)
    _, _, differing = shelf.changed()
    assert differing == set()
    shelf.put("content/new.md", "---\nid: new\n---\n# Novelty itself\n\nIt is another.\n")
    _, _, differing = shelf.changed()
    (of_rows,) = (path for path in differing if path.startswith("search/rows/"))
    of_ways = [path for path in differing if path.startswith("search/names/")]
    assert len(of_ways) == 1
    (shelf.out / of_rows).unlink()
    (shelf.out / of_ways[0]).unlink()
    after = shelf.changed()[2]
    assert after == {of_rows, of_ways[0]}
    clean = build(Options(shelf.folder, shelf.folder / "clean", remember=False))
    for path in clean.out.rglob("search/**/*.json"):
        assert (shelf.out / path.relative_to(clean.out)).read_bytes() == path.read_bytes()

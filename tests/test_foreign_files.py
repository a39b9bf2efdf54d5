"""Files as other editors, systems and scripts leave them: names, line ends, invisible characters, sizes."""

import json
import unicodedata
from urllib.parse import quote

import pytest
from tests.conftest import SiteFolder

from grimoire.parse import Dialect, parse
from grimoire.source import Source, decode


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def targets(site: SiteFolder, path: str) -> list[str]:
    """What the links of an entry lead to, in order; nothing may be wrong with the site."""
    assert [(one.path, one.message) for one in site.build().diagnostics] == []
    terms = json.loads(site.page("glossary.json"))["terms"]
    return [link["to"] for term in terms if term["source"] == path for link in term["links"]]


# ------------------------------------------------------------------------------------ names of files

NAMES = [
    "Plain",
    "With blanks  twice",
    "O’Brien's & sons, (limited) + others!",
    "Café naïve",
    "per%cent and %20",
    "群と環",
    "חוג",
    "кольцо",
    "a.b.c",
    "it's; so = that @ $5 {x} ~ `y`",
    "-dash_and-underscore_",
    "Straße №5 ½",
]


@pytest.mark.parametrize("form", [str, nfd], ids=["composed", "decomposed"])
@pytest.mark.parametrize("folder", ["", "a folder, (nested)/"])
def test_a_file_is_found_by_its_name(site: SiteFolder, form: type[str], folder: str) -> None:
    """Whatever form its name has on disk, and in the link."""
    for number, name in enumerate(NAMES):
        site.write(f"{form(folder + name)}.md", f"---\nslug: file-{number}\n---\nSaid here.\n")
        links = [
            f"[[{name}]]", f"[[{nfd(name)}|shown]]", f"[[{folder}{name}]]", f"[[{folder}{name}.md]]",
            f"[a](<{folder}{name}.md>)".replace("%", "%25"), f"[b]({quote(folder + name)}.md)",
            f"[c](./{quote(nfd(folder + name))}.md)", f"[d]({quote(folder + name)}.MD)",
        ]  # fmt: skip
        site.write(f"from {number}.md", " ".join(links))
    for number in range(len(NAMES)):
        assert targets(site, f"from {number}.md") == [f"file-{number}"] * 8


@pytest.mark.parametrize("name", ["plot.svg", "plot #1, (b) & c’d.svg", "é 環.svg", "PLOT.SVG"])
@pytest.mark.parametrize("form", [str, nfd], ids=["composed", "decomposed"])
def test_a_picture_is_found_by_its_name(site: SiteFolder, name: str, form: type[str]) -> None:
    site.write(form(f"files/{name}"), '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>')
    links = [
        f"![]({quote('files/' + name)})",
        f"![]({quote(nfd(name))})",
        f"[link](<files/{name.replace('#', '%23')}>)",
    ]
    if "#" not in name:
        links += [f"![[{name}]]", f"![[files/{name.lower()}|30]]"]
    site.write("from.md", " ".join(links))
    assert site.codes() == []
    page = site.page("terms/from/index.html")
    assert page.count("<img src=") == len(links) - 1
    assert page.count('<a class="n file"') == 1


def test_of_two_files_the_exact_one_and_then_the_nearest_is_meant(site: SiteFolder) -> None:
    for path, width in (
        ("plot.svg", 1),
        ("PLOT.svg", 2),
        ("a/plot.svg", 3),
        ("a/b/plot.svg", 4),
        ("c/x/plot.svg", 5),
    ):
        site.write(path, f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="9"/>')
    for path in ("from.md", "a/b/deep.md", "c/other.md", "d/far.md"):
        site.write(path, f"# {path[0]}\n\n![[plot.svg]]")
    assert site.codes() == []
    shown = {
        name: site.page(f"terms/{name}/index.html").split("<img ")[1].split("width=")[1][1] for name in "facd"
    }
    assert shown == {"f": "1", "a": "4", "c": "1", "d": "1"}


def test_a_link_by_name_to_a_file_is_a_link(site: SiteFolder) -> None:
    site.write("paper.pdf", "%PDF-1.4\n").write("plot.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    site.write("from.md", "See [[paper.pdf]], [[paper.pdf#page=3]], [[paper.pdf#page=3|there]], ![[paper.pdf#page=4]], "
               "[[plot.svg|the plot]] and [a plot](plot.svg).")  # fmt: skip
    assert site.codes() == []
    page = site.page("terms/from/index.html")
    links = [
        part.split("</a>")[0].split(">") for part in page.split('<a class="n file" href="../../media/')[1:]
    ]
    assert [(href.split(".")[-1], text) for href, text in links] == [
        ('pdf"', "paper.pdf"), ('pdf#page=3"', "paper.pdf"), ('pdf#page=3"', "there"), ('pdf#page=4"', "paper.pdf"),
        ('svg"', "the plot"), ('svg"', "a plot"),
    ]  # fmt: skip
    assert "<img" not in page


def test_a_file_that_is_no_content_is_told_of_where_it_is_meant(site: SiteFolder) -> None:
    site.write("board.canvas", "{}").write("view.base", "views: []\n").write("data.csv", "a,b\n")
    site.write("from.md", "[[board.canvas]] ![[view.base]]\n\n![[board.canvas]]\n\n[data](data.csv)")
    faults = site.build().diagnostics
    assert [one.code for one in faults] == ["missing-term"] * 4
    assert {one.why for one in faults} == {
        "a file has the name, but of files only pictures, sound, video and PDF are published"
    }


def test_what_is_hidden_is_left_out(site: SiteFolder) -> None:
    site.write("a.md", "# A\n")
    for path in (
        ".obsidian/app.json",
        ".obsidian/plugins/x/README.md",
        ".trash/a.md",
        "b/.hidden/c.md",
        ".d.md",
    ):
        site.write(path, "# Another A\n\n[[Nowhere]]")
    assert site.codes() == []
    assert [one for one in site.files() if one.endswith("index.html") and one.startswith("terms/")] == [
        "terms/a/index.html"
    ]


# ------------------------------------------------------------------------------ what stands in a file

TEXT = "---\ntitle: Ring\naliases:\n- annulus\n---\n\n# Ring\n\nA *set*  \nwith `+`.\n\n```\na\n\tb\n```\n\n| a | b |\n|---|---|\n| c | d |\n"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_the_mark_of_an_encoding_change_nothing(end: str, mark: str) -> None:
    text, bad = decode((mark + TEXT.replace("\n", end)).encode())
    assert (text, bad) == (TEXT, None)


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", "\u3000", "\u2007", "\t"])
def test_a_blank_is_a_blank_in_names(site: SiteFolder, blank: str) -> None:
    site.write("a.md", f"# Prime{blank}ideal\n")
    site.write("from.md", f"[[prime ideal]] [[Prime{blank}Ideal]] [prime{blank}ideal]")
    assert targets(site, "from.md") == ["prime-ideal"] * 3


@pytest.mark.parametrize("sign", ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"])
def test_invisible_signs_are_no_part_of_names(site: SiteFolder, sign: str) -> None:
    site.write(f"a{sign}b.md", f"# Prime{sign} ide{sign}al\n\n## Two{sign}fold\n")
    site.write(
        "from.md", f"[[prime ideal]] [[Prime {sign}ideal]] [{sign}prime ideal] [[ab]] [[prime ideal#twofold]]"
    )
    assert targets(site, "from.md") == ["prime-ideal"] * 5


def test_front_matter_indented_by_tabs_is_told_of(site: SiteFolder) -> None:
    fault = site.write("a.md", "---\naliases:\n\t- x\n---\ntext").only_fault()
    assert fault.code == "broken-front-matter"


@pytest.mark.parametrize(
    ("text", "title"),
    [("", "a b"), ("\n \n\t\n", "a b"), ("---\ntitle: T\n---", "T"), ("---\ntitle: T\n---\n\n", "T"), ("---\n---\n", "a b"),
     ("+++\ntitle = 'T'\n+++", "T"), ("# \n", "untitled"), ("# H", "H"), ("%% all of it %%", "a b"), ("<!-- all -->", "a b")],
)  # fmt: skip
def test_a_file_that_says_next_to_nothing(site: SiteFolder, text: str, title: str) -> None:
    built = site.write("a b.md", text).build()
    assert built.diagnostics == ()
    (term,) = json.loads(site.page("glossary.json"))["terms"]
    assert term["title"] == title


@pytest.mark.parametrize("name", ["index.md", "_index.md"])
def test_a_file_may_speak_for_its_folder(site: SiteFolder, name: str) -> None:
    site.write(name, "Welcome.").write(f"rings and fields/{name}", "---\nweight: 1\n---\nBoth.\n")
    site.write(
        "ring.md",
        "[[rings and fields]] [both](rings%20and%20fields/) [both](<rings and fields/index.md>)".replace(
            "index.md", name
        ),
    )
    assert targets(site, "ring.md") == ["rings-and-fields"] * 3
    assert "Welcome." in site.page("index.html")
    assert '<h1 class="head" dir="auto">' in site.page("rings-and-fields/index.html").replace(" itemprop", "")
    assert "rings and fields</" in site.page("rings-and-fields/index.html")


# --------------------------------------------------------------------------------------- headings


def test_underlined_headings_are_headings(site: SiteFolder) -> None:
    site.write("ring.md", "Ring\n====\n\nA set.\n\nIts *units*\n---\n\nThey form a group: [[#Its units]].\n")
    assert targets(site, "ring.md") == ["ring"]
    assert '<h2 id="its-units">' in site.page("terms/ring/index.html")


def test_of_several_first_headings_the_first_is_the_title_and_the_others_are_sections(
    site: SiteFolder,
) -> None:
    site.write(
        "ring.md",
        "Before.\n\n# Ring\n\nOne.\n\n# Examples\n\nTwo.\n\n## Matrices\n\n# More\n\n[[#Examples]] [[#More]]\n",
    )
    assert targets(site, "ring.md") == ["ring"] * 2
    page = site.page("terms/ring/index.html")
    places = [
        page.index(piece)
        for piece in ("Before.", "One.", 'id="examples"', "Two.", 'id="matrices"', 'id="more"')
    ]
    assert places == sorted(places)
    assert page.count("<h1") == 1


def test_links_by_reference_lead_to_entries_and_out(site: SiteFolder) -> None:
    site.write("field.md", "# Field\n").write("a b.md", "# Ideal\n")
    site.write(
        "ring.md",
        "[one][F], [two][], [field], [Three], [four][ideal].\n\n[f]: field.md 'Title'\n[two]: <a b.md>\n"
        "[THREE]: https://example.org\n[ideal]: ./a%20b.md#\n",
    )
    assert targets(site, "ring.md") == ["field", "ideal", "field", "ideal"]
    assert '<a class="x" href="https://example.org">Three</a>' in site.page("terms/ring/index.html")


# ------------------------------------------------------------------------------------------- other scripts


@pytest.mark.parametrize(
    ("name", "section", "other"),
    [("群", "例 題", "環"), ("חוג", "דוגמאות נוספות", "שדה"), ("حلقة", "أمثلة", "حقل"), ("वलय", "उदाहरण", "क्षेत्र"), ("кольцо", "примеры", "поле")],
)  # fmt: skip
def test_names_and_headings_in_other_scripts(site: SiteFolder, name: str, section: str, other: str) -> None:
    site.write(f"{name}.md", f"# {name}\n\nText.\n\n## {section}\n\n[[#{section}]]\n")
    site.write(
        f"{other}.md", f"[[{name}]] [{name}] [x]({quote(name)}.md) [[{name}#{section}|{section}]] #{other}"
    )
    assert targets(site, f"{other}.md")[:4] == [name] * 4
    anchor = section.replace(" ", "-")
    records = json.loads(site.page("glossary.json"))["terms"]
    anchors = [link["anchor"] for term in records for link in term["links"] if link["anchor"]]
    assert sorted(anchors) == [anchor] * 2
    assert f'id="{anchor}"' in site.page(f"terms/{name}/index.html")


# -------------------------------------------------------------------------------------------- size


def test_a_file_of_a_megabyte(site: SiteFolder) -> None:
    prose = (
        "A set with two operations, of which one distributes over the other and both are associative.\n" * 50
    )
    linked = (
        "A [[ring]] has *two* operations, $x + y$ and `x * y`; see [the field](field.md) and #algebra.\n\n"
    )
    text = "# Long\n\n" + "".join(f"## Part {number}\n\n{linked}{prose}\n" for number in range(220))
    assert len(text) > 1_000_000
    built = site.write("ring.md", "# Ring\n").write("field.md", "# Field\n").write("long.md", text).build()
    assert built.diagnostics == ()
    assert built.links == 3 * 220
    assert site.page("terms/long/index.html").count("<h2 id=") >= 220


def test_a_folder_of_a_thousand_stubs(site: SiteFolder) -> None:
    for number in range(1000):
        site.write(f"stubs/term {number}.md", "" if number % 2 else f"See [[term {number + 1}]].")
    built = site.build()
    assert (built.diagnostics, built.terms, built.links) == ((), 1000, 500)


def test_what_no_parser_was_made_for_becomes_text() -> None:
    """Bytes of any kind, taken for Markdown."""
    for raw in (bytes(range(256)) * 40, b"\xff\xfe# T\0i\0t\0l\0e\0", b"PK\x03\x04" + b"\0" * 1000):
        parsed, _ = parse(Source("a.md", decode(raw)[0]), Dialect())
        assert parsed.terms

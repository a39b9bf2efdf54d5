"""Pictures of links: which page has which, that none is drawn twice, and that no text runs over the edge."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grimoire import picturing
from grimoire.pictures import drawing, faces
from grimoire.pictures.records import COLOURS, LEVEL, RAISED, Picture, as_set, colours, first_words

if TYPE_CHECKING:
    from tests.conftest import SiteFolder

SETTINGS = "title: Rings\ndescription: Sets in which one calculates.\npictures: true\nbase_url: https://rings.example/a/\n"
LETTERS = faces.letters()


@pytest.fixture
def rings(site: SiteFolder) -> SiteFolder:
    site.write("site.yaml", SETTINGS)
    site.write("ring.md", "# Ring\n\nA set with two operations.\n")
    site.write("field.md", "# Field\n\nA [ring] in which one can divide.\n")
    return site


def properties(html: str) -> dict[str, str]:
    """What a page says in Open Graph's terms."""
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)">', html))


def pictures(site: SiteFolder) -> dict[str, tuple[bytes, int]]:
    folder = site.folder / "public/pictures"
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*.png"))
    }


def test_each_term_has_a_picture_and_the_site_one_for_all_other_pages(rings: SiteFolder) -> None:
    assert rings.build().diagnostics == ()
    assert pictures(rings).keys() == {"site.png", "terms/ring.png", "terms/field.png"}
    ring = properties(rings.page("terms/ring/index.html"))
    assert ring == {
        "og:type": "article",
        "og:site_name": "Rings",
        "og:title": "Ring",
        "og:description": "A set with two operations.",
        "og:url": "https://rings.example/a/terms/ring/",
        "og:image": "https://rings.example/a/pictures/terms/ring.png",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Ring · Rings",
        "twitter:card": "summary_large_image",
    }
    for path in ("index.html", "topics/index.html", "search/index.html"):
        assert properties(rings.page(path))["og:image"] == "https://rings.example/a/pictures/site.png"
    assert properties(rings.page("404.html")) == {}
    assert "og:" not in rings.page("terms/ring/card.html")
    for content, _ in pictures(rings).values():
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", content[16:24]) == (drawing.WIDTH, drawing.HEIGHT) == (1200, 630)


def test_without_the_setting_pages_say_what_they_are_and_have_no_picture(rings: SiteFolder) -> None:
    rings.write("site.yaml", SETTINGS.replace("true", "false")).build()
    assert pictures(rings) == {}
    ring = properties(rings.page("terms/ring/index.html"))
    assert ring["og:title"] == "Ring"
    assert not [name for name in ring if "image" in name or "twitter" in name]


def test_a_picture_is_drawn_again_only_where_it_would_look_otherwise(rings: SiteFolder) -> None:
    rings.build()
    before = pictures(rings)
    assert rings.build().work.staged == 0
    rings.write("ring.md", "# Ring\n\nA set with two operations.\n\nMore of it, and [field].\n").build()
    assert pictures(rings) == before, "what the picture does not show"
    rings.write("ring.md", "# Ring\n\nA set that is added and multiplied.\n").build()
    after = pictures(rings)
    assert {name for name in before if before[name] != after[name]} == {"terms/ring.png"}
    (rings.content / "ring.md").unlink()
    rings.build()
    assert pictures(rings).keys() == {"site.png", "terms/field.png"}


def test_a_build_that_draws_nothing_loads_nothing_that_draws(rings: SiteFolder) -> None:
    rings.build()
    script = (
        "import json, sys; from grimoire.cli import main\n"
        f"main(['build', {str(rings.folder)!r}, '--quiet'])\n"
        "print(json.dumps([name for name in ('resvg_py', 'fontTools', 'brotli') if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


@pytest.mark.parametrize(
    ("name", "said"), [("環", "`環`"), ("חוג", "`ג`, `ו`, `ח`"), ("حلقة", "`ة`, `ح`, `ق`")]
)
def test_no_picture_has_boxes(rings: SiteFolder, name: str, said: str) -> None:
    rings.write("other.md", f"---\nslug: other\n---\n# {name}\n\nA ring elsewhere.\n")
    fault = rings.only_fault()
    assert (fault.code, fault.severity) == ("unpictured-term", "note")
    assert said in fault.message
    assert properties(rings.page("terms/other/index.html"))["og:image"].endswith("/pictures/site.png")
    assert "terms/other.png" not in pictures(rings)


def test_a_site_that_cannot_be_named_in_a_picture_has_none_for_its_other_pages(rings: SiteFolder) -> None:
    rings.write("site.yaml", SETTINGS.replace("title: Rings", "title: 環")).build()
    assert "og:image" not in properties(rings.page("index.html"))
    assert pictures(rings).keys() == {"terms/ring.png", "terms/field.png"}


def test_a_site_without_pictures_reads_no_font(rings: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picturing.Picturing, "_letters", property(lambda _: pytest.fail("read a font")))
    assert rings.write("site.yaml", SETTINGS.replace("true", "false")).build().is_written


def test_a_formula_in_a_name_is_set_where_letters_can_show_it(rings: SiteFolder) -> None:
    rings.write("norm.md", "---\nslug: norm\n---\n# The $L^2$ norm\n\nIt is $\\sqrt{x}$.\n")
    assert rings.codes() == []
    assert "terms/norm.png" in pictures(rings)
    assert as_set("The L^2 norm") == f"The L{RAISED}2{LEVEL} norm"
    assert as_set("The \\frac{a}{b} norm") == ""


def test_it_is_told_what_is_missing_for_pictures(rings: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picturing, "find_spec", lambda name: None if name == "resvg_py" else find_spec(name))
    fault = rings.only_fault()
    assert (fault.code, fault.help) == ("no-pictures", "`pip install 'grimoire-glossary[pictures]'`")
    assert "resvg-py" in fault.message
    assert pictures(rings) == {}
    assert "og:image" not in rings.page("index.html")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A set.", "A set."),
        ("It is $x$. The rest.", ""),
        ("A set of numbers. It is \\frac12 of them.", "A set of numbers."),
        ("A set of numbers of which x_1, the first, counts.", "A set of numbers of which …"),
        ("Numbers such as 環.", ""),
        ("", ""),
    ],
)
def test_of_a_definition_what_letters_can_show_is_shown(text: str, shown: str) -> None:
    assert first_words(text, LETTERS) == shown


def test_a_line_that_is_cut_has_room_for_its_ellipsis() -> None:
    for count in range(1, 40):
        (line,) = drawing._broken("W" * count + " W", 136, 500, 972, 1)
        assert faces.width(line, 136, 500) <= 972


def test_a_long_definition_ends_with_a_word() -> None:
    shown = first_words("numbers " * 60, LETTERS)
    assert len(shown) < 250
    assert shown.endswith("numbers…")


def test_the_colours_are_those_of_the_site() -> None:
    sheets = ":root { --rubric: light-dark(#9e2a1c, #f0937f); --paper: #fff }\n:root { --rubric: light-dark(#7a1f3d, #f0a3b8); --ink: oklch(0 0 0) }"
    assert colours(sheets, by_night=True)["rubric"] == "#f0a3b8"
    assert colours(sheets, by_night=True)["paper"] == "#fff"
    assert colours(sheets) == COLOURS | {"rubric": "#7a1f3d", "paper": "#fff"}


def test_the_shipped_sheet_has_the_colours_of_pictures() -> None:
    from grimoire.theme import default_folder

    sheet = (default_folder() / "static/style.css").read_text("utf-8")
    assert len(re.findall(rf"--(?:{'|'.join(COLOURS)}): light-dark\(#", sheet)) == len(COLOURS)
    assert colours(sheet) == COLOURS


WORDS = st.text(st.sampled_from("aWi -–/ßβ.,’…" + RAISED + LEVEL), max_size=90)


@given(WORDS, st.sampled_from([38, 56, 136]), st.integers(1, 4), st.booleans())
def test_no_line_is_longer_than_there_is_room(text: str, size: int, most: int, splits: bool) -> None:  # noqa: FBT001
    lines = drawing._broken(text, size, 500, 972, most, splits=splits)
    assert 1 <= len(lines) <= most
    assert all(faces.width(line, size, 500) <= 972 for line in lines)
    if not drawing._is_cut(lines, text):
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(WORDS.filter(str.strip), WORDS)
def test_every_text_is_drawn_within_the_frame(headword: str, lead: str) -> None:
    made = drawing._Drawing(dict(COLOURS))
    made.text(headword, lead)
    bases = [float(y) for y in re.findall(r'<text [^>]* y="([\d.]+)"', made.svg())]
    assert bases
    assert min(bases) > drawing._TOP
    assert max(bases) < drawing.HEIGHT - 24


def test_a_picture_of_the_longest_name_is_a_picture() -> None:
    for site in ("c" * 300, ""):
        picture = Picture("a" * 500, "b " * 300, site, tuple("ABC"), "A", tuple(COLOURS.values()))
        assert drawing.draw(picture)[:4] == b"\x89PNG"


def test_each_language_of_a_glossary_has_its_own(rings: SiteFolder) -> None:
    rings.write("site.yaml", f"{SETTINGS}languages: {{fr: {{title: Anneaux}}}}\n")
    rings.write("ring.fr.md", "# Anneau\n\nUn ensemble avec deux opérations.\n")
    assert rings.build().diagnostics == ()
    french = properties(rings.page("fr/terms/ring/index.html"))
    assert french["og:image"] == "https://rings.example/a/fr/pictures/terms/ring.png"
    assert french["og:image:alt"] == "Anneau · Anneaux"
    ours, theirs = (
        (rings.folder / "public" / path).read_bytes()
        for path in ("pictures/terms/ring.png", "fr/pictures/terms/ring.png")
    )
    assert ours != theirs


def test_what_is_in_the_way_is_told_once_for_all_languages(rings: SiteFolder) -> None:
    rings.write("site.yaml", "pictures: true\nlanguages: [fr, de]\n")
    assert rings.codes() == ["no-pictures"]

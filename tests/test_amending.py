"""Where only bodies changed, their pages alone are made anew; and what is not sure is left to the whole build.

Each build is held against one from nothing (`--paranoid`), and `Work.composed` tells which way it went.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partialmethod
from random import Random
from typing import TYPE_CHECKING

import pytest

from grimoire import amending, memo
from grimoire.building import Options, build
from grimoire.memo import Store
from grimoire.paranoid import differences

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import SiteFolder

    from grimoire.builds import Built

RING = "# Ring\n\nA [[group]] with $a \\cdot b$. Named in [@noether].\n\n## Examples {#examples}\n\nThe integers.\n"
GROUP = "# Group\n\nA set with a product. ^lead\n\n```mermaid\nflowchart LR\n  A --> B\n```\n\nSee [[Ring#Examples]].\n"
MANY = "# Many\n\nFirst of all.\n\n## Field\n\nA [[ring]].\n\n## Module\n\nOver a [[ring]].\n"
NOTE = "---\nkind: note\n---\n# Reading\n\nBegin with [[ring]].\n"
WORKS = "@book{noether, title = {Ideals}, author = {Noether, Emmy}, year = {1921}}\n"


@pytest.fixture
def left(site: SiteFolder) -> SiteFolder:
    """A glossary in two languages that was built, with nothing wrong in it."""
    site.write("ring.md", RING).write("group.md", GROUP).write("glossary.md", MANY).write("reading.md", NOTE)
    site.write("ring.fr.md", "# Anneau\n\nUn [[group]].\n").write("works.bib", WORKS)
    site.write("index.md", "# Algebra\n\nBegin here.\n")
    site.write("site.yaml", "languages: [fr]\nbibliography: works.bib\n")
    first = site.build()
    assert first.work.composed > 10
    assert first.diagnostics == ()
    return site


def edit(site: SiteFolder, path: str, change: Callable[[str], str]) -> Built:
    """Change a file and build; the site is then what it is from nothing."""
    place = site.content / path
    before = place.read_text("utf-8")
    after = change(before)
    assert after != before
    place.write_text(after, "utf-8")
    built = site.build()
    assert built.is_written
    assert differences(Options(site.folder), built) == []
    return built


def more(text: str) -> str:
    return text + "\nOne sentence more.\n"


# ------------------------------------------------------------------------------------------------ the short way


@pytest.mark.parametrize(
    ("path", "pages"),
    [
        ("group.md", {"terms/group/index.html", "fr/terms/group/index.html"}),
        ("ring.md", {"terms/ring/index.html"}),
        ("ring.fr.md", {"fr/terms/ring/index.html"}),
        ("reading.md", {"reading/index.html", "fr/reading/index.html"}),
        (
            "glossary.md",
            {f"{folder}{page}/index.html" for folder in ("", "fr/") for page in ("glossary", "terms/module")},
        ),
    ],
)
def test_a_sentence_more_changes_the_pages_that_show_it(left: SiteFolder, path: str, pages: set[str]) -> None:
    built = edit(left, path, more)
    assert {reason[0] for reason in built.reasons} == pages
    assert {reason[1] for reason in built.reasons} <= {"text changed", "sections changed"}
    assert built.work.composed <= 6
    assert (built.work.parsed, built.work.rendered) == (1, len(pages))
    assert all(path.endswith("index.md") or "search/" in path for path in {*built.changed} - pages)


def test_one_amended_site_is_amended_again(left: SiteFolder) -> None:
    first = edit(left, "ring.md", more)
    again = edit(left, "ring.md", lambda text: text.replace("The integers", "The integers, said of all"))
    other = edit(left, "group.md", more)
    assert max(built.work.composed for built in (first, again, other)) == 2
    back = edit(left, "ring.md", lambda _: RING)
    assert (back.work.parsed, back.work.composed) == (0, 1)
    assert left.build().work.composed == 0


def test_several_files_are_amended_at_once(left: SiteFolder) -> None:
    left.write("ring.md", more(RING))
    assert edit(left, "group.md", more).work.composed == 3


def test_lines_above_shift_what_stands_below(left: SiteFolder) -> None:
    built = edit(left, "ring.md", lambda text: text.replace("# Ring\n", "# Ring\n\n\n"))
    assert (built.work.composed, built.work.rendered) == (1, 0)
    assert built.changed == ("terms/ring/index.md",)


def test_the_terms_and_what_was_said_are_told_again(left: SiteFolder) -> None:
    left.write("lost.md", "# Lost\n\nSee [[nothing]].\n")
    before = left.build()
    after = edit(left, "ring.md", more)
    assert after.work.composed == 1
    assert after.diagnostics == before.diagnostics != ()
    assert (after.terms, after.links, after.missing) == (before.terms, before.links, before.missing)


PARTS = (
    "It is met in every [[group]].",
    "See [[Ring#Examples|the examples]] and [[Reading]].",
    "Take $a \\cdot b$ for granted.[^a]\n\n[^a]: Said of [[ring]].",
    "As [@noether] has it.",
    "> [!tip] Mind\n> the [[ring]].",
    "Said where it has a name. ^named",
    "Of #algebra.",
    "```python\nring = [0, 1]\n```",
)
EMBEDS = ("![[group]]", "![[Ring#Examples]]", "![[Reading]]")
HEADS = {"ring": "# Ring\n", "group": "# Group\n", "reading": "---\nkind: note\n---\n# Reading\n"}


@pytest.mark.parametrize("seed", range(10))
def test_whatever_stands_where_a_sentence_more_gives_what_a_build_from_nothing_gives(
    site: SiteFolder, seed: int
) -> None:
    """Each entry may be translated, and what embeds what be another matter in each language."""
    random = Random(seed)  # noqa: S311  no secret
    site.write("works.bib", WORKS).write("site.yaml", "languages: [fr]\nbibliography: works.bib\n")
    for name, head in HEADS.items():
        for ending in ("md", "fr.md") if random.random() < 0.7 else ("md",):
            parts = random.sample(PARTS, random.randint(1, 3)) + random.sample(EMBEDS, random.randint(0, 1))
            text = "\n\n".join(parts)
            site.write(f"{name}.{ending}", f"{head}\nFirst of all.\n\n{text}\n\n## Examples\n\nOne.\n")
    site.build()
    paths = [path.name for path in sorted(site.content.glob("*.md"))]
    for path in random.sample(paths, len(paths)):
        edit(site, path, more)


# ------------------------------------------------------------------------------------------------ the whole way


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("ring.md", lambda text: text.replace("A [[group]]", "The [[group]]")),
        ("ring.md", lambda text: text.replace("cdot", "circ")),
        ("ring.md", lambda text: text + "\nSee [[field]].\n"),
        ("ring.md", lambda text: text + "\n## More\n\nOf it.\n"),
        ("ring.md", lambda text: text + "\nSee [[nobody]].\n"),
        ("ring.md", lambda text: text.replace("# Ring", "# Ringe")),
        ("ring.md", lambda text: text + "\nAgain [@noether].\n"),
        ("ring.md", lambda text: "---\nalias: anneau\n---\n" + text),
        ("ring.md", lambda text: "---\ndraft: true\n---\n" + text),
        ("group.md", lambda text: text.replace("A --> B", "A --> C")),
        ("glossary.md", lambda text: text + "\n## Algebra\n\nOver a [[ring]].\n"),
        ("index.md", more),
        ("site.yaml", lambda text: text + "title: Algebra\n"),
        ("works.bib", lambda text: text.replace("1921", "1922")),
    ],
    ids=(
        "a sentence that links, a formula, a link, a heading, a missing link, the title, a citation, another name, "
        "a draft, a diagram, a term, the home text, the settings, the bibliography"
    ).split(", "),
)
def test_what_others_may_see_is_left_to_the_whole_build(
    left: SiteFolder, path: str, change: Callable[[str], str]
) -> None:
    assert edit(left, path, change).work.composed > 10


def test_a_file_of_which_something_was_said_is(left: SiteFolder) -> None:
    edit(left, "ring.md", lambda text: text + "\nSee [[nobody]].\n")
    assert edit(left, "ring.md", lambda text: text.replace("# Ring\n", "# Ring\n\n")).work.composed > 10


def test_texts_inside_others_are(left: SiteFolder) -> None:
    edit(left, "reading.md", lambda text: text + "\n![[group]]\n")
    assert edit(left, "group.md", more).work.composed > 10
    assert edit(left, "reading.md", more).work.composed > 10
    assert edit(left, "ring.md", more).work.composed == 1


def test_texts_inside_others_in_one_language_are(left: SiteFolder) -> None:
    left.write("reading.fr.md", "---\nkind: note\n---\n# Lecture\n\n![[group]]\n").build()
    assert edit(left, "group.md", more).work.composed > 10
    assert edit(left, "reading.md", more).work.composed == 1


def test_a_build_that_has_to_forget_what_is_of_no_use_is(
    left: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memo, "LEEWAY", 3)
    monkeypatch.setattr(Store, "sweep", partialmethod(Store.sweep, keep_runs=3))

    def remembered() -> int:
        with closing(sqlite3.connect(left.folder / ".grimoire/memo.db")) as database:
            (count,) = database.execute("SELECT count(*) FROM entry WHERE stage = 'body'").fetchone()
        return int(count)

    before = remembered()
    ways = [edit(left, "ring.md", more).work.composed for _ in range(24)]
    assert ways.count(1) > 12 > ways.count(max(ways)) > 6
    assert remembered() < before + 12


@pytest.mark.parametrize("setting", ["auto_link: first", "acronyms: abbr", "offline: true", "dates: git"])
def test_sites_whose_pages_depend_on_all_texts_are(left: SiteFolder, setting: str) -> None:
    edit(left, "site.yaml", lambda text: f"{text}{setting}\n")
    assert edit(left, "ring.md", more).work.composed > 10


def test_texts_in_which_names_are_looked_for_are(left: SiteFolder) -> None:
    edit(left, "ring.md", lambda text: f"---\nauto_link: true\n---\n{text}")
    assert (
        edit(left, "ring.md", lambda text: text.replace("The integers", "*The* integers")).work.composed > 10
    )
    assert edit(left, "group.md", more).work.composed == 2


def test_two_bodies_that_are_alike_are(left: SiteFolder) -> None:
    alike = "---\nkind: glossary\n---\n# Alike\n\n## One\n\nThe same.\n\n## Two\n\nThe same.\n"
    left.write("alike.md", alike).build()
    assert edit(left, "alike.md", more).work.composed > 10


def test_many_files_are(left: SiteFolder) -> None:
    for number in range(amending.FEW + 1):
        left.write(f"set{number}.md", f"# Set {number}\n\nNumber {number}.\n")
    left.build()
    for number in range(amending.FEW + 1):
        left.write(f"set{number}.md", f"# Set {number}\n\nNumber {number}.\n\nAnd more.\n")
    assert edit(left, "ring.md", more).work.composed > 10


@pytest.mark.parametrize("stage", ["page", "parse", "search", "citation"])
def test_what_is_forgotten_is(left: SiteFolder, stage: str) -> None:
    with closing(sqlite3.connect(left.folder / ".grimoire/memo.db")) as database, database:
        database.execute("DELETE FROM entry WHERE stage = ?", (stage,))
    assert edit(left, "ring.md", more).work.composed > 10


@pytest.mark.parametrize("path", ["terms/ring/index.html", "fr/index.html", "graph.json"])
@pytest.mark.parametrize("is_lost", [True, False])
def test_an_output_that_was_touched_is_mended(left: SiteFolder, path: str, *, is_lost: bool) -> None:
    place = left.folder / "public" / path
    if is_lost:
        place.unlink()
    else:
        place.write_bytes(b"overwritten")
    edit(left, "ring.md", more)


def test_it_is_not_amended_for_another_folder(left: SiteFolder, tmp_path: Path) -> None:
    left.write("ring.md", more(RING))
    assert build(Options(left.folder, tmp_path / "other")).work.composed > 10
    assert left.build().work.composed == 1

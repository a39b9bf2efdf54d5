"""A site that stands as it was left is left alone, and whatever a build depends on ends that."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from grimoire import history, standing
from grimoire.building import Options, build
from grimoire.builds import Work
from grimoire.citations import style_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import SiteFolder

PICTURE = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
RING = "---\nbibliography: works.bib\n---\n# Ring\n\nA [[gruop]] with a product, as in [@noether]. ![[plan.gif]]\n"
WORKS = "@book{noether, title = {Ideals}, author = {Noether, Emmy}, year = {1921}}\n"


@pytest.fixture
def left(site: SiteFolder) -> SiteFolder:
    """A site that was built, of which every kind of file is a part."""
    site.write("ring.md", RING).write("works.bib", WORKS).write("plan.gif", PICTURE)
    site.write("site.yaml", "title: Algebra\n").write("set.md", "---\ndraft: true\n---\n# Set\n\nMany.\n")
    (site.folder / "templates").mkdir()
    (site.folder / "templates/404.html").write_text('{% extends "default/404.html" %}')
    (site.folder / "static").mkdir()
    (site.folder / "static/custom.css").write_text("body { color: black }")
    assert site.build().work.rendered
    return site


def test_what_was_said_is_said_again(left: SiteFolder) -> None:
    first = build(Options(left.folder, clean=True))
    again = left.build()
    assert again.diagnostics == first.diagnostics
    assert [one.code for one in again.diagnostics] == ["missing-term"]
    assert again.texts == {"content/ring.md": RING}
    assert (again.terms, again.links, again.missing) == (first.terms, first.links, first.missing)
    assert again.work == Work(kept=first.work.rendered)
    assert left.run("build", "--paranoid").status == 0


def test_nothing_that_makes_a_site_is_imported(left: SiteFolder) -> None:
    heavy = (
        "grimoire.pipeline",
        "grimoire.compose",
        "yaml",
        "jinja2",
        "markdown_it",
        "py_mini_racer",
        "lunr",
    )
    script = (
        "import json, sys; from grimoire.cli import main; status = main(['build', '--quiet']);"
        f"print(json.dumps([status, [name for name in {heavy} if name in sys.modules]]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=left.folder, capture_output=True, text=True, check=True
    )
    assert json.loads(ran.stdout) == [0, []]


def rewrite(path: str, text: str | bytes) -> Callable[[SiteFolder], object]:
    """Write a file of the site's folder."""
    content = text if isinstance(text, bytes) else text.encode()
    return lambda site: (site.folder / path).write_bytes(content)


CHANGES: dict[str, Callable[[SiteFolder], object]] = {
    "an entry": rewrite("content/ring.md", RING + "More.\n"),
    "a draft": rewrite("content/set.md", "---\ndraft: true\n---\n# Set\n\nMany more.\n"),
    "a new entry": rewrite("content/group.md", "# Group\n\nA set.\n"),
    "an entry is gone": lambda site: (site.content / "ring.md").unlink(),
    "a file is called otherwise": lambda site: (site.content / "ring.md").rename(site.content / "rings.md"),
    "the settings": rewrite("content/site.yaml", "title: Arithmetic\n"),
    "a comment of the settings": rewrite("content/site.yaml", "# new\ntitle: Algebra\n"),
    "a bibliography": rewrite("content/works.bib", WORKS.replace("Ideals", "Rings")),
    "a picture": rewrite("content/plan.gif", PICTURE + b" "),
    "a picture is gone": lambda site: (site.content / "plan.gif").unlink(),
    "a file that nobody names": rewrite("content/gruop.png", PICTURE),
    "a template": rewrite("templates/404.html", "Gone."),
    "a new template": rewrite("templates/card.html", "{{ page.title }}"),
    "a style sheet": rewrite("static/custom.css", "body { color: red }"),
    "a page of the output": rewrite("public/terms/ring/index.html", "mine"),
    "a page of the output is gone": lambda site: (site.folder / "public/index.html").unlink(),
    "the manifest is another": lambda site: build(Options(site.folder, drafts=True)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_stands_no_longer_when_something_changed(left: SiteFolder, change: str) -> None:
    assert left.build().work.staged == 0
    CHANGES[change](left)
    calls = _count_recalls(left)
    assert calls == [False], change
    assert _count_recalls(left) == [True], "and then it stands again"


def _count_recalls(site: SiteFolder) -> list[bool]:
    """Build, and say whether the site stood."""
    found: list[bool] = []
    recall = standing.recall
    with pytest.MonkeyPatch.context() as patch:

        def watched(*arguments: Any) -> Any:
            told = recall(*arguments)
            found.append(told[0] is not None)
            return told

        patch.setattr(standing, "recall", watched)
        site.build()
    return found


def test_what_is_asked_counts(left: SiteFolder) -> None:
    assert build(Options(left.folder, drafts=True)).terms == 2
    assert build(Options(left.folder)).terms == 1
    assert build(Options(left.folder, base_url="https://example.org/")).work.staged
    assert build(Options(left.folder, clean=True)).work.rendered, "asked to forget, it does"


def test_another_version_of_the_program_makes_all_anew(
    left: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "epoch", lambda: b"another")
    assert _count_recalls(left) == [False]


def test_a_build_that_wrote_nothing_is_not_remembered(left: SiteFolder) -> None:
    (left.folder / "templates/404.html").write_text("{{ page.colour }}")
    assert not left.build().is_written
    assert _count_recalls(left) == [False]
    (left.folder / "templates/404.html").write_text('{% extends "default/404.html" %}')
    assert _count_recalls(left) == [True], "what it made before stands"


def test_dates_of_git_are_asked_for_each_time(left: SiteFolder) -> None:
    left.write("site.yaml", "dates: git\n").build()
    assert _count_recalls(left) == [False]


def test_what_stood_before_dates_of_git_does_not_stand_after(
    left: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dated(terms: list[Any], *_: object) -> tuple[list[Any], list[Any]]:
        return [msgspec.structs.replace(term, modified="2024-02-03") for term in terms], []

    monkeypatch.setattr(history, "dated", dated)
    left.write("site.yaml", "title: Algebra\ndates: git\n").build()
    assert "2024-02-03" in left.page("glossary.json")
    left.write("site.yaml", "title: Algebra\n").build()
    assert "2024-02-03" not in left.page("glossary.json")


def test_a_style_of_any_name_counts(left: SiteFolder) -> None:
    left.write("site.yaml", "citation_style: my.xml\n").write("my.xml", style_text("apa")).build()
    assert _count_recalls(left) == [True]
    left.write("my.xml", style_text("ieee"))
    assert _count_recalls(left) == [False]
    assert "[1]" in left.page("terms/ring/index.html")


def test_a_file_that_nothing_reads_does_not_count(left: SiteFolder) -> None:
    left.write("measured.json", "1").write("unused.bib", "").build()
    left.write("measured.json", "2").write("unused.bib", WORKS)
    assert _count_recalls(left) == [True]


def test_files_are_called_as_they_are_now(left: SiteFolder) -> None:
    assert [one.path for one in left.build().diagnostics] == ["content/ring.md"]
    for place in left.content.iterdir():
        shutil.move(place, left.folder)
    left.content.rmdir()
    assert [one.path for one in left.build().diagnostics] == ["ring.md"]

"""`grimoire new` and `grimoire init`: what they write, where, and that they write over nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grimoire.building import Options, build
from grimoire.scaffold import new_entry, new_site

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import SiteFolder


def test_a_new_site_is_complete_and_builds_without_a_word(tmp_path: Path) -> None:
    paths = new_site(tmp_path / "deep" / "site")
    assert [path.relative_to(tmp_path / "deep" / "site").as_posix() for path in paths] == [
        "content/site.yaml",
        "content/index.md",
        "content/terms/mean.md",
        "content/terms/variance.md",
        "content/terms/standard-deviation.md",
    ]
    built = build(Options(tmp_path / "deep" / "site"))
    assert built.diagnostics == ()
    assert (built.terms, built.missing) == (3, 0)
    assert built.work.typeset > 0
    page = (built.out / "terms/variance/index.html").read_text("utf-8")
    assert '<a class="t" href="../../terms/mean/"' in page
    assert "katex" in page


def test_a_new_site_may_go_into_an_empty_folder_alone(tmp_path: Path) -> None:
    new_site(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(FileExistsError):
        new_site(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("hidden", [".git", "notes.txt"])
def test_any_file_makes_a_folder_full(tmp_path: Path, hidden: str) -> None:
    (tmp_path / hidden).touch()
    with pytest.raises(FileExistsError):
        new_site(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [hidden]


def test_a_new_entry_has_its_title_its_tags_and_no_text_yet(site: SiteFolder) -> None:
    path = new_entry(site.folder, "Cramér–Rao bound", ["statistics", "#estimation", "information theory"])
    assert path == site.content / "cramer-rao-bound.md"
    assert path.read_text("utf-8") == (
        "---\n"
        'title: "Cramér–Rao bound"\n'
        "tags: [statistics, estimation, information-theory]\n"
        "---\n"
        "\n"
        "%% Say in one sentence what it is; then give the formula, and link to the terms it rests on. %%\n"
    )
    assert site.codes() == []
    page = site.page("terms/cramer-rao-bound/index.html")
    assert "Cramér–Rao bound" in page
    assert "Say in one sentence" not in page
    assert "topics/information-theory/index.html" in site.files()


@pytest.mark.parametrize(
    "title",
    [
        "Softmax",
        "L1: the norm",
        '"Quoted"',
        "#hash",
        "No",
        "1:30",
        "a\\b",
        "x - y",
        "* star",
        "ε-greedy",
    ],
)
def test_the_title_of_a_new_entry_is_read_back_as_it_was_given(site: SiteFolder, title: str) -> None:
    new_entry(site.folder, title)
    assert site.codes() == []
    record = site.page("glossary.json")
    assert record.count('"title"') == 2
    assert f'"title":{_json(title)}' in record


def _json(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def test_new_entries_stand_beside_the_others(tmp_path: Path) -> None:
    assert new_entry(tmp_path, "One") == tmp_path / "one.md"
    (tmp_path / "content").mkdir()
    assert new_entry(tmp_path, "One") == tmp_path / "content" / "one.md"
    (tmp_path / "content" / "terms").mkdir()
    assert new_entry(tmp_path, "One") == tmp_path / "content" / "terms" / "one.md"


def test_a_new_entry_never_takes_the_place_of_another(site: SiteFolder) -> None:
    site.write("mean.md", "mine\n")
    with pytest.raises(FileExistsError):
        new_entry(site.folder, "Mean")
    assert (site.content / "mean.md").read_text("utf-8") == "mine\n"

"""Dates as git tells them: asked once for a commit, never made up, and the author's win."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from grimoire import history, pipeline
from grimoire.building import Options, build
from grimoire.history import Dates, read_log

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import SiteFolder

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


def git(folder: Path, *arguments: str, day: str = "2024-01-01") -> None:
    moment = f"{day}T12:00:00+0000"
    who = {
        f"GIT_{role}_{field}": value
        for role in ("AUTHOR", "COMMITTER")
        for field, value in (("NAME", "a"), ("EMAIL", "a@example.org"), ("DATE", moment))
    }
    subprocess.run(
        ("git", "-C", str(folder), *arguments), check=True, env=os.environ | who, capture_output=True
    )


def commit(folder: Path, day: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x", day=day)


@pytest.fixture
def repository(site: SiteFolder) -> SiteFolder:
    """A site in a repository: one entry changed, one renamed, one with dates of its own, one not committed."""
    site.write("site.yaml", "dates: git\nbase_url: https://example.org/\n")
    site.write("ring.md", "# Ring\n\nA [[group]].\n").write(
        "old.md", "# Field\n\nA ring in which one divides.\n"
    )
    git(site.folder, "init", "-q")
    commit(site.folder, "2024-01-01")
    site.write("ring.md", "# Ring\n\nA [[group]] with more.\n")
    (site.content / "old.md").rename(site.content / "field.md")
    site.write("own.md", "---\ncreated: 2020-05-05\nmodified: 2021-06-06\n---\n# Own\n\nx\n")
    site.write("begun.md", "---\ncreated: 2020-05-05\n---\n# Begun\n\nx\n")
    commit(site.folder, "2024-03-03")
    site.write("group.md", "# Group\n\nx\n")
    return site


def dates(site: SiteFolder) -> dict[str, tuple[str, str]]:
    terms = json.loads(site.page("glossary.json"))["terms"]
    return {one["title"]: (one["created"], one["modified"]) for one in terms}


def test_entries_have_the_dates_of_their_files(repository: SiteFolder) -> None:
    assert not [one for one in repository.build().diagnostics if one.code == "missing-history"]
    assert dates(repository) == {
        "Ring": ("2024-01-01", "2024-03-03"),
        "Field": ("2024-01-01", "2024-01-01"),
        "Own": ("2020-05-05", "2021-06-06"),
        "Begun": ("2020-05-05", "2024-03-03"),
        "Group": ("", ""),
    }
    page = repository.page("changes/index.html")
    assert page.index("March 2024") < page.index("January 2024") < page.index("June 2021")
    assert "Group" not in page


def test_git_is_asked_once_for_a_commit(repository: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    original = history._git

    def counted(folder: Path, *arguments: str) -> str:
        asked.append(next(one for one in arguments if one in {"log", "rev-parse"}))
        return original(folder, *arguments)

    monkeypatch.setattr(history, "_git", counted)
    repository.build()
    assert asked.count("log") == 1
    repository.build()
    assert asked.count("log") == 1
    commit(repository.folder, "2024-04-04")
    repository.build()
    assert asked.count("log") == 2
    assert dates(repository)["Group"] == ("2024-04-04", "2024-04-04")


def test_another_version_of_the_program_asks_again(
    repository: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.build()
    monkeypatch.setattr(history, "read_log", lambda _: {"ring.md": Dates("2019-01-01", "2019-01-01")})
    monkeypatch.setattr(pipeline, "epoch", lambda: b"another")
    repository.build()
    assert dates(repository)["Ring"] == ("2019-01-01", "2019-01-01")


def test_a_shallow_clone_tells_no_dates(repository: SiteFolder, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repository.folder}", str(clone))
    told = build(Options(clone))
    assert [one.code for one in told.diagnostics if one.severity == "note"] == ["missing-history"]


def test_without_a_repository_a_note_says_so(site: SiteFolder) -> None:
    site.write("site.yaml", "dates: git\n").write("ring.md", "# Ring\n\nx\n")
    built = site.build()
    assert [one.code for one in built.diagnostics] == ["missing-history"]
    assert built.is_written
    assert "No entry tells" in site.page("changes/index.html")


def test_without_the_setting_git_is_not_asked(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_git", lambda *_: pytest.fail("git was asked"))
    assert not site.write("ring.md", "# Ring\n\nx\n").build().diagnostics


@pytest.mark.parametrize(
    ("told", "dates"),
    [
        ("", {}),
        ("\x1e2024-01-01\0\nA\0a.md\0", {"a.md": Dates("2024-01-01", "2024-01-01")}),
        (
            "\x1e2024-01-01\0\nA\0a.md\0A\0b c.md\0\x1e2024-02-02\0\nM\0a.md\0D\0b c.md\0",
            {"a.md": Dates("2024-01-01", "2024-02-02")},
        ),
        (
            "\x1e2024-01-01\0\nA\0a.md\0\x1e2024-02-02\0\nR100\0a.md\0b.md\0",
            {"b.md": Dates("2024-01-01", "2024-01-01")},
        ),
        (
            "\x1e2024-01-01\0\nA\0a.md\0\x1e2024-02-02\0\nR071\0a.md\0b.md\0",
            {"b.md": Dates("2024-01-01", "2024-02-02")},
        ),
    ],
)
def test_the_log_is_read(told: str, dates: dict[str, Dates]) -> None:
    assert read_log(told) == dates

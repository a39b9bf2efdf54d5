"""What the tests share: the option `--update`, and `site`, a folder to write and build a site in."""

import contextlib
import io
import os
from pathlib import Path
from typing import NamedTuple, Self

import hypothesis
import pytest

from grimoire.building import Built, Options, build
from grimoire.cli import main
from grimoire.diagnostics import Diagnostic
from grimoire.theme import Theme, read
from grimoire.words import Words

pytest.register_assert_rewrite("tests.inventory.seen")
hypothesis.settings.register_profile("default", deadline=None, derandomize=True)
hypothesis.settings.register_profile("long", deadline=None, max_examples=20_000)
hypothesis.settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the golden files anew")


def english(folder: Path) -> Theme:
    """The theme of a site, in English."""
    return read(folder).speaking(Words("en").in_script)


class Ran(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str


class SiteFolder:
    """A site in a folder of its own: ``site.write("terms/ring.md", "…").build()``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.content.mkdir(parents=True)

    def write(self, path: str, text: str | bytes = "") -> Self:
        """Write a file below `content/`."""
        place = self.content / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self

    def build(self, *, drafts: bool = False, base_url: str | None = None) -> Built:
        """Build it as a library call."""
        return build(Options(self.folder, drafts=drafts, base_url=base_url))

    def codes(self) -> list[str]:
        """Build it, and give the codes of what is wrong."""
        return [one.code for one in self.build().diagnostics]

    def only_fault(self) -> Diagnostic:
        """Build it, and give the one thing that is wrong."""
        (fault,) = self.build().diagnostics
        return fault

    def run(self, *arguments: str) -> Ran:
        """Run a command in the site's folder, in this process."""
        here = Path.cwd()
        out, err = io.StringIO(), io.StringIO()
        os.chdir(self.folder)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                try:
                    status = main(arguments)
                except SystemExit as end:
                    status = end.code if isinstance(end.code, int) else 1
        finally:
            os.chdir(here)
        return Ran(status, out.getvalue(), err.getvalue())

    def page(self, path: str) -> str:
        """The text of a file of the output."""
        return (self.folder / "public" / path).read_text("utf-8")

    def files(self) -> list[str]:
        """The paths of all files of the output."""
        public = self.folder / "public"
        return sorted(one.relative_to(public).as_posix() for one in public.rglob("*") if one.is_file())


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    return SiteFolder(tmp_path / "site")


class Golden:
    """Expected texts in files: compared, or with `--update` written anew."""

    def __init__(self, *, is_update: bool) -> None:
        self._is_update = is_update

    def check(self, expected: Path, actual: str) -> None:
        """Hold a text against a file."""
        if self._is_update:
            expected.parent.mkdir(parents=True, exist_ok=True)
            expected.write_text(actual, encoding="utf-8", newline="\n")
        assert expected.is_file(), f"{expected.name} is missing: run `pytest --update` and read it"
        assert expected.read_text("utf-8") == actual


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(is_update=bool(request.config.getoption("--update")))

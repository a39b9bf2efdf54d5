"""Every diagnostic there is: the smallest site that has it, and all that is said about it.

`tests/errors/<code>/` is such a site; `expected.txt` in it is what `grimoire build` writes to standard
error there, and the exit status; for what only `grimoire check` finds, what that writes. A condition that no file can hold is made here, in `CONDITIONS`.
`pytest --update` writes the expected texts anew.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grimoire.diagnostics import CODES
from grimoire.math.katex import Katex

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Golden, SiteFolder

EXAMPLES = Path(__file__).parent / "errors"


def stop_the_engine(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def typeset(*_: object) -> None:
        raise MemoryError("the heap is full")

    monkeypatch.setattr(Katex, "typeset", typeset)


def leave_a_file_in_the_output(folder: Path, _: pytest.MonkeyPatch) -> None:
    (folder / "public").mkdir()
    (folder / "public" / "thesis.doc").write_text("the only copy")


def link_to_nothing(folder: Path, _: pytest.MonkeyPatch) -> None:
    (folder / "content" / "field.md").symlink_to("moved.md")


def write_latin_1(folder: Path, _: pytest.MonkeyPatch) -> None:
    (folder / "content" / "ring.md").write_bytes("# Ring\n\nEin Körper ist mehr.\n".encode("latin-1"))


CONDITIONS: dict[str, Callable[[Path, pytest.MonkeyPatch], None]] = {
    "engine-failure": stop_the_engine,
    "foreign-output": leave_a_file_in_the_output,
    "unreadable-file": link_to_nothing,
    "unreadable-text": write_latin_1,
}


FINDINGS = frozenset(
    ("circular-definition", "orphan-term", "unexpanded-acronym", "unlinked-mention", "wanted-term")
)
"""What a build does not tell."""


def test_every_code_has_an_example_and_every_example_a_code() -> None:
    assert sorted(CODES) == sorted(one.name for one in EXAMPLES.iterdir())


@pytest.mark.parametrize("code", sorted(CODES))
def test_what_is_said(code: str, site: SiteFolder, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(EXAMPLES / code, site.folder, dirs_exist_ok=True)
    if code in CONDITIONS:
        CONDITIONS[code](site.folder, monkeypatch)
    ran = site.run("check" if code in FINDINGS else "build")
    assert f"{CODES[code][0]}[{code}]: " in ran.err
    golden.check(EXAMPLES / code / "expected.txt", f"{ran.err}\nexit status {ran.status}\n")


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_fault_is_told_in_the_one_form(code: str) -> None:
    text = (EXAMPLES / code / "expected.txt").read_text("utf-8")
    said = next(line for line in text.splitlines() if f"[{code}]: " in line)
    message = said.partition(f"[{code}]: ")[2]
    assert not message.endswith("."), "a message is no sentence"
    assert message[0] in "`-[(" or message[0].islower() or message.startswith(("KaTeX", "YAML", "HTML"))
    assert " = help: " in text or " = why: " in text, "the fact alone does not help"
    status = int(text.rpartition(" ")[2])
    assert status == (1 if CODES[code][0] == "error" else 0)

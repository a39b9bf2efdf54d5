"""How far a build has come, as it is drawn on a terminal: on a real one too."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from grimoire import progress
from grimoire.building import Options, build
from grimoire.progress import Bar

if TYPE_CHECKING:
    from tests.conftest import SiteFolder

    from grimoire.builds import Step

CURSOR_HIDDEN, CURSOR_SHOWN, LINE_ERASED = "\x1b[?25l", "\x1b[?25h", "\x1b[2K"


class Terminal(io.StringIO):
    """A terminal that keeps all that is drawn on it."""

    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _a_terminal_that_can_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


def plain(drawn: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", drawn)


def test_a_build_that_lasts_is_seen_to_go_on_and_leaves_no_trace() -> None:
    terminal, clock, threads = Terminal(), Clock(), threading.active_count()
    with Bar(terminal, clock) as bar:
        clock.now = progress.PATIENCE - 0.01
        bar("parse", 10, 3000)
        assert terminal.getvalue() == "", "most builds are over by now"
        clock.now = 1
        bar("parse", 1200, 3000)
        assert "Reading entries" in plain(terminal.getvalue())
        assert "1,200 of 3,000" in plain(terminal.getvalue())
        length = len(terminal.getvalue())
        clock.now = 1.05
        bar("parse", 1201, 3000)
        assert len(terminal.getvalue()) == length, "an instant later nobody can see a difference"
        bar("parse", 3000, 3000)
        assert "3,000 of 3,000" in plain(terminal.getvalue()[length:]), "the last is drawn at once"
        bar("typeset", 0, 70)
        assert "Setting formulas" in plain(terminal.getvalue()[length:]), "so is what follows"
        assert threading.active_count() <= threads, "a build may fork"
    end = terminal.getvalue()[length:]
    assert CURSOR_SHOWN in end
    assert end.endswith(LINE_ERASED)


def test_an_interrupted_build_leaves_the_terminal_as_it_was() -> None:
    terminal, clock = Terminal(), Clock()
    bar = Bar(terminal, clock)

    def interrupted() -> None:
        with bar:
            clock.now = 1
            bar("make", 1, 2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert CURSOR_SHOWN in terminal.getvalue()
    length = len(terminal.getvalue())
    clock.now = 9
    bar("make", 2, 2)
    assert len(terminal.getvalue()) == length


def test_the_cursor_is_never_hidden_for_long() -> None:
    """A process that is killed cannot show it again."""
    terminal, clock = Terminal(), Clock()
    with Bar(terminal, clock) as bar:
        clock.now = 1
        bar("make", 1, 2)
        drawn = terminal.getvalue()
        assert drawn.rindex(CURSOR_SHOWN) > drawn.rindex(CURSOR_HIDDEN)


def test_a_build_outlives_its_terminal() -> None:
    class Closed(Terminal):
        def write(self, text: str) -> int:
            if self.tell() > 100:
                raise OSError(5, "Input/output error")
            return super().write(text)

    terminal, clock = Closed(), Clock()
    with Bar(terminal, clock) as bar:
        for second in range(1, 9):
            clock.now = second
            bar("make", second, 9)
    assert 100 < terminal.tell() < 1000


def test_where_there_is_no_terminal_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, pipe = Clock(), io.StringIO()
    with Bar(pipe, clock) as bar:
        clock.now = 9
        bar("parse", 1, 2)
    assert pipe.getvalue() == ""
    monkeypatch.setenv("TERM", "dumb")
    clock, dumb = Clock(), Terminal()
    with Bar(dumb, clock) as bar:
        clock.now = 9
        bar("parse", 1, 2)
    assert dumb.getvalue() == ""


def test_each_step_of_a_build_is_told_in_order(site: SiteFolder) -> None:
    site.write("site.yaml", "bibliography: [works.bib]\n")
    site.write("works.bib", "@book{a, author={Ada Lovelace}, title={Notes}, year={1843}}\n")
    site.write("ring.md", "# Ring\n\nA set, $x + y$ [@a].\n")
    site.write("field.md", "# Field\n\nA [ring].\n")
    told: list[tuple[Step, int, int]] = []
    built = build(Options(site.folder), watch=lambda *one: told.append(one))
    assert list(dict.fromkeys(step for step, _, _ in told)) == ["parse", "typeset", "cite", "make"]
    assert [one[1:] for one in told if one[0] == "parse"] == [(1, 2), (2, 2)]
    assert [one[1:] for one in told if one[0] == "typeset"] == [(0, 1)]
    made = [one[1:] for one in told if one[0] == "make"]
    assert made == [(number, len(made)) for number in range(1, len(made) + 1)]
    assert len(made) == built.work.staged
    told.clear()
    build(Options(site.folder), watch=lambda *one: told.append(one))
    assert told == [], "where nothing is to be done, nothing lasts"


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that closes streams")
@pytest.mark.parametrize("closed", ["2>&-", ">&-", ">&- 2>&-"])
def test_a_build_whose_streams_are_closed(site: SiteFolder, closed: str) -> None:
    site.write("ring.md", "# Ring\n\nSee [[nobody]].\n")
    command = f'exec "$0" -m grimoire build "$1" {closed}'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, site.folder], capture_output=True, check=False
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert (site.folder / "public/terms/ring/index.html").is_file()


SCRIPT = """
import json, sys
from grimoire import progress
progress.PATIENCE, progress._INTERVAL = float(sys.argv[1]), 0
from grimoire.cli import main
status = main(["build", sys.argv[2], "--clean", *sys.argv[3:]])
print(json.dumps([status, "rich" in sys.modules]))
"""


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no such terminals")
@pytest.mark.parametrize(
    ("patience", "arguments", "is_drawn"),
    [("0", [], True), ("600", [], False), ("0", ["--quiet"], False)],
    ids=["a long build", "a short build", "a quiet build"],
)
def test_a_build_on_a_terminal(
    site: SiteFolder, patience: str, arguments: list[str], *, is_drawn: bool
) -> None:
    site.write("ring.md", "# Ring\n\nA set.\n")
    here, there = os.openpty()
    process = subprocess.Popen(
        (sys.executable, "-c", SCRIPT, patience, str(site.folder), *arguments),
        stdout=subprocess.PIPE,
        stderr=there,
        text=True,
    )
    os.close(there)
    drawn = b""
    try:
        while part := os.read(here, 1 << 16):
            drawn += part
    except OSError:
        pass  # so Linux says that the other end is closed
    finally:
        os.close(here)
    said, _ = process.communicate()
    assert json.loads(said.splitlines()[-1]) == [0, is_drawn]
    assert ("Making files" in plain(drawn.decode())) is is_drawn

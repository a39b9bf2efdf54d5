"""A build may be killed at any moment: the site stays readable, and the next build makes it right.

The processes here are real and are killed with a signal that none can catch, at moments drawn at random
over the whole time a build takes, which the test measures first.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grimoire.building import Options, build

pytestmark = [
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no such signal"),
    pytest.mark.timeout(300),
]
COUNT = 60
KILLS = 12


def write(site: Path, generation: int) -> None:
    """Write the site anew: some entries stay, most change, the last go and come."""
    content = site / "content"
    shutil.rmtree(content, ignore_errors=True)
    content.mkdir(parents=True)
    for number in range(COUNT - generation % 3):
        text = f"Term {number} leads to [[term-{(number + 7) % COUNT}]]; {'same' if number % 5 == 0 else generation}.\n"
        (content / f"term-{number}.md").write_text(text * (1 + number % 4))


def command(site: Path) -> list[str]:
    return [sys.executable, "-m", "grimoire", "build", str(site), "--quiet"]


def files(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def clean(site: Path, scratch: Path) -> dict[str, bytes]:
    """The files of a build from nothing."""
    out = scratch / "clean"
    shutil.rmtree(out, ignore_errors=True)
    assert build(Options(site, out, remember=False)).is_written
    return files(out)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    write(folder, 0)
    return folder


def test_a_killed_build_is_mended_by_the_next(site: Path, tmp_path: Path) -> None:
    public = site / "public"
    build(Options(site))
    foreign = public / "terms" / "my notes.txt"
    foreign.write_text("not ours")
    write(site, 1)
    began = time.perf_counter()
    subprocess.run(command(site), check=False, capture_output=True)
    length = time.perf_counter() - began

    chance = random.Random(7)  # noqa: S311  a test draws moments, no secrets
    killed = 0
    for generation in range(2, 2 + KILLS):
        write(site, generation)
        process = subprocess.Popen(command(site), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # The first third of the time goes into loading the program.
        time.sleep(length * chance.uniform(0.3, 1))
        process.kill()
        killed += process.wait() == -signal.SIGKILL
        # No page is torn: each ends as a page does, be it the old one or the new.
        for path in public.rglob("index.html"):
            assert path.read_bytes().rstrip().endswith(b"</html>")
        if generation % 3 == 0:
            assert subprocess.run(command(site), check=False, capture_output=True).returncode == 0
            assert files(public) == clean(site, tmp_path) | {"terms/my notes.txt": b"not ours"}
    assert killed >= KILLS // 3, "most moments lay behind the end of the build"
    assert subprocess.run(command(site), check=False, capture_output=True).returncode == 0
    assert files(public) == clean(site, tmp_path) | {"terms/my notes.txt": b"not ours"}


@pytest.mark.parametrize("moment", ["memo", "files"])
def test_killed_while_writing(moment: str, site: Path, tmp_path: Path) -> None:
    """Killed at the very calls that write: in the memo's transaction, and between two replaced files."""
    build(Options(site))
    public = site / "public"
    for number, calls in enumerate((1, 2, 9, 40)):
        write(site, number + 1)
        script = f"""
import os, signal, sqlite3, sys
calls = 0
def count():
    global calls
    calls += 1
    if calls == {calls}:
        os.kill(os.getpid(), signal.SIGKILL)
if {moment!r} == "files":
    replace = os.replace
    def counted(*arguments, **keywords):
        count()
        return replace(*arguments, **keywords)
    os.replace = counted
else:
    class Connection(sqlite3.Connection):
        def execute(self, query, *values):
            if query.lstrip().startswith(("INSERT", "COMMIT", "UPDATE")):
                count()
            return super().execute(query, *values)
    connect = sqlite3.connect
    sqlite3.connect = lambda *arguments, **keywords: connect(*arguments, factory=Connection, **keywords)
from grimoire.cli import main
sys.exit(main(["build", {str(site)!r}, "--quiet"]))
"""
        done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True)
        assert done.returncode == -signal.SIGKILL, done.stderr
        built = build(Options(site))
        assert built.is_written
        assert files(public) == clean(site, tmp_path)
        assert build(Options(site)).work.staged == 0


def test_two_builds_at_once(site: Path, tmp_path: Path) -> None:
    for generation in range(3):
        write(site, generation)
        both = [
            subprocess.Popen(command(site), stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
        ]
        said = [process.communicate()[1] for process in both]
        assert [process.returncode for process in both] == [0, 0], said
        assert files(site / "public") == clean(site, tmp_path)


def test_two_sites_from_one_content_at_once(site: Path, tmp_path: Path) -> None:
    """Two output folders share a memo: neither build waits for the other, and both are right."""
    outs = [tmp_path / "one", tmp_path / "two"]
    both = [subprocess.Popen([*command(site), "--out", str(out)], stderr=subprocess.PIPE) for out in outs]
    said = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    expected = clean(site, tmp_path)
    assert [files(out) == expected for out in outs] == [True, True]


def test_an_output_folder_of_others_is_refused_and_left(site: Path) -> None:
    public = site / "public"
    public.mkdir()
    (public / "index.html").write_text("somebody's")
    done = subprocess.run(command(site), check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "foreign-output" in done.stderr
    assert os.listdir(public) == ["index.html"]  # noqa: PTH208  names are enough
    assert (public / "index.html").read_text() == "somebody's"

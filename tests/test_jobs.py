"""Several processes: the same results and the same error as with one, whatever befalls the others."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import SiteFolder

import grimoire.parse
from grimoire import jobs, staging
from grimoire.arguments import parser
from grimoire.building import build
from grimoire.builds import Built, Options
from grimoire.digest import digest
from grimoire.jobs import Shared, processes
from grimoire.memo import Store
from grimoire.tasks import Task
from grimoire.write import Output, Staged

TESTS = Path(__file__).parent
PARENT = os.getpid()

pytestmark = pytest.mark.timeout(120)
forks = pytest.mark.skipif(
    not hasattr(os, "fork") or sys.platform == "darwin", reason="`grimoire.jobs` forks nothing on this system"
)


def is_child() -> bool:
    return os.getpid() != PARENT


def share(works: list[int], do: Callable[[int], str], count: int) -> Shared[int, str]:
    return Shared(works, do, str.encode, bytes.decode, count)


def open_files() -> int:
    """How many there are, as far as the system tells."""
    return sum(1 for _ in Path("/proc/self/fd").glob("*"))


def no_child_is_left() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the threads of other tests, such as those that drive a browser, out of account: they only wait."""
    others, threads = jobs._threads() - 1, jobs._threads
    monkeypatch.setattr(jobs, "_threads", lambda: threads() - others)


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Every child that is forked; afterwards none is left."""
    children: list[int] = []
    fork = os.fork

    def counted() -> int:
        child = fork()
        if child:
            children.append(child)
        return child

    monkeypatch.setattr(os, "fork", counted)
    yield children
    assert no_child_is_left()


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let another process be worth its while with two works."""
    monkeypatch.setattr(jobs, "LEAST", 1)


# ---------------------------------------------------------------- works


@pytest.mark.parametrize("number", [0, 1, 2, 5, 256, 257, 2000])
@pytest.mark.parametrize("count", [1, 2, 3])
@forks
def test_results_come_in_order(count: int, number: int, forked: list[int]) -> None:
    works = list(range(number))
    with share(works, lambda work: f"{work}!", count) as results:
        assert list(results) == [f"{work}!" for work in works]
    assert len(forked) == count - 1


@forks
def test_children_do_their_share(forked: list[int]) -> None:
    def do(_: int) -> str:
        time.sleep(0.002)
        return str(os.getpid())

    with share(list(range(300)), do, 3) as results:
        assert set(results) == {str(PARENT), *map(str, forked)}


@forks
def test_more_than_a_pipe_holds() -> None:
    def do(work: int) -> str:
        return str(work) * 1_000_000

    with share(list(range(30)), do, 3) as results:
        assert [len(result) for result in results] == [len(do(work)) for work in range(30)]


@forks
def test_this_process_may_be_busy_meanwhile() -> None:
    with share(list(range(100)), lambda work: str(work) * 100_000, 2) as results:
        time.sleep(0.1)
        assert next(iter(results)) == "0" * 100_000


@pytest.mark.parametrize("count", [1, 2, 3])
@forks
def test_the_first_error_is_raised_when_its_turn_comes(count: int) -> None:
    def do(work: int) -> str:
        if work in {70, 71, 150}:
            raise ValueError(str(work))
        return str(work)

    made: list[str] = []
    with (
        pytest.raises(ValueError, match=r"^70$"),
        share(list(range(600)), do, count) as results,
    ):
        made.extend(results)
    assert made == [str(work) for work in range(70)]
    assert no_child_is_left()


@forks
def test_what_a_child_cannot_do_is_done_here() -> None:
    def do(work: int) -> str:
        if is_child() and work % 3 == 0:
            raise LookupError
        time.sleep(0.001)
        return str(work)

    with share(list(range(300)), do, 2) as results:
        assert list(results) == [str(work) for work in range(300)]


def kill_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("end", [kill_itself, sys.exit])
@pytest.mark.parametrize("at", [0, 1, 5])
@forks
def test_a_child_that_dies_leaves_its_share(end: Callable[[], object], at: int, forked: list[int]) -> None:
    done = 0

    def do(work: int) -> str:
        nonlocal done
        done += 1
        time.sleep(0.001)
        if is_child() and done > at:
            end()
        return str(work)

    with share(list(range(300)), do, 3) as results:
        assert list(results) == [str(work) for work in range(300)]
        assert len(forked) == 2


@forks
@pytest.mark.parametrize("call", ["fork", "pipe"])
def test_without_room_for_another_process(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, call, refuse)
    before = open_files()
    with share(list(range(30)), str, 3) as results:
        assert list(results) == [str(work) for work in range(30)]
    assert open_files() == before


@forks
def test_nothing_is_left_of_works_that_nobody_wants_any_more(forked: list[int]) -> None:
    def do(work: int) -> str:
        if is_child():
            time.sleep(60)
        return str(work)

    before = open_files()
    with share(list(range(300)), do, 3) as results:
        assert next(iter(results)) == "0"
        assert len(forked) == 2
    assert open_files() == before
    assert no_child_is_left()


@forks
def test_when_it_pays() -> None:
    assert processes(1, 10_000) == 1
    assert processes(2, 10_000) == 2
    assert processes(8, 2 * jobs.LEAST) == 2
    assert processes(8, 2 * jobs.LEAST - 1) == 1
    assert processes(8, 0) == 1
    event = threading.Event()
    other = threading.Thread(target=event.wait)
    other.start()
    assert processes(2, 10_000) == 1
    event.set()
    other.join()
    assert processes(2, 10_000) == 2


def test_where_nothing_can_be_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "darwin")
        assert processes(2, 10_000) == 1
    monkeypatch.delattr(os, "fork", raising=False)
    assert processes(2, 10_000) == 1


@forks
def test_a_memo_is_refused_to_a_child(tmp_path: Path) -> None:
    key = digest("value")
    with Store.open(tmp_path) as store:
        store.put_many("stage", {key: b"value"})

        def do(_: int) -> str:
            found = store.get("stage", key)
            assert found is not None
            return f"{is_child()} {found.decode()}"

        with share(list(range(300)), do, 2) as results:
            assert set(results) == {"False value"}


# ---------------------------------------------------------------- whole builds


def built(folder: Path, count: int) -> Built:
    return build(Options(folder, jobs=count))


def files(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def remembered(folder: Path) -> set[tuple[str, bytes, bytes]]:
    """What a memo holds, unpacked."""
    with closing(sqlite3.connect(folder / ".grimoire" / "memo.db")) as database:
        dictionaries = dict(database.execute("SELECT stage, text FROM dictionary").fetchall())
        rows = database.execute("SELECT stage, key, is_packed, value FROM entry").fetchall()
    return {
        (
            stage,
            key,
            zlib.decompressobj(-15, zdict=dictionaries[stage]).decompress(value) if packed else value,
        )
        for stage, key, packed, value in rows
    }


def is_whole(folder: Path) -> bool:
    """Whether nothing stands in the output but the site."""
    return not [path for path in folder.glob("public/.grimoire*") if path.is_dir()]


def copied(name: str, folder: Path) -> Path:
    """A site of the tests; `every-fault` has in it what there is for the errors."""
    if name != "every-fault":
        shutil.copytree(TESTS / "sites" / name / "content", folder / "content")
        return folder
    for one in sorted(TESTS.glob("errors/*/content")):
        for path in sorted(one.rglob("*.md")):
            if path.is_file():
                place = folder / "content" / one.parent.name / path.relative_to(one)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(path.read_bytes())
    return folder


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize(
    "name", ["cited", "latex", "many-terms", "other-programs", "unicode", "vault", "every-fault"]
)
@forks
def test_the_number_of_processes_changes_nothing(name: str, tmp_path: Path, forked: list[int]) -> None:
    one = copied(name, tmp_path / "1" / "site")
    alone = built(one, 1)
    assert not forked
    for count in (2, 3):
        forked.clear()
        other = copied(name, tmp_path / str(count) / "site")
        shared = built(other, count)
        assert len(forked) >= count - 1
        assert shared.is_written == alone.is_written
        assert shared.diagnostics == alone.diagnostics
        assert shared.work == alone.work
        assert shared.changed == alone.changed
        assert files(other / "public") == files(one / "public")
        assert remembered(other) == remembered(one)
        assert is_whole(other)
        assert built(other, count).work.staged == 0


def many(site: SiteFolder, number: int = 40) -> SiteFolder:
    for row in range(number):
        site.write(
            f"term-{row}.md", f"Leads to [[term {(row + 7) % number}]], of $x_{{{row}}}$ and [[nobody]].\n"
        )
    site.write("ring.md", "Drawn:\n\n```mermaid\nflowchart LR\n  A[ring] --> B\n```\n\nSaid in [@b].\n")
    site.write("ring.bib", "@book{b, title = {A book}, author = {Dedekind, Richard}, year = {1871}}\n")
    return site.write("site.yaml", "bibliography: ring.bib\n")


@pytest.mark.usefixtures("eager")
@forks
def test_parsing_and_rendering_are_both_shared(site: SiteFolder, forked: list[int]) -> None:
    """Also where formulas, citations and diagrams are set, and the map is laid out, by engines in threads."""
    assert built(many(site).folder, 2).work.cited
    assert len(forked) == 2


@pytest.mark.usefixtures("eager")
@forks
def test_a_site_of_notes_is_shared_too(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which pages are made first, so that their templates are compiled, is not a matter of where they lie."""
    ahead: list[int] = []

    class Counted(Shared[Task, Staged]):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            ahead.append(self._ahead)

    monkeypatch.setattr(staging, "Shared", Counted)
    for row in range(40):
        site.write(f"note-{row}.md", f"---\nkind: note\n---\n# Note {row}\n\nOne.\n")
    site.write("site.yaml", "languages: [fr]\n")
    assert built(site.folder, 2).work.rendered > 80
    assert 10 < ahead[0] < 40


@pytest.mark.usefixtures("eager")
@forks
def test_an_edit_after_a_build_in_several_processes(site: SiteFolder, forked: list[int]) -> None:
    built(many(site).folder, 3)
    assert len(forked) == 4
    site.write("term-3.md", "Something else.\n")
    work = built(site.folder, 3).work
    assert work.parsed == 1
    assert built(site.folder, 1).work.staged == 0
    assert site.run("build", "--paranoid", "--jobs", "2").status == 0
    (site.folder / "templates").mkdir()
    (site.folder / "templates" / "letter.html").write_text('{% extends "default/letter.html" %}\n')
    forked.clear()
    work = built(site.folder, 2).work
    assert (work.parsed, work.typeset, work.drawn, work.cited) == (0, 0, 0, 0)
    assert work.rendered > 40
    assert len(forked) == 1
    assert site.run("build", "--paranoid", "--jobs", "1").status == 0


@pytest.mark.usefixtures("eager")
@forks
def test_a_broken_template_is_told_as_by_one_process(tmp_path: Path) -> None:
    said = []
    for count in (1, 2, 3):
        folder = tmp_path / str(count) / "site"
        many(SiteFolder(folder))
        (folder / "templates").mkdir()
        # The pages that templates are held against beforehand have no such address.
        text = '{% if "term-2" in page.url %}{{ page.title | asset }}{% endif %}{% include "default/card.html" %}'
        (folder / "templates" / "card.html").write_text(text)
        result = built(folder, count)
        assert not result.is_written
        assert not (folder / "public").exists()
        said.append(result.diagnostics)
        assert no_child_is_left()
    assert said[0] == said[1] == said[2]
    assert said[0][-1].code == "broken-template"
    assert "terms/term-2/card.html" in said[0][-1].why


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("stage", ["parse", "stage"])
@forks
def test_a_build_whose_children_are_killed(
    stage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forked: list[int]
) -> None:
    expected = built(many(SiteFolder(tmp_path / "1" / "site")).folder, 1)
    calls = 0

    def killing(do: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object, **keywords: object) -> object:
            nonlocal calls
            calls += is_child()
            result = do(*arguments, **keywords)
            time.sleep(0.002)
            if calls > 3:
                (tmp_path / f"killed-{os.getpid()}").touch()
                os.kill(os.getpid(), signal.SIGKILL)
            deadline = time.monotonic() + 10
            while forked and not is_child() and not [*tmp_path.glob("killed-*")]:
                assert time.monotonic() < deadline, "no child has begun"
                time.sleep(0.01)
            return result

        return counted

    if stage == "parse":
        monkeypatch.setattr(grimoire.parse, "parse", killing(grimoire.parse.parse))
    else:
        monkeypatch.setattr(Output, "stage", killing(Output.stage))
    site = many(SiteFolder(tmp_path / "3" / "site"))
    result = built(site.folder, 3)
    assert len(forked) == 4
    assert [*tmp_path.glob("killed-*")]
    assert result.diagnostics == expected.diagnostics
    assert result.work == expected.work
    assert files(tmp_path / "3/site/public") == files(tmp_path / "1/site/public")
    assert remembered(tmp_path / "3/site") == remembered(tmp_path / "1/site")
    assert is_whole(site.folder)
    assert built(site.folder, 3).work.staged == 0


SCRIPT = """
import os, signal, sys, time
import grimoire.jobs, grimoire.parse
from grimoire.cli import main

# Whoever runs the tests in the background has had it ignored, in all processes begun from there.
signal.signal(signal.SIGINT, signal.default_int_handler)
grimoire.jobs.LEAST = 1
parent, parse = os.getpid(), grimoire.parse.parse

def slow(*arguments):
    if os.getpid() != parent:
        os.write(1, f"{os.getpid()}\\n".encode())
    time.sleep(0.02)
    return parse(*arguments)

grimoire.parse.parse = slow
sys.exit(main(["build", sys.argv[1], "--quiet", "--jobs", "3"]))
"""


@contextmanager
def begun(site: SiteFolder) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A build in a process of its own, and its children at work."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(many(site, 300).folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout
            children: set[int] = set()
            while len(children) < 2:
                children.add(int(process.stdout.readline()))
            yield process, sorted(children)
        finally:
            process.kill()


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
        # One that has ended stays in the table until its parent, by then the system's first process, looks.
        return b") Z " not in Path(f"/proc/{process}/stat").read_bytes()
    except (ProcessLookupError, FileNotFoundError):
        return False


@forks
def test_interrupted_by_the_keyboard(site: SiteFolder) -> None:
    """Ctrl-C is sent to all processes of the terminal; the first one alone speaks of it."""
    with begun(site) as (process, children):
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode
    assert said.count("KeyboardInterrupt") == 1
    assert not any(map(is_running, children))
    assert not (site.folder / "public").exists()


@forks
def test_children_do_not_outlive_a_build_that_is_killed(site: SiteFolder) -> None:
    with begun(site) as (process, children):
        process.kill()
    for child in children:
        while is_running(child):
            time.sleep(0.01)
    assert site.run("build", "--quiet").status == 0


# ---------------------------------------------------------------- who asks for it


@pytest.mark.usefixtures("eager")
@forks
def test_only_builds_that_are_asked_to_fork(site: SiteFolder, forked: list[int]) -> None:
    site.write("ring.md", "A [[unit]].").write("unit.md", "A [[ring]].").write("field.md", "Has a [[unit]].")
    site.build()
    site.run("check")
    assert site.run("build", "--clean", "--jobs", "1").status == 0
    assert not forked
    assert site.run("build", "--clean", "--jobs", "2").status == 0
    assert forked


@pytest.mark.parametrize("number", ["0", "-1", "many", "1.5", "²"])
def test_a_number_of_processes_that_is_none(number: str, site: SiteFolder) -> None:
    ran = site.run("build", f"--jobs={number}")
    assert ran.status == 2
    assert f"argument --jobs: wants a number of processes, 1 or more, and not '{number}'" in ran.err


def test_as_many_as_cores() -> None:
    assert parser().parse_args(["build"]).jobs == len(os.sched_getaffinity(0))

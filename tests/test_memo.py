import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grimoire.digest import Digest, digest
from grimoire.memo import LEEWAY, OutputRecord, Store


def key(*parts: object) -> Digest:
    return digest(*parts)


def formulas(count: int) -> dict[Digest, bytes]:
    """Values as alike as typeset formulas are."""
    return {
        key(n): b"".join(b'<span class="mord mathnormal">x%d</span>' % (n * m) for m in range(60))
        for n in range(count)
    }


def run(folder: Path, stage: str = "parse", **values: bytes) -> None:
    """One run that puts `values` by name."""
    with Store.open(folder) as store:
        store.put_many(stage, {key(name): value for name, value in values.items()})
        store.commit()


def bytes_of(folder: Path) -> bytes:
    return (folder / "memo.db").read_bytes()


def test_what_is_put_is_found_at_once_and_after_a_commit(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put_many("parse", {key("a"): b"A", key("b"): b""})
        assert store.get("parse", key("a")) == b"A"
        store.commit()
        assert store.get("parse", key("a")) == b"A"
    with Store.open(tmp_path) as store:
        keys = [key("a"), key("b"), key("c")]
        assert store.get_many("parse", keys) == {key("a"): b"A", key("b"): b""}
        assert store.get("other stage", key("a")) is None
        assert store.fault == ""


def test_what_is_not_committed_is_forgotten(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put_many("formula", formulas(2000))
        assert len(store.get_many("formula", list(formulas(2000)))) == 2000
    with Store.open(tmp_path) as store:
        assert store.get_many("formula", list(formulas(2000))) == {}


def test_a_store_in_memory_remembers_for_itself_alone(tmp_path: Path) -> None:
    with Store.open(None) as store:
        store.put_many("parse", {key("a"): b"A"})
        store.set_outputs(tmp_path, {"index.html": OutputRecord(key("p"), key("c"), 1, 2)})
        store.commit()
        assert store.get("parse", key("a")) == b"A"
        assert store.outputs(tmp_path)["index.html"].size == 1
        assert not store.is_sweep_due
    assert list(tmp_path.iterdir()) == []


def test_alike_values_take_a_sixth_of_their_size(tmp_path: Path) -> None:
    values = formulas(1500)
    with Store.open(tmp_path) as store:
        for number, value in values.items():  # one at a time, as a stage may put them
            store.put_many("formula", {number: value})
        store.commit()
    assert len(bytes_of(tmp_path)) < sum(map(len, values.values())) / 6
    with Store.open(tmp_path) as store:
        assert store.get_many("formula", list(values)) == values


def test_a_later_run_uses_the_dictionary_of_the_first(tmp_path: Path) -> None:
    values = formulas(300)
    early, late = dict(list(values.items())[:200]), dict(list(values.items())[200:])
    for part in (early, late):
        with Store.open(tmp_path) as store:
            store.put_many("formula", part)
            store.commit()
    with Store.open(tmp_path) as store:
        assert store.get_many("formula", list(values)) == values
    with sqlite3.connect(tmp_path / "memo.db") as database:
        assert database.execute("SELECT count(*) FROM dictionary").fetchone() == (1,)
        assert database.execute("SELECT min(is_packed) FROM entry").fetchone() == (1,)
    database.close()


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.binary(min_size=16, max_size=16), st.binary(max_size=3000), max_size=60))
def test_every_value_comes_back(
    tmp_path_factory: pytest.TempPathFactory, values: dict[Digest, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("memo")
    with Store.open(folder) as store:
        store.put_many("any", values)
        store.commit()
    with Store.open(folder) as store:
        assert store.get_many("any", list(values)) == values


# ---------------------------------------------------------------- outputs


def test_output_records_come_back_for_their_folder_only(tmp_path: Path) -> None:
    records = {
        f"terms/{n}/index.html": OutputRecord(key(n), key("content", n), n, 10**18 + n, b"m")
        for n in range(50)
    }
    with Store.open(tmp_path / "memo") as store:
        store.set_outputs(tmp_path / "public", records)
        store.commit()
    with Store.open(tmp_path / "memo") as store:
        assert store.outputs(tmp_path / "other") == {}
        assert store.outputs(tmp_path / "memo" / ".." / "public") == records


def test_a_run_that_changes_nothing_writes_nothing(tmp_path: Path) -> None:
    records = {"index.html": OutputRecord(key("p"), key("c"), 1, 2)}
    with Store.open(tmp_path / "memo") as store:
        store.put_many("formula", formulas(100))
        store.set_outputs(tmp_path, records)
        store.commit()
    before = bytes_of(tmp_path / "memo"), (tmp_path / "memo" / "memo.db").stat().st_mtime_ns
    with Store.open(tmp_path / "memo") as store:
        assert len(store.get_many("formula", list(formulas(100)))) == 100
        store.set_outputs(tmp_path, store.outputs(tmp_path))
        store.commit()
    assert before == (bytes_of(tmp_path / "memo"), (tmp_path / "memo" / "memo.db").stat().st_mtime_ns)


# ---------------------------------------------------------------- age


def marks(folder: Path) -> dict[bytes, int]:
    database = sqlite3.connect(folder / "memo.db")
    try:
        return dict(database.execute("SELECT key, run FROM entry"))
    finally:
        database.close()


def test_reading_renews_a_mark_only_when_it_is_old(tmp_path: Path) -> None:
    run(tmp_path, old=b"1")
    for n in range(LEEWAY + 1):
        with Store.open(tmp_path) as store:
            store.get("parse", key("old"))
            store.put_many("parse", {key(n): b"n"})
            store.commit()
        assert marks(tmp_path)[key("old")] == (1 if n < LEEWAY - 1 else LEEWAY + 1)


def test_sweep_forgets_what_was_of_no_use_and_keeps_what_lives(tmp_path: Path) -> None:
    run(tmp_path, unused=b"1", live=b"2", read=b"3")
    due = 0
    for n in range(4 * LEEWAY):
        with Store.open(tmp_path) as store:
            assert store.get("parse", key("read")) == b"3"
            store.put_many("page", {key(n): b"n"})
            if store.is_sweep_due:
                due += 1
                store.sweep({"parse": [key("live")]}, keep_runs=LEEWAY)
            store.commit()
    assert due == 4
    with Store.open(tmp_path) as store:
        assert store.get("parse", key("unused")) is None
        assert store.get("parse", key("live")) == b"2"
        assert store.get("parse", key("read")) == b"3"
        recent = [key(n) for n in range(3 * LEEWAY, 4 * LEEWAY)]
        assert len(store.get_many("page", recent)) == LEEWAY
        assert store.get("page", key(0)) is None


def test_runs_that_put_nothing_make_nothing_older(tmp_path: Path) -> None:
    run(tmp_path, a=b"1")
    for _ in range(3 * LEEWAY):
        with Store.open(tmp_path) as store:
            assert not store.is_sweep_due
            store.commit()
    run(tmp_path, b=b"2")
    assert marks(tmp_path) == {key("a"): 1, key("b"): 2}


def test_a_store_that_stays_open_counts_its_runs(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        for n in range(3):
            store.put_many("parse", {key(n): b"n"})
            store.commit()
    assert marks(tmp_path) == {key(n): n + 1 for n in range(3)}


def test_sweep_forgets_output_folders_that_are_gone(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    records = {"index.html": OutputRecord(key("p"), key("c"), 1, 2)}
    with Store.open(tmp_path / "memo") as store:
        store.set_outputs(tmp_path / "here", records)
        store.set_outputs(tmp_path / "gone", records)
        store.commit()
        store.sweep({})
        store.commit()
    with Store.open(tmp_path / "memo") as store:
        assert store.outputs(tmp_path / "here") == records
        assert store.outputs(tmp_path / "gone") == {}


# ---------------------------------------------------------------- what may go wrong


@pytest.mark.parametrize("content", [b"", b"not a database at all", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "memo.db").write_bytes(content)
    run(tmp_path, a=b"1")
    with Store.open(tmp_path) as store:
        assert store.get("parse", key("a")) == b"1"
        assert store.fault == ""


def test_a_file_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    run(tmp_path, a=b"1")
    database = sqlite3.connect(tmp_path / "memo.db")
    database.execute("PRAGMA user_version = 1")
    database.close()
    with Store.open(tmp_path) as store:
        assert store.get("parse", key("a")) is None
        assert store.fault == ""
    run(tmp_path, a=b"2")
    with Store.open(tmp_path) as store:
        assert store.get("parse", key("a")) == b"2"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), holes=st.integers(1, 40))
def test_a_torn_file_gives_no_wrong_value(
    tmp_path_factory: pytest.TempPathFactory, seed: int, holes: int
) -> None:
    folder = tmp_path_factory.mktemp("memo")
    values = {key(n): bytes([n % 256]) * 700 + b"%d" % n for n in range(200)} | formulas(100)
    records = {"index.html": OutputRecord(key("p"), key("c"), 1, 2)}
    with Store.open(folder) as store:
        store.put_many("any", values)
        store.set_outputs(folder, records)
        store.commit()
    torn = bytearray(bytes_of(folder))
    dice = random.Random(seed)  # noqa: S311  any dice will do
    for _ in range(holes):
        page = dice.randrange(len(torn) // 4096) * 4096
        other = dice.randrange(len(torn) // 4096) * 4096
        if page:
            torn[page : page + 4096] = dice.choice([bytes(4096), torn[other : other + 4096]])
            place = page + dice.randrange(4096)
            torn[place] = dice.randrange(256)
    (folder / "memo.db").write_bytes(torn)
    with Store.open(folder) as store:
        found = store.get_many("any", list(values))
        assert found.items() <= values.items()
        assert store.outputs(folder) in ({}, records)
        store.put_many("any", values)
        store.commit()
        assert store.get_many("any", list(values)).items() <= values.items()
        assert store.fault == ""
    # A tear may show only where the file is read again; then it is begun anew, and all is well.
    for _ in range(3):
        with Store.open(folder) as store:
            found = store.get_many("any", list(values))
            assert found.items() <= values.items()
            store.put_many("any", {key: values[key] for key in values.keys() - found.keys()})
            store.commit()
    with Store.open(folder) as store:
        assert store.get_many("any", list(values)) == values


def test_a_folder_that_cannot_be_made_leaves_a_memo_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with Store.open(tmp_path / "file" / "memo") as store:
        assert "cannot be used" in store.fault
        store.put_many("parse", {key("a"): b"1"})
        store.commit()
        assert store.get("parse", key("a")) == b"1"


def test_a_full_disk_is_told_and_survived(tmp_path: Path) -> None:
    run(tmp_path, a=b"1")
    with Store.open(tmp_path) as store:
        assert store._database is not None
        pages = store._database.execute("PRAGMA page_count").fetchone()[0]
        store._database.execute(f"PRAGMA max_page_count = {pages}")
        store.put_many("parse", {key(n): os.urandom(5000) for n in range(100)})
        store.commit()
        assert "full" in store.fault
    with Store.open(tmp_path) as store:
        assert store.get("parse", key("a")) == b"1"
        assert store.fault == ""


def test_readers_are_not_kept_waiting_by_a_large_build(tmp_path: Path) -> None:
    run(tmp_path, a=b"1")
    with Store.open(tmp_path) as building, Store.open(tmp_path) as other:
        building.put_many("page", {key(n): os.urandom(20_000) for n in range(300)})
        assert other.get("parse", key("a")) == b"1"
        building.commit()
        assert len(other.get_many("page", [key(n) for n in range(300)])) == 300
        assert building.fault == other.fault == ""


PUTTER = """
import sys
from pathlib import Path
from grimoire.digest import digest
from grimoire.memo import OutputRecord, Store

folder, name, runs = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for run in range(runs):
    with Store.open(folder) as store:
        values = {digest(name, run, n): b"%d %d " % (run, n) * 400 for n in range(100)}
        store.put_many("formula", values)
        store.set_outputs(folder, {str(run): OutputRecord(digest(run), digest(run), run, run)})
        store.commit()
        assert store.fault == "", store.fault
    print(run, flush=True)
"""


def putter(folder: Path, name: str, runs: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PUTTER, str(folder), name, str(runs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def put_in(folder: Path, name: str, run: int) -> int:
    """How many of a run's values are there and right."""
    values = {key(name, run, n): b"%d %d " % (run, n) * 400 for n in range(100)}
    with Store.open(folder) as store:
        found = store.get_many("formula", list(values))
        assert store.fault == ""
    assert found.items() <= values.items()
    return len(found)


def test_two_processes_share_a_memo(tmp_path: Path) -> None:
    children = [putter(tmp_path, name, 20) for name in ("one", "two")]
    for child in children:
        child.communicate()
        assert child.returncode == 0
    assert [put_in(tmp_path, name, run) for name in ("one", "two") for run in range(20)] == [100] * 40


def test_a_killed_process_leaves_whole_runs(tmp_path: Path) -> None:
    dice = random.Random(5)  # noqa: S311  any dice will do
    for attempt in range(12):
        child = putter(tmp_path, f"{attempt}", 10_000)
        assert child.stdout is not None
        done = int(child.stdout.readline())
        time.sleep(dice.random() * 0.05)
        child.kill()
        told = child.stdout.read().split()
        child.stdout.close()
        assert child.wait() == -signal.SIGKILL
        done = int(told[-1]) if told else done
        assert [put_in(tmp_path, f"{attempt}", run) for run in range(done + 1)] == [100] * (done + 1)
        assert put_in(tmp_path, f"{attempt}", done + 1) in (0, 100)
        with Store.open(tmp_path) as store:
            assert list(store.outputs(tmp_path)) in ([f"{done}"], [f"{done + 1}"])

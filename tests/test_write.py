import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grimoire.digest import digest
from grimoire.memo import OutputRecord
from grimoire.write import MANIFEST, ForeignOutput, Staged, UnsafePath, claim

Records = dict[str, OutputRecord]


def build(out: Path, site: Mapping[str, bytes], records: Mapping[str, OutputRecord] = {}) -> Records:
    """Build as the pipeline does: keep what is known and untouched, stage the rest."""
    with claim(out) as output:
        kept: Records = {}
        staged: list[Staged] = []
        for path, content in site.items():
            record = records.get(path)
            if record and record.key == digest(content) and output.is_kept(path, record):
                kept[path] = record
            else:
                staged.append(output.stage(path, content, digest(content)))
        return output.commit(kept, staged)


def tree(out: Path) -> dict[str, bytes]:
    """All files below `out` but the manifest; a folder that is empty ends in a slash."""
    found: dict[str, bytes] = {}
    for folder, folders, files in os.walk(out):
        below = Path(folder).relative_to(out).as_posix()
        for name in files:
            path = name if below == "." else f"{below}/{name}"
            place = Path(folder, name)
            found[path] = f"-> {place.readlink()}".encode() if place.is_symlink() else place.read_bytes()
        if not folders and not files and below != ".":
            found[below + "/"] = b""
    found.pop(MANIFEST, None)
    return found


def states(out: Path) -> dict[str, tuple[int, int]]:
    """What tells a rewritten file from an untouched one."""
    return {
        str(place.relative_to(out)): (place.stat().st_ino, place.stat().st_mtime_ns)
        for place in out.rglob("*")
        if place.is_file()
    }


SITE = {"index.html": b"home", "terms/a/index.html": b"A", "terms/b/index.html": b"B", "static/x.css": b"x"}


# ---------------------------------------------------------------- what a build leaves


def test_a_build_leaves_its_files_and_a_manifest(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "public"
    records = build(out, SITE)
    assert tree(out) == SITE
    assert list(records) == sorted(SITE)
    for path, record in records.items():
        found = (out / path).stat()
        assert (record.size, record.mtime_ns) == (found.st_size, found.st_mtime_ns)
        assert record.content == digest(SITE[path])
    lines = (out / MANIFEST).read_text().splitlines()
    assert lines[1:] == [f"{digest(SITE[path]).hex()} {path}" for path in sorted(SITE)]


def test_the_manifest_depends_on_the_site_alone(tmp_path: Path) -> None:
    build(tmp_path / "one", SITE)
    build(tmp_path / "two", {"gone.html": b"", "index.html": b"former"})
    build(tmp_path / "two", dict(reversed(SITE.items())))
    assert (tmp_path / "one" / MANIFEST).read_bytes() == (tmp_path / "two" / MANIFEST).read_bytes()


def test_files_have_the_usual_permissions(tmp_path: Path) -> None:
    former = os.umask(0o027)
    try:
        build(tmp_path / "public", SITE)
    finally:
        os.umask(former)
    assert stat.S_IMODE((tmp_path / "public" / "index.html").stat().st_mode) == 0o640


def test_unchanged_files_are_not_touched(tmp_path: Path) -> None:
    records = build(tmp_path, SITE)
    before = states(tmp_path)
    assert build(tmp_path, SITE, records) == records
    assert build(tmp_path, SITE) == records  # without records it compares the contents
    assert states(tmp_path) == before
    records = build(tmp_path, SITE | {"terms/a/index.html": b"A2"}, records)
    changed = {path for path, state in states(tmp_path).items() if before[path] != state}
    assert changed == {"terms/a/index.html", MANIFEST}


def test_a_file_that_was_tampered_with_is_not_kept(tmp_path: Path) -> None:
    records = build(tmp_path, SITE)
    (tmp_path / "index.html").write_bytes(b"HOME")
    (tmp_path / "terms/a/index.html").unlink()
    with claim(tmp_path) as output:
        kept = {path: output.is_kept(path, record) for path, record in records.items()}
    assert [path for path in SITE if not kept[path]] == ["index.html", "terms/a/index.html"]
    build(tmp_path, SITE, records)
    assert tree(tmp_path) == SITE


def test_a_record_of_other_content_is_not_kept_though_size_and_time_agree(tmp_path: Path) -> None:
    records = build(tmp_path, SITE)
    file = tmp_path / "terms/a/index.html"
    build(tmp_path, SITE | {"terms/a/index.html": b"Z"}, records)
    os.utime(file, ns=(0, records["terms/a/index.html"].mtime_ns))
    with claim(tmp_path) as output:
        assert not output.is_kept("terms/a/index.html", records["terms/a/index.html"])


def test_stale_files_and_the_folders_they_leave_empty_go(tmp_path: Path) -> None:
    build(tmp_path, SITE)
    (tmp_path / "terms/b/mine.txt").write_text("mine")
    build(tmp_path, {"index.html": b"home"})
    assert tree(tmp_path) == {"index.html": b"home", "terms/b/mine.txt": b"mine"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"a": b"1"}, {"a/b/c": b"2"}),
        ({"a/b/c": b"1", "a/d": b"2"}, {"a": b"3"}),
        ({"A/x": b"1"}, {"a/x": b"1"}),
        ({"a": b"1", "b": b"2"}, {"A": b"1", "b/c": b"2"}),
    ],
)
def test_a_file_may_become_a_folder_and_back(
    tmp_path: Path, first: dict[str, bytes], second: dict[str, bytes]
) -> None:
    for site in (first, second, first):
        build(tmp_path, site)
        assert tree(tmp_path) == site


def test_a_forked_process_may_stage(tmp_path: Path) -> None:
    import msgspec

    with claim(tmp_path) as output:
        mine = [output.stage("a/one.html", b"one", digest("one"))]
        reader, writer = os.pipe()
        if not (child := os.fork()):
            with output:  # its end must neither clear the staging folder nor let go of the claim
                other = [output.stage(f"a/{n}.html", b"%d" % n, digest(n)) for n in range(5)]
                os.write(writer, msgspec.msgpack.encode(other))
            os._exit(0)
        os.waitpid(child, 0)
        theirs = msgspec.msgpack.decode(os.read(reader, 100_000), type=list[Staged])
        os.close(reader)
        os.close(writer)
        output.commit({}, mine + theirs)
    assert tree(tmp_path) == {"a/one.html": b"one"} | {f"a/{n}.html": b"%d" % n for n in range(5)}


# ---------------------------------------------------------------- what is not ours


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(ForeignOutput, match=r"holds `thesis\.tex`") as caught:
        build(tmp_path, SITE)
    assert (caught.value.folder, caught.value.name) == (tmp_path, "thesis.tex")
    assert tree(tmp_path) == {"thesis.tex": b"years of work"}


@pytest.mark.parametrize("manifest", [b"", b"cache manifest\nindex.html\n", b"\xff\xfe\0"])
def test_a_manifest_of_another_program_does_not_count(tmp_path: Path, manifest: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(manifest)
    (tmp_path / "index.html").write_bytes(b"theirs")
    with pytest.raises(ForeignOutput):
        build(tmp_path, SITE)
    assert tree(tmp_path) == {"index.html": b"theirs"}


def test_a_file_instead_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "public").write_text("a file")
    for out in (tmp_path / "public", tmp_path / "public" / "below"):
        with pytest.raises(ForeignOutput, match="is not a folder"):
            build(out, SITE)
    assert tree(tmp_path) == {"public": b"a file"}


def test_a_refused_or_broken_build_leaves_no_folder_behind(tmp_path: Path) -> None:
    with pytest.raises(UnsafePath):
        build(tmp_path / "public", {"index.html": b"", "../x": b""})
    assert not (tmp_path / "public").exists()


def test_a_file_of_somebody_else_is_never_overwritten(tmp_path: Path) -> None:
    build(tmp_path, SITE)
    (tmp_path / "robots.txt").write_bytes(b"theirs")
    with pytest.raises(ForeignOutput, match=r"holds `robots\.txt`"):
        build(tmp_path, SITE | {"robots.txt": b"ours", "new.html": b"new"})
    with pytest.raises(ForeignOutput, match=r"holds `robots\.txt`"):
        build(tmp_path, SITE | {"robots.txt/below": b"ours"})
    assert tree(tmp_path) == SITE | {"robots.txt": b"theirs"}
    build(tmp_path, SITE | {"robots.txt": b"theirs"})  # what is equal may become ours
    build(tmp_path, SITE)
    assert tree(tmp_path) == SITE


def test_a_folder_of_somebody_else_is_never_replaced(tmp_path: Path) -> None:
    build(tmp_path, SITE)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    with pytest.raises(ForeignOutput, match="holds `notes`"):
        build(tmp_path, {"index.html": b"new", "notes": b"ours"})
    assert tree(tmp_path) == SITE | {"notes/mine.txt": b"mine"}


def test_a_folder_put_where_our_file_was_stays(tmp_path: Path) -> None:
    build(tmp_path, SITE)
    (tmp_path / "index.html").unlink()
    (tmp_path / "index.html").mkdir()
    (tmp_path / "index.html" / "mine.txt").write_text("mine")
    with pytest.raises(ForeignOutput, match=r"holds `index\.html`"):
        build(tmp_path, SITE | {"terms/a/index.html": b"A2"})
    build(tmp_path, {"terms/a/index.html": b"A"})
    assert tree(tmp_path) == {"terms/a/index.html": b"A", "index.html/mine.txt": b"mine"}


def test_links_are_not_followed(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "public", tmp_path / "elsewhere"
    build(out, SITE)
    (elsewhere / "a").mkdir(parents=True)
    (elsewhere / "a" / "index.html").write_bytes(b"theirs")
    (elsewhere / "empty").mkdir()
    (out / "terms/a/index.html").unlink()
    (out / "terms/a").rmdir()
    (out / "terms/b/index.html").unlink()
    (out / "terms/b").rmdir()
    (out / "terms").rmdir()
    (out / "terms").symlink_to(elsewhere)
    (out / "index.html").unlink()
    (out / "index.html").symlink_to(elsewhere / "a" / "index.html")
    with pytest.raises(UnsafePath, match="`terms`, which is a symbolic link"):
        build(out, SITE)
    build(out, {"index.html": b"home"})
    assert tree(out) == {"index.html": b"home"}
    assert (out / "terms").is_symlink()
    assert tree(elsewhere) == {"a/index.html": b"theirs", "empty/": b""}


def test_a_link_in_place_of_a_new_file_is_refused(tmp_path: Path) -> None:
    build(tmp_path / "public", SITE)
    for target in (tmp_path, tmp_path / "nowhere"):
        (tmp_path / "public" / "new").symlink_to(target)
        with pytest.raises(ForeignOutput, match="holds `new`"):
            build(tmp_path / "public", SITE | {"new": b"new"})
        (tmp_path / "public" / "new").unlink()


def test_the_output_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "public").symlink_to(tmp_path / "real")
    build(tmp_path / "public", SITE)
    assert tree(tmp_path / "real") == SITE
    assert (tmp_path / "public").is_symlink()


def test_a_staging_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "file").write_text("theirs")
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / ".grimoire-staging").symlink_to(tmp_path / "theirs")
    build(tmp_path / "public", SITE)
    assert tree(tmp_path / "theirs") == {"file": b"theirs"}
    assert tree(tmp_path / "public") == SITE


def test_a_manifest_with_strange_lines_deletes_nothing_elsewhere(tmp_path: Path) -> None:
    out = tmp_path / "public"
    build(out, SITE)
    (tmp_path / "thesis.tex").write_text("years of work")
    (tmp_path / "empty").mkdir()
    mark = "0" * 32
    strange = ["<<<<<<<", "", f"{mark} ../thesis.tex", f"{mark} ../empty/x", f"{mark} {tmp_path}/thesis.tex"]
    with (out / MANIFEST).open("a") as manifest:
        manifest.write("\n".join(strange) + "\n")
    build(out, {"index.html": b"home"})
    assert tree(out) == {"index.html": b"home"}
    assert (tmp_path / "thesis.tex").read_text() == "years of work"
    assert (tmp_path / "empty").is_dir()


# ---------------------------------------------------------------- paths


@pytest.mark.parametrize(
    "path",
    [
        *("", "/etc/x", "../x", "a/../../x", "a//b", "./a", "a/.", "a/..", "a/", "a\\..\\b", "a\nb", "a\0b"),
        *("c:/x", "C:x", MANIFEST, ".grimoire-staging/x", ".Grimoire-Manifest"),
    ],
)
def test_paths_that_lead_elsewhere_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(UnsafePath):
        build(tmp_path / "public", {"index.html": b"", path: b""})
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("path", ["...", ".nojekyll", "a/..b", "..a/b", "ü/名.html", "a b", "terms/c++:x"])
def test_odd_paths_are_written(tmp_path: Path, path: str) -> None:
    records = build(tmp_path, {path: b"x"})
    assert build(tmp_path, {path: b"x"}, records) == records
    assert tree(tmp_path) == {path: b"x"}
    build(tmp_path, {})
    assert tree(tmp_path) == {}


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        (["a/X.html", "a/x.html"], "`a/X.html` and `a/x.html` differ only by case"),
        (["é", "e\u0301"], "differ only by case"),
        (["a", "a/b/c"], "`a` is a file, so `a/b/c` cannot be below it"),
        (["A/b/c", "a/b"], "`a/b` is a file, so `A/b/c` cannot be below it"),
    ],
)
def test_paths_that_clash_are_refused(tmp_path: Path, paths: list[str], message: str) -> None:
    build(tmp_path, SITE)
    with pytest.raises(UnsafePath, match=message):
        build(tmp_path, dict.fromkeys(paths, b""))
    assert tree(tmp_path) == SITE


def test_a_path_given_twice_is_refused(tmp_path: Path) -> None:
    with claim(tmp_path) as output:
        twice = [output.stage("a", content, digest(content)) for content in (b"1", b"2")]
        with pytest.raises(UnsafePath, match="`a` is written twice"):
            output.commit({}, twice)


# ---------------------------------------------------------------- failures


def test_a_build_that_fails_while_rendering_shows_nothing(tmp_path: Path) -> None:
    build(tmp_path, SITE)
    before = states(tmp_path)
    with pytest.raises(KeyboardInterrupt), claim(tmp_path) as output:  # noqa: PT012  a build is a block
        output.stage("index.html", b"new", digest("new"))
        assert {path: content for path, content in tree(tmp_path).items() if path in SITE} == SITE
        raise KeyboardInterrupt
    assert states(tmp_path) == before
    assert not (tmp_path / ".grimoire-staging").exists()


def test_a_full_disk_while_rendering_shows_nothing(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    build(tmp_path, SITE)
    before = states(tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            build(tmp_path, SITE | {"index.html": b"new", "large.html": bytes(20_000)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert states(tmp_path) == before
    assert tree(tmp_path) == SITE


CHANGED = {"index.html": b"home 2", "terms/b": b"now a file", "static/x.css": b"x", "new/deep/c.html": b"C"}


def no_links(*_: object, **__: object) -> None:
    raise PermissionError(1, "Operation not permitted")


# The numbers of the calls that change the site in the build tested below. Without hard links each
# file that is replaced is renamed first. The first call of mkdir makes sure of the output folder.
CALLS = [
    *(("replace", n, has_links) for n in range(5) for has_links in (True, False)),
    *(("rename", n, True) for n in range(2)),
    *(("rename", n, False) for n in range(3)),
    *(("mkdir", n, True) for n in range(1, 5)),
]


@pytest.mark.parametrize(("name", "number", "has_links"), CALLS)
def test_a_commit_that_fails_anywhere_is_undone(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    number: int,
    has_links: bool,  # noqa: FBT001
) -> None:
    records = build(tmp_path, SITE)
    (tmp_path / "terms/mine.txt").write_text("mine")
    before, manifest = states(tmp_path), (tmp_path / MANIFEST).read_bytes()
    real = getattr(os, name)
    calls = 0

    def failing(*arguments: object) -> None:
        nonlocal calls
        calls += 1
        if calls == number + 1:
            raise OSError(28, "No space left on device")
        real(*arguments)

    with monkeypatch.context() as patch:
        if not has_links:
            patch.setattr(os, "link", no_links)
        patch.setattr(os, name, failing)
        with pytest.raises(OSError, match="No space left"):
            build(tmp_path, CHANGED, records)
    after = states(tmp_path)
    after[MANIFEST] = before[MANIFEST]  # it is a copy
    assert after == before
    assert (tmp_path / MANIFEST).read_bytes() == manifest
    assert tree(tmp_path) == SITE | {"terms/mine.txt": b"mine"}
    build(tmp_path, CHANGED, records)
    assert tree(tmp_path) == CHANGED | {"terms/mine.txt": b"mine"}


# ---------------------------------------------------------------- killed, and at once

BUILDER = """
import sys
from pathlib import Path
from grimoire.digest import digest
from grimoire.write import claim

def site(generation):
    kept = {f"kept/{n}.html": b"kept %d" % n for n in range(20)}
    changing = {f"changing/{n}/index.html": b"%d in %d" % (n, generation) for n in range(60)}
    new = {f"of/{generation}/{n}.html": b"%d" % n for n in range(20)}
    # What is a file in one generation is a folder in the next.
    turning = {"turning" if generation % 2 else "turning/x": b"%d" % generation}
    return kept | changing | new | turning

def build(out, generation):
    with claim(out, lambda: print("waiting", flush=True)) as output:
        staged = [output.stage(path, content, digest(content)) for path, content in site(generation).items()]
        print("committing", generation, flush=True)
        output.commit({}, staged)
        print("committed", generation, flush=True)

if __name__ == "__main__":
    for generation in map(int, sys.argv[2:]):
        build(Path(sys.argv[1]), generation)
"""

BUILDER_NAMES: dict[str, object] = {"__name__": "builder"}
exec(BUILDER, BUILDER_NAMES)  # noqa: S102  the child's own text


def site_of(generation: int) -> dict[str, bytes]:
    made = BUILDER_NAMES["site"](generation)  # type: ignore[operator]
    return dict(made)


def builder(out: Path, generations: Iterable[int]) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BUILDER, str(out), *map(str, generations)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize(("name", "number", "has_links"), CALLS)
def test_a_build_killed_at_any_step_is_repaired_by_the_next(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    number: int,
    has_links: bool,  # noqa: FBT001
) -> None:
    records = build(tmp_path, SITE)
    (tmp_path / "terms/mine.txt").write_text("mine")
    if not (child := os.fork()):
        real = getattr(os, name)
        calls = iter(range(100))
        monkeypatch.setattr(os, name, lambda *a: os._exit(7) if next(calls) == number else real(*a))
        if not has_links:
            monkeypatch.setattr(os, "link", no_links)
        build(tmp_path, CHANGED, records)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    with claim(tmp_path) as output:
        for path in CHANGED.keys() & SITE.keys() - {"static/x.css"}:
            if (tmp_path / path).exists() and (tmp_path / MANIFEST).read_bytes().count(b"-" * 32):
                # Whatever the memo may know of it: nobody can tell which of two builds left this.
                found = (tmp_path / path).stat()
                record = OutputRecord(digest(), digest(CHANGED[path]), found.st_size, found.st_mtime_ns)
                assert not output.is_kept(path, record)
    wanted = CHANGED if number % 2 else SITE
    build(tmp_path, wanted, records)
    assert tree(tmp_path) == wanted | {"terms/mine.txt": b"mine"}


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_build_is_repaired_by_the_next(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  any dice will do
    out = tmp_path / "public"
    records = build(out, site_of(0))
    foreign: dict[str, bytes] = {}
    last = 0
    for attempt in range(8):
        first = last + 100
        child = builder(out, range(first, first + 1000))
        assert child.stdout is not None
        lines = [child.stdout.readline()]
        time.sleep(dice.random() * 0.08)
        child.kill()
        lines += child.stdout.readlines()
        child.stdout.close()
        assert child.wait() == -signal.SIGKILL
        committed = [
            int(line.split()[1]) for line in lines if line.startswith("committed") and line.endswith("\n")
        ]
        sites = [
            foreign,
            site_of(max(committed, default=last)),
            site_of(max(committed, default=first - 1) + 1),
        ]
        for path, content in tree(out).items():
            # Every file is whole, of the site before or of the one that was being put in place.
            if not path.startswith(".grimoire") and not path.endswith("/"):
                assert content in [site[path] for site in sites if path in site]
        foreign[f"of/mine-{attempt}.txt"] = b"mine"
        (out / "of").mkdir(exist_ok=True)
        (out / f"of/mine-{attempt}.txt").write_bytes(b"mine")
        # Sometimes the site before is wanted again, whose records the memo still has.
        if dice.random() < 0.5:
            last = max(committed, default=first)
        records = build(out, site_of(last), records)
        assert tree(out) == site_of(last) | foreign


def test_a_second_build_waits_for_the_first(tmp_path: Path) -> None:
    waited: list[str] = []
    with claim(tmp_path, lambda: waited.append("first")) as output:
        child = builder(tmp_path, [7])
        assert child.stdout is not None
        assert child.stdout.readline() == "waiting\n"
        output.commit({}, [output.stage(path, content, digest(content)) for path, content in SITE.items()])
    rest, _ = child.communicate()
    assert rest.split() == ["committing", "7", "committed", "7"]
    assert waited == []
    assert tree(tmp_path) == site_of(7)


def test_a_killed_build_lets_go_of_the_folder(tmp_path: Path) -> None:
    with claim(tmp_path) as output:
        output.commit({}, [])
        waiting = builder(tmp_path, [1])
        assert waiting.stdout is not None
        assert waiting.stdout.readline() == "waiting\n"
        waiting.kill()
        waiting.communicate()
    waited: list[str] = []
    with claim(tmp_path, lambda: waited.append("again")):
        assert waited == []


def test_builds_in_a_row_from_two_processes_leave_one_of_their_sites(tmp_path: Path) -> None:
    children = [builder(tmp_path, range(first, 60, 2)) for first in (0, 1)]
    for child in children:
        child.communicate()
        assert child.returncode == 0
    assert tree(tmp_path) in (site_of(58), site_of(59))


# ---------------------------------------------------------------- any builds

NAMES = st.sampled_from(["a", "b", "c", "index.html"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


def without_clashes(site: dict[str, bytes]) -> dict[str, bytes]:
    return {
        path: content for path, content in site.items() if not any(path.startswith(f"{x}/") for x in site)
    }


SITES = st.dictionaries(PATHS, st.sampled_from([b"", b"1", b"2", b"3" * 5000])).map(without_clashes)


@settings(max_examples=150, deadline=None)
@given(
    sites=st.lists(SITES, min_size=1, max_size=6),
    forget=st.lists(st.booleans(), min_size=6, max_size=6),
    foreign=st.sets(PATHS.map(lambda path: f"{path}/mine.txt")),
)
def test_any_builds_leave_the_last_site_and_what_is_not_ours(
    tmp_path_factory: pytest.TempPathFactory,
    sites: list[dict[str, bytes]],
    forget: list[bool],
    foreign: set[str],
) -> None:
    out = tmp_path_factory.mktemp("public")
    records = build(out, {"first": b""})
    for path in foreign:
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(b"mine")
    expected = dict.fromkeys(foreign, b"mine")
    shown = {"first": b""}
    for site, is_forgotten in zip(sites, forget, strict=False):
        is_blocked = any(path.startswith(f"{wanted}/") for wanted in site for path in foreign)
        if is_blocked:
            with pytest.raises(ForeignOutput):
                build(out, site, records)
        else:
            records = build(out, site, {} if is_forgotten else records)
            shown = site
        assert tree(out) == shown | expected

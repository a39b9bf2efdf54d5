"""A claimed output folder: what is kept in it, what is staged for it, and the commit.

`OutputRecord` comes from the memo because it is what both speak of: this module makes the records
and tests files against them, the memo keeps them from one build to the next.
"""

# ruff: noqa: PTH102, PTH106, PTH108, PTH114, PTH116, PTH208
# Plain paths: a `Path` for each of ten thousand files takes longer than the system calls.

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from grimoire.digest import Digest, digest
from grimoire.memo import OutputRecord
from grimoire.write.change import STAGING, Change, is_folder
from grimoire.write.lock import acquire, release
from grimoire.write.manifest import Manifest, read
from grimoire.write.paths import OURS, ForeignOutput, UnsafePath, check_clashes, folded, is_safe, parents

_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class Staged(msgspec.Struct, frozen=True):
    """A file that awaits `Output.commit`; `file` is its place until then, "" if nothing changed."""

    path: str
    record: OutputRecord
    file: str


def claim(out: Path, waiting: Callable[[], None] | None = None) -> "Output":
    """Lock the folder `out`, which is made if need be, to write a site there.

    Args:
        out: the output folder; empty, or left by an earlier build.
        waiting: called once if another build holds the folder, before waiting for it.

    Returns:
        What the build writes with, in a ``with`` statement whose end lets go of the folder.

    Raises:
        ForeignOutput: if the folder holds anything but has no manifest of ours.
        OSError: if it cannot be made or read.
    """
    root = os.path.realpath(out)
    is_new = not os.path.lexists(root)
    try:
        lock = acquire(root, waiting or (lambda: None))
    except (FileExistsError, NotADirectoryError):
        raise ForeignOutput(out, "") from None
    try:
        manifest = read(root)
        if manifest is None:
            _check_empty(out, root)
        _discard_staging(root)
        return Output(out, lock, manifest or {}, is_new=is_new)
    except BaseException:
        release(root, lock)
        raise


def _check_empty(out: Path, root: str) -> None:
    for name in sorted(os.listdir(root)):
        if not name.startswith(OURS):
            raise ForeignOutput(out, name)


class Output:
    """A claimed output folder; `claim` makes it.

    A process forked from the one that claimed may call `is_kept` and `stage`, and hands what it
    gets to the first, which alone commits.
    """

    def __init__(self, out: Path, lock: int, manifest: Manifest, *, is_new: bool) -> None:
        """Take over a folder that is locked by the descriptor `lock`."""
        self._out = out
        self._root = os.path.realpath(out)
        self._lock = lock
        self._old = manifest
        self._is_new = is_new
        self._owner = os.getpid()
        self._staging = ""
        self._count = 0
        self._real_folders: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if os.getpid() != self._owner:
            return
        _discard_staging(self._root)
        if self._is_new:
            # Fails, as it should, unless nothing was written.
            with suppress(OSError):
                os.rmdir(self._root)
        release(self._root, self._lock)

    def is_kept(self, path: str, record: OutputRecord) -> bool:
        """Say whether the file at `path` is as `record` says we left it; its content is not read."""
        if self._old.get(path) != record.content:
            return False
        try:
            found = os.lstat(f"{self._root}/{path}")
        except OSError:
            return False
        return (
            found.st_mtime_ns == record.mtime_ns
            and found.st_size == record.size
            and stat.S_ISREG(found.st_mode)
        )

    def stage(self, path: str, content: bytes, key: Digest, meta: bytes = b"") -> Staged:
        """Write a file of the new site where nobody sees it; nothing if it has that content already.

        Args:
            path: below the output folder, with ``/`` on every system.
            content: the whole file.
            key: the digest of what it was made from.
            meta: kept in its record, for the caller.

        Raises:
            UnsafePath: if `path` would lead out of the folder, or through a symbolic link.
            ForeignOutput: if a file that is not ours is in its place.
            OSError: if it cannot be written.
        """
        if not is_safe(path):
            raise UnsafePath(f"`{path}` is no path below the output folder")
        self._check_parents(path)
        target = f"{self._root}/{path}"
        is_ours = path in self._old
        file = ""
        found = None
        if is_ours or (os.path.lexists(target) and not self._is_respelt(path)):
            found = _stat_if_equal(target, content)
            if found is None and not is_ours and not is_folder(target):
                raise ForeignOutput(self._out, path)
        if found is None:
            file = self._write(content)
            found = os.stat(file)
        record = OutputRecord(key, digest(content), found.st_size, found.st_mtime_ns, meta)
        return Staged(path, record, file)

    def commit(self, kept: Mapping[str, OutputRecord], staged: Iterable[Staged]) -> dict[str, OutputRecord]:
        """Make the folder hold the new site: the files kept, those staged, and none else of ours.

        Args:
            kept: records of files that `is_kept` found as they were, by path.
            staged: what `stage` gave, here or in a forked process.

        Returns:
            The record of each file of the site, by path, in order.

        Raises:
            UnsafePath: if a path is given twice, two differ only by case, or one is both a file
                and a folder.
            ForeignOutput: if a folder that the site needs as a file holds what is not ours.
            OSError: if a file cannot be put in its place. The site is then the last one again.
        """
        records = dict(kept)
        fresh: dict[str, str] = {}
        for one in staged:
            if one.path in records:
                raise UnsafePath(f"`{one.path}` is written twice")
            records[one.path] = one.record
            if one.file:
                fresh[one.path] = one.file
        records = dict(sorted(records.items()))
        new: Manifest = {path: record.content for path, record in records.items()}
        if new.keys() != self._old.keys():
            check_clashes(new)
        if fresh or new != self._old:
            Change(self._out, self._old, new, fresh).run(self._write)
            self._old = new
        self._is_new = False
        return records

    def _write(self, content: bytes) -> str:
        """Write `content` to a new file in the staging folder and give its path."""
        if not self._staging:
            staging = f"{self._root}/{STAGING}"
            with suppress(FileExistsError):
                os.mkdir(staging)
            self._staging = staging
        self._count += 1
        file = f"{self._staging}/{os.getpid()}-{self._count}"
        descriptor = os.open(file, _CREATE, 0o666)
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        finally:
            os.close(descriptor)
        return file

    def _check_parents(self, path: str) -> None:
        """Refuse a path through a symbolic link, or through a file that is not ours."""
        for folder in parents(path):
            if folder in self._real_folders:
                return
            try:
                mode = os.lstat(f"{self._root}/{folder}").st_mode
            except OSError:
                mode = stat.S_IFDIR
            if stat.S_ISLNK(mode):
                raise UnsafePath(f"`{path}` leads through `{folder}`, which is a symbolic link")
            if not stat.S_ISDIR(mode) and folder not in self._old:
                raise ForeignOutput(self._out, folder)
            self._real_folders.add(folder)

    def _is_respelt(self, path: str) -> bool:
        """Whether `path` is one of ours in another case, which some file systems take for the same."""
        name = folded(path)
        return any(folded(old) == name for old in self._old)


def _stat_if_equal(place: str, content: bytes) -> os.stat_result | None:
    """Give the state of the regular file at `place` if it has this content."""
    try:
        descriptor = os.open(place, _READ)
    except OSError:
        return None
    try:
        found = os.fstat(descriptor)
        if found.st_size != len(content) or not stat.S_ISREG(found.st_mode):
            return None
        # One byte more than it should have, so that a file that grows is not taken for equal.
        return found if os.read(descriptor, len(content) + 1) == content else None
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _discard_staging(root: str) -> None:
    """Remove the staging folder, which holds files only, if there is one."""
    staging = f"{root}/{STAGING}"
    if os.path.islink(staging):
        os.unlink(staging)
        return
    try:
        names = os.listdir(staging)
    except FileNotFoundError:
        return
    for name in names:
        os.unlink(f"{staging}/{name}")
    os.rmdir(staging)

"""What changes below a site's folder, gathered until it is quiet.

Each folder is watched by itself, so that none is that does not matter: no output of a build, which may be twenty
thousand folders, nothing hidden. When a folder comes or goes, the watch ends and another is begun; whoever waits
builds then in any case, because a build reads everything. So nothing can be missed in between, and a folder that is
deleted and made again, or renamed, is no special case.

Editors write in many ways: in place, to a new file that takes the name of the old, with a backup beside it. All of
them are changes of names in a watched folder, and what is read is what is there when it is quiet.
"""

# ruff: noqa: PTH110, PTH112, PTH206
# Plain paths, as the watcher has them and as reading does: a `Path` for each file takes longer than the system calls.

import os
import platform
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Literal, Self

from watchfiles import Change
from watchfiles._rust_notify import RustNotify  # `watchfiles.watch` cannot be begun before it is waited for

from grimoire.builds import Folders
from grimoire.serve.looking import Looking
from grimoire.write import MANIFEST

QUIET = 20
"""Milliseconds without a change after which those before are told; it takes up to twice as long to see that."""
PATIENCE = 500
"""Milliseconds after which changes are told though there is no end to them."""
_ABSENT = 0.3
"""Seconds between two looks for a site that is gone."""

_THEME = ("templates", "static")
_LEFT_OUT = frozenset(("node_modules", "__pycache__"))

Happened = Literal["changed", "moved", "nothing"]
"""`moved` is a change by which other folders are to be watched than before."""


class Watch:
    """A watch on the parts of a site as they are now: in a ``with`` statement, begun when it is entered."""

    def __init__(self, places: Folders, *, polls: bool, say: Callable[[str], None]) -> None:
        """Prepare to watch.

        Args:
            places: the parts of the site.
            polls: whether to look at all files again and again, instead of being told of changes.
            say: is told when it has to be so although it was not asked for.
        """
        self._places = places
        self._polls = polls or _is_deaf(str(places.site))
        self._say = say
        site, content = os.path.realpath(places.site), os.path.realpath(places.content)
        self._site = site
        self._roots = tuple({content, *(os.path.realpath(f"{site}/{name}") for name in _THEME)})
        self._names = {f"{site}{os.sep}{name}" for name in ("content", *_THEME)}
        """What becomes part of the site by coming to be."""
        self._out = os.path.realpath(places.out)
        self._folders: frozenset[str] = frozenset()
        self._notify: RustNotify | Looking | None = None

    def __enter__(self) -> Self:
        """Begin; whoever builds from now on misses nothing."""
        is_told = False
        while True:
            self._folders = frozenset(self._walk())
            if not os.path.isdir(self._site):
                if not is_told:
                    self._say(f"grimoire: there is no folder {self._places.site} any more; waiting for it")
                is_told = True
                time.sleep(_ABSENT)
                continue
            with suppress(FileNotFoundError):
                self._begin()
                # A folder that came before its parent was watched was told by nobody.
                if frozenset(self._walk()) == self._folders:
                    return self

    def __exit__(self, *_: object) -> None:
        if self._notify:
            self._notify.close()

    @property
    def polls(self) -> bool:
        """Whether all files are looked at again and again."""
        return self._polls

    def wait(self, seconds: float = 0) -> Happened:
        """Wait for changes.

        Args:
            seconds: the longest time to wait, 0 for ever.

        Raises:
            KeyboardInterrupt: if a signal came.
        """
        if not self._notify:
            return "nothing"
        while True:
            found = self._notify.watch(PATIENCE, QUIET, int(seconds * 1000), None)
            if found == "signal":
                raise KeyboardInterrupt
            if isinstance(found, str):
                return "nothing"
            if self._moves(found):
                return "moved"
            if any(self._matters(path) for _, path in found):
                return "changed"

    def _begin(self) -> None:
        self.__exit__()
        folders = sorted(self._folders)
        try:
            if self._polls:
                self._notify = Looking(folders)
            else:
                self._notify = RustNotify(folders, False, False, 0, False, True)  # noqa: FBT003  it takes no names
        except FileNotFoundError:
            raise
        except OSError as error:
            if self._polls:
                raise
            self._say(
                f"grimoire: the system cannot watch {len(folders)} folders ({error}): they are looked at instead"
            )
            self._polls = True
            self._begin()

    def _moves(self, changes: Iterable[tuple[int, str]]) -> bool:
        """Whether other folders are to be watched from now on."""
        return any(
            change != Change.modified
            and (
                path in self._folders or path in self._names or (self._matters(path) and os.path.isdir(path))
            )
            for change, path in changes
        )

    def _matters(self, path: str) -> bool:
        """Whether a path may be read by a build."""
        if path in self._names:
            return True
        for root in self._roots:
            if path == root or path.startswith(root + os.sep):
                parts = path[len(root) :].split(os.sep)
                is_hidden = any(part.startswith(".") or part in _LEFT_OUT for part in parts)
                return not is_hidden and not f"{path}{os.sep}".startswith(self._out + os.sep)
        return False

    def _walk(self) -> Iterator[str]:
        """Yield the site's folder, and each of its folders that a build may read."""
        waiting = [*self._roots]
        yield self._site
        while waiting:
            folder = waiting.pop()
            if folder == self._out or os.path.exists(f"{folder}/{MANIFEST}"):
                continue
            try:
                entries = list(os.scandir(folder))
            except OSError:
                continue  # it is not there, or may not be read; a build tells of that
            yield folder
            waiting += (
                entry.path
                for entry in entries
                if not entry.name.startswith(".") and entry.name not in _LEFT_OUT and _is_folder(entry)
            )


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_deaf(site: str) -> bool:
    """Whether the system is known not to tell of changes there: Windows' own files, seen from its Linux."""
    return (
        os.path.realpath(site).startswith("/mnt/")
        and "microsoft-standard" in platform.uname().release.lower()
    )

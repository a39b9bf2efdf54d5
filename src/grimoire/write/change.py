"""The visible part of a commit: files put in place and taken away, and all of it undone if need be."""

# ruff: noqa: PTH102, PTH103, PTH104, PTH105, PTH106, PTH108, PTH112, PTH114, PTH120
# Plain paths, as in `grimoire.write.output`.

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from grimoire.write.manifest import MANIFEST, Manifest, encode
from grimoire.write.paths import ForeignOutput, folded, is_safe, parents

STAGING = ".grimoire-staging"


class Change:
    """The visible part of a commit, step by step, with what undoes each step."""

    def __init__(self, out: Path, old: Manifest, new: Manifest, fresh: Mapping[str, str]) -> None:
        self._out = out
        self._root = os.path.realpath(out)
        self._old = old
        self._new = new
        self._fresh = fresh
        self._set_aside = 0
        self._made: set[str] = {""}
        self._undo: list[tuple[str, str]] = []
        """Places that were changed, each with the file that stood there, "" if none did."""

    def run(self, write: Callable[[bytes], str]) -> None:
        """Change the site; `write` puts bytes in a new staged file and gives its path.

        Raises:
            ForeignOutput: if a folder that is not ours stands where a file belongs.
            OSError: if a file cannot be put in its place. Either way the site is as it was.
        """
        between: Manifest = dict.fromkeys(self._old)
        between.update(self._new)
        between.update(dict.fromkeys(self._fresh))
        manifest = f"{self._root}/{MANIFEST}"
        # All are written before anything changes, so that a full disk is found now. The former one
        # is a copy: not for a moment may the folder be without a manifest, or it would be foreign.
        former = write(encode(self._old)) if os.path.lexists(manifest) else ""
        first = write(encode(between))
        last = write(encode(self._new))
        stale = [path for path in self._old if path not in self._new]
        in_the_way = self._in_the_way(stale)
        try:
            self._undo.append((manifest, former))
            os.replace(first, manifest)
            self._take_away(in_the_way)
            for path, file in self._fresh.items():
                self._make_folder(path.rpartition("/")[0])
                self._put(file, path)
            self._take_away(path for path in stale if path not in in_the_way)
            os.replace(last, manifest)
        except BaseException:
            for place, former in reversed(self._undo):
                with suppress(OSError):
                    _restore(place, former)
            raise

    def _in_the_way(self, stale: list[str]) -> set[str]:
        """Give the files that must go before the new ones come.

        These are a file where a folder will be, one in a folder where a file will be, and one whose
        name comes back in another case.
        """
        if not stale:
            return set()
        folders = {folder for path in self._fresh for folder in parents(path)}
        names = {folded(path) for path in self._new}
        return {
            path
            for path in stale
            if path in folders
            or folded(path) in names
            or any(folder in self._fresh for folder in parents(path))
        }

    def _put(self, file: str, path: str) -> None:
        """Put a staged file in its place."""
        place = f"{self._root}/{path}"
        former = ""
        try:
            if path in self._old:
                former = self._keep_former(file, place)
            self._undo.append((place, former))
            os.replace(file, place)
        except OSError:
            if is_folder(place):
                raise ForeignOutput(self._out, path) from None
            raise

    def _keep_former(self, file: str, place: str) -> str:
        """Keep the file at `place` in the staging folder too, and give its second path."""
        former = f"{file}-former"
        try:
            os.link(place, former, follow_symlinks=False)
        except FileNotFoundError:
            return ""
        except OSError:
            if is_folder(place):
                raise
            # The file system has no hard links.
            os.rename(place, former)
        return former

    def _take_away(self, paths: Iterable[str]) -> None:
        """Remove files of ours, and the folders that are empty without them."""
        left: set[str] = set()
        for path in paths:
            place = f"{self._root}/{path}"
            # A manifest that somebody wrote into could name anything.
            if not is_safe(path):
                continue
            # A link put where our folder was, or a folder where our file was, is not ours.
            if any(os.path.islink(f"{self._root}/{folder}") for folder in parents(path)):
                continue
            left.update(parents(path))
            if is_folder(place) or not os.path.lexists(place):
                continue
            self._set_aside += 1
            former = f"{self._root}/{STAGING}/removed-{self._set_aside}"
            self._undo.append((place, former))
            os.rename(place, former)
        for folder in sorted(left, key=len, reverse=True):
            with suppress(OSError):
                os.rmdir(f"{self._root}/{folder}")

    def _make_folder(self, folder: str) -> None:
        if folder in self._made:
            return
        place = f"{self._root}/{folder}"
        try:
            os.mkdir(place)
        except FileExistsError:
            pass
        except FileNotFoundError:
            self._make_folder(folder.rpartition("/")[0])
            os.mkdir(place)
            self._undo.append((place, ""))
        else:
            self._undo.append((place, ""))
        self._made.add(folder)


def _restore(place: str, former: str) -> None:
    """Bring a changed place back: with the file that stood there, or with nothing."""
    if former:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        os.replace(former, place)
    elif is_folder(place):
        os.rmdir(place)
    else:
        os.unlink(place)


def is_folder(place: str) -> bool:
    """Say whether a folder stands at `place`, and no link to one."""
    return os.path.isdir(place) and not os.path.islink(place)

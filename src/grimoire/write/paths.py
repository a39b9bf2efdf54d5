"""Which paths a site may have, and what stands in their way."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

OURS = ".grimoire-"
"""How the names begin that we keep for ourselves in an output folder."""

# An empty, "." or ".." part, a control character, a backslash, a name that we keep for ourselves.
_UNSAFE = re.compile(r"(?:^|/)\.{0,2}(?:/|$)|[\x00-\x1f\x7f\\]|^\.grimoire-", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:")


class ForeignOutput(Exception):
    """The output folder, or a place in it that the site needs, holds what is not ours.

    Attributes:
        folder: the output folder.
        name: one thing found there, relative to the folder; "" when `folder` is no folder.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        what = f"holds `{name}`, which this program did not write" if name else "is not a folder"
        super().__init__(f"the output folder `{folder}` {what}")


class UnsafePath(ValueError):
    """A path cannot be written: it would leave the output folder, or clash with another."""


def is_safe(path: str) -> bool:
    """Say whether `path` leads to a place below the folder it is taken from, on every system."""
    return not (_UNSAFE.search(path) or _DRIVE.match(path))


def parents(path: str) -> Iterator[str]:
    """Yield the folders that hold `path`, the nearest first, the root not among them."""
    folder = path.rpartition("/")[0]
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]


def folded(path: str) -> str:
    """Spell `path` as file systems compare names that take case and composition for the same."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def check_clashes(paths: Iterable[str]) -> None:
    """Refuse paths that cannot all be written on every system.

    Raises:
        UnsafePath: see `Output.commit`.
    """
    spelt: dict[str, str] = {}
    for path in paths:
        other = spelt.setdefault(folded(path), path)
        if other != path:
            raise UnsafePath(f"`{other}` and `{path}` differ only by case")
    seen: set[str] = set()
    for name, path in spelt.items():
        for folder in parents(name):
            if folder in seen:
                break
            if folder in spelt:
                raise UnsafePath(f"`{spelt[folder]}` is a file, so `{path}` cannot be below it")
            seen.add(folder)

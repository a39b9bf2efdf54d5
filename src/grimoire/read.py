"""From the content folder to sources, and the list of the other files that entries may embed.

Files are read in the order of their paths, so that nothing depends on the file system. Hidden
files and folders are left out, and so is every symlink that leads out of the folder, and every
symlink to a folder.
"""

import os
from collections.abc import Collection, Iterable
from pathlib import Path

import msgspec

from grimoire.diagnostics import Diagnostic, unreadable, unreadable_text
from grimoire.source import Source, decode

SUFFIXES = (".md", ".markdown", ".tex")
"""What the names of files end with that hold entries; a ``.bib`` file does so only if the settings say it."""
_LEFT_OUT = frozenset(("node_modules", "__pycache__"))


class Content(msgspec.Struct, frozen=True):
    """The content folder: sources in the order of their paths, and the paths of other files."""

    root: Path
    sources: tuple[Source, ...]
    files: tuple[str, ...]


def read(
    root: Path, *, without: Iterable[Path] = (), entries: Collection[str] = ()
) -> tuple[Content, list[Diagnostic]]:
    """Read the content folder.

    Args:
        root: the folder.
        without: folders inside it that are not content (output, memo, theme).
        entries: the paths of further files that hold entries.

    Returns:
        The content, and what could not be read.
    """
    sources: list[Source] = []
    files: list[str] = []
    faults: list[Diagnostic] = []
    real_root = os.path.realpath(root)
    for path in sorted(
        _walk(str(root), {os.path.realpath(folder) for folder in without}, faults),
        key=lambda path: path.replace(os.sep, "/"),
    ):
        shown = path.replace(os.sep, "/")
        full = os.path.join(str(root), path)  # noqa: PTH118  pathlib costs twice the time here
        if os.path.islink(full) and not _is_below(os.path.realpath(full), real_root):  # noqa: PTH114
            faults.append(
                Diagnostic("outside-content", shown, None, "a symlink leads out of the content folder",
                           why="files outside are never read", help="copy the file into the folder")
            )  # fmt: skip
            continue
        is_source = shown.lower().endswith(SUFFIXES) or shown in entries
        if not is_source and os.path.exists(full):  # noqa: PTH110
            files.append(shown)
            continue
        try:
            with open(full, "rb") as file:  # noqa: PTH123  pathlib costs twice the time here
                raw = file.read()
        except OSError as error:
            faults.append(unreadable(shown, error))
            continue
        text, bad = decode(raw)
        if bad is not None:
            faults.append(unreadable_text(shown, bad, raw))
        sources.append(Source(shown, text))
    return Content(root, tuple(sources), tuple(files)), faults


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def _walk(root: str, without: set[str], faults: list[Diagnostic]) -> list[str]:
    found: list[str] = []
    pending = [""]
    real_root = os.path.realpath(root)
    while pending:
        folder = pending.pop()
        try:
            entries = list(os.scandir(os.path.join(root, folder)))  # noqa: PTH118
        except OSError as error:
            faults.append(unreadable(folder, error))
            continue
        for entry in entries:
            if entry.name.startswith(".") or entry.name in _LEFT_OUT:
                continue
            path = f"{folder}{os.sep}{entry.name}" if folder else entry.name
            if not _is_text(entry.name):
                shown = path.encode("utf-8", "backslashreplace").decode("utf-8")
                faults.append(
                    Diagnostic("unreadable-file", shown, None, "its name is not UTF-8",
                               why="no address can be made of it", help="rename it")
                )  # fmt: skip
            elif entry.is_dir(follow_symlinks=False):
                if not without or os.path.realpath(entry.path) not in without:
                    pending.append(path)
            elif entry.is_symlink():
                # A link to a folder inside would give its files twice. (`entry.is_dir` fails on a circle of links.)
                if not (os.path.isdir(entry.path) and _is_below(os.path.realpath(entry.path), real_root)):  # noqa: PTH112
                    found.append(path)
            elif entry.is_file():
                found.append(path)
    return found


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True

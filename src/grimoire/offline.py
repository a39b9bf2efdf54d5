"""What a browser keeps for reading offline: lists of addresses and digests, and the worker that follows them.

A list is a file whose name is its content. The entries are dealt to the lists by a hash of their address, about a
hundred each, so that an edit of one page makes one list anew, and a browser that has the last version fetches this
list and that page. The worker names the lists; as it changes with them, browsers see in their own time that there is a
new version. See docs/decisions/0011-offline.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from posixpath import splitext

import msgspec

from grimoire.digest import short
from grimoire.memo import OutputRecord
from grimoire.search import whole_names
from grimoire.tasks import Task, fixed

WORKER = "sw.js"
"""Where the worker stands: at the root, for it cannot answer for what stands above it."""
FOLDER = "static/offline-lists/"
WHOLE = 32_000_000
"""Bytes of all that can be read, uncompressed; a larger site is not kept whole. As sent, they are about 8 MB."""
PER_LIST = 128
"""About how many entries a list has."""

_KEPT_NAME = b"__KEPT__"
_SUFFIXES = frozenset(
    ".html .css .js .json .woff2 .webmanifest .svg .png .jpg .jpeg .gif .webp .avif .ico".split()
)
"""What is kept; sound and video are not: a browser asks for them in pieces."""
_FOR_OTHERS = frozenset(("404.html", "glossary.json", "graph.json"))
_PICTURES = "pictures/"
"""Where the pictures of links are, which no page shows."""
_FRAME = ("index.html", "offline.html", "manifest.webmanifest", "search/index.html")
"""Beside style sheets, scripts and fonts, and the names if these are one file, what is always kept."""
_NAMED = ("static/", "media/")


def offline_tasks(
    records: Mapping[str, OutputRecord],
    worker: bytes,
    root: str,
    math_sheet: str,
    folders: Sequence[str] = ("",),
) -> list[Task]:
    """Give the files with which a browser keeps the site.

    Args:
        records: all other files of the output, by path.
        worker: the script, with a name where it is told what to keep.
        root: the path of the site's root for which the page ``offline.html`` was written.
        math_sheet: the one file below ``static/`` whose name does not follow from its content.
        folders: where each language of the site stands below the root; the first one is "".
    """
    unseen = tuple(folder + _PICTURES for folder in folders)
    kept = {
        path: record
        for path, record in records.items()
        if _is_kept(path) and not (path.startswith(unseen) and path.endswith(".png"))
    }
    named = {folder + name for folder in folders for name in (*_FRAME, *_names(records, folder))}
    frame = {path: record for path, record in kept.items() if path in named or _is_of_the_theme(path)}
    is_whole = sum(record.size for record in kept.values()) <= WHOLE
    groups = [frame]
    if is_whole:
        groups += _dealt({path: record for path, record in kept.items() if path not in frame})
    lists = [_list(group, math_sheet) for group in groups]
    known = {"lists": [task.path for task in lists], "whole": is_whole, "root": root, "folders": folders}
    return [*lists, fixed(WORKER, worker.replace(_KEPT_NAME, msgspec.json.encode(known)))]


def _names(records: Iterable[str], folder: str) -> set[str]:
    """What the search answers queries of names by, of the language in a folder."""
    return whole_names(path.removeprefix(folder) for path in records if path.startswith(folder))


def _is_kept(path: str) -> bool:
    return splitext(path)[1] in _SUFFIXES and path.rpartition("/")[2] not in _FOR_OTHERS


def _is_of_the_theme(path: str) -> bool:
    return path.startswith("static/") and splitext(path)[1] in {".css", ".js", ".woff2"}


def _dealt(records: Mapping[str, OutputRecord]) -> Iterable[dict[str, OutputRecord]]:
    """Deal entries to lists by a hash of their path; how many lists there are changes with powers of two alone."""
    count = 1 << (len(records) // PER_LIST).bit_length()
    groups: list[dict[str, OutputRecord]] = [{} for _ in range(count)]
    for path, record in records.items():
        groups[blake2b(path.encode(), digest_size=1).digest()[0] % count][path] = record
    return filter(None, groups)


def _list(records: Mapping[str, OutputRecord], math_sheet: str) -> Task:
    entries = {
        _address(path): "" if path.startswith(_NAMED) and path != math_sheet else record.content[:5].hex()
        for path, record in sorted(records.items())
    }
    content = msgspec.json.encode(entries)
    return fixed(f"{FOLDER}{short(content)}.json", content)


def _address(path: str) -> str:
    """How pages lead to a file: to the folder where it is an index."""
    folder, slash, name = path.rpartition("/")
    return folder + slash or "./" if name == "index.html" else path

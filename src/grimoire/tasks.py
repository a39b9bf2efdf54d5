"""The files of the output as tasks: how to make each, and the key under which it is kept."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from operator import attrgetter
from types import UnionType
from typing import Literal, NamedTuple, Union, get_args, get_origin

import msgspec

from grimoire.digest import Digest, digest
from grimoire.memo import OutputRecord
from grimoire.model import Formula
from grimoire.pages import Page, Text


class Task(NamedTuple):
    """One file of the output. `key` is the digest of all that `make` depends on."""

    path: str
    key: Digest
    make: Callable[[], bytes]
    page: Page | None = None
    """The page it is, if it is one."""
    meta: bytes = b""
    """What to remember with its record, if it is no page."""


def fixed(path: str, content: bytes) -> Task:
    """A file whose content is at hand."""
    return Task(path, digest(content), lambda: content)


def path_of(page: Page) -> str:
    """Where a page is written, below the output folder."""
    return page.url if page.url.endswith(".html") else f"{page.url}index.html"


def sort_out(
    tasks: Iterable[Task],
    before: Mapping[str, OutputRecord],
    is_kept: Callable[[str, OutputRecord], bool],
) -> tuple[dict[str, OutputRecord], list[Task]]:
    """Tell the files that are as they should be from those to be made.

    Args:
        tasks: the whole site, or a part of it.
        before: what the last build left.
        is_kept: whether a file still is as it was left.

    Returns:
        The records of the former by path, and the tasks of the latter.
    """
    kept: dict[str, OutputRecord] = {}
    due: list[Task] = []
    for task in tasks:
        record = before.get(task.path)
        if record and record.key == task.key and is_kept(task.path, record):
            kept[task.path] = record
        else:
            due.append(task)
    return kept, due


_PLAIN = frozenset((str, int, bool, bytes, float, type(None)))


@cache
def _getters(kind: type[msgspec.Struct]) -> tuple[Callable[[object], object], ...]:
    """What gives the fields of a record that may hold more than words and numbers."""
    return tuple(
        attrgetter(field.name) for field in msgspec.structs.fields(kind) if not _is_plain(field.type)
    )


def _is_plain(hint: object) -> bool:
    """Whether a value of this type holds neither a formula nor a text."""
    supertype = getattr(hint, "__supertype__", hint)
    if get_origin(supertype) in {tuple, dict, Union, UnionType}:
        return all(one is Ellipsis or _is_plain(one) for one in get_args(supertype))
    return supertype in _PLAIN or get_origin(supertype) is Literal


def needs(page: Page) -> tuple[list[Formula], list[Digest]]:
    """Give what a page shows beside its record: its formulas, and the digests of its bodies."""
    formulas: list[Formula] = []
    bodies: list[Digest] = []
    waiting: list[object] = [page]
    while waiting:
        value = waiting.pop()
        if type(value) is tuple:
            waiting += value
        elif type(value) is Formula:
            formulas.append(value)
        elif isinstance(value, msgspec.Struct):
            if type(value) is Text:
                bodies.append(value.body)
            waiting += [getter(value) for getter in _getters(type(value))]
        elif type(value) is dict:
            waiting += value.values()
    return formulas, bodies

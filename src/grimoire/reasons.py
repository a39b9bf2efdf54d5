"""Why a page was rendered: a short trace of its fields, kept with the file, tells which of them changed."""

from zlib import crc32

import msgspec

from grimoire.memo import OutputRecord
from grimoire.pages import Page
from grimoire.tasks import Task

_SIZE = 4  # bytes for each field; a chance likeness costs a word of an explanation
_EMPTY = bytes(_SIZE)
_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def trace(page: Page | None) -> bytes:
    """Give the trace of a page, to be kept with its file; b"" for a file that is no page."""
    if page is None:
        return b""
    values = msgspec.structs.astuple(page)
    # No key, and made for every page of every build: a checksum will do.
    return b"".join(crc32(_encode(value)).to_bytes(_SIZE, "big") if value else _EMPTY for value in values)


def reason(task: Task, before: OutputRecord | None) -> str:
    """Say why a page was rendered.

    Args:
        task: the page's.
        before: the record of the file the last build left in its place.

    Returns:
        The names of the changed fields, or what else is the cause.
    """
    if before is None or task.page is None:
        return "new"
    if before.key == task.key:
        return "the file was changed or removed"
    now = trace(task.page)
    if len(before.meta) != len(now):
        return "made by another version"
    names = task.page.__struct_fields__
    starts = range(0, len(now), _SIZE)
    changed = [
        name.replace("_", " ")
        for name, start in zip(names, starts, strict=True)
        if now[start : start + _SIZE] != before.meta[start : start + _SIZE]
    ]
    return f"{', '.join(changed)} changed" if changed else "the theme, the settings or the program changed"

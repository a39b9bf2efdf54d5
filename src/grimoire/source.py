"""An input file, and places in it.

Offsets count characters (code points) of `Source.text`, from 0. Lines and columns count from 1
and are worked out only when a diagnostic is shown.
"""

import re

import msgspec

from grimoire.digest import Digest, digest


class Span(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A stretch of a source's text: `start` inclusive, `end` exclusive, in characters."""

    start: int
    end: int


NOWHERE = Span(0, 0)


class Source(msgspec.Struct, frozen=True):
    """One file below `content/`.

    `path` is relative to the content folder, with ``/`` on every system. `text` is the file's
    text without byte-order mark, with line feeds alone; U+0000 and the noncharacters U+FDD0 to
    U+FDEF, which the parser needs for itself, are replaced by U+FFFD.
    """

    path: str
    text: str

    @property
    def digest(self) -> Digest:
        """The digest of path and text."""
        return digest(self.path, self.text)


_RESERVED = re.compile("[\0\ud800-\udfff\ufdd0-\ufdef]")


def sound(text: str) -> str:
    """Put U+FFFD for what no text may hold; escapes in YAML, TOML and JSON can name any character."""
    return text if text.isascii() and "\0" not in text else _RESERVED.sub("\ufffd", text)


def decode(raw: bytes) -> tuple[str, int | None]:
    """Decode the bytes of a text file to the normal form that :class:`Source` describes.

    Returns:
        The text, and the offset of the first byte sequence that is not UTF-8 (in characters of
        the text, where a U+FFFD stands for it) or None.
    """
    bad = None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = len(raw[: error.start].decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n"))
        text = raw.decode("utf-8", "replace")
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return sound(text), bad


def line_starts(text: str) -> list[int]:
    """Give the offset at which each line of `text` begins; the first is always 0."""
    starts = [0]
    found = text.find("\n")
    while found >= 0:
        starts.append(found + 1)
        found = text.find("\n", found + 1)
    return starts


def position(text: str, offset: int) -> tuple[int, int]:
    """Give line and column, both from 1, of an offset into `text`."""
    offset = max(0, min(offset, len(text)))
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)

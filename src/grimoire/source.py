"""An input file, and places in it.

Offsets count characters (code points) of `Source.text`, from 0. Lines and columns count from 1
and are worked out only when a diagnostic is shown.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from grimoire.digest import Digest, digest

SETTINGS_FILE = "site.yaml"
"""The site's settings, below the content folder; diagnostics call it so."""


class Span(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A stretch of a source's text: `start` inclusive, `end` exclusive, in characters."""

    start: int
    end: int


NOWHERE = Span(0, 0)


class Written(msgspec.Struct, frozen=True):
    """A text that an author gave, such as the name of a file, and where it stands."""

    text: str
    span: Span


class Source(msgspec.Struct, frozen=True):
    """One file below `content/`.

    `path` is relative to the content folder, with ``/`` on every system. `text` is the file's
    text without byte-order mark, with line feeds alone and without characters that no page can hold.
    """

    path: str
    text: str

    @property
    def digest(self) -> Digest:
        """The digest of path and text."""
        return digest(self.path, self.text)


class Reading:
    """Reads the files of the content that entries embed, cite from or are set by, and notes what it read.

    `digests` has that of the bytes of each file, by its path; of None where it could not be read.
    """

    def __init__(self, root: Path) -> None:
        """Begin; nothing is read yet.

        Args:
            root: the content folder.
        """
        self._root = root
        self.digests: dict[str, Digest] = {}

    def __call__(self, path: str) -> bytes:
        """Read a file, by its path below the content folder.

        Raises:
            OSError: if it cannot be read.
        """
        self.digests[path] = digest(None)
        content = (self._root / path).read_bytes()
        self.digests[path] = digest(content)
        return content


_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\r"))
_NO_TEXT = re.compile(
    "[" + re.escape(_CONTROLS.decode()) + "\x80-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane | last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)) + "]"
)  # fmt: skip
"""Control characters and noncharacters: HTML forbids them, and the parser needs some for itself."""
_BLANKS = dict.fromkeys(b"\x0b\x0c\x85", " ")
"""Ends of lines and pages that are no line feeds."""


def sound(text: str) -> str:
    """Put U+FFFD for what no text may hold; escapes in YAML, TOML and JSON can name any character."""
    return _NO_TEXT.sub("\ufffd", text.translate(_BLANKS)) if _NO_TEXT.search(text) else text


def decode(raw: bytes) -> tuple[str, int | None]:
    """Decode the bytes of a text file to the normal form that :class:`Source` describes.

    Returns:
        The text, and the offset in it of the first thing that cannot be read, or None: bytes that
        are not UTF-8, a control character or a noncharacter, for each of which stands U+FFFD.
    """
    bad: list[int] = []
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        bad.append(len(raw[: error.start].decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")))
        text = raw.decode("utf-8", "replace")
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _may_hold_no_text(raw):
        text = text.translate(_BLANKS)
        if found := _NO_TEXT.search(text):
            bad.append(found.start())
            text = _NO_TEXT.sub("\ufffd", text)
    return text, min(bad, default=None)


def _may_hold_no_text(raw: bytes) -> bool:
    """Look for some of the bytes that make such characters: a search of the text for them takes long."""
    if len(raw.translate(None, _CONTROLS)) < len(raw):
        return True
    pairs = (b"\xef\xb7", b"\xbf\xbe", b"\xbf\xbf")
    return not raw.isascii() and (any(pair in raw for pair in pairs) or _C1.search(raw) is not None)


_C1 = re.compile(rb"\xc2[\x80-\x9f]")


def line_starts(text: str) -> list[int]:
    """Give the offset at which each line of `text` begins; the first is always 0."""
    starts = [0]
    found = text.find("\n")
    while found >= 0:
        starts.append(found + 1)
        found = text.find("\n", found + 1)
    return starts


_starts = lru_cache(maxsize=8)(line_starts)
"""Many places of few files are asked for, one after the other."""


def position(text: str, offset: int) -> tuple[int, int]:
    """Give line and column, both from 1, of an offset into `text`."""
    offset = max(0, min(offset, len(text)))
    starts = _starts(text)
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def line_bounds(text: str, line: int) -> tuple[int, int]:
    """Give where a line, counted from 1, begins and ends in `text`, without its line feed."""
    starts = _starts(text)
    return starts[line - 1], starts[line] - 1 if line < len(starts) else len(text)


def without_language(path: str, languages: Sequence[str]) -> tuple[str, str]:
    """Take the language out of a file's name: ``a/ring.fr.md`` is ``a/ring.md`` in ``fr``.

    Args:
        path: the file's path.
        languages: those that a name may end with, whatever their case; any other ending belongs to the name.

    Returns:
        The path without it, and the language as it is listed, "" where the name has none.
    """
    stem, dot, suffix = path.rpartition(".")
    name, _, tag = stem.rpartition(".")
    language = next((one for one in languages if one.lower() == tag.lower()), "")
    if not language or not name.rpartition("/")[2]:
        return path, ""
    return f"{name}{dot}{suffix}", language

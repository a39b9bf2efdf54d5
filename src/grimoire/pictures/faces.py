"""The fonts of pictures: which letters they have, how wide a text is, and the files that resvg reads.

They are those that pages load, as WOFF2; resvg wants the tables inside. A text may need several: each face has but
some scripts, and the signs are KaTeX's.
"""

import tempfile
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont

from grimoire.frontend import packages
from grimoire.pictures.records import FACES, LEVEL, LOWERED, RAISED


def letters() -> frozenset[str]:
    """Give every letter that can be drawn."""
    return frozenset(chr(code) for number in range(len(FACES)) for code in _face(number).codes)


class _Face:
    """One font, opened."""

    def __init__(self, name: str) -> None:
        self.font = TTFont(packages().assets[name].path)
        self.codes: dict[int, str] = self.font.getBestCmap()
        self._glyphs: dict[int, object] = {}

    def width(self, char: str, weight: int) -> float:
        """How wide a letter is, in em."""
        if weight not in self._glyphs:
            location = {"wght": weight} if "fvar" in self.font else None
            self._glyphs[weight] = self.font.getGlyphSet(location=location)
        glyphs = self._glyphs[weight]
        width: float = glyphs[self.codes[ord(char)]].width  # type: ignore[index]
        return width / int(self.font["head"].unitsPerEm)


@cache
def _face(number: int) -> _Face:
    return _Face(FACES[number])


def _number(char: str) -> int:
    """The first face that has a letter; the first of all for one that none has."""
    return next((number for number in range(len(FACES)) if ord(char) in _face(number).codes), 0)


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Cut a text where the face changes; give the family of each piece, and the piece."""
    for number, piece in groupby(text, _number):
        yield family(number), "".join(piece)


def width(text: str, size: float, weight: int) -> float:
    """About how wide a text is: kerning may make it a little narrower."""
    return size * sum(_wide(char, weight) for char in text)


@cache
def _wide(char: str, weight: int) -> float:
    if char in (RAISED, LOWERED, LEVEL):
        return 0.0
    face = _face(_number(char))
    return face.width(char, weight) if ord(char) in face.codes else 1.0


def family(number: int) -> str:
    """The name under which resvg knows a face: those of one family would otherwise hide each other."""
    return f"face{number}"


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="grimoire-faces-")


@cache
def file(name: str) -> str:
    """Write the font of a family where resvg can read it; the file goes when the program does."""
    number = int(name.removeprefix("face"))
    font = TTFont(packages().assets[FACES[number]].path)
    font.flavor = None
    for record in font["name"].names:
        if record.nameID in {1, 16}:
            font["name"].setName(name, record.nameID, record.platformID, record.platEncID, record.langID)
    place = Path(_folder().name) / f"{name}.ttf"
    font.save(place)
    return str(place)

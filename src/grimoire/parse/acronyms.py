"""WordsUsed in capitals in the text of an entry, and whether the text says what they stand for.

It says so with ``Long Form (LF)`` or ``LF (long form)``. What stands in a link, or in an `<abbr>`, is explained there.
"""

import re

from grimoire.glossary import Acronym, WordsUsed
from grimoire.names import is_acronym_of, is_capitals
from grimoire.parse.spotting import lines

_WORD = re.compile(r"(?<![\w.@/#\\$+=~^&*<])(?<!\W-)[^\W\d_]\w*(?![\w@/\\$+=~^&*<(]|\.\w)")
_FEWEST, _MOST = 2, 8
"""Capitals of an acronym."""
_NO_ACRONYM = re.compile(r"[IVX]+|[KMGTP]i?B|[kMGT]Hz")
"""Numerals, and units that everybody writes so."""


def words(prose: bytes) -> WordsUsed:
    """Read the lines that an entry keeps."""
    found: dict[str, Acronym] = {}
    small: set[str] = set()
    for line in lines(prose):
        for start, end, is_linked in line.stretches():
            for match in _WORD.finditer(line.text, start, end):
                written = match[0]
                if written.islower():
                    small.add(written)
                elif not is_linked and (acronym := _acronym(written)):
                    known = found.get(acronym)
                    behind = match.start() + len(acronym)
                    is_expanded = _is_explained(acronym, line.text[: match.start()], line.text[match.end() :])
                    found[acronym] = Acronym(
                        acronym,
                        known.span if known else line.span(match.start(), behind),
                        known.count + 1 if known else 1,
                        is_expanded or (known is not None and known.is_expanded),
                    )
    return WordsUsed(tuple(found.values()), frozenset(small))


def _acronym(written: str) -> str:
    """The acronym that a word is, without the *s* of its plural; "" for any other word."""
    name = re.sub(r"(?<=[A-Z0-9])s$", "", written)
    if (
        not _FEWEST <= sum(map(str.isupper, name)) <= _MOST
        or not is_capitals(name)
        or _NO_ACRONYM.fullmatch(name)
    ):
        return ""
    return name


def _is_explained(acronym: str, before: str, behind: str) -> bool:
    """Whether the words around an acronym say what it stands for."""
    if before.endswith("(") and behind.lstrip("s").startswith(")"):
        return is_acronym_of(acronym, " ".join(before[:-1].split()[-len(acronym) - 3 :]))
    inside = re.match(r"\s*\(([^()]*)\)", behind)
    return inside is not None and is_acronym_of(acronym, inside[1])

"""Sentences: where the first one ends, and which one holds a mention.

Works on plain text in which each formula and each citation is one U+FFFC. A full stop behind an abbreviation, an
initial, in a number or inside parentheses ends nothing; nor does one that ends parentheses in the
middle of a sentence.
"""

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from grimoire.names import is_acronym_of

FORMULA = "\ufffc"
"""Stands for a formula, or a citation, in plain text."""

_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[」』”）]*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[“\"'])(?:e\.g|i\.e|i\.i\.d|vs|cf|al|aka|a\.k\.a|etc|see|resp|approx|ca|viz|no|nos|"
    r"fig|figs|eq|eqs|sec|ch|chap|vol|pp|p|ed|eds|dr|mr|mrs|ms|prof|st|jr|sr|inc|ltd|"
    r"c\.-à-d|p\. ?ex|env|éd|thm|prop|(?-i:MM)|(?-i:[A-Z])(?:\.(?-i:[A-Z]))*|ph\.d)\.$",
    re.IGNORECASE,
)
_LONGEST = 260


def ends(text: str) -> list[int]:
    """Give the offsets behind each sentence of the text, the last one included."""
    found: list[int] = []
    openings = _openings(text)
    for stop in _STOP.finditer(text):
        end = stop.end()
        if end == len(text):
            break
        following = text[end : end + _NEAR].lstrip()[:1]
        opening = openings[stop.start()] if openings else None
        if openings and opening is not None:
            is_aside = bool(text[found[-1] if found else 0 : opening].strip())
            if openings[end] == opening or (is_aside and not following.isupper()):
                continue
        if stop[0][0] == "." and _is_abbreviation(text, stop.start(), following):
            continue
        if stop[0][0] in ".…" and following.islower():
            continue
        found.append(end)
    return [*found, len(text)]


_NEAR = 12


def _is_abbreviation(text: str, stop: int, following: str) -> bool:
    """Whether the full stop at `stop` belongs to an abbreviation; "etc." and "al." may end a sentence."""
    before = text[max(0, stop - _NEAR) : stop]
    if not _ABBREVIATION.search(before + "."):
        return False
    return not (before.endswith(("etc", "al")) and following.isupper())


def _openings(text: str) -> list[int | None] | None:
    """Where the outermost parentheses open that each character stands in; None if they are not balanced."""
    if "(" not in text:
        return None
    depth = 0
    opening: int | None = None
    openings: list[int | None] = []
    for index, char in enumerate(text):
        if char == "(":
            opening = index if depth == 0 else opening
            depth += 1
        openings.append(opening)
        if char == ")":
            depth -= 1
            opening = opening if depth else None
            if depth < 0:
                return None
    return openings if depth == 0 else None


_FEWEST_LETTERS = 12
_FIRST_OF_EAST_ASIA = "\u2e80"
"""From here on a letter says as much as some three of an alphabet: Han, kana, Hangul."""


def _weight(text: str) -> int:
    """How much a text says, in letters of an alphabet."""
    letters = "".join(filter(str.isalpha, text))
    if letters.isascii():
        return len(letters)
    return len(letters) + 2 * sum(letter >= _FIRST_OF_EAST_ASIA for letter in letters)


def first_sentence(text: str) -> int:
    """Give the offset at which the first sentence ends."""
    letters = at = 0
    for end in ends(text):
        # A sentence that is a formula alone, or a word such as "Note.", says nothing by itself;
        # nor does one that only spells out an abbreviation.
        if not _is_expansion(text[at:end].strip()):
            letters += _weight(text[at:end])
        at = end
        if letters > _FEWEST_LETTERS:
            return end
    return len(text)


def _is_expansion(sentence: str) -> bool:
    found = _EXPANSION.fullmatch(sentence)
    return found is not None and is_acronym_of(found[2], found[1])


_EXPANSION = re.compile(r"([^().]{3,80})\s\(([\w.\-/&+]{2,12})\)\.")


class Stretch(NamedTuple):
    """A part of a text, and whether its sentence begins before it or goes on behind it."""

    start: int
    end: int
    is_cut_before: bool
    is_cut_behind: bool


class Sentences:
    """The sentences of a text."""

    def __init__(self, text: str) -> None:
        self._text, self._ends = text, ends(text)
        self._bounds: dict[tuple[int, int], tuple[int, int]] = {}

    def number(self, at: int) -> int:
        """Which sentence holds the character at `at`, from 0."""
        return bisect_right(self._ends, at)

    def around(self, start: int, end: int) -> Stretch:
        """Give the sentence that holds the words from `start` to `end`, cut to a readable length."""
        text = self._text
        whole = first, last = self._without_blanks(
            self.number(start), min(bisect_left(self._ends, end), len(self._ends) - 1)
        )
        first, last = min(first, start), max(last, end)
        if last - first > _LONGEST:
            spare = max(40, (_LONGEST - (end - start)) // 2)
            if start - first > spare:
                # Where there are no blanks, words are not parted by them.
                first = text.find(" ", start - spare, start) + 1 or start - spare
            if last - end > spare:
                blank = text.rfind(" ", end, end + spare)
                last = blank if blank >= 0 else end + spare
        return Stretch(first, last, first > whole[0], last < whole[1])

    def _without_blanks(self, first: int, last: int) -> tuple[int, int]:
        """Where these sentences begin and end; many mentions ask for the same."""
        found = self._bounds.get((first, last))
        if found is None:
            start, end = self._ends[first - 1] if first else 0, self._ends[last]
            inner = self._text[start:end]
            found = end - len(inner.lstrip()), start + len(inner.rstrip())
            self._bounds[first, last] = found
        return found

"""Sentences: where the first one ends, and which one holds a mention.

Works on plain text in which each formula is one U+FFFC. A full stop behind an abbreviation, an
initial, in a number or inside parentheses ends nothing.
"""

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

FORMULA = "\ufffc"
"""Stands for a formula in plain text."""

_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[」』”）]*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[“\"'])(?:e\.g|i\.e|i\.i\.d|vs|cf|al|aka|a\.k\.a|etc|see|resp|approx|ca|viz|no|nos|"
    r"fig|figs|eq|eqs|sec|ch|chap|vol|pp|p|ed|eds|dr|mr|mrs|ms|prof|st|jr|sr|inc|ltd|(?-i:[A-Z]))\.$",
    re.IGNORECASE,
)
_LONGEST = 260


def ends(text: str) -> list[int]:
    """Give the offsets behind each sentence of the text, the last one included."""
    found = []
    depths = _depths(text)
    for stop in _STOP.finditer(text):
        end = stop.end()
        if end == len(text):
            break
        if depths is not None and depths[end - 1] > 0 and not stop[0].lstrip(".!?…"):
            continue
        following = text[end : end + _NEAR].lstrip()[:1]
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


def _depths(text: str) -> list[int] | None:
    """How deep in parentheses each character is; None if they are not balanced."""
    if "(" not in text:
        return None
    depth = 0
    depths = []
    for char in text:
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth < 0:
                return None
        depths.append(depth)
    return depths if depth == 0 else None


_FEWEST_LETTERS = 12


def first_sentence(text: str) -> int:
    """Give the offset at which the first sentence ends."""
    letters = at = 0
    for end in ends(text):
        # A sentence that is a formula alone, or a word such as "Note.", says nothing by itself.
        letters += sum(map(str.isalpha, text[at:end]))
        at = end
        if letters > _FEWEST_LETTERS:
            return end
    return len(text)


class Stretch(NamedTuple):
    """A part of a text, and whether its sentence begins before it or goes on behind it."""

    start: int
    end: int
    is_cut_before: bool
    is_cut_behind: bool


def sentence_around(text: str, sentence_ends: list[int], start: int, end: int) -> Stretch:
    """Give the sentence that holds ``text[start:end]``, cut to a readable length.

    Args:
        text: the text.
        sentence_ends: what `ends` gives for it.
        start: where the words begin that are wanted.
        end: where they end.
    """
    at = bisect_right(sentence_ends, start)
    first = sentence_ends[at - 1] if at else 0
    last = sentence_ends[min(bisect_left(sentence_ends, end), len(sentence_ends) - 1)]
    first = start - len(text[first:start].lstrip())
    last = end + len(text[end:last].rstrip())
    whole = first, last
    if last - first > _LONGEST:
        spare = max(40, (_LONGEST - (end - start)) // 2)
        if start - first > spare:
            first = text.find(" ", start - spare, start) + 1 or start
        if last - end > spare:
            last = max(end, text.rfind(" ", end, end + spare))
    return Stretch(first, last, first > whole[0], last < whole[1])

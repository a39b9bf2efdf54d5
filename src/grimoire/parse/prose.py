"""Sentences: where the first one ends, and which one holds a mention.

Works on plain text in which each formula is one U+FFFC. A full stop behind an abbreviation, an
initial, in a number or inside parentheses ends nothing.
"""

import re

FORMULA = "\ufffc"
"""Stands for a formula in plain text."""

_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[」』”）]*")  # noqa: RUF001  full-width stops
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[“\"'])(?:e\.g|i\.e|i\.i\.d|vs|cf|al|aka|a\.k\.a|etc|see|resp|approx|ca|viz|no|nos|"
    r"fig|figs|eq|eqs|sec|ch|chap|vol|pp|p|ed|eds|dr|mr|mrs|ms|prof|st|jr|sr|inc|ltd|[A-Za-z])\.$",
    re.IGNORECASE,
)
_LONGEST = 260


def _ends(text: str) -> list[int]:
    """The offsets behind each sentence of the text, the last one included."""
    ends = []
    depths = _depths(text)
    for stop in _STOP.finditer(text):
        end = stop.end()
        if end == len(text):
            break
        closing = stop[0].lstrip(".!?…")
        if depths is not None and depths[end - 1] > 0 and not closing:
            continue
        if stop[0].startswith(".") and _ABBREVIATION.search(text[max(0, stop.start() - 12) : stop.start() + 1]):
            if not _starts_anew(text, end) or not text[max(0, stop.start() - 4) : stop.start()].endswith(("etc", "al")):
                continue
        following = text[end:].lstrip()
        if stop[0][0] in ".…" and following[:1].islower():
            continue
        ends.append(end)
    ends.append(len(text))
    return ends


def _starts_anew(text: str, at: int) -> bool:
    return text[at:].lstrip()[:1].isupper()


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


def first_sentence(text: str) -> int:
    """Give the offset at which the first sentence ends."""
    for end in _ends(text):
        # A sentence that is a formula alone, or a word such as "Note.", says nothing by itself.
        if sum(char.isalpha() for char in text[:end]) > 12 or end == len(text):
            return end
    return len(text)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Give the stretch of the sentence that holds ``text[start:end]``, cut to a readable length."""
    first = 0
    last = len(text)
    for stop in _ends(text):
        if stop <= start:
            first = stop
        elif stop >= end:
            last = stop
            break
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    if last - first > _LONGEST:
        spare = max(40, (_LONGEST - (end - start)) // 2)
        if start - first > spare:
            cut = text.find(" ", start - spare, start)
            first = cut + 1 if cut > 0 else start
        if last - end > spare:
            cut = text.rfind(" ", end, end + spare)
            last = cut if cut > end else end
    return first, last

"""Highlights: ``==text==``, with markup inside and over line ends, but not in ``0 == a, 1 == b``.

The opening mark has no blank behind it, the closing one none before it. Marks inside words count
only around one word: ``x==1 and y==2`` compares.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_LONGEST = 4000
"""How far the closing mark may be; without a limit many open marks would cost their square."""
_CLOSING = re.compile(r"(?<!\s)==")


def _compares(src: str, start: int, stop: int) -> bool:
    """Whether both marks stand inside words and several words between them."""
    return (
        src[max(0, start - 1) : start].isalnum()
        and src[stop + 2 : stop + 3].isalnum()
        and any(map(str.isspace, src[start:stop]))
    )


def _highlight(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    src, start = state.src, state.pos
    end = min(state.posMax, start + _LONGEST)
    if not src.startswith("==", start):
        return False
    first = start + 2
    if first >= end or src[first].isspace() or src[first] == "=" or (start and src[start - 1] == "="):
        return False
    if not _CLOSING.search(src, first, end):
        return False
    state.pos = first
    stop = -1
    while state.pos < end:
        if src.startswith("==", state.pos) and not src[state.pos - 1].isspace():
            stop = state.pos
            break
        state.md.inline.skipToken(state)
    state.pos = start
    if stop <= first or _compares(src, start, stop):
        return False
    if not silent:
        state.push("mark_open", "mark", 1)
        limit = state.posMax
        state.pos, state.posMax = first, stop
        state.md.inline.tokenize(state)
        state.posMax = limit
        state.push("mark_close", "mark", -1)
    state.pos = stop + 2
    return True


def highlight(md: MarkdownIt) -> None:
    """Add the rule for highlights."""
    md.inline.ruler.before("emphasis", "highlight", _highlight)
    md.inline.add_terminator_char("=")

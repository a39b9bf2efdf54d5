"""Highlights: ``==text==``, with markup inside and over line ends, but not in ``0 == a, 1 == b``.

The opening mark has no blank behind it, the closing one none before it. Marks inside words count
only around one word: ``x==1 and y==2`` compares. The marks are paired with those of emphasis, so that
neither crosses the other. Tokens: ``mark_open``, ``mark_close``.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_SIGN = ord("=")
_ROW = re.compile(r"=+")
_BLANK = re.compile(r"\s")


def _marks(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    src, start = state.src, state.pos
    found = _ROW.match(src, start, state.posMax)
    if not found or silent:
        return False
    if found[0] != "==":
        state.append_pending(found[0])
        state.pos = found.end()
        return True
    token = state.push("text", "", 0)
    token.content = "=="
    token.meta = {"at": start}
    state.delimiters.append(
        Delimiter(
            marker=_SIGN,
            length=0,
            token=len(state.tokens) - 1,
            end=-1,
            open=found.end() < state.posMax and not src[found.end()].isspace(),
            close=start > 0 and not src[start - 1].isspace(),
        )
    )
    state.pos = found.end()
    return True


def _all_delimiters(state: StateInline) -> Iterator[list[Delimiter]]:
    yield state.delimiters
    yield from (meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta)


def _without_comparisons(state: StateInline) -> None:
    """A mark inside a word opens nothing if the next that could close it is in another word."""
    for delimiters in _all_delimiters(state):
        following: int | None = None
        for delimiter in reversed(delimiters):
            if delimiter.marker != _SIGN:
                continue
            at = state.tokens[delimiter.token].meta["at"]
            if following is not None and _compares(state.src, at, following):
                delimiter.open = False
            if delimiter.close:
                following = at


def _compares(src: str, start: int, stop: int) -> bool:
    """Whether both marks stand inside words and several words between them."""
    return all(
        src[max(0, at - 1) : at].isalnum() and src[at + 2 : at + 3].isalnum() for at in (start, stop)
    ) and bool(_BLANK.search(src, start, stop))


def _pairs(state: StateInline) -> None:
    """Turn the pairs that were found into tokens."""
    for delimiters in _all_delimiters(state):
        for opening in delimiters:
            if opening.marker != _SIGN or opening.end < 0:
                continue
            for delimiter, name, nesting in (
                (opening, "mark_open", 1),
                (delimiters[opening.end], "mark_close", -1),
            ):
                token = state.tokens[delimiter.token]
                token.type, token.tag, token.markup, token.content = name, "mark", "==", ""
                token.nesting = nesting  # type: ignore[assignment]  # 1 or -1


def highlight(md: MarkdownIt) -> None:
    """Add the rules for highlights."""
    md.inline.ruler.before("emphasis", "highlight", _marks)
    md.inline.ruler2.before("balance_pairs", "comparisons", _without_comparisons)
    md.inline.ruler2.before("emphasis", "highlight", _pairs)

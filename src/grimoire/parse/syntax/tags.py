"""Tags in the text: ``#tag``, ``#area/topic``; a tag begins a word and is more than a number.

It is made of letters, digits and the marks that scripts spell with, of emoji, hyphens and underscores.

Token: ``tag``, its `content` as written, `meta["tag"]` without the ``#``.
"""

import unicodedata

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_MARKS = "*_~="
"""Signs of emphasis, which may stand between a tag and what is before it."""
_OPENING = frozenset("([,;\"'>")
_BETWEEN = frozenset("/\u200c\u200d")
"""The two that cannot be seen: Persian spells with the one, emoji are joined by the other."""
_FIRST_PICTURE = 0x2300


def _tag(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    start = state.pos
    if state.src[start] != "#" or state.linkLevel:
        return False
    first = start
    while first and state.src[first - 1] in _MARKS:
        first -= 1
    if first and not _may_stand_before(state.src[first - 1]):
        return False
    end = _end(state.src, start + 1, state.posMax)
    if "_" in state.src[first:start]:
        # What ends the emphasis is no part of the tag.
        while state.src[end - 1] == "_":
            end -= 1
    tag = state.src[start + 1 : end]
    if not any(unicodedata.category(char)[0] in "LS" for char in tag):
        return False
    if not silent:
        token = state.push("tag", "", 0)
        token.content = state.src[start:end]
        token.meta = {"tag": tag, "at": (start, end)}
    state.pos = end
    return True


def _may_stand_before(char: str) -> bool:
    if char.isascii():
        return char.isspace() or char in _OPENING
    return char.isspace() or unicodedata.category(char)[0] == "P"


def _end(text: str, start: int, limit: int) -> int:
    """Where a tag ends that begins at `start`; a slash or a joiner stands between two characters of it."""
    end = start
    for at in range(start, limit):
        if _is_part(text[at], is_first=at == start):
            end = at + 1
        elif at > end or at == start or text[at] not in _BETWEEN:
            break
    return end


def _is_part(char: str, *, is_first: bool) -> bool:
    kind = unicodedata.category(char)
    if kind[0] == "M" or char == "-":
        return not is_first
    # A modifier of the skin's colour is a sign of its own, but belongs to the emoji before it.
    is_picture = kind in {"So", "Sk"} and ord(char) >= _FIRST_PICTURE
    return kind[0] in "LN" or char == "_" or is_picture


def tags(md: MarkdownIt) -> None:
    """Add the rule for tags."""
    md.inline.ruler.before("emphasis", "tag", _tag)
    md.inline.add_terminator_char("#")

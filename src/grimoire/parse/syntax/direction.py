"""The direction of text: a block with letters of a right-to-left script gets the attribute ``dir="auto"``.

It then goes as its first letter does. A list has it as a whole, so that its marks stand on the right side too.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff]"
)
_LISTS = frozenset(("bullet_list_open", "ordered_list_open"))


def _direction(state: StateCore) -> None:
    if state.src.isascii() or not _RIGHT_TO_LEFT.search(state.src):
        return
    lists: list[int] = []
    for index, token in enumerate(state.tokens):
        if token.type in _LISTS:
            lists.append(index)
        elif lists and token.type == state.tokens[lists[-1]].type.replace("open", "close"):
            lists.pop()
        elif token.type == "inline" and _RIGHT_TO_LEFT.search(token.content):
            block = state.tokens[lists[0] if lists else index - 1]
            if block.hidden and state.tokens[index - 2].type == "dd_open":
                block = state.tokens[index - 2]
            block.attrSet("dir", "auto")


def direction(md: MarkdownIt) -> None:
    """Add the rule, which looks at the whole when all else is done."""
    md.core.ruler.push("direction", _direction)

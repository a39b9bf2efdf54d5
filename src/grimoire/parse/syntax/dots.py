"""Lists whose items begin with ``•``, as text has them that was copied from a page or a printed sheet."""

from types import FunctionType

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.list import list_block, skipBulletListMarker

_DOT = "•"


def _skip_mark(state: StateBlock, line: int) -> int:
    """The place behind the mark with which an item begins, -1 if there is none.

    Either one of markdown-it's, or a dot before some text: one alone parts other things.
    """
    start, end = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    if state.src.startswith((_DOT + " ", _DOT + "\t"), start, end) and state.src[start + 1 : end].strip():
        return start + 1
    return skipBulletListMarker(state, line)


def dots(md: MarkdownIt) -> None:
    """Let a dot begin an item: the library's own rule for lists, which asks our function for the mark."""
    names = {**list_block.__globals__, skipBulletListMarker.__name__: _skip_mark}
    rule = FunctionType(list_block.__code__, names, list_block.__name__, list_block.__defaults__)
    md.block.ruler.at("list", rule, {"alt": ["paragraph", "reference", "blockquote"]})

"""Blocks nested too deep for the parser: they stay as they are written, in a block of code.

markdown-it drops what lies below its limit; here the limit is never reached.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

DEEPEST = 90
"""How many blocks may be nested; a list counts as two. Below markdown-it's own limit of 100."""


def _too_deep(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001
    if state.level < DEEPEST:
        return False
    if silent:
        return True
    begin = state.bMarks[start_line] + state.tShift[start_line]
    state.env.setdefault("faults", {})["too-deep", begin] = state.eMarks[start_line]
    token = state.push("code_block", "code", 0)
    token.content = state.getLines(start_line, end_line, state.blkIndent, keepLastLF=True)
    token.map = [start_line, end_line]
    state.line = end_line
    return True


def depth(md: MarkdownIt) -> None:
    """Raise the parser's limit, and add the rule that stops short of it."""
    md.options["maxNesting"] = DEEPEST + 10
    md.block.ruler.before("table", "too_deep", _too_deep)

"""Tables as GFM has them, and a word on what it drops: a row may have more cells than the head of its table."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table

_PIPE = re.compile(r"(?<!\\)\|")


def _table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001
    first = len(state.tokens)
    if not table(state, start_line, end_line, silent):
        return False
    if not silent:
        columns = sum(token.type == "th_open" for token in state.tokens[first:])
        for line in range(start_line + 2, state.line):
            _note_surplus(state, line, columns)
    return True


def _note_surplus(state: StateBlock, line: int, columns: int) -> None:
    """Note where the cells of a row begin that its table has no columns for."""
    start = state.bMarks[line] + state.tShift[line]
    row = state.src[start : state.eMarks[line]]
    pipes = [found.end() for found in _PIPE.finditer(row)]
    number = columns if row.startswith("|") else columns - 1
    if number < len(pipes) and (surplus := row[pipes[number] :].strip(" \t|")):
        at = start + row.index(surplus, pipes[number])
        state.env.setdefault("faults", {})["surplus-cells", at] = at + len(surplus)


def tables(md: MarkdownIt) -> None:
    """Add tables."""
    md.enable("table")
    md.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})

"""A line ``^name`` right below a table or a quote: it ends what it names, and is no row of it.

What becomes of such a line, and of one behind blank lines, is for `grimoire.parse.compile`.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

_NAME = re.compile(r"\^[A-Za-z0-9][A-Za-z0-9-]*[ \t]*")


def _name(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: ARG001, FBT001  markdown-it's signature
    """Whether a block ends before this line, which then is a paragraph like any other."""
    begin, end = state.bMarks[start_line] + state.tShift[start_line], state.eMarks[start_line]
    return (
        silent and not state.is_code_block(start_line) and _NAME.fullmatch(state.src, begin, end) is not None
    )


def block_names(md: MarkdownIt) -> None:
    """Add the rule."""
    md.block.ruler.before("fence", "block_name", _name, {"alt": ["blockquote"]})

"""Comments: ``%%text%%`` in a line or over whole blocks; they leave nothing in the output.

Behind a digit, as in ``100%%``, the marks are two per cent signs.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline


def _inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    if not state.src.startswith("%%", state.pos) or state.src[max(0, state.pos - 1)].isdigit():
        return False
    end = state.src.find("%%", state.pos + 2, state.posMax)
    if end < 0:
        return False
    if not silent:
        state.push("comment", "", 0).meta = {"at": (state.pos, end + 2)}
    state.pos = end + 2
    return True


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001
    if state.is_code_block(start_line):
        return False
    begin = state.bMarks[start_line] + state.tShift[start_line]
    first = state.src[begin : state.eMarks[start_line]]
    if not first.startswith("%%"):
        return False
    if "%%" in first[2:]:
        # Closed in its own line: a block of its own only if nothing follows.
        if first.rstrip().find("%%", 2) != len(first.rstrip()) - 2:
            return False
        if not silent:
            state.line = start_line + 1
        return True
    for number in range(start_line + 1, end_line):
        if state.sCount[number] < state.blkIndent and not state.isEmpty(number):
            break
        text = state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
        if "%%" in text:
            if text.rstrip().endswith("%%") and text.count("%%") == 1:
                if not silent:
                    state.line = number + 1
                return True
            return False
    if not silent:
        state.env.setdefault("faults", {})["unclosed-comment", begin] = begin + 2
    return False


def comments(md: MarkdownIt) -> None:
    """Add the rules for comments."""
    md.inline.ruler.before("emphasis", "comment", _inline)
    md.inline.add_terminator_char("%")
    md.block.ruler.before(
        "fence", "comment_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )

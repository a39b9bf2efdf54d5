r"""Keep ``|`` inside formulas and wikilinks from ending a table cell.

The table rule of GFM cuts a row at each unescaped ``|`` before anything else is looked at, so that
``$P(A|B)$`` would become two cells and ``\|x\|`` lose its backslashes. Before blocks are parsed,
the pipes inside formulas and links of lines that look like table rows are masked; afterwards what
is left of the mask is taken off again.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from grimoire.parse.syntax import MASKED_PIPE

_GUARDED = re.compile(
    r"(?<!\\)\$\$?(?=[^\s$])[^$\n]*?(?<=[^\s\\])\$(?!\d)\$?"
    r"|\\\(.+?\\\)|!?\[\[[^\[\]\n]+\]\]"
)


def _mask(state: StateCore) -> None:
    if "|" not in state.src:
        return
    lines = state.src.split("\n")
    for number, line in enumerate(lines):
        if "|" in line and ("$" in line or "\\(" in line or "[[" in line):
            masked = _GUARDED.sub(lambda found: found[0].replace("|", MASKED_PIPE), line)
            # Only a line that still has a bare pipe can be a row of a table.
            if "|" in masked:
                lines[number] = masked
    state.src = "\n".join(lines)


def _unmask(state: StateCore) -> None:
    if MASKED_PIPE not in state.src:
        return
    for token in state.tokens:
        if MASKED_PIPE in token.content and token.type != "inline":
            token.content = token.content.replace(MASKED_PIPE, "|")
        for child in token.children or ():
            if MASKED_PIPE in child.content:
                child.content = child.content.replace(MASKED_PIPE, "|")


def pipes(md: MarkdownIt) -> None:
    """Add the masking before and the unmasking after the parse."""
    md.core.ruler.before("block", "mask_pipes", _mask)
    md.core.ruler.push("unmask_pipes", _unmask)

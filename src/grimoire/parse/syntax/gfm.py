"""Strikethrough as GFM has it: two tildes strike out, three or more strike nothing."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_TILDES = re.compile(r"~{3,}")


def _tildes(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    found = _TILDES.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.append_pending(found[0])
    state.pos = found.end()
    return True


def gfm(md: MarkdownIt) -> None:
    """Add strikethrough with two tildes."""
    md.enable("strikethrough")
    md.inline.ruler.before("strikethrough", "tildes", _tildes)

"""Typography where a site asks for it: quotes, dashes and dots, but never an option such as ``--flag``.

Two hyphens become an en dash and three an em dash, between two words or between two blanks.
markdown-it's own rule also makes signs of ``(c)`` and ``(r)``, which are as often items of a list.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

_DASHES = re.compile(r"(?<=[\w)\]”’.,;:!?%])-{2,3}(?=\w)|(?<=\s)-{2,3}(?=\s)")


def _typography(state: StateCore) -> None:
    for token in state.tokens:
        is_address = False
        for child in token.children or ():
            if child.info == "auto":
                is_address = child.nesting > 0
            elif child.type == "text" and not is_address:
                child.content = _DASHES.sub(_dash, child.content).replace("...", "…")


def _dash(hyphens: re.Match[str]) -> str:
    return "–" if len(hyphens[0]) == len("--") else "—"


def typography(md: MarkdownIt) -> None:
    """Add the rules, quotes after dashes."""
    md.core.ruler.before("smartquotes", "typography", _typography)
    md.enable("smartquotes")

r"""References to equations in the text: ``\eqref{eq:a}`` and ``\ref{eq:a}``.

Token: ``equation``, its `content` the source; `meta`: verb, name, at.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_REFERENCE = re.compile(r"\\(eqref|ref)[ \t]*\{([^{}\n]+)\}")


def _equation(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    if state.src[state.pos] != "\\":
        return False
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        token = state.push("equation", "", 0)
        token.content = found[0]
        token.meta = {"verb": found[1], "name": found[2].strip(), "at": found.span()}
    state.pos = found.end()
    return True


def equation_links(md: MarkdownIt) -> None:
    """Add the rule for references to equations."""
    md.inline.ruler.before("escape", "equation", _equation)

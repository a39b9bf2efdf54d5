"""Tags in the text: ``#tag``, ``#area/topic``; a tag has a letter and begins a word.

Token: ``tag``, its `content` the tag without ``#``.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_TAG = re.compile(r"#(?=[\w/-]*[^\W\d_])([\w][\w-]*(?:/[\w-]+)*)")


def _tag(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    start = state.pos
    if state.src[start] != "#" or state.linkLevel:
        return False
    if start and not (state.src[start - 1].isspace() or state.src[start - 1] in "(,;"):
        return False
    found = _TAG.match(state.src, start, state.posMax)
    if not found:
        return False
    if not silent:
        token = state.push("tag", "", 0)
        token.content = found[1]
        token.meta = {"at": (start, found.end())}
    state.pos = found.end()
    return True


def tags(md: MarkdownIt) -> None:
    """Add the rule for tags."""
    md.inline.ruler.before("emphasis", "tag", _tag)
    md.inline.add_terminator_char("#")

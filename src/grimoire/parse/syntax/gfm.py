"""What the plugins for GFM leave out: bare addresses and strikethrough as GFM has them.

The plugin's rule for schemes searches all the text so far at each colon: here it is asked only where
a scheme stands before the colon. Its rule for mail does not see past an underscore, which may begin
emphasis: here one in an address is text. Three tildes strike nothing.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

_SCHEMES = ("http", "https", "mailto", "xmpp")
_REST_OF_ADDRESS = re.compile(r"(?<=[A-Za-z0-9])_[A-Za-z0-9._+-]{0,64}@[A-Za-z0-9]")
_TILDES = re.compile(r"~{3,}")


def _underscore(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    if state.src[state.pos] != "_" or not _REST_OF_ADDRESS.match(state.src, state.pos, state.posMax):
        return False
    if not silent:
        state.pending += "_"
    state.pos += 1
    return True


def _tildes(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    found = _TILDES.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.pending += found[0]
    state.pos = found.end()
    return True


def gfm(md: MarkdownIt) -> None:
    """Add bare addresses, and strikethrough with two tildes."""
    md.enable("strikethrough")
    gfm_autolink_plugin(md)
    ruler = md.inline.ruler
    protocol = next(rule.fn for rule in ruler.__rules__ if rule.name == "gfm_autolink_protocol")

    def quick(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
        return state.pending.endswith(_SCHEMES) and protocol(state, silent)

    ruler.at("gfm_autolink_protocol", quick)
    ruler.before("strikethrough", "tildes", _tildes)
    ruler.before("emphasis", "underscore_in_address", _underscore)

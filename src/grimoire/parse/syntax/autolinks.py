"""Bare addresses as links, as in GFM: ``https://…``, ``www.…``, ``a@b.org``.

The plugin's rule for schemes searches all the text so far at each colon; it is asked only where a
scheme stands before the colon.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

_SCHEMES = ("http", "https", "mailto", "xmpp")


def autolinks(md: MarkdownIt) -> None:
    """Add the plugin's rules, that for schemes with a quick look first."""
    gfm_autolink_plugin(md)
    ruler = md.inline.ruler
    protocol = next(rule.fn for rule in ruler.__rules__ if rule.name == "gfm_autolink_protocol")

    def quick(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
        return state.pending.endswith(_SCHEMES) and protocol(state, silent)

    ruler.at("gfm_autolink_protocol", quick)

"""Footnotes as markdown-it's plugin reads them, and a record of where each is defined.

The plugin drops the definitions that nothing refers to and all but the last of one name; with
``env["definitions"]``, the label and the first line of each, that can be reported.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from mdit_py_plugins.footnote import footnote_plugin


def _definitions(state: StateCore) -> None:
    found = [
        (token.meta["label"], token.map[0])
        for token in state.tokens
        if token.type == "footnote_reference_open" and token.map
    ]
    if found:
        state.env["definitions"] = found


def footnotes(md: MarkdownIt) -> None:
    """Add the plugin's rules, and the one that records."""
    footnote_plugin(md)
    md.core.ruler.before("footnote_tail", "definitions", _definitions)

"""The Markdown parser with the dialect's rules: CommonMark, GFM, and the rules of `syntax`."""

from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin

from grimoire.parse.syntax.abbreviations import abbreviations
from grimoire.parse.syntax.attributes import attributes
from grimoire.parse.syntax.autolinks import autolinks
from grimoire.parse.syntax.block_attributes import block_attributes
from grimoire.parse.syntax.block_dispatch import Chains
from grimoire.parse.syntax.block_names import block_names
from grimoire.parse.syntax.brackets import brackets
from grimoire.parse.syntax.callouts import callouts
from grimoire.parse.syntax.citations import citations
from grimoire.parse.syntax.comments import comments
from grimoire.parse.syntax.depth import depth
from grimoire.parse.syntax.direction import direction
from grimoire.parse.syntax.dispatch import LineParser
from grimoire.parse.syntax.dots import dots
from grimoire.parse.syntax.equation_links import equation_links
from grimoire.parse.syntax.footnotes import footnotes
from grimoire.parse.syntax.gfm import gfm
from grimoire.parse.syntax.highlight import highlight
from grimoire.parse.syntax.links import links
from grimoire.parse.syntax.math import math
from grimoire.parse.syntax.pipes import pipes
from grimoire.parse.syntax.tables import tables
from grimoire.parse.syntax.tags import tags
from grimoire.parse.syntax.templates import templates
from grimoire.parse.syntax.typography import typography

PLUGINS = (
    tables, brackets, footnotes, deflist_plugin, gfm, autolinks, math, equation_links, comments, highlight, links,
    citations, tags, callouts, templates, attributes, block_attributes, block_names, pipes, depth, dots,
    abbreviations, direction,
)  # fmt: skip
"""The rules on top of CommonMark with tables and task lists, in order."""


@cache
def parser(*, smart: bool = False) -> MarkdownIt:
    """Give the parser; `smart` turns quotes, dashes and dots into typographic ones.

    It holds no state between texts. Raw HTML is parsed into tokens; what becomes of it is decided
    in `grimoire.parse.raw_html`.
    """
    md = MarkdownIt("commonmark", {"tasklists": True, "typographer": smart})
    md.inline = LineParser(md.inline)
    md.block.ruler = Chains(md.block.ruler)
    for plugin in PLUGINS:
        md.use(plugin)
    if smart:
        md.use(typography)
    return md

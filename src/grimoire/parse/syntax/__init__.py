"""The dialect's own rules for markdown-it-py: one construct, one file.

A rule pushes tokens and decides nothing about meaning: names are resolved later, HTML is made in
`grimoire.parse.compile`. A token's `meta["at"]` is its place in the text of its block, start and
end. A token of type ``fault`` carries a diagnostic to where places in the file are known.
"""

MASKED_PIPE = "\ufdd0"
"""Stands for a ``|`` that must not end a table cell; sources cannot hold it."""

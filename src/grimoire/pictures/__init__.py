"""A picture of a term, for programs that show what a link leads to: headword, first words, the name of the site.

`records` says what one shows, `drawing` lays it out as SVG in the site's own fonts (`faces`) and colours, and has resvg
make it a PNG. Both resvg and the reader of fonts are an optional extra: only `records` can do without.
"""

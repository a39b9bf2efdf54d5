"""Citations and references: bibliographies read, clusters understood, both set in a style of CSL.

`read_bibliography` gives the works of a file, `parse_cluster` what ``[@a; @b, p. 3]`` says, `Citer` the text
that takes its place and the list of references: citeproc in an embedded V8, with the styles and locales of the
Citation Style Language. What a page gets depends on its clusters, the works they cite, the style, the language
and `epoch` alone, so it may be remembered under `Citer.key`; the engine starts with the first page that nobody
remembers.
"""

from grimoire.citations.bibliography import near, read_bibliography, unique
from grimoire.citations.citer import Citer, anchor
from grimoire.citations.cluster import narrative_at, parse_cluster
from grimoire.citations.csl_files import UnknownStyle, UnsoundStyle, styles
from grimoire.citations.engine import CitingError
from grimoire.citations.records import Cite, Cited, Cluster, Entry, Item
from grimoire.citations.toolchain import epoch

__all__ = [
    "Cite",
    "Cited",
    "Citer",
    "CitingError",
    "Cluster",
    "Entry",
    "Item",
    "UnknownStyle",
    "UnsoundStyle",
    "anchor",
    "epoch",
    "narrative_at",
    "near",
    "parse_cluster",
    "read_bibliography",
    "styles",
    "unique",
]

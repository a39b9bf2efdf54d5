"""The search's files: the names tier, and the texts in shards of which a query fetches those it needs.

The pipeline makes a `Document` of every page that search may find, numbers them by `slots`, remembers `analyse` of each
by its digest, and hands all of them to `names` and `whole`, or what changed of them to `mended`. The browser's half is ``static/search.js``:
what `words` and `formulas` take a text apart into, it takes a query apart into, rule by rule. See
docs/decisions/0015-search-shards.md.

A search never sees anything of grimoire but the vocabulary.
"""

from grimoire.search.documents import FIELDS, Analysis, Document, analyse
from grimoire.search.epoch import epoch
from grimoire.search.mending import Change, mended
from grimoire.search.name_rows import NAMES, names, whole_names
from grimoire.search.shards import COMMON, Layout, whole
from grimoire.search.slots import slots

__all__ = [
    "COMMON",
    "FIELDS",
    "NAMES",
    "Analysis",
    "Change",
    "Document",
    "Layout",
    "analyse",
    "epoch",
    "mended",
    "names",
    "slots",
    "whole",
    "whole_names",
]

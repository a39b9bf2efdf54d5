"""The search's two files: the names tier and one whole lunr index.

The pipeline makes a `Document` of every page that search may find, remembers `analyse` of each by its
digest, and hands all of them, in one order, to `names` and `index`. The browser's half is
``static/search.js``: what `words` and `formulas` take a text apart into, it takes a query apart into, rule by rule.

A search never sees anything of grimoire but the vocabulary.
"""

from grimoire.search.documents import FIELDS, Analysis, Document, analyse
from grimoire.search.epoch import epoch
from grimoire.search.lunr_index import index
from grimoire.search.name_rows import names

__all__ = ["FIELDS", "Analysis", "Document", "analyse", "epoch", "index", "names"]

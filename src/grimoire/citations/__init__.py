"""Citations and references: bibliographies read, and both set in a style of CSL.

`read_bibliography` gives the works of a file, `decide` says which of an entry's citations are some, `Citer` sets
them and the list of references: citeproc in an embedded V8, with the styles and locales of the Citation Style
Language. What a page gets depends on its clusters, the works they cite, the style, the language and `epoch` alone,
so it may be remembered; the engine starts with the first page that nobody remembers.
"""

from grimoire.citations.bibliography import near, read_bibliography, unique
from grimoire.citations.citer import Citer
from grimoire.citations.csl_files import UnknownStyle, UnsoundStyle, sound_style, style_text, styles
from grimoire.citations.decide import decide
from grimoire.citations.engine import CitingError, Complaint, StyleRefused
from grimoire.citations.legible import as_written, fragments, has_slots, is_legible, legible, settled
from grimoire.citations.records import Item, Library
from grimoire.citations.toolchain import epoch

__all__ = [
    "Citer",
    "CitingError",
    "Complaint",
    "Item",
    "Library",
    "StyleRefused",
    "UnknownStyle",
    "UnsoundStyle",
    "as_written",
    "decide",
    "epoch",
    "fragments",
    "has_slots",
    "is_legible",
    "legible",
    "near",
    "read_bibliography",
    "settled",
    "sound_style",
    "style_text",
    "styles",
    "unique",
]

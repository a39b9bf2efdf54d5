"""The words of this room: what a bibliography holds, what a text cites, and what becomes of both."""

from typing import Literal

import msgspec

from grimoire.model import Fragment
from grimoire.source import Span

Mode = Literal["parenthetical", "narrative", "year"]
"""``[@key]`` stands in brackets, ``@key`` in the sentence, ``[-@key]`` leaves out the author."""


class Item(msgspec.Struct, frozen=True):
    """A work of a bibliography.

    `csl` is the work as CSL JSON, checked: it holds variables of CSL with values of their kinds and nothing
    else, under the `id` that equals `key`. `written` is the entry as its author wrote it, for copying.
    """

    key: str
    path: str
    span: Span
    csl: dict[str, object]
    written: str
    form: Literal["bibtex", "csl-json"]


class Cite(msgspec.Struct, frozen=True):
    """One work cited.

    `label` is CSL's name for what `locator` counts, ``page`` or ``chapter``; both are "" where no such place
    is given. `prefix` ends with a blank and `suffix` begins with what separates it, as ``, see “Proofs”``.
    """

    key: str
    locator: str = ""
    label: str = ""
    prefix: str = ""
    suffix: str = ""
    mode: Mode = "parenthetical"


class Cluster(msgspec.Struct, frozen=True):
    """Works cited at one place, and the place as it is written, which is shown if none of them is known."""

    cites: tuple[Cite, ...]
    written: str = ""


class Entry(msgspec.Struct, frozen=True):
    """A line of a list of references; `grimoire.citations.anchor` of the key is the id it is to have."""

    key: str
    text: Fragment


class Cited(msgspec.Struct, frozen=True):
    """The citations of one page, in their order, and its list of references, in the style's order.

    The HTML holds ``a i em b sup sub span`` with no attribute but ``class`` and ``href``. Where `is_note`, the
    style wants each citation as a note: `in_text` are the notes' texts, and `names` the words of narrative
    citations that stay in the sentence, before the note's number (empty for all others).
    """

    in_text: tuple[Fragment, ...]
    names: tuple[Fragment, ...]
    entries: tuple[Entry, ...]
    is_note: bool

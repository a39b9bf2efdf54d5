"""What a link can lead to inside an entry: its sections and its named blocks; in a document, its terms too.

All are found by what a link may call them, in tables that are made once for all links.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from grimoire.glossary import Node
from grimoire.model import Heading, Term
from grimoire.names import Anchor, fold, slugify

_MOST_NAMED = 6


class Sections:
    """The sections and blocks of one entry."""

    def __init__(self, term: Term) -> None:
        self._headings = term.headings
        self._texts: dict[str, int] = {}
        self._anchors: dict[str, int] = {}
        for number, heading in enumerate(term.headings):
            self._texts.setdefault(fold(heading.text), number)
            self._anchors.setdefault(heading.anchor, number)
        self._blocks = dict.fromkeys(one.anchor for one in term.passages if one.is_block)

    def heading(self, wanted: str) -> Heading | None:
        """Find a section by its text or its anchor, the first of those alike; else but for a stop or other signs."""
        found = {self._anchors.get(wanted), self._texts.get(fold(wanted))} - {None}
        number = min((one for one in found if one is not None), default=self._anchors.get(slugify(wanted)))
        return None if number is None else self._headings[number]

    def block(self, name: str) -> Anchor | None:
        """Find a block by its name."""
        return Anchor(name) if name in self._blocks else None

    def help_for(self, wanted: str) -> str:
        """Say which section was meant by one that is not there, or which there are."""
        if wanted.startswith("^"):
            return self._help_for_block(wanted)
        if not self._headings:
            return "remove the section from the link: the entry has none"
        if (number := self._texts.get(_nearest(fold(wanted), self._texts))) is not None:
            return f"did you mean `#{self._headings[number].text}`?"
        shown = _listed(self._headings[number].text for number in self._texts.values())
        return f"its {'sections are' if len(self._texts) > 1 else 'only section is'} {shown}"

    def _help_for_block(self, wanted: str) -> str:
        if not self._blocks:
            return f"write ` {wanted}` behind the block"
        if near := _nearest(wanted[1:], self._blocks):
            return f"did you mean `#^{near}`?"
        shown = _listed(f"^{name}" for name in self._blocks)
        return f"its {'blocks are' if len(self._blocks) > 1 else 'only block is'} {shown}"


class Members:
    """The terms of a document, and the sections and blocks in them."""

    def __init__(self, members: Mapping[int, Node]) -> None:
        """Make the tables.

        Args:
            members: the terms by their numbers in the glossary, in the order of the document.
        """
        self._titles: dict[str, int] = {}
        self._slugs: dict[str, int] = {}
        self._names: dict[str, int] = {}
        self._texts: dict[str, tuple[int, Anchor]] = {}
        self._anchors: dict[str, tuple[int, Anchor]] = {}
        self._blocks: dict[str, tuple[int, Anchor]] = {}
        for number, node in members.items():
            title = fold(node.term.title)
            self._titles.setdefault(title, number)
            self._slugs.setdefault(node.slug, number)
            for name in (title, *(fold(alias.name) for alias in node.term.aliases)):
                self._names.setdefault(name, number)
            for heading in node.term.headings:
                self._texts.setdefault(fold(heading.text), (number, heading.anchor))
                self._anchors.setdefault(heading.anchor, (number, heading.anchor))
            for passage in node.term.passages:
                if passage.is_block:
                    self._blocks.setdefault(passage.anchor, (number, passage.anchor))

    def find(self, wanted: str, spellings: Sequence[str]) -> tuple[int, Anchor] | None:
        """Find a term, or a section of one, the first that is called so.

        Args:
            wanted: as the link calls it.
            spellings: the same folded, and other forms of it.
        """
        exact = [
            found for found in (self._slugs.get(wanted), self._titles.get(spellings[0])) if found is not None
        ]
        if exact:
            return min(exact), Anchor("")
        named = [(self._names[one], Anchor("")) for one in spellings if one in self._names]
        headings = [
            self._anchors.get(wanted),
            self._texts.get(spellings[0]),
            self._anchors.get(slugify(wanted)),
        ]
        return min([*named, *filter(None, headings)], key=itemgetter(0), default=None)

    def block(self, name: str) -> tuple[int, Anchor] | None:
        """Find a block by its name."""
        return self._blocks.get(name)


def _nearest(wanted: str, known: Iterable[str]) -> str:
    """The likeliest of the names that are like what is wanted; "" if none is."""
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415  only for what was not found
    from rapidfuzz.process import extractOne  # noqa: PLC0415

    found = extractOne(wanted, list(known), scorer=ratio, score_cutoff=70)
    return found[0] if found else ""


def _listed(names: Iterable[str]) -> str:
    each = list(names)
    return ", ".join(f"`{one}`" for one in each[:_MOST_NAMED]) + (", …" if each[_MOST_NAMED:] else "")

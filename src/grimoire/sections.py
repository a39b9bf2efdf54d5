"""What the ``#section`` of a link means: a heading, a block or an equation of an entry, or a term of a document.

A heading is named by its anchor or its text; case, accents and, where nothing is called just so, signs do not
count. Of equal headings the first is meant; ``#Part#Piece`` means the piece below that part. ``^name`` is a place
that the author named. All are found in tables that are made once for all links.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from grimoire.glossary import Node
from grimoire.inflection import others
from grimoire.model import Heading, Landmark, Term
from grimoire.names import Anchor, Name, fold, letters_of, slugify

_MOST_NAMED = 6


class Spot(NamedTuple):
    """A place in an entry: its node, its anchor, "" for the top, and the number of the equation that stands there."""

    node: int
    anchor: Anchor = Anchor("")
    number: str = ""


class Sections:
    """The sections of all entries; made once, then only asked."""

    def __init__(self, nodes: Sequence[Node], language_of: Callable[[int], str]) -> None:
        """Begin.

        Args:
            nodes: all entries.
            language_of: gives the language of an entry.
        """
        self._nodes, self._language_of = nodes, language_of
        self._in_file: dict[str, list[int]] = {}
        for index, node in enumerate(nodes):
            self._in_file.setdefault(node.term.path, []).append(index)
        self._entries: dict[int, _Entry] = {}
        self._members: dict[int, _Members] = {}

    def find(self, index: int, section: str) -> Spot | None:
        """Find a section of an entry; in a document it may be a term or lie in one.

        Args:
            index: the entry's node.
            section: what stands behind ``#``; "" is the entry's top.
        """
        parts = [part.strip() for part in section.split("#") if part.strip()]
        if not parts:
            return Spot(index)
        entry = self._entry(index)
        members = self._members_of(index) if self._nodes[index].term.kind == "document" else None
        if parts[-1].startswith("^"):
            name = parts[-1][1:]
            return _spot(index, entry.landmark(name)) or (members.block(name) if members else None)
        folded = fold(parts[-1])
        anchor = entry.heading(parts, folded)
        if anchor is not None:
            return Spot(index, anchor)
        if members and (found := self._member(index, members, parts, folded)):
            return found
        if parts[1:]:
            return None
        if found := _spot(index, entry.landmark(parts[0], exactly=True)):
            return found
        return Spot(index) if folded == entry.title else None

    def find_here(self, index: int, section: str) -> Spot | None:
        """Find a section of an entry, else one anywhere in its file."""
        if here := self.find(index, section):
            return here
        first = self._in_file[self._nodes[index].term.path][0]
        if self._nodes[first].term.kind == "document":
            # It knows all that its terms hold.
            return self.find(first, section) if first != index else None
        # The entries of a file in LaTeX have no page in common.
        return self._members_of(first).block(section[1:]) if section.startswith("^") else None

    def can_be_embedded(self, spot: Spot) -> bool:
        """Say whether a place is a stretch of text, and no mark within a line."""
        return not spot.anchor or spot.anchor in self._entry(spot.node).passages

    def help_for(self, index: int, section: str) -> str:
        """Say which section of an entry was meant by one that is not there, or which there are."""
        return self._entry(index).help_for(section)

    def _entry(self, index: int) -> "_Entry":
        if index not in self._entries:
            self._entries[index] = _Entry(self._nodes[index].term)
        return self._entries[index]

    def _members_of(self, index: int) -> "_Members":
        """The terms of the file whose first entry this is."""
        if index not in self._members:
            of_file = self._in_file[self._nodes[index].term.path]
            members = [other for other in of_file if self._nodes[other].term.kind != "document"]
            self._members[index] = _Members({other: self._nodes[other] for other in members}, self._entry)
        return self._members[index]

    def _member(self, index: int, members: "_Members", parts: Sequence[str], folded: Name) -> Spot | None:
        """A term of a document by one of its names, or a section of one."""
        folded = fold(parts[0]) if parts[1:] else folded
        spellings = [folded, *others(folded, self._language_of(index))]
        found = members.find(parts[0], spellings)
        if not found or not parts[1:]:
            return found
        return self.find(found.node, "#".join(parts[1:])) if not found.anchor else None


def _spot(index: int, landmark: Landmark | None) -> Spot | None:
    return Spot(index, landmark.anchor, landmark.number) if landmark else None


class _Entry:
    """The headings and named places of one entry by what they can be called."""

    def __init__(self, term: Term) -> None:
        self._term, self._headings = term, term.headings
        self.anchors: dict[str, list[int]] = {}
        self.texts: dict[str, list[int]] = {}
        for number, heading in enumerate(term.headings):
            self.anchors.setdefault(heading.anchor, []).append(number)
            for text in _texts(heading):
                self.texts.setdefault(fold(text), []).append(number)
        self.landmarks: dict[str, Landmark] = {}
        self._folded: dict[str, Landmark] = {}
        for one in term.landmarks:
            self.landmarks.setdefault(one.name, one)
            self._folded.setdefault(one.name.casefold(), one)
        self.passages = frozenset(one.anchor for one in term.passages)

    @cached_property
    def title(self) -> str:
        """The title, folded."""
        return fold(self._term.title)

    @cached_property
    def _above(self) -> list[int]:
        return list(_parents(self._headings))

    @cached_property
    def _letters(self) -> dict[str, list[int]]:
        letters: dict[str, list[int]] = {}
        for number, heading in enumerate(self._headings):
            for text in _texts(heading):
                letters.setdefault(letters_of(text), []).append(number)
        return letters

    def heading(self, parts: Sequence[str], folded: str) -> Anchor | None:
        """The anchor of the heading that the last part, also given `folded`, names, below those the others name."""
        *outer, wanted = parts
        exact = {*self.anchors.get(wanted, ()), *self.texts.get(folded, ())}
        for found in (sorted(exact), self.anchors.get(slugify(wanted), ()), self._spelt(wanted)):
            for number in found:
                if self._is_below(number, outer):
                    return self._headings[number].anchor
        return None

    def landmark(self, name: str, *, exactly: bool = False) -> Landmark | None:
        """The place with a name, best one that is written just so."""
        return self.landmarks.get(name) or (None if exactly else self._folded.get(name.casefold()))

    def _spelt(self, wanted: str) -> Sequence[int]:
        letters = letters_of(wanted)
        return self._letters.get(letters, ()) if letters else ()

    def _is_below(self, number: int, outer: Sequence[str]) -> bool:
        """Whether a heading stands below others, the innermost of them last; the title stands above all."""
        wanted = list(outer)
        while wanted and (number := self._above[number]) >= 0:
            if _names(wanted[-1]) & _all_names(self._headings[number]):
                wanted.pop()
        return not wanted or (len(wanted) == 1 and bool(_names(wanted[0]) & _names(self._term.title)))

    def help_for(self, section: str) -> str:
        """Say which section was meant by one that is not there, or which there are."""
        wanted = section.rpartition("#")[2]
        if wanted.startswith("^"):
            return self._help_for_block(wanted)
        if not self._headings:
            return "remove the section from the link: the entry has none"
        if near := self.texts.get(_nearest(fold(wanted), self.texts)):
            return f"did you mean `#{self._headings[near[0]].text}`?"
        texts = list(dict.fromkeys(heading.text for heading in self._headings))
        return f"its {'sections are' if texts[1:] else 'only section is'} {_listed(texts)}"

    def _help_for_block(self, wanted: str) -> str:
        if not self.landmarks:
            return f"write ` {wanted}` behind the block"
        if near := _nearest(wanted[1:], self.landmarks):
            return f"did you mean `#^{near}`?"
        shown = _listed([f"^{name}" for name in self.landmarks])
        return f"its {'blocks are' if len(self.landmarks) > 1 else 'only block is'} {shown}"


class _Members:
    """The terms of a document, and the sections and blocks in them."""

    def __init__(self, members: Mapping[int, Node], entry: Callable[[int], _Entry]) -> None:
        """Make the tables.

        Args:
            members: the terms by their numbers in the glossary, in the order of the document.
            entry: gives what is in one.
        """
        self._titles: dict[str, int] = {}
        self._slugs: dict[str, int] = {}
        self._names: dict[str, int] = {}
        self._texts: dict[str, Spot] = {}
        self._anchors: dict[str, Spot] = {}
        self._blocks: dict[str, Spot] = {}
        for number, node in members.items():
            title = fold(node.term.title)
            self._titles.setdefault(title, number)
            self._slugs.setdefault(node.slug, number)
            for name in (title, *(fold(alias.name) for alias in node.term.aliases)):
                self._names.setdefault(name, number)
            inside = entry(number)
            for anchor in inside.anchors:
                self._anchors.setdefault(anchor, Spot(number, Anchor(anchor)))
            for text, (first, *_) in inside.texts.items():
                self._texts.setdefault(text, Spot(number, node.term.headings[first].anchor))
            for one in inside.landmarks.values():
                self._blocks.setdefault(one.name, Spot(number, one.anchor, one.number))

    def find(self, wanted: str, spellings: Sequence[str]) -> Spot | None:
        """Find a term, or a section of one, the first that is called so.

        Args:
            wanted: as the link calls it.
            spellings: the same folded, and other forms of it.
        """
        exact = (self._slugs.get(wanted), self._titles.get(spellings[0]))
        if any(found is not None for found in exact):
            return Spot(min(found for found in exact if found is not None))
        named = [Spot(self._names[one]) for one in spellings if one in self._names]
        headings = (
            self._anchors.get(wanted),
            self._texts.get(spellings[0]),
            self._anchors.get(slugify(wanted)),
        )
        return min([*named, *filter(None, headings)], key=itemgetter(0), default=self._blocks.get(wanted))

    def block(self, name: str) -> Spot | None:
        """Find a block by its name."""
        return self._blocks.get(name)


def _parents(headings: Sequence[Heading]) -> Iterator[int]:
    """The number of the heading above each heading; -1 for none."""
    open_: list[int] = []
    for number, heading in enumerate(headings):
        while open_ and headings[open_[-1]].level >= heading.level:
            open_.pop()
        yield open_[-1] if open_ else -1
        open_.append(number)


def _texts(heading: Heading) -> dict[str, None]:
    return dict.fromkeys((heading.text, heading.source or heading.text))


def _names(part: str) -> set[str]:
    return {part, fold(part), letters_of(part)} - {""}


def _all_names(heading: Heading) -> set[str]:
    return {heading.anchor, *(name for text in _texts(heading) for name in (fold(text), letters_of(text)))}


def _nearest(wanted: str, known: Iterable[str]) -> str:
    """The likeliest of the names that are like what is wanted; "" if none is."""
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415  only for what was not found
    from rapidfuzz.process import extractOne  # noqa: PLC0415

    found = extractOne(wanted, list(known), scorer=ratio, score_cutoff=70)
    return found[0] if found else ""


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{one}`" for one in names[:_MOST_NAMED]) + (", …" if names[_MOST_NAMED:] else "")

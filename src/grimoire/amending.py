"""The short way of a build: where nothing changed but the bodies of a few entries, their pages alone are made anew.

What an entry shows of itself on other pages is its *face*: all of its record but the body, and the places in its
source. Where the faces are as they were, resolve and compose would make of every entry what they made of it before,
but for the digests of those bodies in the records of the pages that show them. So a build leaves with the memo the
records of such pages, and an `Outline`: which these are by source. The next one compares faces, puts the new bodies
in, and hands the records to the same `render` and `write`.

Whatever it is not sure of, it leaves to the whole build: a formula, which stands in `glossary.json` too; an entry that
another shows inside itself; a file of which something was said, for its place may have moved; more than a `FEW` files.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import msgspec

from grimoire.digest import Digest
from grimoire.glossary import Glossary, LinkGraph
from grimoire.memo import Store
from grimoire.model import Passage, Term
from grimoire.pages import DocumentPage, Page, Site, TermPage, Text
from grimoire.search import Document
from grimoire.source import NOWHERE, Span

FEW = 8
"""How many files may have changed."""
_STAGE = "page"


class Frame(msgspec.Struct, frozen=True):
    """What all pages of an edition share: its `folder` below the output, and the digest that is in all their keys."""

    folder: str
    site: Site
    key: Digest


class Outline(msgspec.Struct, frozen=True):
    """What a build leaves for the next one.

    `files` has the key of each source as it was parsed, by path. `pages` has for each source the pages that show a
    body of it: the numbers of their frames, and the paths of their files. A source is left out where its bodies are
    shown in other places too.
    """

    files: dict[str, Digest]
    frames: tuple[Frame, ...]
    pages: dict[str, tuple[tuple[int, str], ...]]


class _OfTerm(msgspec.Struct, frozen=True, tag="term"):
    """A term's page, and the entry as the search sees it."""

    page: TermPage
    document: Document


class _OfDocument(msgspec.Struct, frozen=True, tag="document"):
    """A document's or note's page, and the entry as the search sees it."""

    page: DocumentPage
    document: Document


Shown = _OfTerm | _OfDocument
"""A page that shows bodies, as it is remembered."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Shown).decode
encode_outline = msgspec.msgpack.Encoder().encode
decode_outline = msgspec.msgpack.Decoder(Outline).decode


def keep(store: Store, pages: Iterable[tuple[Digest, Page, Document]]) -> None:
    """Remember pages that show bodies, by the keys under which their files are kept; of other pages nothing is."""
    found: dict[Digest, bytes] = {}
    for key, page, document in pages:
        if isinstance(page, TermPage):
            found[key] = _encode(_OfTerm(page, document))
        elif isinstance(page, DocumentPage):
            found[key] = _encode(_OfDocument(page, document))
    store.put_many(_STAGE, found)


def kept(store: Store, keys: Sequence[Digest]) -> list[Shown] | None:
    """Give pages that were remembered, in the order of their keys; None if one is not."""
    found = store.get_many(_STAGE, keys)
    return [_decode(found[key]) for key in keys] if all(key in found for key in keys) else None


def live(keys: Iterable[Digest]) -> dict[str, list[Digest]]:
    """Give the keys of pages, by stage of the memo, that are of use though this build did not read them."""
    return {_STAGE: list(keys)}


def mixed(glossary: Glossary, graph: LinkGraph) -> set[str]:
    """Give the sources whose texts stand in an edition inside others, or hold others; on the home page, too."""
    found: set[str] = set()
    for node, targets in zip(glossary.nodes, graph.targets, strict=True):
        if node.term.kind == "home" or node.term.transclusions:
            found.add(node.term.path)
        for use in node.term.transclusions:
            target = targets[use.reference]
            if target is not None:
                found.add(glossary.nodes[target].term.path)
    return found


def renewed(before: Sequence[Term], after: Sequence[Term]) -> dict[Digest, Term] | None:
    """Compare the entries of a source with what they were.

    Returns:
        What they are now, by the digests of their bodies before, where their faces are the same; else None.
    """
    if len(before) != len(after) or any(map(_differ, before, after)):
        return None
    entries = {was.body: now for was, now in zip(before, after, strict=True)}
    # Which of two equal bodies is meant cannot be told.
    return entries if len(entries) == len(before) else None


def _differ(was: Term, now: Term) -> bool:
    # Where names are looked for in a text, the places of those that were found move with it.
    return bool(now.prose) or _face(was) != _face(now)


def _face(term: Term) -> Term:
    """An entry without its body, and without places."""
    bare = msgspec.structs.replace(
        term, body=Digest(b""), size=0, written="", formula_places=(), diagram_places=()
    )
    return cast("Term", _unplaced(bare))


def _unplaced(value: object) -> object:
    """A value with all that tells a place in a source, or in a body, set to nothing."""
    if type(value) is tuple:
        return tuple(map(_unplaced, value))
    if type(value) is Span:
        return NOWHERE
    if type(value) is Passage:
        return msgspec.structs.replace(value, start=0, end=0, slots=())
    if isinstance(value, msgspec.Struct):
        return type(value)(*map(_unplaced, msgspec.structs.astuple(value)))
    return value


def amended(shown: Shown, entries: Mapping[Digest, Term]) -> TermPage | DocumentPage:
    """Put the new bodies of entries into a page, by the digests of those before."""
    replace = msgspec.structs.replace

    def put(text: Text) -> Text:
        return replace(text, body=entries[text.body].body) if text.body in entries else text

    if isinstance(shown, _OfTerm):
        return replace(shown.page, text=put(shown.page.text))
    sections = tuple(replace(one, text=put(one.text)) for one in shown.page.sections)
    return replace(shown.page, text=put(shown.page.text), sections=sections)

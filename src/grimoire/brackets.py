"""Brackets of links by name, ``[precision, recall]``, in what other pages show of an entry.

A text in brackets is a link if something has its name, and stays as it is if nothing has. Which of the two is known
when all links are resolved; until then fragments have a slot for each bracket, ``b`` and ``e`` with the number of
the reference. In a body, and where a fragment's links stay links, what shows the link shows its brackets.
"""

from collections.abc import Sequence

import msgspec

from grimoire.model import SLOT, Fragment, Link, Plain, Term


def settled(term: Term, links: Sequence[Link]) -> Term:
    """Put brackets into the fragments of an entry, or leave them out; `links` are what its references lead to."""
    replace = msgspec.structs.replace
    if _has_slots(term.summary) or _has_slots(term.lead):
        term = replace(term, summary=filled(term.summary, links), lead=filled(term.lead, links))
    excerpts = (*(one.excerpt for one in term.references), *(one.excerpt for one in term.videos))
    if any(map(_has_slots, excerpts)):
        references = [replace(one, excerpt=filled(one.excerpt, links)) for one in term.references]
        videos = [replace(one, excerpt=filled(one.excerpt, links)) for one in term.videos]
        term = replace(term, references=tuple(references), videos=tuple(videos))
    return term


def _has_slots(fragment: Fragment) -> bool:
    return f"{SLOT}b" in fragment.text or f"{SLOT}e" in fragment.text


def filled(fragment: Fragment, links: Sequence[Link]) -> Fragment:
    """Put brackets into a fragment, or leave them out; `links` are what the references of its entry lead to."""
    if not _has_slots(fragment):
        return fragment
    html, text = _put(fragment.html, links), _put(fragment.text, links)
    return msgspec.structs.replace(fragment, html=html, text=text)


def _put(written: str, links: Sequence[Link]) -> str:
    parts = written.split(SLOT)
    for at in range(1, len(parts), 2):
        slot = parts[at]
        if slot[0] not in "be":
            parts[at] = f"{SLOT}{slot}{SLOT}"
        elif isinstance(links[int(slot[1:])], Plain):
            parts[at] = "[" if slot[0] == "b" else "]"
        else:
            parts[at] = ""
    return "".join(parts)

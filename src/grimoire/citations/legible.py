"""Citations where there is no list to lead to: in summaries, on cards, in the sentences that other pages quote."""

import re
from collections.abc import Sequence
from html import escape

import msgspec

from grimoire.model import SLOT, Citation, Cited, Fragment, Term

_LINK = re.compile(r"</?a\b[^>]*>")
_NUMBERED = re.compile(r"\bcitation-(?:number|label)\b")


def is_legible(style: str) -> bool:
    """Whether what a style (its CSL) puts into the text says something by itself: names and years, no numbers."""
    citation = re.search(r"<citation\b.*?</citation>", style, re.DOTALL)
    layout = citation[0] if citation else style
    macros = {
        found[1]: found[2] for found in re.finditer(r'<macro name="([^"]+)">(.*?)</macro>', style, re.DOTALL)
    }
    waiting, seen = [layout], set[str]()
    while waiting:
        text = waiting.pop()
        if _NUMBERED.search(text):
            return False
        used = set(re.findall(r'macro="([^"]+)"', text)) - seen
        seen |= used
        waiting += [macros[name] for name in used if name in macros]
    return True


def legible(cited: Cited, *, is_legible: bool) -> tuple[Fragment, ...]:
    """Give each citation of an entry as it stands far from the entry's list of references.

    Args:
        cited: the entry's citations, set.
        is_legible: whether the style's text says something by itself; of one that does not, as ``[3]`` or a note,
            only the names of narrative citations are left.
    """
    if not is_legible or cited.is_note:
        return cited.names
    return tuple(Fragment(_LINK.sub("", one.html), one.text) for one in cited.in_text)


def as_written(citation: Citation) -> Fragment:
    """Give a citation as it is written."""
    written = citation.cluster.written
    return Fragment(escape(written, quote=False), written)


def has_slots(fragment: Fragment) -> bool:
    """Whether citations stand in a fragment."""
    return f"{SLOT}c" in fragment.text and any(slot[0] == "c" for slot in fragment.text.split(SLOT)[1::2])


def fragments(term: Term) -> list[Fragment]:
    """Give what other pages show of an entry's text."""
    return [
        term.summary,
        term.lead,
        *(reference.excerpt for reference in term.references),
        *(video.excerpt for video in term.videos),
    ]


def settled(term: Term, shown: Sequence[Fragment]) -> Term:
    """Put the citations into what other pages show of an entry's text; `shown` has each of them."""

    def filled(fragment: Fragment) -> Fragment:
        if not has_slots(fragment):
            return fragment
        html = _put(fragment.html, [one.html for one in shown])
        text = _put(fragment.text, [one.text for one in shown])
        return msgspec.structs.replace(fragment, html=html, text=text.strip())

    replace = msgspec.structs.replace
    return replace(
        term,
        summary=filled(term.summary),
        lead=filled(term.lead),
        references=tuple(
            replace(one, excerpt=filled(one.excerpt)) if has_slots(one.excerpt) else one
            for one in term.references
        ),
        videos=tuple(
            replace(one, excerpt=filled(one.excerpt)) if has_slots(one.excerpt) else one
            for one in term.videos
        ),
    )


def _put(written: str, shown: Sequence[str]) -> str:
    """Fill the slots of citations; before one of which nothing is shown there is no blank."""
    parts = written.split(SLOT)
    for at in range(1, len(parts), 2):
        slot = parts[at]
        if slot[0] != "c":
            parts[at] = f"{SLOT}{slot}{SLOT}"
            continue
        parts[at] = shown[int(slot[1:])]
        if not parts[at]:
            parts[at - 1] = parts[at - 1].rstrip()
    return "".join(parts)

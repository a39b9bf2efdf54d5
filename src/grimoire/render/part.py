"""A part of a body, shown alone: with it come the footnotes that it refers to and that stand outside of it.

A note stands where it is first referred to, or at the end of the whole entry (see `grimoire.parse.notes`).
"""

import re

from grimoire.model import SLOT

_TARGET = re.compile(f'(?:popovertarget="|href="#)({SLOT}p{SLOT}_sn\\d+)"')
_NAME = re.compile(f' id="({SLOT}p{SLOT}_sn\\d+)"')


def part(html: str, start: int, end: int) -> str:
    """Give the part of a body's HTML from `start` to `end`, with its notes.

    A note of the margin is put behind the first mark that refers to it, the others to the end.
    """
    shown = html[start:end]
    there = set(_NAME.findall(shown))
    pending = _TARGET.findall(shown)
    has_end_notes = False
    for name in pending:
        note = "" if name in there else _element(html, name)
        if not note:
            continue
        # A note may hold another that was needed before.
        for inner in there.intersection(_NAME.findall(note)):
            note = note.replace(_element(note, inner), "")
        there.update(_NAME.findall(note))
        pending += _TARGET.findall(note)
        if note.startswith("<li"):
            if f' id="{name}r"' not in shown:
                shown = shown.replace(f' href="#{name}"', f' id="{name}r" href="#{name}"', 1)
            shown += note if has_end_notes else f'<section class="notes" role="doc-endnotes"><ol>{note}'
            has_end_notes = True
        else:
            at = shown.index("</button>", shown.index(f'popovertarget="{name}"')) + len("</button>")
            shown = shown[:at] + note + shown[at:]
    return f"{shown}</ol></section>\n" if has_end_notes else shown


def _element(html: str, name: str) -> str:
    """The element with this id, from its beginning to its end; "" if it has none."""
    found = re.search(f'<(span|li)[^<>]* id="{name}"', html)
    if not found:
        return ""
    depth = 0
    for tag in re.finditer(rf"<(/?){found[1]}\b", html[found.start() :]):
        depth += -1 if tag[1] else 1
        if not depth:
            return html[found.start() : html.index(">", found.start() + tag.end()) + 1]
    return ""

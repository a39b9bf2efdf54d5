"""Citations where they stand: words that lead to the list of references, or notes where the style wants them."""

import re
from collections.abc import Callable
from html import escape

from grimoire.pages import InText
from grimoire.render.notes import aside
from grimoire.render.sheet import Sheet

_CITED = re.compile(r"\s*\0(c\d+)\0([.,;:!?]?)")


def citation(sheet: Sheet, use: InText, prefix: str) -> str:
    """Give a citation where it stands, or what its author wrote where it is none."""
    written = escape(use.written, quote=False)
    if use.number < 0 or not sheet.cited:
        return f'<span class="absent">{written}</span>' if use.is_missing else written
    text = sheet.cited.in_text[use.number].html
    if not sheet.cited.is_note:
        return text
    names = sheet.cited.names[use.number].html
    if use.in_note:
        return f"{names} ({text.removesuffix('.')})" if names else text
    sheet.notes += 1
    return names + aside(sheet, f"{prefix}_cn{use.number + 1}", sheet.notes, text)


def becomes_note(sheet: Sheet, use: InText) -> bool:
    """Whether nothing is left of a citation in the sentence but the mark of a note."""
    cited = sheet.cited
    return bool(
        cited and cited.is_note and use.number >= 0 and not use.in_note and not cited.names[use.number].html
    )


def noted(html: str, is_note: Callable[[str], bool]) -> str:
    """Put each citation that becomes a note right behind the word, or the punctuation mark, that it follows.

    Args:
        html: a body with its slots.
        is_note: tells it of the citation of a slot.
    """
    return _CITED.sub(lambda found: f"{found[2]}\0{found[1]}\0" if is_note(found[1]) else found[0], html)

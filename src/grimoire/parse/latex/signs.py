"""Commands that stand for a character: symbols and letters with accents, as pylatexenc knows them."""

import unicodedata
from functools import cache

from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db

_NONE = frozenset("Cref \\ autoref cite citep citet cref eqref hspace include input ref today vspace".split())
"""What pylatexenc has a text for that is no sign; `today` would be another each day."""


@cache
def _symbols() -> dict[str, str]:
    found: dict[str, str] = {}
    for spec in get_default_latex_context_db().iter_macro_specs():
        text = spec.simplify_repl
        if isinstance(text, str) and text.strip() and "%" not in text and spec.macroname not in _NONE:
            found.setdefault(spec.macroname, text)
    return found


def symbol(command: str) -> str:
    r"""Give the character a command stands for, such as ``ss`` or ``textdegree``; "" if it stands for none."""
    return _symbols().get(command, "")


@cache
def _converter() -> LatexNodes2Text:
    return LatexNodes2Text()


@cache
def accented(accent: str, letter: str) -> str:
    r"""Put an accent on a letter: ``'`` and ``e`` give é. One that no letter bears is put behind it."""
    if not letter.strip():
        return letter
    letter = {"ı": "i", "ȷ": "j"}.get(letter, letter)
    if letter in "\\{}%$&#^_~":
        return letter
    text = str(_converter().latex_to_text(f"\\{accent}{{{letter}}}"))
    return unicodedata.normalize("NFC", text)

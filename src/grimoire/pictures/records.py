"""What a picture shows, as a record: its digest is the key under which it is kept."""

import re
from collections.abc import Collection

import msgspec

COLOURS = {
    "paper": "#fbf9f4",
    "rule": "#ddd5c6",
    "ink": "#1f1b16",
    "ink-2": "#554d43",
    "ink-3": "#6d645a",
    "rubric": "#9e2a1c",
}
"""The tokens of the theme that pictures are drawn in, as the shipped theme has them by day."""

FACES = (
    *(f"fonts/stix-two-text-{script}-wght-normal.woff2" for script in ("latin", "latin-ext", "greek")),
    *(f"fonts/KaTeX_{cut}-Regular.woff2" for cut in ("Main", "AMS")),
)
"""The fonts, in the order in which they are asked for a letter."""

RAISED, LOWERED, LEVEL = "\ue000\ue001\ue002"
"""Stand in a headword before what is raised or lowered, and behind it: letters of nobody's."""

_HEX = r"(#(?:[0-9a-fA-F]{3}){1,2})\b"
_COLOUR = re.compile(rf"--([\w-]+)\s*:\s*(?:light-dark\(\s*)?{_HEX}(?:\s*,\s*{_HEX})?")
_SCRIPT = re.compile(r"([\^_])(?:\{([^{}]*)\}|(\S))")
_LONGEST = 240
_LEAST = 24
_OF_TEX = frozenset("\\{}^_$\0")
_SENTENCE = re.compile(r"(?<=[.!?。])\s")


class Picture(msgspec.Struct, frozen=True):
    """What a picture shows. `letters` are those down its edge, `letter` the one of the headword."""

    headword: str
    lead: str
    site: str
    letters: tuple[str, ...]
    letter: str
    colours: tuple[str, ...]
    """In the order of `COLOURS`."""


def colours(sheets: str, *, by_night: bool = False) -> dict[str, str]:
    """Read the colours of a site out of its style sheets, the later ones counting: those of `COLOURS`, by day or by night."""
    found = dict(COLOURS)
    for name, day, night in _COLOUR.findall(sheets):
        if name in found:
            found[name] = night if by_night and night else day
    return found


def as_set(title: str) -> str:
    """Give a title with formulas as letters that are set higher and lower; "" where more than that would be needed."""
    text = _SCRIPT.sub(
        lambda one: (RAISED if one[1] == "^" else LOWERED) + (one[2] or one[3] or "") + LEVEL, title
    )
    return "" if _OF_TEX.intersection(text) else text


def first_words(text: str, letters: Collection[str]) -> str:
    """Give the beginning of a description: up to the first formula, or sign for which there is no letter."""
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rpartition(" ")[0] + "…"
    end = next((at for at, sign in enumerate(text) if sign in _OF_TEX or sign not in letters), None)
    if end is None:
        return text
    before = text[:end]
    if whole := _SENTENCE.split(before)[:-1]:
        return " ".join(whole)
    before = before.rpartition(" ")[0].rstrip(" ,;:(–—-")
    return f"{before} …" if len(before) >= _LEAST else ""

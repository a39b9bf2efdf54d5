r"""Letters of another cut in MathML: bold, script, double-struck, each as the character Unicode has.

KaTeX writes ``<mi mathvariant="bold">z</mi>``. MathML Core, which browsers follow, knows no
``mathvariant`` but ``normal``: it asks for the character itself, U+1D433. Where Unicode has none
(a bold comma, an italic digit) the letter stays as it is. The characters are found by their names
in the Unicode character database, as are those that were encoded before the others, such as ℝ.

Words in a formula (``mtext``) keep their letters and get HTML's elements instead: who hears or
searches ``\textbf{if}`` wants the word.
"""

import re
from functools import cache
from unicodedata import lookup, name

_CUTS = {
    "bold": "BOLD",
    "italic": "ITALIC",
    "bold-italic": "BOLD ITALIC",
    "script": "SCRIPT",
    "bold-script": "BOLD SCRIPT",
    "fraktur": "FRAKTUR",
    "bold-fraktur": "BOLD FRAKTUR",
    "double-struck": "DOUBLE-STRUCK",
    "sans-serif": "SANS-SERIF",
    "bold-sans-serif": "SANS-SERIF BOLD",
    "sans-serif-italic": "SANS-SERIF ITALIC",
    "sans-serif-bold-italic": "SANS-SERIF BOLD ITALIC",
    "monospace": "MONOSPACE",
}
_OLDER_NAMES = {"FRAKTUR": "BLACK-LETTER"}
_IN_WORDS = {
    "bold": ("b",),
    "italic": ("i",),
    "bold-italic": ("b", "i"),
    "bold-sans-serif": ("b",),
    "sans-serif-italic": ("i",),
    "sans-serif-bold-italic": ("b", "i"),
    "monospace": ("code",),
}
"""The elements of HTML that set words in a cut, the outermost first; the others have none."""
_PLANCK = "\N{PLANCK CONSTANT}"

_ELEMENT = re.compile(r'<(mi|mn|mo|mtext) mathvariant="([a-z-]+)"([^>]*)>([^<]*)</\1>')
_CHARACTER = re.compile(r"&#?\w+;|.", re.DOTALL)


@cache
def letter(char: str, cut: str) -> str:
    """Give a letter or digit in a cut such as ``double-struck``; as it is, where there is none."""
    style = _CUTS.get(cut)
    if style is None or len(char) > 1:
        return char
    if style == "ITALIC" and char == "h":
        return _PLANCK
    words = name(char, "")
    for word in ("LATIN ", "GREEK ", " LETTER", "LUNATE "):
        words = words.replace(word, "")
    for wanted in (f"MATHEMATICAL {style} {words}", f"{_OLDER_NAMES.get(style, style)} {words}"):
        try:
            return lookup(wanted)
        except KeyError:
            continue
    return char


def with_letters(mathml: str) -> str:
    """Put the characters in place of what ``mathvariant`` says; ``normal`` stays, browsers know it."""
    if "mathvariant" not in mathml:
        return mathml
    return _ELEMENT.sub(_element, mathml)


def _element(found: re.Match[str]) -> str:
    tag, cut, attributes, text = found.groups()
    if cut == "normal":
        return found[0]
    if tag == "mtext":
        elements = _IN_WORDS.get(cut, ())
        opening = "".join(f"<{one}>" for one in elements)
        closing = "".join(f"</{one}>" for one in reversed(elements))
        return f"<mtext{attributes}>{opening}{text}{closing}</mtext>"
    characters = _CHARACTER.findall(text)
    letters = "".join(letter(char, cut) for char in characters)
    # Browsers slant a letter that stands alone: too much where it was to be of an upright cut.
    is_slanted = tag == "mi" and letters == text and len(characters) == 1 and not cut.endswith("italic")
    upright = ' mathvariant="normal"' if is_slanted else ""
    return f"<{tag}{upright}{attributes}>{letters}</{tag}>"

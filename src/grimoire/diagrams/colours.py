"""Colours as the engine and authors write them, and as one value that follows the theme."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from colorsys import hls_to_rgb

from grimoire.diagrams.palette import FIXED, ON_DARK, ON_LIGHT, TOKENS, VEILS

_LEAST_CONTRAST = 4.5
"""Between a text and its ground, as WCAG 2 wants it at level AA."""

_NAMES = {
    "aqua": "#00ffff", "beige": "#f5f5dc", "black": "#000000", "blue": "#0000ff", "brown": "#a52a2a",
    "coral": "#ff7f50", "crimson": "#dc143c", "cyan": "#00ffff", "darkblue": "#00008b", "darkgray": "#a9a9a9",
    "darkgreen": "#006400", "darkred": "#8b0000", "fuchsia": "#ff00ff", "gold": "#ffd700", "gray": "#808080",
    "green": "#008000", "grey": "#808080", "indigo": "#4b0082", "ivory": "#fffff0", "khaki": "#f0e68c",
    "lavender": "#e6e6fa", "lightblue": "#add8e6", "lightgray": "#d3d3d3", "lightgreen": "#90ee90",
    "lightgrey": "#d3d3d3", "lightpink": "#ffb6c1", "lightyellow": "#ffffe0", "lime": "#00ff00",
    "magenta": "#ff00ff", "maroon": "#800000", "navy": "#000080", "olive": "#808000", "orange": "#ffa500",
    "orchid": "#da70d6", "pink": "#ffc0cb", "plum": "#dda0dd", "purple": "#800080", "red": "#ff0000",
    "salmon": "#fa8072", "silver": "#c0c0c0", "skyblue": "#87ceeb", "steelblue": "#4682b4", "tan": "#d2b48c",
    "teal": "#008080", "tomato": "#ff6347", "turquoise": "#40e0d0", "violet": "#ee82ee", "white": "#ffffff",
    "yellow": "#ffff00",
}  # fmt: skip
"""The names that authors use; another name is a colour too, but one of which nothing is known here."""

_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]*)\)", re.IGNORECASE)
_GIVEN = re.compile(
    r"(?:\b(?:fill|stroke|color)\s*:|\$\w*color\s*=\s*\"?|^\s*(?:rect|box)\s)\s*"
    r"(#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^()]*\)|[a-z]+\b)",
    re.IGNORECASE | re.MULTILINE,
)
"""Where an author gives a colour: a style, an argument of C4, the area behind a sequence."""
_TOKEN_OF = {pair: token for token, pair in TOKENS.items()}


def hexadecimal(colour: str) -> str:
    """Give a colour as ``#rrggbb`` or ``#rrggbbaa``, and what is none as it is."""
    colour = colour.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3,4}", colour):
        return "#" + "".join(digit * 2 for digit in colour[1:])
    found = _FUNCTION.fullmatch(colour)
    if not found:
        return _NAMES.get(colour, colour)
    numbers = [
        float(number) / (100 if percent else 1) for number, percent in re.findall(r"(-?[\d.]+)(%?)", found[2])
    ]
    if len(numbers) < 3:
        return colour
    if found[1] == "hsl":
        channels = [255 * one for one in hls_to_rgb(numbers[0] / 360 % 1, numbers[2], numbers[1])]
    else:
        channels = numbers[:3]
    if len(numbers) > 3 and numbers[3] < 1:
        channels.append(255 * numbers[3])
    return "#" + "".join(f"{min(255, max(0, round(one))):02x}" for one in channels)


def named_in(source: str) -> frozenset[str]:
    """Give every colour that an author gives to a part of a diagram, as `hexadecimal` gives it.

    The same word or number in a label is no colour.
    """
    return frozenset(hexadecimal(found) for found in _GIVEN.findall(source))


def themed(light: str, dark: str, authors: AbstractSet[str], *, is_text: bool = False) -> str:
    """Give one value for a colour in both themes.

    Args:
        light: the colour in the light theme.
        dark: the colour in the dark one.
        authors: the colours that are the author's, which stay as they are.
        is_text: whether it is the colour of letters, of which the engine has white ones on dark shapes.
    """
    light, dark = hexadecimal(light), hexadecimal(dark)
    if light == dark:
        is_kept = light in authors or (is_text and light == "#ffffff")
        if light in VEILS and not is_kept:
            return "none"
        token = None if is_kept else FIXED.get(light)
        return f"var(--{token})" if token else light
    token = _TOKEN_OF.get((light, dark))
    return f"var(--{token})" if token else f"light-dark({light},{dark})"


def contrast(one: str, other: str) -> float:
    """Give how far two colours that `hexadecimal` gave stand apart, from 1 to 21, as WCAG counts."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def is_light(colour: str) -> bool:
    """Whether dark ink is read better than light ink on a colour that `hexadecimal` gave."""
    return contrast(colour, ON_LIGHT) > contrast(colour, ON_DARK)


def ink_on(ground: str) -> str:
    """Give the ink for text on a colour of the author's: ours, or where those are hard to read black or white."""
    ink = max((ON_LIGHT, ON_DARK), key=lambda one: contrast(one, ground))
    if contrast(ink, ground) >= _LEAST_CONTRAST:
        return ink
    return max(("#000000", "#ffffff"), key=lambda one: contrast(one, ground))


def legible(colour: str) -> str:
    """Give the author's colour for a text on our grounds: in each theme as much nearer to ink as it must be."""
    grounds = TOKENS["well"][0], TOKENS["leaf"][1]
    light, dark = (
        next(one for one in _towards(ink, colour) if contrast(one, ground) >= _LEAST_CONTRAST)
        for ink, ground in zip(TOKENS["ink"], grounds, strict=True)
    )
    return light if light == dark else f"light-dark({light},{dark})"


def dimmed(colour: str) -> str:
    """Give the counterpart, on a dark ground, of a colour on which ink is read."""
    return _mixed(colour, TOKENS["leaf"][1], 0.7)


def _towards(ink: str, colour: str) -> Iterator[str]:
    return (_mixed(colour, ink, step / 10) for step in range(11))


def _mixed(colour: str, other: str, share: float) -> str:
    """Mix into a colour a share of another."""
    channels = (
        round((1 - share) * int(colour[at : at + 2], 16) + share * int(other[at : at + 2], 16))
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{one:02x}" for one in channels)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

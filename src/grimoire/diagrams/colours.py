"""Colours as the engine and authors write them, and as one value that follows the theme."""

import re
from collections.abc import Set as AbstractSet
from colorsys import hls_to_rgb

from grimoire.diagrams.palette import FIXED, TOKENS

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
_WRITTEN = re.compile(r"#[0-9a-fA-F]{3,8}\b|(?:rgb|hsl)a?\([^()]*\)|\b[a-zA-Z]+\b", re.IGNORECASE)
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
    """Give every colour that an author wrote in a diagram, as `hexadecimal` gives it."""
    return frozenset(hexadecimal(found) for found in _WRITTEN.findall(source))


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
        token = None if is_kept else FIXED.get(light)
        return f"var(--{token})" if token else light
    token = _TOKEN_OF.get((light, dark))
    return f"var(--{token})" if token else f"light-dark({light},{dark})"


def is_light(colour: str) -> bool:
    """Whether dark ink is read better than light ink on a colour that `hexadecimal` gave."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18


def dimmed(colour: str) -> str:
    """Give the counterpart, on a dark ground, of a colour on which ink is read."""
    ground = TOKENS["leaf"][1]
    mixed = (
        round(0.3 * int(colour[at : at + 2], 16) + 0.7 * int(ground[at : at + 2], 16)) for at in (1, 3, 5)
    )
    return "#" + "".join(f"{one:02x}" for one in mixed)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

"""The neighbourhood of a term as an arc diagram: one column of names, every link a curve beside it.

The term itself stands on top; rays lead from it to each neighbour, arcs join neighbours that are linked with
each other. Two names far apart get a curve that reaches farther out. All lengths are in the units of the view
box, which are CSS pixels at full width.
"""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from html import escape

from grimoire.pages import Neighbour

_WIDTH = 250
_FIRST, _STEP, _LAST = 14, 25, 17
"""Where the first name stands, how far apart the names are, what is left below the last."""
_AXIS = 70
_NAME = 83
"""Where the dots and where the names stand, from the left."""
_ROOM = _WIDTH - _NAME
_MOST = 14
_FONT_SIZE = 12.5

_NARROW = set("fijltIJ.,:;!'’|()[]- ")
_WIDE = set("mwMWÆŒ—@%")


def diagram(
    names: Sequence[str],
    neighbours: Sequence[Neighbour],
    edges: Sequence[tuple[int, int]],
    *,
    address: Callable[[str], str],
    label: str,
) -> str:
    """Draw the neighbourhood as an ``svg`` element.

    Args:
        names: what the term itself is called, best first; the first that fits is shown.
        neighbours: at most 14 are drawn.
        edges: which of them are linked with each other, as indexes.
        address: gives the ``href`` of a neighbour's `url`.
        label: the accessible name of the whole.
    """
    shown = neighbours[:_MOST]
    rows = [_FIRST + _STEP * (place + 1) for place in range(len(shown))]
    height = (rows[-1] if rows else _FIRST) + _LAST
    parts = [f'<svg viewBox="0 0 {_WIDTH} {height}" role="group" aria-label="{escape(label)}">']
    parts += (f'<path class="ray" d="{_curve(_FIRST, row, 14)}"/>' for row in reversed(rows))
    for first, second in sorted({(min(edge), max(edge)) for edge in edges}):
        if first < second < len(rows):
            parts.append(f'<path class="arc" d="{_curve(rows[first], rows[second], 10.25)}"/>')
    own = next((name for name in names if fit(name, _ROOM) == name), names[0])
    parts.append(f'<circle class="dot me" cx="{_AXIS}" cy="{_FIRST}" r="5"/>{_text(own, _FIRST, "me")}')
    for neighbour, row in zip(shown, rows, strict=True):
        kind = "dot o" if neighbour.links_here else "dot"
        parts.append(
            f'<a href="{escape(address(neighbour.url))}"><circle class="{kind}" cx="{_AXIS}" cy="{row}" r="4"/>'
            f"{_text(neighbour.title, row)}</a>"
        )
    return "".join(parts) + "</svg>"


@cache  # there are a hundred pairs of rows
def _curve(start: int, end: int, reach: float) -> str:
    """A curve left of the axis from one row to another; it bulges with the 0.6th power of their distance."""
    distance = end - start
    bulge = _AXIS - round(reach * (distance / _STEP) ** 0.605)
    lean = round(0.08 * distance)
    return f"M{_AXIS} {start}C{bulge} {start + lean} {bulge} {end - lean} {_AXIS} {end}"


def _text(name: str, row: int, kind: str = "") -> str:
    class_ = f' class="{kind}"' if kind else ""
    return f'<text x="{_NAME}" y="{row + 4.5}"{class_}>{_label(name)}</text>'


@lru_cache(maxsize=1 << 14)  # a term is the neighbour of several
def _label(name: str) -> str:
    cut = fit(name, _ROOM)
    return f"{escape(cut)}<title>{escape(name)}</title>" if cut != name else escape(cut)


def fit(name: str, width: float) -> str:
    """Cut a name to a width, as near as can be told without its font, and end it with ``…`` then.

    It is cut at a blank where that costs at most a third of what would fit.
    """
    used = 0.0
    for place, char in enumerate(name):
        used += _width(char)
        if used > width and place < len(name) - 1:
            kept = name[: place - 1]
            blank = kept.rfind(" ")
            return (kept[:blank] if blank > len(kept) * 2 / 3 else kept).rstrip(" ,;-–(") + "…"
    return name


def _width(char: str) -> float:
    """How wide a character is in an ordinary sans-serif font."""
    if char in _NARROW:
        return 0.34 * _FONT_SIZE
    if char in _WIDE:
        return 0.88 * _FONT_SIZE
    if char > "\u2e7f":
        return _FONT_SIZE
    return (0.66 if char.isupper() else 0.56) * _FONT_SIZE

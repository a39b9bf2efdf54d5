"""The map as a picture, for browsers without script: every dot a link, and as many names as there is room for.

Lengths are in the units of `grimoire.chart.Place`. Colours are classes, ``g0`` to ``g9``; those given beside them hold
where no style sheet does.
"""

from collections.abc import Iterator, Sequence
from html import escape
from math import sqrt
from typing import NamedTuple

from grimoire.pages import HUES, Chart

_INKS = (
    *("#17685c", "#2d4c9c", "#9e2a1c", "#7d5a06", "#6b3f7d", "#4d6b1f", "#8a4a1a", "#2a6f8f"),
    *("#a03a6a", "#6d645a"),
)
_MOST_NAMES = 160
_LETTER = 0.5
"""Of the size of the type: about how wide a letter is."""


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def drawing(chart: Chart, places: Sequence[tuple[int, int]], label: str, root: str = "../") -> str:
    """Draw the map.

    Args:
        chart: the terms and the links between them.
        places: where each term stands.
        label: the accessible name of the picture.
        root: leads from the picture to the root of the site.

    Returns:
        An ``svg`` element that can stand in a page or be a file.
    """
    degrees = [0] * len(chart.dots)
    for a, b in chart.edges:
        degrees[a] += 1
        degrees[b] += 1
    across, down = [x for x, _ in places] or [0], [y for _, y in places] or [0]
    extent = max(max(across) - min(across), max(down) - min(down), 600)
    size = round(extent / 62)
    radii = [round(extent / 280 * (1 + 0.35 * sqrt(degree))) for degree in degrees]
    names = dict(_names(chart, places, degrees, radii, size))
    left, top = min(across) - 2 * size, min(down) - 2 * size
    # A name may stand to the right of the last dot.
    width = max(across) - left + 14 * size
    height = max(down) - top + 2 * size
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} {top} {width} {height}" role="group" '
            f'aria-label="{escape(label)}" font-family="serif" font-size="{size}">'
        )
    ]
    if chart.edges:
        lines = "".join(
            f"M{places[a][0]} {places[a][1]}L{places[b][0]} {places[b][1]}" for a, b in chart.edges
        )
        parts.append(
            f'<path class="e" fill="none" stroke="#6d645a" stroke-opacity=".3" stroke-width="{max(1, size // 16)}" d="{lines}"/>'
        )
    for hue in range(HUES + 1):
        members = [index for index, dot in enumerate(chart.dots) if dot.hue == hue]
        if not members:
            continue
        parts.append(f'<g class="g{hue}" fill="{_INKS[hue]}">')
        for index in members:
            dot, (x, y) = chart.dots[index], places[index]
            name = f"<title>{escape(dot.title)}</title>"
            if index in names:
                at, anchor, base = names[index]
                name = f'<text x="{at}" y="{base}"{anchor} fill="#1f1b16">{escape(dot.title)}</text>'
            parts.append(
                f'<a href="{escape(root + dot.url)}"><circle cx="{x}" cy="{y}" r="{radii[index]}"/>{name}</a>'
            )
        parts.append("</g>")
    parts.append("</svg>")
    return "".join(parts)


def _names(
    chart: Chart,
    places: Sequence[tuple[int, int]],
    degrees: Sequence[int],
    radii: Sequence[int],
    size: int,
) -> Iterator[tuple[int, tuple[int, str, int]]]:
    """Give names a place beside, above or below their dots, the most linked first, where none is in the way.

    Each is the number of a dot, and where its text begins, how it is anchored, and its base line.
    """
    order = sorted(range(len(places)), key=lambda index: (-degrees[index], index))[:_MOST_NAMES]
    taken = [
        _Box(x - r, y - r, x + r, y + r) for (x, y), r in ((places[index], radii[index]) for index in order)
    ]
    edge = min((x for x, _ in places), default=0) - 2 * size
    for place, index in enumerate(order):
        x, y = places[index]
        r, width = radii[index], _LETTER * size * len(chart.dots[index].title)
        gap = r + size // 3
        for at, anchor, base, box in (
            (x + gap, "", y + size // 3, _Box(x + gap, y - size / 2, x + gap + width, y + size / 2)),
            (x - gap, ' text-anchor="end"', y + size // 3, _Box(x - gap - width, y - size / 2, x - gap, y + size / 2)),
            (x, ' text-anchor="middle"', y - gap, _Box(x - width / 2, y - gap - size, x + width / 2, y - gap)),
            (x, ' text-anchor="middle"', y + gap + size, _Box(x - width / 2, y + gap, x + width / 2, y + gap + size)),
        ):  # fmt: skip
            others = (other for number, other in enumerate(taken) if number != place)
            if box.left >= edge and not any(box.meets(other) for other in others):
                taken.append(box)
                yield index, (at, anchor, base)
                break

"""From what a picture shows to its PNG: lines broken to a measure, an SVG, and resvg.

The layout is that of a term's page: the thumb index down the fore-edge, the headword with its first letter in red, the
definition below.
"""

import re
from html import escape

import resvg_py

from grimoire.pictures import faces
from grimoire.pictures.records import COLOURS, LEVEL, LOWERED, RAISED, Picture

WIDTH, HEIGHT = 1200, 630
"""What those who show such pictures ask for."""

_LEFT, _MEASURE = 128, 972
_TOP, _BOTTOM = 148, 590
"""Where the text begins and ends: below the line under the site's name, and above the edge."""
_HEADWORDS = ((136, 1), (116, 1), (100, 2), (84, 2), (70, 3), (56, 4))
"""Sizes of the headword, and how many lines of that size there may be."""
_LEADS = ((46, 3), (42, 4), (38, 9))
"""Sizes of the definition, the same."""
_LEADING, _HEAD_LEADING, _BETWEEN = 1.4, 1.08, 34
_BOLD, _BOOK = 500, 400
_SIGN = (
    '<path d="M7 27.2V6.2A3.2 3.2 0 0 1 10.2 3H26v21H10.2A3.2 3.2 0 0 0 7 27.2 2.6 2.6 0 0 0 9.6 29H26"/>'
    '<path stroke-width="1.3" d="M12.8 17.8 16.5 9.2 21.5 16.2Z"/>'
)
"""The sign of the masthead, on a grid of 32."""
_DOTS = ((12.8, 17.8), (16.5, 9.2), (21.5, 16.2))
"""The corners of its triangle, which are dots."""
_SHIFTS = re.compile(f"([{RAISED}{LOWERED}{LEVEL}])")
_SHIFT = {
    RAISED: ' baseline-shift="36%" font-size="64%"',
    LOWERED: ' baseline-shift="-18%" font-size="64%"',
    LEVEL: "",
}


def draw(picture: Picture) -> bytes:
    """Draw a picture: a PNG of `WIDTH` by `HEIGHT`."""
    drawing = _Drawing(dict(zip(COLOURS, picture.colours, strict=True)))
    drawing.thumb_index(picture.letters, picture.letter)
    drawing.brand(picture.site)
    drawing.text(picture.headword, picture.lead)
    return resvg_py.svg_to_bytes(
        svg_string=drawing.svg(),
        skip_system_fonts=True,
        font_files=[faces.file(family) for family in sorted(drawing.families)],
    )


class _Drawing:
    """An SVG in the making."""

    def __init__(self, colours: dict[str, str]) -> None:
        self._colours = colours
        self._parts = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colours["paper"]}"/>']
        self.families: set[str] = set()

    def svg(self) -> str:
        inside = "".join(self._parts)
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{inside}</svg>'

    def thumb_index(self, letters: tuple[str, ...], current: str) -> None:
        """The letters down the fore-edge, the current one as a tab."""
        step = (HEIGHT - 44) / max(len(letters), 1)
        size = min(17.0, step * 0.72)
        tab = letters.index(current) if current in letters else len(letters) * 2
        for number, letter in enumerate(letters):
            middle = 22 + step * (number + 0.5)
            if number == tab:
                place = f'x="-8" y="{middle - 21:.1f}" width="74" height="42" rx="7"'
                self._parts.append(f'<rect {place} fill="{self._colours["rubric"]}"/>')
                self._line(letter, 33, middle + 9.6, 28, 700, "paper", anchor="middle")
            elif abs(number - tab) * step > 21 + size / 2:
                self._line(
                    letter, 28, middle + size * 0.34, size, _BOLD, "ink-3", anchor="middle", opacity=0.62
                )

    def brand(self, site: str) -> None:
        """The sign and the name of the site, on a line."""
        ink = self._colours["rubric"]
        dots = "".join(f'<circle cx="{x}" cy="{y}" r="1.9" fill="{ink}"/>' for x, y in _DOTS)
        self._parts.append(
            f'<g transform="translate({_LEFT - 9} 58) scale(1.62)" fill="none" stroke-width="1.7" stroke="{ink}" '
            f'stroke-linecap="round" stroke-linejoin="round">{_SIGN}{dots}</g>'
        )
        self._line(_broken(site, 32, _BOLD, _MEASURE - 60, 1)[0], _LEFT + 54, 95, 32, _BOLD, "ink-2")
        self._parts.append(
            f'<path d="M{_LEFT} {_TOP - 12}h{_MEASURE}" stroke="{self._colours["rule"]}" stroke-width="2"/>'
        )

    def text(self, headword: str, lead: str) -> None:
        """The headword as large as there is room for, and of the definition what there is room for, in the middle."""
        size, lines = next(
            (size, lines)
            for size, most in _HEADWORDS
            if not _is_cut(
                lines := _broken(headword, size, _BOLD, _MEASURE, most, splits=size == _HEADWORDS[-1][0]),
                headword,
            )
            or size == _HEADWORDS[-1][0]
        )
        lines = _balanced(headword, size, lines)
        height = len(lines) * size * _HEAD_LEADING
        room = _BOTTOM - _TOP - height - _BETWEEN
        lead_size, lead_lines = 0, list[str]()
        for lead_size, most in _LEADS if lead else ():
            fitting = min(most, int(room // (lead_size * _LEADING)))
            lead_lines = _broken(lead, lead_size, _BOOK, _MEASURE, fitting) if fitting > 0 else []
            if not _is_cut(lead_lines, lead):
                break
        height += _BETWEEN + len(lead_lines) * lead_size * _LEADING if lead_lines else 0
        y = _TOP + (_BOTTOM - _TOP - height) * 0.42
        for number, line in enumerate(lines):
            first, rest = _initial(line) if number == 0 else ("", line)
            base = y + (number + 0.84) * size * _HEAD_LEADING
            self._line(rest, _LEFT, base, size, _BOLD, "ink", before=first, tracking=-0.012 * size)
        y += len(lines) * size * _HEAD_LEADING + _BETWEEN
        for number, line in enumerate(lead_lines):
            self._line(line, _LEFT, y + (number + 0.7) * lead_size * _LEADING, lead_size, _BOOK, "ink-2")

    def _line(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        weight: int,
        colour: str,
        *,
        before: str = "",
        anchor: str = "start",
        tracking: float = 0,
        opacity: float = 1,
    ) -> None:
        """A line of text; `before` stands before it in red."""
        spans = "".join(
            self._spans(piece, ink) for piece, ink in ((before, "rubric"), (text, colour)) if piece
        )
        self._parts.append(
            f'<text xml:space="preserve" x="{x:.1f}" y="{y:.1f}" font-size="{size:.1f}" font-weight="{weight}" '
            f'text-anchor="{anchor}" letter-spacing="{tracking:.2f}" opacity="{opacity}">{spans}</text>'
        )

    def _spans(self, text: str, colour: str) -> str:
        spans = []
        shift = ""
        for part in _SHIFTS.split(text):
            if _SHIFTS.fullmatch(part):
                shift = _SHIFT[part]
                continue
            for family, piece in faces.runs(part):
                self.families.add(family)
                ink = self._colours[colour]
                spans.append(f'<tspan font-family="{family}" fill="{ink}"{shift}>{escape(piece)}</tspan>')
        return "".join(spans)


def _initial(line: str) -> tuple[str, str]:
    """Cut off the first letter, with the signs before it, as `::first-letter` does."""
    at = next((at for at, char in enumerate(line) if char.isalnum()), 0)
    return line[: at + 1], line[at + 1 :]


def _pieces(text: str) -> list[str]:
    """Cut a text where a line may end: behind blanks, which stay with the word before them, hyphens and dashes."""
    pieces, start = [], 0
    for at, char in enumerate(text[:-1], 1):
        if char in " -–—/" and text[at] not in " -–—/":
            pieces.append(text[start:at])
            start = at
    return [*pieces, text[start:]]


def _broken(
    text: str, size: float, weight: int, measure: float, most: int, *, splits: bool = False
) -> list[str]:
    """Break a text into lines; where it needs more than `most`, or has a word too long, it ends in an ellipsis.

    With `splits`, a word that is too long is broken where the line ends.
    """
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and faces.width((lines[-1] + piece).rstrip(), size, weight) > measure:
            lines.append("")
        lines[-1] += piece
        while splits and faces.width(lines[-1].rstrip(), size, weight) > measure:
            fitting = _fitting(lines[-1], size, weight, measure)
            lines[-1:] = [lines[-1][:fitting], lines[-1][fitting:]]
    lines = [line.rstrip() for line in lines]
    too_long = (at for at, line in enumerate(lines) if faces.width(line, size, weight) > measure)
    end = min(most - 1, next(too_long, len(lines)))
    if end >= len(lines):
        return lines
    if end == len(lines) - 1 and faces.width(lines[end], size, weight) <= measure:
        return lines
    room = measure - faces.width("…", size, weight)
    last = lines[end][: _fitting(lines[end], size, weight, room)]
    if last != lines[end] and " " in last:
        last = last.rpartition(" ")[0]
    return [*lines[:end], last.rstrip(" ,.;:–—-") + "…"]


def _fitting(line: str, size: float, weight: int, measure: float) -> int:
    """How many letters of a line there is room for, one at least."""
    fitting = 1
    while fitting < len(line) and faces.width(line[: fitting + 1], size, weight) <= measure:
        fitting += 1
    return fitting


def _is_cut(lines: list[str], text: str) -> bool:
    """Whether lines do not hold the whole of a text."""
    return not lines or (lines[-1].endswith("…") and not text.endswith("…"))


def _balanced(text: str, size: float, lines: list[str]) -> list[str]:
    """Break a headword anew so that its lines are about as long as each other."""
    if len(lines) < 2 or _is_cut(lines, text):
        return lines
    low, high = _MEASURE / 3, float(_MEASURE)
    while high - low > 8:
        middle = (low + high) / 2
        tried = _broken(text, size, _BOLD, middle, len(lines))
        if _is_cut(tried, text):
            low = middle
        else:
            lines, high = tried, middle
    return lines

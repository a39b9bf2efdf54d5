r"""Displayed formulas as equations: their numbers, their names, and how one is referred to.

KaTeX knows no ``\label``, ``\eqref`` or ``\ref``. So before a formula is typeset its labels are taken out, and
what refers to others is replaced by their numbers; its own number is no part of it, so that a formula that is
remembered serves under any number. The numbers are those of the entry: an equation has the same one on each
page that shows it. ``\tag`` and KaTeX's ``\notag`` stay in the formula, and a formula with either has no number
of ours; nor has one in a starred environment that nobody labelled.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markdown_it.token import Token

from grimoire.parse.syntax.math import behind_group
from grimoire.source import Span

_ROWS = re.compile(r"\s*\\begin\{(?:align|alignat|gather)\*?\}")
"""The environments whose rows can each bear a tag."""
_STARRED = re.compile(r"\s*\\begin\{(?:align|alignat|equation|gather|multline)\*\}")
_TOKEN = re.compile(
    r"%[^\n]*|\\verb\*?([^\w\s*]).*?\1"
    r"|\\(?P<verb>eqref|ref|label)[ \t]*\{(?P<name>[^{}\n]*)\}|\\(?P<tag>tag\*?)[ \t]*(?=\{)"
    r"|\\(?P<silent>nonumber|notag)(?![A-Za-z])|\\(?P<begin>begin)(?![A-Za-z])|\\(?P<end>end)(?![A-Za-z])"
    r"|(?P<row>\\\\)|\\."
)


_NAMING = re.compile(r"\\(?:label|eqref|ref)\b")


class Label(NamedTuple):
    """A name of an equation: what refers to it shows `shown`; its row is tagged with `letter`, if any."""

    name: str
    shown: str
    letter: str = ""


class Equation(NamedTuple):
    """A displayed formula: its number, "" if it has none of ours; what refers to it shows `shown`."""

    number: str
    shown: str
    labels: tuple[Label, ...] = ()


class _Row:
    """What a row of a formula says of its number."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.tag = ""
        self.is_silent = False


_NAME_BELOW = re.compile(r"\^([A-Za-z0-9][A-Za-z0-9-]*)\s*")


def take_names_below(tokens: list[Token]) -> None:
    """Give each formula that has no name the one in a line ``^name`` of its own below; the line is taken out."""
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        kept.append(token)
        index += 1
        if token.type != "math_block" or token.meta["name"] or index + 2 >= len(tokens):
            continue
        line = tokens[index + 1]
        if tokens[index].type == "paragraph_open" and (found := _NAME_BELOW.fullmatch(line.content)):
            token.meta["name"] = found[1]
            token.map = [*(token.map or [0])[:1], *(line.map or [0])[-1:]]
            index += 3
    tokens[:] = kept


def number(tokens: Sequence[Token]) -> dict[str, str]:
    """Number the displayed formulas of an entry, each in its token's ``meta["equation"]``.

    Returns:
        What is shown for each label; of two equal ones the first counts.
    """
    count = 0
    shown: dict[str, str] = {}
    for token in _displayed(tokens):
        rows = list(_rows(token.content))
        equation = _equation(rows, count + 1, is_starred=_STARRED.match(token.content) is not None)
        count += bool(equation.number)
        token.meta["equation"] = equation
        for label in equation.labels:
            shown.setdefault(label.name, label.shown)
        if (name := token.meta.get("name")) and equation.shown:
            shown.setdefault(name, equation.shown)
    return shown


def _displayed(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "math_block":
            yield token
        for child in token.children or ():
            if child.type == "math" and child.meta["display"] and not only_reference(child.content):
                yield child


def _rows(tex: str) -> Iterator[_Row]:
    """The rows of a formula that can each have a tag; one, if it is not made of such rows."""
    row = _Row()
    depth = 0
    has_rows = _ROWS.match(tex) is not None
    for found in _TOKEN.finditer(tex):
        match found.lastgroup:
            case "begin":
                depth += 1
            case "end":
                depth -= 1
            case "row" if has_rows and depth == 1:
                yield row
                row = _Row()
            case "silent":
                row.is_silent = True
            case "tag":
                row.tag = tex[found.end() + 1 : behind_group(tex, found.end()) - 1].strip()
            case "name" if found["verb"] == "label":
                row.names.append(found["name"].strip())
    yield row


def _equation(rows: Sequence[_Row], next_number: int, *, is_starred: bool) -> Equation:
    labelled = [row for row in rows if row.names and not row.tag]
    is_numbered = bool(labelled) or not (is_starred or all(row.tag or row.is_silent for row in rows))
    number = str(next_number) if is_numbered else ""
    labels: list[Label] = []
    for row in rows:
        # Rows that are named apart are told by letters, of which each needs to be set once.
        letter = _letter(labelled.index(row)) if row in labelled and labelled[1:] else ""
        letters = [letter, *("" for _ in row.names[1:])]
        shown = row.tag or number + letter
        labels += (Label(name, shown, one) for name, one in zip(row.names, letters, strict=False))
    return Equation(number, number or next((row.tag for row in rows if row.tag), ""), tuple(labels))


def _letter(index: int) -> str:
    """a, b, …, z, aa, ab, …: what tells the rows of one equation."""
    return (_letter(index // 26 - 1) if index >= 26 else "") + chr(ord("a") + index % 26)


# ---------------------------------------------------------------- what KaTeX is given


class Prepared(NamedTuple):
    """TeX as KaTeX can read it, and where it comes from.

    `starts` says where each of its lines begins; `shifts` by how many characters it lags, from an offset of it
    on to the end of the line, behind its source. `labels` are the places of those taken out, `unknown` the names
    that are referred to in vain with theirs.
    """

    tex: str
    starts: tuple[int, ...]
    shifts: tuple[tuple[int, int], ...] = ()
    labels: tuple[Span, ...] = ()
    unknown: tuple[tuple[str, Span], ...] = ()


def prepare(tex: str, equation: Equation | None, starts: Sequence[int], shown: Mapping[str, str]) -> Prepared:
    """Take the labels of a formula out, and put numbers in place of its references.

    Args:
        tex: the formula.
        equation: what it is as one; where it is none it keeps its labels, of which KaTeX complains.
        starts: where each of its lines begins.
        shown: what is shown for each label.
    """
    if "\\" not in tex or not _NAMING.search(tex):
        return Prepared(tex, tuple(starts))
    lines: list[str] = []
    firsts: list[int] = []
    shifts: list[tuple[int, int]] = []
    places: list[Span] = []
    unknown: list[tuple[str, Span]] = []
    labels = iter(equation.labels if equation else ())
    behind = 0
    for line, first in zip(tex.split("\n"), starts, strict=True):
        made, copied = "", 0
        moved: list[tuple[int, int]] = []
        for found in _TOKEN.finditer(line):
            if found.lastgroup != "name" or (found["verb"] == "label" and equation is None):
                continue
            name = found["name"].strip()
            span = Span(first + found.start(), first + found.end())
            if found["verb"] == "label":
                letter = next(labels).letter
                put = f"\\tag{{{letter}}}" if letter else ""
                places.append(span)
            elif name in shown:
                put = _number(found["verb"], shown[name])
            else:
                unknown.append((name, span))
                put = _verbatim(found[0])
            made += line[copied : found.start()] + put
            copied = found.end()
            moved.append((len(made), copied - found.start() - len(put)))
        made += line[copied:]
        if moved and not made.strip():
            continue
        if moved:
            lead = len(made) - len(made.lstrip())
            made = made.strip()
            moved = [(0, lead), *((max(0, at - lead), by) for at, by in moved)]
        shifts += ((behind + at, by) for at, by in moved)
        lines.append(made)
        firsts.append(first)
        behind += len(made) + 1
    if not lines:
        lines, firsts = [""], [starts[0]]
    return Prepared("\n".join(lines), tuple(firsts), tuple(shifts), tuple(places), tuple(unknown))


def _number(verb: str, number: str) -> str:
    text = number if number.isdecimal() else f"\\text{{{number}}}"
    return f"{{({text})}}" if verb == "eqref" else f"{{{text}}}"


def _verbatim(source: str) -> str:
    mark = next((one for one in "|!+/" if one not in source), "|")
    return f"\\verb{mark}{source}{mark}"


def only_reference(tex: str) -> tuple[str, str] | None:
    r"""Give verb and name of a formula that is nothing but a reference, such as ``$\eqref{eq:a}$``."""
    found = re.fullmatch(r"\s*\\(eqref|ref)\s*\{([^{}]+)\}\s*", tex)
    return (found[1], found[2].strip()) if found else None

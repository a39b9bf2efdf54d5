"""A line of text as pieces that can be cut: the whole for the body, a sentence for a summary.

Each piece knows its HTML and its plain text, in which a formula counts as one U+FFFC.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from grimoire.model import SLOT, Formula, Fragment
from grimoire.parse.prose import FORMULA
from grimoire.parse.raw_html import escape

PieceKind = Literal["text", "atom", "formula", "open", "close", "link_open", "link_close", "aside"]


class Piece(NamedTuple):
    """One piece of a line.

    `kind` says how it may be cut: ``text`` anywhere; ``atom`` and ``formula`` not at all; ``open``
    and ``close`` are tags; ``link_open``/``link_close`` are tags left out where links are
    flattened; an ``aside`` (note, image) is left out of every cutting. `number` is the index of
    the formula, or of the reference a link belongs to (-1 for a link out of the site).
    """

    kind: PieceKind
    html: str
    text: str = ""
    number: int = -1


def html_of(pieces: Sequence[Piece]) -> str:
    """The whole line as HTML."""
    return "".join(piece.html for piece in pieces)


def text_of(pieces: Sequence[Piece]) -> str:
    """The whole line as plain text, formulas as U+FFFC."""
    return "".join(piece.text for piece in pieces)


def words_of(pieces: Sequence[Piece]) -> str:
    """The whole line as plain text for the search, formulas left out."""
    return text_of(pieces).replace(FORMULA, " ")


def cut(
    pieces: Sequence[Piece],
    formulas: Sequence[Formula],
    start: int = 0,
    end: int | None = None,
    *,
    mark: int | None = None,
    ellipsis: bool = False,
    keep_links: bool = False,
) -> Fragment:
    """Cut a stretch of plain text out of a line as a fragment of its own.

    Args:
        pieces: the line.
        formulas: the formulas of the entry, which the pieces number.
        start: where the stretch begins in the line's plain text.
        end: where it ends; None for the end of the line.
        mark: the reference whose link is wrapped in ``<mark>``.
        ellipsis: whether to put "…" where text was cut off.
        keep_links: whether links stay links; the fragment then numbers them anew.
    """
    whole = text_of(pieces)
    end = len(whole) if end is None else end
    html: list[str] = []
    text: list[str] = []
    used: list[Formula] = []
    links: list[int] = []
    open_tags: list[str] = []
    at = 0
    if ellipsis and start > 0:
        html.append("…")
    for piece in pieces:
        first, at = at, at + len(piece.text)
        if piece.kind == "aside" or first > end:
            continue
        is_inside = first < end and at > start if piece.text else start <= first < end
        if piece.kind == "text" and is_inside:
            part = piece.text[max(0, start - first) : end - first]
            html.append(escape(part))
            text.append(part)
        elif piece.kind == "atom" and is_inside:
            html.append(piece.html)
            text.append(piece.text)
        elif piece.kind == "formula" and is_inside:
            html.append(f"{SLOT}m{len(used)}{SLOT}")
            used.append(formulas[piece.number])
            text.append(formulas[piece.number].tex)
        elif piece.kind == "open" and is_inside:
            html.append(piece.html)
            open_tags.append(piece.html)
        elif piece.kind == "close" and open_tags and first > start:
            html.append(piece.html)
            open_tags.pop()
        elif piece.kind in {"link_open", "link_close"} and start <= first <= end:
            html.append(_link(piece, links, mark=mark, keep=keep_links))
    html += [f"</{tag[1:].split()[0].rstrip('>')}>" for tag in reversed(open_tags)]
    if ellipsis and end < len(whole):
        html.append("…")
    return Fragment("".join(html).strip(), " ".join("".join(text).split()), tuple(used), tuple(links))


def _link(piece: Piece, links: list[int], *, mark: int | None, keep: bool) -> str:
    is_open = piece.kind == "link_open"
    if mark is not None and piece.number == mark:
        return "<mark>" if is_open else "</mark>"
    if not keep:
        return ""
    if piece.number < 0:
        return piece.html
    if is_open:
        links.append(piece.number)
        return f"{SLOT}a{len(links) - 1}{SLOT}"
    return f"{SLOT}z{links.index(piece.number)}{SLOT}"

"""Footnotes: side notes in the margin, and those of more than a few lines at the end of the entry."""

from collections.abc import Callable, Collection

from markdown_it.token import Token

from grimoire.model import SLOT
from grimoire.parse.findings import Findings
from grimoire.parse.pieces import Line, Piece
from grimoire.parse.places import Inside, Places
from grimoire.parse.raw_html import escape

_SIDE_NOTE_TOKENS = frozenset(("paragraph_open", "paragraph_close", "inline", "math_block"))
_DEEPEST = 8
"""How many notes may stand in each other's margin; the notes of those stand at the end of the entry."""


class Notes:
    """The footnotes of one entry, each set where it is first referred to."""

    def __init__(
        self,
        findings: Findings,
        places: Places,
        tokens: dict[int, list[Token]],
        *,
        line: Callable[[Token, Inside | None], Line],
        set_apart: Callable[[list[Token]], str],
    ) -> None:
        """Begin.

        Args:
            findings: where all is noted.
            places: places in the file.
            tokens: the tokens of each footnote of the file by its number.
            line: compiles a line of text.
            set_apart: compiles blocks into HTML of their own.
        """
        self._findings, self._places, self._tokens = findings, places, tokens
        self._line, self._set_apart = line, set_apart
        self._marks: dict[int, str] = {}
        """What refers to each note again, once it has been set."""
        self._at_end: list[str] = []
        self._refused: set[int] = set()
        self._late: list[tuple[str, str, list[Token]]] = []
        """Notes that are too deep in others to be set there."""

    @property
    def numbers(self) -> Collection[int]:
        """Which notes have been set, or told of."""
        return self._marks.keys() | self._refused

    def section(self) -> str:
        """The notes that stand at the end of the entry, as HTML; "" if there are none."""
        self._findings.note_depth += 1
        for name, shown, tokens in self._late:
            # Their own notes may be put behind them meanwhile.
            self._set_at_end(name, shown, tokens)
        self._findings.note_depth -= 1
        rows = "".join(self._at_end)
        return f'<section class="notes" role="doc-endnotes"><ol>{rows}</ol></section>\n' if rows else ""

    def note(self, child: Token, inside: Inside) -> Piece:
        """Compile a footnote where it is first referred to: a side note, or a note at the end."""
        key = child.meta["id"]
        if key in self._marks:
            return Piece("aside", self._marks[key])
        tokens = self._tokens.get(key)
        if tokens is None:
            return self._nowhere(child, inside)
        number = len(self._marks) + 1
        name, shown = f"{SLOT}p{SLOT}_sn{number}", f"{SLOT}g{number}{SLOT}"
        is_too_deep = self._findings.note_depth >= _DEEPEST
        is_side_note = not is_too_deep and all(token.type in _SIDE_NOTE_TOKENS for token in tokens)
        self._marks[key] = (
            f'<button class="fn" type="button" popovertarget="{name}" aria-label="{SLOT}wNote{SLOT} {shown}">{shown}</button>'
            if is_side_note
            else f'<a class="fn" href="#{name}" aria-label="{SLOT}wNote{SLOT} {shown}">{shown}</a>'
        )
        self._findings.note_depth += 1
        if is_side_note:
            # An inline note `^[…]` stands in the text of the line that it belongs to.
            within = None if "label" in child.meta else inside.shifted(child.meta["at"][0] + len("^["))
            html = (
                f'{self._marks[key]}<span class="sn" popover id="{name}" role="note">'
                f'<span class="n" aria-hidden="true">{shown}</span>{self._side_note(tokens, within)}</span>'
            )
        else:
            html = self._marks[key].replace(" href=", f' id="{name}r" href=', 1)
            if is_too_deep:
                self._late.append((name, shown, tokens))
            else:
                self._set_at_end(name, shown, tokens)
        self._findings.note_depth -= 1
        return Piece("aside", html)

    def _set_at_end(self, name: str, shown: str, tokens: list[Token]) -> None:
        back = f'<a class="back" href="#{name}r" aria-label="{SLOT}wBack to the text{SLOT}">↩</a>'
        self._at_end.append(f'<li id="{name}" value="{shown}">{self._set_apart(tokens)}{back}</li>')

    def _nowhere(self, child: Token, inside: Inside) -> Piece:
        """A note in a title, which stands in many places where no note can."""
        self._refused.add(child.meta["id"])
        text = f"[^{child.meta['label']}]" if "label" in child.meta else "^[…]"
        self._findings.report(
            "undefined-footnote", inside.span(child.meta["at"]), f"the title has a footnote, `{text}`",
            why="a title is shown in many places and has no notes", help="move it into the text",
        )  # fmt: skip
        return Piece("text", escape(text), text)

    def _side_note(self, tokens: list[Token], inside: Inside | None) -> str:
        """Compile a side note, which stands in a line, so that its paragraphs are spans."""
        out: list[str] = []
        paragraphs = 0
        for token in tokens:
            if token.type == "paragraph_open":
                paragraphs += 1
                if paragraphs > 1:
                    out.append('<span class="par">')
            elif token.type == "paragraph_close" and paragraphs > 1:
                out.append("</span>")
            elif token.type == "inline":
                line = self._line(token, inside)
                out.append(line.html)
                self._findings.words.append(line.words)
            elif token.type == "math_block":
                starts = tuple(self._places.body + at for at in token.meta["lines"])
                # In a side note a display formula stands in the line: a block would end it.
                out.append(
                    f'<span class="par">{self._findings.formula(token.content, starts, display=False)}</span>'
                )
        return "".join(out)

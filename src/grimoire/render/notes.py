"""Footnotes in a page: in the margin where they are first referred to, the longer ones at the end of their text.

A text that shows a part of an entry refers to a note where the whole entry would only refer to it again: so
which reference brings the note along is found out here. Notes are numbered through the page as they come; an
embedded entry between two notes may bring its own.
"""

from collections.abc import Callable, Sequence
from html import escape

from grimoire.model import Note
from grimoire.render.sheet import Sheet


class Notes:
    """The footnotes of one text of a page, while it is rendered."""

    def __init__(
        self, sheet: Sheet, prefix: str, notes: Sequence[Note], filled: Callable[[str], str]
    ) -> None:
        """Begin.

        Args:
            sheet: the page, in which notes are counted on.
            prefix: stands in front of every id.
            notes: those of the entry.
            filled: fills the slots of a note.
        """
        self._sheet, self._prefix, self._notes, self._filled = sheet, prefix, notes, filled
        self._shown: dict[int, int] = {}
        """Under which number each note is shown, by that in the entry."""
        self._at_end: list[int] = []
        self._is_inside = False
        """Whether a note in the margin is being written, in which no other can stand."""

    def mark(self, number: int) -> str:
        """Give the mark of a note, and where it comes first the note itself, if it can stand there."""
        is_first = number not in self._shown
        if is_first:
            self._sheet.notes += 1
            self._shown[number] = self._sheet.notes
        shown, name = self._shown[number], self._name(number)
        if is_first and not self._is_inside and self._notes[number - 1].is_aside:
            self._is_inside = True
            html = aside(self._sheet, name, shown, self._filled(self._notes[number - 1].html))
            self._is_inside = False
            return html
        if is_first:
            self._at_end.append(number)
        if number not in self._at_end:
            return _button(self._sheet, name, shown)
        own = f' id="{name}r"' if is_first else ""
        return f'<a class="fn"{own} href="#{name}" aria-label="{_label(self._sheet, shown)}">{shown}</a>'

    def section(self) -> str:
        """Give the notes that stand at the end of the text; "" if there are none."""
        back = escape(self._sheet.words.gettext("Back to the text"))
        self._is_inside = True
        rows = [
            # The notes that they refer to are put behind them meanwhile.
            f'<li id="{(name := self._name(number))}" value="{self._shown[number]}">'
            f'{self._filled(self._notes[number - 1].html)}<a class="back" href="#{name}r" aria-label="{back}">↩</a></li>'
            for number in self._at_end
        ]
        return (
            f'<section class="notes" role="doc-endnotes"><ol>{"".join(rows)}</ol></section>\n' if rows else ""
        )

    def _name(self, number: int) -> str:
        return f"{self._prefix}_sn{number}"


def aside(sheet: Sheet, name: str, shown: int, html: str) -> str:
    """Give a note for the margin with its mark before it: a popover where there is no margin.

    Args:
        sheet: the page.
        name: the id of the note.
        shown: its number in the page.
        html: what it says, in one line.
    """
    return (
        f'{_button(sheet, name, shown)}<span class="sn" popover id="{name}" role="note">'
        f'<span class="n" aria-hidden="true">{shown}</span>{html}</span>'
    )


def _button(sheet: Sheet, name: str, shown: int) -> str:
    return (
        f'<button class="fn" type="button" popovertarget="{name}" '
        f'aria-label="{_label(sheet, shown)}">{shown}</button>'
    )


def _label(sheet: Sheet, shown: int) -> str:
    return f"{escape(sheet.words.gettext('Note'))} {shown}"

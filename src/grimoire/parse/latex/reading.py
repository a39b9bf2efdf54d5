"""What is known and noted while the entries of one LaTeX file are read."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from grimoire.diagnostics import Diagnostic
from grimoire.model import Wording
from grimoire.parse.latex.macros import Macro
from grimoire.source import Source, Span

if TYPE_CHECKING:
    from markdown_it.token import Token

_MOST_EXPANDED = 100_000
"""Characters that may be put in from elsewhere, and a few more for each that stands there: macros can double."""


class Reading:
    """One file on its way into entries; made for one parse and thrown away."""

    def __init__(self, source: Source, wordings: Mapping[str, Wording], macros: Mapping[str, Macro]) -> None:
        """Begin.

        Args:
            source: the file.
            wordings: what the entries of all files are called, by key.
            macros: the macros of the file.
        """
        self._path, self.wordings, self.macros = source.path, wordings, macros
        self.notes: dict[int, list[Token]] = {}
        """The tokens of each footnote by its number."""
        self.faults: list[Diagnostic] = []
        self._expandable = _MOST_EXPANDED + 3 * len(source.text)
        self._told: set[str] = set()

    def report(self, code: str, span: Span, message: str, *, why: str = "", help: str = "") -> None:  # noqa: A002
        """Note a fault."""
        self.faults.append(Diagnostic(code, self._path, span, message, why, help))

    def report_unknown(self, name: str, span: Span) -> None:
        r"""Note that a command or an environment is unknown, once for each: ``\foo``, ``\begin{foo}``."""
        if name not in self._told:
            self._told.add(name)
            self.report(
                "unknown-latex-command", span, f"`{name}` is not known here",
                why="it is shown as it is written; further ones in this file are not told",
                help="write it otherwise, or define it in this file with `\\newcommand`",
            )  # fmt: skip

    @property
    def can_expand(self) -> bool:
        """Whether anything more may be put in."""
        return self._expandable >= 0

    def may_expand(self, text: str) -> bool:
        """Whether a text may still be put in that stands elsewhere."""
        self._expandable -= len(text)
        return self._expandable >= 0

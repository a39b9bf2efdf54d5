"""From a source file to the entries it holds, as written.

`parse` never fails: what it does not understand stays in the entry as text, with a diagnostic.
"""

from grimoire.diagnostics import Diagnostic
from grimoire.model import Parsed
from grimoire.parse.dialect import Dialect
from grimoire.parse.entries import parse_markdown
from grimoire.parse.terms import body_digest
from grimoire.source import Source

__all__ = ["Dialect", "body_digest", "parse"]


def parse(source: Source, dialect: Dialect) -> tuple[Parsed, list[Diagnostic]]:
    """Parse one file by its suffix.

    Args:
        source: the file.
        dialect: the site's settings that change what a text means.

    Returns:
        The entries with their bodies, and the diagnostics of this file alone.
    """
    if source.path.lower().endswith(".tex"):
        fault = Diagnostic(
            "unsupported-latex", source.path, None, "entries in LaTeX are not read yet",
            why="the file is left out", help="write the entry in Markdown",
        )  # fmt: skip
        return Parsed((), ()), [fault]
    return parse_markdown(source, dialect)

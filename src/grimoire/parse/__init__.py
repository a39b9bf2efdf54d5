"""From a source file to the entries it holds, as written.

`parse` never fails: what it does not understand stays in the entry as text, with a diagnostic.
"""

from collections.abc import Mapping

from grimoire.diagnostics import Diagnostic
from grimoire.model import Parsed, Wording
from grimoire.parse.dialect import Dialect
from grimoire.parse.entries import parse_markdown
from grimoire.parse.terms import body_digest
from grimoire.source import Source

__all__ = ["Dialect", "body_digest", "parse", "wordings"]


def parse(
    source: Source, dialect: Dialect, elsewhere: Mapping[str, Wording] | None = None
) -> tuple[Parsed, list[Diagnostic]]:
    """Parse one file by its suffix.

    Args:
        source: the file.
        dialect: the site's settings that change what a text means.
        elsewhere: what the LaTeX entries of all files are called, by key; only LaTeX asks for it.

    Returns:
        The entries with their bodies, and the diagnostics of this file alone.
    """
    suffix = source.path.lower().rpartition(".")[2]
    if suffix not in {"bib", "tex"}:
        return parse_markdown(source, dialect)
    from grimoire.parse import latex  # noqa: PLC0415  imports pylatexenc

    read = latex.parse_bib if suffix == "bib" else latex.parse_latex
    return read(source, dialect, elsewhere or {})


def wordings(source: Source) -> Mapping[str, Wording]:
    """Give what each entry of a LaTeX or ``.bib`` file is called, by its key."""
    from grimoire.parse import latex  # noqa: PLC0415  imports pylatexenc

    return latex.wordings(source)

"""What open pages are told of a build: which files changed, and what is wrong, ready to be shown."""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from grimoire.diagnostics import Diagnostic, frame
from grimoire.serve.editor import link
from grimoire.source import position

MOST_CHANGED = 500
"""Paths; of more, pages are told that anything may have changed, and look for themselves."""
MOST_SHOWN = 200
"""Faults that are shown in the page; the terminal has them all."""


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """One diagnostic as the page shows it. `link` opens the editor; "" where there is no file to open."""

    severity: str
    message: str
    code: str = ""
    where: str = ""
    link: str = ""
    frame: str = ""
    why: str = ""
    help: str = ""


class Report(msgspec.Struct, frozen=True):
    """What came of the last build.

    `session` is one run of the server, `build` counts its builds from 1; 0 is before the first. `is_written`
    says whether the site is that of this build; else it is the last one that could be built. `changed` has the
    paths of files that differ from those of the build before, None if any may. `counts` are all diagnostics by
    severity, of which `faults` has the first.
    """

    session: str
    build: int = 0
    is_written: bool = False
    changed: tuple[str, ...] | None = ()
    counts: dict[str, int] = {}
    faults: tuple[Fault, ...] = ()


def faults(
    diagnostics: Iterable[Diagnostic], text_of: Callable[[str], str | None], site: Path, template: str
) -> tuple[Fault, ...]:
    """Make diagnostics ready to be shown.

    Args:
        diagnostics: which.
        text_of: gives the text of a file by its path, None where it cannot.
        site: the site's folder, where their paths begin.
        template: of links into the editor, "" for none.
    """
    return tuple(_fault(one, text_of, site, template) for one in diagnostics)


def _fault(one: Diagnostic, text_of: Callable[[str], str | None], site: Path, template: str) -> Fault:
    line, column, where = 1, 1, one.path
    text = text_of(one.path) if one.path else None
    if one.span is not None and text is not None:
        line, column = position(text, one.span.start)
        where = f"{one.path}:{line}:{column}"
    file = site / one.path
    opens = bool(template and one.path) and file.is_file()
    return Fault(
        one.severity,
        one.message,
        code=one.code,
        where=where,
        link=link(template, file.resolve(), line, column) if opens else "",
        frame=frame(one, text_of),
        why=one.why,
        help=one.help,
    )

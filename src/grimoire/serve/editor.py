"""Links that open a file in the author's editor, at the place that is meant."""

import re
from pathlib import Path
from string import Formatter
from urllib.parse import quote

EDITORS = {
    "vscode": "vscode://file{path}:{line}:{column}",
    "vscodium": "vscodium://file{path}:{line}:{column}",
    "cursor": "cursor://file{path}:{line}:{column}",
    "zed": "zed://file{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "textmate": "txmt://open?url=file://{path}&line={line}&column={column}",
    "none": "",
}
"""Templates of links by the names of editors; `{path}` begins with a slash on every system."""
DEFAULT = "vscode"

_SCHEME = re.compile(r"(?!(?:javascript|data|vbscript|blob):)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_FIELDS = {"path", "line", "column"}


def link_template(wanted: str) -> str | None:
    """Give the template of links for what an author asked for.

    Args:
        wanted: the name of an editor, or a template with ``{path}`` and, if it has them, ``{line}`` and
            ``{column}``.

    Returns:
        The template, "" for no links; None if it is neither.
    """
    if wanted in EDITORS:
        return EDITORS[wanted]
    try:
        parts = list(Formatter().parse(wanted))
    except ValueError:
        return None
    fields = [(name, spec, conversion) for _, name, spec, conversion in parts if name is not None]
    is_template = ("path", "", None) in fields and all(
        name in _FIELDS and not spec and not conversion for name, spec, conversion in fields
    )
    return wanted if is_template and _SCHEME.match(wanted) else None


def link(template: str, file: Path, line: int, column: int) -> str:
    """Give the link that opens a file at a place; both numbers count from 1."""
    path = file.as_posix()
    whole = path if path.startswith("/") else f"/{path}"
    return template.format(path=quote(whole), line=line, column=column)

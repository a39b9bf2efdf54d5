"""Under which circumstances a result was made: what a remembered one must agree with.

Results of parsing and rendering are remembered together with this epoch. It changes with any line
of this program and with the version of any library it uses, so no number has to be raised by hand.
"""

import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from grimoire.digest import Digest, digest

_LIBRARIES = (
    "bibtexparser", "brotli", "fonttools", "jinja2", "lunr", "markdown_it_py", "markupsafe", "mdit_py_plugins",
    "mmdr", "msgspec", "pygments", "pylatexenc", "pyyaml", "rapidfuzz", "resvg_py",
)  # fmt: skip
"""Distributions whose version changes what is made, as their metadata folders call them."""


@cache
def epoch() -> Digest:
    """Digest the program's own code, Python's version, and the versions of the libraries."""
    package = Path(__file__).parent
    sources = sorted((*package.rglob("*.py"), *(package / "chart").glob("*.js")))
    code = [(path.relative_to(package).as_posix(), path.read_bytes()) for path in sources]
    return digest(code, sys.version_info[:3], _versions())


def _versions() -> list[str]:
    """The metadata folders of the libraries: their names hold the versions, nothing is imported."""
    found = set()
    for name in ("msgspec", "jinja2", "markdown_it", "yaml"):
        spec = find_spec(name)
        if spec and spec.origin:
            found.add(os.path.dirname(os.path.dirname(spec.origin)))  # noqa: PTH120  one scan each
    folders = []
    for place in found:
        for entry in os.listdir(place):  # noqa: PTH208  names are enough
            head = entry.lower().partition("-")[0].replace("-", "_")
            if entry.endswith((".dist-info", ".egg-info")) and head in _LIBRARIES:
                folders.append(entry)
    return sorted(folders)

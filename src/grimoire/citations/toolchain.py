"""Under which circumstances citations were set: what a remembered result must agree with."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from grimoire.digest import digest
from grimoire.frontend import packages


@cache
def epoch() -> str:
    """Digest all that stands between clusters and their text, style and language aside.

    Returns:
        A word that changes with citeproc, with our script around it, with the locales, and with the code of this
        package.

    Raises:
        FrontendMissing: if they were not bundled.
    """
    bundled = packages().citations
    ours = sorted(Path(__file__).parent.glob("*.py"))
    theirs = [bundled / "citeproc.js", bundled / "cite.js", bundled / "dialects.json"]
    locales = sorted((bundled / "locales").glob("*.xml"))
    return digest(*(path.read_bytes() for path in (*theirs, *locales, *ours))).hex()

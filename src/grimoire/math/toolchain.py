"""Under which circumstances a formula was typeset: what a remembered result must agree with."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from grimoire.digest import digest
from grimoire.frontend import packages


@cache
def epoch() -> str:
    """Digest all that stands between a formula and its markup, the site's settings aside.

    Returns:
        A word that changes with KaTeX, with our script around it, and with the code of this package.

    Raises:
        FrontendMissing: if KaTeX was not bundled.
    """
    ours = sorted(Path(__file__).parent.glob("*.py"))
    return digest(*(path.read_bytes() for path in (packages().katex, *ours))).hex()

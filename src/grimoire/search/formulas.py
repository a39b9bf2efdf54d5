r"""Take TeX apart into what a formula is found by.

A formula is read as a stream of commands, runs of letters, and the signs ``^`` and ``_``. Braces, blanks, other signs
and whatever only sets sizes and spaces are passed over; a number ends a stream, since numbers are many and nobody
looks for them. A formula is found by each command and run, by the letters of a short run (``dx``), and by each two
in succession: so ``\frac{e^`` finds a fraction that begins with a power of *e* before one that has both somewhere.
Case does not count.

``static/search.js`` takes queries apart by the same rules; a test compares the two on arbitrary text.
"""

import re
from itertools import pairwise

_TOKEN = re.compile(r"\\([A-Za-z]+)\*?|([^\W\d_]+)|([\^_])|\d+")
_SIGNS = frozenset("^_")
_SILENT = frozenset(
    (
        *("left", "right", "middle", "big", "Big", "bigg", "Bigg"),
        *("bigl", "bigr", "bigm", "Bigl", "Bigr", "Bigm", "biggl", "biggr", "Biggl", "Biggr"),
        *("quad", "qquad", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits"),
        *("mathrm", "mathit", "textrm", "text", "operatorname"),
        *("begin", "end", "label", "tag", "notag", "nonumber"),
    )
)
_SHORT_RUN = 3


def streams(tex: str) -> list[list[str]]:
    """Give the tokens of a formula in order and in lower case, a list for each stretch without a number."""
    found: list[list[str]] = [[]]
    for command, run, sign in _TOKEN.findall(tex):
        if command in _SILENT:
            continue
        if token := (command or run or sign).lower():
            found[-1].append(token)
        else:
            found.append([])
    return found


def formula_terms(tex: str) -> list[str]:
    """Give what a formula is found by: its commands, runs and letters, and all neighbouring pairs."""
    terms: list[str] = []
    for stream in streams(tex):
        for token in stream:
            if token not in _SIGNS:
                terms.append(token)
                if 1 < len(token) <= _SHORT_RUN:
                    terms += token
        terms += map(" ".join, pairwise(stream))
    return terms

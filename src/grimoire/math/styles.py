"""The sheet of the classes that stand in KaTeX's markup where its inline styles stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# An inline style wins over every rule of KaTeX's own sheet, the strongest of which joins four classes
# (``.katex .katex-accent .accent-body:not(.accent-full)``); nested under this, one class wins as well.
SCOPE = ".katex.katex.katex.katex"


def stylesheet(rules: Iterable[str]) -> str:
    """Join rules into one sheet.

    Args:
        rules: what the `Typeset`s of a site, or of a page, name; any order, any number of times.

    Returns:
        The sheet: the same for the same set of rules; empty for none. It belongs beside KaTeX's own, in any
        order.
    """
    chosen = sorted(set(rules))
    return f"{SCOPE}{{{''.join(chosen)}}}\n" if chosen else ""

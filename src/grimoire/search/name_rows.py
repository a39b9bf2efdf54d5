"""The names tier: what the palette searches at each key, small enough to be fetched whole."""

from collections.abc import Mapping

import msgspec

from grimoire.names import tag_slug
from grimoire.search.documents import Document
from grimoire.search.shards import steps

_LONGEST_SUMMARY = 180
"""Characters; what is behind them is found through the index."""


def names(documents: Mapping[int, Document]) -> bytes:
    """Write one row for each document.

    Args:
        documents: by number, ascending.

    Returns:
        JSON: ``{"slots": …, "rows": [[title, address, abbreviation, [alias…], [tag…], summary]…]}``: the numbers, each
        as its distance from the one before, and the rows in their order; tags as their slugs, a long summary cut
        after a word.
    """
    rows = [
        (
            document.title,
            document.url,
            document.abbreviation,
            document.aliases,
            tuple(dict.fromkeys(map(tag_slug, document.tags))),
            _shortened(document.summary),
        )
        for document in documents.values()
    ]
    return msgspec.json.encode({"slots": steps(documents), "rows": rows})


def _shortened(summary: str) -> str:
    if len(summary) <= _LONGEST_SUMMARY:
        return summary
    return summary[: _LONGEST_SUMMARY - 1].rpartition(" ")[0].rstrip(" ,;:") + "…"

"""The names tier: what the palette searches at each key, small enough to be fetched whole."""

from collections.abc import Sequence

import msgspec

from grimoire.names import tag_slug
from grimoire.search.documents import Document

_LONGEST_SUMMARY = 180
"""Characters; what is behind them is found through the index."""


def names(documents: Sequence[Document]) -> bytes:
    """Write one row for each document, in their order.

    Returns:
        JSON: ``[[title, address, abbreviation, [alias…], [tag…], summary]…]``, tags as their slugs, a long
        summary cut after a word.
    """
    return msgspec.json.encode(
        [
            (
                document.title,
                document.url,
                document.abbreviation,
                document.aliases,
                tuple(dict.fromkeys(map(tag_slug, document.tags))),
                _shortened(document.summary),
            )
            for document in documents
        ]
    )


def _shortened(summary: str) -> str:
    if len(summary) <= _LONGEST_SUMMARY:
        return summary
    return summary[: _LONGEST_SUMMARY - 1].rpartition(" ")[0].rstrip(" ,;:") + "…"

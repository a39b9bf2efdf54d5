"""The numbers of documents: each has its own, which hardly ever changes when others come and go.

A place in a sequence would not do: one document more, and all behind it had other numbers, in every shard that names
them. So a document is put in one of twice as many slots as there are documents, where a hash of its address says; if
that slot is taken, in the next that is free, in the order of the hashes. The outcome depends on the set of addresses
alone, and a new one moves none but those that stand directly behind it, one or two as a rule.
"""

from collections.abc import Iterable
from hashlib import blake2b

from grimoire.names import Url

_FEWEST = 64


def slots(urls: Iterable[Url]) -> dict[Url, int]:
    """Number documents.

    Args:
        urls: the address of each; no two are equal.

    Returns:
        The numbers by address, ascending.
    """
    hashes = sorted((int.from_bytes(blake2b(url.encode(), digest_size=8).digest()), url) for url in urls)
    size = max(_FEWEST, 1 << (2 * len(hashes) - 1).bit_length())
    shift = 64 - (size.bit_length() - 1)
    numbers: dict[Url, int] = {}
    last = -1
    for value, url in hashes:
        last = max(last + 1, value >> shift)
        numbers[url] = last
    return numbers

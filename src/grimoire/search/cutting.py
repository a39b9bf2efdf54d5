"""Where a long list of sorted keys is cut into shards.

A list that is cut by size alone is cut elsewhere after each edit. Here each key has a rank, which is a checksum of it:
a stretch that is too large is cut before the key of highest rank in it, and so on, as the halves are. So where the cuts
are depends on what there is and not on how it came to be, and an edit moves none but those of the stretch it makes too
large, or no longer so.

The checksum is also the name of the shard that begins with a key, which browsers work out from the list of first keys.
"""

from collections.abc import Sequence
from zlib import crc32

LARGEST = 16_000
"""Bytes of a shard, unless a single key has more."""


def rank(key: str) -> int:
    """Give the CRC-32 of the key's UTF-16 code units, low bytes first, as ``static/search.js`` does."""
    return crc32(key.encode("utf-16-le"))


def cut(weights: Sequence[int], ranks: Sequence[int], largest: int) -> list[int]:
    """Give the places at which shards begin, ascending; the first is 0.

    Args:
        weights: the size of each key with what belongs to it.
        ranks: of each key. Two shards never begin with keys of one rank, for they would have one name.
        largest: what no shard may weigh more than if it can be helped.
    """
    starts = [0] if weights else []
    named = {*map(ranks.__getitem__, starts)}
    waiting = [(0, len(weights), sum(weights))]
    while waiting:
        first, last, weight = waiting.pop()
        if weight <= largest or last - first < 2:
            continue
        middle = max(range(first + 1, last), key=ranks.__getitem__)
        if ranks[middle] not in named:
            named.add(ranks[middle])
            starts.append(middle)
        left = sum(weights[first:middle])
        waiting += ((first, middle, left), (middle, last, weight - left))
    return sorted(starts)

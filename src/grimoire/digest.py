"""The digest of a record: its identity as a key in the memo. Nothing else hashes.

A digest is the BLAKE2b hash, 16 bytes, of the MessagePack encoding of the value. Records are
encoded field by field in their declared order, so equal records have equal digests on every
machine and in every run.
"""

from hashlib import blake2b
from typing import Any, NewType

import msgspec

Digest = NewType("Digest", bytes)

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def digest(*parts: Any) -> Digest:  # noqa: ANN401  any record can be a part
    """Hash `parts` in order; they may be strings, bytes, numbers, records, or tuples of these."""
    return Digest(blake2b(_encode(parts), digest_size=16).digest())


def short(content: bytes) -> str:
    """Give the ten hexadecimal digits that stand in the name of a static file with this content."""
    return blake2b(content, digest_size=5).hexdigest()

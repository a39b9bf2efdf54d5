"""What stands in the search's files of a site, read without any of our own code."""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SHARD = re.compile(r"[0-9a-f]{8}\.json").fullmatch


def addresses_by_term(folder: Path) -> dict[str, set[str]]:
    """The addresses of the documents that have each term in any field; `folder` is ``search/``."""
    names = json.loads((folder / "names.json").read_bytes())
    urls = dict(zip(accumulate(names["slots"]), (row[1] for row in names["rows"]), strict=True))
    found: dict[str, set[str]] = {}
    for path in sorted(folder.iterdir()):
        if not SHARD(path.name):
            continue
        for term, *lists in json.loads(path.read_bytes()):
            steps = (filter(lambda step: step >= 0, one) for one in lists[1::2])
            found[term] = {urls[slot] for one in steps for slot in accumulate(one)}
    return found

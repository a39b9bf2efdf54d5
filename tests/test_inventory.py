"""Constructs that real documents hold, each with what becomes of it over the whole build.

The documents: a glossary page, a page of notes, a page of a digital garden, a glossary in a vault, an index of
topics. Each construct found in them has an id; `IDS` has them all. The cases stand in `tests/inventory/`, in
words of our own; what they leave out stands in `NOT_COVERED` with the reason.
"""

from collections import Counter

import pytest
from tests.conftest import SiteFolder
from tests.inventory import garden, glossary_page, notes_page, topics, vault
from tests.inventory.seen import ENTRY, Case, Seen

CASES = (*glossary_page.CASES, *notes_page.CASES, *garden.CASES, *vault.CASES, *topics.CASES)

NOT_COVERED = {
    "A1": "keys in the palette are a browser's: tests/browser/test_palette.py",
    "behaviours": "filters, cards, the palette and themes are a browser's: tests/browser/",
    "A16": "a heading whose list was lost before anyone could read it: there is nothing to hold",
}


def ids(letter: str, last: int) -> list[str]:
    return [f"{letter}{number}" for number in range(1, last + 1)]


IDS = {
    *ids("X", 8), *ids("G", 29), *ids("Z", 21), *ids("A", 18), *ids("T", 26),
    "brackets", "graph", "source", "flattened",  # beside G
    "notes'",  # beside Z
    "strings",  # beside A
    "front-matter", "wikilinks", "citations", "footnotes",  # beside T
    "topics'", "records", "behaviours",
}  # fmt: skip
"""Everything found: numbered by document, and by a word where a whole table or paragraph told of it."""


@pytest.mark.parametrize("case", CASES, ids=[case.about for case in CASES])
def test_construct(case: Case, site: SiteFolder) -> None:
    case.write(site)
    seen = Seen(site, site.build())
    assert seen.faults == list(case.faults)
    for expectation in case.expectations:
        expectation(seen, ENTRY)


def test_every_construct_has_a_case_or_a_reason() -> None:
    covered = {case.id for case in CASES}
    assert covered | set(NOT_COVERED) == IDS
    assert not covered & set(NOT_COVERED)
    assert all(NOT_COVERED.values())


def test_every_case_has_a_name_of_its_own() -> None:
    assert not [name for name, count in Counter(case.about for case in CASES).items() if count > 1]
    assert all(case.expectations for case in CASES)

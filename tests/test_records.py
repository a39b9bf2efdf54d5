"""The page on what templates see has every record and field that they can reach, with its type, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, NewType, Union, get_args, get_origin

import msgspec

from grimoire.model import Ambiguous, Formula, Found, Listed, Missing, Plain
from grimoire.pages import PAGES, Chart, Page, References, Site, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (Path(__file__).parents[1] / "docs/records.md").read_text("utf-8")
SEALED = {Text, References, Chart, Found, Ambiguous, Missing, Plain, Formula}
"""Records that templates hand to filters, and do not look into."""
PLAIN = {str: "text", int: "number", bool: "true or false"}


def spelt(kind: Any) -> str:
    """A type as the page calls it."""
    if isinstance(kind, NewType):
        return "address" if kind.__name__ == "Url" else spelt(kind.__supertype__)
    if kind in PLAIN:
        return PLAIN[kind]
    if kind == Found | Ambiguous | Missing | Plain:
        return "links"
    if kind is Formula:
        return "formulas"
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return f"`{kind.__name__}`"
    parts = get_args(kind)
    if get_origin(kind) is tuple:
        return (
            f"list of {spelt(parts[0])}"
            if parts[-1] is ...
            else f"pairs of {' and '.join(map(spelt, parts))}"
        )
    if get_origin(kind) is dict:
        return f"table of {spelt(parts[1])}"
    assert get_origin(kind) in {Union, UnionType}, kind
    return " or ".join("none" if part is NoneType else spelt(part) for part in parts)


def records(kind: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
    for part in get_args(kind):
        yield from records(part)


def reached() -> set[type[msgspec.Struct]]:
    """Every record that a template can come by."""
    found: set[type[msgspec.Struct]] = set()
    waiting: list[type[msgspec.Struct]] = [Site, Page, *PAGES, Listed]
    while waiting:
        record = waiting.pop()
        if record not in found:
            found.add(record)
            if record not in SEALED:
                waiting += (one for field in msgspec.structs.fields(record) for one in records(field.type))
    return found


def fields(record: type[msgspec.Struct]) -> dict[str, str]:
    """The fields of a record by their names, as the page has them; those of every page stand once."""
    common = {field.name for field in msgspec.structs.fields(Page)} if record in PAGES else set()
    return {
        field.name: spelt(field.type) for field in msgspec.structs.fields(record) if field.name not in common
    }


def test_every_record_and_field_is_described_and_every_described_one_exists() -> None:
    sections = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL))
    described = {
        name: dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \| \S.*\|$", text, re.MULTILINE))
        for name, text in sections.items()
    }
    assert described == {record.__name__: fields(record) for record in reached() - SEALED}


def test_what_is_handed_on_is_named() -> None:
    table = PAGE.split("## What is handed on")[1]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == {one.__name__ for one in SEALED}


def test_each_page_is_told_with_its_template() -> None:
    told = dict(re.findall(r"^### `(\w+Page)`\n\n`([\w.]+)`:", PAGE, re.MULTILINE))
    assert told == {record.__name__: record.template for record in PAGES}

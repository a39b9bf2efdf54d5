"""``.bib`` files as bibliographies: the works of their entries, cross references followed."""

from collections.abc import Mapping
from typing import NamedTuple

from grimoire.bibfile import BibEntry, read_bib
from grimoire.citations.records import Item
from grimoire.citations.works import inherit, work
from grimoire.diagnostics import Diagnostic
from grimoire.source import Span

_ANCESTORS = 5
"""Cross references that are followed one behind the other."""


class _Written(NamedTuple):
    """An entry of the file with the texts of its fields, and the ``@string`` that they name."""

    kind: str
    key: str
    fields: dict[str, str]
    span: Span
    written: str
    strings: dict[str, str]


def read_bibtex(path: str, text: str) -> tuple[list[Item], list[Diagnostic]]:
    """Read a ``.bib`` file, BibTeX's or BibLaTeX's.

    Args:
        path: how it is called in diagnostics.
        text: what it holds.

    Returns:
        Its works, in its order, keys that come twice included, and what is wrong. Never raises.
    """
    found, faults = read_bib(path, text)
    entries = [_texts(entry, text) for entry in found]
    known = {entry.key: entry for entry in reversed(entries)}
    items = [
        _item(path, entry, known) for entry in entries if entry.kind not in {"xdata", "set"} and entry.key
    ]
    return items, faults


def _texts(entry: BibEntry, text: str) -> _Written:
    fields = {name: value.text for name, value in entry.fields.items()}
    strings: dict[str, str] = {}
    for value in entry.fields.values():
        ends = [at for at, _ in value.parts[1:]] + [len(value.text)]
        for (at, place), end in zip(value.parts, ends, strict=True):
            name, piece = text[place.start : place.end], value.text[at:end]
            if name != piece and name.strip() != piece:
                strings[name] = piece
    return _Written(entry.kind, entry.key, fields, entry.span, entry.written, strings)


def _item(path: str, entry: _Written, known: Mapping[str, _Written]) -> Item:
    fields = entry.fields
    strings = dict(entry.strings)
    written = [entry.written]
    for _ in range(_ANCESTORS):
        name = fields.get("crossref") or fields.get("xdata")
        parent = known.get(name.strip()) if name else None
        fields = {field: value for field, value in fields.items() if field not in {"crossref", "xdata"}}
        if parent is None:
            break
        grand = {field: value for field, value in parent.fields.items() if field in {"crossref", "xdata"}}
        fields = {**grand, **inherit(entry.kind if parent.kind != "xdata" else "", fields, parent.fields)}
        strings |= parent.strings
        written.append(parent.written)
    texts = [f"@string{{{name} = {{{text}}}}}" for name, text in strings.items()]
    whole = "\n\n".join(["\n".join(texts), *dict.fromkeys(written)] if texts else dict.fromkeys(written))
    return Item(entry.key, path, entry.span, work(entry.kind, entry.key, fields), whole, "bibtex")

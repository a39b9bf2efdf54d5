"""``.bib`` files: their entries, with texts put in, cross references followed and faults told.

bibtexparser finds the blocks of a file and goes on behind a broken one; what a value says is read here.
"""

import logging
import re
from collections.abc import Mapping
from typing import NamedTuple

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ParsingFailedBlock,
    String,
)

from grimoire.citations.dates import MONTHS
from grimoire.citations.records import Item
from grimoire.citations.works import inherit, work
from grimoire.diagnostics import Diagnostic
from grimoire.source import Span

# It tells of broken blocks in the log as well.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())

_TOKEN = re.compile(r'\s*(?:(?P<opening>[{"])|(?P<name>[^\s{}"#,=]+)|#)')
_REASONS = {
    "block start": "another entry begins before this one is closed",
    "end of file": "the file ends before it is closed",
    "comma after entry key": "no comma stands behind its key",
}
"""What the parser says, and what we say."""
_ANCESTORS = 5
"""Cross references that are followed one behind the other."""


class _Written(NamedTuple):
    """An entry of the file."""

    kind: str
    key: str
    fields: dict[str, str]
    span: Span
    written: str


def read_bibtex(path: str, text: str) -> tuple[list[Item], list[Diagnostic]]:
    """Read a ``.bib`` file, BibTeX's or BibLaTeX's.

    Args:
        path: how it is called in diagnostics.
        text: what it holds.

    Returns:
        Its works, in its order, keys that come twice included, and what is wrong. Never raises.
    """
    faults: list[Diagnostic] = []
    try:
        blocks = parse_string(text, parse_stack=[]).blocks
    except Exception as error:  # noqa: BLE001  whatever bibtexparser fails of, the site is built without the file
        why = f"the parser says: {str(error)[:200] or type(error).__name__}"
        return [], [_broken(path, Span(0, 0), "the bibliography cannot be read", why)]
    texts: dict[str, str] = {}  # of `@string`, by names in lower case
    entries: list[_Written] = []
    at = 0
    for block in blocks:
        start = text.find(block.raw or "", at)
        span = Span(max(start, at), max(start, at) + len(block.raw or ""))
        at = span.start + 1
        match _inner(block):
            case String() as string:
                texts[string.key.lower()] = _value(str(string.value), texts, None)
            case Entry() as entry:
                entries.append(_entry(entry, span, text, texts, path, faults))
            case ParsingFailedBlock() as failed:
                faults.append(_unread(path, span, text, failed))
    known = {entry.key: entry for entry in reversed(entries)}
    items = [
        _item(path, entry, known) for entry in entries if entry.kind not in {"xdata", "set"} and entry.key
    ]
    return items, faults


def _inner(block: Block) -> Block:
    """The entry itself, where the parser wraps it because a key or a field comes twice."""
    if isinstance(block, DuplicateFieldKeyBlock | DuplicateBlockKeyBlock) and block.ignore_error_block:
        return _inner(block.ignore_error_block)
    return block


def _broken(path: str, span: Span, message: str, why: str, mend: str = "") -> Diagnostic:
    return Diagnostic("broken-bibliography", path, span, message, why=why, help=mend)


def _unread(path: str, span: Span, text: str, failed: ParsingFailedBlock) -> Diagnostic:
    head = re.match(r"@\s*\w*\s*[{(]\s*([^\s,{}=]*)", text[span.start : span.end])
    name = f"the entry `{head[1]}`" if head and head[1] else "an entry"
    reason = str(getattr(failed.error, "abort_reason", failed.error)).strip().rstrip(".").lower()
    for said, ours in _REASONS.items():
        reason = ours if said in reason else reason
    line = text.find("\n", span.start)
    first = Span(span.start, min(span.end, line) if line > span.start else span.end)
    return _broken(
        path,
        first,
        f"{name} cannot be read",
        f"{reason}, so it is left out",
        "see that every brace is closed and every field has the form `name = {value},`",
    )


def _entry(
    entry: Entry, span: Span, text: str, texts: Mapping[str, str], path: str, faults: list[Diagnostic]
) -> _Written:
    fields: dict[str, str] = {}
    for field in entry.fields:
        unknown: list[str] = []
        # The last of two fields of one name counts, as in BibTeX.
        fields[field.key.lower()] = _value(str(field.value), texts, unknown)
        for name in unknown:
            place = re.search(rf"(?<![\w{{]){re.escape(name)}(?!\w)", text[span.start : span.end])
            where = Span(span.start + place.start(), span.start + place.end()) if place else span
            faults.append(
                _broken(
                    path,
                    where,
                    f"no text `{name}` is defined",
                    "a word without braces stands for an `@string`",
                    f"write `{field.key} = {{{name}}}`, or define it: `@string{{{name} = {{…}}}}`",
                )
            )
    if not entry.key:
        faults.append(_broken(path, span, "an entry has no key", "nothing can cite it", "write `@type{key,`"))
    return _Written(entry.entry_type.lower(), entry.key, fields, span, text[span.start : span.end])


def _value(raw: str, texts: Mapping[str, str], unknown: list[str] | None) -> str:
    """Put a value together: texts in braces or quotes, numbers and names, joined by ``#``."""
    parts: list[str] = []
    at = 0
    while at < len(raw):
        found = _TOKEN.match(raw, at)
        if not found:
            parts.append(raw[at:].strip())
            break
        at = found.end()
        name = found["name"]
        if found["opening"]:
            end = _closing(raw, at, found["opening"])
            parts.append(raw[at:end])
            at = end + 1
        elif name and name.isdigit():
            parts.append(name)
        elif name:
            if name.lower() not in texts and name[:3].lower() not in MONTHS and unknown is not None:
                unknown.append(name)
            parts.append(texts.get(name.lower(), name))
    return "".join(parts)


def _closing(raw: str, at: int, opening: str) -> int:
    """The offset of what closes the brace or the quote before `at`; the end where nothing does."""
    depth = 0
    for found in re.compile(r'\\.|[{}"]', re.DOTALL).finditer(raw, at):
        if depth == 0 and found[0] == {"{": "}"}.get(opening, opening):
            return found.start()
        depth += {"{": 1, "}": -1}.get(found[0], 0)
    return len(raw)


def _item(path: str, entry: _Written, known: Mapping[str, _Written]) -> Item:
    fields = entry.fields
    for _ in range(_ANCESTORS):
        name = fields.get("crossref") or fields.get("xdata")
        parent = known.get(name.strip()) if name else None
        fields = {field: value for field, value in fields.items() if field not in {"crossref", "xdata"}}
        if parent is None:
            break
        grand = {field: value for field, value in parent.fields.items() if field in {"crossref", "xdata"}}
        fields = {**grand, **inherit(entry.kind if parent.kind != "xdata" else "", fields, parent.fields)}
    return Item(entry.key, path, entry.span, work(entry.kind, entry.key, fields), entry.written, "bibtex")

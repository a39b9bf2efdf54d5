"""``.bib`` files as they are written: entries whose fields have been put together, each with its place.

Works and LaTeX's glossary entries are both kept in such files. What a field means is not read here, only
its value: texts in braces or quotes, numbers and the names of ``@string``, joined by ``#``. bibtexparser finds
the blocks of a file and goes on behind a broken one; it is imported when the first file is read.
"""

import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from grimoire.diagnostics import Diagnostic
from grimoire.source import Span

if TYPE_CHECKING:
    from bibtexparser.model import ParsingFailedBlock

_TOKEN = re.compile(r'\s*(?:(?P<opening>[{"])|(?P<name>[^\s{}"#,=]+)|#)')
_REASONS = {
    "block start": "another entry begins before this one is closed",
    "end of file": "the file ends before it is closed",
    "comma after entry key": "no comma stands behind its key",
}
"""What the parser says, and what we say."""
MONTHS = frozenset("jan feb mar apr may jun jul aug sep oct nov dec".split())
"""The texts that every bibliography has, by their first three letters."""
_MOST_GIVEN = 50_000
"""Characters of a value that may come from texts: those made of texts that are made of texts grow without end."""


class Value(NamedTuple):
    """What a field says.

    `parts` has, for each piece of the text in order, where it begins there and its place in the file; a piece
    from an ``@string`` has the place of the name.
    """

    text: str
    parts: tuple[tuple[int, Span], ...]


class BibEntry(NamedTuple):
    """An entry of the file. `kind` and the names of the fields are in lower case; `written` is its own text."""

    kind: str
    key: str
    fields: dict[str, Value]
    span: Span
    written: str


def read_bib(
    path: str, text: str, code: str = "broken-bibliography"
) -> tuple[list[BibEntry], list[Diagnostic]]:
    """Read a ``.bib`` file.

    Args:
        path: how it is called in diagnostics.
        text: what it holds.
        code: that of the diagnostics.

    Returns:
        Its entries in its order, those without a key and with one that comes twice included, and what
        could not be read. Never raises.
    """
    from bibtexparser.entrypoint import parse_string  # noqa: PLC0415  takes time to load
    from bibtexparser.model import Entry, ParsingFailedBlock, String  # noqa: PLC0415  as above

    # It tells of broken blocks in the log as well.
    logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
    faults: list[Diagnostic] = []
    try:
        blocks = parse_string(text, parse_stack=[]).blocks
    except Exception as error:  # noqa: BLE001  whatever bibtexparser fails of, the site is built without the file
        why = f"the parser says: {str(error)[:200] or type(error).__name__}"
        return [], [Diagnostic(code, path, Span(0, 0), "the file cannot be read", why)]
    texts: dict[str, str] = {}  # of `@string`, by names in lower case
    entries: list[BibEntry] = []
    at = 0
    for block in blocks:
        start = text.find(block.raw or "", at)
        span = Span(max(start, at), max(start, at) + len(block.raw or ""))
        at = span.start + 1
        match _inner(block):
            case String() as string:
                texts[string.key.lower()] = _string(string, span, text, texts, path, faults)
            case Entry() as entry:
                entries.append(_entry(entry, span, text, texts, path, faults))
            case ParsingFailedBlock() as failed:
                faults.append(_unread(path, span, text, failed))
    return entries, [msgspec.structs.replace(fault, code=code) for fault in faults]


def read_preamble(text: str) -> str:
    """Give what the ``@preamble`` of a ``.bib`` file says; "" if there is none, or none that can be read."""
    if "@preamble" not in text.lower():
        return ""
    from bibtexparser.entrypoint import parse_string  # noqa: PLC0415  takes time to load
    from bibtexparser.model import Preamble  # noqa: PLC0415  as above

    try:
        blocks = parse_string(text, parse_stack=[]).blocks
    except Exception:  # noqa: BLE001  `read_bib` tells of it
        return ""
    return "\n".join(_value(one.value, 0, {}, [], []).text for one in blocks if isinstance(one, Preamble))


def _inner(block: Any) -> Any:  # noqa: ANN401  a block of bibtexparser's
    """The entry itself, where the parser wraps it because a key or a field comes twice."""
    inner = getattr(block, "ignore_error_block", None)
    return block if inner is None else _inner(inner)


def _broken(path: str, span: Span, message: str, why: str, mend: str = "") -> Diagnostic:
    return Diagnostic("", path, span, message, why=why, help=mend)


def _unread(path: str, span: Span, text: str, failed: "ParsingFailedBlock") -> Diagnostic:
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


def _string(
    string: Any,  # noqa: ANN401  bibtexparser's
    span: Span,
    text: str,
    texts: Mapping[str, str],
    path: str,
    faults: list[Diagnostic],
) -> str:
    raw = str(string.value)
    at = max(span.start, text.find(raw, span.start, span.end))
    spare: list[tuple[str, Span]] = []
    said = _value(raw, at, texts, [], spare).text
    faults += (_too_long(path, name, where) for name, where in spare)
    return said


def _too_long(path: str, name: str, where: Span) -> Diagnostic:
    return _broken(
        path,
        where,
        f"the text `{name}` is too long to be put in here",
        "it is made of many others",
        "write it out",
    )


def _entry(
    entry: Any,  # noqa: ANN401  bibtexparser's
    span: Span,
    text: str,
    texts: Mapping[str, str],
    path: str,
    faults: list[Diagnostic],
) -> BibEntry:
    fields: dict[str, Value] = {}
    at = span.start
    for field in entry.fields:
        raw = str(field.value)
        head = re.compile(re.escape(field.key) + r"\s*=\s*").search(text, at, span.end)
        at = (
            head.end() if head and text.startswith(raw, head.end()) else max(at, text.find(raw, at, span.end))
        )
        unknown: list[tuple[str, Span]] = []
        spare: list[tuple[str, Span]] = []
        # The last of two fields of one name counts, as in BibTeX.
        fields[field.key.lower()] = _value(raw, at, texts, unknown, spare)
        faults += (_too_long(path, name, where) for name, where in spare)
        faults += (
            _broken(
                path,
                where,
                f"no text `{name}` is defined",
                "a word without braces stands for an `@string`",
                f"write `{field.key} = {{{name}}}`, or define it: `@string{{{name} = {{…}}}}`",
            )
            for name, where in unknown
        )
        at += len(raw)
    if not entry.key:
        faults.append(_broken(path, span, "an entry has no key", "nothing can name it", "write `@type{key,`"))
    return BibEntry(entry.entry_type.lower(), entry.key, fields, span, text[span.start : span.end])


def _value(
    raw: str,
    start: int,
    texts: Mapping[str, str],
    unknown: list[tuple[str, Span]],
    spare: list[tuple[str, Span]],
) -> Value:
    """Put a value together: texts in braces or quotes, numbers and names, joined by ``#``.

    Args:
        raw: the value as written.
        start: where that begins in the file.
        texts: those of ``@string``.
        unknown: where the names are put that stand for no text.
        spare: where those are put whose text is left out, as there is too much already.
    """
    said = ""
    given = 0
    parts: list[tuple[int, Span]] = []
    at = 0
    while at < len(raw):
        found = _TOKEN.match(raw, at)
        if not found:
            parts.append((len(said), Span(start + at, start + len(raw))))
            said += raw[at:].strip()
            break
        at = found.end()
        name = found["name"]
        if found["opening"]:
            end = _closing(raw, at, found["opening"])
            parts.append((len(said), Span(start + at, start + end)))
            said += raw[at:end]
            at = end + 1
        elif name:
            place = Span(start + found.start("name"), start + found.end("name"))
            parts.append((len(said), place))
            is_known = name.isdigit() or name.lower() in texts or name[:3].lower() in MONTHS
            if not is_known:
                unknown.append((name, place))
            gift = texts.get(name.lower(), name)
            given += len(gift)
            if given > _MOST_GIVEN:
                spare.append((name, place))
                continue
            said += gift
    return Value(said, tuple(parts))


def _closing(raw: str, at: int, opening: str) -> int:
    """The offset of what closes the brace or the quote before `at`; the end where nothing does."""
    depth = 0
    for found in re.compile(r'\\.|[{}"]', re.DOTALL).finditer(raw, at):
        if depth == 0 and found[0] == {"{": "}"}.get(opening, opening):
            return found.start()
        depth += {"{": 1, "}": -1}.get(found[0], 0)
    return len(raw)

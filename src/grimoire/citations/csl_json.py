"""CSL JSON files: an array of works, or an object with one under `items`; what is not CSL's is left out."""

import json
import re
from collections.abc import Iterator
from textwrap import dedent

from grimoire.citations.dates import alike
from grimoire.citations.records import Item
from grimoire.diagnostics import Diagnostic
from grimoire.source import Span

_NAMES = set(
    "author chair collection-editor compiler composer container-author contributor curator director editor "
    "editorial-director editor-translator executive-producer guest host illustrator interviewer narrator organizer "
    "original-author performer producer recipient reviewed-author script-writer series-creator translator".split()
)
_DATES = set("accessed available-date event-date issued original-date submitted".split())
_TEXTS = set(
    "abstract annote archive archive_collection archive_location archive-place authority call-number chapter-number "
    "citation-key citation-label citation-number collection-number collection-title container-title "
    "container-title-short dimensions division DOI edition event event-place event-title genre ISBN ISSN issue "
    "journalAbbreviation jurisdiction keyword language license locator medium note number number-of-pages "
    "number-of-volumes original-publisher original-publisher-place original-title page page-first part-number "
    "part-title PMCID PMID printing-number publisher publisher-place references reviewed-genre reviewed-title scale "
    "section shortTitle source status supplement-number title title-short URL version volume volume-title "
    "volume-title-short year-suffix".split()
)
_NAME_PARTS = {"family", "given", "literal", "suffix", "dropping-particle", "non-dropping-particle"}
_NAME_FLAGS = {"comma-suffix", "static-ordering", "parse-names"}
_DECODER = json.JSONDecoder()
_NEXT = re.compile(r"\n[ \t]*(?=\{)")
_UNSOUND = re.compile("[\0\ud800-\udfff\ufdd0-\ufdef]")
"""What an escape can bring in that no text of a source holds, see `grimoire.source`."""
_BLANK = re.compile(r"[\s,]*")


def read_csl_json(path: str, text: str) -> tuple[list[Item], list[Diagnostic]]:
    """Read a file of CSL JSON.

    Args:
        path: how it is called in diagnostics.
        text: what it holds.

    Returns:
        Its works, in its order, keys that come twice included, and what is wrong. Never raises.
    """
    faults: list[Diagnostic] = []
    items: list[Item] = []
    opening = re.match(r'\s*(?:\{\s*"items"\s*:\s*)?\[', text)
    if not opening:
        why = "CSL JSON is an array: `[{…}, {…}]`"
        return [], [_broken(path, Span(0, min(len(text), 1)), "the file is no list of works", why)]
    for found, span in _works(path, text, opening.end(), faults):
        item = _item(path, text, found, span, faults)
        if item:
            items.append(item)
    return items, faults


def _works(path: str, text: str, at: int, faults: list[Diagnostic]) -> Iterator[tuple[object, Span]]:
    """Yield the elements of the array; behind a broken one go on where a line begins with another."""
    while True:
        at = _BLANK.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing as well
        if at >= len(text) or text[at] == "]":
            return
        try:
            found, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            where = error.pos if isinstance(error, json.JSONDecodeError) else at
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"
            why = f"{reason[:1].lower()}{reason[1:]}; the work is left out"
            faults.append(_broken(path, Span(where, where + 1), "this is no JSON", why))
            behind = _NEXT.search(text, max(where, at + 1))
            if not behind:
                return
            at = behind.end()
            continue
        yield found, Span(at, end)
        at = end


def _broken(path: str, span: Span, message: str, why: str, mend: str = "") -> Diagnostic:
    return Diagnostic("broken-bibliography", path, span, message, why=why, help=mend)


def _item(path: str, text: str, found: object, span: Span, faults: list[Diagnostic]) -> Item | None:
    head = Span(span.start, span.start + len(text[span.start : span.end].partition("\n")[0]))
    if not isinstance(found, dict):
        faults.append(_broken(path, head, "an element of the list is no work", "a work is an object: `{…}`"))
        return None
    key = _text(found.get("id", found.get("citation-key")))
    if not key:
        faults.append(
            _broken(path, head, "a work has no `id`", "nothing can cite it", 'give it one: `"id": "…"`')
        )
        return None
    csl: dict[str, object] = {"id": key, "type": _text(found.get("type")) or "document"}
    for variable, value in found.items():
        if variable in {"id", "type"}:
            continue
        kind, checked = _checked(variable, value)
        if checked:
            csl[variable] = checked
        elif kind and value not in ("", [], {}, None):
            message = f"the `{variable}` of `{key}` is no {kind}"
            faults.append(_broken(path, head, message, "it is left out, the rest of the work is kept"))
    return Item(key, path, span, csl, _outdented(text[span.start : span.end]), "csl-json")


def _outdented(written: str) -> str:
    """Take away the indentation that an object has for standing in a list."""
    first, _, rest = written.partition("\n")
    return f"{first}\n{dedent(rest)}" if rest else first


def _checked(variable: str, value: object) -> tuple[str, object]:
    """Say what a variable is to be, "" if it is none of CSL's, and give the part of its value that is so."""
    if variable in _NAMES:
        return "list of names", _names(value)
    if variable in _DATES:
        return "date", _date(value)
    if variable in _TEXTS:
        return "text", _text(value)
    return "", None


def _text(value: object) -> str:
    if isinstance(value, str):
        return _UNSOUND.sub("\ufffd", value).strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _names(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list):
        return []
    names: list[dict[str, object]] = []
    for name in value:
        if isinstance(name, dict):
            parts: dict[str, object] = {part: _text(name[part]) for part in sorted(_NAME_PARTS & name.keys())}
            parts |= {flag: True for flag in sorted(_NAME_FLAGS & name.keys()) if name[flag]}
            names.append({part: text for part, text in parts.items() if text})
    return [name for name in names if name.keys() & {"family", "given", "literal"}]


def _date(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        return {}
    dates = value.get("date-parts")
    parts = [whole for date in dates if (whole := _numbers(date))] if isinstance(dates, list) else []
    found: dict[str, object] = {"date-parts": alike(parts[:2])} if parts else {}
    for name in ("literal", "raw"):
        if text := _text(value.get(name)):
            found[name] = text
    if not found:
        return {}
    if season := _text(value.get("season")):
        found["season"] = season
    if value.get("circa"):
        found["circa"] = True
    return found


def _numbers(date: object) -> list[int]:
    """Year, month and day, as far as they are numbers."""
    numbers: list[int] = []
    for part in date if isinstance(date, list) else []:
        if not re.fullmatch(r"-?\d{1,6}", _text(part)):
            break
        numbers.append(int(_text(part)))
    return numbers[:3]

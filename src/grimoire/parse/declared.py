"""Fields in the text of an entry: `alias: x`, `abbrev: X`, `also known as x` at its start.

In a file of many terms any field may stand there; in a file of one term only its other names, the
rest being front matter.
"""

import re

import msgspec
from markdown_it.token import Token

from grimoire.parse.front_matter import AUTO_LINK, FrontMatter, Relation, bare_name, plurals, split_tags
from grimoire.parse.places import Places
from grimoire.parse.syntax import MASKED_PIPE
from grimoire.parse.syntax.links import split_target
from grimoire.parse.terms import Part
from grimoire.source import Span, Written

_FIELD_LINE = re.compile(
    r"(?:(?P<key>[A-Za-z][A-Za-z_ ]{0,20}?)\s*:|(?P<aka>also known as:?))\s+(?P<value>\S.*)",
    re.IGNORECASE,
)
_LINE_FIELDS = {
    "alias": "aliases",
    "aliases": "aliases",
    "also known as": "aliases",
    "abbrev": "abbreviation",
    "abbreviation": "abbreviation",
    "acronym": "abbreviation",
    "plural": "plurals",
    "auto_link": "auto_link",
    "tag": "tags",
    "tags": "tags",
    "yt": "yt",
    "bibliography": "bibliography",
    "see": "related",
    "related": "related",
    "prerequisites": "prerequisites",
    "broader": "broader",
    "id": "id",
    "description": "description",
    "summary": "description",
    "status": "status",
    "author": "author",
    "created": "created",
    "modified": "modified",
}


def _field_of(line: str) -> str:
    """The field that a line of an entry declares, or ""."""
    read = _FIELD_LINE.fullmatch(line.strip())
    return _LINE_FIELDS.get((read["key"] or read["aka"].rstrip(":")).lower(), "") if read else ""


def _lines_of_names(inline: Token) -> list[Token]:
    """The lines of a declaring paragraph that hold aliases, each as an inline token."""
    lines: list[list[Token]] = [[]]
    for child in inline.children or ():
        if child.type == "softbreak":
            lines.append([])
        else:
            lines[-1].append(child)
    return [
        Token("inline", "", 0, children=children, content=inline.content, map=inline.map)
        for children, line in zip(lines, inline.content.split("\n"), strict=False)
        if _field_of(line) == "aliases"
    ]


def _reads_as_name(value: str) -> bool:
    """Whether what stands behind "also known as" is a name rather than the rest of a sentence."""
    return len(value) <= 60 and not value.endswith((".", ",", ";")) and len(value.split()) <= 6


def _field(name: str, value: str, span: Span) -> dict[str, object]:
    """The field that one line declares."""
    items = _items(value, span)
    now: object
    match name:
        case "aliases":
            now = tuple((_plain(text), at) for text, at in items)
        case "abbreviation":
            return {"abbreviation": value, "abbreviation_span": span}
        case "plurals":
            now = plurals(tuple(items)).get("plurals")
            if now is None:
                return {"is_inflected": False}
        case "auto_link":
            return {name: AUTO_LINK[value.lower()]}
        case "tags":
            now = split_tags([value])
        case "bibliography":
            now = tuple(Written(text, at) for text, at in items)
        case "yt":
            now = tuple((url, span) for url in value.replace(",", " ").split())
        case "related" | "prerequisites" | "broader":
            now = tuple(Relation(bare_name(text), "", at) for text, at in items)
        case "id":
            return {"id": value, "id_span": span}
        case _:
            return {name: value}
    return {name: now}


def _items(value: str, span: Span) -> list[tuple[str, Span]]:
    """Cut a comma list, each item with its place."""
    items = []
    for found in re.finditer(r"[^,]+", value):
        text = found[0].strip()
        if text:
            start = span.start + found.start() + len(found[0]) - len(found[0].lstrip())
            items.append((text, Span(start, start + len(text))))
    return items


def _plain(text: str) -> str:
    """A name without link marks: ``[[glossary#features]] steering`` is "features steering"."""

    def label(found: re.Match[str]) -> str:
        target, section, shown = split_target(found[1])
        return shown or section or target

    return re.sub(r"\[\[([^\[\]]+)\]\]", label, text).strip("*_` ")


def take_fields(part: Part, fields: FrontMatter, places: Places, *, names_only: bool) -> FrontMatter:
    """Read the fields at the start of an entry; the paragraphs that declare something leave it.

    Args:
        part: the entry; its tokens shrink, and its declarations grow.
        fields: what is known of it already.
        places: places in its file.
        names_only: whether only other names count.

    Returns:
        All its fields: lists grow, single values in the text win.
    """
    found: list[dict[str, object]] = []
    first = 0
    while first + 2 < len(part.tokens) and part.tokens[first].type == "paragraph_open":
        inline = part.tokens[first + 1]
        declared = _declarations(inline, places, names_only=names_only)
        if declared is None:
            break
        found += declared
        part.declarations += _lines_of_names(inline)
        first += 3
    part.tokens = part.tokens[first:]
    return _joined(fields, found)


def _declarations(inline: Token, places: Places, *, names_only: bool) -> list[dict[str, object]] | None:
    """The fields a paragraph declares; None unless each of its lines declares one."""
    inside = places.inside(inline)
    found: list[dict[str, object]] = []
    at = 0
    for line in inline.content.replace(MASKED_PIPE, "|").split("\n"):
        read = _FIELD_LINE.fullmatch(line.strip())
        name = _field_of(line)
        if not read or not name or (names_only and name not in {"aliases", "abbreviation"}):
            return None
        value = read["value"].strip()
        if name == "auto_link" and value.lower() not in AUTO_LINK:
            return None
        if read["aka"] and not _reads_as_name(value):
            return None
        start = inside.at(at + len(line) - len(line.lstrip()) + read.start("value"))
        found.append(_field(name, value, Span(start, start + len(value))))
        at += len(line) + 1
    return found


def _joined(fields: FrontMatter, found: list[dict[str, object]]) -> FrontMatter:
    """Add what the text declares to the front matter; lists grow, single values win."""
    single: dict[str, object] = {}
    lists: dict[str, list[object]] = {}
    for name, value in (one for line in found for one in line.items()):
        if isinstance(value, tuple):
            lists.setdefault(name, list(getattr(fields, name))).extend(value)
        else:
            single[name] = value
    return msgspec.structs.replace(fields, **single, **{name: tuple(items) for name, items in lists.items()})

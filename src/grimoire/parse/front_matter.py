"""The block between `---` lines at the head of a file: YAML with known fields, each with its place.

What is wrong in it becomes a diagnostic, and the rest still counts.
"""

import re
from typing import Any

import msgspec
import yaml

from grimoire.diagnostics import Diagnostic
from grimoire.fields import Block, Field, WrongValue, invalid, nearest, yaml_fault
from grimoire.source import NOWHERE, Source, Span

KINDS = ("term", "note", "glossary")

_NAMES = {
    "title": "title",
    "id": "id",
    "permalink": "id",
    "kind": "kind",
    "aliases": "aliases",
    "alias": "aliases",
    "abbreviation": "abbreviation",
    "abbrev": "abbreviation",
    "acronym": "abbreviation",
    "tags": "tags",
    "tag": "tags",
    "author": "author",
    "authors": "author",
    "created": "created",
    "date": "created",
    "modified": "modified",
    "description": "description",
    "summary": "description",
    "related": "related",
    "see": "related",
    "prerequisites": "prerequisites",
    "broader": "broader",
    "yt": "yt",
    "bibliography": "bibliography",
    "lang": "lang",
    "draft": "draft",
    "publish": "publish",
    "status": "status",
    "macros": "macros",
}
FIELDS = tuple(_NAMES)
"""Every field that has an effect, under each of its names."""


class Relation(msgspec.Struct, frozen=True):
    """A name in `related`, `prerequisites` or `broader`, with the reason given for it."""

    name: str
    reason: str
    span: Span


class FrontMatter(msgspec.Struct, frozen=True):
    """The fields of one file or of one term; "" and () where a field is absent.

    `end` is the offset at which the text behind the block begins.
    """

    end: int = 0
    title: str = ""
    title_span: Span = NOWHERE
    id: str = ""
    id_span: Span = NOWHERE
    kind: str = ""
    aliases: tuple[tuple[str, Span], ...] = ()
    abbreviation: str = ""
    abbreviation_span: Span = NOWHERE
    tags: tuple[str, ...] = ()
    author: str = ""
    created: str = ""
    modified: str = ""
    description: str = ""
    related: tuple[Relation, ...] = ()
    prerequisites: tuple[Relation, ...] = ()
    broader: tuple[Relation, ...] = ()
    yt: tuple[tuple[str, Span], ...] = ()
    bibliography: tuple[str, ...] = ()
    lang: str = ""
    draft: bool = False
    status: str = ""
    macros: tuple[tuple[str, str], ...] = ()


_FENCE = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def read(source: Source) -> tuple[FrontMatter, list[Diagnostic]]:
    """Read the front matter of a source; without any, all fields are empty and `end` is 0."""
    text = source.text
    if not text.startswith("---"):
        return FrontMatter(), []
    found = _FENCE.match(text)
    if not found:
        if re.match(r"---[ \t]*\n\w+:", text):
            fault = Diagnostic(
                "broken-front-matter",
                source.path,
                Span(0, 3),
                "the front matter is opened by `---` and never closed",
                help="put a line `---` behind the last field",
            )
            return FrontMatter(), [fault]
        return FrontMatter(), []
    inner, start, end = found[1], found.start(1), found.end()
    try:
        block = Block(inner, start)
    except yaml.MarkedYAMLError as error:
        span, problem, mend = yaml_fault(error, start, len(inner))
        fault = Diagnostic(
            "broken-front-matter",
            source.path,
            span,
            f"the front matter is no valid YAML: {problem}",
            help=mend,
        )
        return FrontMatter(end=end), [fault]
    except TypeError as error:
        fault = Diagnostic(
            "broken-front-matter",
            source.path,
            Span(start, end),
            f"the front matter is {error} where fields belong",
            help="write each field as `name: value`",
        )
        return FrontMatter(end=end), [fault]
    values, faults = _values(block, source.path)
    return FrontMatter(end=end, **values), faults


def _values(block: Block, path: str) -> tuple[dict[str, Any], list[Diagnostic]]:
    values: dict[str, Any] = {}
    faults = [
        Diagnostic(
            "duplicate-field",
            path,
            field.key,
            f"`{field.name}` stands twice",
            why="YAML keeps the last one only",
            help="join the two into one",
        )
        for field in block.doubles
    ]
    given: dict[str, str] = {}
    for field in block:
        name = _NAMES.get(field.name)
        if name is None:
            guess = nearest(field.name, FIELDS)
            if guess:
                faults.append(
                    Diagnostic(
                        "unknown-field",
                        path,
                        field.key,
                        f"front matter has no field `{field.name}`",
                        why="a misspelt field would be dropped in silence",
                        help=f"did you mean `{guess}`?",
                    )
                )
            continue
        try:
            now = _value(block, field, name)
        except WrongValue as error:
            faults.append(invalid("invalid-field", path, field.name, error))
            continue
        attribute = next(iter(now))
        if isinstance(now[attribute], tuple):
            now[attribute] = values.get(attribute, ()) + now[attribute]
        elif attribute in given and now[attribute] != values[attribute]:
            faults.append(
                Diagnostic(
                    "duplicate-field", path, field.key, f"`{field.name}` and `{given[attribute]}` disagree",
                    why="they are two names of one field; the later one counts", help="remove one of them",
                )
            )  # fmt: skip
        given[attribute] = field.name
        values |= now
    return values, faults


def _value(block: Block, field: Field, name: str) -> dict[str, Any]:
    """Read one field; the result names attributes of `FrontMatter`."""
    node = field.node
    match name:
        case "title" | "id" | "abbreviation":
            return {name: _in_one_line(block.text(node)), f"{name}_span": field.value}
        case "description" | "lang" | "status":
            return {name: _in_one_line(block.text(node))}
        case "author":
            return {name: ", ".join(text for text, _ in block.texts(node))}
        case "kind":
            return {name: block.choice(node, KINDS)}
        case "aliases":
            return {name: block.texts(node)}
        case "yt":
            return {name: block.texts(node, r"\s,")}
        case "tags":
            return {name: split_tags(text for text, _ in block.texts(node))}
        case "bibliography":
            return {name: tuple(text for text, _ in block.texts(node))}
        case "created" | "modified":
            return {name: block.moment(node)}
        case "draft":
            return {"draft": block.flag(node)}
        case "publish":
            return {"draft": not block.flag(node)}
        case "macros":
            return {"macros": _macros(block, node)}
        case _:
            return {name: tuple(_relations(block, node))}


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def split_tags(texts: Any) -> tuple[str, ...]:  # noqa: ANN401  any iterable of texts
    """Give single tags without `#`, in order, each once; a text may hold several."""
    tags = (tag.strip().lstrip("#") for text in texts for tag in re.split(r"[,\s]+", text))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def _relations(block: Block, node: yaml.Node) -> list[Relation]:
    """Names with reasons: a text, ``name: reason``, or a list of either."""
    found: list[Relation] = []
    for item in block.items(node):
        if isinstance(item, yaml.MappingNode):
            found += (Relation(pair.name, block.text(pair.node), pair.key) for pair in block.pairs(item))
        elif item is node:
            found += (
                Relation(name, "", span)
                for text, span in block.texts(node)
                for name in re.findall(r"\[\[[^\[\]]+\]\]", text) or (text,)
            )
        else:
            found.append(Relation(block.text(item), "", block.span(item)))
    return [Relation(bare_name(one.name), one.reason, one.span) for one in found if bare_name(one.name)]


def bare_name(text: str) -> str:
    """Take the name out of ``[[name]]``, ``[[name|label]]`` or ``[name]``."""
    found = re.fullmatch(r"\[?\[([^\[\]|]+)(?:\|[^\[\]]*)?\]\]?", text.strip())
    return (found[1] if found else text).strip()


def _macros(block: Block, node: yaml.Node) -> tuple[tuple[str, str], ...]:
    if not isinstance(node, yaml.MappingNode):
        raise WrongValue(block.span(node), "no mapping", "a mapping of macro names to TeX")
    return tuple((macro_name(pair.name), block.text(pair.node)) for pair in block.pairs(node))


def macro_name(name: str) -> str:
    """Give a macro's name its backslash."""
    return name if name.startswith("\\") else "\\" + name

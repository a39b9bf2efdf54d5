"""The fields of the block at the head of a file, under the names that other programs give them too.

What is wrong in it becomes a diagnostic, and the rest still counts.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import yaml

from grimoire.diagnostics import Diagnostic
from grimoire.fields import Block, Field, WrongValue, invalid
from grimoire.model import AutoLink
from grimoire.parse.head import read_head
from grimoire.parse.known_fields import field_of, meant
from grimoire.source import NOWHERE, Source, Span, Written

KINDS = ("term", "note", "glossary")


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
    plurals: tuple[tuple[str, Span], ...] = ()
    is_inflected: bool = True
    auto_link: AutoLink = ""
    tags: tuple[str, ...] = ()
    author: str = ""
    created: str = ""
    modified: str = ""
    description: str = ""
    description_span: Span = NOWHERE
    related: tuple[Relation, ...] = ()
    prerequisites: tuple[Relation, ...] = ()
    broader: tuple[Relation, ...] = ()
    yt: tuple[tuple[str, Span], ...] = ()
    bibliography: tuple[Written, ...] = ()
    lang: str = ""
    draft: bool = False
    status: str = ""
    macros: tuple[tuple[str, str], ...] = ()


def read(source: Source) -> tuple[FrontMatter, list[Diagnostic]]:
    """Read the front matter of a source; without any, all fields are empty and `end` is 0."""
    block, end, faults = read_head(source)
    if block is None:
        return FrontMatter(end=end), list(faults)
    values, more = _values(block, source.path)
    return FrontMatter(end=end, **values), [*faults, *more]


def _values(block: Block, path: str) -> tuple[dict[str, Any], list[Diagnostic]]:
    values: dict[str, Any] = {}
    faults = [
        Diagnostic(
            "duplicate-field",
            path,
            field.key,
            f"`{field.name}` stands twice",
            why="only the last one counts",
            help="join the two into one",
        )
        for field in block.doubles
    ]
    given: dict[str, str] = {}
    for field in block:
        name = field_of(field.name)
        if not name:
            guess = meant(field.name)
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
        if not now:
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
    """Read one field; the result names attributes of `FrontMatter`, or nothing where nothing is said."""
    node = field.node
    if block.is_empty(node):
        if name in _LISTS:
            block.texts(node)
        return {}
    match name:
        case "title" | "id" | "abbreviation" | "description":
            return {name: _in_one_line(block.text(node)), f"{name}_span": field.value}
        case "address":
            slug = _last_part(block.text(node))
            return {"id": slug, "id_span": field.value} if slug else {}
        case "lang":
            return {name: _in_one_line(block.text(node))}
        case "status":
            return {name: ", ".join(text for text, _ in block.texts(node))}
        case "author":
            return {name: ", ".join(_people(block, node))}
        case "kind":
            return {name: block.choice(node, KINDS)}
        case "aliases":
            names = ((bare_name(text), at) for text, at in block.texts(node))
            return {name: tuple(one for one in names if not _is_old_address(one[0]))}
        case "plurals":
            forms = block.texts(node)
            if [text.lower() for text, _ in forms] in (["true"], ["yes"]):
                raise WrongValue(block.span(node), f"`{forms[0][0]}`", "the plural, or `false`")
            return plurals(forms)
        case "auto_link":
            word = block.text(node).lower()
            if word not in AUTO_LINK:
                raise WrongValue(block.span(node), f"`{word}`", "true, false, `text` or `name`")
            return {name: AUTO_LINK[word]}
        case "yt":
            return {name: block.texts(node, r"\s,")}
        case "tags":
            return {name: _tags(block, node)}
        case "bibliography":
            return {name: tuple(Written(text, at) for text, at in block.texts(node))}
        case "created" | "modified":
            return {name: block.moment(node)}
        case "draft":
            return {"draft": block.flag(node)}
        case "publish":
            return {"draft": not block.flag(node)}
        case "published":
            # One program says with it whether, another when.
            return {"draft": not block.flag(node)} if block.text(node).lower() in _FLAGS else {}
        case "macros":
            return {"macros": _macros(block, node)}
        case _:
            return {name: tuple(_relations(block, node))}


_LISTS = frozenset(("aliases", "plurals", "tags", "author", "bibliography", "yt"))
_FLAGS = frozenset(("true", "yes", "on", "false", "no", "off"))


AUTO_LINK: Mapping[str, AutoLink] = {
    "true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false",
    "text": "text", "name": "name",
}  # fmt: skip
"""The values of `auto_link`, each with what it means."""


def plurals(forms: tuple[tuple[str, Span], ...]) -> dict[str, Any]:
    """Read the forms of a name that an entry declares; `false` alone says that it has none."""
    if [text.lower() for text, _ in forms] in (["false"], ["no"], ["none"]):
        return {"is_inflected": False}
    return {"plurals": forms}


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _last_part(address: str) -> str:
    """The last part of an address below the site, which names the entry; "" for a pattern or another site."""
    if ":" in address:
        return ""
    path = re.sub(r"(?:(?:^|/)index)?\.html?$", "", address.strip("/"))
    return path.rpartition("/")[2].strip()


def _is_old_address(alias: str) -> bool:
    """Whether another name is an address that a site once had, as ``/posts/ring/``."""
    return alias.startswith("/") and " " not in alias


def _people(block: Block, node: yaml.Node) -> Iterable[str]:
    """Names: texts, links, or mappings with a `name`."""
    for item in block.items(node):
        if isinstance(item, yaml.MappingNode):
            yield from (block.text(pair.node) for pair in block.pairs(item) if pair.name == "name")
        else:
            yield from (bare_name(text) for text, _ in block.texts(item))


def _tags(block: Block, node: yaml.Node) -> tuple[str, ...]:
    """Tags: words of a text, or a list, where an item may hold blanks."""
    texts = [bare_name(text) for text, _ in block.texts(node)]
    if not isinstance(node, yaml.SequenceNode):
        return split_tags(texts)
    items = (item for text in texts for item in text.split(","))
    return tuple(
        dict.fromkeys(
            tag
            for item in items
            for tag in (split_tags([item]) if "#" in item else [_in_one_line(item)])
            if tag
        )
    )


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

"""Typed fields out of a block of YAML, each with its place in the file.

YAML is read as nodes, never as Python values, so that a reader of a field decides what it wants:
``title: No`` is the text "No", ``1:30`` is not 90, a date keeps its zone, ``[[x]]`` is a link.
Front matter and settings are both read with this; other languages come as the same nodes.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

import msgspec
import yaml

from grimoire.diagnostics import Diagnostic
from grimoire.source import Span, sound

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Field(msgspec.Struct, frozen=True):
    """One key of a mapping with its value's node; `key` is the place of the name."""

    name: str
    key: Span
    value: Span
    node: Any


class WrongValue(ValueError):
    """A value is of another kind than its field wants.

    `got` and `wants` complete "got …, wants …"; `span` is the place of the value.
    """

    def __init__(self, span: Span, got: str, wants: str, mend: str = "") -> None:
        super().__init__(got)
        self.span, self.got, self.wants, self.mend = span, got, wants, mend


def yaml_nodes(text: str) -> yaml.Node | None:
    """Read YAML as nodes; every way in which it can fail is a `yaml.MarkedYAMLError`."""
    try:
        too_deep = _too_deep(text)
        if too_deep is not None:
            raise fault_at(text, too_deep, "it is nested too deep")
        return yaml.compose(text, Loader=_Loader)
    except yaml.reader.ReaderError:
        found = yaml.reader.Reader.NON_PRINTABLE.search(text)
        at = found.start() if found else 0
        raise fault_at(text, at, f"the character U+{ord(text[at]):04X} cannot stand in it") from None


class Block:
    """A mapping read from a text; `offset` is where the text begins in the file.

    Raises:
        yaml.MarkedYAMLError: the text is not what `nodes` reads.
        TypeError: it is, but no mapping.
    """

    def __init__(
        self, text: str, offset: int = 0, nodes: Callable[[str], yaml.Node | None] = yaml_nodes
    ) -> None:
        self._offset = offset
        self._text = text
        self.doubles: list[Field] = []
        node = nodes(text)
        self._fields: dict[str, Field] = {}
        if node is None or _is_null(node):
            return
        if not isinstance(node, yaml.MappingNode):
            raise TypeError(_kind(node))
        for field in self.pairs(node):
            if field.name in self._fields:
                self.doubles.append(field)
            self._fields[field.name] = field

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    def span(self, node: yaml.Node) -> Span:
        """The place of a node in the file."""
        start, end = node.start_mark.index, node.end_mark.index
        return Span(start + self._offset, end + self._offset)

    def pairs(self, node: yaml.MappingNode) -> Iterator[Field]:
        """The keys and values of a mapping node."""
        for key, value in node.value:
            span = self.span(key)
            scalar = isinstance(key, yaml.ScalarNode)
            name = key.value if scalar else self._text[key.start_mark.index : key.end_mark.index].strip()
            name = sound(str(name))
            yield Field(name, span, self.span(value), value)

    def text(self, node: yaml.Node) -> str:
        """A text, whatever YAML takes it for; ``[[x]]`` without quotes is the text ``[[x]]``."""
        if isinstance(node, yaml.ScalarNode):
            return sound(str(node.value)).strip() if not _is_null(node) else ""
        if _is_wikilink(node):
            start, end = node.start_mark.index, node.end_mark.index
            return self._text[start:end].strip()
        raise WrongValue(self.span(node), _kind(node), "a text")

    def is_empty(self, node: yaml.Node) -> bool:
        """Whether nothing is said, as by a property without a value."""
        return _is_null(node)

    def items(self, node: yaml.Node) -> list[yaml.Node]:
        """The items of a list, or the node itself; ``[[x]]`` is no list."""
        if isinstance(node, yaml.SequenceNode) and not _is_wikilink(node):
            return list(node.value)
        return [node]

    def texts(self, node: yaml.Node, separator: str = ",") -> tuple[tuple[str, Span], ...]:
        """A list of texts, or one text without quotes, cut at each `separator`; each with its place.

        Empty items are dropped.
        """
        if isinstance(node, yaml.ScalarNode) or _is_wikilink(node):
            if _is_null(node):
                self._refuse_lost_tag(node)
                return ()
            if isinstance(node, yaml.ScalarNode) and not node.style:
                return tuple(self._items(node, separator))
            return ((self.text(node), self.span(node)),) if self.text(node) else ()
        if isinstance(node, yaml.SequenceNode):
            found = []
            for item in node.value:
                if not (isinstance(item, yaml.ScalarNode) or _is_wikilink(item)):
                    raise WrongValue(self.span(item), f"{_kind(item)} in a list", "texts")
                text = self.text(item)
                if text:
                    found.append((text, self.span(item)))
            return tuple(found)
        raise WrongValue(self.span(node), _kind(node), "a text or a list of texts")

    def _items(self, node: yaml.ScalarNode, separator: str) -> Iterator[tuple[str, Span]]:
        """The parts of a text without quotes, which stands in the file as it is."""
        start = node.start_mark.index
        written = self._text[start : node.end_mark.index]
        for found in re.finditer(f"[^{separator}]+", written):
            text = " ".join(found[0].split())
            if text:
                at = start + self._offset + found.start() + len(found[0]) - len(found[0].lstrip())
                yield text, Span(at, at + len(found[0].strip()))

    def _refuse_lost_tag(self, node: yaml.Node) -> None:
        line = self._text[node.start_mark.index :].split("\n", 1)[0]
        before = self._text[: node.start_mark.index].rsplit("\n", 1)[-1]
        if "#" in line or before.rstrip().endswith("#"):
            raise WrongValue(
                self.span(node),
                "nothing",
                "a text or a list of texts",
                "`#` begins a comment in YAML: leave it out or put the value in quotes",
            )

    def flag(self, node: yaml.Node) -> bool:
        """A truth value: true or false, yes or no, on or off."""
        if isinstance(node, yaml.ScalarNode):
            value = self.text(node).lower()
            if value in {"true", "yes", "on"}:
                return True
            if value in {"false", "no", "off", ""}:
                return False
            raise WrongValue(self.span(node), f"the text `{self.text(node)}`", "true or false")
        raise WrongValue(self.span(node), _kind(node), "true or false")

    def choice(self, node: yaml.Node, values: Iterable[str]) -> str:
        """One of a few words."""
        text = self.text(node).lower()
        if text not in values:
            raise WrongValue(self.span(node), f"`{text}`", " or ".join(f"`{value}`" for value in values))
        return text

    def moment(self, node: yaml.Node) -> str:
        """A date, with or without time and zone, as it is written (ISO 8601)."""
        text = self.text(node)
        text = re.sub(r"^\[\[(.*)\]\]$", r"\1", text)  # a link to the note of a day
        if not text:
            return ""
        iso = re.sub(r"^(\d{4}-\d\d-\d\d)[ T]+", r"\1T", text).replace("Z", "+00:00")
        iso = re.sub(r"\s+(?=[+-]\d)", "", iso)
        try:
            date.fromisoformat(iso) if len(iso) == 10 else datetime.fromisoformat(iso)
        except ValueError:
            wants = "a date such as 2024-09-20 or 2024-09-20T11:37:46+02:00"
            raise WrongValue(self.span(node), f"`{text}`", wants) from None
        return iso


DEEPEST = 100
"""How many lists and mappings may stand inside each other."""
_NESTING = re.compile(r"[\[{?-]")


def _too_deep(text: str) -> int | None:
    """Where lists in lists become too many for a reader that calls itself for each; None if nowhere."""
    if len(_NESTING.findall(text)) <= DEEPEST:
        return None
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            return event.start_mark.index if event.start_mark else 0
    return None


def fault_at(text: str, at: int, problem: str) -> yaml.MarkedYAMLError:
    """Make the error of a reader of nodes at a place in its text."""
    line = text.count("\n", 0, at)
    mark = yaml.Mark("", at, line, at - text.rfind("\n", 0, at) - 1, None, 0)
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def _is_null(node: yaml.Node) -> bool:
    return node.tag == "tag:yaml.org,2002:null"


def _is_wikilink(node: yaml.Node) -> bool:
    """``[[x]]`` without quotes: a list that holds one list."""
    return (
        isinstance(node, yaml.SequenceNode)
        and bool(node.flow_style)
        and len(node.value) == 1
        and isinstance(node.value[0], yaml.SequenceNode)
        and bool(node.value[0].flow_style)
        and all(isinstance(item, yaml.ScalarNode) for item in node.value[0].value)
    )


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    return "a list" if isinstance(node, yaml.SequenceNode) else "a text"


def yaml_fault(error: yaml.MarkedYAMLError, offset: int, length: int) -> tuple[Span, str, str]:
    """Say where and why YAML could not be read, and how to mend it.

    Args:
        error: what the YAML reader raised.
        offset: where the block begins in the file.
        length: how long the block is, so that the place stays inside.
    """
    mark = error.problem_mark or error.context_mark
    at = offset + min(mark.index if mark else 0, max(0, length - 1))
    problem = (error.problem or "it cannot be read").replace("\n", " ")
    mend = ""
    if "mapping values are not allowed" in problem:
        mend = 'a value that holds a colon needs quotes: `title: "L1: norm"`'
    elif "undefined alias" in problem or "alphabetic or numeric" in problem:
        mend = "`*` and `&` have a meaning in YAML: put the value in quotes"
    elif "cannot start any token" in problem:
        mend = "put the value in quotes"
    elif "expected <block end>" in problem or "while parsing" in (error.context or ""):
        mend = "check quotes, brackets and indentation around this place"
    return Span(at, at + 1), problem, mend


def invalid(code: str, path: str, name: str, error: WrongValue) -> Diagnostic:
    """Make the diagnostic for a field or setting of the wrong kind."""
    return Diagnostic(
        code=code,
        path=path,
        span=error.span,
        message=f"`{name}` wants {error.wants}, got {error.got}",
        why="the default is used" if code == "invalid-setting" else "the field is left out",
        help=error.mend,
    )


def nearest(word: str, known: Iterable[str]) -> str:
    """Give the known word that `word` is likely a misspelling of, or ""."""
    from difflib import get_close_matches  # noqa: PLC0415  only bad input needs it

    found = get_close_matches(word, list(known), n=1, cutoff=0.75)
    return found[0] if found else ""

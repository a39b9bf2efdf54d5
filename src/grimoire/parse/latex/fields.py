"""``name=…, description={…}``: the fields of an entry, or the options of a command."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from grimoire.parse.latex.script import Script
from grimoire.parse.latex.tree import Node
from grimoire.source import Span

_OLD_NAME = re.compile(r"\\gls((?:long|short)(?:plural)?)key")
"""Commands that older files have in place of a field's name."""


class Value(NamedTuple):
    """What a field says: nodes of a script, and the stretch of its text that they are."""

    script: Script
    nodes: Sequence[Node]
    start: int
    end: int

    @property
    def text(self) -> str:
        """It as written."""
        return self.script.text[self.start : self.end].strip()

    @property
    def extent(self) -> tuple[int, int]:
        """Its place in the script, without blanks at its ends."""
        written = self.script.text[self.start : self.end]
        start = self.start + len(written) - len(written.lstrip())
        return start, max(start, self.start + len(written.rstrip()))

    @property
    def span(self) -> Span:
        """Its place in the file."""
        return self.script.span(*self.extent)


class Field(NamedTuple):
    """A field and its value; one without ``=`` has an empty value."""

    name: str
    name_span: Span
    value: Value


def content(script: Script, group: Node) -> Value:
    """Give what stands in a group."""
    return Value(script, group.nodes, group.first, group.last)


def whole(script: Script) -> Value:
    """Give all of a script."""
    return Value(script, script.nodes, 0, len(script.text))


def fields(value: Value) -> Iterator[Field]:
    """Cut a list of fields at the commas that no braces hide."""
    for item in items(value):
        head, *behind = _cut(item, "=", 1)
        rest = behind[0] if behind else Value(item.script, (), head.end, head.end)
        name = " ".join(head.text.split())
        if spelt := _OLD_NAME.fullmatch(name):
            name = spelt[1]
        yield Field(name, head.span, _unwrapped(rest))


def items(value: Value) -> Iterator[Value]:
    """Cut at the commas that no braces hide; comments leave nothing."""
    for item in _cut(value, ","):
        if item.nodes or item.text:
            yield item


def keys(value: Value) -> Iterator[Value]:
    """Yield the keys in a list such as ``a,b``, ``{a,b}`` or ``[see also]{a,b}``."""
    for item in items(_behind_options(value)):
        is_group = len(item.nodes) == 1 and item.nodes[0].kind == "group"
        yield from items(content(item.script, item.nodes[0])) if is_group else (item,)


def _behind_options(value: Value) -> Value:
    """Leave out ``[see also]``, which says how LaTeX calls a relation."""
    end = value.script.text.find("]", value.start, value.end) + 1
    if not end or not value.text.startswith("["):
        return value
    nodes = [
        node._replace(start=max(node.start, end), first=max(node.first, end))
        for node in value.nodes
        if node.end > end
    ]
    return Value(value.script, nodes, end, value.end)


def _cut(value: Value, mark: str, most: int = -1) -> Iterator[Value]:
    """Cut at each `mark` outside of braces, or the first few; blanks and comments at the ends go."""
    script = value.script
    nodes: list[Node] = []
    start = value.start
    for node in value.nodes:
        while most and node.kind == "text" and (found := script.text.find(mark, node.start, node.end)) >= 0:
            nodes.append(node._replace(end=found, last=found))
            yield _trimmed(script, nodes, start, found)
            nodes, start, most = [], found + 1, most - 1
            node = node._replace(start=start, first=start)  # noqa: PLW2901  what is left of it
        nodes.append(node)
    yield _trimmed(script, nodes, start, value.end)


def _trimmed(script: Script, nodes: Sequence[Node], start: int, end: int) -> Value:
    first, last = 0, len(nodes)
    while first < last and _is_blank(script, nodes[first]):
        start = nodes[first].end
        first += 1
    while last > first and _is_blank(script, nodes[last - 1]):
        end = nodes[last - 1].start
        last -= 1
    return Value(script, nodes[first:last], start, max(start, end))


def _is_blank(script: Script, node: Node) -> bool:
    return node.kind in {"comment", "break"} or (
        node.kind == "text" and not script.text[node.start : node.end].strip()
    )


def _unwrapped(value: Value) -> Value:
    """Take the braces off a value that is all in them, as TeX does."""
    if len(value.nodes) == 1 and value.nodes[0].kind == "group":
        return content(value.script, value.nodes[0])
    return value

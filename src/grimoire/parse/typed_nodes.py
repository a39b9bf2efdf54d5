"""TOML and JSON as the nodes that `fields.Block` reads, so that one reader of fields serves all three.

The libraries that read them tell no places. A second look at a text known to be sound finds where each
key and its value stand; what is inside a value is placed by looking for it there, else by its key.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import yaml

from grimoire.fields import DEEPEST, fault_at

Path = tuple[str, ...]


class _Stretch(NamedTuple):
    """Where a key stands, and where its value ends."""

    start: int
    key_end: int
    end: int


class _Pairs(list[tuple[str, Any]]):
    """An object of JSON with each of its names, those that stand twice too."""


def toml(text: str) -> yaml.Node:
    """Read TOML.

    Raises:
        yaml.MarkedYAMLError: the text is none, or it is nested too deep.
    """
    if found := _LONG_KEY.search(text):
        raise fault_at(text, found.start(), _TOO_DEEP)
    try:
        values = tomllib.loads(text)
    except RecursionError:
        raise fault_at(text, 0, _TOO_DEEP) from None
    except ValueError as error:
        raise _toml_fault(text, str(error)) from None
    return _Nodes(text, _toml_keys(text)).mapping(values.items())


def json_object(text: str) -> yaml.Node:
    """Read an object of JSON.

    Raises:
        yaml.MarkedYAMLError: the text is none, or it is nested too deep.
    """
    try:
        values = json.loads(text, object_pairs_hook=_Pairs, strict=False)
    except json.JSONDecodeError as error:
        raise fault_at(text, error.pos, _told(error.msg)) from None
    except RecursionError:
        raise fault_at(text, 0, _TOO_DEEP) from None
    except ValueError:
        raise fault_at(text, 0, "a number in it is too long") from None
    return _Nodes(text, _json_keys(text)).mapping(values)


_TOO_DEEP = "it is nested too deep"
# The library needs a time that grows with the square of a dotted key's length.
_LONG_KEY = re.compile(r"(?<![\w\"'.-])(?:[\w\"'-]+[ \t]*\.[ \t]*){100}")


def _told(message: str) -> str:
    """A library's message in our form: no capital, and what is quoted in backticks."""
    message = message[:1].lower() + message[1:]
    return re.sub(r"\"([^\"]*)\"|'([^']*)'", lambda found: f"`{found[1] or found[2]}`", message)


def _toml_fault(text: str, said: str) -> yaml.MarkedYAMLError:
    found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", said)
    if not found:
        return fault_at(text, 0, "a number in it is too long")
    at = len(text)
    if found[1]:
        at = sum(len(line) + 1 for line in text.split("\n")[: int(found[1]) - 1]) + int(found[2]) - 1
    return fault_at(text, at, _told(said[: found.start()]))


# ---------------------------------------------------------------- places

_TOML = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}=\n]',
    re.DOTALL,
)
_TOML_NAME = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|[\w-]+')
_JSON = re.compile(r'"(?:\\.|[^"\\])*"|[{}\[\],:]', re.DOTALL)


def _toml_keys(text: str) -> dict[Path, _Stretch]:
    """The keys of TOML that is sound, but for those of inline tables."""
    found: dict[Path, _Stretch] = {}
    table: Path = ()
    line = depth = 0
    key: tuple[Path, int, int] | None = None
    is_header = False
    for mark in [*_TOML.finditer(text), None]:
        sign = mark[0] if mark else "\n"
        at = mark.start() if mark else len(text)
        if sign in {"[", "{"}:
            is_header |= key is None and depth == 0
            depth += 1
        elif sign in {"]", "}"}:
            depth -= 1
            if is_header and depth == 0:
                table, is_header = _names(text[line:at]), False
                found.setdefault(table, _Stretch(line, at + 1, at + 1))
        elif sign == "=" and key is None and depth == 0:
            start = line + len(text[line:at]) - len(text[line:at].lstrip())
            key = (*table, *_names(text[line:at])), start, len(text[:at].rstrip())
        elif sign == "\n" and depth == 0:
            if key:
                found.setdefault(key[0], _Stretch(key[1], key[2], at))
            key, line = None, at + 1
    return found


def _names(written: str) -> Path:
    """The names of a dotted key, without their quotes."""
    return tuple(
        tomllib.loads(f"name = {name}")["name"] if name[0] in "\"'" else name
        for name in _TOML_NAME.findall(written)
    )


def _json_keys(text: str) -> dict[Path, _Stretch]:
    """The keys of an object of JSON that is sound, without those of objects inside."""
    found: dict[Path, _Stretch] = {}
    depth = 0
    last: re.Match[str] | None = None
    key: re.Match[str] | None = None
    for mark in _JSON.finditer(text):
        sign = mark[0]
        if depth == 1 and sign == ":":
            key = last
        elif depth == 1 and key and sign in {",", "}"}:
            found.setdefault(
                (json.loads(key[0], strict=False),), _Stretch(key.start(), key.end(), mark.start())
            )
            key = None
        depth += (sign in {"{", "["}) - (sign in {"}", "]"})
        last = mark
    return found


# ---------------------------------------------------------------- nodes

_SPACE = "tag:yaml.org,2002:"


class _Nodes:
    """Makes nodes out of values; made for one text and thrown away."""

    def __init__(self, text: str, keys: dict[Path, _Stretch]) -> None:
        self._text, self._keys = text, keys

    def mapping(self, pairs: Iterable[tuple[str, Any]]) -> yaml.Node:
        return self._mapping(pairs, (), _Stretch(0, 0, 0))

    def _node(self, value: object, path: Path, within: _Stretch) -> yaml.Node:
        if len(path) > DEEPEST:
            raise fault_at(self._text, within.start, _TOO_DEEP)
        if isinstance(value, dict):
            return self._mapping(value.items(), path, within)
        if isinstance(value, _Pairs):
            return self._mapping(value, path, within)
        if isinstance(value, list):
            return yaml.SequenceNode(
                _SPACE + "seq", list(self._items(value, path, within)), *self._marks(within)
            )
        if value is None:
            return yaml.ScalarNode(_SPACE + "null", "", *self._marks(within))
        if isinstance(value, str):
            # A text has quotes there, so no comma in it parts anything.
            return yaml.ScalarNode(_SPACE + "str", value, *self._marks(self._found(value, within)), style='"')
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        return yaml.ScalarNode(_SPACE + "str", shown, *self._marks(self._found(shown, within)))

    def _mapping(self, pairs: Iterable[tuple[str, Any]], path: Path, within: _Stretch) -> yaml.Node:
        nodes = []
        for name, value in pairs:
            inner = (*path, name)
            place = self._keys.get(inner, within)
            key = yaml.ScalarNode(_SPACE + "str", name, *self._marks(_Stretch(place.start, 0, place.key_end)))
            nodes.append((key, self._node(value, inner, place)))
        return yaml.MappingNode(_SPACE + "map", nodes, *self._marks(within))

    def _items(self, values: Iterable[Any], path: Path, within: _Stretch) -> Iterator[yaml.Node]:
        rest = within
        for value in values:
            node = self._node(value, (*path, ""), rest)
            yield node
            if isinstance(value, str) and node.start_mark.index > rest.start:
                rest = _Stretch(within.start, node.end_mark.index, within.end)

    def _found(self, value: str, within: _Stretch) -> _Stretch:
        """Where a value stands behind its key; the key, where it is written in another way."""
        at = self._text.find(value, within.key_end, within.end) if value else -1
        return _Stretch(at, at, at + len(value)) if at >= 0 else _Stretch(within.start, 0, within.key_end)

    def _marks(self, place: _Stretch) -> tuple[yaml.Mark, yaml.Mark]:
        return yaml.Mark("", place.start, 0, 0, None, 0), yaml.Mark("", place.end, 0, 0, None, 0)

"""The block at the head of a file: where it ends, and the mapping in it.

It is YAML between lines of `---`, TOML between lines of `+++`, or an object of JSON whose brace opens
the first line alone. What cannot be read becomes a diagnostic, and the body counts all the same.
"""

import re
from collections.abc import Callable
from json import JSONDecoder
from typing import NamedTuple

import yaml

from grimoire.diagnostics import Diagnostic
from grimoire.fields import Block, yaml_fault, yaml_nodes
from grimoire.source import Source, Span


class Head(NamedTuple):
    """The block, None where there is none to read; `end` is the offset of the text behind it."""

    block: Block | None = None
    end: int = 0
    faults: tuple[Diagnostic, ...] = ()


class _Written(NamedTuple):
    """A block as it stands in the file, in a language; `start` is the offset of its text."""

    language: str
    text: str
    start: int
    end: int


_YAML = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_JSON = re.compile(r"(\{[ \t]*\n.*?^\})[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_JSON_START = re.compile(r'\{[ \t]*\n\s*"(?:\\.|[^"\\\n])*"[ \t]*:')
_UNCLOSED = {
    "---": re.compile(r"---[ \t]*\n\w+:"),
    "+++": re.compile(r"\+\+\+[ \t]*\n\w+[ \t]*="),
    "}": re.compile(_JSON_START.pattern + r"(?!.*^\})", re.DOTALL | re.MULTILINE),
}


def read_head(source: Source) -> Head:
    """Find and read the block of a source; without one, nothing is said and `end` is 0."""
    written = _written(source.text)
    if written is None:
        return Head(faults=tuple(_unclosed(source)))
    language, text, start, end = written
    try:
        return Head(Block(text, start, _reader(language)), end)
    except yaml.MarkedYAMLError as error:
        span, problem, mend = yaml_fault(error, start, len(text))
        if language != "YAML":
            mend = _MENDS.get(problem, "")
        message = f"the front matter is no valid {language}: {problem}"
        return Head(None, end, (Diagnostic("broken-front-matter", source.path, span, message, help=mend),))
    except TypeError as error:
        fault = Diagnostic(
            "broken-front-matter", source.path, Span(start, end), f"the front matter is {error} where fields belong",
            help="write each field as `name: value`",
        )  # fmt: skip
        return Head(None, end, (fault,))


_MENDS = {"invalid value": 'a text needs quotes: `title = "Ring"`'}


def _written(text: str) -> _Written | None:
    if text.startswith("---"):
        found = _YAML.match(text)
        return _Written("YAML", found[1], found.start(1), found.end()) if found else None
    if text.startswith("+++"):
        found = _TOML.match(text)
        return _Written("TOML", found[1], found.start(1), found.end()) if found else None
    if _JSON_START.match(text):
        try:
            _, end = JSONDecoder(strict=False).raw_decode(text)
        except (ValueError, RecursionError):
            # It is no JSON; where it was meant to end shows where the body begins.
            found = _JSON.match(text)
            return _Written("JSON", found[1], 0, found.end()) if found else None
        line_end = text.find("\n", end)
        behind = len(text) if line_end < 0 else line_end + 1
        return None if text[end:behind].strip() else _Written("JSON", text[:end], 0, behind)
    return None


def _reader(language: str) -> Callable[[str], yaml.Node | None]:
    if language == "YAML":
        return yaml_nodes
    from grimoire.parse import typed_nodes  # noqa: PLC0415  few sites have TOML or JSON

    return typed_nodes.toml if language == "TOML" else typed_nodes.json_object


def _unclosed(source: Source) -> list[Diagnostic]:
    for fence, begins in _UNCLOSED.items():
        if begins.match(source.text):
            opened = "{" if fence == "}" else fence
            return [
                Diagnostic(
                    "broken-front-matter", source.path, Span(0, len(opened)),
                    f"the front matter is opened by `{opened}` and never closed",
                    help=f"put a line `{fence}` behind the last field",
                )
            ]  # fmt: skip
    return []

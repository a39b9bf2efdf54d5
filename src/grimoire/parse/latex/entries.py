r"""The entries of a LaTeX or ``.bib`` file as they are written: a key, fields, and where they stand."""

from typing import Literal, NamedTuple

from grimoire.bibfile import BibEntry
from grimoire.parse.latex import macros
from grimoire.parse.latex.fields import Field, content, fields, whole
from grimoire.parse.latex.macros import Macro
from grimoire.parse.latex.script import Script, field
from grimoire.parse.latex.siblings import Siblings
from grimoire.parse.latex.tree import Node
from grimoire.parse.latex.vocabulary import DEFINING, ENTRY_COMMANDS, Argument
from grimoire.source import Span

Sort = Literal["term", "abbreviation", "index", "symbol"]
"""An index entry may be a key alone; it and a symbol may do without a description."""

_SORTS: dict[str, Sort] = {
    "newacronym": "abbreviation", "newabbreviation": "abbreviation", "newterm": "index",
    "glsxtrnewsymbol": "symbol", "glsxtrnewnumber": "symbol",
    "abbreviation": "abbreviation", "acronym": "abbreviation", "index": "index", "indexplural": "index",
    "number": "symbol", "symbol": "symbol",
}  # fmt: skip
_ARGUMENTS: dict[Argument, str] = {
    "key": "key",
    "fields": "fields",
    "short": "short form",
    "long": "long form",
    "name": "name",
    "description": "description",
}


class Written(NamedTuple):
    r"""An entry as it is written.

    `command` is what makes it, as ``\newacronym`` or ``@entry``. `fields` has every field in order, one that
    stands twice too. `lacks` names the first argument that its command misses.
    """

    command: str
    sort: Sort
    key: str
    key_span: Span
    span: Span
    fields: tuple[Field, ...]
    lacks: str = ""


class Found(NamedTuple):
    """What stands in a file: its entries, the macros it defines, and the first words that are neither."""

    entries: list[Written]
    macros: dict[str, Macro]
    prose: Span | None


def in_script(script: Script) -> Found:
    """Find the entries of a LaTeX file, also those in the middle of a document."""
    entries: list[Written] = []
    defined: dict[str, Macro] = {}
    prose: Span | None = None
    pending = [(Siblings(script.nodes, script.text), True)]
    while pending:
        siblings, is_text = pending[-1]
        node = siblings.next()
        if node is None:
            pending.pop()
        elif node.kind == "command" and node.name in ENTRY_COMMANDS:
            entries.append(_entry(script, node, siblings))
        elif node.kind == "command" and node.name in DEFINING:
            defined |= [macro] if (macro := macros.take(node, siblings, script)) else []
        elif node.kind in {"group", "environment"}:
            # What stands in braces may hold entries, but is likely the argument of a command.
            pending.append((Siblings(node.nodes, script.text), is_text and node.kind == "environment"))
        elif is_text and prose is None and node.kind == "text":
            prose = _words(script, node)
    return Found(entries, defined, prose)


def _words(script: Script, node: Node) -> Span | None:
    """The place of a text that says something; the options of a command in brackets do not."""
    text = script.text[node.start : node.end]
    words = text.strip()
    if words.startswith("[") or not any(map(str.isalpha, words)):
        return None
    start = node.start + len(text) - len(text.lstrip())
    return script.span(start, start + len(words.split("\n", 1)[0]))


def _entry(script: Script, command: Node, siblings: Siblings) -> Written:
    siblings.skip_blanks()
    siblings.takes("*")
    key, key_span, end = "", script.span(command.start, command.last), command.last
    given: list[Field] = []
    lacks = ""
    for argument in ENTRY_COMMANDS[command.name]:
        group = siblings.options() if argument == "options" else siblings.group()
        if group is None:
            lacks = lacks or _ARGUMENTS.get(argument, "")
            continue
        end = group.end
        value = content(script, group)
        if argument == "key":
            key, key_span = " ".join(value.text.split()), value.span
        elif argument in {"options", "fields"}:
            given += fields(value)
        else:
            given.append(Field(argument, value.span, value))
    name, span = command.name, script.span(command.start, end)
    return Written(f"\\{name}", _SORTS.get(name, "term"), key, key_span, span, tuple(given), lacks)


def in_bib(entry: BibEntry) -> Written:
    """Give an entry of a ``.bib`` file."""
    given = []
    for name, value in entry.fields.items():
        place = value.parts[0][1] if value.parts else entry.span
        given.append(Field(name, place, whole(field(value))))
    start = entry.span.start + max(entry.written.find(entry.key), 0)
    key_span = Span(start, start + len(entry.key))
    sort = _SORTS.get(entry.kind, "term")
    return Written(f"@{entry.kind}", sort, entry.key, key_span, entry.span, tuple(given))

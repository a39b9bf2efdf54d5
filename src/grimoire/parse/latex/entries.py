r"""The entries of a LaTeX or ``.bib`` file as they are written: a key, fields, and where they stand."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal, NamedTuple

from grimoire.bibfile import BibEntry
from grimoire.parse.latex import macros
from grimoire.parse.latex.fields import Field, content, fields, whole
from grimoire.parse.latex.macros import Macro
from grimoire.parse.latex.script import Script, field, standing_for
from grimoire.parse.latex.siblings import Siblings
from grimoire.parse.latex.tree import Node
from grimoire.parse.latex.vocabulary import DEFINING, ENTRY_COMMANDS, OTHER_ENTRY_COMMANDS, Argument
from grimoire.source import Span

Sort = Literal["term", "abbreviation", "index", "symbol"]
"""An index entry may be a key alone; it and a symbol may do without a description."""

_SORTS: dict[str, Sort] = {
    "newacronym": "abbreviation", "newabbreviation": "abbreviation", "newabbr": "abbreviation",
    "newdualentry": "abbreviation", "newterm": "index",
    "glsxtrnewsymbol": "symbol", "glsxtrnewnumber": "symbol", "newsym": "symbol", "newnum": "symbol",
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
    r"""What stands in a file.

    Its entries, the macros it defines, the first words that are neither, and the first of each command
    that seems to make entries and is not read, with whether that is a macro of the file.
    """

    entries: list[Written]
    macros: dict[str, Macro]
    prose: Span | None
    unread: dict[str, tuple[Span, bool]]


_MOST_MADE = 100_000
"""Characters that macros may put in to make entries, and a few more for each of the file."""
_NAMES = "|".join(ENTRY_COMMANDS)
_MAKES_ENTRIES = re.compile(rf"\\(?:{_NAMES})(?![A-Za-z])")
_ONLY_A_COMMAND = re.compile(rf"\s*\\({_NAMES})\*?\s*(?:\[\s*type\s*=[^\[\],=]*\]\s*)?")
"""What is only another name of a command; its type has no effect."""


def in_script(script: Script) -> Found:
    """Find the entries of a LaTeX file, also those in the middle of a document, and those that its macros make."""
    entries: list[Written] = []
    defined: dict[str, Macro] = {}
    makers: set[str] = set()
    prose: Span | None = None
    unread: dict[str, tuple[Span, bool]] = {}
    spare = _MOST_MADE + 3 * len(script.text)
    pending = [(Siblings(script.nodes, script.text), True)]
    while pending:
        siblings, is_text = pending[-1]
        node = siblings.next()
        if node is None:
            pending.pop()
        elif node.kind == "command" and node.name in makers and (other := _other_name(defined[node.name])):
            entries.append(_entry(script, node._replace(name=other), siblings))
        elif node.kind == "command" and node.name in makers:
            call = macros.call(defined[node.name], siblings, script)
            # What is too much need not be made, which takes time if it is long.
            made = macros.filled(defined[node.name], call.given) if spare >= 0 else ""
            spare -= len(made)
            if call.is_whole and spare >= 0:
                end = call.taken[-1].end if call.taken else node.last
                entries += _made(made, script.span(node.start, end))
            else:
                unread.setdefault(node.name, (script.span(node.start, node.last), True))
        elif node.kind == "command" and node.name in ENTRY_COMMANDS:
            entries.append(_entry(script, node, siblings))
        elif node.kind == "command" and node.name in DEFINING:
            if macro := macros.take(node, siblings, script):
                name, meant = macro
                defined[name] = meant
                (makers.add if _makes_entries(name, meant) else makers.discard)(name)
        elif node.kind == "command" and _seems_to_make_entries(node.name):
            if siblings.adjacent_group() or siblings.options():
                unread.setdefault(node.name, (script.span(node.start, node.last), False))
        elif node.kind in {"group", "environment"}:
            # What stands in braces may hold entries, but is likely the argument of a command.
            pending.append((Siblings(node.nodes, script.text), is_text and node.kind == "environment"))
        elif is_text and prose is None and node.kind == "text":
            prose = _words(script, node)
    return Found(entries, defined, prose, unread)


@lru_cache(maxsize=1000)
def _seems_to_make_entries(name: str) -> bool:
    """Whether a command that is not known is called as one that makes entries, or nearly so."""
    if OTHER_ENTRY_COMMANDS.fullmatch(name):
        return True
    is_new = name.startswith(("new", "provide", "long"))
    return is_new and bool(get_close_matches(name, ENTRY_COMMANDS, n=1, cutoff=0.88))


def _makes_entries(name: str, macro: Macro) -> bool:
    """Whether a macro makes entries; one that is called as a command known here, with as many arguments, is that."""
    is_known = name in ENTRY_COMMANDS and len(ENTRY_COMMANDS[name]) == macro.parameters
    return not is_known and _MAKES_ENTRIES.search(macro.body) is not None


def _other_name(macro: Macro) -> str:
    """The command that makes entries which a macro is only another name of; "" if it is none."""
    found = _ONLY_A_COMMAND.fullmatch(macro.body)
    return found[1] if found and not macro.parameters else ""


def _made(text: str, span: Span) -> Iterator[Written]:
    """The entries that a macro makes, all of which stand where it is used."""
    script = standing_for(text, span)
    pending = [Siblings(script.nodes, text)]
    while pending:
        node = pending[-1].next()
        if node is None:
            pending.pop()
        elif node.kind == "command" and node.name in ENTRY_COMMANDS:
            yield _entry(script, node, pending[-1])._replace(span=span)
        elif node.kind == "group":
            pending.append(Siblings(node.nodes, text))


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

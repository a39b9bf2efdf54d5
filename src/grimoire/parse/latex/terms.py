"""The records of the entries of one LaTeX or ``.bib`` file: the same as Markdown's, made by the same code."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import msgspec
from markdown_it.token import Token

from grimoire.diagnostics import Diagnostic, Place
from grimoire.fields import nearest
from grimoire.model import Body, Fragment, Parsed, Term, Wording
from grimoire.parse.dialect import Dialect
from grimoire.parse.front_matter import FrontMatter, Relation
from grimoire.parse.latex import vocabulary
from grimoire.parse.latex.blocks import Blocks
from grimoire.parse.latex.entries import Written
from grimoire.parse.latex.fields import Field, Value, keys
from grimoire.parse.latex.inlines import inline
from grimoire.parse.latex.macros import Macro, for_formulas
from grimoire.parse.latex.places import LatexPlaces
from grimoire.parse.latex.reading import Reading
from grimoire.parse.latex.script import standing_for
from grimoire.parse.latex.wordings import by_key
from grimoire.parse.targets import plain_text
from grimoire.parse.terms import Part, Terms
from grimoire.source import Source, Span

_SEE = re.compile(r"(?:see|voir):?\s+", re.IGNORECASE)
_NOTHING_MORE = re.compile(r"(?:\\nopostdesc)?\s*")
_ENSUREMATH = "\\ensuremath"
"""A command that KaTeX does not know and, as it is in a formula, does not miss."""


class _Read(NamedTuple):
    """An entry of which all is read and nothing compiled, as its equations are not numbered yet."""

    key: str
    part: Part
    fields: FrontMatter
    symbol: Token | None
    is_redirect: bool


class Entries:
    """Makes the entries of one file; made for one parse and thrown away."""

    def __init__(
        self,
        source: Source,
        dialect: Dialect,
        written: Sequence[Written],
        macros: Mapping[str, Macro],
        elsewhere: Mapping[str, Wording],
    ) -> None:
        """Begin.

        Args:
            source: the file.
            dialect: the settings that matter.
            written: its entries.
            macros: the macros it defines.
            elsewhere: what the entries of other files are called, by key.
        """
        self._source, self._macros = source, macros
        self._reading = Reading(source, {**elsewhere, **by_key(written)}, macros)
        self._blocks = Blocks(self._reading)
        self._terms = Terms(source, dialect, LatexPlaces(source.text), self._reading.notes)
        self._written = self._first_of_each_key(written)

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """What is wrong in the entries made so far."""
        return [*self._reading.faults, *self._terms.diagnostics]

    def all(self) -> Parsed:
        """Make all entries, in the order of the file."""
        read = [entry for one in self._written if (entry := self._read(one))]
        self._terms.prepare(one.part for one in read)
        made = [self._entry(one) for one in read]
        return Parsed(tuple(term for term, _ in made), tuple(body for _, body in made))

    def _first_of_each_key(self, written: Sequence[Written]) -> list[Written]:
        """Leave out what is only provided where its key is taken; tell of other keys that come twice."""
        first: dict[str, Written] = {}
        kept: list[Written] = []
        for one in written:
            earlier = first.setdefault(one.key, one) if one.key else one
            if earlier is one:
                kept.append(one)
            elif "provide" not in one.command:
                kept.append(one._replace(key=""))
                self._reading.faults.append(
                    Diagnostic(
                        "duplicate-entry", self._source.path, one.key_span, f"the key `{one.key}` is taken",
                        why="a link by that key leads to the first of the two entries",
                        help="give one of them another key",
                        related=(Place(self._source.path, earlier.key_span, "first used here"),),
                    )
                )  # fmt: skip
        return kept

    # ------------------------------------------------------------ one entry

    def _read(self, written: Written) -> "_Read | None":
        said = self._fields(written)
        first_note = len(self._reading.notes)
        title = self._title(written, said)
        if written.lacks:
            self._reading.report(
                "broken-latex", written.span, f"`{written.command}` lacks its {written.lacks} in braces",
                why="what can be read of it is shown" if title else "the entry is left out",
                help=f"write it as `{_usage(written.command)}`",
            )  # fmt: skip
        if title is None:
            return None
        tokens, leading = self._text(written, said)
        symbol = self._line(said["symbol"].value) if "symbol" in said else None
        notes = (self._reading.notes[number] for number in range(first_note, len(self._reading.notes)))
        tex = "\n".join(
            _formulas([title, *tokens, *([symbol] if symbol else []), *chain.from_iterable(notes)])
        )
        fields = FrontMatter(
            aliases=self._names(said, ("long", "text", "first")),
            plurals=self._names(said, ("plural", "firstplural", "shortplural", "longplural")),
            abbreviation=self._plain(said["short"]) if "short" in said else "",
            abbreviation_span=said["short"].value.span if "short" in said else written.span,
            related=tuple(
                relation
                for name in ("see", "seealso", "alias")
                if name in said and name != leading
                for relation in _relations(said[name])
            ),
            broader=tuple(_relations(said["parent"])) if "parent" in said else (),
            macros=self._macros_of(tex),
        )
        part = Part(title, tokens, written.span.start, written.span.end)
        return _Read(written.key, part, fields, symbol, is_redirect=bool(leading))

    def _entry(self, read: "_Read") -> tuple[Term, Body]:
        term, body = self._terms.term(read.part, read.fields, "term", first_level=1)
        relations = tuple(msgspec.structs.replace(one, syntax="gls") for one in term.relations)
        redirect = term.references[0] if read.is_redirect and term.references else None
        sign = self._terms.headline(read.symbol, read.fields, [])[0] if read.symbol else Fragment()
        return msgspec.structs.replace(
            term, key=read.key, symbol=sign, relations=relations, redirect=redirect
        ), body

    def _fields(self, written: Written) -> dict[str, Field]:
        """The fields that have an effect; the last of each, as in LaTeX."""
        said: dict[str, Field] = {}
        known = (*vocabulary.FIELDS, *vocabulary.OTHER_FIELDS)
        for field in written.fields:
            if field.name in said:
                self._reading.report(
                    "duplicate-field", field.name_span, f"`{field.name}` stands twice",
                    why="the last one counts", help="join the two into one",
                )  # fmt: skip
            elif field.name not in known and (meant := nearest(field.name, known)):
                self._reading.report(
                    "unknown-field", field.name_span, f"there is no field `{field.name}`",
                    why="it has no effect", help=f"did you mean `{meant}`?",
                )  # fmt: skip
            said[field.name] = field
        return {name: field for name, field in said.items() if field.value.text or name == "description"}

    def _title(self, written: Written, said: Mapping[str, Field]) -> Token | None:
        """The headword: the name, of an abbreviation the long form, else the key."""
        field = said.get("name") or said.get("long") or said.get("short") or said.get("symbol")
        if written.sort == "abbreviation" and "name" not in said and not written.lacks:
            for name in ("long", "short"):
                if name not in said:
                    self._incomplete(written, f"has no {name} form", f"add `{name} = {{…}}`")
        elif (
            "name" not in said
            and not written.lacks
            and written.sort != "index"
            and "parent" not in said
            and written.key
        ):
            self._incomplete(written, "has no name", "add `name = {…}`", "its key stands for it")
        if field:
            token = self._line(field.value)
            if token.children:
                return token
        if written.key:
            return _plain_title(written.key, written.key_span)
        if "description" in said:
            return _plain_title("untitled", written.span)
        if not written.lacks:
            self._incomplete(written, "has neither key nor name", "name it", "it is left out")
        return None

    def _incomplete(self, written: Written, what: str, mend: str, why: str = "") -> None:
        name = f"the entry `{written.key}`" if written.key else "an entry"
        self._reading.report("incomplete-entry", written.key_span, f"{name} {what}", why=why, help=mend)

    def _text(self, written: Written, said: Mapping[str, Field]) -> tuple[list[Token], str]:
        """The tokens of the body, and which field says it if the entry only leads to another, else ""."""
        field = said.get("description")
        if field and not _NOTHING_MORE.fullmatch(field.value.text):
            tokens = self._blocks.tokens(field.value.script, field.value.nodes)
            return tokens, "description" if _only_says_see(tokens) else ""
        leading = next((name for name in ("alias", "see") if name in said), "")
        if leading and len(others := _relations(said[leading])) == 1:
            return self._redirection(others[0]), leading
        if not field and not leading and written.sort == "term" and not written.lacks:
            self._incomplete(written, "has no description", "add `description = {…}`", "its page has no text")
        return [], ""

    def _redirection(self, other: Relation) -> list[Token]:
        """A paragraph that is a link to another entry."""
        script = standing_for(f"\\gls{{{other.name}}}", other.span)
        line = inline(script, self._blocks.line(script, script.nodes), 0, len(script.text))
        return [Token("paragraph_open", "p", 1), line, Token("paragraph_close", "p", -1)]

    def _plain(self, field: Field) -> str:
        return plain_text(self._blocks.line(field.value.script, field.value.nodes, is_title=True))

    def _names(self, said: Mapping[str, Field], fields: Sequence[str]) -> tuple[tuple[str, Span], ...]:
        """What some fields call the entry; a first form such as ``long form (LF)`` only repeats two names."""
        found = (
            (field, self._plain(said[field]), said[field].value.span) for field in fields if field in said
        )
        return tuple(
            (name, span)
            for field, name, span in found
            if name and not (field.startswith("first") and name.endswith(")"))
        )

    def _line(self, value: Value) -> Token:
        """A line outside of the body, in which nothing is linked."""
        children = self._blocks.line(value.script, value.nodes, is_title=True)
        token = inline(value.script, children, value.start, value.end)
        token.meta["span"] = value.span
        return token

    def _macros_of(self, tex: str) -> tuple[tuple[str, str], ...]:
        """The macros that some formulas use."""
        found = dict(for_formulas(self._macros, tex))
        if _ENSUREMATH in "".join((tex, *found.values())):
            found[f"{_ENSUREMATH}#1"] = "#1"
        return tuple(found.items())


def _formulas(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"math", "math_block"}:
            yield token.content
        yield from _formulas(token.children or ())


def _plain_title(text: str, span: Span) -> Token:
    return inline(standing_for(text, span), [Token("text", "", 0, content=text)], 0, len(text))


def _usage(command: str) -> str:
    shown = {"options": "[…]", "fields": "{name={…}, description={…}}"}
    arguments = vocabulary.ENTRY_COMMANDS[command[1:]]
    return command + "".join(shown.get(one, f"{{{one}}}") for one in arguments if one != "options")


def _relations(field: Field) -> list[Relation]:
    return [Relation(" ".join(one.text.split()), "", one.span) for one in keys(field.value)]


def _only_says_see(tokens: Sequence[Token]) -> bool:
    r"""Whether a text is ``See \gls{other}.`` and nothing else."""
    if len(tokens) != 3 or tokens[0].type != "paragraph_open":
        return False
    line = tokens[1].children or []
    if len(line) < 3 or not _SEE.fullmatch(line[0].content) or line[1].type != "ref_open":
        return False
    if line[1].meta["section"]:
        return False
    rest = line[next((at for at, one in enumerate(line) if one.type == "ref_close"), 0) + 1 :]
    return all(one.type == "text" and one.content.strip() in {"", "."} for one in rest)

"""Cut a Markdown file into its entries.

A file holds one term, a note, the home text, or - with `kind: glossary` - many terms, one under
each second-level heading, and then it is a document as well.
"""

from collections.abc import Collection
from typing import Any

from markdown_it.token import Token

from grimoire.diagnostics import Diagnostic
from grimoire.model import Body, Kind, Parsed, Term
from grimoire.names import fold
from grimoire.parse import front_matter
from grimoire.parse.declared import take_fields
from grimoire.parse.dialect import Dialect
from grimoire.parse.foreign import template_fault
from grimoire.parse.front_matter import FrontMatter
from grimoire.parse.markdown import parser
from grimoire.parse.places import Places
from grimoire.parse.terms import INDEX_FILES, Part, Terms
from grimoire.source import Source, Span, without_language


def parse_markdown(source: Source, dialect: Dialect) -> tuple[Parsed, list[Diagnostic]]:
    """Parse a Markdown file.

    Args:
        source: the file.
        dialect: the site's settings that matter here.

    Returns:
        Its entries, a document before its terms, and what is wrong in it. Never raises for any
        text.
    """
    fields, diagnostics = front_matter.read(source)
    env: dict[str, Any] = {}
    tokens = parser(smart=dialect.smart).parse(source.text[fields.end :], env)
    diagnostics += _block_faults(env, source, fields.end)
    places = Places(source.text, fields.end)
    diagnostics += template_fault(tokens, source, fields.end)
    tokens, notes = _without_notes(tokens)
    _drop_references_mark(tokens)
    kind = _kind(without_language(source.path, dialect.languages)[0], fields)
    file = _File(source, dialect, fields, places, notes)
    terms, bodies = file.document(tokens) if kind == "document" else file.single(tokens, kind)
    diagnostics += _lost_notes(env, source, places, file.shown_notes)
    return Parsed(tuple(terms), tuple(bodies)), diagnostics + file.diagnostics


def _block_faults(env: dict[str, Any], source: Source, offset: int) -> list[Diagnostic]:
    kept = "it stays as it is written"
    words = {
        "unclosed-math": ("a formula is opened here and never closed", kept, "close it, or write `\\$\\$`"),
        "unclosed-comment": ("a comment is opened here and never closed", kept, "close it with `%%`"),
        "too-deep": ("blocks are nested too deep", kept, "use fewer quotes and lists inside each other"),
        "surplus-cells": ("the row has more cells than its table has columns", "what is too much is left out",
                          "give the first row as many cells; write `\\|` for a bar inside a cell"),
    }  # fmt: skip
    return [
        Diagnostic(
            code, source.path, Span(offset + start, offset + end),
            words[code][0], why=words[code][1], help=words[code][2],
        )
        for (code, start), end in env.get("faults", {}).items()
    ]  # fmt: skip


def _lost_notes(
    env: dict[str, Any], source: Source, places: Places, shown: Collection[int]
) -> list[Diagnostic]:
    """The footnotes that no text refers to, or that are defined again."""
    faults = []
    last: dict[str, Span] = {}
    for label, first, behind in env.get("definitions", ()):
        if label in last:
            faults.append(
                Diagnostic("unused-footnote", source.path, last[label], f"the footnote `[^{label}]` is defined again",
                           why="the last definition counts", help="give one of them another name")
            )  # fmt: skip
        last[label] = Span(places.find(f"[^{label}]", first).start, places.end(first, behind))
    numbers = env.get("footnotes", {}).get("refs", {})
    faults += (
        Diagnostic("unused-footnote", source.path, span, f"no text refers to the footnote `[^{label}]`",
                   why="a footnote is shown where it is referred to", help=f"write `[^{label}]` in the text")
        for label, span in last.items() if numbers[f":{label}"] not in shown
    )  # fmt: skip
    return faults


def _without_notes(tokens: list[Token]) -> tuple[list[Token], dict[int, list[Token]]]:
    """Take the footnotes, which the parser puts at the end, out of the stream."""
    notes: dict[int, list[Token]] = {}
    first = next((i for i, token in enumerate(tokens) if token.type == "footnote_open"), len(tokens))
    current: list[Token] = []
    for token in tokens[first:]:
        if token.type == "footnote_open":
            current = notes[token.meta["id"]] = []
        elif token.type != "footnote_close":
            current.append(token)
    return tokens[:first], notes


def _drop_references_mark(tokens: list[Token]) -> None:
    """Drop a last line `[^ref]`: it marks where the references go, which is there anyway."""
    line = tokens[-2].children or [] if len(tokens) > 1 and tokens[-2].type == "inline" else []
    if not line or line[-1].type != "verbatim" or line[-1].content != "[^ref]":
        return
    if len(line) == 1 and tokens[-3].type == "paragraph_open":
        del tokens[-3:]
    elif line[-2].type == "softbreak":
        del line[-2:]


def _kind(path: str, fields: FrontMatter) -> Kind:
    name = path.rpartition("/")[2]
    if path in INDEX_FILES:
        return "home"
    if fields.kind == "glossary":
        return "document"
    if fields.kind in {"term", "note"}:
        return "note" if fields.kind == "note" else "term"
    if name == "glossary.md" or fields.id == "glossary":
        return "document"
    if path.startswith("notes/") or "/notes/" in path or name in INDEX_FILES:
        return "note"
    return "term"


class _File:
    """One file on its way into entries; made for one parse and thrown away."""

    def __init__(
        self,
        source: Source,
        dialect: Dialect,
        fields: FrontMatter,
        places: Places,
        notes: dict[int, list[Token]],
    ) -> None:
        self._source, self._fields, self._places = source, fields, places
        self._terms = Terms(source, dialect, places, notes)

    @property
    def shown_notes(self) -> Collection[int]:
        """The footnotes that the entries made so far show."""
        return self._terms.shown_notes

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """What is wrong in the entries made so far."""
        return self._terms.diagnostics

    def single(self, tokens: list[Token], kind: Kind) -> tuple[list[Term], list[Body]]:
        """The whole file as one entry."""
        title, tokens = self._own_title(tokens)
        end = len(self._source.text)
        part = Part(title, tokens, self._fields.end, end)
        own = self._fields
        if kind == "term":
            own = take_fields(part, own, self._places, names_only=True)
        self._terms.prepare([part])
        term, body = self._terms.term(part, own, kind, first_level=1)
        return [term], [body]

    def _own_title(self, tokens: list[Token]) -> tuple[Token | None, list[Token]]:
        """Take a first-level heading at the very start as the title; it leaves the body."""
        if len(tokens) >= 3 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
            title = self._fields.title
            if not title or fold(title) == fold(tokens[1].content):
                return tokens[1], tokens[3:]
        if not self._fields.title:
            for index, token in enumerate(tokens):
                if token.type == "heading_open" and token.tag == "h1" and token.level == 0:
                    return tokens[index + 1], tokens[:index] + tokens[index + 3 :]
        return None, tokens

    def document(self, tokens: list[Token]) -> tuple[list[Term], list[Body]]:
        """The file as a document and its terms."""
        heads = [
            index
            for index, token in enumerate(tokens)
            if token.type == "heading_open" and token.tag == "h2" and token.level == 0
        ]
        title, intro = self._own_title(tokens[: heads[0]] if heads else tokens)
        offsets = [self._places.line((tokens[index].map or [0])[0]).start for index in heads]
        offsets.append(len(self._source.text))
        inherited = FrontMatter(
            end=self._fields.end,
            author=self._fields.author,
            created=self._fields.created,
            modified=self._fields.modified,
            lang=self._fields.lang,
            draft=self._fields.draft,
            macros=self._fields.macros,
            bibliography=self._fields.bibliography,
            auto_link=self._fields.auto_link,
        )
        parts = [(Part(title, intro, self._fields.end, offsets[0]), self._fields)]
        for place, index in enumerate(heads):
            end = heads[place + 1] if place + 1 < len(heads) else len(tokens)
            part = Part(tokens[index + 1], tokens[index + 3 : end], offsets[place], offsets[place + 1])
            parts.append((part, take_fields(part, inherited, self._places, names_only=False)))
        self._terms.prepare(part for part, _ in parts)
        (page, fields), *others = parts
        made = [self._terms.term(page, fields, "document", first_level=1)]
        made += (self._terms.term(part, own, "term", first_level=2) for part, own in others)
        return [term for term, _ in made], [body for _, body in made]

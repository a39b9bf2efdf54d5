"""Cut a Markdown file into its entries and read the names and fields each declares.

A file holds one term, a note, the home text, or - with `kind: glossary` - many terms, one under
each second-level heading, and then it is a document as well. The module is long because what makes
an entry - its part of the file, its fields, names, title and slug - is decided here, once.
"""

import re
from collections.abc import Sequence
from typing import Any

import msgspec
from markdown_it.token import Token

from grimoire.diagnostics import Diagnostic
from grimoire.digest import Digest, digest
from grimoire.model import (
    Body,
    DeclaredName,
    Fragment,
    Kind,
    Parsed,
    Reference,
    Role,
    Term,
)
from grimoire.names import Slug, fold, names_in_title, slugify
from grimoire.parse import front_matter
from grimoire.parse.compile import Compiled, Compiler
from grimoire.parse.front_matter import FrontMatter, Relation, bare_name, split_tags
from grimoire.parse.lines import HtmlPolicy
from grimoire.parse.markdown import parser
from grimoire.parse.places import Places
from grimoire.parse.syntax import MASKED_PIPE
from grimoire.parse.syntax.links import split_target
from grimoire.source import Source, Span


class Dialect(msgspec.Struct, frozen=True):
    """The settings of the site that change what a file's text means."""

    html: HtmlPolicy = "safe"
    smart: bool = False


class _Part(msgspec.Struct):
    """The tokens of one entry: `title` is the inline token of its heading, if it has one."""

    title: Token | None
    tokens: list[Token]
    start: int
    end: int
    declarations: list[Token] = []
    """The lines taken out that give names: a link in one still is a mention."""


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
    diagnostics += _lost_notes(env, source, places)
    tokens, notes = _without_notes(tokens)
    _drop_references_mark(tokens)
    file = _File(source, dialect, fields, places, notes)
    kind = _kind(source.path, fields)
    terms, bodies = file.document(tokens) if kind == "document" else file.single(tokens, kind)
    return Parsed(tuple(terms), tuple(bodies)), diagnostics + file.diagnostics


def _block_faults(env: dict[str, Any], source: Source, offset: int) -> list[Diagnostic]:
    words = {
        "unclosed-math": ("a formula is opened here and never closed", "close it, or write `\\$\\$`"),
        "unclosed-comment": ("a comment is opened here and never closed", "close it with `%%`"),
        "too-deep": ("blocks are nested too deep", "use fewer quotes and lists inside each other"),
    }
    return [
        Diagnostic(code, source.path, Span(offset + start, offset + end), words[code][0],
                   why="it stays as it is written", help=words[code][1])
        for (code, start), end in env.get("faults", {}).items()
    ]  # fmt: skip


def _lost_notes(env: dict[str, Any], source: Source, places: Places) -> list[Diagnostic]:
    """The footnotes that the parser dropped: nothing refers to them, or they are defined again."""
    faults = []
    last: dict[str, Span] = {}
    for label, line in env.get("definitions", ()):
        if label in last:
            faults.append(
                Diagnostic("unused-footnote", source.path, last[label], f"the footnote `[^{label}]` is defined again",
                           why="the last definition counts", help="give one of them another name")
            )  # fmt: skip
        last[label] = places.find(f"[^{label}]", line)
    numbers = env.get("footnotes", {}).get("refs", {})
    faults += (
        Diagnostic("unused-footnote", source.path, span, f"nothing refers to the footnote `[^{label}]`",
                   why="a footnote is shown where it is referred to", help=f"write `[^{label}]` in the text")
        for label, span in last.items() if numbers[f":{label}"] < 0
    )  # fmt: skip
    return faults


def _without_notes(tokens: list[Token]) -> tuple[list[Token], dict[int, list[Token]]]:
    """Take the footnotes, which the parser puts at the end, out of the stream."""
    notes: dict[int, list[Token]] = {}
    first = next((i for i, token in enumerate(tokens) if token.type == "footnote_block_open"), None)
    if first is None:
        return tokens, notes
    current: list[Token] = []
    for token in tokens[first:]:
        if token.type == "footnote_open":
            current = notes[token.meta["id"]] = []
        elif token.type not in {"footnote_close", "footnote_block_open", "footnote_block_close"}:
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
    if path == "index.md":
        return "home"
    if fields.kind == "glossary":
        return "document"
    if fields.kind in {"term", "note"}:
        return "note" if fields.kind == "note" else "term"
    if name == "glossary.md" or fields.id == "glossary":
        return "document"
    if path.startswith("notes/") or "/notes/" in path or name == "index.md":
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
        self._source, self._dialect, self._fields = source, dialect, fields
        self._places, self._notes = places, notes
        self._anchors: dict[str, int] = {}
        self.diagnostics: list[Diagnostic] = []

    def single(self, tokens: list[Token], kind: Kind) -> tuple[list[Term], list[Body]]:
        """The whole file as one entry."""
        title, tokens = self._own_title(tokens)
        end = len(self._source.text)
        part = _Part(title, tokens, self._fields.end, end)
        own = self._fields
        if kind == "term":
            own = self._declared(part, own, names_only=True)
        term, body = self._entry(part, own, kind, first_level=1)
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
        start = _Part(title, intro, self._fields.end, offsets[0])
        page, body = self._entry(start, self._fields, "document", first_level=1)
        terms, bodies = [page], [body]
        for place, index in enumerate(heads):
            end = heads[place + 1] if place + 1 < len(heads) else len(tokens)
            part = _Part(tokens[index + 1], tokens[index + 3 : end], offsets[place], offsets[place + 1])
            inherited = FrontMatter(
                end=self._fields.end,
                author=self._fields.author,
                created=self._fields.created,
                modified=self._fields.modified,
                lang=self._fields.lang,
                draft=self._fields.draft,
                macros=self._fields.macros,
            )
            own = self._declared(part, inherited, names_only=False)
            term, body = self._entry(part, own, "term", first_level=2)
            terms.append(term)
            bodies.append(body)
        return terms, bodies

    # ------------------------------------------------------------ fields in the text

    def _declared(self, part: _Part, fields: FrontMatter, *, names_only: bool) -> FrontMatter:
        """Read `alias: x`, `abbrev: X`, `also known as x` and the like at the start of an entry.

        The paragraphs that declare something leave the entry. In a file of many terms any field
        may stand there; in a file of one term only its other names, the rest being front matter.
        """
        while len(part.tokens) >= 3 and part.tokens[0].type == "paragraph_open":
            inline = part.tokens[1]
            found = self._declarations(inline, names_only=names_only)
            if found is None:
                break
            fields = _joined(fields, found)
            part.declarations = [*part.declarations, *_lines_of_names(inline)]
            part.tokens = part.tokens[3:]
        return fields

    def _declarations(self, inline: Token, *, names_only: bool) -> dict[str, object] | None:
        """The fields a paragraph declares; None unless each of its lines declares one."""
        places = self._places.inside(inline)
        found: dict[str, object] = {}
        at = 0
        for line in inline.content.replace(MASKED_PIPE, "|").split("\n"):
            read = _FIELD_LINE.fullmatch(line.strip())
            name = _field_of(line)
            if not read or not name or (names_only and name not in {"aliases", "abbreviation"}):
                return None
            value = read["value"].strip()
            if read["aka"] and not _reads_as_name(value):
                return None
            start = places.at(at + len(line) - len(line.lstrip()) + read.start("value"))
            found = _joined_fields(found, name, value, Span(start, start + len(value)))
            at += len(line) + 1
        return found

    # ------------------------------------------------------------ one entry

    def _entry(self, part: _Part, fields: FrontMatter, kind: Kind, *, first_level: int) -> tuple[Term, Body]:
        path = self._source.path
        compiler = Compiler(
            path,
            self._places,
            html=self._dialect.html,
            notes=self._notes,
            anchors=self._anchors,
            videos=fields.yt,
            preamble="".join(f"\\gdef{name}{{{tex}}}" for name, tex in fields.macros),
            first_level=first_level,
        )
        compiled = compiler.run(part.tokens, aside=part.declarations)
        self.diagnostics += compiled.diagnostics
        headword, title, span = self._title(part, fields, kind)
        slug = self._slug(title, fields, kind)
        summary = self._inline(fields.description)[0] if fields.description else compiled.summary
        redirect = _redirect(part, compiled) if kind == "term" else None
        names, abbreviation = _names(title, fields, span) if kind != "home" else ((), "")
        term = Term(
            kind=kind,
            path=path,
            span=span,
            title=title,
            headword=headword,
            slug=slug,
            has_own_slug=bool(fields.id) and kind == "term",
            aliases=names,
            abbreviation=abbreviation,
            tags=tuple(dict.fromkeys((*fields.tags, *_tags_in(compiled)))),
            summary=summary,
            lead=compiled.lead,
            body=body_digest(compiled.body),
            formulas=compiled.formulas,
            formula_places=compiled.formula_places,
            diagrams=compiled.diagrams,
            diagram_places=compiled.diagram_places,
            references=compiled.references,
            relations=(
                *_relations(fields.related, "related"),
                *_relations(fields.prerequisites, "prerequisite"),
                *_relations(fields.broader, "broader"),
            ),
            redirect=redirect,
            videos=compiled.videos,
            images=compiled.images,
            headings=compiled.headings,
            passages=compiled.passages,
            transclusions=compiled.transclusions,
            author=fields.author,
            created=fields.created,
            modified=fields.modified,
            lang=fields.lang,
            status=fields.status,
            is_draft=fields.draft,
            markdown=self._source.text[part.start : part.end].strip() + "\n",
        )
        return term, compiled.body

    def _title(self, part: _Part, fields: FrontMatter, kind: Kind) -> tuple[Fragment, str, Span]:
        if fields.title and (part.title is None or kind != "term" or part.start == fields.end):
            headword, text = self._inline(fields.title)
            return headword, text, fields.title_span
        if part.title is not None:
            compiler = self._plain_compiler()
            headword, text = compiler.headline(part.title)
            self.diagnostics += compiler.diagnostics
            span = self._places.inside(part.title).span((0, len(part.title.content)))
            return headword, text or "untitled", span
        text = self._source.path.rpartition("/")[2].rpartition(".")[0]
        if " " not in text:
            text = text.replace("_", " ").replace("-", " ")
        if kind == "home":
            text = ""
        return Fragment(_escaped(text), text), text, Span(0, 0)

    def _plain_compiler(self) -> Compiler:
        """A compiler for a line outside the body: it shares nothing with the entry's own."""
        return Compiler(self._source.path, self._places, html="safe", notes={}, anchors={})

    def _inline(self, markdown: str) -> tuple[Fragment, str]:
        """Set a text of the front matter: it may hold formulas and emphasis."""
        if not _MARKUP.search(markdown):
            return Fragment(_escaped(markdown), markdown), markdown
        tokens = parser(smart=self._dialect.smart).parseInline(markdown)
        for token in tokens:
            token.map = None
        fragment, text = self._plain_compiler().headline(tokens[0])
        return fragment, text

    def _slug(self, title: str, fields: FrontMatter, kind: Kind) -> Slug:
        if kind == "home":
            return Slug("")
        if kind != "term":
            folder, _, name = self._source.path.rpartition("/")
            stem = name.rpartition(".")[0]
            parts = [*folder.split("/"), "" if stem == "index" else stem]
            return Slug("/".join(slugify(part) for part in parts if part))
        return slugify(fields.id or title)


_MARKUP = re.compile(r"[$*_`\\\[<&=~%]")

_FIELD_LINE = re.compile(
    r"(?:(?P<key>[A-Za-z][A-Za-z ]{0,20}?)\s*:|(?P<aka>also known as:?))\s+(?P<value>\S.*)",
    re.IGNORECASE,
)
_LINE_FIELDS = {
    "alias": "aliases",
    "aliases": "aliases",
    "also known as": "aliases",
    "abbrev": "abbreviation",
    "abbreviation": "abbreviation",
    "acronym": "abbreviation",
    "tag": "tags",
    "tags": "tags",
    "yt": "yt",
    "see": "related",
    "related": "related",
    "prerequisites": "prerequisites",
    "broader": "broader",
    "id": "id",
    "description": "description",
    "summary": "description",
    "status": "status",
    "author": "author",
    "created": "created",
    "modified": "modified",
}


def _field_of(line: str) -> str:
    """The field that a line of an entry declares, or ""."""
    read = _FIELD_LINE.fullmatch(line.strip())
    return _LINE_FIELDS.get((read["key"] or read["aka"].rstrip(":")).lower(), "") if read else ""


def _lines_of_names(inline: Token) -> list[Token]:
    """The lines of a declaring paragraph that hold aliases, each as an inline token."""
    lines: list[list[Token]] = [[]]
    for child in inline.children or ():
        if child.type == "softbreak":
            lines.append([])
        else:
            lines[-1].append(child)
    return [
        Token("inline", "", 0, children=children, content=inline.content, map=inline.map)
        for children, line in zip(lines, inline.content.split("\n"), strict=False)
        if _field_of(line) == "aliases"
    ]


def _reads_as_name(value: str) -> bool:
    """Whether what stands behind "also known as" is a name rather than the rest of a sentence."""
    return len(value) <= 60 and not value.endswith((".", ",", ";")) and len(value.split()) <= 6


def _joined_fields(found: dict[str, object], name: str, value: str, span: Span) -> dict[str, object]:
    """Add one line's field to those found."""
    items = _items(value, span)
    now: object
    match name:
        case "aliases":
            now = tuple((_plain(text), at) for text, at in items)
        case "abbreviation":
            return {**found, "abbreviation": value, "abbreviation_span": span}
        case "tags":
            now = split_tags([value])
        case "yt":
            now = tuple((url, span) for url in value.replace(",", " ").split())
        case "related" | "prerequisites" | "broader":
            now = tuple(Relation(bare_name(text), "", at) for text, at in items)
        case "id":
            return {**found, "id": value, "id_span": span}
        case _:
            return {**found, name: value}
    earlier = found.get(name, ())
    return {**found, name: (*earlier, *now)}  # type: ignore[misc]  # both are tuples of one kind


def _items(value: str, span: Span) -> list[tuple[str, Span]]:
    """Cut a comma list, each item with its place."""
    items = []
    for found in re.finditer(r"[^,]+", value):
        text = found[0].strip()
        if text:
            start = span.start + found.start() + len(found[0]) - len(found[0].lstrip())
            items.append((text, Span(start, start + len(text))))
    return items


def _plain(text: str) -> str:
    """A name without link marks: ``[[glossary#features]] steering`` is "features steering"."""

    def label(found: re.Match[str]) -> str:
        target, section, shown = split_target(found[1])
        return shown or section or target

    return re.sub(r"\[\[([^\[\]]+)\]\]", label, text).strip("*_` ")


def _joined(fields: FrontMatter, found: dict[str, object]) -> FrontMatter:
    """Add what the text declares to the front matter; lists grow, single values win."""
    changes = {}
    for name, value in found.items():
        earlier = getattr(fields, name)
        changes[name] = (
            (*earlier, *value) if isinstance(earlier, tuple) and isinstance(value, tuple) else value
        )
    return msgspec.structs.replace(fields, **changes)


def _names(title: str, fields: FrontMatter, span: Span) -> tuple[tuple[DeclaredName, ...], str]:
    """The other names of a term, each once, and its abbreviation."""
    abbreviation, others = names_in_title(title)
    declared = [DeclaredName(name, at) for name, at in fields.aliases]
    declared += [DeclaredName(name, span) for name in others]
    abbreviation = fields.abbreviation or abbreviation
    if abbreviation:
        at = fields.abbreviation_span if fields.abbreviation else span
        declared.append(DeclaredName(abbreviation, at))
    kept: dict[str, DeclaredName] = {}
    for one in declared:
        if one.name and one.name != title:
            kept.setdefault(one.name, one)
    return tuple(kept.values()), abbreviation


def _relations(relations: Sequence[Relation], role: Role) -> list[Reference]:
    found = []
    for relation in relations:
        target, section, _ = split_target(relation.name)
        found.append(Reference(target, section, relation.name, "field", relation.span, role, relation.reason))
    return found


_REDIRECT = re.compile(r"(?:see|voir):?\s+\[\[?[^\[\]]+\]\]?(?:\([^)]*\))?\s*\.?", re.IGNORECASE)


def _redirect(part: _Part, compiled: Compiled) -> Reference | None:
    """Give the reference of an entry that says only ``See [X].`` and so redirects there."""
    is_one = len(part.tokens) == 3 and part.tokens[1].type == "inline"
    if is_one and _REDIRECT.fullmatch(part.tokens[1].content.strip()) and compiled.references:
        return compiled.references[0]
    return None


def _tags_in(compiled: Compiled) -> list[str]:
    """The tags that stand in the text."""
    return [reference.target for reference in compiled.references if reference.syntax == "tag"]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def body_digest(body: Body) -> Digest:
    """The address of a body in the memo."""
    return digest(body)


__all__ = ["Dialect", "body_digest", "parse_markdown"]

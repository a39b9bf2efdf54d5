"""Make the record of an entry: its title, slug, names and relations, with what its text compiles to.

The module is longer than others because all that makes an entry comes together here.
"""

import re
from collections import ChainMap
from collections.abc import Iterable, Sequence
from html import escape

import msgspec
from markdown_it.token import Token

from grimoire.diagnostics import Diagnostic
from grimoire.digest import Digest, digest
from grimoire.model import SLOT, Body, Citation, DeclaredName, Fragment, Kind, Landmark, Reference, Role, Term
from grimoire.names import Anchor, Slug, long_form, names_in_title, slugify, tag_slug
from grimoire.parse import equations
from grimoire.parse.anchors import Anchors
from grimoire.parse.compile import Compiled, Compiler
from grimoire.parse.dialect import Dialect
from grimoire.parse.front_matter import FrontMatter, Relation
from grimoire.parse.markdown import parser
from grimoire.parse.places import Places
from grimoire.parse.syntax.attributes import names_in
from grimoire.parse.syntax.links import split_target
from grimoire.source import Source, Span, without_language


class Part(msgspec.Struct):
    """An entry before it is compiled: its tokens, and where in the file it stands.

    `title` is the inline token of its heading, if it has one.
    """

    title: Token | None
    tokens: list[Token]
    start: int
    end: int
    declarations: list[Token] = []
    """The lines taken out that give names: a link in one still is a mention."""


class Terms:
    """Makes the entries of one file; made for one parse and thrown away."""

    def __init__(
        self, source: Source, dialect: Dialect, places: Places, notes: dict[int, list[Token]]
    ) -> None:
        """Begin.

        Args:
            source: the file.
            dialect: the settings that matter.
            places: places in the file.
            notes: the tokens of each footnote of the file by its number.
        """
        self._source, self._dialect, self._places, self._notes = source, dialect, places, notes
        self._named, self._language = without_language(source.path, dialect.languages)
        self._anchors = Anchors()
        self._labels: dict[int, dict[str, str]] = {}
        """What is shown for the labels of each entry, by where it begins."""
        self._all_labels: dict[str, str] = {}
        self.shown_notes: set[int] = set()
        """The footnotes that the entries made so far show."""
        self.diagnostics: list[Diagnostic] = []

    def prepare(self, parts: Iterable[Part]) -> None:
        """Look at all entries before the first is compiled: their equations are numbered, their names kept for them."""
        for part in parts:
            equations.take_names_below(part.tokens)
            self._anchors.keep(names_in(part.tokens))
            labels = self._labels[part.start] = equations.number(part.tokens)
            self._all_labels = labels | self._all_labels

    def term(self, part: Part, fields: FrontMatter, kind: Kind, *, first_level: int) -> tuple[Term, Body]:
        """Compile an entry.

        Args:
            part: its tokens.
            fields: what it declares.
            kind: what it is.
            first_level: the level of heading that becomes level 2.
        """
        path = self._source.path
        compiler = Compiler(
            path,
            self._places,
            html=self._dialect.html,
            notes=self._notes,
            anchors=self._anchors,
            labels=ChainMap(self._labels.get(part.start, {}), self._all_labels),
            videos=fields.yt,
            macros=fields.macros,
            first_level=first_level,
            keeps_prose=self._dialect.keeps_prose or fields.auto_link in {"true", "text"},
        )
        compiled = compiler.run(part.tokens, aside=part.declarations)
        self.diagnostics += compiled.diagnostics
        self.shown_notes |= compiled.notes
        citations = list(compiled.citations)
        headword, title, span = self._title(part, fields, kind, citations)
        own_name = self._own_name(part)
        if own_name and kind == "term" and not fields.id:
            fields = msgspec.structs.replace(fields, id=own_name)
        slug = self._slug(title, fields, kind)
        summary = self._description(fields, citations) if fields.description else compiled.summary
        redirect = _redirect(part, compiled) if kind == "term" else None
        spelt_out = self._long_form(part, title, compiled) if kind == "term" else ()
        names, abbreviation = _names(title, fields, span, spelt_out) if kind != "home" else ((), "")
        term = Term(
            kind=kind,
            path=path,
            span=span,
            title=title,
            headword=headword,
            slug=slug,
            has_own_slug=bool(fields.id) and kind == "term",
            aliases=names,
            plurals=tuple(DeclaredName(form, at) for form, at in fields.plurals),
            is_inflected=fields.is_inflected,
            abbreviation=abbreviation,
            tags=_tags(fields, compiled),
            summary=summary,
            lead=compiled.lead,
            body=body_digest(compiled.body),
            size=len(compiled.body.html) + sum(len(note.html) for note in compiled.body.notes),
            prose=compiled.prose,
            auto_link=fields.auto_link,
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
            # The name that the title is given leads to the top.
            landmarks=(*([Landmark(own_name, Anchor(""))] if own_name else ()), *compiled.landmarks),
            passages=compiled.passages,
            transclusions=compiled.transclusions,
            order=compiled.order,
            citations=tuple(citations),
            bibliography=fields.bibliography,
            author=fields.author,
            created=fields.created,
            modified=fields.modified,
            lang=fields.lang or self._language,
            edition=self._language,
            status=fields.status,
            is_draft=fields.draft,
            written=self._source.text[part.start : part.end].strip() + "\n",
        )
        return term, compiled.body

    def _title(
        self, part: Part, fields: FrontMatter, kind: Kind, citations: list[Citation]
    ) -> tuple[Fragment, str, Span]:
        """The headword, the title and its place; what it cites is added to `citations`."""
        if fields.title and (part.title is None or kind != "term" or part.start == fields.end):
            token = self._inline(fields.title)
            if token is None:
                return (
                    Fragment(escape(fields.title, quote=False), fields.title),
                    fields.title,
                    fields.title_span,
                )
            first = len(citations)
            headword, text = self._plain_compiler(fields, citations).headline(token)
            _place(citations, first, fields.title_span)
            return headword, text, fields.title_span
        if part.title is not None:
            headword, text = self.headline(part.title, fields, citations)
            if not headword.html.strip():
                # A link to it needs a text.
                headword, text = Fragment("untitled", "untitled"), "untitled"
            return headword, text or "untitled", self._places.whole(part.title)
        folder, _, name = self._named.rpartition("/")
        text = folder.rpartition("/")[2] if name in INDEX_FILES else name.rpartition(".")[0]
        text = _as_words(text)
        if kind == "home":
            text = ""
        return Fragment(escape(text, quote=False), text), text, Span(0, 0)

    def _own_name(self, part: Part) -> str:
        """The name that a list of attributes gives the title; all else in it means nothing there."""
        said = part.title.meta.get("attributes") if part.title else None
        if not said:
            return ""
        if said.classes or said.others:
            line = part.title.meta["attributes_line"] if part.title else 0
            each = " and ".join(f"`{one}`" for one in (*(f".{name}" for name in said.classes), *said.others))
            self.diagnostics.append(
                Diagnostic(
                    "unknown-attribute",
                    self._source.path,
                    self._places.find(said.source, line),
                    f"{each} means nothing for a title",
                    why="a title is shown in many places: only its name counts",
                    help="remove it",
                )
            )
        return str(said.id)

    def _long_form(self, part: Part, title: str, compiled: Compiled) -> tuple[DeclaredName, ...]:
        """The name that an entry with an abbreviation for a title spells out at its beginning."""
        name = long_form(title, "".join(compiled.lead.text.split(SLOT)[::2]))
        if not name:
            return ()
        at = re.compile(r"\s+".join(map(re.escape, name.split()))).search(
            self._source.text, part.start, part.end
        )
        return (DeclaredName(name, Span(*at.span()) if at else Span(part.start, part.start)),)

    def headline(self, token: Token, fields: FrontMatter, citations: list[Citation]) -> tuple[Fragment, str]:
        """Set a line outside the body; what it cites is added to `citations`."""
        compiler = self._plain_compiler(fields, citations)
        found = compiler.headline(token)
        self.diagnostics += compiler.diagnostics
        self.shown_notes |= compiler.notes
        return found

    def _description(self, fields: FrontMatter, citations: list[Citation]) -> Fragment:
        """The summary that the front matter gives; what it cites is added to `citations`."""
        token = self._inline(fields.description)
        if token is None:
            return Fragment(escape(fields.description, quote=False), fields.description)
        first = len(citations)
        summary = self._plain_compiler(fields, citations).sentence(token)
        _place(citations, first, fields.description_span)
        return summary

    def _plain_compiler(self, fields: FrontMatter, citations: list[Citation]) -> Compiler:
        """A compiler for a line outside the body, which shares with it macros and what is cited."""
        return Compiler(
            self._source.path,
            self._places,
            html="safe",
            notes={},
            anchors=Anchors(),
            labels={},
            macros=fields.macros,
            citations=citations,
        )

    def _inline(self, markdown: str) -> Token | None:
        """Parse a text of the front matter, which may hold formulas and emphasis; None if it is plain."""
        if not _MARKUP.search(markdown):
            return None
        token = parser(smart=self._dialect.smart).parseInline(markdown)[0]
        token.map = None
        return token

    def _slug(self, title: str, fields: FrontMatter, kind: Kind) -> Slug:
        if kind == "home":
            return Slug("")
        if kind != "term":
            folder, _, name = self._named.rpartition("/")
            stem = name.rpartition(".")[0]
            parts = [*folder.split("/"), "" if name in INDEX_FILES else stem]
            return Slug("/".join(slugify(part) for part in parts if part))
        return slugify(fields.id or title)


INDEX_FILES = frozenset(("index.md", "_index.md"))
"""Files that speak for their folder, as other programs call them too."""

_MARKUP = re.compile(r"[$*_`\\\[<&=~%]")


def _as_words(stem: str) -> str:
    """A file's name as a title: ``cross_entropy-loss`` is three words; a hyphen in ``Cross-entropy`` is the author's."""
    if " " in stem:
        return stem
    words = re.split("[-_]", stem)
    is_slug = stem == stem.lower() and all(len(word) > 1 and not word.isdecimal() for word in words)
    return (" ".join(words) if is_slug else stem.replace("_", " ")).strip() or stem


def _place(citations: list[Citation], first: int, span: Span) -> None:
    """Say of the citations from the `first` on that they stand in a field at this place."""
    for number in range(first, len(citations)):
        spans = (span,) * len(citations[number].spans)
        citations[number] = msgspec.structs.replace(citations[number], spans=spans)


def _names(
    title: str, fields: FrontMatter, span: Span, spelt_out: Sequence[DeclaredName]
) -> tuple[tuple[DeclaredName, ...], str]:
    """The other names of a term, each once, and its abbreviation."""
    abbreviation, others = names_in_title(title)
    declared = [DeclaredName(name, at) for name, at in fields.aliases]
    declared += [DeclaredName(name, span) for name in others]
    declared += spelt_out
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


def _redirect(part: Part, compiled: Compiled) -> Reference | None:
    """Give the reference of an entry that says only ``See [X].`` and so redirects there."""
    is_one = len(part.tokens) == 3 and part.tokens[1].type == "inline"
    if is_one and _REDIRECT.fullmatch(part.tokens[1].content.strip()) and compiled.references:
        return compiled.references[0]
    return None


def _tags(fields: FrontMatter, compiled: Compiled) -> tuple[str, ...]:
    """The tags that are declared and those in the text, each in its first spelling."""
    in_text = (reference.target for reference in compiled.references if reference.syntax == "tag")
    spellings: dict[Slug, str] = {}
    for tag in (*fields.tags, *in_text):
        spellings.setdefault(tag_slug(tag), tag)
    return tuple(spellings.values())


def body_digest(body: Body) -> Digest:
    """The address of a body in the memo."""
    return digest(body)

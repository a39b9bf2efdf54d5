"""Compile the tokens of one entry into HTML with slots, once, and note all that it refers to.

The walk is one pass over markdown-it's tokens. It is longer than other modules because each kind
of token has its few lines here; what is not about tokens lives in `pieces`, `places`, `prose`,
`raw_html` and `code`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal
from urllib.parse import unquote

import msgspec
from markdown_it.token import Token

from grimoire.diagnostics import Diagnostic
from grimoire.model import (
    SLOT,
    Body,
    Diagram,
    Formula,
    FormulaPlace,
    Fragment,
    Heading,
    ImageUse,
    Passage,
    Reference,
    Transclusion,
    VideoUse,
)
from grimoire.names import Anchor, anchor
from grimoire.parse import code as code_blocks
from grimoire.parse import raw_html
from grimoire.parse.passages import Passages
from grimoire.parse.pieces import Line, Piece
from grimoire.parse.places import Inside, Places
from grimoire.parse.prose import FORMULA, ends, first_sentence, sentence_around
from grimoire.parse.raw_html import escape
from grimoire.parse.syntax.callouts import ALIASES
from grimoire.parse.syntax.links import shown_name
from grimoire.parse.syntax.math import definitions
from grimoire.source import Span

HtmlPolicy = Literal["safe", "trusted"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SAFE_SCHEMES = frozenset(("http", "https", "mailto", "tel", "ftp", "xmpp", "doi", "geo", "irc"))
_MEDIA = frozenset(
    "apng avif bmp flac gif jpeg jpg m4a mkv mov mp3 mp4 oga ogg ogv opus pdf png svg wav webm webp".split()
)
_DIAGRAMS = frozenset(("tikz", "dot", "graphviz", "plantuml"))
"""Languages of diagrams that are not drawn; mermaid's are."""
_INLINE_HTML = frozenset(
    "abbr b bdi bdo br cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong "
    "sub sup time u var wbr".split()
)
_SIDE_NOTE_TOKENS = frozenset(
    ("paragraph_open", "paragraph_close", "inline", "math_block", "footnote_anchor")
)
_BLOCK_ID = re.compile(r"(?:^|\s)\^([A-Za-z0-9][A-Za-z0-9-]*)\s*$")
_SIZE = re.compile(r"(\d{1,5})(?:x(\d{1,5}))?")


class Compiled(msgspec.Struct, frozen=True):
    """One entry's text, compiled."""

    body: Body
    formulas: tuple[Formula, ...]
    formula_places: tuple[FormulaPlace, ...]
    diagrams: tuple[Diagram, ...]
    diagram_places: tuple[FormulaPlace, ...]
    references: tuple[Reference, ...]
    videos: tuple[VideoUse, ...]
    images: tuple[ImageUse, ...]
    headings: tuple[Heading, ...]
    passages: tuple[Passage, ...]
    transclusions: tuple[Transclusion, ...]
    summary: Fragment
    lead: Fragment
    diagnostics: tuple[Diagnostic, ...]


class Compiler:
    """The walk over one entry's tokens; made for one entry and thrown away."""

    def __init__(
        self,
        path: str,
        places: Places,
        *,
        html: HtmlPolicy,
        notes: dict[int, list[Token]],
        anchors: dict[str, int],
        videos: Sequence[tuple[str, Span]] = (),
        preamble: str = "",
        first_level: int = 1,
    ) -> None:
        """Make the walk.

        Args:
            path: the file, for diagnostics.
            places: places in that file.
            html: what raw HTML may do.
            notes: the tokens of each footnote of the file by its number.
            anchors: the anchors the file has given away; grows.
            videos: the addresses that ``[yt]`` marks without one take, in order.
            preamble: macro definitions in force at the start.
            first_level: the level of heading that becomes level 2.
        """
        self._path, self._places, self._policy = path, places, html
        self._note_tokens, self._anchors = notes, anchors
        self._given_videos = list(videos)
        self._preamble, self._first_level = preamble, first_level
        self._out: list[str] = []
        self._words: list[str] = []
        self._formulas: list[Formula] = []
        self._formula_places: list[FormulaPlace] = []
        self._diagrams: list[Diagram] = []
        self._diagram_places: list[FormulaPlace] = []
        self._references: list[Reference] = []
        self._videos: list[VideoUse] = []
        self._images: list[ImageUse] = []
        self._headings: list[Heading] = []
        self._transclusions: list[Transclusion] = []
        self._passages = Passages(self._out, self._transclusions)
        self._diagnostics: list[Diagnostic] = []
        self._notes: dict[int, str] = {}
        """What refers to each note again, once it has been set."""
        self._note_depth = 0
        self._in_heading = False
        self._end_notes: list[str] = []
        self._lead: Line | None = None
        self._other_prose: Line | None = None
        self._first_display: int | None = None
        self._marked: set[tuple[str, int]] = set()

    def run(self, tokens: list[Token], aside: Sequence[Token] = ()) -> Compiled:
        """Compile the tokens of the body, and note what the lines `aside` of it refer to."""
        self._blocks(tokens, top=True)
        for token in aside:
            self._line(token)
        passages = self._passages.all()
        if self._end_notes:
            rows = "".join(self._end_notes)
            self._out.append(f'<section class="notes" role="doc-endnotes"><ol>{rows}</ol></section>\n')
        for url, span in self._given_videos:
            self._videos.append(VideoUse(url, span))
        summary, lead = self._summary()
        return Compiled(
            body=Body("".join(self._out), " ".join(" ".join(self._words).split())),
            formulas=tuple(self._formulas),
            formula_places=tuple(self._formula_places),
            diagrams=tuple(self._diagrams),
            diagram_places=tuple(self._diagram_places),
            references=tuple(self._references),
            videos=tuple(self._videos),
            images=tuple(self._images),
            headings=tuple(self._headings),
            passages=passages,
            transclusions=tuple(self._transclusions),
            summary=summary,
            lead=lead,
            diagnostics=tuple(self._diagnostics),
        )

    def headline(self, token: Token) -> tuple[Fragment, str]:
        """Set an inline token as a headword: the fragment, and its plain text with TeX."""
        self._in_heading = True
        fragment = self._line(token).cut(self._formulas)
        return fragment, fragment.text

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What was wrong in the lines compiled so far."""
        return tuple(self._diagnostics)

    # ------------------------------------------------------------ summary

    def _summary(self) -> tuple[Fragment, Fragment]:
        line = self._lead or self._other_prose or Line([])
        summary = line.cut(self._formulas, 0, first_sentence(line.text))
        lead = line.cut(self._formulas, keep_links=True)
        html, formulas = (f"<p>{lead.html}</p>" if lead.html else ""), lead.formulas
        if self._first_display is not None:
            html += f"{SLOT}m{len(formulas)}{SLOT}"
            formulas = (*formulas, self._formulas[self._first_display])
        return summary, msgspec.structs.replace(lead, html=html, formulas=formulas)

    # ------------------------------------------------------------ blocks

    def _blocks(self, tokens: list[Token], *, top: bool) -> None:
        html_blocks = self._html_blocks(tokens)
        folds: list[str] = []
        containers: list[str] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            kind = token.type
            if top and not containers and token.nesting >= 0 and not _is_name(tokens, index):
                self._passages.begin_outermost()
            if kind == "inline":
                self._inline_block(tokens, index, containers, top=top)
            elif kind == "paragraph_open":
                index = self._paragraph(tokens, index, is_outermost=top and not containers)
            elif kind == "paragraph_close":
                if not token.hidden:
                    self._out.append("</p>\n")
                self._passages.end_block()
            elif kind == "heading_open":
                index = self._heading(tokens, index)
            elif kind == "math_block":
                self._display(token)
            elif kind in {"fence", "code_block"}:
                self._code(token)
            elif kind == "callout_open":
                containers.append(kind)
                folds.append(self._callout(token))
            elif kind == "callout_title_open":
                self._out.append('<summary class="lbl">' if folds[-1] else '<p class="lbl">')
                title = tokens[index + 1]
                if not title.content:
                    name = str(tokens[index - 1].info)
                    self._out.append(escape(name[:1].upper() + name[1:]))
            elif kind == "callout_title_close":
                self._out.append("</summary>\n" if folds[-1] else "</p>\n")
            elif kind == "callout_close":
                containers.pop()
                self._out.append("</details>\n" if folds.pop() else "</div>\n")
            elif kind == "html_block":
                self._out.append("".join(tag.html for tag in html_blocks[index]))
                self._words += [tag.raw for tag in html_blocks[index] if not tag.name and tag.html]
            elif kind == "table_open":
                containers.append(kind)
                self._out.append('<div class="tbl"><table>\n')
            elif kind == "table_close":
                containers.pop()
                self._out.append("</table></div>\n")
            elif kind in {"footnote_anchor", "footnote_block_open", "footnote_block_close"}:
                pass
            elif token.tag:
                self._tag(token, containers)
            index += 1

    def _tag(self, token: Token, containers: list[str]) -> None:
        """Write a tag that needs nothing special: lists, quotes, rows and cells, rules."""
        if token.nesting == 1 and token.type != "tr_open":
            containers.append(token.type)
        elif token.nesting == -1 and token.type != "tr_close" and containers:
            containers.pop()
        if token.nesting == -1:
            self._out.append(f"</{token.tag}>\n")
            return
        attributes = ""
        style = str(token.attrs.get("style", ""))
        if style.startswith("text-align:"):
            attributes = f' class="{style[11:]}"'
        elif "start" in token.attrs:
            attributes = f' start="{int(token.attrs["start"])}"'
        elif token.meta and "checked" in token.meta:
            attributes = ' class="task"'
        if token.type == "th_open":
            attributes += ' scope="col"'
        self._out.append(f"<{token.tag}{attributes}>" + ("\n" if token.nesting == 0 else ""))
        if token.meta and "checked" in token.meta:
            is_done = token.meta["checked"]
            label, state = ("done", " checked") if is_done else ("to do", "")
            self._out.append(f'<input type="checkbox" disabled{state} aria-label="{label}"> ')

    def _paragraph(self, tokens: list[Token], index: int, *, is_outermost: bool) -> int:
        """Open a paragraph; one that only embeds or names what stands above it is dealt with whole.

        Returns:
            The index of the last token that was dealt with.
        """
        token, inline = tokens[index], tokens[index + 1]
        if embeds := _embeds(inline):
            inside = self._places.inside(inline)
            for embed in embeds:
                self._out.append(self._transclusion(embed, inside) + "\n")
            return index + 2
        name = self._block_id(inline)
        if name and not inline.children:
            # The name stands in a line of its own: it is that of the block above.
            if is_outermost:
                self._passages.name_last(name)
            return index + 2
        if name and not self._note_depth:
            self._passages.begin_block(name)
        where = f' id="{SLOT}p{SLOT}{name}"' if name else ""
        if token.hidden:
            self._out.append(f"<span{where}></span>" if name else "")
        else:
            is_lead = is_outermost and self._lead is None and _is_prose(inline)
            self._out.append(f'<p{where} class="lead">' if is_lead else f"<p{where}>")
        return index

    def _block_id(self, inline: Token) -> Anchor:
        """Take a name ``^name`` off the end of a paragraph; "" if there is none."""
        children = inline.children or []
        last = children[-1] if children else None
        found = _BLOCK_ID.search(last.content) if last and last.type == "text" else None
        if (
            last is None
            or found is None
            or (found.start() == 0 and found[0].startswith("^") and len(children) > 1)
        ):
            return Anchor("")
        last.content = last.content[: found.start()]
        if not last.content:
            children.pop()
        return unique(Anchor(found[1]), self._anchors)

    def _transclusion(self, child: Token, inside: Inside) -> str:
        """Compile an entry embedded in a block of its own."""
        meta = child.meta
        span = inside.span(meta["at"])
        label = meta["label"] or shown_name(meta["target"], meta["section"])
        self._references.append(
            Reference(meta["target"], meta["section"], label, "wikilink", span, role="embed")
        )
        level = self._headings[-1].level if self._headings else 1
        self._transclusions.append(Transclusion(len(self._references) - 1, level))
        return f"{SLOT}t{len(self._transclusions) - 1}{SLOT}"

    def _inline_block(self, tokens: list[Token], index: int, containers: list[str], *, top: bool) -> None:
        token = tokens[index]
        if not token.children:
            return
        line = self._line(token)
        self._out.append(line.html)
        self._words.append(line.words)
        if not top or "callout_open" in containers or "table_open" in containers:
            return
        if tokens[index - 1].type == "paragraph_open" and _is_prose(token):
            if self._lead is None and not containers:
                self._lead = line
            elif self._other_prose is None:
                self._other_prose = line

    def _heading(self, tokens: list[Token], index: int) -> int:
        level = max(2, int(tokens[index].tag[1:]) - self._first_level + 1)
        self._in_heading = True
        line = self._line(tokens[index + 1])
        self._in_heading = False
        text = line.cut(self._formulas).text
        name = unique(anchor(text), self._anchors)
        self._headings.append(Heading(level, name, text))
        if not self._note_depth:
            self._passages.begin_section(name, level)
        self._words.append(line.words)
        self._out.append(
            f'<{SLOT}h{level}{SLOT} id="{SLOT}p{SLOT}{name}">'
            f'<a class="anchor" href="#{SLOT}p{SLOT}{name}" aria-label="Link to this section">§</a>'
            f"{line.html}</{SLOT}h{level}{SLOT}>\n"
        )
        return index + 2

    def _callout(self, token: Token) -> str:
        kind = ALIASES.get(token.info, token.info)
        name = re.sub(r"[^\w-]+", "-", kind)
        fold = str(token.meta["fold"])
        if fold:
            is_open = " open" if fold == "+" else ""
            self._out.append(f'<details class="note {name}"{is_open}>')
        else:
            self._out.append(f'<div class="note {name}">')
        return fold

    def _code(self, token: Token) -> None:
        info = token.info.strip().split(maxsplit=1)
        language = info[0].lower().strip("{}.") if info else ""
        if language == "mermaid":
            self._diagram(token)
            return
        if language in _DIAGRAMS:
            self._report(
                "unsupported-diagram", self._places.block(token), f"a `{language}` diagram is not drawn",
                why="its source is shown as a code block",
            )  # fmt: skip
            language = ""
        elif not code_blocks.is_known(language):
            self._report(
                "unknown-language", self._places.block(token), f"no highlighter knows `{language}`",
                help="leave the language out to silence this",
            )  # fmt: skip
            language = ""
        name = code_blocks.language_name(language)
        html = code_blocks.coloured(token.content, language)
        self._out.append(
            f'<figure class="code"><figcaption><span>{escape(name)}</span>'
            '<button class="tex js-only" type="button" data-copy>Copy</button></figcaption>'
            f"<pre><code>{html}</code></pre></figure>\n"
        )

    def _diagram(self, token: Token) -> None:
        first = token.map[0] + 1 if token.map else 0
        lines = token.content.split("\n")
        starts = (
            self._places.find(line.strip(), first + number).start - (len(line) - len(line.lstrip()))
            for number, line in enumerate(lines)
        )
        self._out.append(f"{SLOT}d{len(self._diagrams)}{SLOT}\n")
        self._diagrams.append(Diagram(token.content))
        self._diagram_places.append(FormulaPlace(tuple(starts)))

    def _display(self, token: Token) -> None:
        lines = token.meta["lines"]
        starts = tuple(self._places.body + at for at in lines)
        html = self._formula(token.content, starts, display=True)
        name = token.meta["name"]
        if not name or self._note_depth:
            self._out.append(html + "\n")
            return
        anchor_name = unique(Anchor(name), self._anchors)
        self._passages.begin_block(anchor_name)
        self._out.append(f'<div id="{SLOT}p{SLOT}{anchor_name}">{html}</div>\n')
        self._passages.end_block()

    def _html_blocks(self, tokens: list[Token]) -> dict[int, list[raw_html.Tag]]:
        """What each block of raw HTML becomes; tags must be closed in the block they were opened in."""
        found: dict[int, list[raw_html.Tag]] = {}
        siblings: dict[int, list[raw_html.Tag]] = {}
        for index, parent in enumerate(_parents(tokens)):
            if tokens[index].type != "html_block":
                continue
            content = tokens[index].content
            if self._policy == "trusted":
                found[index] = [raw_html.Tag(content, content, 0)]
                continue
            found[index] = raw_html.pieces(content)
            siblings.setdefault(parent, []).extend(found[index])
        for tags in siblings.values():
            raw_html.balance(tags)
        for index, tags in found.items():
            refused = [tag for tag in tags if tag.refused]
            inside = self._places.inside(tokens[index]) if refused else None
            for tag in refused:
                if inside:
                    self._refuse(tag, inside.span((tag.at, tag.at + len(tag.raw))))
        return found

    def _refuse(self, tag: raw_html.Tag, span: Span) -> None:
        shown = tag.raw if len(tag.raw) < 40 else tag.raw[:39] + "…"
        self._report(
            "raw-html", span, f"the HTML tag `{shown}` is shown as text",
            why="it is not on the list of harmless tags and attributes, or not closed in its place",
            help="write it in Markdown, or put it in backticks; `html: trusted` in site.yaml lets all through",
        )  # fmt: skip

    # ------------------------------------------------------------ lines

    def _line(self, token: Token, inside: Inside | None = None) -> Line:
        """Compile an inline token, and give each mention in it the sentence around it."""
        first_reference, first_video = len(self._references), len(self._videos)
        line = Line(self._pieces(token.children or [], inside or self._places.inside(token)))
        if len(self._references) > first_reference or len(self._videos) > first_video:
            self._excerpts(line, first_reference)
        return line

    def _excerpts(self, line: Line, first_reference: int) -> None:
        sentences = ends(line.text)
        starts: dict[int, int] = {}
        for index, piece in enumerate(line.pieces):
            at = line.place(index)
            number = piece.number
            if piece.kind == "link_open" and number >= first_reference:
                starts[number] = at
            elif piece.kind == "link_close" and number in starts:
                start = starts.pop(number)
                self._references[number] = msgspec.structs.replace(
                    self._references[number],
                    excerpt=self._excerpt(line, sentences, start, at, mark=number),
                    label=line.cut(self._formulas, start, at).text,
                )
            elif piece.kind == "aside" and number >= 0:
                self._videos[number] = msgspec.structs.replace(
                    self._videos[number], excerpt=self._excerpt(line, sentences, at, at)
                )

    def _excerpt(
        self, line: Line, sentences: list[int], start: int, end: int, *, mark: int | None = None
    ) -> Fragment:
        around = sentence_around(line.text, sentences, start, end)
        fragment = line.cut(self._formulas, around.start, around.end, mark=mark)
        before, behind = "…" * around.is_cut_before, "…" * around.is_cut_behind
        return msgspec.structs.replace(fragment, html=f"{before}{fragment.html}{behind}")

    def _pieces(self, children: Sequence[Token], inside: Inside) -> list[Piece]:
        pieces: list[Piece] = []
        tags = self._inline_html(children)
        open_links: list[Callable[[], Piece] | None] = []
        index = 0
        while index < len(children):
            child = children[index]
            kind = child.type
            if kind == "text":
                pieces.append(Piece("text", escape(child.content), child.content))
            elif kind in {"softbreak", "hardbreak"}:
                html = "\n" if kind == "softbreak" else "<br>\n"
                pieces.append(Piece("atom", html, "\n" if kind == "softbreak" else " "))
            elif kind == "math":
                pieces.append(self._math(child, inside))
            elif kind == "code_inline":
                pieces.append(Piece("atom", f"<code>{escape(child.content)}</code>", child.content))
            elif kind == "html_inline":
                pieces.append(self._inline_tag(tags[index], child, inside))
            elif kind == "ref_open":
                index = self._reference(children, index, inside, pieces)
            elif kind == "link_open":
                index = self._link(children, index, inside, pieces, open_links)
            elif kind == "link_close":
                close = open_links.pop()
                if close:
                    pieces.append(close())
            elif kind == "video":
                pieces.append(self._video(child.meta["url"], inside.span(child.meta["at"])))
            elif kind == "embed":
                pieces += self._embed(child, inside)
            elif kind == "image":
                pieces += self._image(child, inside)
            elif kind == "footnote_ref":
                pieces.append(self._note(child, inside))
            elif kind == "verbatim":
                pieces.append(self._verbatim(child, inside))
            elif kind == "tag":
                pieces += self._tag_link(child, inside)
            elif kind == "comment":
                pass
            elif child.nesting == 1:
                pieces.append(Piece("open", f"<{child.tag}>"))
            elif child.nesting == -1:
                pieces.append(Piece("close", f"</{child.tag}>"))
            elif child.content:
                pieces.append(Piece("text", escape(child.content), child.content))
            index += 1
        return pieces

    def _inline_html(self, children: Sequence[Token]) -> dict[int, raw_html.Tag]:
        """What each tag within a line becomes; tags must be closed where they were opened."""
        if not any(child.type == "html_inline" for child in children):
            return {}
        tags: dict[int, raw_html.Tag] = {}
        siblings: dict[int, list[raw_html.Tag]] = {}
        for index, parent in enumerate(_parents(children)):
            content = children[index].content
            if children[index].type != "html_inline":
                continue
            if self._policy == "trusted":
                tags[index] = raw_html.Tag(content, content, 0)
                continue
            found = raw_html.pieces(content)
            tags[index] = found[0] if len(found) == 1 else raw_html.refused(content)
            if tags[index].name not in _INLINE_HTML and not tags[index].is_comment:
                tags[index].refuse()
            siblings.setdefault(parent, []).append(tags[index])
        for row in siblings.values():
            raw_html.balance(row)
        return tags

    def _inline_tag(self, tag: raw_html.Tag, child: Token, inside: Inside) -> Piece:
        if tag.refused:
            self._refuse(tag, inside.span(child.meta["at"]))
            return Piece("text", tag.html, child.content)
        if tag.is_open:
            return Piece("open", tag.html)
        if tag.is_close:
            return Piece("close", tag.html)
        return Piece("atom", tag.html, " " if tag.name in {"br", "wbr"} else "")

    def _math(self, child: Token, inside: Inside) -> Piece:
        starts = []
        at = child.meta["tex"]
        for line in child.content.split("\n"):
            starts.append(inside.at(at))
            at += len(line) + 1
        slot = self._formula(child.content, tuple(starts), display=child.meta["display"])
        return Piece("formula", slot, FORMULA, len(self._formulas) - 1)

    def _formula(self, tex: str, starts: tuple[int, ...], *, display: bool) -> str:
        self._formulas.append(Formula(tex, display, self._preamble))
        self._formula_places.append(FormulaPlace(starts))
        if display and self._first_display is None and not self._note_depth:
            self._first_display = len(self._formulas) - 1
        self._preamble += definitions(tex)
        return f"{SLOT}m{len(self._formulas) - 1}{SLOT}"

    # ------------------------------------------------------------ links

    def _reference(self, children: Sequence[Token], index: int, inside: Inside, pieces: list[Piece]) -> int:
        """Compile a link by name; returns the index of its closing token."""
        opening = children[index]
        end = next(at for at in range(index + 1, len(children)) if children[at].type == "ref_close")
        span = inside.span(opening.meta["at"])
        inner = self._pieces(children[index + 1 : end], inside)
        label = Line(inner).cut(self._formulas).text
        target = opening.meta.get("target", label)
        rival = opening.meta["rival"]
        if rival and _SCHEME.match(rival):
            if target.lower() == "yt":
                pieces.append(self._video(rival, span))
            else:
                pieces += self._external(rival, inner, span)
            return end
        self._references.append(
            Reference(target, opening.meta["section"], label, opening.meta["syntax"], span, rival=rival)
        )
        pieces += self._linked(len(self._references) - 1, inner)
        return end

    def _tag_link(self, child: Token, inside: Inside) -> list[Piece]:
        """A tag is a reference to its own page."""
        shown = f"#{child.content}"
        if self._in_heading:
            return [Piece("text", escape(shown), shown)]
        span = inside.span(child.meta["at"])
        self._references.append(Reference(child.content, "", shown, "tag", span))
        return self._linked(len(self._references) - 1, [Piece("text", escape(shown), shown)])

    def _linked(self, number: int, inner: list[Piece]) -> list[Piece]:
        return [
            Piece("link_open", f"{SLOT}a{number}{SLOT}", number=number),
            *inner,
            Piece("link_close", f"{SLOT}z{number}{SLOT}", number=number),
        ]

    def _external(self, url: str, inner: list[Piece], span: Span) -> list[Piece]:
        if not self._is_safe(url, span):
            return inner
        opening = Piece("link_open", f'<a class="x" href="{escape(url)}">')
        return [opening, *inner, Piece("link_close", "</a>")]

    def _is_safe(self, url: str, span: Span) -> bool:
        scheme = _SCHEME.match(url)
        if scheme and scheme[1].lower() not in _SAFE_SCHEMES:
            self._report(
                "unsafe-url", span, f"an address with the scheme `{scheme[1]}:` is left out",
                why="only " + ", ".join(sorted(_SAFE_SCHEMES)) + " are known to be harmless",
            )  # fmt: skip
            return False
        return True

    def _link(
        self,
        children: Sequence[Token],
        index: int,
        inside: Inside,
        pieces: list[Piece],
        open_links: list[Callable[[], Piece] | None],
    ) -> int:
        """Compile a Markdown link's opening; returns the index to go on from."""
        opening = children[index]
        href = str(opening.attrs.get("href", ""))
        span = inside.span(opening.meta.get("at", (0, 1)))
        if _is_video_mark(children, index):
            pieces.append(self._video(href, span))
            return index + 2
        if _SCHEME.match(href) or href.startswith("//"):
            if not self._is_safe(href, span):
                open_links.append(None)
                return index
            title = opening.attrs.get("title")
            about = f' title="{escape(str(title))}"' if title else ""
            pieces.append(Piece("link_open", f'<a class="x" href="{escape(href)}"{about}>'))
            if children[index + 1].type == "link_close":
                pieces.append(Piece("text", escape(href), href))
            open_links.append(lambda: Piece("link_close", "</a>"))
            return index
        path, _, fragment = unquote(href).partition("#")
        path = path.partition("?")[0]
        suffix = path.rpartition("/")[2].rpartition(".")[2].lower()
        if suffix in _MEDIA and "." in path:
            end = next(at for at in range(index, len(children)) if children[at].type == "link_close")
            label = plain_text(children[index + 1 : end]) or path.rpartition("/")[2]
            self._images.append(ImageUse(path, label, span))
            pieces.append(Piece("file", f"{SLOT}i{len(self._images) - 1}{SLOT}", label))
            return end
        self._references.append(Reference(path, fragment, "", "markdown", span))
        number = len(self._references) - 1
        pieces.append(Piece("link_open", f"{SLOT}a{number}{SLOT}", number=number))
        if children[index + 1].type == "link_close":
            name = shown_name(path, fragment)
            pieces.append(Piece("text", escape(name), name))
        open_links.append(lambda: Piece("link_close", f"{SLOT}z{number}{SLOT}", number=number))
        return index

    def _video(self, url: str, span: Span) -> Piece:
        if not url and self._given_videos:
            url, _ = self._given_videos.pop(0)
        if url and not re.match(r"https?://", url):
            self._report(
                "unsafe-url", span, f"a video has the address `{url}`",
                help="give an address that begins with `https://`",
            )  # fmt: skip
            url = ""
        elif not url:
            self._report(
                "missing-video", span, "this `[yt]` has no address",
                why="the entry's `yt:` list has fewer addresses than the text has `[yt]`",
                help="write `[yt](https://…)`, or add the address to `yt:`",
            )  # fmt: skip
        self._videos.append(VideoUse(url, span))
        number = len(self._videos) - 1
        return Piece("aside", f"{SLOT}v{number}{SLOT}", number=number)

    def _embed(self, child: Token, inside: Inside) -> list[Piece]:
        target = child.meta["target"]
        span = inside.span(child.meta["at"])
        if not _is_media(target):
            # Within a line an entry cannot be shown: it is linked to.
            label = child.meta["label"] or shown_name(target, child.meta["section"])
            self._references.append(Reference(target, child.meta["section"], label, "wikilink", span))
            return self._linked(len(self._references) - 1, [Piece("text", escape(label), label)])
        alt, width, height = "", 0, 0
        for part in child.meta["label"].split("|"):
            if size := _SIZE.fullmatch(part.strip()):
                width, height = int(size[1]), int(size[2] or 0)
            elif part.strip():
                alt = part.strip()
        return [self._picture(ImageUse(target, alt, span, width, height))]

    def _image(self, child: Token, inside: Inside) -> list[Piece]:
        source = str(child.attrs.get("src", ""))
        span = inside.span(child.meta.get("at", (0, 1)))
        alt = plain_text(child.children or [])
        width = height = 0
        name, bar, size = alt.rpartition("|")
        if bar and (found := _SIZE.fullmatch(size.strip())):
            alt, width, height = name.strip(), int(found[1]), int(found[2] or 0)
        if _SCHEME.match(source) or source.startswith("//"):
            # A picture on another host would be a request to a third party: it becomes a link.
            label = alt or source
            return self._external(source, [Piece("text", escape(label), label)], span)
        return [self._picture(ImageUse(unquote(source), alt, span, width, height))]

    def _picture(self, image: ImageUse) -> Piece:
        self._images.append(image)
        return Piece("aside", f"{SLOT}i{len(self._images) - 1}{SLOT}")

    def _verbatim(self, child: Token, inside: Inside) -> Piece:
        text, where = child.content, child.meta["code"]
        span = inside.span(child.meta["at"])
        if where == "undefined-footnote":
            self._report(
                where, span, f"the footnote `{text}` is not defined",
                help=f"write a line `{text}: …`, or remove the mark",
            )  # fmt: skip
        else:
            self._report(where, span, f"the citation `{text}` is not set yet", why="it is shown as written")
        return Piece("text", escape(text), text)

    # ------------------------------------------------------------ notes

    def _note(self, child: Token, inside: Inside) -> Piece:
        """Compile a footnote where it is first referred to: a side note, or a note at the end."""
        key = child.meta["id"]
        if key in self._notes:
            return Piece("aside", self._notes[key])
        tokens = self._note_tokens.get(key)
        if tokens is None:
            return self._note_nowhere(child, inside)
        number = len(self._notes) + 1
        name, shown = f"{SLOT}p{SLOT}_sn{number}", f"{SLOT}g{number}{SLOT}"
        is_side_note = all(token.type in _SIDE_NOTE_TOKENS for token in tokens)
        self._notes[key] = (
            f'<button class="fn" type="button" popovertarget="{name}" aria-label="Note {shown}">{shown}</button>'
            if is_side_note
            else f'<a class="fn" href="#{name}" aria-label="Note {shown}">{shown}</a>'
        )
        outer, self._out = self._out, []
        self._note_depth += 1
        if is_side_note:
            # An inline note `^[…]` stands in the text of the line that it belongs to.
            within = None if "label" in child.meta else inside.shifted(child.meta["at"][0] + len("^["))
            self._side_note(tokens, within)
            html = (
                f'{self._notes[key]}<span class="sn" popover id="{name}" role="note">'
                f'<span class="n" aria-hidden="true">{shown}</span>{"".join(self._out)}</span>'
            )
        else:
            self._blocks(tokens, top=False)
            back = f'<a class="back" href="#{name}r" aria-label="Back to the text">↩</a>'
            self._end_notes.append(f'<li id="{name}" value="{shown}">{"".join(self._out)}{back}</li>')
            html = self._notes[key].replace(" href=", f' id="{name}r" href=', 1)
        self._note_depth -= 1
        self._out = outer
        return Piece("aside", html)

    def _note_nowhere(self, child: Token, inside: Inside) -> Piece:
        """A note in a title, which stands in many places where no note can."""
        text = f"[^{child.meta['label']}]" if "label" in child.meta else "^[…]"
        self._report(
            "undefined-footnote", inside.span(child.meta["at"]), f"the title has a footnote, `{text}`",
            why="a title is shown in many places and has no notes", help="move it into the text",
        )  # fmt: skip
        return Piece("text", text, text)

    def _side_note(self, tokens: list[Token], inside: Inside | None) -> None:
        """A side note stands in a line, so its paragraphs are spans."""
        paragraphs = 0
        for token in tokens:
            if token.type == "paragraph_open":
                paragraphs += 1
                if paragraphs > 1:
                    self._out.append('<span class="par">')
            elif token.type == "paragraph_close" and paragraphs > 1:
                self._out.append("</span>")
            elif token.type == "inline":
                line = self._line(token, inside)
                self._out.append(line.html)
                self._words.append(line.words)
            elif token.type == "math_block":
                starts = tuple(self._places.body + at for at in token.meta["lines"])
                # In a side note a display formula stands in the line: a block would end it.
                self._out.append(
                    f'<span class="par">{self._formula(token.content, starts, display=False)}</span>'
                )

    def _report(self, code: str, span: Span, message: str, *, why: str = "", help: str = "") -> None:  # noqa: A002
        key = code, span.start
        if key in self._marked:
            return
        self._marked.add(key)
        self._diagnostics.append(Diagnostic(code, self._path, span, message, why, help))


def _parents(tokens: Sequence[Token]) -> Iterator[int]:
    """The index of the opening token around each token, -1 for none."""
    open_: list[int] = [-1]
    for index, token in enumerate(tokens):
        if token.nesting < 0 and len(open_) > 1:
            open_.pop()
        yield open_[-1]
        if token.nesting > 0:
            open_.append(index)


def plain_text(tokens: Iterable[Token]) -> str:
    """The text of inline tokens without any markup, formulas as their TeX."""
    texts = (
        " " if token.type.endswith("break") else token.content or plain_text(token.children or ())
        for token in tokens
    )
    return " ".join("".join(texts).split())


def _is_media(target: str) -> bool:
    """Whether an embedded name is that of a file rather than of an entry."""
    return "." in target and target.rpartition(".")[2].lower() in _MEDIA


def _embeds(token: Token) -> list[Token]:
    """The entries that a paragraph embeds, if it does nothing else."""
    children = token.children or []
    embeds = [child for child in children if child.type == "embed" and not _is_media(child.meta["target"])]
    others = (
        child for child in children if child.type not in {"embed", "softbreak"} and child.content.strip()
    )
    is_all = len(embeds) == sum(child.type == "embed" for child in children) and not any(others)
    return embeds if is_all else []


def _is_name(tokens: Sequence[Token], index: int) -> bool:
    """Whether a token belongs to a paragraph that only names the block above it: ``^name``."""
    first = index - 1 if tokens[index].type == "inline" else index
    return (
        tokens[first].type == "paragraph_open"
        and re.fullmatch(r"\^[A-Za-z0-9-]+", tokens[first + 1].content.strip()) is not None
    )


def _is_prose(token: Token) -> bool:
    """Whether a paragraph says something: more than images, embeds and marks."""
    return any(
        (child.type in {"text", "code_inline", "math"} and child.content.strip())
        for child in token.children or ()
    )


def _is_video_mark(children: Sequence[Token], index: int) -> bool:
    """Whether a Markdown link is ``[yt](address)``."""
    return (
        index + 2 < len(children)
        and children[index + 1].type == "text"
        and children[index + 1].content == "yt"
        and children[index + 2].type == "link_close"
    )


def unique(name: Anchor, taken: dict[str, int]) -> Anchor:
    """Give an anchor that is not taken, by a number behind it, and take it.

    `taken` holds each name with the last number that was given to it.
    """
    found, number = name, taken.get(name, 1)
    while found in taken:
        number += 1
        found = Anchor(f"{name}-{number}")
    taken[name] = number
    taken.setdefault(found, 1)
    return found

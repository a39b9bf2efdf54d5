"""Compile the tokens of one entry into HTML with slots, once, and note all that it refers to.

The walk is one pass over markdown-it's tokens. Here are the blocks; their lines are compiled in
`lines`, what those point at in `targets`, footnotes in `notes`, and all of it is noted in
`findings`. The module is longer than others because each kind of block has its few lines here.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import unescape
from itertools import accumulate, groupby, takewhile

import msgspec
from markdown_it.token import Token

from grimoire.diagnostics import Diagnostic
from grimoire.model import (
    SLOT,
    Body,
    Citation,
    Diagram,
    Formula,
    FormulaPlace,
    Fragment,
    Heading,
    ImageUse,
    Landmark,
    Passage,
    Reference,
    Transclusion,
    VideoUse,
)
from grimoire.names import Anchor, anchor, letters_of
from grimoire.parse import code as code_blocks
from grimoire.parse.anchors import Anchors
from grimoire.parse.findings import Findings
from grimoire.parse.html_places import block_tags
from grimoire.parse.lines import HtmlPolicy, Lines, is_more
from grimoire.parse.macros import Macros
from grimoire.parse.notes import Notes
from grimoire.parse.passages import Passages, slots_of
from grimoire.parse.pieces import Line, joined
from grimoire.parse.places import Inside, Places
from grimoire.parse.prose import first_sentence
from grimoire.parse.raw_html import Tag, escape
from grimoire.parse.spotting import ProseLine, closed_by, kept
from grimoire.parse.syntax.callouts import ALIASES, NAMED
from grimoire.parse.syntax.links import shown_name
from grimoire.parse.targets import check, is_media, plain_text
from grimoire.source import NOWHERE, Span

_DIAGRAMS = frozenset(("tikz", "dot", "graphviz", "plantuml"))
"""Languages of diagrams that are not drawn; mermaid's are."""
NOTHING = Anchor("")
_BLOCK_ID = re.compile(r"(?:^|\s)\^([A-Za-z0-9][A-Za-z0-9-]*)\s*$")


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
    landmarks: tuple[Landmark, ...]
    passages: tuple[Passage, ...]
    transclusions: tuple[Transclusion, ...]
    order: tuple[str, ...]
    citations: tuple[Citation, ...]
    summary: Fragment
    lead: Fragment
    notes: frozenset[int]
    """Which footnotes of the file it shows, or tells why not."""
    prose: bytes
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
        anchors: Anchors,
        labels: Mapping[str, str],
        videos: Sequence[tuple[str, Span]] = (),
        macros: Iterable[tuple[str, str]] = (),
        first_level: int = 1,
        citations: list[Citation] | None = None,
        keeps_prose: bool = False,
    ) -> None:
        """Make the walk.

        Args:
            path: the file, for diagnostics.
            places: places in that file.
            html: what raw HTML may do.
            notes: the tokens of each footnote of the file by its number.
            anchors: the anchors the file has given away; grows.
            labels: what is shown for each label of an equation.
            videos: the addresses that ``[yt]`` marks without one take, in order.
            macros: those that the entry begins with, each with what it stands for.
            first_level: the level of heading that becomes level 2.
            citations: those the entry already has; grows.
            keeps_prose: whether names will be looked for in the text.
        """
        self._keeps_prose = keeps_prose
        self._prose: list[tuple[int, Line, str, tuple[tuple[int, int, int], ...]]] = []
        """Each line that is kept, with the number of its piece of HTML and its source."""
        self._places, self._policy, self._first_level = places, html, first_level
        self._out: list[str] = []
        self._findings = Findings(
            path, anchors=anchors, labels=labels, macros=Macros(macros), citations=citations
        )
        self._notes = Notes(
            self._findings,
            places,
            notes,
            line=self._line,
            set_apart=self._set_apart,
        )
        self._lines = Lines(self._findings, places, html=html, videos=videos, note=self._notes.note)
        self._passages = Passages(self._out)
        self._closed = 0
        """How many tags of raw HTML around what is compiled hold no names."""
        self._lead: Line | None = None
        self._other_prose: Line | None = None
        self._opening: list[Line] = []
        """The paragraphs before the place where the author wants the summary to end."""
        self._has_more = False

    def run(self, tokens: list[Token], aside: Sequence[Token] = ()) -> Compiled:
        """Compile the tokens of the body, and note what the lines `aside` of it refer to."""
        self._blocks(tokens, top=True)
        html = "".join(self._out)
        notes = self._notes.all()
        shown = self.notes
        prose = self._kept_prose()
        for _, lines in groupby(aside, key=lambda token: (token.map, token.content)):
            inside = None
            for token in lines:
                inside = inside or self._places.inside(token)
                self._lines.line(token, inside)
        self._lines.note_given_videos()
        summary, lead = self._summary()
        return Compiled(
            body=Body(html, " ".join(" ".join(self._findings.words).split()), notes),
            formulas=tuple(self._findings.formulas),
            formula_places=tuple(self._findings.formula_places),
            diagrams=tuple(self._findings.diagrams),
            diagram_places=tuple(self._findings.diagram_places),
            references=tuple(self._findings.references),
            videos=tuple(self._findings.videos),
            images=tuple(self._findings.images),
            headings=tuple(self._findings.headings),
            landmarks=tuple(self._findings.landmarks),
            passages=self._passages.all(notes),
            transclusions=tuple(self._findings.transclusions),
            order=tuple(slot for slot in slots_of(html, notes) if slot[0] in "tc"),
            citations=tuple(self._findings.citations),
            summary=summary,
            lead=lead,
            notes=shown,
            prose=prose,
            diagnostics=tuple(self._findings.diagnostics),
        )

    def headline(self, token: Token) -> tuple[Fragment, str]:
        """Set an inline token as a headword: the fragment, and its plain text with TeX.

        It stands in many places, far from any list of references, so what it cites is noted and left out.
        """
        line = self._lines.title(token)
        fragment = line.cut(self._findings.formulas, keep_citations=False)
        if not fragment.text and line.text:
            fragment = Fragment(escape(token.content), token.content)
        return fragment, fragment.text

    def sentence(self, token: Token) -> Fragment:
        """Set an inline token as a summary."""
        return self._lines.title(token).cut(self._findings.formulas)

    @property
    def notes(self) -> frozenset[int]:
        """Which footnotes were set in the lines compiled so far, or told of."""
        return frozenset(self._notes.numbers)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What was wrong in the lines compiled so far."""
        return tuple(self._findings.diagnostics)

    # ------------------------------------------------------------ summary

    def _summary(self) -> tuple[Fragment, Fragment]:
        if self._has_more and self._opening:
            line, paragraphs = joined(self._opening, " "), joined(self._opening, "</p>\n<p>")
            end = len(line.text)
        else:
            line = paragraphs = self._lead or self._other_prose or Line([])
            end = first_sentence(line.text)
        summary = line.cut(self._findings.formulas, 0, end, keep_brackets=True)
        lead = paragraphs.cut(self._findings.formulas, keep_links=True, keep_brackets=True)
        html, formulas = (f"<p>{lead.html}</p>" if lead.html else ""), lead.formulas
        if self._findings.first_display is not None:
            html += f"{SLOT}m{len(formulas)}{SLOT}"
            formulas = (*formulas, self._findings.formulas[self._findings.first_display])
        return summary, msgspec.structs.replace(lead, html=html, formulas=formulas)

    # ------------------------------------------------------------ blocks

    def _line(self, token: Token, inside: Inside | None) -> Line:
        return self._lines.line(token, inside)

    def _set_apart(self, tokens: list[Token]) -> str:
        """Compile blocks into HTML of their own: those of a footnote."""
        outer, self._out = self._out, []
        self._blocks(tokens, top=False)
        html = "".join(self._out)
        self._out = outer
        return html

    def _blocks(self, tokens: list[Token], *, top: bool) -> None:
        html_blocks = block_tags(tokens, is_trusted=self._policy == "trusted")
        folds: list[str] = []
        containers: list[str] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            kind = token.type
            if top and token.level == 0 and token.nesting >= 0 and not _is_name(tokens, index):
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
                self._passages.enter()
                folds.append(self._callout(token))
            elif kind == "callout_title_open":
                self._out.append('<summary class="lbl">' if folds[-1] else '<p class="lbl">')
                title = tokens[index + 1]
                if not title.content:
                    name = str(tokens[index - 1].info)
                    shown = name[:1].upper() + name[1:]
                    self._out.append(f"{SLOT}w{shown}{SLOT}" if name in NAMED else escape(shown))
            elif kind == "callout_title_close":
                self._out.append("</summary>\n" if folds[-1] else "</p>\n")
            elif kind == "callout_close":
                containers.pop()
                self._passages.leave()
                self._out.append("</details>\n" if folds.pop() else "</div>\n")
            elif kind == "html_block":
                self._has_more |= top and not containers and is_more(token.content)
                self._html_block(token, html_blocks[index])
            elif kind == "table_open":
                containers.append(kind)
                self._passages.enter()
                self._out.append('<div class="tbl"><table>\n')
            elif kind == "table_close":
                containers.pop()
                self._passages.leave()
                self._out.append("</table></div>\n")
            elif kind == "attributes_open":
                containers.append(kind)
                self._out.append(f"<div{self._begin_frame(token)}>")
            elif kind == "attributes_close":
                containers.pop()
                self._out.append("</div>\n")
                self._passages.end_frame()
            elif token.tag:
                self._tag(token, containers)
            index += 1

    def _attributes(self, token: Token, *classes: str, name: Anchor = NOTHING) -> tuple[Anchor, str]:
        """What a list of attributes gives a block: the anchor it names, and both written into a tag.

        Args:
            token: the block.
            classes: those that it has anyway.
            name: an anchor that it has anyway, which then is the one that is written.
        """
        anchor = NOTHING
        if said := token.meta.get("attributes"):
            span = self._places.find(said.source, token.meta["attributes_line"])
            anchor, own = self._findings.attributes(said, span)
            classes = (*classes, own)
        every = " ".join(dict.fromkeys(" ".join(classes).split()))
        where = f' id="{SLOT}p{SLOT}{escape(name or anchor)}"' if name or anchor else ""
        return anchor, where + (f' class="{every}"' if every else "")

    def _begin_frame(self, token: Token) -> str:
        """Begin an element around a block; give the attributes that its list asks for."""
        anchor, written = self._attributes(token)
        self._passages.begin_frame(NOTHING if self._findings.note_depth else anchor)
        return written

    def _tag(self, token: Token, containers: list[str]) -> None:
        """Write a tag that needs nothing special: lists, quotes, rows and cells, rules."""
        if token.nesting == 1 and token.type != "tr_open":
            containers.append(token.type)
            self._passages.enter()
        elif token.nesting == -1 and token.type != "tr_close" and containers:
            containers.pop()
            self._passages.leave()
        if token.nesting == -1:
            self._out.append(f"</{token.tag}>\n")
            return
        style = str(token.attrs.get("style", ""))
        aligned = style[11:] if style.startswith("text-align:") else ""
        task = "task" if token.meta and "checked" in token.meta else ""
        _, attributes = self._attributes(token, aligned, task)
        if "start" in token.attrs:
            attributes += f' start="{int(token.attrs["start"])}"'
        if token.type == "th_open":
            attributes += ' scope="col"'
        attributes += _direction(token)
        self._out.append(f"<{token.tag}{attributes}>" + ("\n" if token.nesting == 0 else ""))
        if token.meta and "checked" in token.meta:
            is_done = token.meta["checked"]
            label, state = (f"{SLOT}wdone{SLOT}", " checked") if is_done else (f"{SLOT}wto do{SLOT}", "")
            self._out.append(f'<input type="checkbox" disabled{state} aria-label="{label}"> ')

    def _paragraph(self, tokens: list[Token], index: int, *, is_outermost: bool) -> int:
        """Open a paragraph; one that only embeds or names what stands above it is dealt with whole.

        Returns:
            The index of the last token that was dealt with.
        """
        token, inline = tokens[index], tokens[index + 1]
        if embeds := _embeds(inline):
            inside = self._places.inside(inline)
            html = "".join(self._transclusion(embed, inside) + "\n" for embed in embeds)
            written = self._begin_frame(token)
            self._out.append(f"<div{written}>{html}</div>\n" if written else html)
            self._passages.end_frame()
            return index + 2
        if picture := _captioned(inline):
            caption = str(picture.attrs.pop("title"))
            if plain_text(picture.children or ()) == caption:
                # Said once, it is not read out twice.
                picture.children = []
            written = self._begin_frame(token)
            self._out.append(
                f"<figure{written}>{self._lines.line(inline).html}<figcaption>{escape(caption)}</figcaption></figure>\n"
            )
            self._passages.end_frame()
            self._findings.words.append(caption)
            return index + 2
        name = self._block_id(inline)
        if name and not inline.children:
            # The name stands in a line of its own: it is that of the block above.
            if is_outermost:
                self._passages.name_last(name)
            else:
                # The block above is written already, within others: a link leads to its end.
                self._out.append(f'<span id="{SLOT}p{SLOT}{name}"></span>')
            return index + 2
        is_lead = is_outermost and self._lead is None and _is_prose(inline) and not token.hidden
        anchor, written = self._attributes(token, "lead" if is_lead else "", name=name)
        for number in inline.meta.get("lost_attributes", ()):
            self._findings.report(
                "unknown-attribute", self._places.find("{", number), "this list of attributes belongs to no block",
                why="it stays in the text", help="write it below a block that has no other name",
            )  # fmt: skip
        if names := [one for one in (name, anchor) if one and not self._findings.note_depth]:
            self._passages.begin_block(*names)
        also = f'<span id="{SLOT}p{SLOT}{escape(anchor)}"></span>' if name and anchor else ""
        if token.hidden:
            self._out.append((f"<span{written}></span>" if written else "") + also)
        else:
            self._out.append(f"<p{written}{_direction(token)}>{also}")
        return index

    def _block_id(self, inline: Token) -> Anchor:
        """Take a name ``^name`` off the end of a paragraph; "" if there is none."""
        children = inline.children or []
        last = children[-1] if children else None
        found = _BLOCK_ID.search(last.content) if last and last.type == "text" else None
        is_in_line = len(children) > 1 and children[-2].type not in {"softbreak", "hardbreak"}
        if last is None or found is None or (found.start() == 0 and found[0][0] == "^" and is_in_line):
            return Anchor("")
        last.content = last.content[: found.start()]
        if not last.content:
            del children[-1 if is_in_line else -2 :]
        span = self._places.find(f"^{found[1]}", inline.map[1] - 1 if inline.map else 0)
        return self._findings.landmark(found[1], span)

    def _transclusion(self, child: Token, inside: Inside) -> str:
        """Compile an entry embedded in a block of its own."""
        meta = child.meta
        span = inside.span(meta["at"])
        label = meta["label"] or shown_name(meta["target"], meta["section"])
        section = inside.span(meta["section_at"]) if meta["section_at"] else NOWHERE
        number = self._findings.refer(
            Reference(
                meta["target"], meta["section"], label, "wikilink", span, role="embed", section_span=section
            )
        )
        level = self._findings.headings[-1].level if self._findings.headings else 1
        self._findings.transclusions.append(Transclusion(number, level))
        return f"{SLOT}t{len(self._findings.transclusions) - 1}{SLOT}"

    def _inline_block(self, tokens: list[Token], index: int, containers: list[str], *, top: bool) -> None:
        token = tokens[index]
        if not token.children:
            return
        is_kept = self._keeps_prose and self._is_prose_block(tokens, index)
        inside = self._places.inside(token)
        line = self._lines.line(token, inside, is_kept=is_kept)
        if is_kept:
            places = inside.part(token.meta.get("start", 0), len(token.content))
            self._prose.append((len(self._out), line, token.content, places))
        self._out.append(line.html)
        self._findings.words.append(line.words)
        if not top or "callout_open" in containers or "table_open" in containers:
            return
        if tokens[index - 1].type == "paragraph_open" and _is_prose(token):
            if not containers and not self._has_more:
                self._has_more = any(piece.kind == "more" for piece in line.pieces)
                self._opening.append(line.before_more)
            if self._lead is None and not containers:
                self._lead = line
            elif self._other_prose is None:
                self._other_prose = line

    def _is_prose_block(self, tokens: list[Token], index: int) -> bool:
        """Whether a line is running text: no title, no head of a column or a definition, no footnote."""
        return (
            not self._findings.note_depth
            and not self._closed
            and tokens[index - 1].type not in {"callout_title_open", "th_open", "dt_open"}
        )

    def _kept_prose(self) -> bytes:
        """The lines in which names will be looked for."""
        lengths = [0, *accumulate(map(len, self._out))] if self._prose else []
        return kept(
            [
                ProseLine(lengths[number], tuple(line.pieces), source, places)
                for number, line, source, places in self._prose
            ]
        )

    def _heading(self, tokens: list[Token], index: int) -> int:
        level = max(2, int(tokens[index].tag[1:]) - self._first_level + 1)
        behind = self._block_id(tokens[index + 1])
        line = self._lines.heading(tokens[index + 1])
        text = line.cut(self._findings.formulas, keep_citations=False).text or tokens[index + 1].content
        own, attributes = self._attributes(tokens[index], name=behind)
        name = behind or own or self._findings.anchor(anchor(text))
        also = f'<span id="{SLOT}p{SLOT}{escape(own)}"></span>' if behind and own else ""
        if not (behind or own):
            attributes = f' id="{SLOT}p{SLOT}{name}"{attributes}'
        written = _BLOCK_ID.sub("", tokens[index + 1].content) if behind else tokens[index + 1].content
        source = written if letters_of(written) != letters_of(text) else ""
        self._findings.headings.append(Heading(level, name, text, source))
        if not self._findings.note_depth:
            self._passages.begin_section(name, level)
        self._findings.words.append(line.words)
        self._out.append(
            f"<{SLOT}h{level}{SLOT}{attributes}{_direction(tokens[index])}>"
            f'<a class="anchor" href="#{SLOT}p{SLOT}{escape(name)}" aria-label="{SLOT}wLink to this section{SLOT}">§</a>'
            f"{also}{line.html}</{SLOT}h{level}{SLOT}>\n"
        )
        return index + 2

    def _callout(self, token: Token) -> str:
        kind = ALIASES.get(token.info, token.info)
        metadata = str(token.meta["metadata"]).lower().split()
        name = " ".join(dict.fromkeys(re.sub(r"[^\w-]+", "-", word) for word in (kind, *metadata)))
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
            self._findings.report(
                "unsupported-diagram", self._places.block(token), f"a `{language}` diagram is not drawn",
                why="its source is shown as a code block",
            )  # fmt: skip
        elif code_blocks.is_for_plugin(language):
            is_callout = language.startswith("ad-")
            self._findings.report(
                "plugin-block", self._places.block(token), f"`{language}` blocks are for a plugin of another program",
                why="no plugin runs here: its source is shown as a code block",
                help=f"write it as a callout, `> [!{language[3:]}]`" if is_callout else "",
            )  # fmt: skip
        elif not code_blocks.is_known(language):
            self._findings.report(
                "unknown-language", self._places.block(token), f"no highlighter knows `{language}`",
                help="leave the language out to silence this",
            )  # fmt: skip
        name = code_blocks.language_name(language)
        html = code_blocks.coloured(token.content, language)
        self._out.append(
            f'<figure class="code"><figcaption><span>{escape(name)}</span>'
            f'<button class="tex js-only" type="button" data-copy>{SLOT}wCopy{SLOT}</button></figcaption>'
            f"<pre><code>{html}</code></pre></figure>\n"
        )

    def _diagram(self, token: Token) -> None:
        first = token.map[0] + 1 if token.map else 0
        lines = token.content.split("\n")
        starts = (
            self._places.find(line.strip(), first + number).start - (len(line) - len(line.lstrip()))
            for number, line in enumerate(lines)
        )
        self._out.append(f"{SLOT}d{len(self._findings.diagrams)}{SLOT}\n")
        self._findings.diagrams.append(Diagram(token.content))
        self._findings.diagram_places.append(FormulaPlace(tuple(starts)))

    def _display(self, token: Token) -> None:
        starts = [self._places.body + at for at in token.meta["lines"]]
        slot, names = self._findings.equation(token, starts, display=True)
        equation = token.meta.get("equation")
        if name := token.meta["name"]:
            span = self._places.find(name, token.map[1] - 1 if token.map else 0)
            names.append(self._findings.landmark(name, span, equation.shown if equation else ""))
        if not names:
            self._out.append(slot + "\n")
            return
        if not self._findings.note_depth:
            self._passages.begin_block(*names)
        first, *others = (f' id="{SLOT}p{SLOT}{escape(name)}"' for name in names)
        self._out.append(f"<div{first}>{''.join(f'<span{one}></span>' for one in others)}{slot}</div>\n")
        self._passages.end_block()

    def _html_block(self, token: Token, tags: list[Tag]) -> None:
        """Write a block of raw HTML."""
        inside = self._places.inside(token)
        for number, tag in enumerate(tags):
            span = inside.span((tag.at, tag.at + len(tag.raw)))
            if tag.kind == "open" and not tag.fault:
                self._passages.enter()
            elif tag.kind == "close" and not tag.fault:
                self._passages.leave()
            first = len(self._findings.references)
            check(tag)
            made = self._lines.html(tag, span)
            html = "".join([piece.html for piece in made]) if made or tag.is_mark else tag.html
            if tag.own_name and not tag.fault:
                anchor = escape(self._findings.landmark(tag.own_name, span))
                html = f'<span id="{SLOT}p{SLOT}{anchor}"></span>{html}' if made or tag.is_mark else html.replace(
                    f"<{tag.name}", f'<{tag.name} id="{SLOT}p{SLOT}{anchor}"', 1
                )  # fmt: skip
            self._out.append(html)
            if len(self._findings.references) > first:
                self._findings.label(first, _text_inside(tags, number))
            if tag.fault:
                self._lines.refuse(tag, span)
            else:
                self._closed = max(0, self._closed + closed_by(tag.raw))
            if not tag.name:
                self._findings.words.append(unescape(tag.raw))


def _text_inside(tags: Sequence[Tag], number: int) -> str:
    """The text between a tag and its end."""
    texts = (
        tag.raw for tag in takewhile(lambda one: one is not tags[number].other, tags[number:]) if not tag.name
    )
    return " ".join(unescape("".join(texts)).split())


def _embeds(token: Token) -> list[Token]:
    """The entries that a paragraph embeds, if it does nothing else."""
    children = token.children or []
    embeds = [child for child in children if child.type == "embed" and not is_media(child.meta["target"])]
    others = (
        child for child in children if child.type not in {"embed", "softbreak"} and child.content.strip()
    )
    is_all = len(embeds) == sum(child.type == "embed" for child in children) and not any(others)
    return embeds if is_all else []


def _captioned(token: Token) -> Token | None:
    """The picture with a title that a paragraph consists of: the title is its caption."""
    children = [child for child in token.children or () if child.type != "text" or child.content.strip()]
    is_picture = len(children) == 1 and children[0].type == "image"
    is_ours = is_picture and "://" not in str(children[0].attrs.get("src", ""))
    return children[0] if is_ours and children[0].attrs.get("title") else None


def _direction(token: Token) -> str:
    """The attribute of a block that has letters of a right-to-left script."""
    return ' dir="auto"' if "dir" in token.attrs else ""


def _is_name(tokens: Sequence[Token], index: int) -> bool:
    """Whether a token opens a paragraph that only names the block above it: ``^name``."""
    return (
        tokens[index].type == "paragraph_open"
        and re.fullmatch(r"\^[A-Za-z0-9-]+", tokens[index + 1].content.strip()) is not None
    )


def _is_prose(token: Token) -> bool:
    """Whether a paragraph says something: more than images, embeds, tags and marks."""
    lost = token.meta.get("lost_attributes")
    if lost and len(lost) > token.content.count("\n"):
        return False
    return any(
        child.type in {"code_inline", "math"}
        or (child.type == "text" and any(map(str.isalnum, child.content)))
        for child in token.children or ()
    )

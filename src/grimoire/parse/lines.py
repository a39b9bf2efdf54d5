"""Compile the inline tokens of a line into pieces, and give each mention the sentence around it."""

import re
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec
from markdown_it.token import Token

from grimoire.model import SLOT, Citation, Fragment
from grimoire.parse.equations import only_reference
from grimoire.parse.findings import Findings
from grimoire.parse.html_places import line_tags
from grimoire.parse.pieces import Line, Piece
from grimoire.parse.places import Cursor, Inside, Places
from grimoire.parse.prose import FORMULA, Sentences
from grimoire.parse.raw_html import Tag, escape
from grimoire.parse.targets import Targets, check
from grimoire.source import Span

HtmlPolicy = Literal["safe", "trusted"]
_MORE = re.compile(r"<!--\s*more\s*-->\s*", re.IGNORECASE)


class Lines:
    """Compiles lines; made for one entry and thrown away."""

    def __init__(
        self,
        findings: Findings,
        places: Places,
        *,
        html: HtmlPolicy,
        videos: Sequence[tuple[str, Span]],
        note: Callable[[Token, Inside], Piece],
    ) -> None:
        """Begin.

        Args:
            findings: where all is noted.
            places: places in the file.
            html: what raw HTML may do.
            videos: the addresses that ``[yt]`` marks without one take, in order.
            note: compiles a footnote where it is referred to.
        """
        self._findings, self._places, self._policy, self._note = findings, places, html, note
        self._targets = Targets(findings, self._pieces, videos)
        self.note_given_videos, self.html = self._targets.note_given_videos, self._targets.html
        self._cursor: Cursor | None = None
        """Goes through the source of the line that is compiled, if it is kept."""

    def heading(self, token: Token) -> Line:
        """Compile the text of a heading."""
        self._targets.in_heading = True
        line = self.line(token)
        self._targets.in_heading = False
        return line

    def title(self, token: Token) -> Line:
        """Compile a text that is shown in many places: a title or a summary."""
        self._targets.in_title = True
        line = self.heading(token)
        self._targets.in_title = False
        return line

    def line(self, token: Token, inside: Inside | None = None, *, is_kept: bool = False) -> Line:
        """Compile an inline token, and give each mention in it the sentence around it.

        Args:
            token: the line.
            inside: places in its text, if it does not stand in the file by itself.
            is_kept: whether names will be looked for in it, so that its texts must know their places.
        """
        first_reference, first_video = len(self._findings.references), len(self._findings.videos)
        cursor = Cursor(token.content, token.meta.get("start", 0)) if is_kept else None
        outer, self._cursor = self._cursor, cursor
        line = Line(self._pieces(token.children or [], inside or self._places.inside(token)))
        self._cursor = outer
        if len(self._findings.references) > first_reference or len(self._findings.videos) > first_video:
            self._excerpts(line, first_reference)
        return line

    def _excerpts(self, line: Line, first_reference: int) -> None:
        findings, sentences = self._findings, Sentences(line.text)
        starts: dict[int, int] = {}
        shown: set[tuple[str, str, int]] = set()
        for index, piece in enumerate(line.pieces):
            number = piece.number
            if piece.kind == "link_open" and number >= first_reference:
                starts[number] = index
            elif piece.kind == "link_close" and number in starts:
                first = starts.pop(number)
                start = line.place(first)
                reference = findings.references[number]
                # What names the same twice in a sentence needs the sentence once.
                mention = reference.target, reference.section, sentences.number(start)
                is_new = mention not in shown
                shown.add(mention)
                findings.references[number] = msgspec.structs.replace(
                    reference,
                    excerpt=line.excerpt(
                        findings.formulas, sentences, first, index, mark=number, keep_brackets=True
                    )
                    if is_new
                    else Fragment(),
                    label=line.words_of(findings.formulas, first + 1, index),
                )
            elif piece.kind == "aside" and number >= 0 and findings.videos[number].url:
                findings.videos[number] = msgspec.structs.replace(
                    findings.videos[number],
                    excerpt=line.excerpt(findings.formulas, sentences, index, index, keep_brackets=True),
                )

    def _pieces(self, children: Sequence[Token], inside: Inside) -> list[Piece]:
        pieces: list[Piece] = []
        tags = line_tags(children, is_trusted=self._policy == "trusted")
        open_links: list[Piece | None] = []
        spans: list[bool] = []
        """Whether each span that is open is written."""
        index = 0
        while index < len(children):
            child = children[index]
            kind = child.type
            at = self._cursor.at(child) if self._cursor else -1
            if kind == "text":
                pieces.append(Piece("text", escape(child.content), child.content, at=at))
            elif kind in {"softbreak", "hardbreak"}:
                html = "\n" if kind == "softbreak" else "<br>\n"
                pieces.append(Piece("atom", html, "\n" if kind == "softbreak" else " "))
            elif kind == "math":
                pieces += self._math(child, inside)
            elif kind == "equation":
                meta = child.meta
                pieces += self._targets.equation(
                    meta["verb"], meta["name"], child.content, inside.span(meta["at"])
                )
            elif kind == "code_inline":
                pieces.append(Piece("atom", f"<code>{escape(child.content)}</code>", child.content))
            elif kind == "html_inline":
                pieces += self._inline_tag(tags[index], inside.span(child.meta["at"]))
            elif kind == "ref_open":
                index = self._targets.reference(children, index, inside, pieces)
            elif kind == "link_open":
                index = self._targets.link(children, index, inside, pieces, open_links)
            elif kind == "link_close":
                if closing := open_links.pop():
                    pieces.append(closing)
            elif kind == "video":
                pieces.append(self._targets.video(child.meta["url"], inside.span(child.meta["at"])))
            elif kind == "embed":
                pieces += self._targets.embed(child, inside)
            elif kind == "image":
                pieces += self._targets.image(child, inside)
            elif kind == "footnote_ref":
                pieces.append(self._note(child, inside))
            elif kind == "citation":
                pieces.append(self._citation(child, inside))
            elif kind == "verbatim":
                pieces.append(self._verbatim(child, inside))
            elif kind == "tag":
                pieces += self._targets.tag(child, inside)
            elif kind == "comment":
                pass
            elif kind == "abbr_open":
                pieces.append(Piece("open", f'<abbr title="{escape(child.meta["title"])}">'))
            elif kind == "span_open":
                anchor, classes = self._findings.attributes(
                    child.meta["attributes"], inside.span(child.meta["at"])
                )
                spans.append(bool(classes))
                pieces += self._mark(anchor)
                pieces += [Piece("open", f'<span class="{classes}">')] if classes else []
            elif kind == "span_close":
                pieces += [Piece("close", "</span>")] if spans.pop() else []
            elif child.nesting == 1:
                about = f' class="{child.attrs["class"]}"' if "class" in child.attrs else ""
                pieces.append(Piece("open", f"<{child.tag}{about}>"))
            elif child.nesting == -1:
                pieces.append(Piece("close", f"</{child.tag}>"))
            elif child.content:
                pieces.append(Piece("text", escape(child.content), child.content))
            index += 1
        return pieces

    def _inline_tag(self, tag: Tag, span: Span) -> list[Piece]:
        check(tag)
        if tag.kind == "comment" and is_more(tag.raw):
            return [Piece("more", "")]
        if tag.fault:
            self.refuse(tag, span)
            return [Piece("text", tag.html, tag.raw)]
        mark = self._mark(self._findings.landmark(tag.own_name, span)) if tag.own_name else []
        made = self._targets.html(tag, span)
        if made or tag.is_mark:
            return [*mark, *made]
        if tag.kind == "open":
            return [*mark, Piece("open", tag.html)]
        if tag.kind == "close":
            return [Piece("close", tag.html)]
        return [*mark, Piece("atom", tag.html, " " if tag.name in {"br", "wbr"} else "")]

    def _math(self, child: Token, inside: Inside) -> list[Piece]:
        if reference := only_reference(child.content):
            return self._targets.equation(*reference, child.content, inside.span(child.meta["at"]))
        starts = []
        at = child.meta["tex"]
        for line in child.content.split("\n"):
            starts.append(inside.at(at))
            at += len(line) + 1
        slot, anchors = self._findings.equation(child, starts, display=child.meta["display"])
        marks = [mark for anchor in anchors for mark in self._mark(anchor)]
        return [*marks, Piece("formula", slot, FORMULA, len(self._findings.formulas) - 1)]

    @staticmethod
    def _mark(anchor: str) -> list[Piece]:
        """What bears an anchor within a line; it is no part of what other pages show."""
        return [Piece("aside", f'<span id="{SLOT}p{SLOT}{escape(anchor)}"></span>')] if anchor else []

    def _citation(self, child: Token, inside: Inside) -> Piece:
        """Compile a citation; what only may be one is none in a heading, whose anchor must not depend on it."""
        if self._targets.in_heading and not child.meta["is_sure"]:
            return Piece("text", escape(child.content), child.content)
        spans = tuple(map(inside.span, child.meta["keys"]))
        self._findings.citations.append(
            Citation(child.meta["cluster"], spans, child.meta["is_sure"], self._findings.note_depth > 0)
        )
        number = len(self._findings.citations) - 1
        return Piece("citation", f"{SLOT}c{number}{SLOT}", FORMULA, number)

    def _verbatim(self, child: Token, inside: Inside) -> Piece:
        text = child.content
        self._findings.report(
            "undefined-footnote", inside.span(child.meta["at"]), f"the footnote `{text}` is not defined",
            help=f"write a line `{text}: …`, or remove the mark",
        )  # fmt: skip
        return Piece("text", escape(text), text)

    def refuse(self, tag: Tag, span: Span) -> None:
        """Say that a tag is shown as text; its two ends are one fault."""
        if tag.is_told:
            return
        shown = tag.raw if len(tag.raw) < 40 else tag.raw[:39] + "…"
        self._findings.report(
            "raw-html", span, f"the HTML tag `{shown}` is shown as text", why=tag.fault,
            help="write it in Markdown, or put it in backticks; `html: trusted` in site.yaml lets all through",
        )  # fmt: skip


def is_more(html: str) -> bool:
    """Whether some HTML is the comment with which an author ends the summary."""
    return _MORE.fullmatch(html) is not None

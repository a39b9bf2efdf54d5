"""What a line points at: names, addresses, videos, embedded files, tags; each becomes pieces.

The module is longer than others because each kind of target has its few lines here.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import unquote

import msgspec
from markdown_it.token import Token

from grimoire.addresses import HARMLESS, WEB, as_read, is_allowed, is_outside, scheme
from grimoire.model import SLOT, ImageUse, Reference, VideoUse
from grimoire.parse.findings import Findings
from grimoire.parse.pieces import Line, Piece
from grimoire.parse.places import Inside
from grimoire.parse.prose import FORMULA
from grimoire.parse.raw_html import Tag, escape
from grimoire.parse.syntax.links import shown_name
from grimoire.source import NOWHERE, Span

_PICTURES = frozenset("apng avif bmp gif jpeg jpg png svg webp".split())
_MEDIA = _PICTURES | frozenset("flac m4a mkv mov mp3 mp4 oga ogg ogv opus pdf wav webm".split())
_KEPT = frozenset(("class", "dir", "lang"))
"""What a link or a picture in HTML keeps, on an element around it."""
_BLANKS = str.maketrans("\t\n\r", "   ")
_PIXELS = re.compile(r"\s*(\d{1,5})(?:px)?\s*")
_QUERY = re.compile(r"\?(?:[\w-]+=.*)?$")
_SIZE = re.compile(r"(\d{1,5})(?:x(\d{1,5}))?")


class Targets:
    """Compiles what points somewhere; made for one entry and thrown away."""

    def __init__(
        self,
        findings: Findings,
        pieces: Callable[[Sequence[Token], Inside], list[Piece]],
        videos: Sequence[tuple[str, Span]],
    ) -> None:
        """Begin.

        Args:
            findings: where all is noted.
            pieces: compiles the tokens between a link's ends.
            videos: the addresses that ``[yt]`` marks without one take, in order.
        """
        self._findings, self._pieces = findings, pieces
        self._given_videos = list(videos)
        self._html_ends: dict[Tag, list[Piece]] = {}
        """What ends each link in HTML that is open."""
        self.in_heading = False
        """Whether the line is a heading, in which a tag is no link."""
        self.in_title = False
        """Whether the line is shown in many places, where words stand for pictures."""

    def note_given_videos(self) -> None:
        """Note the addresses that no mark took."""
        for url, span in self._given_videos:
            if url := self._video_address(url, span):
                self._findings.videos.append(VideoUse(url, span))

    def reference(self, children: Sequence[Token], index: int, inside: Inside, pieces: list[Piece]) -> int:
        """Compile a link by name; returns the index of its closing token."""
        opening = children[index]
        end = next(at for at in range(index + 1, len(children)) if children[at].type == "ref_close")
        span = inside.span(opening.meta["at"])
        inner = self._pieces(children[index + 1 : end], inside)
        label = Line(inner).words_of(self._findings.formulas, 0, len(inner))
        target = opening.meta.get("target", label)
        rival = opening.meta["rival"]
        if rival and is_outside(rival):
            if target.lower() == "yt":
                pieces.append(self.video(rival, span))
            else:
                pieces += self._external(rival, inner, span)
            return end
        section = opening.meta["section"]
        if opening.meta["syntax"] == "wikilink" and is_media(target):
            pieces.append(self._file(target, section, label, span))
            return end
        at = opening.meta.get("section_at")
        section_span = inside.span(at) if at else NOWHERE
        number = self._findings.refer(
            Reference(
                target, section, label, opening.meta["syntax"], span, section_span=section_span, rival=rival
            )
        )
        if section.startswith("^") and opening.meta["is_bare"]:
            # What the other entry calls its block is known when all entries are.
            inner = [Piece("text", f"{SLOT}n{number}.{label}{SLOT}", label)]
        linked = self._linked(number, inner)
        if opening.meta["syntax"] == "bracket":
            ends = Piece("bracket_open", "", number=number), Piece("bracket_close", "", number=number)
            linked = [ends[0], *linked, ends[1]]
        pieces += linked
        return end

    def equation(self, verb: str, name: str, source: str, span: Span) -> list[Piece]:
        r"""A reference to an equation is a link with its number: ``(3)``, or ``3`` for ``\ref``."""
        number = self._findings.labels.get(name)
        if number is None:
            self._findings.unknown_label(name, span)
            return [Piece("text", escape(source), source)]
        shown = f"({number})" if verb == "eqref" else number
        reference = self._findings.refer(Reference("", f"^{name}", shown, "wikilink", span))
        if not re.search(r"[\\$^_{}]", number):
            return self._linked(reference, [Piece("text", escape(shown), shown)])
        # A tag may hold TeX.
        tex = f"\\text{{(}}\\text{{{number}}}\\text{{)}}" if verb == "eqref" else f"\\text{{{number}}}"
        slot = self._findings.formula(tex, (span.start,), display=False)
        return self._linked(reference, [Piece("formula", slot, FORMULA, len(self._findings.formulas) - 1)])

    def tag(self, child: Token, inside: Inside) -> list[Piece]:
        """A tag is a reference to its own page."""
        shown = child.content
        if self.in_heading:
            return [Piece("text", escape(shown), shown)]
        span = inside.span(child.meta["at"])
        self._findings.references.append(Reference(child.meta["tag"], "", shown, "tag", span))
        return self._linked(len(self._findings.references) - 1, [Piece("text", escape(shown), shown)])

    def _linked(self, number: int, inner: list[Piece]) -> list[Piece]:
        return [
            Piece("link_open", f"{SLOT}a{number}{SLOT}", number=number),
            *inner,
            Piece("link_close", f"{SLOT}z{number}{SLOT}", number=number),
        ]

    def _external(self, url: str, inner: list[Piece], span: Span, title: str = "") -> list[Piece]:
        if not self._is_safe(url, span):
            return inner
        about = f' title="{escape(title)}"' if title else ""
        opening = Piece("link_open", f'<a class="x" href="{escape(as_read(url))}"{about}>')
        return [opening, *inner, Piece("link_close", "</a>")]

    def _is_safe(self, url: str, span: Span) -> bool:
        if is_allowed(url):
            return True
        self._findings.report(
            "unsafe-url", span, f"an address with the scheme `{scheme(url)}:` is left out",
            why="only " + ", ".join(sorted(HARMLESS)) + " are known to be harmless",
        )  # fmt: skip
        return False

    def link(
        self,
        children: Sequence[Token],
        index: int,
        inside: Inside,
        pieces: list[Piece],
        open_links: list[Piece | None],
    ) -> int:
        """Compile a Markdown link's opening; returns the index to go on from."""
        opening = children[index]
        href = str(opening.attrs.get("href", ""))
        span = inside.span(opening.meta.get("at", (0, 1)))
        is_empty = children[index + 1].type == "link_close"
        if _is_video_mark(children, index):
            pieces.append(self.video(href, span))
            return index + 2
        if is_file(href):
            end = next(at for at in range(index, len(children)) if children[at].type == "link_close")
            path, fragment = _path(href)
            label = plain_text(children[index + 1 : end]) or path.rpartition("/")[2]
            pieces.append(self._file(path, fragment, label, span))
            return end
        if is_outside(href) and not self._is_safe(href, span):
            open_links.append(None)
            shown = href
        else:
            at = opening.meta.get("section_at")
            first, last = self._ends(
                href, str(opening.attrs.get("title", "")), span, inside.span(at) if at else NOWHERE
            )
            pieces.append(first)
            open_links.append(last)
            shown = href if first.number < 0 else _shown_path(href)
        if is_empty:
            pieces.append(Piece("text", escape(shown), shown))
        return index

    def _ends(self, href: str, title: str, span: Span, section_span: Span = NOWHERE) -> tuple[Piece, Piece]:
        """The two ends of a link to an address."""
        if is_outside(href):
            about = f' title="{escape(title)}"' if title else ""
            opening = Piece("link_open", f'<a class="x" href="{escape(as_read(href))}"{about}>')
            return opening, Piece("link_close", "</a>")
        number = self._findings.refer(
            Reference(*_path(href), "", "markdown", span, section_span=section_span)
        )
        opening = Piece("link_open", f"{SLOT}a{number}{SLOT}", number=number)
        return opening, Piece("link_close", f"{SLOT}z{number}{SLOT}", number=number)

    def video(self, url: str, span: Span) -> Piece:
        """Compile a video mark; one without an address takes the next of those given."""
        if url and self.in_title:
            self._findings.report(
                "missing-video", span, "the title has a video",
                why="a title is shown in many places and plays none", help="move it into the text",
            )  # fmt: skip
            return Piece("text", "yt", "yt")
        at = span
        if not url and self._given_videos:
            url, at = self._given_videos.pop(0)
        if url:
            url = self._video_address(url, at)
        else:
            self._findings.report(
                "missing-video", span, "this `[yt]` has no address",
                why="the entry's `yt:` list has fewer addresses than the text has `[yt]`",
                help="write `[yt](https://…)`, or add the address to `yt:`",
            )  # fmt: skip
        self._findings.videos.append(VideoUse(url, span))
        number = len(self._findings.videos) - 1
        return Piece("aside", f"{SLOT}v{number}{SLOT}", number=number)

    def _video_address(self, url: str, span: Span) -> str:
        """The address of a video; "" for one that is none of the web."""
        if is_allowed(url, WEB):
            return as_read(url)
        self._findings.report(
            "unsafe-url", span, f"a video has the address `{url}`",
            help="give an address that begins with `https://`",
        )  # fmt: skip
        return ""

    def embed(self, child: Token, inside: Inside) -> list[Piece]:
        """Compile a file embedded by name, or an entry, which a line can only link to."""
        target = child.meta["target"]
        span = inside.span(child.meta["at"])
        if not is_media(target):
            # Within a line an entry cannot be shown: it is linked to.
            label = child.meta["label"] or shown_name(target, child.meta["section"])
            at = child.meta["section_at"]
            number = self._findings.refer(
                Reference(
                    target, child.meta["section"], label, "wikilink", span,
                    section_span=inside.span(at) if at else NOWHERE,
                )
            )  # fmt: skip
            return self._linked(number, [Piece("text", escape(label), label)])
        alt, width, height = "", 0, 0
        for part in child.meta["label"].split("|"):
            if size := _SIZE.fullmatch(part.strip()):
                width, height = int(size[1]), int(size[2] or 0)
            elif part.strip():
                alt = part.strip()
        part = f"#{child.meta['section']}" if child.meta["section"] else ""
        return [self._picture(ImageUse(f"{target}{part}", alt, span, width, height))]

    def image(self, child: Token, inside: Inside) -> list[Piece]:
        """Compile a picture of plain Markdown."""
        alt = plain_text(child.children or [])
        title = str(child.attrs.get("title", ""))
        width, height = child.meta.get("size", (0, 0))
        name, bar, size = alt.rpartition("|")
        if bar and (found := _SIZE.fullmatch(size.strip())):
            alt, width, height = name.strip(), int(found[1]), int(found[2] or 0)
        source, span = str(child.attrs.get("src", "")), inside.span(child.meta.get("at", (0, 1)))
        return self._embedded(
            ImageUse(source, alt, span, width, height, title), in_link=child.meta["in_link"]
        )

    def html(self, tag: Tag, span: Span) -> list[Piece]:
        """Compile a picture or an end of a link that is written in HTML; nothing if it is another tag."""
        if tag.fault or tag.name not in {"a", "img"}:
            return []
        source, href = tag.attributes.get("src", ""), tag.attributes.get("href", "")
        if tag.kind == "close":
            return self._html_ends.pop(tag, [])
        if source:
            made, ends = self._embedded(self._measured(tag, span), in_link=bool(self._html_ends)), []
        elif href:
            opening, closing = self._ends(href, tag.attributes.get("title", ""), span)
            made, ends = [opening], [closing]
        else:
            return []
        kept = [f' {key}="{escape(value)}"' for key, value in tag.attributes.items() if key in _KEPT]
        if kept:
            made, ends = [Piece("open", f"<span{''.join(kept)}>"), *made], [*ends, Piece("close", "</span>")]
        if tag.other:
            self._html_ends[tag.other] = ends
            return made
        return [*made, *ends]

    def _measured(self, tag: Tag, span: Span) -> ImageUse:
        """A picture in HTML, as large as it asks to be."""
        size = {}
        for name in ("width", "height"):
            written = tag.attributes.get(name, "")
            if found := _PIXELS.fullmatch(written):
                size[name] = int(found[1])
            elif written:
                self._findings.report(
                    "raw-html", span, f"the {name} `{written}` of a picture has no effect",
                    why="a picture is measured in pixels", help=f'write a number, as `{name}="300"`',
                )  # fmt: skip
        alt, title = tag.attributes.get("alt", ""), tag.attributes.get("title", "")
        return ImageUse(tag.attributes["src"], alt, span, size.get("width", 0), size.get("height", 0), title)

    def _embedded(self, image: ImageUse, *, in_link: bool) -> list[Piece]:
        """A picture; one on another host would be a request to a third party: it becomes a link.

        In a link, which can hold neither a link nor a player, what says what it shows stands for it.
        """
        path = unquote(image.target)
        label = image.alt or image.target
        if is_outside(image.target):
            shown = [Piece("text", escape(label), label)]
            return shown if in_link else self._external(image.target, shown, image.span, image.title)
        if in_link and is_media(path) and not _is_picture(path):
            return [Piece("text", escape(label), label)]
        return [self._picture(msgspec.structs.replace(image, target=path))]

    def _file(self, path: str, fragment: str, label: str, span: Span) -> Piece:
        """A link to a file, which is published with the site; of a PDF also to a page."""
        target = f"{path}#{fragment}" if fragment else path
        label = path.rpartition("/")[2] if label == fragment else label
        self._findings.images.append(ImageUse(target, label, span, is_link=True))
        return Piece("file", f"{SLOT}i{len(self._findings.images) - 1}{SLOT}", label)

    def _picture(self, image: ImageUse) -> Piece:
        if self.in_title:
            label = image.alt or image.target.rpartition("/")[2]
            return Piece("text", escape(label), label)
        self._findings.images.append(image)
        return Piece("aside", f"{SLOT}i{len(self._findings.images) - 1}{SLOT}")


def plain_text(tokens: Iterable[Token]) -> str:
    """The text of inline tokens without any markup, formulas as their TeX."""
    texts = (
        " " if token.type.endswith("break") else token.content or plain_text(token.children or ())
        for token in tokens
    )
    return " ".join("".join(texts).split())


def is_media(target: str) -> bool:
    """Whether an embedded name is that of a file rather than of an entry."""
    return "." in target and target.rpartition(".")[2].lower() in _MEDIA


def _is_picture(target: str) -> bool:
    return target.rpartition(".")[2].lower() in _PICTURES


def is_file(href: str) -> bool:
    """Whether an address leads to a file of the site that is no entry."""
    return not is_outside(href) and is_media(_path(href)[0].rpartition("/")[2])


def check(tag: Tag) -> None:
    """Refuse a link in HTML to a file: the text that is to be shown for it is not at hand."""
    href = tag.attributes.get("href", "")
    if tag.name == "a" and tag.kind == "open" and is_file(href):
        tag.refuse(f"a link to a file has to be written in Markdown: `[text]({href})`")


def _path(href: str) -> tuple[str, str]:
    """The path of an address in the site, and the section behind it; a name may hold an encoded ``#`` or ``?``."""
    path, _, section = href.translate(_BLANKS).partition("#")
    return unquote(_QUERY.sub("", path)).translate(_BLANKS), unquote(section).translate(_BLANKS)


def _shown_path(href: str) -> str:
    return shown_name(*_path(href))


def _is_video_mark(children: Sequence[Token], index: int) -> bool:
    """Whether a Markdown link is ``[yt](address)``."""
    return (
        index + 2 < len(children)
        and children[index + 1].type == "text"
        and children[index + 1].content == "yt"
        and children[index + 2].type == "link_close"
    )

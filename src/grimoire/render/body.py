"""Slots and what fills them: formulas, links, videos, images, diagrams, citations, side notes.

A body was compiled once, by `parse`, and says nothing of where its links lead or how its formulas look; the
page's record says it. Everything here but a diagram is inline HTML (a displayed formula is a ``span``), because a slot may
stand inside a paragraph or a side note, where a ``div`` would end the paragraph.

The module is longer than others because each kind of slot has its few lines here.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from gettext import NullTranslations
from html import escape

from grimoire.model import (
    Ambiguous,
    Diagram,
    Formula,
    Found,
    Fragment,
    Image,
    Link,
    Missing,
    Passage,
    Plain,
    Video,
)
from grimoire.pages import Embedded, Text
from grimoire.render.citing import becomes_note, citation, noted
from grimoire.render.inserts import inserted
from grimoire.render.notes import Notes
from grimoire.render.sheet import Sheet, fill

_LOWEST = 6
"""The lowest level of heading that HTML has."""

_RIGHT_TO_LEFT = re.compile(r"(?:ar|arc|ckb|dv|fa|he|ks|ps|sd|ug|ur|yi)(?:-(?!Latn).*)?", re.IGNORECASE)


def direction(language: str) -> str:
    """Give the direction in which a language is written: ``rtl`` or ``ltr``."""
    return "rtl" if _RIGHT_TO_LEFT.fullmatch(language) else "ltr"


def text(sheet: Sheet, text: Text, prefix: str = "", deeper: int = 0) -> str:
    """Give the body of an entry with its slots filled.

    Args:
        sheet: the page; its side notes are counted on.
        text: what fills the slots.
        prefix: stands in front of every id, so that several bodies fit in one page.
        deeper: by how many levels the headings are lowered.
    """
    body = sheet.bodies(text.body)
    place = _places(text.part)

    def equation(slot: str, number: str) -> str:
        return formula(sheet, text.formulas[place(slot)], number, prefix)

    def name(slot: str, own: str) -> str:
        return link_text(text.links[place("a" + slot[1:])], own)

    fillers: dict[str, Callable[[str], str]] = {
        "m": lambda slot: equation(*_cut(slot)),
        "a": lambda slot: opening(sheet, text.links[place(slot)]),
        "z": lambda slot: closing(text.links[place("a" + slot[1:])]),
        "n": lambda slot: name(*_cut(slot)),
        "v": lambda slot: video(sheet, text.videos[place(slot)]),
        "i": lambda slot: image(sheet, text.images[place(slot)]),
        "d": lambda slot: diagram(sheet, text.diagrams[place(slot)]),
        "t": lambda slot: embedded(sheet, text.embedded[place(slot)], f"{prefix}_e{slot[1:]}-", deeper),
        "c": lambda slot: citation(sheet, text.citations[place(slot)], prefix),
        "f": lambda slot: notes.mark(int(slot[1:])),
        "h": lambda slot: f"h{min(int(slot[1:]) + deeper, _LOWEST)}",
        "p": lambda _: prefix,
        "w": lambda slot: escape(sheet.words.gettext(slot[1:])),
    }

    def filled(html: str) -> str:
        return fill(html, lambda slot: fillers[slot[0]](slot))

    notes = Notes(sheet, prefix, body.notes, filled)
    start, end = (text.part.start, text.part.end) if text.part else (0, len(body.html))
    source = inserted(body.html[start:end], text.inserts, start, lambda link: opening(sheet, link))
    if sheet.cited and sheet.cited.is_note:
        source = noted(source, lambda slot: becomes_note(sheet, text.citations[place(slot)]))
    html = filled(source) + notes.section()
    if not text.lang:
        return html
    return f'<div class="tongue" lang="{escape(text.lang)}" dir="{direction(text.lang)}">{html}</div>'


def _cut(slot: str) -> tuple[str, str]:
    """A slot's name, and what stands behind the stop in it."""
    slot, _, rest = slot.partition(".")
    return slot, rest


def _places(part: Passage | None) -> Callable[[str], int]:
    """Give what finds the filler of a slot by its name, as `grimoire.pages.Text` has them."""
    if part is None:
        return lambda slot: int(slot[1:])
    counts: Counter[str] = Counter()
    places = {}
    for slot in part.slots:
        places[slot] = counts[slot[0]]
        counts[slot[0]] += 1
    return places.__getitem__


def embedded(sheet: Sheet, inner: Embedded, prefix: str, deeper: int) -> str:
    """Give an entry inside another, with a link to where it stands; or that link alone."""
    title = escape(inner.title)
    if inner.text is None:
        return f"<p>{opening(sheet, inner.link)}{title}{closing(inner.link)}</p>"
    label = escape(sheet.words.gettext("Link to the original"))
    return (
        f'<div class="embed">{text(sheet, inner.text, prefix, deeper + inner.deeper)}'
        f'<p class="origin ui">{opening(sheet, inner.link)}{label}<span class="vh">: {title}</span>'
        f"{closing(inner.link)}</p></div>"
    )


def fragment(sheet: Sheet, fragment: Fragment, links: Sequence[Link] = (), *, mathml: bool) -> str:
    """Give a fragment with its slots filled; displayed formulas stand alone, without frame or number.

    Args:
        sheet: the page.
        fragment: what to show.
        links: what its links lead to, in the order of ``fragment.links``; without them its links
            become their text.
        mathml: whether formulas are set as MathML alone.
    """

    def filler(slot: str) -> str:
        kind, number = slot[0], int(slot[1:])
        if kind == "m":
            source = fragment.formulas[number]
            typeset = sheet.typeset(source)
            if not mathml:
                sheet.is_set_with_katex = True
            html = typeset.mathml if mathml else typeset.html
            return f'<span class="display">{html}</span>' if source.display else html
        if not links:
            return ""
        link = links[number]
        return opening(sheet, link) if kind == "a" else closing(link)

    return fill(fragment.html, filler)


def formula(sheet: Sheet, formula: Formula, number: str, prefix: str) -> str:
    """Give a formula of a body: framed, with its number and its TeX to copy where it is displayed."""
    html = sheet.typeset(formula).html
    sheet.is_set_with_katex = True
    if not formula.display:
        return html
    copy, anchor, shown = sheet.words.gettext("Copy TeX"), "", ""
    if number:
        copy = sheet.words.gettext("Copy TeX of equation %(number)d") % {"number": int(number)}
        anchor = f' id="{prefix}_eq{number}"'
        shown = f'<span class="num">({number})</span>'
    return (
        f'<span class="eq"{anchor}><span class="scroll">{html}</span><span class="no">{shown}'
        f'<button class="tex js-only" type="button" data-tex="{escape(formula.tex)}"'
        f' aria-label="{escape(copy)}">TeX</button></span></span>'
    )


def opening(sheet: Sheet, link: Link) -> str:
    """Give the tag that opens a link, or the bracket that stayed one."""
    match link:
        case Found(url, anchor, _, is_term, is_auto):
            href = sheet.address(url) if url != sheet.page.url or not anchor else ""
            if anchor:
                href += f"#{anchor}"
            kind = "t" if is_term else "n"
            return f'<a class="{kind}{" auto" if is_auto else ""}" href="{escape(href)}">'
        case Ambiguous(url, _):
            return f'<a class="t" href="{escape(sheet.address(url))}">'
        case Missing(_, anchor):
            href = sheet.address(f"wanted/#{anchor}")
            title = sheet.words.gettext("Not written yet")
            return f'<a class="u" href="{escape(href)}" title="{escape(title)}">'
        case Plain():
            return "["


def link_class(url: str) -> str:
    """Give the class of a link: ``t`` to what has a card, ``n`` to another page of the site."""
    return "t" if url.startswith("terms/") else "n"


def closing(link: Link) -> str:
    """Give what ends a link."""
    return "]" if isinstance(link, Plain) else "</a>"


def link_text(link: Link, name: str) -> str:
    """Give what a link shows that has no text of its own: the number of the equation it leads to, or a name."""
    return escape(f"({link.number})" if isinstance(link, Found) and link.number else name)


def video(sheet: Sheet, video: Video) -> str:
    """Give a link to a video; its accessible name says which it is and begins as the text does."""
    if not video.url:
        return "[yt]"
    name = escape(video_name(sheet.words, video))
    return (
        f'<a class="x v" href="{escape(video.url)}" aria-label="{name}">{video_label(sheet.words, video)}</a>'
    )


def video_label(words: NullTranslations, video: Video) -> str:
    """Name a video in short: ``video 2``, or ``video`` where there is one only."""
    shown = words.gettext("video") if video.total == 1 else words.gettext("video %(number)d")
    return shown % {"number": video.number}


def video_name(words: NullTranslations, video: Video) -> str:
    """Name a video in full: ``video 2 of 2 on Entropy, at 2:24``."""
    if video.total == 1:
        name = words.gettext("video on %(term)s")
    else:
        name = words.gettext("video %(number)d of %(total)d on %(term)s")
    name %= {"number": video.number, "total": video.total, "term": video.on}
    moment = words.gettext("%(video)s, at %(moment)s") % {"video": name, "moment": clock(video.start)}
    return moment if video.start else name


def bare(url: str) -> str:
    """Show an address without what every address has: ``youtu.be/YtebGVx-Fxw``."""
    return re.sub(r"^[a-z]+://(?:www\.)?", "", url).removesuffix("/")


def host(url: str) -> str:
    """Give the host of an address: ``youtu.be``."""
    return re.split(r"[/?#:]", bare(url), maxsplit=1)[0]


_HOUR = 3600


def clock(seconds: int) -> str:
    """Show a moment of a video: ``2:24``, ``1:02:24``."""
    minutes = f"{seconds // 60 % 60}:{seconds % 60:02}"
    if seconds < _HOUR:
        return minutes
    return f"{seconds // _HOUR}:{minutes.zfill(len('00:00'))}"


def image(sheet: Sheet, image: Image) -> str:
    """Give the element of an embedded file, or its name where there is none."""
    if not image.url:
        return f'<span class="absent">{escape(image.alt)}</span>'
    outside = "://" in image.url or image.url.startswith("data:")
    src = escape(image.url if outside else sheet.shared(image.url))
    alt = escape(image.alt)
    size = "".join(
        f' {name}="{pixels}"' for name, pixels in (("width", image.width), ("height", image.height)) if pixels
    )
    size += f' title="{escape(image.title)}"' if image.title else ""
    match image.media:
        case "image":
            return f'<img src="{src}" alt="{alt}"{size} loading="lazy" decoding="async">'
        case "audio":
            return f'<audio controls preload="none" src="{src}" aria-label="{alt}"></audio>'
        case "video":
            return f'<video controls preload="metadata" src="{src}"{size} aria-label="{alt}"></video>'
        case "other":
            return f'<a class="n file" href="{src}">{alt or src}</a>'


def diagram(sheet: Sheet, diagram: Diagram) -> str:
    """Give the figure of a diagram: its drawing, and its source for who cannot see it."""
    drawing = sheet.drawn(diagram)
    source = f"<pre><code>{escape(diagram.source, quote=False)}</code></pre>"
    if not drawing.svg:
        copy = sheet.words.gettext("Copy")
        return (
            '<figure class="code"><figcaption><span>Mermaid</span>'
            f'<button class="tex js-only" type="button" data-copy>{escape(copy)}</button></figcaption>'
            f"{source}</figure>"
        )
    svg = drawing.svg
    before = sheet.drawings.get(drawing.name, 0)
    sheet.drawings[drawing.name] = before + 1
    if before:
        svg = svg.replace(drawing.name, f"{drawing.name}_{before}")
    label = ". ".join(filter(None, (drawing.title, drawing.description)))
    if not label:
        label = sheet.words.gettext("Diagram: %(text)s") % {"text": drawing.text}
    # An image has no parts that can be reached; what holds links is a group.
    role = "group" if drawing.has_links else "img"
    summary = escape(sheet.words.gettext("Source of the diagram"))
    return (
        f'<figure class="diagram"><div class="scroll"><div role="{role}" aria-label="{escape(label)}">{svg}</div></div>'
        f'<details><summary>{summary}</summary><div class="code">{source}</div></details></figure>'
    )

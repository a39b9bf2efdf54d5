"""The policy for HTML in Markdown: harmless tags pass, all others are shown as text.

A tag passes if it and each of its attributes are on the list, and its addresses are harmless; whether it may
stand where it does is for `grimoire.parse.html_places`. Comments leave nothing. What an ``<a>`` or ``<img>``
leads to is made by `grimoire.parse.targets`, as for Markdown's own links and pictures. Why no library does
this: docs/decisions/0008-raw-html.md.
"""

import re
from html import unescape
from typing import Literal

from grimoire.addresses import HARMLESS, WEB, as_read, is_allowed, is_outside, scheme

_TAGS = frozenset(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em "
    "figcaption figure hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub "
    "summary sup table tbody td tfoot th thead time tr u ul var wbr".split()
)
_VOID = frozenset("br col hr img wbr".split())
_ATTRIBUTES = frozenset(
    "class colspan datetime dir id lang open reversed rowspan scope span start title value".split()
)
_OWN_ATTRIBUTES = {
    "a": frozenset(("href", "name", "rel", "target")),
    "img": frozenset(("src", "alt", "width", "height", "loading")),
    **dict.fromkeys(("blockquote", "del", "ins", "q"), frozenset(("cite",))),
}
_ADDRESSED = {"cite": WEB, "href": HARMLESS, "src": WEB}
_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)"
    r"(?P<attributes>(?:\s+[^\s\"'>/=<]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*+)\s*/?>"
    r"|<(?:!(?P<comment>--)?|\?)"
)
_ATTRIBUTE = re.compile(r"([^\s\"'>/=<]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")

TagKind = Literal["text", "comment", "open", "close", "void"]


def escape(text: str, *, quotes: bool = True) -> str:
    """Escape a text for HTML, quotes included."""
    if not ("&" in text or "<" in text or ">" in text or '"' in text):
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;") if quotes else text


class Tag:
    """One piece of raw HTML: a tag, a comment, or text between.

    `html` is what is written; `name` is "" for text. `fault` says why a tag is shown as text; `is_told` of
    the end of such a tag that its beginning was reported. `other` is a tag's other end.
    """

    __slots__ = ("at", "attributes", "fault", "html", "is_told", "kind", "name", "other", "raw")

    def __init__(self, raw: str, html: str, at: int, kind: TagKind, name: str = "") -> None:
        self.raw, self.html, self.at, self.kind, self.name = raw, html, at, kind, name
        self.attributes: dict[str, str] = {}
        self.fault = ""
        self.is_told = False
        self.other: Tag | None = None

    @property
    def own_name(self) -> str:
        """The name by which its author wants to link to it."""
        return self.attributes.get("id") or self.attributes.get("name", "")

    @property
    def is_mark(self) -> bool:
        """Whether it is an end of an ``<a>`` that leads nowhere: only its name counts."""
        opening = self.other if self.kind == "close" else self
        return self.name == "a" and opening is not None and not opening.attributes.get("href")

    def refuse(self, fault: str) -> None:
        """Show this tag, and its other end, as text."""
        if not self.fault:
            self.html, self.fault = escape(self.raw), fault
            if self.other and not self.other.fault:
                self.other.is_told = True
                self.other.refuse(fault)


UNLISTED = "it is not on the list of harmless tags"


def pieces(html: str) -> list[Tag]:
    """Cut raw HTML into tags and texts; each tag that is not on the list is refused already."""
    found: list[Tag] = []
    last = 0
    end_of_comments = html.rfind("-->")
    while match := _TAG.search(html, last):
        start, end = match.span()
        if start > last:
            found.append(_text(html[last:start], last))
        if match["comment"] and start < end_of_comments:
            # `<!-->` and `<!--->` are comments, too.
            end = html.index("-->", start + 2) + 3
            found.append(Tag(html[start:end], "", start, "comment"))
        else:
            found.append(_tag(match))
        last = end
    if last < len(html):
        found.append(_text(html[last:], last))
    return found


def _text(raw: str, at: int) -> Tag:
    # Entities count; a bare "<" or "&" is a sign.
    return Tag(raw, escape(unescape(raw), quotes=False), at, "text")


def _tag(match: re.Match[str]) -> Tag:
    raw, at = match[0], match.start()
    name = (match["name"] or "").lower()
    kind: TagKind = "void" if name in _VOID or not name else "close" if match["close"] else "open"
    tag = Tag(raw, "", at, kind, name)
    if name not in _TAGS:
        tag.refuse(UNLISTED)
    elif match["close"]:
        tag.html = "" if kind == "void" else f"</{name}>"
    else:
        _open(tag, match["attributes"])
    return tag


def _open(tag: Tag, written: str) -> None:
    """Write a tag anew with its attributes, or refuse it for one of them."""
    parts = [f"<{tag.name}"]
    for attribute in _ATTRIBUTE.finditer(written):
        key = attribute[1].lower()
        if key not in _ATTRIBUTES and key not in _OWN_ATTRIBUTES.get(tag.name, ()):
            tag.refuse(f"its attribute `{key}` is not on the list of harmless ones")
            return
        if key in tag.attributes:
            continue
        value = attribute[2] or attribute[3] or attribute[4]
        plain = tag.attributes[key] = unescape(value or "")
        if key in _ADDRESSED and is_outside(plain):
            if not is_allowed(plain, _ADDRESSED[key]):
                tag.refuse(f"its address has the scheme `{scheme(plain)}:`")
                return
            plain = as_read(plain)
        if key in {"id", "name"}:
            # It is given anew, so that it is the only one on the page.
            continue
        parts.append(f" {key}" if value is None else f' {key}="{escape(plain)}"')
    if tag.name == "img" and not tag.attributes.get("src"):
        tag.refuse("it does not say which picture")
        return
    tag.html = "".join(parts) + ">"

"""The policy for HTML in Markdown: harmless tags pass, all others are shown as text.

A tag passes if it and each of its attributes are on the list, and if it is closed where it was
opened, so that no entry can break the page around it. Comments leave nothing.
"""

import re

_TAGS = frozenset(
    "abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em "
    "figcaption figure hr i ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub "
    "summary sup table tbody td tfoot th thead time tr u ul var wbr".split()
)
_VOID = frozenset("br col hr wbr".split())
_ATTRIBUTES = frozenset(
    "class colspan datetime dir lang open reversed rowspan scope span start title value".split()
)
_TAG = re.compile(
    r"<!--(?:-?>|.*?-->)|<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)"
    r"(?P<attributes>(?:\s+[^\s\"'>/=<]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*)\s*/?>"
    r"|(?P<other><[!?])",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s\"'>/=<]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")


def escape(text: str) -> str:
    """Escape a text for HTML, quotes included."""
    if not ("&" in text or "<" in text or ">" in text or '"' in text):
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


class Tag:
    """One piece of raw HTML: a tag, a comment, or text between.

    `html` is what is written; `name` is "" for text. `is_open` and `is_close` are false for void
    tags. `refused` says that the piece is a tag shown as text.
    """

    __slots__ = ("at", "html", "is_close", "is_open", "name", "raw", "refused")

    def __init__(self, raw: str, html: str, at: int, name: str = "", *, kind: str = "") -> None:
        self.raw, self.html, self.at, self.name = raw, html, at, name
        self.is_open, self.is_close = kind == "open", kind == "close"
        self.refused = kind == "refused"

    @property
    def is_comment(self) -> bool:
        """Whether it leaves nothing."""
        return not self.html

    def refuse(self) -> None:
        """Show this tag as text."""
        self.html, self.refused = escape(self.raw), True
        self.is_open = self.is_close = False


def pieces(html: str) -> list[Tag]:
    """Cut raw HTML into tags and texts; each refused tag is escaped already."""
    found: list[Tag] = []
    last = 0
    for match in _TAG.finditer(html):
        if match.start() > last:
            found.append(_text(html[last : match.start()], last))
        found.append(_tag(match))
        last = match.end()
    if last < len(html):
        found.append(_text(html[last:], last))
    return found


def refused(raw: str) -> Tag:
    """Give what is no tag of the list, to be shown as text."""
    return Tag(raw, escape(raw), 0, kind="refused")


def _text(raw: str, at: int) -> Tag:
    # Entities stay; a bare "<" that opens no tag does not.
    return Tag(raw, raw.replace("<", "&lt;"), at)


def _tag(match: re.Match[str]) -> Tag:
    raw, at = match[0], match.start()
    if raw.startswith("<!--"):
        return Tag(raw, "", at)
    if match["other"]:
        return Tag(raw, escape(raw), at, kind="refused")
    name = match["name"].lower()
    if name not in _TAGS:
        return Tag(raw, escape(raw), at, name, kind="refused")
    if match["close"]:
        if name in _VOID:
            return Tag(raw, "", at)
        return Tag(raw, f"</{name}>", at, name, kind="close")
    written = [f"<{name}"]
    for attribute in _ATTRIBUTE.finditer(match["attributes"]):
        key = attribute[1].lower()
        if key not in _ATTRIBUTES:
            return Tag(raw, escape(raw), at, name, kind="refused")
        value = attribute[2] or attribute[3] or attribute[4]
        written.append(f" {key}" if value is None else f' {key}="{_quote(value)}"')
    return Tag(raw, "".join(written) + ">", at, name, kind="" if name in _VOID else "open")


def _quote(value: str) -> str:
    return re.sub(r"&(?!#?\w+;)", "&amp;", value).replace("<", "&lt;").replace('"', "&quot;")


def balance(tags: list[Tag]) -> None:
    """Refuse each opening tag without its end and each end without its opening, in place."""
    stack: list[Tag] = []
    for tag in tags:
        if tag.is_open:
            stack.append(tag)
        elif tag.is_close:
            while stack and stack[-1].name != tag.name and any(t.name == tag.name for t in stack):
                stack.pop().refuse()
            if stack and stack[-1].name == tag.name:
                stack.pop()
            else:
                tag.refuse()
    for tag in stack:
        tag.refuse()

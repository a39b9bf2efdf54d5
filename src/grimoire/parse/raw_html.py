"""The policy for HTML in Markdown: harmless tags pass, all others are shown as text.

A tag passes if it and each of its attributes are on the list, and if it is closed where it was
opened, so that no entry can break the page around it. Comments leave nothing.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

_TAGS = frozenset(
    "abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em "
    "figcaption figure hr i ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub "
    "summary sup table tbody td tfoot th thead time tr u ul var wbr".split()
)
_INLINE = frozenset(
    "abbr b bdi bdo br cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong "
    "sub sup time u var wbr".split()
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


def block_tags(tokens: Sequence[Token], *, is_trusted: bool) -> dict[int, list[Tag]]:
    """Give what each block of raw HTML becomes, by its index; a tag must be closed in the block it opens in."""
    found: dict[int, list[Tag]] = {}
    siblings: dict[int, list[Tag]] = {}
    for index, parent in enumerate(_parents(tokens)):
        if tokens[index].type != "html_block":
            continue
        content = tokens[index].content
        if is_trusted:
            found[index] = [Tag(content, content, 0)]
            continue
        found[index] = pieces(content)
        siblings.setdefault(parent, []).extend(found[index])
    for tags in siblings.values():
        balance(tags)
    return found


def line_tags(children: Sequence[Token], *, is_trusted: bool) -> dict[int, Tag]:
    """Give what each tag within a line becomes, by its index; a tag must be closed where it is opened."""
    if not any(child.type == "html_inline" for child in children):
        return {}
    tags: dict[int, Tag] = {}
    siblings: dict[int, list[Tag]] = {}
    for index, parent in enumerate(_parents(children)):
        content = children[index].content
        if children[index].type != "html_inline":
            continue
        if is_trusted:
            tags[index] = Tag(content, content, 0)
            continue
        found = pieces(content)
        tags[index] = found[0] if len(found) == 1 else refused(content)
        if tags[index].name not in _INLINE and not tags[index].is_comment:
            tags[index].refuse()
        siblings.setdefault(parent, []).append(tags[index])
    for row in siblings.values():
        balance(row)
    return tags


def _parents(tokens: Sequence[Token]) -> Iterator[int]:
    """The index of the opening token around each token, -1 for none."""
    open_: list[int] = [-1]
    for index, token in enumerate(tokens):
        if token.nesting < 0 and len(open_) > 1:
            open_.pop()
        yield open_[-1]
        if token.nesting > 0:
            open_.append(index)

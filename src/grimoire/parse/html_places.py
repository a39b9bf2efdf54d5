"""Where tags of raw HTML stand: each closed where it was opened, and where a browser lets it be.

So no entry can break the page around it. Tags within a line are siblings if the same piece of Markdown holds
them, blocks of HTML if the same block does.
"""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from grimoire.parse import raw_html
from grimoire.parse.raw_html import Tag, pieces

_INLINE = frozenset(
    "a abbr b bdi bdo br cite code del dfn em i img ins kbd mark q rp rt ruby s samp small span strong "
    "sub sup time u var wbr".split()
)
_PARENTS = {
    **dict.fromkeys(("caption", "colgroup", "tbody", "tfoot", "thead"), ("table",)),
    "col": ("colgroup",),
    "dd": ("dl", "div"),
    "dt": ("dl", "div"),
    "figcaption": ("figure",),
    "li": ("ol", "ul"),
    "rp": ("ruby",),
    "rt": ("ruby",),
    "summary": ("details",),
    "td": ("tr",),
    "th": ("tr",),
    "tr": ("table", "tbody", "tfoot", "thead"),
}
"""The tags that can stand only right inside another."""
_NARROW = frozenset(("a", "p"))
"""The tags that can hold no block."""
_WITHOUT_TEXT = frozenset("colgroup dl ol table tbody tfoot thead tr ul".split())
"""The tags that hold other tags only, no text and no Markdown."""

UNCLOSED = "it is not closed in its place"
UNOPENED = "nothing is open that it closes"
MISPLACED = "it cannot stand there"
IN_LINK = "a link cannot stand in a link"


_MARKDOWN = Tag("", "", -1, "text", "Markdown")
"""Stands for blocks of Markdown between those of HTML."""


def balance(tags: Sequence[Tag], *, is_line: bool = False) -> None:
    """Refuse the tags that are not closed where they were opened, or cannot stand where they do."""
    _pair(tags)
    while misplaced := list(_misplaced(tags, is_line=is_line)):
        for tag, fault in misplaced:
            tag.refuse(fault)


def _pair(tags: Sequence[Tag]) -> None:
    """Find the other end of each tag; refuse one that has none, or whose end lies beyond another's."""
    stack: list[Tag] = []
    waiting: dict[str, list[Tag]] = {}
    for tag in tags:
        if tag.kind == "open":
            waiting.setdefault(tag.name, []).append(tag)
            if not tag.fault:
                stack.append(tag)
        elif tag.kind == "close":
            if not waiting.get(tag.name):
                tag.refuse(UNOPENED)
                continue
            found = waiting[tag.name].pop()
            found.other, tag.other = tag, found
            if found.fault:
                # What is refused is text, and text may end anywhere.
                tag.is_told = True
                tag.refuse(found.fault)
                continue
            while (inner := stack.pop()) is not found:
                inner.refuse(UNCLOSED)
    for tag in stack:
        tag.refuse(UNCLOSED)


def _misplaced(tags: Sequence[Tag], *, is_line: bool) -> Iterator[tuple[Tag, str]]:
    """Find tags that a browser would move or drop where they stand, and why."""
    open_: list[Tag] = []
    narrow: list[Tag] = []
    """Those of the open ones that can hold no block."""
    for tag in tags:
        if tag.kind == "close" and not tag.fault:
            if open_.pop() in narrow:
                narrow.pop()
            continue
        parent = open_[-1] if open_ else None
        if parent and parent.name in _WITHOUT_TEXT and (tag.fault or tag.kind == "text"):
            if tag is _MARKDOWN or tag.raw.strip():
                yield parent, MISPLACED
        elif tag is _MARKDOWN:
            yield from ((one, MISPLACED) for one in narrow)
            narrow.clear()
        elif not tag.fault and tag.kind in {"open", "void"}:
            fault = _fault_of_place(tag, parent, narrow, is_line=is_line)
            if fault:
                yield tag, fault
            if tag.kind == "open":
                open_.append(tag)
                if tag.name in _NARROW and not fault:
                    narrow.append(tag)


def _fault_of_place(tag: Tag, parent: Tag | None, narrow: Sequence[Tag], *, is_line: bool) -> str:
    """Say why a tag cannot stand in its parent; "" if it can."""
    if tag.name == "a" and any(one.name == "a" for one in narrow):
        return IN_LINK
    if tag.name in _PARENTS:
        is_fit = parent is not None and parent.name in _PARENTS[tag.name]
    elif parent and parent.name in _WITHOUT_TEXT:
        is_fit = False
    else:
        is_fit = tag.name in _INLINE or not (is_line or narrow)
    return "" if is_fit else MISPLACED


def block_tags(tokens: Sequence[Token], *, is_trusted: bool) -> dict[int, list[Tag]]:
    """Give what each block of raw HTML becomes, by its index; a tag must be closed in the block it opens in."""
    found: dict[int, list[Tag]] = {}
    siblings: dict[int, list[Tag]] = {}
    for index, parent in enumerate(_parents(tokens)):
        token = tokens[index]
        if token.type != "html_block":
            if token.nesting >= 0 and parent in siblings:
                siblings[parent].append(_MARKDOWN)
            continue
        if is_trusted:
            found[index] = [Tag(token.content, token.content, 0, "text")]
            continue
        found[index] = pieces(token.content)
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
            tags[index] = Tag(content, content, 0, "text")
            continue
        found = pieces(content)
        tags[index] = found[0] if len(found) == 1 else _whole(content)
        siblings.setdefault(parent, []).append(tags[index])
    for row in siblings.values():
        balance(row, is_line=True)
    _part_links(children, tags)
    return tags


def _whole(content: str) -> Tag:
    tag = Tag(content, "", 0, "void")
    tag.refuse(raw_html.UNLISTED)
    return tag


def _part_links(children: Sequence[Token], tags: dict[int, Tag]) -> None:
    """Refuse each ``<a>`` that holds another link or stands in one."""
    depth = 0
    open_: Tag | None = None
    for index, child in enumerate(children):
        tag = tags.get(index)
        if tag and tag.name == "a" and not tag.fault:
            if tag.kind == "open" and depth:
                tag.refuse(IN_LINK)
            else:
                open_ = tag if tag.kind == "open" else None
        elif child.type in _LINKS:
            depth += child.nesting
            if open_:
                open_.refuse(IN_LINK)
                open_ = None


_LINKS = frozenset(
    "link_open link_close ref_open ref_close video embed footnote_ref tag citation equation".split()
)


def _parents(tokens: Sequence[Token]) -> Iterator[int]:
    """The index of the opening token around each token, -1 for none."""
    open_: list[int] = [-1]
    for index, token in enumerate(tokens):
        if token.nesting < 0 and len(open_) > 1:
            open_.pop()
        yield open_[-1]
        if token.nesting > 0:
            open_.append(index)

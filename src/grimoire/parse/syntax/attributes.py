"""Attribute lists ``{#name .class}``: how one is written, and those in a line.

In a line a list stands right behind code, a link, a picture or ``[text]``. Names and classes are all that counts;
pictures may also be told their ``width`` and ``height``. kramdown's ``{: … }`` is the same. A list that says
anything else stays in the text as well. Tokens: ``span_open`` and ``span_close``, what is said in the former's
``meta["attributes"]``. Those of blocks are in `grimoire.parse.syntax.block_attributes`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_ITEM = r"(?:(?:[#.][^\W\d_][\w:-]*)+|[a-zA-Z][\w-]*=(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'{}=]+))"
_LIST = re.compile(rf"\{{:?[ \t]*({_ITEM}(?:[ \t]+{_ITEM})*)[ \t]*\}}")
_ITEMS = re.compile(_ITEM)
_TEXT = re.compile(r"\[((?:[^\[\]\\\n]|\\.){1,500})\](?=\{)")
_SIGNED = re.compile(r"[#.]([\w:-]+)")
_PIXELS = re.compile(r"(\d{1,5})(?:px)?")
_BEHIND = frozenset(("code_inline", "image", "link_close", "ref_close", "embed", "span_close"))
"""What a list in a line can stand right behind, by the last token."""


class Attributes(NamedTuple):
    """What a list says; `others` are the items that mean nothing here, `source` is the list as written."""

    id: str = ""
    classes: tuple[str, ...] = ()
    size: tuple[int, int] = (0, 0)
    others: tuple[str, ...] = ()
    source: str = ""

    @property
    def has_effect(self) -> bool:
        """Whether it says anything that counts."""
        return bool(self.id or self.classes or self.size != (0, 0))


def read(text: str, at: int = 0, end: int | None = None) -> tuple[int, Attributes] | None:
    """Read the list that begins at an offset: where it ends and what it says; None if there is none.

    A list is one only if it gives a name, a class or a size.
    """
    found = _LIST.match(text, at, len(text) if end is None else end)
    said = _said(found) if found else Attributes()
    return (found.end(), said) if found and said.has_effect else None


def read_last(text: str) -> tuple[int, Attributes] | None:
    """Read the list that a text ends in: where it begins and what it says."""
    end = len(text.rstrip())
    at = text.rfind("{", 0, end)
    found = read(text, at, end) if at >= 0 and text[at - 1 : at] != "\\" else None
    return (at, found[1]) if found and found[0] == end and found[1].size == (0, 0) else None


def _said(found: re.Match[str]) -> Attributes:
    name, classes, size, others = "", [], {}, []
    for item in _ITEMS.findall(found[1]):
        key, equals, value = item.partition("=")
        pixels = _PIXELS.fullmatch(value.strip("\"'"))
        if item[0] in "#.":
            for one in _SIGNED.finditer(item):
                name = one[1] if one[0][0] == "#" else name
                classes += [one[1]] if one[0][0] == "." else []
        elif equals and key in {"width", "height"} and pixels:
            size[key] = int(pixels[1])
        else:
            others.append(item)
    pixels_of_both = size.get("width", 0), size.get("height", 0)
    return Attributes(name, tuple(dict.fromkeys(classes)), pixels_of_both, tuple(others), found[0])


# ---------------------------------------------------------------- in a line


def _inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    start = state.pos
    if silent or state.src[start] != "{" or state.pending or not state.tokens:
        return False
    if state.tokens[-1].type not in _BEHIND:
        return False
    found = _LIST.match(state.src, start, state.posMax)
    said = _said(found) if found else Attributes()
    is_picture = state.tokens[-1].type == "image"
    # Behind a picture every list is meant for it.
    if not found or not (is_picture or ((said.id or said.classes) and said.size == (0, 0))):
        return False
    token = state.push("attributes", "", 0)
    token.meta = {"attributes": said, "at": found.span()}
    token.content = found[0] if said.others else ""
    state.pos = found.end()
    return True


def _span(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    start, limit = state.pos, state.posMax
    found = _TEXT.match(state.src, start, limit) if state.src[start] == "[" else None
    if not found or found[1].startswith("yt"):
        return False
    said = read(state.src, found.end(), limit)
    if not said or said[1].size != (0, 0):
        return False
    if not silent:
        state.push("span_open", "span", 1).meta = {"attributes": said[1], "at": (start, said[0])}
        state.pos, state.posMax = start + 1, found.end(1)
        state.md.inline.tokenize(state)
        state.posMax = limit
        state.push("span_close", "span", -1)
        if said[1].others:
            state.push("text", "", 0).content = state.src[found.end() : said[0]]
    state.pos = said[0]
    return True


def _wrap(state: StateInline) -> None:
    """Put the ends of spans around what stands before each list; all other marks are paired by now."""
    if not any(token.type == "attributes" for token in state.tokens):
        return
    out: list[Token] = []
    for token in state.tokens:
        if token.type != "attributes":
            out.append(token)
            continue
        first = len(out) - 1
        depth = 0
        while first >= 0:
            depth += out[first].nesting
            if depth == 0:
                break
            first -= 1
        if out and out[-1].type == "image":
            out[-1].meta = {**out[-1].meta, "size": token.meta["attributes"].size}
        out.insert(max(0, first), Token("span_open", "span", 1, meta=token.meta))
        out.append(Token("span_close", "span", -1))
        if token.content:
            out.append(Token("text", "", 0, content=token.content))
    state.tokens[:] = out


def names_in(tokens: list[Token]) -> Iterator[str]:
    """Yield the names that lists give in a file."""
    for token in tokens:
        for one in (token, *(token.children or ())):
            said = one.meta.get("attributes") if one.type != "inline" else None
            if said and said.id:
                yield said.id


def attributes(md: MarkdownIt) -> None:
    """Add the rules for lists in a line."""
    md.inline.ruler.before("template", "attributes", _inline)
    md.inline.ruler.before("bracket", "span", _span)
    md.inline.ruler2.push("attributes", _wrap)

"""What each pair of brackets in a line is: a link, an image, a note ``^[…]``, or only brackets.

markdown-it looks for the end of a link's text at every ``[`` anew, which costs the square of what is
nested or never closed. Here one walk over the line pairs all brackets, as the CommonMark specification
describes it: a closing one ends the last that is open, and there it is seen whether an address follows.
A link holds no other link and no note. Tokens: markdown-it's own, with their places; an inline note is a
``footnote_ref``.
"""

import re
from typing import TYPE_CHECKING, NamedTuple, cast

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.helpers import parseLinkDestination, parseLinkTitle
from markdown_it.rules_inline import StateInline

from grimoire.parse.syntax.dispatch import LineParser, LineState

if TYPE_CHECKING:
    from markdown_it.token import Token

DEEPEST = 20
"""How deep images, links and notes may stand in each other; brackets further out are only brackets."""
_LONGEST_LABEL = 999
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999})\]", re.DOTALL)
_SECTION = re.compile(r"\]\(\s*(?:<[^<>#\n]*(#[^<>\n]*)>|[^\s#]*(#[^\s]*)(?=\s|\)$))")
_BLANKS = re.compile(r"[ \t\n]*")


class Address(NamedTuple):
    """Where a link leads, and the place behind it."""

    end: int
    href: str
    title: str


class Pair(NamedTuple):
    """Brackets that are a link, an image or a note: where its text begins and ends, and what follows."""

    start: int
    stop: int
    address: Address


Pairs = dict[int, Pair]
"""The pairs of a line by the place of their first mark."""


class _Open:
    """A bracket that is not closed yet."""

    __slots__ = ("at", "depth", "has_brackets", "kind")

    def __init__(self, at: int, kind: str) -> None:
        self.at, self.kind = at, kind
        self.depth = 0
        """How deep the pairs inside stand in each other."""
        self.has_brackets = False


def _pair_at(state: StateInline) -> Pair | None:
    """What the brackets that begin at the state's place are, if they end within its bounds."""
    line = cast("LineState", state)
    if line.pairs is None:
        line.pairs = {}
        line.pairs = _all_pairs(line)
    pair = line.pairs.get(state.pos)
    return pair if pair and pair.address.end <= state.posMax else None


def _all_pairs(state: LineState) -> Pairs:
    """Walk over the line once; while it lasts no brackets are paired, so that no rule asks for them."""
    before = state.pos, state.posMax, state.linkLevel
    state.posMax, state.linkLevel = len(state.src), 0
    lines, src = cast("LineParser", state.md.inline), state.src
    pairs: Pairs = {}
    open_: list[_Open] = []
    # Links that begin before this many open brackets would hold another.
    barrier = 0
    at = lines.next_mark(state, 0)
    while at >= 0:
        if src[at] == "]":
            behind = at + 1
            if open_:
                last = open_.pop()
                may_link = last.kind != "[" or len(open_) >= barrier
                barrier = min(barrier, len(open_))
                depth = last.depth
                if may_link and depth < DEEPEST and (address := _address(state, last, at)):
                    pairs[last.at] = Pair(last.at + len(last.kind), at, address)
                    behind, depth = address.end, depth + 1
                    barrier = barrier if last.kind == "![" else len(open_)
                if open_:
                    open_[-1].depth = max(open_[-1].depth, depth)
        elif (behind := lines.behind_opaque(state, at)) >= 0:
            if src[at] == "[":
                barrier = len(open_)
        else:
            kind = next((one for one in ("[", "![", "^[") if src.startswith(one, at)), "")
            behind = at + max(1, len(kind))
            if kind:
                if open_:
                    open_[-1].has_brackets = True
                open_.append(_Open(at, kind))
        at = lines.next_mark(state, behind)
    state.pos, state.posMax, state.linkLevel = before
    return pairs


def _address(state: LineState, opening: _Open, stop: int) -> Address | None:
    """Where the brackets lead that end at `stop`; None if they lead nowhere. A note has a text alone."""
    if opening.kind == "^[":
        is_empty = _behind_blanks(state.src, opening.at + len("^[")) == stop
        return None if is_empty else Address(stop + 1, "", "")
    if state.src.startswith("(", stop + 1) and (address := _inline_address(state, stop + 2)):
        return address
    references = state.env.get("references")
    if not references:
        return None
    start, end = opening.at + len(opening.kind), stop + 1
    label = ""
    if found := _LABEL.match(state.src, end):
        label, end = found[1], found.end()
    elif opening.has_brackets or stop - start > _LONGEST_LABEL:
        return None
    if not label:
        label = state.src[start:stop]
    reference = references.get(normalizeReference(label))
    return Address(end, reference["href"], reference["title"]) if reference else None


def _inline_address(state: LineState, at: int) -> Address | None:
    """Read ``destination "title")``."""
    src, limit = state.src, state.posMax
    at = _behind_blanks(src, at)
    destination = parseLinkDestination(src, at, limit)
    title = ""
    if destination.ok:
        at = _behind_blanks(src, destination.pos)
        if at > destination.pos and (read := parseLinkTitle(src, at, limit)).ok:
            title, at = read.str, _behind_blanks(src, read.pos)
    if not src.startswith(")", at):
        return None
    return Address(at + 1, state.md.normalizeLink(destination.str) if destination.ok else "", title)


def _behind_blanks(src: str, at: int) -> int:
    found = _BLANKS.match(src, at)
    return found.end() if found else at


def _link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    if state.src[state.pos] != "[" or state.linkLevel or not (pair := _pair_at(state)):
        return False
    start, limit = state.pos, state.posMax
    if not silent:
        token = state.push("link_open", "a", 1)
        token.attrs = {"href": pair.address.href, **_title(pair.address)}
        token.meta = {"at": (start, pair.address.end), "section_at": _section_at(state.src, pair)}
        state.pos, state.posMax = pair.start, pair.stop
        state.linkLevel += 1
        state.md.inline.tokenize(state)
        state.linkLevel -= 1
        state.posMax = limit
        state.push("link_close", "a", -1)
    state.pos = pair.address.end
    return True


def _section_at(src: str, pair: Pair) -> tuple[int, int] | None:
    """Where the section stands in the address of a link, ``#`` included."""
    found = _SECTION.match(src, pair.stop, pair.address.end)
    return found.span(found.lastindex or 0) if found else None


def _title(address: Address) -> dict[str, str]:
    return {"title": address.title} if address.title else {}


def _image(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    if not state.src.startswith("![", state.pos) or not (pair := _pair_at(state)):
        return False
    if not silent:
        content = state.src[pair.start : pair.stop]
        tokens: list[Token] = []
        # A note cannot stand in the text for those who do not see the picture.
        is_outermost = not state.env.get("in_image")
        state.env["in_image"] = True
        state.md.inline.parse(content, state.md, state.env, tokens)
        state.env["in_image"] = not is_outermost
        token = state.push("image", "img", 0)
        token.attrs = {"src": pair.address.href, "alt": "", **_title(pair.address)}
        token.children = tokens or None
        token.content = content
        token.meta = {"at": (state.pos, pair.address.end), "in_link": state.linkLevel > 0}
    state.pos = pair.address.end
    return True


def _note(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    if (
        not state.src.startswith("^[", state.pos)
        or state.env.get("in_image")
        or not (pair := _pair_at(state))
    ):
        return False
    if not silent:
        notes = state.env.setdefault("footnotes", {"refs": {}, "list": {}})["list"]
        number = len(notes)
        tokens: list[Token] = []
        content = state.src[pair.start : pair.stop]
        # The number is taken before the note's own notes take theirs.
        notes[number] = {"content": content, "tokens": tokens}
        state.md.inline.parse(content, state.md, state.env, tokens)
        state.push("footnote_ref", "", 0).meta = {"id": number, "at": (state.pos, pair.address.end)}
    state.pos = pair.address.end
    return True


def brackets(md: MarkdownIt) -> None:
    """Put these rules in the place of markdown-it's own and of the plugin's for inline notes."""
    md.inline.ruler.at("link", _link)
    md.inline.ruler.at("image", _image)
    md.inline.ruler.after("image", "note", _note)

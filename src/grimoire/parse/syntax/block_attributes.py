"""Attribute lists ``{#name .class}`` of blocks.

A list stands at the end of a heading or of a fence's opening line, or in a line of its own below a block or right
above one. What it says is in the ``meta["attributes"]`` of the block's opening token, the number of its line in
``meta["attributes_line"]``; around blocks that are neither headings nor paragraphs stand ``attributes_open`` and
``attributes_close``. A list that belongs to nothing stays in the text: the numbers of such lines are in the
``meta["lost_attributes"]`` of a paragraph's ``inline`` token.
"""

from collections.abc import Sequence
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from grimoire.parse.syntax.attributes import Attributes, read, read_last

_FRAMED = frozenset(
    "blockquote_open bullet_list_open callout_open code_block dl_open fence hr math_block ordered_list_open "
    "table_open".split()
)
"""The blocks that get an element around them, which bears what a list says."""
_NAMED = _FRAMED | {"attributes_open", "heading_open", "paragraph_open"}


def _line(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    """A line that is a list and nothing else; it ends what stands above, as a fence does."""
    if state.is_code_block(start_line):
        return False
    begin, end = state.bMarks[start_line] + state.tShift[start_line], state.eMarks[start_line]
    text = state.src[begin:end].rstrip()
    found = read(text)
    if not found or found[0] != len(text) or found[1].size != (0, 0):
        return False
    if not silent:
        behind = start_line + 1
        token = state.push("attribute_line", "", 0)
        token.content, token.map = text, [start_line, behind]
        token.meta = {
            "attributes": found[1],
            "is_below": start_line > 0 and not state.isEmpty(start_line - 1),
            "is_above": behind < end_line and not state.isEmpty(behind),
        }
        state.line = behind
    return True


def _blocks(state: StateCore) -> None:
    if "{" in state.src and not state.inlineMode:
        state.tokens = _Blocks(state.tokens).out


class _Blocks:
    """Gives each list to its block; `out` are the blocks of the file with theirs."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.out: list[Token] = []
        self._last: dict[int, int] = {}
        """Where in `out` the last block of each level begins."""
        self._waiting: dict[int, Token] = {}
        """A list that stands right above the next block of a level."""
        for token, following in zip_longest(tokens, tokens[1:]):
            if token.type == "attribute_line":
                self._take(token, following)
            else:
                self._add(token)

    def _add(self, token: Token) -> None:
        if token.nesting >= 0:
            self._last[token.level] = len(self.out)
        if token.nesting == 1:
            self._last.pop(token.level + 1, None)
        self.out.append(token)
        if token.type == "inline" and self.out[-2].type == "heading_open":
            _take_last(self.out[-2], token)
        elif token.type == "inline" and self.out[-2].type == "paragraph_open" and (said := _take_end(token)):
            self._give(said, _last_line(token), token.level - 1)
        elif token.type == "fence" and (said := _take_info(token)):
            self._give(said, _first_line(token), token.level)
        line = self._waiting.pop(token.level, None) if token.nesting <= 0 else None
        if line and not self._give(line.meta["attributes"], _first_line(line), token.level):
            self._keep(line, is_lost=True)

    def _take(self, line: Token, following: Token | None) -> None:
        """Give a list to the block right above it, or right below it, or above it with blank lines between."""
        said, level = line.meta["attributes"], line.level
        is_free = following is not None and following.level == level and following.type in _NAMED
        is_before = is_free and line.meta["is_above"]
        is_given = (line.meta["is_below"] or not is_before) and self._give(said, _first_line(line), level)
        if not is_given and is_before:
            line.meta["is_below"] = False
        if said.others or not (is_given or is_before):
            self._keep(line, is_lost=not (is_given or is_before))
        if not is_given and is_before:
            self._waiting[level] = line

    def _give(self, said: Attributes, number: int, level: int) -> bool:
        """Give a list to the last block of a level, if it can take it."""
        first = self._last.get(level)
        block = self.out[first] if first is not None else None
        if first is None or block is None or block.type not in _NAMED:
            return False
        if said.id and block.meta.get("attributes", Attributes()).id:
            return False
        if block.type in _FRAMED:
            self._frame(first)
            block = self.out[first]
        elif block.hidden and self.out[self._last[level - 1]].type in {"list_item_open", "dd_open"}:
            # The text of a tight list has no element of its own.
            _merge(self.out[self._last[level - 1]], Attributes(classes=said.classes), number)
            said = said._replace(classes=())
        _merge(block, said, number)
        if block.type == "heading_open":
            self.out[first + 1].meta = block.meta
        return True

    def _frame(self, first: int) -> None:
        """Put an element around the last block, which begins at `first`."""
        level = self.out[first].level
        for token in self.out[first:]:
            token.level += 1
        frame = Token("attributes_open", "div", 1, level=level, block=True, map=self.out[first].map)
        self.out.insert(first, frame)
        self.out.append(Token("attributes_close", "div", -1, level=level, block=True))

    def _keep(self, line: Token, *, is_lost: bool) -> None:
        """Leave a list in the text, at the end of the paragraph it stands below if it does."""
        first = self._last.get(line.level, -1)
        above = self.out[first] if first >= 0 else line
        if not (line.meta["is_below"] and above.type == "paragraph_open"):
            self._add(Token("paragraph_open", "p", 1, level=line.level, block=True, map=line.map))
            inline = Token("inline", "", 0, level=line.level + 1, block=True, map=line.map, children=[])
            self._add(inline)
            self._add(Token("paragraph_close", "p", -1, level=line.level, block=True))
            inline.content = line.content
        else:
            inline = self.out[first + 1]
            inline.content += f"\n{line.content}"
            inline.map = [_first_line(inline), _first_line(line) + 1]
        if is_lost:
            inline.meta = {"lost_attributes": (*inline.meta.get("lost_attributes", ()), _first_line(line))}


def _first_line(block: Token) -> int:
    return block.map[0] if block.map else 0


def _last_line(inline: Token) -> int:
    return inline.map[1] - 1 if inline.map else 0


def _merge(block: Token, said: Attributes, number: int) -> None:
    """Add what a list in this line says to what others have said of a block."""
    others: Attributes = block.meta.get("attributes", Attributes())
    # A fault is told of where it is.
    is_told = bool(said.id or said.others or not others.source)
    merged = Attributes(
        said.id or others.id,
        tuple(dict.fromkeys(others.classes + said.classes)),
        others=others.others + said.others,
        source=said.source if is_told else others.source,
    )
    line = number if is_told else block.meta["attributes_line"]
    block.meta = {**block.meta, "attributes": merged, "attributes_line": line}


def _take_last(heading: Token, inline: Token) -> None:
    """Take a list off the end of a heading."""
    found = read_last(inline.content)
    if not found:
        return
    at, said = found
    heading.meta = inline.meta = {"attributes": said, "attributes_line": _first_line(heading)}
    if not said.others:
        inline.content = inline.content[:at].rstrip()


def _take_end(inline: Token) -> Attributes | None:
    """Take a list off the end of a paragraph, behind a blank."""
    found = read_last(inline.content)
    if not found or inline.content[found[0] - 1 : found[0]] not in {" ", "\t"}:
        return None
    if not found[1].others:
        inline.content = inline.content[: found[0]].rstrip()
    return found[1]


def _take_info(fence: Token) -> Attributes | None:
    """Take a list off the end of a fence's opening line; its first class is the language if none is given."""
    found = read_last(fence.info)
    if not found or found[1].others:
        return None
    info, said = fence.info[: found[0]].strip(), found[1]
    if not info and said.classes:
        info, said = said.classes[0], said._replace(classes=said.classes[1:])
    fence.info = info
    return said


def block_attributes(md: MarkdownIt) -> None:
    """Add the rules for lists of blocks."""
    alt = ["paragraph", "reference", "blockquote", "list"]
    md.block.ruler.before("fence", "attribute_line", _line, {"alt": alt})
    md.core.ruler.before("inline", "block_attributes", _blocks)

"""Abbreviations that a file defines: a line ``*[CLI]: command-line interface`` explains each CLI of its text.

Tokens: ``abbr_open`` / ``abbr_close`` around each use, the long form in `meta["title"]`. A use is a word of its
own, written exactly so; code, formulas, addresses and options such as ``--CLI`` are none. As with the addresses
of links, the first definition of a name counts.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

if TYPE_CHECKING:
    from grimoire.lexicon import Lexicon

_DEFINITION = re.compile(r"\*\[([^\[\]\n]+)\]:[ \t]*(\S.*)")
_CLOSED = frozenset(("<a", "<abbr", "<code", "<kbd", "<pre", "<samp", "<var"))
"""Tags of raw HTML in which nothing is explained."""
_ELSE = "\ufffc"
"""Stands in a line's text for what is no text."""


def _definition(state: StateBlock, start_line: int, _: int, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    if state.is_code_block(start_line):
        return False
    begin = state.bMarks[start_line] + state.tShift[start_line]
    found = _DEFINITION.fullmatch(state.src, begin, state.eMarks[start_line])
    if not found or not found[1].strip():
        return False
    if not silent:
        state.env.setdefault("abbreviations", {}).setdefault(found[1].strip(), found[2].strip())
        state.line = start_line + 1
    return True


def _uses(state: StateCore) -> None:
    defined: dict[str, str] = state.env.get("abbreviations", {})
    if not defined:
        return
    from grimoire.lexicon import Lexicon  # noqa: PLC0415  few files define any

    lexicon: Lexicon[str] = Lexicon()
    for name, long in defined.items():
        lexicon.add(name, long, is_as_written=True)
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = list(_explained(token.children, lexicon))


def _explained(children: list[Token], lexicon: "Lexicon[str]") -> Iterator[Token]:
    """Put tokens around each use of an abbreviation in a line."""
    texts = [_text(child) for child in children]
    line = "".join(texts)
    at = closed = 0
    for child, text in zip(children, texts, strict=True):
        if child.type == "html_inline":
            closed = max(0, closed + _closed_by(child.content))
        elif child.info == "auto":
            closed += child.nesting
        if child.type == "text" and not closed:
            yield from _parted(child, line, at, lexicon)
        else:
            yield child
        at += len(text)


def _text(child: Token) -> str:
    if child.type in {"text", "code_inline"}:
        return child.content
    if child.nesting or child.type == "html_inline":
        return ""
    return "\n" if child.type.endswith("break") else _ELSE


def _closed_by(html: str) -> int:
    name = re.match(r"</?[a-z]*", html.lower())
    if name is None or name[0].replace("/", "") not in _CLOSED:
        return 0
    return -1 if "/" in name[0] else 1


def _parted(child: Token, line: str, start: int, lexicon: "Lexicon[str]") -> Iterator[Token]:
    """A text in parts: what is no abbreviation, and the abbreviations between their tokens."""
    behind = start
    for found in lexicon.spot(line, start, start + len(child.content)):
        yield from _texts(child, line[behind : found.start])
        yield Token("abbr_open", "abbr", 1, level=child.level, meta={"title": found.value})
        yield from _texts(child, line[found.start : found.end])
        yield Token("abbr_close", "abbr", -1, level=child.level)
        behind = found.end
    if behind == start:
        yield child
    else:
        yield from _texts(child, line[behind : start + len(child.content)])


def _texts(child: Token, content: str) -> Iterator[Token]:
    if content:
        yield Token("text", "", 0, level=child.level, content=content)


def abbreviations(md: MarkdownIt) -> None:
    """Add the rules; uses are marked when all else is done."""
    md.block.ruler.before("reference", "abbreviation", _definition, {"alt": ["paragraph", "reference"]})
    md.core.ruler.push("abbreviation", _uses)

"""Callouts: a quote whose first line is ``[!type] Title``, foldable with ``+`` or ``-``.

Tokens: ``callout_open`` (`info` is the type; `meta["fold"]` "", "+" or "-"), ``callout_title_open``,
an inline token, ``callout_title_close``, the content, ``callout_close``.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_HEAD = re.compile(r"\[!([^\]|\n]+)(?:\|([^\]\n]*))?\]([+-]?)[ \t]*([^\n]*)(?:\n|$)")

ALIASES = {
    "summary": "abstract", "tldr": "abstract", "hint": "tip", "important": "tip", "check": "success",
    "done": "success", "help": "question", "faq": "question", "caution": "warning",
    "attention": "warning", "fail": "failure", "missing": "failure", "error": "danger",
    "cite": "quote",
}  # fmt: skip
"""Obsidian's second names of its callout types."""

NAMED = frozenset(
    {
        *("note", "abstract", "info", "todo", "tip", "success", "question", "warning", "failure", "danger"),
        *("bug", "example", "quote", *ALIASES),
    }
)
"""The types whose name is a text of the interface, where a callout has no title; any other is the author's word."""


def _callouts(state: StateCore) -> None:
    if "[!" not in state.src:
        return
    out: list[Token] = []
    open_quotes: list[bool] = []
    tokens = state.tokens
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type == "blockquote_open":
            head = _head(tokens, index)
            open_quotes.append(head is not None)
            if head is not None:
                index = _rewrite(tokens, index, head, out)
                continue
        elif token.type == "blockquote_close" and open_quotes.pop():
            token.type, token.tag = "callout_close", "div"
        out.append(token)
        index += 1
    state.tokens = out


def _head(tokens: list[Token], index: int) -> re.Match[str] | None:
    if index + 2 < len(tokens) and tokens[index + 1].type == "paragraph_open":
        return _HEAD.match(tokens[index + 2].content)
    return None


def _rewrite(tokens: list[Token], index: int, head: re.Match[str], out: list[Token]) -> int:
    """Write the callout's opening and title to `out`; return the index to go on from."""
    quote, paragraph, inline = tokens[index], tokens[index + 1], tokens[index + 2]
    kind = head[1].strip().lower()
    quote.type, quote.tag, quote.info = "callout_open", "div", kind
    quote.meta = {"fold": head[3], "metadata": head[2] or ""}
    first = inline.map[0] if inline.map else 0
    title = Token("inline", "", 0, map=[first, first + 1], level=inline.level)
    title.content = head[4].strip()
    title.children = []
    quote.meta["title"] = title.content
    out += [
        quote,
        Token("callout_title_open", "p", 1, level=paragraph.level, block=True, map=title.map),
        title,
        Token("callout_title_close", "p", -1, level=paragraph.level, block=True),
    ]
    rest = inline.content[head.end() :]
    if not rest.strip():
        return index + 4
    inline.content = rest
    last = inline.map[1] if inline.map else first + 1
    inline.map = paragraph.map = [first + 1, last]
    return index + 1


def callouts(md: MarkdownIt) -> None:
    """Add the rule for callouts: it works on blocks before their text is parsed."""
    md.core.ruler.before("inline", "callouts", _callouts)

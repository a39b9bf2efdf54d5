r"""Keep ``|`` inside formulas and wikilinks from ending a table cell.

The table rule of GFM cuts a row at each unescaped ``|`` before anything else is looked at, so that
``$P(A|B)$`` would become two cells and ``\|x\|`` lose its backslashes. Before blocks are parsed,
the pipes inside formulas and links of lines that look like table rows are masked; afterwards what
is left of the mask is taken off again.
"""

import re
from bisect import bisect_right
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from grimoire.parse.syntax import MASKED_PIPE

_BACKTICKS = re.compile(r"`+")
_MARK = re.compile(r"`+|\\\(|(?<!\\)\$|\[\[")
_DOLLARS = re.compile(r"\$\$?(?=[^\s$])[^$]*?(?<=[^\s\\])\$(?!\d)\$?")
_LINK = re.compile(r"\[\[[^\[\]]+\]\]")


_ENCODED = quote(MASKED_PIPE)


def _masked(line: str) -> str:
    """Mask the pipes inside the formulas and links of a line. Code guards nothing: what is in it is no formula."""
    parts: list[str] = []
    done = 0
    runs: dict[str, list[int]] = {}
    for run in _BACKTICKS.finditer(line):
        runs.setdefault(run[0], []).append(run.end())
    last_end = line.rfind("\\)")
    mark = _MARK.search(line)
    while mark:
        start, behind = mark.span()
        opening = mark[0]
        if opening[0] == "`":
            following = bisect_right(runs[opening], behind)
            behind = runs[opening][following] if following < len(runs[opening]) else behind
        else:
            if opening == "\\(":
                end = line.find("\\)", start + 3) if start + 3 <= last_end else -1
                end += len("\\)") if end >= 0 else 0
            else:
                found = (_LINK if opening == "[[" else _DOLLARS).match(line, start)
                end = found.end() if found else -1
            if end >= 0:
                parts += (line[done:start], line[start:end].replace("|", MASKED_PIPE))
                done = behind = end
        mark = _MARK.search(line, behind)
    return "".join([*parts, line[done:]])


def _mask(state: StateCore) -> None:
    if "|" not in state.src:
        return
    lines = state.src.split("\n")
    for number, line in enumerate(lines):
        if "|" in line and ("$" in line or "\\(" in line or "[[" in line):
            masked = _masked(line)
            # Only a line that still has a bare pipe can be a row of a table.
            if "|" in masked:
                lines[number] = masked
    state.src = "\n".join(lines)


def _unmask(state: StateCore) -> None:
    if MASKED_PIPE in state.src:
        _unmask_tokens(state.tokens)


def _unmask_tokens(tokens: list[Token]) -> None:
    for token in tokens:
        # The text of a line keeps its length, by which places in it are found.
        if token.type != "inline":
            token.content = token.content.replace(MASKED_PIPE, "|")
        token.info = token.info.replace(MASKED_PIPE, "|")
        for name, value in token.attrs.items():
            token.attrs[name] = str(value).replace(_ENCODED, "%7C").replace(MASKED_PIPE, "|")
        _unmask_tokens(token.children or [])


def pipes(md: MarkdownIt) -> None:
    """Add the masking before and the unmasking after the parse."""
    md.core.ruler.before("block", "mask_pipes", _mask)
    md.core.ruler.push("unmask_pipes", _unmask)

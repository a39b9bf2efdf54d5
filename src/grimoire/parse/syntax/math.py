r"""Formulas: ``$…$``, ``$$…$$``, ``\(…\)``, ``\[…\]``, ``\begin{align}…``, ``$latex …$``.

Prices are not formulas: the opening ``$`` has no blank behind it, the closing one none before it,
no digit behind it and no ``US`` before it, and no other ``$`` stands between. Nor is ``\[word]``,
which is CommonMark for brackets that are no link: ``\[`` opens a formula only if ``\]`` closes it
before the paragraph ends or another ``\[`` comes. Tokens: ``math`` in a line, with
`meta["display"]`; ``math_block``, whose `meta["lines"]` are the offsets of its lines of TeX.
"""

import re
from bisect import bisect_left
from typing import cast

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from grimoire.parse.syntax import MASKED_PIPE
from grimoire.parse.syntax.dispatch import LineState

ENVIRONMENTS = (
    "align", "align*", "alignat", "alignat*", "aligned", "array", "bmatrix", "cases", "CD",
    "darray", "dcases", "drcases", "equation", "equation*", "gather", "gather*", "gathered",
    "matrix", "multline", "multline*", "pmatrix", "rcases", "smallmatrix", "split", "Vmatrix",
    "vmatrix", "Bmatrix",
)  # fmt: skip
_BEGIN = re.compile(r"\\begin\{(" + "|".join(re.escape(name) for name in ENVIRONMENTS) + r")\}")
_CLOSERS = {"$$": "$$", "\\(": "\\)", "\\[": "\\]"}
_BLOCK_ID = re.compile(r"\s*(?:\^([A-Za-z0-9][A-Za-z0-9-]*)\s*|\{:?\s*#([^\W\d_][\w:-]*)\s*\}\s*)?")


_CURRENCY = re.compile(r"(?<![^\s(\[])(?:US|CA|AU|NZ|HK|SG)$")
_BACKTICKS = re.compile(r"`+")
_ESCAPED = re.compile(r"\\.", re.DOTALL)


def _closing(src: str, closer: str, start: int, end: int) -> int:
    """The offset of `closer` at or behind `start` that no backslash escapes; -1 if there is none."""
    found = src.find(closer, start, end)
    while found > 0 and _is_escaped(src, found):
        found = src.find(closer, found + 1, end)
    return found


def _before_another(src: str, opener: str, closer: str, start: int, end: int) -> int:
    """The offset of the `closer` behind the `opener` at `start`; -1 if another opener comes before it."""
    for found in _ESCAPED.finditer(src, start + len(opener), end):
        if found[0] in {opener, closer}:
            return found.start() if found[0] == closer else -1
    return -1


def _is_escaped(src: str, at: int) -> bool:
    slashes = 0
    while at - slashes > 0 and src[at - slashes - 1] == "\\":
        slashes += 1
    return slashes % 2 == 1


def _is_price(src: str, start: int, stop: int) -> bool:
    """Whether the ``$`` at `stop` belongs to a price, or to a currency as in ``$6 or US$ 8``."""
    if src[stop - 1].isspace() or src[stop + 1 : stop + 2].isdigit():
        return True
    return bool(_CURRENCY.search(src, start, stop))


def _opens_code(state: LineState, start: int, stop: int) -> bool:
    """Whether code begins between `start` and `stop` and ends behind: then the marks are code's."""
    if state.backtick_runs is None:
        state.backtick_runs = {}
        for run in _BACKTICKS.finditer(state.src):
            state.backtick_runs.setdefault(len(run[0]), []).append(run.start())
    at = start
    while opening := _BACKTICKS.search(state.src, at, stop):
        length = len(opening[0])
        alike = state.backtick_runs.get(length, [])
        following = bisect_left(alike, opening.end())
        at = opening.end()
        if following < len(alike) and alike[following] + length <= state.posMax:
            at = alike[following] + length
            if at > stop:
                return True
    return False


def _inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    found = _span(cast("LineState", state), state.pos)
    if found is None:
        return False
    opener, stop, closer = found
    start = state.pos
    if not silent:
        inner = state.src[start + len(opener) : stop]
        lead = len(inner) - len(inner.lstrip())
        if opener[0] == "$" and inner.startswith("latex "):
            lead = len(inner) - len(inner[6:].lstrip())
        token = state.push("math", "", 0)
        token.content = inner[lead:].rstrip().replace(MASKED_PIPE, "|")
        token.meta = {
            # In the text of a link nothing can stand in a line of its own.
            "display": opener in {"$$", "\\["} and not state.linkLevel,
            "at": (start, stop + len(closer)),
            "tex": start + len(opener) + lead,
        }
    state.pos = stop + len(closer)
    return True


def _span(state: LineState, start: int) -> tuple[str, int, str] | None:
    """The formula that begins at `start`: its opening mark, where the closing one is, and that."""
    src, end = state.src, state.posMax
    opener = src[start : start + 2]
    if opener in _CLOSERS:
        closer = _CLOSERS[opener]
    elif opener[0] == "$" and not opener[1:].isspace():
        opener = closer = "$"
    else:
        return None
    if opener[0] == "\\":
        stop = _before_another(src, opener, closer, start, end)
    else:
        stop = _closing(src, closer, start + len(opener), end)
    if stop < 0 or not src[start + len(opener) : stop].strip("\\ \n"):
        return None
    if opener == "$" and (_is_price(src, start + 1, stop) or _opens_code(state, start + 1, stop)):
        return None
    return opener, stop, closer


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001
    if state.is_code_block(start_line):
        return False
    begin = state.bMarks[start_line] + state.tShift[start_line]
    line = state.src[begin : state.eMarks[start_line]]
    environment = None
    if line.startswith("$$"):
        if silent and _ends_a_formula(state, start_line):
            return False
        opener, closer = "$$", "$$"
    elif line.startswith("\\["):
        opener, closer = "\\[", "\\]"
    elif environment := _BEGIN.match(line):
        opener, closer = "", f"\\end{{{environment[1]}}}"
    else:
        return False
    found = _lines_until(state, start_line, end_line, opener, closer)
    if found is None:
        mark = environment[0] if environment else opener
        # `\[word]` in a line is text in brackets.
        if mark != "\\[" or "]" not in line:
            state.env.setdefault("faults", {})["unclosed-math", begin] = begin + len(mark)
        return False
    lines, next_line, name = found
    if next_line < 0:
        return False
    if silent:
        return True
    while lines and not lines[0][1].strip():
        lines.pop(0)
    while lines and not lines[-1][1].strip():
        lines.pop()
    token = state.push("math_block", "", 0)
    token.content = "\n".join(text for _, text in lines).rstrip().replace(MASKED_PIPE, "|")
    token.map = [start_line, next_line]
    token.meta = {"lines": tuple(at for at, _ in lines), "name": name}
    state.line = next_line
    return True


_DOLLARS = re.compile(r"(?<![\\`$])\$\$(?![`$])")
"""A mark of a displayed formula that is neither escaped nor all that some code holds."""


def _ends_a_formula(state: StateBlock, start_line: int) -> bool:
    """Whether the mark that begins a line ends a formula that the paragraph above has opened, and opens none."""
    begin = state.bMarks[start_line]
    if state.sCount[start_line] < state.blkIndent:
        return False
    if state.src.count("$$", begin, state.eMarks[start_line]) != 1:
        return False
    first = state.bMarks[state.line]
    # Of each paragraph the marks are counted once.
    last: tuple[int, int, int] = state.env.get("dollars", (-1, 0, 0))
    paragraph, counted, marks = last
    if paragraph != first or counted > begin:
        counted, marks = first, 0
    marks += len(_DOLLARS.findall(state.src, counted, begin))
    state.env["dollars"] = first, begin, marks
    return marks % 2 == 1


def _lines_until(
    state: StateBlock, start_line: int, end_line: int, opener: str, closer: str
) -> tuple[list[tuple[int, str]], int, str] | None:
    """The lines of TeX, each with its offset, the line behind the formula, and its name (``^name``).

    None when it never ends; a next line of -1 when text follows its end, so that the formula
    stands inside a paragraph and is left to the inline rule. An environment, which has no
    `opener`, keeps its end.
    """
    if _last(state, closer) < state.bMarks[start_line]:
        return None
    # Where a search for this mark has failed, those that begin further down fail, too.
    failed: dict[tuple[str, int, int], int] = state.env.setdefault("failed", {})
    search = closer, state.blkIndent, end_line
    if start_line < failed.get(search, 0):
        return None
    lines: list[tuple[int, str]] = []
    for number in range(start_line, end_line):
        is_first = number == start_line
        if not is_first and state.sCount[number] < state.blkIndent and not state.isEmpty(number):
            failed[search] = number
            return None
        at = state.bMarks[number] + state.tShift[number] + (len(opener) if is_first else 0)
        text = state.src[at : state.eMarks[number]]
        at, text = at + len(text) - len(text.lstrip()), text.lstrip()
        stop = _closing(text, closer, 0, len(text))
        if opener == "\\[" and (state.isEmpty(number) or _closing(text, opener, 0, len(text)) >= 0):
            return None
        if stop < 0:
            lines.append((at, text))
            continue
        behind = text[stop + len(closer) :]
        name = _BLOCK_ID.fullmatch(behind)
        if not name:
            return lines, -1, ""
        lines.append((at, text[:stop] if opener else text[: stop + len(closer)]))
        if not any(text.strip() for _, text in lines):
            return lines, -1, ""
        return lines, number + 1, name[1] or name[2] or ""
    failed[search] = end_line
    return None


def _last(state: StateBlock, mark: str) -> int:
    """Where a mark stands for the last time in the text; -1 if nowhere."""
    known: dict[str, int] = state.env.setdefault("last", {})
    if mark not in known:
        known[mark] = state.src.rfind(mark)
    return known[mark]


def behind_group(tex: str, start: int) -> int:
    """Give the offset behind the group that begins at `start` with a brace."""
    depth = 0
    at = start
    while at < len(tex):
        if tex[at] == "\\":
            at += 2
            continue
        depth += {"{": 1, "}": -1}.get(tex[at], 0)
        at += 1
        if depth == 0:
            break
    return min(at, len(tex))


def math(md: MarkdownIt) -> None:
    """Add the rules for formulas."""
    md.inline.ruler.before("escape", "math", _inline)
    md.inline.add_terminator_char("$")
    md.block.ruler.before(
        "fence", "math_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )

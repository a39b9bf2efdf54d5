r"""Formulas: ``$…$``, ``$$…$$``, ``\(…\)``, ``\[…\]``, ``\begin{align}…``, ``$latex …$``.

Prices are not formulas: the opening ``$`` has no blank behind it, the closing one none before it
and no digit behind it, and no other ``$`` stands between. Tokens: ``math`` in a line, with
`meta["display"]`; ``math_block``, whose `meta["lines"]` are the offsets of its lines of TeX.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from grimoire.parse.syntax import MASKED_PIPE

_ENVIRONMENTS = (
    "align", "align*", "alignat", "alignat*", "aligned", "array", "bmatrix", "cases", "CD",
    "darray", "dcases", "drcases", "equation", "equation*", "gather", "gather*", "gathered",
    "matrix", "multline", "multline*", "pmatrix", "rcases", "smallmatrix", "split", "Vmatrix",
    "vmatrix", "Bmatrix",
)  # fmt: skip
_BEGIN = re.compile(r"\\begin\{(" + "|".join(re.escape(name) for name in _ENVIRONMENTS) + r")\}")
_BLOCK_ID = re.compile(r"\s*(?:\^[\w-]+\s*)?")


def _closing(src: str, closer: str, start: int, end: int) -> int:
    """The offset of `closer` at or behind `start` that no backslash escapes; -1 if there is none."""
    found = src.find(closer, start, end)
    while found > 0 and closer[0] == "$" and _is_escaped(src, found):
        found = src.find(closer, found + 1, end)
    return found


def _is_escaped(src: str, at: int) -> bool:
    slashes = 0
    while at - slashes > 0 and src[at - slashes - 1] == "\\":
        slashes += 1
    return slashes % 2 == 1


def _inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    src, start, end = state.src, state.pos, state.posMax
    char = src[start]
    display = False
    if char == "$":
        if src.startswith("$$", start):
            opener, closer, display = 2, "$$", True
            stop = _closing(src, closer, start + 2, end)
        else:
            opener, closer = 1, "$"
            if start + 1 >= end or src[start + 1].isspace():
                return False
            stop = _closing(src, closer, start + 1, end)
            if stop < 0 or src[stop - 1].isspace() or src[stop + 1 : stop + 2].isdigit():
                return False
    elif char == "\\" and src[start + 1 : start + 2] in ("(", "["):
        display = src[start + 1] == "["
        opener, closer = 2, "\\]" if display else "\\)"
        stop = src.find(closer, start + 2, end)
        if stop > 0 and src[stop - 1] == "\\":
            stop = src.find(closer, stop + 1, end)
    else:
        return False
    if stop < 0:
        return False
    inner = src[start + opener : stop]
    if not inner.strip() or (char == "$" and not display and "\n\n" in inner):
        return False
    if not silent:
        lead = len(inner) - len(inner.lstrip())
        if char == "$" and inner.startswith("latex "):
            lead = len(inner) - len(inner[6:].lstrip())
        token = state.push("math", "", 0)
        token.content = inner[lead:].rstrip().replace(MASKED_PIPE, "|")
        first = start + opener + lead
        token.meta = {"display": display, "at": (start, stop + len(closer)), "tex": first}
    state.pos = stop + len(closer)
    return True


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001
    if state.is_code_block(start_line):
        return False
    begin = state.bMarks[start_line] + state.tShift[start_line]
    line = state.src[begin : state.eMarks[start_line]]
    environment = None
    if line.startswith("$$"):
        opener, closer = 2, "$$"
    elif line.startswith("\\["):
        opener, closer = 2, "\\]"
    elif environment := _BEGIN.match(line):
        opener, closer = 0, f"\\end{{{environment[1]}}}"
    else:
        return False
    found = _lines_until(state, start_line, end_line, opener, closer, environment is not None)
    if found is None:
        if not silent:
            faults = state.env.setdefault("faults", [])
            at = begin, begin + (environment.end() if environment else 2)
            if not any(fault[1] == begin for fault in faults):
                faults.append(("unclosed-math", *at))
        return False
    lines, next_line = found
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
    token.meta = {"lines": tuple(at for at, _ in lines)}
    state.line = next_line
    return True


def _lines_until(
    state: StateBlock, start_line: int, end_line: int, opener: int, closer: str, keep: bool  # noqa: FBT001
) -> tuple[list[tuple[int, str]], int] | None:
    """The lines of TeX, each with its offset, and the line behind the formula.

    None when it never ends; a next line of -1 when text follows its end, so that the formula
    stands inside a paragraph and is left to the inline rule.
    """
    lines: list[tuple[int, str]] = []
    for number in range(start_line, end_line):
        if number > start_line and state.sCount[number] < state.blkIndent and not state.isEmpty(number):
            return None
        at = state.bMarks[number] + state.tShift[number] + (opener if number == start_line else 0)
        text = state.src[at : state.eMarks[number]]
        stop = text.find(closer)
        if stop < 0:
            lines.append((at, text))
            continue
        behind = text[stop + len(closer) :]
        if not _BLOCK_ID.fullmatch(behind):
            return lines, -1
        lines.append((at, text[: stop + len(closer)] if keep else text[:stop]))
        if not any(text.strip() for _, text in lines):
            return lines, -1
        return lines, number + 1
    return None


_DEFINITION = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand)\*?\s*(?:\{\s*\\[A-Za-z@]+\s*\}|\\[A-Za-z@]+)\s*(?:\[\d\]\s*)?(?=\{)"
    r"|\\g?def\s*\\[A-Za-z@]+\s*(?:#\d\s*)*(?=\{)"
    r"|\\let\s*\\[A-Za-z@]+\s*=?\s*\\[A-Za-z@]+"
)


def definitions(tex: str) -> str:
    r"""Give the macro definitions in a formula (``\newcommand``, ``\def``, ``\let``), joined."""
    if "\\" not in tex or not re.search(r"\\(?:re)?newcommand|\\providecommand|\\g?def|\\let", tex):
        return ""
    kept = []
    for found in _DEFINITION.finditer(tex):
        end = found.end()
        if tex[end : end + 1] == "{":
            end = _behind_group(tex, end)
        kept.append(tex[found.start() : end])
    return "".join(kept)


def _behind_group(tex: str, start: int) -> int:
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

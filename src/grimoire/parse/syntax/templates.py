"""Markup of other programs' templates, shown as it is written: nothing in it is ever executed.

``{{< … >}}``, ``{{% … %}}`` and ``{{ … }}`` of Hugo, ``{% … %}`` of Liquid and Jinja, ``<% … %>`` of Templater,
and kramdown's attribute lists ``{: … }``. Tokens: ``template``, its `content` as written; a link or picture whose
address holds such markup becomes one whole; a block of code between two such tags becomes a ``fence``.
"""

import re
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_LONGEST = 2000
_CLOSED_BY = {"{{<": ">}}", "{{%": "%}}", "{%": "%}", "<%": "%>"}
_OPENING = re.compile(r"\{\{[<%]|\{%(?=-?\s*[a-zA-Z])|<%(?=[\s=*_+-]|tp\.)")
_VARIABLE = re.compile(r"\{\{-?\s*(?:[^\W\d]|[.$\"'#/>^&!=@(])[^{}]{0,2000}\}\}")
_ATTRIBUTE = r"(?:(?:[#.][\w:-]+)+|[\w-]+=(?:\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')|[\w-]+)"
_ATTRIBUTES = re.compile(
    rf"\{{:(?:[ \t]*{_ATTRIBUTE}(?:[ \t]+{_ATTRIBUTE})*[ \t]*|[\w-]+:[ \t][^{{}}\n]{{0,500}}|[:/][^{{}}\n]{{0,500}})\}}"
)
_CODE = re.compile(r"(\{%-?|\{\{<)\s*(highlight|mermaid|katex)\b")


def markup_end(text: str, start: int, limit: int) -> int:
    """Where the template markup that begins at `start` ends; -1 if none does."""
    if opening := _OPENING.match(text, start, limit):
        closing = _CLOSED_BY[opening[0]]
        end = text.find(closing, opening.end(), min(limit, start + _LONGEST))
        return end + len(closing) if end >= 0 else -1
    found = (_VARIABLE if text.startswith("{{", start) else _ATTRIBUTES).match(text, start, limit)
    return found.end() if found else -1


def _inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    start = state.pos
    if state.src[start] not in "{<":
        return False
    end = markup_end(state.src, start, state.posMax)
    if end < 0:
        return False
    if not silent:
        token = state.push("template", "", 0)
        token.content = state.src[start:end]
        token.meta = {"at": (start, end)}
    state.pos = end
    return True


def _code(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001
    """What stands between two tags that hold code, the tags too."""
    begin = state.bMarks[start_line] + state.tShift[start_line]
    opening = _CODE.match(state.src, begin, state.eMarks[start_line])
    if not opening or state.is_code_block(start_line):
        return False
    end = rf"\{{%-?\s*end{opening[2]}\b" if opening[1].startswith("{%") else rf"\{{\{{<\s*/\s*{opening[2]}\b"
    last = _line_with(state, end, start_line, end_line)
    if last is None:
        return False
    if not silent:
        token = state.push("fence", "code", 0)
        token.content = state.getLines(start_line, last + 1, state.blkIndent, keepLastLF=True)
        token.map = [start_line, last + 1]
        token.meta = {"templates": 2, "at": begin}
        state.line = last + 1
    return True


def _tag(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001
    """A paragraph that begins with a tag of several lines: the last may look like a quote, ``>}}``."""
    begin = state.bMarks[start_line] + state.tShift[start_line]
    opening = _OPENING.match(state.src, begin, state.eMarks[start_line])
    if not opening or state.is_code_block(start_line):
        return False
    closing = _CLOSED_BY[opening[0]]
    if closing in state.src[begin : state.eMarks[start_line]]:
        return False
    last = _line_with(state, re.escape(closing), start_line, end_line)
    if last is None or state.bMarks[last] - begin > _LONGEST:
        return False
    if not silent:
        state.push("paragraph_open", "p", 1).map = [start_line, last + 1]
        token = state.push("inline", "", 0)
        token.content = state.getLines(start_line, last + 1, state.blkIndent, keepLastLF=False).strip()
        token.map = [start_line, last + 1]
        token.children = []
        state.push("paragraph_close", "p", -1)
        state.line = last + 1
    return True


def _line_with(state: StateBlock, pattern: str, start_line: int, end_line: int) -> int | None:
    """The next line of this block that has a pattern; lines known not to have it are not looked at again."""
    known: dict[str, tuple[int, int]] = state.env.setdefault("lines_without", {})
    first, behind = known.get(pattern, (0, 0))
    if first <= start_line < behind:
        return None
    wanted = re.compile(pattern)
    for number in range(start_line, end_line):
        if state.sCount[number] < state.blkIndent and not state.isEmpty(number):
            end_line = number
            break
        if wanted.search(state.src, state.bMarks[number], state.eMarks[number]):
            return number
    known[pattern] = start_line, end_line
    return None


_IN_ADDRESS = re.compile(r"\{[{%]|<%")


def _links(state: StateCore) -> None:
    """Show a link or picture whose address is for a template as it is written."""
    if "{{" not in state.src and "{%" not in state.src:
        return
    for token in state.tokens:
        children = token.children or []
        for index, child in enumerate(children):
            name = {"link_open": "href", "image": "src"}.get(child.type, "")
            address = unquote(str(child.attrs.get(name, "")))
            # Where an address stands for itself, nothing but it is written there.
            if child.info == "auto" or not name or not _IN_ADDRESS.search(address):
                continue
            start, end = child.meta["at"]
            if child.type == "image":
                children[index] = _as_written(token.content[start:end], (start, end))
                continue
            close = next(at for at in range(index, len(children)) if children[at].type == "link_close")
            children[index] = _as_written("[", (start, end))
            children[close] = _as_written(f"]({address})", (start, end), is_part=True)


def _as_written(text: str, at: tuple[int, int], *, is_part: bool = False) -> Token:
    return Token("template", "", 0, content=text, meta={"at": at, "is_part": is_part})


def templates(md: MarkdownIt) -> None:
    """Add the rules for template markup."""
    md.inline.ruler.before("newline", "template", _inline)
    for name, rule in (("template_code", _code), ("template_tag", _tag)):
        md.block.ruler.before("fence", name, rule, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.core.ruler.push("template_links", _links)

r"""LaTeX as a tree of nodes, each with its place; whatever the text, and nothing of it lost.

pylatexenc reads the tokens: commands, environments, marks of mathematics, comments. Its walker of trees is
not used: it calls itself for each brace, drops what closes nothing, and takes an unclosed brace to the end of
the file. Here a stack is kept instead, with a limit. What is opened and never closed, or closed and never
opened, becomes text and a fault; and an entry that begins a line ends an entry before it whose braces are not
closed, so that one forgotten brace spoils one entry.

The module is long because what each thing opens, and what happens when it is not closed, belong together.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

import msgspec
from pylatexenc.latexwalker import LatexWalker, LatexWalkerEndOfStream, get_default_latex_context_db

from grimoire.parse.latex.vocabulary import (
    ADDRESSES,
    CODE_ENVIRONMENTS,
    DEFINING,
    ENTRY_COMMANDS,
    FORMULAS,
)

Kind = Literal["text", "command", "sign", "break", "group", "environment", "math", "code", "comment"]


class Node(NamedTuple):
    r"""A piece of LaTeX: ``text[start:end]`` is all of it, ``text[first:last]`` what stands inside its marks.

    ==============  ================================  ==========================================
    kind            is                                name
    ==============  ================================  ==========================================
    ``text``        characters and blanks
    ``command``     ``\name`` without arguments;      without backslash
                    `end` is behind the blanks
                    that belong to it, `last` before
    ``sign``        ``~``, ``--``, two quotes, ``&``  the sign
    ``break``       a blank line
    ``group``       braces
    ``environment`` ``\begin`` to ``\end``            its name
    ``math``        a formula                         how it begins: ``$``, ``\[``, ``align`` …
    ``code``        verbatim text                     the command or environment
    ``comment``     ``%`` to the next line
    ==============  ================================  ==========================================
    """

    kind: Kind
    name: str
    start: int
    end: int
    first: int
    last: int
    nodes: Sequence["Node"] = ()


class Fault(NamedTuple):
    """What does not match: a code of a diagnostic, its place in the text, and the words."""

    code: str
    start: int
    end: int
    message: str
    help: str


DEEPEST = 40
"""How deep braces and environments may stand in each other."""

_SPECIAL = re.compile(r"[\\{}$%~&`'!?-]|\n[ \t]*\n\s*")
_BEHIND_COMMENT = re.compile(r"\n(?![ \t]*\n)[ \t]*")
_VERB = re.compile(r"\*?([^\w\s*])")
_CODE_COMMANDS = {"verb", "lstinline", "mintinline"}
_ADDRESS = re.compile(r"[ \t]*(\{)((?:[^{}\n]|\{[^{}\n]*\})*)\}")
_OPTIONS = re.compile(r"[ \t]*\n?[ \t]*\[[^\[\]\n]*\]")
_CONDITION = re.compile(
    r"\\(else|fi|if(?:case|cat|csname|defined|dim|eof|false|hbox|hmode|inner|mmode|num|odd|true|vbox|vmode|void|x)?)"
    r"(?![A-Za-z])"
)
_CLOSES = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}


@cache
def _vocabulary() -> Any:  # noqa: ANN401  pylatexenc has no types
    return get_default_latex_context_db()


class _Frame(msgspec.Struct):
    """Something that is open: a group, an environment, a formula, or (at the bottom) the whole text."""

    kind: Literal["group", "environment", "math", "text"]
    name: str
    start: int
    first: int
    nodes: list[Node] = []
    is_entry: bool = False
    """Whether it is an argument of a command that makes an entry."""
    is_muted: bool = False
    """Whether faults in it are none: a definition may hold a half of something."""
    expects: Literal["", "entry", "definition"] = ""
    """What the groups are that come next."""


def parse(text: str, deepest: int = DEEPEST) -> tuple[list[Node], list[Fault]]:
    """Parse a text; takes time in proportion to its length. Never raises.

    Args:
        text: the LaTeX.
        deepest: how deep braces and environments may stand in each other; what is below is text.
    """
    reader = _Reader(text, deepest)
    return reader.read(), reader.faults


class _Reader:
    """One pass over a text."""

    def __init__(self, text: str, deepest: int) -> None:
        self._text, self._deepest = text, deepest
        self._walker = LatexWalker(text, latex_context=_vocabulary(), tolerant_parsing=True)
        self._state = self._walker.make_parsing_state()
        self._in_dollars = self._state.sub_context(in_math_mode=True, math_mode_delimiter="$")
        self._stack = [_Frame("text", "", 0, 0)]
        self._too_deep: list[str] = []
        """What is open beyond the limit."""
        self._never: set[str] = set()
        """Ends of code that do not come any more."""
        self.faults: list[Fault] = []

    def read(self) -> list[Node]:
        at = 0
        while at < len(self._text):
            found = _SPECIAL.search(self._text, at)
            stop = found.start() if found else len(self._text)
            self._add_text(at, stop)
            at = self._special(stop) if found else stop
        self._end_entry(len(self._text), "close it with `}`")
        while len(self._stack) > 1:
            self._dissolve_top()
        return self._stack[0].nodes

    @property
    def _top(self) -> _Frame:
        return self._stack[-1]

    def _add(self, node: Node) -> None:
        self._top.nodes.append(node)

    def _add_text(self, start: int, end: int) -> int:
        """Add characters, to those before them where there are any; gives the offset behind."""
        if start >= end:
            return end
        nodes = self._top.nodes
        if nodes and nodes[-1].kind == "text" and nodes[-1].end == start:
            start = nodes.pop().start
        nodes.append(Node("text", "", start, end, start, end))
        return end

    def _special(self, at: int) -> int:
        """Read what begins at `at` with a character that has a meaning; gives the offset behind it."""
        if self._text[at] == "\n":
            return self._break(at)
        state = self._in_dollars if self._top.kind == "math" and self._top.name == "$" else self._state
        try:
            token = self._walker.get_token(at, parsing_state=state)
        except LatexWalkerEndOfStream:
            # A backslash that ends the text.
            return self._add_text(at, len(self._text))
        end = at + int(token.len)
        match token.tok:
            case "brace_open":
                return self._open("group", "{", at, end)
            case "brace_close":
                return self._close_group(at, end)
            case "begin_environment":
                return self._begin(str(token.arg), at, end)
            case "end_environment":
                return self._end(str(token.arg), at, end)
            case _ if self._too_deep and not (token.tok == "macro" and token.arg in ENTRY_COMMANDS):
                return self._add_text(at, end)
            case "mathmode_inline" | "mathmode_display":
                return self._mathematics(str(token.arg), at, end)
            case "comment":
                behind = _BEHIND_COMMENT.match(self._text, at + 1 + len(token.arg))
                end = behind.end() if behind else at + 1 + len(token.arg)
                self._add(Node("comment", "", at, end, at + 1, at + 1 + len(token.arg)))
                return end
            case "specials":
                self._add(Node("sign", str(token.arg.specials_chars), at, end, at, end))
                return end
            case "macro":
                return self._command(str(token.arg), at, end - len(token.post_space), end)
            case _:
                return self._add_text(at, end)

    def _break(self, at: int) -> int:
        found = _SPECIAL.match(self._text, at)
        end = found.end() if found else at + 1
        while self._top.kind == "math" and self._top.name in {"$", "\\("}:
            self._dissolve_top()
        self._top.expects = ""
        self._add(Node("break", "", at, end, at, end))
        return end

    # ------------------------------------------------------------ commands and code

    def _command(self, name: str, start: int, last: int, end: int) -> int:
        if name == "iffalse" and (behind := self._left_out(start, end)):
            return behind
        if name in _CODE_COMMANDS and (behind := self._code_line(name, start, last)):
            return behind
        if name in ENTRY_COMMANDS and self._top.kind != "math":
            if not self._text[self._text.rfind("\n", 0, start) + 1 : start].strip():
                self._end_entry(start, "close it with `}` before the next entry")
            self._top.expects = "entry"
        elif name in DEFINING:
            self._top.expects = "definition"
        elif self._top.expects == "definition" and self._top.nodes[-1].kind == "group":
            self._top.expects = ""
        self._add(Node("command", name, start, end, start + 1, last))
        return self._address(end) if name in ADDRESSES else end

    def _left_out(self, start: int, at: int) -> int:
        r"""Read ``\iffalse`` up to its ``\else`` or ``\fi``, which is a comment; 0 if it has none."""
        depth = 0
        for found in () if "fi" in self._never else _CONDITION.finditer(self._text, at):
            if depth == 0 and found[1] in {"else", "fi"}:
                self._add(Node("comment", "iffalse", start, found.end(), at, found.start()))
                return found.end()
            depth += {"else": 0, "fi": -1}.get(found[1], 1)
        self._never.add("fi")
        return 0

    def _code_line(self, name: str, start: int, at: int) -> int:
        r"""Read ``\verb|…|``; 0 if it is none, as when its line ends first."""
        if name != "verb" and (options := _OPTIONS.match(self._text, at)):
            at = options.end()
        if name == "mintinline" and (language := re.compile(r"\{\w*\}").match(self._text, at)):
            at = language.end()
        mark = _VERB.match(self._text, at)
        if not mark:
            return 0
        line = self._text.find("\n", mark.end())
        closer = "}" if mark[1] == "{" and name != "verb" else mark[1]
        stop = self._text.find(closer, mark.end(), line if line >= 0 else len(self._text))
        if stop < 0:
            return 0
        self._add(Node("code", name, start, stop + 1, mark.end(), stop))
        return stop + 1

    def _address(self, at: int) -> int:
        """Read the argument that is an address, up to the brace that closes it in its line."""
        found = _ADDRESS.match(self._text, at)
        if not found:
            return at
        start = self._add_text(at, found.start(1))
        inner = Node("text", "", found.start(2), found.end(2), found.start(2), found.end(2))
        self._add(Node("group", "{", start, found.end(), found.start(2), found.end(2), (inner,)))
        return found.end()

    def _code_block(self, name: str, start: int, first: int) -> int:
        """Read an environment whose text is no LaTeX; 0 if it does not end."""
        closer = f"\\end{{{name}}}"
        stop = -1 if closer in self._never else self._text.find(closer, first)
        if stop < 0:
            self._never.add(closer)
            return 0
        self._add(Node("code", name, start, stop + len(closer), first, stop))
        return stop + len(closer)

    # ------------------------------------------------------------ what opens and closes

    def _open(self, kind: Literal["group", "environment", "math"], name: str, start: int, end: int) -> int:
        if self._too_deep or len(self._stack) > self._deepest:
            if not self._too_deep:
                self._fault(
                    "too-deep", start, end, "braces and environments are nested too deep",
                    "use fewer of them inside each other",
                )  # fmt: skip
            if kind != "math":
                self._too_deep.append(name)
            return self._add_text(start, end)
        above = self._top
        expected = above.expects if kind == "group" else ""
        self._stack.append(
            _Frame(
                kind, name, start, end,
                is_entry=expected == "entry",
                is_muted=above.is_muted or expected == "definition",
            )
        )  # fmt: skip
        return end

    def _close(self, last: int, end: int) -> None:
        """Close the innermost thing that is open."""
        frame = self._stack.pop()
        kind: Kind = "group" if frame.kind == "text" else frame.kind
        self._add(Node(kind, frame.name, frame.start, end, frame.first, last, frame.nodes))

    def _dissolve_top(self) -> None:
        """Take the innermost thing that is open for text: it is never closed."""
        frame = self._stack.pop()
        shown = self._text[frame.start : frame.first]
        if frame.kind == "math":
            code, what, mend = "unclosed-math", "a formula", f"close it with `{_closer(frame.name)}`"
        elif frame.kind == "environment":
            code, what, mend = "broken-latex", "an environment", f"write `\\end{{{frame.name}}}` behind it"
        else:
            code, what, mend = "broken-latex", "a brace", "close it with `}`, or write `\\{`"
        if not frame.is_muted:
            self._fault(code, frame.start, frame.first, f"{what} is opened here and never closed", mend)
        self._add_text(frame.start, frame.start + len(shown))
        for node in frame.nodes:
            if node.kind == "text":
                self._add_text(node.start, node.end)
            else:
                self._add(node)

    def _end_entry(self, start: int, mend: str) -> None:
        """Close an entry that is still open where the next one begins, or the text ends."""
        opened = next((index for index, frame in enumerate(self._stack) if frame.is_entry), None)
        if opened is None:
            return
        self._too_deep.clear()
        while len(self._stack) > opened:
            if self._top.kind == "group":
                first = self._top.start
                self._fault("broken-latex", first, first + 1, "a brace is opened here and never closed", mend)
                self._close(start, start)
            else:
                self._dissolve_top()

    def _close_group(self, start: int, end: int) -> int:
        if self._too_deep:
            return self._close_too_deep("{", start, end)
        opened = self._find(lambda frame: frame.kind == "group")
        if opened is None:
            return self._stray(
                start, end, "a brace is closed that was never opened", "write `\\}`, or open it"
            )
        while len(self._stack) > opened + 1:
            self._dissolve_top()
        self._close(start, end)
        return end

    def _begin(self, name: str, start: int, end: int) -> int:
        if name in CODE_ENVIRONMENTS and (behind := self._code_block(name, start, end)):
            return behind
        is_formula = name in FORMULAS and not any(frame.kind == "math" for frame in self._stack)
        return self._open("math" if is_formula else "environment", name, start, end)

    def _end(self, name: str, start: int, end: int) -> int:
        if self._too_deep:
            return self._close_too_deep(name, start, end)
        opened = self._find(lambda frame: frame.name == name, up_to="group")
        if opened is None:
            message = f"the environment `{name}` ends here and never began"
            return self._stray(start, end, message, f"write `\\begin{{{name}}}` before it")
        while len(self._stack) > opened + 1:
            self._dissolve_top()
        self._close(start, end)
        return end

    def _mathematics(self, mark: str, start: int, end: int) -> int:
        opened = self._find(lambda frame: _CLOSES.get(frame.name) == mark, up_to="group")
        if opened is not None:
            while len(self._stack) > opened + 1:
                self._dissolve_top()
            if self._top.first == start:
                # Nothing stands between: `$$$$` is four dollars.
                frame = self._stack.pop()
                return self._add_text(frame.start, end)
            self._close(start, end)
            return end
        if mark in {"\\)", "\\]"}:
            return self._stray(start, end, f"a formula ends with `{mark}` that never began", "remove it")
        if self._find(lambda frame: frame.kind == "math", up_to="group") is not None:
            # KaTeX will tell of a mark inside a formula.
            return self._add_text(start, end)
        return self._open("math", mark, start, end)

    def _find(self, is_it: Any, up_to: str = "") -> int | None:  # noqa: ANN401  a predicate of frames
        """The innermost thing open that is wanted; a group hides what is around it, if so said."""
        for index in range(len(self._stack) - 1, 0, -1):
            if is_it(self._stack[index]):
                return index
            if self._stack[index].kind == up_to:
                return None
        return None

    def _close_too_deep(self, name: str, start: int, end: int) -> int:
        if self._too_deep[-1] == name:
            self._too_deep.pop()
        return self._add_text(start, end)

    def _stray(self, start: int, end: int, message: str, mend: str) -> int:
        if not self._top.is_muted:
            self._fault("broken-latex", start, end, message, mend)
        return self._add_text(start, end)

    def _fault(self, code: str, start: int, end: int, message: str, mend: str) -> None:
        self.faults.append(Fault(code, start, end, message, mend))


def _closer(name: str) -> str:
    return _CLOSES.get(name, f"\\end{{{name}}}")

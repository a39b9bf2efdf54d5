"""LaTeX as the block tokens that Markdown gives: paragraphs, lists, quotes, displayed formulas, code."""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from grimoire.parse.latex import vocabulary
from grimoire.parse.latex.inlines import Line, formula_at, inline, is_display, without_blanks
from grimoire.parse.latex.reading import Reading
from grimoire.parse.latex.script import Script
from grimoire.parse.latex.siblings import Siblings
from grimoire.parse.latex.tree import Node

_CODE = re.compile(r"(?:\[(?P<options>[^\[\]]*)\])?(?:\{(?P<language>[^{}\n]*)\})?[ \t]*\n?")
_LANGUAGE = re.compile(r"language\s*=\s*\{?\s*([\w+#-]+)")


class Blocks:
    """Sets blocks; made for one file."""

    def __init__(self, reading: Reading) -> None:
        """Begin; `reading` is what is known of the file."""
        self._reading = reading

    def line(self, script: Script, nodes: Sequence[Node], *, is_title: bool = False) -> list[Token]:
        """Give the tokens of a line; a title has neither links nor footnotes."""
        line = Line(self._reading, self.tokens, script, is_linked=is_title)
        line.set(nodes)
        return without_blanks(line.out)

    def tokens(self, script: Script, nodes: Sequence[Node]) -> list[Token]:
        """Give the tokens of a text."""
        flow = _Flow(self, script, self._reading)
        flow.walk(nodes)
        flow.end_paragraph()
        return flow.out


def _items(script: Script, node: Node) -> tuple[list[Node], list[tuple[Node | None, list[Node]]]]:
    r"""What stands before the first ``\item`` of a list, and each item with its label."""
    siblings = Siblings(node.nodes, script.text)
    siblings.options(with_blanks=False)
    before: list[Node] = []
    items: list[tuple[Node | None, list[Node]]] = []
    while (one := siblings.next()) is not None:
        if one.kind == "command" and one.name == "item":
            items.append((siblings.options(), []))
        else:
            (items[-1][1] if items else before).append(one)
    return before, items


def _tighten(items: Sequence[Sequence[Token]]) -> None:
    """Hide the paragraphs of a list in which no item has two."""
    paragraphs = [
        [token for token in _outermost(item) if token.type.startswith("paragraph")] for item in items
    ]
    if all(len(found) <= 2 for found in paragraphs):
        for found in paragraphs:
            for token in found:
                token.hidden = True


def _outermost(tokens: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        depth += min(token.nesting, 0)
        if depth == 0:
            yield token
        depth += max(token.nesting, 0)


class _Flow:
    """Blocks while they are set: the nodes of a paragraph gather until something ends it."""

    def __init__(self, blocks: Blocks, script: Script, reading: Reading) -> None:
        self._blocks, self._script, self._reading = blocks, script, reading
        self._pending: list[Node] = []
        self.out: list[Token] = []

    def walk(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            if node.kind == "break" or (node.kind == "command" and node.name in {"par", "glspar"}):
                self.end_paragraph()
            elif is_display(node) and (where := formula_at(self._script, node))[0] < where[1]:
                self.end_paragraph()
                self._formula(*where)
            elif node.kind == "code" and node.name in vocabulary.CODE_ENVIRONMENTS:
                self._code(node)
            elif node.kind == "environment":
                self._environment(node)
            elif node.kind == "group" and not self._is_argument() and _has_blocks(node):
                self.walk(node.nodes)
            else:
                self._pending.append(node)

    def _is_argument(self) -> bool:
        """Whether a group that comes next belongs to a command before it."""
        before = next((one for one in reversed(self._pending) if one.kind != "comment"), None)
        return before is not None and before.kind in {"command", "group"}

    def end_paragraph(self) -> None:
        """Set what has gathered."""
        nodes, self._pending = self._pending, []
        children = self._blocks.line(self._script, nodes)
        if children:
            start, end = nodes[0].start, nodes[-1].end
            self.out += [
                Token("paragraph_open", "p", 1),
                inline(self._script, children, start, end),
                Token("paragraph_close", "p", -1),
            ]

    def _environment(self, node: Node) -> None:
        if node.name in vocabulary.FRAMES:
            self.end_paragraph()
            siblings = Siblings(node.nodes, self._script.text)
            siblings.options(with_blanks=False)
            self.walk(siblings.rest())
            self.end_paragraph()
        elif node.name in vocabulary.QUOTES:
            self.end_paragraph()
            inner = self._blocks.tokens(self._script, node.nodes)
            self.out += _within("blockquote", "blockquote", inner) if inner else []
        elif node.name in vocabulary.LISTS:
            self.end_paragraph()
            self._list(node)
        elif _has_blocks(node):
            # Not known: its marks stand in the text, and what it holds is set.
            name = f"\\begin{{{node.name}}}"
            self._reading.report_unknown(name, self._script.span(node.start, node.first))
            within = list(node.nodes)
            first = node.first
            while within and within[0].kind == "group":
                first = within.pop(0).end
            self._pending.append(Node("text", "", node.start, first, node.start, first))
            self.walk(within)
            self._pending.append(Node("text", "", node.last, node.end, node.last, node.end))
        else:
            self._pending.append(node)

    def _list(self, node: Node) -> None:
        before, items = _items(self._script, node)
        self.out += self._blocks.tokens(self._script, before)
        if not items:
            return
        kind, tag = vocabulary.LISTS[node.name]
        rows: list[Token] = []
        if tag == "dl":
            inner = [self._blocks.tokens(self._script, nodes) for _, nodes in items]
            _tighten(inner)
            for (label, _), tokens in zip(items, inner, strict=True):
                rows += [*_within("dt", "dt", [self._named(label, node)]), *_within("dd", "dd", tokens)]
        else:
            inner = [
                self._blocks.tokens(self._script, [*(label.nodes if label else ()), *nodes])
                for label, nodes in items
            ]
            _tighten(inner)
            for tokens in inner:
                rows += _within("list_item", "li", tokens)
        self.out += _within(kind, tag, rows)

    def _named(self, label: Node | None, node: Node) -> Token:
        """What an item of a description describes."""
        named = self._blocks.line(self._script, label.nodes) if label else []
        first, last = (label.first, label.last) if label else (node.start, node.first)
        return inline(self._script, named, first, last)

    def _formula(self, start: int, end: int) -> None:
        tex = self._script.text[start:end]
        made = Token("math_block", "", 0, content=tex)
        at = start
        lines = []
        for line in tex.split("\n"):
            lines.append(self._script.inside.at(at))
            at += len(line) + 1
        made.meta = {"lines": tuple(lines), "name": ""}
        self.out.append(made)

    def _code(self, node: Node) -> None:
        language = vocabulary.CODE_ENVIRONMENTS[node.name]
        if language == "comment":
            return
        self.end_paragraph()
        text = self._script.text
        head = _CODE.match(text, node.first, node.last) if node.name in {"lstlisting", "minted"} else None
        first = head.end() if head else node.first
        if head:
            said = _LANGUAGE.search(head["options"] or "")
            language = (said[1] if said else head["language"] or "").lower()
        content = text[first : node.last]
        if not head and content.startswith("\n"):
            content = content[1:]
        made = Token("fence", "code", 0, content=content.rstrip(" \t"), info=language)
        made.meta = {"span": self._script.span(node.start, node.first)}
        self.out.append(made)


def _within(kind: str, tag: str, tokens: Sequence[Token]) -> list[Token]:
    """Put an element around tokens."""
    return [Token(f"{kind}_open", tag, 1), *tokens, Token(f"{kind}_close", tag, -1)]


def _has_blocks(node: Node) -> bool:
    """Whether a node holds what cannot stand in a line."""
    pending = list(node.nodes)
    while pending:
        one = pending.pop()
        if one.kind in {"break", "environment"} or is_display(one):
            return True
        if one.kind == "code" and one.name in vocabulary.CODE_ENVIRONMENTS:
            return True
        pending += one.nodes
    return False

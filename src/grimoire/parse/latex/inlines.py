r"""A line of LaTeX as the inline tokens that Markdown gives, so that one compiler serves both.

What is not known stays as it is written, and what stands in its braces is still read. The module is longer than
others because each kind of command has its few lines here; the tables of them are in `vocabulary`.
"""

import re
from collections.abc import Callable, Sequence

from markdown_it.token import Token

from grimoire.parse.latex import macros, vocabulary
from grimoire.parse.latex.pointers import POINTERS
from grimoire.parse.latex.reading import Reading
from grimoire.parse.latex.script import Script
from grimoire.parse.latex.script import aside as read_aside
from grimoire.parse.latex.siblings import Siblings
from grimoire.parse.latex.signs import accented, symbol
from grimoire.parse.latex.tree import Node
from grimoire.parse.places import Inside
from grimoire.parse.targets import plain_text
from grimoire.source import Span

_DEEPEST = 8
"""How deep macros and names of entries may stand in each other."""
_COMMENT = re.compile(r"(?<!\\)%.*")
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")

Blocks = Callable[[Script, Sequence[Node]], list[Token]]


def inline(script: Script, children: list[Token], start: int, end: int) -> Token:
    """Make the inline token of a line that stands at a stretch of a script."""
    made = Token("inline", "", 0, children=children, content=script.text[start:end])
    made.meta = {"inside": script.inside, "span": script.span(start, end), "start": start}
    return made


def formula_at(script: Script, node: Node) -> tuple[int, int]:
    """Where the TeX of a formula stands that KaTeX is to set: an environment keeps its marks."""
    has_marks = node.name in vocabulary.FORMULAS and node.name not in vocabulary.WITHOUT_THEIR_MARKS
    start, end = (node.start, node.end) if has_marks else (node.first, node.last)
    tex = script.text[start:end]
    return start + len(tex) - len(tex.lstrip()), max(start, start + len(tex.rstrip()))


def is_display(node: Node) -> bool:
    """Whether a formula stands in a line of its own."""
    return node.kind == "math" and node.name not in {"$", "\\(", "math"}


class _TooFar(Exception):
    """Macros or names of entries stand in each other without end."""


class Line:
    """A line while it is set; `out` has its tokens."""

    def __init__(
        self,
        reading: Reading,
        blocks: Blocks,
        script: Script,
        *,
        is_linked: bool = False,
        place: tuple[int, int] | None = None,
        inside: Inside | None = None,
        depth: int = 0,
    ) -> None:
        """Begin an empty line.

        Args:
            reading: what is known of the file.
            blocks: gives the tokens of blocks, which a footnote may hold.
            script: whose nodes come.
            is_linked: whether no link and no footnote can stand in it: a title, or the text of a link.
            place: where it is shown, if the script stands elsewhere: all that points at it points there.
            inside: what that place counts in, if not in the script.
            depth: how many lines are being set around it.
        """
        self.reading, self.blocks, self.script = reading, blocks, script
        self.is_linked, self._place, self._depth = is_linked, place, depth
        self._inside = inside or script.inside
        self.out: list[Token] = []

    def set(self, nodes: Sequence[Node]) -> None:
        r"""Set some nodes; a switch such as ``\bf`` among them ends with them."""
        self._rest(Siblings(nodes, self.script.text))

    def _rest(self, siblings: Siblings) -> None:
        switched: list[str] = []
        while (node := siblings.next()) is not None:
            if node.kind == "command" and node.name in vocabulary.SWITCHES:
                switched.append(vocabulary.SWITCHES[node.name])
                self._open(switched[-1])
            else:
                self._node(node, siblings)
        for tag in reversed(switched):
            self._shut(tag)

    def _node(self, node: Node, siblings: Siblings) -> None:
        match node.kind:
            case "text":
                self.say(self.script.written(node).replace("`", "‘").replace("'", "’"))
            case "break":
                self.say(" ")
            case "sign":
                self.say(vocabulary.SIGNS.get(node.name, node.name))
            case "group":
                self.set(node.nodes)
            case "math":
                self._formula(node, formula_at(self.script, node), is_display=is_display(node))
            case "code" if vocabulary.CODE_ENVIRONMENTS.get(node.name) != "comment":
                code = self.script.text[node.first : node.last]
                self.out.append(Token("code_inline", "code", 0, content=" ".join(code.split())))
            case "environment":
                self._environment(node)
            case "command":
                self._command(node, siblings)

    # ------------------------------------------------------------ what is added

    def at(self, start: int, end: int) -> tuple[int, int]:
        """Give the place that a token from a stretch of the script bears."""
        return self._place or (start, end)

    def _span(self, start: int, end: int) -> Span:
        """The place in the file of a stretch of the script."""
        return self._inside.span(self.at(start, end))

    def say(self, text: str) -> None:
        """Add a text, its blanks made one."""
        text = _BLANKS.sub(" ", text)
        plain, caret, rest = text.partition("^")
        last = self.out[-1] if self.out else None
        if last is not None and last.type == "text":
            last.content += plain[1:] if last.content.endswith(" ") and plain.startswith(" ") else plain
        elif plain:
            self.out.append(Token("text", "", 0, content=plain))
        if caret:
            # As a text of the usual kind, what ends with `^name` would be taken for one that names its block.
            self.out.append(Token("text_special", "", 0, content=caret + rest))

    def _open(self, tag: str) -> None:
        is_class = tag == vocabulary.SMALL_CAPITALS
        opening = Token(f"{tag}_open", "span" if is_class else tag, 1)
        if is_class:
            opening.attrs["class"] = tag
        self.out.append(opening)

    def _shut(self, tag: str) -> None:
        self.out.append(Token(f"{tag}_close", "span" if tag == vocabulary.SMALL_CAPITALS else tag, -1))

    def _formula(self, node: Node, where: tuple[int, int], *, is_display: bool = False) -> None:
        start, end = where
        tex = self.script.text[start:end]
        if not tex:
            self.say(self.script.written(node))
            return
        if self._place:
            # It has one place, so it has one line.
            start, tex = self._place[0], " ".join(_COMMENT.sub("", tex).split())
        made = Token("math", "", 0, content=tex)
        # A displayed formula has a button of its own, which cannot stand in a link.
        is_display = is_display and not self.is_linked
        made.meta = {"display": is_display, "at": self.at(node.start, node.end), "tex": start}
        self.out.append(made)

    def _environment(self, node: Node) -> None:
        """An environment within a line: only what stands in it can be shown there."""
        text = self.script.text
        if node.name in vocabulary.FRAMES or node.name in vocabulary.QUOTES:
            self.set(node.nodes)
            return
        self._unknown(f"\\begin{{{node.name}}}", node.start, node.first)
        self.say(text[node.start : node.first])
        siblings = Siblings(node.nodes, text)
        self._arguments(siblings)
        self._rest(siblings)
        self.say(text[node.last : node.end])

    # ------------------------------------------------------------ commands

    def _command(self, node: Node, siblings: Siblings) -> None:
        name = node.name
        if name in self.reading.macros and name not in vocabulary.MENTIONS:
            self._macro(node, siblings)
        elif name in POINTERS and (name != "footnote" or self._can_hold_notes):
            POINTERS[name](self, node, siblings)
        elif name in vocabulary.TAGS:
            self._tagged(vocabulary.TAGS[name], node, siblings)
        elif name in vocabulary.CHARACTERS:
            self._sign(vocabulary.CHARACTERS[name], siblings)
        elif name in vocabulary.ACCENTS:
            self._accent(node, siblings)
        elif name in vocabulary.BREAKS:
            siblings.takes("*")
            siblings.options(with_blanks=False)
            self.out.append(Token("hardbreak", "br", 0))
        elif name in vocabulary.SILENT:
            siblings.skip_empty_group()
        elif name in vocabulary.SILENT_WITH_ARGUMENT:
            siblings.takes("*")
            siblings.options()
            siblings.group()
        elif name in vocabulary.TRANSPARENT:
            self._shown(vocabulary.TRANSPARENT[name], node, siblings)
        else:
            self._other(node, siblings)

    @property
    def _can_hold_notes(self) -> bool:
        """A title and a link cannot, nor what is only put in."""
        return not self.is_linked and self._place is None

    def _other(self, node: Node, siblings: Siblings) -> None:
        match node.name:
            case "par":
                self.say(" ")
            case "xspace":
                self.say(" " if node.end > node.last else "")
            case "enquote" if (group := siblings.group()) is not None:
                self.say("“")
                self.set(group.nodes)
                self.say("”")
            case "ensuremath" if (group := siblings.group()) is not None:
                self._formula(node._replace(end=group.end), formula_at(self.script, group))
            case name if sign := symbol(name):
                self._sign(sign, siblings)
            case _:
                self._as_written(node, siblings)

    def _sign(self, sign: str, siblings: Siblings) -> None:
        self.say(sign)
        siblings.skip_empty_group()

    def _as_written(self, node: Node, siblings: Siblings) -> None:
        """An unknown command: its name, and what stands in the braces behind it."""
        self._unknown(f"\\{node.name}", node.start, node.last)
        self.say(self.script.written(node))
        self._arguments(siblings)

    def _arguments(self, siblings: Siblings) -> None:
        """Braces and brackets that belong to something unknown, and what stands in them."""
        while (group := siblings.adjacent_group() or siblings.options(with_blanks=False)) is not None:
            self.say(self.script.text[group.start])
            self.set(group.nodes)
            self.say(self.script.text[group.last : group.end])

    def _unknown(self, name: str, start: int, end: int) -> None:
        self.reading.report_unknown(name, self._span(start, end))

    def lacks(self, node: Node, what: str, *taken: Node | None) -> None:
        """A command without an argument that it needs stays as it is written, with those it has."""
        self.reading.report(
            "broken-latex", self._span(node.start, node.last),
            f"`\\{node.name}` lacks {what}", why="it is shown as it is written",
        )  # fmt: skip
        self.say(self.script.text[node.start : max([node.end, *(one.end for one in taken if one)])])

    def _tagged(self, tag: str, node: Node, siblings: Siblings) -> None:
        argument = siblings.argument()
        if argument is None:
            self.lacks(node, "a text in braces")
            return
        self._open(tag)
        self.set(argument.nodes if argument.kind == "group" else [argument])
        self._shut(tag)

    def _shown(self, which: int, node: Node, siblings: Siblings) -> None:
        """A command that shows one of its arguments as it is."""
        siblings.takes("*")
        shown = earlier = None
        for _ in range(which + 1):
            siblings.options()
            earlier, shown = shown or earlier, siblings.group()
        if node.name == "texorpdfstring":
            siblings.group()
        if shown is None:
            self.lacks(node, "a text in braces", earlier)
        else:
            self.set(shown.nodes)

    def _accent(self, node: Node, siblings: Siblings) -> None:
        argument = siblings.argument()
        if argument is None:
            self.say(self.script.written(node))
            return
        if argument.kind == "group" and not argument.nodes:
            # The accent by itself: `\~{}` is how LaTeX has a tilde.
            self.say(node.name if not node.name.isalpha() else self.script.text[node.start : argument.end])
            return
        first = len(self.out)
        self.out.append(Token("text", "", 0))
        self.set(argument.nodes if argument.kind == "group" else [argument])
        bearer = self.out[first]
        bearer.content = accented(node.name, bearer.content[:1]) + bearer.content[1:]

    def _macro(self, node: Node, siblings: Siblings) -> None:
        """Put in what a macro stands for."""
        macro = self.reading.macros[node.name]
        call = macros.call(macro, siblings, self.script)
        if not call.is_whole:
            self.lacks(node, "an argument", *call.taken)
            return
        end = call.taken[-1].end if call.taken else node.last
        # What may not be put in need not be made, which takes time if it is long.
        made = macros.filled(macro, call.given) if self.reading.can_expand else macro.body
        if not self.aside(made, self.at(node.start, end)):
            self.reading.report(
                "broken-latex", self._span(node.start, node.last),
                f"`\\{node.name}` stands for more than can be put in", why="it is shown as it is written",
                help="see that no macro stands for itself",
            )  # fmt: skip
            self.say(self.script.text[node.start : max(end, node.end)])
        elif macro.body.rstrip().endswith("\\xspace") and node.end > node.last:
            self.say(" ")

    def plain(self, node: Node) -> str:
        """Give an argument as a text without markup."""
        line = Line(
            self.reading, self.blocks, self.script,
            is_linked=True, place=self._place, inside=self._inside, depth=self._depth,
        )  # fmt: skip
        line.set(node.nodes)
        return plain_text(line.out)

    def inner(self, node: Node) -> str:
        """Give what an argument says, without its braces."""
        return macros.inner(self.script, node)

    def aside(self, text: str, place: tuple[int, int]) -> bool:
        """Set a text that stands elsewhere as if it stood here; False if that would go too far."""
        if not self.reading.may_expand(text) or self._depth >= _DEEPEST:
            if self._depth:
                raise _TooFar
            return False
        script = read_aside(text)
        line = Line(
            self.reading, self.blocks, script,
            is_linked=self.is_linked, place=place, inside=self._inside, depth=self._depth + 1,
        )  # fmt: skip
        try:
            line.set(script.nodes)
        except _TooFar:
            if self._depth:
                raise
            return False
        self.out += line.out
        return True


def without_blanks(tokens: list[Token]) -> list[Token]:
    """Take the blanks from the ends of a line."""
    for at, strip in ((0, str.lstrip), (-1, str.rstrip)):
        while tokens and tokens[at].type in {"text", "hardbreak"}:
            tokens[at].content = strip(tokens[at].content)
            if tokens[at].content:
                break
            tokens.pop(at)
    return tokens

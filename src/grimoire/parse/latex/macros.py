r"""The macros that a file defines: ``\newcommand``, ``\def``, ``\DeclareMathOperator`` and their like.

In formulas they are KaTeX's to expand; in text they are put in here.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from grimoire.parse.latex.script import Script, aside
from grimoire.parse.latex.siblings import Siblings
from grimoire.parse.latex.tree import Node


class Macro(NamedTuple):
    """What a macro stands for; `default` is that of its first parameter where it may be left out."""

    parameters: int
    body: str
    default: str | None = None


_NEW = frozenset("DeclareRobustCommand newcommand providecommand renewcommand".split())
_DEF = frozenset("def edef gdef xdef".split())
_DOCUMENT = frozenset("NewDocumentCommand ProvideDocumentCommand RenewDocumentCommand".split())
MAKE_MACROS = _NEW | _DEF | _DOCUMENT | {"let", "DeclareMathOperator"}
"""The commands that define what can be used here."""
_NAME = re.compile(r"\\([A-Za-z@]+)")
_COMMAND_LAST = re.compile(r"\\[A-Za-z@]+\Z")
_ROUNDS = 8
"""How deep macros may stand in each other in a text that is to have none."""
_MOST_EXPANDED = 300_000
"""Characters that are read for the texts of a file that are to have none: macros can double."""
_PARAMETER = re.compile(r"#([1-9])")


def take(command: Node, siblings: Siblings, script: Script) -> tuple[str, Macro] | None:
    """Read a definition and take its arguments; None if it defines no macro that can be used here.

    Args:
        command: the command that defines.
        siblings: what stands behind it.
        script: whose nodes they are.
    """
    siblings.skip_blanks()
    is_starred = siblings.takes("*")
    if command.name in _NEW:
        return _new(siblings, script)
    if command.name in _DEF:
        return _def(siblings, script)
    if command.name in _DOCUMENT:
        name, wanted, body = siblings.argument(), siblings.group(), siblings.group()
        parameters = _inner(script, wanted).split() if wanted else []
        plain = all(one == "m" for one in parameters)
        return _made(name, Macro(len(parameters), _inner(script, body))) if body and plain else None
    if command.name == "let":
        name = siblings.argument()
        siblings.skip_blanks()
        siblings.takes("=")
        other = siblings.argument()
        return _made(name, Macro(0, _inner(script, other))) if other else None
    if command.name == "DeclareMathOperator":
        name, body = siblings.argument(), siblings.group()
        operator = "\\operatorname*" if is_starred else "\\operatorname"
        return _made(name, Macro(0, f"{operator}{{{_inner(script, body)}}}")) if body else None
    # An environment or a style: its name, perhaps parameters, its beginning, its end.
    siblings.group()
    while siblings.options():
        pass
    siblings.group()
    siblings.group()
    return None


def _new(siblings: Siblings, script: Script) -> tuple[str, Macro] | None:
    name = siblings.argument()
    count = siblings.options()
    default = siblings.options() if count else None
    body = siblings.argument()
    digits = _inner(script, count).strip() if count else "0"
    if body is None or not re.fullmatch(r"[0-9]", digits):
        return None
    return _made(name, Macro(int(digits), _inner(script, body), _inner(script, default) if default else None))


def _def(siblings: Siblings, script: Script) -> tuple[str, Macro] | None:
    name = siblings.argument()
    parameters = 0
    while (body := siblings.group()) is None:
        node = siblings.argument()
        if node is None:
            return None
        written = script.written(node)
        if not re.fullmatch(r"[#\d]", written):
            return None
        parameters += written == "#"
    return _made(name, Macro(parameters, _inner(script, body)))


def _made(name: Node | None, macro: Macro) -> tuple[str, Macro] | None:
    if name is not None and name.kind == "group" and len(name.nodes) == 1:
        name = name.nodes[0]
    return (name.name, macro) if name is not None and name.kind == "command" else None


def _inner(script: Script, node: Node | None) -> str:
    if node is None:
        return ""
    return script.text[node.first : node.last] if node.kind == "group" else script.written(node).strip()


class Call(NamedTuple):
    """A macro where it is used: its arguments as written, and the nodes that were taken as such."""

    given: list[str]
    taken: list[Node]
    is_whole: bool
    """Whether no argument lacks."""


def call(macro: Macro, siblings: Siblings, script: Script) -> Call:
    """Take the arguments of a macro.

    Args:
        macro: the macro.
        siblings: what stands behind its name.
        script: whose nodes they are.
    """
    given: list[str] = []
    taken: list[Node] = []
    if macro.default is not None:
        option = siblings.options(with_blanks=False)
        given.append(macro.default if option is None else inner(script, option))
        taken += [option] if option else []
    while len(given) < macro.parameters:
        argument = siblings.argument()
        if argument is None:
            return Call(given, taken, is_whole=False)
        taken.append(argument)
        given.append(inner(script, argument))
    return Call(given, taken, is_whole=True)


def inner(script: Script, node: Node) -> str:
    """Give what an argument says, without its braces."""
    text = script.text
    return text[node.first : node.last] if node.kind == "group" else text[node.start : node.end]


def filled(macro: Macro, arguments: list[str]) -> str:
    """Put arguments in the places of a macro's parameters."""

    def argument(found: re.Match[str]) -> str:
        number = int(found[1]) - 1
        return arguments[number] if number < len(arguments) else ""

    return _PARAMETER.sub(argument, macro.body)


class Expansion:
    """Puts into texts all that macros stand for, so that they can be read where nobody knows these."""

    def __init__(self, macros: Mapping[str, Macro]) -> None:
        """Begin; `macros` are those of a file."""
        self._macros = macros
        self._spare = _MOST_EXPANDED

    def of(self, text: str) -> str:
        """Give a text without macros; one that would grow too long, or without end, stays as it is written."""
        made = text
        for _ in range(_ROUNDS if self._macros and "\\" in text else 0):
            self._spare -= len(made)
            before, made = made, self._once(made) if self._spare >= 0 else ""
            if made in {before, ""}:
                return made or text
        return text

    def _once(self, text: str) -> str:
        """Put in the outermost macros; "" if that is too much."""
        script = aside(text)
        out: list[str] = []
        at = 0
        pending = [Siblings(script.nodes, text)]
        while pending:
            node = pending[-1].next()
            if node is None:
                pending.pop()
            elif node.kind == "command" and node.name in self._macros:
                macro = self._macros[node.name]
                used = call(macro, pending[-1], script)
                if not used.is_whole:
                    continue
                made = filled(macro, used.given)
                self._spare -= len(made)
                if self._spare < 0:
                    return ""
                out += [text[at : node.start], made]
                at = used.taken[-1].end if used.taken else node.last
                # A command at the end must not run into the letters behind it.
                out += [" "] if _COMMAND_LAST.search(made) and text[at : at + 1].isalpha() else []
            elif node.nodes:
                pending.append(Siblings(node.nodes, text))
        return "".join((*out, text[at:]))


def for_formulas(macros: Mapping[str, Macro], tex: str) -> tuple[tuple[str, str], ...]:
    """Give the macros that some TeX uses, directly or through others, as a parameter text and a body.

    A parameter with a default value, which KaTeX does not know, takes that value.
    """
    used: dict[str, None] = {}
    pending = [tex]
    while pending:
        for name in _NAME.findall(pending.pop()):
            if name in macros and name not in used:
                used[name] = None
                pending.append(macros[name].body)
    # In the order of their definition, so that nothing depends on the order of their use.
    return tuple(_definition(name, macro) for name, macro in macros.items() if name in used)


def _definition(name: str, macro: Macro) -> tuple[str, str]:
    parameters, body = macro.parameters, macro.body
    if macro.default is not None and parameters:
        parameters -= 1
        body = filled(macro, [macro.default, *(f"#{number + 1}" for number in range(parameters))])
    return f"\\{name}{''.join(f'#{number + 1}' for number in range(parameters))}", body

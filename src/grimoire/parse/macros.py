r"""The macros that formulas define for those behind them in their entry, and which of them a formula is given.

A few are given to all, as they are written. Were many given to all, what is typeset would grow with the square of
the text: then a formula gets the macros it names, and those that they name, each as it was defined last.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from grimoire.parse.syntax.math import behind_group

_DEFINITION = re.compile(
    r"(?P<new>\\(?:re)?newcommand|\\providecommand)\*?\s*(?:\{\s*(?P<braced>\\[A-Za-z@]+)\s*\}|(?P<bare>\\[A-Za-z@]+))"
    r"\s*(?:\[(?P<count>\d)\]\s*)?(?=\{)"
    r"|\\g?def\s*(?P<defined>\\[A-Za-z@]+)\s*(?P<parameters>(?:#\d\s*)*)(?=\{)"
    r"|\\let\s*(?P<alias>\\[A-Za-z@]+)\s*=?\s*(?P<meant>\\[A-Za-z@]+)"
)
_NAME = re.compile(r"\\(?:[A-Za-z@]+|.)", re.DOTALL)
_FEW = 2000
"""So many characters of definitions are given to every formula."""
_MOST = 300
"""How many macros a formula of an entry with more can use; KaTeX expands a thousand at most."""


class _Macro(NamedTuple):
    """What a name means: the macro without its name, or the name it is another one for."""

    order: int
    parameters: str = ""
    body: str = ""
    meant: str = ""


class Macros:
    """The macros defined so far in an entry."""

    def __init__(self, given: Iterable[tuple[str, str]] = ()) -> None:
        r"""Begin with the macros that are given, each name with its parameters, as ``\norm#1``, and its body."""
        self._written: list[str] = []
        self._length = 0
        self._latest: dict[str, _Macro] = {}
        for head, body in given:
            found = _NAME.match(head)
            name = found[0] if found else head
            self._note(name, f"\\gdef{head}{{{body}}}", parameters=head[len(name) :], body=f"{{{body}}}")

    def define(self, tex: str) -> None:
        r"""Note what a formula defines with ``\newcommand``, ``\def``, ``\let`` and their like."""
        if "\\" not in tex or not re.search(r"\\(?:re)?newcommand|\\providecommand|\\g?def|\\let", tex):
            return
        for found in _DEFINITION.finditer(tex):
            end = behind_group(tex, found.end()) if tex.startswith("{", found.end()) else found.end()
            name = found["braced"] or found["bare"] or found["defined"] or found["alias"]
            count = int(found["count"] or 0)
            parameters = found["parameters"] or "".join(f"#{number}" for number in range(1, count + 1))
            is_kept = found["new"] == "\\providecommand" and name in self._latest
            self._note(
                name, tex[found.start() : end],
                parameters=parameters, body=tex[found.end() : end], meant=found["meant"] or "", is_kept=is_kept,
            )  # fmt: skip

    def _note(
        self,
        name: str,
        written: str,
        *,
        parameters: str = "",
        body: str,
        meant: str = "",
        is_kept: bool = False,
    ) -> None:
        if self._length <= _FEW:
            self._written.append(written)
        self._length += len(written)
        if meant in self._latest:
            _, parameters, body, meant = self._latest[meant]
        if not is_kept:
            self._latest[name] = _Macro(self._length, parameters, body, meant)

    def for_formula(self, tex: str) -> str:
        """Give the definitions that stand before a formula."""
        if self._length <= _FEW:
            return "".join(self._written)
        found: dict[str, _Macro] = {}
        waiting = [tex]
        while waiting and len(found) < _MOST:
            inner = []
            for name in dict.fromkeys(name for text in waiting for name in _NAME.findall(text)):
                if name in self._latest and name not in found:
                    macro = found[name] = self._latest[name]
                    inner.append(macro.body)
            waiting = inner
        return "".join(
            f"\\let{name}={macro.meant}" if macro.meant else f"\\def{name}{macro.parameters}{macro.body}"
            for name, macro in sorted(found.items(), key=lambda item: item[1].order)
        )

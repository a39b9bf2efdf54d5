"""The loop over the rules of a line: only those are asked that can begin at a character.

markdown-it asks each of its rules at every mark, some twenty at a ``[``. Here the table `BEGINS_AT`
says at which characters a rule can match; one that is not in it is asked at every mark.
"""

import re
import string
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

if TYPE_CHECKING:
    from grimoire.parse.syntax.brackets import Pairs

Rule = Callable[[StateInline, bool], bool]

BEGINS_AT = {
    "text": "", "newline": "\n", "escape": "\\", "backticks": "`", "strikethrough": "~", "emphasis": "*_", "entity": "&",
    "autolink": "<", "html_inline": "<", "link": "[", "image": "!", "note": "^", "footnote_ref": "[",
    "wikilink": "[!", "citation": "[", "narrative_citation": "@", "bracket": "[", "math": "$\\", "comment": "%", "highlight": "=", "tag": "#", "tildes": "~",
    "www": "w", "scheme": ":", "mail": "@", "underscore_in_address": "_",
    "template": "{<", "attributes": "{", "span": "[", "equation": "\\",
}  # fmt: skip
"""The characters at which each rule can match. Text is what no rule takes: the loop sees to it."""

TRANSPARENT = frozenset(
    "newline emphasis strikethrough entity highlight tag tildes www scheme mail underscore_in_address".split()
)
"""Rules that take no bracket away from the links around it."""


class LineState(StateInline):
    """A line on its way into tokens, with what has been found out about it."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        super().__init__(src, md, env, tokens)
        self.pairs: Pairs | None = None
        """What its brackets are; None until the first is met."""
        self.backtick_runs: dict[int, list[int]] | None = None
        """Where runs of so many backticks begin; None until the first is met."""


class LineParser(ParserInline):
    """Turns the text of a line into tokens."""

    def __init__(self, other: ParserInline) -> None:
        """Take over the rules of another parser."""
        super().__init__()
        self.ruler, self.ruler2 = other.ruler, other.ruler2
        self._compiled: list[Rule] = []
        self._rules: dict[str, tuple[Rule, ...]] = {}
        self._opaque: dict[str, tuple[Rule, ...]] = {}
        self._mark: re.Pattern[str]
        self._opaque_mark: re.Pattern[str]

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Turn a text into tokens, which are put behind those given."""
        self._compile()
        state = LineState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens

    def tokenize(self, state: StateInline) -> None:
        """Make tokens of the text from the state's place to its end."""
        src, end, rules, mark = state.src, state.posMax, self._rules, self._mark
        deepest = state.md.options["maxNesting"]
        while state.pos < end:
            at = state.pos
            mine = rules.get(src[at])
            if mine is None:
                found = mark.search(src, at + 1, end)
                state.pos = found.start() if found else end
                state.append_pending(src[at : state.pos])
            elif state.level >= deepest or not self._ask(mine, state, silent=False):
                state.append_pending(src[at])
                state.pos = at + 1
        if state.pending:
            state.pushPending()

    def skipToken(self, state: StateInline) -> None:  # noqa: N802  markdown-it's name
        """Go behind the token at the state's place, making none."""
        if not self._ask(self._rules.get(state.src[state.pos], ()), state, silent=True):
            state.pos += 1

    def next_mark(self, state: StateInline, at: int) -> int:
        """Give the place of the next bracket, or of what may hold some; -1 if there is none."""
        found = self._opaque_mark.search(state.src, at, state.posMax)
        return found.start() if found else -1

    def behind_opaque(self, state: StateInline, at: int) -> int:
        """Give the place behind what stands at `at` if brackets in it are its own; -1 if they are not."""
        state.pos = at
        is_one = self._ask(self._opaque.get(state.src[at], ()), state, silent=True)
        return state.pos if is_one else -1

    @staticmethod
    def _ask(rules: Iterable[Rule], state: StateInline, *, silent: bool) -> bool:
        at = state.pos
        for rule in rules:
            if rule(state, silent):
                if state.pos <= at:
                    raise RuntimeError(f"the rule {rule} matched nothing")
                return True
        return False

    def _compile(self) -> None:
        """Sort the rules by the characters they begin at, anew when there are others."""
        rules: list[Rule] = self.ruler.getRules("")
        if rules is self._compiled:
            return
        self._compiled = rules
        names = {id(rule.fn): rule.name for rule in self.ruler.__rules__}
        self._rules, self._opaque = {}, {}
        for mark in "\n" + string.punctuation + string.ascii_letters:
            mine = [
                (names[id(rule)], rule)
                for rule in rules
                if mark in BEGINS_AT.get(names[id(rule)], "\n" + string.punctuation)
            ]
            if mine:
                self._rules[mark] = tuple(rule for _, rule in mine)
                self._opaque[mark] = tuple(rule for name, rule in mine if name not in TRANSPARENT)
        self._mark = _any_of(self._rules)
        self._opaque_mark = _any_of({"[", "]", *(mark for mark, mine in self._opaque.items() if mine)})


def _any_of(marks: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join(sorted(marks)))}]")

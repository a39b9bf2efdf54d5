"""The rules for blocks, asked only where they can begin: by the first character of a line.

markdown-it asks every rule at each line of a paragraph whether it ends there. Here each chain of rules is
one function that knows which of them can match at a character; those not in the table are asked at every line.
"""

from collections.abc import Sequence

from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock

BEGINS_AT = {
    "math_block": "$\\", "comment_block": "%", "template_code": "{<", "template_tag": "{<", "fence": "`~",
    "blockquote": ">", "hr": "*-_", "list": "*+-•0123456789", "footnote_def": "[", "reference": "[",
    "html_block": "<", "heading": "#", "abbreviation": "*", "attribute_line": "{", "block_name": "^",
}  # fmt: skip
"""The first characters of each block, by the name of its rule."""
ANYWHERE = frozenset("too_deep table code lheading deflist paragraph".split())
"""The rules that look at more than the first character."""


class Chains(Ruler[RuleFuncBlockType]):
    """Rules for blocks in chains of one function each."""

    def __init__(self, other: Ruler[RuleFuncBlockType]) -> None:
        """Take over the rules of another."""
        super().__init__()
        self.__rules__ = other.__rules__
        self._chains: dict[str, tuple[list[RuleFuncBlockType], list[RuleFuncBlockType]]] = {}

    def getRules(self, chainName: str = "") -> list[RuleFuncBlockType]:  # noqa: N802, N803  markdown-it's names
        """Give the chain of this name: one function that asks its rules."""
        rules = super().getRules(chainName)
        known, chain = self._chains.get(chainName, ((), []))
        if known is not rules:
            names = {id(rule.fn): rule.name for rule in self.__rules__}
            chain = [_chain([(rule, BEGINS_AT.get(names[id(rule)], "")) for rule in rules])]
            self._chains[chainName] = rules, chain
        return chain


def _chain(rules: Sequence[tuple[RuleFuncBlockType, str]]) -> RuleFuncBlockType:
    at_others = [rule for rule, begins in rules if not begins]
    at = {
        mark: [rule for rule, begins in rules if not begins or mark in begins]
        for mark in set().union(*(begins for _, begins in rules))
    }

    def ask(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001
        first = state.bMarks[start_line] + state.tShift[start_line]
        mine = at.get(state.src[first : first + 1], at_others)
        for rule in mine:  # noqa: SIM110  faster so
            if rule(state, start_line, end_line, silent):
                return True
        return False

    return ask

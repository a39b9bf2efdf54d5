"""Names in running text: where one stands, the longest first.

A `Lexicon` holds names with what each stands for, as a tree of their words, and finds them in one pass over a
text, however many there are. Case, accents and the kind of blank do not count (`grimoire.names.fold`), but a
name that is mostly capitals is found only as it is written: IT is not *it*.

A name is found only where it is a word, or some, of its own. What a hyphen, a slash, a full stop or another
sign ties to its neighbour belongs to a longer word, a path, an option, an address or a formula:
``cross-entropy`` does not hold *entropy*, nor do ``--entropy``, ``entropy.py`` and ``entropy(x)``. What an
apostrophe ties to it is not part of it: ``entropy’s``, ``l’entropie``.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from grimoire.inflection import ELIDED, others, plural_of_capitals
from grimoire.names import CJK, Name, fold, is_capitals, marks, tidy

Value = TypeVar("Value")

EXACT, DECLARED, INFLECTED = range(3)
"""How a name is borne, best first."""

_LONGEST = 12
"""Words; what is longer is a sentence."""
_QUOTES = "'’‘ʼ`\"“”„«»"
_TIES_BEFORE = frozenset("-‐‑‒–−_/\\@#+=^~&*<$.\ufffc")
_TIES_BEHIND = frozenset("-‐‑‒–−_/\\@#+=^~&*<$(\ufffc")
_POSSESSIVE = re.compile(r"['’][sS]?(?![^\W_]|['’])")
_ELIDED = re.compile(rf"(?<![^\W_])(?:{ELIDED})['’]$", re.IGNORECASE)
_LONGEST_ELIDED = len(" jusqu’")


@cache
def _word() -> re.Pattern[str]:
    """A word: letters and digits; of Chinese and Japanese, a character."""
    return re.compile(rf"[{CJK}]|(?:[A-Za-z0-9]+|(?![{CJK}])(?:[^\W_]|[{marks()}]))+")


@cache
def _token() -> re.Pattern[str]:
    """A word, what may stand between two words of a name, a quote, another sign."""
    return re.compile(
        rf"(?P<word>{_word().pattern})|(?P<gap>[^\S\n]+(?:\n[^\S\n]*)?|\n[^\S\n]*|[-‐‑‒–−])"
        rf"|(?P<quote>[{_QUOTES}])|(?P<sign>.)",
        re.DOTALL,
    )


_folded = lru_cache(maxsize=1 << 16)(fold)


def _tokens(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """Yield the folded tokens of a stretch of text, each with its end.

    A quote between two letters parts them as a blank does; any other quote does not count.
    """
    for found in _token().finditer(text, start, end):
        kind = found.lastgroup
        if kind == "word":
            if word := _folded(found[0]):
                yield word, found.end()
        elif kind == "gap":
            yield " ", found.end()
        elif kind == "sign":
            yield found[0], found.end()
        elif _is_letter(text, found.start() - 1) and _is_letter(text, found.end()):
            yield " ", found.end()


def _is_letter(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalnum()


class Spotted(NamedTuple, Generic[Value]):
    """A name in a text: from where to where, and what it stands for."""

    start: int
    end: int
    value: Value


class _Bearer(NamedTuple):
    """What bears a name: how, and for a name whose case counts how it is written."""

    rank: int
    written: str
    value: Any


class Lexicon(Generic[Value]):
    """Names, and what each stands for."""

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}

    def add(self, name: str, value: Value | None, *, rank: int = EXACT, is_as_written: bool = False) -> None:
        """Add one name.

        Args:
            name: the name as written.
            value: what it stands for; None for a name that is not wanted, but hides shorter ones in it.
            rank: how it is borne: of several the best counts, and of several best none.
            is_as_written: whether its case counts; that of a name in capitals always does.
        """
        self._put(name, _Bearer(rank, tidy(name) if is_as_written or is_capitals(name) else "", value))

    def add_forms(self, name: str, value: Value | None, language: str) -> None:
        """Add the other forms of a name by the rules of its language."""
        if is_capitals(name):
            form = plural_of_capitals(name)
            self._put(form, _Bearer(INFLECTED, tidy(form), value))
            return
        key = Name("".join(token for token, _ in _tokens(name, 0, len(name))).strip())
        for form in others(key, language):
            self._put(form, _Bearer(INFLECTED, "", value))

    def _put(self, name: str, bearer: _Bearer) -> None:
        name = name.strip()
        tokens = [token for token, _ in _tokens(name, 0, len(name))]
        if not tokens or not tokens[0][:1].isalnum() or tokens.count(" ") >= _LONGEST:
            return
        node = self._tree
        for token in tokens:
            node = node.setdefault(token, {})
        node.setdefault("", []).append(bearer)

    def spot(self, text: str, start: int, end: int) -> Iterator[Spotted[Value]]:
        """Yield the names in a stretch of text, in order; where names overlap, the longest of the first.

        Args:
            text: the whole line, which shows what stands beside a name.
            start: where the stretch begins.
            end: where it ends.
        """
        behind = start
        for found in _word().finditer(text, start, end):
            at = found.start()
            if at < behind or _folded(found[0]) not in self._tree:
                continue
            if _begins(text, at) and (longest := self._longest(text, at, end)):
                behind, value = longest
                if value is not None:
                    yield Spotted(at, behind, value)

    def whole(self, text: str) -> Value | None:
        """Give what a text stands for that is a name and nothing else; None for any other."""
        first = next(self.spot(text, 0, len(text)), None)
        return first.value if first and first.start == 0 and first.end == len(text) else None

    def _longest(self, text: str, at: int, limit: int) -> tuple[int, Value | None] | None:
        """Where the longest name that begins here ends, and what it stands for."""
        node = self._tree
        longest = None
        for token, end in _tokens(text, at, limit):
            if token not in node:
                break
            node = node[token]
            if "" in node and _ends(text, end) and (bearers := _fitting(node[""], text[at:end])):
                values = {bearer.value for bearer in bearers}
                longest = end, values.pop() if len(values) == 1 else None
        return longest


def _fitting(bearers: list[_Bearer], written: str) -> list[_Bearer]:
    """Of the bearers of a name those that bear it best as it is written."""
    fitting = [one for one in bearers if not one.written or one.written == tidy(written)]
    best = min(((one.rank, not one.written) for one in fitting), default=None)
    return [one for one in fitting if (one.rank, not one.written) == best]


def _begins(text: str, at: int) -> bool:
    """Whether a name may begin here."""
    if not at:
        return True
    before = text[at - 1]
    if before in _QUOTES and _is_letter(text, at - 2):
        window = text[max(0, at - _LONGEST_ELIDED) : at]
        return _ELIDED.search(window) is not None
    return before not in _TIES_BEFORE and not _is_inside(text, at)


def _ends(text: str, at: int) -> bool:
    """Whether a name may end here."""
    if at == len(text):
        return True
    behind = text[at]
    if behind in _QUOTES and _is_letter(text, at + 1):
        return _POSSESSIVE.match(text, at) is not None
    if behind in ".:":
        return not _is_letter(text, at + 1)
    return behind not in _TIES_BEHIND and not _is_inside(text, at)


def _is_inside(text: str, at: int) -> bool:
    """Whether this is the middle of a word; between two characters of Chinese nothing is."""
    word = _word().match(text, at - 1)
    return text[at].isalnum() and word is not None and word.end() > at

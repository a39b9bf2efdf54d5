"""lunr's English stemmer and stop words, as lunr.js has them.

Apart from `words`, which loads it when the first text is analysed: lunr takes some milliseconds to import.
"""

from typing import Any

from lunr.stemmer import PorterStemmer  # type: ignore[import-untyped]
from lunr.stop_word_filter import WORDS  # type: ignore[import-untyped]

STOP_WORDS: frozenset[str] = frozenset(WORDS)


class _PorterOfLunrJs(PorterStemmer):  # type: ignore[misc]
    """lunr.py's stemmer with lunr.js's rule for a final y: it stays after a vowel, and only there."""

    b: Any
    k: int

    def step1c(self) -> None:
        if self.k > 1 and self.b[self.k] == "y" and self.b[self.k - 1] not in "aeiou":
            self.b = self.b[: self.k] + "i" + self.b[self.k + 1 :]


_stemmer = _PorterOfLunrJs()


def porter(word: str) -> str:
    """Stem a word of three or more letters, a to z."""
    stem: str = _stemmer.stem(word)
    return stem

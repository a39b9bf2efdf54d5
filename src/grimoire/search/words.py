"""Take a text apart into the words that the search compares.

These are lunr 2.3.9's rules (split at blanks and hyphens, trim both ends, stop words, Porter's stemmer), with
what a glossary needs beside them:

- words are folded as names are everywhere in grimoire: case, accents, quotes and the kind of dash do not count;
- a compound is found whole as in parts: ``k-means`` gives *k*, *means* and *kmeans*, ``R^2`` also *r2*;
- ``i.i.d.`` is *iid*; ``C++``, ``C#`` and ``3.14`` keep their signs;
- of Chinese, Japanese and Korean, each character is a word and so is each pair of neighbours.

Everything here works on a *chunk*, what stands between two blanks, and remembers the chunks it saw.
``static/search.js`` takes queries apart by the same rules; a test compares the two on arbitrary text.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from grimoire.names import CJK, fold, marks

_INITIALS = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?")
_ASCII_WORD = re.compile(r"\d+(?:\.\d+)+|[a-z0-9]+(?:\+\+|#)?")
_STEMMABLE = re.compile(r"[a-z]{3,}").fullmatch
_MOST_JOINED = 3
"""A compound of more words than this is an address or a path rather than a name."""


class Chunk(NamedTuple):
    """The words between two blanks, and all of them in one ("" where they are no compound)."""

    words: tuple[str, ...]
    joined: str = ""


@cache
def _word() -> re.Pattern[str]:
    """A run of CJK, a decimal number, or letters and digits with the marks that scripts spell with."""
    return re.compile(rf"[{CJK}]+|\d+(?:\.\d+)+|(?:(?![{CJK}])(?:[^\W_]|[{marks()}]))+(?:\+\+|#)?")


@cache
def _cjk() -> Callable[[str], object]:
    return re.compile(f"[{CJK}]").match


def take_apart(chunk: str) -> Chunk:
    """Give the words of a chunk, folded; a run of CJK stays whole."""
    folded: str = fold(chunk)
    if "." in folded:
        folded = _INITIALS.sub(lambda initials: initials[0].replace(".", ""), folded)
    found = list((_ASCII_WORD if folded.isascii() else _word()).finditer(folded))
    words = tuple(match[0] for match in found)
    if not 1 < len(words) <= _MOST_JOINED:
        return Chunk(words)
    gaps = {folded[before.end() : after.start()] for before, after in pairwise(found)}
    return Chunk(words, "".join(words) if gaps <= {" ", "^"} else "")


def _neighbours(word: str) -> tuple[str, ...]:
    """Give each character of a run of CJK, and each two that stand together; another word as it is."""
    if word.isascii() or not _cjk()(word):
        return (word,)
    return (*word, *map("".join, pairwise(word)))


class _English(NamedTuple):
    stop_words: frozenset[str]
    porter: Callable[[str], str]


@cache
def _english() -> _English:
    from grimoire.search import stemmer  # noqa: PLC0415  loads lunr, which a build without a changed text never needs

    return _English(stemmer.STOP_WORDS, stemmer.porter)


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Give the stem of an English word as lunr.js does; a word of other than a to z is its own stem."""
    return _english().porter(word) if _STEMMABLE(word) else word


@lru_cache(maxsize=1 << 16)
def terms(chunk: str) -> tuple[str, ...]:
    """Give what a chunk of running text is found by: stems, without stop words."""
    words, joined = take_apart(chunk)
    kept = [word for word in words if word not in _english().stop_words]
    if joined:
        kept.append(joined)
    return tuple(map(stem, chain.from_iterable(map(_neighbours, kept))))


@lru_cache(maxsize=1 << 14)
def name_terms(chunk: str) -> tuple[str, ...]:
    """Give what a chunk of a name is found by: words as written, and their stems where these differ.

    So ``IT`` and ``The`` are found, and the beginning of a word that the stemmer would shorten.
    """
    words, joined = take_apart(chunk)
    written = list(chain.from_iterable(map(_neighbours, (*words, joined) if joined else words)))
    return (*written, *(stem(word) for word in written if stem(word) != word))

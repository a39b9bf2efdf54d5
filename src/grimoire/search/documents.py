"""What search may find, and what each is found by."""

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from grimoire.names import Url
from grimoire.search.formulas import formula_terms
from grimoire.search.words import name_terms, terms

Frequencies = dict[str, int]
"""How often each term occurs, in the order of the terms."""

FIELDS = {"title": 10, "aliases": 8, "tags": 3, "body": 1, "tex": 1}
"""The fields of the index, and how much a match in each counts."""


class Document(msgspec.Struct, frozen=True):
    """A page that search may find; all texts are plain, `cited` tells of works, `tex` holds its formulas."""

    url: Url
    title: str
    aliases: tuple[str, ...] = ()
    abbreviation: str = ""
    tags: tuple[str, ...] = ()
    summary: str = ""
    body: str = ""
    cited: str = ""
    tex: tuple[str, ...] = ()


class Analysis(msgspec.Struct, frozen=True):
    """The term frequencies of a document, field by field."""

    url: Url
    title: Frequencies
    aliases: Frequencies
    tags: Frequencies
    body: Frequencies
    tex: Frequencies


def analyse(document: Document) -> Analysis:
    """Count the terms of a document.

    The summary counts beside the body it may have been cut from: what defines a term
    weighs more than what is said of it further down.
    """
    return Analysis(
        url=document.url,
        title=_count((document.title,), name_terms),
        aliases=_count(dict.fromkeys((document.abbreviation, *document.aliases)), name_terms),
        tags=_count(document.tags, name_terms),
        body=_count((document.summary, document.body, document.cited), terms),
        tex=_in_order(Counter(term for tex in document.tex for term in formula_terms(tex))),
    )


def _count(texts: Iterable[str], terms_of: Callable[[str], tuple[str, ...]]) -> Frequencies:
    found: Frequencies = {}
    for chunk, times in Counter(" ".join(texts).split()).items():
        for term in terms_of(chunk):
            found[term] = found.get(term, 0) + times
    return _in_order(found)


def _in_order(found: Frequencies) -> Frequencies:
    return dict(sorted(found.items()))

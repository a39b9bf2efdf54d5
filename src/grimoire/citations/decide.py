"""Which citations of an entry cite a work that is known; what is said of the others."""

from collections.abc import Sequence

from grimoire.citations.bibliography import near
from grimoire.citations.records import Library
from grimoire.diagnostics import Diagnostic
from grimoire.model import Citation, Citing, Work
from grimoire.source import Span

_SHORTEST = 6
"""Letters that a name in a sentence needs to be taken for a misspelt key."""


def decide(
    path: str, citations: Sequence[Citation], library: Library
) -> tuple[tuple[Citing, ...], list[Diagnostic]]:
    """Look up what an entry cites.

    Args:
        path: the file of the entry.
        citations: as they are written.
        library: what it can cite.

    Returns:
        What becomes of each, and a diagnostic for every key that is, or seems to be, meant and is not known.
    """
    faults: list[Diagnostic] = []
    return tuple(_citing(path, one, library, faults) for one in citations), faults


def _citing(path: str, citation: Citation, library: Library, faults: list[Diagnostic]) -> Citing:
    cites = citation.cluster.cites
    known = [cite.key for cite in cites if cite.key in library.items]
    is_meant = citation.is_sure or bool(known)
    is_missing = False
    for cite, span in zip(cites, citation.spans, strict=True):
        if cite.key in library.items:
            continue
        meant = near(cite.key, library.keys) if is_meant else _perhaps(cite.key, library)
        if is_meant or meant:
            is_missing = True
            faults.append(_missing(path, cite.key, span, meant, library, is_meant=is_meant))
    works = tuple(Work(key, library.digest(key)) for key in dict.fromkeys(known))
    return Citing(works, is_missing)


def _perhaps(key: str, library: Library) -> list[str]:
    """The keys of which a name in a sentence may be a misspelling."""
    if len(key) < _SHORTEST:
        return []
    # Most names are like no key, as their lengths tell: no distance has to be measured.
    about = len(key) // 5
    alike = tuple(one for one in library.keys if abs(len(one) - len(key)) <= about)
    # The beginning of a key is often a plain name; with a year it is more.
    begun = any(map(str.isdigit, key)) and any(one.startswith(key) for one in library.keys)
    return near(key, library.keys if begun else alike) if alike or begun else []


def _missing(
    path: str, key: str, span: Span, meant: Sequence[str], library: Library, *, is_meant: bool
) -> Diagnostic:
    if meant:
        mend = f"did you mean {' or '.join(f'`@{one}`' for one in meant)}?"
        mend += "" if is_meant else f" if it is no citation, write `\\@{key}`"
    elif library.files:
        mend = f"add the work to `{library.files[0]}`"
    else:
        mend = "put a `references.bib` into the content folder, or name one with `bibliography:`"
    return Diagnostic(
        "missing-citation",
        path,
        span,
        f"no bibliography has the key `{key}`",
        why="the citation stays as it is written"
        if is_meant
        else "it stays as text, although it is nearly a key",
        help=mend,
    )

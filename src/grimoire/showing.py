"""Diagnostics as the author is shown them: in order, and each file called as from the site's folder."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from grimoire.diagnostics import Diagnostic, order


def as_shown(
    faults: Iterable[Diagnostic], texts: Mapping[str, str], prefix: str
) -> tuple[tuple[Diagnostic, ...], dict[str, str]]:
    """Sort the diagnostics of the content, and call their files as the author does.

    Args:
        faults: with paths below the content folder.
        texts: the text of each source, by such a path.
        prefix: what leads from the site's folder to the content folder.

    Returns:
        The diagnostics, and the text of each source that one of them points into, by its new path.
    """
    return as_called(_each_once(sorted(faults, key=order)), texts, prefix)


def as_called(
    faults: Iterable[Diagnostic], texts: Mapping[str, str], prefix: str
) -> tuple[tuple[Diagnostic, ...], dict[str, str]]:
    """The same, in the order in which they are given."""
    called: dict[str, str] = {}
    shown: list[Diagnostic] = []
    for fault in faults:
        places = [fault.path, *(place.path for place in fault.related)]
        called |= {prefix + path: texts[path] for path in places if path in texts}
        related = tuple(msgspec.structs.replace(place, path=prefix + place.path) for place in fault.related)
        path = prefix + fault.path if fault.path else ""
        shown.append(msgspec.structs.replace(fault, path=path, related=related))
    return tuple(shown), called


_OF_A_LANGUAGE = frozenset(("plugin-block", "unknown-language", "unsupported-diagram"))
"""What is told once for the whole site, at the first block in a language."""


def _each_once(faults: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    counts = Counter(fault.message for fault in faults if fault.code in _OF_A_LANGUAGE)
    for fault in faults:
        if fault.code not in _OF_A_LANGUAGE:
            yield fault
        elif count := counts.pop(fault.message, 0):
            more = f"{count - 1} more of this language {'follows' if count == 2 else 'follow'}"
            whys = (fault.why, more) if count > 1 else (fault.why,)
            yield msgspec.structs.replace(fault, why="; ".join(filter(None, whys)))

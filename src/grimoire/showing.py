"""Diagnostics as the author is shown them: in order, and each file called as from the site's folder."""

from collections.abc import Iterable, Mapping

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
    called: dict[str, str] = {}
    shown: list[Diagnostic] = []
    languages: set[str] = set()
    for fault in sorted(faults, key=order):
        if fault.code == "unknown-language":
            # Noted once for the whole site.
            if fault.message in languages:
                continue
            languages.add(fault.message)
        places = [fault.path, *(place.path for place in fault.related)]
        called |= {prefix + path: texts[path] for path in places if path in texts}
        related = tuple(msgspec.structs.replace(place, path=prefix + place.path) for place in fault.related)
        path = prefix + fault.path if fault.path else ""
        shown.append(msgspec.structs.replace(fault, path=path, related=related))
    return tuple(shown), called

"""The names of people and bodies, from BibTeX's forms to CSL's parts."""

import re

from bibtexparser.middlewares.names import InvalidNameError, parse_single_name_into_parts

from grimoire.citations.tex import plain

OTHERS = {"literal": "others"}
"""Stands for the names that are left out; ``cite.js`` makes it the style's ``et al.``."""

_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_FIELDS = {"family": "family", "given": "given", "prefix": "non-dropping-particle", "suffix": "suffix"}
"""Parts of BibLaTeX's longer form, ``family=Gogh, given=Vincent, prefix=van``."""


def people(value: str) -> list[dict[str, str]]:
    """Give the names of a field.

    Args:
        value: names as BibTeX and BibLaTeX have them, joined by ``and``; a name in braces is a body's. The
            last may be ``others``, which becomes `OTHERS`.
    """
    names = [OTHERS if name == "others" else _person(name) for name in _split(value)]
    return [name for name in names if name]


def _split(value: str) -> list[str]:
    """Split at each ``and`` that stands outside braces."""
    names: list[str] = []
    depth = start = at = 0
    while at < len(value):
        depth += (value[at] == "{") - (value[at] == "}")
        if depth <= 0 and value[at].isspace() and (found := _AND.match(value, at)):
            names.append(value[start:at])
            start = at = found.end()
            # "a and and b": the blank before the next one belongs to both.
            at -= 1
        at += 1
    return [name for name in map(str.strip, [*names, value[start:]]) if name and name.lower() != "and"]


def _person(name: str) -> dict[str, str]:
    if re.fullmatch(r"\{[^{}]*\}|\{\{.*\}\}", name, re.DOTALL):
        return _filled({"literal": plain(name)})
    if re.match(r"\s*(?:family|given|prefix|suffix|useprefix|[a-z]+-i)\s*=", name):
        return _named_parts(name)
    try:
        parts = parse_single_name_into_parts(name, strict=True)
    except (InvalidNameError, IndexError):
        return _filled({"literal": plain(name)})
    first, von, last, junior = (
        plain(" ".join(part)) for part in (parts.first, parts.von, parts.last, parts.jr)
    )
    if not first and not von and not junior and len(parts.last) == 1:
        return _filled({"literal": last} if name.startswith("{") else {"family": last})
    return _filled(
        {
            "family": last or von,
            "given": first,
            "non-dropping-particle": von if last else "",
            "suffix": junior,
        }
    )


def _named_parts(name: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for piece in re.split(r",(?![^{]*\})", name):
        field, _, value = piece.partition("=")
        if field.strip() in _FIELDS:
            parts[_FIELDS[field.strip()]] = plain(value.strip().strip('"'))
    return _filled(parts)


def _filled(parts: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in parts.items() if value}

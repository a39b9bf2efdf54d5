"""A term as a record for machines, and how its dates are told to readers: JSON-LD, BibTeX, days."""

import json
from collections.abc import Mapping
from gettext import NullTranslations

from grimoire.days import iso_day

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""As they are looked up in the catalogue of texts."""

_TEX_SIGNS = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "{}$&#%_"},
    }
)


def json_ld(record: Mapping[str, object]) -> str:
    """Write a record as JSON that can stand in a ``script`` element; empty values are left out."""
    kept = {name: value for name, value in record.items() if value not in ("", (), [], None)}
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def tex(text: str) -> str:
    """Escape the signs that TeX, and so BibTeX, takes for commands."""
    return text.translate(_TEX_SIGNS)


def month(words: NullTranslations, date: str) -> str:
    """Tell the month of an ISO 8601 month or day as ``October 2026``."""
    year, number = date.split("-")[:2]
    return words.gettext("%(month)s %(year)s") % {
        "month": words.gettext(_MONTHS[int(number) - 1]),
        "year": year,
    }


def day(words: NullTranslations, date: str) -> str:
    """Tell an ISO 8601 date as ``3 October 2026``; any other text stays as it is."""
    iso = iso_day(date)
    if not iso:
        return date
    year, month, number = iso.split("-")
    parts = {"day": int(number), "month": words.gettext(_MONTHS[int(month) - 1]), "year": year}
    return words.gettext("%(day)d %(month)s %(year)s") % parts

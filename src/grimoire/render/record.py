"""A term as a record for machines, and how its dates are told to readers: JSON-LD, BibTeX, days."""

import json
import re
from collections.abc import Mapping
from gettext import NullTranslations

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

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?")

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


def iso_day(date: str) -> str:
    """Give the day of an ISO 8601 date or time, "" for any other text."""
    found = _DAY.fullmatch(date)
    return date[: len("0000-00-00")] if found and 1 <= int(found[2]) <= len(_MONTHS) else ""


def day(words: NullTranslations, date: str) -> str:
    """Tell an ISO 8601 date as ``3 October 2026``; any other text stays as it is."""
    iso = iso_day(date)
    if not iso:
        return date
    year, month, number = iso.split("-")
    parts = {"day": int(number), "month": words.gettext(_MONTHS[int(month) - 1]), "year": year}
    return words.gettext("%(day)d %(month)s %(year)s") % parts

"""Dates of bibliographies, as CSL has them: one date or a range, each as exact as it is known."""

import re

MONTHS = dict(zip("jan feb mar apr may jun jul aug sep oct nov dec".split(), range(1, 13), strict=True))

_DATE = re.compile(r"(-?\d{4,6})(?:-(\d\d)(?:-(\d\d))?)?(?:T[\d:.+Z-]*)?([?~%]?)")
_YEAR = re.compile(r"-?\d{1,6}")


def iso_date(text: str) -> dict[str, object]:
    """Read a BibLaTeX date: ``2017-06-12``, ``1995/1998``, ``1948~``, ``2019-21`` (a season), ``2020/``.

    Returns:
        It in CSL's form; a text that is no date, as ``in press``, is shown as it is.
    """
    parts: list[list[int]] = []
    found: dict[str, object] = {}
    for end in text.split("/")[:2]:
        match = _DATE.fullmatch(end.strip())
        if not match:
            if end.strip() in {"", ".."} and parts:
                continue
            return {"literal": text} if text else {}
        date = [int(part) for part in match.groups()[:3] if part]
        if len(date) > 1 and date[1] > 20:
            found["season"] = min(date[1] - 20, 4)
            del date[1:]
        if match[4]:
            found["circa"] = True
        parts.append(_possible(date))
    return {"date-parts": alike(parts), **found}


def alike(parts: list[list[int]]) -> list[list[int]]:
    """Cut both ends of a range to what both tell: citeproc knows none from a month to a year."""
    exactness = min(map(len, parts), default=0)
    return [date[:exactness] for date in parts]


def written_date(year: str, month: str, day: str) -> dict[str, object]:
    """Make a date of BibTeX's fields, each "" where it is not given; a month is a name or a number."""
    year = year.strip()
    if not _YEAR.fullmatch(year):
        return {"literal": year} if year else {}
    number = MONTHS.get(month.strip().lower()[:3]) or (
        int(month) if re.fullmatch(r"\s*\d{1,2}\s*", month) else 0
    )
    date = [int(year)]
    if number:
        date.append(number)
        if re.fullmatch(r"\s*\d{1,2}\s*", day):
            date.append(int(day))
    return {"date-parts": [_possible(date)]}


def _possible(date: list[int]) -> list[int]:
    """Leave of a date what can be one: no thirteenth month, no day of none."""
    if len(date) > 1 and not 1 <= date[1] <= 12:
        return date[:1]
    if len(date) > 2 and not 1 <= date[2] <= 31:
        return date[:2]
    return date

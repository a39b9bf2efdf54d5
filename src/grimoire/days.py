"""Days as authors give them."""

import re

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?")
_MONTHS = 12


def iso_day(date: str) -> str:
    """Give the day of an ISO 8601 date or time, "" for any other text."""
    found = _DAY.fullmatch(date)
    return date[: len("0000-00-00")] if found and 1 <= int(found[2]) <= _MONTHS else ""

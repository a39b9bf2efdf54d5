"""The headers of responses, as the site's own `_headers` asks for them: what a host reads, read here too."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = "_headers"


class Rule(NamedTuple):
    """A header for the paths that a pattern takes in; `*` in it stands for anything."""

    pattern: str
    name: str
    value: str


class HeaderFile:
    """`_headers` of an output folder; it is read again when it changes."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._state: tuple[int, int] | None = None
        self._rules: list[Rule] = []

    def headers(self, path: str) -> dict[str, str]:
        """Give the headers for a path, which begins with a slash; of two rules for one header the later counts."""
        self._refresh()
        return {rule.name: rule.value for rule in self._rules if _takes(rule.pattern).fullmatch(path)}

    def _refresh(self) -> None:
        try:
            found = self._file.stat()
            state = found.st_mtime_ns, found.st_size
            if state != self._state:
                self._rules, self._state = rules(self._file.read_text("utf-8")), state
        except OSError:
            self._rules, self._state = [], None


def rules(text: str) -> list[Rule]:
    """Read the lines: a pattern, and indented below it its headers."""
    found, pattern = [], ""
    for line in text.splitlines():
        if line.strip() and not line[0].isspace():
            pattern = line
        elif ":" in line:
            name, _, value = line.partition(":")
            found.append(Rule(pattern, name.strip().lower(), value.strip()))
    return found


@cache
def _takes(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)

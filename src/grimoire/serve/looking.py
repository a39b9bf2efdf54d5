"""Looking at files again and again, where the system does not tell of changes.

The watcher's own way of doing so knows the time of a change to the second, and would miss the second of two saves
within one.
"""

import os
import time
from collections.abc import Iterable, Sequence
from typing import Literal

from watchfiles import Change

DELAY = 0.3
"""Seconds between two looks, or longer: no more than a tenth of the time is spent on looking."""

State = tuple[int, int, int]


class Looking:
    """Finds changes in folders by looking; `watch` and `close` are those of the watcher's `RustNotify`."""

    def __init__(self, folders: Sequence[str]) -> None:
        """Take a first look.

        Raises:
            FileNotFoundError: if one of the folders is not there.
        """
        self._folders = folders
        for folder in folders:
            os.stat(folder)  # noqa: PTH116  plain paths, as the watcher has them
        self._seen, self._took = _look(folders)

    def watch(
        self, _debounce_ms: int, step_ms: int, timeout_ms: int, _stop_event: None
    ) -> set[tuple[int, str]] | Literal["signal", "timeout"]:
        """Look until something has changed and is quiet; `timeout_ms` is the longest time, 0 for ever."""
        until = time.monotonic() + timeout_ms / 1000 if timeout_ms else float("inf")
        while time.monotonic() < until:
            time.sleep(min(max(DELAY, 10 * self._took), max(0.0, until - time.monotonic())))
            found = self._changes()
            if found:
                # What is written right now is taken too.
                time.sleep(step_ms / 1000)
                return found | self._changes()
        return "timeout"

    def close(self) -> None:
        """Look no more."""

    def _changes(self) -> set[tuple[int, str]]:
        was = self._seen
        self._seen, self._took = now, _ = _look(self._folders)
        gone = {(int(Change.deleted), path) for path in was.keys() - now.keys()}
        new = {(int(Change.added), path) for path in now.keys() - was.keys()}
        return (
            gone
            | new
            | {(int(Change.modified), path) for path, state in now.items() if was.get(path, state) != state}
        )


def _look(folders: Iterable[str]) -> tuple[dict[str, State], float]:
    """Give the state of all that lies in the folders, and how long it took to look."""
    began = time.monotonic()
    found: dict[str, State] = {}
    for folder in folders:
        try:
            for entry in os.scandir(folder):
                state = entry.stat(follow_symlinks=False)
                # A folder changes with what lies in it, which is looked at by itself.
                found[entry.path] = (0, 0, state.st_ino) if entry.is_dir(follow_symlinks=False) else (
                    state.st_mtime_ns, state.st_size, state.st_ino
                )  # fmt: skip
        except OSError:
            continue  # it is gone, which is seen by what lay in it and in the folder above
    return found, time.monotonic() - began

"""How far a build has come, drawn on a terminal while it lasts, and gone when it ends."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from grimoire.builds import Step

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 0.7
"""Seconds before anything is drawn: most builds are over by then, and none of them pays for the import."""
_INTERVAL = 0.1
_UNABLE = ("dumb", "unknown")  # terminals that cannot move their cursor, by the names that rich knows

_SAID: dict[Step, str] = {
    "parse": "Reading entries",
    "typeset": "Setting formulas",
    "cite": "Setting citations",
    "make": "Making files",
}


class Bar:
    """A bar for the steps of a build; a ``with`` statement takes it away again, whatever happens.

    It is drawn by the thread that builds and by no other, for a build may fork.
    """

    def __init__(self, terminal: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin; nothing is drawn yet.

        Args:
            terminal: where to draw. If it is none, or one that cannot move its cursor, nothing ever is.
            clock: tells the time in seconds.
        """
        self._terminal, self._clock = terminal, clock
        can_draw = terminal.isatty() and os.environ.get("TERM", "").lower() not in _UNABLE
        self._begin = self._due = clock() + PATIENCE if can_draw else float("inf")
        self._step: Step | None = None
        self._progress: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        progress, self._progress, self._begin = self._progress, None, float("inf")
        if progress:
            with suppress(OSError):
                progress.stop()

    def __call__(self, step: Step, done: int, of: int) -> None:
        """Draw how much of a step is done, unless one was drawn an instant ago and this is neither its first nor its last.

        Args:
            step: what the build is at.
            done: how many works of it are done.
            of: of how many; 0 if that is not known.
        """
        now, is_turn = self._clock(), step != self._step or done == of
        if now < self._begin or (now < self._due and not is_turn):
            return
        self._step = step
        self._due = now + _INTERVAL
        try:
            self._draw(_SAID[step], done, of)
        except OSError:  # the terminal is gone, the build is not
            self._begin = float("inf")

    def _draw(self, said: str, done: int, of: int) -> None:
        if self._progress is None:
            self._progress = _progress(self._terminal)
            self._progress.add_task("", count="")
            self._progress.start()
            # One that is hidden stays so if the process is killed.
            self._progress.console.show_cursor(show=True)
        (task,) = self._progress.task_ids
        count = f"{done:,} of {of:,}" if of else ""
        self._progress.update(task, description=said, completed=done, total=of or None, count=count)
        self._progress.refresh()


def _progress(terminal: TextIO) -> "Progress":
    from rich.console import Console  # noqa: PLC0415  only when something is drawn
    from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415  as above

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        console=Console(file=terminal),
        auto_refresh=False,  # would start a thread
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )

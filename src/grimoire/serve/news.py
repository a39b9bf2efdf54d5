"""The last report, and the pages that wait for the next; told in one thread, read in another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from grimoire.serve.report import Report


class News:
    """What is to be told to whoever listens. `tell` and `end` may be called from any thread."""

    def __init__(self, first: Report) -> None:
        self._report = first
        self._is_over = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: set[asyncio.Event] = set()

    @property
    def report(self) -> Report:
        """The last report."""
        return self._report

    def tell(self, report: Report) -> None:
        """Give a report to all who listen, and first to those who will."""
        self._report = report
        self._wake()

    def end(self) -> None:
        """Let all who listen go."""
        self._is_over = True
        self._wake()

    async def stream(self) -> AsyncIterator[Report]:
        """Yield the last report, then each that is told; of several told at once, the last.

        It ends when the news do. All streams have to be read in one event loop.
        """
        self._loop = asyncio.get_running_loop()
        told, is_new = None, asyncio.Event()
        self._listeners.add(is_new)
        try:
            while not self._is_over:
                is_new.clear()
                if self._report is not told:
                    told = self._report
                    yield told
                else:
                    await is_new.wait()
        finally:
            self._listeners.discard(is_new)

    def _wake(self) -> None:
        if self._loop:
            # The loop may have been closed.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(_set_all, self._listeners)


def _set_all(events: set[asyncio.Event]) -> None:
    for event in events:
        event.set()

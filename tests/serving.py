"""A site that is being served while it is written: ``grimoire serve`` in a process of its own."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
from http.client import HTTPConnection
from time import monotonic, sleep
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

LAST_LINE = re.compile(r"[\d,]+ terms?, .* \d+\.\d s")
PATIENCE = 30.0


class Answer(NamedTuple):
    """What came of a request."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(port: int, path: str = "/", method: str = "GET", **headers: str) -> Answer:
    """Send a request as it is written, and read the answer; `host` may be any."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.putrequest(method, path, skip_host="host" in headers, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        response = connection.getresponse()
        return Answer(
            response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        )
    finally:
        connection.close()


class Served:
    """``grimoire serve`` in a folder, and what it prints."""

    def __init__(self, site: Path, *arguments: str) -> None:
        self.site = site
        self.said: list[str] = []
        """The lines of standard error."""
        self._lines: queue.Queue[str] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "grimoire", "serve", "--port", "0", *arguments, str(site)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1"},
            # As from a terminal: what a shell starts in the background may not hear Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        )
        self._readers = [
            threading.Thread(target=self._read_out, daemon=True),
            threading.Thread(target=self._read_error, daemon=True),
        ]
        for reader in self._readers:
            reader.start()
        first = self._lines.get(timeout=PATIENCE)
        found = re.search(r"http://\S+", first)
        assert found, first
        self.address = found[0]
        self.port = urlsplit(self.address).port or 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join()
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()

    def built(self) -> str:
        """Wait for the next build, and give its last line."""
        while True:
            line = self._lines.get(timeout=PATIENCE)
            if LAST_LINE.fullmatch(line):
                return line

    def hears(self, text: str) -> bool:
        """Whether standard error says it, now or soon: the two streams are read side by side."""
        deadline = monotonic() + PATIENCE
        while not any(text in line for line in self.said):
            if monotonic() > deadline:
                return False
            sleep(0.02)
        return True

    def is_quiet(self, seconds: float) -> bool:
        """Whether no build is told of for a while."""
        try:
            self._lines.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def write(self, path: str, text: str) -> None:
        """Write a file of the site."""
        file = self.site / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def page(self, path: str = "/") -> str:
        """Ask for a page, as text."""
        return ask(self.port, path).body.decode()

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal, and give the status with which it ends."""
        self._process.send_signal(number)
        return self._process.wait(PATIENCE)

    def _read_out(self) -> None:
        for line in self._process.stdout or ():
            self._lines.put(line.rstrip("\n"))

    def _read_error(self) -> None:
        self.said.extend(line.rstrip("\n") for line in self._process.stderr or ())

"""Independent works, done by this process and by children forked off it; the results come in the order of the works.

A child is a copy of this process as it stands, so nothing has to be carried over to it, and it gives back nothing but
the bytes of its results. It is never relied upon: whatever it does not give, because it failed, was killed or could
not be forked, is done here when its turn comes, and raises here what it raises. So the number of processes changes
neither the results nor the error.

Who works next on what is settled by a pipe that holds the numbers of all portions, a byte each: whoever is free takes
the next. Portions are small, so that none waits long for the last.

The module is long because each way in which a child may fail is met here, and nowhere else.
"""

import os
import selectors
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

import msgspec

_Work = TypeVar("_Work")
_Result = TypeVar("_Result")

LEAST = 1000
"""With fewer works for each, another process costs more than it saves."""

_PORTIONS = 256  # what one byte can tell apart
_HEAD = 8  # bytes that say how long a report is
_ROOM = 1 << 20  # of a pipe, where the system grants it: a child need not wait while this process is busy
_READ = 1 << 20
_ENDING = (signal.SIGINT, signal.SIGTERM)
_PATIENCE = 0.05  # seconds: a thread that was joined takes some instants to be gone


class _Report(msgspec.Struct, frozen=True, array_like=True):
    """What a child made of a portion, by the number of the work."""

    portion: int
    results: dict[int, bytes]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Report).decode


def processes(jobs: int, works: int) -> int:
    """Give the number of processes, this one among them, in which so many works are best done.

    Args:
        jobs: how many are allowed.
        works: how many works there are.
    """
    wanted = min(jobs, works // LEAST)
    return wanted if wanted > 1 and _may_fork() else 1


def _may_fork() -> bool:
    """Whether a child can be forked and be trusted to work.

    It has none of the other threads, but the locks that they hold; and macOS forbids its own libraries to forked
    children.
    """
    if not hasattr(os, "fork") or sys.platform == "darwin":
        return False
    deadline = time.monotonic() + _PATIENCE
    while _threads() > 1:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True


def _threads() -> int:
    """How many threads this process has: Python's, and, where the system tells, those of libraries too."""
    tasks = Path("/proc/self/task")
    return max(threading.active_count(), sum(1 for _ in tasks.iterdir()) if tasks.is_dir() else 0)


class Shared(Generic[_Work, _Result]):
    """Works shared among processes: a ``with`` statement forks the children, and sees that none is left.

    Iterate over what it gives, once, for the results. Within the statement this process is free to do other things::

        with Shared(pages, render, encode, decode, 2) as results:
            ...
            for result in results:
                ...
    """

    def __init__(
        self,
        works: Sequence[_Work],
        do: Callable[[_Work], _Result],
        encode: Callable[[_Result], bytes],
        decode: Callable[[bytes], _Result],
        processes: int,
        ahead: int = 1,
    ) -> None:
        """Prepare; nothing is done yet.

        Args:
            works: what is to be done.
            do: does a work. What it does beside giving a result is lost, where a child does it.
            encode: makes bytes of a result, in the child.
            decode: makes the result of the bytes.
            processes: how many work, this one among them.
            ahead: so many of the first works are done before the children are forked. What they load on demand, the
                children then have.
        """
        self._works, self._do = works, do
        self._encode, self._decode = encode, decode
        self._processes, self._ahead = processes, ahead
        self._size = max(1, -(-len(works) // _PORTIONS))
        self._done: dict[int, _Result] = {}
        self._reported: dict[int, bytes] = {}
        self._settled: set[int] = set()
        """The portions that no child will give more of."""
        self._left = -1
        """Where the numbers of the portions that nobody took are read."""
        self._children: dict[int, int] = {}
        """The processes, by the pipe they report through."""
        self._received: dict[int, bytearray] = {}
        self._listening: selectors.BaseSelector

    def __enter__(self) -> Self:
        if self._processes > 1:
            self._do_here(range(min(self._ahead, len(self._works))))
            self._listening = (
                selectors.PollSelector()
            )  # unlike others it asks the system for nothing, which may fail
            try:
                self._fork_all()
            except BaseException:
                self._end()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def __iter__(self) -> Iterator[_Result]:
        """Yield the result of each work, in order.

        Raises:
            Exception: what a work raises, when its turn has come.
        """
        for number, work in enumerate(self._works):
            self._await(number)
            if number in self._done:
                yield self._done.pop(number)
            elif number in self._reported:
                yield self._decode(self._reported.pop(number))
            else:
                yield self._do(work)
            self._receive(0)

    # ------------------------------------------------------------ here

    def _await(self, number: int) -> None:
        """Go on with other works until this one is done, or is this process's own to do."""
        while number // self._size not in self._settled and number not in self._done:
            portion = self._take()
            if portion is not None:
                self._settled.add(portion)
                if portion != number // self._size:
                    self._do_here(self._numbers(portion))
            elif self._children:
                self._receive(None)
            else:
                return

    def _do_here(self, numbers: range) -> None:
        """Do works whose turn has not come; the first that fails is done again, and fails, when it has."""
        with suppress(Exception):
            for number in numbers:
                if number not in self._done:
                    self._done[number] = self._do(self._works[number])
                    self._receive(0)

    def _take(self) -> int | None:
        """Take the next portion that nobody has taken."""
        taken = os.read(self._left, 1) if self._left >= 0 else b""
        return taken[0] if taken else None

    def _numbers(self, portion: int) -> range:
        return range(portion * self._size, min((portion + 1) * self._size, len(self._works)))

    def _receive(self, patience: float | None) -> None:
        """Take in what the children report; without patience only what is there already."""
        if not self._children:
            return
        for key, _ in self._listening.select(patience):
            received = self._received[key.fd]
            received += (part := os.read(key.fd, _READ))
            while len(received) >= _HEAD:
                end = _HEAD + int.from_bytes(received[:_HEAD], "big")
                if len(received) < end:
                    break
                report = _decode(received[_HEAD:end])
                self._reported |= report.results
                self._settled.add(report.portion)
                del received[:end]
            if not part:
                self._dismiss(key.fd)

    # ------------------------------------------------------------ the children

    def _fork_all(self) -> None:
        with suppress(OSError):  # no room for another pipe or process: fewer do as well
            self._left, tokens = os.pipe()
            os.write(tokens, bytes(range(-(-len(self._works) // self._size))))
            os.close(tokens)
            for _ in range(self._processes - 1):
                self._fork()

    def _fork(self) -> None:
        reading, writing = os.pipe()
        try:
            # A child that is interrupted before its first steps would go the way of this process.
            with _uninterrupted() as unblocked:
                child = os.fork()
                if child == 0:
                    self._be_child(reading, writing, unblocked)
                self._children[reading] = child
                self._received[reading] = bytearray()
                self._listening.register(reading, selectors.EVENT_READ)
        except OSError:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        _enlarge(reading)

    def _be_child(self, reading: int, writing: int, unblocked: set[int | signal.Signals]) -> None:
        """Work until nothing is left, and end without another step of the program."""
        try:
            for number in _ENDING:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, unblocked)
            # Who reads is the first process alone: when it is gone, writing fails.
            for other in (reading, *self._children):
                os.close(other)
            while (portion := self._take()) is not None:
                _write(writing, _encode(_Report(portion, self._made(self._numbers(portion)))))
        finally:
            os._exit(0)

    def _made(self, numbers: range) -> dict[int, bytes]:
        """Do works in a child; those that fail are left to the first process."""
        results = {}
        for number in numbers:
            if number not in self._done:
                with suppress(Exception):
                    results[number] = self._encode(self._do(self._works[number]))
        return results

    def _dismiss(self, reading: int) -> None:
        """Take leave of a child that has closed its pipe, or is to work no more."""
        with _uninterrupted():
            child = self._children.pop(reading)
            self._listening.unregister(reading)
            os.close(reading)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(child, 0)

    def _end(self) -> None:
        if self._processes == 1:
            return
        with _uninterrupted():
            for reading in list(self._children):
                self._dismiss(reading)
            self._listening.close()
            if self._left >= 0:
                os.close(self._left)
                self._left = -1


@contextmanager
def _uninterrupted() -> Iterator[set[int | signal.Signals]]:
    """Let nothing end this process in the middle of something; gives the signals that were held back before."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        yield before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _enlarge(pipe: int) -> None:
    """Give a pipe more room, where the system can."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl  # noqa: PLC0415  not on every system

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _ROOM)


def _write(pipe: int, content: bytes) -> None:
    rest = memoryview(len(content).to_bytes(_HEAD, "big") + content)
    while rest:
        rest = rest[os.write(pipe, rest) :]

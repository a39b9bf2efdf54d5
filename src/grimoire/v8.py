"""V8 in this process: started once, and isolates in it, into which JavaScript goes and of which strings come.

What `py_mini_racer` asks for is kept here, once for all who use it: V8 is started on the main thread; an isolate has a
limit of memory and each call one of time; the late answer of what was stopped is taken in before the isolate is closed;
and whatever goes wrong is one error. Left to callers is that an isolate is used and closed in one thread, in which no
event loop runs, and that JavaScript's errors are caught in JavaScript, for here each costs the isolate.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Executor

    from py_mini_racer import MiniRacer

# Work this short gains nothing from helper threads of V8's, and V8's optimising compiler takes longer over our
# scripts than it saves.
FLAGS = ("--single-threaded", "--no-opt")

BYTES = 1 << 30
"""So much memory an isolate may have: what takes this much has gone wild."""

Lack = Literal["memory", "time"]


class EngineError(Exception):
    """V8 cannot be started, or failed."""


class Exhausted(EngineError):
    """A script took more memory or time than it may; `lack` says which."""

    def __init__(self, lack: Lack, message: str) -> None:
        """Say what was lacking, and how the engine said so."""
        super().__init__(message)
        self.lack: Lack = lack


@cache
def prepare() -> None:
    """Start V8 in this process, unless it is started.

    Who makes an isolate in another thread than the main one calls this before starting that thread, on the main
    thread: where the processor has memory protection keys, V8 lets in the thread that started it and those which that
    one starts afterwards, and no others.

    Raises:
        EngineError: if it is first called on another thread, or V8 cannot be loaded.
    """
    if threading.current_thread() is not threading.main_thread():
        message = "V8 has to be started on the main thread: call `grimoire.v8.prepare()` there first"
        raise EngineError(message)
    try:
        from py_mini_racer import init_mini_racer  # noqa: PLC0415  its import takes as long as a small build

        init_mini_racer(flags=FLAGS, ignore_duplicate_init=True)
    except Exception as error:
        message = f"the JavaScript engine V8 cannot be started: {error}"
        raise EngineError(message) from error


class Isolate:
    """One isolate with scripts in it, made when it is first asked and anew after a failure; for one thread."""

    def __init__(self, scripts: Callable[[], Iterable[str]]) -> None:
        """Take what gives the scripts to begin with."""
        self._scripts = scripts
        self._racer: MiniRacer | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is one that holds what was run in it."""
        return self._racer is not None

    def eval(self, code: str, seconds: float) -> str:
        """Run JavaScript.

        Args:
            code: what to run; its value is a string or a number.
            seconds: how long it may take.

        Raises:
            Exhausted: if it takes too much memory or time.
            EngineError: if the engine fails otherwise. In both cases the isolate is given back.
        """
        try:
            racer = self._racer or self._opened(seconds)
            return str(racer.eval(code, timeout_sec=seconds))
        except Exception as error:  # noqa: BLE001  whatever it is, it ends the same way
            self._settle(seconds)
            self.close()
            raise _told(error) from None

    def close(self) -> None:
        """Give the isolate back; asking makes another."""
        if self._racer:
            racer, self._racer = self._racer, None
            racer.close()

    def _opened(self, seconds: float) -> MiniRacer:
        from py_mini_racer import MiniRacer  # noqa: PLC0415  only once it is wanted

        self._racer = racer = MiniRacer()
        racer.set_hard_memory_limit(BYTES)
        for script in self._scripts():
            racer.eval(f"{script}\n;0", timeout_sec=seconds)
        return racer

    def _settle(self, seconds: float) -> None:
        """Take in the late answer of what was stopped, which would find nobody after closing."""
        if self._racer:
            with suppress(Exception):
                self._racer.eval("0", timeout_sec=seconds)


def retire(thread: Executor, close: Callable[[], None]) -> None:
    """Close an isolate in its own thread and end that, or, when the interpreter has ended it, close in the main one."""
    try:
        thread.submit(close)
    except RuntimeError:
        close()
    thread.shutdown()


def _told(error: Exception) -> EngineError:
    """Say what went wrong. Neither the error itself nor its whole text: V8 quotes the line it failed in, however long."""
    from py_mini_racer import JSOOMException, JSTimeoutException  # noqa: PLC0415  it is loaded by now

    message = f"{type(error).__name__}: {str(error)[:200]}"
    if isinstance(error, JSOOMException | JSTimeoutException):
        return Exhausted("memory" if isinstance(error, JSOOMException) else "time", message)
    return EngineError(message)

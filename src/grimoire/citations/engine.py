"""citeproc in a V8 isolate, in a thread of its own: the citations of one page in, their markup out.

The rules of `MiniRacer` that this keeps: an isolate is made, used and closed in one thread, in which no event loop
runs, and always closed; JavaScript's errors are caught in JavaScript.
"""

from __future__ import annotations

import json
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from grimoire.citations.csl_files import locale_of
from grimoire.frontend import packages
from grimoire.math import TypesetterError, prepare

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor, Future

    from py_mini_racer import MiniRacer

# A page with thousands of citations takes a few seconds.
SECONDS = 60
BYTES = 1 << 30


class CitingError(Exception):
    """The engine cannot be started, or failed; or, as its kinds below say, what it was given is at fault."""


class StyleRefused(CitingError):
    """Citeproc cannot work with the style; the message says why."""


class Complaint(CitingError):
    """Citeproc cannot set what it was asked to; it would say the same again."""


class Answer(msgspec.Struct):
    """What ``cite.js`` makes of a page, all HTML: citations, names, and the list's entries with their keys."""

    citations: list[str] = []
    names: list[str] = []
    entries: list[tuple[str, str]] = []
    is_note: bool = False
    complaint: str = ""


class Isolate:
    """One isolate with citeproc and a style, made when first needed; for one thread."""

    def __init__(self, style: str, language: str) -> None:
        self._style, self._language = style, language
        self._racer: MiniRacer | None = None

    def ask(self, function: str, request: object) -> Answer:
        """Call ``cite`` or ``list`` of ``cite.js``.

        Raises:
            StyleRefused: if citeproc refuses the style.
            Complaint: if citeproc cannot do it.
            CitingError: if the engine fails; the next call makes another.
        """
        self.start()
        answer = msgspec.json.decode(self._call(function, request), type=Answer)
        if answer.complaint:
            raise Complaint(f"citeproc says: {answer.complaint}")
        return answer

    def start(self) -> None:
        """Make the isolate, unless it is there.

        Raises:
            StyleRefused: if citeproc refuses the style.
            CitingError: if it cannot be made.
        """
        if self._racer:
            return
        from py_mini_racer import MiniRacer  # noqa: PLC0415  only once V8 is wanted

        folder = packages().citations
        self._racer = MiniRacer()
        self._racer.set_hard_memory_limit(BYTES)
        self.evaluate("var module = { exports: {} }; 0")
        for name in ("citeproc.js", "cite.js"):
            self.evaluate(f"{(folder / name).read_text(encoding='utf-8')};0")
        tag, locales = locale_of(self._language)
        settings = {"style": self._style, "language": tag, "locales": locales}
        complaint = msgspec.json.decode(self._call("open", settings), type=Answer).complaint
        if complaint:
            self.close()
            raise StyleRefused(f"citeproc refuses the style: {complaint}")

    def evaluate(self, code: str) -> str:
        """Run JavaScript.

        Raises:
            CitingError: if the engine fails; it is given back then.
        """
        if not self._racer:
            return ""
        try:
            return str(self._racer.eval(code, timeout_sec=SECONDS))
        except Exception as error:  # noqa: BLE001  whatever it is, it ends the same way
            # Takes in the late answer of what was stopped, which would find nobody after closing.
            with suppress(Exception):
                self._racer.eval("0", timeout_sec=SECONDS)
            self.close()
            message = f"the engine that sets citations failed: {type(error).__name__}: {str(error)[:200]}"
            raise CitingError(message) from None

    def close(self) -> None:
        """Give the isolate back; asking makes another."""
        if self._racer:
            racer, self._racer = self._racer, None
            racer.close()

    def _call(self, function: str, request: object) -> str:
        return self.evaluate(f"grimoire.{function}({json.dumps(request)})")


class Engine:
    """The thread with the isolate; nothing is started before it is asked."""

    def __init__(self, style: str, language: str) -> None:
        self._isolate = Isolate(style, language)
        self._thread: Executor | None = None
        self._end: weakref.finalize[[Executor, Isolate], Engine] | None = None

    def start(self) -> None:
        """Have the isolate ready.

        Raises:
            StyleRefused: if citeproc refuses the style.
            CitingError: if the engine cannot be started.
        """
        self._run().submit(self._isolate.start).result()

    def ask(self, function: str, request: object) -> Callable[[], Answer]:
        """Have ``cite`` or ``list`` of ``cite.js`` called while the caller goes on.

        Returns:
            What gives the answer when it is called; it raises as `Isolate.ask` does.

        Raises:
            CitingError: if V8 cannot be started.
        """
        asked: Future[Answer] = self._run().submit(self._isolate.ask, function, request)
        return asked.result

    def close(self) -> None:
        """End thread and engine; asking makes others."""
        self._thread = None
        if self._end:
            self._end()
            self._end = None

    def _run(self) -> Executor:
        if self._thread is None:
            packages()
            try:
                prepare()
            except TypesetterError as error:
                raise CitingError(str(error)) from error
            # V8's binding has imported it by now.
            from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

            self._thread = ThreadPoolExecutor(1, "citeproc")
            # Also ends them if this is thrown away unclosed, or the interpreter ends first.
            self._end = weakref.finalize(self, _end, self._thread, self._isolate)
        return self._thread


def _end(thread: Executor, isolate: Isolate) -> None:
    """Close the isolate in its own thread, or, when the interpreter has ended that, in the main one."""
    try:
        thread.submit(isolate.close)
    except RuntimeError:
        isolate.close()
    thread.shutdown(cancel_futures=False)

"""citeproc in a V8 isolate, in a thread of its own: the citations of one page in, their markup out.

What V8 asks of who uses it is told in `grimoire.v8`.
"""

from __future__ import annotations

import json
import weakref
from typing import TYPE_CHECKING

import msgspec

from grimoire.citations.csl_files import locale_of
from grimoire.frontend import packages
from grimoire.v8 import EngineError, Isolate, prepare, retire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor, Future

# A page with thousands of citations takes a few seconds.
SECONDS = 60


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


class Citeproc:
    """One isolate with citeproc and a style, made when first needed; for one thread."""

    def __init__(self, style: str, language: str) -> None:
        self._style, self._language = style, language
        self._isolate = Isolate(_scripts)

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
        if self._isolate.is_open:
            return
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
        try:
            return self._isolate.eval(code, SECONDS)
        except EngineError as error:
            message = f"the engine that sets citations failed: {error}"
            raise CitingError(message) from None

    def close(self) -> None:
        """Give the isolate back; asking makes another."""
        self._isolate.close()

    def _call(self, function: str, request: object) -> str:
        return self.evaluate(f"grimoire.{function}({json.dumps(request)})")


def _scripts() -> Iterator[str]:
    yield "var module = { exports: {} }"
    for name in ("citeproc.js", "cite.js"):
        yield (packages().citations / name).read_text(encoding="utf-8")


class Engine:
    """The thread with the isolate; nothing is started before it is asked."""

    def __init__(self, style: str, language: str) -> None:
        self._citeproc = Citeproc(style, language)
        self._thread: Executor | None = None
        self._end: weakref.finalize[[Executor, Callable[[], None]], Engine] | None = None

    def start(self) -> None:
        """Have the isolate ready.

        Raises:
            StyleRefused: if citeproc refuses the style.
            CitingError: if the engine cannot be started.
        """
        self._run().submit(self._citeproc.start).result()

    def ask(self, function: str, request: object) -> Callable[[], Answer]:
        """Have ``cite`` or ``list`` of ``cite.js`` called while the caller goes on.

        Returns:
            What gives the answer when it is called; it raises as `Citeproc.ask` does.

        Raises:
            CitingError: if V8 cannot be started.
        """
        asked: Future[Answer] = self._run().submit(self._citeproc.ask, function, request)
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
            except EngineError as error:
                raise CitingError(str(error)) from error
            # V8's binding has imported it by now.
            from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

            self._thread = ThreadPoolExecutor(1, "citeproc")
            # Also ends them if this is thrown away unclosed, or the interpreter ends first.
            self._end = weakref.finalize(self, retire, self._thread, self._citeproc.close)
        return self._thread

"""citeproc in a V8 isolate: the citations of one page in, their markup out.

The rules of `MiniRacer` that this keeps: an isolate is made, used and closed in one thread, and always closed;
JavaScript's errors are caught in JavaScript.
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

# A page with thousands of citations takes a few seconds.
SECONDS = 60
BYTES = 1 << 30


class CitingError(Exception):
    """The engine cannot be started, or failed; or, as its kinds below say, what it was given is at fault."""


class StyleRefused(CitingError):
    """Citeproc cannot work with the style; the message says why."""


class Complaint(CitingError):
    """Citeproc cannot set what it was asked to; it would say the same again."""


class Opened(msgspec.Struct):
    """What ``cite.js`` says of the style."""

    is_note: bool = False
    complaint: str = ""


class Answer(msgspec.Struct):
    """What ``cite.js`` makes of a page, all HTML: citations, names, and the list's entries with their keys."""

    citations: list[str] = []
    names: list[str] = []
    entries: list[tuple[str, str]] = []
    complaint: str = ""


class Engine:
    """One isolate with citeproc and a style, made when first needed; for one thread."""

    def __init__(self, style: str, language: str) -> None:
        self._style, self._language = style, language
        self._evaluate: Callable[[str], str] | None = None
        self._end: weakref.finalize[[], Engine] | None = None
        self._is_note = False

    @property
    def is_note(self) -> bool:
        """Whether the style wants notes.

        Raises:
            CitingError: if the engine cannot be started.
        """
        self._open()
        return self._is_note

    def start(self) -> None:
        """Have the isolate ready.

        Raises:
            StyleRefused: if citeproc refuses the style.
            CitingError: if the engine cannot be started.
        """
        self._open()

    def close(self) -> None:
        """Give the isolate back; asking makes another."""
        self._evaluate = None
        if self._end:
            self._end()
            self._end = None

    def ask(self, function: str, request: object) -> Answer:
        """Call ``cite`` or ``list`` of ``cite.js``.

        Raises:
            Complaint: if citeproc cannot do it.
            CitingError: if the engine fails.
        """
        answer = msgspec.json.decode(self._call(function, request), type=Answer)
        if answer.complaint:
            raise Complaint(f"citeproc says: {answer.complaint}")
        return answer

    def _call(self, function: str, request: object) -> str:
        evaluate = self._open() if function != "open" else self._evaluate
        try:
            return evaluate(f"grimoire.{function}({json.dumps(request)})") if evaluate else ""
        except Exception as error:  # noqa: BLE001  whatever it is, it ends the same way
            if self._evaluate:
                # Takes in the late answer of what was stopped, which would find nobody after closing.
                with suppress(Exception):
                    self._evaluate("0")
            self.close()
            message = f"the engine that sets citations failed: {type(error).__name__}: {str(error)[:200]}"
            raise CitingError(message) from None

    def _open(self) -> Callable[[str], str]:
        if self._evaluate:
            return self._evaluate
        folder = packages().citations
        try:
            prepare()
        except TypesetterError as error:
            raise CitingError(str(error)) from error
        from py_mini_racer import MiniRacer  # noqa: PLC0415  only once V8 is wanted

        isolate = MiniRacer()
        self._end = weakref.finalize(self, isolate.close)
        isolate.set_hard_memory_limit(BYTES)
        self._evaluate = lambda code: str(isolate.eval(code, timeout_sec=SECONDS))
        self._evaluate("var module = { exports: {} }; 0")
        for name in ("citeproc.js", "cite.js"):
            self._evaluate(f"{(folder / name).read_text(encoding='utf-8')};0")
        tag, locales = locale_of(self._language)
        settings = {"style": self._style, "language": tag, "locales": locales}
        opened = msgspec.json.decode(self._call("open", settings), type=Opened)
        if opened.complaint:
            self.close()
            raise StyleRefused(f"citeproc refuses the style: {opened.complaint}")
        self._is_note = opened.is_note
        return self._evaluate

"""The thread that owns KaTeX: formulas go in while the pages they stand in are still being read."""

from __future__ import annotations

import weakref
from collections import deque
from typing import TYPE_CHECKING, Self

from grimoire.frontend import packages
from grimoire.math.katex import Katex
from grimoire.v8 import EngineError, prepare, retire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from concurrent.futures import Executor, Future
    from types import TracebackType

    from grimoire.math.katex import Output
    from grimoire.model import Formula, Typeset

# Fewer formulas a call cost calls, more cost memory.
CHUNK = 50


class TypesetterError(Exception):
    """The engine cannot be started, or failed for a reason that lies in no formula."""


class Typesetter:
    """Typesets formulas in a thread of its own, while its user goes on.

    A ``with`` statement makes sure that thread and engine are gone afterwards, whatever happens::

        with Typesetter(macros, "html") as typesetter:
            for term in terms:
                typesetter.feed(term.formulas)
            typesets = typesetter.finish()

    Fed nothing, it starts nothing. For the output ``mathml`` it gives KaTeX's own MathML, which is a thin
    choice: browsers ignore what that says of bold and script letters and of the alignment of columns.
    """

    def __init__(self, macros: Mapping[str, str], output: Output) -> None:
        self._katex = Katex(macros, output)
        self._fed: set[Formula] = set()
        self._waiting: list[Formula] = []
        self._asked: deque[tuple[list[Formula], Future[list[Typeset]]]] = deque()
        self._thread: Executor | None = None
        self._end: weakref.finalize[[Executor, Callable[[], None]], Typesetter] | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def feed(self, formulas: Iterable[Formula]) -> None:
        """Hand formulas over and return at once; one that was handed over before counts once.

        Raises:
            TypesetterError: if V8 cannot be started here, see `grimoire.v8.prepare`.
            FrontendMissing: if KaTeX was not bundled.
            RuntimeError: after `close` or `finish`.
        """
        if self._closed:
            message = "a closed typesetter cannot be fed"
            raise RuntimeError(message)
        for formula in formulas:
            if formula not in self._fed:
                self._fed.add(formula)
                self._waiting.append(formula)
        if self._waiting and not self._thread:
            self._thread = self._start()
        while len(self._waiting) >= CHUNK:
            self._send()

    def done(self) -> dict[Formula, Typeset]:
        """Give what is typeset by now and was not given yet, so that it need not be held until all is; returns at once."""
        made: dict[Formula, Typeset] = {}
        while self._asked and self._asked[0][1].done() and not self._asked[0][1].exception():
            chunk, asked = self._asked.popleft()
            made |= zip(chunk, asked.result(), strict=True)
        return made

    def finish(self, watch: Callable[[int, int], None] = lambda _done, _of: None) -> dict[Formula, Typeset]:
        """Wait until all formulas are typeset, close, and give what became of each that `done` has not given.

        Args:
            watch: told how many of these are typeset, and how many there are.

        Raises:
            TypesetterError: if the engine failed.
        """
        while self._waiting:
            self._send()
        made: dict[Formula, Typeset] = {}
        count = sum(len(chunk) for chunk, _ in self._asked)
        try:
            for chunk, asked in self._asked:
                watch(len(made), count)
                made |= zip(chunk, asked.result(), strict=True)
        except Exception as error:  # noqa: BLE001 (whatever it is, it ends the same way)
            said = error if isinstance(error, EngineError) else f"{type(error).__name__}: {str(error)[:200]}"
            message = f"the typesetting engine failed: {said}"
            raise TypesetterError(message) from None
        finally:
            self.close()
        return made

    def close(self) -> None:
        """Drop what is not typeset yet, and end thread and engine."""
        self._closed = True
        for _, asked in self._asked:
            asked.cancel()
        if self._end:
            self._end()

    def _start(self) -> Executor:
        packages()
        try:
            prepare()
        except EngineError as error:
            raise TypesetterError(str(error)) from error
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 (V8's binding has imported it by now)

        thread = ThreadPoolExecutor(1, "katex")
        # Also ends them if this is thrown away unclosed, or the interpreter ends first.
        self._end = weakref.finalize(self, retire, thread, self._katex.close)
        return thread

    def _send(self) -> None:
        chunk, self._waiting = self._waiting[:CHUNK], self._waiting[CHUNK:]
        if self._thread:
            self._asked.append((chunk, self._thread.submit(self._katex.typeset, chunk)))

"""KaTeX in a V8 isolate: a list of formulas in, a list of `Typeset`s out.

The rules of `MiniRacer` that this keeps: an isolate is made, used and closed in one thread, and always closed;
JavaScript's errors are caught in JavaScript; formulas go in chunks; only sound Unicode comes back, because an
answer that is none would never arrive.
"""

from __future__ import annotations

import json
from contextlib import suppress
from html import escape
from sys import intern
from typing import TYPE_CHECKING, Literal, Self

import msgspec

from grimoire.frontend import packages
from grimoire.math.doubts import doubts
from grimoire.math.faults import Complaint, fault_of, is_groundless, warning_of
from grimoire.math.letters import with_letters
from grimoire.model import Fault, Typeset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from py_mini_racer import MiniRacer

    from grimoire.model import Formula

Output = Literal["html", "mathml"]
"""``html`` is KaTeX's layout with MathML hidden in it for who cannot see it; ``mathml`` is MathML alone."""

# Fifty formulas take some ten milliseconds and as many megabytes: what takes this much has gone wild.
SECONDS = 20
BYTES = 1 << 30

FIELDS = 4  # of each formula in the answer of `typeset.js`


class Katex:
    """One isolate with KaTeX in it, made when first needed; for one thread, in a ``with`` statement."""

    def __init__(self, macros: Mapping[str, str], output: Output) -> None:
        options = {"macros": dict(macros), "output": "htmlAndMathml" if output == "html" else "mathml"}
        self._opening = f"grimoire.open({json.dumps(options)})"
        self._isolate: MiniRacer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the isolate back; typesetting makes another."""
        if self._isolate:
            isolate, self._isolate = self._isolate, None
            isolate.close()

    def typeset(self, formulas: Sequence[Formula]) -> list[Typeset]:
        """Typeset formulas, best some fifty at a time.

        A formula that exhausts time or memory is refused like any other faulty one, and those beside it are
        typeset again in a new isolate: the old one would report the same of each.
        """
        from py_mini_racer import JSOOMException, JSTimeoutException  # noqa: PLC0415 (only once V8 is wanted)

        try:
            fields = self._ask(formulas)
        except (JSOOMException, JSTimeoutException) as error:
            self._settle()
            self.close()
            if len(formulas) > 1:
                return [typeset for formula in formulas for typeset in self.typeset([formula])]
            tex = formulas[0].tex
            lack = "memory" if isinstance(error, JSOOMException) else "time"
            fault = Fault(f"typesetting takes too much {lack}", 0, len(tex), "break the formula into parts")
            return [refused(tex, fault, ())]
        columns = [fields[field::FIELDS] for field in range(FIELDS)]
        return [typeset_of(formula.tex, *row) for formula, *row in zip(formulas, *columns, strict=True)]

    def _ask(self, formulas: Sequence[Formula]) -> list[str]:
        if self._isolate is None:
            self._isolate = self._open()
        request = json.dumps([(formula.tex, formula.display, formula.preamble) for formula in formulas])
        answer = self._isolate.eval(f"grimoire.typeset({request})", timeout_sec=SECONDS)
        return str(answer).split("\0")

    def _settle(self) -> None:
        """Take in the late answer of what was stopped, which would find nobody after closing."""
        from py_mini_racer import JSEvalException  # noqa: PLC0415 (only once V8 is wanted)

        if self._isolate:
            with suppress(JSEvalException):
                self._isolate.eval("0", timeout_sec=SECONDS)

    def _open(self) -> MiniRacer:
        from py_mini_racer import MiniRacer  # noqa: PLC0415 (only once V8 is wanted)

        isolate = MiniRacer()
        try:
            isolate.set_hard_memory_limit(BYTES)
            isolate.eval(packages().katex.read_text(encoding="utf-8"))
            isolate.eval(self._opening)
        except BaseException:
            isolate.close()
            raise
        return isolate


def typeset_of(tex: str, markup: str, rules: str, warnings: str, complaint: str) -> Typeset:
    """Make a `Typeset` of the four fields that ``typeset.js`` gives for a formula."""
    said = msgspec.json.decode(warnings, type=list[str]) if warnings else []
    notes = (*(warning_of(one, tex) for one in said if not is_groundless(one)), *doubts(tex))
    if complaint:
        return refused(tex, fault_of(msgspec.json.decode(complaint, type=Complaint), tex), notes)
    # Equations are numbered by the page, not by KaTeX, which counts with its style sheet.
    markup = markup.replace('<span class="eqn-num"></span>', "").replace(' class ="mml-eqn-num"', "")
    mathml = with_letters(markup[markup.index("<math") : markup.rindex("</math>") + len("</math>")])
    # Thousands of formulas share a few hundred rules.
    return Typeset(markup, mathml, tuple(map(intern, rules.split("\n"))) if rules else (), None, notes)


def refused(tex: str, fault: Fault, warnings: tuple[Fault, ...]) -> Typeset:
    """Show a formula that cannot be typeset as its source, marked, with the reason in its title."""
    # Half a surrogate pair could not be written to a file, a NUL would end the markup's text early.
    source = tex.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "\ufffd")
    code = f'<code class="math-error" title="{escape(fault.message)}">{escape(source, quote=False)}</code>'
    return Typeset(code, code, (), fault, warnings)

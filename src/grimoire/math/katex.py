"""KaTeX in a V8 isolate: a list of formulas in, a list of `Typeset`s out.

What V8 asks of who uses it is told in `grimoire.v8`. Formulas go in chunks, and only sound Unicode comes back, because
an answer that is none would never arrive.
"""

from __future__ import annotations

import json
from html import escape
from sys import intern
from typing import TYPE_CHECKING, Literal, Self

import msgspec

from grimoire.frontend import packages
from grimoire.math.doubts import doubts
from grimoire.math.faults import Complaint, fault_of, is_groundless, warning_of
from grimoire.math.letters import with_letters
from grimoire.model import Fault, Typeset
from grimoire.v8 import Exhausted, Isolate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

    from grimoire.model import Formula

Output = Literal["html", "mathml"]
"""``html`` is KaTeX's layout with MathML hidden in it for who cannot see it; ``mathml`` is MathML alone."""

# Fifty formulas take some ten milliseconds and as many megabytes: what takes this much has gone wild.
SECONDS = 20

FIELDS = 4  # of each formula in the answer of `typeset.js`


class Katex:
    """One isolate with KaTeX in it, made when first needed; for one thread, in a ``with`` statement."""

    def __init__(self, macros: Mapping[str, str], output: Output) -> None:
        options = {"macros": dict(macros), "output": "htmlAndMathml" if output == "html" else "mathml"}
        self._opening = f"grimoire.open({json.dumps(options)})"
        self._isolate = Isolate(self._scripts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the isolate back; typesetting makes another."""
        self._isolate.close()

    def typeset(self, formulas: Sequence[Formula]) -> list[Typeset]:
        """Typeset formulas, best some fifty at a time.

        A formula that exhausts time or memory is refused like any other faulty one, and those beside it are
        typeset again in a new isolate: the old one would report the same of each.

        Raises:
            EngineError: if the engine fails for a reason that lies in no formula.
        """
        try:
            fields = self._ask(formulas)
        except Exhausted as error:
            if len(formulas) > 1:
                return [typeset for formula in formulas for typeset in self.typeset([formula])]
            tex = formulas[0].tex
            fault = Fault(
                f"typesetting takes too much {error.lack}", 0, len(tex), "break the formula into parts"
            )
            return [refused(tex, fault, ())]
        columns = [fields[field::FIELDS] for field in range(FIELDS)]
        return [typeset_of(formula.tex, *row) for formula, *row in zip(formulas, *columns, strict=True)]

    def _ask(self, formulas: Sequence[Formula]) -> list[str]:
        request = json.dumps([(formula.tex, formula.display, formula.preamble) for formula in formulas])
        return self._isolate.eval(f"grimoire.typeset({request})", SECONDS).split("\0")

    def _scripts(self) -> Iterator[str]:
        yield packages().katex.read_text(encoding="utf-8")
        yield self._opening


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

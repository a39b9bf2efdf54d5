"""What the engine said of each file's formulas, remembered per file, and told as diagnostics.

A build in which a file did not change needs no formula of it, but its style rules and faults.
"""

from collections.abc import Callable, Sequence

import msgspec

from grimoire.diagnostics import Diagnostic
from grimoire.digest import digest
from grimoire.memo import Store
from grimoire.model import Fault, Formula, Term
from grimoire.parses import ParsedFile
from grimoire.source import Span
from grimoire.typesets import Typesets

_STAGE = "verdict"


class Verdict(msgspec.Struct, frozen=True):
    """What was said of one file's formulas: each fault and warning with entry and formula, by number.

    The number of a formula is its place in `formulas_of` the entry.
    """

    rules: tuple[str, ...]
    faults: tuple[tuple[int, int, Fault], ...]
    warnings: tuple[tuple[int, int, Fault], ...]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Verdict).decode


def formulas_of(term: Term) -> tuple[Formula, ...]:
    """Give the formulas of an entry: those of its body, then those of its title, symbol and description."""
    return (*term.formulas, *term.headword.formulas, *term.symbol.formulas, *term.summary.formulas)


def verdicts(
    files: Sequence[ParsedFile], typesets: Typesets, store: Store, watch: Callable[[int, int], None]
) -> list[Verdict]:
    """Give the verdict on each file; waits for the engine.

    Args:
        files: the files.
        typesets: the formulas.
        store: the memo.
        watch: told how many formulas are typeset, and of how many.

    Raises:
        TypesetterError: the engine failed.
    """
    keys = [digest(typesets.circumstances, file.key) for file in files]
    known = store.get_many(_STAGE, keys)
    for file, key in zip(files, keys, strict=True):
        if key not in known:
            typesets.want(formula for term in file.terms for formula in formulas_of(term))
    typesets.finish(watch)
    fresh = {
        key: _verdict(file.terms, typesets) for file, key in zip(files, keys, strict=True) if key not in known
    }
    store.put_many(_STAGE, {key: _encode(verdict) for key, verdict in fresh.items()})
    return [fresh[key] if key in fresh else _decode(known[key]) for key in keys]


def _verdict(terms: Sequence[Term], typesets: Typesets) -> Verdict:
    rules: dict[str, None] = {}
    faults: list[tuple[int, int, Fault]] = []
    warnings: list[tuple[int, int, Fault]] = []
    for row, term in enumerate(terms):
        told: set[Formula] = set()
        for number, formula in enumerate(formulas_of(term)):
            # A summary repeats formulas of the body.
            if number >= len(term.formulas) and formula in told:
                continue
            told.add(formula)
            typeset = typesets[formula]
            rules |= dict.fromkeys(typeset.rules)
            if typeset.fault:
                faults.append((row, number, typeset.fault))
            warnings += ((row, number, warning) for warning in typeset.warnings)
    return Verdict(tuple(rules), tuple(faults), tuple(warnings))


_DOUBTFUL = "the formula is set, though perhaps not as it is meant"


def math_faults(files: Sequence[ParsedFile], found: Sequence[Verdict]) -> list[Diagnostic]:
    """Turn the engine's words about formulas into diagnostics that point into them."""
    diagnostics = []
    for file, verdict in zip(files, found, strict=True):
        for row, number, fault in verdict.faults:
            term = file.terms[row]
            span = _inside_formula(term, number, fault.offset, fault.length)
            diagnostics.append(
                Diagnostic(
                    "invalid-math",
                    term.path,
                    span,
                    f"KaTeX: {fault.message}",
                    _shown(term, number),
                    fault.help,
                )
            )
        for row, number, warning in verdict.warnings:
            term = file.terms[row]
            span = _inside_formula(term, number, warning.offset, warning.length)
            diagnostics.append(
                Diagnostic("math-warning", term.path, span, warning.message, _DOUBTFUL, warning.help)
            )
    return diagnostics


def _shown(term: Term, number: int) -> str:
    """Quote a formula whose place is not known."""
    if number < len(term.formulas):
        return ""
    return f"the title or the description holds `${formulas_of(term)[number].tex}$`"


def _inside_formula(term: Term, number: int, offset: int, length: int) -> Span:
    """Where in the source an offset into a formula's TeX stands."""
    if number >= len(term.formulas):
        # What a field or a title holds has no places of its own: the entry's beginning must do.
        return Span(term.span.start, term.span.start + 1)
    place = term.formula_places[number]
    begin, last = 0, term.span.start
    for line, start in zip(term.formulas[number].tex.split("\n"), place.line_starts, strict=False):
        at = offset - begin
        if at <= len(line):
            first = start + sum(by for shift, by in place.shifts if begin <= shift <= offset)
            return Span(first + at, first + min(at + max(1, length), max(len(line), at + 1)))
        begin += len(line) + 1
        last = start + len(line)
    return Span(last, last + 1)

r"""Entries in LaTeX, as the packages glossaries and glossaries-extra have them, and in the files of bib2gls.

A file becomes a tree (`tree`), in which commands take their arguments (`siblings`, `fields`); `entries` finds
what it defines, `terms` makes records of it. Texts become the tokens that Markdown gives (`blocks`, `inlines`),
and one compiler serves both.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from grimoire.bibfile import read_bib, read_preamble
from grimoire.diagnostics import Diagnostic
from grimoire.fields import nearest
from grimoire.model import Parsed, Wording
from grimoire.parse.dialect import Dialect
from grimoire.parse.latex.entries import Found, Written, in_bib, in_script
from grimoire.parse.latex.macros import Macro
from grimoire.parse.latex.script import Script, whole
from grimoire.parse.latex.terms import Entries
from grimoire.parse.latex.vocabulary import BIB_ENTRIES, BIB_OTHERS, ENTRY_COMMANDS
from grimoire.parse.latex.wordings import by_key
from grimoire.source import Source, Span

__all__ = ["parse_bib", "parse_latex", "wordings"]


def wordings(source: Source) -> dict[str, Wording]:
    """Give what each entry of a file is called, by its key, for those who link to it from other files."""
    if source.path.lower().endswith(".bib"):
        entries, _ = read_bib(source.path, source.text)
        return by_key((in_bib(one) for one in entries if one.kind in BIB_ENTRIES), _macros_of(source.text))
    found = in_script(whole(source.text))
    return by_key(found.entries, found.macros)


def parse_latex(
    source: Source, dialect: Dialect, elsewhere: Mapping[str, Wording]
) -> tuple[Parsed, list[Diagnostic]]:
    """Parse a LaTeX file.

    Args:
        source: the file.
        dialect: the site's settings that matter here.
        elsewhere: what the entries of other files are called, by key.

    Returns:
        Its entries, and what is wrong in it. Never raises for any text.
    """
    script = whole(source.text)
    found = in_script(script)
    entries = Entries(source, dialect, found.entries, found.macros, elsewhere)
    parsed = entries.all()
    diagnostics = [
        *_faults(source.path, script, found.entries),
        *_unread(source.path, found),
        *entries.diagnostics,
    ]
    if found.prose:
        diagnostics.append(
            Diagnostic(
                "text-outside-entries", source.path, found.prose, "what is no entry is left out of the site",
                why="of a LaTeX file only the entries are read",
                help="put what is to be read into an entry or into a Markdown file",
            )
        )  # fmt: skip
    return parsed, diagnostics


def _unread(path: str, found: Found) -> Iterator[Diagnostic]:
    """What seems to make entries, and is not read."""
    for name, (span, is_macro) in found.unread.items():
        if is_macro:
            yield Diagnostic(
                "broken-latex", path, span, f"`\\{name}` makes no entry here",
                why="it lacks an argument, or makes more than can be put in", help="write the entry out",
            )  # fmt: skip
            continue
        meant = nearest(name, ENTRY_COMMANDS)
        yield Diagnostic(
            "unsupported-entry", path, span, f"what `\\{name}` makes is not read",
            why="the command is neither known here nor defined in this file; further ones of it are not told",
            help=f"did you mean `\\{meant}`?" if meant else "define it in this file with `\\newcommand`, or write "
            "`\\newglossaryentry` or `\\newacronym`",
        )  # fmt: skip


def _faults(path: str, script: Script, entries: Sequence[Written]) -> list[Diagnostic]:
    """What does not match inside entries; outside of them only braces matter, which may hide one."""
    starts = [one.span.start for one in entries]
    kept = []
    for fault in script.faults:
        span = script.span(fault.start, fault.end)
        at = bisect_right(starts, span.start) - 1
        is_inside = at >= 0 and span.start < entries[at].span.end
        if is_inside or script.text[fault.start] in "{}":
            kept.append(Diagnostic(fault.code, path, span, fault.message, help=fault.help))
    return kept


def parse_bib(
    source: Source, dialect: Dialect, elsewhere: Mapping[str, Wording]
) -> tuple[Parsed, list[Diagnostic]]:
    """Parse a ``.bib`` file of entries; arguments and result are those of `parse_latex`."""
    blocks, diagnostics = read_bib(source.path, source.text, "broken-latex")
    written: list[Written] = []
    told: set[str] = set()
    for block in blocks:
        if block.kind in BIB_ENTRIES:
            written.append(in_bib(block))
        elif block.kind not in told:
            told.add(block.kind)
            diagnostics.append(_unsupported(source.path, block.kind, block.span))
    for one in written:
        for field in one.fields:
            script = field.value.script
            diagnostics += (
                Diagnostic(
                    fault.code,
                    source.path,
                    script.span(fault.start, fault.end),
                    fault.message,
                    help=fault.help,
                )
                for fault in script.faults
            )
    entries = Entries(source, dialect, written, _macros_of(source.text), elsewhere)
    return entries.all(), [*diagnostics, *entries.diagnostics]


def _macros_of(text: str) -> Mapping[str, Macro]:
    """What the file's ``@preamble`` defines, which bib2gls hands to LaTeX."""
    return in_script(whole(preamble)).macros if (preamble := read_preamble(text)) else {}


def _unsupported(path: str, kind: str, span: Span) -> Diagnostic:
    why = "its entries are left out; further ones of the type are not told"
    if kind in BIB_OTHERS:
        mend = "write each of its entries alone, as `@entry`, `@abbreviation` or `@symbol`"
    elif meant := nearest(kind, BIB_ENTRIES):
        mend = f"did you mean `@{meant}`?"
    else:
        mend = "entries of the glossary are " + ", ".join(f"`@{one}`" for one in BIB_ENTRIES)
    head = Span(span.start, min(span.end, span.start + 1 + len(kind)))
    return Diagnostic(
        "unsupported-entry", path, head, f"entries of the type `@{kind}` are not read", why, mend
    )

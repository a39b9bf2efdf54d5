"""What is wrong with the input, as records: where, what, why, and how to mend it.

Stages return diagnostics beside their results and never print; `as_text`, `as_json` and `as_github` are the
ways to show them. Messages state the fact in lower case without a full stop; only `help`
speaks of the cure. The module is long because half of it is the table of codes.
"""

import json
import unicodedata
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from grimoire.source import Span, line_bounds, position

Severity = Literal["error", "warning", "note"]


class Place(msgspec.Struct, frozen=True):
    """A further place a diagnostic points at, with what is to be seen there."""

    path: str
    span: Span
    label: str


class Diagnostic(msgspec.Struct, frozen=True):
    """One fault of the input.

    `path` is the file as the author knows it (relative to the site's folder); "" when the fault
    lies in no file. `span` is None when the whole file is meant.
    """

    code: str
    path: str
    span: Span | None
    message: str
    why: str = ""
    help: str = ""
    related: tuple[Place, ...] = ()

    @property
    def severity(self) -> Severity:
        """The severity of this diagnostic's code."""
        return CODES[self.code][0]


CODES: dict[str, tuple[Severity, str]] = {
    "ambiguous-link": (
        "warning",
        (
            "A link names something that several entries call themselves. It leads to a page that "
            "lists them. Write the title or the slug of the one you mean."
        ),
    ),
    "broken-bibliography": (
        "error",
        (
            "A part of a bibliography cannot be read: an entry is not closed, has no key, or names a text "
            "that is not defined, or the file is no CSL JSON. What cannot be read is left out, the rest counts."
        ),
    ),
    "broken-front-matter": (
        "error",
        (
            "The block at the head of the file is not valid YAML (between lines of `---`), TOML (between lines "
            "of `+++`) or JSON. The page is built from its body alone, so its title, names and tags may be "
            "missing until the block is mended."
        ),
    ),
    "broken-latex": (
        "error",
        (
            "In an entry in LaTeX a brace, an environment or a formula has no counterpart, or a command lacks an "
            "argument; or an entry of a `.bib` file cannot be read. What is there stays on the page, and other "
            "entries are not touched."
        ),
    ),
    "broken-template": (
        "error",
        (
            "A template of the theme cannot be compiled, or asks for something its page does not "
            "have. Templates see `page` and `site` only. Or the theme's `static/words.json` does not hold words. "
            "Nothing is written until it is mended."
        ),
    ),
    "circular-definition": (
        "note",
        (
            "Terms are defined by each other: the first sentence of each links to the next, and that of the last "
            "to the first. Define one of them without the others. Told by `grimoire check`."
        ),
    ),
    "circular-transclusion": (
        "error",
        (
            "An entry embeds itself, directly or through others. At the place where the circle closes "
            "only the link is shown. Embed a section or a block instead, or link."
        ),
    ),
    "deep-transclusion": (
        "warning",
        "Entries are embedded in entries more than five deep. The innermost is shown as a link.",
    ),
    "duplicate-alias": (
        "warning",
        (
            "Two entries declare the same other name, or one declares the title of another. A link by "
            "that name leads to a page that lists both, or to the entry whose title it is. Remove the "
            "name from one of them, or link by title."
        ),
    ),
    "duplicate-anchor": (
        "warning",
        (
            "Two blocks, equations or headings of a file have the same name: `^name`, `\\label{name}` or "
            "`{#name}`. A link to it leads to the first."
        ),
    ),
    "duplicate-entry": (
        "error",
        (
            "Two entries of a LaTeX file have the same key. Both are in the glossary; a link by the key leads to "
            "the first. Give one of them another key."
        ),
    ),
    "duplicate-field": (
        "warning",
        (
            "A field stands twice in one block of front matter, or under two of its names, or twice in an entry in "
            "LaTeX; the last one counts."
        ),
    ),
    "duplicate-key": (
        "warning",
        (
            "Two works of the bibliographies have the same key. The first one counts. An entry's own "
            "bibliography may well have a key of the site's again: in that entry its own counts."
        ),
    ),
    "duplicate-slug": (
        "error",
        (
            "Two entries would be written to the same address. Neither is lost: the later one gets a "
            "number behind its slug. Give one of them an `id` or another title."
        ),
    ),
    "duplicate-translation": (
        "warning",
        (
            "Two entries of one language translate the same entry, by the names of their files or by their ids. The "
            "later one gets an address of its own."
        ),
    ),
    "engine-failure": (
        "error",
        (
            "The engine that typesets formulas or sets citations stopped, could not be started, or could not "
            "set what it was given. This is mostly no fault of your text; the message tells what the engine said."
        ),
    ),
    "foreign-output": (
        "error",
        (
            "The output folder holds files that this program did not write. They would be mixed with "
            "the site and could be lost, so nothing is written there."
        ),
    ),
    "incomplete-entry": (
        "warning",
        (
            "An entry in LaTeX has no name or no description, or an abbreviation lacks one of its two forms. It is "
            "shown as far as it goes: under its key, or without a text."
        ),
    ),
    "invalid-diagram": (
        "warning",
        (
            "A diagram cannot be drawn: mermaid's language does not allow what it says, or the program that "
            "draws has no such diagram. Its source is shown as a code block."
        ),
    ),
    "invalid-field": (
        "error",
        (
            "A field of the front matter has a value of another kind than it wants, for example a "
            "list where a text belongs. The field is left out."
        ),
    ),
    "invalid-math": (
        "error",
        "KaTeX refuses a formula. The page shows its source, marked, until it is mended.",
    ),
    "invalid-setting": (
        "error",
        "A setting of `content/site.yaml` has a value it cannot have. The default is used.",
    ),
    "large-transclusion": (
        "warning",
        (
            "An entry embeds more than two million characters, those of entries embedded in the embedded ones "
            "included; each counts as a thousand at least. From there on the links alone are shown."
        ),
    ),
    "math-warning": (
        "note",
        (
            "A formula is set, but something in it is doubtful: a character that KaTeX's fonts do not "
            "have, as the 1 in `\\mathbb{1}`, or the name of a Greek letter that has lost its "
            "backslash, as in `eta` for `\\beta`."
        ),
    ),
    "mismatched-link": (
        "warning",
        "In `[[name]](#target)` the name and the target lead to different places. The name wins.",
    ),
    "missing-anchor": (
        "warning",
        (
            "The entry a link names exists, but it has no section of that name. The link leads to "
            "the top of the entry."
        ),
    ),
    "missing-citation": (
        "warning",
        (
            "A citation names a key that no bibliography has. It stays on the page as it is written. In a "
            "sentence `@name` counts as a citation only if it is a key; if it is nearly one, it is told of too."
        ),
    ),
    "missing-history": (
        "note",
        (
            "The setting `dates: git` asks the repository for the days on which entries were written and changed, "
            "and it does not tell: there is no git, no repository, no commit, or only a part of the history, as in "
            "a shallow clone. No date is made up."
        ),
    ),
    "missing-image": (
        "warning",
        "An embedded file is not below the content folder. The page shows its name instead.",
    ),
    "missing-label": (
        "warning",
        (
            "A reference such as `\\eqref{…}` names a label that no displayed formula of the file has. It stays as "
            "it is written."
        ),
    ),
    "missing-term": (
        "warning",
        (
            "A link names an entry that is not written. Its text stays, marked, and the name is "
            "listed on the page of wanted terms."
        ),
    ),
    "missing-video": (
        "warning",
        (
            "A `[yt]` has no address: write `[yt](URL)`, or give the entry a `yt:` list with one "
            "address for each `[yt]`, in order."
        ),
    ),
    "misspelt-term": (
        "warning",
        (
            "A word in brackets is nearly the name of an entry. It stays as text. If it is meant as a "
            "link, mend the spelling; if not, write `\\[word]` to silence this."
        ),
    ),
    "no-pictures": (
        "warning",
        (
            "The setting `pictures` asks for what cannot be made: packages are missing, which "
            "`pip install 'grimoire-glossary[pictures]'` brings, or the site has no `base_url`, without which nobody "
            "who shows a link could find its picture. The site is made without them."
        ),
    ),
    "orphan-term": (
        "note",
        (
            "No other entry links to a term, embeds it or names it as related. It is found by the index and the "
            "search alone. Told by `grimoire check`."
        ),
    ),
    "outside-content": (
        "error",
        "A path leaves the content folder. Files outside are never read or copied.",
    ),
    "plugin-block": (
        "note",
        (
            "A block of code, such as `dataview` or `tasks`, is for a plugin of Obsidian. No plugin runs here, so "
            "its source is shown. Told once for each language of the site, with the place of the first."
        ),
    ),
    "raw-html": (
        "warning",
        (
            "An HTML tag or one of its attributes is not on the list of harmless ones, or the tag is not closed "
            "where it was opened, so it is shown as text. Set `html: trusted` in site.yaml to let every tag through."
        ),
    ),
    "reserved-address": (
        "warning",
        (
            "A note or document would take an address that the site needs for itself. It gets a "
            "number behind its name."
        ),
    ),
    "surplus-cells": (
        "warning",
        (
            "A row of a table has more cells than the table has columns. What is too much is left out, as "
            "other programs do. A bar inside a cell is written `\\|`."
        ),
    ),
    "template-markup": (
        "note",
        (
            "A file has markup for the templates of another program: `{{< … >}}`, `{{ … }}`, `{% … %}`, "
            "`<% … %>` or kramdown's `{: … }`. Nothing executes it: it is shown as it is written. Told once "
            "for each file, with the place of the first."
        ),
    ),
    "text-outside-entries": (
        "note",
        (
            "Of a LaTeX file only the entries and the macros are read; the text around them is left out of the "
            "site. Told once for each file, with the place of the first words."
        ),
    ),
    "too-deep": (
        "warning",
        (
            "Quotes and lists, or the braces of LaTeX, stand inside each other more than forty deep. What is below "
            "stays as it is written."
        ),
    ),
    "unclosed-comment": (
        "warning",
        "A `%%` opens a comment that no second `%%` closes. It stays as text.",
    ),
    "unclosed-math": (
        "warning",
        (
            "A `$$`, `\\[` or `\\begin{…}` at the start of a line opens a formula that never ends. "
            "It stays as text."
        ),
    ),
    "undefined-footnote": (
        "warning",
        "A footnote is referred to but nowhere defined. The reference stays as text.",
    ),
    "unexpanded-acronym": (
        "note",
        (
            "A word in capitals is used, and neither a text nor the names of a term say what it stands for. Write "
            "`Long Form (LF)` once, give a term both names, or add a line `*[LF]: long form`. Told by "
            "`grimoire check`."
        ),
    ),
    "unknown-attribute": (
        "warning",
        (
            "A list such as `{#name .class key=value}` says something that has no effect, or belongs to no block. Only "
            "names and classes count, and the width and height of pictures. The list stays in the text."
        ),
    ),
    "unknown-field": (
        "warning",
        (
            "A field of the front matter, or of an entry in LaTeX, is unknown but close to a known one. It is kept "
            "as data and has no effect."
        ),
    ),
    "unknown-language": (
        "note",
        "A code block names a language that no highlighter knows. It is shown plain. Told once for each language.",
    ),
    "unknown-latex-command": (
        "warning",
        (
            "A command or an environment in the text of a LaTeX entry is not known. It stays as it is written, "
            "and what stands in its braces is read. Told once for each command and file. If the file defines it "
            "with `\\newcommand`, it is put in."
        ),
    ),
    "unknown-setting": (
        "warning",
        "A setting of `content/site.yaml` is unknown and has no effect.",
    ),
    "unlinked-mention": (
        "note",
        (
            "Entries name a term and do not link to it. Link the first mention in each, or set `auto_link: first` "
            "in site.yaml. `auto_link: false` in an entry silences this for its text and its names. Told by "
            "`grimoire check`."
        ),
    ),
    "unpaired-translation": (
        "warning",
        (
            "A file of many terms translates another file, and this term does not say which of its terms it is. Both "
            "are shown in this language. Give its heading the id of the other: `## Title {#slug}`."
        ),
    ),
    "unpictured-term": (
        "note",
        (
            "The name of a term has letters that the fonts of pictures do not have, or a formula that is more than "
            "letters set higher and lower; they have Latin and Greek letters, and some signs. The picture of the site "
            "stands for the term, rather than one with boxes."
        ),
    ),
    "unreadable-file": (
        "error",
        "A file below the content folder cannot be read. It is left out.",
    ),
    "unreadable-text": (
        "error",
        (
            "A file is not UTF-8, or holds a control character. What could not be read is shown as "
            "replacement signs."
        ),
    ),
    "unsafe-url": (
        "warning",
        (
            "An address has a scheme that can run code or is not known to be harmless. It is left "
            "out, the text stays."
        ),
    ),
    "unsupported-diagram": (
        "warning",
        (
            "Only diagrams in mermaid's language are drawn: the source of others stays on the page as a code "
            "block. Told once for each language."
        ),
    ),
    "unsupported-entry": (
        "warning",
        (
            "A file of entries for bib2gls has entries of a type that is not read, such as `@dualentry`, or one that "
            "is none of bib2gls; or a LaTeX file has a command that seems to make entries, and is neither known nor "
            "defined in the file. They are left out. Told once for each type or command and file."
        ),
    ),
    "unused-footnote": (
        "warning",
        (
            "A footnote is defined but not shown: nothing refers to it, or it is defined again further "
            "down, and the last definition counts."
        ),
    ),
    "wanted-term": (
        "note",
        (
            "A name that links ask for and no entry has, with how many ask for it; the most wanted come first. "
            "Write the entry, or give its name to one. Told by `grimoire check`."
        ),
    ),
}
"""Every code with its severity and the long text of `grimoire explain`. Codes are never renamed."""


def unreadable(path: str, error: OSError) -> Diagnostic:
    """Make the diagnostic for a file or folder that the system does not let us read."""
    reason = error.strerror or type(error).__name__
    return Diagnostic(
        "unreadable-file", path, None, f"it cannot be read: {reason[:1].lower()}{reason[1:]}",
        why="it is left out", help="see that it is there and that you may read it",
    )  # fmt: skip


def unreadable_text(path: str, at: int, raw: bytes) -> Diagnostic:
    """Make the diagnostic for what in a file is no text; `at` is its place in what is read instead."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        problem, why, mend = (
            "the file is not UTF-8",
            "the bytes here cannot be read as text",
            "save the file as UTF-8",
        )
    else:
        problem, why, mend = (
            "a character that no page can hold",
            "a replacement sign is shown for it",
            "remove it",
        )
    return Diagnostic("unreadable-text", path, Span(at, at + 1), problem, why=why, help=mend)


def order(diagnostic: Diagnostic) -> tuple[str, int, str, str]:
    """Sort key: by file, then place, then code."""
    start = diagnostic.span.start if diagnostic.span else -1
    return diagnostic.path, start, diagnostic.code, diagnostic.message


def as_text(diagnostic: Diagnostic, text_of: Callable[[str], str | None], *, colour: bool = False) -> str:
    """Show a diagnostic as text with the line it points at.

    Args:
        diagnostic: what to show.
        text_of: gives the text of a file by its path, None where it cannot.
        colour: whether to use terminal colours.

    Returns:
        Some lines without a final line feed; the first is ``path:line:column: severity[code]: …``.
    """
    tint = {"error": "\033[1;31m", "warning": "\033[1;33m", "note": "\033[1;36m"}
    open_, close = (tint[diagnostic.severity], "\033[0m") if colour else ("", "")
    where = _where(diagnostic.path, diagnostic.span, text_of(diagnostic.path) if diagnostic.path else None)
    lines, width = _frame(diagnostic, text_of)
    lines.insert(0, f"{where}{open_}{diagnostic.severity}[{diagnostic.code}]{close}: {diagnostic.message}")
    indent = " " * width
    if diagnostic.why:
        lines.append(f"{indent} = why: {diagnostic.why}")
    if diagnostic.help:
        lines.append(f"{indent} = help: {diagnostic.help}")
    return "\n".join(lines)


def frame(diagnostic: Diagnostic, text_of: Callable[[str], str | None]) -> str:
    """Show the lines that a diagnostic points at, and no more of it; "" if it points at none."""
    return "\n".join(_frame(diagnostic, text_of)[0])


def _frame(diagnostic: Diagnostic, text_of: Callable[[str], str | None]) -> tuple[list[str], int]:
    """The lines that a diagnostic points at, and how wide their numbers are."""
    lines: list[str] = []
    text = text_of(diagnostic.path) if diagnostic.path else None
    shown = [(diagnostic.path, diagnostic.span, text, "")]
    shown += [(place.path, place.span, text_of(place.path), place.label) for place in diagnostic.related]
    width = max(len(str(position(body, span.start)[0])) if span and body else 1 for _, span, body, _ in shown)
    for path, span, body, label in shown:
        if span is None or body is None:
            if label:
                lines.append(f" ::: {_where(path, span, body)}{label}")
            continue
        line, column = position(body, span.start)
        if label:
            lines.append(f" ::: {path}:{line}:{column}")
        lines += _excerpt(body, line, column, span, width, label)
    return lines, width


def _where(path: str, span: Span | None, text: str | None) -> str:
    if not path:
        return ""
    if span is None or text is None:
        return f"{path}: "
    line, column = position(text, span.start)
    return f"{path}:{line}:{column}: "


_LONGEST_LINE = 100
_CONTROL_PICTURES = {code: 0x2400 + code for code in range(0x20) if code != ord("\t")} | {0x7F: 0x2421}
"""What stands for a control character, which a terminal would obey."""


def _excerpt(text: str, line: int, column: int, span: Span, width: int, label: str) -> list[str]:
    """The source line with carets below; a long line is cut to the part around the column."""
    begin, end = line_bounds(text, line)
    start = column - 1
    length = max(1, min(span.end - span.start, end - begin - start))
    head = tail = ""
    if end - begin > _LONGEST_LINE:
        first = max(0, min(start - 30, end - begin - _LONGEST_LINE))
        head = "…" if first else ""
        tail = "…" if begin + first + _LONGEST_LINE < end else ""
        length = max(1, min(length, first + _LONGEST_LINE - start))
        start = start - first + len(head)
        begin, end = begin + first, begin + first + _LONGEST_LINE
    source = head + text[begin:end].translate(_CONTROL_PICTURES) + tail
    # A tab keeps its width under the carets.
    pad = "\t".join(" " * _columns(part) for part in source[:start].split("\t"))
    carets = "^" * max(1, _columns(source[start : start + length]))
    gutter = " " * width
    note = f" {label}" if label else ""
    return [f"{gutter} |", f"{line:>{width}} | {source}", f"{gutter} | {pad}{carets}{note}"]


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: a wide character two, a mark none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def as_json(diagnostics: Iterable[Diagnostic], text_of: Callable[[str], str | None]) -> str:
    """Show diagnostics as one JSON array; places have `line` and `column`, both from 1."""

    def place(path: str, span: Span | None) -> dict[str, object]:
        text = text_of(path) if path else None
        if span is None or text is None:
            return {"path": path or None, "line": None, "column": None}
        line, column = position(text, span.start)
        end_line, end_column = position(text, span.end)
        return {
            "path": path,
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
        }

    rows = [
        {
            "code": one.code,
            "severity": one.severity,
            **place(one.path, one.span),
            "message": one.message,
            "why": one.why or None,
            "help": one.help or None,
            "related": [{**place(at.path, at.span), "label": at.label} for at in one.related],
        }
        for one in diagnostics
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)


_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}


def as_github(diagnostic: Diagnostic, text_of: Callable[[str], str | None], folder: str = "") -> str:
    """Show a diagnostic as a command of GitHub's workflows, which shows it beside the line it points at.

    Args:
        diagnostic: what to show.
        text_of: gives the text of a file by its path, None where it cannot.
        folder: leads from the root of the repository to the site; "" or it ends with "/".

    Returns:
        One line without a line feed.
    """
    properties = {"file": f"{folder}{diagnostic.path}"} if diagnostic.path else {}
    text = text_of(diagnostic.path) if diagnostic.path else None
    if diagnostic.span is not None and text is not None:
        line, column = position(text, diagnostic.span.start)
        end_line, end_column = position(text, diagnostic.span.end)
        properties |= {"line": str(line), "endLine": str(end_line)}
        if end_line == line:
            # Columns of several lines are not taken.
            properties |= {"col": str(column), "endColumn": str(max(column, end_column - 1))}
    properties["title"] = diagnostic.code
    told = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    lines = [diagnostic.message]
    lines += [
        f"{name}: {value}" for name, value in (("why", diagnostic.why), ("help", diagnostic.help)) if value
    ]
    message = _escaped("\n".join(lines))
    return f"::{_GITHUB[diagnostic.severity]} {told}::{message}"


def _escaped(text: str, more: str = "") -> str:
    """Escape what would end a command or a property of it."""
    return "".join(f"%{ord(char):02X}" if char in "%\r\n" + more else char for char in text)

"""What KaTeX complains of, in our words: the fact in the message, where it stands, and how to mend it."""

from __future__ import annotations

import re
from difflib import get_close_matches

import msgspec

from grimoire.model import Fault

ENVIRONMENTS = (
    *(
        "align",
        "align*",
        "alignat",
        "alignat*",
        "aligned",
        "alignedat",
        "array",
        "CD",
        "cases",
        "dcases",
        "drcases",
    ),
    *(
        "equation",
        "equation*",
        "gather",
        "gather*",
        "gathered",
        "matrix",
        "matrix*",
        "bmatrix",
        "Bmatrix",
        "pmatrix",
    ),
    *("vmatrix", "Vmatrix", "rcases", "smallmatrix", "split", "subarray"),
)


class Complaint(msgspec.Struct, frozen=True):
    """A fault as ``typeset.js`` describes it."""

    message: str
    offset: int
    length: int
    place: str
    near: list[str] = []


def fault_of(complaint: Complaint, tex: str) -> Fault:
    """Word a complaint.

    Args:
        complaint: what ``typeset.js`` says, its offsets counted in UTF-16 units.
        tex: the formula it complains of.

    Returns:
        The fault: its message in lower case, without a full stop, code in backticks; offset and length 0 if it
        lies in the preamble; a help that may be empty.
    """
    message, help_ = worded(complaint)
    if complaint.place == "preamble":
        return Fault(f"{message}, in a definition made earlier in the entry", 0, 0, help_)
    if complaint.place == "expansion":
        message += ", in what a macro expands to"
    start = characters(tex, complaint.offset)
    return Fault(message, start, characters(tex, complaint.offset + complaint.length) - start, help_)


def characters(text: str, units: int) -> int:
    """Count the characters in the first so many UTF-16 units of a text."""
    if text.isascii():
        return min(units, len(text))
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "replace"))


def worded(complaint: Complaint) -> tuple[str, str]:
    """Give message and help for a complaint; KaTeX's own words where we have none."""
    said = legible(complaint.message)
    for pattern, message, help_ in WORDINGS:
        if match := re.fullmatch(pattern, said):
            return match.expand(message), suggestion(match, complaint.near) or match.expand(help_)
    return plain(said), ""


def is_groundless(said: str) -> bool:
    """Whether KaTeX warns of a character that it does not know, and that looks as it should all the same.

    The euro is in every font for text, so it is set in the font of the line. KaTeX has no command for it.
    """
    return '"€"' in said


def warning_of(said: str, tex: str) -> Fault:
    """Word what KaTeX warns of in a formula, in the same style; it points at what the warning quotes."""
    quoted = re.search(r"""(?<!\w)["'`](.+?)["'`](?!\w)|^%""", said)
    what = (quoted[1] or quoted[0]) if quoted else ""
    offset, length = (tex.index(what), len(what)) if what and what in tex else (0, len(tex))
    said = legible(said)
    for pattern, message, help_ in WARNINGS:
        if match := re.fullmatch(pattern, said):
            return Fault(match.expand(message), offset, length, match.expand(help_))
    return Fault(plain(said), offset, length, "")


def plain(said: str) -> str:
    """Put KaTeX's own words into our form: lower case, no full stop, code in backticks."""
    said = re.sub(r"(?<!\w)['\"]([^'\"]+)['\"](?!\w)", r"`\1`", said.strip().rstrip("."))
    said = re.sub(r"(`[^`]*`)|(\\(?:[A-Za-z]+|.))", lambda code: code[1] or f"`{code[2]}`", said)
    return (
        said[:1].lower() + said[1:]
        if said[1:2].islower() and not said.startswith(("KaTeX", "LaTeX"))
        else said
    )


def legible(said: str) -> str:
    """Name the characters that cannot be shown in a line of text."""
    return "".join(sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in said)


def suggestion(match: re.Match[str], near: list[str]) -> str:
    """Name what was probably meant by an unknown command or environment; empty if nothing is near."""
    if match.re.pattern == NO_ENVIRONMENT:
        near = get_close_matches(match["name"], ENVIRONMENTS)
    return f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""


NO_ENVIRONMENT = r"No such environment: (?P<name>.*)"

# What KaTeX says, what we say, what helps; the first that fits counts. Backslashes in the second and third
# column are those of `re.Match.expand`.
WORDINGS = (
    (
        r"Double (subscript|superscript)",
        r"double \1",
        "brace the part you mean: `x_{ij}` or `x_{i_j}`, `x^{ab}` or `x^{a^b}`",
    ),
    (
        r"Undefined control sequence: (?P<name>.*)",
        r"undefined control sequence `\g<name>`",
        r"define it with `\\newcommand` earlier in the entry, or for all entries under `math.macros` in site.yaml",
    ),
    (
        NO_ENVIRONMENT,
        r"no such environment `\g<name>`",
        "KaTeX knows `aligned`, `cases`, `pmatrix`, `array` and others",
    ),
    (
        r"\\newcommand\{(.*?)\} attempting to redefine .*",
        r"`\\newcommand` redefines `\1`",
        r"write `\\renewcommand{\1}`",
    ),
    (
        r"\\renewcommand\{(.*?)\} when command .*",
        r"`\\renewcommand` of `\1`, which is not defined yet",
        r"write `\\newcommand{\1}`",
    ),
    (r"Expected '}', got 'EOF'", "a `{` is never closed", "add the missing `}`"),
    (
        r"Unexpected end of input in a macro argument.*",
        "the formula ends where an argument is expected",
        "add the argument, or the missing `}`",
    ),
    (
        r"Expected 'EOF', got '}'|Extra }",
        "a `}` closes nothing",
        r"remove it, or write `\\}` for a brace that is seen",
    ),
    (
        r"Expected 'EOF', got '\\(end|right)'",
        r"`\\\1` closes nothing",
        "remove it, or add what it is to close",
    ),
    (
        r"Expected '\\right', got '(.*)'",
        r"`\\left` is not closed before this",
        r"add `\\right` and a delimiter, or `\\right.` for none",
    ),
    (
        r"Expected & or \\\\ or \\cr or \\end",
        "a cell ends where none can",
        r"close the environment with `\\end{…}`, and what is open inside the cell",
    ),
    (
        r"Expected 'EOF', got '&'",
        "`&` outside an environment",
        r"put the lines into `\\begin{aligned} … \\end{aligned}`, or write `\\&` for the sign",
    ),
    (
        r"Expected 'EOF', got '#'|Unsupported character: '#'.*",
        "`#` outside a macro definition",
        r"write `\\#` for the sign",
    ),
    (r"Expected '(.*)', got '(.*)'", r"`\2` where `\1` is expected", ""),
    (
        r"Can't use function '(\$|\\[\[\]()])' in math mode",
        r"`\1` inside a formula",
        "remove it: the formula is open already",
    ),
    (r"Can't use function '(.*)' in (math|text) mode", r"`\1` does not work in \2 mode", ""),
    (
        r"Got function '(.*)' with no arguments(?: as (.*))?",
        r"`\1` has no argument",
        "put braces around what it applies to",
    ),
    (
        r"Expected group (?:after|as argument to) '(.*)'",
        r"nothing follows `\1`",
        "add what it applies to, or `{}` for nothing",
    ),
    (
        r"Mismatch: \\begin\{(.*)\} matched by \\end\{(.*)\}",
        r"`\\begin{\1}` is closed by `\\end{\2}`",
        r"write `\\end{\1}`",
    ),
    (
        r"Unknown column alignment: (.*)",
        r"`\1` aligns no column",
        "KaTeX knows `l`, `c`, `r`, and the lines `|` and `:`",
    ),
    (
        r"only one infix operator per group",
        r"two of `\\over`, `\\choose`, … in one group",
        r"use `\\frac{…}{…}`",
    ),
    (r"(\\tag) works only in display equations", r"`\1` in an inline formula", r"open the formula with `$$`"),
    (r"Multiple \\tag", r"two `\\tag`s in one formula", "keep one"),
    (
        r"Too many expansions: .*",
        "more than 1000 macro expansions",
        "look for a macro that is defined by itself",
    ),
    (r"Invalid (color|size|unit|delimiter|url|key): '(.*)'", r"no valid \1: `\2`", ""),
    (r"KaTeX fails on it", "KaTeX fails on this formula", "write it in another way"),
    (r"(nested too deeply|longer than .*)", r"\1", "break the formula into parts"),
)

# The same for warnings.
WARNINGS = (
    (
        r'Unrecognized Unicode character "(.+)" \(\d+\)',
        r"KaTeX does not know the character `\1`: it may look out of place",
        "",
    ),
    (
        r"No character metrics for '(.+)' in .*",
        r"KaTeX has no measures of the character `\1`: it may look out of place",
        "",
    ),
    (
        r"% comment has no terminating newline.*",
        "`%` hides the rest of the formula",
        r"write `\\%` for the sign",
    ),
)

r"""The words of LaTeX that are known here: what makes an entry, what links to one, what sets a text.

Tables alone; what becomes of each is decided where it is read. ``docs/authoring/latex.md`` lists them all.
"""

import re
from typing import Literal, NamedTuple

from grimoire.model import Mode
from grimoire.parse.syntax.math import ENVIRONMENTS

# ---------------------------------------------------------------- entries

Argument = Literal["options", "key", "fields", "short", "long", "name", "description"]

ENTRY_COMMANDS: dict[str, tuple[Argument, ...]] = {
    "newglossaryentry": ("key", "fields"),
    "provideglossaryentry": ("key", "fields"),
    "longnewglossaryentry": ("key", "fields", "description"),
    "longprovideglossaryentry": ("key", "fields", "description"),
    "newacronym": ("options", "key", "short", "long"),
    "newabbreviation": ("options", "key", "short", "long"),
    "newterm": ("options", "key"),
    "glsxtrnewsymbol": ("options", "key", "name"),
    "glsxtrnewnumber": ("options", "key", "name"),
    "newdualentry": ("options", "key", "short", "long", "description"),
    "newentry": ("key", "fields"),
    "newabbr": ("options", "key", "short", "long"),
    "newsym": ("options", "key", "name"),
    "newnum": ("options", "key", "name"),
}
"""The commands that make an entry, and their arguments in order."""
OTHER_ENTRY_COMMANDS = re.compile(
    r"(?:new|provide|longnew|longprovide)\w*(?:acro|acronym|abbr|abbreviation|entry|num|number|sym|symbol|term)"
    r"|DeclareAcronym|acro|acrodef|nomenclature"
)
"""What other commands are called that seem to make entries; they are not read."""

BIB_ENTRIES = ("entry", "symbol", "number", "index", "indexplural", "abbreviation", "acronym")
"""The types of bib2gls that are read."""
BIB_OTHERS = (
    "abbreviationindex", "bibtexentry", "compoundset", "contributor", "dualabbreviation",
    "dualabbreviationentry", "dualacronym", "dualentry", "dualentryabbreviation", "dualindexabbreviation",
    "dualindexentry", "dualindexnumber", "dualindexsymbol", "dualnumber", "dualsymbol",
    "progenitor", "spawnabbreviation", "spawnacronym", "spawnentry", "spawnindex", "spawnnumber",
    "spawnsymbol", "tertiaryabbreviationentry",
)  # fmt: skip
"""Its other types, which are not."""

FIELDS = (
    "name", "description", "plural", "text", "first", "firstplural", "symbol",
    "short", "shortplural", "long", "longplural", "see", "seealso", "alias", "parent",
)  # fmt: skip
"""The fields of an entry that have an effect."""
OTHER_FIELDS = (
    "access", "category", "counter", "descriptionplural", "entrycounter", "firstaccess", "firstpluralaccess",
    "group", "identifier", "location", "loclist", "longaccess", "longpluralaccess", "nonumberlist", "pluralaccess",
    "prefix", "prefixfirst", "prefixfirstplural", "prefixplural", "shortaccess", "shortpluralaccess", "sort",
    "subentrycounter", "symbolaccess", "symbolplural", "symbolpluralaccess", "textaccess", "type",
    "user1", "user2", "user3", "user4", "user5", "user6",
)  # fmt: skip
"""Those that say how LaTeX sorts, counts or groups it, and have none here."""

DEFINING = frozenset(
    "DeclareMathOperator DeclareRobustCommand NewDocumentCommand ProvideDocumentCommand RenewDocumentCommand def "
    "edef gdef let newabbreviationstyle newacronymstyle newcommand newenvironment newglossarystyle providecommand "
    "renewcommand renewenvironment xdef".split()
)
"""Commands whose arguments define something."""

# ---------------------------------------------------------------- environments

FORMULAS = frozenset((*ENVIRONMENTS, "displaymath", "eqnarray", "eqnarray*", "flalign", "flalign*", "math"))
"""Environments that are formulas."""
WITHOUT_THEIR_MARKS = frozenset(("displaymath", "math"))
"""Those of which the formula is what stands inside."""
CODE_ENVIRONMENTS = {
    "Verbatim": "", "comment": "comment", "filecontents": "comment", "filecontents*": "comment",
    "lstlisting": "", "minted": "", "tikzcd": "tikz", "tikzpicture": "tikz", "verbatim": "", "verbatim*": "",
}  # fmt: skip
"""Environments whose text is no LaTeX, with its language; a comment leaves nothing."""
LISTS = {
    "itemize": ("bullet_list", "ul"),
    "enumerate": ("ordered_list", "ol"),
    "description": ("dl", "dl"),
}
"""Lists, with what Markdown's tokens call them, and their tags."""
QUOTES = frozenset(("quote", "quotation", "displayquote", "verse"))
FRAMES = frozenset(
    "abstract center figure figure* flushleft flushright minipage samepage table table*".split()
)
"""Environments that only place what they hold."""

# ---------------------------------------------------------------- links to entries

Form = Literal[
    "name", "text", "plural", "first", "firstplural", "short", "shortplural", "long", "longplural",
    "full", "fullplural", "symbol",
]  # fmt: skip
"""What of an entry a link shows."""
Case = Literal["", "first", "all"]
"""Which of its letters become capitals."""


class Mention(NamedTuple):
    r"""What a command such as ``\Glspl`` shows."""

    form: Form
    case: Case = ""


_FORMS: dict[Form, str] = {
    "text": "gls cgls rgls glstext glspt glsentrytext glsfmttext ac",
    "plural": "glspl cglspl rglspl glsplural glsentryplural glsfmtplural acp",
    "first": "glsfirst glsentryfirst glsfmtfirst",
    "firstplural": "glsfirstplural glsentryfirstplural glsfmtfirstpl",
    "name": "glsname glsentryname glsfmtname",
    "symbol": "glssymbol glsentrysymbol",
    "short": "acrshort acs glsps glsxtrshort glsentryshort glsfmtshort",
    "shortplural": "acrshortpl acsp glsxtrshortpl glsentryshortpl glsfmtshortpl",
    "long": "acrlong acl glsxtrlong glsentrylong glsfmtlong",
    "longplural": "acrlongpl aclp glsxtrlongpl glsentrylongpl glsfmtlongpl",
    "full": "acrfull acf glsxtrfull glsentryfull glsfmtfull",
    "fullplural": "acrfullpl acfp glsxtrfullpl glsentryfullpl glsfmtfullpl",
}


def _spellings(name: str) -> dict[str, Case]:
    r"""``\glspl``, ``\Glspl`` and ``\GLSpl``: of the last only the package's name is in capitals."""
    lead = name[0] if name[0] in "cr" else ""
    rest = name.removeprefix(lead)
    head = next(head for head in ("gls", "acr", "ac") if rest.startswith(head))
    return {name: "", lead + rest.capitalize(): "first", lead + head.upper() + rest[len(head) :]: "all"}


MENTIONS: dict[str, Mention] = {
    spelling: Mention(form, case)
    for form, names in _FORMS.items()
    for name in names.split()
    for spelling, case in _spellings(name).items()
}
"""The commands that show a form of an entry."""
WITH_TEXT = frozenset(("glslink", "Glslink", "glsdisp", "Glsdisp", "glsxtrlink"))
"""Those that show a text of their own, their second argument."""
WITH_TEXT_BEFORE = "glshyperlink"
"""One that shows a text of its own, if it has one in brackets before the key, else the text of the entry."""
UNSEEN_MENTIONS = frozenset(
    ("glsadd", "glsaddeach", "glsunset", "glsreset", "glslocalunset", "glslocalreset")
)
"""Those that show nothing."""

# ---------------------------------------------------------------- text

TAGS = {
    "emph": "em", "textit": "em", "textsl": "em", "textbf": "strong", "texttt": "code", "textsc": "sc",
    "underline": "u", "uline": "u", "textsuperscript": "sup", "textsubscript": "sub", "sout": "s", "st": "s",
}  # fmt: skip
"""Commands that set their argument otherwise, with the tag that does."""
SMALL_CAPITALS = "sc"
"""No tag of HTML: a class."""
SWITCHES = {
    "em": "em", "it": "em", "itshape": "em", "sl": "em", "slshape": "em", "bf": "strong", "bfseries": "strong",
    "tt": "code", "ttfamily": "code", "sc": "sc", "scshape": "sc",
}  # fmt: skip
"""Commands that do so up to the end of their group."""
TRANSPARENT = {
    **dict.fromkeys("caption fbox hbox makebox mbox text textmd textnormal textrm textsf textup".split(), 0),
    **dict.fromkeys("colorbox foreignlanguage parbox raisebox scalebox textcolor".split(), 1),
    "texorpdfstring": 0,
}
"""Commands that show one of their arguments as it is, and which."""
SILENT = frozenset(
    "- / @ Huge LARGE Large centering clearpage footnotesize glspar hfill huge ignorespaces large leavevmode "
    "mdseries newpage noindent noexpand nopostdesc normalfont normalsize null pagebreak protect "
    "raggedleft raggedright relax rmfamily scriptsize sffamily small strut tiny unskip upshape vfill "
    "bigskip medskip smallskip".split()
)
"""Commands that say only how a page of paper is set."""
SILENT_WITH_ARGUMENT = frozenset("addvspace color hspace index label nocite pagecolor vspace".split())
"""The same with an argument."""
ADDRESSES = frozenset(("href", "url", "nolinkurl", "path"))
r"""Commands whose first argument is an address, in which ``%`` and ``#`` have no meaning."""
BREAKS = frozenset(("\\", "newline", "linebreak", "cr", "tabularnewline"))
SIGNS = {
    "~": "\N{NO-BREAK SPACE}",
    "--": "–",
    "---": "—",
    "``": "“",
    "''": "”",
    "!`": "¡",
    "?`": "¿",
    "&": "&",
}
CHARACTERS = {
    " ": " ", "\n": " ", "\t": " ", ",": "\N{NARROW NO-BREAK SPACE}", ":": " ", ";": " ", ">": " ", "!": "",
    "%": "%", "#": "#", "&": "&", "_": "_", "{": "{", "}": "}", "$": "$",
    "LaTeX": "LaTeX", "TeX": "TeX", "LaTeXe": "LaTeX2ε", "BibTeX": "BibTeX",
    "P": "¶", "S": "§", "copyright": "©", "pounds": "£", "euro": "€", "slash": "/", "lq": "‘", "rq": "’",
    "dots": "…", "ldots": "…", "textellipsis": "…", "textbar": "|", "textless": "<", "textgreater": ">",
    "textbraceleft": "{", "textbraceright": "}", "textdollar": "$", "textunderscore": "_", "enspace": " ",
    "quad": "\N{EM SPACE}", "qquad": "\N{EM SPACE}\N{EM SPACE}", "thinspace": "\N{NARROW NO-BREAK SPACE}",
    "space": " ", "nobreakspace": "\N{NO-BREAK SPACE}", "textquotesingle": "'", "textquotedbl": '"',
}  # fmt: skip
"""What some commands stand for; pylatexenc knows more."""
ACCENTS = frozenset("'`^\"~=.cvuHkrbdt")
CITATIONS: dict[str, Mode] = {
    **dict.fromkeys(
        "Citep Parencite autocite cite citealp citep footcite footcitetext fullcite parencite supercite".split(),
        "parenthetical",
    ),
    **dict.fromkeys("Citet Textcite citealt citet textcite".split(), "narrative"),
    **dict.fromkeys("citeyear citeyearpar".split(), "year"),
}
"""How each command cites."""
REFERENCES = frozenset(("ref", "eqref", "autoref", "cref", "Cref", "pageref", "nameref"))

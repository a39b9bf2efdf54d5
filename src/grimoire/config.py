"""The site's settings, out of `content/site.yaml`; each is documented where it is declared.

The module is long because each setting has its lines here, where it is declared and where it is read.
"""

import posixpath
import re
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from grimoire.addresses import WEB, as_read, is_allowed
from grimoire.diagnostics import Diagnostic, unreadable, unreadable_text
from grimoire.fields import Block, Field, WrongValue, invalid, nearest, yaml_fault
from grimoire.source import SETTINGS_FILE, Span, Written, decode


class TopicSetting(msgspec.Struct, frozen=True):
    """A tag's title and sentence, as the author sets them."""

    title: str = ""
    description: str = ""


class LanguageSetting(msgspec.Struct, frozen=True):
    """What the site is called in a further language, and its tags; what is left out is as in the first."""

    title: str = ""
    description: str = ""
    topics: dict[str, TopicSetting] = {}


class Settings(msgspec.Struct, frozen=True):
    """What an author may set in `content/site.yaml`. Everything has a default."""

    title: str = "Glossary"
    """The name of the site, in the masthead and every page's title."""
    description: str = ""
    """One sentence about the site, for search engines and link previews."""
    author: str = ""
    """Who made the site."""
    language: str = "en"
    """The language of the content, as a BCP 47 tag: `en`, `fr`, `pt-BR`."""
    languages: dict[str, LanguageSetting] = {}
    """Further languages that entries are written in beside it, each a site of its own below `/fr/`: a list of
    tags, or a mapping that says what the site and its topics are called there."""
    base_url: str = ""
    """Where the site will stand, as `https://example.org/glossary/`: for the sitemap, canonical
    links and the 404 page. Everything else is relative and works without it."""
    topics_order: Literal["author", "alphabetical"] = "author"
    """The order of the list of topics: as the files come, or by the alphabet."""
    topics: dict[str, TopicSetting] = {}
    """The tags with their titles and sentences, in the order they are to be shown."""
    math_output: Literal["html", "mathml"] = "html"
    """`math.output`: KaTeX's layout with MathML inside, or MathML alone for lighter pages."""
    macros: dict[str, str] = {}
    """`math.macros`: TeX macros for every formula of the site."""
    html: Literal["safe", "trusted"] = "safe"
    """What raw HTML in entries may do: a short list of harmless tags, or everything."""
    auto_link: Literal["off", "first"] = "off"
    """Whether the first mention of a term in an entry becomes a link by itself."""
    acronyms: Literal["off", "abbr", "expand"] = "off"
    """What becomes of the first abbreviation of a term in an entry: an `<abbr>`, or its long form behind it."""
    smart: bool = False
    """Whether straight quotes, `--` and `...` become typographic ones."""
    bibliography: tuple[Written, ...] | None = None
    """The bibliographies of the site, files below the content folder; None where none is set."""
    citation_style: Written | None = None
    """How citations are set: the name of a shipped style of CSL, or a `.csl` file; None is `apa`."""
    entries: tuple[str, ...] = ()
    """Files of bib2gls below the content folder whose entries belong to the glossary."""
    videos: Literal["link", "player"] = "link"
    """What a link to a video does: lead there, or open a player in the page, which wants another policy."""
    dates: Literal["front-matter", "git"] = "front-matter"
    """Where the days come from on which an entry was written and changed; front matter wins."""
    offline: bool = False
    """Whether browsers keep the site for reading without a network."""
    pictures: Written | None = None
    """Where the wish stands that pages have pictures, for those who show links to them; None without it."""
    edit_url: str = ""
    """An address with `{path}` in it, for the link "Edit this page"."""
    license: str = ""
    """The licence of the content, shown in the footer."""
    search_formulas: bool = True
    """`search.formulas`: whether TeX can be searched for."""


_KNOWN = (
    "title", "description", "author", "language", "languages", "base_url", "topics_order", "topics", "math",
    "html", "auto_link", "acronyms", "smart", "bibliography", "citation_style", "entries",
    "videos", "dates", "offline", "pictures", "edit_url", "license", "search",
)  # fmt: skip
"""The names that stand at the top of the file."""


def read_settings(content: Path, shown: str) -> tuple[Settings, list[Diagnostic]]:
    """Read the settings of a content folder.

    Args:
        content: the content folder.
        shown: how the settings file is called in diagnostics.

    Returns:
        The settings, defaults where a value is wrong, and what is wrong. A missing file is fine.
    """
    try:
        raw = (content / SETTINGS_FILE).read_bytes()
    except FileNotFoundError:
        return Settings(), []
    except OSError as error:
        return Settings(), [unreadable(shown, error)]
    text, bad = decode(raw)
    faults = [] if bad is None else [unreadable_text(shown, bad, raw)]
    try:
        block = Block(text)
    except yaml.MarkedYAMLError as error:
        span, problem, mend = yaml_fault(error, 0, len(text))
        fault = Diagnostic("invalid-setting", shown, span, f"the settings are no valid YAML: {problem}",
                           why="the defaults are used for all of them", help=mend)  # fmt: skip
        return Settings(), [*faults, fault]
    except TypeError as error:
        fault = Diagnostic("invalid-setting", shown, Span(0, 1), f"the settings are {error} where fields belong",
                           help="write each setting as `name: value`")  # fmt: skip
        return Settings(), [*faults, fault]
    values: dict[str, Any] = {}
    for field in block:
        try:
            if field.name == "entries":
                values["entries"] = _entries(block, field, content, shown, faults)
            else:
                values |= _setting(block, field, shown, faults)
        except WrongValue as error:
            faults.append(invalid("invalid-setting", shown, field.name, error))
    return Settings(**values), faults


def _setting(block: Block, field: Field, shown: str, faults: list[Diagnostic]) -> dict[str, Any]:
    node = field.node
    match field.name:
        case "title" | "description" | "author" | "language" | "license":
            text = block.text(node)
            return {field.name: text} if text else {}
        case "languages":
            return {"languages": _languages(block, field, shown, faults)}
        case "edit_url":
            text = block.text(node)
            if text and "{path}" not in text:
                raise WrongValue(field.value, f"`{text}`", "an address with `{path}` in it")
            if text and not is_allowed(text, WEB):
                raise WrongValue(field.value, f"`{text}`", "an address that begins with `https://`")
            return {"edit_url": as_read(text)}
        case "base_url":
            text = block.text(node)
            if text and not is_allowed(text, WEB):
                raise WrongValue(field.value, f"`{text}`", "an address that begins with `https://`")
            return {"base_url": as_read(text).rstrip("/") + "/" if text else ""}
        case "topics_order":
            return {"topics_order": block.choice(node, ("author", "alphabetical"))}
        case "videos":
            return {"videos": block.choice(node, ("link", "player"))}
        case "dates":
            return {"dates": block.choice(node, ("front-matter", "git"))}
        case "html":
            return {"html": block.choice(node, ("safe", "trusted"))}
        case "auto_link":
            return {"auto_link": block.choice(node, ("off", "first"))}
        case "acronyms":
            return {"acronyms": block.choice(node, ("off", "abbr", "expand"))}
        case "smart" | "offline":
            return {field.name: block.flag(node)}
        case "pictures":
            wanted = block.flag(node)
            return {"pictures": Written(block.text(node), field.value) if wanted else None}
        case "bibliography":
            return {"bibliography": tuple(Written(text, span) for text, span in block.texts(node))}
        case "citation_style":
            text = block.text(node)
            return {"citation_style": Written(text, field.value)} if text else {}
        case "topics":
            return {"topics": _topics(block, field, field.name, shown, faults)}
        case "math":
            return _math(block, field, shown, faults)
        case "search":
            found = {}
            for pair in _pairs(block, field):
                if pair.name == "formulas":
                    found["search_formulas"] = block.flag(pair.node)
                else:
                    faults.append(_unknown(shown, pair, f"search.{pair.name}", ("formulas",)))
            return found
        case _:
            faults.append(_unknown(shown, field, field.name, _KNOWN))
            return {}


def _entries(
    block: Block, field: Field, content: Path, shown: str, faults: list[Diagnostic]
) -> tuple[str, ...]:
    """The files of entries that there are, as paths below the content folder."""
    found: dict[str, None] = {}
    for text, span in block.texts(field.node):
        path = posixpath.normpath(text.replace("\\", "/"))
        if not path.lower().endswith(".bib"):
            wants = "files of bib2gls, which end with `.bib`"
            faults.append(invalid("invalid-setting", shown, "entries", WrongValue(span, f"`{text}`", wants)))
        elif path.startswith(("../", "/")):
            wants = "files below the content folder"
            faults.append(invalid("invalid-setting", shown, "entries", WrongValue(span, f"`{text}`", wants)))
        elif not (content / path).is_file():
            faults.append(
                Diagnostic("invalid-setting", shown, span, f"`entries` names `{text}`, which is not there",
                           why="its entries are missing from the site", help="give its path below the content folder")
            )  # fmt: skip
        else:
            found[path] = None
    return tuple(found)


def _pairs(block: Block, field: Field) -> list[Field]:
    if not isinstance(field.node, yaml.MappingNode):
        raise WrongValue(field.value, f"`{field.name}` without names below it", "a mapping")
    return list(block.pairs(field.node))


def _unknown(shown: str, field: Field, name: str, known: tuple[str, ...]) -> Diagnostic:
    guess = nearest(field.name, known)
    mend = f"did you mean `{guess}`?" if guess else "known settings: " + ", ".join(known)
    return Diagnostic("unknown-setting", shown, field.key, f"there is no setting `{name}`",
                      why="a misspelt setting would be dropped in silence", help=mend)  # fmt: skip


_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
"""A tag of BCP 47 as far as authors need it."""


def _languages(
    block: Block, field: Field, shown: str, faults: list[Diagnostic]
) -> dict[str, LanguageSetting]:
    """The further languages by their tags; what cannot be one is left out and told."""
    written: list[tuple[str, Span, Field | None]]
    if isinstance(field.node, yaml.MappingNode):
        written = [(pair.name, pair.key, pair) for pair in block.pairs(field.node)]
    else:
        written = [(tag, span, None) for tag, span in block.texts(field.node)]
    found: dict[str, LanguageSetting] = {}
    for tag, span, pair in written:
        if not _TAG.fullmatch(tag):
            wrong = WrongValue(span, f"`{tag}`", "tags of languages such as `fr` or `pt-BR`")
            faults.append(invalid("invalid-setting", shown, "languages", wrong))
        elif pair is None or block.is_empty(pair.node):
            found[tag] = LanguageSetting()
        else:
            found[tag] = _language(block, pair, shown, faults)
    return found


def _language(block: Block, field: Field, shown: str, faults: list[Diagnostic]) -> LanguageSetting:
    values: dict[str, Any] = {}
    for pair in _pairs(block, field):
        name = f"languages.{field.name}.{pair.name}"
        if pair.name == "topics":
            values["topics"] = _topics(block, pair, name, shown, faults)
        elif pair.name in {"title", "description"}:
            values[pair.name] = block.text(pair.node)
        else:
            faults.append(_unknown(shown, pair, name, ("title", "description", "topics")))
    return LanguageSetting(**values)


def _topics(
    block: Block, field: Field, of: str, shown: str, faults: list[Diagnostic]
) -> dict[str, TopicSetting]:
    found = {}
    for pair in _pairs(block, field):
        if not isinstance(pair.node, yaml.MappingNode):
            found[pair.name] = TopicSetting(description=block.text(pair.node))
            continue
        values = {}
        for inner in block.pairs(pair.node):
            if inner.name in {"title", "description"}:
                values[inner.name] = block.text(inner.node)
            else:
                name = f"{of}.{pair.name}.{inner.name}"
                faults.append(_unknown(shown, inner, name, ("title", "description")))
        found[pair.name] = TopicSetting(**values)
    return found


def _math(block: Block, field: Field, shown: str, faults: list[Diagnostic]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in _pairs(block, field):
        if pair.name == "output":
            found["math_output"] = block.choice(pair.node, ("html", "mathml"))
        elif pair.name == "macros":
            found["macros"] = {
                (one.name if one.name.startswith("\\") else "\\" + one.name): block.text(one.node)
                for one in _pairs(block, pair)
            }
        else:
            faults.append(_unknown(shown, pair, f"math.{pair.name}", ("output", "macros")))
    return found

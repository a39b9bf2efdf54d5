"""Links by name: ``[[wikilinks]]``, ``![[embeds]]``, ``[term]``, ``[yt]``; and places of all links.

Tokens: ``ref_open`` / ``ref_close`` around the shown text (`meta`: target, section, syntax, rival),
``video``, ``embed``, and ``verbatim`` for what is shown as written (`meta["code"]` says why).
"""

import re

from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkDestination
from markdown_it.ruler import Ruler
from markdown_it.rules_inline import StateInline

from grimoire.parse.syntax import MASKED_PIPE
from grimoire.parse.syntax.footnotes import REFERENCE

_WIKILINK = re.compile(r"\[\[([^\[\]\n]+(?:\n[^\[\]\n]+)?)\]\]")
_FORMULA = re.compile(r"\$[^\s$\[\]][^$\[\]\n]*+\$")
_WORDS = rf"(?:[^\[\]<`$|\ufdd0\\\n]|{_FORMULA.pattern})*+"
_BRACKET = re.compile(rf"\[({_WORDS}\n?+{_WORDS})\](?!\()")
_VIDEO = re.compile(r"\[yt(?::([\w-]{6,20}))?\]")
_KEY = re.compile(r"(?<![\w@])@\w")
_LONGEST_NAME = 120
_LETTER_OR_NUMBER = re.compile(r"[+-]?(?:[^\W\d_]|\d+(?:\.\d+)?|inf|∞)")


def split_target(inner: str) -> tuple[str, str, str]:
    r"""Split the inside of a wikilink into target, section and label ("" where absent).

    ``\|`` and the masked pipe of a table row count as ``|``.
    """
    inner = inner.replace("\\" + MASKED_PIPE, "|").replace(MASKED_PIPE, "|").replace("\\|", "|")
    name, _, label = inner.partition("|")
    target, _, section = name.partition("#")
    return _joined(target), _joined(section), _joined(label)


def _joined(text: str) -> str:
    return " ".join(text.split())


def shown_name(target: str, section: str) -> str:
    """The text of a link that has none of its own: the last name, never the path."""
    if section:
        return section.rpartition("#")[2].lstrip("^").strip() or target
    name = target.rpartition("/")[2]
    return name.removesuffix(".md") or target


def _wikilink(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    start = state.pos
    is_embed = state.src[start] == "!"
    at = start + is_embed
    if not state.src.startswith("[[", at) or state.linkLevel:
        return False
    found = _WIKILINK.match(state.src, at, state.posMax)
    if not found:
        return False
    target, section, label = split_target(found[1])
    if not target and not section:
        return False
    end = found.end()
    rival = ""
    if not is_embed and state.src.startswith("(", end):
        rival, end = _destination(state, end)
    if silent:
        state.pos = end
        return True
    if is_embed:
        token = state.push("embed", "", 0)
        token.content = state.src[start:end].replace(MASKED_PIPE, "|")
        token.meta = {"target": target, "section": section, "label": label, "at": (start, end)}
        token.meta["section_at"] = _section_at(found)
        state.pos = end
        return True
    opening = state.push("ref_open", "a", 1)
    opening.meta = {
        "target": target, "section": section, "syntax": "wikilink", "rival": rival, "at": (start, end),
        "section_at": _section_at(found), "is_bare": not label,
    }  # fmt: skip
    if label:
        first = found.start(1) + found[1].replace(MASKED_PIPE, "|").index("|") + 1
        _tokenize(state, first, found.end(1))
    else:
        shown = shown_name(target, section)
        first = state.src.rfind(shown, start, end)
        if "$" in shown and first >= 0:
            _tokenize(state, first, first + len(shown))
        else:
            state.push("text", "", 0).content = shown
    state.push("ref_close", "a", -1)
    state.pos = end
    return True


def _section_at(link: re.Match[str]) -> tuple[int, int] | None:
    """Where the section of a wikilink stands, ``#`` included."""
    name = re.split(rf"\\?[|{MASKED_PIPE}]", link[1], maxsplit=1)[0]
    at = name.find("#")
    return (link.start(1) + at, link.start(1) + len(name.rstrip())) if at >= 0 else None


def _tokenize(state: StateInline, start: int, end: int) -> None:
    """Parse a stretch of the text with the same rules, links left out."""
    limit = state.posMax
    state.pos, state.posMax = start, end
    state.linkLevel += 1
    state.md.inline.tokenize(state)
    state.linkLevel -= 1
    state.posMax = limit


def _destination(state: StateInline, at: int) -> tuple[str, int]:
    """Read ``(destination)`` at `at`: the address and the offset behind it, or ("", at)."""
    parsed = parseLinkDestination(state.src, at + 1, state.posMax)
    if parsed.ok and state.src.startswith(")", parsed.pos):
        return parsed.str, parsed.pos + 1
    return "", at


def _bracket(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    start, src = state.pos, state.src
    # While brackets are paired, those that name a term are only brackets.
    if silent or src[start] != "[" or state.linkLevel:
        return False
    if found := REFERENCE.match(src, start, state.posMax):
        token = state.push("verbatim", "", 0)
        token.content = found[0]
        token.meta = {"code": "undefined-footnote", "at": (start, found.end())}
        state.pos = found.end()
        return True
    if found := _VIDEO.match(src, start, state.posMax):
        url = f"https://www.youtube.com/watch?v={found[1]}" if found[1] else ""
        state.push("video", "", 0).meta = {"url": url, "at": (start, found.end())}
        state.pos = found.end()
        return True
    found = _BRACKET.match(src, start, state.posMax)
    if not found or not _may_name(found[1]):
        return False
    opening = state.push("ref_open", "a", 1)
    opening.meta = {"syntax": "bracket", "section": "", "rival": "", "at": (start, found.end())}
    _tokenize(state, start + 1, found.end(1))
    state.push("ref_close", "a", -1).meta = {"syntax": "bracket"}
    state.pos = found.end()
    return True


def _may_name(text: str) -> bool:
    """Whether a text in brackets can be the name of a term.

    It is short, has a letter outside of formulas, no blank at its ends, cites nothing, is no list of numbers
    and letters such as an interval or a shape, and no string of a program: ``row['name']``.
    """
    if (
        _KEY.search(text)
        or len(text) > _LONGEST_NAME
        or text != text.strip()
        or not any(map(str.isalpha, _FORMULA.sub("", text)))
    ):
        return False
    items = text.split(",")
    return text[0] not in "^@!'\"" and not (
        len(items) > 1 and any(_LETTER_OR_NUMBER.fullmatch(item.strip()) for item in items)
    )


def _placed(rule: str, ruler: Ruler[object]) -> object:
    """Wrap a rule that is not ours so that the first token it pushes knows its place.

    An address in the text of a link is text: a link holds no other.
    """
    inner = next(one.fn for one in ruler.__rules__ if one.name == rule)

    def placed(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
        start, first = state.pos, len(state.tokens)
        if not inner(state, silent):  # type: ignore[operator]  # a rule, typed loosely upstream
            return False
        if silent:
            return True
        first += state.tokens[first].type == "text"
        token = state.tokens[first]
        token.meta = {**token.meta, "at": (start, state.pos)}
        if token.type == "link_open" and state.linkLevel:
            del state.tokens[-1], state.tokens[first]
        return True

    return placed


def _let_through(url: str) -> bool:  # noqa: ARG001  markdown-it's signature
    return True


def links(md: MarkdownIt) -> None:
    """Add the rules for links by name, and give the tokens of other rules their places.

    Every address is let through here: which are harmless is decided where it can be reported.
    """
    ruler = md.inline.ruler
    for name in ("autolink", "html_inline"):
        ruler.at(name, _placed(name, ruler))  # type: ignore[arg-type]
    md.validateLink = _let_through  # type: ignore[method-assign]
    ruler.before("link", "wikilink", _wikilink)
    ruler.push("bracket", _bracket)

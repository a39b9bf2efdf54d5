"""Footnotes: ``[^x]`` and, anywhere in the file, ``[^x]: text``.

Definitions are read by markdown-it's plugin. What it does with them then drops those inside others, so here
they are put to the end of the stream by a rule of our own, each between ``footnote_open`` and ``footnote_close``
with its number in `meta["id"]`, the last of those of one name. ``env["definitions"]`` has the label and the
lines of each, so that what is dropped can be reported. Notes within a line, ``^[…]``, are read with the other
brackets, in `grimoire.parse.syntax.brackets`.
"""

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

REFERENCE = re.compile(r"\[\^([^\[\]\s]+)\]")


def _reference(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    found = REFERENCE.match(state.src, state.pos, state.posMax)
    notes = state.env.get("footnotes")
    if not found or not notes or state.env.get("in_image") or (name := f":{found[1]}") not in notes["refs"]:
        return False
    if not silent:
        number = notes["refs"][name]
        if number < 0:
            number = notes["refs"][name] = len(notes["list"])
            notes["list"][number] = {"label": found[1], "count": 0}
        notes["list"][number]["count"] += 1
        token = state.push("footnote_ref", "", 0)
        token.meta = {"id": number, "label": found[1], "at": (state.pos, found.end())}
    state.pos = found.end()
    return True


def _to_the_end(state: StateCore) -> None:
    """Take the definitions out, and put those that are referred to behind the text."""
    notes: dict[str, Any] = state.env.get("footnotes", {})
    if not notes:
        return
    definitions: dict[str, list[Token]] = {}
    places: list[tuple[str, int, int]] = []
    open_: list[list[Token]] = [[]]
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            open_.append([])
            places.append((token.meta["label"], *(token.map or (0, 0))))
            definitions[token.meta["label"]] = open_[-1]
        elif token.type == "footnote_reference_close":
            open_.pop()
        else:
            open_[-1].append(token)
    if places:
        state.env["definitions"] = places
    state.tokens = open_[0]
    for number, note in notes.get("list", {}).items():
        tokens = definitions[note["label"]] if "label" in note else _paragraph(note)
        state.tokens.append(Token("footnote_open", "", 1, meta={"id": number}))
        state.tokens += tokens
        state.tokens.append(Token("footnote_close", "", -1))


def _paragraph(note: dict[str, Any]) -> list[Token]:
    """The text of a note within a line, whose tokens are made already."""
    line = Token("inline", "", 0, children=note["tokens"], content=note["content"])
    return [Token("paragraph_open", "p", 1), line, Token("paragraph_close", "p", -1)]


def footnotes(md: MarkdownIt) -> None:
    """Add the rules for footnotes."""
    md.block.ruler.before("reference", "footnote_def", footnote_def, {"alt": ["paragraph", "reference"]})
    md.inline.ruler.after("image", "footnote_ref", _reference)
    md.core.ruler.after("inline", "footnotes", _to_the_end)

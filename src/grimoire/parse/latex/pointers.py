r"""What a line of LaTeX points at: entries, addresses, formulas, works, pictures, footnotes.

Each command takes its arguments from the nodes behind it, and adds tokens to its line.
"""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from markdown_it.token import Token

from grimoire.addresses import is_outside
from grimoire.model import Cluster
from grimoire.parse.clusters import cite
from grimoire.parse.latex import vocabulary
from grimoire.parse.latex.fields import content, fields, keys
from grimoire.parse.latex.siblings import Siblings
from grimoire.parse.latex.tree import Node
from grimoire.parse.latex.vocabulary import Case, Mention
from grimoire.parse.latex.wordings import unknown

if TYPE_CHECKING:
    from grimoire.parse.latex.inlines import Line

_ESCAPED = re.compile(r"\\([%#&_~{}$^ ])(?:\{\})?")


def _mention(line: "Line", node: Node, siblings: Siblings) -> None:
    r"""A link to an entry: ``\\gls`` shows a form of its name, ``\\glslink`` a text of its own."""
    mention = vocabulary.MENTIONS.get(node.name)
    if not siblings.takes("*"):
        siblings.takes("+")
    before = siblings.options()
    key = siblings.group()
    if node.name == vocabulary.WITH_TEXT_BEFORE:
        text, mention = before, None if before else Mention("text")
    else:
        text = siblings.group() if key and not mention else None
    name = " ".join(line.inner(key).split()) if key else ""
    if key is None or not name or (mention is None and text is None):
        line.lacks(node, "a text in braces" if name else "the key of an entry in braces", key, text)
        return
    inserted = siblings.options(with_blanks=False) if mention else None
    place = line.at(node.start, max(one.end for one in (inserted, text, key) if one))
    is_outermost = not line.is_linked
    if is_outermost:
        _refer(line, name, place)
        line.is_linked = True
    # A token of its own, so that what stands before the link does not run into it.
    line.out.append(Token("text", "", 0))
    if mention:
        _form(line, name, mention, place)
    elif text:
        line.set(text.nodes)
    if inserted:
        line.set(inserted.nodes)
    if is_outermost:
        line.is_linked = False
        line.out.append(Token("ref_close", "a", -1))


def _refer(line: "Line", target: str, place: tuple[int, int]) -> None:
    opening = Token("ref_open", "a", 1)
    opening.meta = {"target": target, "section": "", "syntax": "gls", "rival": "", "at": place}
    line.out.append(opening)


def _form(line: "Line", name: str, mention: Mention, place: tuple[int, int]) -> None:
    """Show what an entry is called."""
    first = len(line.out) - 1
    form = getattr(line.reading.wordings.get(name) or unknown(name), mention.form)
    if not line.aside(form, place):
        line.say(name)
    _capitalise(line.out[first:], mention.case)


def _capitalise(tokens: Sequence[Token], case: Case) -> None:
    """Make the first letter of a text a capital, or all of them."""
    for token in tokens if case else ():
        if token.type in {"text", "text_special"} and token.content:
            text = token.content
            token.content = text.upper() if case == "all" else text[:1].upper() + text[1:]
        if case == "first" and (token.content or token.type == "math"):
            return


def _unseen(line: "Line", node: Node, siblings: Siblings) -> None:  # noqa: ARG001  one of many
    siblings.options()
    siblings.group()


def _href(line: "Line", node: Node, siblings: Siblings) -> None:
    siblings.options()
    address, text = siblings.group(), siblings.group()
    if address is None or text is None:
        line.lacks(node, "an address and a text in braces", address)
    elif line.is_linked:
        line.set(text.nodes)
    else:
        _open_link(line, _address(line, address), line.at(node.start, text.end))
        line.is_linked = True
        line.set(text.nodes)
        line.is_linked = False
        line.out.append(Token("link_close", "a", -1))


def _url(line: "Line", node: Node, siblings: Siblings) -> None:
    group = siblings.group()
    if group is None:
        line.lacks(node, "an address in braces")
        return
    address = _address(line, group)
    if line.is_linked or node.name != "url" or not is_outside(address):
        line.say(_ESCAPED.sub(r"\1", line.inner(group)))
        return
    _open_link(line, address, line.at(node.start, group.end))
    line.out += [Token("text", "", 0, content=address), Token("link_close", "a", -1)]


def _address(line: "Line", group: Node) -> str:
    return _ESCAPED.sub(r"\1", "".join(line.inner(group).split()))


def _open_link(line: "Line", address: str, place: tuple[int, int]) -> None:
    opening = Token("link_open", "a", 1, attrs={"href": address})
    opening.meta = {"at": place}
    line.out.append(opening)


def _equation(line: "Line", node: Node, siblings: Siblings) -> None:
    """A reference to a formula by its label, which the compiler numbers; in a link it stays as it is written."""
    siblings.takes("*")
    group = siblings.group()
    if group is None:
        line.lacks(node, "a label in braces")
        return
    written = " ".join(line.script.text[node.start : group.end].split())
    if line.is_linked:
        line.say(written)
        return
    made = Token("equation", "", 0, content=written)
    verb = "ref" if node.name in {"ref", "pageref"} else "eqref"
    made.meta = {"verb": verb, "name": line.inner(group).strip(), "at": line.at(node.start, group.end)}
    line.out.append(made)


def _citation(line: "Line", node: Node, siblings: Siblings) -> None:
    r"""``\citep[see][p. 3]{a,b}``; in a link, which a citation would be itself, it stays as it is written."""
    siblings.takes("*")
    options = []
    while (option := siblings.options()) is not None:
        options.append(" ".join(line.plain(option).split()))
    group = siblings.group()
    if group is None:
        line.lacks(node, "a key in braces")
        return
    found = [one for one in keys(content(line.script, group)) if one.text]
    written = " ".join(line.script.text[node.start : group.end].split())
    if line.is_linked or not found:
        line.say(written)
        return
    # One option stands behind the works; of two the first before them.
    before, behind = (options[0], options[1]) if options[1:] else ("", options[0] if options else "")
    mode = vocabulary.CITATIONS[node.name]
    cites = [
        cite(
            " ".join(one.text.split()),
            f"{before} " if one is found[0] and before else "",
            f", {behind}" if one is found[-1] and behind else "",
            mode,
        )
        for one in found
    ]
    places = tuple(line.at(*one.extent) for one in found)
    # A sentence names one work after the other; brackets hold all.
    sets = [[number] for number in range(len(cites))] if mode == "narrative" else [list(range(len(cites)))]
    for numbers in sets:
        if numbers[0] and mode == "narrative":
            line.say("; ")
        shown = written if len(sets) == 1 else f"\\{node.name}{{{cites[numbers[0]].key}}}"
        cluster = Cluster(tuple(cites[one] for one in numbers), shown)
        made = Token("citation", "", 0, content=shown)
        made.meta = {"cluster": cluster, "is_sure": True, "keys": tuple(places[one] for one in numbers)}
        line.out.append(made)


def _picture(line: "Line", node: Node, siblings: Siblings) -> None:
    siblings.takes("*")
    options, group = siblings.options(), siblings.group()
    if group is None:
        line.lacks(node, "a file in braces", options)
        return
    said = {one.name: one.value.text for one in fields(content(line.script, options))} if options else {}
    made = Token("image", "img", 0, attrs={"src": line.inner(group).strip()})
    made.children = [Token("text", "", 0, content=said.get("alt", ""))]
    made.meta = {"at": line.at(node.start, group.end), "in_link": line.is_linked}
    line.out.append(made)


def _footnote(line: "Line", node: Node, siblings: Siblings) -> None:
    siblings.options()
    group = siblings.group()
    if group is None:
        line.lacks(node, "a text in braces")
        return
    number = len(line.reading.notes)
    # Its number is taken before those of the footnotes in it.
    line.reading.notes[number] = []
    line.reading.notes[number] += line.blocks(line.script, group.nodes)
    made = Token("footnote_ref", "", 0)
    made.meta = {"id": number, "label": str(number + 1), "at": (node.start, group.end)}
    line.out.append(made)


POINTERS: dict[str, Callable[["Line", Node, Siblings], None]] = {
    **dict.fromkeys((*vocabulary.MENTIONS, *vocabulary.WITH_TEXT, vocabulary.WITH_TEXT_BEFORE), _mention),
    **dict.fromkeys(vocabulary.UNSEEN_MENTIONS, _unseen),
    **dict.fromkeys(vocabulary.REFERENCES, _equation),
    **dict.fromkeys(vocabulary.CITATIONS, _citation),
    "href": _href,
    "url": _url,
    "nolinkurl": _url,
    "path": _url,
    "includegraphics": _picture,
    "footnote": _footnote,
}
"""The commands that point at something."""

r"""TeX in the fields of a bibliography, as text: accents, braces, fonts, dashes and a little mathematics.

`plain` gives words alone. `marked` keeps what CSL can show in a title, in the tags that CSL knows: italics,
bold, raised and lowered letters, and `nocase` around what braces protect from a change of case.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.macrospec import LatexContextDb

_TEX = re.compile(r"[\\{}$~`%]|--|''")
_LONGEST = 20_000
"""Characters; no field that is read is as long, and an abstract may stay as it is."""
_DEEPEST = 40

_TAGS = {
    "emph": "i", "textit": "i", "textsl": "i", "mathit": "i", "textbf": "b", "mathbf": "b",
    "textsuperscript": "sup", "textsubscript": "sub", "textsc": "sc", "enquote": "q", "mkbibquote": "q",
    "mkbibemph": "i",
}  # fmt: skip
_SWITCHES = {
    "em": "i",
    "it": "i",
    "itshape": "i",
    "sl": "i",
    "bf": "b",
    "bfseries": "b",
    "sc": "sc",
    "scshape": "sc",
}
_SILENT = {"noopsort", "SortNoop"}
"""Macros of bibliographies whose argument only serves sorting."""
_ONE_ARGUMENT = (
    "textsuperscript", "textsubscript", "enquote", "mkbibquote", "mkbibemph", "noopsort", "SortNoop", "url",
)  # fmt: skip
_OPENING = {"sc": '<span style="font-variant:small-caps;">', "nocase": '<span class="nocase">', "q": "“"}
_CLOSING = {"sc": "</span>", "nocase": "</span>", "q": "”"}


def plain(value: str) -> str:
    r"""Give a field's words: ``G{\"o}del`` is `Gödel`. Never raises; of what is no TeX the braces are lost."""
    return _text(value, tags=False)


def marked(value: str) -> str:
    """Give a title with CSL's tags: ``The {BERT} model`` protects `BERT`. Never raises."""
    return _text(value, tags=True)


def _text(value: str, *, tags: bool) -> str:
    if not _TEX.search(value):
        return _joined(value)
    if len(value) > _LONGEST or _depth(value) > _DEEPEST:
        return _joined(re.sub(r"[{}]", "", value))
    return _joined(_Reading(tags=tags).read(value))


def _joined(text: str) -> str:
    return re.sub(r"[ \t\n]+", " ", text).strip(" ")


def _depth(value: str) -> int:
    depth = deepest = 0
    for sign in value:
        depth += (sign == "{") - (sign == "}")
        deepest = max(deepest, depth)
    return deepest


@cache
def _converter() -> "LatexNodes2Text":
    from pylatexenc.latex2text import LatexNodes2Text  # noqa: PLC0415  most fields hold no TeX

    return LatexNodes2Text(math_mode="text", strict_latex_spaces="except-in-equations")


@cache
def _macros() -> "LatexContextDb":
    """What pylatexenc knows of TeX, and how many arguments the macros take that it does not know."""
    from pylatexenc.latexwalker import get_default_latex_context_db  # noqa: PLC0415  as above
    from pylatexenc.macrospec import std_macro  # noqa: PLC0415  as above

    macros = get_default_latex_context_db()
    own = [std_macro("href", "{{"), *(std_macro(name, "{") for name in _ONE_ARGUMENT)]
    macros.add_context_category("bibliography", macros=own, prepend=True)
    return macros


class _Reading:
    """One pass over the nodes that pylatexenc makes of a field; it has no types."""

    def __init__(self, *, tags: bool) -> None:
        self._tags = tags

    def read(self, value: str) -> str:
        from pylatexenc.latexwalker import LatexWalker, LatexWalkerError  # noqa: PLC0415  as above

        # In a bibliography a per cent sign opens no comment, an ampersand parts no columns, and a dollar without a
        # second one opens no formula.
        value = re.sub(r"(?<!\\)([%&])", r"\\\1", value)
        if len(re.findall(r"(?<!\\)\$", value)) % 2:
            value = re.sub(r"(?<!\\)\$", r"\\$", value)
        try:
            walker = LatexWalker(value, latex_context=_macros(), tolerant_parsing=True)
            nodes = walker.get_latex_nodes()[0]
            return self._all(nodes, 0)
        except (LatexWalkerError, RecursionError, IndexError, ValueError, TypeError, AttributeError):
            return re.sub(r"[{}]", "", value)

    def _tag(self, name: str, text: str) -> str:
        if not text or (not self._tags and name != "q"):
            return text
        return _OPENING.get(name, f"<{name}>") + text + _CLOSING.get(name, f"</{name}>")

    def _all(self, nodes: Sequence[Any], depth: int) -> str:
        parts: list[str] = []
        for index, node in enumerate(nodes):
            name = getattr(node, "macroname", "")
            if name in _SWITCHES:
                return "".join(parts) + self._tag(_SWITCHES[name], self._all(nodes[index + 1 :], depth))
            if node is not None and name not in _SILENT:
                parts.append(self._one(node, depth))
        return "".join(parts)

    def _one(self, node: Any, depth: int) -> str:  # noqa: ANN401  pylatexenc has no types
        kind = type(node).__name__
        if kind == "LatexGroupNode":
            inner = self._all(node.nodelist, depth + 1)
            return self._tag("nocase", inner) if depth == 0 and self._protects(node) else inner
        if kind == "LatexMathNode":
            return self._formula(node.nodelist)
        if kind == "LatexMacroNode" and node.macroname in _TAGS:
            return self._tag(_TAGS[node.macroname], self._all(_arguments(node)[-1:], depth + 1))
        if kind == "LatexMacroNode" and node.macroname in {"href", "url"}:
            return self._all(_arguments(node)[-1:], depth + 1)
        if kind == "LatexMacroNode" and not _is_known(node.macroname):
            return self._all(_arguments(node), depth + 1)
        return str(_converter().node_to_text(node))

    def _protects(self, group: Any) -> bool:  # noqa: ANN401  pylatexenc has no types
        r"""BibTeX keeps the case of what is in braces, but for ``{\'e}``, which is a letter."""
        first = next(iter(group.nodelist), None)
        return first is not None and not getattr(first, "macroname", "")

    def _formula(self, nodes: Iterable[Any]) -> str:
        parts: list[str] = []
        script = ""
        for node in nodes:
            if node is None:
                continue
            if script:
                text = _converter().node_to_text(node) if type(node).__name__ != "LatexGroupNode" else ""
                inner = text or self._formula(node.nodelist)
                head, tail = (
                    (inner[:1], inner[1:]) if type(node).__name__ == "LatexCharsNode" else (inner, "")
                )
                parts.append(self._script(script, head))
                script, chars = "", tail
            elif type(node).__name__ == "LatexGroupNode":
                chars = self._formula(node.nodelist)
            else:
                chars = str(_converter().node_to_text(node))
            if chars[-1:] in {"_", "^"}:
                chars, script = chars[:-1], chars[-1]
            parts.append(re.sub(r"([_^])(\w)", lambda found: self._script(found[1], found[2]), chars))
        return "".join(parts)

    def _script(self, sign: str, text: str) -> str:
        if not self._tags:
            return sign + text
        return self._tag("sub" if sign == "_" else "sup", text)


def _is_known(macro: str) -> bool:
    r"""Whether pylatexenc has a text for a macro; of others, ``\mbox`` among them, it would lose the argument."""
    spec = _converter().latex_context.get_macro_spec(macro)
    return spec is not None and spec.macroname == macro


def _arguments(macro: Any) -> list[Any]:  # noqa: ANN401  pylatexenc has no types
    found = macro.nodeargd.argnlist if macro.nodeargd else None
    return [argument for argument in found or [] if argument is not None]

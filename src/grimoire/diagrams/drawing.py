"""From a source to what stands in a page: draw it in both themes' colours, resolve, weave."""

import re
from xml.etree.ElementTree import Element, ParseError, fromstring

from grimoire.diagrams.cascade import resolve
from grimoire.diagrams.engine import Refused, line_of, svg_of
from grimoire.diagrams.mending import mend
from grimoire.diagrams.palette import Theme, settings
from grimoire.diagrams.weave import weave
from grimoire.digest import short
from grimoire.model import Diagram, Drawing, Fault

_LONGEST_TEXT = 300
_TITLE = re.compile(r"^\s*(?:\w+\s+)?title\b:?(.+)$", re.MULTILINE)


def draw(diagram: Diagram) -> Drawing:
    """Draw a diagram.

    Args:
        diagram: its source.

    Returns:
        The drawing. What cannot be drawn has a `fault` and no SVG; nothing is raised.
    """
    source = diagram.source
    name = f"d{short(source.encode())}"
    try:
        woven = weave(_drawn(source, "light"), _drawn(source, "dark"), name, source)
    except Refused as refused:
        return Drawing(fault=_fault(source, str(refused)))
    except (ParseError, ValueError, RecursionError) as error:
        return Drawing(fault=_fault(source, f"the engine's drawing cannot be read: {error}"))
    titles = _titles(source)
    text = ", ".join(sorted(woven.texts, key=lambda one: one not in titles))
    return Drawing(
        svg=woven.svg,
        name=name,
        width=woven.width,
        height=woven.height,
        title=woven.title,
        description=woven.description,
        text=text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1].rstrip(", ") + "…",
        has_links=woven.has_links,
    )


def _drawn(source: str, theme: Theme) -> Element:
    # The engine's own output, without a document type: there is no entity in it to expand.
    root = fromstring(svg_of(source, settings(theme, source)))  # noqa: S314
    resolve(root)
    mend(root)
    return root


def _titles(source: str) -> frozenset[str]:
    """What the diagram may be headed with, which the engine draws last."""
    found = [one.strip() for one in _TITLE.findall(source)]
    return frozenset((*found, *(one.strip("\"'") for one in found)))


def _fault(source: str, message: str) -> Fault:
    """Point at the line of a refusal, or at the first line that says something."""
    lines = source.split("\n")
    number = line_of(source, message, settings("light"))
    if not number:
        number = next((at for at, line in enumerate(lines, 1) if line.strip()), 1)
    before = sum(len(line) + 1 for line in lines[: number - 1])
    line = lines[number - 1]
    start = len(line) - len(line.lstrip())
    return Fault(message, before + start, max(1, len(line.strip())), "")

"""The texts of a drawing: words that the engine cut apart become one again, marks in them become attributes.

Without HTML the engine leaves ``<b>`` and ``fa:fa-car`` in a label as words. Harmless tags are understood; an
icon, whose font the pages do not have, gives way to the words beside it, or to its name where it stands alone.
"""

import re
from collections.abc import Callable
from html import escape, unescape
from xml.etree.ElementTree import Element

from grimoire.diagrams.cascade import name

_TAG = re.compile(r"\s*<(/?)(b|strong|i|em|u|s|code|small|span|p|sub|sup)>\s*", re.IGNORECASE)
_ICON = re.compile(r"\bfa[a-z]?:fa-([\w-]+)\s*")
_POSITION = re.compile(r"\bd?[xy]=")

Attributes = Callable[[Element, Element], str]
"""Writes the attributes of an element, given in the colours of both themes."""


def said(text: Element) -> str:
    """Give what a text says, its lines in one."""
    words = [text.text or ""]
    for part in text:
        words += [" " * (part.get("dy") is not None), "".join(part.itertext())]
    return " ".join(_TAG.sub(" ", unescape("".join(words))).split())


def drop_icons(root: Element) -> None:
    """Take the icons out of every text of a drawing."""
    for text in root.iter():
        if name(text) != "text" or not _ICON.search(whole := "".join(text.itertext())):
            continue
        is_alone = not _ICON.sub("", whole).strip()
        for part in text.iter():
            if part.text:
                part.text = _ICON.sub(_icon_name if is_alone else "", part.text)


def _icon_name(found: re.Match[str]) -> str:
    return found[1].replace("-", " ")


def lines(light: Element, dark: Element, attributes: Attributes) -> str:
    """Write what a text holds, in both themes; "" if it says nothing."""
    html = _parts(light, dark, attributes, set())
    return html if html.strip() else ""


def _parts(light: Element, dark: Element, attributes: Attributes, marks: set[str]) -> str:
    parts = [("", escape(unescape(light.text or ""), quote=False))]
    for one, other in zip(light, dark, strict=True):
        if name(one) != "tspan":
            continue
        if not len(one) and (tag := _TAG.fullmatch(unescape(one.text or ""))):
            (marks.discard if tag[1] else marks.add)(tag[2].lower())
            continue
        written = attributes(one, other)
        html = _parts(one, other, attributes, marks)
        if not len(one):
            written += _emphasis(marks)
        if parts[-1][0] == written and not _POSITION.search(written):
            parts[-1] = written, parts[-1][1] + html
        else:
            parts.append((written, html))
    return "".join(f"<tspan{written}>{html}</tspan>" if written else html for written, html in parts if html)


def _emphasis(marks: set[str]) -> str:
    """The attributes of words between tags."""
    weight = ' font-weight="bold"' if marks & {"b", "strong"} else ""
    return weight + (' font-style="italic"' if marks & {"i", "em"} else "")

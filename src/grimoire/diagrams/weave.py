"""Two drawings of one diagram, in the colours of either theme, become one that may stand in a page.

Only what is listed here passes: elements, attributes, and values that are no more than numbers, words, colours,
or references within the drawing. A link keeps its address if it leads to a web page or a mailbox.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import NamedTuple
from xml.etree.ElementTree import Element

from grimoire.addresses import WEB, as_read, is_allowed
from grimoire.diagrams.cascade import AUTHORED, PROPERTIES, name
from grimoire.diagrams.colours import dimmed, hexadecimal, is_light, named_in, themed
from grimoire.diagrams.palette import ON_DARK, ON_LIGHT

_ELEMENTS = frozenset(
    "a circle clipPath defs ellipse g line linearGradient marker path polygon polyline rect stop svg text tspan".split()
)
_REFERRED = frozenset(("clipPath", "linearGradient", "marker"))
"""Elements that are nothing but what others refer to."""

_COLOURS = frozenset(("fill", "stroke", "stop-color"))
_INHERITED = PROPERTIES - {"color"}
"""Properties that pass; `color` is only asked whether it is the author's, and what is drawn in it has the page's."""
_ATTRIBUTES = _INHERITED | frozenset(
    "clip-path clipPathUnits cx cy d dx dy gradientTransform gradientUnits height marker-end marker-mid "
    "marker-start markerHeight markerUnits markerWidth offset orient points preserveAspectRatio r refX refY "
    "stop-color stop-opacity textLength transform viewBox width x x1 x2 y y1 y2".split()
)
_DEFAULTS = {
    ("font-style", "normal"), ("font-weight", "normal"), ("font-weight", "400"), ("stroke-dasharray", "0"),
    ("stroke-dasharray", "none"), ("stroke-linejoin", "miter"), ("opacity", "1"), ("fill-opacity", "1"),
    ("stop-opacity", "1"), ("stroke-opacity", "1"),
}  # fmt: skip
"""What is so anyway; left out of lines of text and shapes, though not of groups, whose parts inherit."""

_VALUE = re.compile(r"[\w\s.,:%+#()/-]*")
_REFERENCE = re.compile(r"url\(\s*[\"']?#([^\"')]+)[\"']?\s*\)")
_LONG_NUMBER = re.compile(r"-?\d*\.\d{3,}(?:e-?\d+)?")
_ADDRESSED = WEB | {"mailto"}
"""The schemes that a link in a drawing may have."""
_TAG = re.compile(r"\s*<(/?)(b|strong|i|em|u|s|code|small|span|p|sub|sup)>\s*", re.IGNORECASE)
_POSITION = re.compile(r"\bd?[xy]=")
_SHAPES = frozenset(("rect", "circle", "ellipse", "polygon", "path"))
_SCALE = 13 / 15
"""The engine is asked for letters of 15 pixels, the size from which it measures best; the pages set 13."""
_PLAIN = re.compile(r"#[0-9a-f]{6}")
_DIM = "dim"
"""Marks a shape whose colour has to be another in the dark theme."""
_BACKGROUND = "rect"
"""The class of the areas that an author colours behind a sequence: lightly, as the text on them is ours."""


class Woven(NamedTuple):
    """The parts of a drawing. `texts` are what stands in it, in the order of its elements."""

    svg: str
    width: int
    height: int
    title: str
    description: str
    texts: tuple[str, ...]
    has_links: bool


def weave(light: Element, dark: Element, prefix: str, source: str) -> Woven:
    """Make one drawing of two.

    Args:
        light: the diagram in the colours of the light theme, its styles resolved.
        dark: the same in those of the dark theme: the same elements, in other colours.
        prefix: stands in front of every id.
        source: what the author wrote; the colours in it stay as they are.

    Raises:
        ValueError: the two are not the same diagram.
    """
    return _Loom(light, prefix, source).weave(light, dark)


class _Loom:
    def __init__(self, root: Element, prefix: str, source: str) -> None:
        self._prefix = prefix
        self._authors = named_in(source)
        self._ids: dict[str, str] = {}
        self._texts: list[str] = []
        self._has_links = False
        self._used = _referred_to(root)

    def weave(self, light: Element, dark: Element) -> Woven:
        box = [float(number) for number in light.get("viewBox", "0 0 100 100").split()]
        about = {
            name(child): "".join(child.itertext()).strip()
            for child in light
            if name(child) in {"title", "desc"}
        }
        parts = "".join(self._element(*pair, ink=None) for pair in _pairs(light, dark))
        width, height = round(box[2] * _SCALE), round(box[3] * _SCALE)
        whole = "".join(self._attributes(light, dark, "text", None, _INHERITED))
        view = " ".join(_short(str(number)) for number in box)
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="{width}" height="{height}"{whole}'
            f">{parts}</svg>"
        )
        texts = tuple(dict.fromkeys(self._texts))
        return Woven(
            svg, width, height, about.get("title", ""), about.get("desc", ""), texts, self._has_links
        )

    def _element(self, light: Element, dark: Element, ink: str | None) -> str:
        """Write an element and what it holds; `ink` is for text on a ground that the author coloured."""
        tag = name(light)
        if (
            light.get("display") == "none"
            or tag not in _ELEMENTS
            or (tag in _REFERRED and light.get("id", "") not in self._used)
        ):
            return ""
        attributes = "".join(self._attributes(light, dark, tag, ink))
        if tag == "g":
            ink = self._ink(light) or ink
            if (shape := self._dimmed(light)) is not None:
                shape.set(_DIM, "")
        if tag == "text":
            content = self._lines(light, dark, set())
            if not content.strip():
                return ""
            self._texts.append(_said(light))
        else:
            content = "".join(self._element(*pair, ink=ink) for pair in _pairs(light, dark))
            if tag in {"g", "defs", "a"} and not content:
                return ""
        if tag == "a":
            if not attributes.startswith(" href="):
                tag = "g"
            else:
                self._has_links = True
        if tag == "g" and not attributes:
            return content
        return f"<{tag}{attributes}>{content}</{tag}>" if content else f"<{tag}{attributes}/>"

    def _attributes(
        self, light: Element, dark: Element, tag: str, ink: str | None, passing: frozenset[str] = _ATTRIBUTES
    ) -> Iterator[str]:
        if tag == "a":
            address = light.get("{http://www.w3.org/1999/xlink}href") or light.get("href") or ""
            if is_allowed(address, _ADDRESSED):
                yield f' href="{escape(as_read(address))}"'
        if (own := light.get("id")) and own in self._used:
            yield f' id="{self._id(own)}"'
        is_ours = tag == "text" and not {"fill", "color"} & set(light.get(AUTHORED, "").split())
        for key, value in light.attrib.items():
            if key not in passing or (tag != "g" and (key, value) in _DEFAULTS):
                continue
            if ink and is_ours and key == "fill":
                continue
            if key == "fill" and _DIM in light.attrib:
                yield f' fill="light-dark({hexadecimal(value)},{dimmed(hexadecimal(value))})"'
            elif key in _COLOURS:
                yield self._colour(key, value, dark.get(key, value), is_text=tag in {"text", "tspan"})
            elif found := _REFERENCE.fullmatch(value.strip()):
                yield f' {key}="url(#{self._id(found[1])})"'
            elif _VALUE.fullmatch(value):
                yield f' {key}="{escape(_short(value))}"'
        if ink and is_ours:
            yield f' fill="{ink}"'
        if tag == "rect" and light.get("class") == _BACKGROUND and light.get("fill") != "none":
            yield ' fill-opacity=".2"'

    def _colour(self, key: str, light: str, dark: str, *, is_text: bool) -> str:
        if found := _REFERENCE.fullmatch(light.strip()):
            return f' {key}="url(#{self._id(found[1])})"'
        if not _VALUE.fullmatch(light) or not _VALUE.fullmatch(dark):
            return ""
        return f' {key}="{escape(themed(light, dark, self._authors, is_text=is_text))}"'

    def _ground(self, shape: Element) -> str:
        """The colour with which the author filled a shape, or ""."""
        colour = hexadecimal(shape.get("fill", ""))
        is_authors = "fill" in shape.get(AUTHORED, "").split() and colour in self._authors
        return colour if is_authors and _PLAIN.fullmatch(colour) else ""

    def _ink(self, group: Element) -> str | None:
        """The ink for the texts of a group of which the author chose it, or filled the first shape."""
        if "color" in group.get(AUTHORED, "").split():
            colour = hexadecimal(group.get("color", ""))
            return colour if _PLAIN.fullmatch(colour) else None
        shape = next((part for part in group if name(part) in _SHAPES), None)
        ground = self._ground(shape) if shape is not None else ""
        if not ground:
            return None
        return ON_LIGHT if is_light(ground) else ON_DARK

    def _dimmed(self, group: Element) -> Element | None:
        """The author's light shape in a group without text, on which other elements write."""
        shape = next((part for part in group if name(part) in _SHAPES), None)
        if shape is None or any(name(part) == "text" for part in group.iter()):
            return None
        ground = self._ground(shape)
        return shape if ground and is_light(ground) else None

    def _lines(self, light: Element, dark: Element, marks: set[str]) -> str:
        """Write what a text or a part of it holds; words that look alike become one again."""
        parts = [("", escape(unescape(light.text or ""), quote=False))]
        for one, other in _pairs(light, dark):
            if name(one) != "tspan":
                continue
            if not len(one) and (tag := _TAG.fullmatch(unescape(one.text or ""))):
                (marks.discard if tag[1] else marks.add)(tag[2].lower())
                continue
            attributes = "".join(self._attributes(one, other, "tspan", None))
            html = self._lines(one, other, marks)
            if not len(one):
                attributes += _emphasis(marks)
            if parts[-1][0] == attributes and not _POSITION.search(attributes):
                parts[-1] = attributes, parts[-1][1] + html
            else:
                parts.append((attributes, html))
        return "".join(
            f"<tspan{attributes}>{html}</tspan>" if attributes else html for attributes, html in parts if html
        )

    def _id(self, own: str) -> str:
        return self._ids.setdefault(own, f"{self._prefix}-{len(self._ids)}")


def _pairs(light: Element, dark: Element) -> Iterator[tuple[Element, Element]]:
    if len(light) != len(dark) or light.tag != dark.tag:
        raise ValueError("the drawing in dark colours is another than that in light ones")
    return zip(light, dark, strict=True)


def _referred_to(root: Element) -> frozenset[str]:
    """The ids that attributes of elements refer to."""
    return frozenset(
        found[1]
        for element in root.iter()
        for value in element.attrib.values()
        for found in _REFERENCE.finditer(value)
    )


def _short(numbers: str) -> str:
    """Round the numbers of an attribute to hundredths."""
    return _LONG_NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), numbers)


def _said(text: Element) -> str:
    """What a text says, its lines in one."""
    words = [text.text or ""]
    for part in text:
        words += [" " * (part.get("dy") is not None), "".join(part.itertext())]
    return " ".join(_TAG.sub(" ", unescape("".join(words))).split())


def _emphasis(marks: set[str]) -> str:
    """The attributes of words between HTML's tags, which the engine leaves in the text as words."""
    weight = ' font-weight="bold"' if marks & {"b", "strong"} else ""
    return weight + (' font-style="italic"' if marks & {"i", "em"} else "")

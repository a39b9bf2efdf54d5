"""Two drawings of one diagram, in the colours of either theme, become one that may stand in a page.

Only what is listed here passes: elements, attributes, and values that are no more than numbers, words, colours,
or references within the drawing. A link keeps its address if it leads to a web page or a mailbox.
"""

import re
from collections.abc import Iterator
from functools import partial
from html import escape
from typing import NamedTuple
from xml.etree.ElementTree import Element

from grimoire.addresses import WEB, as_read, is_allowed
from grimoire.diagrams.cascade import AUTHORED, PROPERTIES, name
from grimoire.diagrams.colours import dimmed, hexadecimal, ink_on, is_light, legible, named_in, themed
from grimoire.diagrams.lettering import lines, said

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
_SHAPES = frozenset(("rect", "circle", "ellipse", "polygon", "path"))
_SCALE = 13 / 15
"""The engine is asked for letters of 15 pixels, the size from which it measures best; the pages set 13."""
_PLAIN = re.compile(r"#[0-9a-f]{6}")
_COLOUR = re.compile(r"#[0-9a-f]{6}(?:[0-9a-f]{2})?|[a-z]+|(?:oklab|oklch|lab|lch|hwb)\([\w\s.,%/-]*\)")
_OUTLINES = frozenset(("label-container", "outer-path"))
"""The classes of groups that are the shape of the group around them."""
_BESIDE = frozenset(("attribute-type", "attribute-name", "attribute-keys", "attribute-comment", "data-point"))
"""The classes of groups whose texts stand on no shape of the author's: in rows of our colours, below a point."""
_DIM = "dim"
"""Marks a shape whose colour has to be another in the dark theme."""
_BACKGROUND = "rect"
"""The class of the areas that an author colours behind a sequence: lightly, as the text on them is ours."""


class _Around(NamedTuple):
    """What a text stands on: `ink` is what ours are written in there, "" for the page's own."""

    ink: str = ""
    is_coloured: bool = False
    """Whether the author coloured the ground."""


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
        parts = "".join(self._element(*pair, _Around()) for pair in _pairs(light, dark))
        width, height = round(box[2] * _SCALE), round(box[3] * _SCALE)
        whole = "".join(self._attributes(light, dark, "text", _Around(), _INHERITED))
        view = " ".join(_short(str(number)) for number in box)
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="{width}" height="{height}"{whole}'
            f">{parts}</svg>"
        )
        texts = tuple(dict.fromkeys(self._texts))
        return Woven(
            svg, width, height, about.get("title", ""), about.get("desc", ""), texts, self._has_links
        )

    def _element(self, light: Element, dark: Element, around: _Around) -> str:
        """Write an element and what it holds."""
        tag = name(light)
        if (
            light.get("display") == "none"
            or tag not in _ELEMENTS
            or (tag in _REFERRED and light.get("id", "") not in self._used)
        ):
            return ""
        attributes = "".join(self._attributes(light, dark, tag, around))
        if tag == "g":
            around = self._around(light, dark, around)
            if not around.is_coloured:
                self._dim(light, dark)
        if tag == "text":
            content = lines(light, dark, partial(self._words, around))
            if not content:
                return ""
            self._texts.append(said(light))
        else:
            content = "".join(self._element(*pair, around) for pair in _pairs(light, dark))
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
        self,
        light: Element,
        dark: Element,
        tag: str,
        around: _Around,
        passing: frozenset[str] = _ATTRIBUTES,
    ) -> Iterator[str]:
        if tag == "a":
            address = light.get("{http://www.w3.org/1999/xlink}href") or light.get("href") or ""
            if is_allowed(address, _ADDRESSED):
                yield f' href="{escape(as_read(address))}"'
        if (own := light.get("id")) and own in self._used:
            yield f' id="{self._id(own)}"'
        is_text = tag in {"text", "tspan"}
        is_chosen = any(self._is_chosen(light, prop) for prop in ("fill", "color"))
        ink = around.ink if tag == "text" and not is_chosen else ""
        for key, value in light.attrib.items():
            if key not in passing or (tag != "g" and (key, value) in _DEFAULTS):
                continue
            if key == "fill" and ink:
                continue
            if key == "opacity" and is_text and value != "0":
                # Pale words would be hard to read.
                continue
            if key == "fill" and _DIM in light.attrib:
                yield f' fill="light-dark({hexadecimal(value)},{dimmed(hexadecimal(value))})"'
            elif key in _COLOURS:
                yield self._colour(key, value, dark.get(key, value), around if is_text else None)
            elif found := _REFERENCE.fullmatch(value.strip()):
                yield f' {key}="url(#{self._id(found[1])})"'
            elif _VALUE.fullmatch(value):
                yield f' {key}="{escape(_short(value))}"'
        if ink:
            yield f' fill="{ink}"'
        if tag == "rect" and light.get("class") == _BACKGROUND and light.get("fill") != "none":
            yield ' fill-opacity=".2"'

    def _words(self, around: _Around, light: Element, dark: Element) -> str:
        """Write the attributes of a part of a text."""
        return "".join(self._attributes(light, dark, "tspan", around))

    def _colour(self, key: str, light: str, dark: str, around: _Around | None) -> str:
        """Write a colour; `around` is given for that of a text."""
        if found := _REFERENCE.fullmatch(light.strip()):
            return f' {key}="url(#{self._id(found[1])})"'
        light, dark = hexadecimal(light), hexadecimal(dark)
        if not _COLOUR.fullmatch(light) or not _COLOUR.fullmatch(dark):
            return ""
        if around and light == dark and light in self._authors and _PLAIN.fullmatch(light):
            return f' {key}="{light if around.is_coloured else legible(light)}"'
        return f' {key}="{themed(light, dark, self._authors, is_text=around is not None)}"'

    def _shape(self, light: Element, dark: Element) -> tuple[Element, str] | None:
        """The first shape of a group, and the colour with which the author filled it, or ""."""
        for one, other in _pairs(light, dark):
            if name(one) in _SHAPES and one.get("class") != _BACKGROUND:
                colour = hexadecimal(one.get("fill", ""))
                is_authors = colour in self._authors and colour == hexadecimal(other.get("fill", ""))
                return one, colour if is_authors and _PLAIN.fullmatch(colour) else ""
            if _OUTLINES & set(one.get("class", "").split()):
                return self._shape(one, other)
        return None

    def _around(self, light: Element, dark: Element, outer: _Around) -> _Around:
        """What the texts of a group stand on, and are written in."""
        if _BESIDE & set(light.get("class", "").split()):
            return _Around()
        found = self._shape(light, dark)
        here = _Around(ink_on(found[1]), is_coloured=True) if found and found[1] else outer
        if not self._is_chosen(light, "color"):
            return here
        colour = hexadecimal(light.get("color", ""))
        return _Around(colour if here.is_coloured else legible(colour), here.is_coloured)

    def _is_chosen(self, element: Element, prop: str) -> bool:
        """Whether the author gave an element a plain colour of its own."""
        colour = hexadecimal(element.get(prop, ""))
        is_own = prop in element.get(AUTHORED, "").split() and colour in self._authors
        return is_own and _PLAIN.fullmatch(colour) is not None

    def _dim(self, light: Element, dark: Element) -> None:
        """Mark the author's light shape in a group without text, on which other elements write."""
        found = self._shape(light, dark)
        if (
            found
            and found[1]
            and is_light(found[1])
            and not any(name(part) == "text" for part in light.iter())
        ):
            found[0].set(_DIM, "")

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

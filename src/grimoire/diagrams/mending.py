"""What the engine sets amiss when it may not write HTML, put right in the tree of the SVG."""

import re
from xml.etree.ElementTree import Element

from grimoire.diagrams.cascade import name
from grimoire.diagrams.lettering import drop_icons

_MOVED_LEFT = re.compile(r"translate\(-[\d.]+,\s*(-?[\d.]+)\)")
_MOVED = re.compile(r"translate\((-?[\d.]+),\s*(-?[\d.]+)\)")
_ABOVE = 2
"""Pixels between a point and its label."""
_CUT = frozenset(("radar", "treeView", "xychart"))
"""The diagrams in which texts stand half over the edge."""
_MARGIN = 12


def mend(root: Element) -> None:
    """Put labels where they belong, and all of the drawing inside its edges."""
    if root.get("aria-roledescription") in _CUT:
        _widen(root)
    _return_labels(root)
    for part in root.iter():
        classes = part.get("class", "").split()
        if "statediagram-state" in classes:
            _centre(part)
        elif "data-point" in classes:
            _lower(part)
        elif "background" in classes:
            # Behind the label of a line: through half of it the line would be seen.
            part.set("opacity", "1")
    drop_icons(root)


def _widen(root: Element) -> None:
    left, top, width, height = map(float, root.get("viewBox", "0 0 100 100").split())
    box = left - _MARGIN, top - _MARGIN, width + 2 * _MARGIN, height + 2 * _MARGIN
    root.set("viewBox", " ".join(map(str, box)))


def _return_labels(root: Element) -> None:
    """Put each label that stands behind all else into the node in whose middle it stands."""
    nodes = {
        found.groups(): group
        for group in root.iter()
        if "node" in group.get("class", "").split()
        and (found := _MOVED.fullmatch(group.get("transform", "")))
        and not any(name(part) == "text" for part in group.iter())
    }
    for holder in list(root):
        text = next(iter(holder), None)
        if holder.get("data-merman-foreignobject") is None or text is None:
            continue
        node = nodes.pop((text.get("x", ""), text.get("y", "")), None)
        if node is not None:
            text.set("x", "0")
            text.set("y", "0")
            node.append(text)
            root.remove(holder)


def _centre(state: Element) -> None:
    """Put the label of a state in the middle: the engine sets it where the widest would begin."""
    for label in state:
        if moved := _MOVED_LEFT.fullmatch(label.get("transform", "")):
            label.set("transform", f"translate(0,{moved[1]})")
            label.set("text-anchor", "middle")


def _lower(point: Element) -> None:
    """Put the label of a point below it: the engine takes every point for a small one."""
    circle, text = (next((part for part in point if name(part) == tag), None) for tag in ("circle", "text"))
    if circle is not None and text is not None:
        below = float(circle.get("cy", "0")) + float(circle.get("r", "0")) + _ABOVE
        text.set("transform", f"translate({circle.get('cx', '0')},{below})")

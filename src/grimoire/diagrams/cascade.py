"""Work the style sheet of an SVG into its elements, as presentation attributes.

A strict Content-Security-Policy lets no page have ``<style>`` or ``style="…"``; attributes such as ``fill`` it
does. The cascade is that of CSS as far as the engine's sheets go: tags, classes, ids and attributes, descendants
and children, specificity, order and ``!important``. A selector with anything else matches nothing, and rules
within ``@media`` or ``@keyframes`` are left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

PROPERTIES = frozenset(
    "alignment-baseline clip-rule color display dominant-baseline fill fill-opacity fill-rule font-size "
    "font-style font-weight opacity paint-order rx ry shape-rendering stroke stroke-dasharray stroke-dashoffset "
    "stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration "
    "visibility".split()
)
"""The properties that become attributes; all others concern HTML, or effects that the pages do not have."""

AUTHORED = "authored"
"""An attribute that `resolve` leaves on elements: the properties that stood in their own ``style``."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STEP = re.compile(r"(>?)\s*([\w-]+|\*)?((?:[#.][\w-]+|\[[^\]]*\])*)\s*")
_PART = re.compile(r"([#.])([\w-]+)|\[\s*([\w:-]+)\s*(?:=\s*[\"']?([^\"'\]]*)[\"']?\s*)?\]")


class Step(NamedTuple):
    """One compound of a selector, as ``rect.basic[data-look="classic"]``."""

    is_child: bool
    """Whether it must be right below the compound before it."""
    tag: str
    id: str
    classes: frozenset[str]
    attributes: tuple[tuple[str, str | None], ...]


class Rule(NamedTuple):
    """A selector with its weight, and what it sets."""

    weight: tuple[int, int, int]
    steps: tuple[Step, ...]
    declarations: tuple[tuple[str, str, bool], ...]


class Node(NamedTuple):
    """An element on the way down the tree, as selectors see it."""

    tag: str
    id: str
    classes: frozenset[str]
    element: Element


def name(element: Element) -> str:
    """Give the tag of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def resolve(root: Element) -> None:
    """Set on every element of an SVG what its style sheets and its own ``style`` say."""
    sheets = ("".join(style.itertext()) for style in root.iter() if name(style) == "style")
    _walk(root, [], _by_key("\n".join(sheets)))


@lru_cache(maxsize=8)
def _by_key(css: str) -> dict[str, list[tuple[int, Rule]]]:
    """The rules of a sheet with their order; most drawings of one kind in one theme have the same."""
    found: dict[str, list[tuple[int, Rule]]] = {}
    for order, rule in enumerate(_rules(css)):
        found.setdefault(_key(rule.steps[-1]), []).append((order, rule))
    return found


def _walk(element: Element, above: list[Node], by_key: Mapping[str, Sequence[tuple[int, Rule]]]) -> None:
    classes = frozenset(element.get("class", "").split())
    node = Node(name(element), element.get("id", ""), classes, element)
    path = [*above, node]
    found = []
    for key in ("*", node.tag, f"#{node.id}", *(f".{one}" for one in classes)):
        for order, rule in by_key.get(key, ()):
            if _matches(rule.steps, path):
                found.append((rule.weight, order, rule.declarations))
    own = tuple(_declarations(element.get("style", "")))
    declared = [one for _, _, declarations in sorted(found, key=lambda hit: hit[:2]) for one in declarations]
    declared += own
    for is_important in (False, True):
        for prop, value, important in declared:
            if important == is_important and prop in PROPERTIES:
                element.set(prop, value)
    if own:
        element.set(AUTHORED, " ".join(prop for prop, _, _ in own))
    for child in element:
        _walk(child, path, by_key)


def _rules(css: str) -> Iterator[Rule]:
    for selectors, body in _blocks(_COMMENT.sub("", css)):
        declarations = tuple(one for one in _declarations(body) if one[0] in PROPERTIES)
        if not declarations:
            continue
        for selector in selectors.split(","):
            steps = _steps(selector.strip())
            if steps:
                ids = sum(bool(step.id) for step in steps)
                classes = sum(len(step.classes) + len(step.attributes) for step in steps)
                yield Rule((ids, classes, sum(step.tag != "*" for step in steps)), steps, declarations)


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before and within each pair of braces, but for those of at-rules."""
    at = 0
    while (opening := css.find("{", at)) >= 0:
        head = css[at:opening].rpartition(";")[2].strip()
        depth, end = 1, opening + 1
        while depth and end < len(css):
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        if not head.startswith("@"):
            yield head, css[opening + 1 : end - 1]
        at = end


def _declarations(body: str) -> Iterator[tuple[str, str, bool]]:
    for declaration in body.split(";"):
        prop, _, value = declaration.partition(":")
        value = value.strip()
        important = value.endswith("!important")
        if value:
            yield prop.strip().lower(), value.removesuffix("!important").strip(), important


def _steps(selector: str) -> tuple[Step, ...]:
    steps = []
    at = 0
    while at < len(selector):
        found = _STEP.match(selector, at)
        if not found or not (found[2] or found[3]):
            return ()
        parts = list(_PART.finditer(found[3]))
        steps.append(
            Step(
                bool(found[1]),
                found[2] or "*",
                next((part[2] for part in parts if part[1] == "#"), ""),
                frozenset(part[2] for part in parts if part[1] == "."),
                tuple((part[3], part[4]) for part in parts if part[3]),
            )
        )
        at = found.end()
    return tuple(steps)


def _key(step: Step) -> str:
    """By what of an element a rule is looked up."""
    if step.id:
        return f"#{step.id}"
    return f".{min(step.classes)}" if step.classes else step.tag


def _matches(steps: Sequence[Step], path: Sequence[Node]) -> bool:
    """Whether the last element of a path is one that the steps lead to; each step takes the nearest that fits."""
    if not _is(steps[-1], path[-1]):
        return False
    at = len(path) - 1
    for below, step in zip(reversed(steps), reversed(steps[:-1]), strict=False):
        at -= 1
        while at >= 0 and not _is(step, path[at]):
            if below.is_child:
                return False
            at -= 1
        if at < 0:
            return False
    return True


def _is(step: Step, node: Node) -> bool:
    return (
        step.tag in {"*", node.tag}
        and step.id in {"", node.id}
        and step.classes <= node.classes
        and all(
            node.element.get(key) is not None if value is None else node.element.get(key) == value
            for key, value in step.attributes
        )
    )

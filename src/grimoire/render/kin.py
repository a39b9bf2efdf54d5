"""What templates have of each other: the blocks of those they extend, the macros of those they import.

Jinja says nothing of a block that the extended template does not have, nor of text outside of every block: both are
shown nowhere. It runs until it is out of breath where a template extends itself, and finds only while a page is rendered
that a macro is not there.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from jinja2 import nodes

Trees = Mapping[str, nodes.Template]
"""Each template's syntax tree, by the name that others use for it."""


class Flaw(NamedTuple):
    """What is wrong in a template: its name, the line, what stands there, and what is to be said."""

    template: str
    line: int
    written: str
    message: str
    why: str = ""
    help: str = ""


def flaws(trees: Trees) -> Iterator[Flaw]:
    """Give what is wrong between templates."""
    for name, tree in trees.items():
        if extends := next(tree.find_all(nodes.Extends), None):
            yield from _of_a_child(name, extends, trees)
        for wanted in tree.find_all(nodes.FromImport):
            yield from _of_an_import(name, wanted, trees)


def _of_a_child(name: str, extends: nodes.Extends, trees: Trees) -> Iterator[Flaw]:
    """What is wrong in a template that extends another."""
    ancestors = _ancestors(name, trees)
    if ancestors is None:
        shipped = f"default/{name.removeprefix('default/')}"
        mend = f"did you mean `{shipped}`?" if shipped in trees and trees[shipped] is not trees[name] else ""
        yield Flaw(name, extends.lineno, _named(extends.template), f"`{name}` extends itself", help=mend)
        return
    if not ancestors:
        return
    known = {block.name for other in ancestors for block in trees[other].find_all(nodes.Block)}
    for node in trees[name].body:
        if isinstance(node, nodes.Block) and node.name not in known:
            near = get_close_matches(node.name, sorted(known), 1)
            mend = f"did you mean `{near[0]}`?" if near else f"its blocks: {', '.join(sorted(known))}"
            message = f"`{ancestors[0]}` has no block `{node.name}`"
            yield Flaw(name, node.lineno, node.name, message, "what is in the block is shown nowhere", mend)
        elif isinstance(node, nodes.Output):
            text = next((one for one in node.nodes if _is_shown(one)), None)
            if text is not None:
                why = "of a template that extends another, blocks alone are shown"
                yield Flaw(
                    name, _line(text), "", "this stands outside of every block", why, "put it into a block"
                )


def _of_an_import(name: str, wanted: nodes.FromImport, trees: Trees) -> Iterator[Flaw]:
    """Macros that are not where they are imported from."""
    source = _named(wanted.template)
    if source not in trees:
        return
    there = _exported(trees[source])
    for one in wanted.names:
        macro = one if isinstance(one, str) else one[0]
        if macro in there:
            continue
        if name.startswith("default/") or trees.get(f"default/{name}") is trees[name]:
            # The author's file took the place of the shipped one, which had it: the fault is there.
            if f"default/{source}" in trees:
                message = f"`{source}` has no macro `{macro}`, which `{name}` imports"
                mend = f'take the shipped one over: `{{% import "default/{source}" as shipped %}}{{% set {macro} = shipped.{macro} %}}`'
                yield Flaw(source, 1, "", message, "the shipped file of this name has it", mend)
            continue
        near = get_close_matches(macro, sorted(there), 1)
        mend = f"did you mean `{near[0]}`?" if near else ""
        yield Flaw(name, wanted.lineno, macro, f"`{source}` has no macro `{macro}`", help=mend)


def _ancestors(name: str, trees: Trees) -> list[str] | None:
    """The templates that a template extends, one by the other; none where that cannot be followed, None in a circle."""
    found: list[str] = []
    tree = trees[name]
    passed = [tree]
    while extends := next(tree.find_all(nodes.Extends), None):
        parent = _named(extends.template)
        if parent not in trees:
            return []
        tree = trees[parent]
        if any(tree is other for other in passed):
            return None
        passed.append(tree)
        found.append(parent)
    return found


def _exported(tree: nodes.Template) -> set[str]:
    """What others can import from a template: macros, and what is set at its top."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, nodes.Macro):
            found.add(node.name)
        elif isinstance(node, nodes.Assign | nodes.AssignBlock):
            targets = (
                [node.target] if isinstance(node.target, nodes.Name) else node.target.find_all(nodes.Name)
            )
            found |= {target.name for target in targets}
    return found


def _named(template: nodes.Expr) -> str:
    """The name of a template where it is written out, else ""."""
    return template.value if isinstance(template, nodes.Const) and isinstance(template.value, str) else ""


def _is_shown(node: nodes.Node) -> bool:
    return not isinstance(node, nodes.TemplateData) or not node.data.isspace()


def _line(node: nodes.Node) -> int:
    """The line on which something is shown: text may begin with empty ones."""
    if isinstance(node, nodes.TemplateData):
        return node.lineno + node.data[: len(node.data) - len(node.data.lstrip())].count("\n")
    return node.lineno

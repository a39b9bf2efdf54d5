"""The contract of templates, checked before anything is rendered: a template sees ``page`` and ``site`` only.

What is read of them must be a field of the records in `grimoire.pages`: of every record whose pages the
template takes part in, be it that it is named by it or that it is extended, included or imported. The check
reads the templates' syntax trees, so it sees branches that no page takes. It follows fields, loops,
``{% set %}`` and ``{% with %}``; what is handed to a macro it does not follow. What templates want of each other is
looked over in `grimoire.render.kin`.

The module is longer than others because each kind of node in a template's tree has its few lines here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import reduce
from operator import or_
from types import GenericAlias, NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
from jinja2 import Environment, TemplateAssertionError, TemplateSyntaxError, meta, nodes
from jinja2.visitor import NodeVisitor

from grimoire.diagnostics import Diagnostic
from grimoire.pages import PAGES, Page, Site
from grimoire.render import Renderer
from grimoire.render.kin import flaws
from grimoire.source import Span, line_starts
from grimoire.theme import Template, Theme

_SAME_ELEMENTS = frozenset(
    ("list", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "unique")
)
"""Filters that give some or all elements of what they get."""

_IN_EVERY_MACRO = ("varargs", "kwargs", "caller")

Scope = dict[str, Any]
"""The type of each name in sight; `Any` where it is not known."""


def check(theme: Theme, renderer: Renderer) -> tuple[Diagnostic, ...]:
    """Give a ``broken-template`` for everything in the theme's templates that could not be rendered.

    `renderer` is one made with the theme; the templates that are compiled here stay with it.
    """
    found: dict[tuple[str, Span | None, str], Diagnostic] = {}
    environment = renderer.environment
    trees: dict[str, nodes.Template] = {}
    by_path: dict[str, nodes.Template] = {}
    for name, template in theme.templates.items():
        if template.path not in by_path:
            try:
                by_path[template.path] = environment.parse(template.text, name, template.path)
                # Compiling finds unknown filters and tests; the loader keeps what it gives for rendering.
                environment.get_template(name)
            except TemplateSyntaxError as error:
                # Filters and tests are looked up below, each at its place.
                if isinstance(error, TemplateAssertionError) and str(error).startswith("No "):
                    trees[name] = by_path[template.path]
                    continue
                message = (error.message or "it cannot be compiled").strip().rstrip(".")
                span = template.line(error.lineno)
                fault = Diagnostic("broken-template", template.path, span, message[:1].lower() + message[1:])
                found[template.path, span, fault.message] = fault
                continue
        trees[name] = by_path[template.path]
    faults = [_fault(theme.templates[flaw.template], *flaw[1:]) for flaw in flaws(trees)]
    for name, records in _uses(trees).items():
        faults += _Checker(theme, theme.templates[name], environment).faults(trees[name], records)
    for fault in faults:
        found.setdefault((fault.path, fault.span, fault.message), fault)
    return tuple(found.values())


def _fault(template: Template, line: int, written: str, message: str, why: str, mend: str) -> Diagnostic:
    """Point at what is written in a line of a template, or at the line."""
    start = ([*line_starts(template.text), len(template.text)])[line - 1]
    place = written and re.compile(rf"(?<![\w.]){re.escape(written)}(?!\w)").search(template.text, start)
    span = Span(*place.span()) if place else template.line(line)
    return Diagnostic("broken-template", template.path, span, message, why, mend)


def _uses(trees: Mapping[str, nodes.Template]) -> dict[str, tuple[type[Page], ...]]:
    """The records with whose pages each template is used; none for one that no page reaches."""
    uses: dict[str, list[type[Page]]] = {name: [] for name in trees}
    for record in PAGES:
        waiting = [record.template]
        while waiting:
            name = waiting.pop()
            if name in uses and record not in uses[name]:
                uses[name].append(record)
                waiting += [other for other in meta.find_referenced_templates(trees[name]) if other]
    return {name: tuple(records) for name, records in uses.items()}


class _Checker(NodeVisitor):
    """Walks the tree of one template, the names in sight at hand.

    The visitor of an expression gives its type, or None where it is not followed. That of a
    statement puts the names it binds into the scope.
    """

    def __init__(self, theme: Theme, template: Template, environment: Environment) -> None:
        self._theme = theme
        self._template = template
        self._filters, self._tests = environment.filters, environment.tests
        self._known = {*environment.globals, "page", "site"}
        self._faults: list[Diagnostic] = []

    def faults(self, tree: nodes.Template, records: tuple[type[Page], ...]) -> list[Diagnostic]:
        """Check the whole template, which takes part in the pages of these records."""
        scope: Scope = dict.fromkeys([*self._known, *_named(tree.body), "self", "super"], Any)
        page: Any = reduce(or_, records) if records else Any
        scope |= {"page": page, "site": Site}
        self.visit(tree, scope)
        return self._faults

    def _type(self, node: nodes.Node, scope: Scope) -> Any:  # noqa: ANN401  a type
        """Check an expression; give the type of its value, `Any` where it is not followed."""
        kind = self.visit(node, scope)
        return Any if kind is None else kind

    def _each(self, found: Iterable[nodes.Node], scope: Scope) -> None:
        for node in found:
            self.visit(node, scope)

    # ------------------------------------------------------------ statements

    def visit_For(self, node: nodes.For, scope: Scope) -> None:  # noqa: N802  named after the node
        inside = {**scope, "loop": Any, **_bound(node.target, _element(self._type(node.iter, scope)))}
        self._each([*([node.test] if node.test else []), *node.body], inside)
        self._each(node.else_, dict(scope))

    def visit_Assign(self, node: nodes.Assign, scope: Scope) -> None:  # noqa: N802  named after the node
        scope |= _bound(node.target, self._type(node.node, scope))

    def visit_AssignBlock(self, node: nodes.AssignBlock, scope: Scope) -> None:  # noqa: N802  named after the node
        self._each(node.body, dict(scope))
        scope |= _bound(node.target, Any)

    def visit_With(self, node: nodes.With, scope: Scope) -> None:  # noqa: N802  named after the node
        inside = dict(scope)
        for target, value in zip(node.targets, node.values, strict=True):
            inside |= _bound(target, self._type(value, scope))
        self._each(node.body, inside)

    def visit_Macro(self, node: nodes.Macro | nodes.CallBlock, scope: Scope) -> None:  # noqa: N802  named after the node
        names = [*(argument.name for argument in node.args), *_IN_EVERY_MACRO]
        self._each(node.defaults, scope)
        self._each(node.body, {**scope, **dict.fromkeys(names, Any)})

    def visit_CallBlock(self, node: nodes.CallBlock, scope: Scope) -> None:  # noqa: N802  named after the node
        self.visit(node.call, scope)
        self.visit_Macro(node, scope)

    def visit_Block(self, node: nodes.Block, scope: Scope) -> None:  # noqa: N802  named after the node
        self._each(node.body, dict(scope))

    def visit_Extends(self, node: nodes.Extends, scope: Scope) -> None:  # noqa: N802  named after the node
        self._reference(node.template, scope)

    def visit_Include(self, node: nodes.Include, scope: Scope) -> None:  # noqa: N802  named after the node
        if not node.ignore_missing:
            self._reference(node.template, scope)

    def visit_Import(self, node: nodes.Import, scope: Scope) -> None:  # noqa: N802  named after the node
        self._reference(node.template, scope)
        scope |= dict.fromkeys(_named([node]), Any)

    def visit_FromImport(self, node: nodes.FromImport, scope: Scope) -> None:  # noqa: N802  named after the node
        self._reference(node.template, scope)
        scope |= dict.fromkeys(_named([node]), Any)

    def _reference(self, name: nodes.Expr, scope: Scope) -> None:
        """Check that a template that is named by its name is there."""
        if not isinstance(name, nodes.Const) or not isinstance(name.value, str):
            self.visit(name, scope)
        elif name.value not in self._theme.templates:
            near = get_close_matches(name.value, self._theme.templates, 1)
            self._report(name.lineno, name.value, f"there is no template `{name.value}`", "", near)

    # ------------------------------------------------------------ expressions

    def visit_Name(self, node: nodes.Name, scope: Scope) -> Any:  # noqa: ANN401, N802  a type; named after the node
        if node.ctx == "load" and node.name not in scope:
            near = get_close_matches(node.name, scope, 1)
            why = "templates see `page` and `site` only"
            self._report(node.lineno, node.name, f"`{node.name}` is not defined", why, near)
        return scope.get(node.name)

    def visit_Getattr(self, node: nodes.Getattr, scope: Scope) -> Any:  # noqa: ANN401, N802  a type; named after the node
        records = _records(self._type(node.node, scope))
        fields = [_fields(record) for record in records]
        if all(node.attr in known for known in fields):
            return _common(*(known[node.attr] for known in fields))
        subject = _written(node.node)
        lacking = ", ".join(
            f"`{record.__name__}`"
            for record, known in zip(records, fields, strict=True)
            if node.attr not in known
        )
        what = "it is used for pages" if subject == "page" else f"`{subject}` is here a record"
        why = f"{what} of the type {lacking}, whose fields docs/records.md tells"
        near = get_close_matches(node.attr, set(fields[0]).intersection(*fields), 1)
        message = f"`{subject}` has no `{node.attr}`"
        self._report(
            node.lineno, f"{subject}.{node.attr}", message, why, [f"{subject}.{one}" for one in near]
        )
        return None

    def visit_Getitem(self, node: nodes.Getitem, scope: Scope) -> Any:  # noqa: ANN401, N802  a type; named after the node
        kind = self._type(node.node, scope)
        self.visit(node.arg, scope)
        return kind if isinstance(node.arg, nodes.Slice) else _element(kind)

    def visit_Filter(self, node: nodes.Filter, scope: Scope) -> Any:  # noqa: ANN401, N802  a type; named after the node
        if node.name not in self._filters:
            near = get_close_matches(node.name, self._filters, 1)
            self._report(node.lineno, node.name, f"there is no filter `{node.name}`", "", near)
        kinds = [self._type(child, scope) for child in node.iter_child_nodes()]
        return kinds[0] if node.name in _SAME_ELEMENTS else None

    def visit_Test(self, node: nodes.Test, scope: Scope) -> None:  # noqa: N802  named after the node
        if node.name not in self._tests:
            near = get_close_matches(node.name, self._tests, 1)
            self._report(node.lineno, node.name, f"there is no test `{node.name}`", "", near)
        asks_for_it = node.name in {"defined", "undefined"}
        if asks_for_it and isinstance(node.node, nodes.Getattr):
            self.visit(node.node.node, scope)
        elif not asks_for_it:
            self.generic_visit(node, scope)

    def visit_Or(self, node: nodes.Or, scope: Scope) -> Any:  # noqa: ANN401, N802  a type; named after the node
        return _common(self._type(node.left, scope), self._type(node.right, scope))

    def visit_CondExpr(self, node: nodes.CondExpr, scope: Scope) -> Any:  # noqa: ANN401, N802  a type; named after the node
        self.visit(node.test, scope)
        return _common(*(self._type(branch, scope) for branch in (node.expr1, node.expr2) if branch))

    def visit_List(self, node: nodes.List, scope: Scope) -> Any:  # noqa: ANN401, N802  a type; named after the node
        return GenericAlias(tuple, (_common(*(self._type(item, scope) for item in node.items)), ...))

    def _report(self, line: int, written: str, message: str, why: str, near: list[str]) -> None:
        mend = f"did you mean `{near[0]}`?" if near else ""
        self._faults.append(_fault(self._template, line, written, message, why, mend))


def _named(body: Iterable[nodes.Node]) -> Iterator[str]:
    """The names that macros, imports and assignments at the top of a template give it throughout."""
    for node in body:
        match node:
            case nodes.Macro():
                yield node.name
            case nodes.Import():
                yield node.target
            case nodes.FromImport():
                yield from (name if isinstance(name, str) else name[1] for name in node.names)
            case nodes.Assign() | nodes.AssignBlock():
                yield from _bound(node.target, Any)
            case _:
                pass


# ---------------------------------------------------------------- types


def _members(kind: Any) -> Iterator[Any]:  # noqa: ANN401  a type
    """The types that a value can have, None aside."""
    if get_origin(kind) in {Union, UnionType}:
        for member in get_args(kind):
            yield from _members(member)
    elif kind is not NoneType:
        yield kind


def _records(kind: Any) -> list[type[msgspec.Struct]]:  # noqa: ANN401  a type
    """The records that a value can be; empty where it can be something else as well."""
    members = list(_members(kind))
    if all(isinstance(member, type) and issubclass(member, msgspec.Struct) for member in members):
        return members
    return []


def _fields(record: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(record)}


def _element(kind: Any) -> Any:  # noqa: ANN401  a type
    """The type of what a loop over such a value gives."""
    if get_origin(kind) is tuple:
        members = get_args(kind)
        return members[0] if members[-1:] == (Ellipsis,) else _common(*members)
    return Any


def _common(*kinds: Any) -> Any:  # noqa: ANN401  types
    """One type for all; `Any` where they differ, for a template may tell them apart."""
    return kinds[0] if kinds and all(kind == kinds[0] for kind in kinds) else Any


def _bound(target: nodes.Node, kind: Any) -> dict[str, Any]:  # noqa: ANN401  a type
    """The names that an assignment or a loop binds; several at once are not followed."""
    if isinstance(target, nodes.Name):
        return {target.name: kind}
    if isinstance(target, nodes.NSRef):
        return {}
    return {name.name: Any for name in target.find_all(nodes.Name)}


def _written(node: nodes.Node) -> str:
    """An expression as it was probably written."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{_written(node.node)}.{node.attr}"
        case nodes.Getitem(arg=nodes.Const(value=value)):
            return f"{_written(node.node)}[{value!r}]"
        case _:
            return "…"

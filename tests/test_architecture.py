"""The table of imports, which is the architecture: who may speak to whom, and how long a module may be.

`docs/architecture.md` tells it in words. An import counts wherever it stands, in a function too, and for
type checking alone.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import grimoire

PACKAGE = Path(grimoire.__file__).parent
ROOT = PACKAGE.parents[1]
LONGEST = 300
"""Lines; a longer module says in its docstring why."""
REASON = re.compile(r"\blong(?:er)?\b[^.]*\bbecause\b|\bof the module is\b")

VOCABULARY = {
    "names", "inflection", "lexicon", "common_words", "addresses", "digest", "source", "diagnostics", "model", "glossary", "pages", "days", "collation", "fields", "config",
}  # fmt: skip
"""What every other module may speak of. These import each other only, in the order below."""

STAGES = {"read", "parse", "resolve", "compose", "render", "write"}
"""In this order, which `pipeline` alone knows. None imports another."""

MAY_IMPORT: dict[str, set[str]] = {
    # the vocabulary
    "names": set(),
    "addresses": set(),
    "inflection": {"names"},
    "lexicon": {"names", "inflection"},
    "common_words": {"names", "inflection"},
    "digest": set(),
    "days": set(),
    "collation": {"names"},
    "source": {"digest"},
    "diagnostics": {"source"},
    "model": {"names", "digest", "source"},
    "glossary": {"names", "source", "digest", "model"},
    "pages": {"names", "digest", "model"},
    "fields": {"source", "diagnostics"},
    "config": {"addresses", "source", "diagnostics", "fields"},
    # the rooms: each is one subject, and knows of no other but as told here
    "epoch": {"digest"},
    "jobs": set(),
    "frontend": set(),
    "v8": set(),
    "memo": {"digest"},
    "theme": VOCABULARY | {"frontend"},
    "words": VOCABULARY | {"frontend"},
    "media": VOCABULARY,
    "diagrams": VOCABULARY,
    "chart": VOCABULARY | {"v8"},
    "bibfile": VOCABULARY,
    "citations": VOCABULARY | {"bibfile", "frontend", "v8"},
    "math": VOCABULARY | {"frontend", "v8"},
    "search": VOCABULARY,
    "export": VOCABULARY,
    "scaffold": VOCABULARY,
    "editions": VOCABULARY,
    "nests": VOCABULARY,
    "sections": VOCABULARY,
    "autolink": VOCABULARY | {"brackets"},
    "check": VOCABULARY | {"autolink"},
    # the stages
    "read": VOCABULARY,
    "parse": VOCABULARY | {"bibfile"},
    "brackets": VOCABULARY,
    "resolve": VOCABULARY | {"brackets", "nests", "sections"},
    "compose": VOCABULARY,
    "render": VOCABULARY | {"theme"},
    "write": {"digest", "memo"},
    # the memo in front of a stage or a room
    "parses": VOCABULARY | {"jobs", "memo"},
    "wordings": VOCABULARY | {"memo"},
    "typesets": VOCABULARY | {"memo", "math"},
    "verdicts": VOCABULARY | {"memo", "parses", "typesets"},
    "bibliographies": VOCABULARY | {"memo", "citations"},
    "styling": VOCABULARY | {"memo", "citations"},
    "citings": VOCABULARY | {"memo", "citations", "bibliographies", "styling"},
    "charts": VOCABULARY | {"memo", "chart"},
    "history": VOCABULARY | {"memo"},
    "drawings": VOCABULARY | {"memo", "parses", "diagrams"},
    "mentions": VOCABULARY | {"memo", "autolink"},
    "tasks": VOCABULARY | {"memo"},
    "staging": VOCABULARY | {"jobs", "tasks", "write"},
    "analyses": VOCABULARY | {"memo", "search", "tasks"},
    "pictures": {"frontend"},
    "picturing": VOCABULARY | {"memo", "pictures", "tasks", "theme"},
    "offline": VOCABULARY | {"memo", "search", "tasks"},
    "reasons": VOCABULARY | {"memo", "tasks"},
    "showing": VOCABULARY,
    "amending": VOCABULARY | {"memo", "search"},
    # what is asked and what came of it, and whether there is anything to do
    "builds": {"diagnostics"},
    "standing": VOCABULARY | {"builds", "epoch", "frontend", "memo", "read", "theme"},
    "building": VOCABULARY | {"builds", "memo", "pipeline", "standing", "write"},
    # who knows the order, and who calls it
    "pipeline": VOCABULARY
    | STAGES
    | {
        "amending",
        "analyses",
        "autolink",
        "bibliographies",
        "builds",
        "chart",
        "charts",
        "citations",
        "check",
        "citings",
        "drawings",
        "editions",
        "epoch",
        "export",
        "frontend",
        "history",
        "offline",
    }
    | {
        "math",
        "media",
        "memo",
        "mentions",
        "parses",
        "picturing",
        "reasons",
        "showing",
        "staging",
        "standing",
        "styling",
        "tasks",
        "theme",
        "typesets",
    }
    | {"verdicts", "wordings", "words"},
    "paranoid": {"building", "write"},
    "serve": VOCABULARY | {"builds", "export", "write"},
    "arguments": set(),
    "progress": {"builds"},
    "cli": {
        "arguments",
        "building",
        "builds",
        "paranoid",
        "progress",
        "scaffold",
        "serve",
        "diagnostics",
        "fields",
        "config",
    },
    "__main__": {"cli"},
    "__init__": set(),
}


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of the program, but the hook that builds it, which imports nothing of it."""
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def room(path: Path) -> str:
    """The module or package right below the program's own that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.Module) -> Iterator[str]:
    """Yield the full name of each module of ours that is imported; of a relative import, that it is one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "grimoire")
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield "." * node.level + (node.module or "")
            elif node.module == "grimoire":
                yield from (f"grimoire.{alias.name}" for alias in node.names)
            elif node.module and node.module.startswith("grimoire."):
                yield node.module


def test_the_table_names_what_there_is() -> None:
    assert MAY_IMPORT.keys() == {room(path) for path in modules()}


def test_every_import_stands_in_the_table() -> None:
    breaches = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path, tree in modules().items()
        for name in imports(tree)
        if name.startswith(".")
        or ((other := name.split(".")[1]) != room(path) and other not in MAY_IMPORT[room(path)])
    ]
    assert breaches == []


def test_every_line_of_the_table_is_needed() -> None:
    """A room that may import more than the vocabulary and does not is a leftover."""
    used: dict[str, set[str]] = {name: set() for name in MAY_IMPORT}
    for path, tree in modules().items():
        used[room(path)] |= {name.split(".")[1] for name in imports(tree)}
    spare = {name: allowed - VOCABULARY - used[name] for name, allowed in MAY_IMPORT.items()}
    assert {name: rest for name, rest in spare.items() if rest} == {}


def test_no_stage_knows_another() -> None:
    assert [name for name in STAGES if MAY_IMPORT[name] & STAGES] == []
    assert [name for name, allowed in MAY_IMPORT.items() if allowed & (STAGES - {"read", "write"})] == [
        "pipeline"
    ]


def test_the_vocabulary_speaks_of_itself_alone() -> None:
    assert [name for name in VOCABULARY if not MAY_IMPORT[name] <= VOCABULARY] == []


def test_nothing_imports_in_a_circle() -> None:
    ordered: list[str] = []
    left = dict(MAY_IMPORT)
    while ready := [name for name, allowed in left.items() if allowed <= set(ordered)]:
        ordered += ready
        left = {name: allowed for name, allowed in left.items() if name not in ready}
    assert left == {}


def test_a_breach_is_seen() -> None:
    """The walk sees an import in a function, one for types only, and one of the package itself."""
    text = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from grimoire.resolve import resolve
def late():
    from grimoire import compose
    import grimoire.read
    from . import write
"""
    expected = ["grimoire.resolve", "grimoire.compose", "grimoire.read", "."]
    assert sorted(imports(ast.parse(text))) == sorted(expected)


@pytest.mark.parametrize("path", sorted(modules()), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_says_what_it_is_for_and_why_it_is_long(path: Path) -> None:
    document = ast.get_docstring(modules()[path])
    assert document, "a module begins with what it is for"
    lines = len(path.read_text("utf-8").splitlines())
    if lines > LONGEST:
        assert REASON.search(document), f"{lines} lines, and the docstring gives no reason"


def test_the_page_on_the_architecture_names_every_module() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+)(?:\.py|/)", page))
    assert sorted(MAY_IMPORT.keys() - {"__init__", "__main__"} - named) == []

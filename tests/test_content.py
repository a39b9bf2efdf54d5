"""This repository's own glossary: its code runs and prints what it says, and no entry is out of reach."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from grimoire.building import Options, build, check

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PRINT = re.compile(r"^print\(.*\)\s+#\s*(.*)$", re.MULTILINE)
VALUE = re.compile(r"[\d\[({'\"-]|True|False|None")
"""How a remark begins that says what is printed; others are prose."""


def samples() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "content").rglob("*.md")):
        for number, code in enumerate(FENCE.findall(path.read_text("utf-8")), start=1):
            yield f"{path.stem}-{number}", code


SAMPLES = dict(samples())


def in_one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_of_code_prints_what_it_says(name: str) -> None:
    code = SAMPLES[name]
    if "import torch" in code:
        pytest.skip("needs torch, which no test installs")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(ast.parse(code), name, "exec"), {"__name__": name})  # noqa: S102  our own content
    remarks = [in_one_line(remark) for remark in PRINT.findall(code)]
    printed = [in_one_line(line) for line in out.getvalue().splitlines()]
    if any(line.startswith((" ", "\t")) and "print(" in line for line in code.splitlines()):
        printed = printed[-len(remarks) :]
    expected = [remark for remark in remarks if VALUE.match(remark)]
    for remark in expected:
        assert any(remark == line or re.match(rf"{re.escape(line)}(?![\d.])", remark) for line in printed), (
            f"{name} says {remark!r} and prints {printed}"
        )


NO_WORDS = re.compile(
    r"\A---\n.*?\n---\n|^```.*?^```$|\$\$.*?\$\$|^\|.*?$|\$[^$]+\$|(?<=\])\([^)]*\)|\[\[[^]|]+\|",
    re.MULTILINE | re.DOTALL,
)
"""What of an entry is no running text: its fields, code, formulas, tables, and where links lead."""


def test_an_entry_is_long_enough_to_teach_and_short_enough_to_be_read() -> None:
    words = {
        path.name: sum(
            any(map(str.isalnum, word)) for word in NO_WORDS.sub(" ", path.read_text("utf-8")).split()
        )
        for path in sorted((ROOT / "content/terms").glob("*.md"))
    }
    assert {name: count for name, count in words.items() if not 60 <= count <= 250} == {}


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    out = tmp_path_factory.mktemp("ours") / "public"
    built = build(Options(ROOT, out=out, remember=False))
    assert built.diagnostics == (), "the glossary is built without a word"
    found: list[dict[str, Any]] = json.loads((out / "glossary.json").read_text("utf-8"))["terms"]
    return found


def test_no_term_is_an_orphan() -> None:
    checked = check(Options(ROOT, remember=False))
    assert [one.path for one in checked.diagnostics if one.code == "orphan-term"] == []


def test_every_term_has_a_definition_topics_and_neighbours(records: list[dict[str, Any]]) -> None:
    settings = yaml.safe_load((ROOT / "content/site.yaml").read_text("utf-8"))
    topics = settings["topics"].keys()
    assert len(topics) <= 15
    lacking = {}
    for one in records:
        ties = {tie["to"] for tie in one["links"] + one["relations"]}
        is_whole = (
            one["summary"] and 1 <= len(one["tags"]) <= 3 and topics >= {*one["tags"]} and len(ties) >= 3
        )
        if one["kind"] == "term" and not (is_whole or one["redirect"]):
            lacking[one["slug"]] = one["tags"], ties
    assert lacking == {}

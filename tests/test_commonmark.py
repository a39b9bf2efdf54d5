"""Every example of the CommonMark specification, with the dialect's rules switched on.

The examples come from the npm package commonmark-spec, which an editable install leaves in
``src/grimoire/frontend/dist-tests/``. What GFM adds to CommonMark is in ``tests/syntax/gfm.md``.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from grimoire import frontend
from grimoire.parse.markdown import parser

SPECIFICATION = Path(frontend.__file__).parent / "dist-tests/commonmark.txt"

EXCEPTIONS = {
    523: "brackets may name a term, and bind tighter than emphasis, as a link does",
    559: "`[[…]]` is a link by name",
    608: "a bare address is a link, as in GFM",
    611: "a bare address is a link, as in GFM",
    612: "a bare address is a link, as in GFM",
}
"""The examples that come out otherwise here, and why."""


class Example(NamedTuple):
    number: int
    markdown: str
    html: str


def examples() -> list[Example]:
    text = SPECIFICATION.read_text(encoding="utf-8").replace("→", "\t")
    found = re.findall(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$", text, re.DOTALL | re.MULTILINE)
    return [Example(number, *pair) for number, pair in enumerate(found, 1)]


def as_written(tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    """What the dialect's own tokens would be in CommonMark: the text they were made of."""
    token = tokens[index]
    bracket = {"ref_open": "[", "ref_close": "]"}.get(token.type, "")
    return bracket * (1 if token.meta.get("syntax") == "bracket" else 2) + token.content


@pytest.fixture(scope="module")
def markdown_it() -> MarkdownIt:
    """A parser of our own, for it gets rules that render the dialect's tokens."""
    ours = parser.__wrapped__(smart=False)
    for name in ("ref_open", "ref_close", "embed", "verbatim", "tag"):
        ours.add_render_rule(name, lambda _renderer, *arguments: as_written(*arguments))
    return ours


def normal(text: str) -> str:
    """markdown-it writes an empty quote without a line end in it."""
    return text.replace("<blockquote>\n</blockquote>", "<blockquote></blockquote>")


def test_the_examples_are_there() -> None:
    assert SPECIFICATION.exists(), "run `pip install -e .` again, where npm or a network is to be had"
    assert len(examples()) == 652


def test_each_example_comes_out_as_specified_or_is_listed(markdown_it: MarkdownIt) -> None:
    gives = {one: str(markdown_it.render(one.markdown)) for one in examples()}
    differing = {one: html for one, html in gives.items() if normal(html) != normal(one.html)}
    unexpected = [
        f"{one.number}: {one.markdown!r}\n  wants {one.html!r}\n  gives {html!r}"
        for one, html in differing.items()
        if one.number not in EXCEPTIONS
    ]
    assert not unexpected, "\n".join(unexpected)
    assert {one.number for one in differing} == set(EXCEPTIONS), "an exception is no longer one"

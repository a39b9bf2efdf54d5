"""Front matter in TOML and JSON: the same fields as YAML's, each with its place."""

import json
import tomllib
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grimoire.diagnostics import Diagnostic
from grimoire.parse.front_matter import FrontMatter, read
from grimoire.source import Source, Span


def in_toml(toml: str) -> Source:
    return Source("entry.md", f"+++\n{toml}\n+++\nThe body.\n")


def fields(source: Source) -> FrontMatter:
    found, faults = read(source)
    assert faults == []
    assert source.text[found.end :] == "The body.\n"
    return found


def fault(source: Source) -> tuple[Diagnostic, str]:
    """The one thing that is wrong, and the text it points at."""
    (one,) = read(source)[1]
    assert one.span is not None
    return one, source.text[one.span.start : one.span.end]


# ------------------------------------------------------------------------------------ the block


@pytest.mark.parametrize(
    "text",
    [
        "+++", "+++ x\n", "++++\nx = 1\n++++\n", "\n+++\nx = 1\n+++\n", "+++\n\ntext\n", "+ + +\n", "{", "{}\n",
        "{\n}\n", "{{< figure >}}\n", "{: .note}\n", '{"a": 1}\n', '{\n"a": 1\n} is a set\n', "{ a: 1 }\n",
        '{\n"a", "b"\n}\n',
    ],
)  # fmt: skip
def test_a_file_without_a_block(text: str) -> None:
    assert read(Source("entry.md", text)) == (FrontMatter(), [])


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("+++\ntitle = 'x'\n+++\nbody", "body"),
        ("+++  \ntitle = 'x'\n+++ \n\nbody", "\nbody"),
        ("+++\ntitle = 'x'\n+++", ""),
        ("+++\n+++\nbody", "body"),
        ("+++\n# only a comment\n+++\nbody", "body"),
        ("+++\ntitle = 'a +++ b'\n+++\nbody\n+++\n", "body\n+++\n"),
        ('{\n"title": "x"\n}\nbody', "body"),
        ('{ \n"title": "x"} \n\nbody', "\nbody"),
        ('{\n"title": "}\\n"\n}', ""),
        ('{\n"title": "x",\n"a": {\n}\n}\nbody', "body"),
    ],
)
def test_where_the_body_begins(text: str, rest: str) -> None:
    found, faults = read(Source("entry.md", text))
    assert text[found.end :] == rest
    assert faults == []


@pytest.mark.parametrize(
    ("text", "fence"), [("+++\ntitle = 'x'\n\nbody", "+++"), ('{\n"title": "x"\n\nbody', "{")]
)
def test_a_block_that_is_never_closed(text: str, fence: str) -> None:
    found, (one,) = read(Source("entry.md", text))
    assert (found.end, one.code, one.span) == (0, "broken-front-matter", Span(0, len(fence)))
    assert f"`{fence}` and never closed" in one.message


@pytest.mark.parametrize(
    ("toml", "where", "problem"),
    [
        ("title: x", ": x", "expected `=` after a key"),
        ("a = 1\ntitle = x", "x", "invalid value"),
        ("title = 'x' y", "y", "expected newline"),
        ("a = 1\na = 2", "\n", "cannot overwrite a value"),
        ("title = 'x", "\n", "expected `'`"),
        ("a = " + "[" * 5000, "a", "nested too deep"),
        ("a = " + "[" * 150 + "]" * 150, "a", "nested too deep"),
        ("a." * 5000 + "b = 1", "a", "nested too deep"),
        ("[" + "a." * 5000 + "b]", "a", "nested too deep"),
        ("a = " + "1" * 5000, "a", "number in it is too long"),
    ],
)
def test_a_block_that_is_no_toml(toml: str, where: str, problem: str) -> None:
    one, text = fault(in_toml(toml))
    assert one.code == "broken-front-matter"
    assert problem in one.message
    assert text == where[:1]
    assert read(in_toml(toml))[0] == FrontMatter(end=len(in_toml(toml).text) - len("The body.\n"))


@pytest.mark.parametrize(
    ("inner", "where", "problem"),
    [
        ('"title": x', "x", "expecting value"),
        ('"title": "x",', "}", "expecting property name"),
        ('"title": "x" "a": 1', '"', "expecting `,` delimiter"),
        ('"a": ' + "[" * 5000 + "]" * 5000, "{", "nested too deep"),
        ('"a": ' + "[" * 150 + "]" * 150, '"', "nested too deep"),
        ('"a": ' + "1" * 5000, "{", "number in it is too long"),
    ],
)
def test_a_block_that_is_no_json(inner: str, where: str, problem: str) -> None:
    source = Source("entry.md", f"{{\n{inner}\n}}\nThe body.\n")
    one, text = fault(source)
    assert (one.code, text) == ("broken-front-matter", where)
    assert problem in one.message
    assert source.text[read(source)[0].end :] == "The body.\n"


# ------------------------------------------------------------------------------------ each field


@pytest.mark.parametrize(
    ("toml", "attribute", "value"),
    [
        ("title = 'A Ring'", "title", "A Ring"),
        ('title = "A \\u2124 ring"', "title", "A ℤ ring"),
        ("title = 010_0 # no", "title", ""),
        ("title = 1_000", "title", "1000"),
        ("title = false", "title", "false"),
        ('"title" = "x"', "title", "x"),
        ("title = '''\nover\nlines'''", "title", "over lines"),
        ('title = """a = "b" """', "title", 'a = "b"'),
        ("slug = 'ideal'", "id", "ideal"),
        ("tags = ['a', 'b c']", "tags", ("a", "b c")),
        ("categories = ['a']", "tags", ("a",)),
        ("date = 2023-09-05T11:37:46+02:00", "created", "2023-09-05T11:37:46+02:00"),
        ("date = 2023-09-05", "created", "2023-09-05"),
        ("date = '2023-09-05'", "created", "2023-09-05"),
        ("lastmod = 2023-09-05 11:37:46", "modified", "2023-09-05T11:37:46"),
        ("draft = true", "draft", True),
        ("draft = false", "draft", False),
        ("[author]\nname = 'A. Author'", "author", "A. Author"),
        ("author.name = 'A. Author'", "author", "A. Author"),
        ("[[authors]]\nname = 'A'\n[[authors]]\nname = 'B'", "author", "A, B"),
        ("[macros]\nR = '\\mathbb{R}'", "macros", (("\\R", "\\mathbb{R}"),)),
        ("macros = { R = '\\mathbb{R}' }", "macros", (("\\R", "\\mathbb{R}"),)),
        ("weight = 3\n[math]\nenable = true\n[params.x]\ny = [1.5, inf, nan, 07:30:00]", "title", ""),
    ],
)
def test_a_field_of_toml(toml: str, attribute: str, value: object) -> None:
    if "# no" in toml:
        assert read(in_toml(toml))[1]
        return
    assert getattr(fields(in_toml(toml)), attribute) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"title": "A Ring", "draft": False}, {"title": "A Ring"}),
        ({"title": None, "draft": True, "weight": 3}, {"draft": True}),
        ({"tags": ["a", "b"], "author": {"name": "A"}}, {"tags": ("a", "b"), "author": "A"}),
        ({"title": "𝕏 é", "date": "2023-09-05"}, {"title": "𝕏 é", "created": "2023-09-05"}),
        ({"macros": {"R": "\\mathbb{R}"}}, {"macros": (("\\R", "\\mathbb{R}"),)}),
    ],
)
def test_fields_of_json(value: Mapping[str, object], expected: Mapping[str, object]) -> None:
    for indent in (0, 1, "\t"):
        found = fields(Source("entry.md", json.dumps(value, indent=indent) + "\nThe body.\n"))
        assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+++\naliases = ['a', \"b\"]\n+++\n", [("a", "a"), ("b", "b")]),
        ("+++\naliases = [\n  'a, b', # 'c'\n  'c',\n]\n+++\n", [("a, b", "a, b"), ("c", "c")]),
        ("+++\nx = 'a'\naliases = 'a'\n+++\n", [("a", "a")]),
        ('+++\naliases = ["\\u00e9", "b"]\n+++\n', [("é", "aliases"), ("b", "b")]),
        ("+++\naliases = ['a', 'a']\n+++\n", [("a", "a"), ("a", "a")]),
        ('{\n"x": "a: b",\n"aliases": ["a", "b c"]\n}\n', [("a", "a"), ("b c", "b c")]),
        ('{\n"aliases": ["\\u00e9"]\n}\n', [("é", '"aliases"')]),
    ],
)
def test_aliases_with_their_places(text: str, expected: list[tuple[str, str]]) -> None:
    found, faults = read(Source("entry.md", text))
    assert faults == []
    assert [(name, text[at.start : at.end]) for name, at in found.aliases] == expected
    spans = [at.start for _, at in found.aliases]
    assert spans == sorted(spans)
    assert all(start > text.index("alias") - 2 for start in spans)


@pytest.mark.parametrize(
    ("source", "code", "message", "line"),
    [
        (
            in_toml("a = '''\ndraft = 1\n'''\ndraft = 'soon'"),
            "invalid-field",
            "got the text `soon`",
            "draft = 'soon'",
        ),
        (in_toml("title = ['x']"), "invalid-field", "`title` wants a text, got a list", "title = ['x']"),
        (in_toml("x = 1\n[title]\ny = 2"), "invalid-field", "got a mapping", "[title]"),
        (in_toml("relatd = ['x']"), "unknown-field", "no field `relatd`", "relatd = ['x']"),
        (in_toml('"relatd" = ["x"]'), "unknown-field", "no field `relatd`", '"relatd" = ["x"]'),
        (in_toml('x = 1\n"rel\\u0061td" = 1'), "unknown-field", "no field `relatd`", '"rel\\u0061td" = 1'),
        (in_toml("slug = 'a'\nid = 'b'"), "duplicate-field", "`id` and `slug` disagree", "id = 'b'"),
        (
            Source("a.md", '{\n"x": {"draft": 1},\n"draft": 1\n}\n'),
            "invalid-field",
            "got the text `1`",
            '"draft": 1',
        ),
        (
            Source("a.md", '{\n"title": "a",\n"title": "b"\n}\n'),
            "duplicate-field",
            "`title` stands twice",
            None,
        ),
    ],
)
def test_what_is_wrong_is_shown_in_its_line(
    source: Source, code: str, message: str, line: str | None
) -> None:
    one, _ = fault(source)
    assert one.span is not None
    assert one.code == code
    assert message in one.message
    if line:
        assert source.text[source.text.rfind("\n", 0, one.span.start) + 1 :].split("\n")[0] == line


def test_characters_that_no_text_may_hold() -> None:
    assert fields(in_toml('title = "a\\u0000"')).title == "a\ufffd"
    for name in ("\\u0000", "\\ud800", "\\ufdd0"):
        assert fields(Source("a.md", f'{{\n"title": "a{name}"\n}}\nThe body.\n')).title == "a\ufffd"


# ---------------------------------------------------------------------------------- any text


MARKS = r"""[ ] [[ ]] { } , ' " ''' \""" = . # \u0041 \ : title tags draft date true 1 1.5 2024-09-20 [a.b] a = é𝕏 +++""".split()
PIECES = st.sampled_from(
    [*MARKS, "\n", "\n", " ", "\t", "\x07", "title = 'x'\n", "[x]\n", '"title": "x",\n', "{\n", "\n}"]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=80))


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(["+++\n{}\n+++\nbody", '{{\n"a": 1,{}\n}}\nbody', '{{\n"a": {}\n}}\nbody']))
def test_any_block_is_read_or_reported(text: str, frame: str) -> None:
    source = Source("entry.md", frame.format(text.replace("\r", "").replace("\0", "")))
    found, faults = read(source)
    length = len(source.text)
    assert 0 <= found.end <= length
    for one in faults:
        assert one.span is not None
        assert 0 <= one.span.start <= one.span.end <= length
        assert one.severity
    assert all(0 <= at.start <= at.end <= length for _, at in found.aliases)


KEYS = st.text("abAB-_", min_size=1, max_size=3)
VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-99, 99), st.text("ab =\"'#[]{},\n", max_size=6)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=4), st.text("ab =[]#", min_size=1, max_size=6))
def test_a_title_is_found_wherever_it_stands(before: dict[str, object], title: str) -> None:
    """What stands before a field, sound TOML or JSON, hides neither its value nor its line."""
    toml = "\n".join(f"{json.dumps(name)} = {_toml(value)}" for name, value in before.items())
    assert tomllib.loads(toml) == before
    for text in (
        f"+++\n{toml}\ntitle = {json.dumps(title)}\n+++\n",
        json.dumps({**before, "title": title}, indent=1) + "\n",
    ):
        found, faults = read(Source("entry.md", text))
        assert [one.code for one in faults if one.code not in {"unknown-field", "duplicate-field"}] == []
        assert found.title == " ".join(title.split())
        line = text[text.rfind("\n", 0, found.title_span.start) + 1 :].split("\n")[0]
        assert line.startswith(("title = ", ' "title": '))


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {_toml(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)

"""Diagnostics as text and as JSON, to the letter."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grimoire.diagnostics import CODES, Diagnostic, Place, as_json, as_text, order
from grimoire.source import Span


def shown(text: str, start: int, end: int, **more: object) -> str:
    one = Diagnostic("missing-term", "ring.md", Span(start, end), "nothing is named `x`", **more)  # type: ignore[arg-type]
    return as_text(one, {"ring.md": text}.get)


def test_a_fault_with_its_line_its_reason_and_its_cure() -> None:
    text = "# Ring\n\nA ring is an [[abelian groop]].\n"
    assert shown(text, 21, 38, why="no title is like it", help="did you mean `abelian group`?") == (
        "ring.md:3:14: warning[missing-term]: nothing is named `x`\n"
        "  |\n"
        "3 | A ring is an [[abelian groop]].\n"
        "  |              ^^^^^^^^^^^^^^^^^\n"
        "  = why: no title is like it\n"
        "  = help: did you mean `abelian group`?"
    )


def test_tabs_keep_their_width() -> None:
    assert shown("\ta\t[x]", 3, 6).splitlines()[2:] == ["1 | \ta\t[x]", "  | \t \t^^^"]


def test_wide_characters_take_two_columns_and_marks_none() -> None:
    assert shown("注意 [力]", 3, 6).splitlines()[2:] == ["1 | 注意 [力]", "  |      ^^^^"]
    assert shown("e\u0301 [x]", 3, 6).splitlines()[2:] == ["1 | e\u0301 [x]", "  |   ^^^"]


def test_a_span_over_lines_is_marked_to_the_end_of_its_first() -> None:
    assert shown("a [b\nc] d", 2, 7).splitlines()[2:] == ["1 | a [b", "  |   ^^"]


def test_an_empty_span_has_one_caret_also_at_the_end() -> None:
    assert shown("ab", 1, 1).splitlines()[2:] == ["1 | ab", "  |  ^"]
    assert shown("ab\n", 3, 3).splitlines() == [
        "ring.md:2:1: warning[missing-term]: nothing is named `x`",
        "  |",
        "2 | ",
        "  | ^",
    ]


def test_a_long_line_is_cut_around_the_place() -> None:
    _, _, line, carets = shown("x" * 200 + "[[y]]" + "z" * 200, 200, 205).splitlines()
    assert line == "1 | …" + "x" * 30 + "[[y]]" + "z" * 65 + "…"
    assert carets == "  | " + " " * 31 + "^" * 5
    _, _, line, carets = shown("[[y]]" + "z" * 200, 0, 5).splitlines()
    assert line == "1 | [[y]]" + "z" * 95 + "…"
    assert carets == "  | ^^^^^"
    _, _, line, carets = shown("x" * 200 + "[[y]]", 200, 205).splitlines()
    assert line == "1 | …" + "x" * 95 + "[[y]]"
    assert carets == "  | " + " " * 96 + "^" * 5


def test_a_mark_longer_than_the_shown_part_ends_with_it() -> None:
    _, _, line, carets = shown("x" * 300, 100, 300).splitlines()
    assert len(line) == len("1 | …") + 100 + 1
    assert carets == "  | " + " " * 31 + "^" * 70


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert shown("a \x1b[31m [x]", 8, 11).splitlines()[2] == "1 | a ␛[31m [x]"


def test_other_places_are_shown_with_what_they_are_and_all_numbers_aligned() -> None:
    texts = {"a.md": "aliases: [x]\n", "b.md": "\n" * 11 + "alias: x\n"}
    one = Diagnostic(
        "duplicate-alias",
        "a.md",
        Span(10, 11),
        "`x` is declared twice",
        help="remove one",
        related=(Place("b.md", Span(18, 19), "first here"), Place("gone.md", Span(0, 1), "and here")),
    )
    assert as_text(one, texts.get) == (
        "a.md:1:11: warning[duplicate-alias]: `x` is declared twice\n"
        "   |\n"
        " 1 | aliases: [x]\n"
        "   |           ^\n"
        " ::: b.md:12:8\n"
        "   |\n"
        "12 | alias: x\n"
        "   |        ^ first here\n"
        " ::: gone.md: and here\n"
        "   = help: remove one"
    )


def test_a_fault_of_a_whole_file_or_of_no_file() -> None:
    none: dict[str, str] = {}
    whole = Diagnostic("unsupported-diagram", "a.tex", None, "not read yet", why="later")
    assert as_text(whole, none.get) == "a.tex: warning[unsupported-diagram]: not read yet\n  = why: later"
    nowhere = Diagnostic("engine-failure", "", None, "the engine stopped")
    assert as_text(nowhere, none.get) == "error[engine-failure]: the engine stopped"


def test_colour_is_on_the_code_alone() -> None:
    one = Diagnostic("unknown-language", "a.md", None, "no highlighter")
    coloured = as_text(one, {"a.md": ""}.get, colour=True)
    assert coloured == "a.md: \033[1;36mnote[unknown-language]\033[0m: no highlighter"
    assert re.sub(r"\033\[[0-9;]*m", "", coloured) == as_text(one, {"a.md": ""}.get)


def test_json_has_lines_and_columns() -> None:
    one = Diagnostic(
        "missing-term", "a.md", Span(3, 6), "é", help="h", related=(Place("a.md", Span(0, 1), "here"),)
    )
    (row,) = json.loads(as_json([one], {"a.md": "x\n\n[y]\n"}.get))
    assert row == {
        "code": "missing-term",
        "severity": "warning",
        "path": "a.md",
        "line": 3,
        "column": 1,
        "end_line": 3,
        "end_column": 4,
        "message": "é",
        "why": None,
        "help": "h",
        "related": [
            {"path": "a.md", "line": 1, "column": 1, "end_line": 1, "end_column": 2, "label": "here"}
        ],
    }
    (row,) = json.loads(as_json([Diagnostic("engine-failure", "", None, "m")], {"": ""}.get))
    assert (row["path"], row["line"], row["column"]) == (None, None, None)
    assert json.loads(as_json([], {"": ""}.get)) == []


def test_order_is_by_file_place_and_code() -> None:
    def one(path: str, start: int | None, code: str = "raw-html") -> Diagnostic:
        return Diagnostic(code, path, None if start is None else Span(start, start), "m")

    expected = [
        one("", None),
        one("a", None),
        one("a", 2),
        one("a", 10, "missing-term"),
        one("a", 10),
        one("b", 1),
    ]
    assert sorted(expected[3:] + expected[:3], key=order) == expected


@given(st.text(), st.integers(0, 50), st.integers(0, 50))
def test_any_place_can_be_shown(text: str, start: int, length: int) -> None:
    lines = shown(text, start, start + length).split("\n")
    assert lines[0].startswith("ring.md:")
    assert lines[-1].strip(" |\t").strip("^") == ""
    assert lines[-1].count("^") >= 1


@pytest.mark.parametrize("code", CODES)
def test_every_code_explains_itself(code: str) -> None:
    severity, text = CODES[code]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", code)
    assert severity in {"error", "warning", "note"}
    assert text[0].isupper()
    assert text.endswith(".")


def test_codes_are_in_order() -> None:
    assert list(CODES) == sorted(CODES)

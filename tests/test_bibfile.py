"""`.bib` files as they are written: what their fields say, and where each piece of it stands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grimoire.bibfile import Value, read_bib
from grimoire.source import Span


def pieces(text: str, value: Value) -> list[tuple[str, str]]:
    """Each piece of a value beside what stands at its place in the file."""
    starts = [start for start, _ in value.parts]
    ends = [*starts[1:], len(value.text)]
    return [
        (value.text[start:end], text[span.start : span.end])
        for start, end, (_, span) in zip(starts, ends, value.parts, strict=True)
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{A {B} C}", [("A {B} C", "A {B} C")]),
        ('"A {"}B"', [('A {"}B', 'A {"}B')]),
        ("1948", [("1948", "1948")]),
        ("both # { and } # 12", [("Bell and AT&T", "both"), (" and ", " and "), ("12", "12")]),
        ("jan", [("jan", "jan")]),
    ],
)
def test_each_piece_of_a_value_knows_its_place(value: str, expected: list[tuple[str, str]]) -> None:
    text = f"@string{{both = {{Bell and AT&T}}}}\n@entry{{key, other = {{x}},\n  Name = {value},\n}}\n"
    (entry,), faults = read_bib("a.bib", text)
    assert (entry.kind, entry.key, list(entry.fields), faults) == ("entry", "key", ["other", "name"], [])
    assert pieces(text, entry.fields["name"]) == expected
    assert entry.written == text[entry.span.start : entry.span.end]


def test_a_name_that_stands_for_no_text_is_told_at_its_place() -> None:
    text = "@entry{key, namely = {x}, name = name # {!}}"
    (entry,), (fault,) = read_bib("a.bib", text)
    assert entry.fields["name"].text == "name!"
    assert fault.span is not None
    assert fault.span == Span(text.index("name #"), text.index(" #"))


def test_texts_made_of_texts_do_not_grow_without_end() -> None:
    """Forty times the double of the one before, and one of them used very often."""
    doubled = "".join(f"@string{{a{n} = a{n - 1} # a{n - 1}}}\n" for n in range(1, 41))
    often = " # ".join(["a0"] * 1000)
    text = f'@string{{a0 = "{"x" * 100}"}}\n{doubled}@entry{{key, name = a40, other = {often}}}'
    (entry,), faults = read_bib("a.bib", text)
    assert [len(value.text) for value in entry.fields.values()] == [25600, 50000]
    assert all("is too long" in fault.message for fault in faults)
    first = faults[0].span
    assert first is not None
    assert text[first.start : first.end] == "a8"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["@entry{", "@string{", "a", "=", "{", "}", '"', ",", "#", "\\", "%", "\n", " ", "é"]
        ),
        max_size=30,
    ).map("".join)
)
def test_whatever_a_file_says_its_places_are_in_it(text: str) -> None:
    entries, faults = read_bib("a.bib", text)
    spans = [fault.span for fault in faults] + [entry.span for entry in entries]
    spans += [span for entry in entries for value in entry.fields.values() for _, span in value.parts]
    assert all(span is not None and 0 <= span.start <= span.end <= len(text) for span in spans)

"""From bytes to text, and from offsets to lines and columns."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grimoire.source import Source, decode, line_starts, position


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (b"\xef\xbb\xbf# A\r\nb\rc\n", "# A\nb\nc\n"),
        ("é𝕏".encode(), "é𝕏"),
        (b"\r\r\n\n", "\n\n\n"),
        ("a\x0bb\x0c\x85c\td".encode(), "a b  c\td"),
    ],
)
def test_text_in_its_normal_form(raw: bytes, text: str) -> None:
    assert decode(raw) == (text, None)


@pytest.mark.parametrize(
    ("raw", "text", "bad"),
    [
        (b"caf\xe9", "caf\ufffd", 3),
        (b"\xef\xbb\xbf\xc3\xa9\r\n\xff x", "é\n\ufffd x", 2),
        (b"\xff\xfea\0", "\ufffd\ufffda\ufffd", 0),
        (b"\0caf\xe9", "\ufffdcaf\ufffd", 0),
        (b"ab\0", "ab\ufffd", 2),
        ("a\ufdd0b\ufdefc".encode(), "a\ufffdb\ufffdc", 1),
        ("é\x80\U0010ffff\ufffe\x1f\x7f".encode(), "é" + 5 * "\ufffd", 1),
    ],
)
def test_what_is_no_text_is_told_where(raw: bytes, text: str, bad: int) -> None:
    assert decode(raw) == (text, bad)


@given(st.binary())
def test_any_bytes_become_text(raw: bytes) -> None:
    text, bad = decode(raw)
    assert "\r" not in text
    assert "\0" not in text
    assert not any("\ufdd0" <= char <= "\ufdef" or ord(char) & 0xFFFE == 0xFFFE for char in text)
    assert not any(unicodedata.category(char) == "Cc" for char in text.translate({9: None, 10: None}))
    assert bad is None or text[bad] == "\ufffd"
    assert decode(text.encode()) == (text.removeprefix("\ufeff"), None)


@pytest.mark.parametrize(
    ("offset", "place"),
    [(0, (1, 1)), (1, (1, 2)), (2, (1, 3)), (3, (2, 1)), (4, (3, 1)), (5, (3, 2)), (99, (3, 2))],
)
def test_position(offset: int, place: tuple[int, int]) -> None:
    assert position("a𝕏\n\nb", offset) == place
    assert position("a𝕏\n\nb", -1) == (1, 1)


@given(st.text(), st.integers(0, 300))
def test_a_position_leads_back_to_its_offset(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    line, column = position(text, offset)
    assert line_starts(text)[line - 1] + column - 1 == offset


def test_the_digest_is_of_path_and_text() -> None:
    assert Source("a.md", "b").digest == Source("a.md", "b").digest
    assert len({Source("a.md", "b").digest, Source("b.md", "b").digest, Source("a.md", "c").digest}) == 3

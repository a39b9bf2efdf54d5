"""The index in the order of each language's alphabet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grimoire.collation import _ALPHABETS, _FURTHER, Collation
from grimoire.names import initial, sort_key

if TYPE_CHECKING:
    from tests.conftest import SiteFolder

LANGUAGES = sorted({*_FURTHER, *_ALPHABETS, "en", "fr", "de", "ja"})


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", "Aal Ångström Apfel Österreich Zebra"),
        ("fr", "cote côte coté côté cylindre école ecran œuvre"),
        ("de", "Apfel Äpfel Art Öl Ort Zebra"),
        ("sv", "Apa Zebra Ångström Äpple Örn"),
        ("fi-FI", "Apa Zebra Ångström Äpple Örn"),
        ("da", "Abe Zebra Æble Øl Ål"),
        ("nn", "Abe Zebra Æble Øl Ål"),
        ("es", "nabo nzema ñandú ñu oca"),
        ("cs", "cena člověk duha hrad chyba idea řeka slovo šum"),
        ("pl", "las lwy łan mama zero źle żaba"),
        ("tr", "cam çam ısı iz oda öz su şu"),
        ("et", "sada šokk zen žanr tee vesi õun äär öö ühik"),
        ("hr", "cesta čaj ćup džep đak lav ljeto nos njiva"),
        ("uk", "Гама Ґрунт Ера Єдність Ирій Ідея Їжак Йота Код"),
        ("ru", "Ёж Ель Жук Игра Йод Код"),
        ("el", "Άλγεβρα Βάση Γραμμή Όριο Ώρα"),
    ],
)
def test_titles_stand_in_the_order_of_their_language(language: str, titles: str) -> None:
    expected = titles.split()
    order = Collation(language)
    if language not in {"fr", "de", "en"}:
        assert sorted(set(expected), key=order.key) == expected
    else:  # where accents do not count, they are told apart somehow
        found = sorted(expected, key=order.key)
        assert [sort_key(title)[0] for title in found] == sorted(sort_key(title)[0] for title in expected)


@pytest.mark.parametrize(
    ("language", "title", "letter"),
    [
        *[
            ("en", "Ångström", "A"),
            ("sv", "Ångström", "Å"),
            ("sv", "«Ångström»", "Å"),
            ("sv-SE", "β-VAE", "B"),
        ],
        *[("cs", "chyba", "Ch"), ("cs", "Chyba", "Ch"), ("cs", "Cena", "C"), ("es", "Ñu", "Ñ")],
        *[("tr", "Isı", "I"), ("tr", "İz", "İ"), ("tr", "iz", "İ"), ("en", "Iz", "I")],
        *[("ja", "注意", "漢"), ("ja", "アルファ", "あ"), ("ja", "ひらがな", "あ"), ("zh", "梯度", "漢")],
        *[("ko", "주의", "ㅈ"), ("ko", "가", "ㄱ"), ("ko", "힣", "ㅎ"), ("ko", "까", "ㄱ")],
        *[("ru", "Йод", "Й"), ("ru", "Ёж", "Е"), ("el", "Ώρα", "Ω"), ("en", "Λόγος", "Λ")],
        *[("tlh", "qapla'", "Q"), ("", "3D", "#"), ("sv", "+", "#"), ("sv", "", "#")],
    ],
)
def test_the_letter_of_a_title(language: str, title: str, letter: str) -> None:
    assert Collation(language).initial(title) == letter


def test_the_bar_of_letters_is_the_alphabet() -> None:
    assert "".join(Collation("en").alphabet) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert "".join(Collation("sv").alphabet) == "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ"
    assert "".join(Collation("es").alphabet) == "ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    assert Collation("cs").alphabet[8:11] == ("H", "Ch", "I")
    assert "".join(Collation("el").alphabet).startswith("ΑΒΓ")


@pytest.mark.parametrize(
    "language", sorted({*LANGUAGES} - {"el"})
)  # its single letters stand as they are read
def test_the_letters_of_an_alphabet_are_in_its_own_order(language: str) -> None:
    order = Collation(language)
    assert list(order.alphabet) == sorted(order.alphabet, key=order.key)
    assert [order.initial(letter) for letter in order.alphabet] == list(order.alphabet)


@given(st.text(), st.sampled_from(LANGUAGES))
def test_every_title_has_a_letter_and_a_place(title: str, language: str) -> None:
    order = Collation(language)
    assert order.initial(title)
    assert order.key(title) == order.key(title)


@given(st.text())
def test_english_is_the_plain_order(title: str) -> None:
    assert Collation("en").key(title) == sort_key(title)
    letter = initial(title)
    assert Collation("en").initial(title) == letter or not letter.isascii()


def test_a_swedish_index(site: SiteFolder) -> None:
    site.write("site.yaml", "language: sv\n")
    for title in ("Ångström", "Zebra", "Apa"):
        site.write(f"{title.lower()}.md", f"# {title}\n\nx\n")
    site.build()
    page = site.page("index.html")
    assert page.index(">Apa<") < page.index(">Zebra<") < page.index(">Ångström<")
    assert '<a href="#Å">Å</a><span aria-hidden="true">Ä</span>' in page

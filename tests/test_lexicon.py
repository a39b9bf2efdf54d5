"""Names in running text: where one stands, where none does, and how much is looked at."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grimoire import lexicon
from grimoire.inflection import others
from grimoire.lexicon import DECLARED, Lexicon
from grimoire.names import fold, is_capitals

NAMES = (
    "Softmax",
    "Loss function",
    "Function",
    "SAE",
    "IT",
    "ReLU",
    "C",
    "C++",
    "Bayes’ theorem",
    "Cramér–Rao bound",
    "k-means",
    "注意力",
    "i.i.d.",
    "Q(λ)",
    "Entropy",
    "d’Alembert operator",
    "e/acc",
)


def of(*names: str, language: str = "en") -> Lexicon[str]:
    found: Lexicon[str] = Lexicon()
    for name in names:
        found.add(name, name)
        found.add_forms(name, name, language)
    return found


KNOWN = of(*NAMES)


def spotted(text: str, names: Lexicon[str] = KNOWN) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.value) for one in names.spot(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The softmax.", [("softmax", "Softmax")]),
        ("(Softmax)", [("Softmax", "Softmax")]),
        ("“softmax”, 'softmax'", [("softmax", "Softmax"), ("softmax", "Softmax")]),
        ("two softmaxes", [("softmaxes", "Softmax")]),
        ("loss functions", [("loss functions", "Loss function")]),
        ("a loss\nfunction", [("loss\nfunction", "Loss function")]),
        ("a loss-function", [("loss-function", "Loss function")]),
        ("LOSS FUNCTION", [("LOSS FUNCTION", "Loss function")]),
        ("no loss, function", [("function", "Function")]),
        ("SAE, SAEs, SAE's, SAE’s", [("SAE", "SAE"), ("SAEs", "SAE"), ("SAE", "SAE"), ("SAE", "SAE")]),
        ("IT is it", [("IT", "IT")]),
        ("ReLUs", [("ReLUs", "ReLU")]),
        ("C, C++ and C.", [("C", "C"), ("C++", "C++"), ("C", "C")]),
        ("Bayes' theorem", [("Bayes' theorem", "Bayes’ theorem")]),
        ("Bayes theorem", [("Bayes theorem", "Bayes’ theorem")]),
        ("cramer-rao bounds", [("cramer-rao bounds", "Cramér–Rao bound")]),
        ("K-Means", [("K-Means", "k-means")]),
        ("多头注意力机制", [("注意力", "注意力")]),
        ("i.i.d. data", [("i.i.d.", "i.i.d.")]),
        ("Q(λ) learns", [("Q(λ)", "Q(λ)")]),
        ("d'Alembert operators", [("d'Alembert operators", "d’Alembert operator")]),
        ("e/acc", [("e/acc", "e/acc")]),
        ("entropy’s, entropy's", [("entropy", "Entropy"), ("entropy", "Entropy")]),
        ("entropy: yes; entropy... entropy—softmax", [("entropy", "Entropy")] * 3 + [("softmax", "Softmax")]),
        ("e\u0301ntropy", [("e\u0301ntropy", "Entropy")]),
    ],
)
def test_names_are_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert spotted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("saes", "sae", "it", "It", "RELU", "relu", "Sae"),
        *(
            "cross-entropy",
            "entropy-based",
            "--entropy",
            "-entropy",
            "entropy/softmax",
            "/entropy",
            "entropy/",
        ),
        *(
            "entropy.py",
            "x.entropy",
            "entropy(x)",
            "entropy_of",
            "_entropy",
            "#entropy",
            "@entropy",
            "entropy@x.y",
        ),
        *("\\entropy", "$entropy", "entropy=1", "x=entropy", "entropy^2", "R&C", "entropy:x", "entropies2"),
        *(
            "entropyx",
            "xentropy",
            "entropy’x",
            "x’entropy",
            "don’t-entropy",
            "the xl’entropy",
            "\ufffcentropy",
        ),
        *("entropy\ufffc", "loss\n\nfunctional", "lossfunction", "c+", "C#", "*entropy*", "<entropy>"),
    ],
)
def test_names_are_not_found(text: str) -> None:
    assert spotted(text) == []


def test_articles_are_elided_in_french() -> None:
    names = of("Entropie croisée", "Information", language="fr")
    found = [("entropie croisée", "Entropie croisée"), ("Information", "Information")]
    assert spotted("L’entropie croisée, l'Information", names) == found
    assert spotted("d’ Information, xl’Information", names) == [("Information", "Information")]
    assert spotted("d'entropies croisées, xl’information", names) == [
        ("entropies croisées", "Entropie croisée")
    ]


def test_only_the_stretch_is_searched_and_its_surroundings_count() -> None:
    text = "softmax entropy softmax"
    assert [one.start for one in KNOWN.spot(text, 8, 15)] == [8]
    assert list(KNOWN.spot("softmax", 4, 7)) == []
    assert list(KNOWN.spot("entropyx", 0, 7)) == []
    assert list(of("max").spot("softmax", 4, 7)) == []


def test_the_longest_name_hides_what_is_inside() -> None:
    names = of("function", "loss")
    names.add("loss function", None)
    assert spotted("a loss function, a loss, a function", names) == [
        ("loss", "loss"),
        ("function", "function"),
    ]


def test_a_better_bearer_wins_and_equal_ones_are_nobody() -> None:
    names = of("axis", "axe")
    assert spotted("axis axe axes", names) == [("axis", "axis"), ("axe", "axe")]
    names.add("axes", "plot", rank=DECLARED)
    assert spotted("axes", names) == [("axes", "plot")]
    names.add("axes", "tool")
    assert spotted("axes", names) == [("axes", "tool")]
    names.add("axes", "other")
    assert spotted("axes", names) == []


def test_capitals_are_preferred_where_they_are_written() -> None:
    names: Lexicon[str] = Lexicon()
    names.add("Map", "map")
    names.add("MAP", "a posteriori")
    assert spotted("Map MAP map", names) == [("Map", "map"), ("MAP", "a posteriori"), ("map", "map")]


def test_a_name_can_be_asked_for_as_it_is_written() -> None:
    names: Lexicon[str] = Lexicon()
    names.add("Git", "git", is_as_written=True)
    assert spotted("Git git GIT", names) == [("Git", "git")]


@pytest.mark.parametrize(
    ("text", "value"),
    [("SAEs", "SAE"), ("SAE", "SAE"), ("the SAE", None), ("SAE’s", None), ("", None), ("SAE SAE", None)],
)
def test_a_whole_text(text: str, value: str | None) -> None:
    assert KNOWN.whole(text) == value


@pytest.mark.parametrize("name", ["", " ", "(odd)", "…", "-x", " ".join(["word"] * 30)])
def test_what_is_no_name_is_never_found(name: str) -> None:
    assert spotted(f"a {name} b {name}", of(name)) == []


def test_each_word_of_a_text_is_looked_at_once_however_many_names_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With names that all texts begin, but none goes on, each word is met twice at most: as the first and as the second."""
    looked_at = 0
    tokens = lexicon._tokens

    def counted(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
        nonlocal looked_at
        for one in tokens(text, start, end):
            looked_at += one[0] != " "
            yield one

    chance = random.Random(0)  # noqa: S311  a text, no secret
    vocabulary = [f"w{number}" for number in range(500)]
    text = " ".join(chance.choices(vocabulary, k=4000))
    costs = []
    for number in (10, 20_000):
        names: Lexicon[str] = Lexicon()
        for place in range(number):
            names.add(f"{vocabulary[place % 500]} z{place} {place}", "never met")
        monkeypatch.setattr(lexicon, "_tokens", counted)
        looked_at = 0
        assert list(names.spot(text, 0, len(text))) == []
        costs.append(looked_at)
        monkeypatch.setattr(lexicon, "_tokens", tokens)
    assert costs[1] <= 2 * 4000


WORDS = st.sampled_from(
    "loss function functions softmax SAE SAEs IT it entropy l’ ' ’s - -- / . , : ( ) ( ++ C é 注意力 \n \ufffc _ # & of".split(
        " "
    )
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(WORDS, max_size=20).map(" ".join),
    st.lists(WORDS, max_size=20).map("".join),
)


@given(TEXTS)
def test_what_is_found_is_there(text: str) -> None:
    """In order, apart from each other, and alike to the name or a form of it."""
    behind = 0
    for start, end, name in KNOWN.spot(text, 0, len(text)):
        assert behind <= start < end <= len(text)
        behind = end
        shown = text[start:end]
        forms = {fold(name), *others(fold(name), "en"), fold(name) + "s"}
        assert fold(shown).replace("'", "") in forms or "lembert" in shown
        if is_capitals(name):
            assert name in shown


@given(st.lists(st.text(max_size=20), max_size=5), TEXTS)
def test_any_names_may_be_looked_for(names: list[str], text: str) -> None:
    found = of(*names)
    for one in found.spot(text, 0, len(text)):
        assert one.value in names

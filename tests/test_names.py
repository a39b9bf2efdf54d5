"""Names: what is alike, what an address is made of, what stands under which letter."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grimoire.names import (
    fold,
    initial,
    is_acronym_of,
    is_capitals,
    names_in_title,
    slugify,
    sort_key,
    tidy,
)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Softmax", "softmax"),
        ("L1 Regularization", "l1-regularization"),
        ("Cramér–Rao Lower Bound", "cramer-rao-lower-bound"),
        ("Itô Calculus", "ito-calculus"),
        ("β-VAE & Disentanglement", "beta-vae-disentanglement"),
        ("TD(λ)", "td-lambda"),
        ("τ-bench", "tau-bench"),
        ("ε-greedy", "epsilon-greedy"),
        ("e/acc", "e-acc"),
        ("Eigenvector / Eigenvalue", "eigenvector-eigenvalue"),
        ("Constitutional Classifiers++", "constitutional-classifiers-plus-plus"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("#1 rule", "1-rule"),
        ("snake_case _ and - more", "snake-case-and-more"),
        ("Bayes’ Theorem", "bayes-theorem"),
        ("Bayes' Theorem", "bayes-theorem"),
        ("“What is it?”", "what-is-it"),
        ("../../etc/passwd", "etc-passwd"),
        ("Straße Ærø łódź", "strasse-aero-lodz"),
        ("ﬁne x² ½", "fine-x2-1-2"),
        ("İstanbul", "istanbul"),
        ("注意力 机制", "注意力-机制"),
        ("हिन्दी", "हिन्दी"),
        ("Ёлка", "елка"),
        ("Ελληνικά", "ελληνικα"),
        ("soft\u00adhy\u200bphen", "softhyphen"),
        ("∑", "2211"),
        ("!?", "21-3f"),
        ("", "untitled"),
        (" ", "untitled"),
    ],
)
def test_slug(title: str, slug: str) -> None:
    assert slugify(title) == slug


@given(st.text())
@example("0\ud7fc\u1dc0")
def test_a_slug_is_its_own_slug(title: str) -> None:
    slug = slugify(title)
    assert slug
    assert slugify(slug) == slug


@given(st.text())
def test_a_slug_is_fit_for_an_address(title: str) -> None:
    slug = slugify(title)
    assert not set(slug) & set(" /\\.?#%&\"'<>_")
    assert not slug.startswith("-")
    assert not slug.endswith("-")
    assert "--" not in slug


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cross-Entropy", "cross entropy"),
        ("cross_entropy", "Cross Entropy"),
        ("Bayes’ theorem", "Bayes' Theorem"),
        ("Kullback–Leibler", "Kullback-Leibler"),
        ("Poincaré", "poincare"),
        ("STRASSE", "Straße"),
        ("ﬁne", "fine"),
        ("  two   blanks ", "two blanks"),
        ("e\u0301", "é"),
        ("soft\u00adhyphen", "softhyphen"),
        ("cœur", "coeur"),
        ("Ærø", "aero"),
        ("Łódź", "lodz"),
    ],
)
def test_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("C", "C++"), ("L1", "L2"), ("हिंदी", "हद"), ("μ", "m"), ("e/acc", "eacc")]
)
def test_not_alike(one: str, other: str) -> None:
    assert fold(one) != fold(other)


LETTERS = st.text(
    st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F, exclude_characters="İıſ"), min_size=1
)


@given(LETTERS)
def test_case_does_not_count(name: str) -> None:
    assert fold(name.upper()) == fold(name.lower()) == fold(name)


@given(
    st.lists(LETTERS, min_size=2, max_size=4),
    st.lists(st.sampled_from([*" -_‐‑‒–—−", "\u00a0", " - "]), min_size=3),
)
def test_hyphens_and_blanks_are_alike(words: list[str], joints: list[str]) -> None:
    joined = "".join(word + joint for word, joint in zip(words, [*joints[:3], ""], strict=False))
    assert fold(joined.strip()) == fold(" ".join(words[:4]))


@given(LETTERS, st.sampled_from("'’‘ʼ\"“”„«»`"), st.integers(0, 9))
def test_quotes_do_not_count(name: str, quote: str, place: int) -> None:
    assert fold(name[:place] + quote + name[place:]) == fold(name)


@given(LETTERS, st.sampled_from("\u0300\u0301\u0302\u0308\u0327\u030c"), st.integers(1, 9))
def test_accents_do_not_count(name: str, accent: str, place: int) -> None:
    assert fold(name[:place] + accent + name[place:]) == fold(name)


@pytest.mark.parametrize(
    "name", ["IT", "SAEs", "SAE's", "ReLU", "LoRA", "MoE", "t-SNE", "k-NN", "GPT-4", "L1", "AIs"]
)
def test_mostly_capitals(name: str) -> None:
    assert is_capitals(name)


@pytest.mark.parametrize(
    "name", ["it", "Adam", "AdamW", "PyTorch", "GloVe", "GAN loss", "β-VAE loss", "3", "", "注意力"]
)
def test_not_mostly_capitals(name: str) -> None:
    assert not is_capitals(name)


@given(st.text())
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(st.text())
def test_a_name_is_alike_to_its_tidy_form(name: str) -> None:
    assert fold(tidy(name)) == fold(name)
    assert tidy(tidy(name)) == tidy(name)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("RLHF", "Reinforcement Learning from Human Feedback"),
        ("LoRA", "Low Rank Adaptation"),
        ("k-NN", "k-Nearest Neighbors"),
        ("t-SNE", "t-Distributed Stochastic Neighbor Embedding"),
        ("MoE", "Mixture of Experts"),
        ("PEFT", "Parameter Efficient Fine Tuning"),
        ("BPTT", "Backpropagation through time"),
        ("SAEs", "Sparse autoencoders"),
    ],
)  # fmt: skip
def test_an_acronym(short: str, long: str) -> None:
    assert is_acronym_of(short, long)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("AI", "Alignment"),
        ("Fairness", "Bias"),
        ("Transformer", "Encoder/Decoder"),
        ("0", "TD"),
        ("Bio, Cyber", "Dangerous-Capability Evaluations"),
        ("", "x"),
        ("RL", ""),
    ],
)
def test_no_acronym(short: str, long: str) -> None:
    assert not is_acronym_of(short, long)


@pytest.mark.parametrize(
    ("title", "abbreviation", "others"),
    [
        ("Retrieval-Augmented Generation (RAG)", "RAG", ("Retrieval-Augmented Generation",)),
        ("AdaBoost (Adaptive Boosting)", "AdaBoost", ("Adaptive Boosting",)),
        ("Bias (Fairness)", "", ()),
        ("Key-Value (KV) Caching", "", ()),
        ("PixelCNN / PixelCNN++", "", ("PixelCNN", "PixelCNN++")),
        ("Adam/AdamW Optimizer", "", ()),
        ("Plain", "", ()),
    ],
)
def test_names_in_a_title(title: str, abbreviation: str, others: tuple[str, ...]) -> None:
    assert names_in_title(title) == (abbreviation, others)


@pytest.mark.parametrize(
    ("title", "letter"),
    [
        ("softmax", "S"),
        ("xLSTM", "X"),
        ("Élan", "E"),
        ("Łukasz", "L"),
        ("β-VAE", "B"),
        ("λ", "L"),
        ("Λόγος", "Λ"),
        ("e/acc", "E"),
        ("(e/acc)", "E"),
        ("“Quoted”", "Q"),
        ("3D", "#"),
        ("+", "#"),
        ("", "#"),
        ("注意力", "注"),
    ],
)
def test_the_letter_of_the_index(title: str, letter: str) -> None:
    assert initial(title) == letter


def test_order_of_the_index() -> None:
    titles = ["LoRA", "β-VAE", "Binomial", "“Lasso”", "BLEU", "Élan", "e/acc", "L1", "Eigenvalue", "L2"]
    expected = ["β-VAE", "Binomial", "BLEU", "e/acc", "Eigenvalue", "Élan", "L1", "L2", "“Lasso”", "LoRA"]
    assert sorted(titles, key=sort_key) == expected


@given(st.text(min_size=1))
def test_every_title_has_one_letter_and_a_key(title: str) -> None:
    assert len(initial(title)) == 1
    assert sort_key(title) == sort_key(title)
    names_in_title(title)

r"""Which macros a formula is given of those that others of its entry define."""

from itertools import pairwise

import pytest

from grimoire.parse.macros import Macros

MANY = "".join(f"\\def\\many{chr(97 + n % 26) * (n // 26 + 1)}{{{n}}}" for n in range(200))
"""So many that not every formula is given all."""


def macros(*formulas: str, given: tuple[tuple[str, str], ...] = ()) -> Macros:
    made = Macros(given)
    for tex in formulas:
        made.define(tex)
    return made


def test_a_few_stand_as_they_are_written_before_every_formula() -> None:
    few = macros(r"\newcommand{\R}{\mathbb{R}} x", r"y \let\S=\R", given=((r"\norm#1", r"|#1|"),))
    assert few.for_formula("z") == r"\gdef\norm#1{|#1|}\newcommand{\R}{\mathbb{R}}\let\S=\R"


@pytest.mark.parametrize(
    ("defined", "used", "given"),
    [
        (r"\newcommand{\R}{\mathbb{R}}", r"x", ""),
        (r"\newcommand{\R}{\mathbb{R}}", r"x \in \R", r"\def\R{\mathbb{R}}"),
        (r"\newcommand\two[2]{#1#2}", r"\two ab", r"\def\two#1#2{#1#2}"),
        (r"\gdef\one #1{#1}", r"\one a", r"\def\one#1{#1}"),
        (r"\def\b{1}\def\a{\b}\def\b{2}", r"\a", r"\def\a{\b}\def\b{2}"),
        (r"\def\b{1}\let\a\b\def\b{2}", r"\a", r"\def\a{1}"),
        (r"\let\a=\alpha\def\alpha{a}", r"\a\alpha", r"\let\a=\alpha\def\alpha{a}"),
        (r"\def\a{1}\providecommand\a{2}", r"\a", r"\def\a{1}"),
        (r"\renewcommand*{\a}{\a}", r"\a", r"\def\a{\a}"),
        (r"\def\a{", r"\a", r"\def\a{"),
    ],
)
def test_of_many_a_formula_is_given_what_it_uses(defined: str, used: str, given: str) -> None:
    assert macros(MANY, defined).for_formula(used) == given
    many = tuple((f"\\given{letter}#1", "x" * 100) for letter in "abcdefghijklmnopqrstuvw")
    assert macros(defined, given=many).for_formula(used) == given


def test_a_formula_uses_no_more_than_some_hundred() -> None:
    names = [f"\\m{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(600)]
    chain = "".join(f"\\def{name}{{{behind}}}" for name, behind in pairwise(names))
    given = macros(chain).for_formula(names[0])
    assert given.startswith(f"\\def{names[0]}{{{names[1]}}}")
    assert given.count("\\def") == 300

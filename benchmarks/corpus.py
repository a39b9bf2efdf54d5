"""Write a glossary of N terms, the same work for every generator: `python -m benchmarks.corpus N FOLDER`.

The same N, kind and seed give the same terms in every flavour. The words are drawn by chance from a list that follows
no language's statistics; nearly all formulas differ, so that a cache inside one build hides no work. The kinds:

- ``maths``: two to four paragraphs, three to six links, two to five formulas in lines and half a displayed one each;
- ``links``: no formula, thirty links each;
- ``prose``: no formula, no link, twelve paragraphs;
- ``stubs``: one sentence each;
- ``one-file``: the terms of ``maths`` under the headings of a single file, which only grimoire takes apart.

A flavour says how formulas and links are written: ``grimoire``, ``hugo``, ``eleventy``, ``mkdocs`` (Zensical's too)
and ``sphinx``.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

KINDS = ("maths", "links", "prose", "stubs", "one-file")
FLAVOURS = ("grimoire", "hugo", "eleventy", "mkdocs", "sphinx")

_FIRST = "abelian affine analytic bilinear bounded compact complete concave conjugate dual ergodic finite free".split()
_FIRST += (
    "graded hidden ideal integral invariant latent local marginal monotone normal open ordered primal".split()
)
_SECOND = "algebra basis bound category chain class code cover domain ensemble estimator field filter flow form".split()
_SECOND += (
    "frame function graph group ideal kernel lattice limit manifold map measure module norm operator".split()
)
_WORDS = (
    "after all an any are as at because between both by can each every few for from given has have if".split()
)
_WORDS += (
    "in into is it its least less many more most of on one only or other same so some such than that".split()
)
_WORDS += "the their then these this those to two under value where which while with without".split()
_INLINE = (
    r"x_{%d} \in \mathbb{R}^{%d}",
    r"\frac{a_{%d}}{b + %d}",
    r"\sqrt{%d + y^{%d}}",
    r"\sum_{k=%d}^{%d} k^2",
    r"P(A_{%d} \mid B_{%d})",
    r"\hat{\theta}_{%d} = \theta - %d",
)
_DISPLAY = (
    r"\int_{%d}^{\infty} e^{-%d t}\,dt",
    r"\begin{bmatrix} a_{%d} & b \\ c & d_{%d} \end{bmatrix}",
    "\\begin{aligned}\nu_{%d} &= v + w \\\\\nv &= w^{%d}\n\\end{aligned}",
    r"\mathcal{F}_{%d}(f) = \lim_{n \to \infty} \frac{f(n)}{n^{%d}}",
)


class Corpus(NamedTuple):
    """What was written: by the name of each term's file how many formulas it has, and to which terms it leads."""

    formulas: dict[str, int]
    links: dict[str, frozenset[str]]


class _Flavour(NamedTuple):
    link: Callable[[str], str]
    inline: Callable[[str], str]
    display: Callable[[str], str]
    has_heading: bool


def slug(title: str) -> str:
    """Give the name of a term's file, without its ending."""
    return title.replace(" ", "-")


_DOLLARS = (lambda tex: f"${tex}$", lambda tex: f"$$\n{tex}\n$$")
_STYLES = {
    "grimoire": _Flavour(lambda title: f"[[{title}]]", *_DOLLARS, has_heading=False),
    "hugo": _Flavour(
        lambda title: f'[{title}]({{{{< relref "{slug(title)}.md" >}}}})',
        lambda tex: rf"\({tex}\)",
        lambda tex: f"\\[\n{tex}\n\\]",
        has_heading=False,
    ),
    "eleventy": _Flavour(lambda title: f"[{title}](../{slug(title)}/)", *_DOLLARS, has_heading=False),
    "mkdocs": _Flavour(lambda title: f"[{title}]({slug(title)}.md)", *_DOLLARS, has_heading=True),
    "sphinx": _Flavour(lambda title: f"[{title}]({slug(title)}.md)", *_DOLLARS, has_heading=True),
}


def titles(count: int) -> list[str]:
    """Give the titles of the terms, all different."""
    found = (f"{first} {second}" for first in _FIRST for second in _SECOND)
    plain = [next(found) for _ in range(min(count, len(_FIRST) * len(_SECOND)))]
    return plain + [f"{plain[n % len(plain)]} {n}" for n in range(len(plain), count)]


def write(folder: Path, count: int, flavour: str = "grimoire", kind: str = "maths") -> Corpus:
    """Write a corpus.

    Args:
        folder: where the entries go; it is made.
        count: how many terms there are.
        flavour: how formulas and links are written, one of `FLAVOURS`.
        kind: one of `KINDS`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    style = _STYLES[flavour]
    names = titles(count)
    formulas: dict[str, int] = {}
    links: dict[str, frozenset[str]] = {}
    whole: list[str] = []
    for number, title in enumerate(names):
        dice = random.Random(f"{kind}:{number}")  # noqa: S311  no secret
        body, made, led = _body(dice, names, number, style, kind)
        formulas[slug(title)], links[slug(title)] = made, frozenset(map(slug, led))
        if kind == "one-file":
            whole.append(f"## {title}\n\n{body}")
            continue
        head = f"---\ntitle: {title}\ntags: [tag-{number % 7}]\n---\n"
        heading = f"\n# {title}\n" if style.has_heading else ""
        (folder / f"{slug(title)}.md").write_text(f"{head}{heading}\n{body}\n", "utf-8")
    if whole:
        (folder / "glossary.md").write_text("# Glossary\n\n" + "\n\n".join(whole) + "\n", "utf-8")
    return Corpus(formulas, links)


def _body(
    dice: random.Random, names: list[str], own: int, style: _Flavour, kind: str
) -> tuple[str, int, list[str]]:
    """The text of a term, how many formulas it has, and the terms it leads to."""
    if kind == "stubs":
        return _sentence(dice, 12, []), 0, []
    paragraphs = {"prose": 12, "links": 3}.get(kind) or dice.randint(2, 4)
    most = {"prose": 0, "links": 30}.get(kind, dice.randint(3, 6))
    drawn = dice.sample(range(len(names)), min(most + 1, len(names)))
    led = [names[one] for one in drawn if one != own][:most]
    inserts = [f"see {style.link(name)}" for name in led]
    made = 0
    shown = ""
    if kind in {"maths", "one-file"}:
        made = dice.randint(2, 5)
        inserts += [f"where {style.inline(_drawn(dice, _INLINE))}" for _ in range(made)]
        if dice.random() < 0.5:
            shown = "\n\n" + style.display(_drawn(dice, _DISPLAY))
            made += 1
    dice.shuffle(inserts)
    shares = [inserts[number::paragraphs] for number in range(paragraphs)]
    return "\n\n".join(_sentence(dice, dice.randint(25, 60), share) for share in shares) + shown, made, led


def _drawn(dice: random.Random, formulas: tuple[str, ...]) -> str:
    chosen = dice.choice(formulas)
    return chosen % tuple(dice.randrange(2, 1000) for _ in range(chosen.count("%d")))


def _sentence(dice: random.Random, length: int, inserts: list[str]) -> str:
    words: Iterator[str] = (dice.choice(_WORDS) for _ in range(length))
    rows = list(words)
    for insert in inserts:
        rows.insert(dice.randrange(1, len(rows)), insert)
    text = " ".join(rows)
    return text[0].upper() + text[1:] + "."


def main() -> None:
    """Write a corpus and say what is in it."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("terms", type=int)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--flavour", choices=FLAVOURS, default="grimoire")
    arguments.add_argument("--kind", choices=KINDS, default="maths")
    asked = arguments.parse_args()
    written = write(asked.folder, asked.terms, asked.flavour, asked.kind)
    links = sum(map(len, written.links.values()))
    print(f"{asked.terms:,} terms, {sum(written.formulas.values()):,} formulas, {links:,} links")


if __name__ == "__main__":
    main()

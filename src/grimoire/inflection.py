"""Singulars and plurals: which forms of a name stand for it, by the rules of the name's language.

The rules are few and safe rather than many and clever: what they do not know, an entry declares itself
(`plural:`). They relate words as `grimoire.names.fold` leaves them, without case and accents, and both
ways: from a name to its plural and from a plural that is a name to its singular. The tables stand in
`docs/authoring/names.md` as they stand here; a test holds the two together and runs each example.

Only English and French have rules. A name in another language has the forms that its entry declares.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import NamedTuple

from grimoire.names import Name, fold, is_capitals


class Rule(NamedTuple):
    """Words that end so in the plural end so in the singular.

    `before` is what must stand before both endings, as a pattern and, in `where`, in words.
    """

    plural: str
    singular: str
    before: str
    where: str
    examples: tuple[tuple[str, str], ...]
    """Plurals, each with its singular."""


class Language(NamedTuple):
    """How one language makes plurals."""

    rules: tuple[Rule, ...]
    """The likeliest first."""
    words: tuple[tuple[str, str], ...]
    """Plurals that no rule gives, each with its singular."""
    no_plurals: frozenset[str]
    """Words that look like a plural and are none."""
    links: frozenset[str]
    """Words behind which what names the thing is over: the number changes before them."""
    is_whole_group: bool
    """Whether adjectives change with the noun, so that every word before a link may change."""


ENGLISH = Language(
    rules=(
        Rule("ies", "y", r".+[^aeiou]", "behind a consonant that is not the first letter",
             (("entropies", "entropy"), ("policies", "policy"))),
        Rule("ses", "sis", r"..+", "behind at least two letters",
             (("hypotheses", "hypothesis"), ("analyses", "analysis"), ("bases", "basis"))),
        Rule("hedra", "hedron", r".+", "", (("polyhedra", "polyhedron"),)),
        Rule("eaux", "eau", r".+", "", (("tableaux", "tableau"), ("plateaux", "plateau"))),
        Rule("es", "", r".+(?:[sxz]|[cs]h)", "behind s, x, z, ch, sh",
             (("losses", "loss"), ("biases", "bias"), ("softmaxes", "softmax"), ("batches", "batch"))),
        Rule("s", "", r".+(?:[^sxziuhy]|[^s]h|[aeiou]y)",
             "behind at least two letters, the last no s, x, z, sh, i, u, nor a y behind a consonant",
             (("logits", "logit"), ("arrays", "array"), ("movies", "movie"))),
        Rule("ices", "ix", r"...+", "behind at least three letters", (("submatrices", "submatrix"),)),
        Rule("ices", "ex", r"...+", "behind at least three letters", (("caudices", "caudex"),)),
        Rule("oes", "o", r"...+", "behind at least three letters", (("vetoes", "veto"), ("torpedoes", "torpedo"))),
    ),
    words=(
        ("halves", "half"), ("leaves", "leaf"), ("sheaves", "sheaf"), ("shelves", "shelf"), ("selves", "self"),
        ("wolves", "wolf"), ("calves", "calf"), ("loaves", "loaf"), ("thieves", "thief"), ("knives", "knife"),
        ("lives", "life"), ("wives", "wife"),
        ("loci", "locus"), ("foci", "focus"), ("radii", "radius"), ("moduli", "modulus"), ("annuli", "annulus"),
        ("stimuli", "stimulus"), ("nuclei", "nucleus"), ("tori", "torus"), ("calculi", "calculus"),
        ("rhombi", "rhombus"), ("abaci", "abacus"), ("fungi", "fungus"), ("alumni", "alumnus"),
        ("maxima", "maximum"), ("minima", "minimum"), ("optima", "optimum"), ("extrema", "extremum"),
        ("spectra", "spectrum"), ("quanta", "quantum"), ("momenta", "momentum"), ("continua", "continuum"),
        ("strata", "stratum"), ("equilibria", "equilibrium"), ("symposia", "symposium"), ("bacteria", "bacterium"),
        ("criteria", "criterion"), ("phenomena", "phenomenon"), ("automata", "automaton"),
        ("lemmata", "lemma"), ("schemata", "schema"), ("stigmata", "stigma"),
        ("formulae", "formula"), ("antennae", "antenna"), ("supernovae", "supernova"),
        ("corpora", "corpus"), ("genera", "genus"),
        ("matrices", "matrix"), ("appendices", "appendix"), ("helices", "helix"),
        ("vertices", "vertex"), ("indices", "index"), ("vortices", "vortex"), ("simplices", "simplex"),
        ("cortices", "cortex"), ("axes", "axis"), ("apices", "apex"), ("codices", "codex"), ("epochs", "epoch"),
        ("quizzes", "quiz"),
        ("menus", "menu"), ("taxis", "taxi"), ("alibis", "alibi"), ("wikis", "wiki"),
        ("men", "man"), ("women", "woman"), ("children", "child"), ("mice", "mouse"), ("feet", "foot"),
        ("teeth", "tooth"), ("geese", "goose"), ("oxen", "ox"),
    ),
    no_plurals=frozenset(
        (
            "bias gas atlas canvas alias pancreas lens news series species chaos cosmos ethos pathos kudos "
            "mathematics physics dynamics thermodynamics hydrodynamics mechanics kinetics genetics economics "
            "econometrics linguistics informatics bioinformatics cybernetics robotics ethics optics acoustics "
            "electronics mechatronics combinatorics semantics pragmatics phonetics politics athletics"
        ).split()
    ),
    links=frozenset("of for in with without from by on at per to over under between versus vs".split()),
    is_whole_group=False,
)  # fmt: skip

FRENCH = Language(
    rules=(
        Rule("aux", "al", r".+", "", (("signaux", "signal"), ("optimaux", "optimal"))),
        Rule("x", "", r".+(?:au|eu)", "behind au, eau, eu", (("réseaux", "réseau"), ("noyaux", "noyau"), ("jeux", "jeu"))),
        Rule("s", "", r".+[^sxz]", "behind at least two letters, the last no s, x, z",
             (("entropies", "entropie"), ("modèles", "modèle"), ("optimales", "optimale"), ("flous", "flou"))),
    ),
    words=(
        ("travaux", "travail"), ("vitraux", "vitrail"), ("coraux", "corail"), ("baux", "bail"), ("émaux", "émail"),
        ("bijoux", "bijou"), ("cailloux", "caillou"), ("choux", "chou"), ("genoux", "genou"), ("yeux", "œil"),
        ("maxima", "maximum"), ("minima", "minimum"), ("optima", "optimum"), ("extrema", "extremum"),
    ),
    no_plurals=frozenset(
        (
            "biais bus cas corps corpus cours bras temps poids processus consensus virus excès accès succès procès "
            "progrès repos propos radius tapis avis mois fois pas pays bois dos os sens"
        ).split()
    ),
    links=frozenset("de d du des à au aux en par pour sur sous avec sans dans entre selon contre".split()),
    is_whole_group=True,
)  # fmt: skip

LANGUAGES: Mapping[str, Language] = {"en": ENGLISH, "fr": FRENCH}
"""By the first part of a BCP 47 tag."""

ELIDED = "[ldjmnst]|qu|jusqu|lorsqu|puisqu"
"""A pattern: what French writes with an apostrophe before a word that begins with a vowel."""
_ELISION = re.compile(rf"(?:{ELIDED})['’ʼ](?=\w)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<=\w)['’ʼ][sS]?$")
_OF_ACRONYM = re.compile(r"(?<=[A-Z0-9])s$")
_WIDEST = 4
"""Words of one group that may change apart; more would make too many forms."""


def tongue(language: str) -> str:
    """Give the first part of a BCP 47 tag, by which rules are found: ``fr`` for ``fr-CA``."""
    return language.partition("-")[0].lower()


class _Words(NamedTuple):
    """A language's tables, folded and turned so that each word finds its other number."""

    singulars: dict[str, tuple[str, ...]]
    plurals: dict[str, tuple[str, ...]]
    rules: tuple[tuple[str, str, re.Pattern[str]], ...]
    no_plurals: frozenset[str]
    links: frozenset[str]


@cache
def _words(language: str) -> _Words:
    table = LANGUAGES[language]
    singulars: dict[str, tuple[str, ...]] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for plural, singular in table.words:
        one, many = fold(singular), fold(plural)
        singulars[many] = (*singulars.get(many, ()), one)
        plurals[one] = (*plurals.get(one, ()), many)
    return _Words(
        singulars,
        plurals,
        tuple((rule.plural, rule.singular, re.compile(rule.before)) for rule in table.rules),
        frozenset(map(fold, table.no_plurals)),
        frozenset(map(fold, table.links)),
    )


def others(name: Name, language: str) -> Iterator[Name]:
    """Yield the other numbers of a name, singulars before plurals, the likeliest first.

    In English one word changes: the noun before *of*, *for* and the like, or the last. In French all words
    before *de*, *à* and the like may change, each or none. The relation is symmetric: whatever is yielded
    for a name has that name among its own.

    Args:
        name: the folded name.
        language: the language of the name, as a BCP 47 tag; one without rules yields nothing.
    """
    language = tongue(language)
    if language not in LANGUAGES:
        return
    words = name.split(" ")
    links = _words(language).links
    first_link = next((at for at, word in enumerate(words) if at and word in links), len(words))
    if not LANGUAGES[language].is_whole_group:
        for at in dict.fromkeys((first_link - 1, len(words) - 1)):
            for other in _others(words[at], language):
                yield Name(" ".join((*words[:at], other, *words[at + 1 :])))
        return
    start = max(0, first_link - _WIDEST)
    choices = [(word, *_others(word, language)) for word in words[start:first_link]]
    for chosen in product(*choices):
        changed = Name(" ".join((*words[:start], *chosen, *words[first_link:])))
        if changed != name:
            yield changed


def _others(word: str, language: str) -> Iterator[str]:
    """Yield the singulars and the plurals of one folded word; a link has none and is none."""
    links = _words(language).links
    if word not in links:
        yield from (other for other in _numbers(word, language) if other not in links)


def _numbers(word: str, language: str) -> Iterator[str]:
    table = _words(language)
    if word not in table.no_plurals:
        yield from table.singulars.get(word, ())
        for plural, singular, before in table.rules:
            if word.endswith(plural) and before.fullmatch(word, 0, len(word) - len(plural)):
                yield word[: len(word) - len(plural)] + singular
    yield from _plurals(word, language)


def _plurals(word: str, language: str) -> Iterator[str]:
    table = _words(language)
    yield from table.plurals.get(word, ())
    for plural, singular, before in table.rules:
        if word.endswith(singular) and before.fullmatch(word, 0, len(word) - len(singular)):
            many = word[: len(word) - len(singular)] + plural
            if many not in table.no_plurals:
                yield many


def plural(name: str, language: str) -> str:
    """Give the plural of a name as written, case kept; the name itself where no rule gives one."""
    language = tongue(language)
    if language not in LANGUAGES:
        return name
    parts = re.split(r"([ ‐-]+)", name)
    words = range(0, len(parts), 2)
    links = _words(language).links
    behind = next((at for at in words if at and fold(parts[at]) in links), len(parts) + 1)
    for at in range(0, behind - 1, 2) if LANGUAGES[language].is_whole_group else (behind - 2,):
        parts[at] = _in_the_case_of(parts[at], next(_plurals(fold(parts[at]), language), ""))
    return "".join(parts)


def _in_the_case_of(word: str, other: str) -> str:
    """Write another form of a word with the word's own letters as far as they go."""
    folded = fold(word)
    same = next(
        (at for at, (one, two) in enumerate(zip(folded, other, strict=False)) if one != two), len(folded)
    )
    return word[:same] + other[same:] if other and len(folded) == len(word) else word


def plural_of_capitals(name: str) -> str:
    """Give the other number of a name in capitals, in every language: ``SAEs`` for ``SAE`` and back."""
    return name[:-1] if _OF_ACRONYM.search(name) else f"{name}s"


def bases(written: str, language: str) -> Iterator[str]:
    """Yield a name as written without what only its sentence adds to it.

    That is the *s* of an acronym's plural (``SAEs``) in every language, the possessive in English
    (``model’s``, ``Bayes’``), the elided article in French (``l’entropie``).
    """
    language = tongue(language)
    base = written
    if language == "en":
        base = _POSSESSIVE.sub("", written)
    elif language == "fr":
        base = _ELISION.sub("", written, count=1) if _ELISION.match(written) else written
    if base != written:
        yield base
    if _OF_ACRONYM.search(base) and is_capitals(base):
        yield base[:-1]

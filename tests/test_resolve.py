"""What each name leads to, what is said when it leads nowhere, and which address each entry gets."""

import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

import pytest

from grimoire.diagnostics import Diagnostic
from grimoire.glossary import Glossary, LinkGraph
from grimoire.model import Ambiguous, Found, Link, Missing
from grimoire.names import Name, fold
from grimoire.parse import Dialect, parse
from grimoire.resolve import resolve
from grimoire.source import Source


class Resolved(NamedTuple):
    glossary: Glossary
    graph: LinkGraph
    faults: list[Diagnostic]

    @property
    def codes(self) -> list[str]:
        return [fault.code for fault in self.faults]

    def place(self, path: str) -> int:
        """The entry of a file; the last one where it has several."""
        return max(i for i, node in enumerate(self.glossary.nodes) if node.term.path == path)

    def links(self, path: str) -> list[str]:
        """Where the links of a file lead, as words."""
        return [
            told(link)
            for node, row in zip(self.glossary.nodes, self.graph.links, strict=True)
            if node.term.path == path
            for link in row
        ]

    def urls(self) -> dict[str, str]:
        return {node.url: node.term.path for node in self.glossary.nodes}

    def backlinks(self, url: str) -> list[str]:
        """The addresses of the entries that refer to one, once for each reference."""
        nodes = self.glossary.nodes
        index = next(i for i, node in enumerate(nodes) if node.url == url)
        return [nodes[source].url for source, _ in self.graph.backlinks[index]]


def told(link: Link) -> str:
    match link:
        case Found():
            return f"{link.url}#{link.anchor}" if link.anchor else link.url
        case Ambiguous():
            return f"ambiguous {link.url}"
        case Missing():
            return f"missing {link.name}"
        case _:
            return "plain"


def resolved(files: Mapping[str, str], *others: str, drafts: bool = False, language: str = "en") -> Resolved:
    terms = []
    for path in sorted(files):
        parsed, _ = parse(Source(path, files[path]), Dialect())
        terms += [term for term in parsed.terms if drafts or not term.is_draft]
    return Resolved(*resolve(terms, others, language))


SITE = {
    "softmax.md": "---\ntitle: Soft argmax\naliases: [normalized exponential, SMax]\n---\n\n## Use\n\nx\n\n## Use\n\ny\n",
    "logit.md": "# Logit\n\nThe inverse of a squashing.\n",
    "hypothesis.md": "# Hypothesis\n\nA claim.\n",
    "sae.md": "---\ntitle: Sparse autoencoder (SAE)\n---\n\nA network.\n",
    "cramer.md": "# Cramér–Rao bound\n\nA bound.\n",
    "bayes.md": "# Bayes' theorem\n\nA theorem.\n",
    "eigen.md": "# Eigenvector / Eigenvalue\n\nA direction.\n",
    "glossary.md": "# Features\n\n## Gated SAE\n\nOne.\n\n### Training steps\n\nTwo.\n\n## Feature\n\nThree.\n",
    "notes/reading order.md": "# Where to begin\n\nHere.\n",
    "a/b/ring.md": "# Local ring\n\nOne.\n",
    "index.md": "# Home\n\nHere.\n",
}


# ---------------------------------------------------------------- what a name leads to


@pytest.mark.parametrize(
    ("written", "leads_to"),
    [
        # the path of a file, its name, a slug, a title, an alias
        ("[[softmax]]", "terms/soft-argmax/"),
        ("[[softmax.md]]", "terms/soft-argmax/"),
        ("[[a/b/ring]]", "terms/local-ring/"),
        ("[[b/ring]]", "terms/local-ring/"),
        ("[[ring]]", "terms/local-ring/"),
        ("[[soft-argmax]]", "terms/soft-argmax/"),
        ("[[Soft argmax]]", "terms/soft-argmax/"),
        ("[[SMax]]", "terms/soft-argmax/"),
        ("[Soft argmax]", "terms/soft-argmax/"),
        ("[soft-argmax]", "terms/soft-argmax/"),
        ("[normalized exponential]", "terms/soft-argmax/"),
        ("[SAE]", "terms/sparse-autoencoder-sae/"),
        ("[sparse autoencoder]", "terms/sparse-autoencoder-sae/"),
        ("[eigenvalue]", "terms/eigenvector-eigenvalue/"),
        ("[[Eigenvector / Eigenvalue]]", "terms/eigenvector-eigenvalue/"),
        # case, accents, quotes, the kind of blank and hyphen
        ("[SOFT ARGMAX]", "terms/soft-argmax/"),
        ("[[soft_argmax]]", "terms/soft-argmax/"),
        ("[[Soft-Argmax]]", "terms/soft-argmax/"),
        ("[Cramer-Rao bound]", "terms/cramer-rao-bound/"),
        ("[Cramér-Rao bound]", "terms/cramer-rao-bound/"),
        ("[Cramér–Rao bound]", "terms/cramer-rao-bound/"),
        (unicodedata.normalize("NFD", "[Cramér–Rao bound]"), "terms/cramer-rao-bound/"),
        ("[Bayes theorem]", "terms/bayes-theorem/"),
        ("[Bayes’ theorem]", "terms/bayes-theorem/"),
        ("[[bayes'_theorem]]", "terms/bayes-theorem/"),
        # the other number
        ("[logits]", "terms/logit/"),
        ("[hypotheses]", "terms/hypothesis/"),
        ("[SAEs]", "terms/sparse-autoencoder-sae/"),
        ("[Sparse Autoencoders]", "terms/sparse-autoencoder-sae/"),
        ("[[local rings]]", "terms/local-ring/"),
        ("[SAE’s]", "terms/sparse-autoencoder-sae/"),
        ("[[logit's]]", "terms/logit/"),
        ("[hypothesis’]", "terms/hypothesis/"),
        # brackets name terms, neither notes nor files
        ("[Where to begin]", "plain"),
        ("[[Where to begin]]", "notes/reading-order/"),
        ("[[reading order]]", "notes/reading-order/"),
        ("[ring]", "plain"),
        ("[glossary]", "plain"),
        ("[[glossary]]", "glossary/"),
        # sections, and the terms of a file of many
        ("[[softmax#Use]]", "terms/soft-argmax/#use"),
        ("[[softmax#use]]", "terms/soft-argmax/#use"),
        ("[[softmax#use-2]]", "terms/soft-argmax/#use-2"),
        ("[[Soft argmax#Use|how]]", "terms/soft-argmax/#use"),
        ("[[glossary#Gated SAE]]", "terms/gated-sae/"),
        ("[[glossary#features]]", "terms/feature/"),
        ("[[glossary#Training steps]]", "terms/gated-sae/#training-steps"),
        ("[[Gated SAE#Training steps]]", "terms/gated-sae/#training-steps"),
        ("[[#Here below]]", "terms/from/#here-below"),
        ("[[#From]]", "terms/from/"),
        # ordinary Markdown
        ("[x](softmax.md)", "terms/soft-argmax/"),
        ("[x](./softmax.md#use)", "terms/soft-argmax/#use"),
        ("[x](a/b/ring.md)", "terms/local-ring/"),
        ("[x](/a/b/ring.md)", "terms/local-ring/"),
        ("[x](notes/reading%20order.md)", "notes/reading-order/"),
        ("[x](<notes/reading order.md>)", "notes/reading-order/"),
        ("[x](index.md)", ""),
        ("[x](./)", ""),
        ("[x](#here-below)", "terms/from/#here-below"),
        ("[x](#)", "terms/from/"),
        # one link, written twice
        ("[[Logit]](#logit)", "terms/logit/"),
        ("[[glossary#Gated SAE]](#gated-sae)", "terms/gated-sae/"),
    ],
)
def test_what_a_name_leads_to(written: str, leads_to: str) -> None:
    site = resolved(SITE | {"from.md": f"# From\n\nSee {written} there.\n\n## Here below\n\nz\n"})
    assert site.links("from.md") == [leads_to]
    assert site.faults == []


@pytest.mark.parametrize(
    "text",
    ["for all $[0]$s", "[0]s", "the interval [0, 1]", "[N, k]", "[...]", "x[0]", "[ softmax ]", "[x] or [ ]"],
)
def test_brackets_that_name_nothing_are_brackets(text: str) -> None:
    site = resolved(SITE | {"from.md": f"# From\n\n{text}\n"})
    assert set(site.links("from.md")) <= {"plain"}
    assert site.faults == []
    assert site.graph.wanted == ()


ORDER = {
    "path": {"apple.md": "# Fruit one\n"},
    "slug": {"z1.md": "---\ntitle: Fruit two\nid: apple\n---\n"},
    "title": {"z2.md": "---\ntitle: apple\nid: fruit-three\n---\n"},
    "alias": {"z3.md": "---\ntitle: Fruit four\naliases: [apple]\n---\n"},
    "folded": {"z4.md": "---\ntitle: APPLE\nid: fruit-five\n---\n"},
    "plural": {"z5.md": "---\ntitle: apples\n---\n"},
}
"""One entry for each way to bear a name, best first."""


@pytest.mark.parametrize("best", range(len(ORDER)))
def test_the_order_in_which_names_are_looked_up(best: int) -> None:
    """With the better ones gone, the next is found."""
    bearers = list(ORDER.values())[best:]
    files = {path: text for files in bearers for path, text in files.items()}
    site = resolved(files | {"from.md": "# From\n\n[[apple]]\n"})
    wanted = next(iter(bearers[0]))
    (link,) = site.links("from.md")
    assert site.urls()[link] == wanted
    assert "ambiguous-link" not in site.codes


NUMBERS = {
    "posterior.md": "# Maximum a posteriori (MAP)\n",
    "optics.md": "# Lens\n\nplural: lentes is no field here.\n",
    "corpus.md": "---\ntitle: Corpus\nplural: [corpuses, corpi]\n---\n",
    "sheep.md": "---\ntitle: Herd\nplural: false\naliases: [flock]\n---\n",
    "canal.md": "---\ntitle: Canal bruité\nlang: fr\n---\n",
    "entropie.md": "---\ntitle: Entropie\nlang: fr-CA\n---\n",
    "z.md": "---\ntitle: Cour\nlang: fr\n---\n",
    "matrix.md": "---\ntitle: Matrix\nlang: de\n---\n",
    "glossary.md": "# All\n\n## Vector\n\nplural: vectores\n\nOne.\n\n## Norm\n\nplural: false\n\nTwo.\n",
}


@pytest.mark.parametrize(
    ("written", "leads_to"),
    [
        ("MAPs", "terms/maximum-a-posteriori-map/"),
        ("maximum a posterioris", "nothing"),
        ("maps", "nothing"),
        ("Maps", "nothing"),
        ("map", "terms/maximum-a-posteriori-map/"),
        ("lenses", "terms/lens/"),
        ("len", "nothing"),
        ("corpora", "terms/corpus/"),
        ("corpi", "terms/corpus/"),
        ("Corpuses", "terms/corpus/"),
        ("herds", "nothing"),
        ("flocks", "nothing"),
        ("flock", "terms/herd/"),
        ("herd's", "nothing"),
        ("canaux bruités", "terms/canal-bruite/"),
        ("canals bruités", "terms/canal-bruite/"),
        ("l’entropie", "terms/entropie/"),
        ("entropies", "terms/entropie/"),
        ("cours", "nothing"),
        ("matrixes", "nothing"),
        ("matrices", "nothing"),
        ("vectors", "terms/vector/"),
        ("vectores", "terms/vector/"),
        ("norms", "nothing"),
    ],
)
def test_forms_follow_the_language_and_the_fields_of_their_entry(written: str, leads_to: str) -> None:
    site = resolved(NUMBERS | {"from.md": f"# From\n\n[[{written}]]\n"})
    assert site.links("from.md") == [f"missing {written}" if leads_to == "nothing" else leads_to]


def test_the_language_of_the_site_is_that_of_its_entries() -> None:
    files = {"signal.md": "# Signal\n", "from.md": "# From\n\n[[signaux]]\n"}
    assert resolved(files).links("from.md") == ["missing signaux"]
    assert resolved(files, language="fr").links("from.md") == ["terms/signal/"]


def test_an_exact_name_wins_over_another_form() -> None:
    files = {
        "statistic.md": "# Statistic\n",
        "statistics.md": "# Statistics\n",
        "map.md": "# Map\n",
        "posterior.md": "# Maximum a posteriori (MAP)\n",
        "from.md": "# From\n\n[[statistics]] [[statistic]] [[Maps]] [[MAPs]]\n",
    }
    assert resolved(files).links("from.md") == [
        "terms/statistics/",
        "terms/statistic/",
        "terms/map/",
        "terms/maximum-a-posteriori-map/",
    ]


def test_the_same_name_written_in_two_ways_is_looked_up_in_two_ways() -> None:
    """A Markdown address with a folder in it is a path; a wikilink may also be a name."""
    files = {"norm.md": "# L1/L2 norm\n", "from.md": "# From\n\n[x](L1/L2%20norm) [[L1/L2 norm]]\n"}
    assert resolved(files).links("from.md") == ["missing L2 norm", "terms/l1-l2-norm/"]


@pytest.mark.parametrize(
    ("written", "leads_to"),
    [
        ("[[$\\epsilon$-greedy]]", "terms/epsilon-greedy/"),
        ("[$\\epsilon$-greedy]", "terms/epsilon-greedy/"),
        ("[[Epsilon-greedy]]", "terms/epsilon-greedy/"),
        ("[[Q\\* *search*]]", "terms/q-search/"),
        ("[[Q* search]]", "terms/q-search/"),
        ("[**Q-search**]", "terms/q-search/"),
        ("[$Q$]", None),
        ("[$x$, $y$]", None),
    ],
)
def test_a_title_is_named_with_or_without_its_marks(written: str, leads_to: str | None) -> None:
    titles = {
        "a.md": "# $\\epsilon$-greedy\n",
        "b.md": "# Q\\* *search*\n",
        "c.md": "# Q\n",
        "d.md": "# x, y\n",
    }
    site = resolved(titles | {"from.md": f"# From\n\n{written}\n"})
    assert (site.links("from.md"), site.codes) == ([leads_to] if leads_to else [], [])


def test_names_of_files_are_compared_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "théorème/idée.md")
    site = resolved({decomposed: "# One\n", "from.md": "# From\n\n[[théorème/idée]] [x](théorème/idée.md)\n"})
    assert site.links("from.md") == ["terms/one/", "terms/one/"]


@pytest.mark.parametrize(
    ("at", "leads_to"),
    [
        ("algebra/from.md", "terms/unit-of-a-ring/"),
        ("algebra/deep/from.md", "terms/unit-of-a-ring/"),
        ("measures/from.md", "terms/unit-of-measure/"),
        ("measures/unit.md", "terms/unit-of-measure/"),
        ("from.md", "ambiguous terms/unit/"),
        ("other/from.md", "ambiguous terms/unit/"),
    ],
)
def test_between_equals_the_nearest_folder_decides(at: str, leads_to: str) -> None:
    files = {
        "algebra/unit.md": "---\ntitle: Unit\nid: unit-of-a-ring\n---\n\nAn element.\n",
        "measures/unit.md": "---\ntitle: Unit\nid: unit-of-measure\n---\n\nA quantity.\n",
    }
    files[at] = files.get(at, "# From\n") + "\nIn a [Unit].\n"
    assert resolved(files).links(at) == [leads_to]


@pytest.mark.parametrize("up", ["[[../ring]]", "[x](../ring.md)", "[[../ring.md]]", "[[/a/ring]]"])
def test_relative_paths_start_at_the_file(up: str) -> None:
    files = {"a/ring.md": "# Near\n", "ring.md": "# Far\n", "a/b/from.md": f"# From\n\n{up}\n"}
    assert resolved(files).links("a/b/from.md") == ["terms/near/"]


def test_an_index_stands_for_its_folder() -> None:
    files = {
        "rings/index.md": "# Rings\n",
        "from.md": "# From\n\n[x](rings/) [x](rings/index.md) [[rings/index]]\n",
    }
    assert resolved(files).links("from.md") == ["rings/", "rings/", "rings/"]


# ---------------------------------------------------------------- what leads nowhere


MI = {
    "info.md": "---\ntitle: Mutual information (MI)\n---\n\nBits.\n",
    "interp.md": "---\ntitle: Mechanistic interpretability (MI)\n---\n\nInsides.\n",
}


@pytest.mark.parametrize("written", ["[MI]", "[[MI]]", "[[mi]]", "[[MI|both]]"])
def test_a_shared_name_leads_to_a_page_that_lists_its_bearers(written: str) -> None:
    site = resolved(MI | {"from.md": f"# From\n\n{written}\n"})
    assert site.links("from.md") == ["ambiguous terms/mi/"]
    (homonym,) = site.glossary.homonyms
    assert (homonym.name, homonym.url) == ("MI", "terms/mi/")
    assert [site.glossary.nodes[i].term.path for i in homonym.nodes] == ["info.md", "interp.md"]
    assert sorted(site.codes) == ["ambiguous-link", "duplicate-alias"]
    ambiguous = next(fault for fault in site.faults if fault.code == "ambiguous-link")
    assert (
        ambiguous.why
        == "`Mutual information (MI)` and `Mechanistic interpretability (MI)` both bear the name"
    )
    assert "[[mechanistic-interpretability-mi|" in ambiguous.help
    clash = next(fault for fault in site.faults if fault.code == "duplicate-alias")
    assert (clash.path, clash.related[0].path) == ("interp.md", "info.md")


def test_a_name_that_only_files_share_has_such_a_page_where_it_is_asked_for() -> None:
    files = {"a/unit.md": "# Unit of a ring\n", "b/unit.md": "---\nkind: note\n---\n# Unit of measure\n"}
    assert resolved(files).glossary.homonyms == ()
    site = resolved(
        files | {"from.md": "# From\n\n[[unit]], [[Unit]]\n", "a/from.md": "# Near\n\n[[unit]]\n"}
    )
    assert site.links("from.md") == ["ambiguous terms/unit/"] * 2
    assert site.links("a/from.md") == ["terms/unit-of-a-ring/"]
    (homonym,) = site.glossary.homonyms
    assert (homonym.name, homonym.url) == ("unit", "terms/unit/")
    assert [site.glossary.nodes[i].term.path for i in homonym.nodes] == ["a/unit.md", "b/unit.md"]


def test_the_page_of_a_shared_name_steps_aside_for_a_term() -> None:
    files = {
        "one.md": "---\ntitle: One\naliases: [C++]\n---\n",
        "two.md": "---\ntitle: Two\naliases: [C++]\n---\n",
        "three.md": "# C plus plus\n\nNot [C++].\n",
    }
    site = resolved(files)
    assert site.links("three.md") == ["ambiguous terms/c-plus-plus-disambiguation/"]
    assert "terms/c-plus-plus/" in site.urls()


def test_a_title_beats_an_alias_and_the_warning_says_so() -> None:
    files = {"ring.md": "# Ring\n", "annulus.md": "---\ntitle: Annulus\naliases: [ring]\n---\n"}
    site = resolved(files | {"from.md": "# From\n\n[ring]\n"})
    assert site.links("from.md") == ["terms/ring/"]
    assert site.glossary.homonyms == ()
    (fault,) = site.faults
    assert (fault.code, fault.path) == ("duplicate-alias", "annulus.md")
    assert fault.why == "a link to `ring` leads to `Ring`, never to `Annulus`"


@pytest.mark.parametrize(
    ("written", "message", "mend"),
    [
        ("[[Lgoit]]", "no entry is named `Lgoit`", "did you mean `[[Logit]]`?"),
        ("[[lgoit]]", "no entry is named `lgoit`", "did you mean `[[logit]]`?"),
        ("[[soft argmix]]", "no entry is named `soft argmix`", "did you mean `[[soft argmax]]`?"),
        ("[[saes2]]", "no entry is named `saes2`", "did you mean `[[SAE]]`?"),
        ("[[where to begn]]", "no entry is named `where to begn`", "did you mean `[[where to begin]]`?"),
        ("[[something else]]", "no entry is named `something else`", "write the entry, or link to another"),
        ("[[abc]]", "no entry is named `abc`", "write the entry, or link to another"),
        ("[[sofa#Logit]]", "no entry is named `sofa#Logit`", "did you mean `[[Logit]]`?"),
        ("[x](a/b/rings.md)", "there is no entry at `a/b/rings.md`", "did you mean `[[ring]]`?"),
    ],
)
def test_a_missing_entry_is_told_with_what_is_near(written: str, message: str, mend: str) -> None:
    site = resolved(SITE | {"from.md": f"# From\n\n{written}\n"})
    (fault,) = site.faults
    assert (fault.code, fault.path, fault.message) == ("missing-term", "from.md", message)
    assert fault.help == mend
    assert fault.span
    text = f"# From\n\n{written}\n"
    assert text[fault.span.start : fault.span.end] == written
    (wanted,) = site.graph.wanted
    assert wanted.asked == ((site.place("from.md"), 0),)


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("[lgoit]", "did you mean `[logit]`? else write `\\[lgoit]`"),
        ("[Hypotesis]", "did you mean `[Hypothesis]`? else write `\\[Hypotesis]`"),
        ("[begn]", None),
        ("[sic]", None),
        ("[log2t]", None),
        ("[λogit]", None),
        ("[reading ordre]", None),
    ],
)
def test_a_word_in_brackets_that_is_nearly_a_name(written: str, mend: str | None) -> None:
    site = resolved(SITE | {"from.md": f"# From\n\n{written}\n"})
    assert site.links("from.md") == ["plain"]
    assert [fault.help for fault in site.faults] == ([] if mend is None else [mend])
    assert site.graph.wanted == ()


@pytest.mark.parametrize(
    ("section", "mend"),
    [
        ("Uses", "did you mean `#Use`?"),
        ("History", "its only section is `Use`"),
    ],
)
def test_a_missing_section_leads_to_the_top(section: str, mend: str) -> None:
    files = {
        "ring.md": "# Ring\n\n## Use\n\nx\n\n## Use\n\ny\n",
        "from.md": f"# From\n\n[[ring#{section}]]\n",
    }
    site = resolved(files)
    assert site.links("from.md") == ["terms/ring/"]
    (fault,) = site.faults
    assert (fault.code, fault.help) == ("missing-anchor", mend)


@pytest.mark.parametrize(
    ("section", "anchor"),
    [("What? No", "what-no"), ("What! No.", "what-no-2"), ("what no", "what-no"), ("Is it so", "is-it-so")],
)
def test_a_section_is_named_as_it_is_written_or_but_for_its_signs(section: str, anchor: str) -> None:
    sections = "## What? No\n\n## What! No.\n\n## Is it so?\n"
    site = resolved({"ring.md": f"# Ring\n\n{sections}", "from.md": f"# From\n\n[[ring#{section}]]\n"})
    assert (site.links("from.md"), site.codes) == ([f"terms/ring/#{anchor}"], [])


def test_of_many_sections_some_are_named() -> None:
    headings = "".join(f"## Part {name}\n\nx\n\n" for name in "ABCDEFGH")
    files = {"ring.md": f"# Ring\n\n{headings}", "none.md": "# None\n"}
    site = resolved(files | {"from.md": "# From\n\n[[ring#History]] [[none#History]]\n"})
    assert [fault.help for fault in site.faults] == [
        "its sections are `Part A`, `Part B`, `Part C`, `Part D`, `Part E`, `Part F`, …",
        "remove the section from the link: the entry has none",
    ]


def test_of_many_blocks_some_are_named() -> None:
    blocks = "".join(f"Text. ^part-{name}\n\n" for name in "abcdefgh")
    files = {"ring.md": f"# Ring\n\n{blocks}", "one.md": "# One\n\nText. ^only\n", "none.md": "# None\n"}
    links = "[[ring#^history]] [[ring#^part-x]] [[one#^history]] [[none#^history]]"
    site = resolved(files | {"from.md": f"# From\n\n{links}\n"})
    assert [fault.help for fault in site.faults] == [
        "its blocks are `^part-a`, `^part-b`, `^part-c`, `^part-d`, `^part-e`, `^part-f`, …",
        "did you mean `#^part-a`?",
        "its only block is `^only`",
        "write ` ^history` behind the block",
    ]


def test_each_name_of_a_section_is_read_once_for_all_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an entry, and of a document, where a link may also name a term."""
    count = 200
    entry = "".join(
        f"## Part {n}\n\n[[#Part {count - 1 - n}]] and [[ring#^b{n}]]. ^b{n}\n\n" for n in range(count)
    )
    terms = "".join(f"## Term {n}\n\n[[#Term {n * 7 % count}]], [[#^t{n}]]. ^t{n}\n\n" for n in range(count))
    read: list[str] = []

    def counted(name: str) -> Name:
        read.append(name)
        return fold(name)

    monkeypatch.setattr("grimoire.sections.fold", counted)
    site = resolved({"ring.md": f"# Ring\n\n{entry}", "glossary.md": f"# All\n\n{terms}"})
    assert site.codes == []
    assert len(read) < 8 * count


def test_a_link_that_says_two_things_follows_the_name() -> None:
    files = {"ring.md": "# Ring\n", "field.md": "# Field\n\n[[ring]](#field) [[ring]](#unknown)\n"}
    site = resolved(files)
    assert site.links("field.md") == ["terms/ring/", "terms/ring/"]
    (fault,) = site.faults
    assert (fault.code, fault.why) == ("mismatched-link", "the address leads to `Field`; the name wins")


def test_wanted_entries_are_counted_over_all_who_ask() -> None:
    files = {
        "a.md": "---\ntitle: A\nrelated: [Group, Module]\n---\n\n[[group]] and [[Group|it]], [[monoid]].\n",
        "b.md": "# B\n\n[[GROUP]] [[c.d]] [[c d]]\n",
    }
    site = resolved(files)
    a, b = site.place("a.md"), site.place("b.md")
    wanted = {one.name: (one.anchor, one.asked) for one in site.graph.wanted}
    assert wanted == {
        "group": ("group", ((a, 0), (a, 1), (a, -1), (b, 0))),
        "c d": ("c-d-2", ((b, 2),)),
        "c.d": ("c-d", ((b, 1),)),
        "Module": ("module", ((a, -1),)),
        "monoid": ("monoid", ((a, 2),)),
    }
    assert site.graph.wanted[0].name == "group"
    missing = [link for row in site.graph.links for link in row if isinstance(link, Missing)]
    assert {link.name: link.anchor for link in missing}["c d"] == "c-d-2"


# ---------------------------------------------------------------- who is referred to


def test_backlinks_come_from_others_alone() -> None:
    files = {
        "ring.md": "# Ring\n\nA [ring] is no [[#Ring]]; see [[field]].\n",
        "field.md": "# Field\n\nA [[ring]], and again a [ring], [[nothing]].\n",
        "notes/n.md": "# N\n\n[[Ring]]\n",
    }
    site = resolved(files)
    assert site.backlinks("terms/ring/") == ["terms/field/", "terms/field/", "notes/n/"]
    assert site.backlinks("terms/field/") == ["terms/ring/"]
    assert site.backlinks("notes/n/") == []


def test_relations_keep_their_reasons_and_are_no_backlinks() -> None:
    files = {
        "ring.md": (
            "---\ntitle: Ring\nrelated:\n  - Field: a ring with division\n  - '[[group]]'\n"
            "broader: algebra\nprerequisites: [Field, nothing at all]\n---\n"
        ),
        "field.md": "# Field\n",
        "group.md": "# Group\n",
        "algebra.md": "# Algebra\n",
    }
    site = resolved(files)
    index = site.place("ring.md")
    relations = [
        (reference.role, told(link), reference.reason)
        for reference, (link, _) in zip(
            site.glossary.nodes[index].term.relations, site.graph.relations[index], strict=True
        )
    ]
    assert relations == [
        ("related", "terms/field/", "a ring with division"),
        ("related", "terms/group/", ""),
        ("prerequisite", "terms/field/", ""),
        ("prerequisite", "missing nothing at all", ""),
        ("broader", "terms/algebra/", ""),
    ]
    assert site.backlinks("terms/field/") == []
    (fault,) = site.faults
    assert (fault.code, fault.message) == ("missing-term", "no entry is named `nothing at all`")


@pytest.mark.parametrize(
    ("files", "redirects"),
    [
        ({"a.md": "# A\n\nSee [b].\n", "b.md": "# B\n\nText.\n"}, {"a.md": "b.md", "b.md": None}),
        (
            {"a.md": "# A\n\nsee [[b]]\n", "b.md": "# B\n\nSee [[C]].\n", "c.md": "# C\n\nText.\n"},
            {"a.md": "b.md", "b.md": "c.md", "c.md": None},
        ),
        ({"a.md": "# A\n\nSee [b].\n", "b.md": "# B\n\nSee [a].\n"}, {"a.md": "b.md", "b.md": "a.md"}),
        ({"a.md": "# A\n\nSee [a].\n"}, {"a.md": None}),
        ({"a.md": "# A\n\nSee [[nothing]].\n"}, {"a.md": None}),
        ({"a.md": "# A\n\nSee [b] and [c].\n", "b.md": "# B\n"}, {"a.md": None, "b.md": None}),
    ],
    ids=["one", "chain", "circle", "itself", "missing", "prose"],
)
def test_an_entry_that_only_points_to_another(
    files: dict[str, str], redirects: dict[str, str | None]
) -> None:
    site = resolved(files)
    nodes = site.glossary.nodes
    found = {
        node.term.path: None if target is None else nodes[target].term.path
        for node, target in zip(nodes, site.graph.redirects, strict=True)
    }
    assert found == redirects


def test_a_draft_is_wanted_until_it_is_built() -> None:
    files = {"ring.md": "---\ntitle: Ring\ndraft: true\n---\n", "from.md": "# From\n\n[[ring]] [ring]\n"}
    assert resolved(files).links("from.md") == ["missing ring", "plain"]
    assert resolved(files, drafts=True).links("from.md") == ["terms/ring/", "terms/ring/"]


# ---------------------------------------------------------------- addresses


def test_two_entries_with_one_slug_are_both_kept() -> None:
    files = {"a/ring.md": "# Ring\n", "b/ring.md": "# RING\n", "c/ring.md": "# ring!\n"}
    site = resolved(files)
    assert site.urls() == {
        "terms/ring/": "a/ring.md",
        "terms/ring-2/": "b/ring.md",
        "terms/ring-3/": "c/ring.md",
    }
    assert site.codes == ["duplicate-slug", "duplicate-slug"]
    assert [(fault.path, fault.related[0].path) for fault in site.faults] == [
        ("b/ring.md", "a/ring.md"),
        ("c/ring.md", "a/ring.md"),
    ]
    assert "`RING` and `Ring`" in site.faults[0].message


def test_an_explicit_id_is_served_first() -> None:
    files = {"a.md": "# Ring\n", "b.md": "---\ntitle: Annulus\nid: ring\n---\n"}
    site = resolved(files)
    assert site.urls() == {"terms/ring-2/": "a.md", "terms/ring/": "b.md"}
    (fault,) = site.faults
    assert (fault.code, fault.path) == ("duplicate-slug", "a.md")


def test_a_number_that_is_taken_is_passed_over() -> None:
    files = {"a.md": "# Ring\n", "b.md": "# Ring 2\n", "c.md": "---\ntitle: RING\n---\n"}
    assert sorted(resolved(files).urls()) == ["terms/ring-2/", "terms/ring-3/", "terms/ring/"]


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("notes/search.md", "notes/search/"),
        ("search.md", "search-2/"),
        ("topics.md", "topics-2/"),
        ("x.md", "x-2/"),
        ("other.md", "other-2/"),
        ("terms/how.md", "terms/how-2/"),
        ("404.md", "404-2/"),
        ("about.md", "about/"),
    ],
)
def test_notes_leave_the_addresses_of_the_site_free(path: str, url: str) -> None:
    site = resolved({path: "---\nkind: note\n---\n\nText.\n"})
    assert site.urls() == {url: path}
    assert site.codes == (["reserved-address"] if url.endswith("-2/") else [])


def test_a_term_may_be_called_like_a_page_of_the_site() -> None:
    assert list(resolved({"search.md": "# Search\n"}).urls()) == ["terms/search/"]


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("written", "file"),
    [
        ("![x](ring.png)", "a/ring.png"),
        ("![x](./ring.png)", "a/ring.png"),
        ("![x](/img/ring.png)", "img/ring.png"),
        ("![x](../img/ring.png)", "img/ring.png"),
        ("![x](RING.PNG)", "a/ring.png"),
        ("![[two words.svg]]", "img/two words.svg"),
        ("![x](two%20words.svg)", "img/two words.svg"),
        ("![[img/ring.png]]", "img/ring.png"),
        ("![[deep/only.png]]", "img/deep/only.png"),
    ],
)
def test_where_an_embedded_file_is_found(written: str, file: str) -> None:
    files = ("a/ring.png", "img/deep/only.png", "img/ring.png", "img/two words.svg")
    site = resolved({"a/from.md": f"# From\n\n{written}\n"}, *files)
    assert site.graph.files == ((file,),)
    assert site.faults == []


@pytest.mark.parametrize(
    ("written", "code", "mend"),
    [
        ("![x](rinng.png)", "missing-image", "did you mean `ring.png`?"),
        ("![x](other.svg)", "missing-image", "put the file into the content folder"),
        ("![x](../../secret.png)", "outside-content", "put the file into the content folder"),
        ("![x](/../secret.png)", "outside-content", "put the file into the content folder"),
        ("![x](a/../../../secret.png)", "outside-content", "put the file into the content folder"),
    ],
)
def test_a_file_that_cannot_be_embedded(written: str, code: str, mend: str) -> None:
    site = resolved({"a/from.md": f"# From\n\n{written}\n"}, "ring.png")
    assert site.graph.files == (("",),)
    (fault,) = site.faults
    assert (fault.code, fault.help) == (code, mend)


@pytest.mark.parametrize("title", ["very " * 80 + "long", "x" * 400, "環" * 200, "Ω" * 90, "!" * 300])
def test_an_address_fits_every_file_system(title: str) -> None:
    site = resolved({"a.md": f"# {title}\n", "b.md": f"# {title} indeed\n", "c.md": f"# C\n\n[[{title}]]\n"})
    first, second, _ = site.urls()
    assert first != second
    assert all(len(part.encode()) <= 200 for url in site.urls() for part in url.split("/"))
    assert site.links("c.md") == [first]


def test_brackets_stay_in_what_other_pages_show() -> None:
    """Those of a link do not; whether a text in brackets is one is known when all names are."""
    text = "Of [precision, recall] and [ring]. $c2$ [c2]: [[ring]], [a, b] and [yt](https://youtu.be/YtebGVx-Fxw)."
    glossary, graph, _ = resolved({"f.md": f"{text}\n\n[ring] and [none].", "ring.md": "A [set]."})
    term = glossary.nodes[0].term
    assert term.summary.text == "Of [precision, recall] and ring."
    assert term.summary.html == term.summary.text
    assert glossary.nodes[0].card.summary == term.summary
    assert term.lead.text == "Of [precision, recall] and ring. c2 [c2]: ring, [a, b] and."
    leads_to = [term.references[number].target for number in term.lead.links]
    assert leads_to == ["precision, recall", "ring", "c2", "ring"]
    assert term.references[1].excerpt.html == "Of [precision, recall] and <mark>ring</mark>."
    assert term.references[-2].excerpt.html == "<mark>ring</mark> and [none]."
    assert "[c2]: ring, [a, b] and" in term.videos[0].excerpt.html
    assert glossary.nodes[1].term.summary.text == "A [set]."
    assert len(graph.links[0]) == 6

"""Automatic links and abbreviations: which names in a text become one, where none may, and what follows from it."""

import json
import re
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import grammar
from tests.conftest import SiteFolder
from tests.grammar import Written
from tests.test_any_text import PATHS, check_closed, source

from grimoire.common_words import is_common
from grimoire.glossary import Named
from grimoire.lexicon import Lexicon
from grimoire.model import SLOT, Insert
from grimoire.names import fold
from grimoire.parse import Dialect, parse
from grimoire.parse.spotting import spot
from grimoire.render.inserts import inserted
from grimoire.source import Source

GLOSSARY = {
    "softmax.md": "# Softmax\n\nIt makes a distribution.\n",
    "entropy.md": "# Entropy\n\nIt measures.\n",
    "cross.md": "# Cross-entropy\n\nIt compares.\n",
    "sae.md": "# Sparse Autoencoder (SAE)\n\nIt is sparse.\n",
    "it.md": "---\ntitle: Information technology\nabbrev: IT\n---\n\nMachines.\n",
    "data.md": "# Data\n\nWhat is given.\n",
    "mi.md": "# Mutual information\n\nabbrev: MI\n\nShared.\n",
    "interp.md": "# Mechanistic interpretability\n\nabbrev: MI\n\nInside.\n",
    "reading.md": "---\nkind: note\ntitle: Reading\n---\n\nRead.\n",
}


def linked(html: str) -> list[tuple[str, str]]:
    """The texts of automatic links, each with the slug it leads to."""
    found = re.findall(r'<a class="t auto" href="(?:\.\./)*(?:terms/)?([^"]*?)/">(.*?)</a>', html, re.DOTALL)
    return [(re.sub("<[^>]+>", "", text), slug) for slug, text in found]


@pytest.fixture(name="site")
def _site(site: SiteFolder) -> SiteFolder:
    for path, text in GLOSSARY.items():
        site.write(path, text)
    return site.write("site.yaml", "auto_link: first\n")


def shown(site: SiteFolder, text: str, path: str = "host.md", page: str = "terms/host/index.html") -> str:
    built = site.write(path, text).build()
    assert built.is_written
    return site.page(page)


# ------------------------------------------------------------------------------ what becomes a link


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A softmax.", [("softmax", "softmax")]),
        ("A softmax, a softmax, softmaxes.", [("softmax", "softmax")]),
        ("Entropies and the *softmax*.", [("Entropies", "entropy"), ("softmax", "softmax")]),
        ("The cross-entropy is no entropy.", [("cross-entropy", "cross-entropy"), ("entropy", "entropy")]),
        ("Cross\nentropies.", [("Cross\nentropies", "cross-entropy")]),
        ("SAEs are sparse autoencoders.", [("SAEs", "sparse-autoencoder-sae")]),
        ("saes or it.", []),
        ("IT is it.", [("IT", "information-technology")]),
        ("A & B: softmax < 1.", [("softmax", "softmax")]),
        ("- a softmax\n- an entropy\n", [("softmax", "softmax"), ("entropy", "entropy")]),
        ("> softmax", [("softmax", "softmax")]),
        ("> [!tip] Title\n> softmax", [("softmax", "softmax")]),
        ("| a |\n|---|\n| softmax |\n", [("softmax", "softmax")]),
        ("term\n: softmax\n", [("softmax", "softmax")]),
        ("**soft**max softmax", [("softmax", "softmax")]),
        ("==softmax== ~~entropy~~", [("softmax", "softmax"), ("entropy", "entropy")]),
        ("<span>softmax</span> <sub>entropy</sub>", [("softmax", "softmax"), ("entropy", "entropy")]),
    ],
)
def test_the_first_mention_of_a_term_becomes_a_link(
    site: SiteFolder, text: str, expected: list[tuple[str, str]]
) -> None:
    assert linked(shown(site, f"# Host\n\n{text}\n")) == expected


@pytest.mark.parametrize(
    "text",
    [
        "`softmax` and ``cross-entropy``",
        "```\nsoftmax\n```",
        "    softmax",
        "$softmax$ and $$entropy$$",
        "\\begin{align}\nentropy\n\\end{align}",
        "## Softmax\n\nand\n\n### On entropy",
        "Setext softmax\n---",
        "> [!note] Softmax\n> nothing",
        "> [!note]- Softmax\n> nothing",
        "[softmax](https://a.example/) and https://a.example/softmax and www.a.example/entropy",
        "[a softmax](it.md)",
        "[a softmax and entropy][x]\n\n[x]: https://a.example/",
        "![softmax](https://a.example/entropy.png)",
        "%%softmax%% <!-- entropy -->",
        "#softmax and #entropy/softmax",
        "`$ grimoire --softmax` --softmax /softmax softmax.md softmax() {{ softmax }}",
        "| softmax | entropy |\n|---|---|\n| a | b |\n",
        "softmax\n: a definition",
        "A note[^1] or two^[softmax].\n\n[^1]: entropy",
        "<kbd>softmax</kbd> <code>entropy</code> <abbr title='x'>SAE</abbr>",
        "<pre>\n\nsoftmax\n\n</pre>",
        "<details><summary>\n\nsoftmax\n\n</summary></details>",
        "[@softmax]",
        "Data are common, MI is two terms, host is this one, reading is a note.",
        "SAE_softmax softmax-like",
    ],
)
def test_nothing_else_becomes_a_link(site: SiteFolder, text: str) -> None:
    assert linked(shown(site, f"# Host\n\n{text}\n")) == []


def test_what_is_linked_already_is_not_linked_again(site: SiteFolder) -> None:
    html = shown(site, "# Host\n\nA softmax is a [softmax]; entropy; [[cross.md|that]] cross-entropy.\n")
    assert linked(html) == [("entropy", "entropy")]


def test_raw_links_stay_as_trusted(site: SiteFolder) -> None:
    site.write("site.yaml", "auto_link: first\nhtml: trusted\n")
    text = '# Host\n\n<a href="x">softmax</a> <b>entropy</b>\n\n<a href="y">\n\nsoftmax\n\n</a>\n\nAt last softmax.\n'
    html = shown(site, text)
    assert linked(html) == [("entropy", "entropy"), ("softmax", "softmax")]
    assert "At last <a" in html


def test_nothing_happens_where_it_is_not_asked_for(site: SiteFolder) -> None:
    site.write("site.yaml", "")
    assert linked(shown(site, "# Host\n\nA softmax.\n")) == []


@pytest.mark.parametrize(
    ("setting", "value", "in_text", "to_it"),
    [
        ("off", "", False, False),
        ("off", "true", True, False),
        ("off", "text", True, False),
        ("off", "name", False, False),
        ("first", "", True, False),
        ("first", "true", True, True),
        ("first", "false", False, False),
        ("first", "text", True, False),
        ("first", "name", False, True),
    ],
)
def test_an_entry_decides_for_its_text_and_for_its_name(
    site: SiteFolder, setting: str, value: str, *, in_text: bool, to_it: bool
) -> None:
    site.write("site.yaml", f"auto_link: {setting}\n")
    field = f"auto_link: {value}\n" if value else ""
    site.write("data.md", f"---\ntitle: Data\n{field}---\n\nGiven to a softmax.\n")
    host = linked(shown(site, "# Host\n\nOf data.\n"))
    assert host == ([("data", "data")] if to_it else [])
    own = linked(site.page("terms/data/index.html"))
    assert own == ([("softmax", "softmax")] if in_text else [])


def test_an_entry_may_refuse_links_to_a_name_that_is_not_common(site: SiteFolder) -> None:
    site.write("softmax.md", "---\ntitle: Softmax\nauto_link: text\n---\n\nIt has entropy.\n")
    assert linked(shown(site, "# Host\n\nA softmax.\n")) == []
    assert linked(site.page("terms/softmax/index.html")) == [("entropy", "entropy")]


def test_terms_of_one_file_are_entries_apart(site: SiteFolder) -> None:
    text = "# All\n\nA softmax.\n\n## One\n\nauto_link: name\n\nA softmax.\n\n## Two\n\nA softmax and one.\n"
    shown(site, text, "glossary.md", "glossary/index.html")
    assert linked(site.page("terms/one/index.html")) == []
    assert linked(site.page("terms/two/index.html")) == [("softmax", "softmax"), ("one", "one")]
    assert linked(site.page("glossary/index.html")) == [
        ("softmax", "softmax"),
        ("softmax", "softmax"),
        ("one", "one"),
    ]


def test_the_home_text_and_notes_have_links_too(site: SiteFolder) -> None:
    assert linked(shown(site, "A softmax.\n", "index.md", "index.html")) == [("softmax", "softmax")]
    site.write("reading.md", "---\nkind: note\n---\n\nOn entropy.\n").build()
    assert linked(site.page("reading/index.html")) == [("entropy", "entropy")]


def test_an_embedded_entry_keeps_its_own_links(site: SiteFolder) -> None:
    site.write("inner.md", "# Inner\n\nA softmax. ^a\n\n## Part\n\nOf entropy, again softmax.\n")
    html = shown(site, "# Host\n\nHost softmax.\n\n![[inner#Part]]\n")
    assert linked(html) == [("softmax", "softmax"), ("entropy", "entropy")]
    site.write("inner.md", "# Inner\n\nA softmax[^n].\n\n## Part\n\nOf entropy[^n] here.\n\n[^n]: Noted.\n")
    html = shown(site, "# Host\n\n![[inner#Part]]\n")
    assert linked(html) == [("entropy", "entropy")]
    assert "Noted." in html
    html = shown(site, "# Host\n\n![[inner]]\n")
    assert linked(html) == [("softmax", "softmax"), ("entropy", "entropy")]


def test_french_text(site: SiteFolder) -> None:
    site.write("site.yaml", "auto_link: first\nlanguage: fr\n")
    site.write("reseau.md", "# Réseau de neurones\n\nUn modèle.\n")
    html = shown(
        site,
        "# Hôte\n\nL’entropy des réseaux de neurones, données et modèle.\n",
        page="terms/hote/index.html",
    )
    assert linked(html) == [("entropy", "entropy"), ("réseaux de neurones", "reseau-de-neurones")]


# ------------------------------------------------------------------------------ what follows from it


def test_cards_and_summaries_have_none(site: SiteFolder) -> None:
    shown(site, "# Host\n\nA softmax of entropy.\n")
    assert linked(site.page("terms/host/card.html")) == []
    assert linked(site.page("index.html")) == linked(site.page("topics/index.html")) == []


def test_such_a_link_counts_in_the_graph_and_quotes_its_sentence(site: SiteFolder) -> None:
    shown(site, "# Host\n\nFirst. The *softmax* of $x$ & y. Last.\n")
    backlinks = site.page("terms/softmax/index.html").split('id="_used-by"', 1)[1]
    assert "<mark>softmax</mark>" in backlinks
    assert "First" not in backlinks
    assert "<math" in backlinks
    records = {one["slug"]: one for one in json.loads(site.page("glossary.json"))["terms"]}
    assert records["host"]["links"] == [{"kind": "auto", "to": "softmax", "label": "softmax", "anchor": ""}]
    assert records["softmax"]["backlinks"] == ["host"]
    graph = json.loads(site.page("graph.json"))
    names = [node["slug"] for node in graph["nodes"]]
    assert [names.index("host"), names.index("softmax")] in graph["edges"]


def test_the_sentence_keeps_the_brackets_of_what_is_no_link(site: SiteFolder) -> None:
    shown(site, "# Host\n\nOf [precision, recall] and [entropy] the softmax knows nothing.\n")
    backlinks = site.page("terms/softmax/index.html").split('id="_used-by"', 1)[1]
    assert "Of [precision, recall] and entropy the <mark>softmax</mark> knows nothing." in backlinks


def test_a_link_is_counted_and_can_be_told_from_others(site: SiteFolder) -> None:
    before = site.write("host.md", "# Host\n\nNobody.\n").build().links
    assert site.write("host.md", "# Host\n\nA softmax.\n").build().links == before + 1
    assert '<a class="t auto" href="../../terms/softmax/">softmax</a>' in site.page("terms/host/index.html")


# ------------------------------------------------------------------------------ abbreviations


@pytest.mark.parametrize(
    ("acronyms", "text", "expected"),
    [
        ("off", "An SAE.", "An SAE."),
        ("abbr", "An SAE, SAE.", 'An <abbr title="Sparse Autoencoder">SAE</abbr>, SAE.'),
        ("abbr", "SAEs.", '<abbr title="Sparse Autoencoders">SAEs</abbr>.'),
        ("abbr", "IT is it.", '<abbr title="Information technology">IT</abbr> is it.'),
        ("abbr", "MI and sparse autoencoders", "MI and sparse autoencoders"),
        ("abbr", "`SAE` $SAE$ --SAE", "<code>SAE</code> {} --SAE"),
        ("expand", "An SAE, SAE.", "An <abbr>SAE</abbr> (Sparse Autoencoder), SAE."),
        ("expand", "SAEs.", "<abbr>SAEs</abbr> (Sparse Autoencoders)."),
        ("expand", "[SAE] SAE", "<a><abbr>SAE</abbr></a> (Sparse Autoencoder) SAE"),
        ("expand", "[the SAE](sae.md) SAE", "<a>the SAE</a> <abbr>SAE</abbr> (Sparse Autoencoder)"),
        ("expand", "[[sae|SAEs]]", "<a><abbr>SAEs</abbr></a> (Sparse Autoencoders)"),
        ("abbr", "[SAE]", '<a><abbr title="Sparse Autoencoder">SAE</abbr></a>'),
    ],
)
def test_the_first_abbreviation_is_explained(
    site: SiteFolder, acronyms: str, text: str, expected: str
) -> None:
    site.write("site.yaml", f"acronyms: {acronyms}\n")
    html = shown(site, f"# Host\n\n{text}\n")
    line = re.search(r'<p class="lead">(.*?)</p>', html, re.DOTALL)
    assert line is not None
    found = re.sub(r"<a [^>]+>", "<a>", re.sub(r'<span class="katex.*</span>', "{}", line[1]))
    assert found == expected


def test_an_abbreviation_may_be_a_link_as_well(site: SiteFolder) -> None:
    site.write("site.yaml", "acronyms: expand\nauto_link: first\n")
    html = shown(site, "# Host\n\nTwo SAEs.\n")
    link = '<a class="t auto" href="../../terms/sparse-autoencoder-sae/"><abbr>SAEs</abbr></a>'
    assert f"Two {link} (Sparse Autoencoders)." in html


def test_an_entry_does_not_explain_its_own_abbreviation(site: SiteFolder) -> None:
    site.write("site.yaml", "acronyms: expand\n")
    site.write("sae.md", "# Sparse Autoencoder (SAE)\n\nAn SAE is sparse.\n").build()
    assert "An SAE is sparse" in site.page("terms/sparse-autoencoder-sae/index.html")


@pytest.mark.parametrize(
    ("front", "long"),
    [
        ("title: LF (Long Form)", "Long Form"),
        ("title: Long Form (LF)", "Long Form"),
        ("title: Long Form\nabbrev: LF", "Long Form"),
        ("title: LF\nabbrev: LF\naliases: [thing, long form]", "long form"),
        ("title: LF\nabbrev: LF\naliases: [thing]", ""),
    ],
)
def test_what_an_abbreviation_stands_for(site: SiteFolder, front: str, long: str) -> None:
    site.write("site.yaml", "acronyms: abbr\n").write("long.md", f"---\n{front}\n---\n\nA thing.\n")
    html = shown(site, "# Host\n\nAn LF.\n")
    assert (f'<abbr title="{long}">LF</abbr>' if long else "An LF.") in html


# ------------------------------------------------------------------------------ common words


@pytest.mark.parametrize("name", ["data", "features", "losses", "analyses", "x", "é", "the one"])
def test_common_words(name: str) -> None:
    assert is_common(fold(name), "en") == (name != "the one")


def test_words_are_common_in_their_language() -> None:
    assert is_common(fold("données"), "fr")
    assert is_common(fold("réseaux"), "fr-CA")
    assert not is_common(fold("données"), "en")
    assert not is_common(fold("softmax"), "en")
    assert not is_common(fold("data"), "de")
    assert is_common(fold("x"), "de")


# ------------------------------------------------------------------------------ any text


def names_of(words: tuple[str, ...]) -> Lexicon[Named]:
    """Every second word of a text as a name, and some pairs of neighbours; one in three is an abbreviation."""
    names: Lexicon[Named] = Lexicon()
    for index, name in enumerate((*words[::2], *map(" ".join, pairwise(words[:9])))):
        names.add(name, Named(index, is_abbreviation=index % 3 == 0))
        names.add_forms(name, Named(index, is_abbreviation=index % 3 == 0), "en")
    return names


def check_spots(written: Source, words: tuple[str, ...], *, is_smart: bool) -> None:
    names = names_of(words)
    parsed, _ = parse(written, Dialect(smart=is_smart, keeps_prose=True))
    plain, _ = parse(written, Dialect(smart=is_smart))
    assert parsed.bodies == plain.bodies, "what is kept changes no page"
    for term, body in zip(parsed.terms, parsed.bodies, strict=True):
        spots = spot(term.prose, term.formulas, names)
        behind = 0
        for one in spots:
            assert behind <= one.start < one.end
            behind = one.end
            name = body.html[one.start : one.end]
            assert " ".join(unescape(name).split()) == one.label
            assert SLOT not in name
            assert "<" not in name
            assert 0 <= one.span.start <= one.span.end <= len(written.text)
            assert one.count >= 1
            check_closed(one.excerpt.html)
        inserts = tuple(Insert(one.start, one.end, None, "long", one.named.is_abbreviation) for one in spots)
        html = inserted(body.html, inserts, 0, str)
        check_closed(html)
        made = re.compile(r'<abbr(?: title="long")?>([^<]*)</abbr>(\0z\d+\0)?( \(long\))?')
        assert made.sub(r"\1\2", html) == made.sub(r"\1\2", body.html)


@given(grammar.documents(), PATHS, st.booleans())
def test_what_is_spotted_stands_in_the_text_and_fits_the_html(
    written: Written,
    path: str,
    is_smart: bool,  # noqa: FBT001  drawn, not chosen
) -> None:
    check_spots(source(path, written.text), written.words, is_smart=is_smart)


@given(grammar.SOUP.map(grammar.named), PATHS, st.booleans())
def test_the_same_for_marks_at_random(
    written: Written,
    path: str,
    is_smart: bool,  # noqa: FBT001  drawn, not chosen
) -> None:
    check_spots(source(path, written.text), written.words, is_smart=is_smart)


@given(
    st.lists(
        st.sampled_from(
            ["> ", "- ", "word ", "*em* ", "$x$ ", "`zz` ", "[[zz]] ", "\n", "é𝕏 ", "\\_ ", "&amp; "]
        ),
        max_size=12,
    )
)
def test_a_name_knows_its_place(before: list[str]) -> None:
    text = "".join(before) + "zz end"
    parsed, _ = parse(source("entry.md", text), Dialect(keeps_prose=True))
    (term,) = parsed.terms
    names: Lexicon[Named] = Lexicon()
    names.add("zz", Named(0, is_abbreviation=False))
    for one in spot(term.prose, term.formulas, names):
        assert (one.span.start, text[one.span.start : one.span.end]) == (len(text) - len("zz end"), "zz")

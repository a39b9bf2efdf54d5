"""How a file becomes entries: their kinds, names, slugs, fields, summaries and mentions."""

import pytest

from grimoire.diagnostics import Diagnostic
from grimoire.model import SLOT, Body, Fragment, Term
from grimoire.names import fold
from grimoire.parse import Dialect, parse
from grimoire.source import Source, Span


def entries(text: str, path: str = "entry.md") -> tuple[Term, ...]:
    parsed, _ = parse(Source(path, text), Dialect())
    return parsed.terms


def entry(text: str, path: str = "entry.md") -> Term:
    (one,) = entries(text, path)
    return one


def body(text: str) -> Body:
    parsed, _ = parse(Source("entry.md", text), Dialect())
    (one,) = parsed.bodies
    return one


def faults(text: str, path: str = "entry.md") -> list[Diagnostic]:
    return parse(Source(path, text), Dialect())[1]


def shown(fragment: Fragment) -> str:
    """The HTML of a fragment with its slots in braces."""
    parts = fragment.html.split(SLOT)
    return "".join(f"{{{part}}}" if index % 2 else part for index, part in enumerate(parts))


def names(term: Term) -> list[str]:
    return [one.name for one in term.aliases]


def at(text: str, span: Span) -> str:
    return text[span.start : span.end]


# ------------------------------------------------------------------------------ kinds and titles


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("softmax.md", "", "term"),
        ("deep/softmax.md", "", "term"),
        ("notes/reading.md", "", "note"),
        ("deep/notes/reading.md", "", "note"),
        ("reading.md", "---\nkind: note\n---\n", "note"),
        ("notes/softmax.md", "---\nkind: term\n---\n", "term"),
        ("index.md", "", "home"),
        ("deep/index.md", "", "note"),
        ("words.md", "---\nkind: glossary\n---\n", "document"),
        ("glossary.md", "", "document"),
        ("words.md", "---\nid: glossary\n---\n", "document"),
        ("glossary.md", "---\nkind: term\n---\n", "term"),
    ],
)
def test_the_kind_of_a_file(path: str, text: str, kind: str) -> None:
    assert entries(text, path)[0].kind == kind


@pytest.mark.parametrize(
    ("path", "text", "title"),
    [
        ("a.md", "---\ntitle: From the field\n---\n# From the heading\n", "From the field"),
        ("a.md", "# From the heading\n\nText.\n", "From the heading"),
        ("a.md", "Text.\n\n# A late heading\n", "A late heading"),
        ("deep/cross_entropy-loss.md", "Text.\n", "cross entropy loss"),
        ("Cross-entropy loss.md", "Text.\n", "Cross-entropy loss"),
        ("Cross-entropy.md", "Text.\n", "Cross-entropy"),
        ("Cross_Entropy.md", "Text.\n", "Cross Entropy"),
        ("k-means.md", "Text.\n", "k-means"),
        ("2024-03-01.md", "Text.\n", "2024-03-01"),
        ("__.md", "Text.\n", "__"),
        ("a.md", "---\ntitle: No\n---\n", "No"),
        ("a.md", "---\ntitle: 1:30\n---\n", "1:30"),
        ("a.md", "# The `x` of *y* and $z^2$\n", "The x of y and z^2"),
        ("a.md", "> # Quoted\n", "a"),
    ],
)
def test_the_title_of_a_file(path: str, text: str, title: str) -> None:
    assert entry(text, path).title == title


def test_a_title_is_set_with_its_formulas() -> None:
    term = entry("---\ntitle: The $\\ell_1$ *norm*\n---\n")
    assert shown(term.headword) == "The {m0} <em>norm</em>"
    assert [one.tex for one in term.headword.formulas] == ["\\ell_1"]
    assert term.title == "The \\ell_1 norm"


@pytest.mark.parametrize(
    "picture", ["![A ring](ring.svg)", "![[ring.svg|A ring|30]]", '<img src="ring.svg" alt="A ring">']
)
def test_in_a_title_the_words_of_a_picture_stand_for_it(picture: str) -> None:
    one = entry(f"# {picture} of fields\n")
    assert (one.title, one.images) == ("A ring of fields", ())
    assert entry("# ![](folder/ring.svg) of fields\n").title == "ring.svg of fields"


def test_a_title_has_no_video() -> None:
    assert entry("# Rings [yt](https://youtu.be/ring)\n").title == "Rings yt"
    assert [one.code for one in faults("# Rings [yt](https://youtu.be/ring)\n")] == ["missing-video"]


def test_a_title_knows_its_place() -> None:
    text = "---\nlang: en\n---\n# Softmax head\n"
    assert at(text, entry(text).span) == "Softmax head"
    text = "---\ntitle: Softmax head\n---\n"
    assert at(text, entry(text).span) == "Softmax head"


@pytest.mark.parametrize(
    ("path", "text", "slug", "is_own"),
    [
        ("a.md", "# Softmax Head\n", "softmax-head", False),
        ("a.md", "---\nid: Soft Head\n---\n# Softmax\n", "soft-head", True),
        ("a.md", "---\npermalink: soft\n---\n", "soft", True),
        ("Deep Folder/a.md", "# Softmax\n", "softmax", False),
        ("notes/On Reading.md", "# Anything\n", "notes/on-reading", False),
        ("notes/index.md", "", "notes", False),
        ("index.md", "# Home\n", "", False),
    ],
)
def test_the_slug_of_an_entry(path: str, text: str, slug: str, is_own: bool) -> None:  # noqa: FBT001
    term = entry(text, path)
    assert (term.slug, term.has_own_slug) == (slug, is_own)


# --------------------------------------------------------------------------------- many terms

GLOSSARY = """\
---
title: The glossary
author: A. Author
date: "2024-09-20"
tags: [evergreen]
---
What stands before belongs to the page.

## Sparse autoencoder

abbrev: SAE
alias: sparse coder, [[dictionary#learning]] net
tags: features, networks
yt: https://youtu.be/one https://youtu.be/two
see: [[Superposition]], logit
id: sae

It takes features apart [yt].

### Gated one

With a gate.

## Eigenvector / Eigenvalue
## Logit

See the [[#Gated one]].
"""


def test_each_second_level_heading_is_a_term() -> None:
    page, *terms = entries(GLOSSARY, "glossary.md")
    assert (page.kind, page.title, page.tags) == ("document", "The glossary", ("evergreen",))
    assert page.written == "What stands before belongs to the page.\n"
    assert [one.title for one in terms] == ["Sparse autoencoder", "Eigenvector / Eigenvalue", "Logit"]
    assert [one.kind for one in terms] == ["term"] * 3
    assert terms[0].written.startswith("## Sparse autoencoder\n")
    assert terms[0].written.endswith("With a gate.\n")
    assert terms[1].summary.html == ""


def test_terms_have_their_file_s_author_and_dates_but_not_its_tags() -> None:
    _, first, second, _ = entries(GLOSSARY, "glossary.md")
    assert (first.author, first.created) == ("A. Author", "2024-09-20")
    assert second.tags == ()


def test_lines_right_under_the_heading_are_fields() -> None:
    _, term, *_ = entries(GLOSSARY, "glossary.md")
    assert names(term) == ["sparse coder", "learning net", "SAE"]
    assert (term.abbreviation, term.slug, term.has_own_slug) == ("SAE", "sae", True)
    assert term.tags == ("features", "networks")
    assert [one.url for one in term.videos] == ["https://youtu.be/one", "https://youtu.be/two"]
    assert [(one.role, one.target) for one in term.relations] == [
        ("related", "Superposition"),
        ("related", "logit"),
    ]
    assert [at(GLOSSARY, one.span) for one in term.relations] == ["[[Superposition]]", "logit"]
    assert [at(GLOSSARY, one.span) for one in term.aliases] == [
        "sparse coder",
        "[[dictionary#learning]] net",
        "SAE",
    ]
    assert shown(term.summary) == "It takes features apart."


def test_a_link_in_an_alias_is_a_mention_and_one_in_a_field_is_not() -> None:
    _, term, *_ = entries(GLOSSARY, "glossary.md")
    (mention,) = term.references
    assert (mention.target, mention.section) == ("dictionary", "learning")
    assert shown(mention.excerpt) == "alias: sparse coder, <mark>learning</mark> net"


def test_deeper_headings_are_parts_of_their_term() -> None:
    _, term, *_ = entries(GLOSSARY, "glossary.md")
    assert [(one.level, one.anchor) for one in term.headings] == [(2, "gated-one")]


def test_anchors_are_unique_in_a_file() -> None:
    text = "## A\n\n### Use\n\n## B\n\n### Use\n"
    anchors = [one.anchor for term in entries(text, "glossary.md") for one in term.headings]
    assert anchors == ["use", "use-2"]


def test_a_footnote_belongs_to_each_term_that_refers_to_it() -> None:
    parsed, diagnostics = parse(
        Source("glossary.md", "## A\n\na[^n]\n\n## B\n\nb[^n]\n\n[^n]: $x$\n"), Dialect()
    )
    assert [[note.html for note in one.notes] for one in parsed.bodies] == [[], ["\0m0\0"], ["\0m0\0"]]
    assert [len(one.formulas) for one in parsed.terms] == [0, 1, 1]
    assert diagnostics == []


# -------------------------------------------------------------------------------- declared names


def test_names_declared_in_the_front_matter() -> None:
    text = "---\naliases: [mech interp, 'interpretability']\nabbrev: MI\n---\n"
    term = entry(text)
    assert names(term) == ["mech interp", "interpretability", "MI"]
    assert term.abbreviation == "MI"
    assert [at(text, one.span) for one in term.aliases] == ["mech interp", "'interpretability'", "MI"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("alias: mech interp", ["mech interp"]),
        ("Aliases: a, b ,c", ["a", "b", "c"]),
        ("also known as feature steering", ["feature steering"]),
        ("Also known as: feature steering", ["feature steering"]),
        ("abbrev: SAE", ["SAE"]),
        ("acronym: SAE\nalias: sparse coder", ["sparse coder", "SAE"]),
    ],
)
def test_names_declared_in_a_paragraph_leave_the_text(line: str, expected: list[str]) -> None:
    text = f"# Title\n\n{line}\n\nText.\n"
    assert names(entry(text)) == expected
    assert body(text).text == "Text."


@pytest.mark.parametrize(
    "line",
    [
        "Also known as floating point operations.",
        "It is also known as x.",
        "aka x",
        "(often known as hidden layers)",
        "alias: a\nand more text",
        "tags: a",
        "Low Rank Adaptation (LoRA) is a method (aka. 5%).",
        "Note: this is text",
    ],
)
def test_prose_declares_nothing(line: str) -> None:
    text = f"# Title\n\n{line}\n"
    assert names(entry(text)) == []
    assert body(text).text == " ".join(line.split())


def test_a_name_that_is_declared_twice_counts_once() -> None:
    assert names(entry("---\naliases: [a, a]\nalias: a\n---\n# T\n\nalias: a, T\n")) == ["a"]


@pytest.mark.parametrize(
    ("title", "abbreviation", "others"),
    [
        ("Retrieval-Augmented Generation (RAG)", "RAG", ["Retrieval-Augmented Generation", "RAG"]),
        ("ZeRO (Zero Redundancy Optimizer)", "ZeRO", ["Zero Redundancy Optimizer", "ZeRO"]),
        ("Eigenvector / Eigenvalue", "", ["Eigenvector", "Eigenvalue"]),
        ("Floating-point operations (FLOPs)", "FLOPs", ["Floating-point operations", "FLOPs"]),
        ("Linear and quadratic analysis (LA / QA)", "", ["Linear and quadratic analysis", "LA", "QA"]),
        ("Reward models (PRM) vs outcome models (OM)", "", []),
        ("Number formats (int4 / int8)", "", []),
        ("Radix / prefix attention (SGLang)", "", ["Radix", "prefix attention (SGLang)"]),
        ("Residual networks (ResNet as a plan)", "ResNet", ["Residual networks", "ResNet"]),
        ("Residual networks (of all kinds)", "", []),
        ("Residual networks ( )", "", []),
        ("Alignment (AI)", "", []),
        ("e/acc", "", []),
        ("TD(λ)", "", []),
    ],
)
def test_names_in_a_title(title: str, abbreviation: str, others: list[str]) -> None:
    term = entry(f"# {title}\n")
    assert (term.abbreviation, names(term)) == (abbreviation, others)


@pytest.mark.parametrize(
    ("title", "text", "name"),
    [
        ("LoRA", "Low-rank adaptation (LoRA) trains little.", "Low-rank adaptation"),
        ("LORA", "The Low-rank\nadaptation (LoRA) trains little.", "Low-rank adaptation"),
        ("NER", "Named entity recognition - it marks words.", "Named entity recognition"),
        ("LoRA", "Training little (LoRA) is cheap.", ""),
        ("LoRA", "It is low-rank adaptation (LoRA).", ""),
        ("NER", "Never eat rice – or do - it marks.", "Never eat rice"),
        ("NER", "Named entity recognition marks words.", ""),
        ("NER", "Never mind - it marks words.", ""),
        ("softmax", "Soft maximum - it is smooth.", ""),
    ],
)
def test_an_abbreviated_title_is_spelt_out_where_the_text_begins(title: str, text: str, name: str) -> None:
    written = f"# {title}\n\n{text}\n"
    term = entry(written)
    assert [one.name for one in term.aliases] == ([name] if name else [])
    assert [" ".join(at(written, one.span).split()) for one in term.aliases] == ([name] if name else [])


def test_a_heading_without_text_has_a_name_to_show() -> None:
    term = entry("# \n\nText.\n")
    assert (term.title, shown(term.headword)) == ("untitled", "untitled")


# ------------------------------------------------------------------------------------ summaries


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("A ring. Another sentence.", "A ring. Another sentence."),
        ("A set with a product. Another sentence.", "A set with a product."),
        ("It is e.g. a vector, i.e. an arrow vs. a point. More.", "It is e.g. a vector, i.e. an arrow vs. a point."),
        ("The index that is largest (see. [softmax]). More.", "The index that is largest (see. {b0}softmax{e0})."),
        ("Named by Cauchy et al. in a paper of 3.5 pages. More.", "Named by Cauchy et al. in a paper of 3.5 pages."),
        ("熵是一个量。它很大。", "熵是一个量。"),
        ("Un mot, p. ex. Paris, env. 3,5 fois, c.-à-d. Peu. Encore.", "Un mot, p. ex. Paris, env. 3,5 fois, c.-à-d. Peu."),
        ("Made by the U.S. Navy with J.K. Knuth, Ph.D. Student. More.", "Made by the U.S. Navy with J.K. Knuth, Ph.D. Student."),
        ("It grows by $a.b?$ at most per step! More.", "It grows by {m0} at most per step!"),
        ("$x^2$. Used to compare the widths. More.", "{m0}. Used to compare the widths."),
        ("It is a (playful?) name for it. More.", "It is a (playful?) name for it."),
        ("It counts within a time (or space …) (e.g. a year). More.", "It counts within a time (or space …) (e.g. a year)."),
        ("A rule (found early.) Then they had more.", "A rule (found early.)"),
        ("Part of speech (POS). It is the kind of a word. More.", "Part of speech (POS). It is the kind of a word."),
        ("(Told you it has hexes in it!). More.", "(Told you it has hexes in it!)."),
        ("Is it random? Yes, it is. More.", "Is it random? Yes, it is."),
        ("A wrapped\nsentence here. More.", "A wrapped\nsentence here."),
        ("By *Ada Lovelace* [yt]. More to say here.", "By <em>Ada Lovelace</em>."),
        ("The text goes on[^a] here. More.\n\n[^a]: Note.", "The text goes on here."),
        ("Watch [the long film](film.mp4) first. More.", "Watch the long film first."),
        ("![[a.png]]\n\nThe picture is above. More.", "The picture is above."),
        ("```mermaid\nx\n```\n\n> [!note] b\n> Callout text.\n\n## Part\n\nThe prose itself. More.", "The prose itself."),
        ("- only a list of things. More.", "only a list of things."),
        ("> only a quote of someone. More.", "only a quote of someone."),
        ("| a |\n|---|\n| b |", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_the_summary_is_the_first_sentence_of_prose(text: str, summary: str) -> None:
    assert shown(entry(text).summary) == summary


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("One. Two.\n\nThree.\n\n<!--more-->\n\nFour.", "One. Two. Three."),
        ("One. Two.\n<!-- more -->\nThree.", "One. Two."),
        ("One. *Two <!--MORE--> three.*", "One. <em>Two</em>"),
        ("## A\n\n- item\n\n> [!note]\n> Callout.\n\n$x$ is one. Two.\n\n<!--more-->", "{m0} is one. Two."),
        # where nothing stands before it, and where it is none
        ("<!--more-->\n\nOne of several rings. Two.", "One of several rings."),
        ("One of several rings. Two.\n\n> <!--more-->", "One of several rings."),
        ("One of several rings. `<!--more-->`\n\n```\n<!--more-->\n```", "One of several rings."),
        ("One of several rings. Two. <!-- more of it -->", "One of several rings."),
    ],
)
def test_the_summary_ends_where_its_author_says(text: str, summary: str) -> None:
    assert shown(entry(text).summary) == summary


def test_a_card_shows_all_that_stands_before_the_mark() -> None:
    lead = entry("One [[two]].\n\n$x$ *three. <!--more--> Four*.").lead
    assert shown(lead) == "<p>One {a0}two{z0}.</p>\n<p>{m0} <em>three.</em></p>"
    assert lead.text == "One two. x three."


def test_the_summary_as_plain_text_has_each_formula_once() -> None:
    term = entry("A *mapping* $f$ to `x`, as <kbd>key</kbd>. More.")
    assert term.summary.text == "A mapping f to x, as key."
    assert [one.tex for one in term.summary.formulas] == ["f"]


def test_a_description_is_the_summary() -> None:
    term = entry("---\ndescription: The *largest* of $n$\n---\nText that is longer.\n")
    assert shown(term.summary) == "The <em>largest</em> of {m0}"


def test_the_lead_keeps_links_and_the_first_display() -> None:
    term = entry("A [[ring]] and [more](https://example.org).\n\n$$x$$\n\n$$y$$\n")
    assert (
        shown(term.lead) == '<p>A {a0}ring{z0} and <a class="x" href="https://example.org">more</a>.</p>{m0}'
    )
    assert [one.tex for one in term.lead.formulas] == ["x"]
    assert [term.references[number].target for number in term.lead.links] == ["ring"]


def test_words_for_the_search_leave_formulas_out() -> None:
    text = "A *map* $f$ of [[ring|rings]][^a].\n\n```python\ncode\n```\n\n<div>raw</div>\n\n[^a]: Note.\n"
    assert body(text).text == "A map of rings. raw Note."


# ------------------------------------------------------------------------------------- mentions


def test_an_excerpt_is_the_sentence_around_the_mention() -> None:
    (mention,) = entry("One sentence. It is a *[[ring]]* with $x$. Another.").references
    assert shown(mention.excerpt) == "It is a <em><mark>ring</mark></em> with {m0}."
    assert mention.excerpt.text == "It is a ring with x."


def test_a_long_sentence_is_cut_between_words_with_dots() -> None:
    (mention,) = entry("word " * 100 + "[[ring]]" + " word" * 100).references
    assert shown(mention.excerpt).startswith("…word word")
    assert shown(mention.excerpt).endswith("word word…")
    assert "<mark>ring</mark>" in mention.excerpt.html
    assert len(mention.excerpt.text) < 300


def test_other_links_in_an_excerpt_are_text() -> None:
    first, second = entry("A [[ring]] and a [[field]] [t](https://example.org).").references
    assert shown(first.excerpt) == "A <mark>ring</mark> and a field t."
    assert shown(second.excerpt) == "A ring and a <mark>field</mark> t."


def test_a_video_has_an_excerpt_too() -> None:
    (video,) = entry("One. See the talk [yt](https://youtu.be/a) by Ada. Two.").videos
    assert shown(video.excerpt) == "See the talk by Ada."


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("See [L1 regularization].", "L1 regularization"),
        ("see [[Ridge#part|that]]", "Ridge"),
        ("See: [Ridge](ridge.md).", "ridge.md"),
        ("alias: a\n\nSee [Ridge].", "Ridge"),
    ],
)
def test_an_entry_that_only_says_see_redirects(text: str, target: str) -> None:
    redirect = entry(f"# Title\n\n{text}\n").redirect
    assert redirect is not None
    assert redirect.target == target


@pytest.mark.parametrize(
    "text", ["See [Ridge] and more.", "See [Ridge].\n\nMore.", "See also: [Ridge].", "See [yt]."]
)
def test_other_entries_do_not_redirect(text: str) -> None:
    assert entry(text).redirect is None


# ------------------------------------------------------------------------------------- relations


def test_relations_of_the_front_matter() -> None:
    text = """---
related:
  - softmax
  - "[[logit|that]]"
  - [[ring#part]]
  - field: a ring with inverses
prerequisites: sets, maps
broader: [[algebra]]
see: [[group]]
---
"""
    relations = entry(text).relations
    assert [(one.role, one.target, one.section, one.reason) for one in relations] == [
        ("related", "softmax", "", ""),
        ("related", "logit", "", ""),
        ("related", "ring", "part", ""),
        ("related", "field", "", "a ring with inverses"),
        ("related", "group", "", ""),
        ("prerequisite", "sets", "", ""),
        ("prerequisite", "maps", "", ""),
        ("broader", "algebra", "", ""),
    ]
    assert {one.syntax for one in relations} == {"field"}
    assert at(text, relations[2].span) == "[[ring#part]]"


def test_flags_and_dates() -> None:
    term = entry("---\ndraft: yes\nstatus: stub\nlang: fr\nmodified: 2024-10-08\nauthors: [A, B]\n---\n")
    assert (term.is_draft, term.status, term.lang, term.modified, term.author) == (
        True,
        "stub",
        "fr",
        "2024-10-08",
        "A, B",
    )
    assert entry("---\npublish: false\n---\n").is_draft


def test_macros_of_the_entry_come_before_its_formulas() -> None:
    term = entry("---\nmacros: {RR: '\\mathbb{R}', '\\EE': 'E'}\n---\n$x \\in \\RR$\n")
    assert term.formulas[0].preamble == "\\gdef\\RR{\\mathbb{R}}\\gdef\\EE{E}"


def test_macros_of_one_entry_do_not_reach_the_next() -> None:
    text = "## A\n\n$\\newcommand{\\R}{R} \\R$\n\n## B\n\n$x$\n"
    _, first, second = entries(text, "glossary.md")
    assert first.formulas[0].preamble == second.formulas[0].preamble == ""


# ----------------------------------------------------------------------------------- odd files


def test_broken_front_matter_does_not_spoil_the_body() -> None:
    text = "---\ntitle: [\n---\n# Ring\n\nText of it.\n"
    assert entry(text).title == "Ring"
    assert body(text).text == "Text of it."
    assert [one.code for one in faults(text)] == ["broken-front-matter"]


def test_places_hold_behind_front_matter_quotes_and_lists() -> None:
    text = "---\ntitle: T\n---\nx\n\n> - a <script> [^no]\n>   $$\n>   a\n>   b\n>   $$\n"
    term = entry(text)
    assert [at(text, one.span) for one in faults(text) if one.span] == ["<script>", "[^no]"]
    starts = term.formula_places[0].line_starts
    assert [text[start] for start in starts] == ["a", "b"]


def test_a_fault_in_a_note_within_the_line_is_at_its_place() -> None:
    text = "A long text^[with a note [^no] and $x$ in it].\n"
    (fault,) = faults(text)
    assert fault.span is not None
    assert at(text, fault.span) == "[^no]"
    assert text[entry(text).formula_places[0].line_starts[0]] == "x"


def test_a_heading_that_repeats_the_title_leaves_the_body() -> None:
    assert body("---\ntitle: Cross-Entropy\n---\n# cross entropy\n\nText.\n").text == "Text."
    assert fold("Cross-Entropy") == fold("cross entropy")

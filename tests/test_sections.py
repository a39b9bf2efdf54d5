"""Which heading, block or equation the section of a link means, and what is said when there is none."""

from collections.abc import Mapping

import pytest
from tests.conftest import SiteFolder

from grimoire.parse import Dialect, parse
from grimoire.resolve import resolve
from grimoire.sections import Sections
from grimoire.source import Source

RING = """# Ring

## Axioms

### Sum

### Product

## Examples

### Sum

## The map $\\phi$ on `code`, *emphasis* & [[field|more]]

## What’s left? (A list)

## C++

## C#

The sum of two. ^sum

$$a = b \\label{eq:one}$$ ^eq-one

$$
c = d \\tag{*}
$$ ^Star
"""
MANY = """---
kind: glossary
---

# Words

Before.

## Gated unit

Text.

### History

Text. ^first

## Units

### History

Text. ^second
"""


def found(files: Mapping[str, str], path: str, section: str) -> str | None:
    terms = [term for name in sorted(files) for term in parse(Source(name, files[name]), Dialect())[0].terms]
    nodes = resolve(terms, ())[0].nodes
    index = next(i for i, node in enumerate(nodes) if node.term.path == path)
    spot = Sections(nodes, lambda _: "en").find(index, section)
    if spot is None:
        return None
    place = nodes[spot.node].url + (f"#{spot.anchor}" if spot.anchor else "")
    return f"{place} ({spot.number})" if spot.number else place


@pytest.mark.parametrize(
    ("section", "leads_to"),
    [
        ("", "terms/ring/"),
        ("Ring", "terms/ring/"),
        ("Axioms", "#axioms"),
        ("AXIOMS", "#axioms"),
        ("axioms", "#axioms"),
        (" Axioms ", "#axioms"),
        # of equal ones the first, unless the one above is named
        ("Sum", "#sum"),
        ("Axioms#Sum", "#sum"),
        ("Examples#Sum", "#sum-2"),
        ("Ring#Examples#Sum", "#sum-2"),
        ("Ring#Sum", "#sum"),
        ("examples#SUM", "#sum-2"),
        ("sum-2", "#sum-2"),
        ("Axioms#Product", "#product"),
        ("Examples#Product", None),
        ("Product#Axioms", None),
        ("Sum#Examples", None),
        # with their markup, without it, and as Obsidian writes them into a link
        ("The map $\\phi$ on `code`, *emphasis* & more", "#the-map-phi-on-code-emphasis-more"),
        ("The map \\phi on code, emphasis & more", "#the-map-phi-on-code-emphasis-more"),
        ("the map phi on code emphasis more", "#the-map-phi-on-code-emphasis-more"),
        ("The map $\\phi$ on `code`, *emphasis* & field more", "#the-map-phi-on-code-emphasis-more"),
        ("What's left? (A list)", "#whats-left-a-list"),
        ("Whats left A list", "#whats-left-a-list"),
        ("whats-left-a-list", "#whats-left-a-list"),
        ("C++", "#c-plus-plus"),
        ("C", "#c-plus-plus"),
        # blocks and equations
        ("^sum", "#sum-3"),
        ("^SUM", "#sum-3"),
        ("^eq-one", "#eq-one (1)"),
        ("^eq:one", "#eq:one (1)"),
        ("eq:one", "#eq:one (1)"),
        ("^star", "#Star (*)"),
        ("Axioms#^sum", "#sum-3"),
        ("^none", None),
        ("None", None),
        ("#", "terms/ring/"),
    ],
)
def test_a_section_of_an_entry(section: str, leads_to: str | None) -> None:
    place = found({"ring.md": RING}, "ring.md", section)
    assert place == (f"terms/ring/{leads_to}" if leads_to and leads_to[0] == "#" else leads_to)


@pytest.mark.parametrize(
    ("section", "leads_to"),
    [
        ("Gated unit", "terms/gated-unit/"),
        ("gated-unit", "terms/gated-unit/"),
        ("gated units", "terms/gated-unit/"),
        ("Unit", "terms/units/"),
        ("History", "terms/gated-unit/#history"),
        ("Units#History", "terms/units/#history-2"),
        ("Gated unit#History", "terms/gated-unit/#history"),
        ("Gated unit#None", None),
        ("^second", "terms/units/#second"),
        ("Words", "words/"),
    ],
)
def test_a_section_of_a_document_may_be_a_term(section: str, leads_to: str | None) -> None:
    assert found({"words.md": MANY}, "words.md", section) == leads_to


def test_only_the_section_is_underlined(site: SiteFolder) -> None:
    site.write("ring.md", RING.replace("[[field|more]]", "more"))
    text = (
        'See [[ring#Nothing|that]], ![[ring#Nothing]], [x](ring.md#nothing), [x](<ring.md#no thing> "#t").\n\n'
        "![[ring#Axioms#Nothing]]\n\n| [[ring#Nothing\\|x]] | [r][r] |\n|---|---|\n\n[r]: ring.md#nothing\n"
    )
    site.write("host.md", text)
    marked = [text[one.span.start : one.span.end] for one in site.build().diagnostics if one.span]
    assert marked == [
        "#Nothing",
        "#Nothing",
        "#nothing",
        "#no thing",
        "#Axioms#Nothing",
        "#Nothing",
        "[r][r]",
    ]


def test_a_place_within_a_line_cannot_be_embedded(site: SiteFolder) -> None:
    site.write("ring.md", "By $$a \\label{one}$$ we mean.\n")
    fault = site.write("host.md", "Text.\n\n![[ring#^one]]\n").only_fault()
    assert (fault.code, fault.message) == ("missing-anchor", "`^one` of `ring` cannot be embedded")
    assert "we mean" not in site.page("terms/host/index.html").split("finis")[0]

"""Names that no author marked: which are looked for, and what becomes of those that were spotted.

The first mention of a term in another entry becomes a link, if settings and entry want that, and the first use
of an abbreviation an `<abbr>`. A link made so is a reference of its entry like any other, of the syntax
``auto``: it counts in the graph, and shows its sentence among the backlinks.
"""

from collections.abc import Sequence

import msgspec

from grimoire.brackets import filled
from grimoire.common_words import is_common
from grimoire.config import Settings
from grimoire.glossary import Glossary, LinkGraph, Named, Node, Spot
from grimoire.inflection import plural, plural_of_capitals
from grimoire.lexicon import DECLARED, Lexicon
from grimoire.model import Found, Insert, Link, Reference, Term
from grimoire.names import Anchor, fold, is_acronym_of, is_capitals, names_in_title


def circumstances(nodes: Sequence[Node], language: str) -> list[object]:
    """Give all that `lexicon_of` depends on, to be digested."""
    return [
        language,
        *(
            (
                node.term.title,
                [name.name for name in (*node.term.aliases, *node.term.plurals)],
                len(node.term.plurals),
                node.term.abbreviation,
                node.term.lang,
                node.term.is_inflected,
                node.term.auto_link,
            )
            if node.term.kind == "term"
            else ()
            for node in nodes
        ),
    ]


def lexicon_of(nodes: Sequence[Node], language: str) -> Lexicon[Named]:
    """Collect the names of all terms, in all their forms.

    A name that must not become a link stands for nothing, but hides shorter ones in it: one that several
    terms bear, a word of the general language, any name of a term that wants no automatic links to it.

    Args:
        nodes: all entries.
        language: the language of those that do not say theirs.
    """
    lexicon: Lexicon[Named] = Lexicon()
    for index, node in enumerate(nodes):
        term = node.term
        if term.kind != "term":
            continue
        tongue = term.lang or language
        title = _meant(term, index, term.title, tongue)
        for name in dict.fromkeys((term.title, *(alias.name for alias in term.aliases))):
            meant = _meant(term, index, name, tongue)
            lexicon.add(name, meant)
            if term.is_inflected:
                lexicon.add_forms(name, meant, tongue)
        for form in term.plurals:
            lexicon.add(form.name, title, rank=DECLARED)
    return lexicon


def _meant(term: Term, index: int, name: str, language: str) -> Named | None:
    """What a name of a term stands for in running text; None if it must not become a link."""
    folded = fold(name)
    is_doubtful = len(folded) < 2 or (not is_capitals(name) and is_common(folded, language))
    if term.auto_link in {"false", "text"} or (is_doubtful and term.auto_link == ""):
        return None
    return Named(index, is_abbreviation=name == term.abbreviation)


def long_form(term: Term) -> str:
    """Give what a term's abbreviation stands for; "" if it has none, or does not say."""
    if not term.abbreviation:
        return ""
    abbreviation, others = names_in_title(term.title)
    if abbreviation:
        return others[0]
    if fold(term.title) != fold(term.abbreviation):
        return term.title
    names = (alias.name for alias in term.aliases)
    return next((name for name in names if is_acronym_of(term.abbreviation, name)), "")


def linked(
    glossary: Glossary, graph: LinkGraph, spots: Sequence[Sequence[Spot]], settings: Settings
) -> tuple[Glossary, LinkGraph]:
    """Make links and abbreviations of what was spotted.

    Args:
        glossary: all entries.
        graph: their links.
        spots: what was spotted in each entry.
        settings: what the site wants of it.

    Returns:
        Both with the new references.
    """
    nodes = list(glossary.nodes)
    links, targets, backlinks = list(graph.links), list(graph.targets), list(graph.backlinks)
    inserts: list[tuple[Insert, ...]] = [()] * len(nodes)
    for index, row in enumerate(spots):
        term = nodes[index].term
        is_wanted = {"": settings.auto_link == "first"}.get(
            term.auto_link, term.auto_link in {"true", "text"}
        )
        chosen = unlinked(index, row, graph) if is_wanted else []
        long = (
            _to_explain(index, row, glossary.nodes, settings.language) if settings.acronyms != "off" else {}
        )
        made = {place: _link(nodes[row[place].named.node]) for place in chosen}
        inserts[index] = tuple(
            Insert(
                one.start,
                one.end,
                made.get(place),
                long.get(place, ""),
                settings.acronyms == "expand" and place in long,
            )
            for place, one in enumerate(row)
            if place in made or place in long
        )
        found = [row[place] for place in chosen]
        for number, one in enumerate(found, len(links[index])):
            backlinks[one.named.node] += ((index, number),)
        written = links[index]
        links[index] += tuple(made.values())
        targets[index] += tuple(one.named.node for one in found)
        references = (
            *term.references,
            *(_reference(one, nodes[one.named.node], written) for one in found),
        )
        nodes[index] = msgspec.structs.replace(
            nodes[index], term=msgspec.structs.replace(term, references=references)
        )
    return (
        msgspec.structs.replace(glossary, nodes=tuple(nodes)),
        msgspec.structs.replace(
            graph,
            links=tuple(links),
            targets=tuple(targets),
            backlinks=tuple(backlinks),
            inserts=tuple(inserts),
        ),
    )


def unlinked(index: int, row: Sequence[Spot], graph: LinkGraph) -> list[int]:
    """Give the places in a row of spots at which the entry first names another that it has no link to."""
    known = {index, *graph.targets[index]}
    chosen = []
    for place, one in enumerate(row):
        if not one.is_linked and one.named.node not in known:
            known.add(one.named.node)
            chosen.append(place)
    return chosen


def _to_explain(index: int, row: Sequence[Spot], nodes: Sequence[Node], language: str) -> dict[int, str]:
    """The places at which an abbreviation of another entry is first used, each with what it stands for."""
    known = {index}
    found = {}
    for place, one in enumerate(row):
        if one.named.is_abbreviation and one.named.node not in known:
            known.add(one.named.node)
            term = nodes[one.named.node].term
            if long := long_form(term):
                is_plural = one.label == plural_of_capitals(term.abbreviation)
                found[place] = plural(long, term.lang or language) if is_plural else long
    return found


def _link(node: Node) -> Link:
    return Found(node.url, Anchor(""), node.term.title, is_term=True, is_auto=True)


def _reference(one: Spot, node: Node, links: Sequence[Link]) -> Reference:
    """What was spotted as a reference; `links` are those that the author of the text wrote."""
    excerpt = filled(one.excerpt, links)
    return Reference(node.term.title, "", one.label, "auto", one.span, excerpt=excerpt)

"""What holds for any text whatever, from the file to the page.

The texts are drawn by `tests/grammar.py`. Few of them are tried each time;
``pytest --hypothesis-profile long tests/test_any_text.py`` tries very many.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import html5lib
from hypothesis import assume, given
from hypothesis import strategies as st
from tests import grammar
from tests.conftest import english
from tests.grammar import Written

from grimoire.citations import as_written, settled
from grimoire.compose import compose
from grimoire.config import Settings
from grimoire.diagnostics import Diagnostic, as_json, as_text
from grimoire.digest import digest
from grimoire.glossary import Citations, WorkSource
from grimoire.model import SLOT, Body, Cited, Citing, Drawing, Formula, Fragment, Listed, Term, Typeset, Work
from grimoire.pages import CardPage, DocumentPage, HomePage, Page, References, ReferencesPage, TermPage
from grimoire.parse import Dialect, parse
from grimoire.parse.head import read_head
from grimoire.parse.markdown import parser
from grimoire.render import Renderer
from grimoire.resolve import resolve
from grimoire.source import Source, decode
from grimoire.theme import Theme

PATHS = st.sampled_from(["entry.md", "glossary.md", "notes/entry.md", "index.md"])
DIALECTS = st.builds(Dialect, html=st.just("safe"), smart=st.booleans(), keeps_prose=st.booleans())


def source(path: str, text: str) -> Source:
    """A source such as `read` makes of a file with this text."""
    return Source(path, decode(text.encode())[0])


# ------------------------------------------------------------------------------------- records


class Closing(HTMLParser):
    """Reads HTML in which each tag is closed where it was opened; what is wrong is in `faults`."""

    VOID = frozenset(("br", "hr", "wbr", "col", "input", "img"))

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" or any(name.startswith("on") or name == "style" for name, _ in attrs):
            self.faults.append(f"<{tag}> with {attrs}")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")


def check_closed(html: str) -> None:
    """A body and a fragment must be whole: each stands in the middle of a page."""
    closing = Closing()
    # A heading's level is a slot: any will do here.
    closing.feed(re.sub(f"{SLOT}h\\d{SLOT}", "h2", html).replace(SLOT, ""))
    closing.close()
    assert (closing.faults, closing.open) == ([], [])


def check_slots(html: str, counts: dict[str, int]) -> None:
    parts = html.split(SLOT)
    assert len(parts) % 2
    for slot in parts[1::2]:
        kind, number = slot[0], slot[1:]
        if kind in counts:
            # Behind the stop is the number of an equation.
            assert 0 <= int(number.partition(".")[0]) < counts[kind]
        else:
            assert slot == "p" or kind == "w" or (kind == "h" and int(number) >= 2)


def check_entry(term: Term, body: Body, length: int) -> None:
    """What other stages rely on in the record of an entry."""
    check_closed(body.html)
    counts = {
        "m": len(term.formulas),
        "a": len(term.references),
        "z": len(term.references),
        "n": len(term.references),
        "v": len(term.videos),
        "i": len(term.images),
        "d": len(term.diagrams),
        "f": len(body.notes) + 1,
        "t": len(term.transclusions),
        "c": len(term.citations),
    }
    check_slots(body.html, counts)
    for note in body.notes:
        check_closed(note.html)
        check_slots(note.html, counts)
    for passage in term.passages:
        assert 0 <= passage.start <= passage.end <= len(body.html)
        check_closed(body.html[passage.start : passage.end])
        check_slots(body.html[passage.start : passage.end], counts)
    excerpts = [one.excerpt for one in term.references] + [one.excerpt for one in term.videos]
    for fragment in (term.headword, term.symbol, term.summary, term.lead, *excerpts):
        check_closed(fragment.html)
        links = len(fragment.links)
        cited = 0 if fragment is term.headword else len(term.citations)
        brackets = {"b": len(term.references), "e": len(term.references)}
        check_slots(
            fragment.html, {"m": len(fragment.formulas), "a": links, "z": links, "c": cited} | brackets
        )
        check_slots(fragment.text, {"c": cited} | brackets)
        assert all(0 <= number < len(term.references) for number in fragment.links)
    spans = [term.span, *(one.span for one in (*term.references, *term.relations))]
    spans += [one.span for one in term.videos] + [one.span for one in term.images]
    spans += [one.span for one in term.aliases] + [span for one in term.citations for span in one.spans]
    assert all(0 <= span.start <= span.end <= length for span in spans)
    assert len(term.formula_places) == len(term.formulas)
    assert len(term.diagram_places) == len(term.diagrams)
    sources = [*(one.tex for one in term.formulas), *(one.source for one in term.diagrams)]
    for written, place in zip(sources, (*term.formula_places, *term.diagram_places), strict=True):
        assert len(place.line_starts) == written.count("\n") + 1
        assert all(0 <= start <= length for start in place.line_starts)
    assert SLOT not in body.text


def check_told(diagnostics: list[Diagnostic], written: Source) -> None:
    """Every diagnostic points into its file, and can be shown."""
    for one in diagnostics:
        assert one.path == written.path
        for span in (one.span, *(place.span for place in one.related)):
            assert span is None or 0 <= span.start <= span.end <= len(written.text)
        assert as_text(one, lambda _: written.text)
    assert as_json(diagnostics, lambda _: written.text)


# ------------------------------------------------------------------------------------- pages


class Made(NamedTuple):
    """What comes of a site of one file."""

    pages: list[tuple[Page, str]]
    diagnostics: list[Diagnostic]


@cache
def theme() -> Theme:
    return english(Path("no folder"))


@cache
def renderer() -> Renderer:
    return Renderer(theme())


def typeset(formula: Formula) -> Typeset:
    """Stand-ins: what KaTeX itself gives is the affair of the mathematics' tests."""
    mathml = f"<math><mtext>{escape(formula.tex)}</mtext></math>"
    return Typeset(f'<span class="katex">{mathml}</span>', mathml)


def cited(references: References) -> Cited:
    """Stand-ins: every key is known, and set as it is written."""
    texts = tuple(Fragment(escape(one.written, quote=False), one.written) for one in references.clusters)
    listed = tuple(Listed(one.key, Fragment(escape(one.key), one.key)) for one in references.works)
    return Cited(texts, (Fragment(),) * len(texts), listed, is_note=False)


def all_known(terms: Sequence[Term]) -> Citations:
    rows = tuple(
        tuple(
            Citing(tuple(Work(cite.key, digest(cite.key)) for cite in one.cluster.cites))
            for one in term.citations
        )
        for term in terms
    )
    works = {work for row in rows for one in row for work in one.works}
    return Citations(rows, digest(), {work.digest: WorkSource(work.key, "", "", "", ()) for work in works})


def made(written: Source, dialect: Dialect) -> Made:
    """Make the pages that hold an entry's text."""
    parsed, diagnostics = parse(written, dialect)
    assert len(parsed.terms) == len(parsed.bodies)
    # Of LaTeX only the entries are read, and there may be none.
    assert parsed.terms or written.path.endswith((".bib", ".tex"))
    for term, body in zip(parsed.terms, parsed.bodies, strict=True):
        check_entry(term, body, len(written.text))
    result = pages(parsed.terms, parsed.bodies)
    return Made(result.pages, diagnostics + result.diagnostics)


def pages(terms: Sequence[Term], bodies: Sequence[Body]) -> Made:
    """Make the pages that hold the texts of these entries."""
    texts = {term.body: body for term, body in zip(terms, bodies, strict=True)}
    terms = [settled(term, list(map(as_written, term.citations))) for term in terms]
    glossary, graph, faults = resolve(terms, [])
    site, composed = compose(glossary, graph, all_known(terms), Settings(), {}, theme().assets)
    shown: list[tuple[Page, str]] = [
        (page, renderer().render(page, site, texts.__getitem__, typeset, lambda _: Drawing(), cited))
        for page in composed
        if isinstance(page, CardPage | DocumentPage | HomePage | ReferencesPage | TermPage)
    ]
    return Made(shown, faults)


_HTML = "{http://www.w3.org/1999/xhtml}"
PHRASES = frozenset(
    "a abbr audio b bdi bdo br button cite code data del dfn em i img input ins kbd label map mark meter object output"
    " picture progress q ruby s samp script select small span strong sub sup svg math textarea time u var video wbr".split()
)
HOLD_PHRASES_ONLY = frozenset(
    "abbr b bdi bdo button cite code dfn em h1 h2 h3 h4 h5 h6 i kbd label mark p pre q rp rt s samp small span strong sub"
    " sup time u var".split()
)
INTERACTIVE = frozenset("a audio button input label select textarea video".split())
"""What cannot stand in a link or a button."""
PARENTS = {
    "li": {"ol", "ul", "menu"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}, "summary": {"details"}, "figcaption": {"figure"},
    "tr": {"thead", "tbody", "tfoot", "table"}, "td": {"tr"}, "th": {"tr"}, "caption": {"table"}, "rt": {"ruby"},
}  # fmt: skip


def check_page(html: str) -> None:
    """A page is valid HTML, names each of its ids once and refers to those it has."""
    assert SLOT not in html
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(set(ids)) == len(ids)
    assert "" not in ids
    if "<main" in html:
        # A card is a part of a page, and what it points at is in another.
        wanted = re.findall(r' (?:href="#|for="|aria-\w+by="|aria-controls="|popovertarget=")([^"]+)"', html)
        assert {name for names in wanted for name in names.split()} <= set(ids)
        html = html[html.index("<main") : html.index("</main>") + len("</main>")]
    tree = html5lib.HTMLParser(strict=True).parseFragment(html)
    for above, element in walk(tree, ()):
        tag = element.tag.removeprefix(_HTML)
        if "{" not in tag:
            check_place(tag, above, element)
            assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


def walk(element: Element, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Element]]:
    if isinstance(element.tag, str):
        yield above, element
        for inner in element:
            yield from walk(inner, (*above, element.tag.removeprefix(_HTML)))


def check_place(tag: str, above: tuple[str, ...], element: Element) -> None:
    """What the parser lets pass and the standard does not."""
    parent = above[-1] if above else ""
    assert tag in PHRASES or parent not in HOLD_PHRASES_ONLY, f"<{tag}> in <{parent}>"
    if tag in INTERACTIVE and element.get("type") != "hidden":
        assert not {"a", "button"} & set(above), f"<{tag}> in {above}"
    if tag in PARENTS:
        assert parent in PARENTS[tag], f"<{tag}> in <{parent}>"
    if tag == "a":
        assert element.get("href") is not None


def check_file(written: Source, dialect: Dialect) -> Made:
    """All that holds for any file."""
    result = made(written, dialect)
    for _, html in result.pages:
        check_page(html)
    check_told(result.diagnostics, written)
    return result


# ------------------------------------------------------------------------------------- any text


@given(
    st.one_of(st.text(max_size=200), grammar.SOUP.map(lambda text: grammar.named(text).text)), PATHS, DIALECTS
)
def test_any_text(text: str, path: str, dialect: Dialect) -> None:
    check_file(source(path, text), dialect)


@given(
    st.builds("{}{}".format, grammar.FRONT_MATTER, st.sampled_from(["", "a\n", "# x\n", "[yt] $x$\n"])), PATHS
)
def test_any_front_matter(text: str, path: str) -> None:
    check_file(source(path, grammar.named(text).text), Dialect())


@given(grammar.documents(), PATHS, DIALECTS)
def test_any_mix_of_constructs(written: Written, path: str, dialect: Dialect) -> None:
    check_file(source(path, written.text), dialect)


@given(grammar.documents(), DIALECTS, st.integers(0, 9))
def test_any_part_of_a_text_can_be_embedded(written: Written, dialect: Dialect, number: int) -> None:
    parsed, _ = parse(source("entry.md", written.text), dialect)
    parts = parsed.terms[0].passages
    assume(parts)
    one = parts[number % len(parts)]
    name = f"^{one.anchor}" if one.is_block else one.anchor
    host, _ = parse(source("host.md", f"![[entry#{name}]]\n"), dialect)
    for page, html in pages([*host.terms, *parsed.terms], [*host.bodies, *parsed.bodies]).pages:
        check_page(html)
        assert not page.url.startswith("terms/host/index") or 'class="embed"' in html


@given(grammar.documents().flatmap(lambda written: grammar.damaged(written.text)), PATHS, DIALECTS)
def test_any_damaged_text(text: str, path: str, dialect: Dialect) -> None:
    check_file(source(path, text), dialect)


def readable(html: str) -> str:
    """What a reader of a page sees or hears of an entry."""
    main = html[html.index("<main") : html.index("</main>")] if "<main" in html else html
    tree = html5lib.parseFragment(main)
    said = (
        element.get(name, "")
        for _, element in walk(tree, ())
        for name in ("alt", "aria-label", "title", "href")
    )
    return " ".join(("".join(tree.itertext()), *said))


def in_definitions(text: str, dialect: Dialect, told: str) -> str:
    """The lines that are seen nowhere: what defines an address, or a footnote whose mark is told of."""
    env: dict[str, Any] = {}
    parser(smart=dialect.smart).parse(text, env)
    found = [one["map"] for one in (*env.get("references", {}).values(), *env.get("duplicate_refs", ()))]
    found += [place for label, *place in env.get("definitions", ()) if f"[^{label}]" in told]
    lines = text.split("\n")
    return "\n".join(line for place in found for line in lines[slice(*place)])


def lost(words: Iterable[str], once: Source, dialect: Dialect) -> list[str]:
    """The words that stand on no page and in nothing that is told of."""
    result = made(once, dialect)
    shown = " ".join(readable(html) for page, html in result.pages if not isinstance(page, CardPage))
    told = " ".join(once.text[one.span.start : one.span.end] for one in result.diagnostics if one.span)
    # What is no field of ours is kept as data; what is no front matter at all is told of.
    end = read_head(once).end
    seen = " ".join((shown, told, once.text[:end], in_definitions(once.text[end:], dialect, told)))
    return [word for word in words if word not in seen]


@given(grammar.documents(), st.sampled_from(["entry.md", "glossary.md"]), DIALECTS)
def test_no_word_is_lost_in_silence(written: Written, path: str, dialect: Dialect) -> None:
    assert lost(written.words, source(path, written.text), dialect) == []


@given(grammar.documents(), DIALECTS)
def test_what_is_parsed_twice_is_the_same(written: Written, dialect: Dialect) -> None:
    once = source("entry.md", written.text)
    assert parse(once, dialect) == parse(once, dialect)


@given(grammar.documents(), st.sampled_from(["\r\n", "\r"]))
def test_line_ends_and_a_byte_order_mark_make_no_difference(written: Written, end: str) -> None:
    text = written.text.replace("\r", "")
    other = source("entry.md", "\ufeff" + text.replace("\n", end))
    assert parse(other, Dialect()) == parse(source("entry.md", "\ufeff" + text), Dialect())


# ------------------------------------------------------------------------------------- words and places

PLAIN = st.lists(st.text("abcdefghij", min_size=2, max_size=8), min_size=1, max_size=12)


@given(
    PLAIN,
    st.sampled_from(
        ["{}", "> {}", "- {}", "1. {}", "> [!note]\n> {}", "| {} |\n|---|", "## x\n\n{}", "==a== {}"]
    ),
)
def test_the_words_of_a_paragraph_survive(words: list[str], frame: str) -> None:
    parsed, _ = parse(Source("entry.md", frame.format(" ".join(words))), Dialect())
    (body,) = parsed.bodies
    assert " ".join(words) in body.html
    assert " ".join(words) in body.text


@given(st.lists(st.sampled_from(["> ", "- ", "word ", "*em* ", "$x$ ", "`code` ", "\n", "é𝕏 "]), max_size=12))
def test_a_reference_knows_its_place(before: list[str]) -> None:
    text = "".join(before) + "[[here|shown]]"
    parsed, _ = parse(source("entry.md", text), Dialect())
    (reference,) = parsed.terms[0].references
    assert text[reference.span.start : reference.span.end] == "[[here|shown]]"


@given(st.lists(st.sampled_from(["> ", "- ", "word ", "*em* ", "[[link]] ", "\n", "é𝕏 "]), max_size=12))
def test_a_formula_knows_its_place(before: list[str]) -> None:
    text = "".join(before) + "$a+b$"
    parsed, _ = parse(source("entry.md", text), Dialect())
    (place,) = parsed.terms[0].formula_places
    assert text[place.line_starts[0] :] == "a+b$"

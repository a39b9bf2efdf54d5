"""The shipped templates: one example of every kind of page, against its golden file, and what all must hold.

``pytest --update`` writes the golden files anew.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import html5lib
import msgspec
import pytest

from grimoire.digest import Digest
from grimoire.model import (
    Ambiguous,
    Body,
    Formula,
    Found,
    Fragment,
    Heading,
    Image,
    Missing,
    Note,
    Plain,
    Typeset,
    Video,
)
from grimoire.names import Anchor, Slug, Url
from grimoire.pages import (
    HUES,
    PAGES,
    CardPage,
    Change,
    ChangesPage,
    Chart,
    CitedVideo,
    DisambiguationPage,
    DocumentPage,
    Dot,
    Entry,
    GraphPage,
    HomePage,
    Letter,
    LetterGroup,
    LetterPage,
    Mention,
    Month,
    Neighbour,
    NotFoundPage,
    OfflinePage,
    Page,
    ReferencesPage,
    SearchPage,
    Section,
    Site,
    TermPage,
    Text,
    Topic,
    TopicPage,
    TopicsPage,
    VideosPage,
    WantedPage,
    Wish,
)
from grimoire.render import Renderer
from grimoire.theme import Template, Theme, default_folder

GOLDEN = Path(__file__).parent / "golden" / "render"


def words(html: str) -> Fragment:
    return Fragment(html, re.sub(r"<[^>]+>", "", html))


def entry(title: str, slug: str, gloss: str = "", **more: object) -> Entry:
    values = {
        "url": Url(f"terms/{slug}/"),
        "title": title,
        "headword": words(title),
        "gloss": words(gloss),
        **more,
    }
    return msgspec.convert(values, Entry, from_attributes=True)


P = Formula("P", display=False)
Q = Formula("Q", display=False)
DIVERGENCE = Formula(r"D(P\,\|\,Q)=\sum_{x\in\mathcal X}P(x)\,\log\frac{P(x)}{Q(x)}", display=True)
GAUSSIANS = Formula(
    r"D=\tfrac12\Bigl[\operatorname{tr}(\Sigma_1^{-1}\Sigma_0)"
    r"+(\mu_1-\mu_0)^{\top}\Sigma_1^{-1}(\mu_1-\mu_0)-d+\log\tfrac{\det\Sigma_1}{\det\Sigma_0}\Bigr]",
    display=True,
)
REFUSED = Formula(r"\frac{1", display=False)

BODY = Body(
    html=(
        '<p class="lead">The expected excess code length, in nats, of describing outcomes of \0m0\0 with a code '
        "made for \0m1\0. It is zero only where the two agree \0a0\0almost everywhere\0z0\0, and it is not "
        "symmetric.</p>\n\0m2.1\0\n"
        "<p>For densities the sum becomes an integral; if \0m0\0 puts mass where \0m1\0 has none, the divergence is "
        "infinite.\0f1\0 It is the gap between "
        "\0a1\0cross-entropy\0z1\0 and \0a2\0entropy\0z2\0; see also \0a3\0MI\0z3\0, \0a4\0the reading order\0z4\0 "
        "and \0a5\0"
        "0, 1\0z5\0.</p>\n"
        '<\0h2\0 id="\0p\0intuition"><a class="anchor" href="#\0p\0intuition" aria-label="Link to this section">§</a>'
        "Intuition</\0h2\0>\n"
        "<p>Each outcome surprises you more than it would an informed observer; the divergence is your average "
        "excess of surprise, told step by step: \0v0\0; with coins: \0v1\0.</p>\n"
        '<div class="note warning"><p class="lbl">Direction matters</p><p>Fitting the first argument to the second '
        "covers every mode; the other way round, one mode is enough.</p></div>\n"
        '<details class="note example"><summary class="lbl">A coin</summary><p>A fair coin against one that falls '
        "on heads nine times in ten costs about 0.51 nats a toss.</p></details>\n"
        "<p>Between two Gaussians it is</p>\n\0m3.2\0\n"
        '<div class="tbl"><table>\n<thead><tr><th scope="col">Direction</th><th scope="col" class="right">Average '
        'over</th></tr></thead><tbody><tr><td>forward</td><td class="right">the data</td></tr><tr><td>reverse</td>'
        '<td class="right">the model’s samples</td></tr></tbody></table></div>\n'
        '<ul><li class="task"><input type="checkbox" disabled checked aria-label="done"> never negative</li>'
        '<li class="task"><input type="checkbox" disabled aria-label="to do"> a metric</li></ul>\n'
        '<figure class="code"><figcaption><span>Python</span><button class="tex js-only" type="button" data-copy>'
        'Copy</button></figcaption><pre><code><span class="k">def</span><span class="w"> </span><span class="nf">kl'
        '</span><span class="p">(</span><span class="n">p</span><span class="p">,</span> <span class="n">q</span>'
        '<span class="p">):</span>\n    <span class="k">return</span> <span class="p">(</span><span class="n">p</span>'
        ' <span class="o">*</span> <span class="p">(</span><span class="n">p</span> <span class="o">/</span> '
        '<span class="n">q</span><span class="p">)</span><span class="o">.</span><span class="n">log</span>'
        '<span class="p">())</span><span class="o">.</span><span class="n">sum</span><span class="p">()</span>  '
        '<span class="c1"># where p is positive</span>\n</code></pre></figure>\n'
        "<dl><dt>nat</dt><dd>the unit with the natural logarithm</dd></dl>\n"
        "<p>\0i0\0</p>\n<p>\0i1\0 \0i2\0 \0i3\0 \0i4\0 and \0m4\0.</p>\n"
    ),
    text="The expected excess code length …",
    notes=(Note("Outcomes that never happen cost nothing, whatever \0m1\0 says of them.", is_aside=True),),
)
NOTE_BODY = Body(
    '<p class="lead">Two ways, with \0m0\0.</p>\n<\0h2\0 id="\0p\0first">First</\0h2\0>\n<p>One.</p>\n'
    '<\0h3\0 id="\0p\0second">Second</\0h3\0>\n<p>Two.</p>\n',
    "Two ways",
)
PLAIN_BODY = Body('<p class="lead">A short text with \0m0\0.</p>\n', "A short text with .")

BODIES = {Digest(b"divergence"): BODY, Digest(b"plain"): PLAIN_BODY, Digest(b"note"): NOTE_BODY}

TEXT = Text(
    body=Digest(b"divergence"),
    formulas=(P, Q, DIVERGENCE, GAUSSIANS, REFUSED),
    links=(
        Missing("almost everywhere", Anchor("almost-everywhere")),
        Found(Url("terms/cross-entropy/"), Anchor(""), "Cross-entropy", is_term=True),
        Found(Url("terms/entropy/"), Anchor("units"), "Entropy", is_term=True),
        Ambiguous(Url("terms/mi/"), "MI"),
        Found(Url("notes/reading-order/"), Anchor(""), "Reading order", is_term=False),
        Plain(),
    ),
    videos=(
        Video("https://youtu.be/ErfnhcEV1O8", 0, 1, 2, "Kullback–Leibler divergence"),
        Video("https://youtu.be/ErfnhcEV1O8?t=144", 144, 2, 2, "Kullback–Leibler divergence"),
    ),
    images=(
        Image(Url("media/modes.0123456789.svg"), 'Two "modes" & a fit', 480, 240, "image"),
        Image(Url("media/talk.0123456789.mp3"), "A talk", 0, 0, "audio"),
        Image(Url("media/film.0123456789.mp4"), "A film", 320, 180, "video"),
        Image(Url("media/proof.0123456789.pdf"), "The proof", 0, 0, "other"),
        Image(Url(""), "lost.png", 0, 0, "image"),
    ),
)

NEIGHBOURS = (
    "Maximum likelihood",
    "Jensen–Shannon divergence",
    "Cross-entropy",
    "Fisher information",
    "Evidence lower bound",
    "Natural gradient",
    "f-divergence",
    "Entropy",
    "Variational autoencoder",
    "Jensen’s inequality",
    "Gibbs’ inequality",
    "Proximal policy optimisation with clipping",
    "Wasserstein distance",
    "Mutual information",
)
TOPICS = (
    Topic(
        "information-theory",
        Url("topics/information-theory/"),
        "Information theory",
        "What an event tells.",
        13,
    ),
    Topic("probability", Url("topics/probability/"), "Probability", count=1),
)
MENTIONS = tuple(
    Mention(
        Url(f"terms/{title.lower().replace(' ', '-')}/"),
        title,
        words(title),
        (
            Fragment(
                "…equals entropy plus the <mark>KL divergence</mark> of \0m0\0.",
                "equals entropy plus the KL divergence of P",
                (P,),
            ),
        ),
    )
    for title in NEIGHBOURS[:8]
)

TERM = TermPage(
    url=Url("terms/kullback-leibler-divergence/"),
    title="Kullback–Leibler divergence",
    description="The expected excess code length of describing outcomes of P with a code made for Q.",
    slug=Slug("kullback-leibler-divergence"),
    headword=words("Kullback–Leibler divergence"),
    aliases=("KL divergence", "relative entropy", "information gain"),
    abbreviation="KLD",
    symbol=Fragment("\0m0\0", "P", (P,)),
    topics=TOPICS,
    text=TEXT,
    headings=(Heading(2, Anchor("intuition"), "Intuition"),),
    redirect=None,
    see_also=(
        entry(
            "Cross-entropy",
            "cross-entropy",
            note="what is minimised in practice; differs from it by a constant",
        ),
        entry("Jensen–Shannon divergence", "jensen-shannon-divergence", "The symmetric, bounded relative."),
        entry("f-divergence", "f-divergence"),
    ),
    prerequisites=(entry("Entropy", "entropy"), entry("Logarithm", "logarithm", note="and its rules")),
    broader=(entry("f-divergence", "f-divergence"),),
    narrower=(),
    part_of=entry("Divergences", "divergences", url="notes/divergences/"),
    neighbours=tuple(
        Neighbour(Url(f"terms/n{place}/"), title, links_here=place < 7 or place == 13)
        for place, title in enumerate(NEIGHBOURS)
    ),
    edges=((2, 7), (4, 8), (7, 2)),
    used_by=MENTIONS,
    videos=TEXT.videos,
    letter="K",
    before=entry("Kernel trick", "kernel-trick"),
    after=entry("Layer normalisation", "layer-normalisation"),
    author="",
    created="2026-01-02",
    modified="2026-10-03",
    status="",
    edit_url="https://example.org/edit/terms/kl.md?a=1&b=2",
    source_url=Url("terms/kullback-leibler-divergence/index.md"),
)

HOSTILE = msgspec.structs.replace(
    TERM,
    url=Url("terms/hostile/"),
    title='A <b>"title"</b> & </script><script>alert(1)</script>',
    headword=Fragment("A &lt;b&gt;&quot;title&quot; &amp;", "A"),
    description='Quotes " and </script> in it',
    aliases=("<i>", "a & b"),
    abbreviation='"<>',
    topics=(),
    text=Text(body=Digest(b"plain"), formulas=(Formula('a<b "c" & d', display=False),)),
    redirect=entry("Entropy", "entropy", "How uncertain one is."),
    see_also=(),
    prerequisites=(),
    broader=(),
    part_of=None,
    neighbours=(Neighbour(Url("terms/x/"), '<b>&"', links_here=True),),
    edges=(),
    used_by=MENTIONS[:1],
    videos=(),
    before=None,
    modified="spring <2026>",
    lang="he",
    status="stub & <draft>",
    author="Ben & Söhne {100%}",
)

SECTION = Section(
    url=Url("terms/kullback-leibler-divergence/"),
    slug=Slug("kullback-leibler-divergence"),
    headword=words("Kullback–Leibler divergence"),
    text=TEXT,
    headings=TERM.headings,
)

EXAMPLES: dict[str, Page] = {
    "term": TERM,
    "term-hostile": HOSTILE,
    "card": CardPage(
        url=Url("terms/kullback-leibler-divergence/card.html"),
        title=TERM.title,
        term_url=TERM.url,
        headword=TERM.headword,
        aliases=TERM.aliases,
        lead=Fragment(
            "<p>The excess code length for \0m0\0, zero where they agree \0a0\0almost everywhere\0z0\0; less the "
            "\0a1\0entropy\0z1\0.</p>\0m1\0",
            "The excess code length for P",
            (P, DIVERGENCE),
            (0, 2),
        ),
        links=(TEXT.links[0], TEXT.links[2]),
    ),
    "document": DocumentPage(
        url=Url("notes/divergences/"),
        title="Divergences",
        description="Three ways to compare distributions.",
        headword=words("Divergences"),
        topics=TOPICS[:1],
        text=Text(body=Digest(b"note"), formulas=(Q,)),
        headings=(
            Heading(2, Anchor("first"), "First <things>"),
            Heading(3, Anchor("second"), "Second things"),
        ),
        sections=(
            SECTION,
            msgspec.structs.replace(
                SECTION,
                url=Url("terms/f-divergence/"),
                slug=Slug("f-divergence"),
                headword=Fragment("\0m0\0-divergence", "f-divergence", (Formula("f", display=False),)),
            ),
        ),
        see_also=TERM.see_also,
        used_by=MENTIONS[:2],
        author="A. Author",
        created="2026-01-02",
        modified="",
        edit_url="",
    ),
    "home": HomePage(
        url=Url(""),
        title="Words for the mathematics of learning",
        description="Terms, each defined in a sentence.",
        headword=words("Words for the mathematics of learning"),
        text=Text(body=Digest(b"plain"), formulas=(P,)),
        topics=TOPICS,
        groups=(
            LetterGroup(
                "A",
                Anchor("A"),
                (
                    entry(
                        "Attention",
                        "attention",
                        "A weighted average of values.",
                        tags=("nlp", "deep-learning"),
                    ),
                    entry("Autoencoder", "autoencoder", abbreviation="AE", names='self-encoder "AE"'),
                ),
            ),
            LetterGroup("E", Anchor("E"), (entry("Entropy", "entropy", "How uncertain one is."),)),
            LetterGroup(
                "K", Anchor("K"), (entry(TERM.title, "kullback-leibler-divergence", abbreviation="KLD"),)
            ),
        ),
        count=4,
        notes=(entry("Reading order", "x", "Where to begin.", url="notes/reading-order/"),),
    ),
    "home-split": HomePage(
        url=Url(""),
        title="Grimoire",
        headword=words("Grimoire"),
        text=None,
        description="Many terms.",
        topics=TOPICS,
        groups=(),
        count=12_000,
        notes=(),
    ),
    "letter": LetterPage(
        url=Url("k/"),
        title="Terms beginning with K",
        group=LetterGroup(
            "K", Anchor("K"), (entry(TERM.title, "kullback-leibler-divergence", abbreviation="KLD"),)
        ),
    ),
    "topics": TopicsPage(
        url=Url("topics/"),
        title="Topics",
        topics=TOPICS,
        entries=(
            msgspec.structs.replace(
                entry(
                    TERM.title,
                    "kullback-leibler-divergence",
                    abbreviation="KLD",
                    tags=("information-theory",),
                ),
                gloss=Fragment("The excess code length of \0m0\0.", "The excess code length of P.", (P,)),
            ),
            entry("Attention", "attention", "A weighted average of values."),
        ),
    ),
    "topic": TopicPage(
        url=Url("topics/information-theory/"),
        title="Information theory",
        topic=TOPICS[0],
        entries=(entry("Entropy", "entropy", "How uncertain one is before looking."),),
    ),
    "graph": GraphPage(
        url=Url("graph/"),
        chart=Chart(
            (
                Dot(Url("terms/entropy/"), "Entropy", "information-theory", 0),
                Dot(Url("terms/nat/"), "<nat>", "", HUES),
            ),
            ((0, 1),),
        ),
        topics=TOPICS[:1],
        others=1,
        is_inline=True,
    ),
    "graph-large": GraphPage(url=Url("graph/"), chart=Chart((), ()), topics=(), others=0, is_inline=False),
    "changes": ChangesPage(
        url=Url("changes/"),
        months=(
            Month(
                "2026-11",
                (
                    Change(entry("Entropy", "entropy", "How uncertain one is."), "2026-11-21", is_new=True),
                    Change(entry("Attention", "attention"), "2026-11-02T10:00:00Z", is_new=False),
                ),
            ),
            Month("2025-01", (Change(entry("Nat", "nat"), "2025-01-31", is_new=True),)),
        ),
    ),
    "changes-none": ChangesPage(url=Url("changes/"), months=()),
    "search": SearchPage(url=Url("search/"), title="Search", count=757),
    "references": ReferencesPage(url=Url("references/"), title="References"),
    "videos": VideosPage(
        url=Url("videos/"),
        title="Videos",
        videos=(
            CitedVideo("https://www.youtube.com/watch?v=ErfnhcEV1O8&t=144", TERM.prerequisites),
            CitedVideo("https://youtu.be/YtebGVx-Fxw", TERM.broader),
        ),
    ),
    "wanted": WantedPage(
        url=Url("wanted/"),
        title="Wanted terms",
        wishes=(
            Wish("almost everywhere", Anchor("almost-everywhere"), 2, MENTIONS[:2]),
            Wish("<nat>", Anchor("nat"), 1, MENTIONS[:1]),
        ),
    ),
    "disambiguation": DisambiguationPage(
        url=Url("terms/mi/"),
        title="MI",
        name="MI",
        entries=(
            entry("Mechanistic interpretability", "mechanistic-interpretability", "Reading a network."),
            entry("Mutual information", "mutual-information", "What two variables share."),
        ),
    ),
    "404": NotFoundPage(url=Url("404.html"), title="No such page"),
    "offline": OfflinePage(url=Url("offline.html")),
}

LOGICAL = [
    "style.css",
    "palette.css",
    "graph.css",
    "graph.js",
    "theme.js",
    "app.js",
    "icon.svg",
    "katex.css",
    "math.css",
    "fonts/stix-two-text-latin-wght-normal.woff2",
    "fonts/stix-two-text-latin-wght-italic.woff2",
    "fonts/KaTeX_Main-Regular.woff2",
    "fonts/KaTeX_Math-Italic.woff2",
]

SITE = Site(
    title="Grimoire & Co.",
    description="Words & formulas.",
    author="The authors",
    language="en",
    base_url="https://example.org/glossary/",
    license="CC BY-SA 4.0",
    letters=tuple(
        Letter(letter, f"#{letter}" if letter in "AEK" else "") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    ),
    has_dates=True,
    has_players=False,
    paper="#fbf9f4",
    paper_by_night="#161412",
    assets={name: f"static/{name}" for name in LOGICAL},
)


def bodies(key: Digest) -> Body:
    return BODIES[key]


def typeset(formula: Formula) -> Typeset:
    """Stand-ins: what KaTeX itself gives is the affair of the mathematics' tests."""
    tex = formula.tex.replace("&", "&amp;").replace("<", "&lt;")
    mathml = f"<math><mtext>{tex}</mtext></math>"
    return Typeset(f'<span class="katex">{mathml}</span>', mathml)


def shipped() -> Theme:
    """The shipped templates alone; what is bundled from npm is not needed to render."""
    templates = {
        path.name: Template(f"templates/{path.name}", path.read_text(encoding="utf-8"))
        for path in sorted((default_folder() / "templates").glob("*.html"))
    }
    return Theme(templates, Digest(b""), SITE.assets, {})


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(shipped())


def rendered(renderer: Renderer, name: str) -> str:
    return renderer.render(EXAMPLES[name], SITE, bodies, typeset)


def elements(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every element of a page with its attributes; raises where the page is no valid HTML."""
    whole = html if html.startswith("<!doctype html>") else f"<!doctype html><title>Card</title>{html}"
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(whole)
    for element in tree.iter():
        if isinstance(element.tag, str):
            yield element.tag, dict(element.attrib)


@pytest.mark.parametrize("name", EXAMPLES)
def test_page_is_as_its_golden_file(name: str, renderer: Renderer, request: pytest.FixtureRequest) -> None:
    html = rendered(renderer, name)
    path = GOLDEN / f"{name}.html"
    if request.config.getoption("--update"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == html


def test_every_template_has_an_example() -> None:
    assert {page.template for page in PAGES} == {page.template for page in EXAMPLES.values()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_page_is_valid_html_without_slots_or_inline_code(name: str, renderer: Renderer) -> None:
    html = rendered(renderer, name)
    assert "\0" not in html
    found = list(elements(html))
    ids = [attributes["id"] for _, attributes in found if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert not [tag for tag, _ in found if tag == "style"]
    for tag, attributes in found:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        if tag == "script":
            assert "src" in attributes or attributes["type"] == "application/ld+json"


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_points_into_the_page_finds_its_target(name: str, renderer: Renderer) -> None:
    found = list(elements(rendered(renderer, name)))
    ids = {attributes["id"] for _, attributes in found if "id" in attributes}
    for tag, attributes in found:
        for key in ("for", "aria-labelledby", "popovertarget"):
            if key in attributes and tag != "button":
                assert attributes[key] in ids
        if attributes.get("href", "").startswith("#") and name != "home-split":
            assert attributes["href"][1:] in ids


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_address_within_the_site_goes_up_to_its_root(name: str, renderer: Renderer) -> None:
    page = EXAMPLES[name]
    up = "/glossary/" if name in {"404", "offline"} else "../" * page.url.count("/")
    for _, attributes in elements(rendered(renderer, name)):
        for key in ("href", "src", "action", "data-root"):
            address = attributes.get(key, up)
            if not re.match(r"https?:|#|$", address):
                assert address.startswith(up)
                assert not address[len(up) :].startswith(("/", "../"))


@pytest.mark.parametrize("name", ["term", "document", "home"])
def test_katex_is_loaded_where_a_formula_is_set_with_it(name: str, renderer: Renderer) -> None:
    assert "static/katex.css" in rendered(renderer, name)


@pytest.mark.parametrize(
    "name", ["topics", "topic", "letter", "search", "videos", "wanted", "404", "home-split"]
)
def test_katex_is_not_loaded_where_none_is(name: str, renderer: Renderer) -> None:
    html = rendered(renderer, name)
    assert "katex" not in html
    assert "math.css" not in html


def test_json_ld_of_a_hostile_title_is_one_script_and_says_the_title(renderer: Renderer) -> None:
    html = rendered(renderer, "term-hostile")
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert script
    record = json.loads(script[1])
    assert record["name"] == HOSTILE.title
    assert record["alternateName"] == ["<i>", "a & b"]
    assert [tag for tag, _ in elements(html)].count("script") == 3


def test_a_redirect_is_canonical_where_it_leads(renderer: Renderer) -> None:
    html = rendered(renderer, "term-hostile")
    assert '<link rel="canonical" href="https://example.org/glossary/terms/entropy/">' in html


def test_mentions_beyond_the_sixth_are_folded_away(renderer: Renderer) -> None:
    html = rendered(renderer, "term")
    before, folded = html.split("<details><summary>2 more pages</summary>")
    assert before.count("<mark>") == 6
    assert folded.count("<mark>") == 2
    assert '<span class="n">8 pages</span>' in before


def test_counts_of_one_are_worded_so(renderer: Renderer) -> None:
    html = rendered(renderer, "term-hostile")
    assert '<span class="n">1 page</span>' in html
    one = msgspec.structs.replace(EXAMPLES["topics"], entries=(entry("Entropy", "entropy"),))
    topics = renderer.render(one, SITE, bodies, typeset)
    assert ">Showing 1 of 1 topic</output>" in topics
    assert ">Showing 2 of 2 topics</output>" in rendered(renderer, "topics")


def test_a_document_numbers_its_notes_through_and_each_entry_its_equations(renderer: Renderer) -> None:
    html = rendered(renderer, "document")
    assert re.findall(r'aria-label="Note (\d)"', html) == ["1", "2"]
    assert re.findall(r'class="num">\((\d)\)', html) == ["1", "2", "1", "2"]
    assert '<h3 id="f-divergence--intuition">' in html


def test_a_page_without_scripts_offers_every_topic_as_a_link(renderer: Renderer) -> None:
    html = rendered(renderer, "home")
    assert html.count('href="topics/probability/"') == 1
    assert '<noscript><ul class="chips"' in html


def test_the_records_of_all_pages_can_be_rendered_without_an_address_of_the_site(renderer: Renderer) -> None:
    site = msgspec.structs.replace(SITE, base_url="", author="", license="", description="")
    for page in EXAMPLES.values():
        html = renderer.render(page, site, bodies, typeset)
        assert "canonical" not in html
    assert 'data-root="/"' in html

"""The pages of the site as values: each record holds everything its page may know.

`compose` makes them, `render` turns each into bytes with the template it names, and sees nothing
else; the digest of the record is therefore the key under which the page is remembered. No record
holds a place in a source or anything that grows with the site, index pages aside.

Every ``url`` is below the root of the site (see `grimoire.names.Url`); templates make it relative
with the filter ``url``. What all languages of a glossary share, such as static files, is below their top. A `Fragment`
is set with the filter ``html`` (formulas with KaTeX's layout) or ``mathml`` (formulas as MathML alone, for pages that
do not load KaTeX's style sheet).

The module is long because all pages stand here side by side: what one may know is seen beside the others.
"""

from typing import ClassVar

import msgspec

from grimoire.digest import Digest
from grimoire.model import (
    Cluster,
    Diagram,
    Formula,
    Fragment,
    Heading,
    Image,
    Insert,
    Link,
    Passage,
    Video,
    Work,
)
from grimoire.names import Anchor, Slug, Url

_NOTHING = Fragment()


class Letter(msgspec.Struct, frozen=True):
    """A letter of the index; `url` (with its anchor) is "" when no term begins with it."""

    label: str
    url: str


class Site(msgspec.Struct, frozen=True):
    """What every page knows of the whole: nothing here grows with the number of entries.

    `base_url` is "" or ends with "/". `assets` maps the logical name of a static file to its
    address below the top, as ``style.css`` to ``static/style.0f3a9c1d2e.css``. `folder` leads from
    the top to the root of the site: "", or ``fr/`` in a further language of a glossary of several.
    """

    title: str
    description: str
    author: str
    language: str
    base_url: str
    license: str
    letters: tuple[Letter, ...]
    has_dates: bool
    """Whether any entry tells when it was written or changed."""
    has_players: bool
    """Whether videos open in the page."""
    assets: dict[str, str]
    is_offline: bool = False
    """Whether the site is kept by browsers for reading offline."""
    folder: str = ""
    paper: str = ""
    """The colour of its pages by day, for what browsers show around them."""
    paper_by_night: str = ""


class Entry(msgspec.Struct, frozen=True):
    """A term in a list: where it is, its headword, and what the list says of it.

    `names` (aliases, space-separated) and `tags` are for filtering by script; `gloss` is the
    summary where the list shows it, `note` why a relation is there, as the author says it.
    """

    url: Url
    title: str
    headword: Fragment
    abbreviation: str = ""
    names: str = ""
    tags: tuple[str, ...] = ()
    gloss: Fragment = _NOTHING
    note: str = ""
    lang: str = ""
    """Its language where that is not the site's."""


class Topic(msgspec.Struct, frozen=True):
    """A tag: its page, its title and sentence, and how many terms bear it."""

    tag: str
    url: Url
    title: str
    description: str = ""
    count: int = 0


class Mention(msgspec.Struct, frozen=True):
    """Another page that refers to this one, with the sentences that do; the mention is marked."""

    url: Url
    title: str
    headword: Fragment
    excerpts: tuple[Fragment, ...]
    lang: str = ""


class Neighbour(msgspec.Struct, frozen=True):
    """A node of the small map: does it link here, or only this page to it."""

    url: Url
    title: str
    links_here: bool


class Embedded(msgspec.Struct, frozen=True):
    """An entry, or a part of one, inside another. `text` is None where only the link is shown.

    `deeper` is by how many levels its headings are lowered, less than none for a section that stood deeper.
    """

    link: Link
    title: str
    text: "Text | None" = None
    deeper: int = 0


class References(msgspec.Struct, frozen=True):
    """What the citations of a page, and its list of references, are set from.

    `clusters` are in the order of the page; without any, it is a list that stands for itself. `style` is the
    digest of the style and of what sets it.
    """

    clusters: tuple[Cluster, ...]
    works: tuple[Work, ...]
    language: str
    style: Digest


class InText(msgspec.Struct, frozen=True):
    """A citation where it stands: its number among those of the page, or -1 if it is text.

    `is_missing` tells text that was meant as a citation, `in_note` that it stands in a footnote.
    """

    number: int
    written: str
    is_missing: bool = False
    in_note: bool = False


class Text(msgspec.Struct, frozen=True):
    """The body of one entry, or a part of it, with all that fills its slots, slot by slot.

    `part` is what of the body is shown, and the fillers are those of its slots, in their order; None is the whole,
    and each filler has the number of its slot.
    `inserts` are the names in it that became links or abbreviations by themselves, in their order.
    """

    body: Digest
    formulas: tuple[Formula, ...] = ()
    links: tuple[Link, ...] = ()
    videos: tuple[Video, ...] = ()
    images: tuple[Image, ...] = ()
    diagrams: tuple[Diagram, ...] = ()
    embedded: tuple[Embedded, ...] = ()
    citations: tuple[InText, ...] = ()
    part: Passage | None = None
    inserts: tuple[Insert, ...] = ()
    lang: str = ""


class Version(msgspec.Struct, frozen=True):
    """The same page in one of the languages of the glossary; `name` is what the language calls itself.

    `url` is below the top of all languages: that language's home where it is not `is_there`. One that is there
    but not `is_written` shows the text of the first language.
    """

    language: str
    name: str
    url: Url
    is_there: bool = False
    is_written: bool = False


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What all pages have.

    `title` and `description` are plain text; a page whose title is always the same is called so by its
    template, in the language of the interface. `lang` "" means the site's. `versions` has the page in each
    language of the glossary, the first one first, if it has several; a page that `is_fallback` is not translated.
    `picture` is the address of the picture that stands for it where others link to it, "" if there is none.
    """

    template: ClassVar[str]
    url: Url
    title: str = ""
    description: str = ""
    lang: str = ""
    versions: tuple[Version, ...] = ()
    is_fallback: bool = False
    picture: Url = Url("")


def written_versions(page: Page) -> tuple[Version, ...]:
    """Give the languages in which a page is written, if these are several: what search engines are told of."""
    written = tuple(one for one in page.versions if one.is_written)
    return written if written[1:] and not page.is_fallback else ()


class TermPage(Page, frozen=True, kw_only=True):
    """A term's own page. `redirect` is the term it only points to, with that term's summary."""

    template: ClassVar[str] = "term.html"
    slug: Slug
    headword: Fragment
    aliases: tuple[str, ...]
    abbreviation: str
    symbol: Fragment
    """The sign that stands for it."""
    topics: tuple[Topic, ...]
    text: Text
    headings: tuple[Heading, ...]
    redirect: Entry | None
    see_also: tuple[Entry, ...]
    prerequisites: tuple[Entry, ...]
    broader: tuple[Entry, ...]
    narrower: tuple[Entry, ...]
    part_of: Entry | None
    """The document whose file defines this term among others."""
    neighbours: tuple[Neighbour, ...]
    edges: tuple[tuple[int, int], ...]
    """Links between neighbours, as indexes into `neighbours`."""
    used_by: tuple[Mention, ...]
    references: References | None = None
    videos: tuple[Video, ...]
    letter: str
    before: Entry | None
    after: Entry | None
    author: str
    created: str
    modified: str
    status: str
    edit_url: str
    source_url: Url
    """The address of the entry's own part of its file: Markdown, LaTeX or BibTeX by its suffix."""


class CardPage(Page, frozen=True, kw_only=True):
    """A term's card: headword, other names, lead definition with its links, first formula."""

    template: ClassVar[str] = "card.html"
    term_url: Url
    headword: Fragment
    aliases: tuple[str, ...]
    lead: Fragment
    links: tuple[Link, ...]
    """What the lead's link slots lead to, in their order."""


class Section(msgspec.Struct, frozen=True):
    """A term inside a document."""

    url: Url
    slug: Slug
    headword: Fragment
    text: Text
    headings: tuple[Heading, ...]


class DocumentPage(Page, frozen=True, kw_only=True):
    """A note, or a file of many terms in its own order (`sections`)."""

    template: ClassVar[str] = "document.html"
    headword: Fragment
    topics: tuple[Topic, ...]
    text: Text
    headings: tuple[Heading, ...]
    sections: tuple[Section, ...]
    see_also: tuple[Entry, ...]
    used_by: tuple[Mention, ...]
    references: References | None = None
    author: str
    created: str
    modified: str
    edit_url: str


class LetterGroup(msgspec.Struct, frozen=True):
    """The terms under one letter of the index."""

    label: str
    anchor: Anchor
    entries: tuple[Entry, ...]


class HomePage(Page, frozen=True, kw_only=True):
    """The home page and index. `text` is None without `content/index.md`.

    `groups` is empty when the index is split by letter; then `count` still counts all terms.
    """

    template: ClassVar[str] = "home.html"
    headword: Fragment
    text: Text | None
    topics: tuple[Topic, ...]
    groups: tuple[LetterGroup, ...]
    count: int
    notes: tuple[Entry, ...]
    """Notes and documents, for reading at length."""
    references: References | None = None


class LetterPage(Page, frozen=True, kw_only=True):
    """One letter of an index too long for one page."""

    template: ClassVar[str] = "letter.html"
    group: LetterGroup


class TopicsPage(Page, frozen=True, kw_only=True):
    """The live list of all terms with their summaries."""

    template: ClassVar[str] = "topics.html"
    topics: tuple[Topic, ...]
    entries: tuple[Entry, ...]


class TopicPage(Page, frozen=True, kw_only=True):
    """One tag: its sentence and its terms."""

    template: ClassVar[str] = "topic.html"
    topic: Topic
    entries: tuple[Entry, ...]


class SearchPage(Page, frozen=True, kw_only=True):
    """The search as a page; without script it points to the index."""

    template: ClassVar[str] = "search.html"
    count: int


class CitedWork(msgspec.Struct, frozen=True):
    """A work of the bibliography: its source to copy, where it is to be had, and the pages that cite it.

    `key` is its key in the page's `References`, `form` what its source is written in.
    """

    key: str
    title: str
    form: str
    source: str
    addresses: tuple[str, ...]
    cited_by: tuple[Entry, ...]


class ReferencesPage(Page, frozen=True, kw_only=True):
    """The bibliography: every work that is cited."""

    template: ClassVar[str] = "references.html"
    references: References | None = None
    works: tuple[CitedWork, ...] = ()


class CitedVideo(msgspec.Struct, frozen=True):
    """A video of the list, and the pages that refer to it."""

    url: str
    cited_by: tuple[Entry, ...]


class VideosPage(Page, frozen=True, kw_only=True):
    """Every video, with the terms that refer to it."""

    template: ClassVar[str] = "videos.html"
    videos: tuple[CitedVideo, ...]


HUES = 9
"""How many topics have a colour of their own on the map; `Dot.hue` is this number for all other terms."""


class Dot(msgspec.Struct, frozen=True):
    """A term or a note on the map. `topic` is the first part of its first tag, as a slug, or ""."""

    url: Url
    title: str
    topic: str
    hue: int


class Chart(msgspec.Struct, frozen=True):
    """The graph as the map shows it: `edges` are pairs of indexes into `dots`, each pair once, the lesser first."""

    dots: tuple[Dot, ...]
    edges: tuple[tuple[int, int], ...]


class GraphPage(Page, frozen=True, kw_only=True):
    """The map of all terms. `topics` are those with a colour, in the order of their hues; `others` counts the rest."""

    template: ClassVar[str] = "graph.html"
    chart: Chart
    topics: tuple[Topic, ...]
    others: int
    is_inline: bool
    """Whether the picture for browsers without script is part of the page; else it is a file."""


class Change(msgspec.Struct, frozen=True):
    """An entry that is new or changed. `date` is as it is given, of ISO 8601."""

    entry: Entry
    date: str
    is_new: bool


class Month(msgspec.Struct, frozen=True):
    """What is new or changed in a month. `month` is ``2026-11``."""

    month: str
    changes: tuple[Change, ...]


class ChangesPage(Page, frozen=True, kw_only=True):
    """The latest changes by month, the newest first."""

    template: ClassVar[str] = "changes.html"
    months: tuple[Month, ...]


class Wish(msgspec.Struct, frozen=True):
    """An entry that is asked for and not written."""

    name: str
    anchor: Anchor
    count: int
    asked_by: tuple[Mention, ...]


class WantedPage(Page, frozen=True, kw_only=True):
    """Unwritten terms, most asked for first."""

    template: ClassVar[str] = "wanted.html"
    wishes: tuple[Wish, ...]


class DisambiguationPage(Page, frozen=True, kw_only=True):
    """A name that several terms bear, with their summaries."""

    template: ClassVar[str] = "disambiguation.html"
    name: str
    entries: tuple[Entry, ...]


class NotFoundPage(Page, frozen=True, kw_only=True):
    """The page for addresses that do not exist; its own links cannot be relative."""

    template: ClassVar[str] = "404.html"


class OfflinePage(Page, frozen=True, kw_only=True):
    """The page shown offline for one that is not kept; it stands at any address, as that for missing ones does."""

    template: ClassVar[str] = "offline.html"


PAGES: tuple[type[Page], ...] = (
    TermPage,
    CardPage,
    DocumentPage,
    HomePage,
    LetterPage,
    TopicsPage,
    TopicPage,
    GraphPage,
    ChangesPage,
    SearchPage,
    ReferencesPage,
    VideosPage,
    WantedPage,
    DisambiguationPage,
    NotFoundPage,
    OfflinePage,
)
"""Every kind of page: one template each."""

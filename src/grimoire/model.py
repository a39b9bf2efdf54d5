r"""The records that pass between the stages; frozen, without methods that compute.

What `parse` makes is *as written*: a `Term` holds unresolved `Reference`s with their places.
What `compose` makes is *resolved*: a page record (see `grimoire.pages`) holds `Link`s and no
places, so that a line inserted above changes no page.

Bodies are HTML text with slots. A slot is a short name between two U+0000, which cannot occur in
a source, so that ``html.split("\0")`` alternates text and slot names:

=======  ==============================================================================
slot     filled with
=======  ==============================================================================
``mN``   formula N of the fragment, typeset
``mN.K`` the same, displayed as equation K of its entry
``aN``   the opening tag of link N, ``zN`` its end
``nN.T`` what link N to a block shows that has no text of its own: the number of an equation, or T
``vN``   video N: the whole link
``iN``   image N: the whole element
``dN``   diagram N: the figure, or its source where it cannot be drawn
``tN``   transclusion N: the other entry's text, or the link to it
``cN``   citation N: set in the site's style, or as it is written where it cites nothing known
``fN``   the mark of footnote N of the body (from 1), and where it comes first the note itself
``hN``   the tag name of a heading of level N (from 2), deeper where the body is a section
``p``    the prefix of ids, so that several bodies can stand in one page
``wT``   the words T of the interface in the language of the page
=======  ==============================================================================

The module is long because the slots of a body and the records that fill them stand here side by side: who reads
one needs the others.
"""

from typing import Literal

import msgspec

from grimoire.digest import Digest
from grimoire.names import Anchor, Slug, Url
from grimoire.source import NOWHERE, Span, Written, without_language

SLOT = "\0"

Kind = Literal["term", "note", "document", "home"]
"""A document is the page of a file with many terms; the home is `content/index.md`."""


# ---------------------------------------------------------------- as written


class Formula(msgspec.Struct, frozen=True):
    r"""TeX without its delimiters.

    `preamble` holds the definitions (``\newcommand`` …) that earlier formulas of the entry made.
    """

    tex: str
    display: bool
    preamble: str = ""


class Fault(msgspec.Struct, frozen=True):
    """Why a formula or a diagram is refused: `offset` and `length` in characters of its source, from 0."""

    message: str
    offset: int
    length: int
    help: str


class Typeset(msgspec.Struct, frozen=True):
    """A formula as HTML.

    `html` is KaTeX's layout with its MathML inside, without inline styles; `rules` are the CSS
    rules that it needs beside KaTeX's style sheet. `mathml` is the ``<math>`` element alone.
    A refused formula has a `fault`, and both forms show its source.
    """

    html: str
    mathml: str
    rules: tuple[str, ...] = ()
    fault: Fault | None = None
    warnings: tuple[Fault, ...] = ()


class Diagram(msgspec.Struct, frozen=True):
    """A diagram as its author wrote it, in mermaid's language."""

    source: str


class Drawing(msgspec.Struct, frozen=True):
    """A diagram drawn.

    `svg` stands in a page as it is and follows its theme; its ids begin with `name`, and it is
    `width` by `height` CSS pixels large. `title` and `description` are the author's own, `text` is
    what stands in the drawing, on one line. A refused diagram has a `fault` and nothing else.
    """

    svg: str = ""
    name: str = ""
    width: int = 0
    height: int = 0
    title: str = ""
    description: str = ""
    text: str = ""
    has_links: bool = False
    fault: Fault | None = None


class FormulaPlace(msgspec.Struct, frozen=True):
    """Where in the source each line of a formula or diagram begins (offsets), to place its faults.

    `shifts` says by how many characters a line lags behind its source from an offset of the TeX on, where
    something was left out or put in.
    """

    line_starts: tuple[int, ...]
    shifts: tuple[tuple[int, int], ...] = ()


class Fragment(msgspec.Struct, frozen=True):
    """Inline HTML that can stand in any page: a headword, a summary, a sentence.

    `html` has ``m`` slots, numbered by `formulas`, and ``a``/``z`` slots, numbered by `links`,
    which are indexes into the references of the term it was cut from (empty when links were
    flattened to text). `text` is the same as plain text, formulas as their TeX. Both have ``c``
    slots, numbered as the term's citations, until it is known what those become, and ``b`` and ``e``
    slots, numbered as its references, until it is known which brackets are links.
    """

    html: str = ""
    text: str = ""
    formulas: tuple[Formula, ...] = ()
    links: tuple[int, ...] = ()


class Note(msgspec.Struct, frozen=True):
    """A footnote: HTML with slots. One that `is_aside` is made of lines, and may stand in the margin."""

    html: str
    is_aside: bool


class Body(msgspec.Struct, frozen=True):
    """The compiled text of an entry: `html` with slots, `text` as plain words for the search.

    `notes` are its footnotes, from 1, each to be set where a text that shows it refers to it first.
    """

    html: str
    text: str
    notes: tuple[Note, ...] = ()


Syntax = Literal["bracket", "wikilink", "markdown", "field", "tag", "gls", "auto"]
"""How a reference is written; ``auto`` is a name that its author did not mark."""
AutoLink = Literal["", "true", "false", "text", "name"]
"""What an entry says of automatic links: whether names in its `text` become links, and whether its own `name`,
though it is a common word, becomes one elsewhere; both, neither, or "" for what the settings say."""
Role = Literal["mention", "embed", "related", "prerequisite", "broader", "redirect"]


class Reference(msgspec.Struct, frozen=True):
    """A name used to point at an entry, as written.

    `target` is the part before ``#`` ("" for the same page), `section` the part behind it, `label`
    the plain text shown. `excerpt` is the sentence that holds it, the mention marked.
    """

    target: str
    section: str
    label: str
    syntax: Syntax
    span: Span
    role: Role = "mention"
    reason: str = ""
    excerpt: Fragment = Fragment()
    section_span: Span = NOWHERE
    """The place of the section alone, if that is known."""
    rival: str = ""
    """In ``[[name]](#rival)``: the second address, which should lead to the same place."""


class DeclaredName(msgspec.Struct, frozen=True):
    """Another name of a term, with the place where it is declared."""

    name: str
    span: Span


class VideoUse(msgspec.Struct, frozen=True):
    """A video reference; `url` is "" when the entry has no address for it."""

    url: str
    span: Span
    excerpt: Fragment = Fragment()


class ImageUse(msgspec.Struct, frozen=True):
    """An embedded file as written; `width` and `height` in CSS pixels, 0 where not given.

    `title` is what is shown of it to who points at it; a caption stands in the body instead.
    Where `is_link`, the file is not shown but linked to, and `alt` is the text of the link.
    """

    target: str
    alt: str
    span: Span
    width: int = 0
    height: int = 0
    title: str = ""
    is_link: bool = False


Mode = Literal["parenthetical", "narrative", "year"]
"""``[@key]`` stands in brackets, ``@key`` in the sentence, ``[-@key]`` leaves out the author."""


class Cite(msgspec.Struct, frozen=True):
    """One work cited.

    `label` is CSL's name for what `locator` counts, ``page`` or ``chapter``; both are "" where no such place
    is given. `prefix` ends with a blank and `suffix` begins with what separates it, as ``, see “Proofs”``.
    """

    key: str
    locator: str = ""
    label: str = ""
    prefix: str = ""
    suffix: str = ""
    mode: Mode = "parenthetical"


class Cluster(msgspec.Struct, frozen=True):
    """Works cited at one place, and the place as it is written, which is shown if none of them is known."""

    cites: tuple[Cite, ...]
    written: str = ""


class Citation(msgspec.Struct, frozen=True):
    """A cluster in an entry; `spans` are the places of its keys.

    One that is not `is_sure`, such as ``@key`` in a sentence, is a citation only where its key is known, and
    text otherwise. `in_note` tells those inside a footnote, where no further note can be opened.
    """

    cluster: Cluster
    spans: tuple[Span, ...]
    is_sure: bool = True
    in_note: bool = False


class Heading(msgspec.Struct, frozen=True):
    """A heading inside an entry; `text` is plain, `level` from 2; `source` is it as written if that differs."""

    level: int
    anchor: Anchor
    text: str
    source: str = ""


class Landmark(msgspec.Struct, frozen=True):
    """A place inside an entry that its author named; `number` is that of an equation, or what it is tagged with."""

    name: str
    anchor: Anchor
    number: str = ""


class Passage(msgspec.Struct, frozen=True):
    """A stretch of a body that can be embedded alone: a section, or a block with an id.

    `start` and `end` are characters of the body's HTML. `slots` are those inside that the page's record fills,
    in the order of the page, those of the footnotes referred to inside included.
    """

    anchor: Anchor
    start: int
    end: int
    slots: tuple[str, ...]
    is_block: bool = False


class Transclusion(msgspec.Struct, frozen=True):
    """``![[other]]`` as written: `reference` is its index, `level` that of the heading it stands under."""

    reference: int
    level: int


class Wording(msgspec.Struct, frozen=True):
    r"""What an entry in LaTeX is called where ``\gls`` and its like link to it; each form is LaTeX itself."""

    name: str
    text: str
    plural: str
    first: str
    firstplural: str
    short: str
    shortplural: str
    long: str
    longplural: str
    full: str
    fullplural: str
    symbol: str


class Term(msgspec.Struct, frozen=True):
    """An entry as its file says it: a term, a note, a document of many terms, or the home text."""

    kind: Kind
    path: str
    span: Span
    title: str
    headword: Fragment
    slug: Slug
    has_own_slug: bool = False
    aliases: tuple[DeclaredName, ...] = ()
    plurals: tuple[DeclaredName, ...] = ()
    """Further forms of its names, which name it and are no names of its own."""
    is_inflected: bool = True
    """Whether the rules of its language give further forms."""
    abbreviation: str = ""
    tags: tuple[str, ...] = ()
    summary: Fragment = Fragment()
    lead: Fragment = Fragment()
    """The first paragraph with its links, and behind it the first display formula: the card."""
    body: Digest = Digest(b"")
    size: int = 0
    """How many characters of HTML the body has."""
    prose: bytes = b""
    """The lines in which names may be spotted, as `grimoire.parse.spotting` keeps them; often none are kept."""
    auto_link: AutoLink = ""
    formulas: tuple[Formula, ...] = ()
    formula_places: tuple[FormulaPlace, ...] = ()
    diagrams: tuple[Diagram, ...] = ()
    diagram_places: tuple[FormulaPlace, ...] = ()
    references: tuple[Reference, ...] = ()
    relations: tuple[Reference, ...] = ()
    redirect: Reference | None = None
    videos: tuple[VideoUse, ...] = ()
    images: tuple[ImageUse, ...] = ()
    headings: tuple[Heading, ...] = ()
    landmarks: tuple[Landmark, ...] = ()
    passages: tuple[Passage, ...] = ()
    transclusions: tuple[Transclusion, ...] = ()
    order: tuple[str, ...] = ()
    """The slots of transclusions and citations in the order of the page, as each may bring citations."""
    citations: tuple[Citation, ...] = ()
    """Those of the body in the order of its slots, then those of the title and the description."""
    bibliography: tuple[Written, ...] = ()
    """The files that this entry names, besides those of the site."""
    author: str = ""
    created: str = ""
    modified: str = ""
    lang: str = ""
    edition: str = ""
    """The language that the file's name ends with, as ``fr`` in ``ring.fr.md``; "" is the site's first."""
    elsewhere: tuple[str, ...] = ()
    """The names that this entry has in the site's first language, where it is a translation."""
    status: str = ""
    is_draft: bool = False
    key: str = ""
    """What LaTeX calls the entry: links find it by that name too, but no page shows it."""
    symbol: Fragment = Fragment()
    """The sign that stands for it."""
    written: str = ""
    """The entry's own part of the source."""

    @property
    def stem(self) -> str:
        """What the files of one entry have in common: the path without language and ending."""
        path, _ = without_language(self.path, (self.edition,) if self.edition else ())
        return path.rpartition(".")[0]


class Parsed(msgspec.Struct, frozen=True):
    """What one file gives: its entries in order, and the bodies they name by digest."""

    terms: tuple[Term, ...]
    bodies: tuple[Body, ...]


# ---------------------------------------------------------------- resolved


class Found(msgspec.Struct, frozen=True, tag="found"):
    """A link to a page of this site.

    `is_term` tells links that have a card, `is_auto` those no author wrote, `number` that of an equation.
    """

    url: Url
    anchor: Anchor
    title: str
    is_term: bool
    is_auto: bool = False
    number: str = ""


class Ambiguous(msgspec.Struct, frozen=True, tag="ambiguous"):
    """A name that several entries bear; `url` is the page that lists them."""

    url: Url
    name: str


class Missing(msgspec.Struct, frozen=True, tag="missing"):
    """A wanted entry; `anchor` is its line on the page of wanted terms."""

    name: str
    anchor: Anchor


class Plain(msgspec.Struct, frozen=True, tag="plain"):
    """Brackets that name nothing and stay brackets."""


Link = Found | Ambiguous | Missing | Plain


class Work(msgspec.Struct, frozen=True):
    """A work that a page cites: its key there, and the digest of what its bibliography says of it."""

    key: str
    digest: Digest


class Citing(msgspec.Struct, frozen=True):
    """What became of a citation: the works it cites, as far as they are known; none if it is text.

    `is_missing` tells the text that was meant as a citation.
    """

    works: tuple[Work, ...] = ()
    is_missing: bool = False


class Listed(msgspec.Struct, frozen=True):
    """A line of a list of references; `grimoire.names.work_anchor` of the key is the id it is to have."""

    key: str
    text: Fragment


class Cited(msgspec.Struct, frozen=True):
    """The citations of one page, in their order, and its list of references, in the style's order.

    The HTML holds ``a i em b sup sub span`` with no attribute but ``class`` and ``href``. Where `is_note`, the
    style wants each citation as a note: `in_text` are the notes' texts. `names` are the words of narrative
    citations without what leads to the list, which stay in the sentence before a note's number (empty for all
    others).
    """

    in_text: tuple[Fragment, ...]
    names: tuple[Fragment, ...]
    listed: tuple[Listed, ...]
    is_note: bool


class Insert(msgspec.Struct, frozen=True):
    """A name in a body that its author did not mark: from `start` to `end` in the characters of its HTML.

    `link` is what it becomes, if it becomes a link. `long` is what an abbreviation stands for, "" for no
    abbreviation; `is_expanded` says that the page tells it there.
    """

    start: int
    end: int
    link: Link | None = None
    long: str = ""
    is_expanded: bool = False


class Card(msgspec.Struct, frozen=True):
    """A term's public face: all that other pages see of it."""

    url: Url
    slug: Slug
    title: str
    headword: Fragment
    abbreviation: str
    summary: Fragment
    kind: Kind


class Image(msgspec.Struct, frozen=True):
    """A file of the author's in a page; `url` is "" when there is none, then `alt` is shown.

    `width` and `height` are the file's own, in pixels, or what the author asks for; 0 unknown.
    """

    url: Url
    alt: str
    width: int
    height: int
    media: Literal["image", "audio", "video", "other"]
    title: str = ""


class Video(msgspec.Struct, frozen=True):
    """One reference to a video in a page: the `number`-th of `total` of the term called `on`."""

    url: str
    start: int
    number: int
    total: int
    on: str


__all__ = [
    "NOWHERE",
    "SLOT",
    "Ambiguous",
    "AutoLink",
    "Body",
    "Card",
    "Citation",
    "Cite",
    "Cited",
    "Citing",
    "Cluster",
    "DeclaredName",
    "Diagram",
    "Drawing",
    "Fault",
    "Formula",
    "FormulaPlace",
    "Found",
    "Fragment",
    "Heading",
    "Image",
    "ImageUse",
    "Insert",
    "Kind",
    "Landmark",
    "Link",
    "Listed",
    "Missing",
    "Mode",
    "Note",
    "Parsed",
    "Passage",
    "Plain",
    "Reference",
    "Role",
    "Syntax",
    "Term",
    "Transclusion",
    "Typeset",
    "Video",
    "VideoUse",
    "Wording",
    "Work",
]

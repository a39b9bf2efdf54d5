"""What is known and counted while one page is rendered: addresses, side notes, drawings.

A `Sheet` lives as long as one call of `grimoire.render.Renderer.render`; nothing of it outlives the page.
"""

from collections.abc import Callable
from gettext import NullTranslations
from typing import Protocol
from urllib.parse import urlsplit

from grimoire.digest import Digest
from grimoire.model import Body, Cited, Diagram, Drawing, Formula, Typeset
from grimoire.pages import Chart, NotFoundPage, OfflinePage, Page, References, Site

Bodies = Callable[[Digest], Body]
"""Gives the compiled text of an entry by its digest."""
Typesetter = Callable[[Formula], Typeset]
"""Gives a formula as HTML."""
Draughtsman = Callable[[Diagram], Drawing]
"""Gives a diagram drawn."""
ChartMaker = Callable[[Chart, str], str]
"""Gives the map as a picture, under an accessible name."""
CitationSetter = Callable[[References], Cited]
"""Gives the citations of a page set."""


class Filler(Protocol):
    """What fills one slot of a body or a fragment, by its name."""

    def __call__(self, slot: str, /) -> str:
        """Give the HTML that stands in place of the slot."""


class Sheet:
    """The page being rendered.

    `root` leads from it to the root of the site: ``../../``, ``""`` on the home page, and a path
    from the host on the page for addresses that do not exist, which can stand anywhere. `top` leads to
    that of all languages of a glossary. `words` translates the interface's texts.
    """

    def __init__(
        self,
        page: Page,
        site: Site,
        bodies: Bodies,
        typeset: Typesetter,
        words: NullTranslations,
        drawn: Draughtsman = lambda _: Drawing(),
        cited: CitationSetter | None = None,
        charted: ChartMaker = lambda _, __: "",
    ) -> None:
        self.page = page
        self.site = site
        self.bodies = bodies
        self.typeset = typeset
        self.drawn = drawn
        self.charted = charted
        references = getattr(page, "references", None)
        self.cited = cited(references) if cited and references else None
        """The citations of the page, if it has any."""
        self.words = words
        self.root = "../" * page.url.count("/")
        self.top = "../" * site.folder.count("/") + self.root
        if isinstance(page, NotFoundPage | OfflinePage):
            self.root = urlsplit(site.base_url).path or f"/{site.folder}"
            self.top = self.root.removesuffix(site.folder)
        self.notes = 0
        self.drawings: dict[str, int] = {}
        """How often each drawing stands in the page so far, by its name."""
        self.is_set_with_katex = False

    def address(self, url: str) -> str:
        """Lead from this page to `url`, which is below the root of the site; "" is the root."""
        return self.root + url or "./"

    def shared(self, url: str) -> str:
        """Lead from this page to `url`, which is below the top of all languages."""
        return self.top + url or "./"


def fill(html: str, filler: Filler) -> str:
    """Fill the slots of `html` (see `grimoire.model`): one split, no parsing."""
    if "\0" not in html:
        return html
    parts = html.split("\0")
    parts[1::2] = map(filler, parts[1::2])
    return "".join(parts)

"""Pictures for links to the site: who gets one, and the files; the memo in front of the fonts.

A picture is a file of the output like a page, kept as long as what it shows stays the same. A term whose name has
letters that no font of ours has is stood for by the site's own picture, so that none shows boxes.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial
from importlib.util import find_spec

import msgspec

from grimoire.config import Settings
from grimoire.diagnostics import Diagnostic
from grimoire.digest import Digest, digest
from grimoire.memo import Store
from grimoire.names import Url
from grimoire.pages import CardPage, NotFoundPage, OfflinePage, Page, Site, TermPage
from grimoire.pictures.records import FACES, Picture, as_set, colours, first_words
from grimoire.source import NOWHERE, SETTINGS_FILE, decode
from grimoire.tasks import Task
from grimoire.theme import Theme

FOLDER = "pictures/"
WHOLE = Url(f"{FOLDER}site.png")
"""The picture of the site."""
_PACKAGES = {"resvg_py": "resvg-py", "fontTools": "fonttools", "brotli": "brotli"}
_STAGE = "letters"


class Picturing:
    """The pictures of one build; `faults` says what is in their way."""

    def __init__(self, store: Store, circumstances: Digest, settings: Settings, theme: Theme) -> None:
        """Begin; the theme has the fonts, and the sheets with the colours."""
        self._store, self._settings, self._theme = store, settings, theme
        self._key = digest(circumstances, _STAGE, tuple(theme.assets[name] for name in FACES))
        self._span = settings.pictures.span if settings.pictures else NOWHERE
        self.faults: list[Diagnostic] = []

    def pictured(self, pages: Sequence[Page], site: Site) -> list[Page]:
        """Tell each page where its picture is; where there can be none, give the pages as they are."""
        if self._settings.pictures is None or not self._is_possible():
            return list(pages)
        whole = WHOLE if self._is_drawable(site.title) else Url("")
        found = [self._with_picture(page, whole) for page in pages]
        self._tell(
            [page.title for page in found if isinstance(page, TermPage) and page.picture == whole], whole
        )
        return found

    def tasks(self, pages: Iterable[Page], site: Site) -> Iterator[Task]:
        """Give the pictures of pages that `pictured` gave."""
        own = {page.picture: page for page in pages if page.picture}
        if not own:
            return
        inks = tuple(colours(self._sheets).values())
        labels = tuple(letter.label for letter in site.letters if self._is_drawable(letter.label))
        name = _spaced(site.title) if self._is_drawable(site.title) else ""
        for address, page in own.items():
            headword, description, letter = name, site.description, ""
            if address != WHOLE and isinstance(page, TermPage):
                headword, description, letter = _spaced(_headword(page)), page.description, page.letter
            picture = Picture(headword, first_words(description, self._letters), name, labels, letter, inks)
            yield Task(address, digest(self._key, picture), partial(_drawn, picture))

    def live(self) -> dict[str, list[Digest]]:
        """Give the key of the fonts' letters, by stage of the memo."""
        return {_STAGE: [self._key]} if self._settings.pictures else {}

    @cached_property
    def _letters(self) -> frozenset[str]:
        """Every letter that can be drawn."""
        known = self._store.get(_STAGE, self._key)
        if known is not None:
            return frozenset(known.decode())
        from grimoire.pictures.faces import letters  # noqa: PLC0415  imports a reader of fonts

        found = letters()
        self._store.put_many(_STAGE, {self._key: "".join(sorted(found)).encode("utf-8", "ignore")})
        return found

    def papered(self, site: Site) -> Site:
        """Tell the site the colours of its pages."""
        day, night = colours(self._sheets), colours(self._sheets, by_night=True)
        return msgspec.structs.replace(site, paper=day["paper"], paper_by_night=night["paper"])

    @cached_property
    def _sheets(self) -> str:
        """The style sheets that colours are read from, in the order in which they count."""
        sheets = (self._theme.assets.get(name, "") for name in ("style.css", "custom.css"))
        return "".join(decode(self._theme.files[sheet])[0] for sheet in sheets if sheet)

    def _is_drawable(self, text: str) -> bool:
        return not text.isspace() and self._letters.issuperset(_spaced(text))

    def _with_picture(self, page: Page, whole: Url) -> Page:
        if isinstance(page, CardPage | NotFoundPage | OfflinePage):
            return page
        own = isinstance(page, TermPage) and bool(_headword(page)) and self._is_drawable(page.title)
        address = Url(f"{FOLDER}terms/{page.slug}.png") if own and isinstance(page, TermPage) else whole
        return msgspec.structs.replace(page, picture=address)

    def _is_possible(self) -> bool:
        """Whether there can be pictures; if not, it is told why."""
        lacking = [name for module, name in _PACKAGES.items() if find_spec(module) is None]
        if lacking:
            self.faults.append(
                self._fault(
                    "no-pictures",
                    f"`pictures` needs packages that are not installed: {', '.join(lacking)}",
                    "the site is made without pictures",
                    "`pip install 'grimoire-glossary[pictures]'`",
                )
            )
        elif not self._settings.base_url:
            self.faults.append(
                self._fault(
                    "no-pictures",
                    "`pictures` needs the setting `base_url`",
                    "who shows the picture of a link wants its whole address; the site is made without pictures",
                    "set `base_url` to where the site will stand",
                )
            )
        return not self.faults

    def _tell(self, titles: Sequence[str], whole: Url) -> None:
        """Say how many terms have no picture of their own, once for all of them."""
        if not titles:
            return
        lacking = sorted(set(_spaced("".join(titles))) - self._letters)
        signs = ", ".join(f"`{sign}`" for sign in lacking[:3])
        names = "the name of 1 term" if len(titles) == 1 else f"the names of {len(titles)} terms"
        for_what = f": the fonts lack letters such as {signs}" if signs else ""
        instead = "the picture of the site stands for" if whole else "there is no picture for"
        self.faults.append(
            self._fault(
                "unpictured-term",
                f"no picture can show {names}{for_what}",
                f"{instead} {'it' if len(titles) == 1 else 'them'}",
                "",
            )
        )

    def _fault(self, code: str, message: str, why: str, mend: str) -> Diagnostic:
        return Diagnostic(code, SETTINGS_FILE, self._span, message, why=why, help=mend)


def _headword(page: TermPage) -> str:
    """The name of a term as its picture shows it; "" where letters alone cannot."""
    return as_set(page.title) if page.headword.formulas else page.title


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _drawn(picture: Picture) -> bytes:
    from grimoire.pictures.drawing import draw  # noqa: PLC0415  imports resvg

    return draw(picture)

"""The editions of a glossary: one site for each language it is written in, from one folder of entries.

The first language has the root of the output, each further one a folder of its own, ``fr/``. An edition is a whole
site that differs from the first in its settings and its entries: those of its own language, and in place of what
is not translated the entries of the first, so that no link of the first leads nowhere in another. From here on no
stage knows of more than one edition, but for the `Version`s of a page, by which a reader goes from one to another.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from grimoire.config import Settings, TopicSetting
from grimoire.diagnostics import Diagnostic, Place
from grimoire.model import Term
from grimoire.names import Slug, Url, slugify, tag_slug
from grimoire.pages import CardPage, Page, Version


class Edition(msgspec.Struct, frozen=True):
    """One language of the site. `folder` is where it stands below the output, ``fr/``; "" is the first."""

    language: str
    folder: str
    settings: Settings


def editions(settings: Settings) -> tuple[Edition, ...]:
    """Give the editions that the settings ask for, the first language first."""
    found = [Edition(settings.language, "", settings)]
    for language, own in settings.languages.items():
        folder = f"{language.lower()}/"
        if language.lower() == settings.language.lower() or any(one.folder == folder for one in found):
            continue
        theirs = msgspec.structs.replace(
            settings,
            language=language,
            title=own.title or settings.title,
            description=own.description or settings.description,
            topics=_topics(settings.topics, own.topics),
            base_url=settings.base_url and settings.base_url + folder,
        )
        found.append(Edition(language, folder, theirs))
    return tuple(found)


def _topics(first: Mapping[str, TopicSetting], own: Mapping[str, TopicSetting]) -> dict[str, TopicSetting]:
    """The topics of an edition, in the order of the first: what it does not say is as it is there."""
    theirs = {tag_slug(tag): setting for tag, setting in own.items()}
    named = {}
    for tag, setting in first.items():
        said = theirs.pop(tag_slug(tag), TopicSetting())
        named[tag] = TopicSetting(said.title or setting.title, said.description or setting.description)
    return named | {tag: setting for tag, setting in own.items() if tag_slug(tag) in theirs}


class _Originals:
    """The entries of the first language, as a translation finds its own among them."""

    def __init__(self, terms: Iterable[Term], language: str) -> None:
        self.terms = [term for term in terms if term.edition in {"", language}]
        self._files: dict[str, list[int]] = {}
        self._by_slug: dict[Slug, int] = {}
        self._pages: dict[str, int] = {}
        for index, term in enumerate(self.terms):
            if term.kind in {"home", "document"}:
                self._pages[term.stem] = index
            else:
                self._files.setdefault(term.stem, []).append(index)
            if term.kind == "term":
                self._by_slug.setdefault(term.slug, index)

    def find(self, term: Term, *, is_member: bool) -> int | None:
        """Give the place of the entry that another translates.

        It is that of the same file but for the language; an entry among others of its file, or one whose file has
        no counterpart, is found by its id.
        """
        stem = term.stem
        if term.kind in {"home", "document"}:
            return self._pages.get(stem)
        beside = self._files.get(stem, [])
        if not is_member and len(beside) == 1 and stem not in self._pages:
            return beside[0]
        if term.kind != "term":
            return None
        name = stem.rpartition("/")[2]
        slug = term.slug if term.has_own_slug or is_member else slugify(name)
        found = [index for index in beside if self.terms[index].slug == slug]
        return found[0] if found else self._by_slug.get(slug)

    def has_file(self, term: Term) -> bool:
        """Whether the file of an entry has a counterpart."""
        return term.stem in self._files


class Chosen(NamedTuple):
    """The entries of an edition, and what is wrong with how they belong together."""

    terms: list[Term]
    faults: list[Diagnostic]


def chosen(terms: Sequence[Term], edition: Edition, first: str) -> Chosen:
    """Choose the entries of an edition.

    Args:
        terms: all entries in the order of their files, drafts left out where they are not wanted.
        edition: which.
        first: the language of the first edition.

    Returns:
        Its own entries, a translation at the place of what it translates and with its address, and what is not
        translated, in the language it is in.
    """
    if not edition.folder:
        return Chosen([_plain(term, first) for term in terms if term.edition in {"", first}], [])
    originals = _Originals(terms, first)
    own = [term for term in terms if term.edition == edition.language]
    many = {term.path for term in own if term.kind == "document"}
    entries: list[Term] = [_fallback(term, first) for term in originals.terms]
    taken: dict[int, Term] = {}
    faults: list[Diagnostic] = []
    for term in own:
        place = originals.find(term, is_member=term.kind == "term" and term.path in many)
        if place is not None and place not in taken:
            taken[place] = term
            entries[place] = _translation(term, originals.terms[place], edition.language)
            continue
        if place is not None:
            entries.append(_apart(term, edition.language))
            faults.append(_double(term, taken[place], originals.terms[place]))
            continue
        entries.append(_plain(term, edition.language))
        if term.path in many and term.kind == "term" and originals.has_file(term):
            faults.append(_unpaired(term, first))
    return Chosen(entries, faults)


def _plain(term: Term, language: str) -> Term:
    """An entry at home: a language that its file's name says need not be told."""
    if not term.edition or term.lang != language:
        return term
    return msgspec.structs.replace(term, lang="")


def _fallback(term: Term, first: str) -> Term:
    """An entry of the first language in another edition."""
    return msgspec.structs.replace(term, lang=term.lang or first)


def _translation(term: Term, original: Term, language: str) -> Term:
    """A translation has the address of what it translates, is found by its names too, and has its tags if none of its own."""
    forms = (*original.aliases, *original.plurals)
    return msgspec.structs.replace(
        _plain(term, language),
        slug=original.slug,
        has_own_slug=original.has_own_slug,
        elsewhere=tuple(dict.fromkeys((original.title, *(form.name for form in forms)))),
        tags=term.tags or original.tags,
    )


def _apart(term: Term, language: str) -> Term:
    """A second translation, without the id that the first one has."""
    plain = _plain(term, language)
    return (
        msgspec.structs.replace(plain, slug=slugify(term.title), has_own_slug=False)
        if term.kind == "term"
        else plain
    )


def _double(term: Term, other: Term, original: Term) -> Diagnostic:
    return Diagnostic(
        "duplicate-translation", term.path, term.span,
        f"`{term.title}` and `{other.title}` both translate `{original.title}`",
        why="this one gets an address of its own, and no other language leads to it",
        help="put the two together, or give this one an `id:` of its own",
        related=(Place(other.path, other.span, "the other one"),),
    )  # fmt: skip


def _unpaired(term: Term, first: str) -> Diagnostic:
    return Diagnostic(
        "unpaired-translation", term.path, term.span,
        f"which entry `{term.title}` translates is not told",
        why=f"it is shown beside the entry in `{first}`, as if it were another one",
        help="give its heading the id of that entry, as in `## Title {#slug}`",
    )  # fmt: skip


# ---------------------------------------------------------------- from one to another


class Composed(NamedTuple):
    """An edition's pages; `name` is what its language is called in itself."""

    edition: Edition
    name: str
    pages: Sequence[Page]


def with_versions(sites: Sequence[Composed]) -> list[list[Page]]:
    """Tell each page where the same page is in the other editions.

    Returns:
        The pages of each edition, in their order. Cards lead nowhere.
    """
    known = [{page.url: page for page in site.pages} for site in sites]

    def told(page: Page) -> Page:
        if isinstance(page, CardPage):
            return page
        versions = tuple(
            _version(site, by_url.get(page.url)) for site, by_url in zip(sites, known, strict=True)
        )
        return msgspec.structs.replace(page, versions=versions)

    return [[told(page) for page in site.pages] for site in sites]


def _version(site: Composed, page: Page | None) -> Version:
    edition = site.edition
    if page is None:
        return Version(edition.language, site.name, Url(edition.folder))
    url = Url(f"{edition.folder}{page.url}")
    return Version(edition.language, site.name, url, is_there=True, is_written=not page.is_fallback)

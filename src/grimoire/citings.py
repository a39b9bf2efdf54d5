"""Citations set, remembered: the memo in front of the engine, and what is wrong with them as diagnostics.

What an entry cites is decided each time, by dictionary look-ups. A build in which no citation, and no work that
is cited, changed sets nothing and starts no engine. What other pages show of an entry's citations is remembered
apart from the pages, as every build needs it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from types import TracebackType
from typing import Any, NamedTuple, Self

import msgspec

from grimoire.bibliographies import Bibliographies
from grimoire.citations import (
    Citer,
    Complaint,
    Item,
    as_written,
    decide,
    fragments,
    has_slots,
    legible,
    settled,
)
from grimoire.diagnostics import Diagnostic
from grimoire.digest import Digest, digest
from grimoire.glossary import Citations, WorkSource
from grimoire.memo import Store
from grimoire.model import Cited, Citing, Fragment, Term
from grimoire.names import Url
from grimoire.pages import Page, References
from grimoire.styling import Styling

_PAGES, _FRAGMENTS, _FAULTS = "citation", "citation-fragment", "citation-fault"

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Cited).decode
_decode_fragments = msgspec.msgpack.Decoder(tuple[Fragment, ...]).decode


class Settled(NamedTuple):
    """The entries with their citations decided: what other pages show of them holds no slots any more.

    `words` has for each entry what the search is to know of its citations: the works' authors, years and titles.
    """

    terms: list[Term]
    citations: Citations
    words: list[str]
    faults: list[Diagnostic]


class Citings:
    """The citations of one build, in all its languages. `cited` counts the pages and lists that nobody remembered."""

    def __init__(self, store: Store, bibliographies: Bibliographies, styling: Styling) -> None:
        """Begin; nothing is read or started yet.

        Args:
            store: the memo.
            bibliographies: what can be cited.
            styling: in which style.
        """
        self._store, self._bibliographies, self._styling = store, bibliographies, styling
        self._citers: dict[str, Citer] = {}
        self._works: dict[Digest, Item] = {}
        self._known: dict[References, Cited] = {}
        self._begun: dict[References, Callable[[], Cited]] = {}
        self.cited = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.rest()

    def rest(self) -> None:
        """Give the engine back; if more is wanted than was so far, another is started."""
        for citer in self._citers.values():
            citer.close()

    # ------------------------------------------------------------ what is cited

    def settle(self, terms: Iterable[Term], language: str) -> Settled:
        """Decide of each citation whether it is one, and put it into what other pages show.

        Args:
            terms: the entries of an edition.
            language: in which language to set them, where an entry has none of its own.

        Raises:
            CitingError: the engine failed.
        """
        entries = list(terms)
        rows: list[tuple[Citing, ...]] = []
        faults: list[Diagnostic] = []
        cited: dict[Digest, Item] = {}
        for term in entries:
            if not term.citations:
                rows.append(())
                continue
            library = self._bibliographies.library(term)
            row, told = decide(term.path, term.citations, library)
            rows.append(row)
            faults += told
            cited |= {work.digest: library.items[work.key] for one in row for work in one.works}
        self._works |= cited
        self._fill(entries, rows, language)
        sources = {key: _source(item) for key, item in cited.items()}
        style = self._styling.digest if sources else Digest(b"")
        citations = Citations(tuple(rows), style, sources)
        words = [self._words(term, row) for term, row in zip(entries, rows, strict=True)]
        return Settled(entries, citations, words, faults + self._styling.faults)

    def _words(self, term: Term, row: Sequence[Citing]) -> str:
        pairs = zip(term.citations, row, strict=True)
        works = dict.fromkeys(work.digest for citing in row for work in citing.works)
        written = (citation.cluster.written for citation, citing in pairs if not citing.works)
        return " ".join([*map(_said, map(self._works.__getitem__, works)), *written])

    def _fill(self, terms: list[Term], rows: Sequence[Sequence[Citing]], language: str) -> None:
        """Put the citations into the fragments of the entries that have some."""
        wanted = {
            number: self._alone(terms[number], row, language)
            for number, row in enumerate(rows)
            if row and any(map(has_slots, fragments(terms[number])))
        }
        shown = self._legible([one for one in wanted.values() if one])
        for number, references in wanted.items():
            made = iter(shown[references] if references else ())
            pairs = zip(terms[number].citations, rows[number], strict=True)
            each = [next(made) if citing.works else as_written(citation) for citation, citing in pairs]
            terms[number] = settled(terms[number], each)

    def _alone(self, term: Term, row: Sequence[Citing], language: str) -> References | None:
        """The citations of an entry by itself."""
        clusters = tuple(c.cluster for c, citing in zip(term.citations, row, strict=True) if citing.works)
        if not clusters:
            return None
        works = {work.key: work for citing in row for work in citing.works}
        listed = tuple(works[key] for key in sorted(works))
        return References(clusters, listed, term.lang or language, self._styling.digest)

    def _legible(self, wanted: Sequence[References]) -> dict[References, tuple[Fragment, ...]]:
        keys = {references: digest(references) for references in wanted}
        known = self._store.get_many(_FRAGMENTS, list(keys.values()))
        found = {one: _decode_fragments(known[key]) for one, key in keys.items() if key in known}
        lacking = [one for one in keys if one not in found]
        self.want(lacking)
        fresh = {one: legible(self[one], is_legible=self._styling.is_legible) for one in lacking}
        self._store.put_many(_FRAGMENTS, {keys[one]: _encode(made) for one, made in fresh.items()})
        return found | fresh

    # ------------------------------------------------------------ what becomes of it

    def want(self, wanted: Iterable[References]) -> None:
        """Say what will be asked for; returns at once, and what nobody remembers is set meanwhile.

        Raises:
            CitingError: the engine cannot be started.
        """
        keys = {one: digest(one) for one in wanted if one not in self._known and one not in self._begun}
        found = self._store.get_many(_PAGES, list(keys.values()))
        self._known |= {one: _decode(found[key]) for one, key in keys.items() if key in found}
        for one, key in keys.items():
            if key not in found:
                self._begin(one)

    def recall(self, references: References) -> bool:
        """Say whether citations are remembered as an earlier build set them; they can then be asked for."""
        if references not in self._known:
            found = self._store.get(_PAGES, digest(references))
            if found is None:
                return False
            self._known[references] = _decode(found)
        return True

    def __getitem__(self, references: References) -> Cited:
        """Give the citations of a page set, and its list of references.

        Raises:
            CitingError: the engine failed.
        """
        if references not in self._known:
            self.want([references])
        if references not in self._known:
            self._finish(references)
        return self._known[references]

    def _begin(self, references: References) -> None:
        """Hand citations over to the engine."""
        self.cited += 1
        works = {work.key: self._works[work.digest].csl for work in references.works}
        citer = self._citers.get(references.language)
        if citer is None:
            citer = self._citers[references.language] = Citer(self._styling.text, references.language)
        if references.clusters:
            self._begun[references] = citer.begin(references.clusters, works)
        else:
            listed = citer.begin_references(works)
            self._begun[references] = lambda: Cited((), (), listed(), is_note=False)

    def _finish(self, references: References) -> str:
        """Take what the engine made; of a complaint, what is written is kept, and what it says is given."""
        complaint = ""
        try:
            made = self._begun.pop(references)()
        except Complaint as error:
            complaint = str(error)
            texts = tuple(
                Fragment(escape(one.written, quote=False), one.written) for one in references.clusters
            )
            made = Cited(texts, (Fragment(),) * len(texts), (), is_note=False)
        key = digest(references)
        self._store.put_many(_PAGES, {key: _encode(made)})
        self._store.put_many(_FAULTS, {key: complaint.encode()})
        self._known[references] = made
        return complaint

    def faults(
        self,
        pages: Iterable[Page],
        terms: Mapping[Url, Term],
        watch: Callable[[int, int], None],
    ) -> list[Diagnostic]:
        """Say which pages' citations cannot be set, and why; waits for the engine.

        Args:
            pages: the pages of an edition.
            terms: the entry of each address.
            watch: told how many pages the engine has set, and of how many.

        Raises:
            CitingError: the engine failed.
        """
        wanted = [(page, found) for page in pages if (found := references_of(page))]
        keys = {found: digest(found) for _, found in wanted}
        for done, found in enumerate(begun := list(self._begun)):
            watch(done, len(begun))
            self._finish(found)
        known = self._store.get_many(_FAULTS, list(keys.values()))
        complaints = {found: known[key].decode() for found, key in keys.items() if key in known}
        for found in keys:
            if found not in complaints:
                self._begin(found)
                complaints[found] = self._finish(found)
        return [
            _refused(page, terms.get(page.url), complaints[found])
            for page, found in wanted
            if complaints[found]
        ]

    def live(self, pages: Iterable[Page]) -> dict[str, list[Digest]]:
        """Give the keys of pages, by stage of the memo, though none of them was asked for."""
        keys = [digest(found) for page in pages if (found := references_of(page))]
        return {_PAGES: keys, _FAULTS: keys}


def references_of(page: Page) -> References | None:
    """Give what the citations of a page are set from, if it has any."""
    found = getattr(page, "references", None)
    return found if isinstance(found, References) else None


def _said(item: Item) -> str:
    """The authors, the year and the title of a work, as they are searched for."""
    csl: dict[str, Any] = item.csl
    people = [person.get("family") or person.get("literal", "") for person in csl.get("author", [])]
    years = [str(part[0]) for part in csl.get("issued", {}).get("date-parts", [])]
    return " ".join([*people, *years, re.sub(r"<[^>]*>", "", csl.get("title", ""))])


def _source(item: Item) -> WorkSource:
    doi, url = item.csl.get("DOI"), item.csl.get("URL")
    addresses = [f"https://doi.org/{doi}"] if doi else []
    addresses += [str(url)] if url else []
    title = re.sub(r"<[^>]*>", "", str(item.csl.get("title", ""))) or item.key
    return WorkSource(item.key, title, _FORMS[item.form], item.written, tuple(addresses))


_FORMS = {"bibtex": "BibTeX", "csl-json": "CSL JSON"}


def _refused(page: Page, term: Term | None, complaint: str) -> Diagnostic:
    span = next((span for one in term.citations for span in one.spans), None) if term else None
    return Diagnostic(
        "engine-failure", term.path if term else "", span, f"the citations of `{page.title}` cannot be set: {complaint}",
        why="they are shown as they are written, without a list of references",
        help="see what is odd about the works that are cited here, or use another `citation_style`",
    )  # fmt: skip

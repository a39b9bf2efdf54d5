"""What a reader and a program see of a site, and what a case may expect of it.

A page is read as text in a plain form: the body of the entry alone, addresses from the root of the site, each
formula as its TeX between dollars, no layout of formulas, no drawings, no marks beside headings.
"""

from __future__ import annotations

import json
import re
from functools import cached_property
from html import escape, unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.search.reading import addresses_by_term

from grimoire.search.words import name_terms
from grimoire.source import position

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.conftest import SiteFolder

    from grimoire.builds import Built

    Expectation = Callable[["Seen", str], None]
    """What must hold of a page of a site; it fails by an assertion."""

ENTRY = "terms/entry/"
"""Where the text of a case is shown, when it is only a text."""
_KEPT = frozenset(("href", "id", "class", "alt", "start", "title", "lang", "open", "checked", "aria-label"))
_VOID = frozenset(("br", "hr", "img", "input", "wbr"))


class Plain(HTMLParser):
    """Reads a page into the plain form: `html`, `text`, and `links` as text and address."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.html, self.text = "", ""
        self.links: list[tuple[str, str]] = []
        self._link: list[str] | None = None
        self._left_out = 0
        self._tex: str | None = None
        self._marks: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        classes = known.get("class", "").split()
        if tag == "annotation":
            self._tex = ""
        elif self._left_out or {"katex", "eq"} & set(classes) or tag == "svg" or "anchor" in classes:
            if not self._left_out and tag == "span":
                self._marks.append("$$" if "eq" in classes else "$")
            self._left_out += tag not in _VOID
        else:
            if tag == "a":
                self._link = ["", re.sub(r"^(?:\.\./)+", "", known.get("href", ""))]
                known = {**known, "href": self._link[1]}
            shown = "".join(f' {name}="{escape(value)}"' for name, value in known.items() if name in _KEPT)
            self.html += f"<{tag}{shown}>"

    def handle_endtag(self, tag: str) -> None:
        if tag == "annotation":
            mark = self._marks[-1]
            self.handle_formula(f"{mark}{(self._tex or '').strip()}{mark}")
            self._tex = None
        elif self._left_out:
            self._left_out -= 1
            if not self._left_out and tag == "span":
                self._marks.pop()
        else:
            if tag == "a" and self._link:
                self.links.append((" ".join(self._link[0].split()), self._link[1]))
                self._link = None
            self.html += f"</{tag}>"

    def handle_formula(self, tex: str) -> None:
        self.html += tex
        self.text += tex
        if self._link:
            self._link[0] += tex

    def handle_data(self, data: str) -> None:
        if self._tex is not None:
            self._tex += data
        elif not self._left_out:
            self.html += escape(data, quote=False)
            self.text += data
            if self._link:
                self._link[0] += data


class Seen:
    """One site, built."""

    def __init__(self, site: SiteFolder, built: Built) -> None:
        self._site, self._built = site, built

    @property
    def faults(self) -> list[str]:
        """What was said, as ``path:line:column code``."""
        said = []
        for one in self._built.diagnostics:
            text = self._built.texts.get(one.path) or ""
            line, column = position(text, one.span.start) if one.span else (0, 0)
            said.append(f"{one.path.removeprefix('content/')}:{line}:{column} {one.code}")
        return said

    def file(self, path: str) -> str:
        return self._site.page(path)

    def files(self) -> list[str]:
        return self._site.files()

    def page(self, path: str) -> Plain:
        """The body of a page in the plain form."""
        whole = self.file(f"{path}index.html")
        body = whole[whole.index("<main") : whole.index("</main>")]
        return Plain(body.partition('<div class="finis"')[0])

    @cached_property
    def entries(self) -> Mapping[str, dict[str, Any]]:
        """The records of all entries by their titles."""
        terms = json.loads(self.file("glossary.json"))["terms"]
        return {term["title"]: term for term in terms}

    def entry(self, page: str) -> dict[str, Any]:
        """The record of the entry shown on a page."""
        return next(one for one in self.entries.values() if one["url"] == page)

    @cached_property
    def _searched(self) -> dict[str, set[str]]:
        return addresses_by_term(self._site.folder / "public" / "search")

    def found(self, query: str) -> set[str]:
        """The addresses of the entries in which each word of a query stands."""
        chunks = query.split()
        nothing: set[str] = set()
        return set.intersection(
            *(
                set().union(*(self._searched.get(word, nothing) for word in name_terms(chunk)))
                for chunk in chunks
            )
        )


class Case(NamedTuple):
    """One construct in a small site of its own.

    `files` are the texts of its files by their paths, or one text: that of the entry called "Entry". Of the
    names in `beside` there are entries too. `faults` is all that may be said of it.
    """

    id: str
    about: str
    files: str | Mapping[str, str | bytes]
    expectations: tuple[Expectation, ...]
    beside: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    def write(self, site: SiteFolder) -> None:
        files = {"entry.md": f"# Entry\n\n{self.files}"} if isinstance(self.files, str) else self.files
        for path, text in files.items():
            site.write(path, text)
        for number, name in enumerate(self.beside):
            site.write(f"beside/{number}.md", f"# {name}\n\nAn entry that others speak of.\n")


def case(
    about: str,
    files: str | Mapping[str, str | bytes],
    *expectations: Expectation,
    beside: tuple[str, ...] = (),
    faults: tuple[str, ...] = (),
) -> Case:
    """Make a case; what it is about begins with its id."""
    return Case(about.partition(" ")[0], about, files, expectations, beside, faults)


# ------------------------------------------------------------------------------------------ expectations


def _tidy(text: str) -> str:
    """Single blanks; hard ones stay."""
    return re.sub(r"[ \t\n]+", " ", text).strip(" ")


def says(*texts: str) -> Expectation:
    """The page can be read so."""

    def check(seen: Seen, page: str) -> None:
        shown = _tidy(seen.page(page).text)
        for text in texts:
            assert text in shown

    return check


def writes(*snippets: str) -> Expectation:
    """The page's HTML, in the plain form, holds each of these."""

    def check(seen: Seen, page: str) -> None:
        shown = _tidy(seen.page(page).html)
        for snippet in snippets:
            assert snippet in shown

    return check


def lacks(*snippets: str) -> Expectation:
    """The page's HTML, in the plain form, holds none of these."""

    def check(seen: Seen, page: str) -> None:
        shown = _tidy(seen.page(page).html)
        for snippet in snippets:
            assert snippet not in shown

    return check


def formulas(*tex: str) -> Expectation:
    """These are the formulas of the entry, to the letter, and each is set."""

    def check(seen: Seen, page: str) -> None:
        assert [one.strip() for one in seen.entry(page)["formulas"]] == list(tex)
        assert "math-error" not in seen.file(f"{page}index.html")

    return check


def links(*shown: tuple[str, str]) -> Expectation:
    """These are the links of the body: text and address."""

    def check(seen: Seen, page: str) -> None:
        assert seen.page(page).links == list(shown)

    return check


def names(*others: str) -> Expectation:
    """The entry bears these other names and no more."""

    def check(seen: Seen, page: str) -> None:
        assert seen.entry(page)["aliases"] == list(others)

    return check


def record(**fields: object) -> Expectation:
    """The entry's record has these values."""

    def check(seen: Seen, page: str) -> None:
        known = seen.entry(page)
        assert {name: known[name] for name in fields} == fields

    return check


def summary(text: str) -> Expectation:
    """This is the summary, and the page describes itself by it."""

    def check(seen: Seen, page: str) -> None:
        assert _tidy(seen.entry(page)["summary"]) == text
        described = re.search(r'<meta name="description" content="([^"]*)">', seen.file(f"{page}index.html"))
        assert described is not None
        assert _tidy(unescape(described[1])) == text

    return check


def found_by(*queries: str) -> Expectation:
    """The search finds the entry by each of these."""

    def check(seen: Seen, page: str) -> None:
        for query in queries:
            assert page in seen.found(query), query

    return check


def not_found_by(*queries: str) -> Expectation:
    """The search does not find the entry by these."""

    def check(seen: Seen, page: str) -> None:
        for query in queries:
            assert page not in seen.found(query), query

    return check


def has(*paths: str) -> Expectation:
    """The output has these files."""

    def check(seen: Seen, page: str) -> None:  # noqa: ARG001  every expectation is asked of a page
        assert set(paths) <= set(seen.files())

    return check


def on(place: str, *expectations: Expectation) -> Expectation:
    """The same of another page."""

    def check(seen: Seen, page: str) -> None:  # noqa: ARG001  it is the other page that counts
        for expectation in expectations:
            expectation(seen, place)

    return check

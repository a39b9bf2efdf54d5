"""From entries as written to one glossary and its link graph.

Every entry gets its address, every reference its target: `Found`, `Ambiguous`, `Missing`, or
`Plain` for brackets that name nothing. A name is looked up in this order: exact path, slug, title,
alias, key, and of a translation the names of what it translates; the same with case and accents folded; a form
of a name that the entry declares; its singular or plural by the rules of its entry's language; and between
equals the entry in the nearest folder. What is not found so is looked up again without marks, as titles are
known without theirs. A link in LaTeX asks for the key first.

The module is long because what a name can mean, and what is said when it means nothing, belong together.
"""

import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from grimoire import brackets
from grimoire.diagnostics import Diagnostic, Place
from grimoire.glossary import (
    Glossary,
    Homonym,
    LinkGraph,
    Node,
    Wanted,
)
from grimoire.inflection import bases, others, tongue
from grimoire.model import Ambiguous, Card, Found, ImageUse, Link, Missing, Plain, Reference, Term
from grimoire.names import Anchor, Name, Slug, Url, fold, is_capitals, slugify, tag_slug, tidy, unmarked
from grimoire.nests import nests
from grimoire.sections import Sections, Spot
from grimoire.source import NOWHERE, Span

RESERVED = frozenset(
    (
        "terms", "topics", "graph", "search", "references", "videos", "wanted", "changes", "static", "media",
        "other", "404",
    )
)  # fmt: skip
"""First parts of addresses that notes and documents cannot have.

Nor can they have a single letter: with `other` those are the pages of a long index.
"""

_SUFFIX = re.compile(r"\.(?:md|markdown)$", re.IGNORECASE)
_PATH, _SLUG, _TITLE, _ALIAS, _KEY, _ELSEWHERE = range(6)
_MANY_WITHOUT_PAGE = (".bib", ".tex")
"""What the names of files end with that hold many entries and have no page: no link leads to the file."""
_LEGIBLE = {_TITLE: 0, _ALIAS: 1, _ELSEWHERE: 2, _SLUG: 3, _PATH: 4, _KEY: 5}
"""How well each reads when a name is suggested: a file's name only where it is all there is."""
_NOT_IN_BRACKETS = {_PATH, _KEY}
"""Names that are no words, and so make no link of a word in brackets."""


def resolve(
    terms: Sequence[Term], files: Sequence[str], language: str = "en", folders: Collection[str] = ()
) -> tuple[Glossary, LinkGraph, list[Diagnostic]]:
    """Resolve everything.

    Args:
        terms: all entries, in the order of their files.
        files: the paths of the other files of the content folder.
        language: the language of entries that do not say theirs.
        folders: further first parts of addresses that belong to the site itself.

    Returns:
        The glossary, its graph, and what is wrong between the files.
    """
    nodes, faults = _addresses(terms, RESERVED.union(folders))
    names = _Names(nodes, language)
    faults += names.clashes()
    resolver = _Resolver(nodes, names, files)
    graph = resolver.graph()
    nodes = tuple(map(_with_brackets, nodes, graph.links))
    return Glossary(nodes, names.homonyms), graph, faults + resolver.faults


def _with_brackets(node: Node, links: Sequence[Link]) -> Node:
    """Put the brackets of what turned out to be no link into what other pages show of an entry."""
    term = brackets.settled(node.term, links)
    if term is node.term:
        return node
    replace = msgspec.structs.replace
    return replace(node, term=term, card=replace(node.card, summary=term.summary))


# ---------------------------------------------------------------- addresses


def _addresses(terms: Sequence[Term], reserved: Collection[str]) -> tuple[tuple[Node, ...], list[Diagnostic]]:
    """Give each entry its slug and address; explicit slugs are served first, then by order."""
    faults: list[Diagnostic] = []
    taken: dict[str, int] = {}
    urls: dict[int, Url] = {}
    order = sorted(range(len(terms)), key=lambda index: not terms[index].has_own_slug)
    for index in order:
        term = terms[index]
        wanted = _wanted_url(term)
        first = wanted.partition("/")[0]
        url, number = wanted, 1
        is_reserved = term.kind in {"note", "document"} and (first in reserved or len(first) == 1)
        while url in taken or (is_reserved and number == 1):
            number += 1
            url = Url(f"{wanted.rstrip('/')}-{number}/")
        if url != wanted:
            faults.append(_address_clash(term, wanted, url, terms, taken))
        taken[url] = index
        urls[index] = url
    nodes = []
    for index, term in enumerate(terms):
        slug = Slug(urls[index].rstrip("/").removeprefix("terms/"))
        card = Card(urls[index], slug, term.title, term.headword, term.abbreviation, term.summary, term.kind)
        nodes.append(Node(term, slug, urls[index], card))
    return tuple(nodes), faults


def _wanted_url(term: Term) -> Url:
    if term.kind == "home":
        return Url("")
    return Url(f"terms/{term.slug}/" if term.kind == "term" else f"{term.slug}/")


def _address_clash(
    term: Term, wanted: Url, url: Url, terms: Sequence[Term], taken: dict[str, int]
) -> Diagnostic:
    if wanted not in taken:
        return Diagnostic(
            "reserved-address", term.path, None, f"the address `/{wanted}` belongs to the site itself",
            why=f"the entry gets `/{url}` instead", help="give the file another name",
        )  # fmt: skip
    other = terms[taken[wanted]]
    return Diagnostic(
        "duplicate-slug", term.path, term.span,
        f"`{term.title}` and `{other.title}` want the same address `/{wanted}`",
        why=f"this one gets `/{url}` instead",
        help="give one of the two another title, or an `id:` of its own",
        related=(Place(other.path, other.span, "has the address"),),
    )  # fmt: skip


# ---------------------------------------------------------------- names


class _Names:
    """Which entries each name names; built once, then only asked."""

    def __init__(self, nodes: Sequence[Node], language: str) -> None:
        self._nodes = nodes
        self._languages = [node.term.lang or language for node in nodes]
        self._tongues = tuple(dict.fromkeys(map(tongue, self._languages)))
        self._forms: dict[Name, list[tuple[int, int]]] = {}
        self._exact: dict[str, list[tuple[int, int]]] = {}
        self._folded: dict[Name, list[tuple[int, int]]] = {}
        self.paths: dict[str, int] = {}
        self.by_file: dict[str, list[int]] = {}
        self.by_key: dict[str, list[int]] = {}
        self._shown: dict[Name, tuple[int, str]] = {}
        for index, node in enumerate(nodes):
            term = node.term
            self.by_file.setdefault(term.path, []).append(index)
            if not term.path.lower().endswith(_MANY_WITHOUT_PAGE):
                stem = unicodedata.normalize("NFC", term.stem)
                if self.paths.setdefault(stem, index) == index:
                    self._add(stem.rpartition("/")[2], _PATH, index)
            self._add(node.slug, _SLUG, index)
            self._add(term.title, _TITLE, index)
            for alias in term.aliases:
                self._add(alias.name, _ALIAS, index)
            for form in term.plurals:
                self._forms.setdefault(fold(form.name), []).append((_ALIAS, index))
            if term.key:
                self.by_key.setdefault(term.key, []).append(index)
                self._add(term.key, _KEY, index)
            for name in term.elsewhere:
                self._add(name, _ELSEWHERE, index)
        self._urls = {node.url for node in nodes}
        self._homonyms = self._declared_homonyms()

    @property
    def homonyms(self) -> tuple[Homonym, ...]:
        """The names that several entries share: those that are declared, and those of files that were asked for."""
        return tuple(one for _, one in sorted(self._homonyms.items()))

    def _add(self, name: str, rank: int, index: int) -> None:
        if name:
            self._exact.setdefault(tidy(name), []).append((rank, index))
            folded = fold(name)
            self._folded.setdefault(folded, []).append((rank, index))
            known = self._shown.get(folded)
            if known is None or _LEGIBLE[rank] < known[0]:
                self._shown[folded] = _LEGIBLE[rank], name

    def find(self, name: str, *, terms_only: bool) -> list[int]:
        """The entries of best rank that bear the name; more than one means it is ambiguous."""
        folded = fold(name)
        return (
            self._best(self._exact.get(tidy(name)), terms_only=terms_only)
            or self._best(self._folded.get(folded), terms_only=terms_only)
            or self._best(self._forms.get(folded), terms_only=terms_only)
            or self._inflected(name, folded, terms_only=terms_only)
        )

    def _inflected(self, name: str, folded: Name, *, terms_only: bool) -> list[int]:
        """The entries of which a name is another form, by the rules of their own language."""
        for language in self._tongues:
            for written, key in _forms_of(name, folded, language):
                exact = self._exact.get(tidy(written), ()) if key == fold(written) else ()
                for bearers in (exact, self._folded.get(key, ()), self._forms.get(key, ())):
                    entries = [one for one in bearers if self._may_change(one, key, written, language)]
                    if found := self._best(entries, terms_only=terms_only):
                        return found
        return []

    def _may_change(self, entry: tuple[int, int], key: Name, written: str, language: str) -> bool:
        """Whether another form of its name may mean an entry.

        Its language has these rules, and its names do change. Capitals stay capitals: *maps* are not MAP.
        """
        rank, index = entry
        term = self._nodes[index].term
        if rank == _ELSEWHERE:
            # Of what is written elsewhere no more is known than that it is a name.
            return tongue(self._languages[index]) != language
        if rank < _TITLE or not term.is_inflected or tongue(self._languages[index]) != language:
            return False
        names = (term.title, *(alias.name for alias in (*term.aliases, *term.plurals)))
        return is_capitals(written) or not any(is_capitals(name) for name in names if fold(name) == key)

    def language_of(self, index: int) -> str:
        """The language of an entry: its own, else the site's."""
        return self._languages[index]

    def _best(self, entries: list[tuple[int, int]] | None, *, terms_only: bool) -> list[int]:
        if not entries:
            return []
        if terms_only:
            entries = [
                (rank, index)
                for rank, index in entries
                if self._nodes[index].term.kind == "term" and rank not in _NOT_IN_BRACKETS
            ]
        if len(entries) < 2:
            return [index for _, index in entries]
        best = min(rank for rank, _ in entries)
        return list(dict.fromkeys(index for rank, index in entries if rank == best))

    def near(self, name: str, distance: int, *, terms_only: bool = False) -> list[str]:
        """The known names within an edit distance of a name, nearest first, three at most."""
        from rapidfuzz.distance import OSA  # noqa: PLC0415  only for what was not found
        from rapidfuzz.process import extract  # noqa: PLC0415

        names = self._term_names() if terms_only else self._shown
        found = extract(fold(name), names.keys(), scorer=OSA.distance, score_cutoff=distance, limit=3)
        return [names[Name(key)][1] for key, _, _ in found]

    def _term_names(self) -> dict[Name, tuple[int, str]]:
        return {
            name: shown
            for name, shown in self._shown.items()
            if any(
                self._nodes[i].term.kind == "term" and rank not in _NOT_IN_BRACKETS
                for rank, i in self._folded[name]
            )
        }

    def _declared_homonyms(self) -> dict[Name, Homonym]:
        found: dict[Name, Homonym] = {}
        for folded, entries in sorted(self._folded.items()):
            bearers = self._best(entries, terms_only=True)
            if len(bearers) > 1:
                found[folded] = self._homonym(next(iter(self._spellings(folded, bearers))), bearers)
        return found

    def _homonym(self, name: str, bearers: Iterable[int]) -> Homonym:
        url = Url(f"terms/{slugify(name)}/")
        while url in self._urls:
            url = Url(f"{url.rstrip('/')}-disambiguation/")
        self._urls.add(url)
        return Homonym(name, url, tuple(bearers))

    def shared_by(self, found: Sequence[int], name: str) -> Homonym:
        """The name that these entries share, when a link asks for it and finds them all."""
        folded = fold(name)
        if folded not in self._homonyms:
            known = next((one for one in self.homonyms if set(found) <= set(one.nodes)), None)
            if known:
                return known
            # Their files have one name, in different folders.
            self._homonyms[folded] = self._homonym(name.rpartition("/")[2], found)
        return self._homonyms[folded]

    def _spellings(self, folded: Name, bearers: Iterable[int]) -> list[str]:
        term = self._nodes[next(iter(bearers))].term
        names = [term.title, *(alias.name for alias in term.aliases)]
        return [name for name in names if fold(name) == folded] or [self._shown[folded][1]]

    def clashes(self) -> list[Diagnostic]:
        """A diagnostic for each alias that names another entry as well."""
        faults = []
        for folded, entries in self._folded.items():
            if len(entries) < 2:
                continue
            claims = [
                (rank, index)
                for rank, index in entries
                if self._nodes[index].term.kind == "term" and rank not in {_KEY, _ELSEWHERE}
            ]
            owners = list(dict.fromkeys(index for _, index in claims))
            if len(owners) < 2:
                continue
            best, first = min(claims)
            faults += [
                self._clash(folded, index, first, is_shared=best == _ALIAS)
                for rank, index in dict.fromkeys(claims)
                if rank == _ALIAS and index != first
            ]
        return faults

    def _clash(self, folded: Name, index: int, first: int, *, is_shared: bool) -> Diagnostic:
        term, other = self._nodes[index].term, self._nodes[first].term
        alias = next(alias for alias in term.aliases if fold(alias.name) == folded)
        at = next((one.span for one in other.aliases if fold(one.name) == folded), other.span)
        return Diagnostic(
            "duplicate-alias", term.path, alias.span,
            f"the name `{alias.name}` is also one of `{other.title}`",
            why=f"a link to `{alias.name}` cannot tell `{other.title}` from `{term.title}`" if is_shared
            else f"a link to `{alias.name}` leads to `{other.title}`, never to `{term.title}`",
            help="remove it from one of the two, or link by title" if is_shared else "remove it here",
            related=(Place(other.path, at, "the other one"),),
        )  # fmt: skip


def _forms_of(name: str, folded: Name, language: str) -> Iterator[tuple[str, Name]]:
    """Yield what a name may be another form of, likeliest first, and as what it is written then."""
    stripped = [(base, fold(base)) for base in bases(name, language)]
    yield from stripped
    for written, key in ((name, folded), *stripped):
        yield from ((written, other) for other in others(key, language))


# ---------------------------------------------------------------- references


class _Resolver:
    """Resolves every reference of every entry; made for one glossary and thrown away."""

    def __init__(self, nodes: tuple[Node, ...], names: _Names, files: Sequence[str]) -> None:
        self._nodes, self._names = nodes, names
        self.faults: list[Diagnostic] = []
        self._wanted: dict[Name, tuple[str, Anchor, list[tuple[int, int]]]] = {}
        self._anchors: set[Anchor] = set()
        self._exact_files = frozenset(files)
        self._files = {_alike(path): path for path in files}
        self._files_by_name: dict[str, list[str]] = {}
        for path in files:
            self._files_by_name.setdefault(_alike(path.rpartition("/")[2]), []).append(path)
        self._sections = Sections(nodes, names.language_of)
        self._known: dict[tuple[str, str, str, str], tuple[list[int], Spot | None]] = {}

    def graph(self) -> LinkGraph:
        links: list[tuple[Link, ...]] = []
        targets: list[tuple[int | None, ...]] = []
        relations: list[tuple[tuple[Link, int | None], ...]] = []
        backlinks: list[list[tuple[int, int]]] = [[] for _ in self._nodes]
        redirects: list[int | None] = []
        for index, node in enumerate(self._nodes):
            row = [self._link(index, number, one) for number, one in enumerate(node.term.references)]
            links.append(tuple(link for link, _ in row))
            targets.append(tuple(target for _, target in row))
            for number, (_, target) in enumerate(row):
                if target is not None and target != index:
                    backlinks[target].append((index, number))
            relations.append(tuple(self._link(index, -1, one) for one in node.term.relations))
            first = node.term.redirect
            target = row[node.term.references.index(first)][1] if first else None
            redirects.append(None if target == index else target)
        inside, faults = nests(self._nodes, links, targets)
        self.faults += faults
        return LinkGraph(
            links=tuple(links),
            targets=tuple(targets),
            relations=tuple(relations),
            redirects=tuple(redirects),
            backlinks=tuple(tuple(one) for one in backlinks),
            wanted=self._wishes(),
            files=tuple(
                tuple(self._file(node.term, image) for image in node.term.images) for node in self._nodes
            ),
            nests=inside,
        )

    def _link(self, index: int, number: int, reference: Reference) -> tuple[Link, int | None]:
        term = self._nodes[index].term
        is_bracket = reference.syntax == "bracket"
        if reference.syntax == "tag":
            url = Url(f"topics/{tag_slug(reference.target)}/")
            return Found(url, Anchor(""), reference.target, is_term=False), None
        if not reference.target:
            spot = self._sections.find_here(index, reference.section)
            found = [spot.node if spot else index]
        else:
            key = (reference.target, reference.section, term.path, reference.syntax)
            if key not in self._known:
                self._known[key] = self._lookup(reference, term.path)
            found, spot = self._known[key]
        if not found:
            if is_bracket:
                self._misspelt(term, reference)
                return Plain(), None
            return self._missing(index, number, reference), None
        if len(found) > 1:
            return self._ambiguous(term, reference, found), None
        target = self._nodes[found[0]]
        if spot is None:
            self._missing_section(term, reference, found[0])
        elif reference.role == "embed" and not self._sections.can_be_embedded(spot):
            self._mark_embedded(term, reference, target.term)
            spot = None
        if reference.rival:
            self._compare(term, reference, found[0], index)
        anchor, shown = (spot.anchor, spot.number) if spot else (Anchor(""), "")
        link = Found(target.url, anchor, target.term.title, target.term.kind == "term", number=shown)
        # Nothing is shown of what is not there, so the link of an embedding stands alone.
        return link, found[0] if spot or reference.role != "embed" else None

    def _lookup(self, reference: Reference, path: str) -> tuple[list[int], Spot | None]:
        """The entries a reference names, and the place of its section in the only one."""
        found = self._entries(reference, path)
        if len(found) > 1:
            found = self._nearest(found, path)
        if len(found) != 1:
            return found, None
        spot = self._sections.find(found[0], reference.section)
        return [spot.node if spot else found[0]], spot

    def _entries(self, reference: Reference, path: str) -> list[int]:
        if reference.syntax == "gls" and (found := self._names.by_key.get(reference.target)):
            return found
        target = _SUFFIX.sub("", reference.target).rstrip("/")
        if reference.syntax == "markdown" or "/" in target or target.startswith("."):
            at = self._by_path(target, path)
            if at is not None:
                return [at]
            if reference.syntax == "markdown" and "/" in target.strip("./"):
                return []
        is_bracket = reference.syntax == "bracket"
        if found := self._names.find(target, terms_only=is_bracket):
            return found
        plain = unmarked(target)
        return self._names.find(plain, terms_only=is_bracket) if plain != target else []

    def _by_path(self, target: str, path: str) -> int | None:
        target = unicodedata.normalize("NFC", target)
        folder = unicodedata.normalize("NFC", path.rpartition("/")[0])
        rooted = posixpath.normpath(target.lstrip("/"))
        for candidate in (posixpath.normpath(posixpath.join(folder, target)), rooted):
            for name in (
                candidate,
                *(posixpath.normpath(f"{candidate}/{one}") for one in ("index", "_index")),
            ):
                if name in self._names.paths:
                    return self._names.paths[name]
        if not target.startswith("."):
            tail = f"/{_alike(rooted)}"
            tails = [i for known, i in self._names.paths.items() if f"/{_alike(known)}".endswith(tail)]
            if len(tails) == 1:
                return tails[0]
        return None

    def _nearest(self, found: list[int], path: str) -> list[int]:
        """Of several entries those nearest to a file: in it, then in the most shared folders."""

        def shared(index: int) -> int:
            other = self._nodes[index].term.path
            return 1000 if other == path else _shared_folders(other, path)

        best = max(map(shared, found))
        nearest = [index for index in found if shared(index) == best]
        return nearest if len(nearest) == 1 else found

    # ------------------------------------------------------------ what is not found

    def _missing(self, index: int, number: int, reference: Reference) -> Missing:
        term = self._nodes[index].term
        name = _SUFFIX.sub("", reference.target.rstrip("/").rpartition("/")[2]) or reference.section
        anchor = self._wish(name, index, number)
        near = [_in_the_case_of(name, one) for one in (self._names.near(name, 2) if len(name) > 3 else ())]
        if reference.section and self._names.find(reference.section, terms_only=True):
            near = [reference.section, *near]
        if reference.syntax == "markdown":
            fact = f"there is no entry at `{reference.target}`"
            why = "the address of a Markdown link is the path of an entry's file, or an entry's name"
            form = "`[[{}]]`"
        elif reference.syntax == "gls":
            fact = f"no entry has the key `{reference.target}`"
            why = "a link in LaTeX must match the key of an entry, or a title, another name or a slug"
            form = "`\\gls{{{}}}`" if reference.role == "mention" else "`{}`"
        else:
            shown = f"{reference.target}#{reference.section}" if reference.section else reference.target
            fact = f"no entry is named `{shown}`"
            why = "a link by name must match the title, another name, the slug or the path of an entry"
            form = "`{}`" if reference.syntax == "field" else "`[[{}]]`"
        mend = " or ".join(form.format(one) for one in dict.fromkeys(near))
        wish = f"did you mean {mend}?" if mend else "write the entry, or link to another"
        if self._file_named(reference.target, term.path):
            why = "a file has the name, but of files only pictures, sound, video and PDF are published"
            wish = "show a picture or a PDF of it"
        self._report(
            "missing-term",
            term,
            reference.span,
            fact,
            why=why,
            help=wish,
        )
        return Missing(name, anchor)

    def _wish(self, name: str, index: int, number: int) -> Anchor:
        """Note who asks for an entry that is not written; the anchor of its line among those wanted."""
        wish = self._wanted.get(fold(name))
        if wish is None:
            plain = slugify(name)
            anchor, count = Anchor(plain), 1
            while anchor in self._anchors:
                count += 1
                anchor = Anchor(f"{plain}-{count}")
            self._anchors.add(anchor)
            wish = self._wanted[fold(name)] = name, anchor, []
        wish[2].append((index, number))
        return wish[1]

    def _misspelt(self, term: Term, reference: Reference) -> None:
        name = reference.target
        letters = sum(char.isalpha() for char in name)
        if letters < 4 or letters < len(name.replace(" ", "").replace("-", "")) or not name.isascii():
            return
        near = self._names.near(name, 2 if letters > 5 else 1, terms_only=True)
        if near:
            self._report(
                "misspelt-term",
                term,
                reference.span,
                f"`[{name}]` names no entry",
                why="it stays as text, although it is nearly the name of an entry",
                help=f"did you mean `[{_in_the_case_of(name, near[0])}]`? else write `\\[{name}]`",
            )

    def _ambiguous(self, term: Term, reference: Reference, found: list[int]) -> Link:
        nodes = [self._nodes[i] for i in found]
        titles = [f"`{node.term.title}`" for node in nodes]
        if len(set(titles)) < len(titles):
            titles = [f"`{node.slug}`" for node in nodes]
        all_ = "all" if titles[2:] else "both"
        self._report(
            "ambiguous-link",
            term,
            reference.span,
            f"`{reference.target}` names {len(found)} entries",
            why=f"{', '.join(titles[:-1])} and {titles[-1]} {all_} bear the name",
            help="write "
            + " or ".join(f"`[[{node.slug}|{reference.label or reference.target}]]`" for node in nodes),
        )
        homonym = self._names.shared_by(found, reference.target)
        return Ambiguous(homonym.url, homonym.name)

    def _missing_section(self, term: Term, reference: Reference, target: int) -> None:
        kind = "block" if reference.section.startswith("^") else "section"
        top = "the top of the entry"
        self._report(
            "missing-anchor",
            term,
            reference.span if reference.section_span == NOWHERE else reference.section_span,
            f"`{self._nodes[target].term.title}` has no {kind} `{reference.section}`",
            why=f"only a link to {top} is shown" if reference.role == "embed" else f"the link leads to {top}",
            help=self._sections.help_for(target, reference.section),
        )

    def _mark_embedded(self, term: Term, reference: Reference, target: Term) -> None:
        self._report(
            "missing-anchor",
            term,
            reference.span,
            f"`{reference.section}` of `{target.title}` cannot be embedded",
            why="it is a place within a line, of which there is nothing to show",
            help="embed the block or the section that it stands in",
        )

    def _compare(self, term: Term, reference: Reference, found: int, index: int) -> None:
        """``[[name]](#rival)``: both should lead to one place."""
        path, _, section = reference.rival.partition("#")
        rival = msgspec.structs.replace(reference, target=path or section, section="", rival="")
        others = self._entries(rival, term.path)
        if not path and not others:
            spot = self._sections.find_here(index, section)
            others = [spot.node] if spot else []
        if others and found not in others:
            other = self._nodes[others[0]].term.title
            self._report(
                "mismatched-link",
                term,
                reference.span,
                f"`{reference.target}` and `{reference.rival}` lead to different entries",
                why=f"the address leads to `{other}`; the name wins",
                help=f"remove `({reference.rival})`",
            )

    def _wishes(self) -> tuple[Wanted, ...]:
        """Most asked for first."""
        rows = [Wanted(name, anchor, tuple(asked)) for name, anchor, asked in self._wanted.values()]
        return tuple(sorted(rows, key=lambda one: (-len(one.asked), fold(one.name), one.name)))

    # ------------------------------------------------------------ files

    def _file(self, term: Term, image: ImageUse) -> str:
        """The path of an embedded file below the content folder, or "" with a diagnostic."""
        # A name may hold a `#`, as in "plot #1.png"; else what stands behind it is a place in the file.
        target = image.target
        while not (found := self._file_named(target, term.path)) and "#" in target:
            target = target.rpartition("#")[0]
        if found:
            return found
        if all(one.startswith("..") for one in _places(target, term.path)):
            code, why = "outside-content", "the path leaves the content folder"
        else:
            code, why = "missing-image", "no such file is below the content folder"
        self._report_file(term, image.span, code, target, why)
        return ""

    def _file_named(self, target: str, path: str) -> str:
        """The file that a target means in an entry of `path`, or ""."""
        places = _places(target, path)
        for candidate in places:
            if candidate in self._exact_files:
                return candidate
            if _alike(candidate) in self._files:
                return self._files[_alike(candidate)]
        named = self._files_by_name.get(_alike(target.rpartition("/")[2]), [])
        if "/" not in target and named:
            return min(named, key=lambda other: (-_shared_folders(other, path), other.count("/"), other))
        tails = [other for other in named if f"/{_alike(other)}".endswith(f"/{_alike(places[-1])}")]
        return tails[0] if len(tails) == 1 else ""

    def _report_file(self, term: Term, span: Span, code: str, target: str, why: str) -> None:
        near = ""
        if code == "missing-image" and self._files:
            from difflib import get_close_matches  # noqa: PLC0415  only for what was not found

            found = get_close_matches(target.lower(), self._files, n=1, cutoff=0.8)
            near = f"did you mean `{self._files[found[0]]}`?" if found else ""
        mend = near or "put the file into the content folder"
        self._report(code, term, span, f"the file `{target}` cannot be embedded", why=why, help=mend)

    def _report(self, code: str, term: Term, span: Span, message: str, *, why: str, help: str) -> None:  # noqa: A002
        self.faults.append(Diagnostic(code, term.path, span, message, why, help))


def _places(target: str, path: str) -> tuple[str, ...]:
    """Where a file may be that an entry of `path` calls `target`: seen from there, and from the top."""
    rooted = posixpath.normpath(target.lstrip("/"))
    if target.startswith("/"):
        return (rooted,)
    return posixpath.normpath(posixpath.join(path.rpartition("/")[0], target)), rooted


def _shared_folders(path: str, other: str) -> int:
    """How many folders, from the first on, two files have in common."""
    return len(posixpath.commonprefix([path.split("/")[:-1], other.split("/")[:-1]]))


def _alike(path: str) -> str:
    """Fold a path as file systems do that keep neither case nor the way a letter is composed; blanks too."""
    return " ".join(unicodedata.normalize("NFC", path).lower().split())


def _in_the_case_of(written: str, name: str) -> str:
    """Give a known name with a small initial where the author wrote one, and the name allows it."""
    is_plain = name[:1].isupper() and name[1:2].islower()
    return name[:1].lower() + name[1:] if is_plain and written[:1].islower() else name

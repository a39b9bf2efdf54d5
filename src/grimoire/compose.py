"""From the glossary and its graph to one frozen record per page: all that the page may know.

What is copied into a record decides what makes that page change, so a record holds of other
entries no more than it shows: an address and a headword in a list, a summary where one is read, a
sentence where an entry is mentioned.

The module is long because each kind of page has its few lines here, and they share what they draw from.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from grimoire.collation import Collation
from grimoire.config import Settings
from grimoire.days import iso_day
from grimoire.glossary import Citations, Glossary, LinkGraph, Nest, Node, source_url
from grimoire.model import (
    Ambiguous,
    Citation,
    Citing,
    Cluster,
    Found,
    Fragment,
    Image,
    ImageUse,
    Passage,
    Term,
    Video,
    Work,
)
from grimoire.names import Anchor, Slug, Url, names_in_title, tag_slug
from grimoire.pages import (
    HUES,
    CardPage,
    Change,
    ChangesPage,
    Chart,
    CitedVideo,
    CitedWork,
    DisambiguationPage,
    DocumentPage,
    Dot,
    Embedded,
    Entry,
    GraphPage,
    HomePage,
    InText,
    Letter,
    LetterGroup,
    LetterPage,
    Mention,
    Month,
    Neighbour,
    NotFoundPage,
    OfflinePage,
    Page,
    References,
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

WHOLE_INDEX = 2000
"""How many terms the home page lists; beyond that each letter has a page."""
MOST_NEIGHBOURS = 14
WHOLE_CHART = 1500
"""How many dots a picture may have that is part of a page."""
MOST_CHANGES = 200
"""How many entries the list of changes has."""
_LONGEST_DESCRIPTION = 300
_T = TypeVar("_T")


def compose(
    glossary: Glossary,
    graph: LinkGraph,
    citations: Citations,
    settings: Settings,
    images: Mapping[str, Image],
    assets: Mapping[str, str],
    folder: str = "",
) -> tuple[Site, list[Page]]:
    """Compose all pages.

    Args:
        glossary: every entry.
        graph: how they refer to each other.
        citations: what they cite.
        settings: the site's settings.
        images: what became of each embedded file, by its path below the content folder.
        assets: where the theme's files are published, by their logical names.
        folder: where the site stands below the top, ``fr/`` for a further language.

    Returns:
        What every page knows of the site, and the pages in the order of their addresses' making.
    """
    composer = _Composer(glossary, graph, citations, settings, images, assets, folder)
    return composer.site, composer.pages()


class _Composer:
    """Holds what all pages are drawn from; made for one build and thrown away."""

    def __init__(
        self,
        glossary: Glossary,
        graph: LinkGraph,
        citations: Citations,
        settings: Settings,
        images: Mapping[str, Image],
        assets: Mapping[str, str],
        folder: str,
    ) -> None:
        self._nodes, self._graph, self._settings = glossary.nodes, graph, settings
        self._citations = citations
        self._cited = citations.rows or tuple((Citing(),) * len(n.term.citations) for n in glossary.nodes)
        self._order = Collation(settings.language)
        self._homonyms, self._images = glossary.homonyms, images
        self._terms = [i for i, node in enumerate(self._nodes) if node.term.kind == "term"]
        keys = [self._order.key(node.term.title) for node in self._nodes]
        in_order = sorted(range(len(keys)), key=keys.__getitem__)
        self._rank = {index: rank for rank, index in enumerate(in_order)}
        self._sorted = [index for index in in_order if self._nodes[index].term.kind == "term"]
        self._links_out = [{t for t in row if t is not None} for row in graph.targets]
        self._narrower = self._reverse_of_broader()
        self._entries = [self._plain_entry(node) for node in self._nodes]
        self._topics = self._all_topics()
        self._named_topics = {
            topic.tag: msgspec.structs.replace(topic, description="", count=0) for topic in self._topics
        }
        self._documents = {
            node.term.path: i for i, node in enumerate(self._nodes) if node.term.kind == "document"
        }
        self._is_split = len(self._terms) > WHOLE_INDEX
        self._groups = self._letter_groups()
        self._changes = self._latest_changes()
        self.site = Site(
            title=settings.title,
            description=settings.description,
            author=settings.author,
            language=settings.language,
            base_url=settings.base_url,
            license=settings.license,
            letters=self._letters(),
            has_dates=bool(self._changes),
            has_players=settings.videos == "player",
            assets=dict(sorted(assets.items())),
            is_offline=settings.offline,
            folder=folder,
        )

    def pages(self) -> list[Page]:
        pages: list[Page] = [self._home()]
        if self._is_split:
            pages += (LetterPage(url=self._letter_url(g.label), title=g.label, group=g) for g in self._groups)
        places = {index: place for place, index in enumerate(self._sorted)}
        for index, node in enumerate(self._nodes):
            if node.term.kind == "term":
                pages += (self._term(index, places[index]), self._card(index))
            elif node.term.kind in {"note", "document"}:
                pages.append(self._document(index))
        pages += self._topic_pages()
        pages += self._homonym_pages()
        pages.append(self._map())
        pages.append(ChangesPage(url=Url("changes/"), months=self._months()))
        pages.append(SearchPage(url=Url("search/"), count=len(self._terms)))
        pages.append(self._bibliography())
        pages.append(VideosPage(url=Url("videos/"), videos=self._all_videos()))
        pages.append(WantedPage(url=Url("wanted/"), wishes=self._wishes()))
        pages.append(NotFoundPage(url=Url("404.html")))
        if self._settings.offline:
            pages.append(OfflinePage(url=Url("offline.html")))
        return pages

    # ------------------------------------------------------------ entries of lists

    def _plain_entry(self, node: Node) -> Entry:
        """An entry as other pages link to it: nothing but its address and its names."""
        return Entry(node.url, node.term.title, node.term.headword, lang=self._foreign(node.term))

    def _foreign(self, term: Term) -> str:
        """The language of an entry, if it is not the site's."""
        return term.lang if term.lang != self._settings.language else ""

    def _is_fallback(self, term: Term) -> bool:
        """Whether an entry is shown in a further language for want of a translation."""
        return bool(self.site.folder) and term.edition != self._settings.language

    def _described(self, index: int, *, gloss: bool = True, is_filtered: bool = False) -> Entry:
        """An entry as an index lists it; only a list that is filtered by topics knows those of its entries."""
        term = self._nodes[index].term
        return Entry(
            url=self._nodes[index].url,
            title=term.title,
            headword=term.headword,
            # What the title says itself is not said again.
            abbreviation="" if term.abbreviation in term.title else term.abbreviation,
            names=" ".join(alias.name for alias in term.aliases),
            tags=tuple(_lineage(term.tags)) if is_filtered else (),
            gloss=self._summary(index) if gloss else Fragment(),
            lang=self._foreign(term),
        )

    def _shown_for(self, index: int) -> int:
        """The entry whose words are shown for one: the last of those that it points to, each the next."""
        seen = {index}
        while (target := self._graph.redirects[index]) is not None and target not in seen:
            seen.add(target)
            index = target
        return index

    def _summary(self, index: int) -> Fragment:
        """An entry's summary; one that only points to another has the other's."""
        return self._nodes[self._shown_for(index)].term.summary

    def _mentions(self, pairs: Iterable[tuple[int, int]]) -> tuple[Mention, ...]:
        """Group references by the entry they stand in, ordered by its title."""
        by_source: dict[int, dict[str, Fragment]] = {}
        for source, number in pairs:
            if self._nodes[source].term.kind == "home":
                continue
            excerpts = by_source.setdefault(source, {})
            if number < 0:
                # A relation asks without a sentence.
                continue
            excerpt = self._nodes[source].term.references[number].excerpt
            if excerpt.html:
                excerpts.setdefault(excerpt.text, excerpt)
        ordered = sorted(by_source, key=self._rank.__getitem__)
        return tuple(
            Mention(e.url, e.title, e.headword, tuple(by_source[i].values()), e.lang)
            for i, e in ((i, self._entries[i]) for i in ordered)
        )

    # ------------------------------------------------------------ terms

    def _text(self, index: int, cited: "_Cited") -> Text:
        """The text of an entry; `cited` are the citations of its page, and grow."""
        return self._part(index, None, self._graph.nests[index], self._nodes[index].term.lang, cited)

    def _part(
        self, index: int, part: Passage | None, nests: Mapping[int, Nest], lang: str, cited: "_Cited"
    ) -> Text:
        """The text of an entry, or of a part of it, with what its transclusions show."""
        term = self._nodes[index].term
        pairs = list(zip(term.citations, self._cited[index], strict=True))
        in_text: dict[int, InText] = {}
        embedded: dict[int, Embedded] = {}
        # Citations are numbered as they come: what is embedded between two may bring its own.
        for slot in part.slots if part else term.order:
            number = int(slot[1:])
            if slot[0] == "c":
                in_text[number] = cited.take(*pairs[number])
            elif slot[0] == "t":
                embedded[number] = self._embedded(index, number, nests.get(number), cited)
        if part is None:
            # What is cited in a title or a description stands in no slot, but in the list of references.
            in_text |= {n: cited.take(*pairs[n]) for n in range(len(pairs)) if n not in in_text}
        files = tuple(zip(term.images, self._graph.files[index], strict=True))
        return Text(
            body=term.body,
            formulas=_chosen(term.formulas, part, "m"),
            links=_chosen(self._graph.links[index], part, "a"),
            videos=_chosen(self._videos(index), part, "v"),
            images=tuple(self._image(image, path) for image, path in _chosen(files, part, "i")),
            diagrams=_chosen(term.diagrams, part, "d"),
            embedded=tuple(embedded.values() if part else map(embedded.__getitem__, sorted(embedded))),
            citations=tuple(in_text.values() if part else map(in_text.__getitem__, sorted(in_text))),
            part=part,
            inserts=tuple(
                one
                for one in (self._graph.inserts[index] if self._graph.inserts else ())
                if part is None or part.start <= one.start < part.end
            ),
            lang=lang,
        )

    def _embedded(self, index: int, number: int, nest: Nest | None, cited: "_Cited") -> Embedded:
        """An entry inside another: its text, or the link alone where a circle, the depth or the size ends it."""
        use = self._nodes[index].term.transclusions[number]
        link = self._graph.links[index][use.reference]
        target = self._graph.targets[index][use.reference]
        if target is None or not isinstance(link, Found):
            return Embedded(link, self._nodes[index].term.references[use.reference].label)
        title = self._nodes[target].term.title
        if nest is None:
            return Embedded(link, title)
        # Its own language is told only where it is not that of the text around it.
        lang = self._language(nest.node)
        lang = "" if lang == self._language(index) else lang
        text = self._part(nest.node, nest.part, nest.inner, lang, cited)
        return Embedded(link, title, text, use.level - self._level_above(nest))

    def _language(self, index: int) -> str:
        return self._nodes[index].term.lang or self._settings.language

    def _level_above(self, nest: Nest) -> int:
        """The level of heading under which what is embedded stands at home: 1 but for deeper sections."""
        if nest.part is None or nest.part.is_block:
            return 1
        headings = self._nodes[nest.node].term.headings
        return next(one.level for one in headings if one.anchor == nest.part.anchor) - 1

    def _image(self, use: ImageUse, path: str) -> Image:
        found = self._images.get(path)
        if not path or found is None:
            return Image(Url(""), use.alt or use.target, 0, 0, "other")
        if use.is_link or found.media == "other":
            page = use.target.rpartition("#")[2]
            url = Url(f"{found.url}#{page}") if page.startswith("page=") and page[5:].isdigit() else found.url
            return Image(url, use.alt or found.alt, 0, 0, "other")
        width, height = found.width, found.height
        if use.width:
            # With one size given, the other keeps the file's proportions.
            height = use.height or (round(height * use.width / width) if width else 0)
            width = use.width
        alt = use.alt or (found.alt if found.media != "image" else "")
        return Image(found.url, alt, width, height, found.media, use.title)

    def _videos(self, index: int) -> tuple[Video, ...]:
        term = self._nodes[index].term
        total = sum(bool(use.url) for use in term.videos)
        videos = []
        number = 0
        for use in term.videos:
            number += bool(use.url)
            videos.append(Video(use.url, start_of(use.url), number, total, term.title))
        return tuple(videos)

    def _related(self, index: int, role: str) -> tuple[Entry, ...]:
        term = self._nodes[index].term
        found: dict[str, Entry] = {}
        for reference, (link, target) in zip(term.relations, self._graph.relations[index], strict=True):
            if reference.role != role:
                continue
            if isinstance(link, Found) and target is not None:
                entry = msgspec.structs.replace(
                    self._entries[target],
                    url=Url(link.url + (f"#{link.anchor}" if link.anchor else "")),
                    note=reference.reason,
                )
                found.setdefault(entry.url, entry)
            elif isinstance(link, Ambiguous):
                headword = Fragment(escape(link.name, quote=False), link.name)
                found.setdefault(link.url, Entry(link.url, link.name, headword, note=reference.reason))
        return tuple(found.values())

    def _reverse_of_broader(self) -> dict[int, list[int]]:
        narrower: dict[int, list[int]] = {}
        for index in self._sorted:
            relations = zip(self._nodes[index].term.relations, self._graph.relations[index], strict=True)
            for reference, (_, target) in relations:
                if reference.role == "broader" and target is not None and target != index:
                    narrower.setdefault(target, []).append(index)
        return narrower

    def _neighbours(self, index: int) -> tuple[tuple[Neighbour, ...], tuple[tuple[int, int], ...]]:
        """The terms around a term, those tied both ways first, and the links among them."""
        sources = {source for source, _ in self._graph.backlinks[index]}
        others = {
            i for i in sources | self._links_out[index]
            if i != index and self._nodes[i].term.kind == "term"
        }  # fmt: skip
        rank = {
            i: (
                not (i in sources and i in self._links_out[index]),
                i not in sources,
                self._rank[i],
            )
            for i in others
        }
        chosen = sorted(others, key=rank.__getitem__)[:MOST_NEIGHBOURS]
        neighbours = tuple(
            Neighbour(self._nodes[i].url, self._nodes[i].term.title, i in sources) for i in chosen
        )
        edges = tuple(
            (a, b)
            for a in range(len(chosen))
            for b in range(a + 1, len(chosen))
            if chosen[b] in self._links_out[chosen[a]] or chosen[a] in self._links_out[chosen[b]]
        )
        return neighbours, edges

    def _term(self, index: int, place: int) -> TermPage:
        node = self._nodes[index]
        term = node.term
        neighbours, edges = self._neighbours(index)
        redirect = self._graph.redirects[index]
        document = self._documents.get(term.path)
        cited = _Cited()
        return TermPage(
            url=node.url,
            title=term.title,
            description=self._description(index),
            lang=term.lang,
            is_fallback=self._is_fallback(term),
            slug=node.slug,
            headword=term.headword,
            aliases=tuple(name for name in _further_names(term) if name != term.abbreviation),
            abbreviation=term.abbreviation,
            symbol=term.symbol,
            topics=self._topics_of(index),
            text=self._text(index, cited),
            headings=term.headings,
            redirect=None if redirect is None else self._described(redirect),
            see_also=self._related(index, "related"),
            prerequisites=self._related(index, "prerequisite"),
            broader=self._related(index, "broader"),
            narrower=tuple(self._entries[i] for i in self._narrower.get(index, ())),
            part_of=None if document is None else self._entries[document],
            neighbours=neighbours,
            edges=edges,
            used_by=self._mentions(self._graph.backlinks[index]),
            references=self._references(cited, term.lang),
            videos=tuple(video for video in self._videos(index) if video.url),
            letter=self._order.initial(term.title),
            before=self._entries[self._sorted[place - 1]] if place else None,
            after=self._entries[self._sorted[place + 1]] if place + 1 < len(self._sorted) else None,
            author=term.author,
            created=term.created,
            modified=term.modified,
            status=term.status,
            edit_url=self._settings.edit_url.replace("{path}", term.path),
            source_url=source_url(node),
        )

    def _card(self, index: int) -> CardPage:
        node = self._nodes[index]
        source = self._shown_for(index)
        lead = self._nodes[source].term.lead
        links = self._graph.links[source]
        return CardPage(
            url=Url(f"{node.url}card.html"),
            title=node.term.title,
            lang=node.term.lang,
            term_url=node.url,
            headword=node.term.headword,
            aliases=_further_names(node.term),
            lead=lead,
            links=tuple(links[number] for number in lead.links),
        )

    def _description(self, index: int) -> str:
        text = self._summary(index).text
        if len(text) > _LONGEST_DESCRIPTION:
            text = text[:_LONGEST_DESCRIPTION].rpartition(" ")[0] + "…"
        return text

    # ------------------------------------------------------------ references

    def _references(self, cited: "_Cited", lang: str) -> References | None:
        """What the citations of a page are set from; None if it has none."""
        if not cited.clusters:
            return None
        language = lang or self._settings.language
        return References(tuple(cited.clusters), cited.works(), language, self._citations.style)

    def _bibliography(self) -> ReferencesPage:
        """Every work that an entry cites, with the entries that do."""
        citing: dict[Work, dict[int, None]] = {}
        for index in sorted(range(len(self._nodes)), key=lambda i: self._order.key(self._citer(i).title)):
            for one in self._cited[index]:
                for work in one.works:
                    citing.setdefault(work, {})[index] = None
        cited = _Cited()
        listed: list[CitedWork] = []
        for work in sorted(citing, key=lambda work: (work.key, work.digest)):
            source = self._citations.sources[work.digest]
            entries = tuple(self._citer(index) for index in citing[work])
            key = cited.key(work)
            listed.append(CitedWork(key, source.title, source.form, source.source, source.addresses, entries))
        style, language = self._citations.style, self._settings.language
        references = References((), cited.works(), language, style) if listed else None
        return ReferencesPage(
            url=Url("references/"), title="References", references=references, works=tuple(listed)
        )

    def _citer(self, index: int) -> Entry:
        """An entry that cites; the home text may have no title of its own."""
        entry = self._entries[index]
        if entry.title:
            return entry
        title = self._settings.title
        return msgspec.structs.replace(
            entry, title=title, headword=Fragment(escape(title, quote=False), title)
        )

    # ------------------------------------------------------------ documents

    def _document(self, index: int) -> DocumentPage:
        node = self._nodes[index]
        term = node.term
        members: Sequence[int] = ()
        if term.kind == "document":
            members = [i for i in self._terms if self._nodes[i].term.path == term.path]
        cited = _Cited()
        # The text before the terms has ids of its own.
        taken = {one.anchor for one in term.headings} | {one.anchor for one in term.passages}
        return DocumentPage(
            url=node.url,
            title=term.title,
            description=self._description(index),
            lang=term.lang,
            is_fallback=self._is_fallback(term),
            headword=term.headword,
            topics=self._topics_of(index),
            text=self._text(index, cited),
            headings=term.headings,
            sections=tuple(
                Section(
                    self._nodes[i].url,
                    _beside(self._nodes[i].slug, taken),
                    self._nodes[i].term.headword,
                    self._text(i, cited),
                    self._nodes[i].term.headings,
                )
                for i in members
            ),
            see_also=self._related(index, "related"),
            used_by=self._mentions(self._graph.backlinks[index]),
            references=self._references(cited, term.lang),
            author=term.author,
            created=term.created,
            modified=term.modified,
            edit_url=self._settings.edit_url.replace("{path}", term.path),
        )

    # ------------------------------------------------------------ index and topics

    def _home(self) -> HomePage:
        home = next((i for i, node in enumerate(self._nodes) if node.term.kind == "home"), None)
        title = self._nodes[home].term.title if home is not None else ""
        headword = self._nodes[home].term.headword if title and home is not None else None
        notes = [i for i, node in enumerate(self._nodes) if node.term.kind in {"note", "document"}]
        cited = _Cited()
        return HomePage(
            url=Url(""),
            title=title or self._settings.title,
            description=self._settings.description or (self._description(home) if home is not None else ""),
            lang=self._nodes[home].term.lang if home is not None else "",
            headword=headword or Fragment(escape(self._settings.title, quote=False), self._settings.title),
            text=None if home is None else self._text(home, cited),
            topics=self._topics_of_terms(),
            groups=() if self._is_split else self._groups,
            count=len(self._terms),
            notes=tuple(
                msgspec.structs.replace(self._entries[i], gloss=self._nodes[i].term.summary)
                for i in sorted(notes, key=self._rank.__getitem__)
            ),
            references=self._references(cited, self._nodes[home].term.lang if home is not None else ""),
        )

    def _letter_groups(self) -> tuple[LetterGroup, ...]:
        groups: dict[str, list[Entry]] = {}
        for index in self._sorted:
            group = groups.setdefault(self._order.initial(self._nodes[index].term.title), [])
            group.append(self._described(index, is_filtered=True))
        return tuple(
            LetterGroup(label, _letter_anchor(label), tuple(groups[label]))
            for label in sorted(groups, key=self._place_of_letter)
        )

    def _letters(self) -> tuple[Letter, ...]:
        used = {group.label for group in self._groups}
        labels = sorted({*self._order.alphabet, *used}, key=self._place_of_letter)
        return tuple(Letter(label, self._letter_url(label) if label in used else "") for label in labels)

    def _place_of_letter(self, label: str) -> tuple[bool, int, str]:
        """The alphabet of the language, letters of other scripts, digits and signs."""
        alphabet = self._order.alphabet
        return label == "#", alphabet.index(label) if label in alphabet else len(alphabet), label

    def _letter_url(self, label: str) -> Url:
        name = _letter_anchor(label)
        return Url(f"{name.lower()}/" if self._is_split else f"#{name}")

    def _all_topics(self) -> tuple[Topic, ...]:
        """Every tag, and those it stands in; `count` counts terms: that of a tag which only notes bear is 0."""
        titles: dict[Slug, str] = {}
        numbers: Counter[Slug] = Counter()
        for node in self._nodes:
            spellings = _lineage(node.term.tags)
            titles = spellings | titles
            numbers.update(dict.fromkeys(spellings, int(node.term.kind == "term")))
        settings = {tag_slug(tag): (tag, setting) for tag, setting in self._settings.topics.items()}
        order = [slug for slug in settings if slug in numbers]
        order += sorted((s for s in numbers if s not in settings), key=lambda s: (-numbers[s], s))
        topics = []
        for slug in order:
            tag, setting = settings.get(slug, (titles[slug], None))
            title = (setting.title if setting else "") or tag
            description = setting.description if setting else ""
            topics.append(Topic(slug, Url(f"topics/{slug}/"), title, description, numbers[slug]))
        return tuple(topics)

    def _topics_of(self, index: int) -> tuple[Topic, ...]:
        """The topics of an entry, without counts: one more term of a topic changes no other."""
        slugs = dict.fromkeys(map(tag_slug, self._nodes[index].term.tags))
        return tuple(self._named_topics[slug] for slug in slugs)

    def _topics_of_terms(self) -> tuple[Topic, ...]:
        """The topics by which a list of terms can be filtered."""
        return tuple(topic for topic in self._topics if topic.count)

    def _topic_pages(self) -> Iterable[Page]:
        is_sorted = self._settings.topics_order == "alphabetical"
        order = self._sorted if is_sorted else self._terms
        entries = tuple(self._described(i, is_filtered=True) for i in order)
        yield TopicsPage(url=Url("topics/"), topics=self._topics_of_terms(), entries=entries)
        members: dict[Slug, list[int]] = {}
        others = (i for i, node in enumerate(self._nodes) if node.term.kind in {"note", "document"})
        for index in (*self._sorted, *others):
            for slug in _lineage(self._nodes[index].term.tags):
                members.setdefault(slug, []).append(index)
        for topic in self._topics:
            yield TopicPage(
                url=topic.url,
                title=topic.title,
                description=topic.description,
                topic=topic,
                entries=tuple(self._described(i) for i in members.get(Slug(topic.tag), ())),
            )

    # ------------------------------------------------------------ the map

    def _map(self) -> GraphPage:
        shown = [i for i, node in enumerate(self._nodes) if node.term.kind in {"term", "note"}]
        areas = {i: tag_slug(tags[0].split("/")[0]) for i in shown if (tags := self._nodes[i].term.tags)}
        numbers = Counter(areas.values())
        order = sorted(numbers, key=lambda slug: (-numbers[slug], slug))[:HUES]
        hues = {slug: hue for hue, slug in enumerate(order)}
        places = {index: place for place, index in enumerate(shown)}
        edges = {
            (min(places[i], places[target]), max(places[i], places[target]))
            for i in shown
            for target in self._links_out[i]
            if target != i and target in places
        }
        dots = tuple(
            Dot(
                self._nodes[i].url,
                self._nodes[i].term.title,
                areas.get(i, ""),
                hues.get(areas.get(i, Slug("")), HUES),
            )
            for i in shown
        )
        topics = tuple(
            msgspec.structs.replace(self._named_topics[slug], count=numbers[slug]) for slug in order
        )
        return GraphPage(
            url=Url("graph/"),
            chart=Chart(dots, tuple(sorted(edges))),
            topics=topics,
            others=len(dots) - sum(topic.count for topic in topics),
            is_inline=len(dots) <= WHOLE_CHART,
        )

    # ------------------------------------------------------------ changes

    def _latest_changes(self) -> list[Change]:
        """The entries that tell a day on which they were written or changed, the latest first."""
        changes = []
        for index, node in enumerate(self._nodes):
            term = node.term
            date = max(term.created, term.modified, key=iso_day)
            if iso_day(date) and term.kind in {"term", "note"}:
                is_new = iso_day(term.created) == iso_day(date)
                entry = msgspec.structs.replace(self._entries[index], gloss=self._summary(index))
                changes.append(Change(entry, date, is_new))
        changes.sort(key=lambda change: self._order.key(change.entry.title))
        changes.sort(key=lambda change: iso_day(change.date), reverse=True)
        return changes[:MOST_CHANGES]

    def _months(self) -> tuple[Month, ...]:
        months: dict[str, list[Change]] = {}
        for change in self._changes:
            months.setdefault(iso_day(change.date)[: len("2026-11")], []).append(change)
        return tuple(Month(month, tuple(changes)) for month, changes in months.items())

    # ------------------------------------------------------------ the other pages

    def _homonym_pages(self) -> Iterable[Page]:
        for homonym in self._homonyms:
            yield DisambiguationPage(
                url=homonym.url,
                title=homonym.name,
                name=homonym.name,
                entries=tuple(self._described(i) for i in homonym.nodes),
            )

    def _all_videos(self) -> tuple[CitedVideo, ...]:
        cited: dict[str, dict[int, None]] = {}
        for index in self._sorted + [
            i for i, n in enumerate(self._nodes) if n.term.kind in {"note", "document"}
        ]:
            for use in self._nodes[index].term.videos:
                if use.url:
                    cited.setdefault(canonical_video(use.url), {})[index] = None
        return tuple(
            CitedVideo(url, tuple(self._entries[i] for i in indexes)) for url, indexes in cited.items()
        )

    def _wishes(self) -> tuple[Wish, ...]:
        return tuple(
            Wish(wanted.name, wanted.anchor, len(wanted.asked), self._mentions(wanted.asked))
            for wanted in self._graph.wanted
        )


def _chosen(values: tuple[_T, ...], part: Passage | None, kind: str) -> tuple[_T, ...]:
    """Give the values that fill the slots of this kind in a part of an entry, in their order; or all of them."""
    if part is None:
        return values
    return tuple(values[int(slot[1:])] for slot in part.slots if slot[0] == kind)


class _Cited:
    """The citations of one page as they come; made for it and thrown away."""

    def __init__(self) -> None:
        self.clusters: list[Cluster] = []
        self._keys: dict[Work, str] = {}
        self._taken: Counter[str] = Counter()

    def take(self, citation: Citation, citing: Citing) -> InText:
        """Give a citation its number, if it is one."""
        written = citation.cluster.written
        if not citing.works:
            return InText(-1, written, citing.is_missing, citation.in_note)
        keys = {work.key: self.key(work) for work in citing.works}
        cites = citation.cluster.cites
        if any(key != own for own, key in keys.items()):
            cites = tuple(msgspec.structs.replace(cite, key=keys.get(cite.key, cite.key)) for cite in cites)
        self.clusters.append(Cluster(cites, written))
        return InText(len(self.clusters) - 1, written, in_note=citation.in_note)

    def key(self, work: Work) -> str:
        """Give the key of a work in this page: with a number, which no key that is written has, if it is taken."""
        if work not in self._keys:
            self._taken[work.key] += 1
            number = self._taken[work.key]
            self._keys[work] = f"{work.key} {number}" if number > 1 else work.key
        return self._keys[work]

    def works(self) -> tuple[Work, ...]:
        """Every work, under its key in this page, in the order of the keys."""
        works = (Work(key, work.digest) for work, key in self._keys.items())
        return tuple(sorted(works, key=lambda work: work.key))


def _further_names(term: Term) -> tuple[str, ...]:
    """The names that are told beside the headword: not those which the title is read for itself."""
    abbreviation, others = names_in_title(term.title)
    return tuple(alias.name for alias in term.aliases if alias.name not in {abbreviation, *others})


def _beside(slug: Slug, taken: Collection[str]) -> Slug:
    """An id for a term among those of the text it stands in; no slug has two hyphens together."""
    return Slug(f"{slug}--term") if slug in taken else slug


def _lineage(tags: Iterable[str]) -> dict[Slug, str]:
    """Give each tag and those it stands in, ``a`` for ``a/b``, by their slugs, in their first spellings."""
    found: dict[Slug, str] = {}
    for tag in tags:
        found.setdefault(tag_slug(tag), tag)
    for tag in tags:
        parts = [part for part in tag.split("/") if part]
        for length in range(1, len(parts)):
            above = "/".join(parts[:length])
            found.setdefault(tag_slug(above), above)
    return found


def _letter_anchor(label: str) -> Anchor:
    return Anchor("other" if label == "#" else label)


_CLOCK = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")


def start_of(url: str) -> int:
    """Give the second at which a video's address says to begin (``t=144``, ``t=2m24s``), else 0."""
    for name, value in parse_qsl(urlsplit(url).query):
        if name in {"t", "start"} and (found := _CLOCK.fullmatch(value)):
            hours, minutes, seconds = (int(part or 0) for part in found.groups())
            return hours * 3600 + minutes * 60 + seconds
    return 0


def canonical_video(url: str) -> str:
    """Give the one address under which a video is listed, whatever form an entry cites it in."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    query = dict(parse_qsl(parts.query))
    if host == "youtu.be" and parts.path.strip("/"):
        return f"https://www.youtube.com/watch?v={parts.path.strip('/')}"
    if host in {"youtube.com", "youtube-nocookie.com"}:
        embedded = re.match(r"/(?:embed|shorts|live|v)/([^/]+)", parts.path)
        name = query.get("v") or (embedded[1] if embedded else "")
        if name:
            return f"https://www.youtube.com/watch?v={name}"
    kept = urlencode([(k, v) for k, v in query.items() if k not in {"t", "start"}])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, kept, ""))

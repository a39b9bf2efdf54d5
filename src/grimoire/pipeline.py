"""The order of things: read, parse, resolve, compose, render, write. No other module knows it.

Each stage asks the memo before it works, so an incremental build is the clean build, remembered; and diagnostics are
remembered with the results they came with. Where nothing but the bodies of a few entries changed, the short way is
taken: read, parse, render and write, with the records of the last build in place of the stages between
(`grimoire.amending`).

    read     every source is read each time; no modification time is trusted
    parse    remembered by path, text and dialect (`grimoire.parses`); LaTeX also by the names of the entries
             that it may link to (`grimoire.wordings`)
    edition  chosen each time: what follows is done for each language (`grimoire.editions`)
    diagrams drawn when a diagram is new, remembered by its source (`grimoire.drawings`)
    cite     citations are decided each time, and set when new, remembered by page: what is cited,
             with what the bibliographies say of it (`grimoire.bibliographies`, `grimoire.citings`)
    math     remembered by formula and macros; the engine works while the build goes on
             (`grimoire.typesets`, `grimoire.verdicts`)
    resolve  done each time but on the short way, over records
    compose  done each time but on the short way, over records
    search   counts are remembered by entry, shards mended (`grimoire.analyses`)
    render   a page is kept when the digest of its record, of the site's and of the theme are those
             the file in the output folder was made from (`grimoire.tasks`)
    write    all or nothing

Parsing and rendering are shared among processes where that pays (`grimoire.jobs`). None is forked while an engine
is at work.

The module is long because it is the whole program at a glance.
"""

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property, partial
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlsplit

import msgspec

from grimoire import amending, export
from grimoire.amending import Frame, Outline
from grimoire.analyses import Analyses, Edit
from grimoire.analyses import amended as amended_index
from grimoire.bibliographies import Bibliographies
from grimoire.builds import Built, Checked, Folders, Options, Watch, Work, unwatched
from grimoire.chart import ChartError, data, drawing
from grimoire.charts import Charts
from grimoire.citations import CitingError
from grimoire.citings import Citings, references_of
from grimoire.compose import compose
from grimoire.config import Settings, read_settings
from grimoire.diagnostics import Diagnostic
from grimoire.digest import Digest, digest
from grimoire.drawings import Drawings
from grimoire.editions import Composed, Edition, chosen, editions, with_versions
from grimoire.epoch import epoch
from grimoire.frontend import FrontendMissing
from grimoire.glossary import Citations, Glossary, LinkGraph, Named, Spot, WordsUsed, source_url
from grimoire.math import TypesetterError, stylesheet
from grimoire.media import Embedded, Media
from grimoire.memo import OutputRecord, Store
from grimoire.model import (
    Body,
    Cited,
    Diagram,
    Drawing,
    Formula,
    Missing,
    Parsed,
    Plain,
    Term,
    Typeset,
    Wording,
)
from grimoire.pages import (
    CardPage,
    ChangesPage,
    Chart,
    DocumentPage,
    GraphPage,
    Page,
    References,
    Site,
    TermPage,
)
from grimoire.parses import ParsedFile, Parses
from grimoire.picturing import Picturing
from grimoire.read import Content, read
from grimoire.reasons import reason, trace
from grimoire.resolve import resolve
from grimoire.showing import as_called, as_shown
from grimoire.source import SETTINGS_FILE, Reading, Source, decode
from grimoire.staging import staged as stage_all
from grimoire.standing import Inputs, Left, Recalled, forget, inputs, remember, remember_amended, said_again
from grimoire.styling import Styling
from grimoire.tasks import Task, fixed, needs, path_of, sort_out
from grimoire.theme import MATH_SHEET, Theme
from grimoire.theme import read as read_theme
from grimoire.typesets import Typesets
from grimoire.verdicts import Verdict, formulas_of, math_faults, verdicts
from grimoire.wordings import Wordings
from grimoire.words import BrokenWords, Words, name_of
from grimoire.write import Output, Staged, UnsafePath

if TYPE_CHECKING:
    from grimoire.lexicon import Lexicon
    from grimoire.render import Renderer


def build_into(
    output: Output,
    options: Options,
    places: Folders,
    store: Store,
    without: Collection[Path],
    recalled: Recalled,
    watch: Watch,
) -> Built:
    """Build a site into a claimed folder, all of it or nothing.

    Args:
        output: the claim.
        options: what and where.
        places: the parts of the site.
        store: the memo.
        without: folders below the content that are none.
        recalled: what the last build left, and what this one is made from, as far as that is read already.
        watch: told how far it has come.

    Returns:
        What came of it. Faults of the input never raise.

    Raises:
        OSError: the output cannot be written.
    """
    settings, setting_faults = read_settings(places.content, SETTINGS_FILE)
    found, left = recalled.found, recalled.left
    if found is None or found.entries != settings.entries:
        found = inputs(options, places, without, settings.entries)
    if options.base_url is not None:
        settings = msgspec.structs.replace(settings, base_url=options.base_url)
    content = found.content
    faults = [*setting_faults, *found.faults]
    try:
        run = _Run(options, places, settings, content, store, faults, watch=watch)
        amended = run.amended(output, left, found) if left else None
        built = amended or run.all(output)
        if settings.dates == "git":
            forget(places.out, store)
        elif not amended:
            remember(built, found, run.reading.digests, run.outline, store)
    except _Failure as failure:
        shown, texts = _shown(faults, content, places)
        built = Built(
            (*shown, *failure.diagnostics), is_written=False, out=places.out, texts=texts | failure.texts
        )
    except (FrontendMissing, TypesetterError, CitingError, ChartError) as error:
        shown, texts = _shown(faults, content, places)
        built = Built((*shown, _engine_failure(error)), is_written=False, out=places.out, texts=texts)
    # What a build that failed has found out is no less true.
    store.commit()
    return built


def look_over(options: Options, places: Folders, store: Store, without: Collection[Path]) -> Checked:
    """Say all that a build would say of a site, and what it would not; nothing but the memo is written.

    Args:
        options: what; where the output would be is of no matter.
        places: the parts of the site.
        store: the memo.
        without: folders below the content that are none.

    Returns:
        What is said. Faults of the input never raise.

    Raises:
        OSError: the content cannot be listed.
    """
    settings, setting_faults = read_settings(places.content, SETTINGS_FILE)
    content, read_faults = read(places.content, without=without, entries=settings.entries)
    faults = [*setting_faults, *read_faults]
    try:
        run = _Run(options, places, settings, content, store, faults, keeps_prose=True)
        checked = run.check()
    except _Failure as failure:
        shown, texts = _shown(faults, content, places)
        checked = Checked((*shown, *failure.diagnostics), texts=texts | failure.texts)
    except (FrontendMissing, TypesetterError, CitingError, ChartError) as error:
        shown, texts = _shown(faults, content, places)
        checked = Checked((*shown, _engine_failure(error)), texts=texts)
    store.commit()
    return checked


def _engine_failure(error: Exception) -> Diagnostic:
    return Diagnostic(
        "engine-failure", "", None, str(error), why="no site can be made without it, so nothing was written",
        help="build again; if it fails again, install this program anew",
    )  # fmt: skip


def _shown(
    faults: Sequence[Diagnostic], content: Content, places: Folders, others: Mapping[str, str] | None = None
) -> tuple[tuple[Diagnostic, ...], dict[str, str]]:
    """The diagnostics as the author is shown them, and the texts they point into: sources and `others`."""
    texts = {source.path: source.text for source in content.sources} | dict(others or {})
    if any(fault.path == SETTINGS_FILE for fault in faults):
        with suppress(OSError):
            texts[SETTINGS_FILE] = decode((content.root / SETTINGS_FILE).read_bytes())[0]
    return as_shown(faults, texts, places.prefix)


class _Failure(Exception):
    """The site cannot be made whole; `diagnostics` say why, `texts` has the files they point into."""

    def __init__(self, diagnostics: Sequence[Diagnostic], texts: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.diagnostics = diagnostics
        self.texts = dict(texts or {})


class _Engines(NamedTuple):
    """What works while the build goes on, or is started when it is needed."""

    typesets: Typesets
    bibliographies: Bibliographies
    citings: Citings
    drawings: Drawings


class _Face:
    """How an edition looks: its `words`, the `theme` that speaks them, and what renders pages with both."""

    def __init__(self, words: Words, theme: Theme, compiled: Path | None) -> None:
        """Begin; a renderer is made when a page is due.

        Args:
            words: the words.
            theme: the theme.
            compiled: where compiled templates are kept, which hold words; None keeps none.
        """
        self.words, self.theme = words, theme
        self._compiled = compiled and compiled / words.digest.hex()

    @cached_property
    def renderer(self) -> "Renderer":
        from grimoire.render import Renderer  # noqa: PLC0415  imports Jinja

        return Renderer(self.theme, self.words.translations, self._compiled)


class _Prepared(NamedTuple):
    """All that is known of an edition before any file is made; `faults` are those between the files."""

    edition: Edition
    face: _Face
    glossary: Glossary
    graph: LinkGraph
    spots: tuple[tuple[Spot, ...], ...]
    citations: Citations
    words: list[str]
    embedded: Mapping[str, Embedded]
    site: Site
    pages: list[Page]
    faults: list[Diagnostic]
    picturing: Picturing


class _Files(NamedTuple):
    """The files of an edition, and what they are made with."""

    tasks: list[Task]
    charts: Charts
    analyses: Analyses
    chart: Chart
    frame: Frame


class _Host(NamedTuple):
    """A page that shows new bodies: what its entries are now by the bodies they had, its edition, and its file."""

    entries: Mapping[Digest, Term]
    frame: int
    path: str


class _Whole(NamedTuple):
    """All editions, and the files they are made of."""

    parses: Parses
    files: list[ParsedFile]
    editions: list[_Prepared]


def _frame(engines: _Engines, edition: Edition, face: _Face, site: Site) -> Frame:
    """What all pages of an edition depend on beside their records."""
    key = digest(epoch(), face.theme.digest, face.words.digest, engines.typesets.circumstances, site)
    return Frame(edition.folder, site, key)


def _counts(prepared: _Prepared) -> tuple[int, int, int]:
    """How many terms there are, how many links, and how many of these lead nowhere."""
    links = [link for row in prepared.graph.links for link in row if not isinstance(link, Plain)]
    terms = sum(node.term.kind == "term" for node in prepared.glossary.nodes)
    return terms, len(links), sum(isinstance(link, Missing) for link in links)


def _of_its_own(prepared: _Prepared, faults: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Leave of an edition's faults those that no other tells.

    What is wrong in an entry which is not translated is told in the edition it is from; but not if what is written
    in this one's language has a part in it.
    """
    language = prepared.edition.language
    terms = [node.term for node in prepared.glossary.nodes] if prepared.edition.folder else []
    own = {term.path for term in terms if term.edition == language}
    others = {term.path for term in terms} - own
    for fault in faults:
        if fault.path not in others or any(place.path in own for place in fault.related):
            yield fault


def _below(folder: str, tasks: Iterable[Task]) -> Iterator[Task]:
    """Lay the files of an edition into its folder."""
    return (task._replace(path=folder + task.path) for task in tasks) if folder else iter(tasks)


def _stage(output: Output, task: Task) -> Staged:
    return output.stage(task.path, task.make(), task.key, task.meta or trace(task.page))


class _Run:
    """One run through the stages: what they share while it lasts, and nothing after."""

    def __init__(
        self,
        options: Options,
        places: Folders,
        settings: Settings,
        content: Content,
        store: Store,
        faults: list[Diagnostic],
        *,
        keeps_prose: bool = False,
        watch: Watch = unwatched,
    ) -> None:
        self._options, self._places, self._settings = options, places, settings
        self._content, self._store, self._faults = content, store, faults
        self._watch = watch
        self._searched = 0
        self.reading = Reading(content.root)
        self.outline = b""
        """What the next build may amend this one by, if all went well."""
        self._keeps_prose = keeps_prose or settings.auto_link != "off" or settings.acronyms != "off"
        self._editions = editions(settings)
        self._media = Media(self.reading)

    @cached_property
    def _faces(self) -> list[_Face]:
        """How each edition looks; those that have the same words look the same.

        Raises:
            _Failure: if the author's words cannot be used.
        """
        theme = read_theme(self._places.site)
        spoken = [Words(edition.language) for edition in self._editions]
        try:
            faces = {
                words.language: _Face(words, theme.speaking(words.in_script), self._compiled)
                for words in {words.language: words for words in spoken}.values()
            }
        except BrokenWords as error:
            raise _Failure([error.diagnostic], {error.diagnostic.path: error.text}) from None
        return [faces[words.language] for words in spoken]

    @cached_property
    def _compiled(self) -> Path | None:
        """Where compiled templates are kept, if the memo is; those that another version of the program compiled are removed."""
        if not self._options.remember or self._store.fault:
            return None
        # Compiling works out what it can with our filters: another version of them compiles anew.
        folder = self._places.templates
        compiled = folder / epoch().hex()
        if folder.is_dir() and not compiled.is_dir():
            for other in folder.iterdir():
                if other != compiled:  # it may be another build's, begun just now
                    shutil.rmtree(other, ignore_errors=True)
        return compiled

    def all(self, output: Output) -> Built:
        """Go through all stages.

        Raises:
            _Failure: if the site cannot be made whole.
            TypesetterError, CitingError, ChartError: if an engine failed.
            OSError: if the output cannot be written.
        """
        if broken := self._broken_templates():
            raise self._broken(broken)
        with self._engines() as engines:
            return self._site(output, engines)

    def check(self) -> Checked:
        """Go through the stages that find faults, and look over what they made.

        Raises:
            _Failure: if the author's words cannot be used.
            TypesetterError, CitingError: if an engine failed.
        """
        from grimoire.check import check as look_over  # noqa: PLC0415  only when asked for

        broken = self._broken_templates()
        with self._engines() as engines:
            whole = self._whole(engines)
            self._tell(
                engines,
                whole,
                verdicts(whole.files, engines.typesets, self._store, partial(self._watch, "typeset")),
            )
        found: dict[Diagnostic, None] = {}
        for one in whole.editions:
            words = [self._words_used(node.term) for node in one.glossary.nodes]
            findings = look_over(one.glossary, one.graph, one.spots, words)
            found |= dict.fromkeys(_of_its_own(one, findings))
        shown, texts = _shown(self._faults, self._content, self._places, engines.bibliographies.texts)
        sources = {source.path: source.text for source in self._content.sources}
        called, their_texts = as_called(list(found), sources, self._places.prefix)
        return Checked(
            (*shown, *broken, *called),
            *_counts(whole.editions[0]),
            texts=texts | their_texts | self._templates,
        )

    @contextmanager
    def _engines(self) -> Iterator[_Engines]:
        settings, content = self._settings, self._content
        bibliographies = Bibliographies(self._store, epoch(), self.reading, content.files, settings)
        styling = Styling(self._store, self.reading, content.files, settings)
        with ExitStack() as stack:
            typesets = stack.enter_context(Typesets(self._store, settings.macros, settings.math_output))
            citings = stack.enter_context(Citings(self._store, bibliographies, styling))
            yield _Engines(typesets, bibliographies, citings, Drawings(self._store, epoch()))

    @property
    def _templates(self) -> dict[str, str]:
        """The texts of the templates, by what diagnostics call them."""
        return {template.path: template.text for template in self._faces[0].theme.templates.values()}

    def _broken(self, faults: Sequence[Diagnostic]) -> _Failure:
        return _Failure(faults, self._templates)

    def _whole(self, engines: _Engines) -> _Whole:
        """Parse, resolve and compose, and hand formulas to the engine on the way."""
        parses = self._parses
        files = []
        for file in parses.files(self._content.sources):
            files.append(file)
            self._watch("parse", len(files), len(self._content.sources))
            if file.is_new:
                engines.typesets.want(formula for term in file.terms for formula in formulas_of(term))
        drafts = self._options.drafts
        terms = [term for file in files for term in file.terms if drafts or not term.is_draft]
        terms, date_faults = self._dated(terms)
        made = [self._prepared(engines, *one, terms) for one in zip(self._editions, self._faces, strict=True)]
        self._faults += date_faults
        if made[1:]:
            sites = [Composed(one.edition, name_of(one.edition.language), one.pages) for one in made]
            made = [one._replace(pages=pages) for one, pages in zip(made, with_versions(sites), strict=True)]
        return _Whole(parses, files, made)

    @cached_property
    def _parses(self) -> Parses:
        wordings = Wordings(
            self._content.sources, self._store, digest(epoch(), *self._dialect), self._wordings
        )
        parse = partial(self._parse, elsewhere=wordings.by_key)
        return Parses(self._store, wordings.circumstances, parse, self._options.jobs)

    def _prepared(self, engines: _Engines, edition: Edition, face: _Face, terms: Sequence[Term]) -> _Prepared:
        """Resolve and compose an edition."""
        settings = edition.settings
        others = [one.folder.rstrip("/") for one in self._editions if one.folder]
        entries, pair_faults = chosen(terms, edition, self._settings.language)
        entries, citations, words, cite_faults = engines.citings.settle(entries, edition.language)
        glossary, graph, link_faults = resolve(entries, self._content.files, edition.language, others)
        spots = self._spots(glossary, edition.language)
        glossary, graph = self._linked(glossary, graph, spots, settings)
        paths = {path for row in graph.files for path in row if path}
        embedded = self._media.embed(paths)
        images = {path: one.image for path, one in embedded.items()}
        site, pages = compose(glossary, graph, citations, settings, images, face.theme.assets, edition.folder)
        picturing = Picturing(self._store, epoch(), settings, face.theme)
        site = picturing.papered(site)
        pages = picturing.pictured(pages, site)
        faults = pair_faults + cite_faults + link_faults
        return _Prepared(
            edition, face, glossary, graph, spots, citations, words, embedded, site, pages, faults, picturing
        )

    def _tell(self, engines: _Engines, whole: _Whole, found: Sequence[Verdict]) -> None:
        """Note all that is wrong with the content."""
        files = whole.files
        self._faults += (fault for file in files for fault in file.diagnostics)
        self._faults += engines.bibliographies.faults + self._media.faults
        self._faults += math_faults(files, found) + engines.drawings.faults(files)
        between: dict[Diagnostic, None] = {}
        for one in whole.editions:
            entries = {node.url: node.term for node in one.glossary.nodes}
            faults = (
                one.faults
                + engines.citings.faults(one.pages, entries, partial(self._watch, "cite"))
                + one.picturing.faults
            )
            between |= dict.fromkeys(_of_its_own(one, faults))
        self._faults += between

    def _site(self, output: Output, engines: _Engines) -> Built:
        store = self._store
        typesets, bibliographies, _, drawings = engines
        whole = self._whole(engines)
        parses, files, made = whole
        before = store.outputs(self._places.out)
        sites = [self._tasks(one, whole, engines, before) for one in made]
        shared = {name: content for one in made for name, content in one.face.theme.files.items()}
        shared |= {one.image.url: one.content for row in made for one in row.embedded.values()}
        tasks = [fixed(path, content) for path, content in shared.items()]
        tasks.append(fixed("_headers", export.headers(with_players=self._settings.videos == "player")))
        if self._settings.base_url:
            rows = [(one.edition.folder, one.pages) for one in made]
            tasks += (fixed(*file) for file in export.sitemaps(rows, self._settings.base_url))
        for one, site in zip(made, sites, strict=True):
            tasks += _below(one.edition.folder, site.tasks)
        kept, due = sort_out(tasks, before, output.is_kept)

        due_pages = [task.page for task in due if task.page]
        for one in made:
            theirs = {task.path for task in due if task.page}
            wanted = (page for page in one.pages if one.edition.folder + path_of(page) in theirs)
            engines.citings.want(filter(None, map(references_of, wanted)))
        bodies: list[Digest] = []
        for page in due_pages:
            formulas, shown_bodies = needs(page)
            typesets.want(formulas)
            bodies += shown_bodies
        parses.load(bodies)
        found = verdicts(files, typesets, store, partial(self._watch, "typeset"))
        sheet_kept, sheet_due = sort_out([self._math_sheet(found)], before, output.is_kept)

        self._tell(engines, whole, found)
        engines.citings.rest()
        loaded = set(bodies)
        drawings.load(
            one for file in files for term in file.terms if term.body in loaded for one in term.diagrams
        )
        records, staged = self._written(output, before, kept | sheet_kept, due + sheet_due)
        self._leave(whole, sites, {task.path for task in due})
        if store.is_sweep_due:
            self._sweep(whole, sites, engines)

        shown, texts = _shown(self._faults, self._content, self._places, bibliographies.texts)
        terms, links, missing = _counts(made[0])
        rendered = sum(not isinstance(page, CardPage) for page in due_pages)
        pages = sum(not isinstance(page, CardPage) for one in made for page in one.pages)
        return Built(
            diagnostics=shown,
            is_written=True,
            out=self._places.out,
            terms=terms,
            links=links,
            missing=missing,
            work=Work(
                parsed=parses.parsed,
                searched=self._searched,
                typeset=typesets.typeset,
                drawn=drawings.drawn,
                cited=engines.citings.cited,
                composed=sum(len(one.pages) for one in made),
                laid_out=sum(site.charts.laid_out for site in sites),
                rendered=rendered,
                kept=pages - rendered,
                cards=len(due_pages) - rendered,
                staged=len(staged),
            ),
            reasons=tuple((task.path, reason(task, before.get(task.path))) for task in due if task.page),
            changed=(*(one.path for one in staged if one.file), *(before.keys() - records.keys())),
            texts=texts,
        )

    def _tasks(
        self,
        prepared: _Prepared,
        whole: _Whole,
        engines: _Engines,
        before: Mapping[str, OutputRecord],
    ) -> _Files:
        """The files of one edition, as they lie below its own root."""
        edition, face = prepared.edition, prepared.face
        charts = Charts(self._store, epoch())
        chart_page = next(page for page in prepared.pages if isinstance(page, GraphPage))
        analyses = Analyses(
            prepared.glossary.nodes,
            prepared.words,
            self._store,
            whole.parses.load,
            whole.parses.body,
            with_formulas=edition.settings.search_formulas,
            before=before,
            out=self._places.out,
            folder=edition.folder,
        )
        render = self._rendering(engines, face, prepared.site, charts)
        frame = _frame(engines, edition, face, prepared.site)
        tasks = [
            Task(path_of(page), digest(frame.key, page), partial(render, page), page)
            for page in prepared.pages
        ]
        tasks += self._fixed_tasks(prepared)
        tasks += self._record_tasks(whole.files, prepared)
        tasks += self._chart_tasks(chart_page, charts, face)
        tasks += prepared.picturing.tasks(prepared.pages, prepared.site)
        tasks += analyses.tasks()
        return _Files(tasks, charts, analyses, chart_page.chart, frame)

    def _rendering(
        self, engines: _Engines, face: _Face, site: Site, charts: Charts
    ) -> Callable[[Page], bytes]:
        """What makes a page of an edition."""
        return partial(
            self._render,
            face=face,
            site=site,
            bodies=self._parses.body,
            typeset=engines.typesets.__getitem__,
            drawn=engines.drawings.__getitem__,
            cited=engines.citings.__getitem__,
            charted=lambda chart, name: self._drawing(charts, chart, name),
        )

    def _written(
        self,
        output: Output,
        before: Mapping[str, OutputRecord],
        kept: Mapping[str, OutputRecord],
        due: Sequence[Task],
    ) -> tuple[dict[str, OutputRecord], list[Staged]]:
        """Make the files that are due, and put all in place."""
        known = dict(kept)
        try:
            staged = stage_all(due, partial(_stage, output), self._options.jobs, partial(self._watch, "make"))
            if self._settings.offline:
                lists_kept, lists_due = sort_out(self._offline_tasks(known, staged), before, output.is_kept)
                known |= lists_kept
                staged += [output.stage(task.path, task.make(), task.key) for task in lists_due]
            records = output.commit(known, staged)
        except UnsafePath as error:
            raise _Failure([Diagnostic("duplicate-slug", "", None, str(error))]) from error
        self._store.set_outputs(self._places.out, records)
        return records, staged

    def _leave(self, whole: _Whole, sites: Sequence[_Files], due: Collection[str]) -> None:
        """Leave what the next build may amend this one by, if that is to be."""
        if self._keeps_prose or self._settings.offline:
            # Names in texts, and the lists of all files, are no matter of a few pages.
            return
        # In one edition a text may stand inside another, and in the next by itself.
        mixed = set[str]().union(*(amending.mixed(one.glossary, one.graph) for one in whole.editions))
        pages: dict[str, list[tuple[int, str]]] = {}
        for number, (one, site) in enumerate(zip(whole.editions, sites, strict=True)):
            shown = {
                task.page.url: task
                for task in _below(one.edition.folder, site.tasks)
                if isinstance(task.page, TermPage | DocumentPage)
            }
            for node in one.glossary.nodes:
                if node.term.path not in mixed:
                    pages.setdefault(node.term.path, []).append((number, shown[node.url].path))
            amending.keep(
                self._store,
                [
                    (task.key, task.page, document)
                    for task in shown.values()
                    if task.page and task.path in due and (document := site.analyses.document(task.page.url))
                ],
            )
        outline = Outline(
            files={file.source.path: file.key for file in whole.files},
            frames=tuple(site.frame for site in sites),
            pages={path: tuple(found) for path, found in pages.items()},
        )
        self.outline = amending.encode_outline(outline)

    def amended(self, output: Output, left: Left, found: Inputs) -> Built | None:
        """Bring the last site up to date where nothing but the bodies of a few entries changed.

        Args:
            output: the claim.
            left: what the last build left, of the same files.
            found: what this one is made from.

        Returns:
            What came of it; None, and nothing is written, if more changed than that.

        Raises:
            _Failure, TypesetterError, CitingError, ChartError, OSError: as `all`.
        """
        if not left.outline:
            return None
        outline = amending.decode_outline(left.outline)
        parses, out = self._parses, self._places.out
        sources = [one for one in self._content.sources if outline.files.get(one.path) != parses.key(one)]
        told = {one.path for one in left.diagnostics}
        told |= {place.path for one in left.diagnostics for place in one.related}
        paths = [source.path for source in sources]
        if not 0 < len(paths) <= amending.FEW or any(
            path not in outline.pages or self._places.prefix + path in told for path in paths
        ):
            return None
        files = list(parses.files(sources))
        entries = [
            amending.renewed(parses.remembered(outline.files[file.source.path]), file.terms) for file in files
        ]
        changed = {path: now for path, now in zip(paths, entries, strict=True) if now is not None}
        if len(changed) < len(paths) or any(file.diagnostics for file in files):
            return None
        if self._store.is_sweep_due:  # what is of use is known to the whole build alone
            return None
        hosts = [_Host(changed[path], *place) for path in paths for place in outline.pages[path]]
        with self._engines() as engines:
            built = self._amend(output, engines, left, outline.frames, hosts)
        if built:
            known = msgspec.structs.replace(
                outline, files=outline.files | {f.source.path: f.key for f in files}
            )
            remember_amended(left, found, amending.encode_outline(known), out, self._store)
        return built

    def _amend(
        self,
        output: Output,
        engines: _Engines,
        left: Left,
        frames: Sequence[Frame],
        hosts: Sequence[_Host],
    ) -> Built | None:
        """Make the pages anew that show new bodies, with what else holds their words."""
        store, parses, out = self._store, self._parses, self._places.out
        before = store.outputs(out)
        was = amending.kept(store, [before[host.path].key for host in hosts if host.path in before])
        here = zip(self._editions, self._faces, frames, strict=True)
        if (
            was is None
            or len(was) < len(hosts)
            or any(_frame(engines, *one[:2], one[2].site) != one[2] for one in here)
        ):
            return None
        parses.load(entry.body for host in hosts for entry in host.entries.values())
        tasks: list[Task] = []
        edits: dict[int, list[Edit]] = {}
        documents = {host.path: shown.document for host, shown in zip(hosts, was, strict=True)}
        charts = Charts(store, epoch())
        for host, shown in zip(hosts, was, strict=True):
            frame, page = frames[host.frame], amending.amended(shown, host.entries)
            render = self._rendering(engines, self._faces[host.frame], frame.site, charts)
            tasks.append(Task(host.path, digest(frame.key, page), partial(render, page), page))
            if isinstance(page, TermPage):
                written = host.entries[shown.page.text.body].written
                tasks.append(fixed(frame.folder + page.source_url, written.encode()))
            if page.text != shown.page.text:
                edit = Edit(shown.document, shown.page.text.body, page.text.body)
                edits.setdefault(host.frame, []).append(edit)
        gone: set[str] = set()
        for number, found in edits.items():
            index = amended_index(found, store, parses.body, before, out, frames[number].folder)
            if index is None:
                return None
            tasks += index.tasks
            gone |= index.gone
        touched = gone.union(task.path for task in tasks)
        kept, due = sort_out(tasks, before, output.is_kept)
        others = {path: record for path, record in before.items() if path not in touched}
        pages = [task.page for task in due if task.page]
        is_cited = all(map(engines.citings.recall, filter(None, map(references_of, pages))))
        if not is_cited or not all(starmap(output.is_kept, others.items())):
            return None
        engines.typesets.want(formula for one in pages for formula in needs(one)[0])
        engines.typesets.finish()
        records, staged = self._written(output, before, kept | others, due)
        amending.keep(store, [(one.key, one.page, documents[one.path]) for one in due if one.page])
        work = Work(
            parsed=parses.parsed,
            typeset=engines.typesets.typeset,
            composed=len(hosts),
            rendered=len(pages),
            kept=left.pages - len(pages),
            staged=len(staged),
        )
        return msgspec.structs.replace(
            said_again(left, out, work),
            reasons=tuple((task.path, reason(task, before.get(task.path))) for task in due if task.page),
            changed=(*(one.path for one in staged if one.file), *(before.keys() - records.keys())),
        )

    def _sweep(self, whole: _Whole, sites: Sequence[_Files], engines: _Engines) -> None:
        """Forget what is of no use any more."""
        terms = [term for file in whole.files for term in file.terms]
        every = (formula for term in terms for formula in formulas_of(term))
        diagrams = (diagram for term in terms for diagram in term.diagrams)
        live: dict[str, list[Digest]] = {}
        parts = [whole.parses.live(), engines.typesets.live(every), engines.drawings.live(diagrams)]
        for one, site in zip(whole.editions, sites, strict=True):
            parts += [site.analyses.live(), site.charts.live(site.chart), one.picturing.live()]
            parts.append(amending.live(task.key for task in site.tasks if task.page))
            parts.append(engines.citings.live(one.pages))
        for part in parts:
            for stage, keys in part.items():
                live.setdefault(stage, []).extend(keys)
        self._store.sweep(live)

    @property
    def _dialect(self) -> tuple[Literal["safe", "trusted"], bool, bool, tuple[str, ...]]:
        """What changes the meaning of a text, as `grimoire.parse.Dialect` has it."""
        settings = self._settings
        languages = tuple(edition.language for edition in self._editions) if self._editions[1:] else ()
        return settings.html, settings.smart, self._keeps_prose, languages

    def _dated(self, terms: list[Term]) -> tuple[list[Term], list[Diagnostic]]:
        """Ask git for the dates of entries, where the site wants it."""
        if self._settings.dates != "git":
            return terms, []
        from grimoire.history import dated  # noqa: PLC0415  only where it is wanted

        return dated(terms, self._content.root, self._store, epoch())

    # ------------------------------------------------------------ stages whose import takes long

    def _spots(self, glossary: Glossary, language: str) -> tuple[tuple[Spot, ...], ...]:
        """Look for names in the entries that keep their prose; no rows if none does."""
        if not any(node.term.prose for node in glossary.nodes):
            return ()
        from grimoire.mentions import Mentions  # noqa: PLC0415  most sites look for none

        mentions = Mentions(self._store, epoch(), self._spot)
        rows = mentions.of(glossary.nodes, language)
        self._searched += mentions.searched
        return rows

    @staticmethod
    def _spot(prose: bytes, formulas: Sequence[Formula], lexicon: "Lexicon[Named]") -> tuple[Spot, ...]:
        from grimoire.parse.spotting import spot  # noqa: PLC0415  imports markdown-it

        return spot(prose, formulas, lexicon)

    def _linked(
        self, glossary: Glossary, graph: LinkGraph, spots: Sequence[Sequence[Spot]], settings: Settings
    ) -> tuple[Glossary, LinkGraph]:
        """Make links of names that no author marked, where site or entry want them."""
        if not spots:
            return glossary, graph
        from grimoire.autolink import linked  # noqa: PLC0415  see above

        return linked(glossary, graph, spots, settings)

    @staticmethod
    def _words_used(term: Term) -> WordsUsed:
        from grimoire.parse.acronyms import words  # noqa: PLC0415  imports markdown-it

        return words(term.prose)

    def _parse(self, source: Source, elsewhere: Mapping[str, Wording]) -> tuple[Parsed, Sequence[Diagnostic]]:
        from grimoire.parse import Dialect, parse  # noqa: PLC0415  imports markdown-it

        return parse(source, Dialect(*self._dialect), elsewhere)

    def _wordings(self, source: Source) -> Mapping[str, Wording]:
        from grimoire.parse import wordings  # noqa: PLC0415  imports pylatexenc

        return wordings(source)

    def _render(
        self,
        page: Page,
        *,
        face: _Face,
        site: Site,
        bodies: Callable[[Digest], Body],
        typeset: Callable[[Formula], Typeset],
        drawn: Callable[[Diagram], Drawing],
        cited: Callable[[References], Cited],
        charted: Callable[[Chart, str], str],
    ) -> bytes:
        from grimoire.render import BrokenTemplate  # noqa: PLC0415  imports Jinja

        try:
            return face.renderer.render(page, site, bodies, typeset, drawn, cited, charted).encode()
        except BrokenTemplate as error:
            raise self._broken([error.diagnostic]) from error

    def _broken_templates(self) -> Sequence[Diagnostic]:
        """Hold an author's templates to their contract, once per theme; the tests do so with ours."""
        face = self._faces[0]
        if not any(template.path.startswith("templates/") for template in face.theme.templates.values()):
            return ()
        key = digest(epoch(), face.theme.digest)
        known = self._store.get("contract", key)
        if known is not None:
            return msgspec.msgpack.decode(known, type=list[Diagnostic])
        from grimoire.render.contract import check  # noqa: PLC0415  imports Jinja

        faults = check(face.theme, face.renderer)
        self._store.put_many("contract", {key: msgspec.msgpack.encode(faults)})
        return faults

    # ------------------------------------------------------------ files that are no pages

    def _fixed_tasks(self, prepared: _Prepared) -> Iterator[Task]:
        """Files that are at hand, or as quickly made as compared."""
        for node in prepared.glossary.nodes:
            if node.term.kind == "term":
                yield fixed(source_url(node), node.term.written.encode())
        settings, site = prepared.edition.settings, prepared.site
        icon = site.assets.get("icon.svg", "")
        to_top = "../" * site.folder.count("/")
        touch = to_top + site.assets["touch.png"] if "touch.png" in site.assets else ""
        manifest = export.manifest(settings, to_top + icon, touch, site.paper)
        yield fixed("manifest.webmanifest", manifest)
        if settings.base_url:
            yield fixed("opensearch.xml", export.opensearch(settings, self._settings.base_url + icon))
            changes = next(page for page in prepared.pages if isinstance(page, ChangesPage))
            if changes.months:
                yield fixed("feed.xml", export.feed(changes, settings))

    def _record_tasks(self, files: Sequence[ParsedFile], prepared: _Prepared) -> list[Task]:
        """The records of all entries, for other programs."""
        _, _, glossary, graph, _, citations, *_ = prepared
        settings = prepared.edition.settings
        # What resolve made of the entries follows from them and from the files there are.
        entries = [file.key for file in files]
        key = digest(
            epoch(),
            entries,
            self._options.drafts,
            self._content.files,
            settings,
            citations.rows,
            citations.style,
            [(node.term.created, node.term.modified) for node in glossary.nodes if settings.dates == "git"],
        )
        return [
            Task("glossary.json", key, lambda: export.glossary_json(glossary, graph, citations, settings)),
            Task("graph.json", key, lambda: export.graph_json(glossary, graph)),
        ]

    def _chart_tasks(self, page: GraphPage, charts: Charts, face: _Face) -> Iterator[Task]:
        """What the map's script reads, and the picture where it is no part of the page."""
        yield Task(
            "graph/map.json", digest(epoch(), page.chart), lambda: data(page.chart, charts[page.chart])
        )
        if not page.is_inline:
            name = face.words.translations.gettext("Map of all terms")
            key = digest(epoch(), page.chart, name)
            yield Task("graph/map.svg", key, lambda: self._drawing(charts, page.chart, name).encode())

    @staticmethod
    def _drawing(charts: Charts, chart: Chart, name: str) -> str:
        return drawing(chart, charts[chart], name)

    def _offline_tasks(self, kept: Mapping[str, OutputRecord], staged: Sequence[Staged]) -> list[Task]:
        """What a browser keeps the site by; known only when all else is made."""
        from grimoire.offline import offline_tasks  # noqa: PLC0415  few sites want it

        root = urlsplit(self._settings.base_url).path or "/"
        records = dict(kept) | {one.path: one.record for one in staged}
        theme = self._faces[0].theme
        folders = [edition.folder for edition in self._editions]
        return offline_tasks(records, theme.worker, root, theme.assets[MATH_SHEET], folders)

    def _math_sheet(self, found: Sequence[Verdict]) -> Task:
        """The style rules of all formulas; known only when the engine has spoken."""
        rules = {rule for verdict in found for rule in verdict.rules}
        return fixed(self._faces[0].theme.assets[MATH_SHEET], stylesheet(rules).encode())

"""The order of things: read, parse, resolve, compose, render, write. No other module knows it.

There is one build. Each stage asks the memo before it works, so an incremental build is the clean
build, remembered; and diagnostics are remembered with the results they came with.

    read     every source is read each time; no modification time is trusted
    parse    remembered by path, text and dialect
    math     remembered by formula and macros; the engine works while the build goes on
    resolve  done each time, over records
    compose  done each time, over records
    render   a page is kept when the digest of its record, of the site's and of the theme are those
             the file in the output folder was made from
    write    all or nothing

The module is long because it is the whole program at a glance.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from grimoire import export, search
from grimoire.compose import compose
from grimoire.config import SETTINGS_FILE, Settings, read_settings
from grimoire.diagnostics import Diagnostic, order
from grimoire.digest import Digest, digest
from grimoire.epoch import epoch
from grimoire.frontend import FrontendMissing
from grimoire.glossary import Glossary, LinkGraph
from grimoire.math import TypesetterError, stylesheet
from grimoire.media import Embedded, embed
from grimoire.memo import OutputRecord, Store
from grimoire.model import Body, Fault, Formula, Fragment, Missing, Parsed, Term
from grimoire.pages import CardPage, DocumentPage, Entry, HomePage, Page, Site, TermPage
from grimoire.parse import Dialect, body_digest, parse
from grimoire.read import Content, read
from grimoire.resolve import resolve
from grimoire.source import Source, Span
from grimoire.theme import MATH_SHEET, Theme, load
from grimoire.typesets import Typesets
from grimoire.write import ForeignOutput, Output, Staged, UnsafePath, claim


class Options(msgspec.Struct, frozen=True):
    """What is asked of a build. `out` None means `public/` in the site's folder."""

    site: Path
    out: Path | None = None
    base_url: str | None = None
    drafts: bool = False
    clean: bool = False
    remember: bool = True


class Work(msgspec.Struct, frozen=True):
    """How much a build had to do: counts, for the last line and the tests."""

    parsed: int = 0
    typeset: int = 0
    rendered: int = 0
    kept: int = 0
    cards: int = 0
    staged: int = 0


class Built(msgspec.Struct, frozen=True):
    """What came of a build. Nothing was written unless `is_written`.

    `reasons` says of each rendered page why. `texts` has the text of each file that a diagnostic
    points into, by the path it is called.
    """

    diagnostics: tuple[Diagnostic, ...]
    is_written: bool
    out: Path
    terms: int = 0
    links: int = 0
    missing: int = 0
    work: Work = Work()
    seconds: float = 0.0
    reasons: tuple[tuple[str, str], ...] = ()
    texts: dict[str, str] = {}

    @property
    def has_errors(self) -> bool:
        """Whether any diagnostic is an error."""
        return any(one.severity == "error" for one in self.diagnostics)


class Folders(NamedTuple):
    """Where a site's parts are."""

    site: Path
    content: Path
    out: Path
    memo: Path
    prefix: str
    """What stands in front of a source's path where diagnostics call it."""


def folders(options: Options) -> Folders:
    """Find the parts of a site: `content/` in it, or the folder itself."""
    site = options.site
    has_content = (site / "content").is_dir()
    content = site / "content" if has_content else site
    out = options.out if options.out is not None else site / "public"
    return Folders(site, content, out, site / ".grimoire", "content/" if has_content else "")


def build(options: Options, *, waiting: Callable[[], None] = lambda: None) -> Built:
    """Build a site.

    Args:
        options: what and where.
        waiting: called once if another build holds the output folder.

    Returns:
        What came of it. Faults of the input never raise.

    Raises:
        OSError: the output cannot be written.
    """
    began = time.perf_counter()
    places = folders(options)
    try:
        with claim(places.out, waiting) as output:
            built = _build_into(output, options, places)
    except ForeignOutput as error:
        fault = Diagnostic(
            "foreign-output", "", None, str(error),
            why="what is there could be lost", help="give another folder with `--out`, or empty this one",
        )  # fmt: skip
        return Built((fault,), is_written=False, out=places.out)
    return msgspec.structs.replace(built, seconds=time.perf_counter() - began)


def _build_into(output: Output, options: Options, places: Folders) -> Built:
    settings, faults = read_settings(places.content, SETTINGS_FILE)
    if options.base_url is not None:
        settings = msgspec.structs.replace(settings, base_url=options.base_url)
    try:
        theme = load(places.site)
    except FrontendMissing as error:
        return _failed(places, faults, Diagnostic("engine-failure", "", None, str(error)), {})
    content, read_faults = read(places.content, without=_not_content(places))
    faults += read_faults
    texts = {source.path: source.text for source in content.sources}
    if options.clean and options.remember:
        (places.memo / "memo.db").unlink(missing_ok=True)
    with Store.open(places.memo if options.remember else None) as store:
        faults += _check_theme(theme, store)
        if any(fault.code == "broken-template" for fault in faults):
            return _failed(places, faults, None, texts, theme)
        with Typesets(store, settings.macros, settings.math_output) as typesets:
            try:
                made = _Build(options, places, settings, theme, content, store, typesets)
                built = made.run(output, faults)
            except TypesetterError as error:
                return _failed(places, faults, Diagnostic("engine-failure", "", None, str(error)), texts)
        if built.is_written:
            store.commit()
    return built


def _not_content(places: Folders) -> tuple[Path, ...]:
    """Folders inside the content that are none: the output, and the theme where it lies there."""
    left_out = [places.out]
    if places.content == places.site:
        left_out += [
            folder
            for folder in (places.site / "templates", places.site / "static")
            if folder.is_dir() and not any(folder.rglob("*.md"))
        ]
    return tuple(left_out)


def _check_theme(theme: Theme, store: Store) -> list[Diagnostic]:
    """Hold the templates to their contract, once per theme."""
    key = digest(epoch(), theme.digest)
    known = store.get("contract", key)
    if known is not None:
        return msgspec.msgpack.decode(known, type=list[Diagnostic])
    # Both import Jinja, which a theme that is known to be sound does not need.
    from grimoire.render import Renderer  # noqa: PLC0415
    from grimoire.render.contract import check  # noqa: PLC0415

    faults = list(check(theme, Renderer(theme)))
    store.put_many("contract", {key: msgspec.msgpack.encode(faults)})
    return faults


def _failed(
    places: Folders, faults: Sequence[Diagnostic], last: Diagnostic | None, texts: dict[str, str],
    theme: Theme | None = None,
) -> Built:  # fmt: skip
    """A build that ends before anything is written."""
    shown, called = _as_called([*faults, *([last] if last else [])], texts, places, theme)
    return Built(shown, is_written=False, out=places.out, texts=called)


def _as_called(
    faults: Iterable[Diagnostic], texts: dict[str, str], places: Folders, theme: Theme | None
) -> tuple[tuple[Diagnostic, ...], dict[str, str]]:
    """Sort diagnostics, and call each file as the author does: from the site's folder."""
    called: dict[str, str] = {}
    if theme:
        called |= {template.path: template.text for template in theme.templates.values()}
    prefix = places.prefix
    shown: list[Diagnostic] = []
    languages: set[str] = set()
    known_files = {*texts, SETTINGS_FILE}
    for fault in sorted(faults, key=order):
        if fault.code == "unknown-language":
            # Noted once for the whole site.
            if fault.message in languages:
                continue
            languages.add(fault.message)
        if fault.path and fault.path not in called:
            related = tuple(
                msgspec.structs.replace(place, path=prefix + place.path) for place in fault.related
            )
            for path in (fault.path, *(place.path for place in fault.related)):
                if path in known_files:
                    called[prefix + path] = texts.get(path, "")
            shown.append(msgspec.structs.replace(fault, path=prefix + fault.path, related=related))
        else:
            shown.append(fault)
    if prefix + SETTINGS_FILE in called:
        called[prefix + SETTINGS_FILE] = _text_of(places.content / SETTINGS_FILE)
    return tuple(shown), called


def _text_of(path: Path) -> str:
    from grimoire.source import decode  # noqa: PLC0415  only to show a faulty settings file

    try:
        return decode(path.read_bytes())[0]
    except OSError:
        return ""


class _Verdict(msgspec.Struct, frozen=True):
    """What the engine said of one file's formulas: style rules, refusals and doubts by their place."""

    rules: tuple[str, ...]
    faults: tuple[tuple[int, int, Fault], ...]
    warnings: tuple[tuple[int, int, str], ...]


class _ParsedFile(NamedTuple):
    source: Source
    terms: tuple[Term, ...]
    diagnostics: tuple[Diagnostic, ...]


class _Task(NamedTuple):
    """One file of the output: how to make it, and the key under which it is kept."""

    path: str
    key: Digest
    make: Callable[[], bytes]
    page: Page | None = None


_parsed_encode = msgspec.msgpack.Encoder().encode
_parsed_decode = msgspec.msgpack.Decoder(tuple[tuple[Term, ...], tuple[Diagnostic, ...]]).decode
_body_decode = msgspec.msgpack.Decoder(Body).decode
_verdict_decode = msgspec.msgpack.Decoder(_Verdict).decode
_analysis_decode = msgspec.msgpack.Decoder(search.Analysis).decode


class _Build:
    """One run through the stages: what they share while it lasts, and nothing after."""

    def __init__(
        self,
        options: Options,
        places: Folders,
        settings: Settings,
        theme: Theme,
        content: Content,
        store: Store,
        typesets: Typesets,
    ) -> None:
        self._options, self._places, self._settings = options, places, settings
        self._theme, self._content = theme, content
        self._store, self._typesets = store, typesets
        self._bodies: dict[Digest, Body | bytes] = {}
        self._parsed = 0

    def run(self, output: Output, faults: list[Diagnostic]) -> Built:
        files = self._parse()
        terms = [
            term for file in files for term in file.terms if self._options.drafts or not term.is_draft
        ]
        glossary, graph, link_faults = resolve(terms, self._content.files)
        embedded, media_faults = embed(self._content.root, (path for row in graph.files for path in row))
        images = {path: one.image for path, one in embedded.items()}
        site, pages = compose(glossary, graph, self._settings, images, self._theme.assets)
        tasks = self._page_tasks(site, pages)
        tasks += self._other_tasks(glossary, graph, pages, embedded)
        before = self._store.outputs(self._places.out)
        kept, due = _sort_out(tasks, output, before)
        self._typesets.want(formula for task in due if task.page for formula in _formulas(task.page))
        verdicts = self._verdicts(files)
        math_task = self._math_sheet(verdicts)
        more_kept, more_due = _sort_out([math_task], output, before)
        kept |= more_kept
        due += more_due
        faults += [fault for file in files for fault in file.diagnostics]
        faults += link_faults + media_faults
        faults += _math_faults(files, verdicts)
        shown, texts = _as_called(
            faults, {source.path: source.text for source in self._content.sources}, self._places, None
        )
        written = self._render(output, due, kept)
        texts_of_theme = {template.path: template.text for template in self._theme.templates.values()}
        if isinstance(written, Diagnostic):
            return Built((*shown, written), is_written=False, out=self._places.out, texts=texts | texts_of_theme)
        rendered = [task for task in due if task.page and not isinstance(task.page, CardPage)]
        page_count = sum(not isinstance(page, CardPage) for page in pages)
        links = [link for row in graph.links for link in row if not _is_plain(link)]
        return Built(
            diagnostics=shown,
            is_written=True,
            out=self._places.out,
            terms=sum(node.term.kind == "term" for node in glossary.nodes),
            links=len(links),
            missing=sum(isinstance(link, Missing) for link in links),
            work=Work(
                parsed=self._parsed,
                typeset=self._typesets.typeset,
                rendered=len(rendered),
                kept=page_count - len(rendered),
                cards=sum(isinstance(task.page, CardPage) for task in due),
                staged=written,
            ),
            reasons=tuple((task.path, _reason(task, before.get(task.path))) for task in due if task.page),
            texts=texts,
        )

    # ------------------------------------------------------------ parse

    def _parse(self) -> list[_ParsedFile]:
        """Parse every file that nobody remembers; hand their formulas to the engine at once."""
        dialect = Dialect(self._settings.html, self._settings.smart)
        circumstances = digest(epoch(), dialect)
        keys = [digest(circumstances, source.path, source.text) for source in self._content.sources]
        known = self._store.get_many("parse", keys)
        files = []
        fresh: dict[Digest, bytes] = {}
        bodies: dict[Digest, bytes] = {}
        for source, key in zip(self._content.sources, keys, strict=True):
            value = known.get(key)
            if value is None:
                parsed, diagnostics = parse(source, dialect)
                self._parsed += 1
                fresh[key] = _parsed_encode((parsed.terms, tuple(diagnostics)))
                self._keep_bodies(parsed, bodies)
                files.append(_ParsedFile(source, parsed.terms, tuple(diagnostics)))
                self._typesets.want(formula for term in parsed.terms for formula in term.formulas)
            else:
                files.append(_ParsedFile(source, *_parsed_decode(value)))
        self._store.put_many("parse", fresh)
        self._store.put_many("body", bodies)
        return files

    def _keep_bodies(self, parsed: Parsed, bodies: dict[Digest, bytes]) -> None:
        for body in parsed.bodies:
            key = body_digest(body)
            self._bodies[key] = body
            bodies[key] = _parsed_encode(body)

    def _body(self, key: Digest) -> Body:
        value = self._bodies.get(key)
        if value is None:
            value = self._store.get("body", key)
        if isinstance(value, bytes):
            value = _body_decode(value)
        if value is None:
            message = "a body is missing from the memo"
            raise KeyError(message)
        self._bodies[key] = value
        return value

    # ------------------------------------------------------------ math

    def _verdicts(self, files: Sequence[_ParsedFile]) -> list[_Verdict]:
        """What the engine says of each file: from the memo, else from the formulas themselves."""
        keys = [
            digest(self._typesets.circumstances, tuple(term.formulas for term in file.terms))
            for file in files
        ]
        known = self._store.get_many("verdict", keys)
        for file, key in zip(files, keys, strict=True):
            if key not in known:
                self._typesets.want(formula for term in file.terms for formula in term.formulas)
        self._typesets.finish()
        verdicts = []
        fresh: dict[Digest, bytes] = {}
        for file, key in zip(files, keys, strict=True):
            if key in known:
                verdicts.append(_verdict_decode(known[key]))
                continue
            verdict = self._verdict(file.terms)
            fresh[key] = _parsed_encode(verdict)
            verdicts.append(verdict)
        self._store.put_many("verdict", fresh)
        return verdicts

    def _verdict(self, terms: Sequence[Term]) -> _Verdict:
        rules: dict[str, None] = {}
        faults = []
        warnings = []
        for row, term in enumerate(terms):
            for number, formula in enumerate(term.formulas):
                typeset = self._typesets[formula]
                rules |= dict.fromkeys(typeset.rules)
                if typeset.fault:
                    faults.append((row, number, typeset.fault))
                warnings += [(row, number, warning) for warning in typeset.warnings]
        return _Verdict(tuple(rules), tuple(faults), tuple(warnings))

    def _math_sheet(self, verdicts: Sequence[_Verdict]) -> _Task:
        rules = {rule for verdict in verdicts for rule in verdict.rules}
        content = stylesheet(rules).encode()
        return _Task(self._theme.assets[MATH_SHEET], digest(content), lambda: content)

    # ------------------------------------------------------------ tasks

    def _page_tasks(self, site: Site, pages: Sequence[Page]) -> list[_Task]:
        frame = digest(epoch(), self._theme.digest, self._typesets.circumstances, site)
        tasks = []
        renderer = _LazyRenderer(self._theme, site, self._body, self._typesets)
        for page in pages:
            tasks.append(_Task(_path_of(page), digest(frame, page), renderer.of(page), page))
        return tasks

    def _other_tasks(
        self, glossary: Glossary, graph: LinkGraph, pages: Sequence[Page], embedded: dict[str, Embedded]
    ) -> list[_Task]:
        settings = self._settings
        tasks = [_fixed(path, content) for path, content in self._theme.files.items()]
        images: dict[str, bytes] = {one.image.url: one.content for one in embedded.values()}
        tasks += [_fixed(path, content) for path, content in images.items()]
        tasks += [
            _fixed(f"{node.url}index.md", node.term.markdown.encode())
            for node in glossary.nodes
            if node.term.kind == "term"
        ]
        data = digest(epoch(), [n.term for n in glossary.nodes], graph.links, graph.redirects, settings)
        tasks += [
            _Task("glossary.json", data, lambda: export.glossary_json(glossary, graph, settings)),
            _Task("graph.json", data, lambda: export.graph_json(glossary, graph)),
            _fixed("_headers", export.headers()),
        ]
        if settings.base_url:
            tasks.append(_fixed("sitemap.xml", export.sitemap(pages, settings.base_url)))
        return tasks + self._search_tasks(glossary)

    def _search_tasks(self, glossary: Glossary) -> list[_Task]:
        nodes = [node for node in glossary.nodes if node.term.kind != "home"]
        formulas = self._settings.search_formulas
        keys = [
            digest(
                search.epoch(), formulas, node.url, term.title, term.aliases, term.abbreviation, term.tags,
                term.summary.text, term.body, [formula.tex for formula in term.formulas],
            )
            for node, term in ((node, node.term) for node in nodes)
        ]  # fmt: skip
        whole = digest(keys)

        def document(index: int) -> search.Document:
            node = nodes[index]
            return search.Document(
                url=node.url,
                title=node.term.title,
                aliases=tuple(alias.name for alias in node.term.aliases),
                abbreviation=node.term.abbreviation,
                tags=node.term.tags,
                summary=node.term.summary.text,
                body=self._body(node.term.body).text,
                tex=tuple(formula.tex for formula in node.term.formulas) if formulas else (),
            )

        def index() -> bytes:
            known = self._store.get_many("search", keys)
            fresh: dict[Digest, bytes] = {}
            analyses = []
            for number, key in enumerate(keys):
                if key in known:
                    analyses.append(_analysis_decode(known[key]))
                    continue
                analysis = search.analyse(document(number))
                fresh[key] = _parsed_encode(analysis)
                analyses.append(analysis)
            self._store.put_many("search", fresh)
            return search.index(analyses)

        def rows() -> bytes:
            return search.names([
                search.Document(
                    url=node.url, title=node.term.title, aliases=tuple(a.name for a in node.term.aliases),
                    abbreviation=node.term.abbreviation, tags=node.term.tags, summary=node.term.summary.text,
                )
                for node in nodes
            ])  # fmt: skip

        return [_Task("search/index.json", whole, index), _Task("search/names.json", whole, rows)]

    # ------------------------------------------------------------ render and write

    def _render(
        self, output: Output, due: Sequence[_Task], kept: dict[str, OutputRecord]
    ) -> int | Diagnostic:
        """Make every file that is due and put all in place; the number of files made."""
        staged: list[Staged] = []
        if due:
            from grimoire.render import BrokenTemplate  # noqa: PLC0415  imports Jinja
        for task in due:
            try:
                content = task.make()
            except BrokenTemplate as error:
                return error.diagnostic
            staged.append(output.stage(task.path, content, task.key, _explanation(task)))
        try:
            records = output.commit(kept, staged)
        except UnsafePath as error:
            return Diagnostic("duplicate-slug", "", None, str(error))
        self._store.set_outputs(self._places.out, records)
        return len(staged)


class _LazyRenderer:
    """Makes the renderer, and with it imports Jinja, when the first page is due."""

    def __init__(self, theme: Theme, site: Site, bodies: Callable[[Digest], Body], typesets: Typesets) -> None:
        self._theme, self._site, self._bodies, self._typesets = theme, site, bodies, typesets
        self._render: Callable[[Page], str] | None = None

    def of(self, page: Page) -> Callable[[], bytes]:
        """How to make a page's bytes, later."""
        return lambda: self._renderer()(page).encode()

    def _renderer(self) -> Callable[[Page], str]:
        if self._render is None:
            from grimoire.render import Renderer  # noqa: PLC0415  imports Jinja

            renderer = Renderer(self._theme)
            typeset = self._typesets.__getitem__
            self._render = lambda page: renderer.render(page, self._site, self._bodies, typeset)
        return self._render


def _fixed(path: str, content: bytes) -> _Task:
    """A file whose content is at hand."""
    return _Task(path, digest(content), lambda: content)


def _sort_out(
    tasks: Sequence[_Task], output: Output, before: dict[str, OutputRecord]
) -> tuple[dict[str, OutputRecord], list[_Task]]:
    """Tell the files that are as they should be from those to be made."""
    kept: dict[str, OutputRecord] = {}
    due: list[_Task] = []
    for task in tasks:
        record = before.get(task.path)
        if record and record.key == task.key and output.is_kept(task.path, record):
            kept[task.path] = record
        else:
            due.append(task)
    return kept, due


def _path_of(page: Page) -> str:
    return page.url if page.url.endswith(".html") else f"{page.url}index.html"


def _is_plain(link: object) -> bool:
    from grimoire.model import Plain  # noqa: PLC0415  placeholder for a type test

    return isinstance(link, Plain)


def _formulas(page: Page) -> Iterable[Formula]:
    """Every formula a page may set."""
    return _in(page)


def _in(value: object) -> Iterable[Formula]:
    if isinstance(value, Formula):
        yield value
    elif isinstance(value, Fragment):
        yield from value.formulas
    elif isinstance(value, tuple):
        for one in value:
            yield from _in(one)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            inner = getattr(value, name)
            if isinstance(inner, tuple | msgspec.Struct):
                yield from _in(inner)


def _explanation(task: _Task) -> bytes:
    """A short digest of each field of a page, to say later which of them changed."""
    if task.page is None:
        return b""
    fields = {name: digest(getattr(task.page, name))[:4] for name in task.page.__struct_fields__}
    return msgspec.msgpack.encode(fields)


def _reason(task: _Task, before: OutputRecord | None) -> str:
    """Why a page was rendered."""
    if before is None or task.page is None:
        return "new"
    if before.key == task.key:
        return "the file was changed or removed"
    try:
        old = msgspec.msgpack.decode(before.meta, type=dict[str, bytes])
    except msgspec.DecodeError:
        return "made by another version"
    now = msgspec.msgpack.decode(_explanation(task), type=dict[str, bytes])
    changed = [name for name in now if old.get(name) != now[name]]
    if not changed:
        return "the theme, the settings or the program changed"
    return ", ".join(name.replace("_", " ") for name in changed) + " changed"


def _math_faults(files: Sequence[_ParsedFile], verdicts: Sequence[_Verdict]) -> list[Diagnostic]:
    """Turn the engine's words about formulas into diagnostics that point into them."""
    found = []
    for file, verdict in zip(files, verdicts, strict=True):
        for row, number, fault in verdict.faults:
            term = file.terms[row]
            span = _inside_formula(term, number, fault.offset, fault.length)
            found.append(
                Diagnostic("invalid-math", term.path, span, f"KaTeX: {fault.message}", help=fault.help)
            )
        for row, number, warning in verdict.warnings:
            term = file.terms[row]
            found.append(Diagnostic("math-warning", term.path, _inside_formula(term, number, 0, 1), warning))
    return found


def _inside_formula(term: Term, number: int, offset: int, length: int) -> Span:
    """Where in the source an offset into a formula's TeX stands."""
    lines = term.formulas[number].tex.split("\n")
    starts = term.formula_places[number].line_starts
    for line, start in zip(lines, starts, strict=False):
        if offset <= len(line):
            return Span(start + offset, start + min(offset + max(1, length), max(len(line), offset + 1)))
        offset -= len(line) + 1
    last = starts[-1] + len(lines[-1]) if starts else term.span.start
    return Span(last, last + 1)


__all__ = ["Built", "DocumentPage", "Entry", "Folders", "HomePage", "Options", "TermPage", "Work", "build", "folders"]

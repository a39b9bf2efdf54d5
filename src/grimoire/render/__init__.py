"""Render pages: a page record, the site's record and a theme give the text of an HTML file.

`Renderer.render` is a function of its arguments and the theme alone; what it gives is remembered under their
digests. A template sees two names, ``page`` and ``site`` (see `grimoire.pages`), what Jinja itself brings, the
texts' functions ``_`` and ``ngettext``, and these filters and tests:

===========================  ==========================================================================
``url | url``                leads from the page to an address below the root; "" is the root itself
``url | link_class``         the class of a link to it: ``t`` to a term, ``n`` to another page
``url | from_top``           the same to an address below the top of all languages
``name | asset``             the same for a static file, by its logical name
``fragment | html``          a `Fragment` with its formulas in KaTeX's layout
``fragment | mathml``        a `Fragment` with its formulas as MathML alone
``fragment | html(links)``   the same with links, as a card has them; also ``mathml(links)``
``macro | once(…)``          what an imported macro gives for these arguments, worked out once for all
                             pages of one depth: such a macro does not see the page
``text | body``              a `Text` with its slots filled; ``body(prefix, deeper)`` puts a prefix to
                             its ids, and its headings some levels lower
``page | canonical``         the whole address under which its text is to be known
``page | written_versions``  the languages in which it is written, if these are several
``url | whole_url``          the whole address of what is below the top of all languages
``page | works``             the `Listed` works that the page cites, in the style's order
``page | bibliography``      the same of a `ReferencesPage`, each with its `CitedWork`, of whose
                             addresses those are left that the line lacks
``key | work_anchor``        the id of a work's line there
``page | neighbourhood``     the arc diagram of a `TermPage`
``page | map(name)``         the picture of a `GraphPage`, under an accessible name
``video | video_name``       what a `Video` is called; ``video_label`` is shorter
``seconds | clock``          a moment of a video, as ``2:24``
``address | bare``           an address without its scheme; ``host`` gives its host alone
``date | day``               ``3 October 2026`` for an ISO date; ``iso_day`` gives its ISO form or ""
``month | month``            ``October 2026`` for ``2026-10``
``record | json_ld``         JSON that can stand in a script element, without empty values
``text | tex``               TeX's special signs escaped
``language | direction``     ``rtl`` or ``ltr``
``page is set_with_katex``   whether a formula was set in KaTeX's layout *so far*: for the head,
                             which is why ``base.html`` sets the content before it
``page is citing``           whether it has references
===========================  ==========================================================================

The contract is checked before anything is rendered, by `grimoire.render.contract`.
"""

from collections.abc import Sequence
from gettext import NullTranslations
from html import escape
from pathlib import Path

import msgspec
from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateRuntimeError,
    pass_context,
)
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from grimoire.days import iso_day
from grimoire.diagnostics import Diagnostic
from grimoire.model import Drawing, Fragment, Link, Listed
from grimoire.names import work_anchor
from grimoire.pages import CitedWork, Page, ReferencesPage, Site, TermPage, Text, written_versions
from grimoire.render import arcs, body, record
from grimoire.render.said import Said
from grimoire.render.sheet import Bodies, ChartMaker, CitationSetter, Draughtsman, Sheet, Typesetter
from grimoire.theme import Theme

__all__ = ["BrokenTemplate", "Renderer"]


class BrokenTemplate(Exception):
    """A template failed while a page was rendered; `diagnostic` says where and why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def _environment(theme: Theme) -> Environment:
    """Make a Jinja environment over the templates of a theme, without our filters."""

    def source(name: str) -> tuple[str, str, None] | None:
        template = theme.templates.get(name)
        return (template.text, template.path, None) if template else None

    return Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )


def _not_yet_linked(line: Listed, work: CitedWork) -> CitedWork:
    """Leave of a work's addresses those that the style does not give."""
    addresses = (one for one in work.addresses if f'href="{escape(one)}"' not in line.text.html)
    return msgspec.structs.replace(work, addresses=tuple(addresses))


class Renderer:
    """Renders pages with one theme. It renders one at a time: a thread needs a renderer of its own."""

    def __init__(
        self, theme: Theme, words: NullTranslations | None = None, compiled: Path | None = None
    ) -> None:
        """Make the environment that all pages are rendered with.

        Args:
            theme: the templates.
            words: translates the interface's texts; None leaves them English.
            compiled: a folder to keep compiled templates in, for these words alone, which saves a new process
                some 50 ms; it is made when it is not there, and may be deleted at any time.
        """
        self._theme = theme
        self._words = words or NullTranslations()
        self._sheet: Sheet
        self.environment = _environment(theme)
        self.environment.extend(words=self._words)
        self.environment.add_extension(Said)
        self.environment.policies["ext.i18n.trimmed"] = True
        self.environment.install_gettext_translations(self._words)  # type: ignore[attr-defined]
        if compiled:
            compiled.mkdir(parents=True, exist_ok=True)
            self.environment.bytecode_cache = FileSystemBytecodeCache(str(compiled), "%s")
        self._kept: dict[tuple[object, ...], Markup] = {}
        self._kept_for: Site | None = None
        self.environment.filters |= {
            "url": self._url,
            "from_top": self._from_top,
            "canonical": self._canonical,
            "written_versions": written_versions,
            "whole_url": self._whole_url,
            "asset": self._asset,
            "link_class": body.link_class,
            "once": self._once,
            "html": self._html,
            "mathml": self._mathml,
            "body": self._body,
            "works": self._works,
            "bibliography": self._bibliography,
            "work_anchor": work_anchor,
            "neighbourhood": self._neighbourhood,
            "map": lambda page, name: Markup(self._sheet.charted(page.chart, str(name))),  # noqa: S704  escapes the names
            "video_name": lambda video: body.video_name(self._words, video),
            "video_label": lambda video: body.video_label(self._words, video),
            "bare": body.bare,
            "host": body.host,
            "clock": body.clock,
            "day": lambda date: record.day(self._words, date),
            "month": lambda date: record.month(self._words, date),
            "iso_day": iso_day,
            "json_ld": lambda value: Markup(record.json_ld(value)),  # noqa: S704  escapes what HTML minds
            "tex": record.tex,
            "direction": body.direction,
        }
        self.environment.tests["set_with_katex"] = lambda _: self._sheet.is_set_with_katex
        self.environment.tests["citing"] = lambda _: self._sheet.cited is not None

    def render(
        self,
        page: Page,
        site: Site,
        bodies: Bodies,
        typeset: Typesetter,
        drawn: Draughtsman = lambda _: Drawing(),
        cited: CitationSetter | None = None,
        charted: ChartMaker = lambda _, __: "",
    ) -> str:
        """Give the HTML of a page.

        Args:
            page: what the page may know; it names its template.
            site: what every page knows.
            bodies: gives the compiled text of an entry by its digest.
            typeset: gives a formula as HTML.
            drawn: gives a diagram drawn; without it diagrams are shown as their source.
            cited: sets the citations of a page; without it they are shown as they are written.
            charted: draws the map; without it there is no picture.

        Raises:
            BrokenTemplate: if a template fails, or asks for what there is not.
        """
        self._sheet = Sheet(page, site, bodies, typeset, self._words, drawn, cited, charted)
        if site is not self._kept_for:
            self._kept, self._kept_for = {}, site
        try:
            return self.environment.get_template(page.template).render(page=page, site=site)
        except (TemplateError, RecursionError) as error:
            raise BrokenTemplate(self._diagnose(error, page)) from error

    # These are mostly given constants. Asking for the context keeps Jinja from working them out once
    # for all pages, when it compiles the template.

    @pass_context
    def _url(self, _context: Context, url: str) -> str:
        return self._sheet.address(url)

    @pass_context
    def _asset(self, _context: Context, name: str) -> str:
        address = self._sheet.site.assets.get(name)
        if address is None:
            raise TemplateRuntimeError(f"no static file is named `{name}`")
        return self._sheet.shared(address)

    @pass_context
    def _from_top(self, _context: Context, url: str) -> str:
        return self._sheet.shared(url)

    def _whole_url(self, url: str) -> str:
        site = self._sheet.site
        return site.base_url.removesuffix(site.folder) + url

    def _canonical(self, page: Page) -> str:
        """A text that stands at several addresses is to be known under that of the entry it belongs to."""
        if page.is_fallback:
            return self._whole_url(page.versions[0].url)
        redirect = page.redirect if isinstance(page, TermPage) else None
        return self._sheet.site.base_url + (redirect.url if redirect else page.url)

    def _once(self, macro: Macro, *arguments: object) -> Markup:
        """Call a macro, or give what it gave for these arguments on a page of the same depth."""
        key = macro, self._sheet.root, *arguments
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = Markup(macro(*arguments))  # noqa: S704  a macro's output is escaped
        return kept

    def _html(self, fragment: Fragment, links: Sequence[Link] = ()) -> Markup:
        if "\0" not in fragment.html:
            return Markup(fragment.html)  # noqa: S704  made by parse
        return Markup(body.fragment(self._sheet, fragment, links, mathml=False))  # noqa: S704  made by parse

    def _mathml(self, fragment: Fragment, links: Sequence[Link] = ()) -> Markup:
        if "\0" not in fragment.html:
            return Markup(fragment.html)  # noqa: S704  made by parse
        return Markup(body.fragment(self._sheet, fragment, links, mathml=True))  # noqa: S704  made by parse

    def _body(self, text: Text, prefix: str = "", deeper: int = 0) -> Markup:
        return Markup(body.text(self._sheet, text, prefix, deeper))  # noqa: S704  made by parse

    def _works(self, _page: Page) -> tuple[Listed, ...]:
        return self._sheet.cited.listed if self._sheet.cited else ()

    def _bibliography(self, page: ReferencesPage) -> list[tuple[Listed, CitedWork]]:
        waiting = {work.key: work for work in page.works}
        lines = [line for line in self._works(page) if line.key in waiting]
        rows = [(line, _not_yet_linked(line, waiting.pop(line.key))) for line in lines]
        # A style may have no list, and an engine may fail of one.
        rows += [
            (Listed(key, Fragment(escape(work.title), work.title)), work) for key, work in waiting.items()
        ]
        return rows

    def _neighbourhood(self, page: TermPage) -> Markup:
        svg = arcs.diagram(
            [page.title, *page.aliases],
            page.neighbours,
            page.edges,
            address=self._sheet.address,
            label=self._words.gettext("Neighbouring terms"),
        )
        return Markup(svg)  # noqa: S704  escapes the names

    def _diagnose(self, error: TemplateError | RecursionError, page: Page) -> Diagnostic:
        """Find the line of the template at which an error arose."""
        templates = {template.path: template for template in self._theme.templates.values()}
        path, span = self._theme.templates[page.template].path, None
        frame = error.__traceback__
        while frame:
            if (found := templates.get(frame.tb_frame.f_code.co_filename)) is not None:
                path, span = found.path, found.line(frame.tb_lineno)
            frame = frame.tb_next
        name = page.url or "the home page"
        return Diagnostic(
            "broken-template",
            path,
            span,
            "templates call each other without end"
            if isinstance(error, RecursionError)
            else str(error.message or error).strip().rstrip("."),
            why=f"the template failed while `{name}` was rendered",
        )

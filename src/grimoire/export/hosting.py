"""Files that speak to the host and to search engines: `_headers` and `sitemap.xml`."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape  # the same signs as XML's; what XML's own module drags in takes long to load
from urllib.parse import quote

from grimoire.pages import (
    CardPage,
    DisambiguationPage,
    DocumentPage,
    NotFoundPage,
    OfflinePage,
    Page,
    SearchPage,
    TermPage,
    written_versions,
)

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""What every page of the default theme keeps to."""
_PLAYERS = "frame-src https://www.youtube-nocookie.com https://player.vimeo.com"
"""What a site with players allows beyond it."""

_FOREVER = "public, max-age=31536000, immutable"


def headers(*, with_players: bool = False) -> bytes:
    """The response headers, in the format that Netlify, Cloudflare Pages and others read."""
    policy = CONTENT_SECURITY_POLICY + (f"; {_PLAYERS}" if with_players else "")
    lines = [
        "/*",
        f"  Content-Security-Policy: {policy}",
        "  X-Content-Type-Options: nosniff",
        "  Referrer-Policy: strict-origin-when-cross-origin",
        # Names of these files change with their content.
        "/static/fonts/*",
        f"  Cache-Control: {_FOREVER}",
        "/media/*",
        f"  Cache-Control: {_FOREVER}",
    ]
    return ("\n".join(lines) + "\n").encode()


MOST_ROWS = 40_000
"""How many addresses a file of the sitemap has; the protocol allows 50,000, and 50 MB."""
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemaps(editions: Iterable[tuple[str, Sequence[Page]]], base_url: str) -> Iterator[tuple[str, bytes]]:
    """Give the sitemap (sitemaps.org, version 0.9) as files by their paths: one, or an index and its parts.

    Dates are those the author gives; without one, none is invented. Of a page in several languages each line names
    all the others, as search engines want it.

    Args:
        editions: the folder of each language below the base, with its pages.
        base_url: where the first language stands; it ends with a slash.
    """
    rows = list(_rows(editions, base_url))
    if len(rows) <= MOST_ROWS:
        yield "sitemap.xml", _sitemap(rows)
        return
    parts = [rows[start : start + MOST_ROWS] for start in range(0, len(rows), MOST_ROWS)]
    names = [f"sitemap-{number}.xml" for number, _ in enumerate(parts, start=1)]
    lines = [f"<sitemap><loc>{escape(base_url)}{name}</loc></sitemap>" for name in names]
    yield (
        "sitemap.xml",
        "\n".join([_XML, f"<sitemapindex {_SITEMAPS}>", *lines, "</sitemapindex>\n"]).encode(),
    )
    yield from zip(names, map(_sitemap, parts), strict=True)


def _sitemap(rows: Sequence[str]) -> bytes:
    spaces = _SITEMAPS
    if any("<xhtml:" in row for row in rows):
        spaces += ' xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    return "\n".join([_XML, f"<urlset {spaces}>", *rows, "</urlset>\n"]).encode()


def _rows(editions: Iterable[tuple[str, Sequence[Page]]], base_url: str) -> Iterator[str]:
    left_out = CardPage | NotFoundPage | OfflinePage | SearchPage | DisambiguationPage
    for folder, pages in editions:
        for page in sorted(pages, key=lambda page: page.url):
            if isinstance(page, left_out) or page.is_fallback:
                continue
            modified = ""
            if isinstance(page, TermPage | DocumentPage) and (page.modified or page.created):
                modified = f"<lastmod>{escape(page.modified or page.created)}</lastmod>"
            others = "".join(
                f'<xhtml:link rel="alternate" hreflang="{escape(one.language)}" '
                f'href="{escape(base_url + quote(one.url))}"/>'
                for one in written_versions(page)
            )
            yield f"<url><loc>{escape(base_url + quote(folder + page.url))}</loc>{modified}{others}</url>"

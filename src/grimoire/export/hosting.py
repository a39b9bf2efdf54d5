"""Files that speak to the host and to search engines: `_headers` and `sitemap.xml`."""

from collections.abc import Iterable, Sequence
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


def sitemap(editions: Iterable[tuple[str, Sequence[Page]]], base_url: str) -> bytes:
    """The sitemap (sitemaps.org, version 0.9).

    Dates are those the author gives; without one, none is invented. Of a page in several languages each line names
    all the others, as search engines want it.

    Args:
        editions: the folder of each language below the base, with its pages.
        base_url: where the first language stands; it ends with a slash.
    """
    rows = []
    has_others = False
    for folder, pages in editions:
        for page in sorted(pages, key=lambda page: page.url):
            is_left_out = isinstance(
                page, CardPage | NotFoundPage | OfflinePage | SearchPage | DisambiguationPage
            )
            if is_left_out or page.is_fallback:
                continue
            modified = ""
            if isinstance(page, TermPage | DocumentPage) and (page.modified or page.created):
                modified = f"<lastmod>{escape(page.modified or page.created)}</lastmod>"
            others = "".join(
                f'<xhtml:link rel="alternate" hreflang="{escape(one.language)}" '
                f'href="{escape(base_url + quote(one.url))}"/>'
                for one in written_versions(page)
            )
            has_others = has_others or bool(others)
            rows.append(
                f"<url><loc>{escape(base_url + quote(folder + page.url))}</loc>{modified}{others}</url>"
            )
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    if has_others:
        spaces += ' xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    head = ['<?xml version="1.0" encoding="UTF-8"?>', f"<urlset {spaces}>"]
    return "\n".join([*head, *rows, "</urlset>\n"]).encode()

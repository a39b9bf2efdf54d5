"""Files that speak to the host and to search engines: `_headers` and `sitemap.xml`."""

from collections.abc import Iterable
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


def sitemap(pages: Iterable[Page], base_url: str) -> bytes:
    """The sitemap (sitemaps.org, version 0.9); `base_url` ends with a slash.

    Dates are those the author gives; without one, none is invented.
    """
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ]
    for page in sorted(pages, key=lambda page: page.url):
        if isinstance(page, CardPage | NotFoundPage | OfflinePage | SearchPage | DisambiguationPage):
            continue
        modified = ""
        if isinstance(page, TermPage | DocumentPage) and (page.modified or page.created):
            modified = f"<lastmod>{escape(page.modified or page.created)}</lastmod>"
        rows.append(f"<url><loc>{escape(base_url + quote(page.url))}</loc>{modified}</url>")
    rows.append("</urlset>\n")
    return "\n".join(rows).encode()

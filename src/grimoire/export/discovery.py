"""Files by which programs of the reader's find a site's news, its search, and the site itself."""

import json
from html import escape  # the same signs as XML's; what XML's own module drags in takes long to load
from urllib.parse import quote

from grimoire.config import Settings
from grimoire.days import iso_day
from grimoire.pages import Change, ChangesPage

_MOST_ENTRIES = 50


def feed(page: ChangesPage, settings: Settings) -> bytes:
    """The latest changes as an Atom feed (RFC 4287).

    A day stands for its first moment in UTC: authors give days, and the format wants moments. The feed was changed
    when its latest entry was.
    """
    base = settings.base_url
    changes = [change for month in page.months for change in month.changes][:_MOST_ENTRIES]
    author = escape(settings.author or settings.title)
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{escape(settings.language)}">',
        f"<title>{escape(settings.title)}</title>",
        *([f"<subtitle>{escape(settings.description)}</subtitle>"] if settings.description else []),
        f"<id>{escape(base)}</id>",
        f'<link rel="self" type="application/atom+xml" href="{escape(base)}feed.xml"/>',
        f'<link rel="alternate" type="text/html" href="{escape(base)}"/>',
        f"<updated>{_moment(changes[0].date)}</updated>",
        f"<author><name>{author}</name></author>",
        *(_entry(change, base) for change in changes),
        "</feed>\n",
    ]
    return "\n".join(rows).encode()


def _entry(change: Change, base: str) -> str:
    address = escape(base + quote(change.entry.url))
    summary = change.entry.gloss.text
    return (
        f"<entry><title>{escape(change.entry.title)}</title><id>{address}</id>"
        f'<link rel="alternate" type="text/html" href="{address}"/><updated>{_moment(change.date)}</updated>'
        + (f"<summary>{escape(summary)}</summary>" if summary else "")
        + "</entry>"
    )


def _moment(date: str) -> str:
    return f"{iso_day(date)}T00:00:00Z"


def opensearch(settings: Settings, icon: str) -> bytes:
    """How a browser asks this site (OpenSearch 1.1). `icon` is the whole address of its sign."""
    base = escape(settings.base_url)
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        # The format allows 16 signs for this name.
        f"<ShortName>{escape(settings.title[:16].strip())}</ShortName>",
        f"<Description>{escape((settings.description or settings.title)[:1024])}</Description>",
        f'<Image type="image/svg+xml">{escape(icon)}</Image>',
        f'<Url type="text/html" template="{base}search/?q={{searchTerms}}"/>',
        "<InputEncoding>UTF-8</InputEncoding>",
        "</OpenSearchDescription>\n",
    ]
    return "\n".join(rows).encode()


def manifest(settings: Settings, icon: str, touch: str, paper: str) -> bytes:
    """What a browser needs to install the site as an application (W3C Web Application Manifest).

    `icon` is the address of its sign, `touch` of the same on a ground that may be cut round, "" if there is none;
    `paper` is the colour of its pages by day.
    """
    icons = [{"src": icon, "sizes": "any", "type": "image/svg+xml", "purpose": "any"}]
    if touch:
        kinds = ("any", "maskable")
        icons += ({"src": touch, "sizes": "512x512", "type": "image/png", "purpose": kind} for kind in kinds)
    return json.dumps(
        {
            "name": settings.title,
            "short_name": settings.title[:12].strip(),
            "description": settings.description,
            "lang": settings.language,
            "start_url": "./",
            "scope": "./",
            "display": "minimal-ui",
            "background_color": paper,
            "theme_color": paper,
            "icons": icons,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()

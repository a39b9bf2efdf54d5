"""The fields of front matter under every name they have, here and in other programs."""

from grimoire.fields import nearest
from grimoire.names import fold

_NAMES = {
    "title": "title",
    "id": "id",
    "slug": "id",
    "permalink": "address",
    "url": "address",
    "kind": "kind",
    "aliases": "aliases",
    "alias": "aliases",
    "abbreviation": "abbreviation",
    "abbrev": "abbreviation",
    "acronym": "abbreviation",
    "plural": "plurals",
    "auto_link": "auto_link",
    "tags": "tags",
    "tag": "tags",
    "categories": "tags",
    "category": "tags",
    "author": "author",
    "authors": "author",
    "created": "created",
    "date": "created",
    "date_created": "created",
    "created_at": "created",
    "modified": "modified",
    "updated": "modified",
    "lastmod": "modified",
    "last_modified_at": "modified",
    "date_modified": "modified",
    "modified_at": "modified",
    "updated_at": "modified",
    "description": "description",
    "summary": "description",
    "excerpt": "description",
    "related": "related",
    "see": "related",
    "prerequisites": "prerequisites",
    "broader": "broader",
    "yt": "yt",
    "bibliography": "bibliography",
    "lang": "lang",
    "draft": "draft",
    "publish": "publish",
    "published": "published",
    "status": "status",
    "macros": "macros",
}
FIELDS = tuple(_NAMES)
"""Every field that has an effect, under each of its names."""

_FIELDS = {fold(name): field for name, field in _NAMES.items()}
_FOREIGN = frozenset(
    (
        "publishdate", "publish date", "published at", "date published", "dg publish", "publisher",
        "social description", "og title", "author url", "created by", "subtitle", "uid", "langs", "stage", "sleep",
    )
)  # fmt: skip
"""Fields of other programs that are no misspelling of ours, though near; more are not near."""


def field_of(name: str) -> str:
    """Give the field that a name means, "" for none; case, hyphens and underscores do not count."""
    return _FIELDS.get(fold(name), "")


def meant(name: str) -> str:
    """Give the name that an unknown one is likely a misspelling of, or ""."""
    return "" if fold(name) in _FOREIGN else nearest(name, FIELDS)

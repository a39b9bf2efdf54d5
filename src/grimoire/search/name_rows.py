"""The names tier: what the palette compares with what is typed, at each key.

Of a small site it is one file, which is fetched whole. Of a larger one it is cut up: the rows, some by some, by the
numbers of the documents; and ways to them, in shards like those of the texts. A way is a sign and a key::

    ^sparsedenseentropy   a name, from its first word on
    ^sde                  its initials
    ~denseentropy         a name from another word on
    =entropy              a word of a name, or all in one, for what is spelt otherwise
    <yportne              the same backwards, for what begins otherwise

The browser fetches the shards in which ways begin as the query does, and of the documents they lead to the rows; these
it compares with the query as it does all of them on a small site. See ``reach`` in ``static/search.js``.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

import msgspec

from grimoire.names import tag_slug
from grimoire.search.cutting import LARGEST
from grimoire.search.documents import Document
from grimoire.search.shards import FOLDER, cut_up, in_order, shard, steps
from grimoire.search.words import take_apart

NAMES = f"{FOLDER}names.json"
LARGEST_WHOLE = 240_000
"""Bytes of the rows of a site whose names are fetched whole. As sent, they are about 45 kB."""

_WAYS, _SOME = f"{FOLDER}names/", f"{FOLDER}rows/"
"""The folders of a larger site's: ways to the rows, and the rows."""
_LONGEST_SUMMARY = 180
"""Characters; what is behind them is found through the index."""
_LONGEST_KEY = 20
_ROWS = 8
"""So many numbers share a file of rows; from a quarter to a half of them are documents'."""
_TOPICS = 8
_LESS = 3
"""Letters of a word for which spelling is not forgiven."""
_SMALL = frozenset(
    "a an and as at by for from in of on or the to with de des du la le les et".split()  # as in search.js
)
_encode = msgspec.json.Encoder().encode
_Row = tuple[str, str, str, tuple[str, ...], tuple[str, ...], str]


def names(
    documents: Mapping[int, Document], whole: int = LARGEST_WHOLE, largest: int = LARGEST
) -> dict[str, bytes]:
    """Give the files of the names.

    Args:
        documents: by number, ascending.
        whole: how many bytes may be fetched whole.
        largest: how many bytes a shard may have.

    Returns:
        By path, ``search/names.json`` and what it leads to. On a small site it is ``{"slots": …, "rows": …}``: the
        numbers, each as its distance from the one before, and in their order the rows, ``[title, address, abbreviation,
        [alias…], [tag…], summary]``, tags as their slugs, a long summary cut after a word. On a larger one it is
        ``{"starts": …, "topics": …}``: where the shards of the ways begin, and how many documents have the tags that
        most have; the files of rows are then such small lists each.
    """
    rows = {slot: _row(document) for slot, document in documents.items()}
    content = _rows(rows)
    if len(content) <= whole:
        return {NAMES: content}
    ways = _ways(rows)
    terms = in_order(ways)
    lines = [_encode((way, steps(ways[way]))) for way in terms]
    starts, ranges = cut_up(terms, list(map(len, lines)), largest, _WAYS)
    topics = Counter(tag for row in rows.values() for tag in row[4])
    most = sorted(topics.items(), key=lambda one: (-one[1], one[0]))[:_TOPICS]
    files = {NAMES: _encode({"starts": starts, "topics": most})}
    files |= {path: shard(lines[first:last]) for path, first, last in ranges}
    groups: defaultdict[int, dict[int, _Row]] = defaultdict(dict)
    for slot, row in rows.items():
        groups[slot // _ROWS][slot] = row
    return files | {f"{_SOME}{number}.json": _rows(group) for number, group in groups.items()}


def whole_names(paths: Iterable[str]) -> set[str]:
    """Give, of the files of a search, those by which any query of names can be answered, where that is no more than one.

    On a larger site a query needs a few of hundreds, which nobody is to fetch before it is asked: none is given then.
    """
    return set() if any(path.startswith((_WAYS, _SOME)) for path in paths) else {NAMES}


def _rows(rows: Mapping[int, _Row]) -> bytes:
    return _encode({"slots": steps(rows), "rows": list(rows.values())})


def _row(document: Document) -> _Row:
    tags = tuple(dict.fromkeys(map(tag_slug, document.tags)))
    summary = _shortened(document.summary)
    return document.title, document.url, document.abbreviation, document.aliases, tags, summary


def _shortened(summary: str) -> str:
    if len(summary) <= _LONGEST_SUMMARY:
        return summary
    return summary[: _LONGEST_SUMMARY - 1].rpartition(" ")[0].rstrip(" ,;:") + "…"


def _ways(rows: Mapping[int, _Row]) -> Mapping[str, Iterable[int]]:
    """Give all ways, each with the documents it leads to, ascending; a way of a word alone leads to none."""
    ways: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for slot, (title, url, abbreviation, aliases, *_) in rows.items():
        names_ = [title, abbreviation, *aliases]
        if not title.isascii():
            names_.append(unquote(url).rstrip("/").rpartition("/")[2])
        for name in names_:
            words = [word for chunk in name.split() for word in take_apart(chunk).words]
            for way in _ways_of(words):
                ways[way][slot] = None
            for word in (*words, "".join(words)):
                if _LESS < len(word) <= _LONGEST_KEY:
                    ways[f"={word}"], ways[f"<{word[::-1]}"] = {}, {}
    return ways


def _ways_of(words: list[str]) -> Iterator[str]:
    for place in range(len(words)):
        yield ("~" if place else "^") + "".join(words[place:])[:_LONGEST_KEY]
    if len(words) > 1:
        yield "^" + "".join(word[0] for word in words)[:_LONGEST_KEY]
        yield "^" + "".join(word[0] for word in words if word not in _SMALL)[:_LONGEST_KEY]

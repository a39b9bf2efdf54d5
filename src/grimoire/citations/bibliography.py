"""Bibliographies as files: ``.bib`` and CSL JSON, their addresses checked, keys that come twice told."""

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from grimoire.addresses import WEB, is_allowed, scheme
from grimoire.citations.csl_json import read_csl_json
from grimoire.citations.records import Item
from grimoire.diagnostics import Diagnostic, Place
from grimoire.names import Name, fold

_IN_NO_ADDRESS = re.compile(r"[\s<>\"]")


def read_bibliography(path: str, text: str) -> tuple[tuple[Item, ...], list[Diagnostic]]:
    """Read the works of a file.

    Args:
        path: how it is called in diagnostics; what ends with ``.json`` is CSL JSON, all else BibTeX.
        text: what it holds, decoded as `grimoire.source.decode` does.

    Returns:
        Its works in its order, of each key the first, and what is wrong with it. Never raises.
    """
    if path.lower().endswith(".json"):
        found, faults = read_csl_json(path, text)
    else:
        from grimoire.citations.bibtex import read_bibtex  # noqa: PLC0415  its library takes time to load

        found, faults = read_bibtex(path, text)
    items, doubles = unique(_addressed(item, faults) for item in found)
    return items, [*faults, *doubles]


def unique(items: Iterable[Item]) -> tuple[tuple[Item, ...], list[Diagnostic]]:
    """Keep of each key the first work, also over several files, and tell of the others."""
    kept: dict[str, Item] = {}
    faults: list[Diagnostic] = []
    for item in items:
        first = kept.setdefault(item.key, item)
        if first is not item:
            faults.append(
                Diagnostic(
                    "duplicate-key",
                    item.path,
                    item.span,
                    f"the key `{item.key}` is taken",
                    why="a citation could not tell the two works apart, so the first one counts",
                    help="give one of them another key, or remove it if they are the same",
                    related=(Place(first.path, first.span, "first used here"),),
                )
            )
    return tuple(kept.values()), faults


def near(key: str, known: tuple[str, ...]) -> list[str]:
    """Give up to three of the known keys that were probably meant by an unknown one, the likeliest first."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415  only for what was not found
    from rapidfuzz.process import extract  # noqa: PLC0415

    folded = _folded(known)
    wanted = fold(key)
    found = extract(wanted, folded, scorer=OSA.distance, score_cutoff=max(1, len(wanted) // 5), limit=3)
    near_ones = [one for _, _, one in found]
    # An author who knows the year and not the word behind it: `shannon1948` for `shannon1948mathematical`.
    begun = [one for one in known if len(wanted) > 4 and folded[one].startswith(wanted)]
    return list(dict.fromkeys([*near_ones, *begun]))[:3]


@lru_cache(maxsize=8)
def _folded(keys: tuple[str, ...]) -> dict[str, Name]:
    """Each key as it is compared: the same for every key that a bibliography lacks."""
    return {key: fold(key) for key in keys}


def _addressed(item: Item, faults: list[Diagnostic]) -> Item:
    """Leave out an address that a reader's browser might run."""
    address = item.csl.get("URL")
    if address is None or (is_allowed(str(address), WEB) and not _IN_NO_ADDRESS.search(str(address))):
        return item
    begin = scheme(str(address))
    faults.append(
        Diagnostic(
            "unsafe-url",
            item.path,
            item.span,
            f"the address of `{item.key}` is not one of the web",
            why=f"it begins with `{begin}:`" if begin else "it does not begin with `https://`",
            help="write the whole address, as `https://example.org/paper.pdf`",
        )
    )
    return msgspec.structs.replace(
        item, csl={name: value for name, value in item.csl.items() if name != "URL"}
    )

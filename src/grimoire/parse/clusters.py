r"""Citations as authors write them: ``[@key]``, ``[see @a, p. 3; -@b]``, ``@key``, ``[@key{see "Proofs"}]``.

A key begins with a letter, a digit or ``_`` and goes on with these and single signs between them, so that
``doi:10.1126/sciadv.aao5580`` is one, a full stop behind it is no part of it, and ``---`` is a dash. ``@{…}`` takes
any key. What follows the key is a place in the work where it says so (``p. 3``, ``ch. 2-4``, a number alone is a
page), and otherwise words to be shown as they are: ``see "Proofs"`` is no page.
"""

import re

import msgspec

from grimoire.model import Cite, Cluster, Mode

_KEY = r"(?:\{(?P<braced>[^{}\s]+)\}|(?P<key>\w+(?:(?:://|::|[:.#$%&+?<>~/;-])\w+)*))"
_AT = rf"(?<![\w@])(?P<minus>-)?@{_KEY}"
_PIECE = re.compile(rf"(?P<cite>{_AT})|(?P<braces>\{{[^{{}}]*\}})|(?P<end>;)|[^;{{@-]+|.", re.DOTALL)
_NARRATIVE = re.compile(rf"(?<![\w@.:/\\+-])@{_KEY}")
_BRACED = re.compile(r"\s*,?\s*\{([^{}]*)\}(.*)", re.DOTALL)

_LABELS = {
    "page": "p pp pg pgs page pages",
    "chapter": "ch chs chap chaps chapter chapters",
    "section": "sec sect secs section sections § §§",
    "figure": "fig figs figure figures",
    "volume": "vol vols volume volumes",
    "issue": "no nos issue issues",
    "note": "n nn note notes fn footnote",
    "paragraph": "para paras par paragraph paragraphs ¶ ¶¶",
    "part": "pt pts part parts",
    "book": "bk bks book books",
    "column": "col cols column columns",
    "line": "l ll line lines",
    "verse": "v vv verse verses",
    "folio": "fol fols folio folios",
    "opus": "op opp opus",
    "sub-verbo": "s.v sub-verbo",
    "equation": "eq eqs eqn equation equations",
    "table": "tab tbl table tables",
    "appendix": "app appendix appendices",
    "timestamp": "timestamp",
}
"""CSL's labels and the words authors use for them, to be followed by a full stop or not."""
_LABEL_OF = {word: label for label, words in _LABELS.items() for word in words.split()}
_WORDS = "|".join(sorted(map(re.escape, _LABEL_OF), key=len, reverse=True))
_NUMBER = r"(?:\w*\d\w*(?:[.:/]\w+)*|[ivxlcdm]+\b)"
_NUMBERS = rf"{_NUMBER}(?:\s*(?:[-–—]+|,|&|\band\b)\s*{_NUMBER})*"
_LABELLED = re.compile(
    rf"(?P<label>{_WORDS})(?:\.\s*|\s+|(?<=[§¶])\s*|(?=\d))(?P<value>{_NUMBERS})", re.IGNORECASE
)
_BARE = re.compile(r"(?P<value>\d+(?:\s*(?:[-–—]+|,|&)\s*\d+)*)(?![\w.:/])")
_NAMED = re.compile(rf"(?P<label>{_WORDS})(?:\.\s*|\s+)(?P<value>\S.*)", re.IGNORECASE | re.DOTALL)


def parse_cluster(text: str) -> Cluster | None:
    """Read a citation.

    Args:
        text: it, as written: with its brackets, or ``@key`` and what belongs to it.

    Returns:
        The works it cites, or None where it cites none.
    """
    if not (text.startswith("[") and text.endswith("]")):
        found = narrative_at(text, 0)
        return found[0] if found and found[1] == len(text) else None
    cites: list[Cite] = []
    before, key, after, mode = "", "", "", _mode(None)
    for piece in [*_PIECE.finditer(text[1:-1]), None]:
        if piece and not piece["cite"] and not piece["end"]:
            if key:
                after += piece[0]
            else:
                before += piece[0]
            continue
        if key:
            cites.append(cite(key, before, after, mode))
            before, key, after = "", "", ""
            if piece and piece["cite"] and cites[-1].suffix:  # `@a and @b`: the words belong to the second
                before = cites[-1].suffix.lstrip(", ") + " "
                cites[-1] = msgspec.structs.replace(cites[-1], suffix="")
        if piece is None:
            break
        if piece["cite"]:
            key, mode = piece["braced"] or piece["key"], _mode(piece["minus"])
        elif before.strip() and not cites:
            before += "; "
        elif before.strip():
            cites[-1] = _with_suffix(cites[-1], "; " + before.strip())
            before = ""
    if before.strip() and cites:
        cites[-1] = _with_suffix(cites[-1], "; " + before.strip())
    return Cluster(tuple(cites), text) if cites else None


def narrative_at(text: str, at: int) -> tuple[Cluster, int] | None:
    """Read the citation ``@key`` that begins at an offset, with a place in the work behind it if there is one.

    The place stands in braces, or in brackets after a blank: ``@key [p. 3]``. No address of electronic mail
    is a citation; that ``@name`` is one at all, only a bibliography can tell.

    Returns:
        The citation and the offset behind it, or None.
    """
    found = _NARRATIVE.match(text, at)
    if not found:
        return None
    end, tail = found.end(), ""
    if behind := re.compile(r"\{[^{}\n]*\}").match(text, end):
        end, tail = behind.end(), behind[0]
    elif (behind := re.compile(r" ?\[([^\[\]@\n]+)\](?![(\[])").match(text, end)) and _place(behind[1]):
        end, tail = behind.end(), f"{{{behind[1]}}}"
    work = cite(found["braced"] or found["key"], "", tail, "narrative")
    return Cluster((work,), text[at:end]), end


def places_of_keys(cluster: Cluster) -> list[tuple[int, int]]:
    """Give where each key of a cluster stands in it, its ``@`` included."""
    places = []
    end = 0
    for cite in cluster.cites:
        written = f"@{cite.key}"
        start = cluster.written.find(written, end)
        if start < 0:
            written = f"@{{{cite.key}}}"
            start = max(end, cluster.written.find(written, end))
        end = start + len(written)
        places.append((start, end))
    return places


def _mode(minus: str | None) -> Mode:
    return "year" if minus else "parenthetical"


def cite(key: str, before: str, after: str, mode: Mode) -> Cite:
    """Give one work cited, from the words that stand before its key and those behind, as ``, p. 3``."""
    prefix = _joined(before).lstrip()
    locator, label, suffix = _tail(_joined(after).rstrip())
    suffix = suffix if suffix.strip(",; ") else ""
    return Cite(key, locator, label, f"{prefix.rstrip()} " if prefix.strip() else "", suffix, mode)


def _with_suffix(cite: Cite, more: str) -> Cite:
    return msgspec.structs.replace(cite, suffix=cite.suffix + _joined(more))


def _joined(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _tail(text: str) -> tuple[str, str, str]:
    """Split what follows a key into locator, its label, and the rest."""
    if found := _BRACED.fullmatch(text):
        inner, rest = found[1].strip(), found[2].rstrip()
        place = _place(inner) or _named(inner)
        if place and not place[2]:
            return place[0], place[1], rest
        return "", "", (f", {inner}" if inner else "") + rest
    body = text.lstrip(", ")
    if (text != body or not body) and (place := _place(body)) and (text.startswith(",") or body[0].isalpha()):
        return place
    return "", "", text


def _place(text: str) -> tuple[str, str, str] | None:
    """Read a place with numbers in it: its value, its label, and what follows."""
    found = _LABELLED.match(text) or _BARE.match(text)
    if not found:
        return None
    label = found.groupdict().get("label")
    return found["value"], _LABEL_OF[label.lower()] if label else "page", text[found.end() :]


def _named(text: str) -> tuple[str, str, str] | None:
    """Read a place without numbers, ``Chapter One``, where braces say that it is one."""
    found = _NAMED.fullmatch(text)
    return (found["value"], _LABEL_OF[found["label"].lower()], "") if found else None

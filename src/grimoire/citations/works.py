"""From the types and fields of BibTeX and BibLaTeX to those of CSL."""

import re
from collections.abc import Mapping

from grimoire.citations.dates import iso_date, written_date
from grimoire.citations.people import people
from grimoire.citations.tex import marked, plain

_TYPES = {
    "article": "article-journal", "artwork": "graphic", "audio": "song", "book": "book", "bookinbook": "chapter",
    "booklet": "pamphlet", "collection": "book", "conference": "paper-conference", "dataset": "dataset",
    "electronic": "webpage", "image": "figure", "inbook": "chapter", "incollection": "chapter",
    "inproceedings": "paper-conference", "inreference": "entry-encyclopedia", "jurisdiction": "legal_case",
    "legal": "treaty", "legislation": "legislation", "letter": "personal_communication", "manual": "book",
    "mastersthesis": "thesis", "movie": "motion_picture", "music": "song", "mvbook": "book",
    "mvcollection": "book", "mvproceedings": "book", "mvreference": "book", "online": "webpage",
    "patent": "patent", "performance": "performance", "periodical": "periodical", "phdthesis": "thesis",
    "proceedings": "book", "reference": "book", "report": "report", "review": "review",
    "software": "software", "standard": "standard", "suppbook": "chapter", "suppcollection": "chapter",
    "suppperiodical": "article-journal", "techreport": "report", "thesis": "thesis",
    "unpublished": "manuscript", "video": "motion_picture", "www": "webpage",
}  # fmt: skip
"""Types; any other is a `document`."""

_NAMES = {
    "author": "author", "bookauthor": "container-author", "director": "director", "editor": "editor",
    "editora": "editor", "holder": "author", "translator": "translator", "illustrator": "illustrator",
}  # fmt: skip
_TITLES = {
    "title": "title", "booktitle": "container-title", "journal": "container-title",
    "journaltitle": "container-title", "maintitle": "container-title", "series": "collection-title",
    "eventtitle": "event-title", "origtitle": "original-title", "shorttitle": "title-short",
    "shortjournal": "container-title-short",
}  # fmt: skip
_TEXTS = {
    "abstract": "abstract", "address": "publisher-place", "annotation": "annote", "chapter": "chapter-number",
    "edition": "edition", "eid": "number", "institution": "publisher", "isbn": "ISBN", "issn": "ISSN",
    "issue": "issue", "location": "publisher-place", "note": "note", "number": "issue",
    "organization": "publisher", "pages": "page", "pagetotal": "number-of-pages", "part": "part-number",
    "publisher": "publisher", "pubstate": "status", "school": "publisher", "type": "genre", "venue": "event-place",
    "version": "version", "volume": "volume", "volumes": "number-of-volumes",
}  # fmt: skip
_GENRES = {
    "mastersthesis": "Master’s thesis", "mathesis": "Master’s thesis", "phdthesis": "PhD thesis",
    "techreport": "Technical report", "resreport": "Research report", "bathesis": "Bachelor’s thesis",
}  # fmt: skip
_LANGUAGES = {
    "american": "en-US", "australian": "en-AU", "british": "en-GB", "canadian": "en-CA", "english": "en",
    "ukenglish": "en-GB", "usenglish": "en-US", "french": "fr", "francais": "fr", "german": "de", "ngerman": "de",
    "austrian": "de-AT", "naustrian": "de-AT", "spanish": "es", "italian": "it", "dutch": "nl", "portuguese": "pt",
    "brazilian": "pt-BR", "russian": "ru", "polish": "pl", "czech": "cs", "swedish": "sv", "danish": "da",
    "norwegian": "nb", "finnish": "fi", "greek": "el", "turkish": "tr", "japanese": "ja", "chinese": "zh",
    "korean": "ko", "arabic": "ar", "hebrew": "he", "latin": "la", "hungarian": "hu", "romanian": "ro",
}  # fmt: skip
_INHERITED = {
    "title": "booktitle",
    "subtitle": "booksubtitle",
    "titleaddon": "booktitleaddon",
    "author": "bookauthor",
}
_WITHIN = {"chapter", "paper-conference", "entry-encyclopedia"}
_NOT_INHERITED = {
    "crossref",
    "xref",
    "xdata",
    "entryset",
    "ids",
    "keywords",
    "shorttitle",
    "label",
    "options",
    "note",
}
_ARXIV = re.compile(r"arxiv[:\s]+((?:[a-z-]+(?:\.[A-Z]{2})?/)?\d{4}[\d.]*\d(?:v\d+)?)", re.IGNORECASE)


def inherit(kind: str, own: Mapping[str, str], parent: Mapping[str, str]) -> dict[str, str]:
    """Complete an entry of a type with the fields of the one its ``crossref`` names."""
    within = _TYPES.get(kind) in _WITHIN
    given = {
        _INHERITED.get(name, name) if within else name: value
        for name, value in parent.items()
        if name not in _NOT_INHERITED and not (within and name in {"author", "pages"} and kind != "inbook")
    }
    return {**given, **own}


def work(kind: str, key: str, fields: Mapping[str, str]) -> dict[str, object]:
    """Make the CSL item of an entry.

    Args:
        kind: its type, in lower case.
        key: its key.
        fields: its values by their names in lower case, braces around them taken off, texts put in.
    """
    csl: dict[str, object] = {"id": key, "type": _TYPES.get(kind, "document")}
    for field, variable in _NAMES.items():
        if names := people(fields.get(field, "")):
            csl.setdefault(variable, names)
    for field, variable in _TITLES.items():
        if title := _titled(fields, field):
            csl.setdefault(variable, title)
    for field, variable in _TEXTS.items():
        if text := plain(fields.get(field, "")):
            csl.setdefault(variable, text)
    csl |= _dates(fields)
    csl |= _addresses(fields, csl)
    _settle(csl, kind, fields)
    return csl


def _titled(fields: Mapping[str, str], field: str) -> str:
    """A title with its subtitle."""
    title = marked(fields.get(field, ""))
    stem = field.removesuffix("title")
    sub = marked(fields.get(f"{stem}subtitle", "")) if field.endswith("title") else ""
    if title and sub:
        return f"{title}{'' if title[-1] in '?!:.' else ':'} {sub}"
    return title or sub


def _dates(fields: Mapping[str, str]) -> dict[str, object]:
    pairs = {"accessed": "urldate", "event-date": "eventdate", "original-date": "origdate"}
    found = {variable: iso_date(plain(fields.get(field, ""))) for variable, field in pairs.items()}
    found["issued"] = iso_date(plain(fields.get("date", ""))) or written_date(
        plain(fields.get("year", "")), plain(fields.get("month", "")), plain(fields.get("day", ""))
    )
    return {variable: date for variable, date in found.items() if date}


def _verbatim(value: str) -> str:
    """A DOI or an address: what TeX needs before its signs is taken off, no more is read into it."""
    value = re.sub(r"^\\url\s*\{(.*)\}$", r"\1", value.strip())
    return re.sub(r"[{}\s]", "", re.sub(r"\\([_%&#$~{}])", r"\1", value))


def _addresses(fields: Mapping[str, str], csl: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    doi = re.sub(
        r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", "", _verbatim(fields.get("doi", "")), flags=re.IGNORECASE
    )
    address = _verbatim(fields.get("url", ""))
    if not address and (
        linked := re.search(r"\\url\s*\{([^{}]+)\}", fields.get("howpublished", "") + fields.get("note", ""))
    ):
        address = _verbatim(linked[1])
    archive = (fields.get("archiveprefix") or fields.get("eprinttype") or "").lower()
    number = _verbatim(fields.get("eprint", "")) if archive == "arxiv" else ""
    if not number and (preprint := _ARXIV.search(f"{csl.get('container-title', '')} {csl.get('note', '')}")):
        number = preprint[1]
    number = re.sub(r"^arxiv:", "", number, flags=re.IGNORECASE)
    if number and not address:
        address = f"https://arxiv.org/abs/{number}"
    if number and "container-title" not in csl and csl["type"] == "document":
        found |= {"type": "article", "publisher": "arXiv", "number": f"arXiv:{number}"}
    return found | ({"DOI": doi} if doi else {}) | ({"URL": address} if address else {})


def _settle(csl: dict[str, object], kind: str, fields: Mapping[str, str]) -> None:
    """Put right what depends on several fields."""
    if (
        kind in {"report", "techreport", "patent", "standard", "manual", "dataset", "software"}
        and "issue" in csl
    ):
        csl.setdefault("number", csl.pop("issue"))
    elif csl["type"] in {"book", "chapter", "paper-conference"} and "issue" in csl:
        csl["collection-number"] = csl.pop("issue")
    genre = plain(fields.get("type", "")) or kind
    if kind in _GENRES or genre.lower() in _GENRES:
        csl["genre"] = _GENRES.get(genre.lower(), genre)
    if isinstance(pages := csl.get("page"), str):
        csl["page"] = re.sub(r"\s*[-–—]+\s*", "-", pages)
    language = plain(
        fields.get("langid") or fields.get("language") or fields.get("hyphenation") or ""
    ).lower()
    if language in _LANGUAGES or re.fullmatch(r"[a-z]{2,3}(?:-[a-z]{2,4})?", language):
        csl["language"] = _LANGUAGES.get(language, language)
    how = plain(re.sub(r"\\url\s*\{[^{}]*\}", "", fields.get("howpublished", ""))).strip(" ,;.")
    if how and not how.startswith(("http://", "https://")):
        csl.setdefault("publisher", how)
    if re.fullmatch(r"\s*(?:\\url\s*\{[^{}]*\}|https?://\S+)\s*", fields.get("note", "")):
        csl.pop("note", None)
    if csl["type"] == "article-journal" and fields.get("entrysubtype") in {"magazine", "newspaper"}:
        csl["type"] = f"article-{fields['entrysubtype']}"

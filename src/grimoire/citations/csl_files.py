"""The styles and languages that citations can be set in: CSL's files, as they came with the installation."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache

import msgspec

from grimoire.frontend import packages

_ALIASES = {
    "acl": "association-for-computational-linguistics",
    "acm": "association-for-computing-machinery",
    "acs": "american-chemical-society",
    "aip": "american-institute-of-physics",
    "ama": "american-medical-association",
    "aps": "american-physics-society",
    "author-date": "apa",
    "chicago": "chicago-author-date",
    "chicago-fullnote-bibliography": "chicago-notes-bibliography",
    "chicago-note-bibliography": "chicago-shortened-notes-bibliography",
    "harvard": "harvard-cite-them-right",
    "lncs": "springer-lecture-notes-in-computer-science",
    "mhra": "mhra-notes",
    "mla": "modern-language-association",
    "vancouver": "nlm-citation-sequence",
}
"""Names that people use, and names that files of the style repository used to have."""


class UnknownStyle(ValueError):
    """No style is shipped under this name; `near` are the names it may be a misspelling of."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no citation style `{name}`")
        self.near = get_close_matches(name.lower(), styles())


class UnsoundStyle(ValueError):
    """A text that is to be a CSL style is none."""


@cache
def styles() -> tuple[str, ...]:
    """Name every shipped style, short names included.

    Raises:
        FrontendMissing: if they were not bundled.
    """
    files = (path.stem for path in (packages().citations / "styles").glob("*.csl"))
    return tuple(sorted({*files, *_ALIASES}))


def style_text(style: str) -> str:
    """Give the CSL of a style.

    Args:
        style: its name, with or without ``.csl``, or the CSL itself.

    Raises:
        UnknownStyle: if none is shipped under that name.
        UnsoundStyle: if the text is no style, or one that only refers to another.
        FrontendMissing: if the styles were not bundled.
    """
    if style.lstrip().startswith("<"):
        return sound_style(style)
    name = style.strip().lower().removesuffix(".csl")
    if name not in styles():
        raise UnknownStyle(name)
    return (packages().citations / "styles" / f"{_ALIASES.get(name, name)}.csl").read_text(encoding="utf-8")


def sound_style(text: str) -> str:
    """Give a text back that is a style of CSL and stands for itself.

    Raises:
        UnsoundStyle: if it is none, or one that only refers to another.
    """
    if not re.search(r"<style\b[^>]*\bxmlns\s*=\s*[\"']http://purl\.org/net/xbiblio/csl[\"']", text):
        raise UnsoundStyle("the text has no `<style>` of CSL")
    if parent := re.search(r"<link\b[^>]*\bindependent-parent\b[^>]*>", text):
        address = re.search(r"/([\w-]+)[\"']", parent[0])
        raise UnsoundStyle(f"the style only refers to {f'`{address[1]}`' if address else 'another'}")
    if "<citation" not in text:
        raise UnsoundStyle("the style does not say how to cite")
    return text


def locale_of(language: str) -> tuple[str, dict[str, str]]:
    """Find what a language calls pages and months.

    Args:
        language: a BCP 47 tag, as `fr` or `pt-BR`.

    Returns:
        CSL's tag for it, and the locales by their tags: its own, and American English for what it lacks.
        A language CSL does not know is American English.

    Raises:
        FrontendMissing: if the locales were not bundled.
    """
    folder = packages().citations
    dialects = msgspec.json.decode((folder / "dialects.json").read_bytes(), type=dict[str, str])
    known = {path.stem.lower(): path for path in (folder / "locales").glob("*.xml")}
    main = dialects.get(language.lower().partition("-")[0], "").lower()
    # citeproc asks for the tongue's main dialect as well as for the one wanted.
    found = [known[tag] for tag in (language.lower(), main, "en-us") if tag in known]
    return found[0].stem, {path.stem: path.read_text(encoding="utf-8") for path in found}

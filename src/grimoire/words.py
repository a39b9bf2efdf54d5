"""The words of the interface: English in the templates and scripts, other languages from catalogues.

A catalogue is ``locale/<language>.po``; ``build_hook.py`` compiles it when grimoire is installed. The words that
scripts show stand in ``static/words.json``, each text under the name the scripts call it by; a text with a
plural is an object with the forms ``one`` and ``other``. They are put into the scripts with the page's language,
so that no page asks for them.
"""

import json
from collections.abc import Sequence
from functools import cache
from gettext import GNUTranslations, NullTranslations

from grimoire.diagnostics import Diagnostic
from grimoire.digest import Digest, digest
from grimoire.frontend import catalogues, language_names
from grimoire.source import NOWHERE, Span, decode

Said = str | dict[str, str]
"""What a script shows: a text, or its forms by names."""


class BrokenWords(Exception):
    """A ``words.json`` holds something else; `text` is the file's, `diagnostic` says what is wrong."""

    def __init__(self, text: str, span: Span, message: str) -> None:
        super().__init__(message)
        self.text = text
        self.diagnostic = Diagnostic(
            "broken-template", "static/words.json", span, message,
            why="scripts show what stands here: each name has a text, or an object of texts",
            help="see the shipped file; what you leave out is said as there",
        )  # fmt: skip


class Words:
    """The words of one language.

    `language` is the one they are in: a site in a language without catalogue has English words. `digest`
    changes with any of them.
    """

    def __init__(self, language: str) -> None:
        """Read the catalogue of a language, a BCP 47 tag; ``fr-CA`` takes ``fr`` where there is none of its own.

        Raises:
            FrontendMissing: if nothing was bundled (see `grimoire.frontend`).
        """
        catalogue = _catalogue(language)
        self.language = catalogue or "en"
        content = catalogues()[catalogue].read_bytes() if catalogue else b""
        self.digest: Digest = digest(content)
        self.translations = _read(catalogue)

    def in_script(self, layers: Sequence[bytes]) -> str:
        """Translate ``words.json``: the text of a JavaScript expression.

        Args:
            layers: the shipped file, and behind it an author's, which says what it changes.

        Raises:
            BrokenWords: if one of them does not hold words.
        """
        words = {name: said for layer in layers for name, said in _in_json(layer).items()}
        translated = {name: self._translated(text) for name, text in words.items()}
        return json.dumps(translated, ensure_ascii=False, separators=(",", ":"))

    def _translated(self, text: Said) -> Said:
        if isinstance(text, str):
            return self.translations.gettext(text) if text else text
        if set(text) == {"one", "other"}:
            forms = text["one"], text["other"]
            return {
                "one": self.translations.ngettext(*forms, 1),
                "other": self.translations.ngettext(*forms, 5),
            }
        return {name: self.translations.gettext(form) for name, form in text.items()}


def _in_json(content: bytes) -> dict[str, Said]:
    """Read a ``words.json``.

    Raises:
        BrokenWords: if it holds something else.
    """
    text = decode(content)[0]
    try:
        words = json.loads(text)
    except json.JSONDecodeError as error:
        raise BrokenWords(text, Span(error.pos, error.pos), f"this is no JSON: {error.msg}") from None
    except RecursionError:
        raise BrokenWords(text, NOWHERE, "this goes too deep") from None
    if not isinstance(words, dict):
        raise BrokenWords(text, NOWHERE, "this is no object of JSON")
    for name, said in words.items():
        forms = said.values() if isinstance(said, dict) else [said]
        if not all(isinstance(form, str) for form in forms):
            written = json.dumps(name, ensure_ascii=False)
            start = max(0, text.find(written))
            raise BrokenWords(text, Span(start, start + len(written)), f"what `{name}` says is no text")
    return words


def languages() -> list[str]:
    """Give the languages that the interface speaks, as BCP 47 tags."""
    return ["en", *sorted(catalogues())]


def name_of(language: str) -> str:
    """Give what a language calls itself, as it stands alone: ``Français``; its tag where that is not known.

    Raises:
        FrontendMissing: if nothing was bundled.
    """
    names = language_names()
    base, _, region = language.lower().partition("-")
    name = names.get(language.lower(), "")
    if not name and base in names:
        name = f"{names[base]} ({region.upper()})"
    return name[:1].upper() + name[1:] or language


def _catalogue(language: str) -> str:
    """The catalogue for a language, "" for English."""
    known = {name.lower(): name for name in catalogues()}
    tag = language.lower()
    while tag and tag not in known:
        tag = tag.rpartition("-")[0]
    return known.get(tag, "")


@cache
def _read(catalogue: str) -> NullTranslations:
    if not catalogue:
        return NullTranslations()
    with catalogues()[catalogue].open("rb") as file:
        return GNUTranslations(file)

"""The words of the interface: English in the templates and scripts, other languages from catalogues.

A catalogue is ``locale/<language>.po``; ``build_hook.py`` compiles it when grimoire is installed. The words that
scripts show stand in ``static/words.json``, each text under the name the scripts call it by; a text with a
plural is an object with the forms ``one`` and ``other``. They are put into the scripts with the page's language,
so that no page asks for them.
"""

import json
from functools import cache
from gettext import GNUTranslations, NullTranslations

from grimoire.digest import Digest, digest
from grimoire.frontend import catalogues, language_names


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

    def in_script(self, words: str) -> str:
        """Translate ``words.json``: the text of a JavaScript expression.

        Raises:
            ValueError: if it is no JSON.
        """
        translated = {name: self._translated(text) for name, text in json.loads(words).items()}
        return json.dumps(translated, ensure_ascii=False, separators=(",", ":"))

    def _translated(self, text: str | dict[str, str]) -> str | dict[str, str]:
        if isinstance(text, str):
            return self.translations.gettext(text) if text else text
        if set(text) == {"one", "other"}:
            forms = text["one"], text["other"]
            return {
                "one": self.translations.ngettext(*forms, 1),
                "other": self.translations.ngettext(*forms, 5),
            }
        return {name: self.translations.gettext(form) for name, form in text.items()}


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

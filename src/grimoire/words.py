"""The words of the interface: English in the templates and scripts, other languages from catalogues.

A catalogue is ``locale/<language>.po``; ``build_hook.py`` compiles it when grimoire is installed. The words that
scripts show stand in ``static/words.json``, each text under the name the scripts call it by; a text with a
plural is an object with the forms ``one`` and ``other``. They are put into the scripts with the page's language,
so that no page asks for them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from gettext import GNUTranslations, NullTranslations
from typing import Any

from grimoire.diagnostics import Diagnostic
from grimoire.digest import Digest, digest
from grimoire.frontend import catalogues, language_names
from grimoire.source import NOWHERE, Span, decode, sound

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
        words: dict[str, Said] = {}
        for layer in layers:
            words |= _in_front(words, layer)
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
        return {name: self.translations.gettext(form) if form else form for name, form in text.items()}


def _in_front(others: Mapping[str, Said], content: bytes) -> dict[str, Said]:
    """Read a ``words.json`` that stands in front of `others`: of a text in several forms it may say some.

    Raises:
        BrokenWords: if it holds something else.
    """
    text = decode(content)[0]
    words: dict[str, Said] = {}
    for name, said in _in_json(text).items():
        forms = said.values() if isinstance(said, dict) else [said]
        if not all(isinstance(form, str) for form in forms):
            raise BrokenWords(text, _place(text, name), f"what `{name}` says is no text")
        other = others.get(name, said)
        if isinstance(said, dict) and isinstance(other, dict):
            words[name] = other | {form: sound(one) for form, one in said.items()}
        elif isinstance(said, str) and isinstance(other, str):
            words[name] = sound(said)
        else:
            shape = "one text" if isinstance(other, str) else "several texts"
            raise BrokenWords(text, _place(text, name), f"`{name}` has {shape} in the shipped file")
    return words


def _in_json(text: str) -> dict[str, Any]:
    try:
        words = json.loads(text)
    except json.JSONDecodeError as error:
        raise BrokenWords(text, Span(error.pos, error.pos), f"this is no JSON: {error.msg}") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, a nest as deep
        raise BrokenWords(text, NOWHERE, "this is no JSON that can be read") from None
    if not isinstance(words, dict):
        raise BrokenWords(text, NOWHERE, "this is no object of JSON")
    return words


def _place(text: str, name: str) -> Span:
    found = re.search(f"({re.escape(json.dumps(name, ensure_ascii=False))})\\s*:", text)
    return Span(*found.span(1)) if found else NOWHERE


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

"""The interface in other languages: every text has its translation, and nothing else is shown.

The catalogues `src/grimoire/locale/*.po` are kept in step with the templates, the scripts' words and the code by
`pytest --update`, which adds what is new without a translation; these tests fail until it has one.
"""

import io
import json
import re
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from tests.conftest import Golden, SiteFolder

from grimoire import words
from grimoire.parse.syntax.callouts import NAMED
from grimoire.render import record
from grimoire.words import Words, languages

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "src/grimoire/locale"
LANGUAGES = sorted(path.stem for path in LOCALE.glob("*.po"))
SLOT_WORDS = re.compile(r"\{SLOT\}w([^{}\\]+)\{SLOT\}")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def _messages() -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Every text of the interface with the file it stands in."""
    for folder, mapping in (("templates", ("**.html", "jinja2")), ("src/grimoire", ("**.py", "python"))):
        options = {"**.html": {"trimmed": "true"}}
        for path, _, message, _, _ in extract_from_dir(ROOT / folder, [mapping], options, keywords=KEYWORDS):
            yield message, f"{folder}/{path}"
    yield from ((month, "src/grimoire/render/record.py") for month in record._MONTHS)
    yield from ((name.capitalize(), "src/grimoire/parse/syntax/callouts.py") for name in sorted(NAMED))
    for module in sorted((ROOT / "src/grimoire/parse").rglob("*.py")):
        for found in SLOT_WORDS.findall(module.read_text("utf-8")):
            yield found, module.relative_to(ROOT).as_posix()
    for text in json.loads((ROOT / "static/words.json").read_text("utf-8")).values():
        if isinstance(text, str):
            yield text, "static/words.json"
        elif set(text) == {"one", "other"}:
            yield (text["one"], text["other"]), "static/words.json"
        else:
            yield from ((form, "static/words.json") for form in text.values())


KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


def _template() -> Catalog:
    catalog = Catalog(project="grimoire", fuzzy=False)
    for message, place in _messages():
        catalog.add(message, locations=[(place, 0)])
    return catalog


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str, golden: Golden) -> None:
    path = LOCALE / f"{language}.po"
    catalog = read_po(io.BytesIO(path.read_bytes()), language)
    catalog.update(_template(), no_fuzzy_matching=True)
    for message in catalog:
        message.flags.discard("python-format")
    catalog.obsolete.clear()
    out = io.BytesIO()
    write_po(out, catalog, width=110, omit_header=True, sort_output=True, include_lineno=False)
    head = path.read_text("utf-8").partition("\n\n")[0]
    golden.check(path, f"{head}\n\n{out.getvalue().decode().strip()}\n")
    missing = [message.id for message in catalog if message.id and not all(_forms(message.string) or ("",))]
    assert not missing, f"without a translation: {missing}"


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_what_is_put_in(language: str) -> None:
    for message in read_po(io.BytesIO((LOCALE / f"{language}.po").read_bytes()), language):
        wanted = {name for form in _forms(message.id) for name in PLACEHOLDER.findall(form)}
        for form in _forms(message.string):
            if message.id:
                found = set(PLACEHOLDER.findall(form))
                assert found <= wanted, message.id
                # "asked for once" does without its number, as its plural does not.
                assert found == wanted or isinstance(message.id, tuple), message.id


def test_a_language_is_found_by_its_nearest_catalogue() -> None:
    assert Words("fr-CA").language == "fr"
    assert Words("FR").language == "fr"
    assert Words("tlh").language == "en"
    assert Words("en-GB").language == "en"
    assert languages() == ["en", *LANGUAGES]


def test_a_french_site_speaks_french(site: SiteFolder) -> None:
    site.write("site.yaml", "language: fr\n")
    site.write(
        "norme.md", "# Norme\n\nUne longueur; voir [espace].[^1]\n\n[^1]: Une note.\n\n```py\nx\n```\n"
    )
    site.write("avis.md", "# Avis\n\nx\n\n> [!warning]\n> y\n\n> [!Warning] Warning\n> y\n\n> [!open]\n> y\n")
    site.write("espace.md", "---\nmodified: 2024-08-01\n---\n# Espace\n\nCe qui contient.\n")
    assert not site.build().diagnostics
    callouts = re.findall(r'class="lbl">([^<]+)<', site.page("terms/avis/index.html"))
    assert callouts == ["Avertissement", "Warning", "Open"], "what the author wrote stays"
    page = site.page("terms/norme/index.html")
    assert '<html lang="fr">' in page
    for text in ("Aller au contenu", "Voisinage", "Copier", 'aria-label="Note 1"'):
        assert text in page
    assert "1 août 2024" in site.page("terms/espace/index.html")
    assert "1 page<" in site.page("terms/espace/index.html")
    (script,) = (name for name in site.files() if re.fullmatch(r"static/app\.\w+\.js", name))
    assert "Ouvrir à côté" in site.page(script)


class _Marked(NullTranslations):
    """A language in which every text stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return f"⟦{singular if number == 1 else plural}⟧"


def test_no_text_of_the_interface_is_left_untranslated(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a language of brackets no letter of a page stands outside of them, but what its author wrote."""
    monkeypatch.setattr(words, "_read", lambda _: _Marked())
    site.write("site.yaml", "title: 0\nlicense: '0'\nauthor: '0'\nedit_url: https://0.example/{path}\n")
    site.write(
        "1.md",
        "---\ntags: ['9']\nauthor: '0'\nmodified: 2024-08-01\n---\n# 1\n\n[2] [3] ![[2]]\n\n```\n0\n```\n",
    )
    site.write(
        "2.md",
        "---\nstatus: '0'\naliases: ['0']\n---\n# 2\n\n[1] 0[^1] [yt](https://0.example) [[7]]\n\n[^1]: 0\n\n# 3\n",
    )
    site.build()
    for path in site.files():
        if path.endswith("index.html") or path == "404.html":
            assert not _unmarked(site.page(path)), path


ATTRIBUTE = re.compile(r'\s(?:aria-label|title|placeholder|alt|data-none|data-one|data-many)="([^"]*)"')


def _unmarked(html: str) -> list[str]:
    """The letters of a page's text and labels that stand outside the brackets."""
    html = re.sub(r"<(script|style|svg|pre)\b.*?</\1>|<!--.*?-->", " ", html, flags=re.DOTALL)
    texts = [*ATTRIBUTE.findall(html), *re.split(r"<[^>]*>", html)]
    names = r"⟦[^⟧]*⟧|&\w+;|0\.example|BibTeX|TeX|YouTube"
    rest = (re.sub(names, " ", text) for text in texts)
    return [text.strip() for text in rest if re.search(r"[A-Za-z]{2,}", text)]

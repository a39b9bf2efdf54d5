"""Addresses: how each is read, and that no place of a site lets a harmful one through."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.conftest import SiteFolder

from grimoire.addresses import HARMLESS, WEB, as_read, is_allowed, is_outside, scheme
from grimoire.citations.bibliography import read_bibliography
from grimoire.config import read_settings


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://example.org/a b", "https"),
        ("HTTPS://example.org", "https"),
        ("mailto:a@example.org", "mailto"),
        ("//example.org", "https"),
        ("\\\\example.org", "https"),
        ("/\\example.org", "https"),
        (" \x01java\tscr\nipt:x ", "javascript"),
        ("JaVaScRiPt:x", "javascript"),
        ("ring.md", ""),
        ("/ring.md", ""),
        ("../ring.md#a:b", ""),
        ("a/b:c", ""),
        ("#a:b", ""),
        ("1:x", ""),
        ("", ""),
    ],
)
def test_an_address_is_read_as_a_browser_reads_it(written: str, read: str) -> None:
    assert scheme(written) == read
    assert is_outside(written) == bool(read)
    assert is_allowed(written) == (read in HARMLESS)
    assert is_allowed(written, WEB) == (read == "https")


def test_a_host_gets_a_scheme() -> None:
    assert as_read("//example.org//a") == "https://example.org//a"
    assert as_read(" https://example.org/\n") == "https://example.org/"


# ------------------------------------------------------------------------------ every place

HOSTILE = {
    "script": "javascript:alert(1)",
    "in capitals": "JaVaScRiPt:alert(1)",
    "over lines": "java\nscript:alert(1)",
    "with a tab": "java\tscript:alert(1)",
    "behind a control character": "\x01javascript:alert(1)",
    "behind blanks": "  javascript:alert(1)",
    "an entity": "&#106;avascript:alert(1)",
    "an entity for the colon": "javascript&colon;alert(1)",
    "an entity for a tab": "java&Tab;script:alert(1)",
    "encoded": "javascript%3Aalert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "data in base 64": "data:image/svg+xml;base64,PHN2Zz4=",
    "other script": "vbscript:msgbox(1)",
    "a file": "file:///etc/passwd",
    "a blob": "blob:https://example.org/x",
    "a host alone": "//example.org/x.png",
    "a host with backslashes": "\\\\example.org/x.png",
}
PLACES = {
    "link": "[x]({})",
    "link in angles": "[x](<{}>)",
    "link with a title": '[x]({} "title")',
    "link without a text": "[]({})",
    "reference": "[x][y{n}]\n\n[y{n}]: {}",
    "reference in angles": "[x][y{n}]\n\n[y{n}]: <{}>",
    "autolink": "<{}>",
    "bare": "see {} there",
    "picture": "![x]({})",
    "picture by reference": "![x][y{n}]\n\n[y{n}]: {}",
    "picture in a link": "[![x]({})]({})",
    "name": "[[{}]]",
    "name with a text": "[[{}|x]]",
    "second address": "[[x]]({})",
    "embed": "![[{}]]",
    "embedded file": "![[{}.png]]",
    "video": "[yt]({})",
    "video by name": "[[yt]]({})",
    "HTML link": '<a href="{}">x</a>',
    "HTML link without quotes": "<a href={}>x</a>",
    "HTML picture": '<img src="{}" alt="x">',
    "HTML block": '<div><a href="{}">x</a> <img src="{}"></div>',
    "quotation": '<q cite="{}">x</q>',
    "form": '<form action="{}"><button formaction="{}">x</button></form>',
    "frame": '<iframe src="{}"></iframe> <object data="{}"></object> <embed src="{}">',
    "media": '<video src="{}" poster="{}"></video> <audio src="{}"></audio>',
    "drawing in HTML": '<svg><a xlink:href="{}"><use href="{}"/></a></svg>',
    "declared name": "alias: [x]({})\n\nText.",
    "footnote": "x^[see [x]({})]",
    "callout": "> [!note] [x]({})\n> [y]({})",
    "formula": "$\\href{{}}{x} \\url{{}} \\includegraphics{{}}$",
    "diagram": '```mermaid\nflowchart LR\n  A --> B\n  click A href "{}"\n```',
}
FIELDS = ("yt", "author", "description", "related", "aliases", "title", "status")

ADDRESSES = frozenset(
    "href src cite action formaction poster data srcset xlink:href background ping longdesc manifest".split()
)
FETCHED = frozenset(("src", "poster", "data", "srcset", "background"))


class Attributes(HTMLParser):
    """The attributes of a page that hold an address."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(tag, name, value or "") for name, value in attrs if name in ADDRESSES]


def entry(place: str) -> str:
    """A note with every hostile address in this place."""
    texts = (
        PLACES[place].replace("{}", address).replace("{n}", str(number))
        for number, address in enumerate(HOSTILE.values())
    )
    return "---\nkind: note\n---\n\n" + "\n\n".join(texts) + "\n"


def quoted(address: str) -> str:
    return address.replace("\\", "\\\\").replace("\n", "\\n").replace("\x01", "\\x01")


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> SiteFolder:
    site = SiteFolder(tmp_path_factory.mktemp("hostile") / "site")
    for number, place in enumerate(PLACES):
        site.write(f"place/n{number}.md", entry(place))
    for field in FIELDS:
        for number, address in enumerate(HOSTILE.values()):
            text = f'---\nkind: note\n{field}: "{quoted(address)}"\n---\n\n[yt]\n'
            site.write(f"{field}/n{number}.md", text)
    assert site.build().is_written
    return site


def hold(page: str) -> None:
    """Hold a page to what it may lead to and ask for."""
    attributes = Attributes()
    attributes.feed(page)
    assert attributes.found
    for tag, name, value in attributes.found:
        read = re.sub(r"[\t\n\r]", "", value).strip("".join(map(chr, range(0x21))))
        found = re.match(r"([a-z][a-z0-9+.-]*):|[/\\]{2}", read, re.IGNORECASE)
        assert found is None or found[0].lower() in {"https:", "http:", "mailto:"}, (tag, name, value)
        assert found is None or name not in FETCHED, "a page asks no other host for anything"


@pytest.mark.parametrize("place", PLACES)
def test_no_place_lets_a_harmful_address_through(hostile_site: SiteFolder, place: str) -> None:
    hold(hostile_site.page(f"place/n{list(PLACES).index(place)}/index.html"))


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_lets_a_harmful_address_through(hostile_site: SiteFolder, field: str) -> None:
    for number in range(len(HOSTILE)):
        hold(hostile_site.page(f"{field}/n{number}/index.html"))


def test_pages_of_lists_let_none_through(hostile_site: SiteFolder) -> None:
    for path in ("index.html", "videos/index.html", "wanted/index.html", "glossary.json"):
        text = hostile_site.page(path)
        assert not re.search(
            r"href=\"\s*(?:java|vb)script|\"url\": ?\"(?:javascript|data)", text, re.IGNORECASE
        )


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("setting", ["base_url", "edit_url"])
def test_settings_take_addresses_of_the_web_only(tmp_path: Path, setting: str, hostile: str) -> None:
    address = quoted(HOSTILE[hostile])
    (tmp_path / "site.yaml").write_text(f'{setting}: "{address}{{path}}"\n', encoding="utf-8")
    settings, faults = read_settings(tmp_path, "site.yaml")
    value = getattr(settings, setting)
    assert value == "" or value.startswith("https://example.org/")
    assert bool(value) != bool(faults)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_bibliographies_keep_addresses_of_the_web_only(hostile: str) -> None:
    (item,), faults = read_bibliography("a.bib", f"@misc{{a, title = {{T}}, url = {{{HOSTILE[hostile]}}}}}")
    address = str(item.csl.get("URL", ""))
    assert address == "" or re.match(r"(?:https:)?[/\\]{2}example\.org/", address)
    assert address or [one.code for one in faults] == ["unsafe-url"]

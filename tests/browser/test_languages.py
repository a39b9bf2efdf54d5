"""A glossary in several languages: from one to another, and back; search and cards stay in the reader's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import publish, published, reading
from tests.browser.test_axe import objections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from tests.browser.conftest import Host, Reader

pytestmark = pytest.mark.browser

FILES = {
    "ring.md": "# Ring\n\nA [[group]] with a product, $a(b + c)$.\n",
    "ring.fr.md": "# Anneau\n\nUn [[groupe]] avec un produit, $a(b + c)$ ; voir aussi [[field]].\n",
    "group.md": "# Group\n\nA set with one operation.\n",
    "group.fr.md": "# Groupe\n\nUn ensemble avec une opération.\n",
    "field.md": "# Field\n\nA [[ring]] with division.\n",
}
FEW, MANY = "/few/", "/many/"


@pytest.fixture(scope="module")
def several(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Host:
    """The same glossary in two languages, and in six."""
    for base, languages in ((FEW, "[fr]"), (MANY, "[fr, ar, de, ja, pt-BR]")):
        folder = tmp_path_factory.mktemp(base.strip("/"))
        (folder / "content").mkdir()
        (folder / "content/site.yaml").write_text(f"title: Algebra\nlanguages: {languages}\n", "utf-8")
        for name, text in FILES.items():
            (folder / "content" / name).write_text(text, "utf-8")
        host.add(base, publish(folder, folder / "public", base))
    return host


@pytest.fixture(params=[FEW, MANY])
def visitor(browser: Browser, several: Host, request: pytest.FixtureRequest) -> Iterator[Reader]:
    with reading(browser, published(several, request.param)) as one:
        yield one


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_a_reader_goes_from_one_language_to_another_and_back(visitor: Reader, width: int) -> None:
    page = visitor.open("terms/ring/", width=width)
    for language, title in (("Français", "Anneau"), ("English", "Ring")):
        if page.locator("details.tongues").count():
            page.locator("details.tongues summary").click()
        page.get_by_role("navigation", name="Lang").get_by_role("link", name=language).click()
        expect(page.locator("h1")).to_have_text(title)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("path", "name"), [("", "Languages: en"), ("fr/", "Langues: fr")])
def test_what_many_languages_are_folded_into_is_called_by_what_can_be_seen(
    browser: Browser, several: Host, path: str, name: str
) -> None:
    with reading(browser, published(several, MANY)) as one:
        summary = one.open(path).locator("details.tongues summary")
        expect(summary).to_have_accessible_name(name)
        assert summary.evaluate("one => one.lastChild.data") in name


def test_search_and_cards_stay_in_the_language(visitor: Reader) -> None:
    page = visitor.open("fr/terms/ring/")
    page.locator("article p a.t", has_text="groupe").hover()
    expect(page.locator(".peek")).to_contain_text("Un ensemble avec une opération.")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("groupe")
    page.get_by_role("option", name="Groupe").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/terms/group/")


def test_a_card_of_what_is_not_translated_is_in_its_own_language(visitor: Reader) -> None:
    page = visitor.open("fr/terms/ring/")
    page.locator("article p a.t", has_text="field").hover()
    expect(page.locator(".peek .pk")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["", "fr/", "terms/ring/", "fr/terms/field/", "fr/topics/"])
def test_axe_has_no_objection(visitor: Reader, path: str, width: int) -> None:
    page = visitor.open(path, width=width)
    if page.locator("details.tongues").count():
        page.locator("details.tongues summary").click()
    assert objections(page) == []


@pytest.mark.parametrize("path", ["", "fr/terms/field/"])
def test_the_way_to_another_language_is_large_enough_to_touch(visitor: Reader, path: str) -> None:
    page = visitor.open(path, width=390, has_touch=True)
    if page.locator("details.tongues").count():
        page.locator("details.tongues summary").tap()
    for link in page.locator(".tongues a, .tongues summary").all():
        box = link.bounding_box()
        assert box
        assert box["width"] >= 24
        assert box["height"] >= 24

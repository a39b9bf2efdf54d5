"""Reading offline, where a site wants it: all is there without a network, and nothing is ever older than it need be."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Published, publish, published, reading
from tests.browser.test_axe import AXE, RUN

from grimoire import offline
from grimoire.serve.headers import HeaderFile
from grimoire.theme import default_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page
    from tests.browser.conftest import Host, Reader

pytestmark = pytest.mark.browser

RING = "---\ntags: [algebra]\n---\n# Ring\n\nA set with two operations, of which $$\n\\sum_i x_i\n$$ is one. See [group].\n"
GROUP = "---\ntags: [algebra]\n---\n# Group\n\nA set with one operation.\n"
FIELD = "# Field\n\nA [ring] in which one can divide.\n"


class Site:
    """A site that is edited and published again while somebody reads it."""

    def __init__(self, host: Host, folder: Path, base: str) -> None:
        self.host, self.folder, self.base = host, folder, base
        self.content = folder / "content"
        self.content.mkdir(parents=True)
        self.write("site.yaml", "title: Rings\noffline: true\n")
        for name, text in (("ring", RING), ("group", GROUP), ("field", FIELD)):
            self.write(f"{name}.md", text)
        self.publish()
        host.add(base, folder / "public")
        self.published = Published(f"http://127.0.0.1:{host.server_port}{base}", folder / "public")

    def write(self, name: str, text: str) -> None:
        (self.content / name).write_text(text, "utf-8")

    def publish(self) -> None:
        publish(self.folder, self.folder / "public", self.base)


@pytest.fixture
def rings(host: Host, tmp_path: Path) -> Iterator[Site]:
    base = f"/{tmp_path.name}/"
    yield Site(host, tmp_path, base)
    del host.sites[base]


@pytest.fixture
def visitor(browser: Browser, rings: Site) -> Iterator[Reader]:
    with reading(browser, rings.published) as one:
        yield one


def kept(page: Page) -> list[str]:
    """The addresses of what the browser keeps, below the root of the site."""
    every = page.evaluate(
        "(async () => { const all = []; for (const name of await caches.keys())"
        " for (const { url } of await (await caches.open(name)).keys()) all.push(url); return all })()"
    )
    root = page.evaluate(
        "new URL(document.body.dataset.top ?? document.body.dataset.root, location.href).href"
    )
    return sorted(one.removeprefix(root) for one in every)


def settle(page: Page, site: Published, *, whole: bool = True) -> None:
    """Wait until the browser keeps all that the site wants it to; without `whole`, the frame."""
    known = json.loads(re.findall(r'{"lists".*?}', (site.folder / "sw.js").read_text("utf-8"))[0])
    wanted = set(known["lists"] if whole else known["lists"][:1])
    for _ in range(100):
        lists = {path for path in kept(page) if "offline-lists" in path}
        if wanted <= lists and not (whole and lists - wanted):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"the browser keeps {lists}, not {wanted}")


def install(visitor: Reader, path: str = "") -> Page:
    """Read two pages, as somebody does who comes back."""
    page = visitor.open(path)
    settle(page, visitor.site, whole=False)
    page.reload()
    settle(page, visitor.site)
    return page


def go(page: Page, visitor: Reader, path: str) -> None:
    page.goto(visitor.site.address + path)


def off(page: Page, visitor: Reader) -> None:
    """Take the network away."""
    visitor.allow("request failed")
    page.context.set_offline(True)


def test_the_whole_glossary_is_read_without_a_network(visitor: Reader) -> None:
    page = install(visitor)
    off(page, visitor)
    go(page, visitor, "")
    assert page.locator(".letter li").count() == 3
    go(page, visitor, "terms/ring/")
    assert page.locator(".katex").count() == 1
    assert page.evaluate("document.fonts.check('1em KaTeX_Main')")
    page.locator("article a.t", has_text="group").hover()
    expect(page.locator(".peek")).to_contain_text("one operation")
    page.keyboard.press("/")
    page.keyboard.type("divi")
    expect(page.locator("[role=option]").first).to_contain_text("Field")
    page.keyboard.press("Enter")
    page.wait_for_url("**/terms/field/")
    for path in ("topics/", "graph/", "search/?q=ring", "terms/ring/?beside=group", "topics/algebra/"):
        go(page, visitor, path)
        expect(page.locator("main h1").first).to_be_visible()


def test_a_page_that_is_not_kept_says_so_and_leads_on(visitor: Reader, rings: Site) -> None:
    page = install(visitor, "terms/ring/")
    off(page, visitor)
    visitor.allow("answered 503", "console")
    go(page, visitor, "terms/nobody/of/these/")
    expect(page.locator("h1")).to_have_text("Not kept for reading offline")
    assert page.locator("[data-kept] a").all_inner_texts() == ["Ring"]
    page.locator("[data-kept] a").click()
    expect(page.locator("h1")).to_have_text("Ring")
    go(page, visitor, "terms/nobody/")
    page.get_by_role("link", name="All terms stand in the index.").click()
    assert page.url == rings.published.address


def test_what_another_has_written_in_place_of_the_last_terms_is_no_list(visitor: Reader) -> None:
    page = install(visitor, "terms/ring/")
    off(page, visitor)
    visitor.allow("answered 503", "console")
    for written in ("{}", '"ring"', "[1, null]", "["):
        page.evaluate("text => { localStorage.visited = text }", written)
        go(page, visitor, "terms/nobody/of/these/")
        page.wait_for_timeout(100)
        assert page.locator("[data-kept] a").count() == 0
        page.keyboard.press("/")
        expect(page.get_by_role("option").first).to_be_visible()


def test_the_page_for_what_is_not_kept_stands_where_the_site_does(
    browser: Browser, host: Host, rings: Site
) -> None:
    """A site that is published elsewhere than it was built for keeps its links."""
    host.add("/elsewhere/below/", rings.folder / "public")
    elsewhere = published(host, "/elsewhere/below/")
    with reading(browser, elsewhere) as there:
        page = install(there)
        off(page, there)
        there.allow("answered 503", "console")
        go(page, there, "terms/nobody/")
        assert page.evaluate("document.querySelector('.brand').href") == elsewhere.address
        assert page.evaluate("getComputedStyle(document.body).display") == "flex", "its style sheet is there"
    del host.sites["/elsewhere/below/"]


def test_who_is_online_reads_the_newest_at_once_and_offline_too(visitor: Reader, rings: Site) -> None:
    page = install(visitor)
    others = ("static/math.css", "static/offline-lists/")
    names = {path for path in kept(page) if path.startswith("static/") and not path.startswith(others)}
    rings.write("ring.md", RING.replace("two operations", "addition and multiplication"))
    (rings.content / "group.md").unlink()
    rings.publish()
    asked = asked_of(rings.host)
    go(page, visitor, "terms/ring/")
    expect(page.locator("article .lead")).to_contain_text("addition and multiplication")
    settle(page, rings.published)
    assert names.isdisjoint(path.removeprefix(rings.base) for path in asked), (
        "named by their content: fetched once"
    )
    assert {path for path in kept(page) if path.startswith("static/")} >= names
    assert "terms/group/" not in kept(page), "what is gone from the site is gone from the browser"
    off(page, visitor)
    go(page, visitor, "terms/field/")
    assert page.locator(".used p").count() == 0
    go(page, visitor, "terms/ring/")
    expect(page.locator("article .lead")).to_contain_text("addition and multiplication")
    visitor.allow("answered 503", "console")
    go(page, visitor, "terms/group/")
    expect(page.locator("h1")).to_have_text("Not kept for reading offline")


def test_an_update_fetches_what_changed_and_no_more(visitor: Reader, rings: Site) -> None:
    page = install(visitor)
    rings.write("field.md", FIELD.replace("divide", "divide by all but nought"))
    rings.publish()
    asked = asked_of(rings.host)
    go(page, visitor, "graph/")
    settle(page, rings.published)
    fetched = {path.removeprefix(rings.base) for path in asked} - {"graph/", "graph/map.json", "sw.js"}
    assert "terms/field/" in fetched
    assert {"terms/group/", "terms/group/card.html", "wanted/", "videos/"}.isdisjoint(fetched)
    assert not [path for path in fetched if path.endswith((".woff2", ".css", ".js"))]


def asked_of(host: Host) -> list[str]:
    """The paths that the host is asked for from now on."""
    host.asked = []
    return host.asked


def test_a_slow_network_shows_what_is_kept_and_tells_of_what_is_newer(visitor: Reader, rings: Site) -> None:
    page = install(visitor, "terms/ring/")
    page.set_default_timeout(30_000)
    rings.write("ring.md", RING.replace("two operations", "addition and multiplication"))
    rings.publish()
    rings.host.delays = {f"{rings.base}terms/ring/": 4.5}
    page.goto(f"{rings.published.address}terms/ring/")
    expect(page.locator("article .lead")).to_contain_text("two operations")
    rings.host.delays = {}
    bar = page.locator(".newer")
    expect(bar).to_contain_text("It has changed since.")
    bar.get_by_role("link").click()
    expect(page.locator("article .lead")).to_contain_text("addition and multiplication")


def test_a_reader_of_one_page_keeps_the_frame_alone(visitor: Reader) -> None:
    page = visitor.open("terms/ring/")
    settle(page, visitor.site, whole=False)
    page.wait_for_timeout(300)
    found = kept(page)
    assert {"", "offline.html", "search/names.json", "static/math.css"} <= set(found)
    assert not [path for path in found if path.startswith("terms/")]
    off(page, visitor)
    visitor.allow("console")  # cards and texts are not kept
    page.keyboard.press("/")
    page.keyboard.type("fie")
    expect(page.locator("[role=option]").first).to_contain_text("Field")


def test_a_large_site_keeps_what_is_read(
    browser: Browser, host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "WHOLE", 1000)
    rings = Site(host, tmp_path / "large", "/large-rings/")
    with reading(browser, rings.published) as one:
        page = install(one, "terms/ring/")
        assert [path for path in kept(page) if path.startswith("terms/")] == ["terms/ring/"]
        off(page, one)
        go(page, one, "terms/ring/")
        expect(page.locator("h1")).to_have_text("Ring")
        one.allow("answered 503", "console")
        go(page, one, "terms/group/")
        assert page.locator("[data-kept] a").all_inner_texts() == ["Ring"]
    del host.sites["/large-rings/"]


def test_a_worker_whose_lists_a_newer_one_has_taken_away_drops_nothing(
    browser: Browser, host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "WHOLE", 1000)
    worker = (default_folder() / "static/worker.js").read_text("utf-8")
    (tmp_path / "few/static").mkdir(parents=True)
    (tmp_path / "few/static/worker.js").write_text(
        worker.replace("MOST_READ = 300", "MOST_READ = 1"), "utf-8"
    )
    rings = Site(host, tmp_path / "few", "/few-rings/")
    with reading(browser, rings.published) as one:
        page = install(one, "terms/ring/")
        before = [path for path in kept(page) if "offline-lists" not in path]
        page.evaluate(
            "(async () => { const [name] = await caches.keys(), cache = await caches.open(name);"
            " for (const one of await cache.keys()) if (one.url.includes('offline-lists')) await cache.delete(one);"
            " navigator.serviceWorker.controller.postMessage('keep') })()"
        )
        page.wait_for_timeout(500)
        assert set(before) <= set(kept(page)), "what the page asks for late, as its icon, may come to it"
    del host.sites["/few-rings/"]


def test_a_site_that_no_longer_wants_it_is_rid_of_it(visitor: Reader, rings: Site) -> None:
    page = install(visitor)
    rings.write("site.yaml", "title: Rings\n")
    rings.publish()
    visitor.missing("sw.js")
    go(page, visitor, "terms/ring/")
    visitor.until(page, "caches.keys().then(names => names.length === 0)")
    visitor.until(page, "navigator.serviceWorker.getRegistrations().then(all => all.length === 0)")
    go(page, visitor, "terms/group/")
    assert page.evaluate("navigator.serviceWorker.controller") is None


def test_a_site_that_does_not_want_it_pays_nothing(reader: Reader) -> None:
    page = reader.open()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    assert not [path for path in reader.requests if "offline" in path or "sw.js" in path]
    assert not re.search(r"data-offline|offline\.\w", page.content())
    assert not (reader.site.folder / "sw.js").exists()


def test_the_site_can_be_installed(visitor: Reader) -> None:
    page = install(visitor)
    session = page.context.new_cdp_session(page)
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A window of a test is as private as one of a reader who wants it so.
    assert [one["errorId"] for one in errors if one["errorId"] != "in-incognito"] == []


def test_headers_of_the_host_hold_for_what_is_kept(visitor: Reader, rings: Site) -> None:
    page = install(visitor)
    off(page, visitor)
    answer = page.goto(f"{rings.published.address}terms/ring/")
    assert answer is not None
    assert answer.from_service_worker
    policy = HeaderFile(rings.folder / "public").headers("/terms/ring/")["content-security-policy"]
    assert answer.headers["content-security-policy"] == policy


def test_each_language_says_in_its_own_what_is_not_kept(visitor: Reader, rings: Site) -> None:
    rings.write("site.yaml", "title: Rings\noffline: true\nlanguages: [fr]\n")
    rings.write("ring.fr.md", "# Anneau\n\nUn ensemble avec deux opérations.\n")
    rings.publish()
    page = install(visitor, "fr/terms/ring/")
    off(page, visitor)
    visitor.allow("answered 503", "console")
    go(page, visitor, "fr/terms/ring/")
    expect(page.locator("h1")).to_have_text("Anneau")
    go(page, visitor, "terms/ring/")
    expect(page.locator("h1")).to_have_text("Ring")
    for path, lang in (("fr/terms/nothing/", "fr"), ("terms/nothing/", "en")):
        go(page, visitor, path)
        expect(page.locator("html")).to_have_attribute("lang", lang)
        assert page.locator("head link[rel=stylesheet]").count()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_to_object_to(visitor: Reader, scheme: Literal["light", "dark"], width: int) -> None:
    page = visitor.open("terms/ring/", scheme=scheme, width=width)
    settle(page, visitor.site, whole=False)
    page.evaluate("navigator.serviceWorker.dispatchEvent(new MessageEvent('message', { data: 'newer' }))")
    expect(page.locator(".newer")).to_be_visible()
    page.evaluate(AXE)
    assert page.evaluate(RUN, {}) == []
    page.reload()
    off(page, visitor)
    visitor.allow("answered 503", "console")
    go(page, visitor, "terms/nobody/")
    expect(page.locator("[data-kept] a")).to_have_text("Ring")
    page.evaluate(AXE)
    assert page.evaluate(RUN, {}) == []

"""Pages that are open while the site is written: what changes in them, and what stays as the reader has it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Published, Reader, reading
from tests.browser.test_axe import objections
from tests.serving import Served

from grimoire.serve import hosting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

LONG = "\n\n".join(f"Paragraph {n}: a ring has two operations, and they get along." for n in range(60))
RING = f"""---
title: Ring
tags: [algebra]
---
A ring is a [[group]] with a product.

> [!note]- More of it
> The integers are a ring.

{LONG}

The end of it, see also [[field]].
"""
FIELD = "---\ntitle: Field\ntags: [algebra]\n---\nA ring in which one divides.\n"
GROUP = "---\ntitle: Group\ntags: [order]\n---\nA set with one operation, $a \\cdot b$.\n"


class Author:
    """Writes a site that somebody looks at."""

    def __init__(self, served: Served, reader: Reader) -> None:
        self.served = served
        self.reader = reader

    def open(self, path: str = "terms/ring/") -> Page:
        page = self.reader.open(path)
        page.evaluate("window.sameAs = 'before'")
        # The stream of news is open.
        self.reader.until(page, "document.querySelector('grimoire-live')?.dataset.shows")
        return page

    def edit(self, path: str, change: Callable[[str], str]) -> None:
        """Change a file, and wait for the build."""
        file = self.served.site / path
        self.write(path, change(file.read_text("utf-8")))

    def write(self, path: str, text: str) -> None:
        self.served.write(path, text)
        self.served.built()

    def sees(self, page: Page, text: str, within: str = "main") -> None:
        self.reader.until(
            page, "([css, text]) => document.querySelector(css)?.textContent.includes(text)", [within, text]
        )


def is_same(page: Page) -> bool:
    """Whether the page has not been loaded anew."""
    return bool(page.evaluate("window.sameAs === 'before'"))


def bar(page: Page) -> str:
    """What the bar says; "" if there is none."""
    return str(
        page.evaluate(
            "(() => { const bar = document.querySelector('grimoire-live').shadowRoot.querySelector('.bar');"
            " return bar.hidden ? '' : bar.innerText.replace(/\\s+/g, ' ').trim() })()"
        )
    )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    site = tmp_path / "site"
    for name, text in (("ring", RING), ("field", FIELD), ("group", GROUP)):
        (site / "content").mkdir(parents=True, exist_ok=True)
        (site / "content" / f"{name}.md").write_text(text)
    with Served(site) as one:
        one.built()
        yield one


@pytest.fixture
def author(served: Served, browser: Browser) -> Iterator[Author]:
    with reading(browser, Published(served.address, served.site)) as reader:
        yield Author(served, reader)


def test_an_edit_is_put_in_place(author: Author) -> None:
    page = author.open()
    untouched = page.query_selector("main p >> nth=4")
    author.edit("content/ring.md", lambda text: text.replace("with a product", "with a multiplication"))
    author.sees(page, "with a multiplication")
    assert is_same(page)
    assert untouched
    assert untouched.evaluate("node => node.isConnected"), "what did not change is the same element"


def test_what_the_reader_did_stays(author: Author) -> None:
    page = author.open()
    page.locator("main details summary").first.click()
    page.evaluate("scrollTo(0, 700)")
    link = page.locator("main p >> text=Paragraph 30")
    before = link.bounding_box()
    page.evaluate("document.querySelector('a.find').focus({ preventScroll: true })")
    author.edit(
        "content/ring.md", lambda text: text.replace("with a product.", "with a product.\n\nA new paragraph.")
    )
    author.sees(page, "A new paragraph.")
    assert is_same(page)
    assert page.evaluate("document.querySelector('main details').open")
    assert page.evaluate("document.activeElement.matches('a.find')")
    after = link.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 1.5
    assert page.evaluate("scrollY") > 700


def test_a_page_beside_stays_and_follows(author: Author) -> None:
    page = author.open("terms/ring/?beside=group,field")
    author.reader.until(page, "document.querySelectorAll('#stack > section').length === 2")
    author.edit("content/group.md", lambda text: text.replace("one operation", "a single operation"))
    author.sees(page, "a single operation", "#stack > section[data-page=group]")
    assert is_same(page)
    assert page.locator("#stack > section").count() == 2
    assert "beside=group,field" in page.url


def test_a_page_beside_follows_in_a_further_language_too(author: Author) -> None:
    author.write("content/site.yaml", "languages: [fr]\n")
    author.write("content/group.fr.md", "# Groupe\n\nUn ensemble avec une opération.\n")
    page = author.open("fr/terms/ring/?beside=group")
    author.reader.until(page, "document.querySelectorAll('#stack > section').length === 1")
    author.edit("content/group.fr.md", lambda text: text.replace("une opération", "une seule opération"))
    author.sees(page, "une seule opération", "#stack > section[data-page=group]")
    assert is_same(page)


def test_the_search_finds_what_has_just_been_written(author: Author) -> None:
    page = author.open()
    page.keyboard.press("/")
    field = page.get_by_role("combobox")
    field.fill("monoid")
    expect(page.locator(".pal .empty")).to_contain_text("monoid")
    shown = page.evaluate("document.querySelector('grimoire-live').dataset.shows")
    author.write("content/monoid.md", "# Monoid\n\nA set with a unit, as *quaternions* have one.\n")
    author.reader.until(page, f"document.querySelector('grimoire-live').dataset.shows !== '{shown}'")
    field.fill("monoids")  # by its name
    field.fill("monoid")
    expect(page.get_by_role("option").first).to_contain_text("Monoid")
    field.fill("quaternions")  # by its text
    expect(page.get_by_role("option").first).to_contain_text("Monoid")
    assert is_same(page)


def test_a_filter_stays(author: Author) -> None:
    page = author.open("")
    page.locator("#f").fill("ring")
    author.reader.until(page, "document.querySelectorAll('li[data-k]:not([hidden])').length === 1")
    author.write("content/ringoid.md", "# Ringoid\n\nNearly a ring.\n")
    author.sees(page, "Ringoid")
    author.reader.until(page, "document.querySelectorAll('li[data-k]:not([hidden])').length === 2")
    assert page.locator("#f").input_value() == "ring"
    assert is_same(page)
    page.locator("#f").fill("")
    author.reader.until(page, "document.querySelectorAll('li[data-k]:not([hidden])').length === 4")


def test_a_card_is_read_anew(author: Author) -> None:
    page = author.open()
    page.locator("main a.t", has_text="group").first.hover()
    author.reader.until(page, "document.querySelector('.peek')?.textContent.includes('one operation')")
    page.mouse.move(0, 0)
    author.reader.until(page, "!document.querySelector('.peek')")
    author.edit("content/group.md", lambda text: text.replace("one operation", "a single operation"))
    for _ in range(20):  # the page may not know of it at once
        page.locator("main a.t", has_text="group").first.hover()
        author.reader.until(page, "document.querySelector('.peek')")
        if "a single operation" in page.locator(".peek").inner_text():
            break
        page.mouse.move(0, 0)
        author.reader.until(page, "!document.querySelector('.peek')")
    expect(page.locator(".peek")).to_contain_text("a single operation")
    assert is_same(page)


def test_the_title_follows(author: Author) -> None:
    page = author.open()
    author.write("content/site.yaml", "title: Another name\n")
    author.reader.until(page, "document.title.endsWith('Another name')")
    author.sees(page, "Another name", ".brand")
    assert is_same(page)


def test_a_style_sheet_is_swapped_in_place(author: Author) -> None:
    page = author.open()
    author.write("static/custom.css", "main { outline: 3px solid rgb(1, 2, 3) }\n")
    author.reader.until(
        page, "getComputedStyle(document.querySelector('main')).outlineColor === 'rgb(1, 2, 3)'"
    )
    author.write("static/custom.css", "main { outline: 3px solid rgb(4, 5, 6) }\n")
    author.reader.until(
        page, "getComputedStyle(document.querySelector('main')).outlineColor === 'rgb(4, 5, 6)'"
    )
    assert is_same(page)
    assert page.locator("link[rel=stylesheet][href*=custom]").count() == 1


def test_a_script_that_changed_loads_the_page_anew(author: Author) -> None:
    page = author.open()
    with page.expect_navigation():
        author.write("static/theme.js", "document.documentElement.classList.add('js', 'mine')\n")
    author.reader.until(page, "document.documentElement.classList.contains('mine')")
    assert not is_same(page)


def test_a_first_formula_brings_its_style(author: Author) -> None:
    """A page that had no formula loads KaTeX's sheet, and the sheet of this site's formulas is read anew."""
    page = author.open()
    author.edit(
        "content/ring.md", lambda text: text.replace("with a product", r"with $\underbrace{x + y}_{z}$")
    )
    author.reader.until(page, "document.querySelector('main .katex')")
    author.reader.until(page, "document.querySelectorAll('link[rel=stylesheet][href*=katex]').length === 1")
    assert is_same(page)


def test_what_is_wrong_is_shown_over_the_page_and_goes(author: Author) -> None:
    page = author.open()
    assert bar(page) == ""
    author.edit("content/ring.md", lambda text: text.replace("[[group]]", "[[gruop]]"))
    author.reader.until(
        page, "!document.querySelector('grimoire-live').shadowRoot.querySelector('.bar').hidden"
    )
    assert bar(page) == "1 warning"
    live = page.locator("grimoire-live")
    assert live.locator("[role=status]").text_content() == "1 warning"
    live.locator(".bar button").click()
    said = live.locator("dialog").inner_text()
    file = (author.served.site / "content/ring.md").resolve()
    for part in (
        "warning[missing-term]",
        "content/ring.md:5:13",
        "no entry is named",
        "A ring is a [[gruop]]",
        "^",
        "help: ",
    ):
        assert part in said, part
    assert live.locator("dialog a.where").get_attribute("href") == f"vscode://file{file}:5:13"
    page.keyboard.press("Escape")
    assert not page.evaluate(
        "document.querySelector('grimoire-live').shadowRoot.querySelector('dialog').open"
    )
    author.edit("content/ring.md", lambda text: text.replace("[[gruop]]", "[[group]]"))
    author.reader.until(
        page, "document.querySelector('grimoire-live').shadowRoot.querySelector('.bar').hidden"
    )
    assert is_same(page)


def test_a_build_that_fails_leaves_the_page(author: Author) -> None:
    page = author.open()
    author.served.write(
        "templates/term.html",
        "{% extends 'default/term.html' %}{% block name %}{{ page.titel }}{% endblock %}",
    )
    author.reader.until(
        page, "!document.querySelector('grimoire-live').shadowRoot.querySelector('.bar').hidden"
    )
    assert bar(page) == "1 error The site could not be built: this is the last good one."
    page.reload()
    author.sees(page, "A ring is a")
    author.reader.until(
        page, "!document.querySelector('grimoire-live').shadowRoot.querySelector('.bar').hidden"
    )
    author.write(
        "templates/term.html",
        "{% extends 'default/term.html' %}{% block name %}Mine: {{ page.title }}{% endblock %}",
    )
    author.reader.until(page, "document.title.startsWith('Mine: Ring')")
    assert bar(page) == ""


def test_a_page_that_is_gone_says_so_and_comes_back(author: Author) -> None:
    page = author.open()
    file = author.served.site / "content/ring.md"
    text = file.read_text()
    author.reader.missing("terms/ring/")
    file.unlink()
    author.served.built()
    author.reader.until(
        page, "document.querySelector('grimoire-live').shadowRoot.textContent.includes('no longer part')"
    )
    author.sees(page, "A ring is a")
    author.write("content/ring.md", text.replace("A ring is a", "A ring is still a"))
    author.sees(page, "A ring is still a")
    assert "no longer" not in bar(page)
    assert is_same(page)


def test_a_page_that_is_not_there_yet_comes_by_itself(author: Author) -> None:
    author.reader.missing("terms/monoid/")
    page = author.reader.open("terms/monoid/", missing=True)
    assert page.locator("grimoire-live").count() == 1
    author.write("content/monoid.md", "# Monoid\n\nA set with a unit.\n")
    author.sees(page, "A set with a unit.")


def test_a_tab_that_nobody_sees_does_nothing_until_it_is_seen(author: Author) -> None:
    page = author.open()
    hide = "state => { Object.defineProperty(document, 'hidden', { value: state, configurable: true }); document.dispatchEvent(new Event('visibilitychange')) }"
    page.evaluate(f"({hide})(true)")
    asked = len(author.reader.requests)
    author.edit("content/ring.md", lambda text: text.replace("with a product", "with a multiplication"))
    page.wait_for_timeout(300)
    assert "with a multiplication" not in page.locator("main").inner_text()
    assert author.reader.requests[asked:] == []
    page.evaluate(f"({hide})(false)")
    author.sees(page, "with a multiplication")
    assert is_same(page)


def test_a_server_that_comes_back_is_found_again(author: Author, served: Served) -> None:
    page = author.open()
    author.reader.allow("console: Failed to load resource", "request failed", "console: ")
    served.end()
    author.reader.until(
        page, "document.querySelector('grimoire-live').shadowRoot.textContent.includes('does not answer')"
    )
    file = served.site / "content/ring.md"
    file.write_text(file.read_text().replace("with a product", "with a multiplication"))
    with Served(served.site, "--port", str(served.port)) as again:
        again.built()
        author.sees(page, "with a multiplication")
        assert is_same(page)
        author.reader.until(
            page, "document.querySelector('grimoire-live').shadowRoot.querySelector('.bar').hidden"
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_passes_axe(author: Author, scheme: Literal["light", "dark"]) -> None:
    page = author.open()
    page.emulate_media(color_scheme=scheme)
    author.edit(
        "content/ring.md",
        lambda text: text.replace("[[group]]", "[[gruop]]").replace(
            "title: Ring", "title: Ring\ndraft: perhaps"
        ),
    )
    author.reader.until(
        page, "!document.querySelector('grimoire-live').shadowRoot.querySelector('.bar').hidden"
    )
    assert objections(page) == []
    page.locator("grimoire-live .bar button").click()
    assert objections(page) == []


# ---------------------------------------------------------------- the difference between two versions

CHANCE = """
let seed = 757
const dice = n => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 2147483648 * n) }
const node = depth => {
  if (!depth || dice(3) === 0) return document.createTextNode(['a', 'b', ' ', '\\n', 'text'][dice(5)])
  if (dice(9) === 0) return document.createComment('c' + dice(3))
  const made = document.createElement(['p', 'b', 'li', 'section', 'span'][dice(5)])
  if (dice(3) === 0) made.setAttribute(['class', 'id', 'hidden', 'lang'][dice(4)], 'x' + dice(4))
  for (let n = dice(6); n; n--) made.append(node(depth - 1))
  return made
}
/* Another version: a few places changed, now and then all of it. */
const edited = whole => {
  if (dice(20) === 0) { const made = document.createElement('main'); for (let n = dice(6); n; n--) made.append(node(4)); return made }
  const copy = whole.cloneNode(true)
  for (let n = 1 + dice(4); n; n--) {
    const all = [...copy.querySelectorAll('*'), copy], one = all[dice(all.length)]
    switch (dice(6)) {
      case 0: one.append(node(2)); break
      case 1: one.prepend(node(2)); break
      case 2: if (one.firstChild) one.firstChild.remove(); break
      case 3: one.setAttribute('lang', 'y' + dice(9)); break
      case 4: if (one !== copy) one.replaceWith(node(3)); break
      case 5: if (one.children.length > 1) one.append(one.firstElementChild); break
    }
  }
  return copy
}
"""


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    """A page that knows the difference between two versions of one, as `difference`."""
    page = browser.new_page()
    code = (Path(hosting.__file__).parent / "difference.js").read_text("utf-8")
    page.add_script_tag(type="module", content=f"{code}\nwindow.difference = {{ carry, pair }}")
    Reader.until(page, "!!window.difference")
    yield page
    page.close()


def test_any_version_becomes_any_other(blank: Page) -> None:
    """Also when a script has set marks and put things in between: these stay where their element does."""
    script = """() => {
      CHANCE
      let was = document.createElement('main'), faults = 0, marks = 0, kept = 0
      for (let n = 0; n < 5; n++) was.append(node(4))
      const live = was.cloneNode(true)
      document.body.append(live)
      difference.pair(was, live)
      for (let step = 0; step < 600; step++) {
        for (const one of live.querySelectorAll('*')) if (dice(4) === 0) { one.dataset.mark = step; marks++ }
        const all = [...live.querySelectorAll(':not(i)')]
        if (all.length) all[dice(all.length)].after(Object.assign(document.createElement('i'), { textContent: 'foreign' }))
        const is = edited(was)
        difference.carry(was, is)
        const plain = live.cloneNode(true)
        for (const one of plain.querySelectorAll('i')) one.remove()
        for (const one of plain.querySelectorAll('[data-mark]')) { one.removeAttribute('data-mark'); kept++ }
        if (!plain.isEqualNode(is)) faults++
        was = is
      }
      return [faults, marks > 1000, kept > 1000]
    }"""
    assert blank.evaluate(script.replace("CHANCE", CHANCE)) == [0, True, True]


def test_a_line_in_a_long_list_is_one_element_more(blank: Page) -> None:
    script = """() => {
      const version = names => new DOMParser().parseFromString(
        `<ul>${names.map(n => `<li><a href="${n}">${n}</a></li>`).join('\\n')}</ul>`, 'text/html').body
      const names = [...Array(1000).keys()].map(n => `term ${n}`)
      const was = version(names), is = version([...names.slice(0, 300), 'another', ...names.slice(300, 700), ...names.slice(701)])
      const live = document.body.appendChild(was.querySelector('ul').cloneNode(true)), watcher = new MutationObserver(() => {})
      difference.pair(was.querySelector('ul'), live)
      watcher.observe(live, { childList: true, subtree: true, attributes: true, characterData: true })
      difference.carry(was.querySelector('ul'), is.querySelector('ul'))
      const told = watcher.takeRecords(), of = name => told.flatMap(one => [...one[name]]).filter(one => one.nodeType === 1).map(one => one.textContent)
      return [of('addedNodes'), of('removedNodes'), told.filter(one => one.type !== 'childList').length, live.isEqualNode(is.querySelector('ul'))]
    }"""
    assert blank.evaluate(script) == [["another"], ["term 700"], 0, True]

"""Diagrams in a page, as a reader sees them: the policy holds, texts can be read in both themes, wide ones scroll.

The site is made of the examples of every type, `tests/diagrams/*.mmd`, one entry each and one with all.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from tests.browser.conftest import Host, Reader, publish, published, reading
from tests.browser.test_axe import AXE, RUN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

EXAMPLES = {
    path.stem: path.read_text("utf-8")
    for path in sorted((Path(__file__).parents[1] / "diagrams").glob("*.mmd"))
}

HARD_TO_READ = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data].map(v => v / 255)
  }
  const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1]
  const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4
  const luminance = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b)
  const paint = element => {
    const style = getComputedStyle(element)
    if (style.fill === "none" || style.fill.startsWith("url")) return [0, 0, 0, 0]
    const [r, g, b, a] = rgba(style.fill)
    let opacity = a * style.fillOpacity
    for (let one = element; one.tagName !== "svg"; one = one.parentNode) opacity *= getComputedStyle(one).opacity
    return [r, g, b, opacity]
  }
  const paper = rgba(getComputedStyle(document.body).backgroundColor), found = []
  for (const line of document.querySelectorAll(".diagram text")) {
    line.scrollIntoView({ block: "center", inline: "center" })
    const box = line.getBoundingClientRect()
    const under = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2)
      .filter(e => e.ownerSVGElement && !e.closest("text")).reverse()
    const ground = under.reduce((below, element) => over(paint(element), below), paper)
    const leaf = [...line.querySelectorAll("tspan")].at(-1) ?? line
    const ink = over(paint(leaf), ground)
    const [dark, light] = [luminance(ink), luminance(ground)].sort((a, b) => a - b)
    const contrast = (light + .05) / (dark + .05)
    if (contrast < 4.5) found.push(`${line.textContent}: ${contrast.toFixed(2)}`)
  }
  return found
}"""

CHOSEN_BY_THE_AUTHOR = {"Expert one", "hexagon"}
"""Texts of which an example sets both the colour and the ground."""
ON_MARKERS = set("12345678")
"""The numbers of a sequence stand on the ends of lines, which nothing finds under a point."""


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    folder = tmp_path_factory.mktemp("drawings")
    (folder / "content").mkdir()
    texts = {name: f"# {name}\n\n```mermaid\n{source}```\n" for name, source in EXAMPLES.items()}
    for name, text in texts.items() | {("all", "---\ntitle: all\n---\n" + "\n".join(texts.values()))}:
        (folder / "content" / f"{name}.md").write_text(text, encoding="utf-8")
    host = Host({"/drawn/": publish(folder, folder / "public", "/drawn/")})
    thread = threading.Thread(target=host.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield host
    host.shutdown()
    thread.join()
    host.server_close()


@pytest.fixture
def viewer(browser: Browser, drawings: Host) -> Iterator[Reader]:
    """Somebody who looks at diagrams, under the policy that the site asks for."""
    with reading(browser, published(drawings, "/drawn/")) as one:
        yield one


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_can_be_read(viewer: Reader, scheme: str) -> None:
    """In the reader's own choice of theme, against what the system asks for."""
    page = viewer.open("terms/all/", scheme="light" if scheme == "dark" else "dark")
    assert page.locator(".diagram").count() == len(EXAMPLES)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", scheme)
    hard = {one.rpartition(":")[0]: one for one in page.evaluate(HARD_TO_READ)}
    assert hard.keys() - CHOSEN_BY_THE_AUTHOR - ON_MARKERS == set(), hard


def test_the_system_chooses_where_the_reader_does_not(viewer: Reader) -> None:
    fills = [
        viewer.open("terms/chain/", scheme=scheme).evaluate(
            "() => [...document.querySelectorAll('.diagram rect, .diagram text')].map(e => getComputedStyle(e).fill)"
        )
        for scheme in ("light", "dark")
    ]
    assert len(fills[0]) == len(fills[1]) > 4
    assert all(one != other for one, other in zip(*fills, strict=True))


def test_a_wide_diagram_scrolls_in_its_own_box(viewer: Reader) -> None:
    page = viewer.open("terms/stream/", width=390)
    Reader.until(page, "() => 'over' in document.querySelector('.diagram > .scroll').dataset")
    box = page.locator(".diagram > .scroll")
    assert box.evaluate("box => [box.scrollWidth > box.clientWidth, box.tabIndex]") == [True, 0]
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.get_by_role("img", name="Diagram: Word, Embed").count() == 1


@pytest.mark.parametrize("name", ["labels", "stream"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_objects_to_nothing(viewer: Reader, name: str, scheme: Literal["light", "dark"]) -> None:
    """In a drawing with links, and in one that scrolls, its source unfolded."""
    page = viewer.open(f"terms/{name}/", width=390, scheme=scheme)
    page.locator(".diagram summary").click()
    viewer.rest(page)
    page.evaluate(AXE)
    assert page.evaluate(RUN, {}) == []


def test_the_source_can_be_opened_without_script(viewer: Reader) -> None:
    page = viewer.open("terms/pie/", java_script_enabled=False)
    source = page.locator(".diagram pre")
    assert not source.is_visible()
    page.locator(".diagram summary").click()
    assert source.is_visible()
    assert "showData" in source.inner_text()

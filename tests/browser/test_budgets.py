"""What a page costs at the first visit: bytes as a host would send them, requests, and what moves.

The figures are those of a checkout whose bundle is current (``pip install -e .``); one that is not serves the
theme's files as they are written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import brotli
import pytest

from grimoire.frontend import index, minified

if TYPE_CHECKING:
    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser


class Budget(NamedTuple):
    """Kilobytes (of 1,000 bytes) after brotli, and requests."""

    html: float
    css: float
    js: float
    fonts: float
    requests: int


HOME = Budget(html=60, css=8, js=9, fonts=60, requests=8)
TERM = Budget(html=12, css=14, js=9, fonts=110, requests=14)
SHIFTS = """new Promise(done => {
  let sum = 0
  new PerformanceObserver(list => { for (const { value } of list.getEntries()) sum += value })
    .observe({ type: "layout-shift", buffered: true })
  setTimeout(() => done(sum), 300)
})"""


def kind(path: str) -> str:
    ending = re.search(r"\.(css|js|woff2|svg|json)$", path)
    return ending[1] if ending else "html"


@pytest.mark.parametrize(
    ("path", "budget"),
    [("", HOME), ("topics/", HOME), ("terms/entropy/", TERM), ("terms/kullback-leibler-divergence/", TERM)],
)
def test_the_first_visit_keeps_to_its_budget(reader: Reader, path: str, budget: Budget) -> None:
    page = reader.open(path)
    page.wait_for_load_state("networkidle")
    sizes: dict[str, float] = {}
    for request in reader.requests:
        file = reader.site.folder / request
        content = (file / "index.html" if file.is_dir() else file).read_bytes()
        sent = content if file.suffix == ".woff2" else brotli.compress(content, quality=11)
        sizes[kind(request)] = sizes.get(kind(request), 0) + len(sent) / 1000
    print(path, sizes, len(reader.requests))
    assert sizes["html"] <= budget.html
    assert sizes["css"] <= budget.css
    assert sizes["js"] <= budget.js
    assert sizes["woff2"] <= budget.fonts
    assert len(reader.requests) <= budget.requests
    assert "json" not in sizes


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["", "topics/", "terms/entropy/", "terms/kullback-leibler-divergence/"])
def test_nothing_moves_after_it_is_seen(reader: Reader, path: str, width: int) -> None:
    page = reader.open(path, width=width)
    assert page.evaluate(SHIFTS) == 0

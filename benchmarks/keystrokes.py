"""Measure how long a reader waits for the results while typing: `python -m benchmarks.keystrokes [TERMS]`.

It builds a glossary of as many terms (10,000 if it is not said), opens the palette in Chromium and types names of
terms, parts of them and misspellings, one key after the other. Chromium's Event Timing tells of each key how long it
took until the next picture, results and all, in steps of 8 ms.
"""

import argparse
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from playwright.sync_api import Page, sync_playwright
from tests.browser.conftest import Host, chromium, write_many

from grimoire.building import Options, build

OBSERVE = """window.waits = []
new PerformanceObserver(list => { for (const one of list.getEntries()) waits.push([one.name, one.duration]) })
  .observe({ type: "event", durationThreshold: 16, buffered: true })"""
PAUSE = 120
"""Milliseconds between keys: of somebody who types fast."""


def typed(page: Page, queries: list[str]) -> list[float]:
    """The wait after each key, in milliseconds; one below the least that is told counts as 8."""
    waits: list[float] = []
    for query in queries:
        page.locator(".pal input").fill("")
        page.wait_for_timeout(500)
        page.evaluate("waits.length = 0")
        page.keyboard.type(query, delay=PAUSE)
        page.wait_for_timeout(600)
        told: list[tuple[str, Any]] = page.evaluate("waits")
        keys = [float(duration) for name, duration in told if name == "keydown"]
        waits += keys + [8.0] * (len(query) - len(keys))
    return waits


def main() -> None:
    """Build, serve, type, and print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("terms", nargs="?", type=int, default=10_000)
    terms = arguments.parse_args().terms
    with TemporaryDirectory() as folder:
        out = Path(folder).resolve() / "public"
        built = build(Options(write_many(Path(folder) / "site", terms), out=out, remember=False))
        titles = sorted(path.parent.name.replace("-", " ") for path in out.glob("terms/*/index.html"))
        chosen = titles[:: max(1, len(titles) // 12)][:12]
        queries = [*chosen[:6], *(title[:5] for title in chosen), *(title[1:9] for title in chosen[6:])]
        server = Host({"/": out})
        Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            page.evaluate(OBSERVE)
            page.keyboard.press("/")
            page.locator(".pal input").wait_for()
            page.wait_for_timeout(3000)
            typed(page, queries[:1])  # the names are there and compiled after the first
            waits = sorted(typed(page, queries))
            browser.close()
        server.shutdown()
    high = waits[int(len(waits) * 0.95)]
    print(f"{built.terms:,} terms, {len(waits)} keys: median {statistics.median(waits):.0f} ms, "
          f"95 % within {high:.0f} ms, longest {waits[-1]:.0f} ms")  # fmt: skip


if __name__ == "__main__":
    main()

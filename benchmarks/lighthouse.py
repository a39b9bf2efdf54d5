"""Ask Lighthouse what it thinks of a built site, on a phone and on a desktop: `python -m benchmarks.lighthouse`.

It builds the glossary of this repository (or the site that is named), serves it as a host would, with the site's own
headers and compressed, and lets Lighthouse judge several pages, each some times; the table has the median of each
score. Lighthouse comes from npm by the lock file in ``benchmarks/lighthouse/``, Chromium from the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from tests.browser.conftest import HOW_TO, Host, chromium

from grimoire.building import Options, build

HERE = Path(__file__).parent
TOOLS = HERE / "lighthouse"
PAGES = ("", "terms/kullback-leibler-divergence/", "topics/", "graph/", "search/", "references/")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
METRICS = {
    "cumulative-layout-shift": "CLS",
    "total-blocking-time": "TBT (ms)",
    "largest-contentful-paint": "LCP (ms)",
}


def judged(address: str, *, desktop: bool, times: int) -> dict[str, float]:
    """Give the medians of the scores (0 to 100) and metrics of one page."""
    runs: list[dict[str, float]] = []
    for _ in range(times):
        arguments = [
            str(TOOLS / "node_modules/.bin/lighthouse"), address, "--quiet", "--output=json",
            f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
            *(["--preset=desktop"] if desktop else []),
        ]  # fmt: skip
        done = subprocess.run(arguments, capture_output=True, check=True, env=environment())
        told = json.loads(done.stdout)
        scores = {name: 100 * (told["categories"][name]["score"] or 0) for name in CATEGORIES}
        runs.append(scores | {name: told["audits"][name]["numericValue"] for name in METRICS})
        lost = [
            audit["id"]
            for name in CATEGORIES
            for reference in told["categories"][name]["auditRefs"]
            if (audit := told["audits"][reference["id"]])
            and reference["weight"]
            and audit["score"] not in (1, None)
        ]
        if lost:
            print(f"  {address}: {', '.join(lost)}", file=sys.stderr)
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def environment() -> dict[str, str]:
    """Give the environment of Lighthouse: it asks for the browser by this name.

    Raises:
        SystemExit: if there is none.
    """
    program = chromium()
    if not program:
        sys.exit(f"no Chromium was found: {HOW_TO}")
    return {**os.environ, "CHROME_PATH": program}


def main() -> None:
    """Build, serve, judge, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "site", nargs="?", type=Path, default=HERE.parent, help="a folder with content/ in it"
    )
    parser.add_argument("--times", type=int, default=3, help="runs of each page; the medians are told")
    options = parser.parse_args()
    if not (TOOLS / "node_modules").is_dir():
        subprocess.run(("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"), cwd=TOOLS, check=True)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder).resolve() / "public"
        built = build(Options(options.site, out=out, remember=False))
        if not built.is_written:
            sys.exit("the site cannot be built: see `python build.py`")
        with Host({"/": out}, packs=True) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            print(
                "| page | | performance | accessibility | best practices | SEO | CLS | TBT (ms) | LCP (ms) |"
            )
            print("|---|---|---|---|---|---|---|---|---|")
            for path in PAGES:
                if not (out / path / "index.html").is_file():
                    continue
                for desktop in (False, True):
                    found = judged(
                        f"http://127.0.0.1:{server.server_port}/{path}", desktop=desktop, times=options.times
                    )
                    scores = " | ".join(f"{found[name]:.0f}" for name in CATEGORIES)
                    metrics = f"{found['cumulative-layout-shift']:.4f} | {found['total-blocking-time']:.0f} | {found['largest-contentful-paint']:.0f}"
                    print(
                        f"| `/{path}` | {'desktop' if desktop else 'phone'} | {scores} | {metrics} |",
                        flush=True,
                    )
            server.shutdown()


if __name__ == "__main__":
    main()

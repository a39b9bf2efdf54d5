"""Ask Lighthouse what it thinks of a built site, on a phone and on a desktop: `python benchmarks/lighthouse.py`.

It builds the glossary of this repository (or the site that is named), serves it as a host would, with the site's own
headers and compressed, and lets Lighthouse judge several pages, each some times; the table has the median of each
score. Lighthouse comes from npm by the lock file in ``benchmarks/lighthouse/``, Chromium from the machine.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

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
TYPES = {
    ".css": "text/css", ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".json": "application/json",
    ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json", ".woff2": "font/woff2", ".xml": "text/xml",
}  # fmt: skip


class Host(BaseHTTPRequestHandler):
    """A static host with compression and the site's headers."""

    protocol_version = "HTTP/1.1"
    folder: ClassVar[Path]
    rules: ClassVar[list[tuple[str, str, str]]]

    def do_GET(self) -> None:
        """Answer with a file of the site."""
        path = unquote(urlsplit(self.path).path)
        file = self.folder / path.lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        found = file.is_file() and self.folder in file.resolve().parents
        content = file.read_bytes() if found else (self.folder / "404.html").read_bytes()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", TYPES.get(file.suffix, "text/html; charset=utf-8"))
        if file.suffix != ".woff2":
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        for pattern, name, value in self.rules:
            if fnmatch(path, pattern):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def rules_of(file: Path) -> list[tuple[str, str, str]]:
    """Read ``_headers``: pattern, name and value of each header."""
    rules, pattern = [], ""
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            rules.append((pattern, name, value))
        else:
            pattern = line
    return rules


def chromium() -> str:
    """Find the browser.

    Raises:
        SystemExit: if there is none.
    """
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        sys.exit("no Chromium was found: `apt-get install chromium`")
    return found


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
    """Give the environment of Lighthouse: it asks for the browser by this name."""
    import os  # noqa: PLC0415  for this alone

    return {**os.environ, "CHROME_PATH": chromium()}


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
        Host.folder, Host.rules = out, rules_of(out / "_headers")
        with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
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

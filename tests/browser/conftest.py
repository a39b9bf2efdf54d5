"""What the tests in a browser share: the built sites, a host for them, a Chromium, and a reader who opens pages.

The host sends the headers that the site's own ``_headers`` asks for, under a base path, so that the policy on
content and relative addresses are tested wherever a page is opened. Whatever goes wrong on a page that a
`Reader` opened (an error on the console, a breach of the policy, a failed request, one to another host) fails
the test that opened it.
"""

from __future__ import annotations

import gzip
import os
import random
import re
import shutil
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Error, sync_playwright

from grimoire import compose
from grimoire.building import Options, build
from grimoire.names import slugify
from grimoire.serve.headers import HeaderFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

HERE = Path(__file__).parent
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
PACKED = (".png", ".woff2")
HOW_TO = "`apt-get install chromium`, or `playwright install chromium`"


# ------------------------------------------------------------------------------------------------ the sites


class Published(NamedTuple):
    """A site that is being served: where it starts, and the folder it was built into."""

    address: str
    folder: Path


class Host(ThreadingHTTPServer):
    """A static host as strict as the real ones: each site below a path of its own, with its own headers.

    With `packs`, texts are sent compressed, as real ones do.
    """

    daemon_threads = True

    def __init__(self, sites: Mapping[str, Path], *, packs: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.packs = packs
        self.sites: dict[str, Path] = {}
        self.headers: dict[str, HeaderFile] = {}
        self.asked: list[str] = []
        """The paths that were asked for."""
        self.delays: dict[str, float] = {}
        """By how many seconds a path is answered later."""
        for base, folder in sites.items():
            self.add(base, folder)

    def add(self, base: str, folder: Path) -> None:
        """Serve another site."""
        self.sites[base] = folder
        self.headers[base] = HeaderFile(folder)


class Answer(BaseHTTPRequestHandler):
    """One request to the `Host`."""

    protocol_version = "HTTP/1.1"
    server: Host

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.server.asked.append(path)
        sleep(self.server.delays.get(path, 0))
        base = next((base for base in self.server.sites if path.startswith(base)), None)
        if base is None:
            self.give(404, b"outside of every site", {"Content-Type": "text/plain"})
            return
        file = self.server.sites[base] / path.removeprefix(base)
        if file.is_dir() and not path.endswith("/"):
            self.give(301, b"", {"Location": self.path + "/"})
            return
        file = file / "index.html" if file.is_dir() else file
        status = 200 if file.is_file() else 404
        file = file if status == 200 else self.server.sites[base] / "404.html"
        below = "/" + path.removeprefix(base)
        headers = {**self.server.headers[base].headers(below), "Content-Type": TYPES[file.suffix]}
        content = file.read_bytes()
        if self.server.packs and file.suffix not in PACKED:
            content, headers["Content-Encoding"] = gzip.compress(content), "gzip"
        self.give(status, content, headers)

    def give(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        # A page that is left asks for no more.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def write_many(folder: Path, count: int) -> Path:
    """Write a glossary of many terms, as a map of a whole field has them: names, a sentence, a formula, links.

    The words are those of this repository's glossary, drawn by chance, so that they compress no better than prose.
    """
    dice = random.Random(757)  # noqa: S311  no secret
    prose = " ".join(path.read_text("utf-8") for path in sorted((HERE.parents[1] / "content").rglob("*.md")))
    words = sorted(set(re.findall(r"\b[a-z]{3,12}\b", prose)))
    titles = list(dict.fromkeys(" ".join(dice.sample(words, 3)).capitalize() for _ in range(2 * count)))[
        :count
    ]
    (folder / "content").mkdir(parents=True)
    for number, title in enumerate(titles):
        links = " ".join(
            f"See [[{dice.choice(titles)}]] {' '.join(dice.sample(words, 8))}." for _ in range(3)
        )
        text = (
            f"---\ntitle: {title}\ntags: [{words[number % 12]}]\n---\n"
            f"{title} is {' '.join(dice.sample(words, 16))}, of which ${dice.choice('abcxyz')}_{{{number}}}$.\n\n"
            f"$$\n\\sum_{{i={number}}}^n \\frac{{x_i}}{{{number + 1}}}\n$$\n\n{links}\n"
        )
        (folder / "content" / f"{slugify(title)}.md").write_text(text, "utf-8")
    return folder


def publish(site: Path, out: Path, base: str) -> Path:
    built = build(Options(site=site, out=out, base_url=f"https://glossary.example{base}", remember=False))
    assert built.is_written, built.diagnostics
    return out


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    out = tmp_path_factory.mktemp("sites")
    sites = {
        "/some/base/": publish(HERE.parents[1], out / "ours", "/some/base/"),
        "/sampler/": publish(HERE / "sampler", out / "sampler", "/sampler/"),
        "/rtl/": publish(HERE / "rtl", out / "rtl", "/rtl/"),
    }
    server = Host(sites)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def published(host: Host, base: str) -> Published:
    return Published(f"http://127.0.0.1:{host.server_port}{base}", host.sites[base])


@pytest.fixture(scope="session")
def site(host: Host) -> Published:
    """This repository's own glossary."""
    return published(host, "/some/base/")


@pytest.fixture(scope="session")
def large(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """A glossary of 757 terms, as many as the topics of a whole field."""
    out = tmp_path_factory.mktemp("large")
    host.add("/large/", publish(write_many(out / "site", 757), out / "public", "/large/"))
    return published(host, "/large/")


@pytest.fixture(scope="session")
def sampler(host: Host) -> Published:
    """A small site with one of everything, such as unwritten terms, that the glossary has no need of."""
    return published(host, "/sampler/")


@pytest.fixture(scope="session")
def rtl(host: Host) -> Published:
    """A site in Hebrew."""
    return published(host, "/rtl/")


@pytest.fixture(scope="session")
def split(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The sampler as if its index were too long for one page: a page for each letter."""
    out = tmp_path_factory.mktemp("split")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compose, "WHOLE_INDEX", 3)
        host.add("/split/", publish(HERE / "sampler", out, "/split/"))
    return published(host, "/split/")


# ------------------------------------------------------------------------------------------------ the browser


def chromium() -> str | None:
    """Give the path of the machine's browser; None leaves it to Playwright, which may have brought one."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this folder; it ends with them, for its event loop is in others' way."""
    program = chromium()
    flags = [*FLAGS, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [*FLAGS]
    with sync_playwright() as playwright:
        try:
            running = playwright.chromium.launch(executable_path=program, args=flags)
        except Error as error:
            if program is not None:
                raise
            if os.environ.get("GRIMOIRE_REQUIRE_BROWSER"):
                pytest.fail(f"no Chromium was found, and GRIMOIRE_REQUIRE_BROWSER is set: {HOW_TO}\n{error}")
            pytest.skip("no Chromium was found")
        yield running
        running.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [
        one for one in terminalreporter.stats.get("skipped", []) if "no chromium" in str(one.longrepr).lower()
    ]
    if skipped:
        terminalreporter.section("tests in a browser were skipped", sep="!", yellow=True, bold=True)
        terminalreporter.line(
            f"{len(skipped)} tests need a Chromium and were NOT run. Get one with {HOW_TO}.",
            yellow=True,
            bold=True,
        )


class Reader:
    """Opens pages of a site, each in a context of its own, and notes what goes wrong on them.

    `requests` has the addresses asked for, below the site's root, in their order. `faults` is empty as long as
    all is well.
    """

    def __init__(self, browser: Browser, site: Published) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._missing: set[str] = set()
        self.site = site
        self.requests: list[str] = []
        self.faults: list[str] = []
        self._allowed: tuple[str, ...] = ()

    def open(
        self,
        path: str = "",
        *,
        width: int = 1280,
        scheme: Literal["light", "dark"] = "light",
        missing: bool = False,
        **options: Any,
    ) -> Page:
        """Open a page.

        Args:
            path: its address below the site's root.
            width: of the window; one below 600 is a phone's.
            scheme: the colours the system asks for.
            missing: whether there is no such page.
            options: others of Playwright's for a context, such as ``java_script_enabled``.
        """
        address = self.site.address + path
        if missing:
            self._missing.add(address)
        height = 800 if width > 600 else 844
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, **options
        )
        context.set_default_timeout(10_000)
        context.expose_binding("_breached", lambda _, text: self._note(f"policy: {text}"))
        context.add_init_script(
            "addEventListener('securitypolicyviolation', e =>"
            " _breached(`${e.violatedDirective} ${e.blockedURI} ${e.sample} ${e.sourceFile}:${e.lineNumber}`))"
        )
        context.on("request", self._on_request)
        context.on("requestfailed", self._on_failure)
        context.on("response", self._on_response)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self._note(f"script: {error.error}"))
        self._contexts.append(context)
        page = context.new_page()
        page.goto(address)
        page.evaluate("document.fonts.ready")
        return page

    def allow(self, *beginnings: str) -> None:
        """Take faults that begin so for what is to be expected, from now on."""
        self._allowed += beginnings

    def missing(self, path: str) -> None:
        """Expect that there is nothing at an address of the site."""
        self._missing.add(self.site.address + path)

    @staticmethod
    def until(page: Page, expression: str, argument: object = None) -> None:
        """Wait for an expression to come true, over a page that loads anew meanwhile too.

        (The page's policy forbids Playwright's own way to do so.)
        """
        deadline = monotonic() + 10
        while True:
            try:
                if page.evaluate(expression, argument):
                    return
            except Error as error:
                if "context was destroyed" not in error.message:
                    raise
            assert monotonic() < deadline, expression
            page.wait_for_timeout(30)

    @staticmethod
    def rest(page: Page) -> None:
        """Wait until nothing moves any more: what is measured before is a place on the way."""
        page.evaluate(REST)

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _note(self, fault: str) -> None:
        if not fault.startswith(self._allowed):
            self.faults.append(fault)

    def _on_request(self, request: Request) -> None:
        if request.url.startswith(self.site.address):
            self.requests.append(request.url.removeprefix(self.site.address))
        else:
            self._note(f"request to elsewhere: {request.url}")

    def _on_failure(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # what was under way when the page was left
            self._note(f"request failed: {request.url}: {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.url not in self._missing:
            self._note(f"answered {response.status}: {response.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and message.location["url"] not in self._missing:
            self._note(f"console: {message.text} ({message.location['url']})")


REST = """async () => {
  const frames = async () => { for (let i = 0; i < 4; i++) await new Promise(requestAnimationFrame) }
  await document.fonts.ready
  await frames()
  const moving = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < Infinity)
  await Promise.allSettled(moving.map(one => one.finished))
  await frames()
}"""
"""In frames, which a busy machine draws late: what was asked for, by key, pointer or medium, is drawn by then."""


@contextmanager
def reading(browser: Browser, site: Published) -> Iterator[Reader]:
    """Somebody who reads a site, and in the end has met nothing that goes wrong."""
    one = Reader(browser, site)
    try:
        yield one
    finally:
        one.close()
    assert one.faults == []


@pytest.fixture
def reader(browser: Browser, site: Published) -> Iterator[Reader]:
    """Somebody who reads the glossary of this repository."""
    with reading(browser, site) as one:
        yield one


@pytest.fixture
def large_reader(browser: Browser, large: Published) -> Iterator[Reader]:
    """Somebody who reads the glossary of 757 terms."""
    with reading(browser, large) as one:
        yield one


@pytest.fixture
def sampler_reader(browser: Browser, sampler: Published) -> Iterator[Reader]:
    """Somebody who reads the sampler."""
    with reading(browser, sampler) as one:
        yield one


@pytest.fixture
def rtl_reader(browser: Browser, rtl: Published) -> Iterator[Reader]:
    """Somebody who reads from right to left."""
    with reading(browser, rtl) as one:
        yield one


@pytest.fixture
def split_reader(browser: Browser, split: Published) -> Iterator[Reader]:
    """Somebody who reads an index of several pages."""
    with reading(browser, split) as one:
        yield one

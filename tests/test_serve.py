"""`grimoire serve`: what it answers, to whom, what it notices, and how it goes on when something breaks."""

from __future__ import annotations

import errno
import json
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.serving import PATIENCE, Served, ask

from grimoire.building import build
from grimoire.builds import Built, Options, folders
from grimoire.diagnostics import Diagnostic
from grimoire.export.hosting import headers as shipped_headers
from grimoire.serve import EDITORS, PortInUse, Terminal, Wanted, link_template, running, serve, watching
from grimoire.serve.building import OUTPUT, Builder
from grimoire.serve.editor import link
from grimoire.serve.headers import rules
from grimoire.serve.hosting import Host, _names
from grimoire.serve.news import News
from grimoire.serve.ports import listen
from grimoire.serve.report import MOST_CHANGED, MOST_SHOWN, Report
from grimoire.serve.watching import Watch
from grimoire.write import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import SiteFolder

PAGE = "<!doctype html><html><head><title>A page</title></head><body><main>Text</main></body></html>"
CARD = '<aside class="pk">A card</aside>'
RING = "---\ntitle: Ring\n---\n\nA set with two operations.\n"


# ---------------------------------------------------------------- what is answered


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The output of a build, and a secret beside it."""
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "out"
    (folder / "terms/ring").mkdir(parents=True)
    (folder / "static").mkdir()
    (folder / "index.html").write_text(PAGE)
    (folder / "404.html").write_text(PAGE.replace("Text", "Nothing here"))
    (folder / "terms/ring/index.html").write_text(PAGE)
    (folder / "terms/ring/card.html").write_text(CARD)
    (folder / "terms/ring/index.md").write_text("# Ring")
    for name in ("app.js", "style.css", "a.woff2", "icon.svg", "map.json"):
        (folder / "static" / name).write_text(name)
    (folder / "manifest.webmanifest").write_text("{}")
    (folder / "sitemap.xml").write_text("<urlset/>")
    (folder / MANIFEST).write_text("secret")
    (folder / "_headers").write_bytes(shipped_headers())
    return folder


@contextmanager
def hosted(out: Path, news: News | None = None) -> Iterator[int]:
    """Serve a folder; give the port."""
    listening, _ = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    with Host(out, news or News(Report("s", 7, is_written=True)), "127.0.0.1", listening):
        yield port


@pytest.fixture
def port(out: Path) -> Iterator[int]:
    with hosted(out) as one:
        yield one


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/terms/ring/", "text/html; charset=utf-8"),
        ("/terms/ring/card.html", "text/html; charset=utf-8"),
        ("/terms/ring/index.md", "text/markdown; charset=utf-8"),
        ("/static/app.js", "text/javascript; charset=utf-8"),
        ("/static/style.css", "text/css; charset=utf-8"),
        ("/static/a.woff2", "font/woff2"),
        ("/static/icon.svg", "image/svg+xml"),
        ("/static/map.json", "application/json"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/sitemap.xml", "application/xml"),
        ("/_grimoire/live.js", "text/javascript; charset=utf-8"),
        ("/_grimoire/difference.js", "text/javascript; charset=utf-8"),
        ("/_grimoire/live.css", "text/css; charset=utf-8"),
    ],
)
def test_each_file_has_its_type_and_is_asked_for_anew(port: int, path: str, kind: str) -> None:
    answer = ask(port, path)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert ask(port, path, "HEAD").status == 200


def test_the_headers_are_those_the_site_asks_for(port: int) -> None:
    for path in ("/", "/nowhere", "/static/app.js"):
        found = ask(port, path).headers
        assert found["content-security-policy"].startswith("default-src 'self'; ")
        assert found["x-content-type-options"] == "nosniff"
        assert found["referrer-policy"] == "strict-origin-when-cross-origin"


def test_a_header_follows_its_file(out: Path, port: int) -> None:
    (out / "_headers").write_text("/*\n  X-One: 1\n  X-Two: 1\n/static/*\n  X-Two: 2: and more\n")
    found = ask(port, "/static/app.js").headers
    assert (found["x-one"], found["x-two"], found.get("content-security-policy")) == (
        "1",
        "2: and more",
        None,
    )
    (out / "_headers").unlink()
    assert "x-one" not in ask(port, "/static/app.js").headers


def test_rules_that_are_none_are_passed_over() -> None:
    assert rules("") == []
    assert rules("/*\n\n  nonsense\n  A: b\n") == [("/*", "a", "b")]


def test_a_folder_without_its_slash_leads_to_it(port: int) -> None:
    answer = ask(port, "/terms/ring?beside=x")
    assert (answer.status, answer.headers["location"]) == (
        307,
        f"http://127.0.0.1:{port}/terms/ring/?beside=x",
    )


def test_what_is_not_there_gives_the_page_that_says_so(port: int) -> None:
    for path in ("/nowhere", "/terms/", "/terms/ring/none"):
        answer = ask(port, path)
        assert answer.status == 404
        assert b"Nothing here" in answer.body
        assert b'data-status="404"' in answer.body


def test_only_reading_is_allowed(port: int) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert ask(port, "/", method).status == 405


def test_the_script_is_put_into_pages_and_into_nothing_else(out: Path, port: int) -> None:
    script = '<head><script src="/_grimoire/live.js" type="module" data-at="s-7" data-status="200"></script>'
    body = ask(port, "/").body.decode()
    assert body == PAGE.replace("<head>", script)
    assert int(ask(port, "/").headers["content-length"]) == len(body)
    assert ask(port, "/terms/ring/card.html").body.decode() == CARD
    assert ask(port, "/static/app.js").body == b"app.js"
    assert not [file for file in out.rglob("*") if file.is_file() and b"_grimoire" in file.read_bytes()]


def test_an_unchanged_page_costs_an_empty_answer(out: Path, port: int) -> None:
    tag = ask(port, "/").headers["etag"]
    assert ask(port, "/", if_none_match=tag).status == 304
    (out / "index.html").write_text(PAGE.replace("Text", "Another text"))
    answer = ask(port, "/", if_none_match=tag)
    assert answer.status == 200
    assert answer.headers["etag"] != tag


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/terms/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt", "//secret.txt", "/terms/%2e%2e/%2e%2e/secret.txt", "/%252e%252e/secret.txt", "/link/secret.txt",
        "/link.txt", "/.grimoire-manifest", "/terms/../.grimoire-manifest", "/_headers", "/%00", "/" + "a" * 5000,
        "/_grimoire/", "/_grimoire/../../secret.txt", "/_grimoire/hosting.py", "/_grimoire/%2e%2e%2fcli.py",
    ],
)  # fmt: skip
def test_nothing_outside_is_given(out: Path, port: int, path: str) -> None:
    (out / "link").symlink_to(out.parent)
    (out / "link.txt").symlink_to(out.parent / "secret.txt")
    absolute = (out.parent / "secret.txt").as_posix()
    for one in (path, f"/{absolute}", absolute):
        answer = ask(port, one)
        assert answer.status in {404, 405}
        assert b"secret" not in answer.body


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:{port}", "localhost:{port}", "LOCALHOST", "localhost.:1", "[::1]:{port}", "ring.localhost", "192.168.1.9:80"],
)  # fmt: skip
def test_names_and_addresses_of_this_machine_are_answered(port: int, host: str) -> None:
    assert ask(port, host=host.format(port=port)).status == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "[evil]", ""])  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/_grimoire/news", "/_grimoire/live.js", "/nowhere"])
def test_a_name_from_elsewhere_is_refused(port: int, host: str, path: str) -> None:
    answer = ask(port, path, host=host)
    assert answer.status == 403
    assert b"Text" not in answer.body


def test_before_the_first_build_a_page_waits_for_it(tmp_path: Path) -> None:
    with hosted(tmp_path / "none", News(Report("s"))) as port:
        answer = ask(port)
    assert answer.status == 404
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert b'data-at="s-0" data-status="404"' in answer.body


def test_a_folder_that_is_no_site_is_not_served(out: Path, port: int) -> None:
    """The output folder that was asked for may hold anything, as a build that refuses it says."""
    (out / MANIFEST).unlink()
    for path in ("/", "/static/app.js", "/terms/ring"):
        answer = ask(port, path)
        assert answer.status == 404
        assert b"Nothing here yet" in answer.body


def test_a_machine_that_listens_to_a_network_has_a_name_there() -> None:
    own = socket.gethostname()
    assert _names("127.0.0.1") == {"127.0.0.1", "::1", "localhost"}
    assert _names("0.0.0.0") >= {own, f"{own}.local"}  # noqa: S104


def test_a_worker_of_another_day_is_sent_away(out: Path, port: int) -> None:
    (out / "sw.js").write_text("keeps everything")
    answer = ask(port, "/sw.js")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert b"unregister" in answer.body
    assert b"keeps" not in answer.body


# ---------------------------------------------------------------- the news


class Listener:
    """Somebody who is told the news."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._connection.request("GET", "/_grimoire/news")
        self._response = self._connection.getresponse()
        self.headers = {name.lower(): value for name, value in self._response.getheaders()}

    def next(self) -> dict[str, Any] | None:
        """Wait for the next report, None when there will be no more."""
        while line := self._response.readline():
            if line.startswith(b"data: "):
                found: dict[str, Any] = json.loads(line[6:])
                return found
        return None

    def close(self) -> None:
        self._response.close()
        self._connection.close()


def test_who_listens_is_told_the_last_report_and_then_each(out: Path) -> None:
    news = News(Report("s", 1))
    with hosted(out, news) as port:
        listener = Listener(port)
        assert listener.headers["content-type"].startswith("text/event-stream")
        assert listener.headers["cache-control"] == "no-cache"
        first = listener.next()
        assert first is not None
        assert (first["build"], first["changed"]) == (1, [])
        news.tell(Report("s", 2, is_written=True, changed=("index.html",), counts={"error": 1}))
        second = listener.next()
        assert second is not None
        assert (second["build"], second["changed"], second["counts"]) == (2, ["index.html"], {"error": 1})
        late = Listener(port)
        assert late.next() == second
    assert listener.next() is None, "the end of the server ends it"
    listener.close()
    late.close()


def test_who_is_gone_is_forgotten(out: Path) -> None:
    news = News(Report("s", 1))
    with hosted(out, news) as port:
        for _ in range(20):
            listener = Listener(port)
            listener.next()
            listener.close()
        deadline = time.monotonic() + PATIENCE
        while news._listeners:
            assert time.monotonic() < deadline
            news.tell(Report("s", 2))
            time.sleep(0.01)


# ---------------------------------------------------------------- links into the editor


@pytest.mark.parametrize("name", sorted(EDITORS))
def test_an_editor_is_known_by_name(name: str) -> None:
    assert link_template(name) == EDITORS[name]
    if name != "none":
        assert re.match(r"[a-z]+://", link(EDITORS[name], Path("/a b/ring#1.md"), 3, 5))
        assert "/a%20b/ring%231.md" in link(EDITORS[name], Path("/a b/ring#1.md"), 3, 5)


def test_an_editor_may_be_a_template() -> None:
    assert link_template("mine://{path}?at={line},{column}") == "mine://{path}?at={line},{column}"
    assert (
        link("vscode://file{path}:{line}:{column}", Path("C:/notes/ring.md"), 1, 2)
        == "vscode://file/C%3A/notes/ring.md:1:2"
    )


@pytest.mark.parametrize(
    "wanted",
    ["", "emacs", "mine://{file}", "mine://{line}", "{path}", "mine://{path", "mine://{path!r}", "javascript:{path}", "DATA:{path}", "mine:{path}{0}"],
)  # fmt: skip
def test_what_is_no_editor_is_refused(wanted: str) -> None:
    assert link_template(wanted) is None


# ---------------------------------------------------------------- what is noticed


@pytest.fixture
def ring(site: SiteFolder) -> SiteFolder:
    return site.write("ring.md", RING).write("algebra/group.md", "# Group\n\nA set.\n")


def watch(site: SiteFolder, *, polls: bool = False) -> Watch:
    return Watch(folders(Options(site.folder, site.folder / OUTPUT)), polls=polls, say=print)


def save_in_place(file: Path) -> None:
    file.write_text(RING + "more")


def save_by_truncating(file: Path) -> None:
    with file.open("r+") as opened:
        opened.truncate(0)
        opened.flush()
        opened.write(RING + "more")


def save_by_replacing(file: Path) -> None:
    other = file.with_name(".ring.md.tmp")
    other.write_text(RING + "more")
    other.replace(file)


def save_as_vim_does(file: Path) -> None:
    """Try whether files can be made here, put the file aside, write a new one, take the backup away."""
    trial, backup = file.with_name("4913"), file.with_name("ring.md~")
    trial.touch()
    trial.unlink()
    file.rename(backup)
    file.write_text(RING + "more")
    backup.unlink()


def save_elsewhere_and_move(file: Path) -> None:
    other = file.parents[2] / "ring.part"
    other.write_text(RING + "more")
    other.replace(file)


def save_through_a_deleted_file(file: Path) -> None:
    file.unlink()
    file.write_text(RING + "more")


@pytest.mark.parametrize("polls", [False, True])
@pytest.mark.parametrize(
    "save",
    [save_in_place, save_by_truncating, save_by_replacing, save_as_vim_does, save_elsewhere_and_move, save_through_a_deleted_file],
)  # fmt: skip
def test_every_way_to_save_is_noticed(ring: SiteFolder, save: Callable[[Path], None], *, polls: bool) -> None:
    with watch(ring, polls=polls) as watching:
        save(ring.content / "ring.md")
        assert watching.wait(PATIENCE) == "changed"
        assert (ring.content / "ring.md").read_text().endswith("more")


@pytest.mark.parametrize(
    ("path", "is_noticed"),
    [
        ("content/new.md", True),
        ("content/algebra/new.md", True),
        ("content/picture.png", True),
        ("content/site.yaml", True),
        ("content/works.bib", True),
        ("templates/term.html", True),
        ("static/custom.css", True),
        ("content/.new.md.swp", False),
        ("content/.obsidian/workspace.json", False),
        ("README.md", False),
        (".git/index", False),
        (".grimoire/memo.db", False),
        (".grimoire/serve/index.html", False),
        ("public/index.html", False),
        ("content/node_modules/a/readme.md", False),
    ],
)
def test_what_a_build_may_read_is_noticed_and_nothing_else(
    ring: SiteFolder, path: str, *, is_noticed: bool
) -> None:
    for name in (
        "templates",
        "static",
        ".git",
        "public",
        ".grimoire/serve",
        "content/.obsidian",
        "content/node_modules/a",
    ):
        (ring.folder / name).mkdir(parents=True)
    with watch(ring) as watching:
        (ring.folder / path).write_text("text")
        assert watching.wait(PATIENCE if is_noticed else 0.4) == ("changed" if is_noticed else "nothing")


def test_an_output_inside_the_content_is_not_watched(tmp_path: Path) -> None:
    (tmp_path / "ring.md").write_text(RING)
    build(Options(tmp_path))
    with Watch(folders(Options(tmp_path, tmp_path / OUTPUT)), polls=False, say=print) as watching:
        assert not [folder for folder in watching._folders if "public" in folder]
        (tmp_path / "public/index.html").write_text("text")
        assert watching.wait(0.4) == "nothing"
        (tmp_path / "ring.md").write_text(RING + "more")
        assert watching.wait(PATIENCE) == "changed"


@pytest.mark.parametrize(
    "happens",
    [
        lambda site: (site / "content/new").mkdir(),
        lambda site: (site / "content/algebra").rename(site / "content/order"),
        lambda site: shutil.rmtree(site / "content/algebra"),
        lambda site: (site / "templates").mkdir(),
        lambda site: shutil.rmtree(site / "content"),
        lambda site: (site / "content").rename(site / "contents"),
    ],
    ids=["made", "renamed", "deleted", "theme", "content deleted", "content renamed"],
)
def test_a_folder_that_comes_or_goes_begins_another_watch(
    ring: SiteFolder, happens: Callable[[Path], None]
) -> None:
    with watch(ring) as watching:
        happens(ring.folder)
        assert watching.wait(PATIENCE) == "moved"


def test_a_thousand_files_are_one_change(ring: SiteFolder) -> None:
    for number in range(1000):
        ring.write(f"terms/{number}.md", "# One\n")
    with watch(ring) as watching:
        for number in range(1000):
            ring.write(f"terms/{number}.md", "# Another\n")
        assert watching.wait(PATIENCE) == "changed"
        rest = 0
        while watching.wait(0.5) != "nothing":
            rest += 1
        assert rest <= 5, "slow as the machine may be"


def test_a_site_that_is_gone_is_waited_for(ring: SiteFolder) -> None:
    said: list[str] = []
    moved = ring.folder.with_name("away")
    places = folders(Options(ring.folder))
    ring.folder.rename(moved)
    threading.Timer(0.5, lambda: moved.rename(ring.folder)).start()
    with Watch(places, polls=False, say=said.append) as watching:
        (ring.content / "ring.md").write_text("more")
        assert watching.wait(PATIENCE) == "changed"
    assert [f"grimoire: there is no folder {ring.folder} any more; waiting for it"] == said


def test_where_the_system_watches_no_more_files_are_looked_at(
    ring: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def notify(*_: object) -> None:
        raise OSError(errno.ENOSPC, "OS file watch limit reached")

    monkeypatch.setattr(watching, "RustNotify", notify)
    with Watch(folders(Options(ring.folder)), polls=False, say=said.append) as one:
        assert one.polls
        save_in_place(ring.content / "ring.md")
        assert one.wait(PATIENCE) == "changed"
    assert len(said) == 1
    assert "cannot watch" in said[0]


def test_windows_files_seen_from_its_linux_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    monkeypatch.setattr(
        platform, "uname", lambda: SimpleNamespace(release="6.6.87.2-microsoft-standard-WSL2")
    )
    assert watching._is_deaf("/mnt/c/notes")
    assert not watching._is_deaf("/home/me/notes")
    monkeypatch.setattr(platform, "uname", lambda: SimpleNamespace(release="6.6.87"))
    assert not watching._is_deaf("/mnt/c/notes")


# ---------------------------------------------------------------- builds


class Heard:
    """A terminal that keeps what it is told."""

    def __init__(self) -> None:
        self.builds: list[Built] = []
        self.said: list[str] = []
        self.told: list[str] = []
        self.terminal = Terminal(built=self.builds.append, say=self.said.append, tell=self.told.append)


def builder(
    site: SiteFolder, heard: Heard, news: News, build_: Callable[[Options], Built] = build
) -> Builder:
    options = Options(site.folder, site.folder / OUTPUT)
    return Builder(options, "http://127.0.0.1:8000/", EDITORS["vscode"], build_, news, heard.terminal)


def test_a_report_says_what_changed_and_what_is_wrong(ring: SiteFolder) -> None:
    heard, news = Heard(), News(Report("s"))
    one = builder(ring, heard, news)
    assert not one.build()
    assert (news.report.build, news.report.is_written, news.report.counts) == (1, True, {})
    ring.write("ring.md", RING.replace("two", "[[gruop|two]]"))
    one.build()
    report = news.report
    assert (report.build, report.is_written, report.counts) == (2, True, {"warning": 1})
    assert report.changed is not None
    assert "terms/ring/index.html" in report.changed
    assert "terms/group/index.html" not in report.changed
    (fault,) = report.faults
    assert (fault.severity, fault.code, fault.where) == ("warning", "missing-term", "content/ring.md:5:12")
    assert fault.link == f"vscode://file{(ring.content / 'ring.md').resolve().as_posix()}:5:12"
    assert fault.frame.splitlines()[1] == "5 | A set with [[gruop|two]] operations."
    assert fault.why
    assert fault.help
    (ring.content / "algebra/group.md").unlink()
    one.build()
    assert news.report.changed is not None
    assert "terms/group/index.html" in news.report.changed
    assert len(heard.builds) == 3
    assert heard.said == []


def test_a_build_that_changes_nothing_is_not_shown(ring: SiteFolder) -> None:
    heard, news = Heard(), News(Report("s"))
    one = builder(ring.write("bad.md", "# Bad\n\n[[gruop]]\n"), heard, news)
    one.build()
    one.build()
    assert (news.report.build, news.report.changed) == (2, ())
    assert len(heard.builds) == 1


def test_too_much_is_cut(ring: SiteFolder) -> None:
    heard, news = Heard(), News(Report("s"))
    fault = Diagnostic("missing-term", "", None, "no entry is named `x`")

    def much(options: Options) -> Built:
        changed = tuple(map(str, range(MOST_CHANGED + 1)))
        return Built((fault,) * (MOST_SHOWN + 9), is_written=True, out=options.site, changed=changed)

    builder(ring, heard, news, much).build()
    assert news.report.changed is None
    assert len(news.report.faults) == MOST_SHOWN
    assert news.report.counts == {"warning": MOST_SHOWN + 9}
    assert {one.link for one in news.report.faults} == {""}


def test_a_broken_template_leaves_the_last_good_site(ring: SiteFolder) -> None:
    heard, news = Heard(), News(Report("s"))
    one = builder(ring, heard, news)
    one.build()
    page = ring.folder / OUTPUT / "terms/ring/index.html"
    before = page.read_bytes()
    (ring.folder / "templates").mkdir()
    template = ring.folder / "templates/term.html"
    template.write_text("{% extends 'default/term.html' %}{% block name %}{{ page.titel }}{% endblock %}")
    assert not one.build()
    assert (news.report.is_written, news.report.counts, page.read_bytes()) == (False, {"error": 1}, before)
    assert news.report.faults[0].link.endswith("templates/term.html:1:53")
    template.unlink()
    one.build()
    assert (news.report.is_written, news.report.counts, page.read_bytes()) == (True, {}, before)


def test_a_full_disk_is_told_and_tried_again(ring: SiteFolder) -> None:
    heard, news = Heard(), News(Report("s"))
    full = True

    def written(options: Options) -> Built:
        if full:
            raise OSError(errno.ENOSPC, "No space left on device", "ring.html")
        return build(options)

    one = builder(ring, heard, news, written)
    assert one.build()
    assert one.build()
    assert heard.said == ["grimoire: ring.html: No space left on device"], "told once"
    assert (news.report.build, news.report.is_written, news.report.counts) == (2, False, {"error": 1})
    full = False
    assert not one.build()
    assert (news.report.is_written, news.report.counts) == (True, {})
    assert len(heard.builds) == 1


def test_a_disk_that_is_full_while_files_are_written_leaves_the_site(
    ring: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, news = Heard(), News(Report("s"))
    one = builder(ring, heard, news)
    one.build()
    page = ring.folder / OUTPUT / "terms/ring/index.html"
    before = page.read_bytes()
    ring.write("ring.md", RING.replace("two", "three"))

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("grimoire.write.output.os.write", full)
        assert one.build()
    assert page.read_bytes() == before
    assert not one.build()
    assert b"three" in page.read_bytes()


def test_a_fault_of_the_program_is_told_and_survived(ring: SiteFolder) -> None:
    heard, news = Heard(), News(Report("s"))

    def broken(_: Options) -> Built:
        message = "list index out of range"
        raise IndexError(message)

    assert not builder(ring, heard, news, broken).build()
    assert news.report.faults[0].message == "the build broke off: IndexError: list index out of range"
    assert "Traceback" in heard.said[0]


def test_content_that_is_gone_is_not_taken_from_the_folder_above(ring: SiteFolder) -> None:
    heard, news = Heard(), News(Report("s"))
    one = builder(ring, heard, news)
    one.build()
    files = sorted((ring.folder / OUTPUT).rglob("*"))
    (ring.folder / "README.md").write_text("# Not an entry\n")
    ring.content.rename(ring.folder / "away")
    assert not one.build()
    assert news.report.faults[0].message == f"there is no folder {ring.content}"
    assert sorted((ring.folder / OUTPUT).rglob("*")) == files
    (ring.folder / "away").rename(ring.content)
    one.build()
    assert news.report.is_written


def test_content_that_becomes_a_folder_of_its_own_is_taken(tmp_path: Path) -> None:
    (tmp_path / "ring.md").write_text(RING)
    news = News(Report("s"))
    one = Builder(
        Options(tmp_path, tmp_path / OUTPUT), "http://127.0.0.1:8000/", "", build, news, Heard().terminal
    )
    one.build()
    (tmp_path / "content").mkdir()
    (tmp_path / "content/group.md").write_text("# Group\n\nA set.\n")
    one.build()
    assert one.places.content == tmp_path / "content"
    assert not (tmp_path / OUTPUT / "terms/ring").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read anything")
def test_a_file_that_may_not_be_read_is_told(ring: SiteFolder) -> None:
    (ring.content / "ring.md").chmod(0)
    news = News(Report("s"))
    builder(ring, Heard(), news).build()
    assert news.report.faults[0].code == "unreadable-file"
    assert news.report.is_written


def test_a_link_to_nothing_is_told(ring: SiteFolder) -> None:
    (ring.content / "lost.md").symlink_to(ring.content / "nothing.md")
    news = News(Report("s"))
    builder(ring, Heard(), news).build()
    assert [one.code for one in news.report.faults] == ["unreadable-file"]
    assert news.report.is_written


def test_a_site_with_an_address_elsewhere_has_that_of_the_server(ring: SiteFolder) -> None:
    """Its page for what is not found would lead to another path else."""
    ring.write("site.yaml", "base_url: https://example.org/glossary/\n")
    one = builder(ring, Heard(), News(Report("s")))
    one.build()
    out = ring.folder / OUTPUT
    assert 'href="/static/' in (out / "404.html").read_text()
    assert "<loc>http://127.0.0.1:8000/</loc>" in (out / "sitemap.xml").read_text()
    ring.write("site.yaml", "title: One\n")
    one.build()
    assert not (out / "sitemap.xml").exists()


def test_the_output_is_that_of_a_build(ring: SiteFolder) -> None:
    """There is no second way to build."""
    builder(ring, Heard(), News(Report("s"))).build()
    ring.build()
    served, public = ring.folder / OUTPUT, ring.folder / "public"
    for path in ring.files():
        assert (served / path).read_bytes() == (public / path).read_bytes(), path
    assert len(list(served.rglob("*"))) == len(list(public.rglob("*")))


# ---------------------------------------------------------------- the command


def test_what_changes_during_a_build_is_built_once_more(
    ring: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much it was: a build reads everything."""
    texts: list[str] = []

    def slow(options: Options) -> Built:
        texts.append((ring.content / "ring.md").read_text())
        if len(texts) == 1:
            threading.Timer(0.3, lambda: ring.write("ring.md", "edit 0")).start()
        elif len(texts) == 2:
            for number in range(1, 6):
                ring.write("ring.md", f"edit {number}")
                time.sleep(0.1)
            threading.Timer(1, lambda: ring.write("ring.md", "the end")).start()
        elif texts[-1] == "the end":
            raise KeyboardInterrupt
        return Built((), is_written=True, out=options.site)

    monkeypatch.setattr(running, "AGAIN", 1000)
    serve(Wanted(ring.folder, port=0), slow, Heard().terminal)
    assert texts == [RING, "edit 0", "edit 5", "the end"]


def test_a_build_that_failed_for_want_of_room_is_tried_again_by_itself(
    ring: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AGAIN", 0.05)
    tries = 0

    def full(_: Options) -> Built:
        nonlocal tries
        tries += 1
        if tries == 3:
            raise KeyboardInterrupt
        raise OSError(errno.ENOSPC, "No space left on device")

    heard = Heard()
    serve(Wanted(ring.folder, port=0), full, heard.terminal)
    assert tries == 3
    assert heard.said == ["grimoire: the output: No space left on device"]


def test_a_browser_is_opened_once_after_the_first_build(
    ring: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    builds = 0

    def opens(address: str) -> bool:
        opened.append(address)
        return True

    def built(options: Options) -> Built:
        nonlocal builds
        builds += 1
        assert len(opened) == (builds > 1)
        if builds == 3:
            raise KeyboardInterrupt
        threading.Timer(0.2, lambda: ring.write("ring.md", str(builds))).start()
        return Built((), is_written=True, out=options.site)

    monkeypatch.setattr(webbrowser, "open", opens)
    heard = Heard()
    serve(Wanted(ring.folder, port=0, opens=True), built, heard.terminal)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", opened[0])
    assert heard.said == []


def test_no_browser_to_open_is_told(ring: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def built(_: Options) -> Built:
        threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
        return Built((), is_written=True, out=ring.folder)

    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    heard = Heard()
    serve(Wanted(ring.folder, port=0, opens=True), built, heard.terminal)
    assert len(heard.said) == 1
    assert "no browser" in heard.said[0]


def test_a_port_in_use_is_told_with_the_next_free_one(site: SiteFolder) -> None:
    listening, address = listen("127.0.0.1", 0)
    with listening:
        port = listening.getsockname()[1]
        assert address == f"http://127.0.0.1:{port}/"
        with pytest.raises(PortInUse) as caught:
            listen("127.0.0.1", port)
        free = caught.value.free
        assert free is not None
        assert free > port
        listen("127.0.0.1", free)[0].close()
        ran = site.write("ring.md", RING).run("serve", "--port", str(port))
    assert (ran.status, ran.out) == (1, "")
    assert re.fullmatch(rf"grimoire: port {port} is in use; (\d+) is free: `--port \1`\n", ran.err)
    assert not (site.folder / OUTPUT).exists(), "nothing was built"


def test_only_this_machine_is_listened_to() -> None:
    listening, _ = listen(Wanted(Path()).host, 0)
    with listening:
        assert listening.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize(("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("localhost", "localhost")])  # noqa: S104
def test_the_address_that_is_shown_can_be_opened(host: str, shown: str) -> None:
    listening, address = listen(host, 0)
    with listening:
        assert address == f"http://{shown}:{listening.getsockname()[1]}/"


@pytest.mark.skipif(not socket.has_ipv6, reason="the machine has no IPv6")
def test_an_address_of_the_newer_kind_is_in_brackets() -> None:
    try:
        listening, address = listen("::1", 0)
    except OSError:
        pytest.skip("the machine has no IPv6")
    with listening:
        assert re.fullmatch(r"http://\[::1\]:\d+/", address)


@pytest.mark.parametrize(
    "arguments",
    [("serve", "nowhere"), ("serve", "--port", "x"), ("serve", "--port", "70000"), ("serve", "--port", "-1"), ("serve", "--editor", "emacs"), ("serve", ".", "more")],
    ids=" ".join,
)  # fmt: skip
def test_what_is_not_understood_ends_with_2(site: SiteFolder, arguments: tuple[str, ...]) -> None:
    ran = site.write("ring.md", RING).run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly(ring: SiteFolder, number: int) -> None:
    with Served(ring.folder) as served:
        served.built()
        listener = Listener(served.port)
        listener.next()
        assert served.end(number) == 0
        listener.close()
        served.__exit__(None, None, None)
        assert served.said == []


def test_a_session(ring: SiteFolder) -> None:
    """Start, edit, mend, move a folder, check out a thousand files: each is built once it is quiet, and shown."""
    with Served(ring.folder) as served:
        assert served.built().startswith("2 terms, 0 links, ")
        assert "A set with two operations." in served.page("/terms/ring/")
        served.write("content/ring.md", RING + "\nIts sum is a [[gruop]].\n")
        assert served.built().startswith("2 terms, 1 link (1 missing), ")
        assert served.hears("content/ring.md:7:14: warning[missing-term]")
        served.write("content/ring.md", RING + "\nIts sum is a [[group]].\n")
        assert served.built().startswith("2 terms, 1 link, ")
        (ring.content / "algebra").rename(ring.content / "order")
        served.write("content/order/field.md", "# Field\n\nA ring.\n")
        while not served.built().startswith("3 terms"):
            pass
        for number in range(1000):
            served.write(f"content/many/{number}.md", f"# Number {number}\n\nThe number {number}.\n")
        while not served.built().startswith("1,003 terms"):
            pass
        assert "The number 999." in served.page("/terms/number-999/")
        shutil.rmtree(ring.content / "many")
        while not served.built().startswith("3 terms"):
            pass
        assert ask(served.port, "/terms/number-999/").status == 404
        served.write("README.md", "# No part of the site\n")
        assert served.is_quiet(0.5)
    assert not (ring.folder / "public").exists(), "what is deployed is left alone"


def test_content_may_go_and_come_back(ring: SiteFolder) -> None:
    with Served(ring.folder) as served:
        served.built()
        away = ring.folder / "away"
        ring.content.rename(away)
        time.sleep(0.5)
        assert "A set with two operations." in served.page("/terms/ring/")
        (away / "ring.md").write_text(RING.replace("two", "three"))
        away.rename(ring.content)
        served.built()
        assert "A set with three operations." in served.page("/terms/ring/")
        assert served.hears("there is no folder")


def test_drafts_and_another_folder(ring: SiteFolder, tmp_path: Path) -> None:
    ring.write("ring.md", RING.replace("title", "draft: true\ntitle"))
    with Served(ring.folder, "--drafts", "--out", str(tmp_path / "elsewhere")) as served:
        assert served.built().startswith("2 terms")
        assert (tmp_path / "elsewhere/terms/ring/index.html").is_file()
        assert not (ring.folder / OUTPUT).exists()


def test_a_build_loads_nothing_of_the_server(ring: SiteFolder) -> None:
    heavy = ["starlette", "uvicorn", "watchfiles", "anyio", "asyncio", "grimoire.serve"]
    script = (
        "import json, sys; from grimoire.cli import main\n"
        f"status = main(['build', {str(ring.folder)!r}, '--quiet'])\n"
        f"print(json.dumps([status, [name for name in {heavy} if name in sys.modules]]))"
    )
    ring.build()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [0, []]

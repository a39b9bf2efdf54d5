"""The command line: what each command prints, where, and with which status it ends."""

from __future__ import annotations

import gc
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grimoire import cli, pipeline
from grimoire.building import Built, Options, check
from grimoire.diagnostics import CODES

if TYPE_CHECKING:
    from tests.conftest import Golden, SiteFolder

EXPECTED = Path(__file__).parent / "cli"

GOOD = "# Ring\n\nA set with two operations.\n"
DOUBTFUL = "# Ring\n\nA [[gruop]] with a product.\n"
WRONG = "---\ntitle: Ring\ndraft: perhaps\n---\n\nA set with two operations.\n"
LAST_LINE = re.compile(
    r"(?P<terms>[\d,]+) terms?, (?P<links>[\d,]+) links?(?: \((?P<missing>[\d,]+) missing\))?, "
    r"(?P<rendered>[\d,]+) pages? rendered, (?P<kept>[\d,]+) kept, \d+\.\d s"
)


# ---------------------------------------------------------------- exit statuses


@pytest.mark.parametrize(
    ("text", "arguments", "status"),
    [
        (GOOD, (), 0),
        (GOOD, ("--strict",), 0),
        (DOUBTFUL, (), 0),
        (DOUBTFUL, ("--strict",), 1),
        (WRONG, (), 1),
        (WRONG, ("--strict",), 1),
        ("# Ring\n\n```klingon\nqo\n```\n", ("--strict",), 0),  # a note is no warning
    ],
)
def test_the_status_tells_the_worst_of_what_is_wrong(
    site: SiteFolder, text: str, arguments: tuple[str, ...], status: int
) -> None:
    assert site.write("ring.md", text).run("build", *arguments).status == status
    assert "terms/ring/index.html" in site.files(), "the site is written all the same"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("bild",),
        ("build", "--nothing"),
        ("build", ".", "more"),
        ("build", "--format", "xml"),
        ("build", "--base-url", "example.org"),
        ("build", "nowhere"),
        ("build", "content/ring.md"),
        ("explain",),
        ("explain", "missing-trem"),
        ("new",),
        ("new", ""),
        ("new", "Ring", "nowhere"),
        ("new", "Ring", "content", "--tag", "a", "more"),
        ("new", "Ring", "--tga", "a"),
        ("init",),
        ("serve", "--port", "high"),
    ],
    ids=" ".join,
)
def test_what_is_not_understood_ends_with_2_and_writes_nothing(
    site: SiteFolder, arguments: tuple[str, ...]
) -> None:
    ran = site.write("ring.md", GOOD).run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err
    assert [path.name for path in site.folder.iterdir()] == ["content"]


@pytest.mark.parametrize("port", ["high", "-1", "65536", "8e3", "²", ""])
def test_a_port_that_is_none_is_told_what_one_is(site: SiteFolder, port: str) -> None:
    ran = site.write("ring.md", GOOD).run("serve", f"--port={port}")
    assert ran.status == 2
    assert ran.err.endswith("error: argument --port: wants a number from 0 to 65535\n")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("nowhere", "grimoire: there is no folder nowhere\n"),
        ("content/ring.md", "grimoire: content/ring.md is not a folder\n"),
    ],
)
def test_a_site_is_a_folder(site: SiteFolder, place: str, said: str) -> None:
    assert site.write("ring.md", GOOD).run("build", place).err == said


def test_any_folder_of_markdown_is_a_site(site: SiteFolder) -> None:
    ran = site.write("ring.md", DOUBTFUL).run("build", "content")
    assert ran.status == 0
    assert ran.err.startswith("ring.md:3:3: warning[missing-term]")
    assert (site.content / "public" / "terms" / "ring" / "index.html").is_file()


def test_an_output_that_cannot_be_written_is_told_in_a_line(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "public")

    monkeypatch.setattr(cli, "build", refused)
    ran = site.write("ring.md", GOOD).run("build")
    assert ran == (1, "", "grimoire: public: Permission denied\n")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_output_folder_is_left_as_it_is(site: SiteFolder) -> None:
    public = site.folder / "public"
    public.mkdir(mode=0o555)
    ran = site.write("ring.md", GOOD).run("build")
    assert ran.status == 1
    assert re.fullmatch(r"grimoire: \S+: Permission denied\n", ran.err)
    assert list(public.iterdir()) == []


def test_a_file_in_place_of_the_output_folder_stays(site: SiteFolder) -> None:
    (site.folder / "public").write_text("mine")
    ran = site.write("ring.md", GOOD).run("build")
    assert ran.status == 1
    assert ran.err.startswith("error[foreign-output]: the output folder `public` is not a folder\n")
    assert (site.folder / "public").read_text() == "mine"


# ---------------------------------------------------------------- what is printed


def test_no_collector_runs_while_a_site_is_made(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a collection costs depends on all that is alive, so it must not depend on when one falls due."""
    enabled: list[bool] = []

    def watched(original: Any) -> Any:
        def watching(*arguments: Any) -> Any:
            enabled.append(gc.isenabled())
            return original(*arguments)

        return watching

    monkeypatch.setattr(pipeline, "build_into", watched(pipeline.build_into))
    monkeypatch.setattr(pipeline, "look_over", watched(pipeline.look_over))
    site.write("ring.md", "# Ring\n").build()
    assert gc.isenabled()
    check(Options(site.folder))
    assert gc.isenabled()
    assert enabled == [False, False]


def test_the_last_line_counts(site: SiteFolder) -> None:
    site.write("ring.md", DOUBTFUL).write("field.md", "# Field\n\nA [ring] with division.\n")
    ran = site.run("build")
    (line,) = ran.out.splitlines()
    found = LAST_LINE.fullmatch(line)
    assert found, line
    assert found.group("terms", "links", "missing", "kept") == ("2", "2", "1", "0")
    rendered = int(found["rendered"])
    again = LAST_LINE.fullmatch(site.run("build").out.rstrip("\n"))
    assert again
    assert again.group("rendered", "kept") == ("0", str(rendered))


@pytest.mark.parametrize(
    ("terms", "links", "missing", "line"),
    [
        (0, 0, 0, "0 terms, 0 links, 0 pages rendered, 0 kept, 0.0 s"),
        (1, 1, 1, "1 term, 1 link (1 missing), 0 pages rendered, 0 kept, 0.0 s"),
        (1234, 56789, 1000, "1,234 terms, 56,789 links (1,000 missing), 0 pages rendered, 0 kept, 0.0 s"),
    ],
)
def test_the_form_of_the_last_line(terms: int, links: int, missing: int, line: str) -> None:
    built = Built((), is_written=True, out=Path("public"), terms=terms, links=links, missing=missing)
    assert cli.summary(built) == line


def test_quiet_prints_nothing_but_what_is_wrong(site: SiteFolder) -> None:
    assert site.write("ring.md", GOOD).run("build", "--quiet") == (0, "", "")
    ran = site.write("ring.md", DOUBTFUL).run("build", "--quiet")
    assert ran.out == ""
    assert ran.err.startswith("content/ring.md:3:3: warning[missing-term]: ")


def test_faults_are_counted_under_them(site: SiteFolder) -> None:
    site.write("ring.md", WRONG).write("field.md", DOUBTFUL.replace("Ring", "Field"))
    site.write("group.md", "# Group\n\n[[x1]] [[y2]]\n")
    assert site.run("build").err.endswith("\n\n1 error, 3 warnings\n")
    assert "error" not in site.write("ring.md", GOOD).run("build").err.splitlines()[-1]


def test_json_holds_the_same_faults(site: SiteFolder) -> None:
    site.write("ring.md", WRONG).write("field.md", "# Field\n\nTwo\nlines and [[é]] [[gruop]].\n")
    site.write("group.md", "# Group\n").write("bund.md", "---\naliases: [group]\n---\n\nA bund.\n")
    as_text = site.run("build")
    as_json = site.run("build", "--format", "json")
    assert as_json.status == as_text.status == 1
    rows = json.loads(as_json.err)
    first_lines = [
        f"{row['path']}:{row['line']}:{row['column']}: {row['severity']}[{row['code']}]: {row['message']}"
        for row in rows
    ]
    assert first_lines == [line for line in as_text.err.splitlines() if re.match(r"\S+: \w+\[", line)]
    assert [row["code"] for row in rows] == [
        "duplicate-alias",
        "missing-term",
        "missing-term",
        "invalid-field",
    ]
    for row in rows:
        assert row["severity"] == CODES[row["code"]][0]
        assert (row["end_line"], row["end_column"]) >= (row["line"], row["column"])
    (related,) = rows[0]["related"]
    assert (related["path"], related["line"], related["column"]) == ("content/group.md", 1, 3)
    assert rows[2]["help"] == "did you mean `[[group]]`?"
    assert rows[3]["help"] is None


def test_json_without_faults_is_an_empty_list(site: SiteFolder) -> None:
    assert json.loads(site.write("ring.md", GOOD).run("build", "--format", "json").err) == []


def test_json_gives_no_place_to_what_has_none(site: SiteFolder) -> None:
    (site.folder / "public").mkdir()
    (site.folder / "public" / "mine.txt").touch()
    (row,) = json.loads(site.write("ring.md", GOOD).run("build", "--format", "json").err)
    assert (row["code"], row["path"], row["line"], row["column"]) == ("foreign-output", None, None, None)


def test_explain_says_why_a_page_was_rendered(site: SiteFolder) -> None:
    site.write("ring.md", GOOD).write("field.md", "# Field\n\nDivision.\n")
    first = site.run("build", "--explain").out.splitlines()
    assert "terms/ring/index.html: new" in first
    assert site.run("build", "--explain").out.splitlines()[:-1] == []
    site.write("ring.md", GOOD.replace("two", "2"))
    lines = dict(line.split(": ", 1) for line in site.run("build", "--explain").out.splitlines()[:-1])
    assert "terms/ring/index.html" in lines
    assert "text" in lines["terms/ring/index.html"]
    assert "terms/field/index.html" not in lines


def test_paranoid_compares_with_a_build_from_nothing(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = site.write("ring.md", GOOD).run("build", "--paranoid")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.endswith("paranoid: a build from nothing gives the same\n")
    monkeypatch.setattr("grimoire.paranoid.differences", lambda *_: ["index.html differs"])
    ran = site.run("build", "--paranoid")
    assert (ran.status, ran.err) == (1, "paranoid: index.html differs\n")


def test_drafts_are_built_when_asked_for(site: SiteFolder) -> None:
    site.write("ring.md", "---\ndraft: true\n---\n\nTo be written.\n")
    site.run("build")
    assert "terms/ring/index.html" not in site.files()
    site.run("build", "--drafts")
    assert "terms/ring/index.html" in site.files()
    site.run("build")
    assert "terms/ring/index.html" not in site.files()


@pytest.mark.parametrize(
    "given", ["https://example.org/g", "https://example.org/g/", "https://example.org/g//"]
)
def test_the_base_url_given_wins(site: SiteFolder, given: str) -> None:
    site.write("ring.md", GOOD).write("site.yaml", "base_url: https://example.com/\n")
    site.run("build", "--base-url", given)
    sitemap = site.page("sitemap.xml")
    assert "<loc>https://example.org/g/terms/ring/</loc>" in sitemap
    assert "example.com" not in sitemap


def test_the_output_goes_where_it_is_told(site: SiteFolder) -> None:
    site.write("ring.md", GOOD).run("build", "--out", "elsewhere/deep")
    assert (site.folder / "elsewhere/deep/terms/ring/index.html").is_file()
    assert not (site.folder / "public").exists()


def test_clean_forgets_what_was_remembered(site: SiteFolder) -> None:
    site.write("ring.md", GOOD).run("build")
    kept = LAST_LINE.fullmatch(site.run("build").out.rstrip("\n"))
    clean = LAST_LINE.fullmatch(site.run("build", "--clean").out.rstrip("\n"))
    assert kept
    assert clean
    assert kept["rendered"] == clean["kept"] == "0"
    assert kept["kept"] == clean["rendered"]


# ---------------------------------------------------------------- colours


@pytest.mark.parametrize(
    ("is_terminal", "environment", "is_coloured"),
    [(False, {}, False), (True, {}, True), (True, {"NO_COLOR": "1"}, False), (True, {"NO_COLOR": ""}, True)],
)
def test_colours_are_for_terminals_whose_owner_wants_them(
    site: SiteFolder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    is_terminal: bool,  # noqa: FBT001  a column of the table
    environment: dict[str, str],
    is_coloured: bool,  # noqa: FBT001  a column of the table
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "dumb")  # on which no bar is drawn, however long the build takes
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal, raising=False)
    site.write("ring.md", DOUBTFUL)
    cli.main(["build", str(site.folder)])
    said = capsys.readouterr().err
    assert ("\033[1;33mwarning[missing-term]\033[0m: " in said) == is_coloured
    assert ("\033" in said) == is_coloured


# ---------------------------------------------------------------- explain, new, init


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_is_explained(site: SiteFolder, code: str) -> None:
    ran = site.run("explain", code)
    severity, text = CODES[code]
    assert ran == (0, f"{code} ({severity})\n\n{text}\n", "")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("missing-trem", "no diagnostic is called `missing-trem`; did you mean `missing-term`?\n"),
        ("xyz", "no diagnostic is called `xyz`\n"),
    ],
)
def test_an_unknown_code_is_no_diagnostic(site: SiteFolder, code: str, said: str) -> None:
    assert site.run("explain", code) == (2, "", said)


def test_new_prints_where_the_entry_is(site: SiteFolder) -> None:
    assert site.run("new", "--tag", "algebra", "--tag", "rings", "Local ring") == (
        0,
        "content/local-ring.md\n",
        "",
    )
    assert "tags: [algebra, rings]\n" in (site.content / "local-ring.md").read_text("utf-8")
    assert site.run("new", "Ideal", ".").out == "content/ideal.md\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("Ideal", "--tag", "a", "--tag", "b", "there"),
        ("Ideal", "there", "--tag", "a", "--tag", "b"),
        ("--tag", "a", "Ideal", "--tag", "b", "there"),
        ("--tag=a", "--tag=b", "Ideal", "there"),
    ],
    ids=" ".join,
)
def test_new_takes_its_arguments_in_any_order(site: SiteFolder, arguments: tuple[str, ...]) -> None:
    (site.folder / "there").mkdir()
    assert site.run("new", *arguments) == (0, "there/ideal.md\n", "")
    assert "tags: [a, b]\n" in (site.folder / "there" / "ideal.md").read_text("utf-8")


def test_new_refuses_to_write_over_an_entry(site: SiteFolder) -> None:
    site.write("ring.md", GOOD)
    said = "grimoire: content/ring.md is there already, and is left as it is\n"
    assert site.run("new", "Ring") == (1, "", said)
    assert (site.content / "ring.md").read_text("utf-8") == GOOD


def test_init_lists_what_it_wrote_and_refuses_a_full_folder(site: SiteFolder) -> None:
    ran = site.run("init", "fresh")
    assert (ran.status, ran.err) == (0, "")
    assert all((site.folder / line).is_file() for line in ran.out.splitlines())
    assert ran.out.startswith("fresh/content/site.yaml\n")
    again = site.run("init", "fresh")
    assert again == (1, "", "grimoire: fresh is not an empty folder; nothing is written\n")
    built = site.run("build", "fresh", "--strict")
    assert (built.status, built.err) == (0, "")


# ---------------------------------------------------------------- help, and the ways to start


@pytest.mark.parametrize("command", ["", "build", "serve", "check", "new", "init", "explain"])
def test_the_help(site: SiteFolder, golden: Golden, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    ran = site.run(*filter(None, [command]), "--help")
    assert (ran.status, ran.err) == (0, "")
    golden.check(EXPECTED / f"help{command and '-'}{command}.txt", ran.out)


@pytest.mark.parametrize("start", ["module", "script"])
def test_the_ways_to_start_are_one(site: SiteFolder, start: str) -> None:
    site.write("ring.md", DOUBTFUL)
    root = Path(__file__).parents[1]
    command = ["-m", "grimoire", "build"] if start == "module" else [str(root / "build.py")]
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    ran = subprocess.run(
        [sys.executable, *command, str(site.folder), "--strict"],
        capture_output=True, text=True, check=False, env=environment, cwd=site.folder.parent,
    )  # fmt: skip
    assert ran.returncode == 1
    assert ran.stderr.startswith("content/ring.md:3:3: warning[missing-term]: no entry is named `gruop`\n")
    assert LAST_LINE.fullmatch(ran.stdout.rstrip("\n"))

"""`grimoire check`: all that a build says, what it does not say, and nothing written but the memo."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grimoire import parse
from grimoire.building import Options, build, check
from grimoire.diagnostics import CODES, Diagnostic, as_github
from grimoire.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conftest import SiteFolder

    from grimoire.model import Parsed, Wording

EXAMPLES = Path(__file__).parent / "errors"
FINDINGS = ("circular-definition", "orphan-term", "unexpanded-acronym", "unlinked-mention", "wanted-term")


def found(site: SiteFolder, *codes: str) -> list[str]:
    """What check says beside what a build says, of these codes."""
    return [one.message for one in check(Options(site.folder)).diagnostics if one.code in codes]


# ------------------------------------------------------------------------------ all that a build says


@pytest.mark.parametrize(
    "code",
    [
        *("broken-front-matter", "broken-template", "duplicate-slug", "invalid-diagram", "invalid-field"),
        *("invalid-math", "invalid-setting", "missing-image", "missing-term", "outside-content", "raw-html"),
        *("circular-transclusion", "duplicate-alias", "unclosed-math", "unknown-language", "ambiguous-link"),
    ],
)
def test_all_that_a_build_says(site: SiteFolder, code: str) -> None:
    shutil.copytree(EXAMPLES / code, site.folder, dirs_exist_ok=True)
    said = [one for one in check(Options(site.folder)).diagnostics if one.code not in FINDINGS]
    built = build(Options(site.folder)).diagnostics
    assert set(built) <= set(said)
    assert code in {one.code for one in said}
    if code != "broken-template":
        assert tuple(said) == built


def test_it_says_what_is_wrong_beside_a_broken_template(site: SiteFolder) -> None:
    shutil.copytree(EXAMPLES / "broken-template", site.folder, dirs_exist_ok=True)
    site.write("ring.md", "# Ring\n\nA [[gruop]].\n")
    codes = [one.code for one in check(Options(site.folder)).diagnostics]
    assert codes[:2] == ["missing-term", "broken-template"]


def test_nothing_is_written_but_the_memo(site: SiteFolder) -> None:
    public = site.folder / "public"
    public.mkdir()
    (public / "thesis.doc").write_text("the only copy")
    site.write("ring.md", "# Ring\n\nA [[ring]].\n")
    assert site.run("check").status == 0, "where a build would write is of no matter"
    assert [path.name for path in public.iterdir()] == ["thesis.doc"]
    assert sorted(path.name for path in site.folder.iterdir()) == [".grimoire", "content", "public"]


def test_what_did_not_change_is_not_parsed_again(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    original = parse.parse

    def counted(
        source: Source, dialect: parse.Dialect, elsewhere: Mapping[str, Wording]
    ) -> tuple[Parsed, list[Diagnostic]]:
        parsed.append(source.path)
        return original(source, dialect, elsewhere)

    monkeypatch.setattr(parse, "parse", counted)
    site.write("ring.md", "# Ring\n\nA [[field]] without all.\n").write("field.md", "# Field\n\nA ring.\n")
    first = check(Options(site.folder))
    assert parsed == ["field.md", "ring.md"]
    assert check(Options(site.folder)) == first
    assert len(parsed) == 2
    site.write("field.md", "# Field\n\nA ring of more.\n")
    check(Options(site.folder))
    assert parsed[2:] == ["field.md"]


def test_a_build_after_a_check_is_the_build_without(site: SiteFolder) -> None:
    site.write("ring.md", "# Ring\n\nA field without all.\n").write("field.md", "# Field\n\nA ring.\n")
    check(Options(site.folder))
    built = build(Options(site.folder))
    assert [one.code for one in built.diagnostics] == []
    assert 'class="t auto"' not in site.page("terms/ring/index.html")
    assert site.run("build", "--paranoid").status == 0


# ------------------------------------------------------------------------------ the command


@pytest.mark.parametrize(
    ("text", "arguments", "status"),
    [
        ("# Ring\n\nAn ABC.\n", (), 0),
        ("# Ring\n\nAn ABC.\n", ("--strict",), 0),
        ("# Ring\n\nA [[gruop]].\n", (), 0),
        ("# Ring\n\nA [[gruop]].\n", ("--strict",), 1),
        ("---\ndraft: perhaps\n---\n\nA ring.\n", (), 1),
        ("# Ring\n", ("nowhere",), 2),
    ],
)
def test_the_status_tells_the_worst(
    site: SiteFolder, text: str, arguments: tuple[str, ...], status: int
) -> None:
    assert site.write("ring.md", text).run("check", *arguments).status == status


def test_the_last_line_tells_what_the_site_holds(site: SiteFolder) -> None:
    site.write("ring.md", "# Ring\n\nA [[field]] and a [[group]].\n").write(
        "field.md", "# Field\n\nA [[ring]].\n"
    )
    ran = site.run("check")
    assert ran.out == "2 terms, 3 links (1 missing)\n"
    assert ran.err.endswith("\n1 warning, 2 notes\n")


def test_drafts_are_looked_at_on_demand(site: SiteFolder) -> None:
    site.write("ring.md", "---\ndraft: true\n---\n\nA [[group]].\n").write("field.md", "# Field\n\nMore.\n")
    assert "missing-term" not in site.run("check").err
    assert "missing-term" in site.run("check", "--drafts").err


def test_json_has_the_findings_behind_the_faults(site: SiteFolder) -> None:
    site.write("ring.md", "# Ring\n\nA [[group]] is an ABC.\n").write("field.md", "# Field\n\nA [[ring]].\n")
    rows = json.loads(site.run("check", "--format", "json").err)
    assert [row["code"] for row in rows] == [
        "missing-term",
        "orphan-term",
        "unexpanded-acronym",
        "wanted-term",
    ]
    assert (rows[2]["path"], rows[2]["line"], rows[2]["column"]) == ("content/ring.md", 3, 19)


def test_github_is_told_in_its_own_form(site: SiteFolder) -> None:
    site.write("ring.md", "# Ring\n\nA [[100% group]].\n")
    ran = site.run("check", "--format", "github")
    (first, second) = ran.out.splitlines()
    assert first.startswith(
        "::warning file=content/ring.md,line=3,endLine=3,col=3,endColumn=16,title=missing-term::"
        "no entry is named `100%25 group`%0Awhy: "
    )
    assert second.startswith("::notice file=content/ring.md,line=3,")
    assert ran.err == ""
    (here,) = {
        line.split(",")[0] for line in site.run("check", ".", "--format", "github").out.splitlines()[:1]
    }
    assert here == "::warning file=content/ring.md"
    away = site.run("check", "../site", "--format", "github").out
    assert away.startswith("::warning file=../site/content/ring.md,")


def test_what_github_is_told_of_odd_places() -> None:
    fault = Diagnostic("orphan-term", "a,b:c.md", Span(0, 7), "it is so", help="mend\nit")
    assert as_github(fault, lambda _: "one\ntwo\n", "x/") == (
        "::notice file=x/a%2Cb%3Ac.md,line=1,endLine=2,title=orphan-term::it is so%0Ahelp: mend%0Ait"
    )
    nowhere = Diagnostic("engine-failure", "", None, "it stopped")
    assert as_github(nowhere, lambda _: None) == "::error title=engine-failure::it stopped"


def test_the_findings_are_notes() -> None:
    assert {CODES[code][0] for code in FINDINGS} == {"note"}


# ------------------------------------------------------------------------------ circular definitions


def test_two_terms_defined_by_each_other(site: SiteFolder) -> None:
    site.write("a.md", "# A\n\nIt is a [[b]]. So it is.\n").write(
        "b.md", "# B\n\nIt is an [[a]], e.g. this.\n"
    )
    assert found(site, "circular-definition") == ["`A` is defined by `B`, `B` by `A`"]


@pytest.mark.parametrize(
    "text",
    [
        "It is so in every case. See [[a]].",
        "It is so.\n\nA [[a]].",
        "It is `[[a]]`.",
        "It is [[b]].",
        "It is an a.",
        "See [[a]].",
    ],
)
def test_only_sentences_that_define_make_a_circle(site: SiteFolder, text: str) -> None:
    site.write("a.md", "# A\n\nIt is a [[b]].\n").write("b.md", f"# B\n\n{text}\n")
    assert found(site, "circular-definition") == []


@pytest.mark.parametrize(("length", "count"), [(2, 1), (3, 1), (4, 1), (5, 0)])
def test_longer_circles(site: SiteFolder, length: int, count: int) -> None:
    for number in range(length):
        site.write(f"t{number}.md", f"# T{number}\n\nIt is a [[t{(number + 1) % length}]].\n")
    assert len(found(site, "circular-definition")) == count


def test_each_circle_is_told_once(site: SiteFolder) -> None:
    site.write("a.md", "# A\n\nIt is a [[b]] and a [[c]].\n")
    site.write("b.md", "# B\n\nIt is an [[a]].\n").write("c.md", "# C\n\nIt is a [[b]].\n")
    assert found(site, "circular-definition") == ["`A` is defined by `B`, `B` by `A`"]


# ------------------------------------------------------------------------------ orphans


def test_what_leads_to_a_term(site: SiteFolder) -> None:
    site.write("linked.md", "# Linked\n\nx\n").write("related.md", "# Related\n\nx\n")
    site.write("embedded.md", "# Embedded\n\nx\n").write("own.md", "# Own\n\nAn [[own]].\n")
    site.write("from.md", "---\ntitle: From\nrelated: Related\n---\n\nA [[linked]].\n\n![[embedded]]\n")
    site.write("glossary.md", "# All\n\n## Listed\n\nx\n").write("notes/n.md", "# Note\n\nx\n")
    assert found(site, "orphan-term") == ["no entry leads to `From`", "no entry leads to `Own`"]


def test_automatic_links_lead_to_a_term_too(site: SiteFolder) -> None:
    site.write("softmax.md", "# Softmax\n\nA logit.\n").write("logit.md", "# Logit\n\nA softmax.\n")
    assert len(found(site, "orphan-term")) == 2
    site.write("site.yaml", "auto_link: first\n")
    assert found(site, "orphan-term", "unlinked-mention") == []


def test_one_term_alone_is_no_orphan(site: SiteFolder) -> None:
    assert found(site.write("ring.md", "# Ring\n\nx\n"), "orphan-term") == []


# ------------------------------------------------------------------------------ acronyms


@pytest.mark.parametrize(
    ("text", "unexpanded"),
    [
        ("A PID.", ["PID"]),
        ("Two PIDs and a PID-like one.", ["PID"]),
        ("A principal ideal domain (PID). A PID.", []),
        ("PIDs (principal ideal domains) are.", []),
        ("A PID (as is known).", ["PID"]),
        ("A ring (PID).", ["PID"]),
        ("A PID.\n\n*[PID]: principal ideal domain", []),
        ("A <abbr title='x'>PID</abbr>.", []),
        ("`PID` $PID$ [PID](https://a.example/) --PID PID.md PID()", []),
        ("## PID\n\nx", []),
        ("Chapters II and XIV, 3 GB, 4 KiB, 5 MHz, the L1 and A.", []),
        ("It is NOT so, and not odd.", []),
        ("GPT-2 and a ReLU.", ["GPT", "ReLU"]),
        ("Known: CRT, and LCM of KNN.", ["LCM"]),
    ],
)
def test_acronyms_that_are_never_expanded(site: SiteFolder, text: str, unexpanded: list[str]) -> None:
    site.write("crt.md", "# Chinese remainder theorem (CRT)\n\nx\n")
    site.write("knn.md", "---\ntitle: KNN\naliases: [k-nearest neighbours]\n---\n\nx\n")
    site.write("ring.md", f"# Ring\n\n{text}\n")
    assert [one.split("`")[1] for one in found(site, "unexpanded-acronym")] == unexpanded


def test_an_expansion_anywhere_will_do_and_uses_are_counted(site: SiteFolder) -> None:
    site.write("a.md", "# A\n\nAn UFD, an UFD. A PID.\n").write(
        "b.md", "# B\n\nA PID, a PID, a PID, an UFD.\n"
    )
    assert found(site, "unexpanded-acronym") == [
        "`PID` is used 4 times and never expanded",
        "`UFD` is used 3 times and never expanded",
    ]
    site.write("c.md", "# C\n\nA Unique Factorization Domain (UFD).\n")
    assert found(site, "unexpanded-acronym") == ["`PID` is used 4 times and never expanded"]


# ------------------------------------------------------------------------------ mentions and wishes


def test_mentions_are_counted_where_no_link_is(site: SiteFolder) -> None:
    site.write("softmax.md", "# Softmax\n\nA softmax.\n").write("logit.md", "# Logit\n\nA logit.\n")
    site.write("a.md", "# First\n\nSoftmaxes, a softmax and `softmax`; logits.\n")
    site.write("b.md", "# Second\n\nA [softmax], a softmax.\n")
    site.write("c.md", "---\ntitle: Third\nauto_link: false\n---\n\nA softmax.\n")
    site.write("d.md", "# Fourth\n\nLogits, logits, logits and data.\n").write("data.md", "# Data\n\nx\n")
    assert found(site, "unlinked-mention") == [
        "`Logit` is named 4 times in 2 entries without a link to it",
        "`Softmax` is named 2 times in 1 entry without a link to it",
    ]
    (logit, _) = (one for one in check(Options(site.folder)).diagnostics if one.code == "unlinked-mention")
    assert (logit.path, [place.path for place in logit.related]) == ("content/a.md", ["content/d.md"])


def test_wanted_terms_are_ranked_by_demand(site: SiteFolder) -> None:
    site.write("a.md", "---\ntitle: A\nrelated: [module]\n---\n\nA [[ring]], a [[Module]], an [[ideal]].\n")
    site.write("b.md", "# B\n\nA [[module]] of [[rings]].\n")
    assert found(site, "wanted-term")[:1] == ["`Module` is wanted 3 times by 2 entries"]
    assert sorted(found(site, "wanted-term")[1:]) == [
        "`ideal` is wanted once by 1 entry",
        "`ring` is wanted once by 1 entry",
        "`rings` is wanted once by 1 entry",
    ]

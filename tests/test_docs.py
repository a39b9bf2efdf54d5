"""The documentation names what there is, and nothing else."""

import re
from pathlib import Path

import pytest

from grimoire import cli
from grimoire.config import _KNOWN
from grimoire.diagnostics import CODES
from grimoire.parse.front_matter import FIELDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
AUTHORING = (ROOT / "docs/authoring.md").read_text("utf-8")


def _code_in(text: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", text))


def _section(text: str, title: str) -> str:
    return re.split(r"^## ", text.split(f"## {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def test_the_first_block_of_the_readme_is_two_commands() -> None:
    """Install and build; install and test."""
    found = re.search(r"```sh\n(.*?)```", README, re.DOTALL)
    assert found is not None
    assert found[1].splitlines() == [
        "pip install -e . && python build.py",
        'pip install -e ".[test]" && python -m pytest',
    ]


def test_every_field_is_documented_and_every_documented_field_exists() -> None:
    """The table of front matter names exactly the fields that have an effect."""
    rows = [line for line in _section(AUTHORING, "Front matter").splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in _code_in(row.split("|")[1])}
    assert named == set(FIELDS)


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    """The table of settings names exactly those there are."""
    rows = [line for line in _section(AUTHORING, "Settings").splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in _code_in(row.split("|")[1])}
    assert {name.partition(".")[0] for name in named} == set(_KNOWN)
    assert {name for name in named if "." in name} == {"math.output", "math.macros", "search.formulas"}


def test_every_option_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    """Every option that the help names stands in the README's table of commands, and none besides."""
    with pytest.raises(SystemExit):
        cli.main(["build", "--help"])
    options = set(re.findall(r"(?<!\w)--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    row = next(line for line in README.splitlines() if line.startswith("| `grimoire build"))
    documented = set(re.findall(r"(?<!\w)--[a-z][a-z-]*", row))
    assert documented == options


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_diagnostic_can_be_explained(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`grimoire explain` has a text for each code."""
    assert cli.main(["explain", code]) == 0
    assert len(capsys.readouterr().out) > 60


def test_links_between_documents_lead_somewhere() -> None:
    """Relative links in the documentation are to files that exist."""
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        # What stands in code is an example.
        text = re.sub(r"```.*?```|`[^`\n]*`(?!\])", "", document.read_text("utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#:\s]+)\)", text):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_every_template_and_filter_is_documented() -> None:
    """Theme writers find each template, and each filter that is ours."""
    from jinja2 import Environment

    from grimoire.render import Renderer
    from grimoire.theme import load

    theming = _code_in((ROOT / "docs/theming.md").read_text("utf-8"))
    templates = {path.name for path in (ROOT / "templates").glob("*.html")}
    assert templates <= theming
    filters = set(Renderer(load(ROOT)).environment.filters) - set(Environment(autoescape=True).filters)
    assert filters <= theming

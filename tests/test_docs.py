"""The documentation names what there is, and nothing else."""

import re
import shutil
from pathlib import Path

import pytest
from tests.conftest import Golden, SiteFolder, english

from grimoire import cli, common_words
from grimoire.citations import styles
from grimoire.config import _KNOWN
from grimoire.diagnostics import CODES
from grimoire.inflection import LANGUAGES
from grimoire.parse.known_fields import FIELDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
AUTHORING = ROOT / "docs/authoring"
EXAMPLE = re.compile(r"^```md(?P<codes>(?: [a-z-]+)*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
"""A sample of what an author writes, with the codes of what is said of it."""


def _code_in(text: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", text))


def _named_in_table(page: str) -> set[str]:
    """What the first cells of a page's tables name."""
    rows = [line for line in (AUTHORING / page).read_text("utf-8").splitlines() if line.startswith("| `")]
    return {name for row in rows for name in _code_in(row.split("|")[1])}


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
    assert _named_in_table("front-matter.md") == set(FIELDS)


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    """The table of settings names exactly those there are."""
    named = _named_in_table("settings.md")
    assert {name.partition(".")[0] for name in named} == set(_KNOWN)
    assert {name for name in named if "." in name} == {"math.output", "math.macros", "search.formulas"}


def test_every_word_of_latex_is_documented() -> None:
    """The page on LaTeX has every command, environment and field that is known, and names none that is not."""
    from grimoire.parse.latex import vocabulary as known
    from grimoire.parse.latex.macros import MAKE_MACROS
    from grimoire.parse.latex.pointers import POINTERS
    from grimoire.parse.latex.signs import symbol

    page = (AUTHORING / "latex.md").read_text("utf-8")
    code = set(re.findall(r"``? ?(.+?) ?``?(?!`)", page))
    commands = {found[1] for one in code if (found := re.match(r"\\([A-Za-z]+|.)", one))}
    capitals = {name for name, mention in known.MENTIONS.items() if mention.case}
    ours = {
        "ensuremath",
        "enquote",
        "par",
        "xspace",
        "iffalse",
        "verb",
        "lstinline",
        "mintinline",
        *POINTERS,
        *MAKE_MACROS,
    }
    ours |= {*known.ENTRY_COMMANDS, *known.TAGS, *known.SWITCHES, *known.TRANSPARENT, *known.SILENT}
    ours |= {*known.SILENT_WITH_ARGUMENT, *known.BREAKS}
    assert ours - capitals - commands == set()
    signs = {name for name in commands if name in {*known.CHARACTERS, *known.ACCENTS} or symbol(name)}
    assert commands - ours - signs == {"loadglsentries", "input", "glslongpluralkey"}
    environments = {*known.LISTS, *known.QUOTES, *known.FRAMES, *known.CODE_ENVIRONMENTS}
    fields = {*known.FIELDS, *known.OTHER_FIELDS, *(f"@{kind}" for kind in known.BIB_ENTRIES)}
    assert (environments | fields | known.WITHOUT_THEIR_MARKS) - code == set()
    words = page.split("## Fields")[1].split("## Links")[0]
    assert _code_in(words) - fields == {"see=[see also]{a,b}", "See \\gls{other}.", "\\glslongpluralkey"}


@pytest.mark.parametrize(("language", "title"), [("en", "English"), ("fr", "French")])
def test_the_rules_for_plurals_are_those_of_the_page(language: str, title: str) -> None:
    """The page on names has every rule, word and exception of the code, and no other."""
    page = (AUTHORING / "names.md").read_text("utf-8")
    part = page.split(f"### {title}\n")[1].split("\n#", maxsplit=1)[0]
    table = LANGUAGES[language]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in part.splitlines()
        if line[:3] == "| -"
    ]
    assert rows == [
        [f"-{rule.plural}", f"-{rule.singular}", rule.where, ", ".join(map(" / ".join, rule.examples))]
        for rule in table.rules
    ]
    lists = [
        " ".join(text.split(".\n")[0].split())
        for text in re.split(r"^These .*:\n", part, flags=re.MULTILINE)[1:]
    ]
    assert [one.rstrip(".").split(", ") for one in lists] == [
        [" / ".join(pair) for pair in table.words],
        sorted(table.no_plurals),
    ]
    (links,) = re.findall(r"up to the first of ([^:]+):|the one before ([^:]+):", part)
    assert " ".join("".join(links).split()).split(", ") == sorted(table.links)


def test_the_common_words_are_those_of_the_page() -> None:
    """The page on automatic links lists the words that are not linked by themselves."""
    part = (AUTHORING / "automatic-links.md").read_text("utf-8").split("## Common words\n")[1]
    lists = re.findall(r"^(?:English|French):\n(.*?)\.\n", part, flags=re.DOTALL | re.MULTILINE)
    assert [tuple(" ".join(one.split()).split(", ")) for one in lists] == list(
        common_words.LANGUAGES.values()
    )


@pytest.mark.parametrize("command", ["build", "serve", "check"])
def test_every_option_is_documented(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every option that the help names stands in the README's table of commands, and none besides."""
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    options = set(re.findall(r"(?<!\w)--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    row = next(line for line in README.splitlines() if line.startswith(f"| `grimoire {command}"))
    documented = set(re.findall(r"(?<!\w)--[a-z][a-z-]*", row))
    assert documented == options


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_diagnostic_can_be_explained(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`grimoire explain` has a text for each code."""
    assert cli.main(["explain", code]) == 0
    assert len(capsys.readouterr().out) > 60


def test_the_page_of_diagnostics_has_them_all(golden: Golden) -> None:
    """It is written from the table of codes: `pytest --update` does so."""
    rows = [f"| `{code}` | {severity} | {text} |" for code, (severity, text) in sorted(CODES.items())]
    head = (
        "# Diagnostics\n\nEach fault of the input is told with file, line and column, and one of these codes. "
        "Errors make the\nexit status 1, with `--strict` warnings too; notes never do. "
        "`grimoire explain CODE` prints the same text.\n\n| code | | |\n|---|---|---|\n"
    )
    golden.check(AUTHORING / "diagnostics.md", head + "\n".join(rows) + "\n")


def test_every_style_is_documented_and_every_documented_style_exists() -> None:
    """The table of styles names exactly the shipped ones, by their short names too."""
    page = (AUTHORING / "citations.md").read_text("utf-8")
    table = page.split("| kind | styles", 1)[1].split("\n\n", 1)[0]
    assert _code_in(table) == set(styles())


def test_the_samples_say_what_they_are_said_to(site: SiteFolder) -> None:
    """Each sample of the pages for authors is built among this repository's own entries."""
    shutil.copytree(ROOT / "content", site.content, dirs_exist_ok=True)
    expected: dict[str, list[str]] = {}
    for page in sorted(AUTHORING.glob("*.md")):
        for number, example in enumerate(EXAMPLE.finditer(page.read_text("utf-8")), 1):
            path = f"samples/{page.stem}-{number}.md"
            has_kind = example["text"].startswith(("---\n", "+++\n"))
            site.write(path, example["text"] if has_kind else f"---\nkind: note\n---\n{example['text']}")
            expected[path] = sorted(example["codes"].split())
    found: dict[str, list[str]] = {path: [] for path in expected}
    for one in site.build().diagnostics:
        found.setdefault(one.path.removeprefix("content/"), []).append(one.code)
    assert {path: sorted(codes) for path, codes in found.items()} == expected


def test_the_list_of_pages_names_every_page() -> None:
    """Who writes finds each page from the first one."""
    listed = set(re.findall(r"\]\(([a-z-]+\.md)\)", (AUTHORING / "README.md").read_text("utf-8")))
    assert listed == {page.name for page in AUTHORING.glob("*.md")} - {"README.md"}


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

    theming = _code_in((ROOT / "docs/theming.md").read_text("utf-8"))
    templates = {path.name for path in (ROOT / "templates").glob("*.html")}
    assert templates <= theming
    filters = set(Renderer(english(ROOT)).environment.filters) - set(Environment(autoescape=True).filters)
    assert filters <= theming


def test_every_token_and_block_of_the_theme_is_documented_and_every_documented_one_exists() -> None:
    theming = (ROOT / "docs/theming.md").read_text("utf-8")
    sheets = "".join(path.read_text("utf-8") for path in sorted((ROOT / "static").glob("*.css")))
    roots = " ".join(re.findall(r":root {([^}]+)}", sheets))
    tokens = {token for token in re.findall(r"(--[\w-]+):", roots) if not re.fullmatch(r"--g[1-8]", token)}
    assert tokens == set(re.findall(r"`(--[\w-]+)`", theming))
    blocks = {
        path.name: re.findall(r"{% block (\w+) %}", path.read_text("utf-8"))
        for path in (ROOT / "templates").glob("*.html")
    }
    own = {
        name: {one for one in found if name == "base.html" or one not in blocks["base.html"]}
        for name, found in blocks.items()
    }
    rows = re.findall(r"^\| `([\w.]+)` \| (.*blocks .*)", theming, re.MULTILINE)
    told = {name: set(re.findall(r"`(\w+)`", row.partition("blocks")[2])) for name, row in rows}
    assert {name: found for name, found in own.items() if found} == told

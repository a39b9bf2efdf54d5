"""The settings of a site: what each may be, and what is said of one that may not."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grimoire.config import Settings, TopicSetting, read_settings
from grimoire.diagnostics import Diagnostic
from grimoire.source import SETTINGS_FILE, Span, Written


def settings_of(folder: Path, yaml: str | bytes) -> tuple[Settings, list[Diagnostic]]:
    (folder / SETTINGS_FILE).write_bytes(yaml if isinstance(yaml, bytes) else yaml.encode())
    return read_settings(folder, "content/site.yaml")


def fault(folder: Path, yaml: str) -> tuple[Diagnostic, str]:
    """The one thing that is wrong, and the text it points at."""
    _, (one,) = settings_of(folder, yaml)
    assert one.path == "content/site.yaml"
    assert one.span is not None
    return one, yaml[one.span.start : one.span.end]


def test_without_a_file_all_is_as_it_is_by_default(tmp_path: Path) -> None:
    assert read_settings(tmp_path, "site.yaml") == (Settings(), [])


@pytest.mark.parametrize("yaml", ["", "# nothing\n", "---\n", "\ufeff", "title:\nauthor: ~\n"])
def test_an_empty_file_changes_nothing(tmp_path: Path, yaml: str) -> None:
    assert settings_of(tmp_path, yaml) == (Settings(), [])


@pytest.mark.parametrize(
    ("yaml", "name", "value"),
    [
        ("title: Grimoire", "title", "Grimoire"),
        ("title: 1984", "title", "1984"),
        ("description: Words.", "description", "Words."),
        ("author: A", "author", "A"),
        ("language: pt-BR", "language", "pt-BR"),
        ("language: no", "language", "no"),
        ("base_url: https://example.org/a", "base_url", "https://example.org/a/"),
        ("base_url: https://example.org/a//", "base_url", "https://example.org/a/"),
        ("topics_order: alphabetical", "topics_order", "alphabetical"),
        ("videos: player", "videos", "player"),
        ("dates: git", "dates", "git"),
        ("math: {output: mathml}", "math_output", "mathml"),
        ("math: {macros: {R: '\\mathbb{R}', \\E: E}}", "macros", {"\\R": "\\mathbb{R}", "\\E": "E"}),
        ("html: trusted", "html", "trusted"),
        ("smart: yes", "smart", True),
        ("offline: true", "offline", True),
        ("pictures: true", "pictures", Written("true", Span(10, 14))),
        ("pictures: false", "pictures", None),
        ("auto_link: first", "auto_link", "first"),
        ("auto_link: off", "auto_link", "off"),
        ("acronyms: Expand", "acronyms", "expand"),
        ("acronyms: abbr", "acronyms", "abbr"),
        ("edit_url: https://example.org/edit/{path}", "edit_url", "https://example.org/edit/{path}"),
        ("license: CC BY 4.0", "license", "CC BY 4.0"),
        ("search: {formulas: false}", "search_formulas", False),
        (
            "topics: {a: {title: A, description: As.}, b: Bs.}",
            "topics",
            {"a": TopicSetting("A", "As."), "b": TopicSetting(description="Bs.")},
        ),
    ],
)
def test_a_setting(tmp_path: Path, yaml: str, name: str, value: object) -> None:
    found, faults = settings_of(tmp_path, yaml)
    assert getattr(found, name) == value
    assert faults == []


def test_topics_keep_their_order(tmp_path: Path) -> None:
    found, _ = settings_of(tmp_path, "topics:\n  z: Z\n  a: A\n  m: M\n")
    assert list(found.topics) == ["z", "a", "m"]


@pytest.mark.parametrize(
    ("yaml", "message", "where"),
    [
        ("title: [a]", "`title` wants a text, got a list", "[a]"),
        ("auto_link: all", "`auto_link` wants `off` or `first`, got `all`", "all"),
        ("acronyms: true", "`acronyms` wants `off` or `abbr` or `expand`, got `true`", "true"),
        ("smart: perhaps", "`smart` wants true or false, got the text `perhaps`", "perhaps"),
        ("html: all", "`html` wants `safe` or `trusted`, got `all`", "all"),
        ("videos: cinema", "`videos` wants `link` or `player`, got `cinema`", "cinema"),
        ("dates: today", "`dates` wants `front-matter` or `git`, got `today`", "today"),
        ("topics_order: random", "`topics_order` wants `author` or `alphabetical`, got `random`", "random"),
        ("math: {output: svg}", "`math` wants `html` or `mathml`, got `svg`", "svg"),
        ("math: html", "`math` wants a mapping, got `math` without names below it", "html"),
        ("math: {macros: x}", "`math` wants a mapping, got `macros` without names below it", "x"),
        ("topics: [a]", "`topics` wants a mapping, got `topics` without names below it", "[a]"),
        ("search: {formulas: some}", "`search` wants true or false, got the text `some`", "some"),
        ("base_url: example.org", "`base_url` wants an address that begins with `https://`, got `example.org`", "example.org"),
        ("edit_url: https://example.org", "`edit_url` wants an address with `{path}` in it, got `https://example.org`", "https://example.org"),
    ],
)  # fmt: skip
def test_a_setting_of_the_wrong_kind_leaves_its_default(
    tmp_path: Path, yaml: str, message: str, where: str
) -> None:
    one, text = fault(tmp_path, yaml)
    assert (one.code, one.message, text) == ("invalid-setting", message, where)
    assert settings_of(tmp_path, yaml)[0] == Settings()


def test_files_of_entries_are_a_path_or_a_list(tmp_path: Path) -> None:
    for name in ("a.bib", "deep/b.BIB"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert settings_of(tmp_path, "entries: a.bib\n") == (Settings(entries=("a.bib",)), [])
    found, faults = settings_of(tmp_path, "entries: [deep/b.BIB, ./a.bib, deep/../a.bib]\n")
    assert (found.entries, faults) == (("deep/b.BIB", "a.bib"), [])


@pytest.mark.parametrize(
    ("yaml", "message", "where"),
    [
        ("entries: {a: b}", "`entries` wants a text or a list of texts, got a mapping", "{a: b}"),
        ("entries: a.tex", "`entries` wants files of bib2gls, which end with `.bib`, got `a.tex`", "a.tex"),
        ("entries: ../a.bib", "`entries` wants files below the content folder, got `../a.bib`", "../a.bib"),
        ("entries: /a.bib", "`entries` wants files below the content folder, got `/a.bib`", "/a.bib"),
        ("entries: [no.bib]", "`entries` names `no.bib`, which is not there", "no.bib"),
    ],
)
def test_what_is_no_file_of_entries(tmp_path: Path, yaml: str, message: str, where: str) -> None:
    one, text = fault(tmp_path, yaml)
    assert (one.code, one.message, text) == ("invalid-setting", message, where)
    assert settings_of(tmp_path, yaml)[0] == Settings()


def test_a_wrong_setting_spoils_no_other(tmp_path: Path) -> None:
    found, faults = settings_of(tmp_path, "title: [a]\nauthor: A\n")
    assert (found.author, len(faults)) == ("A", 1)


@pytest.mark.parametrize(
    ("yaml", "message", "where", "cure"),
    [
        ("titel: x", "there is no setting `titel`", "titel", "did you mean `title`?"),
        ("math: {makros: {}}", "there is no setting `math.makros`", "makros", "did you mean `macros`?"),
        ("search: {x: 1}", "there is no setting `search.x`", "x", "known settings: formulas"),
        ("topics: {a: {titel: A}}", "there is no setting `topics.a.titel`", "titel", "did you mean `title`?"),
    ],
)
def test_an_unknown_setting(tmp_path: Path, yaml: str, message: str, where: str, cure: str) -> None:
    one, text = fault(tmp_path, yaml)
    assert (one.code, one.message, text, one.help) == ("unknown-setting", message, where, cure)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    one, text = fault(tmp_path, "title: \x01")
    assert (one.code, text) == ("unreadable-text", "\x01")


@pytest.mark.parametrize(("yaml", "where"), [("title: a: b", ":"), ("- a", "-"), ("a", "a")])
def test_a_file_that_is_no_mapping(tmp_path: Path, yaml: str, where: str) -> None:
    one, text = fault(tmp_path, yaml)
    assert (one.code, text) == ("invalid-setting", where)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).mkdir()
    found, (one,) = read_settings(tmp_path, "site.yaml")
    assert (found, one.code) == (Settings(), "unreadable-file")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=60), st.text("abmthsoc:{}[]- \n'\"#*&", max_size=60).map(str.encode)))
def test_any_file_is_read_or_reported(tmp_path: Path, raw: bytes) -> None:
    found, faults = settings_of(tmp_path, raw)
    assert isinstance(found, Settings)
    assert all(one.severity for one in faults)

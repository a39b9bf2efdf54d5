"""The block at the head of a file: each field, what is wrong in it, and where."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grimoire.diagnostics import Diagnostic
from grimoire.parse.front_matter import FrontMatter, Relation, bare_name, macro_name, read, split_tags
from grimoire.parse.known_fields import FIELDS
from grimoire.source import Source, Span, Written


def block(yaml: str) -> Source:
    return Source("entry.md", f"---\n{yaml}\n---\nThe body.\n")


def fields(yaml: str) -> FrontMatter:
    found, faults = read(block(yaml))
    assert faults == []
    return found


def fault(yaml: str) -> tuple[Diagnostic, str]:
    """The one thing that is wrong, and the text it points at."""
    source = block(yaml)
    (one,) = read(source)[1]
    assert one.span is not None
    return one, source.text[one.span.start : one.span.end]


# ------------------------------------------------------------------------------------ the block


@pytest.mark.parametrize(
    "text",
    ["", "text", "# Title\n", "--- not a block", "----\nx\n", "\n---\ntitle: x\n---\n", "---\n\ntext\n"],
)
def test_a_file_without_a_block(text: str) -> None:
    assert read(Source("entry.md", text)) == (FrontMatter(), [])


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("---\ntitle: x\n---\nbody", "body"),
        ("---\ntitle: x\n...\nbody", "body"),
        ("---  \ntitle: x\n--- \n\nbody", "\nbody"),
        ("---\ntitle: x\n---", ""),
        ("---\n---\nbody", "body"),
        ("---\n# only a comment\n---\nbody", "body"),
        ("---\ntitle: a --- b\n---\nbody\n---\n", "body\n---\n"),
    ],
)
def test_where_the_body_begins(text: str, rest: str) -> None:
    found, faults = read(Source("entry.md", text))
    assert text[found.end :] == rest
    assert faults == []


def test_a_block_that_is_never_closed() -> None:
    found, (one,) = read(Source("entry.md", "---\ntitle: x\n\nbody"))
    assert (found.end, one.code, one.span) == (0, "broken-front-matter", Span(0, 3))
    assert "closed" in one.message


@pytest.mark.parametrize(
    ("yaml", "where", "cure"),
    [
        ("title: L1: norm", ":", "quotes"),
        ("title: *x", "*", "quotes"),
        ("title: @x", "@", "quotes"),
        ("title: [x", "\n", "brackets"),
        ("\ttitle: x", "\t", "quotes"),
        ("title: 'x", "\n", ""),
        ("title: a\x01b", "\x01", ""),
        ("title: é𝕏 \x7f", "\x7f", ""),
        ("- a", "- a\n---\n", "name: value"),
        ("words", "words\n---\n", "name: value"),
    ],
)
def test_a_block_that_is_no_mapping(yaml: str, where: str, cure: str) -> None:
    one, text = fault(yaml)
    assert one.code == "broken-front-matter"
    assert text == where
    assert cure in one.help
    assert read(block(yaml))[0] == FrontMatter(end=len(block(yaml).text) - len("The body.\n"))


# ------------------------------------------------------------------------------------ each field


@pytest.mark.parametrize(
    ("yaml", "attribute", "value"),
    [
        ("title: A Ring", "title", "A Ring"),
        ("title: No", "title", "No"),
        ("title: 1:30", "title", "1:30"),
        ("title: 010", "title", "010"),
        ("title: 2024-09-20", "title", "2024-09-20"),
        ("title: ~", "title", ""),
        ("title:", "title", ""),
        ("title: [[x]]", "title", "[[x]]"),
        ("title: |\n  over\n  lines", "title", "over lines"),
        ("id: x", "id", "x"),
        ("permalink: x", "id", "x"),
        ("permalink: /topics/rings/ideal/", "id", "ideal"),
        ("permalink: /rings/ideal.html", "id", "ideal"),
        ("permalink: /rings/ideal/index.html", "id", "ideal"),
        ("permalink: /:categories/:title/", "id", ""),
        ("slug: ideal", "id", "ideal"),
        ("url: /rings/ideal", "id", "ideal"),
        ("url: https://example.org/rings", "id", ""),
        ("url: /", "id", ""),
        ("kind: Note", "kind", "note"),
        ("abbreviation: ABC", "abbreviation", "ABC"),
        ("auto_link: yes", "auto_link", "true"),
        ("auto_link: off", "auto_link", "false"),
        ("auto_link: Text", "auto_link", "text"),
        ("auto_link: name", "auto_link", "name"),
        ("auto_link:", "auto_link", ""),
        ("plural: false", "is_inflected", False),
        ("plural: No", "is_inflected", False),
        ("plural: none", "is_inflected", False),
        ("plural: corpora", "is_inflected", True),
        ("plural: false", "plurals", ()),
        ("plural:", "plurals", ()),
        ("abbrev: ABC", "abbreviation", "ABC"),
        ("acronym: ABC", "abbreviation", "ABC"),
        ("tags: [a, b/c, '#d']", "tags", ("a", "b/c", "d")),
        ("tags: a, b c", "tags", ("a", "b", "c")),
        ("tags:\n- a\n- a", "tags", ("a",)),
        ("tag: a", "tags", ("a",)),
        ("tags: '#a, #b'", "tags", ("a", "b")),
        ("tags: a b/c", "tags", ("a", "b/c")),
        ("tags:", "tags", ()),
        ("tags: [Machine  Learning, b]", "tags", ("Machine Learning", "b")),
        ("tags: ['#a #b', 'c, d e', '#f']", "tags", ("a", "b", "c", "d e", "f")),
        ("categories: [a, b]", "tags", ("a", "b")),
        ("category: a", "tags", ("a",)),
        ("tags: [a]\ncategories: [b, a]", "tags", ("a", "b", "a")),
        ("author: A. Author", "author", "A. Author"),
        ("authors: [A, B]", "author", "A, B"),
        ("author: '[[A. Author]]'", "author", "A. Author"),
        ("author: {name: A. Author, url: x}", "author", "A. Author"),
        ("authors: [{name: A}, {name: B}, {}]", "author", "A, B"),
        ("author:", "author", ""),
        ("created: 2024-09-20", "created", "2024-09-20"),
        ("date: '2024-09-20'", "created", "2024-09-20"),
        ("date: 2023-09-05T11:37:46+02:00", "created", "2023-09-05T11:37:46+02:00"),
        ("date: 2023-09-05 11:37:46 +02:00", "created", "2023-09-05T11:37:46+02:00"),
        ("date: 2023-09-05 11:37:46 -0500", "created", "2023-09-05T11:37:46-0500"),
        ("created: '[[2024-09-20]]'", "created", "2024-09-20"),
        ("date created: 2024-09-20", "created", "2024-09-20"),
        ("created_at: 2024-09-20", "created", "2024-09-20"),
        ("created:", "created", ""),
        ("modified: 2023-09-05T11:37Z", "modified", "2023-09-05T11:37+00:00"),
        ("updated: 2024-09-20", "modified", "2024-09-20"),
        ("lastmod: 2024-09-20", "modified", "2024-09-20"),
        ("last_modified_at: 2024-09-20", "modified", "2024-09-20"),
        ("date-modified: 2024-09-20", "modified", "2024-09-20"),
        ("excerpt: One sentence.", "description", "One sentence."),
        ("Title: A Ring", "title", "A Ring"),
        ("description: One sentence.", "description", "One sentence."),
        ("summary: One sentence.", "description", "One sentence."),
        ("bibliography: a.bib", "bibliography", (Written("a.bib", Span(18, 23)),)),
        ("lang: fr", "lang", "fr"),
        ("draft: true", "draft", True),
        ("draft: off", "draft", False),
        ("publish: no", "draft", True),
        ("publish: yes", "draft", False),
        ("publish:", "draft", False),
        ("published: false", "draft", True),
        ("published: 2024-09-20", "draft", False),
        ("status: stub", "status", "stub"),
        ("status: [stub, seen]", "status", "stub, seen"),
        ("kind:", "kind", ""),
        ("macros:", "macros", ()),
        ("macros: {R: '\\mathbb{R}', \\E: E}", "macros", (("\\R", "\\mathbb{R}"), ("\\E", "E"))),
    ],
)
def test_a_field(yaml: str, attribute: str, value: object) -> None:
    assert getattr(fields(yaml), attribute) == value


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("aliases: [a, 'b, c']", [("a", "a"), ("b, c", "'b, c'")]),
        ("alias: a, b c,", [("a", "a"), ("b c", "b c")]),
        ("aliases: a,\n  b", [("a", "a"), ("b", "b")]),
        ("aliases: 'a, b'", [("a, b", "'a, b'")]),
        ("aliases:\n  - é𝕏\n  - x", [("é𝕏", "é𝕏"), ("x", "x")]),
        ("aliases: [a]\nalias: b", [("a", "a"), ("b", "b")]),
        ("aliases: [1, No, ~, '']", [("1", "1"), ("No", "No")]),
        ("aliases: ring", [("ring", "ring")]),
        ("aliases:", []),
        ("aliases: [[x]]", [("x", "[[x]]")]),
        ("aliases: [/posts/ring/, /old, a / b]", [("a / b", "a / b")]),
    ],
)
def test_aliases_with_their_places(yaml: str, expected: list[tuple[str, str]]) -> None:
    text = block(yaml).text
    assert [(name, text[at.start : at.end]) for name, at in fields(yaml).aliases] == expected


@pytest.mark.parametrize(
    ("yaml", "urls"),
    [
        ("yt: https://a.b/c", ["https://a.b/c"]),
        ("yt: https://a.b/c https://a.b/d", ["https://a.b/c", "https://a.b/d"]),
        ("yt:\n- https://a.b/c?t=144\n- https://a.b/d", ["https://a.b/c?t=144", "https://a.b/d"]),
    ],
)
def test_videos(yaml: str, urls: list[str]) -> None:
    assert [url for url, _ in fields(yaml).yt] == urls


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("related: a", [("a", "", "a")]),
        ("related: a, [[b]]", [("a", "", "a"), ("b", "", "[[b]]")]),
        ("related: [[a]]", [("a", "", "[[a]]")]),
        ("related: [[a|shown]]", [("a", "", "[[a|shown]]")]),
        ("related: '[[a]], [[b]]'", [("a", "", "'[[a]], [[b]]'"), ("b", "", "'[[a]], [[b]]'")]),
        ("related: [[[a]], [[b]]]", [("a", "", "[[a]]"), ("b", "", "[[b]]")]),
        ("related: [a, b]", [("a", "", "a"), ("b", "", "b")]),
        ("related:\n- [[a]]\n- b, c", [("a", "", "[[a]]"), ("b, c", "", "b, c")]),
        (
            "related:\n- a: for a reason\n- [[b]]: for another",
            [("a", "for a reason", "a"), ("b", "for another", "[[b]]")],
        ),
        ("related:\n  a: why\n  b: too", [("a", "why", "a"), ("b", "too", "b")]),
        ("see: [a]\nrelated: [b]", [("a", "", "a"), ("b", "", "b")]),
        ("related: []", []),
        ("related:", []),
    ],
)
def test_relations_with_reasons_and_places(yaml: str, expected: list[tuple[str, str, str]]) -> None:
    text = block(yaml).text
    found = fields(yaml).related
    assert [(one.name, one.reason, text[one.span.start : one.span.end]) for one in found] == expected


def test_other_relations() -> None:
    found = fields("prerequisites: [a]\nbroader: b")
    assert [one.name for one in found.prerequisites + found.broader] == ["a", "b"]
    assert isinstance(found.broader[0], Relation)


def test_places_of_single_fields() -> None:
    yaml = 'title: "A: B"\nid: x\nabbrev: AB'
    text, found = block(yaml).text, fields(yaml)
    spans = (found.title_span, found.id_span, found.abbreviation_span)
    assert [text[span.start : span.end] for span in spans] == ['"A: B"', "x", "AB"]


# --------------------------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("yaml", "message", "where"),
    [
        ("title: [a]", "`title` wants a text, got a list", "[a]"),
        ("title: {a: b}", "`title` wants a text, got a mapping", "{a: b}"),
        ("aliases: {a: b}", "`aliases` wants a text or a list of texts, got a mapping", "{a: b}"),
        ("aliases: [a, [b, c]]", "`aliases` wants texts, got a list in a list", "[b, c]"),
        ("kind: page", "`kind` wants `term` or `note` or `glossary`, got `page`", "page"),
        ("draft: maybe", "`draft` wants true or false, got the text `maybe`", "maybe"),
        ("auto_link: first", "`auto_link` wants true, false, `text` or `name`, got `first`", "first"),
        ("plural: true", "`plural` wants the plural, or `false`, got `true`", "true"),
        ("plural: {a: b}", "`plural` wants a text or a list of texts, got a mapping", "{a: b}"),
        ("draft: [true]", "`draft` wants true or false, got a list", "[true]"),
        ("date: soon", "`date` wants a date such as 2024-09-20 or 2024-09-20T11:37:46+02:00, got `soon`", "soon"),
        ("date: 2024-02-30", "`date` wants a date such as 2024-09-20 or 2024-09-20T11:37:46+02:00, got `2024-02-30`", "2024-02-30"),
        ("macros: x", "`macros` wants a mapping of macro names to TeX, got no mapping", "x"),
        ("related: [a, [b, c]]", "`related` wants a text, got a list", "[b, c]"),
        ("related: [{a: [b]}]", "`related` wants a text, got a list", "[b]"),
    ],
)  # fmt: skip
def test_a_field_of_the_wrong_kind(yaml: str, message: str, where: str) -> None:
    one, text = fault(yaml)
    assert (one.code, one.message, text) == ("invalid-field", message, where)


def test_a_wrong_field_spoils_no_other() -> None:
    found, (one,) = read(block("title: [a]\nlang: fr"))
    assert (found.title, found.lang, one.code) == ("", "fr", "invalid-field")


def test_a_tag_that_became_a_comment() -> None:
    one, _ = fault("tags: #ml")
    assert one.code == "invalid-field"
    assert "comment" in one.help


def test_a_near_miss_is_reported_and_an_unknown_field_is_not() -> None:
    one, text = fault("relatd: [a]")
    assert (one.code, text, one.help) == ("unknown-field", "relatd", "did you mean `related`?")
    assert fields("titleTransclude: false\ncomments: {enable: false}\n? [a]\n: b") is not None


@pytest.mark.parametrize(
    "name",
    """layout weight type publishDate expiryDate linkTitle keywords headless outputs params cascade menu math
    series toc comments cover author_profile classes header sidebar nav_order parent redirect_from sticky pin
    cssclasses cssclass banner kanban-plugin dg-publish source rating up next prev topic class uid subtitle
    abstract csl language dir sidebar_position hide_title template taxonomies extra publisher doi year stage
    image images date_published created_by""".split(),
)
def test_the_fields_of_other_programs_are_kept_without_a_word(name: str) -> None:
    assert msgspec.structs.replace(fields(f"{name}:\n  enable: true"), end=0) == FrontMatter()


@pytest.mark.parametrize(
    "yaml", ['title: "a\\0m0\\0"', 'aliases: ["\\0", "\\ufdd0"]', '"\\0": x', 'draft: "\\0"']
)
def test_characters_that_no_text_may_hold(yaml: str) -> None:
    """An escape can name them; the parser needs them for itself."""
    found, faults = read(block(yaml))
    assert "\0" not in repr((found, faults)).replace("\\x00", "\0")
    assert "\ufdd0" not in repr((found, faults)).replace("\\ufdd0", "\ufdd0")


def test_a_field_that_stands_twice() -> None:
    one, text = fault("title: a\ntitle: b")
    assert (one.code, text) == ("duplicate-field", "title")
    assert read(block("title: a\ntitle: b"))[0].title == "b"


def test_two_names_of_one_field_that_disagree() -> None:
    one, text = fault("id: a\npermalink: b")
    assert (one.code, one.message, text) == ("duplicate-field", "`permalink` and `id` disagree", "permalink")
    assert fields("id: a\npermalink: a").id == "a"
    assert fields("draft: false\npublish: true").draft is False


# -------------------------------------------------------------------------------------- any YAML

MARKS = r"""[ ] [[ ]] { } , ' " | > # : *a &a !!binary !x ? ~ yes 2024-09-20 1:30 a é𝕏 --- ... <<:""".split()
PIECES = st.sampled_from([*FIELDS, *MARKS, ": ", "\n", "\n- ", "\n  ", " ", "\t", "\x07", "\u2028"])
YAML = st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=80))


@settings(max_examples=400, deadline=None)
@given(YAML)
def test_any_block_is_read_or_reported(yaml: str) -> None:
    source = block(yaml.replace("\r", ""))
    found, faults = read(source)
    length = len(source.text)
    assert 0 <= found.end <= length
    for one in faults:
        assert one.span is not None
        assert 0 <= one.span.start <= one.span.end <= length
        assert one.severity
    spans = [at for _, at in (*found.aliases, *found.yt)] + [one.span for one in found.related]
    assert all(0 <= span.start <= span.end <= length for span in spans)


@pytest.mark.parametrize(
    "yaml",
    ["a: " + "[" * 99_999, "a: " + "[" * 99_999 + "]" * 99_999, "{a: " * 9999, "- " * 99_999, "? " * 9999],
)
def test_lists_in_lists_without_end(yaml: str) -> None:
    one, _ = fault(yaml)
    assert one.code == "broken-front-matter"
    assert "nested too deep" in one.message


def test_a_long_list_is_not_deep() -> None:
    assert len(fields("aliases:\n" + "".join(f"- a{number}\n" for number in range(500))).aliases) == 500


# --------------------------------------------------------------------------------------- details


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[[a]]", "a"),
        ("[[a|b]]", "a"),
        ("[a]", "a"),
        (" a ", "a"),
        ("[[a]] b", "[[a]] b"),
        ("[[a#b]]", "a#b"),
    ],
)
def test_the_name_in_a_link(text: str, name: str) -> None:
    assert bare_name(text) == name


def test_tags_and_macros() -> None:
    assert split_tags(["#a, b", "b/c  a"]) == ("a", "b", "b/c")
    assert (macro_name("R"), macro_name("\\R")) == ("\\R", "\\R")

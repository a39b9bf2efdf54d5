"""What each page comes to know: lists, neighbours, mentions, topics, letters, videos, wishes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest

from grimoire.compose import MOST_NEIGHBOURS, WHOLE_INDEX, canonical_video, compose, start_of
from grimoire.config import Settings, TopicSetting
from grimoire.glossary import Citations
from grimoire.model import Ambiguous, Found, Image, Term
from grimoire.names import Url
from grimoire.pages import (
    CardPage,
    DisambiguationPage,
    DocumentPage,
    HomePage,
    LetterPage,
    Page,
    TermPage,
    TopicPage,
    TopicsPage,
    VideosPage,
    WantedPage,
)
from grimoire.parse import Dialect, parse
from grimoire.resolve import resolve
from grimoire.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grimoire.pages import Site

PageT = TypeVar("PageT", bound=Page)


class Composed:
    """A site composed from texts, its pages by kind and address."""

    def __init__(
        self,
        files: Mapping[str, str],
        settings: Settings | None = None,
        images: Mapping[str, Image] | None = None,
    ) -> None:
        terms: list[Term] = []
        for path in sorted(files):
            parsed, _ = parse(Source(path, files[path]), Dialect())
            terms += parsed.terms
        glossary, graph, _ = resolve(terms, sorted(images or {}))
        self.site: Site
        self.site, self.pages = compose(
            glossary, graph, Citations(), settings or Settings(), images or {}, {}
        )

    def all(self, kind: type[PageT]) -> list[PageT]:
        return [page for page in self.pages if isinstance(page, kind)]

    def only(self, kind: type[PageT]) -> PageT:
        (page,) = self.all(kind)
        return page

    def term(self, slug: str) -> TermPage:
        return next(page for page in self.all(TermPage) if page.slug == slug)


def entry(title: str, text: str = "", **fields: str) -> str:
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"---\ntitle: {title}\n{lines}---\n\n{text}\n"


# ---------------------------------------------------------------- every page


def test_every_address_is_composed_once() -> None:
    site = Composed({"a.md": entry("A"), "notes/n.md": "# N\n", "glossary.md": "# G\n\n## B\n\nx\n"})
    urls = [page.url for page in site.pages]
    assert len(urls) == len(set(urls))
    assert urls == [
        "",
        "terms/a/",
        "terms/a/card.html",
        "glossary/",
        "terms/b/",
        "terms/b/card.html",
        "notes/n/",
        "topics/",
        "graph/",
        "changes/",
        "search/",
        "references/",
        "videos/",
        "wanted/",
        "404.html",
    ]


def test_a_site_of_nothing_has_its_pages() -> None:
    site = Composed({})
    home = site.only(HomePage)
    assert (home.title, home.text, home.count, home.groups) == ("Glossary", None, 0, ())
    assert all(letter.url == "" for letter in site.site.letters)
    assert site.only(TopicsPage).entries == ()


# ---------------------------------------------------------------- mentions


def test_mentions_come_with_their_sentences_marked() -> None:
    files = {
        "ring.md": entry("Ring"),
        "field.md": entry(
            "Field",
            "First things first. A [ring] with $1 \\ne 0$ divides. Each [[ring|such a ring]] counts. End.",
        ),
        "algebra.md": entry("Algebra", "It acts on a [ring]."),
        "notes/n.md": "# A note\n\n> A quoted [ring].\n",
        "index.md": "Begin at the [ring].\n",
    }
    used_by = Composed(files).term("ring").used_by
    assert [(mention.title, mention.url) for mention in used_by] == [
        ("A note", "notes/n/"),
        ("Algebra", "terms/algebra/"),
        ("Field", "terms/field/"),
    ]
    field = used_by[2]
    assert [excerpt.text for excerpt in field.excerpts] == [
        "A ring with 1 \\ne 0 divides.",
        "Each such a ring counts.",
    ]
    assert [excerpt.html for excerpt in field.excerpts] == [
        "A <mark>ring</mark> with \0m0\0 divides.",
        "Each <mark>such a ring</mark> counts.",
    ]
    assert [formula.tex for formula in field.excerpts[0].formulas] == ["1 \\ne 0"]


def test_a_sentence_is_shown_once_however_often_it_mentions() -> None:
    files = {"ring.md": entry("Ring"), "field.md": entry("Field", "A [ring] is a [ring].")}
    (mention,) = Composed(files).term("ring").used_by
    assert [excerpt.text for excerpt in mention.excerpts] == ["A ring is a ring."]


def test_a_line_more_above_changes_no_page() -> None:
    """Pages hold no places, or every page behind an edit would be rendered anew."""
    files = {"ring.md": entry("Ring", "A set.\n\nSee [field]."), "field.md": entry("Field", "A [ring].")}
    before = Composed(files)
    after = Composed({**files, "ring.md": "---\n# a comment\n" + files["ring.md"].removeprefix("---\n")})
    assert before.pages == after.pages


# ---------------------------------------------------------------- neighbours


def test_neighbours_are_ranked_by_how_they_are_tied() -> None:
    files = {
        "me.md": entry("Me", "[[Both]] [[Out]] [[Also out]] [[Me]] [[A note]]"),
        "both.md": entry("Both", "[[Me]] [[Out]]"),
        "out.md": entry("Out"),
        "also.md": entry("Also out"),
        "in.md": entry("In", "[[Me]] [[Also out]]"),
        "far.md": entry("Far", "[[Both]]"),
        "notes/n.md": "# A note\n\n[[Me]]\n",
    }
    page = Composed(files).term("me")
    assert [(one.title, one.links_here) for one in page.neighbours] == [
        ("Both", True),
        ("In", True),
        ("Also out", False),
        ("Out", False),
    ]
    assert page.edges == ((0, 3), (1, 2))


def test_no_more_neighbours_than_can_be_drawn() -> None:
    names = [f"N{number:02}" for number in range(40)]
    files = {f"{name}.md": entry(name, "[[Hub]]") for name in names}
    files["hub.md"] = entry("Hub", " ".join(f"[[{name}]]" for name in names[30:]))
    page = Composed(files).term("hub")
    assert len(page.neighbours) == MOST_NEIGHBOURS == 14
    assert [one.title for one in page.neighbours] == names[30:] + names[:4]
    assert page.edges == ()


# ---------------------------------------------------------------- order


def test_terms_follow_one_another_as_in_the_index() -> None:
    files = {
        "1.md": entry("élan"),
        "2.md": entry("Zeta"),
        "3.md": entry("Eel"),
        "4.md": entry("emu"),
        "5.md": entry("(ε, δ)-proof"),
        "6.md": entry("1-norm"),
        "notes/n.md": "# Eels\n",
    }
    site = Composed(files)
    groups = site.only(HomePage).groups
    assert [(group.label, [one.title for one in group.entries]) for group in groups] == [
        ("E", ["Eel", "élan", "emu", "(ε, δ)-proof"]),
        ("Z", ["Zeta"]),
        ("#", ["1-norm"]),
    ]
    order = ["1-norm", "Eel", "élan", "emu", "(ε, δ)-proof", "Zeta"]
    around = {page.title: (page.before, page.after) for page in site.all(TermPage)}
    assert [tuple(one and one.title for one in around[title]) for title in order] == [
        (before, after) for before, after in zip([None, *order], [*order[1:], None], strict=False)
    ]


def test_what_a_title_says_of_names_is_not_said_again() -> None:
    files = {
        "1.md": "---\naliases: [low rank, LR]\n---\n# Low-rank adaptation (LoRA)\n",
        "2.md": "---\nabbreviation: SAE\n---\n# Sparse autoencoder\n",
    }
    site = Composed(files)
    (group, other) = site.only(HomePage).groups
    assert [one.abbreviation for one in (*group.entries, *other.entries)] == ["", "SAE"]
    assert [page.aliases for page in site.all(TermPage)] == [("low rank", "LR"), ()]
    assert [page.aliases for page in site.all(CardPage)] == [("low rank", "LR"), ("SAE",)]


def test_letters_lead_to_their_place_in_the_index() -> None:
    letters = Composed({"e.md": entry("Eel"), "o.md": entry("Όμορφος"), "1.md": entry("1-norm")}).site.letters
    assert [letter.label for letter in letters] == [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "Ο", "#"]
    assert {letter.label: letter.url for letter in letters if letter.url} == {
        "E": "#E",
        "Ο": "#Ο",
        "#": "#other",
    }


@pytest.mark.parametrize("more", [0, 1])
def test_a_long_index_has_a_page_for_each_letter(more: int) -> None:
    count = WHOLE_INDEX + more
    files = {f"{number}.md": f"# {'ABx'[number % 3]}{number}\n" for number in range(count - 1)}
    files["one.md"] = "# 1-norm\n"
    site = Composed(files)
    home = site.only(HomePage)
    assert home.count == count
    letters = {letter.label: letter.url for letter in site.site.letters if letter.url}
    if not more:
        assert sum(len(group.entries) for group in home.groups) == count
        assert site.all(LetterPage) == []
        assert letters == {"A": "#A", "B": "#B", "X": "#X", "#": "#other"}
        return
    assert home.groups == ()
    assert letters == {"A": "a/", "B": "b/", "X": "x/", "#": "other/"}
    pages = site.all(LetterPage)
    assert [(page.url, page.title) for page in pages] == [
        ("a/", "A"),
        ("b/", "B"),
        ("x/", "X"),
        ("other/", "#"),
    ]
    assert sum(len(page.group.entries) for page in pages) == count


# ---------------------------------------------------------------- topics


TAGGED = {
    "a.md": entry("A", tags="[sets, ML]"),
    "b.md": entry("B", tags="[Sets, ml, Ml]"),
    "c.md": entry("C", tags="[logic, sets]"),
    "notes/n.md": "---\ntitle: N\ntags: [sets, unheard of]\n---\n",
}


def test_topics_count_terms_and_the_largest_comes_first() -> None:
    topics = Composed(TAGGED).only(TopicsPage).topics
    assert [(topic.tag, topic.title, topic.count, topic.url) for topic in topics] == [
        ("sets", "sets", 3, "topics/sets/"),
        ("ml", "ML", 2, "topics/ml/"),
        ("logic", "logic", 1, "topics/logic/"),
    ]


def test_topics_stand_in_the_author_s_order_with_his_titles() -> None:
    settings = Settings(
        topics={
            "logic": TopicSetting(title="Logic", description="What follows."),
            "unused": TopicSetting(title="Unused"),
            "Sets": TopicSetting(),
        }
    )
    site = Composed(TAGGED, settings)
    assert [(topic.tag, topic.title, topic.description) for topic in site.only(HomePage).topics] == [
        ("logic", "Logic", "What follows."),
        ("sets", "Sets", ""),
        ("ml", "ML", ""),
    ]
    assert [(page.url, page.title, page.description) for page in site.all(TopicPage)] == [
        ("topics/logic/", "Logic", "What follows."),
        ("topics/sets/", "Sets", ""),
        ("topics/ml/", "ML", ""),
        ("topics/unheard-of/", "unheard of", ""),
    ]


def test_a_topic_lists_its_terms_once_and_an_entry_its_topics() -> None:
    site = Composed(TAGGED)
    pages = {page.url: [one.title for one in page.entries] for page in site.all(TopicPage)}
    assert pages == {
        "topics/sets/": ["A", "B", "C", "N"],
        "topics/ml/": ["A", "B"],
        "topics/logic/": ["C"],
        "topics/unheard-of/": ["N"],
    }
    assert [topic.tag for topic in site.term("b").topics] == ["sets", "ml"]
    assert {topic.count for topic in site.term("b").topics} == {0}, (
        "one more term of a topic changes no other"
    )
    assert [topic.tag for topic in site.only(DocumentPage).topics] == ["sets", "unheard-of"]


@pytest.mark.parametrize(("order", "titles"), [("author", ["Z", "M"]), ("alphabetical", ["M", "Z"])])
def test_the_live_list_keeps_the_author_s_order_unless_told(order: str, titles: list[str]) -> None:
    settings = Settings(topics_order=order)  # type: ignore[arg-type]  # a column of the table
    page = Composed({"1.md": entry("Z"), "2.md": entry("M")}, settings).only(TopicsPage)
    assert [one.title for one in page.entries] == titles


# ---------------------------------------------------------------- relations


def test_relations_are_shown_with_their_reasons_and_from_both_sides() -> None:
    files = {
        "ring.md": (
            "---\ntitle: Ring\nrelated:\n  - Field: with division\n  - field\n  - nothing\n"
            "prerequisites: group\nbroader: [algebra, Field]\n---\n"
        ),
        "field.md": entry("Field"),
        "group.md": entry("Group", broader="Algebra"),
        "algebra.md": entry("Algebra"),
    }
    site = Composed(files)
    page = site.term("ring")
    assert [(one.title, one.note) for one in page.see_also] == [("Field", "with division")]
    assert [one.title for one in page.prerequisites] == ["Group"]
    assert [one.title for one in page.broader] == ["Algebra", "Field"]
    assert [one.title for one in site.term("algebra").narrower] == ["Group", "Ring"]
    assert [one.title for one in site.term("field").narrower] == ["Ring"]
    assert site.term("ring").narrower == ()


def test_an_entry_that_points_to_another_has_its_summary() -> None:
    files = {
        "a.md": entry("Short form", "See [middle]."),
        "b.md": entry("Middle", "See [long form]."),
        "c.md": entry("Long form", "What it really is. And more."),
    }
    site = Composed(files)
    page = site.term("short-form")
    assert page.redirect
    assert (page.redirect.title, page.redirect.gloss.text) == ("Middle", "What it really is.")
    assert page.description == "What it really is."
    card = next(one for one in site.all(CardPage) if one.url == "terms/short-form/card.html")
    assert card.title == "Short form"
    assert "What it really is" in card.lead.html
    glosses = {one.title: one.gloss.text for group in site.only(HomePage).groups for one in group.entries}
    assert set(glosses.values()) == {"What it really is."}


def test_entries_that_point_to_each_other_end_somewhere() -> None:
    site = Composed({"a.md": entry("A", "See [b]."), "b.md": entry("B", "See [a].")})
    assert [page.redirect and page.redirect.title for page in site.all(TermPage)] == ["B", "A"]


def test_a_long_summary_is_cut_for_machines_at_a_word() -> None:
    page = Composed({"a.md": entry("A", description="word " * 100)}).term("a")
    assert len(page.description) <= 301
    assert page.description.endswith("word…")


def test_a_term_among_many_knows_its_document() -> None:
    files = {
        "glossary.md": "# Rings\n\nAll of them.\n\n## Local ring\n\nOne.\n\n### Use\n\nx\n\n## Ideal\n\nTwo.\n"
    }
    site = Composed(files)
    document = site.only(DocumentPage)
    assert [(one.slug, one.url) for one in document.sections] == [
        ("local-ring", "terms/local-ring/"),
        ("ideal", "terms/ideal/"),
    ]
    part_of = site.term("ideal").part_of
    assert part_of
    assert part_of.url == document.url == "glossary/"
    assert [one.title for one in site.only(HomePage).notes] == ["Rings"]


# ---------------------------------------------------------------- names shared


def test_a_term_has_another_id_than_a_heading_before_the_terms() -> None:
    site = Composed(
        {"glossary.md": "# Many\n\n### Ring\n\nBefore.\n\n## Ring\n\nA ring.\n\n## Field\n\nA field.\n"}
    )
    document = site.only(DocumentPage)
    assert [heading.anchor for heading in document.headings] == ["ring"]
    assert [section.slug for section in document.sections] == ["ring--term", "field"]


def test_a_shared_name_has_a_page_that_lists_its_bearers() -> None:
    files = {
        "info.md": entry("Mutual information (MI)", "Bits in common."),
        "interp.md": entry("Mechanistic interpretability (MI)", "A look inside."),
        "from.md": entry("From", "An [MI].", related="MI"),
    }
    site = Composed(files)
    page = site.only(DisambiguationPage)
    assert (page.url, page.name) == ("terms/mi/", "MI")
    assert [(one.title, one.gloss.text) for one in page.entries] == [
        ("Mutual information (MI)", "Bits in common."),
        ("Mechanistic interpretability (MI)", "A look inside."),
    ]
    assert site.term("from").text.links == (Ambiguous(Url("terms/mi/"), "MI"),)
    assert [(one.url, one.title) for one in site.term("from").see_also] == [("terms/mi/", "MI")]
    assert site.term("mutual-information-mi").used_by == ()


# ---------------------------------------------------------------- videos


@pytest.mark.parametrize(
    ("url", "second"),
    [
        ("https://youtu.be/x?t=144", 144),
        ("https://youtu.be/x?t=144s", 144),
        ("https://youtu.be/x?t=2m24s", 144),
        ("https://youtu.be/x?t=1h2m3s", 3723),
        ("https://www.youtube.com/watch?v=x&start=9", 9),
        ("https://www.youtube.com/watch?v=x&t=1h", 3600),
        ("https://youtu.be/x", 0),
        ("https://youtu.be/x?t=", 0),
        ("https://youtu.be/x?t=soon", 0),
        ("https://youtu.be/x?st=5", 0),
    ],
)
def test_the_second_at_which_a_video_begins(url: str, second: int) -> None:
    assert start_of(url) == second


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://youtu.be/abc", "https://www.youtube.com/watch?v=abc"),
        ("https://youtu.be/abc?t=3&si=x", "https://www.youtube.com/watch?v=abc"),
        ("https://www.youtube.com/watch?v=abc&t=3", "https://www.youtube.com/watch?v=abc"),
        ("http://m.youtube.com/watch?t=3&v=abc", "https://www.youtube.com/watch?v=abc"),
        ("https://www.youtube.com/embed/abc?start=3", "https://www.youtube.com/watch?v=abc"),
        ("https://www.youtube-nocookie.com/embed/abc", "https://www.youtube.com/watch?v=abc"),
        ("https://youtube.com/shorts/abc", "https://www.youtube.com/watch?v=abc"),
        ("https://www.youtube.com/playlist?list=xyz", "https://www.youtube.com/playlist?list=xyz"),
        ("https://www.youtube.com/@somebody", "https://www.youtube.com/@somebody"),
        ("https://vimeo.com/1?t=3&h=9#x", "https://vimeo.com/1?h=9"),
    ],
)
def test_a_video_has_one_address_however_it_is_cited(url: str, canonical: str) -> None:
    assert canonical_video(url) == canonical


def test_each_video_is_listed_once_with_all_who_cite_it() -> None:
    files = {
        "b.md": entry("B", "Watch [yt](https://youtu.be/abc?t=144) and [yt](https://example.org/v.mp4)."),
        "a.md": entry(
            "A",
            "Watch [yt], then [yt] and [yt].",
            yt="[https://www.youtube.com/watch?v=abc, https://youtu.be/xyz]",
        ),
        "notes/n.md": "# N\n\n[yt](https://youtu.be/xyz)\n",
    }
    site = Composed(files)
    assert [(video.url, [one.title for one in video.cited_by]) for video in site.only(VideosPage).videos] == [
        ("https://www.youtube.com/watch?v=abc", ["A", "B"]),
        ("https://www.youtube.com/watch?v=xyz", ["A", "N"]),
        ("https://example.org/v.mp4", ["B"]),
    ]
    b = site.term("b").videos
    assert [(video.start, video.number, video.total, video.on) for video in b] == [
        (144, 1, 2, "B"),
        (0, 2, 2, "B"),
    ]
    a = site.term("a")
    assert [video.number for video in a.videos] == [1, 2], "one without an address is no video"
    assert [video.url for video in a.text.videos][2] == ""


# ---------------------------------------------------------------- images


def test_an_image_has_the_size_of_its_file_or_the_one_asked_for() -> None:
    picture = Image(Url("media/ring.0a.png"), "", 400, 300, "image")
    film = Image(Url("media/film.0b.mp4"), "film.mp4", 0, 0, "video")
    text = "![one](ring.png) ![[ring.png|two|200]] ![[ring.png|10x20]] ![](film.mp4) ![gone](gone.png)"
    images = (
        Composed({"a.md": entry("A", text)}, images={"ring.png": picture, "film.mp4": film})
        .term("a")
        .text.images
    )
    assert [(one.url, one.alt, one.width, one.height) for one in images] == [
        (picture.url, "one", 400, 300),
        (picture.url, "two", 200, 150),
        (picture.url, "", 10, 20),
        (film.url, "film.mp4", 0, 0),
        ("", "gone", 0, 0),
    ]


# ---------------------------------------------------------------- wishes


def test_the_most_wanted_comes_first_with_all_who_ask() -> None:
    files = {
        "a.md": entry("A", "First [[monoid]]. Then [[group]].", related="group"),
        "b.md": entry("B", "A [[Group]] here."),
        "index.md": "See [[Group]].\n",
    }
    site = Composed(files)
    wishes = site.only(WantedPage).wishes
    assert [(wish.name, wish.anchor, wish.count) for wish in wishes] == [
        ("group", "group", 4),
        ("monoid", "monoid", 1),
    ]
    assert [(one.title, [excerpt.text for excerpt in one.excerpts]) for one in wishes[0].asked_by] == [
        ("A", ["Then group."]),
        ("B", ["A Group here."]),
    ]


# ---------------------------------------------------------------- what a page is told


def test_other_pages_see_nothing_of_an_entry_but_its_face() -> None:
    """What stands in a body reaches its own page, and the sentences that mention something."""
    files = {
        "a.md": entry("A", "A face for others. Body one."),
        "b.md": entry("B", "An [[A]]."),
        "c.md": entry("C"),
    }
    before = Composed(files)
    after = Composed({**files, "a.md": entry("A", "A face for others. Body two.")})
    changed = [new.url for old, new in zip(before.pages, after.pages, strict=True) if old != new]
    assert changed == ["terms/a/", "terms/a/card.html"]


def test_links_of_a_page_are_in_the_order_of_its_text() -> None:
    files = {"a.md": entry("A", "[b] [nothing] [[c]]"), "b.md": entry("B"), "c.md": entry("C")}
    links = Composed(files).term("a").text.links
    assert [link.url for link in links if isinstance(link, Found)] == ["terms/b/", "terms/c/"]
    assert len(links) == 3


@pytest.mark.parametrize(
    ("pattern", "address"),
    [("", ""), ("https://example.org/edit/{path}", "https://example.org/edit/deep/a.md")],
)
def test_the_address_to_edit_a_page(pattern: str, address: str) -> None:
    assert Composed({"deep/a.md": entry("A")}, Settings(edit_url=pattern)).term("a").edit_url == address

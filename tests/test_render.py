"""Rendering and themes: slots, addresses, what a template may ask for, static files under hashed names."""

import re
from gettext import NullTranslations
from pathlib import Path

import msgspec
import pytest
from jinja2 import Environment
from tests.conftest import SiteFolder, english

from grimoire import theme
from grimoire.days import iso_day
from grimoire.diagnostics import as_text
from grimoire.digest import Digest
from grimoire.frontend import packages
from grimoire.model import Body, Formula, Found, Fragment, Missing, Note, Passage, Plain, Typeset, Video
from grimoire.names import Anchor, Url
from grimoire.pages import Neighbour, ReferencesPage, SearchPage, Site, Text
from grimoire.render import BrokenTemplate, Renderer, arcs, body, record
from grimoire.render.contract import check
from grimoire.render.sheet import Sheet, fill
from grimoire.theme import Template, Theme

SITE = Site(
    title="T",
    description="",
    author="",
    language="en",
    base_url="",
    license="",
    letters=(),
    has_dates=False,
    has_players=False,
    assets={"a.css": "static/a.1.css"},
)
PAGE = SearchPage(url=Url("a/b/"), title="Search", count=2)


def a_theme(**templates: str) -> Theme:
    found = {f"{name}.html": Template(f"templates/{name}.html", text) for name, text in templates.items()}
    return Theme(found, Digest(b""), SITE.assets, {})


def typeset(formula: Formula) -> Typeset:
    return Typeset(f"<b>{formula.tex}</b>", f"<math>{formula.tex}</math>")


def no_body(key: Digest) -> Body:
    raise AssertionError(key)


def show(text: str, page: SearchPage = PAGE, site: Site = SITE, **others: str) -> str:
    return Renderer(a_theme(search=text, **others)).render(page, site, no_body, typeset)


def faults(text: str, **others: str) -> list[str]:
    found = a_theme(search=text, **others)
    texts = {template.path: template.text for template in found.templates.values()}
    return [as_text(fault, texts.get) for fault in check(found, Renderer(found))]


# ---------------------------------------------------------------- slots


def test_slots_are_filled_between_the_texts() -> None:
    assert fill("a\0x1\0b\0y\0", str.upper) == "aX1bY"
    assert fill("plain", str.upper) == "plain"


def a_sheet(html: str, *notes: Note, page: SearchPage = PAGE) -> Sheet:
    return Sheet(page, SITE, lambda _: Body(html, "", notes), typeset, NullTranslations())


def test_several_bodies_of_a_page_share_its_notes_and_not_its_ids_and_equations() -> None:
    notes = Note("One.", is_aside=True), Note("Two.", is_aside=True)
    sheet = a_sheet('<\0h2\0 id="\0p\0x"></\0h2\0>\0f1\0\0f2\0\0m0.7\0', *notes)
    text = Text(Digest(b""), formulas=(Formula("x", display=True),))
    first, second = body.text(sheet, text), body.text(sheet, text, "s--", 2)
    assert first.startswith('<h2 id="x"></h2>')
    assert second.startswith('<h4 id="s--x"></h4>')
    assert re.findall(r'popover id="([^"]+)"', first) == ["_sn1", "_sn2"]
    assert re.findall(r'popover id="([^"]+)"', second) == ["s--_sn1", "s--_sn2"]
    assert re.findall(r'aria-label="Note (\d)"', first + second) == ["1", "2", "3", "4"]
    assert 'id="_eq7"' in first
    assert 'id="s--_eq7"' in second
    assert '<span class="num">(7)</span>' in second


def test_a_displayed_formula_without_a_number_has_no_place_of_its_own() -> None:
    html = body.text(a_sheet("\0m0\0"), Text(Digest(b""), formulas=(Formula("x", display=True),)))
    assert html.startswith('<span class="eq"><span class="scroll">')
    assert 'class="num"' not in html
    assert 'aria-label="Copy TeX"' in html


def test_a_link_to_a_block_shows_its_number_or_its_name() -> None:
    here = Found(Url("a/"), Anchor("eq-a"), "A", is_term=True)
    assert body.link_text(msgspec.structs.replace(here, number="3"), "eq-a") == "(3)"
    assert body.link_text(here, "eq-a") == "eq-a"
    assert body.link_text(Missing("A", Anchor("a")), "x & y") == "x &amp; y"


def test_a_note_in_the_margin_stands_where_it_is_first_referred_to() -> None:
    html = body.text(
        a_sheet("a\0f1\0 b\0f1\0", Note("N <b>\0a0\0x\0z0\0</b>", is_aside=True)),
        Text(Digest(b""), links=(Plain(),)),
    )
    button = '<button class="fn" type="button" popovertarget="_sn1" aria-label="Note 1">1</button>'
    note = '<span class="sn" popover id="_sn1" role="note"><span class="n" aria-hidden="true">1</span>N <b>[x]</b></span>'
    assert html == f"a{button}{note} b{button}"


def test_a_note_of_blocks_stands_at_the_end() -> None:
    html = body.text(a_sheet("a\0f1\0 b\0f1\0", Note("<p>N</p>", is_aside=False)), Text(Digest(b"")))
    assert html == (
        'a<a class="fn" id="_sn1r" href="#_sn1" aria-label="Note 1">1</a> '
        'b<a class="fn" href="#_sn1" aria-label="Note 1">1</a>'
        '<section class="notes" role="doc-endnotes"><ol><li id="_sn1" value="1"><p>N</p>'
        '<a class="back" href="#_sn1r" aria-label="Back to the text">↩</a></li></ol></section>\n'
    )


def test_what_only_notes_refer_to_stands_at_the_end_once() -> None:
    """Also where notes refer to each other in a circle, and to those in the margin."""
    notes = (
        Note("one\0f2\0", is_aside=True),
        Note("two\0f1\0\0f3\0", is_aside=True),
        Note("<p>three\0f2\0</p>", is_aside=False),
    )
    html = body.text(a_sheet("a\0f1\0", *notes), Text(Digest(b"")))
    assert re.findall(r' id="([^"]+)"', html) == ["_sn1", "_sn2r", "_sn2", "_sn3r", "_sn3"]
    assert re.findall(r'(?:popovertarget|href)="#?([^"]+)"', html) == [
        "_sn1",
        "_sn2",
        "_sn1",
        "_sn3",
        "_sn2r",
        "_sn2",
        "_sn3r",
    ]
    assert re.findall(r'value="(\d)"', html) == ["2", "3"]


def test_a_part_of_a_body_has_the_fillers_of_its_own_slots() -> None:
    html = "\0m0\0 \0a0\0\0z0\0 \0f1\0|\0m1\0 \0a1\0y\0z1\0 \0f1\0|"
    start = html.index("|") + 1
    part = Passage(Anchor("x"), start, len(html) - 1, ("m1", "a1", "m2"))
    formulas = Formula("x_1", display=False), Formula("x_2", display=False)
    text = Text(Digest(b""), formulas=formulas, links=(Plain(),), part=part)
    shown = body.text(a_sheet(html, Note("n \0m2\0", is_aside=True)), text)
    assert shown.startswith("<b>x_1</b> [y] <button")
    assert shown.endswith("n <b>x_2</b></span>")


def test_headings_stop_at_the_lowest_level() -> None:
    assert body.text(a_sheet("\0h5\0"), Text(Digest(b"")), "", 4) == "h6"


def test_an_unknown_slot_is_the_programs_fault() -> None:
    with pytest.raises(KeyError):
        body.text(a_sheet("\0q1\0"), Text(Digest(b"")))


def test_a_body_in_another_language_says_so() -> None:
    assert (
        body.text(a_sheet("x"), Text(Digest(b""), lang="he"))
        == '<div class="tongue" lang="he" dir="rtl">x</div>'
    )


def test_a_link_into_its_own_page_is_its_anchor_alone() -> None:
    sheet = a_sheet("")
    assert body.opening(sheet, Found(PAGE.url, Anchor("x"), "", is_term=False)) == '<a class="n" href="#x">'
    assert (
        body.opening(sheet, Found(Url("c/"), Anchor("x"), "", is_term=True))
        == '<a class="t" href="../../c/#x">'
    )
    assert body.opening(sheet, Found(Url(""), Anchor(""), "", is_term=True)) == '<a class="t" href="../../">'


def test_links_of_a_fragment_become_text_without_their_targets() -> None:
    fragment = Fragment("see \0a0\0x\0z0\0", "see x", (), (3,))
    link = Found(Url("c/"), Anchor(""), "", is_term=True)
    assert body.fragment(a_sheet(""), fragment, mathml=True) == "see x"
    assert (
        body.fragment(a_sheet(""), fragment, [link], mathml=True) == 'see <a class="t" href="../../c/">x</a>'
    )


def test_only_katex_layout_asks_for_its_sheet() -> None:
    sheet = a_sheet("")
    fragment = Fragment("\0m0\0", "x", (Formula("x", display=False),))
    assert body.fragment(sheet, fragment, mathml=True) == "<math>x</math>"
    assert not sheet.is_set_with_katex
    assert body.fragment(sheet, fragment, mathml=False) == "<b>x</b>"
    assert sheet.is_set_with_katex


@pytest.mark.parametrize(
    ("video", "name", "label"),
    [
        (Video("u", 144, 2, 2, "Entropy"), "video 2 of 2 on Entropy, at 2:24", "video 2"),
        (Video("u", 0, 1, 1, "Entropy"), "video on Entropy", "video"),
        (Video("u", 3744, 1, 1, "100 % of it"), "video on 100 % of it, at 1:02:24", "video"),
    ],
)
def test_a_video_is_named_in_full_beginning_with_what_is_shown(video: Video, name: str, label: str) -> None:
    words = NullTranslations()
    assert body.video_name(words, video) == name
    assert body.video_label(words, video) == label
    assert name.startswith(label)


def test_an_address_is_told_without_what_all_have() -> None:
    assert body.bare("https://www.youtube.com/watch?v=x") == "youtube.com/watch?v=x"
    assert body.host("https://www.youtube.com/watch?v=x") == "youtube.com"
    assert body.host("nothing") == "nothing"


@pytest.mark.parametrize(
    ("language", "direction"),
    [("he", "rtl"), ("AR-eg", "rtl"), ("ar-Latn", "ltr"), ("en", "ltr"), ("fab", "ltr")],
)
def test_direction_of_languages(language: str, direction: str) -> None:
    assert body.direction(language) == direction


# ---------------------------------------------------------------- records for machines


def test_json_ld_cannot_end_its_script() -> None:
    text = record.json_ld({"name": "</script><!--&\u2028", "empty": "", "none": ()})
    assert text == r'{"name":"\u003c/script\u003e\u003c!--\u0026\u2028"}'
    assert msgspec.json.decode(text) == {"name": "</script><!--&\u2028"}


def test_signs_of_tex_are_escaped_once() -> None:
    assert record.tex(r"a_b {\x} 5%") == r"a\_b \{\textbackslash{}x\} 5\%"


@pytest.mark.parametrize(
    ("date", "told", "iso"),
    [
        ("2026-10-03", "3 October 2026", "2026-10-03"),
        ("2026-10-03T10:00:00+02:00", "3 October 2026", "2026-10-03"),
        ("2026-13-03", "2026-13-03", ""),
        ("spring", "spring", ""),
    ],
)
def test_dates(date: str, told: str, iso: str) -> None:
    assert record.day(NullTranslations(), date) == told
    assert iso_day(date) == iso


# ---------------------------------------------------------------- the diagram


def neighbours(count: int) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(Url(f"n{n}/"), f"Name {n}", links_here=bool(n % 2)) for n in range(count))


def a_diagram(count: int, edges: tuple[tuple[int, int], ...] = ()) -> str:
    return arcs.diagram(["Me"], neighbours(count), edges, address="../".__add__, label="Near")


def test_the_diagram_grows_with_its_names_up_to_fourteen() -> None:
    assert 'viewBox="0 0 250 381"' in a_diagram(14)
    assert a_diagram(20) == a_diagram(14)
    assert 'viewBox="0 0 250 31"' in a_diagram(0)


def test_each_link_between_neighbours_is_one_arc() -> None:
    assert a_diagram(4, ((0, 2), (2, 0), (1, 1), (0, 9))).count('class="arc"') == 1


def test_a_diagram_names_whom_it_shows() -> None:
    html = a_diagram(2)
    assert html.count('class="ray"') == 2
    assert '<a href="../n1/"><circle class="dot o"' in html
    assert '<a href="../n0/"><circle class="dot"' in html


def test_a_long_name_is_cut_and_kept_whole_beside() -> None:
    name = "Reinforcement learning from human feedback"
    html = arcs.diagram(
        [name, "RLHF <1>"],
        [Neighbour(Url(""), name, links_here=True)],
        (),
        address=str,
        label="",
    )
    assert "RLHF &lt;1&gt;</text>" in html
    assert f"Reinforcement learning…<title>{name}</title>" in html


def test_a_name_that_fits_is_not_cut() -> None:
    assert arcs.fit("Jensen–Shannon divergence", 167) == "Jensen–Shannon divergence"
    assert arcs.fit("W" * 40, 100) == "W" * 8 + "…"


# ---------------------------------------------------------------- templates


def test_addresses_are_relative_to_the_page_that_is_rendered() -> None:
    renderer = Renderer(a_theme(search="{{ 'x/' | url }} {{ '' | url }} {{ 'a.css' | asset }}"))
    for url, root in [("a/b/", "../../"), ("a/", "../"), ("", "")]:
        page = msgspec.structs.replace(PAGE, url=Url(url))
        assert (
            renderer.render(page, SITE, no_body, typeset) == f"{root}x/ {root or './'} {root}static/a.1.css"
        )


def test_what_is_said_once_differs_with_depth_arguments_and_site() -> None:
    renderer = Renderer(
        a_theme(
            search='{% from "m.html" import m %}{{ m | once(page.title) }}',
            m="{% macro m(x) %}{{ x }} {{ '' | url }} {{ 'a.css' | asset }}{% endmacro %}",
        )
    )
    other = msgspec.structs.replace(SITE, assets={"a.css": "b"})

    def said(url: str, title: str = "T", site: Site = SITE) -> str:
        page = msgspec.structs.replace(PAGE, url=Url(url), title=title)
        return renderer.render(page, site, no_body, typeset)

    assert said("a/") == said("b/") == "T ../ ../static/a.1.css"
    assert said("a/b/") == "T ../../ ../../static/a.1.css"
    assert said("a/", "<U>") == "&lt;U&gt; ../ ../static/a.1.css"
    assert said("a/", site=other) == "T ../ ../b"


def test_texts_of_the_interface_are_translated_and_escaped() -> None:
    class French(NullTranslations):
        def gettext(self, message: str) -> str:
            return {"Search": "<Chercher>"}[message]

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            assert (msgid1, msgid2) == ("%(count)s term", "%(count)s terms")
            return "%(count)s terme" if n == 1 else "%(count)s termes"

    text = "{{ _('Search') }} {% trans count=page.count %}{{ count }} term{% pluralize %}{{ count }} terms{% endtrans %}"
    html = Renderer(a_theme(search=text), French()).render(PAGE, SITE, no_body, typeset)
    assert html == "&lt;Chercher&gt; 2 termes"


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("a\n  {{ page.title[0].x.y }}", 3, "has no attribute 'x'"),
        ("a\n  {{ 'b.css' | asset }}", 3, "no static file is named `b.css`"),
    ],
)
def test_a_template_that_fails_is_told_with_its_line(text: str, column: int, message: str) -> None:
    with pytest.raises(BrokenTemplate, match=r".") as caught:
        show(text)
    told = as_text(caught.value.diagnostic, {"templates/search.html": text}.get)
    assert told.startswith(f"templates/search.html:2:{column}: error[broken-template]: ")
    assert message in told
    assert "`a/b/`" in told


def test_compiled_templates_are_kept_for_the_next_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "new" / "templates"
    found = a_theme(search="{{ page.title }}{{ _('Search') }}")
    assert Renderer(found, compiled=folder).render(PAGE, SITE, no_body, typeset) == "SearchSearch"
    monkeypatch.setattr(Environment, "compile", None)
    assert Renderer(found, compiled=folder).render(PAGE, SITE, no_body, typeset) == "SearchSearch"
    with pytest.raises(TypeError):
        Renderer(a_theme(search="changed"), compiled=folder).render(PAGE, SITE, no_body, typeset)


# ---------------------------------------------------------------- the contract


def test_shipped_templates_keep_the_contract(tmp_path: Path) -> None:
    found = english(tmp_path)
    assert check(found, Renderer(found)) == ()


def test_a_wrong_field_is_told_with_the_nearest(tmp_path: Path) -> None:
    text = '{% extends "default/term.html" %}\n{% block footer %}{{ page.use_by | length }}{% endblock %}\n'
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/term.html").write_text(text, encoding="utf-8")
    found = english(tmp_path)
    (fault,) = check(found, Renderer(found))
    assert as_text(fault, {"templates/term.html": text}.get) == (
        "templates/term.html:2:22: error[broken-template]: `page` has no `use_by`\n"
        "  |\n"
        "2 | {% block footer %}{{ page.use_by | length }}{% endblock %}\n"
        "  |                      ^^^^^^^^^^^\n"
        "  = why: it is used for pages of the type `TermPage`, whose fields docs/records.md tells\n"
        "  = help: did you mean `page.used_by`?"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{% if false %}{{ page.coun }}{% endif %}", "`page` has no `coun`"),
        ("{{ site.licence }}", "`site` has no `licence`"),
        ("{% for letter in site.letters if letter.lable %}{% endfor %}", "`letter` has no `lable`"),
        (
            "{% for letter in site.letters[:3] | reverse %}{{ letter.lable }}{% endfor %}",
            "`letter` has no `lable`",
        ),
        ("{% set first = site.letters[0] %}{{ first.lable }}", "`first` has no `lable`"),
        ("{% with a = site %}{{ a.titel }}{% endwith %}", "`a` has no `titel`"),
        ("{% macro m(x=site.titel) %}{% endmacro %}", "`site` has no `titel`"),
        ("{{ pages.title }}", "`pages` is not defined"),
        ("{% for x in site.letters %}{% endfor %}{{ x }}", "`x` is not defined"),
        ("{% include 'serch.html' %}", "there is no template `serch.html`"),
        ("{{ page.title | nofilter }}", "there is no filter `nofilter`"),
        ("{% if page.count is evn %}{% endif %}", "there is no test `evn`"),
        ("{% if %}{% endif %}", "expected an expression, got 'end of statement block'"),
        ("{% block a %}", "unexpected end of template"),
    ],
)
def test_what_breaks_the_contract(text: str, message: str) -> None:
    (told,) = faults(text)
    assert told.split("\n")[0].startswith("templates/search.html:1:")
    assert message in told.split("\n")[0]


@pytest.mark.parametrize(
    "text",
    [
        "{{ page.count }}{{ site.title.upper() }}{{ loop }}".replace("{{ loop }}", ""),
        "{% if page.summary is defined %}{% endif %}",
        "{% for one in site.letters %}{{ loop.index }}{{ one.url | url }}{% endfor %}",
        "{% macro m(x) %}{{ x.anything }}{{ varargs }}{{ caller() }}{% endmacro %}{% call m(1) %}{% endcall %}",
        "{% set ns = namespace(n=0) %}{% set ns.n = 1 %}{{ ns.n }}",
        "{% for name, value in [('a', page.title)] %}{{ name }}{{ value }}{% endfor %}",
        "{% include ['missing.html', 'also.html'] ignore missing %}",
        "{% block a %}{{ self.b() }}{% endblock %}{% block b %}{% endblock %}",
        "{% trans n=page.count %}{{ n }} term{% pluralize %}{{ n }} terms{% endtrans %}",
    ],
)
def test_what_keeps_the_contract(text: str) -> None:
    assert faults(text) == []


BASE = (
    "{% block top %}{% block title %}{% endblock %}{% endblock %}{% macro m() %}{% endmacro %}{% set n = 1 %}"
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "\n{% block titel %}x{% endblock %}",
            "2:10: `base.html` has no block `titel`; did you mean `title`?",
        ),
        (
            "\n{% block mine %}x{% endblock %}",
            "2:10: `base.html` has no block `mine`; its blocks: title, top",
        ),
        ("{% set x = 1 %}\n\n Lost.\n", "3:2: this stands outside of every block; put it into a block"),
        ("\n{{ page.title }}", "2:1: this stands outside of every block; put it into a block"),
        ("\n{% from 'base.html' import m, k, n %}", "2:31: `base.html` has no macro `k`; "),
    ],
)
def test_what_jinja_would_lose_in_silence_is_told(text: str, told: str) -> None:
    found = a_theme(search='{% extends "base.html" %}' + text, base=BASE)
    (fault,) = check(found, Renderer(found))
    source = found.templates["search.html"].text
    where = as_text(fault, {fault.path: source}.get).split(": ")[0].removeprefix("templates/search.html:")
    assert f"{where}: {fault.message}; {fault.help}" == told


@pytest.mark.parametrize(
    "text",
    [
        "{% block top %}{% block mine %}{% endblock %}{% endblock %}",
        "{# said of it #}\n{% set x = 1 %}\n{% macro y() %}z{% endmacro %}\n{% block title %}{{ x }}{{ y() }}{% endblock %}",
        "{% from 'base.html' import m as mine, n %}",
    ],
)
def test_what_a_child_may_hold_beside_the_blocks_of_its_parent(text: str) -> None:
    assert faults('{% extends "base.html" %}' + text, base=BASE) == []


def test_a_template_that_extends_itself_is_told_of_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/term.html").write_text('{% extends "term.html" %}\n', encoding="utf-8")
    found = english(tmp_path)
    (fault,) = check(found, Renderer(found))
    assert (fault.message, fault.help) == ("`term.html` extends itself", "did you mean `default/term.html`?")
    two = a_theme(search='{% extends "a.html" %}', a='{% extends "search.html" %}')
    assert [one.message for one in check(two, Renderer(two))] == [
        "`search.html` extends itself",
        "`a.html` extends itself",
    ]


def test_a_file_of_macros_must_have_those_that_shipped_templates_import(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    chrome = tmp_path / "templates/chrome.html"
    ours = "{% macro foot(title, author, license, has_dates) %}ours{% endmacro %}"
    chrome.write_text(ours, encoding="utf-8")
    found = english(tmp_path)
    told = {fault.message: fault for fault in check(found, Renderer(found))}
    shipped = (theme.default_folder() / "templates/chrome.html").read_text("utf-8")
    missing = sorted(set(re.findall(r"{% macro (\w+)", shipped)) - {"foot"})
    assert {
        f"`chrome.html` has no macro `{name}`, which `base.html` imports" for name in missing
    } <= told.keys()
    assert {fault.path for fault in told.values()} == {"templates/chrome.html"}
    taken = '{% import "default/chrome.html" as shipped %}' + "".join(
        f"{{% set {name} = shipped.{name} %}}" for name in missing
    )
    chrome.write_text(taken + ours, encoding="utf-8")
    found = english(tmp_path)
    renderer = Renderer(found)
    assert check(found, renderer) == ()
    site = msgspec.structs.replace(SITE, assets=found.assets)
    html = renderer.render(PAGE, site, no_body, typeset)
    assert "ours</body>" in html.replace("\n", "")
    assert '<header class="mast">' in html


def test_templates_that_call_each_other_without_end_are_told() -> None:
    with pytest.raises(BrokenTemplate) as caught:
        show("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")
    assert caught.value.diagnostic.message == "templates call each other without end"


def test_a_template_that_several_kinds_of_pages_use_may_ask_only_for_what_all_have() -> None:
    parts = {"base": "{{ page.title }}{{ page.count }}", "references": '{% extends "base.html" %}'}
    (told,) = faults('{% extends "base.html" %}', **parts)
    assert told.startswith("templates/base.html:1:20: error[broken-template]: `page` has no `count`")
    assert "`ReferencesPage`" in told
    assert ReferencesPage.template == "references.html"


def test_a_template_that_no_page_uses_is_only_compiled() -> None:
    assert faults("", unused="{{ page.anything }}") == []
    (told,) = faults("", unused="{{ }}")
    assert told.startswith("templates/unused.html:1:1: error[broken-template]")


# ---------------------------------------------------------------- themes


def test_an_authors_template_wins_and_reaches_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    text = '{% extends "default/search.html" %}{% block footer %}mine{% endblock %}'
    (tmp_path / "templates/search.html").write_text(text, encoding="utf-8")
    found = english(tmp_path)
    site = msgspec.structs.replace(SITE, assets=found.assets | {"app.js": "static/app.js"})
    html = Renderer(found).render(PAGE, site, no_body, typeset)
    assert "mine</body>" in html.replace("\n", "")
    assert "<h1>Search</h1>" in html
    assert found.templates["search.html"].path == "templates/search.html"
    assert found.templates["default/search.html"].path == "default/search.html"


def test_a_theme_without_the_authors_files_is_the_shipped_one(tmp_path: Path) -> None:
    assert english(tmp_path) == english(theme.default_folder())


def test_the_digest_changes_with_any_template(tmp_path: Path) -> None:
    before = english(tmp_path).digest
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/mine.html").write_text("", encoding="utf-8")
    assert english(tmp_path).digest != before


def write_static(folder: Path, **files: str) -> Theme:
    for name, text in files.items():
        path = folder / "static" / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return english(folder)


def test_an_authors_words_stand_in_front_of_the_shipped_ones(tmp_path: Path) -> None:
    shipped, own = english(tmp_path), write_static(tmp_path, words_json='{"copied": "Taken down"}')
    scripts = [
        b"".join(found.files[found.assets[name]] for name in ("app.js", "palette.js"))
        for found in (shipped, own)
    ]
    assert b'"copied":"Copied"' in scripts[0]
    assert scripts[1] == scripts[0].replace(b'"copied":"Copied"', b'"copied":"Taken down"').replace(
        shipped.assets["palette.js"].encode(), own.assets["palette.js"].encode()
    )


def test_of_words_in_several_forms_an_author_says_some(tmp_path: Path) -> None:
    own = write_static(tmp_path, words_json='{"themes": {"dark": "\\ud800night"}, "mine": "Mine"}')
    script = own.files[own.assets["theme.js"]] + own.files[own.assets["app.js"]]
    assert '"themes":{"":"automatic","light":"light","dark":"�night"}'.encode() in script
    assert b'"mine":"Mine"' in script


@pytest.mark.parametrize(
    ("written", "place", "said"),
    [
        ("", "1:1", "this is no JSON: Expecting value"),
        ('{\n "copied": "Taken"\n "open"}', "3:2", "this is no JSON: Expecting ',' delimiter"),
        ('["Copied"]', "1:1", "this is no object of JSON"),
        ('{"open": "copied",\n "copied": 3}', "2:2", "what `copied` says is no text"),
        ('{"open": "Open",\n "copied": {}}', "2:2", "`copied` has one text in the shipped file"),
        ('{"themes": "dark"}', "1:2", "`themes` has several texts in the shipped file"),
        ("1" * 5000, "1:1", "this is no JSON that can be read"),
        ('{"themes": {"dark": ["night"]}}', "1:2", "what `themes` says is no text"),
        ("[" * 100_000, "1:1", "this is no JSON that can be read"),
    ],
    ids=(
        "nothing, a comma is missing, a list, a number, forms for a text, a text for forms, many digits, a list inside, "
        "a deep nest"
    ).split(", "),
)
def test_words_that_are_none_are_told(site: SiteFolder, written: str, place: str, said: str) -> None:
    site.write("ring.md", "# Ring\n\nA set.\n")
    write_words = site.folder / "static/words.json"
    write_words.parent.mkdir()
    write_words.write_text(written, "utf-8")
    for command in ("build", "check"):
        ran = site.run(command)
        assert ran.status == 1
        assert ran.err.startswith(f"static/words.json:{place}: error[broken-template]: {said}\n")
    assert not (site.folder / "public/index.html").exists()


def test_static_files_are_published_under_the_digest_of_their_content(tmp_path: Path) -> None:
    first = write_static(tmp_path, a_txt="1", img__b_svg="<svg/>")
    assert first.files[first.assets["a.txt"]] == b"1"
    assert first.assets["img/b.svg"].startswith("static/img/b.")
    second = write_static(tmp_path, a_txt="2")
    assert second.assets["a.txt"] != first.assets["a.txt"]
    assert second.assets["img/b.svg"] == first.assets["img/b.svg"]


def test_an_authors_static_file_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    found = write_static(tmp_path, style_css="p{color:red}")
    assert found.files[found.assets["style.css"]] == b"p{color:red}"


def test_scripts_and_sheets_find_each_other_under_their_published_names(tmp_path: Path) -> None:
    found = write_static(
        tmp_path,
        one_js='import x from "./lib/two.js"; import("./lunr.js"); fetch("./data.json"); f("./nowhere.js")',
        lib__two_js='import "../one.js"',
        data_json="{}",
        x_css='a{background:url("img/b.svg#c")}b{background:url(../x.svg)}',
        img__b_svg="<svg/>",
    )
    name = {logical: address.rpartition("/")[2] for logical, address in found.assets.items()}
    one = found.files[found.assets["one.js"]].decode()
    assert f'from "./lib/{name["two.js" if "two.js" in name else "lib/two.js"]}"' in one
    assert f'import("./{name["lunr.js"]}")' in one
    assert f'fetch("./{name["data.json"]}")' in one
    assert '"./nowhere.js"' in one
    assert found.files[found.assets["lib/two.js"]].decode() == f'import "../{name["one.js"]}"'
    sheet = found.files[found.assets["x.css"]].decode()
    assert f'url("./img/{name["img/b.svg"]}#c")' in sheet
    assert "url(../x.svg)" in sheet


def test_a_change_in_a_file_changes_the_names_of_all_that_lead_to_it(tmp_path: Path) -> None:
    before = write_static(tmp_path, one_js='import "./two.js"', two_js='import "./three.js"', three_js="1")
    after = write_static(tmp_path, three_js="2")
    for name in ("one.js", "two.js", "three.js"):
        assert before.assets[name] != after.assets[name]
    assert before.assets["theme.js"] == after.assets["theme.js"]


def test_an_imported_sheet_stands_in_the_sheet_that_imports_it(tmp_path: Path) -> None:
    found = write_static(
        tmp_path, a_css='@import "b.css";p{}', b_css="q{}\n", c_css='@import "https://example.org/x.css";'
    )
    assert found.files[found.assets["a.css"]] == b"q{}p{}"
    assert found.files[found.assets["c.css"]] == b'@import "https://example.org/x.css";'


def test_the_shipped_sheet_brings_its_fonts_along(tmp_path: Path) -> None:
    found = english(tmp_path)
    sheet = found.files[found.assets["style.css"]].decode()
    font = packages().assets["fonts/stix-two-text-latin-wght-normal.woff2"].name
    assert f'url("./{font}")' in sheet
    assert f"static/{font}" in found.files
    assert "@import" not in sheet


def test_formulas_have_a_sheet_whose_address_does_not_depend_on_them(tmp_path: Path) -> None:
    found = english(tmp_path)
    assert found.assets["math.css"] == "static/math.css"
    assert "static/math.css" not in found.files

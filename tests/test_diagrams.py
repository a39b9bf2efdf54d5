"""Diagrams: drawn alike on every machine, safe to stand in a page, and drawn once.

`tests/diagrams/*.mmd` has an example of every type that mermaid's documentation tells of; the two drawings in
`tests/golden/diagrams/` are held to the letter (`pytest --update` writes them anew).
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Golden, SiteFolder

from grimoire.building import Built, Options, build
from grimoire.diagrams import draw, engine
from grimoire.diagrams.cascade import resolve
from grimoire.diagrams.colours import contrast, hexadecimal, ink_on, is_light, named_in, themed
from grimoire.diagrams.engine import ABSENT
from grimoire.diagrams.engine import svg_of as engine_svg_of
from grimoire.diagrams.palette import INKS, TINTS, TOKENS, settings
from grimoire.model import Diagram, Drawing

HERE = Path(__file__).parent
EXAMPLES = {path.stem: path.read_text("utf-8") for path in sorted((HERE / "diagrams").glob("*.mmd"))}
SHEET = (HERE.parent / "static" / "style.css").read_text("utf-8")

FLOW = "flowchart LR\n  A[embedding] --> B[layers] --> X[logits]\n"


def drawn(source: str) -> Drawing:
    drawing = draw(Diagram(source))
    assert drawing.fault is None, drawing.fault
    return drawing


def elements(drawing: Drawing) -> list[Element]:
    return list(fromstring(drawing.svg).iter())  # noqa: S314  our own


def tag(element: Element) -> str:
    return element.tag.removeprefix("{http://www.w3.org/2000/svg}")


def texts(drawing: Drawing) -> str:
    return " ".join("".join(one.itertext()) for one in elements(drawing) if tag(one) == "text")


# ------------------------------------------------------------ every type


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_type_is_drawn_and_fit_for_a_page(name: str) -> None:
    """No style, class, script or HTML; ids are the drawing's own, each once, and each reference finds one."""
    drawing = drawn(EXAMPLES[name])
    found = elements(drawing)
    assert drawing.width > 50
    assert drawing.height > 20
    assert {tag(one) for one in found} <= set(
        "svg a circle clipPath defs ellipse g line linearGradient marker path polygon polyline rect stop text "
        "tspan".split()
    )
    assert not {key for one in found for key in one.attrib} & {"style", "class", "onclick", "src", "filter"}
    ids = [one.get("id", "") for one in found if one.get("id")]
    assert len(ids) == len(set(ids))
    assert all(one.startswith(f"{drawing.name}-") for one in ids)
    assert set(re.findall(r"url\(#([^)]*)\)", drawing.svg)) <= set(ids)
    assert "url(" not in re.sub(r"url\(#[\w-]+\)", "", drawing.svg)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_words_of_a_diagram_are_in_its_drawing_and_its_label(name: str) -> None:
    """Quoted and bracketed texts of the source stand in the drawing."""
    drawing = drawn(EXAMPLES[name])
    said = texts(drawing)
    words = set(re.findall(r"[\[(\"]([A-Za-z]{3,})[\])\"]", EXAMPLES[name]))
    words -= {
        "abstract",
        "server",
        "internet",
        "database",
        "cloud",
        "bad",
        "blue",
    }  # words of the language, a tip
    assert words <= set(re.findall(r"[A-Za-z]+", said))
    assert drawing.text


def test_a_drawing_depends_on_its_source_alone(golden: Golden) -> None:
    """Also in another process, with another seed of hashes."""
    for name in ("chain", "pie"):
        golden.check(HERE / "golden" / "diagrams" / f"{name}.svg", drawn(EXAMPLES[name]).svg + "\n")
    program = (
        "import sys; from grimoire.diagrams import draw; from grimoire.model import Diagram;"
        "sys.stdout.buffer.write(draw(Diagram(sys.argv[1])).svg.encode())"
    )
    for name in ("gitgraph", "gantt", "mindmap"):
        again = subprocess.run(
            [sys.executable, "-c", program, EXAMPLES[name]],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert again.stdout.decode() == drawn(EXAMPLES[name]).svg


def test_two_diagrams_share_no_id() -> None:
    one, other = drawn("flowchart LR\n A --> B\n"), drawn("flowchart LR\n A --> C\n")
    ids = [set(re.findall(r' id="([^"]*)"', drawing.svg)) for drawing in (one, other)]
    assert all(ids)
    assert not ids[0] & ids[1]


# ------------------------------------------------------------ what it says


def test_the_authors_title_and_description_are_kept() -> None:
    drawing = drawn(EXAMPLES["flowchart"])
    assert drawing.title == "How a gate chooses"
    assert drawing.description == "The router sends each token to two experts"
    assert "How a gate chooses" not in texts(drawing)


def test_words_that_look_alike_are_one_text_again() -> None:
    drawing = drawn("flowchart LR\n  A[several words in a row]\n")
    assert drawing.text == "several words in a row"
    assert ">several words in a row</tspan>" in drawing.svg


def test_labels_may_have_harmless_html() -> None:
    drawing = drawn('flowchart LR\n  A["one <b>two</b> three<br>four #amp; five"]\n')
    assert drawing.text == "one two three four & five"
    assert re.search(r'<tspan font-weight="bold">\s*two</tspan>', drawing.svg)


def test_the_title_is_said_first() -> None:
    assert drawn("---\ntitle: On gates\n---\nflowchart LR\n  A --> B\n").text == "On gates, A, B"
    assert drawn('pie title "Pets"\n  "Dogs" : 3\n').text == '"Pets", 100%, Dogs'


@pytest.mark.parametrize(
    ("label", "said"),
    [("fa:fa-car a ride", "a ride"), ("a fab:fa-github b", "a b"), ("fa:fa-car-side", "car side")],
)
def test_icons_give_way_to_words(label: str, said: str) -> None:
    drawing = drawn(f"flowchart LR\n  A[{label}]\n")
    assert drawing.text == said
    assert " ".join(texts(drawing).split()) == said
    assert drawn(f"stateDiagram-v2\n  A : {label}\n").text == said


def test_a_state_is_as_wide_as_its_description() -> None:
    words = "This state waits for a request that may never come"
    svg = drawn(f"stateDiagram-v2\n  A : {words}\n").svg
    widths = [float(one) for one in re.findall(r'<rect [^>]*width="([\d.]+)"', svg)]
    assert max(widths) > 5.5 * len(words)
    assert f">{words}</tspan>" in svg


def test_a_line_does_not_show_through_its_label() -> None:
    svg = drawn("flowchart LR\n  A -- a label --> B\n").svg
    assert 'fill="var(--paper)"' in svg
    assert "opacity" not in svg


@pytest.mark.parametrize("name", ["radar", "treeview", "xychart"])
def test_texts_at_the_edge_are_not_cut(name: str) -> None:
    left, top, *_ = re.findall(r'viewBox="([^"]*)"', drawn(EXAMPLES[name]).svg)[0].split()
    assert float(left) < -10
    assert float(top) < -10


def test_other_html_is_text_or_gone() -> None:
    drawing = drawn(
        'flowchart LR\n  A["<img src=x onerror=alert(1)>"] --> B["<script>alert(1)</script>ok"]\n'
    )
    assert not {"img", "script", "image", "foreignObject"} & {tag(one) for one in elements(drawing)}
    assert "onerror" not in {key for one in elements(drawing) for key in one.attrib}


@pytest.mark.parametrize(
    ("address", "is_link"),
    [
        ("https://example.org/a?b=1&c", True),
        ("mailto:ada@example.org", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("vbscript:x", False),
        ("file:///etc/passwd", False),
    ],
)
def test_links_lead_to_pages_and_mailboxes_only(address: str, is_link: bool) -> None:  # noqa: FBT001  a table
    drawing = drawn(f'flowchart LR\n  A[here] --> B\n  click A "{address}"\n')
    assert drawing.has_links == is_link
    assert ("<a href=" in drawing.svg) == is_link
    assert "script:" not in drawing.svg.lower()
    assert "here" in texts(drawing)


@pytest.mark.parametrize(
    "source",
    [
        '%%{init: {"themeCSS": ".node rect{fill:url(https://example.org/x)}"}}%%\nflowchart LR\n A-->B\n',
        '%%{init: {"fontFamily": "x; } @import url(https://example.org)"}}%%\nflowchart LR\n A-->B\n',
        "flowchart LR\n A-->B\n style A fill:url(https://example.org/x),stroke:red\n",
        "flowchart LR\n A-->B\n style A fill:expression(alert)\n",
        'flowchart LR\n A@{ img: "https://example.org/x.png", label: "y" } --> B\n',
        '---\nconfig:\n  theme: forest\n  themeVariables:\n    lineColor: "url(https://example.org)"\n---\npie\n "a": 1\n',
    ],
)
def test_nothing_is_asked_of_another_host(source: str) -> None:
    drawing = draw(Diagram(source))
    assert "example.org" not in drawing.svg
    assert "@import" not in drawing.svg


# ------------------------------------------------------------ colours


def test_the_colours_are_those_of_the_style_sheet() -> None:
    in_sheet = dict(re.findall(r"--([\w-]+): light-dark\((#\w+, #\w+)\)", SHEET))
    assert {token: in_sheet[token] for token in TOKENS} == {
        token: ", ".join(pair) for token, pair in TOKENS.items()
    }


def test_what_differs_between_the_themes_follows_the_page() -> None:
    svg = drawn(FLOW).svg
    assert 'fill="var(--leaf)"' in svg
    assert 'stroke="var(--edge)"' in svg
    assert not re.findall(r'"#[0-9a-f]+"', svg)
    assert "light-dark(" in drawn(EXAMPLES["pie"]).svg


def test_what_the_diagram_asks_of_the_theme_has_no_effect() -> None:
    asks = '%%{init: {"theme": "forest", "themeVariables": {"primaryColor": "#ff0000"}}}%%\n'
    assert drawn(asks + FLOW).svg.replace(drawn(asks + FLOW).name, "") == drawn(FLOW).svg.replace(
        drawn(FLOW).name, ""
    )


@pytest.mark.parametrize(("ground", "ink"), [("#ffee88", TOKENS["ink"][0]), ("#222266", TOKENS["ink"][1])])
def test_text_can_be_read_on_a_colour_of_the_author(ground: str, ink: str) -> None:
    svg = drawn(f"flowchart LR\n A[name]\n style A fill:{ground}\n").svg
    assert f'fill="{ground}"' in svg
    assert re.search(rf'<text[^>]* fill="{ink}"', svg)


def test_the_author_may_choose_both() -> None:
    svg = drawn("flowchart LR\n A[name]\n style A fill:#ffee88,color:#aa0000\n").svg
    assert 'fill="#aa0000"' in svg
    assert TOKENS["ink"][0] not in svg


@pytest.mark.parametrize("theme", [0, 1])
def test_ink_stands_on_tints_and_inks_on_paper(theme: int) -> None:
    assert min(contrast(TOKENS["ink"][theme], tint[theme]) for tint in TINTS) > 7
    assert min(contrast(TOKENS["paper"][theme], ink[theme]) for ink in INKS) > 4.5


def test_contrast_is_counted_as_wcag_does() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_colours_are_understood_as_they_are_written() -> None:
    assert hexadecimal("#FE0") == "#ffee00"
    assert hexadecimal("rgb(1, 2, 255)") == "#0102ff"
    assert hexadecimal("rgba(0,0,0,.5)") == "#00000080"
    assert hexadecimal("hsl(120, 100%, 25%)") == "#008000"
    assert hexadecimal("Aqua") == "#00ffff"
    assert hexadecimal("none") == "none"
    assert is_light("#ffff00")
    assert not is_light("#0000ff")


@pytest.mark.parametrize(
    ("source", "colours"),
    [
        ("style A fill:#f96,stroke:rgb(1,2,3)", {"#ff9966", "#010203"}),
        ("classDef warm color : White", {"#ffffff"}),
        ('UpdateElementStyle(a, $bgColor="grey", $fontColor=red)', {"#808080", "#ff0000"}),
        ("rect rgb(0, 0, 255)\n  box Purple Us two", {"#0000ff", "#800080"}),
        ("Point: [0.1, 0.2] radius: 3, color: #0f0, stroke-color: #010203", {"#00ff00", "#010203"}),
        ("A[black on #333] --> B[white box]", set()),
        ("A->>B: see issue #444", set()),
    ],
)
def test_colours_are_the_authors_where_they_are_given_to_something(source: str, colours: set[str]) -> None:
    assert named_in(source) == colours


def test_words_in_labels_change_no_colour() -> None:
    svg = drawn("sequenceDiagram\n  A->>B: black\n  Note over A: white #333 #444\n").svg
    assert not re.findall(r'"#(?:000000|333333|444444|ffffff)"', svg)


@pytest.mark.parametrize(
    "source",
    [
        "erDiagram\n  A {\n    string name\n  }\n  style A fill:COLOUR,stroke:#333\n",
        "requirementDiagram\n  requirement A {\n    id: 1\n  }\n  style A fill:COLOUR\n",
        'block-beta\n  A["word"]\n  style A fill:COLOUR\n',
        'C4Context\n  Person(A, "word")\n  UpdateElementStyle(A, $bgColor="COLOUR")\n',
        "classDiagram\n  class A\n  style A fill:COLOUR\n",
        "stateDiagram-v2\n  A : word\n  classDef c fill:COLOUR\n  class A c\n",
        "flowchart LR\n  A@{ shape: docs, label: word }\n  style A fill:COLOUR\n",
    ],
    ids=lambda source: source.split()[0],
)
@pytest.mark.parametrize("colour", ["#ffee88", "#222266", "#996699", "#6e6ce6"])
def test_texts_of_every_kind_of_diagram_can_be_read_on_a_colour(source: str, colour: str) -> None:
    """Also where neither of the site's inks is far enough from it."""
    svg = drawn(source.replace("COLOUR", colour)).svg
    assert f'fill="{colour}"' in svg
    assert contrast(ink_on(colour), colour) >= 4.5
    assert re.search(rf'<text[^>]* fill="{ink_on(colour)}"', svg)


def test_rows_of_an_entity_keep_the_pages_ink() -> None:
    svg = drawn(EXAMPLES["coloured-er"]).svg
    assert re.search(r'<text[^>]* fill="#1f1b16"[^>]*><tspan[^>]*>AUTHOR<', svg)
    assert re.search(r"<text[^>]*><tspan[^>]*>string<", svg)
    assert not re.search(r'<text[^>]* fill="#\w+"[^>]*><tspan[^>]*>string<', svg)


def test_a_text_in_a_colour_of_the_author_can_be_read_on_our_grounds() -> None:
    svg = drawn(EXAMPLES["coloured-c4"]).svg
    light, dark = re.findall(r'<text[^>]* fill="light-dark\((#\w+),(#\w+)\)"', svg)[0]
    assert light == "#0000ff"
    assert contrast(dark, TOKENS["leaf"][1]) >= 4.5


def test_the_label_of_a_point_stands_below_it_in_the_pages_ink() -> None:
    svg = drawn(EXAMPLES["points"]).svg
    circle = re.search(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="24"', svg)
    assert circle
    at = f"translate({circle[1]},{float(circle[2]) + 26:g})"
    assert re.search(rf'<text[^>]* fill="var\(--ink\)"[^>]* transform="{re.escape(at)}"', svg)


def test_what_is_no_colour_is_left_out() -> None:
    svg = drawn(EXAMPLES["coloured-er"]).svg + drawn("flowchart LR\n A\n style A fill:expression(1)\n").svg
    colours = re.findall(r'(?:fill|stroke)="([^"]*)"', svg)
    assert colours
    assert [
        one for one in colours if not re.fullmatch(r"#[0-9a-f]{6}|none|var\(--[\w-]+\)|[a-z]+", one)
    ] == []


def test_a_colour_of_the_engine_gives_way_and_one_of_the_author_stays() -> None:
    assert themed("#333", "#333", frozenset()) == "var(--ink)"
    assert themed("#333", "#333", {"#333333"}) == "#333333"
    assert themed("#fff", "#fff", frozenset()) == "var(--leaf)"
    assert themed("#fff", "#fff", frozenset(), is_text=True) == "#ffffff"
    assert themed("#aabbcc", "#112233", frozenset()) == "light-dark(#aabbcc,#112233)"


# ------------------------------------------------------------ the cascade


def styled(css: str, body: str) -> list[Element]:
    root = fromstring(f"<svg id='s'><style>{css}</style>{body}</svg>")  # noqa: S314  our own
    resolve(root)
    return [one for one in root.iter() if one.get("id", "").startswith("x")]


@pytest.mark.parametrize(
    ("css", "fill"),
    [
        ("rect{fill:red} rect{fill:blue}", "blue"),
        (".a{fill:red} rect{fill:blue}", "red"),
        ("#s .a{fill:red} #s rect.b{fill:blue}", "blue"),
        ("rect{fill:red !important} #x{fill:blue}", "red"),
        ("g rect{fill:red}", "red"),
        ("svg &gt; rect{fill:red}", "green"),
        ("svg &gt; g &gt; rect{fill:red}", "red"),
        (".c .a{fill:red}", "green"),
        ('[data-look="neo"] .a{fill:red}', "red"),
        ("[data-look] .a{fill:red}", "red"),
        ("@media print{rect{fill:red}}", "green"),
        ("@keyframes k{from{fill:red}} .b{fill:blue}", "blue"),
        ("rect:hover{fill:red}", "green"),
        ("/* rect{fill:red} */ circle, rect.a{fill:blue}", "blue"),
        ("rect{background:red;width:7px}", "green"),
    ],
)
def test_style_sheets_become_attributes(css: str, fill: str) -> None:
    (found,) = styled(css, '<g data-look="neo"><rect id="x" class="a b" fill="green"/></g>')
    assert found.get("fill") == fill


def test_an_elements_own_style_wins_but_against_what_is_important() -> None:
    one, other = styled(
        ".a{fill:red;stroke:red !important}",
        '<rect id="x1" class="a" style="fill:blue;stroke:blue"/><rect id="x2" class="a"/>',
    )
    assert (one.get("fill"), one.get("stroke")) == ("blue", "red")
    assert (other.get("fill"), other.get("stroke")) == ("red", "red")


# ------------------------------------------------------------ what cannot be drawn


@pytest.mark.parametrize(
    ("source", "message", "marked"),
    [
        ("flowchart LR\n  A --> B\n  B --> C[open\n", "Unterminated node label", "B --> C[open"),
        ("\n\nnonsense\n  A --> B\n", "No Mermaid diagram type", "nonsense"),
        (
            "sequenceDiagram\n  A->>B: hi\n  loop on\n    B->>A: no end\n",
            "unexpected end of input",
            "loop on",
        ),
        ('pie\n  "A" : -5\n', "Negative values", '"A" : -5'),
        ("gantt\n  section A\n  x : never, soon\n", "Invalid date", "x : never, soon"),
        ("\n", "No Mermaid diagram type", "\n"),
        ("", "No Mermaid diagram type", ""),
    ],
)
def test_a_fault_is_told_with_its_line(source: str, message: str, marked: str) -> None:
    fault = draw(Diagram(source)).fault
    assert fault is not None
    assert message in fault.message
    assert len(fault.message) <= 200
    assert source[fault.offset : fault.offset + fault.length] == marked


def test_the_line_of_a_fault_is_found_in_a_few_drawings(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["flowchart TD", *(f" a{n} --> a{n + 1}" for n in range(300)), " b[open", " c --> d"]
    asked: list[str] = []

    def svg_of(source: str, settings: Mapping[str, Any]) -> str:
        asked.append(source)
        return engine_svg_of(source, settings)

    monkeypatch.setattr(engine, "svg_of", svg_of)
    source = "\n".join(lines)
    message = "Unterminated node label (missing `]`)"
    assert engine.line_of(source, message, settings("light")) == 302
    assert len(asked) < 12


@pytest.mark.parametrize(
    "source",
    [
        "flowchart LR\n" + "".join(f" a{n} --> a{n + 1}\n" for n in range(3000)),
        "flowchart LR\n" + "".join(f" a{n} --> a{m}\n" for n in range(40) for m in range(n)),
        "flowchart LR\n" + "".join(f"subgraph s{n}\n" for n in range(2000)) + "A\n" + "end\n" * 2000,
        'packet-beta\n0-99999999: "x"\n',
    ],
    ids=["long", "dense", "deep", "wide"],
)
def test_what_is_too_large_is_refused(source: str) -> None:
    fault = draw(Diagram(source)).fault
    assert fault is not None
    assert "limit" in fault.message


@given(
    st.sampled_from(sorted(EXAMPLES)),
    st.text(max_size=8) | st.sampled_from(["<b", "]]>", "&#x1;", "\0", "%%{", "url(#x)", "\"'", ":::"]),
    st.integers(0, 400),
)
@hypothesis.settings(max_examples=60, deadline=None)
def test_whatever_is_written_there_is_a_drawing_or_a_fault(name: str, text: str, at: int) -> None:
    source = EXAMPLES[name][:at] + text + EXAMPLES[name][at:]
    drawing = draw(Diagram(source))
    assert bool(drawing.svg) != bool(drawing.fault)
    if drawing.fault:
        assert 0 <= drawing.fault.offset <= len(source)
    else:
        assert elements(drawing)
        assert not re.search(r"<script|<style|<!|\sstyle=|\son\w+=", drawing.svg)


def test_a_deep_diagram_is_drawn_or_refused() -> None:
    deep = "flowchart LR\n" + "".join(f"subgraph s{n}\n" for n in range(200)) + "A-->B\n" + "end\n" * 200
    drawing = draw(Diagram(deep))
    assert bool(drawing.svg) != bool(drawing.fault)


def test_without_the_engine_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mmdr", None)
    fault = draw(Diagram(FLOW)).fault
    assert fault is not None
    assert fault.message == ABSENT
    assert FLOW[fault.offset :][: fault.length] == "flowchart LR"


def test_a_panic_of_the_engine_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    class Panic(BaseException):
        pass

    def render(_: str) -> None:
        raise Panic("index out of bounds")

    monkeypatch.setitem(sys.modules, "mmdr", SimpleNamespace(render=render))
    fault = draw(Diagram(FLOW)).fault
    assert fault is not None
    assert fault.message == "the engine failed: index out of bounds"


@pytest.mark.parametrize("svg", ["<svg", "<svg viewBox='a b c d'/>"])
def test_a_drawing_that_cannot_be_read_is_a_fault(svg: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        sys.modules, "mmdr", SimpleNamespace(render=lambda _: SimpleNamespace(svg=lambda: svg))
    )
    fault = draw(Diagram(FLOW)).fault
    assert fault is not None
    assert fault.message.startswith("the engine's drawing cannot be read")


def test_the_settings_say_nothing_of_the_day() -> None:
    """A line for today would be wrong on every other day, and differ from build to build."""
    assert settings("light")["gantt"] == {"todayMarker": "off"}
    assert "Invalid" not in drawn("gantt\n dateFormat YYYY-MM-DD\n a: 2024-01-01, 3d\n").text


# ------------------------------------------------------------ in a site


def fenced(source: str, language: str = "mermaid") -> str:
    return f"```{language}\n{source}```\n"


def test_a_fence_becomes_a_figure_with_its_source(site: SiteFolder) -> None:
    site.write("stream.md", f"Along a residual stream.\n\n{fenced(FLOW)}").write(
        "logits.md", "What comes last."
    )
    assert site.codes() == []
    html = site.page("terms/stream/index.html")
    assert re.search(
        r'<figure class="diagram"><div class="scroll"><div role="img" aria-label="Diagram: embedding, layers, logits">'
        r"<svg [^>]*>.*</svg></div></div><details><summary>Source of the diagram</summary>",
        html,
    )
    assert "A[embedding] --&gt; B[layers] --&gt; X[logits]" in html
    assert 'class="t" href="../logits/"' not in html.split("<figure", 1)[1].split("</figure", 1)[0]


def test_title_and_description_are_the_label(site: SiteFolder) -> None:
    site.write("gate.md", fenced(EXAMPLES["flowchart"]))
    assert site.codes() == []
    label = "How a gate chooses. The router sends each token to two experts"
    assert f'role="img" aria-label="{label}"' in site.page("terms/gate/index.html")


def test_a_drawing_with_links_is_no_image(site: SiteFolder) -> None:
    site.write("door.md", fenced('flowchart LR\n A --> B\n click A "https://example.org/"\n'))
    assert site.codes() == []
    assert '<div role="group" aria-label="Diagram: A, B">' in site.page("terms/door/index.html")


def test_the_same_diagram_may_stand_twice_in_a_page(site: SiteFolder) -> None:
    site.write("twice.md", f"{fenced(FLOW)}\nAgain:\n\n{fenced(FLOW)}")
    assert site.build().work.drawn == 1
    html = site.page("terms/twice/index.html")
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]*)\)", html)) <= set(ids)


def test_what_is_refused_stays_code_with_a_warning_at_its_line(site: SiteFolder) -> None:
    site.write("x.md", "# X\n\n- Item\n\n  ```mermaid\n  flowchart LR\n    A[open --> B\n  ```\n")
    fault = site.only_fault()
    assert (fault.code, fault.severity) == ("invalid-diagram", "warning")
    source = (site.content / "x.md").read_text()
    assert fault.span is not None
    assert source[fault.span.start : fault.span.end] == "A[open --> B"
    html = site.page("terms/x/index.html")
    assert "<code>flowchart LR\n  A[open --&gt; B\n</code>" in html
    assert "<svg xmlns" not in html


def test_other_languages_are_not_drawn(site: SiteFolder) -> None:
    site.write("x.md", fenced("digraph { a -> b }\n", "dot"))
    assert site.codes() == ["unsupported-diagram"]


def test_a_diagram_is_drawn_once(site: SiteFolder) -> None:
    """Neither a text beside it nor a line above it draws it again, but a change of its own does."""

    def built(above: str, source: str) -> Built:
        site.write("a.md", f"{above}\n\n{fenced(source)}").write("b.md", f"Other words.\n\n{fenced(FLOW)}")
        return site.build()

    assert built("Words.", FLOW).work.drawn == 1
    assert built("Words.", FLOW).work == built("Words.", FLOW).work
    assert built("Words.", FLOW).work.drawn == 0
    again = built("More.\n\nWords.", FLOW).work
    assert (again.drawn, again.rendered) == (0, again.rendered)
    assert built("Words.", FLOW.replace("layers", "blocks")).work.drawn == 1


def test_a_fault_is_told_again_though_nothing_changed(site: SiteFolder) -> None:
    site.write("x.md", fenced("flowchart LR\n A[open\n"))
    first, second = site.build(), site.build()
    assert first.diagnostics == second.diagnostics
    assert [one.code for one in second.diagnostics] == ["invalid-diagram"]
    assert (first.work.drawn, second.work.drawn) == (1, 0)


def test_what_draws_is_not_loaded_where_nothing_is_new(site: SiteFolder) -> None:
    site.write("a.md", fenced(FLOW))
    build(Options(site.folder))
    site.write("b.md", "Another entry.")
    program = (
        "import sys; from pathlib import Path; from grimoire.building import Options, build;"
        "built = build(Options(Path(sys.argv[1]))); assert built.work.parsed == 1, built.work;"
        "print([name for name in ('mmdr', 'grimoire.diagrams', 'xml.etree') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(site.folder)], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"

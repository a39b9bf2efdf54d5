"""What of raw HTML reaches a page, held against a sanitiser and a parser that are not ours."""

import re
from html import unescape
from xml.etree.ElementTree import Element

import html5lib
import nh3
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grimoire.parse import Dialect, parse
from grimoire.source import Source

TAGS = set(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption "
    "figure hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary sup table tbody "
    "td tfoot th thead time tr u ul var wbr".split()
)
ATTRIBUTES = {
    "*": set("class colspan datetime dir id lang open reversed rowspan scope span start title value".split()),
    "a": {"href"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "del": {"cite"},
    "ins": {"cite"},
}
SANITISER = nh3.Cleaner(
    tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel=None
)

NAMES = st.sampled_from(
    [*sorted(TAGS), "script", "style", "iframe", "svg", "math", "font", "object", "x-y", "h1"]
)
VALUES = st.sampled_from(
    [
        "x",
        "a b",
        "1",
        "https://example.org/?a=1&b",
        "javascript:x",
        "&#106;avascript:x",
        "//example.org",
        "&lt;b",
        "'",
        ">",
    ]
)
KEYS = st.sampled_from(
    [
        "class",
        "title",
        "lang",
        "href",
        "src",
        "cite",
        "style",
        "onclick",
        "id",
        "colspan",
        "open",
        "SRC",
        "formaction",
    ]
)
PAIRS = st.builds('{}="{}"'.format, KEYS, VALUES) | st.builds("{}='{}'".format, KEYS, st.just("x")) | KEYS
OPENING = st.builds(lambda name, pairs: f"<{' '.join([name, *pairs])}>", NAMES, st.lists(PAIRS, max_size=2))
CLOSING = st.builds("</{}>".format, NAMES)
INNER = st.sampled_from(["", "x", "<b>y</b>", "<li>z</li>"])
WRAPPED = st.builds("<{0} {1}>{2}</{0}>".format, NAMES, PAIRS, INNER) | st.builds(
    "<{0}>{1}</{0}>".format, NAMES, INNER
)
TEXT = st.sampled_from(
    ["x", " ", "\n", "\n\n", "*y*", "[z](w)", "<!-- c -->", "<", "&amp;", "<!", "<?x?>", "\n\n- "]
)
SOUP = st.lists(OPENING | CLOSING | WRAPPED | TEXT, max_size=12).map("".join)


def shown(text: str) -> str:
    """The text of an entry as HTML; what fills a slot does not matter."""
    parsed, _ = parse(Source("entry.md", text), Dialect())
    return re.sub("\0h2\0", "h2", re.sub("\0[^h\0]*\0", "", parsed.bodies[0].html))


def tree(html: str) -> Element:
    return html5lib.parseFragment(html, namespaceHTMLElements=False)  # type: ignore[no-any-return]


def written(html: str) -> list[str]:
    """The tags as they stand in a text, text left out."""
    return [tag.lower() for tag in re.findall(r"</?([A-Za-z0-9]+)[^>]*>", html)]


def walked(element: Element) -> list[str]:
    """The tags of a tree in the order in which they open and close."""
    tags = []
    for child in element:
        name = str(child.tag)
        tags += [name, *walked(child)]
        if name not in {"br", "col", "hr", "img", "input", "wbr"}:
            tags.append(name)
    return tags


def same(one: Element, other: Element) -> bool:
    return (
        one.tag == other.tag
        and dict(one.attrib) == dict(other.attrib)
        and (one.text or "") == (other.text or "")
        and (one.tail or "") == (other.tail or "")
        and len(one) == len(other)
        and all(map(same, one, other))
    )


@settings(max_examples=400, deadline=None)
@given(SOUP)
@example('<span title="&lt;script>">x</span>')
@example("<table><tr><td>x</td></tr></table>")
@example('<b id="x">y</b> <a name="x"></a> <i id="&quot;>">z</i> <u id="">z</u>')
def test_a_sanitiser_finds_nothing_to_remove(text: str) -> None:
    html = shown(text)
    assert same(tree(html), tree(SANITISER.clean(html)))
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(set(ids)) == len(ids)


@settings(max_examples=400, deadline=None)
@given(SOUP)
def test_a_browser_moves_nothing(text: str) -> None:
    html = shown(text)
    # A browser puts the rows of a table into a body of its own.
    found = [tag for tag in walked(tree(html)) if tag != "tbody"]
    assert found == [tag for tag in written(html) if tag != "tbody"]


@settings(max_examples=400, deadline=None)
@given(SOUP)
def test_no_word_is_lost(text: str) -> None:
    """Whatever becomes of the tags, the text between them stays."""
    html = shown(f"<b>{text}</b>\n\nlast")
    assert "last" in unescape(re.sub(r"<[^>]*>", "", html))

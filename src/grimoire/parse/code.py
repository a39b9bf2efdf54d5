"""Code blocks, coloured by Pygments with classes; the lexers are imported when first needed."""

from functools import cache
from typing import Any

from grimoire.parse.raw_html import escape


@cache
def _lexer(language: str) -> Any:  # noqa: ANN401  a Pygments lexer or None
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415  28 ms, only for code
    from pygments.util import ClassNotFound  # noqa: PLC0415

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@cache
def _formatter() -> Any:  # noqa: ANN401  a Pygments formatter
    from pygments.formatters import HtmlFormatter  # noqa: PLC0415  only for code

    return HtmlFormatter(nowrap=True)


_PLAIN = {"": "", "text": "", "txt": "", "plain": "", "plaintext": "", "none": ""}


_PLUGINS = frozenset(
    (
        "activity-history base bases button calendar calendar-timeline canvas cardlink chart chartsview "
        "compressed-json contributiongraph datacore datacorejs datacorejsx datacorets datacoretsx dataview "
        "dataviewjs dbfolder desmos-graph dice embed encounter excalidraw folder-overview functionplot gevent "
        "image-layout img-gallery itinerary js-engine kanban leaflet mapview meta-bind meta-bind-button "
        "meta-bind-embed meta-bind-js-view multi-column query quiz rss run-js run-python runjs spoiler sqlseal "
        "statblock tabs tasks timeline timeline-labeled toc todoist tracker zoommap"
    ).split()
)


def is_for_plugin(language: str) -> bool:
    """Whether a block of code is a query or a picture that a plugin of Obsidian makes something of."""
    return language in _PLUGINS or language.startswith("ad-")


def is_known(language: str) -> bool:
    """Whether a highlighter knows the language; the empty name and plain text count as known."""
    return language in _PLAIN or _lexer(language) is not None


def language_name(language: str) -> str:
    """Give the name a reader knows: ``py`` is Python. Unknown ones stay as written."""
    if language in _PLAIN:
        return ""
    lexer = _lexer(language)
    return str(lexer.name) if lexer else language


def coloured(code: str, language: str) -> str:
    """Give the code as HTML, its tokens in spans with Pygments' short classes."""
    lexer = None if language in _PLAIN else _lexer(language)
    if lexer is None:
        return escape(code)
    from pygments import highlight  # noqa: PLC0415  only for code

    return str(highlight(code, lexer, _formatter())).rstrip("\n") + "\n"

"""Names in a body that became links and abbreviations by themselves: tags put around them."""

from collections.abc import Callable, Sequence
from html import escape

from grimoire.model import Insert, Link


def inserted(html: str, inserts: Sequence[Insert], start: int, opening: Callable[[Link], str]) -> str:
    """Give a body's HTML, or a part of it, with tags around names.

    Args:
        html: what is shown.
        inserts: the names in it, in their order.
        start: where in the body it begins.
        opening: gives the tag that opens a link.
    """
    out = []
    at = 0
    for one in inserts:
        first, behind = one.start - start, one.end - start
        name = html[first:behind]
        if one.long:
            title = "" if one.is_expanded else f' title="{escape(one.long)}"'
            name = f"<abbr{title}>{name}</abbr>"
        if one.link is not None:
            name = f"{opening(one.link)}{name}</a>"
        elif html.startswith("\0z", behind):
            # It is the text of a link, behind which its long form comes.
            end = html.index("\0", behind + 1) + 1
            name += html[behind:end]
            behind = end
        out += [html[at:first], name, f" ({escape(one.long)})" if one.is_expanded else ""]
        at = behind
    return "".join((*out, html[at:])) if out else html

"""Markup for the templates of other programs: shown as text, and told of once in a file."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from grimoire.diagnostics import Diagnostic
from grimoire.parse.places import Places
from grimoire.parse.syntax.templates import markup_end
from grimoire.source import Source, Span

_LONGEST = 40


def template_fault(tokens: Sequence[Token], source: Source, offset: int) -> list[Diagnostic]:
    """Say how much template markup there is in a file, and where the first piece stands.

    Args:
        tokens: the tokens of the whole file.
        source: the file.
        offset: where its Markdown begins.
    """
    if not any(opening in source.text for opening in ("{{", "{%", "<%", "{:")):
        return []
    found = sorted(_pieces(tokens, Places(source.text, offset), offset))
    if not found:
        return []
    first, text = found[0]
    shown = text.split("\n", 1)[0]
    shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
    more = f", and {len(found) - 1} more in this file" if found[1:] else ""
    return [
        Diagnostic(
            "template-markup", source.path, Span(first, first + len(text)),
            f"`{shown}` is markup for another program's templates{more}",
            why="nothing executes it here: it is shown as it is written",
            help="write it in Markdown, or in backticks if it is meant to be shown",
        )
    ]  # fmt: skip


def _pieces(tokens: Sequence[Token], places: Places, offset: int) -> Iterator[tuple[int, str]]:
    """Each piece of markup with its place."""
    for token in tokens:
        if token.type == "inline":
            here = [
                one for one in token.children or () if one.type == "template" and not one.meta.get("is_part")
            ]
            inside = places.inside(token) if here else None
            if inside:
                yield from ((inside.at(one.meta["at"][0]), one.content) for one in here)
        elif token.type == "fence" and "templates" in token.meta:
            yield from [(offset + token.meta["at"], token.content)] * token.meta["templates"]
        elif token.type == "html_block":
            inside = places.inside(token)
            yield from ((inside.at(at), text) for at, text in _in_html(token.content))


def _in_html(html: str) -> Iterator[tuple[int, str]]:
    at = 0
    while at < len(html):
        end = markup_end(html, at, len(html)) if html[at] in "{<" else -1
        if end >= 0:
            yield at, html[at:end]
        at = max(at + 1, end)

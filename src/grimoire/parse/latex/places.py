"""Places in a LaTeX or ``.bib`` file: its tokens bring theirs with them."""

from markdown_it.token import Token

from grimoire.parse.places import Inside, Places
from grimoire.source import Span


class LatexPlaces(Places):
    """Places in one file."""

    def __init__(self, text: str) -> None:
        """Begin; `text` is that of the file."""
        super().__init__(text, 0)

    def block(self, token: Token) -> Span:
        """The place of a block of code."""
        span: Span = token.meta["span"]
        return span

    def whole(self, token: Token) -> Span:
        """The place of an inline token's text."""
        span: Span = token.meta["span"]
        return span

    def inside(self, token: Token) -> Inside:
        """Places inside the text of an inline token."""
        inside: Inside = token.meta["inside"]
        return inside

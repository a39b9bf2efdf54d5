"""The interface's texts, put into the templates when these are compiled.

``_("Index")`` in a template is a constant: the language is settled before anything is rendered. This extension
writes the translated text in its place, so that no page looks it up. Texts with numbers in them, the
``{% trans %}`` blocks, are Jinja's own affair.
"""

from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream


class Said(Extension):
    """Replaces ``_("text")`` by its translation, which ``environment.words`` gives."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Give the tokens of a template with each such call made one string."""
        held: list[Token] = []
        for token in stream:
            held.append(token)
            if not _begins_call(held):
                yield from held
                held = []
            elif len(held) == len(_CALL):
                text = self.environment.words.gettext(held[2].value)  # type: ignore[attr-defined]
                yield Token(held[0].lineno, "string", text)
                held = []
        yield from held


_CALL = ("name", "lparen", "string", "rparen")


def _begins_call(tokens: list[Token]) -> bool:
    kinds = tuple(token.type for token in tokens)
    return kinds == _CALL[: len(kinds)] and tokens[0].value == "_"

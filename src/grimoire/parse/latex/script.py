"""A stretch of LaTeX that is read: its text, its tree, and where it stands in the file."""

from collections.abc import Sequence

from grimoire.bibfile import Value as BibValue
from grimoire.parse.latex.tree import DEEPEST, Fault, Node, parse
from grimoire.parse.places import Inside
from grimoire.source import Span


class Script:
    """Some LaTeX, parsed.

    It is a file, a field of one, or a text that stands elsewhere.
    """

    def __init__(self, text: str, inside: Inside, deepest: int = DEEPEST) -> None:
        """Parse a text.

        Args:
            text: the LaTeX.
            inside: where its characters are in the file.
            deepest: how deep its braces may be nested.
        """
        self.text, self.inside = text, inside
        self.nodes: Sequence[Node]
        self.faults: Sequence[Fault]
        self.nodes, self.faults = parse(text, deepest)

    def span(self, start: int, end: int) -> Span:
        """The place in the file of a stretch of the text."""
        return self.inside.span((start, end))

    def written(self, node: Node) -> str:
        """What a node looks like in the text."""
        return self.text[node.start : node.end]


def whole(text: str) -> Script:
    """Read a file."""
    return Script(text, Inside(((0, 0, len(text)),), len(text)))


def field(value: BibValue) -> Script:
    """Read a field of a ``.bib`` file, each piece of which has a place of its own."""
    return Script(value.text, _pieces(value.text, value.parts))


def standing_for(text: str, span: Span) -> Script:
    """Read a text that is made up to stand for what is written at a place."""
    return Script(text, _pieces(text, ((0, span),)))


def _pieces(text: str, parts: Sequence[tuple[int, Span]]) -> Inside:
    # What a name of an `@string` stands for can be longer than the name.
    lines = tuple((start, span.start, max(span.start, span.end - 1)) for start, span in parts)
    return Inside(lines or ((0, 0, 0),), len(text))


def aside(text: str) -> Script:
    """Read a text that stands elsewhere, so that its places are of no use: a macro's, or another entry's name."""
    return Script(text, Inside(((0, 0, 0),), len(text)), deepest=8)

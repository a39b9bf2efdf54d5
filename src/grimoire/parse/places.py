"""Where in its file a piece of a block's text stands.

markdown-it tells the lines of a block but no columns. A block's text is made of the file's lines
without their indentation and quote marks, so each line is found again in the file's line.
"""

from bisect import bisect_left, bisect_right

from markdown_it.token import Token

from grimoire.parse.syntax import MASKED_PIPE
from grimoire.source import Span, line_starts


class Places:
    """Places in one file; `body` is the offset at which the Markdown begins."""

    def __init__(self, text: str, body: int) -> None:
        self._text = text
        self._starts = line_starts(text)
        self.body = body
        self._first = bisect_right(self._starts, body) - 1
        self._cursors: dict[int, int] = {}

    def line(self, number: int) -> Span:
        """The line of the Markdown with this number (from 0), as a span of the file."""
        return Span(*self._bounds(number))

    def _bounds(self, number: int) -> tuple[int, int]:
        index = min(self._first + number, len(self._starts) - 1)
        start = max(self._starts[index], self.body)
        end = self._starts[index + 1] - 1 if index + 1 < len(self._starts) else len(self._text)
        return start, max(start, end)

    def end(self, first: int, behind: int) -> int:
        """Where the text of these lines of the Markdown ends, blank lines behind it left out."""
        start, end = self._bounds(first)[0], self._bounds(max(first, behind - 1))[1]
        return start + len(self._text[start:end].rstrip())

    def block(self, token: Token) -> Span:
        """The first line of a block, without its indentation."""
        if not token.map:
            return Span(self.body, self.body)
        span = self.line(token.map[0])
        line = self._text[span.start : span.end]
        return Span(span.start + len(line) - len(line.lstrip()), span.end)

    def find(self, text: str, number: int) -> Span:
        """Where `text` stands in a line of the Markdown; the whole line if it does not."""
        line = self.line(number)
        start = self._text.find(text, line.start, line.end)
        return Span(start, start + len(text)) if start >= 0 else line

    def whole(self, token: Token) -> Span:
        """The place of an inline token's text."""
        return self.inside(token).span((0, len(token.content)))

    def inside(self, token: Token) -> "Inside":
        """Places inside the text of an inline token."""
        content = token.content.replace(MASKED_PIPE, "|")
        if not token.map:
            return Inside(((0, self.body, len(self._text)),), len(content))
        first, behind = token.map
        rows = []
        at = 0
        for number, line in enumerate(content.split("\n"), first):
            start, end = self._bounds(min(number, max(first, behind - 1)))
            wanted = line.strip()
            where = self._found(wanted, start, end) if wanted else start
            if behind - first == 1 and wanted:
                # The next cell of the same row of a table is to be found behind this one.
                self._cursors[start] = where + len(wanted)
            rows.append((at + len(line) - len(line.lstrip()), where, end))
            at += len(line) + 1
        return Inside(tuple(rows), len(content))

    def _found(self, wanted: str, start: int, end: int) -> int:
        """Where a line of a block's text stands in its line of the file."""
        cursor = self._cursors.get(start, start)
        where = self._text.find(wanted, cursor, end)
        if where < 0 and "|" in wanted:
            # A cell of a table: its pipes were escaped.
            where = self._text.find(wanted.replace("|", "\\|"), cursor, end)
        return where if where >= 0 else max(start, self._text.find(wanted, start, end))


class Inside:
    """Maps offsets into one block's text to offsets into the file.

    `rows` says of each line of the text where it begins there, where in the file, and where its
    line of the file ends. `shift` is added to each offset asked for. `keys` are the first of each row, where
    they are at hand.
    """

    def __init__(
        self,
        rows: tuple[tuple[int, int, int], ...],
        length: int,
        shift: int = 0,
        keys: list[int] | None = None,
    ) -> None:
        self.rows, self._length, self._shift = rows, length, shift
        self._keys = [key for key, _, _ in rows] if keys is None else keys

    def shifted(self, by: int) -> "Inside":
        """Places inside a part of this text that begins `by` characters behind its start."""
        return Inside(self.rows, self._length, self._shift + by, self._keys)

    def part(self, start: int, length: int) -> tuple[tuple[int, int, int], ...]:
        """The rows of a stretch of the text, which count from its beginning."""
        start += self._shift
        first = max(0, bisect_right(self._keys, start) - 1)
        behind = max(first + 1, bisect_left(self._keys, start + length))
        return tuple((key - start, where, end) for key, where, end in self.rows[first:behind])

    def at(self, offset: int) -> int:
        """The offset in the file."""
        offset = min(offset + self._shift, self._length)
        key, where, end = self.rows[max(0, bisect_right(self._keys, offset) - 1)]
        return min(end, where + max(0, offset - key))

    def span(self, at: tuple[int, int]) -> Span:
        """The span in the file."""
        start = self.at(at[0])
        return Span(start, max(start, self.at(max(at[0], at[1] - 1)) + (at[1] > at[0])))


_FARTHEST = 10_000
"""How much of no text, such as an address, may stand between two: what is looked for further costs too much."""


class Cursor:
    """Goes through the source of a line token by token, to tell where each text begins."""

    def __init__(self, source: str, start: int = 0) -> None:
        """Begin.

        Args:
            source: the line.
            start: where it begins in the text that the places of its tokens count in.
        """
        self._source, self._start = source, start
        self._at = 0

    def at(self, token: Token) -> int:
        """Where a token begins, or, where the source is written in another way, before which it does not."""
        start = self._at
        if token.type in {"text", "code_inline"}:
            found = self._source.find(token.content, start, start + len(token.content) + _FARTHEST)
            if found >= 0:
                start, self._at = found, found + len(token.content)
        elif isinstance(where := token.meta.get("at"), tuple):
            # What a link shows stands inside it.
            self._at = max(start, (where[0] + 1 if token.nesting == 1 else where[1]) - self._start)
        return start

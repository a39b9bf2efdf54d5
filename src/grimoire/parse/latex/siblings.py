r"""Nodes that stand side by side, taken one after the other: a command and the arguments behind it.

TeX decides what belongs to a command only when it meets it, and so it is here: the tree has braces, and who
reads a command takes as many of the nodes behind it as that command has arguments.
"""

from collections.abc import Sequence

from grimoire.parse.latex.tree import Node


class Siblings:
    """The children of one node; what is taken is gone."""

    def __init__(self, nodes: Sequence[Node], text: str) -> None:
        """Begin before the first.

        Args:
            nodes: the nodes.
            text: what their places count in.
        """
        self._nodes, self._text = nodes, text
        self._at = 0
        self._rest: Node | None = None
        """What is left of a text of which a part was taken."""
        self._brackets: list[int] | None = None
        """The next node with a closing bracket for each node; made when first needed."""

    def next(self) -> Node | None:
        """Take the next node; None behind the last."""
        node = self._peek()
        if node is not None:
            self._at, self._rest = self._at + 1, None
        return node

    def rest(self) -> list[Node]:
        """Take all that is left."""
        first = self._peek()
        found = [] if first is None else [first, *self._nodes[self._at + 1 :]]
        self._at, self._rest = len(self._nodes), None
        return found

    def _peek(self) -> Node | None:
        if self._rest is not None:
            return self._rest
        return self._nodes[self._at] if self._at < len(self._nodes) else None

    def _shorten(self, node: Node, start: int) -> None:
        """Leave of a text what begins at `start`."""
        if start < node.end:
            self._rest = node._replace(start=start, first=start)
        else:
            self._at, self._rest = self._at + 1, None

    def skip_blanks(self) -> None:
        """Take blanks and comments that stand before an argument."""
        while (node := self._peek()) is not None:
            if node.kind == "text":
                written = self._text[node.start : node.end]
                self._shorten(node, node.end - len(written.lstrip()))
                if written.strip():
                    return
            elif node.kind == "comment":
                self.next()
            else:
                return

    def takes(self, char: str) -> bool:
        """Take a character if it comes next, such as a star."""
        node = self._peek()
        if node is None or node.kind != "text" or not self._text.startswith(char, node.start):
            return False
        self._shorten(node, node.start + len(char))
        return True

    def group(self) -> Node | None:
        """Take a group, with the blanks before it; None if something else comes next."""
        at, rest = self._at, self._rest
        self.skip_blanks()
        node = self._peek()
        if node is not None and node.kind == "group":
            return self.next()
        self._at, self._rest = at, rest
        return None

    def adjacent_group(self) -> Node | None:
        """Take a group that no blank stands before."""
        node = self._peek()
        return self.next() if node is not None and node.kind == "group" else None

    def skip_empty_group(self) -> None:
        r"""Take the ``{}`` that keeps a blank behind a command: ``\ldots{} and``."""
        node = self._peek()
        if node is not None and node.kind == "group" and not node.nodes:
            self.next()

    def argument(self) -> Node | None:
        """Take an argument: a group, a command or a single character, with the blanks before it."""
        if (group := self.group()) is not None:
            return group
        at, rest = self._at, self._rest
        self.skip_blanks()
        node = self._peek()
        if node is None or node.kind not in {"command", "text"}:
            self._at, self._rest = at, rest
            return None
        if node.kind == "command":
            return self.next()
        self._shorten(node, node.start + 1)
        return node._replace(end=node.start + 1, last=node.start + 1)

    def options(self, *, with_blanks: bool = True) -> Node | None:
        """Take an argument in brackets, which ends at the first that closes; None if there is none.

        Args:
            with_blanks: whether blanks may stand before it.

        Returns:
            A group of what stands in the brackets.
        """
        at, rest = self._at, self._rest
        if with_blanks:
            self.skip_blanks()
        opening = self._peek()
        if opening is None or opening.kind != "text" or not self._text.startswith("[", opening.start):
            self._at, self._rest = at, rest
            return None
        start = opening.start
        closing = self._closing()
        if closing is None:
            self._at, self._rest = at, rest
            return None
        self._shorten(opening, start + 1)
        inner: list[Node] = []
        while self._at < closing:
            node = self.next()
            if node is not None:
                inner.append(node)
        node = self._peek()
        stop = start + 1
        if node is not None:
            stop = self._text.index("]", node.start)
            if stop > node.start:
                inner.append(node._replace(end=stop, last=stop))
            self._shorten(node, stop + 1)
        return Node("group", "[", start, stop + 1, start + 1, stop, inner)

    def _closing(self) -> int | None:
        """The number of the node in which a closing bracket comes next."""
        if self._brackets is None:
            self._brackets = [len(self._nodes)] * (len(self._nodes) + 1)
            for index in range(len(self._nodes) - 1, -1, -1):
                node = self._nodes[index]
                has_one = node.kind == "text" and "]" in self._text[node.start : node.end]
                self._brackets[index] = index if has_one else self._brackets[index + 1]
        found = self._brackets[self._at]
        if found == self._at and self._rest is not None:
            rest = self._text[self._rest.start : self._rest.end]
            found = found if "]" in rest else self._brackets[self._at + 1]
        return found if found < len(self._nodes) else None

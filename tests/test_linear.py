"""Time grows with length: what four times as long takes four times the work, whatever it is made of.

Work is counted in calls of functions, Python's own and those in C, which is the same on every machine. What a
call costs is not seen so: `benchmarks/bombs.py` measures the same texts in seconds. Those in LaTeX are counted in
`tests/test_latex.py`.
"""

import cProfile

import pytest
from tests.bombs import HOSTILE

from grimoire.parse import Dialect, parse, wordings
from grimoire.parse.markdown import parser
from grimoire.parse.syntax import block_dispatch, dispatch
from grimoire.source import Source, decode

SIZE = 1000
EVERYTHING = Dialect(smart=True, keeps_prose=True)


def work(text: str, path: str = "entry.md") -> int:
    """How many functions are called to parse a text, in LaTeX to read its names too."""
    source = Source(path, decode(text.encode())[0])
    profile = cProfile.Profile()
    profile.enable()
    parse(source, EVERYTHING, {} if path.endswith(".md") else wordings(source))
    profile.disable()
    return sum(int(entry.callcount) for entry in profile.getstats())


@pytest.mark.parametrize("name", [name for name, one in HOSTILE.items() if not one.path.endswith(".tex")])
def test_four_times_the_text_takes_four_times_the_work(name: str) -> None:
    path, text = HOSTILE[name]
    work(text(99), path)
    assert work(text(4 * SIZE), path) < 4.5 * work(text(SIZE), path) + 2000


def test_every_rule_says_where_it_begins() -> None:
    """A rule that does not is asked everywhere, which is slow; one that says it twice has two homes."""
    rules = parser(smart=True)
    assert set(rules.inline.ruler.get_active_rules()) == dispatch.BEGINS_AT.keys()
    assert dispatch.BEGINS_AT.keys() > dispatch.TRANSPARENT
    blocks = set(rules.block.ruler.get_active_rules())
    assert blocks == block_dispatch.BEGINS_AT.keys() | block_dispatch.ANYWHERE
    assert not block_dispatch.BEGINS_AT.keys() & block_dispatch.ANYWHERE

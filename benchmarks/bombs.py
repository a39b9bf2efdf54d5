"""Measure how long the texts that choke parsers take: CPU seconds to parse 25, 50 and 100 kB of each.

Run from the root as ``python -m benchmarks.bombs [NAME…]``. Those that take over a second, or more than twice
as long for twice the size, are printed; with names, only these, whatever they take.
"""

import sys
import time

from tests.bombs import BOMBS

from grimoire.parse import Dialect, parse
from grimoire.source import Source, decode

SIZES = (25_000, 50_000, 100_000)
LONG = 1.0
STEEP = 2.5


def seconds(name: str, size: int) -> float:
    """The CPU time that one text takes."""
    source = Source("entry.md", decode(BOMBS[name](size).encode())[0])
    began = time.process_time()
    parse(source, Dialect())
    return time.process_time() - began


def main(names: list[str]) -> None:
    """Measure, and print what is long or steep."""
    parse(Source("entry.md", "$a$ [[b]]"), Dialect())
    for name in names or BOMBS:
        took = [seconds(name, size) for size in SIZES]
        if names or took[-1] > LONG or (took[-1] > LONG / 4 and took[-1] > STEEP * took[-2]):
            print(f"{name:45}" + "".join(f"{one:7.2f}" for one in took), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

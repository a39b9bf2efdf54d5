"""Measure how long the texts that choke parsers take to build: a site of one file, 100 kB of each.

Run from the root as ``python -m benchmarks.bombs [NAME…]``. For each text one line: the CPU seconds that its build
takes beyond that of an empty site, what it says last, and a mark where it takes over two seconds. All settings that
cost time are on. Exits with 1 if a text is marked or ends in another way than a build does.
"""

import argparse
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bombs import HOSTILE, Hostile

SIZE = 100_000
LONGEST = 2.0
SETTINGS = """\
smart: true
auto_link: first
acronyms: expand
bibliography: works.bib
entries: [entry.bib]
"""
WORKS = "@book{a, title = {B}, author = {C, D.}, year = 2000}\n"
OTHER = "---\ntitle: a\naliases: [b]\n---\nSee [[entry]].\n"


def built(path: str, text: str) -> tuple[float, str]:
    """The CPU seconds that building a site takes, and the last line it says; "" if it does not end well."""
    with TemporaryDirectory() as folder:
        content = Path(folder, "content")
        content.mkdir()
        for name, written in (
            ("site.yaml", SETTINGS),
            ("works.bib", WORKS),
            ("other.md", OTHER),
            (path, text),
        ):
            (content / name).write_text(written, newline="")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ran = subprocess.run(
            [sys.executable, "-m", "grimoire", "build", folder], capture_output=True, check=False, text=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    last = (ran.stdout.strip().splitlines() or [""])[-1]
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, last if ran.returncode in {0, 1} and "Traceback" not in ran.stderr else ""


def row(name: str, hostile: Hostile, base: float) -> tuple[str, bool]:
    """One line of the table, and whether all is well."""
    seconds, last = built(hostile.path, hostile.text(SIZE))
    is_fine = bool(last) and seconds - base <= LONGEST
    shown = name.replace("|", "\\|")
    return f"| {shown} | {seconds - base:.2f} | {last or 'FAILED'} | {'' if is_fine else '**!**'} |", is_fine


def main() -> int:
    """Print the table."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("names", nargs="*")
    names = arguments.parse_args().names or HOSTILE
    built("entry.md", "")
    base = min(built("entry.md", "")[0] for _ in range(3))
    print(f"An empty build takes {base:.2f} s of CPU.\n")
    print("| text | s | said | |\n|---|---|---|---|")
    fine = True
    for name in names:
        line, is_fine = row(name, HOSTILE[name], base)
        fine &= is_fine
        print(line, flush=True)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())

"""Build the same glossary with grimoire and its peers, and write the figures down: `python -m benchmarks.compare`.

Each generator is run as a whole process, one after the other in each round, so that what else the machine does meets
all alike; figures are medians over the rounds. CPU seconds count the user's and the system's, of all processes that a
command started; memory is the largest that any of them had at once. Before anything is timed, each output is held
against the corpus: every formula typeset (or left to the reader's browser, where the table says so), every link
resolved.

Times of one run can be compared with each other, and with those of another machine only by their ratios.
"""

import argparse
import json
import os
import platform
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks import corpus
from benchmarks.peers import PEERS, Peer, Prepared, Tools, faults, install, of_grimoire

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "benchmarks.md"
PICTURE = ROOT / "docs" / "images" / "benchmarks.svg"
CACHES = (".grimoire", ".cache", "cache", "resources", ".hugo_build.lock")
"""What a build leaves beside its output."""


STARTER = """
import json, os, sys, time
began = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
_, status, used = os.wait4(child, 0)
wall = time.perf_counter() - began
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, wall, used.ru_maxrss]))
"""
"""A small process that starts a command and measures it: the system counts to a command the peak of who starts it."""


class Run(NamedTuple):
    """One command: seconds of CPU and by the clock, and the peak of its memory in MB."""

    cpu: float
    wall: float
    memory: float


def run(command: tuple[str, ...], folder: Path) -> Run:
    """Run a command and measure it.

    Raises:
        RuntimeError: if it fails; with what it said.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with (folder / "log.txt").open("wb") as log:
        started = subprocess.run(
            (sys.executable, "-I", "-S", "-c", STARTER, *command),
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment,
            check=False,
        )
    code, cpu, wall, memory = json.loads(started.stdout) if started.returncode == 0 else (1, 0, 0, 0)
    if code:
        raise RuntimeError(f"{command[0]}: {(folder / 'log.txt').read_text('utf-8', 'replace')[-2000:]}")
    return Run(cpu, wall, memory / 1024)


def middle(runs: list[Run]) -> Run:
    """Give the medians."""
    return Run(*(median(values) for values in zip(*runs, strict=True)))


# ---------------------------------------------------------------- what is done to a site


def _forget(site: Prepared) -> None:
    """Leave nothing of earlier builds.

    It is moved away, to be removed when all is measured: ext4 gives the inodes of removed files to no new ones for
    some minutes, and looks at each of them again for every file that it makes. That took longer than the build.
    """
    gone = site.folder.parent / "gone" / str(time.monotonic_ns())
    gone.mkdir(parents=True)
    for place in (site.out, *(site.folder / name for name in CACHES)):
        if place.exists():
            place.rename(gone / place.name)


def _nothing(_: Prepared) -> None:
    """Change nothing."""


def _some_entry(site: Prepared) -> Path:
    return random.choice(sorted(site.content.glob("*.md")))  # noqa: S311  no secret


def _edit(site: Prepared) -> None:
    """Put a sentence behind an entry."""
    path = _some_entry(site)
    path.write_text(path.read_text("utf-8") + "\nOne sentence more.\n", "utf-8")


def _rename(site: Prepared) -> None:
    """Give an entry a longer title, by which those that link to it find it no more, and the old one as an alias."""
    path = _some_entry(site)
    text = re.sub(r"title: (.*)", r"title: \1 renamed\naliases: [\1]", path.read_text("utf-8"), count=1)
    path.write_text(text, "utf-8")


def _restyle(site: Prepared) -> None:
    """Change the frame of every page."""
    place = site.folder / "templates" / "term.html"
    place.parent.mkdir(exist_ok=True)
    place.write_text(
        '{% extends "default/term.html" %}{% block after %}<!-- '
        + str(time.monotonic_ns())
        + " -->{{ super() }}{% endblock %}",
        "utf-8",
    )


CHANGES: dict[str, Callable[[Prepared], None]] = {
    "cold": _forget,
    "nothing changed": _nothing,
    "one body edited": _edit,
    "one title renamed": _rename,
    "a template edited": _restyle,
}
OF_ALL = ("cold", "nothing changed", "one body edited")
"""What is measured of the peers too."""

SERVED = """
import time
from pathlib import Path
from grimoire.building import Options, build
site = Options(Path("."))
entry = sorted(Path("content").glob("*.md"))[0]
build(site)
entry.write_text(entry.read_text("utf-8") + "\\nOne sentence more.\\n", "utf-8")
build(site)
entry.write_text(entry.read_text("utf-8") + "\\nAnd another.\\n", "utf-8")
began = time.process_time()
build(site)
print(time.process_time() - began)
"""


def in_one_process(site: Prepared) -> float:
    """Give the CPU seconds from an edit to the files on disk in a process that has built the site before."""
    done = subprocess.run(
        ["python", "-c", SERVED], cwd=site.folder, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


# ---------------------------------------------------------------- the rounds


Figures = dict[tuple[str, str], list[Run]]
"""The runs by the name of the generator and what was done before."""


def measure(
    folder: Path, count: int, rounds: int, peers: tuple[Peer, ...], tools: Tools
) -> tuple[Figures, list[float]]:
    """Build the glossary with each generator in each round.

    Returns:
        The runs, and the CPU seconds of edits within one process of grimoire.
    """
    sites = {}
    for peer in peers:
        place = folder / f"{count}-{peer.name.replace(' ', '-')}"
        place.mkdir(parents=True)
        sites[peer.name] = peer.prepare(place, count, tools)
        run(sites[peer.name].command, place)
        if found := faults(peer, sites[peer.name]):
            raise RuntimeError(f"{peer.name} did not do the work: {'; '.join(found)}")
        print(f"{count:,} terms, {peer.name}: holds all formulas and links", flush=True)
    figures: Figures = {}
    for number, change in product(range(rounds), CHANGES):
        for peer in peers:
            if peer.name != "grimoire" and change not in OF_ALL:
                continue
            site = sites[peer.name]
            CHANGES[change](site)
            done = run(site.command, site.folder)
            figures.setdefault((peer.name, change), []).append(done)
            print(f"{count:,} terms, round {number + 1}, {peer.name}, {change}: {done.cpu:.2f} s", flush=True)
    served = [in_one_process(sites["grimoire"]) for _ in range(rounds)]
    return figures, served


def kinds(folder: Path, count: int, rounds: int) -> dict[str, Run]:
    """Build glossaries of other kinds with grimoire alone, cold."""
    found = {}
    for kind in corpus.KINDS:
        site = of_grimoire(folder / f"kind-{kind}", count, kind=kind)
        runs = []
        for _ in range(rounds):
            _forget(site)
            runs.append(run(site.command, site.folder))
        found[kind] = middle(runs)
        print(f"{count:,} terms, {kind}: {found[kind].cpu:.2f} s", flush=True)
    return found


def once(folder: Path, count: int) -> Run:
    """Build a glossary that is too large for rounds, with grimoire alone, cold."""
    site = of_grimoire(folder / f"once-{count}", count)
    done = run(site.command, site.folder)
    print(f"{count:,} terms, once: {done.cpu:.2f} s", flush=True)
    return done


# ---------------------------------------------------------------- what is written


def table(figures: Figures, peers: tuple[Peer, ...]) -> list[str]:
    """Give the figures of cold builds and of those that follow, as lines of Markdown."""
    own = middle(figures["grimoire", "cold"])
    lines = [
        "| | formulas | cold: CPU s | × grimoire | wall s | memory MB | nothing changed: CPU s | one body edited: CPU s |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for peer in peers:
        cold, same, edited = (middle(figures[peer.name, change]) for change in OF_ALL)
        lines.append(
            f"| {peer.name} | {'typeset' if peer.has_typesetting else 'left to the browser'} | {cold.cpu:.2f} "
            f"| {cold.cpu / own.cpu:.2f} | {cold.wall:.2f} | {cold.memory:.0f} | {same.cpu:.2f} | {edited.cpu:.2f} |"
        )
    return lines


def growth(runs: dict[int, Run]) -> list[str]:
    """Give what a term costs in glossaries of several sizes, as lines of Markdown."""
    lines = [
        "| terms | CPU s | CPU ms each | wall s | memory MB, of the largest process |",
        "|--:|--:|--:|--:|--:|",
    ]
    return lines + [
        f"| {count:,} | {one.cpu:.1f} | {1000 * one.cpu / count:.2f} | {one.wall:.1f} | {one.memory:.0f} |"
        for count, one in sorted(runs.items())
    ]


def picture(rows: list[tuple[str, float, bool]], count: int) -> str:
    """Draw CPU seconds of cold builds as bars; those that typeset no formula are hatched by their lighter ink."""
    longest = max(seconds for _, seconds, _ in rows)
    height = 34 * len(rows) + 40
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {height}" role="img" '
            f'aria-label="CPU seconds of a cold build of {count:,} terms" font-family="system-ui, sans-serif" font-size="14">'
        ),
        (
            "<style>text{fill:#555}.own{fill:#9e2a1c}.set{fill:#17685c}.not{fill:#17685c;opacity:.4}"
            "@media(prefers-color-scheme:dark){text{fill:#bbb}.own{fill:#f0937f}.set,.not{fill:#79cbb5}}</style>"
        ),
        f'<text x="0" y="18">Cold build of {count:,} terms, CPU seconds (pale: formulas left to the browser)</text>',
    ]
    for number, (name, seconds, is_set) in enumerate(rows):
        top = 34 * number + 34
        width = max(2, 400 * seconds / longest)
        ink = "own" if name == "grimoire" else "set" if is_set else "not"
        parts.append(
            f'<text x="130" y="{top + 16}" text-anchor="end">{name}</text>'
            f'<rect class="{ink}" x="140" y="{top}" width="{width:.1f}" height="22" rx="2"/>'
            f'<text x="{146 + width:.1f}" y="{top + 16}">{seconds:.1f}</text>'
        )
    return "\n".join([*parts, "</svg>\n"])


def document(
    results: dict[int, tuple[Figures, list[float]]],
    variants: tuple[int, dict[str, Run]],
    sizes: dict[int, Run],
    asked: argparse.Namespace,
    tools: Tools,
) -> str:
    """Give the page."""
    versions = ", ".join(f"{peer.name} {peer.version(tools)}" for peer in PEERS)
    limited = [peer for peer in PEERS if peer.most < max(results) and not asked.only]
    left_out = [
        f"Left out, for they would take many minutes: {', '.join(f'{peer.name} beyond {peer.most:,} terms' for peer in limited)}.",
        "`--only` runs them.",
    ]
    lines = [
        "# Benchmarks",
        "",
        "Made by one command, `python -m benchmarks.compare`, on one machine in one run; nothing here is written by hand.",
        "What is compared, and how each generator is made to do the same work, is told in",
        "[`benchmarks/peers.py`](../benchmarks/peers.py); what is measured, in [`benchmarks/compare.py`](../benchmarks/compare.py).",
        "The machine is shared and noisy: compare within a table, not between machines.",
        "",
        f"{asked.rounds} rounds, medians. {platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}.",
        f"{versions}.",
        *(left_out if limited else ()),
        "",
        "![CPU seconds of cold builds](images/benchmarks.svg)",
    ]
    for count, (figures, served) in results.items():
        peers = tuple(peer for peer in PEERS if (peer.name, "cold") in figures)
        lines += [
            "",
            f"## {count:,} terms with formulas",
            "",
            *table(figures, peers),
            "",
            "grimoire, CPU seconds:",
            "",
        ]
        lines += ["| | new process | pages written anew are those that change |", "|---|--:|---|"]
        said = {
            "cold": "all",
            "nothing changed": "none",
            "one body edited": "the entry's",
            "one title renamed": "the entry's, and those that name it",
            "a template edited": "all",
        }
        lines += [
            f"| {change} | {middle(figures['grimoire', change]).cpu:.2f} | {said[change]} |"
            for change in CHANGES
        ]
        lines.append(
            f"| one body edited, in a process that built before (`serve`) | {median(served):.2f} | the entry's |"
        )
    count, found = variants
    lines += ["", f"## Other kinds of glossary, {count:,} terms", "", "grimoire, cold:", ""]
    lines += ["| | CPU s | wall s | memory MB |", "|---|--:|--:|--:|"]
    lines += [
        f"| {kind} | {one.cpu:.2f} | {one.wall:.2f} | {one.memory:.0f} |" for kind, one in found.items()
    ]
    lines += ["", "## Growth", "", "grimoire, cold:", "", *growth(sizes)]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Install, build, check, measure, write."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = arguments.add_argument
    add("--terms", type=int, nargs="+", default=[757], help="how many terms (default: 757)")
    add("--rounds", type=int, default=3)
    add(
        "--once",
        type=int,
        nargs="*",
        default=[],
        metavar="TERMS",
        help="build so many once, with grimoire alone",
    )
    add("--only", nargs="+", metavar="PEER", help="run these beside grimoire, with any number of terms")
    add("--tools", type=Path, default=ROOT / "benchmarks" / ".peers", help="where the peers are installed")
    asked = arguments.parse_args()
    tools = install(asked.tools.resolve())
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    chosen = tuple(peer for peer in PEERS if not asked.only or peer.name in {"grimoire", *asked.only})
    with TemporaryDirectory() as folder:
        results = {
            count: measure(
                Path(folder),
                count,
                asked.rounds,
                tuple(peer for peer in chosen if asked.only or count <= peer.most),
                tools,
            )
            for count in asked.terms
        }
        variants = asked.terms[0], kinds(Path(folder), asked.terms[0], asked.rounds)
        fullest = max(results, key=lambda count: len(results[count][0]))
        figures, _ = results[fullest]
        rows = [
            (peer.name, middle(figures[peer.name, "cold"]).cpu, peer.has_typesetting)
            for peer in PEERS
            if (peer.name, "cold") in figures
        ]
        PICTURE.write_text(picture(rows, fullest), "utf-8")
        sizes = {count: middle(found["grimoire", "cold"]) for count, (found, _) in results.items()}
        # What takes longest comes last, and what was measured before it is written by then.
        DOCUMENT.write_text(document(results, variants, sizes, asked, tools), "utf-8")
        for count in asked.once:
            sizes[count] = once(Path(folder), count)
            DOCUMENT.write_text(document(results, variants, sizes, asked, tools), "utf-8")
    print(DOCUMENT.read_text("utf-8"))


if __name__ == "__main__":
    main()

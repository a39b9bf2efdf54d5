"""The files that are due, made and staged: by several processes where that pays.

A process forked off this one has all that was loaded before, and stages like this one. Of what needs the memo, or an
engine in a thread, it hands back nothing, and that is made here.
"""

from collections.abc import Callable, Sequence

import msgspec

from grimoire.jobs import Shared, processes
from grimoire.pages import GraphPage
from grimoire.tasks import Task, path_of
from grimoire.write import Staged

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Staged).decode


def staged(
    due: Sequence[Task],
    stage: Callable[[Task], Staged],
    jobs: int,
    watch: Callable[[int, int], None],
) -> list[Staged]:
    """Make and stage files.

    Args:
        due: the files. What they are made with is loaded, as far as it is known.
        stage: makes and stages one.
        jobs: how many processes may do so.
        watch: told how many are made, and of how many.

    Returns:
        What `stage` gave for each, in order.

    Raises:
        Exception: what `stage` raises for the first file that it raises for, whatever the number of processes.
    """
    firsts = _first_of_each_template(due)
    # The map asks an engine, which is not started before others are at work.
    order = sorted(
        range(len(due)), key=lambda row: (row not in firsts, not isinstance(due[row].page, GraphPage))
    )
    count = processes(jobs, sum(task.page is not None for task in due))
    with Shared([due[row] for row in order], stage, _encode, _decode, count, len(firsts)) as shared:
        made = {}
        for row, one in zip(order, shared, strict=True):
            made[row] = one
            watch(len(made), len(due))
    return [made[row] for row in range(len(due))]


def _first_of_each_template(due: Sequence[Task]) -> frozenset[int]:
    """Give the places of pages for which all templates are compiled, in all languages: these are made first."""
    found: dict[tuple[str, str], int] = {}
    for row, task in enumerate(due):
        if task.page and not isinstance(task.page, GraphPage):
            folder = task.path.removesuffix(path_of(task.page))
            found.setdefault((folder, task.page.template), row)
    return frozenset(found.values())

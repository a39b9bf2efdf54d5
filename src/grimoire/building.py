"""The two things that are asked of this program: build a site, and look one over.

What takes long to import is imported only when there is something to do.
"""

import gc
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from grimoire import standing
from grimoire.builds import Built, Checked, Folders, Options, Watch, folders, unwatched
from grimoire.diagnostics import Diagnostic
from grimoire.memo import MEMO, Store
from grimoire.write import MANIFEST, ForeignOutput, Output, claim

__all__ = ["Built", "Checked", "Options", "build", "check"]


def build(options: Options, *, waiting: Callable[[], None] = lambda: None, watch: Watch = unwatched) -> Built:
    """Build a site.

    Args:
        options: what and where.
        waiting: called once if another build holds the output folder.
        watch: told how far it has come.

    Returns:
        What came of it. Faults of the input never raise.

    Raises:
        OSError: the output cannot be written.
    """
    began = time.perf_counter()
    places = folders(options)
    try:
        with _uncollected(), claim(places.out, waiting) as output:
            if options.clean and options.remember:
                (places.memo / MEMO).unlink(missing_ok=True)
                shutil.rmtree(places.templates, ignore_errors=True)
            with Store.open(places.memo if options.remember else None) as store:
                built = _build_into(output, options, places, store, watch)
    except ForeignOutput as error:
        fault = Diagnostic(
            "foreign-output", "", None, str(error),
            why="what is there could be lost, so nothing was written", help="give another folder with `--out`, or empty this one",
        )  # fmt: skip
        return Built((fault,), is_written=False, out=places.out)
    return msgspec.structs.replace(built, seconds=time.perf_counter() - began)


def _build_into(output: Output, options: Options, places: Folders, store: Store, watch: Watch) -> Built:
    without = _not_content(places)
    recalled = standing.recall(options, places, store, without, output.is_kept)
    if recalled.built:
        return recalled.built
    from grimoire.pipeline import build_into  # noqa: PLC0415  imports all stages

    return build_into(output, options, places, store, without, recalled, watch)


def check(options: Options) -> Checked:
    """Say all that a build would say of a site, and what it would not; nothing but the memo is written.

    Args:
        options: what; where the output would be is of no matter.

    Returns:
        What is said. Faults of the input never raise.

    Raises:
        OSError: the content cannot be listed.
    """
    from grimoire.pipeline import look_over  # noqa: PLC0415  imports all stages

    places = folders(options)
    with _uncollected(), Store.open(places.memo if options.remember else None) as store:
        return look_over(options, places, store, _not_content(places))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Work without the collector of circles.

    A build makes records by the hundred thousand, which are no circles, and looking through them again and again
    for some takes a tenth of its time. What is no longer needed is given back as ever.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _not_content(places: Folders) -> list[Path]:
    """Folders inside the content that are none: output of any build, and the theme where it lies there."""
    with os.scandir(places.content) as found:
        inside = [Path(one.path) for one in found if one.is_dir()]
    left_out = [places.out, *(folder for folder in inside if (folder / MANIFEST).is_file())]
    if places.content == places.site:
        theme = (places.site / "templates", places.site / "static")
        left_out += (folder for folder in theme if folder in inside and not any(folder.rglob("*.md")))
    return left_out

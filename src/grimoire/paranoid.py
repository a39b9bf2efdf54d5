"""The law of the incremental build, checked on a real site: it equals a clean build, made by one process."""

import tempfile
from pathlib import Path

import msgspec

from grimoire.building import Built, Options, build
from grimoire.write import MANIFEST


def differences(options: Options, built: Built) -> list[str]:
    """Build the site from nothing in a folder of its own, and compare.

    Args:
        options: what the build to be checked was asked for.
        built: what came of it.

    Returns:
        A line for each file and diagnostic that differs; none if the law holds.
    """
    with tempfile.TemporaryDirectory(prefix="grimoire-") as folder:
        out = Path(folder) / "site"
        clean = build(msgspec.structs.replace(options, out=out, remember=False, jobs=1))
        if not clean.is_written:
            return ["the build from nothing failed"]
        ours, theirs = _files(built.out), _files(out)
        found = [f"{path} is missing" for path in sorted(theirs.keys() - ours.keys())]
        found += [f"{path} is left over" for path in sorted(ours.keys() - theirs.keys())]
        found += [
            f"{path} differs" for path in sorted(ours.keys() & theirs.keys()) if ours[path] != theirs[path]
        ]
    if built.diagnostics != clean.diagnostics:
        found.append("the diagnostics differ")
    return found


def _files(out: Path) -> dict[str, bytes]:
    """The files of a site by their path; those the manifest does not name are not ours."""
    named = {line.split(maxsplit=1)[-1] for line in (out / MANIFEST).read_text("utf-8").splitlines()[1:]}
    return {
        path: file.read_bytes()
        for file in sorted(out.rglob("*"))
        if file.is_file() and (path := file.relative_to(out).as_posix()) in named
    }

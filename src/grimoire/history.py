"""When files were written, as the repository around the content folder tells it.

Git is asked once for each commit that is checked out. What is not committed has no date of its own yet, and a clone
without its history (a shallow one, as some hosts make) tells nothing: no date is made up.
"""

import subprocess
from collections.abc import Iterable
from pathlib import Path

import msgspec

from grimoire.diagnostics import Diagnostic
from grimoire.digest import Digest, digest
from grimoire.memo import Store
from grimoire.model import Term
from grimoire.source import SETTINGS_FILE

_STAGE = "history"
_SECONDS = 60
_RECORD = "\x1e"
"""Begins what git tells of one commit."""


class Dates(msgspec.Struct, frozen=True):
    """The days, in ISO 8601, on which a file was first and last committed, by the author's clock."""

    created: str
    modified: str


class _GitError(Exception):
    """Git is not there, or refuses; the message is its own."""


def dated(
    terms: Iterable[Term], content: Path, store: Store, circumstances: Digest
) -> tuple[list[Term], list[Diagnostic]]:
    """Give entries without a date those of their files.

    Args:
        terms: all entries; `Term.path` is below the content folder.
        content: the content folder.
        store: the memo.
        circumstances: what reading git's answer depends on.

    Returns:
        The entries, and a note if the repository tells no dates. A date in the front matter wins; an entry that
        has one of the two gets the other only if they agree in order.
    """
    try:
        dates = _dates(content, store, circumstances)
    except _GitError as error:
        fault = Diagnostic(
            "missing-history", SETTINGS_FILE, None, f"git tells no dates: {error}",
            why="entries without a date in their front matter stay without one",
            help="build in a clone with its whole history, or leave out `dates: git`",
        )  # fmt: skip
        return list(terms), [fault]
    return [_with_dates(term, dates.get(term.path)) for term in terms], []


def _with_dates(term: Term, dates: Dates | None) -> Term:
    if dates is None or (term.created and term.modified):
        return term
    created, modified = term.created or dates.created, term.modified or dates.modified
    if created[:10] > modified[:10]:
        # One of them is the author's, and is believed.
        created, modified = (created, created) if term.created else (modified, modified)
    return msgspec.structs.replace(term, created=created, modified=modified)


def _dates(content: Path, store: Store, circumstances: Digest) -> dict[str, Dates]:
    head, *is_shallow = _git(content, "rev-parse", "HEAD", "--is-shallow-repository").split()
    if is_shallow == ["true"]:
        raise _GitError("this clone holds only the latest part of the history")
    prefix = _git(content, "rev-parse", "--show-prefix").strip()
    key = digest(circumstances, head, prefix)
    if (known := store.get(_STAGE, key)) is not None:
        return msgspec.msgpack.decode(known, type=dict[str, Dates])
    told = _git(
        content, "-c", "core.quotePath=false", "log", "--reverse", "-M", "--no-merges", "--name-status", "-z",
        f"--format={_RECORD}%as", "--", ".",
    )  # fmt: skip
    dates = {path.removeprefix(prefix): dates for path, dates in read_log(told).items()}
    store.put_many(_STAGE, {key: msgspec.msgpack.encode(dates)})
    return dates


def read_log(told: str) -> dict[str, Dates]:
    """Read what ``git log --reverse -M --name-status -z`` told, each commit after a record separator.

    Returns:
        The dates of each file that is there now, by its path in the repository. A file keeps its first date when it
        is renamed; renaming alone changes nothing.
    """
    dates: dict[str, Dates] = {}
    for commit in told.split(_RECORD)[1:]:
        fields = iter(commit.split("\0"))
        day = next(fields).strip()
        for status in fields:
            kind = status.strip()[:1]
            if not kind:
                continue
            path = next(fields)
            if kind == "D":
                dates.pop(path, None)
            elif kind in "RC":
                before = dates.get(path, Dates(day, day))
                if kind == "R":
                    dates.pop(path, None)
                path = next(fields)
                is_same = status.strip()[1:] == "100"
                dates[path] = before if is_same and kind == "R" else Dates(before.created, day)
            else:
                dates[path] = Dates(dates[path].created if path in dates else day, day)
    return dates


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603  the arguments are ours
            ("git", "-C", str(folder), *arguments),  # noqa: S607  the git that the author uses
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise _GitError("it is not installed") from None
    except (OSError, subprocess.SubprocessError) as error:
        raise _GitError(str(error)) from None
    if done.returncode:
        # What git says depends on its version and language.
        raise _GitError("the content folder is in no repository that has a commit")
    return done.stdout.decode("utf-8", "replace")

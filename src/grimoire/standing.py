"""Whether a site stands as the last build left it: then there is nothing to do, and hardly anything is imported.

A build leaves with the memo what it was made from, in one digest, and what it said. The next one reads what
there is to read, and asks first whether it is the same; that the files of the output are as they were left is seen
by their size and time, as ever. No modification time of a source is trusted here either.

Where it is the same but for texts of sources, what the last build left is given to the next one, which may have a
short way (`grimoire.amending`): therefore there is a digest of the `rest`, beside that of all.

Not all that a build reads is known before it: files that entries embed or cite from are remembered by path, with the
digest of what was read. Where the dates of entries come from git, nothing is remembered, for its history is no file.
"""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from grimoire.builds import Built, Folders, Options, Work
from grimoire.diagnostics import Diagnostic
from grimoire.digest import Digest, digest
from grimoire.epoch import epoch
from grimoire.frontend import bundled
from grimoire.memo import OutputRecord, Store
from grimoire.read import Content, read
from grimoire.source import SETTINGS_FILE
from grimoire.theme import default_folder


class Inputs(NamedTuple):
    """What a build reads: the content, what is wrong in reading it, and the digest of all of it."""

    content: Content
    faults: list[Diagnostic]
    entries: tuple[str, ...]
    """The further files that were taken for sources, as the settings say."""
    rest: Digest
    """The digest of all but the texts of the sources."""
    key: Digest


class Left(msgspec.Struct, frozen=True):
    """What a build left: made from `key` and from files it came to `read` besides, and what it said.

    `rest` is as that of `Inputs`, `outline` what `grimoire.amending` needs, encoded; b"" where that is of no use.
    """

    key: Digest
    rest: Digest
    outline: bytes
    entries: tuple[str, ...]
    read: dict[str, Digest]
    diagnostics: tuple[Diagnostic, ...]
    texts: dict[str, str]
    terms: int
    links: int
    missing: int
    pages: int


_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decode = msgspec.msgpack.Decoder(Left).decode


def inputs(options: Options, places: Folders, without: Collection[Path], entries: tuple[str, ...]) -> Inputs:
    """Read all that a build of the site depends on, but for files that only a build comes to read.

    Args:
        options: what is asked of the build.
        places: the parts of the site.
        without: folders below the content that are none.
        entries: the further files that hold entries, as the settings say.

    Raises:
        OSError: the content cannot be listed.
    """
    content, faults = read(places.content, without=without, entries=entries)
    theme = [
        _files(folder / name)
        for folder in (default_folder(), places.site)
        for name in ("templates", "static")
    ]
    asked = options.drafts, options.base_url, places.prefix, _bytes(places.content / SETTINGS_FILE)
    paths = [source.path for source in content.sources]
    rest = digest(epoch(), bundled(), asked, entries, content.files, faults, theme, paths)
    return Inputs(content, faults, entries, rest, digest(rest, [source.text for source in content.sources]))


class Recalled(NamedTuple):
    """What came of the last build, if all is as it was then; what it left, and what was read to find out."""

    built: Built | None = None
    left: Left | None = None
    found: Inputs | None = None


def recall(
    options: Options,
    places: Folders,
    store: Store,
    without: Collection[Path],
    is_kept: Callable[[str, OutputRecord], bool],
) -> Recalled:
    """Say what the last build said, if all is as it was then.

    Args:
        options: what is asked of the build.
        places: the parts of the site.
        store: the memo.
        without: folders below the content that are none.
        is_kept: whether a file of the output still is as it was left.

    Returns:
        What came of that build, with no work of its own; nothing of it if something changed or is not remembered.
        What it left is given where nothing but the texts of sources changed, or the output.
    """
    try:
        left = _decode(store.standing(places.out))
    except msgspec.DecodeError:
        return Recalled()
    found = inputs(options, places, without, left.entries)
    is_like = found.rest == left.rest and all(
        digest(_bytes(places.content / path)) == known for path, known in left.read.items()
    )
    if not is_like:
        return Recalled(found=found)
    if found.key != left.key or not all(
        is_kept(path, record) for path, record in store.outputs(places.out).items()
    ):
        return Recalled(left=left, found=found)
    return Recalled(said_again(left, places.out, Work(kept=left.pages)), left, found)


def said_again(left: Left, out: Path, work: Work) -> Built:
    """Give what a build said, as that of another one which changed nothing of it."""
    return Built(
        diagnostics=left.diagnostics,
        is_written=True,
        out=out,
        terms=left.terms,
        links=left.links,
        missing=left.missing,
        work=work,
        texts=left.texts,
    )


def remember(
    built: Built, found: Inputs, came_to_read: Mapping[str, Digest], outline: bytes, store: Store
) -> None:
    """Leave word of a build for the next one.

    Args:
        built: what came of it.
        found: what it was made from.
        came_to_read: the digests of the further files it read, by path; of None where one could not be read.
        outline: what `grimoire.amending` needs.
        store: the memo.
    """
    related = {place.path for one in built.diagnostics for place in one.related}
    told = {one.path for one in built.diagnostics} | related
    left = Left(
        key=found.key,
        rest=found.rest,
        outline=outline,
        entries=found.entries,
        read=dict(came_to_read),
        diagnostics=built.diagnostics,
        texts={path: text for path, text in built.texts.items() if path in told},
        terms=built.terms,
        links=built.links,
        missing=built.missing,
        pages=built.work.rendered + built.work.kept,
    )
    store.set_standing(built.out, _encode(left))


def forget(out: Path, store: Store) -> None:
    """Leave word that what stands in an output folder is not to be known again."""
    store.set_standing(out, b"")


def remember_amended(left: Left, found: Inputs, outline: bytes, out: Path, store: Store) -> None:
    """Leave word of a build that said what the last one said, of other texts.

    Args:
        left: what that one left.
        found: what this one was made from.
        outline: as for `remember`.
        out: the output folder.
        store: the memo.
    """
    store.set_standing(out, _encode(msgspec.structs.replace(left, key=found.key, outline=outline)))


def _bytes(path: Path) -> bytes | None:
    """The content of a file, None where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _files(folder: Path) -> list[tuple[str, bytes | None]]:
    return [
        (path.relative_to(folder).as_posix(), _bytes(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]

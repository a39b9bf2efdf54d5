"""The manifest of an output folder: which files in it are ours, and what they hold.

It is a text of sorted paths with the digest of each content, and says nothing of time or machine:
the same site has the same manifest.
"""

from pathlib import Path

from grimoire.digest import Digest

MANIFEST = ".grimoire-manifest"
_HEADER = "grimoire manifest: the files of this site, each with the digest of its content"
_CHANGING = "-" * 32

Manifest = dict[str, Digest | None]
"""The paths that are ours, each with the digest of its content; None while it is being changed."""


def encode(manifest: Manifest) -> bytes:
    """Give the text of a manifest."""
    lines = [_HEADER]
    for path in sorted(manifest):
        content = manifest[path]
        lines.append(f"{content.hex() if content else _CHANGING} {path}")
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogateescape")


def read(root: str) -> Manifest | None:
    """Read the manifest of the folder `root`; None if there is none, or it is not ours."""
    try:
        text = Path(root, MANIFEST).read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None
    header, *lines = text.replace("\r\n", "\n").split("\n")
    if header != _HEADER:
        return None
    manifest: Manifest = {}
    for line in lines:
        # A line that is not ours, as a merge may leave it, is passed over.
        mark, _, path = line.partition(" ")
        if len(mark) == len(_CHANGING) and path:
            try:
                manifest[path] = Digest(bytes.fromhex(mark))
            except ValueError:
                manifest[path] = None
    return manifest

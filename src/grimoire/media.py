"""Files of the author's that entries embed: read, measured, and given their published address."""

import io
from collections.abc import Iterable

import msgspec

from grimoire.diagnostics import Diagnostic, unreadable
from grimoire.digest import short
from grimoire.model import Image
from grimoire.names import Url, slugify
from grimoire.source import Reading

FOLDER = "media/"
"""Where embedded files are published, below the root of the site."""

_KINDS = {
    "image": "apng avif bmp gif jpeg jpg png svg webp",
    "audio": "flac m4a mp3 oga ogg opus wav",
    "video": "mkv mov mp4 ogv webm",
}
_KIND_OF = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes.split()}


class Embedded(msgspec.Struct, frozen=True):
    """One embedded file: what pages know of it, and its bytes."""

    image: Image
    content: bytes


class Media:
    """The embedded files of one build, each read once. `faults` says which could not be."""

    def __init__(self, reading: Reading) -> None:
        """Begin; nothing is read yet.

        Args:
            reading: reads files of the content.
        """
        self._reading = reading
        self._known: dict[str, Embedded | None] = {}
        self.faults: list[Diagnostic] = []

    def embed(self, paths: Iterable[str]) -> dict[str, Embedded]:
        """Read embedded files.

        Args:
            paths: their paths below the content folder; "" is passed over.

        Returns:
            Each file by its path, its address made of its name and a hash of its content, its size in
            pixels where it is a picture that tells; but what cannot be read.
        """
        wanted = sorted(set(paths) - {""})
        for path in wanted:
            if path not in self._known:
                self._known[path] = self._read(path)
        return {path: found for path in wanted if (found := self._known[path])}

    def _read(self, path: str) -> Embedded | None:
        try:
            return _embedded(path, self._reading(path))
        except OSError as error:
            self.faults.append(unreadable(path, error))
            return None


def _embedded(path: str, content: bytes) -> Embedded:
    name = path.rpartition("/")[2]
    stem, _, suffix = name.rpartition(".")
    suffix = suffix.lower()
    if not stem or not (suffix.isascii() and suffix.isalnum()):
        # No ending, or none that could stand in an address.
        stem, suffix = name, ""
    kind = _KIND_OF.get(suffix, "other")
    width, height = _size(content) if kind == "image" else (0, 0)
    url = Url(f"{FOLDER}{slugify(stem)}.{short(content)}{'.' if suffix else ''}{suffix}")
    image = Image(url, "" if kind == "image" else name, width, height, kind)  # type: ignore[arg-type]
    return Embedded(image, content)


def _size(content: bytes) -> tuple[int, int]:
    import imagesize  # noqa: PLC0415  only for sites with pictures

    try:
        width, height = imagesize.get(io.BytesIO(content))
    except Exception:  # noqa: BLE001  a damaged picture is still copied, its size unknown
        return 0, 0
    return max(0, round(width)), max(0, round(height))

"""Embedded files: read, measured, and published under names that are safe and follow their content."""

import re
import struct
from pathlib import Path

import pytest

from grimoire.media import Media
from grimoire.source import Reading

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBBI", 13, b"IHDR", 30, 20, 8, 2, 0, 0, 0, 0)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='10px' height='20'/>"


@pytest.mark.parametrize(
    ("name", "content", "published", "media", "size"),
    [
        ("figures/Über Plot.PNG", PNG, r"media/uber-plot\.[0-9a-f]{10}\.png", "image", (30, 20)),
        ("plot.svg", SVG, r"media/plot\.[0-9a-f]{10}\.svg", "image", (10, 20)),
        ("torn.png", PNG[:9], r"media/torn\.[0-9a-f]{10}\.png", "image", (0, 0)),
        ("talk.mp3", b"sound", r"media/talk\.[0-9a-f]{10}\.mp3", "audio", (0, 0)),
        ("talk.webm", b"pictures", r"media/talk\.[0-9a-f]{10}\.webm", "video", (0, 0)),
        ("paper.v2.pdf", b"text", r"media/paper-v2\.[0-9a-f]{10}\.pdf", "other", (0, 0)),
        ("LICENSE", b"text", r"media/license\.[0-9a-f]{10}", "other", (0, 0)),
        ("odd.a b#c", b"text", r"media/odd-a-b-c\.[0-9a-f]{10}", "other", (0, 0)),
        ("!!.png", PNG, r"media/21-21\.[0-9a-f]{10}\.png", "image", (30, 20)),
    ],
)
def test_a_file_is_measured_and_named(
    name: str, content: bytes, published: str, media: str, size: tuple[int, int], tmp_path: Path
) -> None:
    place = tmp_path / name
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(content)
    room = Media(Reading(tmp_path))
    found = room.embed([name, "", name])
    assert room.faults == []
    image = found[name].image
    assert re.fullmatch(published, image.url)
    assert (image.media, (image.width, image.height)) == (media, size)
    assert found[name].content == content


def test_its_name_follows_its_content(tmp_path: Path) -> None:
    def url(content: bytes) -> str:
        (tmp_path / "plot.svg").write_bytes(content)
        return Media(Reading(tmp_path)).embed(["plot.svg"])["plot.svg"].image.url

    assert url(SVG) == url(SVG)
    assert url(SVG) != url(SVG + b"\n")


def test_what_cannot_be_read_is_told_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    media = Media(Reading(tmp_path))
    assert media.embed(["lost.png", "folder.png"]) == {}
    assert [(fault.code, fault.path) for fault in media.faults] == [
        ("unreadable-file", "folder.png"),
        ("unreadable-file", "lost.png"),
    ]


def test_a_file_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "plot.svg").write_bytes(SVG)
    reading = Reading(tmp_path)
    media = Media(reading)
    first = media.embed(["plot.svg", "lost.png"])
    (tmp_path / "plot.svg").unlink()
    (tmp_path / "lost.png").write_bytes(PNG)
    assert media.embed(["lost.png", "plot.svg"]) == first
    assert [fault.path for fault in media.faults] == ["lost.png"]
    assert reading.digests.keys() == {"plot.svg", "lost.png"}

"""From the folder on the disk to sources: which files count, in which order, and which are refused."""

import os
from pathlib import Path

import pytest

from grimoire.diagnostics import Diagnostic
from grimoire.read import Content, read
from grimoire.source import Span


def folder(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def codes(faults: list[Diagnostic]) -> list[tuple[str, str]]:
    return [(one.code, one.path) for one in faults]


def paths(content: Content) -> list[str]:
    return [one.path for one in content.sources]


def test_sources_and_other_files_in_the_order_of_their_paths(tmp_path: Path) -> None:
    root = folder(
        tmp_path,
        {"b.md": "B", "a/z.md": "Z", "a.md": "A", "a/b/c.MD": "C", "d.tex": "D", "e.markdown": "E", "pic.png": b"\x89", "a/f.csv": ""},
    )  # fmt: skip
    content, faults = read(root)
    assert paths(content) == ["a.md", "a/b/c.MD", "a/z.md", "b.md", "d.tex", "e.markdown"]
    assert content.files == ("a/f.csv", "pic.png")
    assert content.sources[0].text == "A"
    assert faults == []


def test_a_bib_file_is_a_source_only_if_it_is_named(tmp_path: Path) -> None:
    root = folder(tmp_path, {"a.md": "A", "works.bib": "", "deep/terms.bib": "@index{x}"})
    content, faults = read(root, entries=("deep/terms.bib",))
    assert (paths(content), content.files, faults) == (["a.md", "deep/terms.bib"], ("works.bib",), [])


def test_text_comes_in_its_normal_form(tmp_path: Path) -> None:
    content, faults = read(folder(tmp_path, {"a.md": b"\xef\xbb\xbf# A\r\nb\r"}))
    assert content.sources[0].text == "# A\nb\n"
    assert faults == []


def test_hidden_files_and_those_of_tools_are_left_out(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = dict.fromkeys(
        (".a.md", ".obsidian/b.md", "node_modules/c.md", "__pycache__/d.md", "e.md"), "x"
    )
    content, _ = read(folder(tmp_path, files))
    assert paths(content) == ["e.md"]


def test_folders_that_are_no_content_are_left_out(tmp_path: Path) -> None:
    root = folder(tmp_path, {"a.md": "", "public/b.md": "", "deep/public/c.md": ""})
    content, _ = read(root, without=(root / "public",))
    assert paths(content) == ["a.md", "deep/public/c.md"]


def test_bytes_that_are_no_text_are_shown_as_signs(tmp_path: Path) -> None:
    content, (fault,) = read(folder(tmp_path, {"a.md": b"caf\xe9 x"}))
    assert content.sources[0].text == "caf\ufffd x"
    assert (fault.code, fault.path, fault.span) == ("unreadable-text", "a.md", Span(3, 4))


def test_a_link_to_a_file_inside_is_a_file(tmp_path: Path) -> None:
    root = folder(tmp_path, {"a.md": "A"})
    (root / "b.md").symlink_to("a.md")
    content, faults = read(root)
    assert paths(content) == ["a.md", "b.md"]
    assert faults == []


@pytest.mark.parametrize("name", ["b.md", "b.png", "b"])
def test_a_link_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    folder(tmp_path, {"secret": "x"})
    root = folder(tmp_path / "content", {"a.md": ""})
    (root / name).symlink_to("../secret")
    content, faults = read(root)
    assert codes(faults) == [("outside-content", name)]
    assert (paths(content), content.files) == (["a.md"], ())


def test_links_to_folders_give_nothing_twice_and_end(tmp_path: Path) -> None:
    folder(tmp_path, {"outside/x.md": ""})
    root = folder(tmp_path / "content", {"a/b.md": ""})
    (root / "again").symlink_to("a")
    (root / "a/round").symlink_to("..")
    (root / "out").symlink_to("../outside")
    content, faults = read(root)
    assert paths(content) == ["a/b.md"]
    assert codes(faults) == [("outside-content", "out")]


@pytest.mark.parametrize("name", ["b.md", "b.png"])
def test_a_link_to_nothing_is_reported(tmp_path: Path, name: str) -> None:
    root = folder(tmp_path, {"a.md": ""})
    (root / name).symlink_to("nowhere")
    content, faults = read(root)
    assert codes(faults) == [("unreadable-file", name)]
    assert (paths(content), content.files) == (["a.md"], ())


@pytest.mark.skipif(os.name != "posix", reason="such names are POSIX's")
def test_a_name_that_is_no_text_is_reported(tmp_path: Path) -> None:
    root = folder(tmp_path, {"a.md": ""})
    for name in (b"caf\xe9.md", b"fold\xe9r"):
        place = os.fsencode(root) + b"/" + name
        if name.endswith(b".md"):
            Path(os.fsdecode(place)).write_text("x")
        else:
            Path(os.fsdecode(place)).mkdir()
    content, faults = read(root)
    assert paths(content) == ["a.md"]
    assert sorted(codes(faults)) == [
        ("unreadable-file", "caf\\udce9.md"),
        ("unreadable-file", "fold\\udce9r"),
    ]
    assert all(one.path.encode() for one in faults)


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has such files")
def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    root = folder(tmp_path, {"a.md": ""})
    os.mkfifo(root / "pipe.md")
    content, faults = read(root)
    assert paths(content) == ["a.md"]
    assert faults == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    content, faults = read(tmp_path / "nowhere")
    assert content.sources == ()
    assert [one.code for one in faults] == ["unreadable-file"]

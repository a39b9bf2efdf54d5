"""Same input, same bytes: whatever the place, the hash seed, the order of files, the locale or the time.

Each site is built by a process of its own, as an author would.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

CONTENT = {
    "ring.md": "---\naliases: [anneau, Zahlring]\ntags: [algebra, Ålgebra]\n---\nA ring has a [[unit]] and $x^2$.\n",
    "terms/unit.md": "---\ntags: [measure, algebra]\nbroader: ring\n---\nA unit, says [[Ring]], is $1$.\n",
    "other/unit.md": "---\ntags: [measure]\n---\nAnother unit, beside [[nobody]] and ![[figure.svg]].\n",
    "Éclair.md": "An entry with an accent, and $\\frac{1$ that is refused.\n",
    "éclat.md": "Near it in the alphabet; [Zahlring] is known.\n",
    "zebra.md": "```python\nstripes = {'black', 'white'}\n```\n\nA [yt](https://videos.example/v?t=3).\n",
    "glossary.md": "# Many\n\n## Ideal\n\nOf a [ring].\n\n## Module\n\nOver a [ring], with $\\mathfrak{m}$.\n",
    "notes/reading.md": "A note on [[ideal]] and [[unit]].\n",
    "index.md": "# Words\n\nWelcome to $\\mathbb{Z}$.\n",
    "figure.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>\n",
    "site.yaml": "title: Words\nbase_url: https://words.example/\ntopics:\n  measure: What is measured.\n",
}


def write(site: Path, content: Mapping[str, str]) -> Path:
    for path, text in content.items():
        place = site / "content" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return site


def build(
    site: Path, *options: str, cwd: Path | None = None, **environment: str
) -> tuple[dict[str, bytes], str]:
    """Build in a process of its own; give every file of the site and what was said."""
    command = [sys.executable, "-m", "grimoire", "build", str(site), "--quiet", *options]
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr  # one formula is refused
    out = (cwd or Path.cwd()) / site / "public"
    return {
        path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()
    }, done.stderr


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], str]:
    return build(write(tmp_path_factory.mktemp("expected") / "site", CONTENT), PYTHONHASHSEED="0")


def test_the_site_is_worth_the_test(expected: tuple[dict[str, bytes], str]) -> None:
    files, said = expected
    assert {
        "index.html",
        "terms/unit-2/index.html",
        "wanted/index.html",
        "sitemap.xml",
        "search/index.json",
    } <= files.keys()
    assert "error[invalid-math]" in said
    assert "warning[ambiguous-link]" in said


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_another_hash_seed(seed: str, expected: tuple[dict[str, bytes], str], tmp_path: Path) -> None:
    assert build(write(tmp_path / "site", CONTENT), PYTHONHASHSEED=seed) == expected


def test_files_written_in_another_order(expected: tuple[dict[str, bytes], str], tmp_path: Path) -> None:
    backwards = dict(reversed(CONTENT.items()))
    assert build(write(tmp_path / "site", backwards)) == expected


def test_another_place_and_another_working_folder(
    expected: tuple[dict[str, bytes], str], tmp_path: Path
) -> None:
    far = tmp_path / "a place" / "with ünusual names" / "s"
    write(far, CONTENT)
    assert build(far) == expected
    shutil.rmtree(far / "public")
    assert build(Path(), cwd=far) == expected
    assert build(Path("s"), cwd=far.parent) == expected, "over a memo, and an output that is there"


def test_no_file_tells_where_it_was_made(expected: tuple[dict[str, bytes], str], tmp_path: Path) -> None:
    name = "an-unmistakable-name"
    files, said = build(write(tmp_path / name, CONTENT))
    assert [path for path, content in files.items() if name.encode() in content] == []
    assert name not in said
    assert files == expected[0]


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "tr_TR.UTF-8", "de_DE.UTF-8"])
def test_another_locale(locale: str, expected: tuple[dict[str, bytes], str], tmp_path: Path) -> None:
    built = build(write(tmp_path / "site", CONTENT), LC_ALL=locale, LANG=locale, PYTHONIOENCODING="utf-8")
    assert built == expected


def test_another_time(expected: tuple[dict[str, bytes], str], tmp_path: Path) -> None:
    site = write(tmp_path / "site", CONTENT)
    for path in (site / "content").rglob("*"):
        os.utime(path, (0, 0))
    assert build(site, SOURCE_DATE_EPOCH="1", TZ="Pacific/Kiritimati") == expected


def test_another_mask_of_permissions(expected: tuple[dict[str, bytes], str], tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        assert build(write(tmp_path / "site", CONTENT)) == expected
    finally:
        os.umask(before)


def test_drafts_leave_no_trace(expected: tuple[dict[str, bytes], str], tmp_path: Path) -> None:
    site = write(tmp_path / "site", CONTENT | {"secret.md": "---\ndraft: true\n---\nOf [[ring]].\n"})
    with_draft, _ = build(site, "--drafts")
    assert "terms/secret/index.html" in with_draft
    assert build(site) == expected

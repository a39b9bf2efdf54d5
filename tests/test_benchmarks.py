"""The benchmark's own parts: the corpus is the same everywhere, and what is reported is what was measured."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from benchmarks import compare, corpus
from benchmarks.peers import PEERS, Prepared, faults

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import SiteFolder

OWN = PEERS[0]


@pytest.mark.parametrize("kind", corpus.KINDS)
def test_a_corpus_is_built_without_a_complaint(site: SiteFolder, kind: str) -> None:
    written = corpus.write(site.content, 40, kind=kind)
    built = site.build()
    assert built.diagnostics == ()
    assert (built.terms, built.links) == (40, sum(map(len, written.links.values())))
    if kind != "one-file":
        prepared = Prepared(site.folder, site.content, site.folder / "public", (), written)
        assert faults(OWN, prepared) == []


def test_a_corpus_is_the_same_each_time(tmp_path: Path) -> None:
    def written(name: str) -> dict[str, str]:
        corpus.write(tmp_path / name, 30)
        return {path.name: path.read_text("utf-8") for path in sorted((tmp_path / name).iterdir())}

    assert written("a") == written("b")
    assert len(written("a")) == 30


@pytest.mark.parametrize("flavour", corpus.FLAVOURS)
def test_each_flavour_has_as_much_to_do(tmp_path: Path, flavour: str) -> None:
    plain = corpus.write(tmp_path / "plain", 30)
    assert corpus.write(tmp_path / flavour, 30, flavour) == plain


def test_titles_all_differ() -> None:
    assert len(set(corpus.titles(20_000))) == 20_000


def test_an_output_that_lacks_work_is_found_out(site: SiteFolder) -> None:
    written = corpus.write(site.content, 12)
    site.build()
    prepared = Prepared(site.folder, site.content, site.folder / "public", (), written)
    page = site.folder / "public/terms/abelian-basis/index.html"
    page.write_text("<p>Nothing.</p>")
    assert faults(OWN, prepared) == [
        "formulas are missing on 1 pages, as `abelian-basis`",
        "links are missing on 1 pages, as `abelian-basis`",
    ]
    page.unlink()
    assert faults(OWN, prepared) == ["no page for 1 terms, as `abelian-basis`"]


def test_a_command_is_measured_and_its_failure_told(tmp_path: Path) -> None:
    done = compare.run((sys.executable, "-c", "print(sum(range(10 ** 6)))"), tmp_path)
    assert 0 < done.cpu < 60
    assert done.memory > 1
    with pytest.raises(RuntimeError, match="no such thing"):
        compare.run((sys.executable, "-c", "raise SystemExit('no such thing')"), tmp_path)


def test_the_memory_of_a_command_is_its_own(tmp_path: Path) -> None:
    held = b"held by who asks" * (16 << 20)
    assert compare.run((sys.executable, "-c", ""), tmp_path).memory < 100 < len(held) >> 20


def test_the_table_has_the_medians() -> None:
    def runs(*seconds: float) -> list[compare.Run]:
        return [compare.Run(one, one * 2, 100) for one in seconds]

    figures = {("grimoire", change): runs(3, 1, 2) for change in compare.CHANGES}
    figures |= {("Hugo", change): runs(8, 9, 10) for change in compare.OF_ALL}
    peers = tuple(peer for peer in PEERS if peer.name in {"grimoire", "Hugo"})
    lines = compare.table(figures, peers)
    assert lines[2:] == [
        "| grimoire | typeset | 2.00 | 1.00 | 4.00 | 100 | 2.00 | 2.00 |",
        "| Hugo | typeset | 9.00 | 4.50 | 18.00 | 100 | 9.00 | 9.00 |",
    ]
    drawn = compare.picture([("grimoire", 2.0, True), ("Hugo", 9.0, True)], 757)
    assert drawn.count("<rect") == 2
    assert 'width="400.0"' in drawn

"""The embedded V8: what is run in an isolate, what becomes of what goes wild, and when it is loaded."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from grimoire import v8
from grimoire.v8 import EngineError, Exhausted, Isolate, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCRIPTS = ("let count = 0", "function more(by) { return count += by } // no semicolon, no line end")


@pytest.fixture
def run() -> Iterator[Callable[..., str]]:
    """An isolate in a thread of its own, as it is asked."""
    prepare()
    isolate = Isolate(lambda: SCRIPTS)
    with ThreadPoolExecutor(1) as thread:
        assert not isolate.is_open
        yield lambda code, seconds=20.0: thread.submit(isolate.eval, code, seconds).result()
        thread.submit(isolate.close).result()
    assert not isolate.is_open


def test_an_isolate_keeps_what_was_run_in_it(run: Callable[..., str]) -> None:
    assert [run("more(1)"), run("more(2)"), run("'é' + count")] == ["1", "3", "é3"]


@pytest.mark.parametrize(
    ("code", "lack"),
    [("for (;;);", "time"), ("const all = []; for (;;) all.push(new Array(10000).fill(count))", "memory")],
)
def test_what_goes_wild_is_ended_and_the_next_finds_all_as_it_began(
    run: Callable[..., str], code: str, lack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(v8, "BYTES", 32 << 20)
    assert run("more(1)") == "1"
    with pytest.raises(Exhausted) as caught:
        run(code, 20.0 if lack == "memory" else 0.2)
    assert caught.value.lack == lack
    assert run("more(1)") == "1"


@pytest.mark.parametrize("code", ["throw Error('out of ink' + 'k'.repeat(9999))", "not ( a script"])
def test_an_error_is_told_in_short(run: Callable[..., str], code: str) -> None:
    with pytest.raises(EngineError, match=r"JS\w+Exception: |JS\w+Error: ") as caught:
        run(code)
    assert not isinstance(caught.value, Exhausted)
    assert len(str(caught.value)) < 300
    assert run("more(1)") == "1"


def test_every_engine_has_a_limit_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The map's layout too: that is what all of them have one room for."""
    from grimoire.chart import ChartError, layout
    from grimoire.names import Url
    from grimoire.pages import Chart, Dot

    monkeypatch.setattr(v8, "BYTES", 1 << 20)
    with pytest.raises(ChartError, match="JSOOMException"):
        layout(Chart(tuple(Dot(Url(f"terms/t{n}/"), f"t{n}", "", 0) for n in range(20_000)), ()))


def test_a_build_imports_nothing_that_only_some_builds_need() -> None:
    """Nor threads: what starts them comes with the first engine."""
    late = {
        "py_mini_racer",
        "asyncio",
        "concurrent.futures",
        "logging",
        "importlib.metadata",
        "markdown_it",
        "jinja2",
    }
    code = f"import sys, grimoire.cli, grimoire.pipeline; print(sorted({late} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

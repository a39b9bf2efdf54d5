"""The map of all terms: where each stands, what the page's script reads, and a picture without it.

`layout` gives the places; `data` and `drawing` make the two files of them. A layout follows from the graph alone, so
that a build from nothing draws the same map as one that remembers the last (see ``layout.js``, which V8 runs: it is
fifty times faster there).
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import msgspec

from grimoire.chart.drawing import drawing
from grimoire.pages import Chart
from grimoire.v8 import EngineError, Isolate, prepare

__all__ = ["ChartError", "Place", "data", "drawing", "layout"]

Place = tuple[int, int]
"""Across and down, in hundredths of the distance at which terms begin to be neighbours, around (0, 0)."""

_SCRIPT = Path(__file__).with_name("layout.js")
_SECONDS = 120
"""A hundred thousand terms take some ten."""


class ChartError(Exception):
    """The engine cannot be started, or failed."""


def layout(chart: Chart) -> list[Place]:
    """Place the terms.

    Returns:
        One place for each dot.

    Raises:
        ChartError: if V8 cannot be started, or fails.
    """
    topics = {topic: number for number, topic in enumerate(sorted({dot.topic for dot in chart.dots} - {""}))}
    asked = {
        "places": [part for dot in chart.dots for part in _on_disc(dot.url)],
        "groups": [topics.get(dot.topic, -1) for dot in chart.dots],
        "edges": [node for edge in chart.edges for node in edge],
    }
    call = f"JSON.stringify(layout({json.dumps(asked)}))"
    try:
        prepare()
        # V8's binding has imported it by now.
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

        # In a thread of its own: the isolate must not be made where an event loop runs, as a caller's may.
        with ThreadPoolExecutor(1) as thread:
            flat = json.loads(thread.submit(_run, call).result())
    except EngineError as error:
        message = f"the engine that lays out the map failed: {error}"
        raise ChartError(message) from None
    return list(zip(flat[::2], flat[1::2], strict=True))


def data(chart: Chart, places: Sequence[Place]) -> bytes:
    """Give what the script of the map reads, as JSON: lists of titles, addresses and hues, and flat pairs of numbers.

    Addresses are below the root of the site.
    """
    return msgspec.json.encode(
        {
            "titles": [dot.title for dot in chart.dots],
            "urls": [dot.url for dot in chart.dots],
            "hues": [dot.hue for dot in chart.dots],
            "at": [part for place in places for part in place],
            "links": [node for edge in chart.edges for node in edge],
        }
    )


def _on_disc(name: str) -> Place | tuple[float, float]:
    """A point of the unit disc, by a hash of the name."""
    hashed = hashlib.blake2b(name.encode(), digest_size=64).digest()
    for start in range(0, 64, 8):
        x = int.from_bytes(hashed[start : start + 4], "big") / 2**31 - 1
        y = int.from_bytes(hashed[start + 4 : start + 8], "big") / 2**31 - 1
        if x * x + y * y <= 1:
            return x, y
    return 0.0, 0.0


def _run(call: str) -> str:
    isolate = Isolate(lambda: [_SCRIPT.read_text("utf-8")])
    try:
        return isolate.eval(call, _SECONDS)
    finally:
        isolate.close()

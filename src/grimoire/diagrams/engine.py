"""mmdr, the engine that lays diagrams out: a source and the colours of a theme give its SVG, or a refusal.

The engine is imported at the first diagram. It limits its own work, by counts and not by time, so that no
source can keep it busy; why it was chosen is told in `docs/decisions/`.
"""

import json
from collections.abc import Mapping
from importlib import import_module
from typing import Any

_LONGEST_MESSAGE = 200

ABSENT = "the program that draws diagrams, `mmdr`, is not installed"


class Refused(Exception):
    """The engine does not draw a source; the text says why, in its words."""


def svg_of(source: str, settings: Mapping[str, Any]) -> str:
    """Give the SVG of a diagram as the engine draws it.

    Args:
        source: mermaid's text.
        settings: mermaid's settings; they win over what the source says of the same.

    Raises:
        Refused: the source is no diagram, or too large, or there is no engine.
    """
    try:
        render = import_module("mmdr").render
    except ImportError:
        raise Refused(ABSENT) from None
    # The settings stand behind the source: no line moves, and a front matter stays at the front.
    asked = f"{source.rstrip()}\n%%{{init: {json.dumps(settings)}}}%%\n"
    try:
        return str(render(asked).svg())
    except ValueError as error:
        raise Refused(_message(str(error))) from None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  a panic of the engine is no Exception
        raise Refused(f"the engine failed: {_message(str(error))}") from None


def line_of(source: str, message: str, settings: Mapping[str, Any]) -> int:
    """Find the line at which a refusal arises: with it the source is refused in these words, without it not yet.

    Returns:
        The line's number from 1, or 0 where it cannot be told.
    """
    if message == ABSENT:
        return 0
    lines = source.rstrip().split("\n")
    low, high = 1, len(lines)
    while low < high:
        middle = (low + high) // 2
        if _is_refused("\n".join(lines[:middle]), message, settings):
            high = middle
        else:
            low = middle + 1
    return low if lines[low - 1].strip() else 0


def _is_refused(source: str, message: str, settings: Mapping[str, Any]) -> bool:
    if not source.strip():
        return False
    try:
        svg_of(source, settings)
    except Refused as refused:
        return str(refused) == message
    return False


def _message(text: str) -> str:
    """Shorten the engine's words to what a line can hold."""
    text = " ".join(text.removeprefix("Diagram parse error ").split()).rstrip(".")
    if text.startswith("("):  # the type of the diagram
        text = text.partition("): ")[2] or text
    found, comma, expected = text.partition("; expected ")
    if comma:
        choices = expected.split(", ")
        text = f"{found}; expected {', '.join(choices[:4])}{' …' if len(choices) > 4 else ''}"
    return text if len(text) <= _LONGEST_MESSAGE else text[: _LONGEST_MESSAGE - 1] + "…"

"""The command as a whole: a port, a server in a thread, and builds until somebody ends it."""

import signal
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from types import FrameType

import msgspec

from grimoire.builds import Built, Options
from grimoire.serve.building import OUTPUT, Builder, Terminal
from grimoire.serve.hosting import Host
from grimoire.serve.news import News
from grimoire.serve.ports import listen
from grimoire.serve.report import Report
from grimoire.serve.watching import Watch

AGAIN = 3.0
"""Seconds after which a build is tried again that failed for a reason that may pass."""


class Wanted(msgspec.Struct, frozen=True):
    """What is asked of the server.

    `out` None means ``.grimoire/serve/`` in the site's folder; `port` 0 is any that is free. `polls` looks at all
    files again and again, `opens` opens a browser, and `editor` is the template of links into an editor.
    """

    site: Path
    out: Path | None = None
    drafts: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    polls: bool = False
    opens: bool = False
    editor: str = ""


def serve(wanted: Wanted, build: Callable[[Options], Built], terminal: Terminal) -> None:
    """Serve a site, and build it whenever it changes, until Ctrl-C or a signal to end.

    Args:
        wanted: what is asked for.
        build: the build.
        terminal: is told what happens.

    Raises:
        PortInUse: if the port is not free.
        OSError: if it cannot be listened to for another reason.
    """
    out = wanted.out or wanted.site / OUTPUT
    options = Options(wanted.site, out, drafts=wanted.drafts)
    listening, address = listen(wanted.host, wanted.port)
    news = News(Report(token_hex(4)))
    host = Host(out, news, wanted.host, listening)
    with suppress(KeyboardInterrupt), _ended_by_signals(), host:
        terminal.tell(f"serving {wanted.site} at {address} (Ctrl-C ends it)")
        builder = Builder(options, address, wanted.editor, build, news, terminal)
        is_first = True
        polls = wanted.polls
        while True:
            with Watch(builder.places, polls=polls, say=terminal.say) as watch:
                polls = watch.polls
                was, tries = builder.places, builder.build()
                if is_first and wanted.opens:
                    _open(address, terminal)
                is_first = False
                while builder.places == was:
                    happened = watch.wait(AGAIN if tries else 0)
                    if happened == "moved":
                        break
                    if happened == "changed" or tries:
                        tries = builder.build()


def _open(address: str, terminal: Terminal) -> None:
    try:
        is_open = webbrowser.open(address)
    except webbrowser.Error:
        is_open = False
    if not is_open:
        terminal.say(f"grimoire: there is no browser to open; the site is at {address}")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let a request to end, as a supervisor sends it, be what Ctrl-C is."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    former = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)

"""One build after the other: what came of each, and what is told of it.

Whatever goes wrong, the last good site stays where it is: a build appears whole or not at all. Faults of the world,
such as a full disk, are told like faults of the content, and tried again by themselves.
"""

import traceback
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import msgspec

from grimoire.builds import Built, Options, folders
from grimoire.config import read_settings
from grimoire.serve.news import News
from grimoire.serve.report import MOST_CHANGED, MOST_SHOWN, Fault, Report, faults
from grimoire.source import SETTINGS_FILE

OUTPUT = Path(".grimoire", "serve")
"""Where the site is built, below its own folder: not where the one is that is deployed."""


class Terminal(msgspec.Struct, frozen=True):
    """How to speak to who started the server.

    `built` shows a build as the command `build` does. `say` is for what is wrong beside it, `tell` for what is not.
    """

    built: Callable[[Built], None]
    say: Callable[[str], None]
    tell: Callable[[str], None]


class Builder:
    """Builds a site again and again.

    Attributes:
        places: the parts of the site, as they were at the last build.
    """

    def __init__(
        self,
        options: Options,
        address: str,
        editor: str,
        build: Callable[[Options], Built],
        news: News,
        terminal: Terminal,
    ) -> None:
        """Prepare; nothing is built yet.

        Args:
            options: what to build, and where; the address the site will have is not among them.
            address: where the site is served.
            editor: the template of links into the editor.
            build: the build.
            news: are told of each build.
            terminal: is shown each build.
        """
        self.places = folders(options)
        self._options, self._address, self._editor = options, address, editor
        self._build, self._news, self._terminal = build, news, terminal
        self._shown: object = None

    def build(self) -> bool:
        """Build once, and tell of it.

        Returns:
            Whether it failed for a reason that may pass without a change of the content.
        """
        try:
            self._settle()
            built = self._build(self._addressed())
        except _ContentGone as error:
            self._fail(str(error), help="the site is built again when the folder is back")
            return False
        except OSError as error:
            reason = f"{error.filename or 'the output'}: {error.strerror or error}"
            self._fail(reason, why="nothing was written", help="it is tried again every few seconds")
            return True
        except Exception as error:  # noqa: BLE001  a server outlives a fault of the program
            self._terminal.say(traceback.format_exc())
            self._fail(
                f"the build broke off: {type(error).__name__}: {error}",
                why="this is a fault of grimoire", help="change something else, and tell its authors of it",
            )  # fmt: skip
            return False
        self._show(built)
        return False

    def _settle(self) -> None:
        """Look where the parts of the site are.

        Raises:
            _ContentGone: if `content/` was there and is not. Without it the site's whole folder would be taken
                for the content.
        """
        places = folders(self._options)
        if self.places.content != self.places.site == places.content:
            raise _ContentGone(f"there is no folder {self.places.content}")
        self.places = places

    def _addressed(self) -> Options:
        """The options with the address at which the site is served, if it has one of its own elsewhere.

        What holds whole addresses, as the page for what is not found, would lead there otherwise.
        """
        settings, _ = read_settings(self.places.content, SETTINGS_FILE)
        return msgspec.structs.replace(self._options, base_url=self._address if settings.base_url else None)

    def _show(self, built: Built) -> None:
        last = self._news.report
        rows = faults(islice(built.diagnostics, MOST_SHOWN), built.texts.get, self.places.site, self._editor)
        changed = built.changed if len(built.changed) <= MOST_CHANGED else None
        self._news.tell(
            Report(
                last.session,
                last.build + 1,
                is_written=built.is_written,
                changed=changed,
                counts=dict(Counter(one.severity for one in built.diagnostics)),
                faults=rows,
            )
        )
        shown = built.is_written, built.diagnostics
        if changed != () or shown != self._shown:
            self._terminal.built(built)
        self._shown = shown

    def _fail(self, message: str, *, why: str = "", help: str = "") -> None:  # noqa: A002  as diagnostics call it
        last = self._news.report
        fault = Fault("error", message, why=why, help=help)
        self._news.tell(Report(last.session, last.build + 1, counts={"error": 1}, faults=(fault,)))
        if message != self._shown:
            self._terminal.say(f"grimoire: {message}")
        self._shown = message


class _ContentGone(Exception):
    """The folder of the content is gone."""

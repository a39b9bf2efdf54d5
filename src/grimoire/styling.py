"""The style that citations are set in: the one the site's settings choose, or the default where that is no use.

Whether the engine can work with a style of an author's own is remembered by its text.
"""

from collections.abc import Sequence
from functools import cached_property

from grimoire.citations import (
    Citer,
    StyleRefused,
    UnknownStyle,
    UnsoundStyle,
    epoch,
    is_legible,
    sound_style,
    style_text,
)
from grimoire.config import Settings
from grimoire.diagnostics import Diagnostic
from grimoire.digest import Digest, digest
from grimoire.memo import Store
from grimoire.source import SETTINGS_FILE, Reading, Written, decode

DEFAULT = "apa"
_STAGE = "citation-style"


class Styling:
    """The style of one build, looked up when it is asked for."""

    def __init__(self, store: Store, reading: Reading, files: Sequence[str], settings: Settings) -> None:
        """Begin; nothing is read yet.

        Args:
            store: the memo.
            reading: reads files of the content.
            files: the paths of its files that are no entries.
            settings: the style and the language.
        """
        self._store, self._reading, self._files = store, reading, files
        self._wanted, self._language = settings.citation_style, settings.language

    @property
    def text(self) -> str:
        """The style's CSL."""
        return self._looked_up[0]

    @property
    def faults(self) -> list[Diagnostic]:
        """What is wrong with the style that is set, if one is."""
        return self._looked_up[1] if self._wanted else []

    @cached_property
    def digest(self) -> Digest:
        """The digest of the style and of what sets it."""
        return digest(epoch(), self.text)

    @cached_property
    def is_legible(self) -> bool:
        """Whether what it puts into the text says something without a list to lead to."""
        return is_legible(self.text)

    @cached_property
    def _looked_up(self) -> tuple[str, list[Diagnostic]]:
        if self._wanted is None:
            return style_text(DEFAULT), []
        try:
            return self._chosen(self._wanted), []
        except (UnknownStyle, UnsoundStyle, StyleRefused, OSError) as error:
            names = " or ".join(f"`{one}`" for one in error.near) if isinstance(error, UnknownStyle) else ""
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            fault = Diagnostic(
                "invalid-setting", SETTINGS_FILE, self._wanted.span,
                f"`citation_style`: {reason[:1].lower()}{reason[1:]}", why=f"the default, `{DEFAULT}`, is used",
                help=f"did you mean {names}?" if names
                else "name a shipped style, or a file below the content folder that is a whole style of CSL",
            )  # fmt: skip
            return style_text(DEFAULT), [fault]

    def _chosen(self, wanted: Written) -> str:
        """Give the CSL of the style that is set.

        Raises:
            UnknownStyle: if it is neither shipped nor a file.
            UnsoundStyle: if the file is no style.
            StyleRefused: if the engine cannot work with it.
            OSError: if the file cannot be read.
        """
        path = next((path for path in self._files if path.lower() == wanted.text.lower()), None)
        if path is None:
            return style_text(wanted.text)
        text = sound_style(decode(self._reading(path))[0])
        key = digest(epoch(), text)
        known = self._store.get(_STAGE, key)
        if known is None:
            complaint = ""
            try:
                with Citer(text, self._language) as citer:
                    citer.start()
            except StyleRefused as error:
                complaint = str(error)
            known = complaint.encode()
            self._store.put_many(_STAGE, {key: known})
        if known:
            raise StyleRefused(known.decode())
        return text

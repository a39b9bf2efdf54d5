"""What of the site's settings changes the meaning of a text."""

import msgspec

from grimoire.parse.lines import HtmlPolicy


class Dialect(msgspec.Struct, frozen=True):
    """The settings of the site that change what a file's text means."""

    html: HtmlPolicy = "safe"
    smart: bool = False
    keeps_prose: bool = False
    """Whether entries keep the lines in which names may be spotted."""
    languages: tuple[str, ...] = ()
    """The languages of the site, where it has several: a file may say its own at the end of its name."""

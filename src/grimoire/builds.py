"""What is asked of a build, and what came of it: the records between the program and those who call it."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from grimoire.diagnostics import Diagnostic

Step = Literal["parse", "typeset", "cite", "make"]
"""What of a build takes time, in this order."""

Watch = Callable[[Step, int, int], None]
"""Is told now and then how far a build has come: the step, how much of it is done, and of how much (0: not known)."""


def unwatched(_step: Step, _done: int, _of: int) -> None:
    """Watch nothing."""


class Options(msgspec.Struct, frozen=True):
    """What is asked of a build. `out` None means `public/` in the site's folder.

    `jobs` is how many processes may work on it; with one none is forked. It changes nothing but the time.
    """

    site: Path
    out: Path | None = None
    base_url: str | None = None
    drafts: bool = False
    clean: bool = False
    remember: bool = True
    jobs: int = 1


class Work(msgspec.Struct, frozen=True):
    """How much a build had to do: counts, for the last line and the tests.

    `searched` counts the texts in which names were looked for, `composed` the pages that were made as values,
    `laid_out` the maps that were. Cards are pages too, but counted apart.
    `staged` counts all files that were made anew.
    """

    parsed: int = 0
    searched: int = 0
    typeset: int = 0
    drawn: int = 0
    cited: int = 0
    composed: int = 0
    laid_out: int = 0
    rendered: int = 0
    kept: int = 0
    cards: int = 0
    staged: int = 0


class Built(msgspec.Struct, frozen=True):
    """What came of a build. Nothing was written unless `is_written`.

    `reasons` says of each rendered page why. `changed` has the paths of the files that now differ or are gone. `texts` has the text of each file that a diagnostic
    points into, by the path it is called.
    """

    diagnostics: tuple[Diagnostic, ...]
    is_written: bool
    out: Path
    terms: int = 0
    links: int = 0
    missing: int = 0
    work: Work = Work()
    seconds: float = 0.0
    reasons: tuple[tuple[str, str], ...] = ()
    changed: tuple[str, ...] = ()
    texts: dict[str, str] = {}


class Checked(msgspec.Struct, frozen=True):
    """What is said of a site that is not built: all that a build says, then what may be made better."""

    diagnostics: tuple[Diagnostic, ...]
    terms: int = 0
    links: int = 0
    missing: int = 0
    texts: dict[str, str] = {}


class Folders(NamedTuple):
    """Where a site's parts are."""

    site: Path
    content: Path
    out: Path
    memo: Path
    prefix: str
    """What stands in front of a source's path where diagnostics call it."""

    @property
    def templates(self) -> Path:
        """Where compiled templates are kept."""
        return self.memo / "templates"


def folders(options: Options) -> Folders:
    """Find the parts of a site: `content/` in it, or the folder itself."""
    site = options.site
    has_content = (site / "content").is_dir()
    content = site / "content" if has_content else site
    out = options.out if options.out is not None else site / "public"
    return Folders(site, content, out, site / ".grimoire", "content/" if has_content else "")

r"""What KaTeX sets without a word, though not as it is meant.

One is the name of a Greek letter without its backslash. Programs that read ``\b`` and ``\t`` as signs of their own leave ``eta`` of ``\beta`` and ``heta`` of ``\theta``,
which are then set as the letters e, t, a. The other is ``\mathbb{1}``: KaTeX's double-struck, calligraphic and
script fonts have capitals only, and it sets all else plain (in MathML it is right).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grimoire.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

_GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda sigma upsilon phi varphi "
    "chi psi omega Gamma Delta Theta Lambda Sigma Upsilon Phi Psi Omega"
).split()
_BEHEADED = {"eta": "beta", "heta": "theta", "abla": "nabla", "lpha": "alpha", "imes": "times"}
"""What is left of a command that lost its first letter; only such as are no other word."""
_BARE = re.compile(rf"(?<![\\A-Za-z])(?:{'|'.join([*_GREEK, *_BEHEADED])})(?![A-Za-z])")
_WORDS = re.compile(
    r"\\(?:text\w*|math(?:rm|bf|it|sf|tt|bb|cal|ord|op)|operatorname\*?|[mhf]box|tag\*?|label|(?:eq)?ref|begin|end"
    r"|href|url|html\w*)\s*\{[^{}]*\}"
)
"""Commands whose argument is words or names."""


_CUTS = re.compile(r"\\(mathbb|Bbb|mathcal|mathscr)\s*(?:\{\s*([A-Za-z0-9]+)\s*\}|([A-Za-z0-9]))")
_HAS_NONE = {
    "mathbb": r"[a-jl-z0-9]+",
    "Bbb": r"[a-jl-z0-9]+",
    "mathcal": r"[a-z0-9]+",
    "mathscr": r"[a-z0-9]+",
}


def doubts(tex: str) -> tuple[Fault, ...]:
    """Give a warning for each part of a formula that is set otherwise than it is written."""
    return (*_bare_letters(tex), *_plain_letters(tex))


def _plain_letters(tex: str) -> Iterator[Fault]:
    for cut in _CUTS.finditer(tex):
        group = 2 if cut[2] else 3
        for found in re.finditer(_HAS_NONE[cut[1]], cut[group]):
            yield Fault(
                f"KaTeX has no `\\{cut[1]}` of `{found[0]}`: it is set plain",
                cut.start(group) + found.start(), len(found[0]), f"write `\\mathbf{{{found[0]}}}` instead",
            )  # fmt: skip


def _bare_letters(tex: str) -> tuple[Fault, ...]:
    """The names of Greek letters that have lost their backslash."""
    if not _BARE.search(tex):
        return ()
    blanked = _WORDS.sub(lambda words: " " * len(words[0]), tex)
    return tuple(_warning(found) for found in _BARE.finditer(blanked))


def _warning(found: re.Match[str]) -> Fault:
    word = found[0]
    meant = [name for name in (word if word in _GREEK else "", _BEHEADED.get(word, "")) if name]
    mend = " or ".join(f"`\\{one}`" for one in meant)
    return Fault(
        f"`{word}` is set as the letters {', '.join(word)}", found.start(), len(word),
        f"write {mend}, or `\\text{{{word}}}` if it is a word",
    )  # fmt: skip

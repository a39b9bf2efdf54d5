r"""What KaTeX sets without a word and yet is hardly meant: the name of a Greek letter without its backslash.

Programs that read ``\b`` and ``\t`` as signs of their own leave ``eta`` of ``\beta`` and ``heta`` of ``\theta``,
which are then set as the letters e, t, a.
"""

from __future__ import annotations

import re

from grimoire.model import Fault

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


def bare_letters(tex: str) -> tuple[Fault, ...]:
    """Give a warning for each name of a Greek letter in a formula that has lost its backslash."""
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

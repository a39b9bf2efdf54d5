"""Formulas to markup: KaTeX in an embedded V8, in a thread of its own.

`Typesetter` takes `Formula`s while the caller goes on reading, and in the end gives a `Typeset` for each: the
markup, the style rules it needs, what KaTeX warned of, and the `Fault` if KaTeX refused it. What is made of a
formula depends on that formula, the site's macros, the output chosen and `epoch` alone, so it may be
remembered; nothing is started before the first formula comes that nobody remembers.

KaTeX places its boxes with ``style`` attributes, which a strict Content-Security-Policy forbids. Here each
declaration becomes a class named by its value (``.kh123{height:1.23em}``), so that markup holds no style at
all and one sheet, `stylesheet` of all `Typeset.rules`, serves a whole site beside KaTeX's own.
"""

from grimoire.math.katex import Output
from grimoire.math.styles import stylesheet
from grimoire.math.toolchain import epoch
from grimoire.math.typesetter import Typesetter, TypesetterError

__all__ = ["Output", "Typesetter", "TypesetterError", "epoch", "stylesheet"]

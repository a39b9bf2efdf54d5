"""Diagrams: mermaid's text drawn as SVG that can stand in a page, in both themes, without a browser.

`draw` is a function of the source alone. The engine (`grimoire.diagrams.engine`) draws each diagram twice, in
the colours of the light and of the dark theme (`palette`); its style sheet is worked into the elements
(`cascade`), and the two drawings become one (`weave`), in which a colour is ``light-dark(…)`` or one of the
site's own. What comes out holds no script, no style, no HTML, and nothing that asks another host.
"""

from grimoire.diagrams.drawing import draw

__all__ = ["draw"]

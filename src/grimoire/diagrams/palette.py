"""The colours of diagrams in the light and in the dark theme, as mermaid's settings.

They are those of `static/style.css`, which the sheet names again as custom properties: a site with a sheet of
its own has diagrams in its own colours. Fills are `TINTS`, on which ink can be read; lines, and fills that bear
paper-coloured text, are `INKS`.
"""

import re
from collections.abc import Iterator
from typing import Any, Literal

Theme = Literal["light", "dark"]

TOKENS = {
    "paper": ("#fbf9f4", "#161412"),
    "leaf": ("#fffefb", "#1e1b18"),
    "well": ("#f3efe6", "#100e0d"),
    "rule-2": ("#c2b8a5", "#544b41"),
    "ink": ("#1f1b16", "#e9e3d8"),
    "ink-2": ("#554d43", "#bdb4a6"),
    "edge": ("#918672", "#746a5d"),
    "rubric": ("#9e2a1c", "#f0937f"),
    "verdigris": ("#17685c", "#79cbb5"),
    "lapis": ("#2d4c9c", "#a2b8f4"),
    "ochre": ("#7d5a06", "#dfbc66"),
    "mark": ("#f7e9bb", "#54431a"),
}
"""The site's own colours by the name of their custom property: in the light theme, in the dark one."""

TINTS = (
    ("#d3e6e0", "#1f4a42"),
    ("#d9e0f2", "#2c3b66"),
    ("#f2e4bf", "#57431a"),
    ("#f5d9d2", "#602f27"),
    ("#e6dcee", "#47365a"),
    ("#dfe9cc", "#39482a"),
    ("#f1d9e4", "#57324a"),
    ("#e5dfd2", "#46403a"),
)
"""Light fills and their dark counterparts: ink stands on each with more than 7 to 1."""

INKS = (
    TOKENS["verdigris"],
    TOKENS["lapis"],
    TOKENS["ochre"],
    TOKENS["rubric"],
    ("#6a4790", "#c6abe8"),
    ("#47682a", "#a9cd87"),
    ("#8f2f63", "#eb9cc4"),
    TOKENS["ink-2"],
)
"""Strong colours: they stand on paper, and paper on them, with more than 4.5 to 1."""

ON_LIGHT, ON_DARK = TOKENS["ink"]
"""The inks for text on a fill that the author chose, which is the same in both themes."""

FIXED = {
    "#000000": "ink", "#131300": "ink", "#222222": "ink", "#333333": "ink", "#444444": "ink-2",
    "#552222": "ink-2", "#555555": "ink-2", "#666666": "ink-2", "#6b7280": "ink-2", "#999999": "edge", "#efefef": "leaf",
    "#dedede": "well", "#e5e7eb": "rule-2", "#ffffff": "leaf", "#fff8dc": "mark",
}  # fmt: skip
"""What the engine draws in one colour whatever the theme, and the site's colour that takes its place."""

VEILS = frozenset(("#e8e8e880",))
"""What the engine lays behind a text to set it off from lines, though there are none."""

_ROLES = {
    "paper": "background edgeLabelBackground labelBackgroundColor relationLabelBackground commitLabelBackground "
    "personBackground innerEndBackground archGroupBackground pieStrokeColor",
    "leaf": "primaryColor mainBkg nodeBkg actorBkg labelBoxBkgColor stateBkg requirementBackground "
    "attributeBackgroundColorOdd rowOdd compositeTitleBackground personBkg",
    "well": "clusterBkg altBackground compositeBackground sectionBkgColor2 attributeBackgroundColorEven rowEven "
    "tertiaryColor altSectionBkgColor",
    "rule-2": "clusterBorder gridColor excludeBkgColor actorLineColor compositeBorder archGroupBorderColor "
    "tertiaryBorderColor quadrantInternalBorderStrokeFill quadrantExternalBorderStrokeFill pieOuterStrokeColor",
    "ink": "primaryTextColor secondaryTextColor tertiaryTextColor textColor titleColor nodeTextColor noteTextColor "
    "actorTextColor signalTextColor labelTextColor loopTextColor taskTextColor taskTextLightColor taskTextDarkColor "
    "taskTextOutsideColor pieTitleTextColor pieSectionTextColor pieLegendTextColor quadrantPointTextFill "
    "quadrantTitleFill quadrantXAxisTextFill quadrantYAxisTextFill quadrant1TextFill quadrant2TextFill "
    "quadrant3TextFill quadrant4TextFill requirementTextColor relationLabelColor commitLabelColor tagLabelColor "
    "classText stateLabelColor transitionLabelColor labelColor specialStateColor archEdgeArrowColor "
    "scaleLabelColor vennTitleTextColor vennSetTextColor",
    "ink-2": "lineColor defaultLinkColor signalColor arrowheadColor transitionColor relationColor archEdgeColor "
    "quadrantPointFill",
    "edge": "primaryBorderColor secondaryBorderColor nodeBorder actorBorder labelBoxBorderColor stateBorder "
    "requirementBorderColor activationBorderColor tagLabelBorder personBorder taskBorderColor "
    "doneTaskBorderColor",
    "mark": "noteBkgColor tagLabelBackground",
    "ochre": "noteBorderColor",
    "rubric": "critBorderColor todayLineColor vertLineColor errorTextColor",
    "verdigris": "activeTaskBorderColor",
}
"""Which of mermaid's theme variables have which of the site's colours."""

_OF_TINTS = {
    "secondaryColor": 7, "sectionBkgColor": 7, "activationBkgColor": 7, "taskBkgColor": 1, "activeTaskBkgColor": 0,
    "doneTaskBkgColor": 7, "critBkgColor": 3, "quadrant1Fill": 0, "quadrant2Fill": 1, "quadrant3Fill": 7,
    "quadrant4Fill": 2, "errorBkgColor": 3,
}  # fmt: skip

_C4 = {
    "#08427b": "person",
    "#1168bd": "system",
    "#2d5f93": "container",
    "#3f6a95": "component",
    "#6b6359": "external_person external_system external_container external_component",
}
"""The boxes of C4 diagrams, on which the engine always writes in white."""

_NEVER = 10_000
_SCALE = 12  # mermaid's scales of colours have so many steps


def settings(theme: Theme, source: str = "") -> dict[str, Any]:
    """Give mermaid's settings for a theme and for the kind of diagram that `source` is."""
    return {
        "theme": "base",
        "look": "classic",
        "darkMode": theme == "dark",
        "fontFamily": "Arial",
        "fontSize": 15,
        "htmlLabels": False,
        "flowchart": {"htmlLabels": False, "minNodeWidth": 24, "padding": 12, "wrappingWidth": 200},
        "class": {"htmlLabels": False},
        # The engine breaks the lines of a state where HTML would, but writes them as one: as wide as that is.
        "state": {"minNodeWidth": 24, "wrappingWidth": _NEVER},
        "gantt": {"todayMarker": "off"},
        "c4": dict(_c4()),
        "themeCSS": "",
        "themeVariables": dict(_variables(theme == "dark")) | _of_kind(theme == "dark", source),
    }


def _variables(is_dark: bool) -> Iterator[tuple[str, Any]]:  # noqa: FBT001  the index of a pair
    ink, paper, line = TOKENS["ink"][is_dark], TOKENS["paper"][is_dark], TOKENS["ink-2"][is_dark]
    tints = [pair[is_dark] for pair in TINTS]
    inks = [pair[is_dark] for pair in INKS]
    for token, names in _ROLES.items():
        yield from ((name, TOKENS[token][is_dark]) for name in names.split())
    yield from ((name, tints[number]) for name, number in _OF_TINTS.items())
    for number in range(_SCALE):
        tint, strong = tints[number % len(tints)], inks[number % len(inks)]
        yield f"cScale{number}", tint
        yield f"cScaleLabel{number}", ink
        yield f"cScaleInv{number}", line
        yield f"cScalePeer{number}", strong
        yield f"fillType{number}", tint
        yield f"pie{number + 1}", tint
        yield f"git{number}", strong
        yield f"gitInv{number}", strong
        yield f"gitBranchLabel{number}", paper
        yield f"venn{number + 1}", strong
    yield "darkMode", is_dark
    yield "fontFamily", "Arial"
    yield "fontSize", "15px"
    yield "sequenceNumberColor", paper
    yield "pieOpacity", "1"
    yield "radar", {"axisColor": line, "graticuleColor": TOKENS["rule-2"][is_dark], "curveOpacity": 0.35}
    yield "packet", {
        "startByteColor": line, "endByteColor": line, "labelColor": ink, "titleColor": ink,
        "blockStrokeColor": TOKENS["edge"][is_dark], "blockFillColor": TOKENS["leaf"][is_dark],
    }  # fmt: skip
    named = ("title", "xAxisLabel", "xAxisTitle", "yAxisLabel", "yAxisTitle", "dataLabel")
    axes = ("xAxisTick", "xAxisLine", "yAxisTick", "yAxisLine")
    yield (
        "xyChart",
        {
            "backgroundColor": paper,
            **{f"{name}Color": ink for name in named},
            **{f"{name}Color": line for name in axes},
            "plotColorPalette": ",".join(inks),
        },
    )


def _c4() -> Iterator[tuple[str, str]]:
    for colour, kinds in _C4.items():
        for kind in kinds.split():
            yield from ((f"{kind}{part}_bg_color", colour) for part in ("", "_db", "_queue"))


def _of_kind(is_dark: bool, source: str) -> dict[str, str]:  # noqa: FBT001  the index of a pair
    """The variables that one kind of diagram uses otherwise than all the rest."""
    if not re.search(r"^\s*radar-beta\b", source, re.MULTILINE):
        return {}
    # Its curves are drawn in the colours in which others fill.
    return {f"cScale{number}": INKS[number % len(INKS)][is_dark] for number in range(_SCALE)}

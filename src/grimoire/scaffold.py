"""First files to write in: a new entry, and a small complete site to begin with.

Nothing here ever writes over a file that is there.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from grimoire.names import slugify

_ENTRY = """\
---
title: {title}
tags: [{tags}]
---

%% Say in one sentence what it is; then give the formula, and link to the terms it rests on. %%
"""

_SITE = {
    "content/site.yaml": """\
title: First steps
description: Three terms that lean on one another, to be written over.
language: en
""",
    "content/index.md": """\
---
title: First steps
---

A glossary has one file for each term.
Begin at the [mean], which needs no other, and follow the links; then put your own entries beside these.
""",
    "content/terms/mean.md": r"""---
title: Mean
aliases: [average]
tags: [statistics]
---

The mean of some numbers is the one number that could stand in for each of them without changing their sum.

$$
\bar x = \frac{1}{n} \sum_{i=1}^{n} x_i
$$

Here $x_1, \dots, x_n$ are the numbers, and $n$ counts them.
How far they stray from $\bar x$ is told by the [variance].
""",
    "content/terms/variance.md": r"""---
title: Variance
tags: [statistics]
related:
  - Standard deviation: the same spread, in the units of the numbers
---

The variance is the [mean] of the squared distances between some numbers and their mean.

$$
\operatorname{var}(x) = \frac{1}{n} \sum_{i=1}^{n} (x_i - \bar x)^2
$$

Squaring makes every distance count as positive, and a large one count for more.
""",
    "content/terms/standard-deviation.md": r"""---
title: Standard deviation (SD)
tags: [statistics]
---

The standard deviation is the square root of the [variance], which brings the spread back to the units of the numbers.

$$
\sigma = \sqrt{\operatorname{var}(x)}
$$

Of numbers that follow a bell curve, about two in three lie within one $\sigma$ of the [[mean]].
""",
}


def new_entry(site: Path, title: str, tags: Sequence[str] = ()) -> Path:
    """Write the file of a new entry, beside the others.

    Args:
        site: a folder with `content/`, or any folder of Markdown.
        title: the entry's title; the file is named by its slug.
        tags: its tags, each with or without `#`; blanks in one become hyphens.

    Returns:
        The file: below `content/terms/` where there is that folder, else at the top of the content.

    Raises:
        FileExistsError: there is such a file; it is left as it is.
        OSError: the file cannot be written.
    """
    content = site / "content"
    folder = next((one for one in (content / "terms", content) if one.is_dir()), site)
    path = folder / f"{slugify(title)}.md"
    marks = ", ".join(_scalar("-".join(tag.removeprefix("#").split())) for tag in tags)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(_ENTRY.format(title=_scalar(title), tags=marks))
    return path


def new_site(folder: Path) -> list[Path]:
    """Write a small complete site: settings, a home page, three terms.

    Args:
        folder: where; it is made if need be.

    Returns:
        The files that were written.

    Raises:
        FileExistsError: the folder is not empty; nothing is written.
        OSError: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(folder)
    paths = []
    for name, text in _SITE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        paths.append(path)
    return paths


def _scalar(text: str) -> str:
    """Write a text as YAML, in quotes where it could be taken for something else."""
    return text if re.fullmatch(r"[^\W\d_][\w ()/'+.-]*", text) else json.dumps(text, ensure_ascii=False)

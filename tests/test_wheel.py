"""What a user gets: the wheel, installed outside the checkout, builds a site without Node and npm.

The dependencies are lent by the environment that runs the tests, so nothing is fetched; a checkout's first
install, in an environment that holds nothing, is a step of its own in `.ci/`.
"""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from email import message_from_bytes
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = "Scripts" if os.name == "nt" else "bin"

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of a new environment that has the wheel."""
    folder = tmp_path_factory.mktemp("user") / "venv"
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / SCRIPTS / "python"
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)
    (place,) = folder.rglob("grimoire/__init__.py")
    # Packages in a folder named so are found, but not the checkout: its own `.pth` is not read there.
    (place.parents[1] / "lent.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return folder / SCRIPTS


def run(installed: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the new environment, where no other program is to be found."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(installed / command[0]), *command[1:]],
        cwd=folder,
        env=environment | {"PATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_holds_the_program_and_its_theme_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    info = next(name.partition("/")[0] for name in names if name.endswith(".dist-info/METADATA"))
    assert {name.partition("/")[0] for name in names} == {"grimoire", info}
    modules = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
    assert modules - set(names) == {"grimoire/frontend/build_hook.py"}
    for name in (
        "_theme/templates/term.html",
        "_theme/static/style.css",
        "frontend/dist/katex.js",
        "py.typed",
    ):
        assert f"grimoire/{name}" in names
    unwanted = re.compile(
        r"node_modules|__pycache__|package(-lock)?\.json|\.npmrc|dist-tests|(^|/)tests?/|\.map$"
    )
    assert [name for name in names if unwanted.search(name)] == []
    assert f"{info}/licenses/LICENSE" in names


def test_it_declares_all_that_it_imports(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    imported: set[str] = set()
    for name in archive.namelist():
        if name.endswith(".py"):
            for node in ast.walk(ast.parse(archive.read(name))):
                if isinstance(node, ast.Import):
                    imported |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    imported.add(node.module.partition(".")[0])
    others = imported - sys.stdlib_module_names - {"grimoire"}
    known = packages_distributions()
    metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    required = message_from_bytes(archive.read(metadata)).get_all("Requires-Dist", [])
    declared = {
        re.split(r"[^\w.-]", line)[0].lower().replace("_", "-")
        for line in required
        if "extra ==" not in line or line.endswith("extra == 'pictures'")
    }
    missing = {
        name: known[name]
        for name in others
        if not declared & {one.lower().replace("_", "-") for one in known[name]}
    }
    assert missing.keys() <= {"markupsafe"}, "Jinja's own, and no other, may come undeclared"


def test_it_builds_a_site_of_one_file(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "entropy.md").write_text("Entropy is $H = -\\sum_i p_i \\log p_i$, see [[energy]].\n")
    done = run(installed, tmp_path, "grimoire", "build")
    assert done.returncode == 0, done.stderr
    assert "1 term, 1 link (1 missing)" in done.stdout
    page = (tmp_path / "public" / "terms" / "entropy" / "index.html").read_text("utf-8")
    assert "katex" in page
    assert "<math" in page
    for address in re.findall(r'(?:href|src)="(\.\./[^"#?]+)', page):
        target = tmp_path / "public" / "terms" / "entropy" / address
        assert target.is_file() or (target / "index.html").is_file(), address


def test_it_is_the_wheel_that_ran(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "python", "-c", "import grimoire; print(grimoire.__file__)")
    assert Path(done.stdout.strip()).is_relative_to(installed.parent)


def test_the_module_is_the_command(installed: Path, tmp_path: Path) -> None:
    by_name = run(installed, tmp_path, "grimoire", "--help")
    assert by_name.returncode == 0
    assert run(installed, tmp_path, "python", "-m", "grimoire", "--help").stdout == by_name.stdout


def test_an_author_s_template_extends_the_shipped_one(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "content" / "entropy.md").write_text("Entropy counts.\n")
    override = '{% extends "default/term.html" %}{% block after %}<p>Ours</p>{% endblock %}'
    (tmp_path / "templates" / "term.html").write_text(override)
    assert run(installed, tmp_path, "grimoire", "build", ".").returncode == 0
    page = (tmp_path / "public" / "terms" / "entropy" / "index.html").read_text("utf-8")
    assert "Entropy counts." in page
    assert "<p>Ours</p>" in page

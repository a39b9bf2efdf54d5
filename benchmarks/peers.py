"""The generators that are compared, and how each is made to do the same work.

Each is given the corpus in its own flavour, and a page for each term with formulas typeset when the site is built,
where it can: Hugo with its built-in KaTeX, Eleventy with KaTeX's npm package. Sphinx, MkDocs Material and Zensical
leave formulas to the reader's browser, so that their times are those of less work. Hugo and Eleventy, which have no theme of their own, get a page of a few lines. None but grimoire makes
cards, backlinks, a graph or, save for MkDocs, Zensical and Sphinx, a search.
"""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpus import Corpus, titles, write

PYTHON_PACKAGES = (
    "hugo",
    "mkdocs-material",
    "zensical",
    "sphinx",
    "myst-parser",
    "furo",
)
KATEX, ARITHMATEX = 'class="katex"', 'class="arithmatex"'
NODE_PACKAGES = ("@11ty/eleventy", "@mdit/plugin-katex", "katex", "markdown-it")


class Tools(NamedTuple):
    """Where the peers are installed."""

    python: Path
    """A virtual environment."""
    node: Path
    """A folder with ``node_modules``."""

    def program(self, name: str) -> str:
        """Give the path of a program of the virtual environment."""
        return str(self.python / "bin" / name)


class Prepared(NamedTuple):
    """A site that can be built."""

    folder: Path
    content: Path
    out: Path
    command: tuple[str, ...]
    corpus: Corpus


class Peer(NamedTuple):
    """A generator."""

    name: str
    flavour: str
    has_typesetting: bool
    prepare: Callable[[Path, int, Tools], Prepared]
    formula: str
    """What each formula has in the output once."""
    version: Callable[[Tools], str]
    most: int = 1_000_000
    """With how many terms it is still run unless it is named: beyond, it takes many minutes."""


def _put(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def _distribution(name: str) -> Callable[[Tools], str]:
    script = f"from importlib.metadata import version; print(version({name!r}))"
    return lambda tools: _said(tools.program("python"), "-c", script)


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _of_node(name: str) -> Callable[[Tools], str]:
    return lambda tools: str(
        json.loads((tools.node / "node_modules" / name / "package.json").read_text("utf-8"))["version"]
    )


# ---------------------------------------------------------------- each


def of_grimoire(folder: Path, count: int, _: Tools | None = None, *, kind: str = "maths") -> Prepared:
    """Write a glossary of a kind for grimoire."""
    corpus = write(folder / "content", count, kind=kind)
    command = ("python", "-m", "grimoire", "build", ".", "--quiet")
    return Prepared(folder, folder / "content", folder / "public", command, corpus)


def _hugo(folder: Path, count: int, tools: Tools) -> Prepared:
    page = (
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>{{ .Title }}</title>"
        '<link rel=stylesheet href="/katex.css"></head><body><h1>{{ .Title }}</h1>{{ .Content }}'
        "{{ range .Params.tags }}<p>{{ . }}</p>{{ end }}</body></html>"
    )
    listed = page.replace(
        "{{ .Content }}",
        '<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>',
    )
    settings = (
        "baseURL: https://example.org/\nmarkup:\n  goldmark:\n    extensions:\n      passthrough:\n"
        "        enable: true\n        delimiters:\n          block: [['\\[', '\\]']]\n"
        "          inline: [['\\(', '\\)']]\n"
    )
    hook = (
        '{{- $opts := dict "output" "htmlAndMathml" "displayMode" (eq .Type "block") -}}'
        "{{- transform.ToMath .Inner $opts -}}"
    )
    _put(
        folder,
        {
            "hugo.yaml": settings,
            "layouts/page.html": page,
            "layouts/section.html": listed,
            "layouts/home.html": listed,
            "layouts/taxonomy.html": listed,
            "layouts/term.html": listed,
            "layouts/_markup/render-passthrough.html": hook,
        },
    )
    corpus = write(folder / "content" / "terms", count, "hugo")
    command = (tools.program("hugo"), "build", "--quiet", "--cacheDir", str(folder / "cache"))
    return Prepared(folder, folder / "content" / "terms", folder / "public", command, corpus)


def _eleventy(folder: Path, count: int, tools: Tools) -> Prepared:
    layout = (
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>{{ title }}</title>"
        '<link rel=stylesheet href="/katex.css"></head><body><h1>{{ title }}</h1>{{ content }}</body></html>'
    )
    _put(
        folder,
        {
            "package.json": '{"type": "module"}',
            "eleventy.config.js": (
                'import markdownIt from "markdown-it"\nimport { katex } from "@mdit/plugin-katex"\n'
                "export default config => {\n"
                '  config.setLibrary("md", markdownIt({ html: true }).use(katex))\n'
                '  return { dir: { input: "content", includes: "../_includes" }, markdownTemplateEngine: false }\n}\n'
            ),
            "_includes/page.liquid": layout,
            "content/terms/terms.json": '{"layout": "page.liquid"}',
        },
    )
    (folder / "node_modules").symlink_to((tools.node / "node_modules").resolve())
    corpus = write(folder / "content" / "terms", count, "eleventy")
    command = ("node", "node_modules/@11ty/eleventy/cmd.cjs", "--quiet")
    return Prepared(folder, folder / "content" / "terms", folder / "_site", command, corpus)


def _of_mkdocs(folder: Path, count: int, program: str, *options: str) -> Prepared:
    settings = (
        "site_name: Glossary\nsite_url: https://example.org/\ntheme:\n  name: material\n"
        "  features: [navigation.prune, navigation.tabs]\n"
        "markdown_extensions:\n  - pymdownx.arithmatex:\n      generic: true\nnav:\n  - index.md\n"
    )
    index = "# Glossary\n\n" + "\n".join(
        f"- [{title}](terms/{title.replace(' ', '-')}.md)" for title in titles(count)
    )
    _put(folder, {"mkdocs.yml": settings, "docs/index.md": index + "\n"})
    corpus = write(folder / "docs" / "terms", count, "mkdocs")
    return Prepared(folder, folder / "docs" / "terms", folder / "site", (program, "build", *options), corpus)


def _material(folder: Path, count: int, tools: Tools) -> Prepared:
    return _of_mkdocs(folder, count, tools.program("mkdocs"), "--quiet")


def _zensical(folder: Path, count: int, tools: Tools) -> Prepared:
    return _of_mkdocs(folder, count, tools.program("zensical"))


def _sphinx(folder: Path, count: int, tools: Tools) -> Prepared:
    listed = "".join(f"   terms/{title.replace(' ', '-')}\n" for title in titles(count))
    _put(
        folder,
        {
            "source/conf.py": (
                'project = "Glossary"\nextensions = ["myst_parser", "sphinx.ext.mathjax"]\n'
                'myst_enable_extensions = ["dollarmath", "amsmath"]\n'
                'html_theme = "furo"\n'
            ),
            "source/index.rst": f"Glossary\n========\n\n.. toctree::\n   :hidden:\n\n{listed}",
        },
    )
    corpus = write(folder / "source" / "terms", count, "sphinx")
    command = (tools.program("sphinx-build"), "-q", "source", "site")
    return Prepared(folder, folder / "source" / "terms", folder / "site", command, corpus)


def _own_version(_: Tools) -> str:
    return _said(
        "python", "-c", "from importlib.metadata import version; print(version('grimoire-glossary'))"
    )


PEERS = (
    Peer(
        "grimoire", "grimoire", has_typesetting=True, prepare=of_grimoire, formula=KATEX, version=_own_version
    ),
    Peer(
        "Eleventy",
        "eleventy",
        has_typesetting=True,
        prepare=_eleventy,
        formula=KATEX,
        version=_of_node("@11ty/eleventy"),
    ),
    Peer(
        "Hugo",
        "hugo",
        has_typesetting=True,
        prepare=_hugo,
        formula=KATEX,
        version=_distribution("hugo"),
        most=1000,
    ),
    Peer(
        "Sphinx",
        "sphinx",
        has_typesetting=False,
        prepare=_sphinx,
        formula='class="math',
        version=_distribution("sphinx"),
        most=100,
    ),
    Peer(
        "MkDocs Material",
        "mkdocs",
        has_typesetting=False,
        prepare=_material,
        formula=ARITHMATEX,
        version=_distribution("mkdocs-material"),
        most=1000,
    ),
    Peer(
        "Zensical",
        "mkdocs",
        has_typesetting=False,
        prepare=_zensical,
        formula=ARITHMATEX,
        version=_distribution("zensical"),
        most=1000,
    ),
)


def install(folder: Path) -> Tools:
    """Install the peers, if they are not there yet.

    Raises:
        subprocess.CalledProcessError: if pip or npm fails.
    """
    tools = Tools(folder / "python", folder / "node")
    if not (tools.python / "installed").is_file():
        subprocess.run(["python3", "-m", "venv", str(tools.python)], check=True)
        subprocess.run([tools.program("pip"), "install", "--quiet", *PYTHON_PACKAGES], check=True)
        (tools.python / "installed").touch()
    if not (tools.node / "node_modules" / NODE_PACKAGES[0]).is_dir():
        tools.node.mkdir(parents=True, exist_ok=True)
        _put(tools.node, {"package.json": '{"private": true}'})
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--silent", *NODE_PACKAGES],
            cwd=tools.node,
            check=True,
        )
    return tools


_TERM = re.compile(r"(?:^|/)terms/[^/]+(?:/index)?\.html$")
_HREF = re.compile(r'href="?([^" >]+)')


def faults(peer: Peer, site: Prepared) -> list[str]:
    """Say what of the work was not done: formulas that are missing, links that lead nowhere.

    Args:
        peer: what built it.
        site: what was built.
    """
    pages = {
        _name(path): path.read_text("utf-8")
        for path in site.out.rglob("*.html")
        if _TERM.search(path.relative_to(site.out).as_posix())
    }
    corpus = site.corpus
    lacking = [name for name in corpus.formulas if name not in pages]
    found = [f"no page for {len(lacking)} terms, as `{lacking[0]}`"] if lacking else []
    poor = [name for name, text in pages.items() if text.count(peer.formula) < corpus.formulas.get(name, 0)]
    found += [f"formulas are missing on {len(poor)} pages, as `{poor[0]}`"] if poor else []
    if any("katex-error" in text for text in pages.values()):
        found.append("KaTeX refused a formula")
    lost = [name for name, text in pages.items() if not corpus.links.get(name, frozenset()) <= _targets(text)]
    found += [f"links are missing on {len(lost)} pages, as `{lost[0]}`"] if lost else []
    return found


def _name(path: Path) -> str:
    """The name of the term whose page this is."""
    return path.parent.name if path.name == "index.html" else path.stem


def _targets(text: str) -> set[str]:
    """The names of the terms that a page leads to, and of whatever else."""
    plain = (one.split("#")[0].rstrip("/").removesuffix(".html") for one in _HREF.findall(text))
    return {one.rpartition("/")[2] for one in plain}

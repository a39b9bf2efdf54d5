"""The law: whatever an author does, the incremental build equals a build from nothing.

In the bytes of every file and in every diagnostic. The machine below edits a real site step by step, and
after each step builds it twice: once over what earlier builds left and remember, once into a new folder
without a memory.
"""

import shutil
import sqlite3
import struct
import tempfile
import zlib
from contextlib import closing, suppress
from functools import partialmethod
from pathlib import Path
from typing import NamedTuple

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from grimoire import memo
from grimoire.building import Built, Options, build, check
from grimoire.memo import Store
from grimoire.paranoid import differences

pytestmark = pytest.mark.timeout(600)

PARTS = (
    "It is met in every [[ring]] and has a [unit] of its own.",
    "Nobody has written [[the wanted entry]] yet.",
    "Take $x_1 + x_2$ for granted.",
    "This formula is refused: $\\frac{1}{$.",
    "This one needs the settings: $\\half$.",
    "$$\n\\sum_{i=1}^n a_i\n$$",
    "## Examples\n\nOne of them is [[Field#Examples]], another [[#Examples]].",
    "A picture: ![[figure.png|a plot|20]]",
    "No picture: ![[lost.png]]",
    "A [yt](https://videos.example/watch?v=1&t=9) shows it, and so does [yt].",
    'It is "quoted" -- or so they say.',
    "A tag <kbd>is kept</kbd>, another <marquee>is not</marquee>.",
    "```python\nring = [0, 1]\n```",
    "```unheard-of\nring = [0, 1]\n```",
    "A note[^a] at the side.\n\n[^a]: Said of [[unit]] with $y$.",
    "> [!tip] A callout\n> with [[body]] and [[anneau]].",
    "As in [@dedekind1871, p. 3] and @noether1921; [see also @noether1921, ch. 2].",
    "Of @dedekind1871 and [@gauss1801][^c].\n\n[^c]: More in [-@noether1921].",
    "Nearly @noether1922, and [@nobody; @noether1921].",
    "![[ring]]\n![[Field#Examples]]",
    "> ![[unit#^named]]",
    "Said where it has a name, see ![[Field]]. ^named",
    "Of #algebra and #measure/outer.",
    '```mermaid\nflowchart LR\n  A[ring] --> B\n  click A "https://example.org"\n```',
    "```mermaid\nflowchart LR\n  A[open --> B\n```",
    "Rings, a Unit and one R are named; so is the β-ring.",
)
LATEX = (
    "\\newglossaryentry{ring}{name=ring in LaTeX, description={It has a \\gls{unit} and $x + y$. Also \\gls{sign}.}}",
    "\\newglossaryentry{unit}{name=unit, symbol={\\ensuremath{\\e}}, description={An \\acrfull{svm} \\foo{has} none.}}",
    "\\newacronym[description={See \\gls{unit}.}]{svm}{SVM}{support vector machine}",
    "\\newacronym{svm}{VM}{vector machine}",
    "\\newcommand{\\e}{\\varepsilon}",
    "\\newcommand{\\made}[1]{\\newglossaryentry{#1}{name=made #1, description={By \\eqref{eq:made}.}}}\\made{sign}",
    "\\newglossaryentry{eq}{name=eq, description={\\[ x \\label{eq:made} \\] of a \\gls{sign}; a ring and a unit.}}",
    "\\newglossaryentry{broken}{name=broken, description={Never closed, says \\gls{nobody}.",
)
BIB = (
    "@symbol{sign, name = {\\ensuremath{\\pm}}, description = {The sign of a \\gls{ring}.}}",
    "@index{unit}",
    '@preamble{"\\newcommand{\\e}{\\epsilon}"}',
    "@entry{e, name = {$\\e$}, description = {An \\emph{e}.}}",
    "@dualentry{x, name = {x}}",
    "@entry{broken, name = {",
)
ONLY_ELSEWHERE = "See [ring]."

PATHS = st.sampled_from(
    (
        *("ring.md", "terms/field.md", "terms/unit.md", "other/unit.md", "notes/reading.md", "index.md"),
        *("ring.fr.md", "terms/unit.fr.md", "index.fr.md"),
    )
)
TITLES = st.sampled_from(
    (
        "",
        "Ring",
        "Field",
        "Unit",
        "Unit (of measure)",
        "β-ring",
        "The $L^2$ norm",
        "A $\\frac$ title",
        "An <em>odd</em> one",
    )
)
FIELDS = st.sampled_from(("", "auto_link: true", "auto_link: text", "abbreviation: R", "plural: anneaux"))
NAMES = st.lists(st.sampled_from(("unit", "anneau", "body", "R")), max_size=2, unique=True)
TAGS = st.lists(st.sampled_from(("algebra", "measure", "Set theory")), max_size=2, unique=True)
RELATED = st.sampled_from(("", "related: [Ring, nobody]", "broader: Field", "prerequisites: unit"))
BODIES = st.one_of(st.lists(st.sampled_from(PARTS), max_size=3).map("\n\n".join), st.just(ONLY_ELSEWHERE))
SETTINGS = st.sampled_from(
    (
        "title: Another name",
        "base_url: https://glossary.example/below",
        "math:\n  macros:\n    half: '\\frac12'",
        "math:\n  macros:\n    half: '0.5'",
        "math:\n  output: mathml",
        "html: trusted",
        "smart: true",
        "auto_link: first",
        "acronyms: abbr",
        "acronyms: expand",
        "topics:\n  measure: What is measured.\n  algebra:\n    title: Algebra!",
        "topics_order: alphabetical",
        "videos: player",
        "offline: true",
        "pictures: true\nbase_url: https://glossary.example/below",
        "edit_url: https://edit.example/{path}",
        "search:\n  formulas: false",
        "language: fr\nlicense: CC0",
        "languages: [fr]",
        "languages:\n  fr:\n    title: Autre nom\nbase_url: https://glossary.example/",
        "entries: paper/signs.bib",
        "titel: misspelt",
        "citation_style: ieee",
        "citation_style: chicago-notes-bibliography",
        "citation_style: nosuch",
        "bibliography: [references.bib, more.bib]",
        "bibliography: gone.bib",
        "title: [unclosed",
    )
)
TEMPLATES = st.sampled_from(
    (
        ("videos.html", '{% extends "default/videos.html" %}{% block head %}<!-- ours -->{% endblock %}'),
        ("404.html", "<p>{{ page.title }} of {{ site.title }}</p>"),
        ("term.html", '{% extends "default/term.html" %}{% block after %}{{ page.letter }}{% endblock %}'),
        ("card.html", "{{ page.colour }}"),
        ("card.html", "{% if %}"),
    )
)
STATIC = st.sampled_from(
    (
        ("style.css", b"body { color: black }"),
        ("style.css", b"body { color: red; background: url(paper.svg) }"),
        ("paper.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("paper.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='9'/>"),
        ("custom.css", b"p { margin: 0 }"),
    )
)


NOETHER = "@article{noether1921, author={Noether, Emmy}, title={Idealtheorie in Ringbereichen}, year=1921}\n"
DEDEKIND = "@book{dedekind1871, author={Dedekind, Richard}, title={Supplement X}, year=1871}\n"
GAUSS = "@book{gauss1801, author={Gauss, Carl Friedrich}, title={Disquisitiones Arithmeticae}, year=1801}\n"
BIBLIOGRAPHIES = st.sampled_from(
    (
        "",
        NOETHER,
        NOETHER + DEDEKIND,
        DEDEKIND.replace("Supplement X", "Supplement XI") + NOETHER + GAUSS,
        "\n\n" + GAUSS + NOETHER.replace("year=1921", "year=1920"),
        DEDEKIND + DEDEKIND + GAUSS,
        DEDEKIND.replace("dedekind1871", "noether1921") + "@book{unclosed, title={",
    )
)


STAGES = (
    "parse", "body", "math", "verdict", "search", "contract", "mention", "wording",
    "bibliography", "citation", "citation-fragment", "citation-fault", "citation-style",
)  # fmt: skip


class Entry(NamedTuple):
    """A file of the content, field by field, so that one of them can be edited."""

    title: str
    names: list[str]
    tags: list[str]
    related: str
    body: str
    own_bibliography: str = ""
    blanks: int = 0
    field: str = ""
    is_draft: bool = False

    def text(self) -> str:
        fields = [f"title: '{self.title}'"] if self.title else []
        fields += [f"aliases: [{', '.join(self.names)}]", f"tags: [{', '.join(self.tags)}]", self.related]
        fields += [self.field] if self.field else []
        fields += [f"bibliography: {self.own_bibliography}"] if self.own_bibliography else []
        fields += ["draft: true"] if self.is_draft else []
        return "---\n" + "\n".join(fields) + "\n---\n" + "\n" * self.blanks + self.body + "\n"


def png(width: int, height: int) -> bytes:
    """The start of a picture: all that is read of one."""
    header = struct.pack(">4sIIBBBBB", b"IHDR", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def files(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def assert_equal(options: Options, built: Built, scratch: Path) -> None:
    """Hold a build against one from nothing."""
    clean_out = scratch / "clean"
    clean = build(Options(options.site, clean_out, drafts=options.drafts, remember=False))
    try:
        assert [one for one in built.diagnostics if one not in clean.diagnostics] == []
        assert built.diagnostics == clean.diagnostics
        assert built.is_written == clean.is_written
        if built.is_written:
            assert (built.terms, built.links, built.missing) == (clean.terms, clean.links, clean.missing)
            ours, theirs = files(built.out), files(clean_out)
            assert sorted(ours) == sorted(theirs)
            assert [path for path in ours if ours[path] != theirs[path]] == []
    finally:
        shutil.rmtree(clean_out, ignore_errors=True)


class AuthorAtWork(RuleBasedStateMachine):
    """Edits a site in every way there is."""

    entries = Bundle("entries")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="grimoire-test-"))
        self.site = self.folder / "site"
        self.content = self.site / "content"
        self.content.mkdir(parents=True)
        self.memo = self.site / ".grimoire" / "memo.db"
        self.written: dict[str, Entry] = {}
        self.drafts = False

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def _put(self, place: Path, content: str | bytes) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())

    def _write(self, path: str, entry: Entry) -> str:
        self.written[path] = entry
        self._put(self.content / path, entry.text())
        return path

    def _edit(self, path: str, **changes: object) -> None:
        if path in self.written:
            self._write(path, self.written[path]._replace(**changes))  # type: ignore[arg-type]

    # ------------------------------------------------------------ what an author does

    @initialize(target=entries, body=BODIES)
    def begin(self, body: str) -> object:
        self._put(self.content / "figure.png", png(30, 20))
        self._put(self.content / "references.bib", NOETHER + DEDEKIND)
        ring = Entry("Ring", ["anneau"], ["algebra"], "", f"A ring adds and multiplies. {PARTS[1]}")
        unit = Entry("Unit", [], ["algebra"], "broader: Ring", body)
        return multiple(self._write("ring.md", ring), self._write("terms/unit.md", unit))

    @rule(
        target=entries, path=PATHS, title=TITLES, names=NAMES, tags=TAGS, related=RELATED, body=BODIES,
    )  # fmt: skip
    def write(self, path: str, title: str, names: list[str], tags: list[str], related: str, body: str) -> str:
        return self._write(path, Entry(title, names, tags, related, body))

    @rule(path=entries, body=BODIES)
    def edit_body(self, path: str, body: str) -> None:
        self._edit(path, body=body)

    @rule(path=entries, count=st.integers(0, 2))
    def say_more(self, path: str, count: int) -> None:
        """A sentence that no other page shows: such a site is amended."""
        if path in self.written:
            body = self.written[path].body.partition("\n\nIn short:")[0]
            self._edit(path, body=body + "\n\nIn short:" + " so it is." * count if count else body)

    @rule(path=entries, title=TITLES)
    def retitle(self, path: str, title: str) -> None:
        self._edit(path, title=title)

    @rule(path=entries, names=NAMES)
    def rename_otherwise(self, path: str, names: list[str]) -> None:
        self._edit(path, names=names)

    @rule(path=entries, tags=TAGS)
    def retag(self, path: str, tags: list[str]) -> None:
        self._edit(path, tags=tags)

    @rule(path=entries, field=FIELDS)
    def say_otherwise(self, path: str, field: str) -> None:
        self._edit(path, field=field)

    @rule(path=entries, blanks=st.integers(0, 3))
    def shift(self, path: str, blanks: int) -> None:
        self._edit(path, blanks=blanks)

    @rule(path=entries)
    def toggle_draft(self, path: str) -> None:
        if path in self.written:
            self._edit(path, is_draft=not self.written[path].is_draft)

    @rule(target=entries, path=entries, to=PATHS)
    def move(self, path: str, to: str) -> object:
        if path not in self.written:
            return multiple()
        (self.content / path).unlink()
        return self._write(to, self.written.pop(path))

    @rule(path=entries)
    def delete(self, path: str) -> None:
        if path in self.written:
            del self.written[path]
            (self.content / path).unlink()

    @rule(titles=st.lists(TITLES.filter(bool), max_size=3), body=BODIES)
    def write_many_terms(self, titles: list[str], body: str) -> None:
        sections = [f"## {title}\n\nalias: unit\n\n{body}\n\n### Part\n\nMore.\n" for title in titles]
        self._put(self.content / "glossary.md", "# Of many terms\n\nFirst of all.\n\n" + "\n".join(sections))

    @rule(name=st.sampled_from(("a", "b")), parts=st.lists(st.sampled_from(LATEX), max_size=3))
    def write_latex(self, name: str, parts: list[str]) -> None:
        self._put(self.content / "paper" / f"{name}.tex", "\n".join(parts))

    @rule(parts=st.lists(st.sampled_from(BIB), max_size=2))
    def write_entries_of_bib2gls(self, parts: list[str]) -> None:
        self._put(self.content / "paper" / "signs.bib", "\n".join(parts))

    @rule(name=st.sampled_from(("a.tex", "b.tex", "signs.bib")))
    def delete_latex(self, name: str) -> None:
        (self.content / "paper" / name).unlink(missing_ok=True)

    @rule(size=st.integers(0, 2))
    def change_picture(self, size: int) -> None:
        picture = self.content / "figure.png"
        picture.unlink(missing_ok=True)
        if size:
            picture.write_bytes(png(30 * size, 20))

    @rule(path=entries, own=st.sampled_from(("", "more.bib", "gone.bib")))
    def cite_from_elsewhere(self, path: str, own: str) -> None:
        self._edit(path, own_bibliography=own)

    @rule(name=st.sampled_from(("references.bib", "more.bib")), text=BIBLIOGRAPHIES)
    def edit_bibliography(self, name: str, text: str) -> None:
        self._put(self.content / name, text)

    @rule(name=st.sampled_from(("references.bib", "more.bib")))
    def lose_bibliography(self, name: str) -> None:
        (self.content / name).unlink(missing_ok=True)

    @rule(template=TEMPLATES)
    def override_template(self, template: tuple[str, str]) -> None:
        self._put(self.site / "templates" / template[0], template[1])

    @rule()
    def use_the_shipped_templates(self) -> None:
        shutil.rmtree(self.site / "templates", ignore_errors=True)

    @rule(file=STATIC)
    def override_static(self, file: tuple[str, bytes]) -> None:
        self._put(self.site / "static" / file[0], file[1])

    @rule()
    def use_the_shipped_files(self) -> None:
        shutil.rmtree(self.site / "static", ignore_errors=True)

    @rule(chosen=st.lists(SETTINGS, max_size=2, unique_by=lambda text: text.partition(":")[0]))
    def set_settings(self, chosen: list[str]) -> None:
        self._put(self.content / "site.yaml", "\n".join(chosen) + "\n")

    @rule()
    def toggle_drafts(self) -> None:
        self.drafts = not self.drafts

    # ------------------------------------------------------------ what befalls a site

    @rule()
    def look_it_over(self) -> None:
        check(Options(self.site, drafts=self.drafts))

    @rule()
    def lose_the_memo(self) -> None:
        self.memo.unlink(missing_ok=True)

    @rule(place=st.floats(0, 1), garbage=st.binary(min_size=1, max_size=64))
    def damage_the_memo(self, place: float, garbage: bytes) -> None:
        if self.memo.is_file():
            with self.memo.open("r+b") as file:
                file.seek(int(place * self.memo.stat().st_size))
                file.write(garbage)

    @rule(stage=st.sampled_from(STAGES))
    def forget_a_stage(self, stage: str) -> None:
        if self.memo.is_file():
            # It may be damaged already.
            with closing(sqlite3.connect(self.memo)) as database, suppress(sqlite3.DatabaseError), database:
                database.execute("DELETE FROM entry WHERE stage = ?", (stage,))

    @rule(place=st.floats(0, 1, exclude_max=True), is_lost=st.booleans())
    def touch_the_output(self, place: float, is_lost: bool) -> None:  # noqa: FBT001  drawn, not chosen
        public = self.site / "public"
        found = sorted(path for path in public.rglob("*") if path.is_file() and path.name[0] != ".")
        if found:
            file = found[int(place * len(found))]
            if is_lost:
                file.unlink()
            else:
                file.write_bytes(b"overwritten")

    # ------------------------------------------------------------ the law

    @invariant()
    def incremental_equals_clean(self) -> None:
        options = Options(self.site, drafts=self.drafts)
        assert_equal(options, build(options), self.folder)


TestIncremental = AuthorAtWork.TestCase
TestIncremental.settings = settings(
    max_examples=5,
    stateful_step_count=20,
    deadline=None,
    # Each step builds a site twice, so a failure is shown as it was found.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_no_output_is_ever_content(tmp_path: Path) -> None:
    """A plain folder is content and site in one: what builds leave in it, wherever, is not read back."""
    (tmp_path / "ring.md").write_text("A ring adds.\n")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "style.css").write_text("p { margin: 0 }")
    for out in (None, tmp_path / "other", None):
        built = build(Options(tmp_path, out))
        assert (built.is_written, built.terms, built.diagnostics) == (True, 1, ())
        with tempfile.TemporaryDirectory() as scratch:
            assert_equal(Options(tmp_path, out), built, Path(scratch))


def test_paranoia_finds_what_differs(tmp_path: Path) -> None:
    (tmp_path / "ring.md").write_text("A ring adds, says [[nobody]].\n")
    options = Options(tmp_path)
    built = build(options)
    assert differences(options, built) == []
    page = tmp_path / "public" / "terms" / "ring" / "index.html"
    page.write_text("altered")
    (tmp_path / "public" / "404.html").unlink()
    altered = msgspec.structs.replace(built, diagnostics=())
    assert differences(options, altered) == [
        "404.html is missing",
        "terms/ring/index.html differs",
        "the diagnostics differ",
    ]


def test_what_a_kept_page_is_made_of_outlives_the_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old entries are swept from the memo; bodies and formulas that no build reads, but may yet, are not."""
    monkeypatch.setattr(memo, "LEEWAY", 1)
    content = tmp_path / "content"
    content.mkdir()
    (content / "ring.md").write_text("A ring adds $x + y$.\n")
    (content / "unit.md").write_text("The first $u_0$.\n")
    build(Options(tmp_path))
    monkeypatch.setattr(Store, "sweep", partialmethod(Store.sweep, keep_runs=1))
    for number in range(1, 6):
        (content / "unit.md").write_text(f"Another $u_{number}$.\n")
        assert build(Options(tmp_path)).work.typeset == 1
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "term.html").write_text("{% extends 'default/term.html' %}")
    work = build(Options(tmp_path)).work
    assert (work.parsed, work.typeset, work.kept) == (0, 0, 0)
    (content / "unit.md").write_text("The first $u_0$.\n")
    work = build(Options(tmp_path)).work
    assert (work.parsed, work.typeset) == (1, 1), "what nothing has needed for long is forgotten"

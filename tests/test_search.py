"""The search, both halves: what Python writes, and what static/search.js finds in it."""

from __future__ import annotations

import json
import math
import random
import re
import tomllib
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lunr.builder import Builder  # type: ignore[import-untyped]
from lunr.index import Index  # type: ignore[import-untyped]
from py_mini_racer import JSPromise, MiniRacer
from tests.search.whole import index

from grimoire.digest import Digest, digest
from grimoire.frontend import packages
from grimoire.names import Url, slugify
from grimoire.search import (
    COMMON,
    FIELDS,
    NAMES,
    Analysis,
    Change,
    Document,
    analyse,
    epoch,
    mended,
    names,
    slots,
    whole,
)
from grimoire.search.cutting import LARGEST, cut, rank
from grimoire.search.formulas import streams
from grimoire.search.shards import LENGTHS, TEX_LENGTHS
from grimoire.search.words import stem, take_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
SEARCH_JS = HERE.parent / "static" / "search.js"
HOME = Url("x/")

WORDS = (
    *(
        "model",
        "training",
        "data",
        "layer",
        "weight",
        "vector",
        "matrix",
        "distribution",
        "sample",
        "estimate",
    ),
    *(
        "update",
        "step",
        "batch",
        "token",
        "sequence",
        "context",
        "window",
        "output",
        "input",
        "signal",
        "noise",
    ),
    *(
        "scale",
        "depth",
        "width",
        "bound",
        "rate",
        "limit",
        "function",
        "variable",
        "parameter",
        "approximation",
    ),
    *("objective", "surface", "minimum", "curvature", "direction", "error", "arrays", "display", "survey"),
    *("entropies", "running", "generalization", "of", "the", "and", "with", "for", "probability", "trying"),
    *("probabilities", "decaying", "relations", "happily"),
)
ENDINGS = (
    *("ational", "izer", "bli", "ousli", "ization", "ator", "alism", "iveness", "aliti", "biliti", "logi"),
    *("icate", "ful", "ness", "ance", "able", "ement", "ion", "ing", "ed", "y", "s", "es", "ies", "e", "ll"),
    *("ay", "ey", "oys"),
)


class Engine:
    """lunr.js and search.js in one isolate; `call` takes and gives JSON."""

    def __init__(self) -> None:
        self.isolate = MiniRacer()
        self.isolate.eval(_as_script(packages().assets["lunr.js"].path.read_text(encoding="utf-8"), "lunr"))
        source = SEARCH_JS.read_text(encoding="utf-8")
        exported = re.findall(r"^export (?:async )?(?:function|const) (\w+)", source, re.MULTILINE)
        script = re.sub(r"^export ", "", source, flags=re.MULTILINE)
        self.isolate.eval(
            f"const S = (() => {{ {script}\n; return {{ {', '.join(exported)} }} }})(); const kept = {{}}"
        )

    def keep(self, name: str, expression: str, *values: object) -> None:
        arguments = ", ".join(json.dumps(value) for value in values)
        self.isolate.eval(f"kept.{name} = ({expression})({arguments}); 0")

    def call(self, expression: str, *values: object) -> Any:
        arguments = ", ".join(json.dumps(value) for value in values)
        promise = self.isolate.eval(
            f"Promise.resolve(({expression})({arguments})).then(x => JSON.stringify(x))"
        )
        assert isinstance(promise, JSPromise)
        return json.loads(str(promise.get()))


def _as_script(module: str, name: str) -> str:
    """Turn a bundle with one default export into a script that defines `name`."""
    default = re.search(r"export\s*\{\s*(\w+) as default\s*\}\s*;?|export default\s+([^;]+);?", module)
    assert default
    return (
        f"const {name} = (() => {{ {module.replace(default[0], f'return {default[1] or default[2]};')} }})();"
    )


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine()
    yield engine
    engine.isolate.close()


def a_glossary(size: int = 60) -> list[Document]:
    chance = random.Random(7)  # noqa: S311
    return [
        Document(
            url=Url(f"terms/t{number}/"),
            title=" ".join(chance.sample(WORDS, 2)),
            aliases=tuple(chance.sample(WORDS, chance.randrange(3))),
            tags=tuple(chance.sample(WORDS[:6], chance.randrange(3))),
            summary=" ".join(chance.choices(WORDS, k=12)),
            body=" ".join(chance.choices(WORDS, k=80)),
            tex=tuple(rf"\frac{{e^{{{a}}}}}{{\sum_{b} e^{b}}}" for a, b in [chance.sample("abcxyz", 2)]),
        )
        for number in range(size)
    ]


def fields_of(analysis: Analysis) -> dict[str, list[str]]:
    """The tokens that made an analysis, in the order it keeps them: what an oracle is fed."""
    return {field: list(Counter(getattr(analysis, field)).elements()) for field in FIELDS}


def numbered(documents: list[Document]) -> dict[int, Document]:
    """The documents by their numbers, ascending."""
    by_url = {document.url: document for document in documents}
    return {slot: by_url[url] for url, slot in slots(by_url).items()}


def analysed(documents: list[Document]) -> dict[int, Analysis]:
    return {slot: analyse(document) for slot, document in numbered(documents).items()}


def written(analyses: dict[int, Analysis], largest: int = LARGEST) -> dict[str, str]:
    """The files of the index, as a site has them."""
    _, files = whole(analyses, keys_of(analyses), "", largest)
    return {path: content.decode() for path, content in files.items()}


def keys_of(analyses: dict[int, Analysis]) -> list[Digest]:
    return list(map(digest, analyses.values()))


def names_of(documents: list[Document]) -> Any:
    """The names of a small site."""
    (content,) = names(numbered(documents)).values()
    return json.loads(content)


OPEN = f"""files => S.open(lunr, JSON.parse(files['{COMMON}']), async name => {{
  kept.asked = (kept.asked ?? []).concat(name)
  return JSON.parse(files[`search/${{name}}.json`])
}})"""
"""Read shards as a browser does, and note which."""


def by_lunr_py(analyses: dict[int, Analysis]) -> Index:
    builder = Builder()
    builder.ref("id")
    for field, boost in FIELDS.items():
        builder.field(field, boost=boost)
    for slot, analysis in analyses.items():
        builder.add({"id": str(slot), **fields_of(analysis)})
    return builder.build()


BUILD_IN_LUNR_JS = """(fields, documents) => lunr(function () {
  this.pipeline.reset()
  this.ref('id')
  for (const [name, boost] of fields) this.field(name, { boost })
  for (const [id, d] of documents) this.add({ id, ...d })
})"""


# ---------------------------------------------------------------- the shards against lunr's own index


def test_the_whole_index_is_the_one_that_lunr_py_builds() -> None:
    analyses = analysed(a_glossary())
    ours = json.loads(index(analyses))
    assert ours.pop("pipeline") == ["stemmer"]
    theirs = json.loads(json.dumps(by_lunr_py(analyses).serialize()))
    theirs.pop("pipeline")
    assert ours == theirs


def test_the_whole_index_is_the_one_that_lunr_js_builds(engine: Engine) -> None:
    analyses = analysed(a_glossary())
    ours = json.loads(index(analyses))
    documents = [[slot, fields_of(analysis)] for slot, analysis in analyses.items()]
    theirs = engine.call(BUILD_IN_LUNR_JS, list(FIELDS.items()), documents)
    assert sorted(ours.pop("invertedIndex")) == sorted(theirs.pop("invertedIndex"))
    assert ours == theirs


Clause = tuple[str, float, list[str]]
BOTH = """async (asked, clauses) => {
  const ask = index => index.query(q => { for (const [term, boost, fields] of clauses) q.term(term, { boost, fields, usePipeline: false }) })
    .map(({ ref, score, matchData }) => [ref, score, Object.keys(matchData.metadata).sort()])
  return [ask(await S.indexOf(kept.texts, asked, clauses.flatMap(c => c[2]))), ask(kept.whole)]
}"""


def ask_both(engine: Engine, clauses: list[Clause]) -> tuple[list[Any], list[Any]]:
    """What the shards answer, and what the whole index does, both by lunr.js."""
    ours, whole = engine.call(BOTH, [term for term, _, _ in clauses], clauses)
    return ours, whole


def keep_both(engine: Engine, analyses: dict[int, Analysis], largest: int = 150) -> None:
    engine.keep("texts", OPEN, written(analyses, largest))
    engine.keep("whole", "data => lunr.Index.load(data)", json.loads(index(analyses)))


def assert_the_same(ours: list[Any], whole: list[Any]) -> None:
    """The same documents in the same order, by the same terms; scores may differ in the order they were summed in."""
    assert [(ref, terms) for ref, _, terms in ours] == [(ref, terms) for ref, _, terms in whole]
    assert [score for _, score, _ in ours] == pytest.approx([score for _, score, _ in whole], abs=1e-12)


@pytest.mark.parametrize(
    "query", ["train", "model train", "entropi* data", "the", "vector matrix", "frac", "e", "zzz", "a* zz*"]
)
def test_a_query_finds_the_same_in_the_shards_in_the_whole_and_through_lunr_py(
    engine: Engine, query: str
) -> None:
    analyses = analysed(a_glossary())
    keep_both(engine, analyses)
    ours, whole = ask_both(engine, [(term, 1, list(FIELDS)) for term in query.split()])
    assert_the_same(ours, whole)
    for oracle in (by_lunr_py(analyses), Index.load(index(analyses).decode())):
        python_query = oracle.create_query()
        for term in query.split():
            python_query.term(term, use_pipeline=False)
        expected = [(result["ref"], result["score"]) for result in oracle.query(python_query)]
        assert [ref for ref, _, _ in ours] == [ref for ref, _ in expected]
        assert [score for _, score, _ in ours] == pytest.approx([score for _, score in expected], abs=1e-12)
    assert bool(ours) == (query != "zzz")


LETTERS = st.text("abé力𝔛 ", min_size=1, max_size=3)
CORPORA = st.lists(
    st.builds(
        Document,
        url=st.just(HOME),
        title=st.text("abc ", max_size=6),
        aliases=st.lists(LETTERS, max_size=2).map(tuple),
        tags=st.lists(LETTERS, max_size=2).map(tuple),
        body=st.lists(st.sampled_from(WORDS) | LETTERS, max_size=30).map(" ".join),
        tex=st.lists(st.text("\\abc^_", max_size=6), max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=25,
)
CLAUSES = st.tuples(
    st.sampled_from([stem(word) for word in WORDS])
    | LETTERS.map(str.strip)
    | st.sampled_from(("a*", "d*", "*", "a b")),
    st.sampled_from((0.1, 0.5, 1, 2, 3)),
    st.lists(st.sampled_from(list(FIELDS)), min_size=1, unique=True),
)


@given(corpus=CORPORA, queries=st.lists(st.lists(CLAUSES, min_size=1, max_size=5), min_size=3, max_size=6))
@settings(max_examples=150, deadline=None)
def test_any_query_finds_the_same_in_the_shards_and_in_the_whole(
    engine: Engine, corpus: list[Document], queries: list[list[Clause]]
) -> None:
    documents = [msgspec.structs.replace(one, url=Url(f"terms/{place}/")) for place, one in enumerate(corpus)]
    keep_both(engine, analysed(documents))
    for clauses in queries:
        assert_the_same(*ask_both(engine, clauses))


def test_plain_english_is_analysed_as_lunr_js_does(engine: Engine) -> None:
    text = (
        " ".join(WORDS)
        + '. A sentence, (with punctuation); and a question? "Quoted" words: all lower in the end!'
    )
    pipeline = """text => { const b = new lunr.Builder; b.pipeline.add(lunr.trimmer, lunr.stopWordFilter, lunr.stemmer)
        return b.pipeline.run(lunr.tokenizer(text)).map(String) }"""
    assert analyse(Document(url=HOME, title="", body=text)).body == Counter(engine.call(pipeline, text))


def test_the_stemmer_is_lunr_js_s(engine: Engine) -> None:
    chance = random.Random(3)  # noqa: S311
    words = [*WORDS] + [
        "".join(chance.choices("aeioubcdlmnprst", k=chance.randrange(2, 7))) + ending
        for ending in ENDINGS
        for _ in range(60)
    ]
    assert [stem(word) for word in words] == engine.call(
        "words => words.map(w => lunr.stemmer(new lunr.Token(w)).toString())", words
    )


def test_the_same_documents_give_the_same_bytes() -> None:
    documents, backwards = a_glossary(), a_glossary()[::-1]
    assert written(analysed(documents)) == written(analysed(backwards))
    assert names(numbered(documents)) == names(numbered(backwards))
    assert epoch() == epoch()


def test_an_analysis_keeps_its_terms_in_order() -> None:
    one = analyse(Document(url=HOME, title="", body="vector matrix vector"))
    other = analyse(Document(url=HOME, title="", body="matrix vector vector"))
    assert list(one.body.items()) == list(other.body.items()) == [("matrix", 1), ("vector", 2)]


def test_a_site_without_documents_has_an_index(engine: Engine) -> None:
    empty = written({})
    assert set(empty) == {COMMON, LENGTHS, TEX_LENGTHS}
    engine.keep("none", OPEN, empty)
    assert engine.call("() => S.full(kept.none, 'ring')") == []
    assert json.loads(names({})[NAMES]) == {"slots": [], "rows": []}


def test_terms_beyond_the_basic_plane_are_in_the_order_that_lunr_js_loads(engine: Engine) -> None:
    keep_both(engine, {3: analyse(Document(url=HOME, title="𝔛𐐷 \ufb4f 𠀀 ﷲ \uffdc"))}, largest=1)
    ours, whole = ask_both(engine, [("𠀀", 1, list(FIELDS))])
    assert_the_same(ours, whole)
    assert len(ours) == 1


# ---------------------------------------------------------------- how the index is cut


URLS = st.sets(st.integers(0, 500).map(lambda number: Url(f"terms/{number}/")), max_size=80)


@given(urls=URLS, new=st.integers(501, 600))
def test_a_new_document_moves_none_but_those_right_behind_it(urls: set[Url], new: int) -> None:
    before, url = slots(urls), Url(f"terms/{new}/")
    after = slots({*urls, url})
    assert len(set(after.values())) == len(urls) + 1
    assert list(after.values()) == sorted(after.values())
    if len(urls) in {32, 64}:
        return  # there are twice as many slots from now on
    moved = {before[one] for one in urls if before[one] != after[one]}
    assert moved == set(range(after[url], after[url] + len(moved)))
    assert all(after[one] - before[one] <= 1 for one in urls)


def test_few_documents_are_moved_by_new_ones() -> None:
    urls = [Url(f"terms/{number}/") for number in range(3000)]
    before, after = slots(urls), slots([*urls, *(Url(f"terms/new-{number}/") for number in range(100))])
    assert sum(before[url] != after[url] for url in urls) < 200


KEYS = st.dictionaries(st.text("abcd", min_size=1, max_size=6), st.integers(1, 60), min_size=1, max_size=80)


def shards_of(keys: dict[str, int], largest: int) -> list[tuple[str, ...]]:
    terms = sorted(keys)
    places = cut([keys[term] for term in terms], list(map(rank, terms)), largest)
    return [tuple(terms[first:last]) for first, last in pairwise([*places, len(terms)])]


@given(keys=KEYS, largest=st.integers(50, 300))
def test_a_shard_is_small_unless_a_key_is_large(keys: dict[str, int], largest: int) -> None:
    found = shards_of(keys, largest)
    assert [key for shard in found for key in shard] == sorted(keys)
    assert all(len(shard) == 1 or sum(map(keys.__getitem__, shard)) <= largest for shard in found)


def test_an_edit_changes_the_shard_it_falls_into() -> None:
    keys = {f"{number:x}": 1 + number % 7 for number in range(3000)}
    before = set(shards_of(keys, 100))
    changes = [
        len(set(shards_of({**keys, f"{number:x}z": 5}, 100)) - before) for number in range(0, 3000, 60)
    ]
    assert max(changes) <= 3
    assert sum(changes) < 1.5 * len(changes)


WORDS_OF_MANY = [f"{letter}{number}" for letter in "abcd" for number in range(40)] + [
    "é",
    "力",
    "𝔛",
    "\\ufb4f",
]
TEXTS = st.dictionaries(
    st.integers(0, 30), st.lists(st.sampled_from(WORDS_OF_MANY), max_size=12).map(" ".join), min_size=1
)


@pytest.fixture
def huge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few documents be as many as need bounds."""
    for name, value in {"MOST_EXACT": 4, "HEAVY": 60, "MOST_DOCUMENTS": 3}.items():
        monkeypatch.setattr(f"grimoire.search.shards.{name}", value)


@pytest.mark.usefixtures("huge")
@given(versions=st.lists(TEXTS, min_size=2, max_size=4), largest=st.integers(20, 60))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_index_of_a_huge_site_is_mended_too(versions: list[dict[int, str]], largest: int) -> None:
    mend(versions, largest)


@given(versions=st.lists(TEXTS, min_size=2, max_size=5), largest=st.integers(60, 400))
@settings(max_examples=200, deadline=None)
def test_an_index_mended_is_the_index_made_anew(versions: list[dict[int, str]], largest: int) -> None:
    """Documents come, go and change; nothing is made anew but what changed."""
    mend(versions, largest)


def mend(versions: list[dict[int, str]], largest: int) -> None:
    last, files = whole({}, [], "", largest)
    before: dict[int, Analysis] = {}
    for version in versions:
        texts = [
            Document(url=Url(f"terms/{number}/"), title=text[:2], body=text, tags=("a1",) * (number % 2))
            for number, text in version.items()
        ]
        after = analysed(texts)
        changes = [
            Change(slot, before.get(slot), after.get(slot))
            for slot in before.keys() | after.keys()
            if before.get(slot) != after.get(slot)
        ]
        keys = dict(zip(after, keys_of(after), strict=True))
        layout, changed = mended(last, keys, changes, files.__getitem__, largest)
        expected, whole_files = whole(after, list(keys.values()), "", largest)
        assert layout == expected
        assert {**{path: files.get(path) for path in layout.digests}, **changed} == whole_files
        assert all(
            path in {COMMON, LENGTHS, TEX_LENGTHS} or files.get(path) != content
            for path, content in changed.items()
        )
        last, files, before = layout, whole_files, after


def test_a_shard_that_is_not_as_it_was_left_is_not_mended() -> None:
    before = analysed([Document(url=HOME, title="ring")])
    after = analysed([Document(url=HOME, title="ring of two")])
    last, _ = whole(before, keys_of(before), "")
    keys = dict(zip(after, keys_of(after), strict=True))
    changes = [Change(slot, before[slot], after[slot]) for slot in after]
    with pytest.raises(ValueError, match="not as it was left"):
        mended(last, keys, changes, lambda _: b'[["ring",0,[3]]]\n')


@pytest.mark.usefixtures("huge")
def test_of_a_term_that_most_have_those_are_found_that_have_it_most(engine: Engine) -> None:
    documents = [
        Document(url=Url(f"terms/{number}/"), title="", body="ring " * number) for number in range(1, 60)
    ]
    analyses = analysed([*documents, Document(url=HOME, title="field", body="A field, no more.")])
    files = written(analyses, 30)
    engine.keep("huge", OPEN, files)
    slots_ = {one.url: slot for slot, one in analyses.items()}
    found = engine.call("() => S.full(kept.huge, 'ring')")
    assert {one["slot"] for one in found} == {slots_[Url(f"terms/{number}/")] for number in (59, 58, 57)}
    idf = math.log(1 + (60 - 59 + 0.5) / (59 + 0.5))
    assert found[0]["score"] == pytest.approx(idf * 2.2 * 59 / (1.2 + 59), abs=1e-3), "of all documents"
    assert LENGTHS not in files
    assert any(path.startswith("search/whole/") for path in files)


@given(start=st.text())
def test_both_sides_call_a_shard_alike(engine: Engine, start: str) -> None:
    assert engine.call("start => S.nameOfShard(start)", start) == f"{rank(start):08x}"


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("chunk", "words", "joined"),
    [
        ("Softmax", ["softmax"], ""),
        ("softmax(x).", ["softmax", "x"], ""),
        ("k-means,", ["k", "means"], "kmeans"),
        ("K–Means", ["k", "means"], "kmeans"),
        ("GPT-2", ["gpt", "2"], "gpt2"),
        ("GPT2", ["gpt2"], ""),
        ("R^2", ["r", "2"], "r2"),
        ("ℓ1", ["l1"], ""),
        ("χ²", ["χ2"], ""),
        ("i.i.d.", ["iid"], ""),
        ("(i.i.d.)", ["iid"], ""),
        ("e.g.,", ["eg"], ""),
        ("C++", ["c++"], ""),
        ("C#,", ["c#"], ""),
        ("3.14.", ["3.14"], ""),
        ("don't", ["dont"], ""),
        ("Poincaré’s", ["poincares"], ""),
        ("Łojasiewicz", ["lojasiewicz"], ""),
        ("and/or", ["and", "or"], ""),
        ("one-two-three-four", ["one", "two", "three", "four"], ""),
        ("Transformer模型", ["transformer", "模型"], ""),
        ("http://x.y", ["http", "x", "y"], ""),
        ("—", [], ""),
    ],
)
def test_a_chunk_is_taken_apart(engine: Engine, chunk: str, words: list[str], joined: str) -> None:
    assert take_apart(chunk) == (tuple(words), joined)
    assert engine.call("x => S.takeApart(x)", chunk) == {"words": words, "joined": joined}


def test_both_sides_know_every_character_alike(engine: Engine) -> None:
    # Cherokee folds to capitals in Python, to small letters in JavaScript.
    chars = [
        char
        for char in map(chr, range(1, 0x10000))
        if unicodedata.category(char) not in {"Cn", "Co", "Cs"}
        and not ("\u13a0" <= char <= "\u13ff" or "\uab70" <= char <= "\uabbf")
    ]
    texts = [pattern.format(char) for char in chars for pattern in ("{}", "力{}é")]
    apart = "texts => texts.map(text => [S.words(text), S.streams(text)])"
    ours = [[_words(text), streams(text)] for text in texts]
    assert [(text, *both) for text, both in zip(texts, engine.call(apart, texts), strict=True)] == [
        (text, *both) for text, both in zip(texts, ours, strict=True)
    ]


def _words(text: str) -> list[str]:
    return [word for chunk in text.split() for word in take_apart(chunk).words]


# A mark of one script on a letter of another is left out: no language writes it.
SCRIPTS = st.one_of(
    *(
        st.text(
            [
                chr(point)
                for first, last in blocks
                for point in range(first, last)
                if chr(point).isprintable()
            ],
            max_size=12,
        )
        for blocks in (
            [(0x20, 0x250), (0x300, 0x34F)],
            [(0x391, 0x3CA), (0x300, 0x34F), (0x30, 0x40)],
            [(0x400, 0x480), (0x300, 0x304)],
            [(0x5D0, 0x5EB)],
            [(0x620, 0x653), (0x660, 0x66A)],
            [(0x900, 0x970)],
            [(0xE01, 0xE3B), (0xE40, 0xE4F)],
            [(0x3041, 0x3097), (0x30A1, 0x30FB), (0x4E00, 0x4F00), (0x3000, 0x3003)],
            [(0xAC00, 0xAD00), (0x20, 0x40)],
            [(0x2010, 0x2020), (0x2200, 0x2210), (0x61, 0x6A), (0x20, 0x30)],
            [(0xB0, 0xBF), (0x2070, 0x2090), (0x2100, 0x2140), (0x61, 0x6A)],
        )
    )
)


@given(texts=st.lists(SCRIPTS, max_size=5))
@settings(max_examples=400, deadline=None)
def test_both_sides_take_any_text_apart_alike(engine: Engine, texts: list[str]) -> None:
    text = " ".join(texts)
    assert engine.call("x => S.words(x)", text) == _words(text)
    assert engine.call("x => S.streams(x)", text) == streams(text)


@given(text=st.text("abcxyz\\{}^_ 12αβ+-", max_size=40))
@settings(max_examples=200, deadline=None)
def test_both_sides_take_any_formula_apart_alike(engine: Engine, text: str) -> None:
    assert engine.call("x => S.streams(x)", text) == streams(text)


@given(title=st.text(), body=st.text(), tex=st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_is_analysed_and_indexed(title: str, body: str, tex: str) -> None:
    document = Document(
        url=HOME, title=title, aliases=(body,), tags=(tex,), summary=title, body=body, tex=(tex, title)
    )
    analysis = analyse(document)
    assert all(term and term.strip() == term for field in FIELDS for term in getattr(analysis, field))
    found = json.loads(written({5: analysis})[COMMON])
    assert found["slots"] == [5]


# ---------------------------------------------------------------- the names tier

TABLE = tomllib.loads((HERE / "search" / "names.toml").read_text(encoding="utf-8"))


def the_terms() -> list[Document]:
    return [
        Document(
            url=Url(f"terms/{term.get('slug') or slugify(term['title'])}/"),
            title=term["title"],
            aliases=tuple(term.get("aliases", ())),
            abbreviation=term.get("abbreviation", ""),
            summary=term["summary"],
        )
        for term in TABLE["term"]
    ]


@pytest.fixture(scope="module")
def find(engine: Engine) -> Callable[..., Any]:
    engine.keep("names", "data => S.prepare(data)", names_of(the_terms()))
    return lambda query, most=12: engine.call("(q, max) => S.search(kept.names, q, max)", query, most)


@pytest.mark.parametrize(("query", "title"), TABLE["queries"].items())
def test_a_name_is_found_first(find: Callable[..., Any], query: str, title: str) -> None:
    assert [hit["title"] for hit in find(query)][:1] == [title]


def test_the_table_of_names_is_long() -> None:
    assert len(TABLE["queries"]) >= 60


def test_names_are_found_in_the_order_of_the_tiers(engine: Engine) -> None:
    titles = {
        "Maximum mean": ["rmsd"],
        "Abc": [],
        "Other": ["abc"],
        "Abcdef": [],
        "A bold claim": [],
        "Another": ["abcde"],
        "Claim abcd": [],
        "Xabcx": [],
        "Abd": [],
    }
    rows = [[title, f"terms/{slugify(title)}/", "", aliases, [], ""] for title, aliases in titles.items()]
    rows.append(["Last", "terms/last/", "", [], [], "It says abc in its summary."])
    data = {"slots": [1] * len(rows), "rows": rows}
    found = engine.call("data => S.search(S.prepare(data), 'abc', 20).map(h => h.title)", data)
    assert found == ["Abc", "Other", "Abcdef", "A bold claim", "Another", "Claim abcd", "Xabcx", "Last"]


REACH = f"""() => files => S.openNames(JSON.parse(files['{NAMES}']), async name => JSON.parse(files[`search/${{name}}.json`]))"""
LARGE = """async query => {
  const names = kept.reach(kept.files)
  await names.reach(query, 12)
  return [S.search(names, query).map(h => [h.title, h.tier]), S.search(kept.names, query).map(h => [h.title, h.tier])]
}"""


@pytest.fixture(scope="module")
def reach(engine: Engine, find: Callable[..., Any]) -> Callable[[str], Any]:
    """What is found with the names cut up as on a large site, each query the first, and with all names at hand."""
    assert find("entropy")
    files = {path: content.decode() for path, content in names(numbered(the_terms()), 0, 500).items()}
    assert len(files) > 30
    engine.keep("files", "files => files", files)
    engine.keep("reach", REACH)
    return lambda query: engine.call(LARGE, query)


WORDS_TIER = 4
BY_TEXT = {"looking ahead", "机制", "fitting", "noise of the sample"}
"""What stands inside of a word, or in a summary: on a large site that is left to the index of the texts."""


@pytest.mark.parametrize(("query", "title"), TABLE["queries"].items())
def test_a_name_is_found_first_on_a_large_site_too(
    reach: Callable[[str], Any], query: str, title: str
) -> None:
    found, whole = reach(query)
    assert [one for one, _ in found][:1] == ([] if query in BY_TEXT else [title])
    assert [hit for hit in found if hit[1] >= WORDS_TIER] == [hit for hit in whole if hit[1] >= WORDS_TIER]


def test_an_other_name_says_which_one_answered(find: Callable[..., Any]) -> None:
    assert find("log loss")[0]["via"] == "log loss"
    assert find("cross-entropy")[0]["via"] == ""
    assert find("beta vae")[0]["via"] == "", "the slug answers in silence"


def test_no_more_is_found_than_was_asked_for(find: Callable[..., Any]) -> None:
    assert len(find("e", 3)) == 3
    assert find("") == find("  ") == find("–") == []


def test_what_nothing_answers_has_a_nearest_spelling(engine: Engine, find: Callable[..., Any]) -> None:
    assert find("ovrxxttng") == []
    near = engine.call("q => S.nearest(kept.names, q).map(h => h.title)", "ovrxxttng")
    assert near[0] == "Overfitting"
    assert engine.call("q => S.nearest(kept.names, q)", "qqqqqqqqqq") == []


def _errors(query: str, word: str) -> int:
    """Optimal string alignment, written as its definition."""
    table = {(i, 0): i for i in range(len(query) + 1)} | {(0, j): j for j in range(len(word) + 1)}
    for i in range(1, len(query) + 1):
        for j in range(1, len(word) + 1):
            table[i, j] = min(
                table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (query[i - 1] != word[j - 1])
            )
            if i > 1 and j > 1 and query[i - 2 : i] == word[j - 2 : j][::-1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(query), len(word)]


@given(query=st.text("abc", max_size=9), word=st.text("abc", max_size=9), most=st.integers(0, 4))
@settings(max_examples=300, deadline=None)
def test_errors_of_spelling_are_counted_by_their_definition(
    engine: Engine, query: str, word: str, most: int
) -> None:
    whole, beginning = engine.call(
        "(q, w, m) => [S.errors(q, w, m, false), S.errors(q, w, m, true)]", query, word, most
    )
    assert whole == min(most + 1, _errors(query, word))
    assert beginning == min(most + 1, *(_errors(query, word[:length]) for length in range(len(word) + 1)))


def test_a_long_summary_is_cut_after_a_word() -> None:
    row = names_of([Document(url=HOME, title="X", summary="word " * 100)])["rows"][0]
    assert row[5].endswith("word…")
    assert len(row[5]) <= 180


# ---------------------------------------------------------------- texts and formulas


def the_library() -> list[Document]:
    texts: dict[str, tuple[str, tuple[str, ...]]] = {
        "Softmax": (
            "It turns scores into probabilities.",
            (r"\operatorname{softmax}(z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}}",),
        ),
        "Entropy": ("The average surprise, used when training models.", (r"H(p) = -\sum_i p_i \log p_i",)),
        "Logistic function": ("An S-shaped curve.", (r"\sigma(x) = \frac{1}{1 + e^{-x}}",)),
        "Perplexity": (
            "How many equally likely words a trained model hesitates between. Naïve readers of Poincaré know it.",
            (r"2^{H(p)}",),
        ),
        "L1 regularization": (
            "A penalty, as in k-means with i.i.d. data, in C++ or by GPT4.",
            (r"\lambda \|w\|_1",),
        ),
        "注意力机制": ("按相关程度对输入加权求和的方法。", ()),
        "IT": ("Computers.", ()),
        "Theory of games": ("What a player does.", (r"\max_x \min_y f(x, y)",)),
    }
    return [
        Document(url=Url(f"terms/{slugify(title)}/"), title=title, body=body, tex=tex)
        for title, (body, tex) in texts.items()
    ]


@pytest.fixture(scope="module")
def full(engine: Engine) -> Callable[[str], list[str]]:
    documents = the_library()
    engine.keep("full", OPEN, written(analysed(documents), 300))
    engine.keep("library", "data => S.prepare(data)", names_of(documents))
    return lambda query: engine.call(
        "async q => S.merge(kept.library, q, [], await S.full(kept.full, q)).map(h => h.title)", query
    )


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("training", ["Entropy", "Perplexity"]),
        ("trainin", ["Entropy", "Perplexity"]),
        ("probability", ["Softmax"]),
        ("hesitat", ["Perplexity"]),
        ("equally likely words", ["Perplexity"]),
        ("naive poincare", ["Perplexity"]),
        ("Naïve", ["Perplexity"]),
        ("kmeans", ["L1 regularization"]),
        ("k-means", ["L1 regularization"]),
        ("iid data", ["L1 regularization"]),
        ("c++", ["L1 regularization"]),
        ("GPT-4", ["L1 regularization"]),
        ("it", ["IT"]),
        ("theory of games", ["Theory of games"]),
        ("加权", ["注意力机制"]),
        ("注意力", ["注意力机制"]),
        (r"\frac{e^", ["Softmax"]),
        (r"\frac e", ["Softmax"]),
        ("e^{", ["Logistic function", "Softmax"]),
        (r"\frac{e^{z", ["Softmax"]),
        (r"\sum p log", ["Entropy"]),
        (r"\sum_i p_i \log", ["Entropy"]),
        (r"\lambda \|w", ["L1 regularization"]),
        (r"\max_x \mi", ["Theory of games"]),
        ("e^{-x", ["Logistic function"]),
        ("surprise zzzz", ["Entropy"]),
        ("zzzz", []),
        (r"\zzzz", []),
        ("", []),
    ],
)
def test_texts_and_formulas_are_found(
    full: Callable[[str], list[str]], query: str, titles: list[str]
) -> None:
    assert full(query) == titles


def test_what_the_names_found_comes_before_what_the_texts_found(
    engine: Engine, full: Callable[[str], list[str]]
) -> None:
    assert full("model")
    merged = """async q => { const hits = S.search(kept.library, q); return [hits.map(h => h.url),
        S.merge(kept.library, q, hits, await S.full(kept.full, q)).map(h => h.url)] }"""
    hits, both = engine.call(merged, "ent")
    assert both[: len(hits)] == hits
    assert len(both) == len(set(both))


@given(query=st.text() | st.text("\\{}^_*~:+-\"'.()|/ abelx1é力", max_size=30))
@settings(max_examples=500, deadline=None)
def test_nothing_that_is_typed_throws(
    engine: Engine, find: Callable[..., Any], full: Callable[[str], list[str]], query: str
) -> None:
    assert isinstance(find(query), list)
    assert isinstance(full(query), list)
    assert isinstance(engine.call("q => S.nearest(kept.names, q)", query), list)

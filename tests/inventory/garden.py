"""What a page of a digital garden holds, in French around an English text."""

from tests.inventory.seen import Case, case, formulas, lacks, links, not_found_by, on, says, summary, writes

WORKS = """\
@article{shannon1948,
  author = {Shannon, Claude E.},
  title = {A Mathematical Theory of Communication},
  journal = {Bell System Technical Journal},
  year = {1948},
}
@misc{hinton2015,
  author = {Hinton, Geoffrey and Vinyals, Oriol and Dean, Jeff},
  title = {Distilling the Knowledge in a Neural Network},
  year = {2015},
}
"""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"></svg>'

CASES: tuple[Case, ...] = (
    case(
        "strings of the page in the site's language, the entry in its own",
        {
            "site.yaml": "language: fr\n",
            "entry.md": "---\nlang: en\n---\n# Entry\n\nText.\n\n![[other]]\n",
            "other.md": "# Other\n\nInside.\n",
        },
        writes("Lien vers l’original"),
        on("", says("termes")),
    ),
    case(
        "A2 the first sentence, then sections",
        "A model of a language, often a transformer.\n\n## On teaching\n\nMore.\n",
        summary("A model of a language, often a transformer."),
        writes('<p class="lead">A model of a language', '<h2 id="on-teaching">On teaching</h2>'),
    ),
    case(
        "A3 headings in lower case, with a full stop and a link",
        "## on how we are [[softmax|taught]].\n\na\n\n## on ethics\n\nb\n\n[[#on how we are taught]]\n",
        writes(
            '<h2 id="on-how-we-are-taught">on how we are <a class="t" href="terms/softmax/">taught</a>.</h2>'
        ),
        links(("taught", "terms/softmax/"), ("on how we are taught", "#on-how-we-are-taught")),
        beside=("Softmax",),
    ),
    case(
        "A3 a contents list without the links of its headings",
        {"notes/entry.md": "# Entry\n\n## on [[softmax]].\n\na\n\n## two\n\nb\n\n## three\n\nc\n"},
        on("notes/entry/", writes('<li><a href="#on-softmax">on softmax.</a></li>')),
        beside=("Softmax",),
    ),
    case(
        "A4 citations in a sentence, as its subject, and with a place",
        {
            "references.bib": WORKS,
            "entry.md": "# Entry\n\nNets teach nets [@hinton2015]. As @hinton2015 say, so in [-@hinton2015], [@hinton2015; @shannon1948], "
            '[@shannon1948, p. 3] and [@shannon1948{see "Part II"}].\n',
        },
        says(
            "Nets teach nets (Hinton et al., 2015). As Hinton et al. (2015) say, so in (2015), "
            "(Hinton et al., 2015; Shannon, 1948), (Shannon, 1948, p. 3) and (Shannon, 1948, see “Part II”)."
        ),
        summary("Nets teach nets (Hinton et al., 2015)."),
        on(
            "references/",
            says("A Mathematical Theory of Communication", "Distilling the Knowledge in a Neural Network"),
        ),
    ),
    case(
        "A5 notes are numbered in the order of their use, right behind what they speak of",
        "One.[^b] Two $H_3$)[^a] and one more[^c]\n\n[^a]: Second.\n[^c]: Third.\n[^b]: First.\n",
        writes(
            'One.<button class="fn" aria-label="Note 1">1</button>',
            '$H_3$)<button class="fn" aria-label="Note 2">2</button>',
            'more<button class="fn" aria-label="Note 3">3</button>',
            "First.",
        ),
    ),
    case(
        "A6 callouts with titles of their own, folded and open",
        "> [!tip]+ Friends and family\n> a\n\n> [!note]- tl/dr\n> b\n\n> [!warning] what follows\n> c\n",
        writes(
            '<details class="note tip" open=""><summary class="lbl">Friends and family</summary>',
            '<details class="note note"><summary class="lbl">tl/dr</summary>',
            '<div class="note warning"><p class="lbl">what follows</p>',
        ),
    ),
    case(
        "A7 a diagram is drawn, and nothing in it is a link",
        "Text.\n\n```mermaid\nflowchart LR\n  A[The weather is] --> B[H0] --> C[... hot]\n```\n",
        writes('<figure class="diagram">', "A[The weather is] --&gt; B[H0]"),
        links(),
        beside=("H0",),
    ),
    case(
        "A8 a list three deep",
        "- one of “these”\n  - two:\n    - three\n  - two again:\n",
        writes("<ul><li>one of “these”<ul><li>two:<ul><li>three</li> </ul> </li> <li>two again:</li> </ul>"),
    ),
    case(
        "A9 code inside an item, and the next number",
        "1. One. For example:\n\n   ```\n   V(king) - V(man)\n   ```\n2. Two\n",
        writes('<li><p>One. For example:</p> <figure class="code">', "</figure> </li> <li><p>Two</p>"),
    ),
    case(
        "A10 a figure with its number, heard once",
        {
            "entry.md": '# Entry\n\nText.\n\n![A stream of parts](a.svg "figure 1: A stream of parts")\n\n![The same](a.svg "The same")\n',
            "a.svg": PICTURE,
        },
        writes(
            "<figcaption>figure 1: A stream of parts</figcaption></figure>",
            'alt="">',
            "<figcaption>The same</figcaption>",
        ),
    ),
    case(
        "A11 what to see also, in and out",
        "See also Alignment. See also: [[softmax]], [the code](https://example.org/code), [threads](https://example.org/t)\n",
        links(
            ("softmax", "terms/softmax/"),
            ("the code", "https://example.org/code"),
            ("threads", "https://example.org/t"),
        ),
        beside=("Softmax", "Alignment"),
    ),
    case(
        "A12 what another host embeds is a link",
        "Text.\n\n![A post](https://example.org/post/1)\n\n![](https://example.org/post/2)\n",
        links(
            ("A post", "https://example.org/post/1"),
            ("https://example.org/post/2", "https://example.org/post/2"),
        ),
        lacks("<img", "<iframe"),
    ),
    case(
        "A13 a section of another entry, with its notes, and the way to it",
        {
            "entry.md": "# Entry\n\nText.[^1]\n\n## Part\n\n![[other#Section]]\n\nMore.[^2]\n\n[^1]: Own.\n[^2]: Own too.\n",
            "other.md": "# Other\n\nNot this.\n\n## Section\n\nOf it.[^1]\n\n### Part\n\nDeep.\n\n## Next\n\nNor this.\n\n[^1]: From there.\n",
        },
        says("Of it.", "Deep."),
        lacks("Not this.", "Nor this."),
        writes('href="terms/other/#section"', "<h4 "),
    ),
    case(
        "A13 two entries that embed each other",
        {"a.md": "# A\n\nOne.\n\n![[B]]\n", "b.md": "# B\n\nOther.\n\n![[A]]\n"},
        on("terms/a/", says("One.", "Other.")),
        on("terms/b/", says("One.", "Other.")),
        faults=("a.md:5:1 circular-transclusion", "b.md:5:1 circular-transclusion"),
    ),
    case(
        "A14 items that begin with what they define",
        "- **Quantization**: fewer bits\n- *Batching*: more at once\n",
        writes(
            "<li><strong>Quantization</strong>: fewer bits</li>", "<li><em>Batching</em>: more at once</li>"
        ),
    ),
    case(
        "A15 a display is said once",
        "So\n\n$$\nx_{1} = \\mathit{H}{(x_{0})} + x_{0}\n$$\n",
        writes("$$x_{1} = \\mathit{H}{(x_{0})} + x_{0}$$"),
        formulas("x_{1} = \\mathit{H}{(x_{0})} + x_{0}"),
    ),
    case(
        "A17 short words with signs",
        "A decoder (i.e: a half) & more, tl/dr. “So” it is.\n",
        summary("A decoder (i.e: a half) & more, tl/dr."),
        writes("&amp; more"),
    ),
    case(
        "A18 sections with nothing in them",
        "## One\n\n## Two\n\n### Three\n\n## Four\n\nText.\n",
        writes(
            '<h2 id="one">One</h2> <h2 id="two">Two</h2> <h3 id="three">Three</h3> <h2 id="four">Four</h2>'
        ),
        summary("Text."),
        not_found_by("zebra"),
    ),
)

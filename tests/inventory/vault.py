"""What a glossary in a vault holds: many terms in one file, with all that Obsidian lets an author write."""

from tests.inventory.seen import (
    Case,
    case,
    formulas,
    found_by,
    lacks,
    links,
    names,
    not_found_by,
    on,
    record,
    says,
    summary,
    writes,
)

CASES: tuple[Case, ...] = (
    case(
        "front-matter of a vault",
        {
            "glossary.md": '---\nid: glossary\ntags:\n  - evergreen\nauthor: ada\ncomments: false\ndate: "2024-09-20"\n'
            'description: Words of the manual.\nmodified: "2024-10-08"\ntitle: Glossary\ntitleTransclude: false\n---\n\n'
            "What stands first is the page's own.\n\n## inlay hints\n\nMarks.\n\n### Gated one\n\nA part.\n\n## data\n\nFacts, see [[glossary#Gated one]].\n",
        },
        on(
            "glossary/",
            record(
                title="Glossary",
                author="ada",
                created="2024-09-20",
                modified="2024-10-08",
                summary="Words of the manual.",
            ),
            says("What stands first is the page's own.", "inlay hints Marks.", "data Facts"),
        ),
        on("terms/inlay-hints/", says("Marks.", "A part."), lacks("What stands first")),
        on("terms/data/", links(("Gated one", "terms/inlay-hints/#gated-one")), record(author="ada")),
        on("", says("D data", "I inlay hints")),
    ),
    case(
        "wikilinks into the file itself, another, a block",
        {
            "glossary.md": "## transformers\n\nNets, see [[glossary#sparse coders]].\n\n## sparse coders\n\nMany [[glossary#transformers|nets]], [[glossary#flops]], "
            "[[Scratch#entropy]] and\nthe [[tut/one/tut1#^norm|norm]] of [[glossary#transformers]]\n\n## FLOPs\n\nText.\n",
            "Scratch.md": "# Scratch\n\nText.\n\n### entropy\n\nText.\n",
            "tut/one/tut1.md": "# First\n\nSo much. ^norm\n",
        },
        on("terms/transformers/", links(("sparse coders", "terms/sparse-coders/"))),
        on(
            "terms/sparse-coders/",
            links(
                ("nets", "terms/transformers/"),
                ("flops", "terms/flops/"),
                ("entropy", "terms/scratch/#entropy"),
                ("norm", "terms/first/#norm"),
                ("transformers", "terms/transformers/"),
            ),
        ),
    ),
    case(
        "wikilinks to what is not there",
        "Of [[Scratch#entropy]], the [[tut/one/tut1#^norm|norm]].\n\n![[images/arch.png]]\n",
        links(("entropy", "wanted/#scratch"), ("norm", "wanted/#tut1")),
        says("images/arch.png"),
        faults=("entry.md:3:4 missing-term", "entry.md:3:29 missing-term", "entry.md:5:1 missing-image"),
    ),
    case(
        "citations by keys with signs in them, and one that no bibliography has",
        {
            "references.bib": "@article{10.1002/j.1538-7305.1948.tb01338.x,\n author = {Shannon, Claude E.},\n"
            " title = {A Mathematical Theory of Communication},\n year = {1948}\n}\n"
            "@misc{hinton-etal-2015-distilling,\n author = {Hinton, Geoffrey and Vinyals, Oriol and Dean, Jeff},\n"
            " title = {Distilling the Knowledge in a Neural Network},\n year = {2015}\n}\n"
            "@article{doi:10.1145/3065386,\n author = {Krizhevsky, Alex and Sutskever, Ilya and Hinton, Geoffrey E.},\n"
            " title = {ImageNet Classification with Deep Convolutional Neural Networks},\n year = {2017}\n}\n",
            "glossary.md": "## noise\n\nIt was measured [@10.1002/j.1538-7305.1948.tb01338.x], first of all. _Nets teach nets_ "
            "[@hinton-etal-2015-distilling] and see [@doi:10.1145/3065386].\n\n## gates\n\nWith [@no2020one; @hinton-etal-2015-distilling]: so.\n",
        },
        on(
            "terms/noise/",
            says(
                "It was measured (Shannon, 1948), first of all. Nets teach nets (Hinton et al., 2015) and see "
                "(Krizhevsky et al., 2017)."
            ),
        ),
        on("terms/gates/", says("With (@no2020one; Hinton et al., 2015): so.")),
        faults=("glossary.md:7:7 missing-citation",),
    ),
    case(
        "footnotes defined at once, in several lines, and the mark of their place",
        {
            "entry.md": "# Entry\n\nOne[^2]\n\n[^2]: See [there](https://example.org), and so on.\n\nTwo $H$)[^3] and _three_ [^long]\n\n[^3]: Some ~ 96 of it.\n\n"
            "[^long]:\n    If $f$ holds, it is so.<br>\n    Else not.\n\n[^ref]\n"
        },
        writes(
            'One<button class="fn" aria-label="Note 1">1</button>',
            '$H$)<button class="fn" aria-label="Note 2">2</button>',
            '<em>three</em> <button class="fn" aria-label="Note 3">3</button>',
            "it is so.<br>",
        ),
        lacks("[^ref]"),
        formulas("H", "f"),
    ),
    case(
        "T1 a line of aliases",
        {
            "glossary.md": "## mechanistic interpretability\n\nalias: mech interp\n\nIt takes nets apart.\n\n## tuning\n\nIn [mech interp] it is so.\n"
        },
        on(
            "terms/mechanistic-interpretability/",
            names("mech interp"),
            summary("It takes nets apart."),
            lacks("alias"),
        ),
        on("terms/tuning/", links(("mech interp", "terms/mechanistic-interpretability/"))),
    ),
    case(
        "T2 a line with the abbreviation, and its plural",
        {
            "glossary.md": "## sparse autoencoder\n\nabbrev: SAE\n\nA net.\n\n## tuning\n\nOf [SAEs] and [[SAE]].\n"
        },
        on("terms/sparse-autoencoder/", record(abbreviation="SAE"), names("SAE"), found_by("SAE")),
        on(
            "terms/tuning/",
            links(("SAEs", "terms/sparse-autoencoder/"), ("SAE", "terms/sparse-autoencoder/")),
        ),
    ),
    case(
        "T3 another name with a link in it",
        {
            "glossary.md": "## steering by hand\n\nalso known as [[glossary#features]] guiding\n\nIt is done so.\n\n## features\n\nText.\n"
        },
        on("terms/steering-by-hand/", names("features guiding"), summary("It is done so.")),
        on("terms/features/", record(backlinks=["steering-by-hand"])),
    ),
    case(
        "T4 what prose says of other names declares none",
        'Also known as floating point work. It counts.\n\nOften also referred to as pruning, but it differs (often known as\n"hidden layers").\n',
        names(),
        says("Also known as floating point work. It counts.", "Often also referred to as pruning"),
    ),
    case(
        "T5 an abbreviation nobody declared",
        {
            "glossary.md": "## time-to-first-token\n\nThe wait. Less TTFT is better; a perceptron (MLP).\n\n## b\n\nNo [TTFT].\n"
        },
        on("terms/time-to-first-token/", names(), record(abbreviation="")),
        on("terms/b/", links(), says("No [TTFT].")),
    ),
    case(
        "T6 callouts",
        "> [!abstract] definition\n>\n> It is *so*.\n\n> [!important] intuition\n> - because\n\n> [!abstract]\n> So.\n",
        writes(
            '<p class="lbl">definition</p> <p>It is <em>so</em>.</p>',
            '<p class="lbl">intuition</p> <ul><li>because</li>',
            '<p class="lbl">Abstract</p> <p>So.</p>',
        ),
        lacks("[!"),
    ),
    case(
        "T7 a display inside a callout",
        "> [!abstract] definition\n>\n> We split $x \\in \\mathbb{R}^n$:\n>\n> $$\n> x \\sim \\sum_i f_i d_i\n> \\\\\n> \\because \\begin{aligned}\n"
        ">  d_i M \\gg n&:\\text{ a direction} \\\\\n> f_i \\ge 0&: \\text{ how far }x\n> \\end{aligned}\n> $$\n",
        formulas(
            "x \\in \\mathbb{R}^n",
            "x \\sim \\sum_i f_i d_i\n\\\\\n\\because \\begin{aligned}\nd_i M \\gg n&:\\text{ a direction} \\\\\nf_i \\ge 0&: \\text{ how far }x\n\\end{aligned}",
        ),
    ),
    case(
        "T8 a display right below a line, broken outside an environment",
        "The loss:\n\n$$\n\\mathcal{L}(x) \\coloneqq \\| x-\\hat{x} \\|_2^2 + c\\mid f(x) \\mid\n\\\\\n\\because c: \\text{ a constant}\n$$\n\nor so:\n$$\nb\n$$\n",
        formulas(
            "\\mathcal{L}(x) \\coloneqq \\| x-\\hat{x} \\|_2^2 + c\\mid f(x) \\mid\n\\\\\n\\because c: \\text{ a constant}",
            "b",
        ),
    ),
    case(
        "T9 aligned lines, braces below braces, signs of all kinds",
        "$$\n\\begin{aligned}\nf(x) &\\coloneqq \\text{ReLU}(W_\\text{enc}(x - b_\\text{dec})) \\\\\n\\hat{x}(f) &\\coloneqq W_\\text{dec} f(x)\n\\end{aligned}\n$$\n\n"
        "$$\n\\underbrace{\\mathbf{1}[\\underbrace{(\\mathbf{W}_{\\text{gate}}\\mathbf{x}) > 0}_{\\pi}]}_{f} \\odot \\text{ReLU}(\\mathbf{x})\n$$\n\n"
        "$\\mathbf{1}[\\bullet > 0]$, $\\mathit{(C,E)}$ and $(\\exp (r_\\text{mag}))_i \\cdot \\|y-x\\|^2/d$.\n",
        lacks("math-error"),
        says("$\\mathit{(C,E)}$ and"),
    ),
    case(
        "T9 a letter of a cut that KaTeX has not",
        "Where $\\mathbb{1}[\\bullet > 0]$ is a step.\n",
        formulas("\\mathbb{1}[\\bullet > 0]"),
        faults=("entry.md:3:16 math-warning",),
    ),
    case(
        "T10 formulas in the cells of a table",
        "| term | meaning |\n| ---- | --- |\n| $f_\\text{gate}$ | what is *on* |\n| $\\pi_\\text{gate}(x)$ | $f_\\text{gate}$ before |\n",
        writes("<tr><td>$\\pi_\\text{gate}(x)$</td> <td>$f_\\text{gate}$ before</td> </tr>"),
        formulas("f_\\text{gate}", "\\pi_\\text{gate}(x)", "f_\\text{gate}"),
    ),
    case(
        "T11 quotes",
        "> ELI5: a toy. **For small $f(x)$ it is\n> off** [...] - [A book](https://example.org/b)\n",
        writes("<blockquote><p>ELI5: a toy. <strong>For small $f(x)$ it is off</strong> [...] - <a "),
        links(("A book", "https://example.org/b")),
    ),
    case(
        "T12 words in a diagram that are terms too",
        {
            "glossary.md": "## residual stream\n\n```mermaid\nflowchart LR\n  A[Token] --> I[...] --> X[logits]\n\n```\n\nIt flows on.\n\n## logits\n\nScores.\n"
        },
        on("terms/residual-stream/", links(), summary("It flows on."), not_found_by("flowchart")),
        on("terms/logits/", record(backlinks=[])),
    ),
    case(
        "T13 a fence inside an item",
        "1. Words have\n   directions. For example:\n   ```prolog\n   V(king) - V(man)\n   ```\n2. Spaces too.\n",
        writes(
            '<ol><li>Words have directions. For example:<figure class="code">',
            "</figure> </li> <li>Spaces too.</li>",
        ),
    ),
    case(
        "T14 a mark over the end of a line",
        "It remains: ==how is one to know a thing over such\na space?== By ==sharing==.\n",
        writes("<mark>how is one to know a thing over such a space?</mark>", "<mark>sharing</mark>"),
    ),
    case(
        "T15 emphasis with underscores, around formulas and words",
        "The _curse of size_ _estimates_ it; _figure 4: so_ and _a function_ $\\sigma_\\theta$.\n",
        writes(
            "<em>curse of size</em> <em>estimates</em>",
            "<em>figure 4: so</em>",
            "<em>a function</em> $\\sigma_\\theta$.",
        ),
    ),
    case(
        "T16 signs that HTML knows",
        "- what <= L1 is & is not\n- so => more, ~ 96 of it…\n",
        writes("what &lt;= L1 is &amp; is not", "so =&gt; more, ~ 96 of it…"),
    ),
    case(
        "T17 tags of HTML, harmless and not",
        "One<br>two <script>x</script> end.\n",
        writes("One<br>two &lt;script&gt;x&lt;/script&gt; end."),
        faults=("entry.md:3:12 raw-html",),
    ),
    case(
        "T18 long addresses, two in one emphasis",
        "_see also: [a map](https://docs.example.org/d/1lH_znG/edit?tab=t.0#heading=h.j9b3), [more](https://example.org/x#part-two)_\n",
        links(
            ("a map", "https://docs.example.org/d/1lH_znG/edit?tab=t.0#heading=h.j9b3"),
            ("more", "https://example.org/x#part-two"),
        ),
        writes("<em>see also: <a "),
    ),
    case(
        "T19 the text of a Markdown link names no term",
        "See [paper](https://example.org/p), [link](https://example.org/l), [source](https://example.org/s).\n",
        links(
            ("paper", "https://example.org/p"),
            ("link", "https://example.org/l"),
            ("source", "https://example.org/s"),
        ),
        beside=("Paper", "Link", "Source"),
    ),
    case(
        "T20 ways to say see also",
        "Text.\n\n_see also: [[paper]]_\n\nsee also: [x](https://example.org/1)\n\nSee also [y](https://example.org/2), [[paper]]\n",
        links(
            ("paper", "terms/paper/"),
            ("x", "https://example.org/1"),
            ("y", "https://example.org/2"),
            ("paper", "terms/paper/"),
        ),
        record(redirect=""),
        beside=("Paper",),
    ),
    case(
        "T21 code in prose",
        "Used in `tinymorph` and `[softmax]`.\n",
        writes("<code>tinymorph</code>", "<code>[softmax]</code>"),
        links(),
        beside=("Softmax",),
    ),
    case(
        "T22 a list right below a paragraph",
        "In a sense:\n- one goes on\n  in its line\n- two\nand on\n",
        writes('<p class="lead">In a sense:</p> <ul><li>one goes on in its line</li> <li>two and on</li>'),
    ),
    case(
        "T23 long lines with quotes of both kinds",
        f'{"A very long line of words about it. " * 30}It is "garbage in" of Photos’ “kind”, US’ too, what we can’t.\n',
        says('It is "garbage in" of Photos’ “kind”, US’ too, what we can’t.'),
        summary("A very long line of words about it."),
    ),
    case(
        "T24 what a summary skips",
        {
            "glossary.md": "## a\n\n```mermaid\nflowchart LR\n  A --> B\n```\n\nSaid below. More.\n\n## b\n\nalias: bee\n\n> [!note] x\n> Not this.\n\n### Nor this\n\nSaid there. More.\n"
        },
        on("terms/a/", summary("Said below. More.")),
        on("terms/b/", summary("Said there. More.")),
    ),
    case(
        "T25 terms that are everyday words are linked where they are asked for",
        "The data has features, inference and agency in transformers; a [data] of it.\n",
        links(("data", "terms/data/")),
        beside=("data", "features", "inference", "agency", "transformers"),
    ),
    case(
        "T26 short names are found",
        "GPT2 and Llama-3.1 under L1 and L0 in C++.\n",
        found_by("GPT2", "Llama-3.1", "L1", "l0", "c++"),
        not_found_by("L2"),
    ),
)

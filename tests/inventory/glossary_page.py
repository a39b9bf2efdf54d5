"""What a glossary page holds that was written as one long Markdown file: names, links, videos, formulas, prose."""

from tests.inventory.seen import (
    Case,
    case,
    formulas,
    found_by,
    has,
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

GLOSSARY = "---\ntitle: The book\nkind: glossary\n---\n\n"
SOFTMAX = ("softmax", "terms/softmax/")

CASES: tuple[Case, ...] = (
    # ------------------------------------------------------------------------- what holds everywhere
    case(
        "X1 five delimiters of formulas",
        "One $a$, two \\( b \\), three \\(c\\), four $latex d$ and a top-\\( k \\)-list.\n\n$$\ne\n$$\n\n\\[f\\]\n",
        formulas("a", "b", "c", "d", "k", "e", "f"),
        writes("and a top-$k$-list.", '<p class="lead">One $a$, two $b$, three $c$, four $d$', "$$e$$ $$f$$"),
    ),
    case(
        "X2 the commands of everyday formulas are all set",
        "$\\hat y \\in \\mathbb{R}^n$, $\\operatorname{soft}(x)$, $\\mathfrak g$, $\\tfrac12$, $x^\\star$, $x_{<i}$, "
        "$\\Pr(A \\mid B)$, $\\lVert x \\rVert_2^2$, $\\mathbf{W}_{\\text{out}}$.\n\n"
        "$$\nf(x) \\coloneqq \\underbrace{\\mathbf{1}[\\underbrace{x > 0}_{\\pi(x)}]}_{g(x)} \\odot h(x)\n"
        "\\\\\n\\because \\begin{aligned}\n a \\gg n &: \\text{ much} \\\\\n b \\ge 0 &: \\text{ some}\n\\end{aligned}\n$$\n",
        lacks("math-error"),
        says("$x_{<i}$"),
    ),
    case(
        "X3 WordPress's prefix is no part of a formula",
        "Near the largest: $latex \\ln(e^x + e^y)$.\n",
        formulas("\\ln(e^x + e^y)"),
        lacks("latex"),
    ),
    case(
        "X4 a formula is said once wherever text is made of it",
        {
            "entry.md": "# Entry\n\nA vector $v_k$ of $k$ parts. More of it.\n\n## The case $v_1$\n\nText.\n",
            "notes/entry.md": "# Of $v_2$\n\n## One $v_3$\n\na\n\n## Two\n\nb\n\n## Three\n\nc\n",
        },
        summary("A vector v_k of k parts."),
        writes('<h2 id="the-case-v-1">The case $v_1$</h2>'),
        on("notes/entry/", writes('<li><a href="#one-v-3">One v_3</a></li>'), record(title="Of v_2")),
        found_by("vector parts"),
    ),
    case(
        "X5 typographic and straight signs are alike",
        {
            "entry.md": "# Bayes' Rule\n\nThe day’s rule of “a priori” and the bank's.\n",
            "b.md": "A [bayes’ rule].\n",
        },
        on("terms/bayes-rule/", found_by("day's rule", "bank’s", '"priori"')),
        on("terms/b/", links(("bayes’ rule", "terms/bayes-rule/"))),
    ),
    case(
        "X6 line ends, byte order mark, tabs and hard blanks",
        {
            "entry.md": b"\xef\xbb\xbf---\r\ntitle: Entry\r\n---\r\n\r\nA whole set\xc2\xa0- with a law.  \r\nMore\r\n\r\n-\tone\r\n-\ttwo"
        },
        summary("A whole set - with a law."),
        writes("A whole set\N{NO-BREAK SPACE}- with a law.<br> More", "<li>one</li> <li>two</li>"),
    ),
    case(
        "X7 one address wanted twice",
        {
            "a.md": "# Cross Entropy\n\nFirst.\n",
            "b.md": "# Cross-entropy\n\nSecond.\n",
            "c.md": "See [[b]] and [[a]].\n",
        },
        on("terms/cross-entropy/", says("First.")),
        on("terms/cross-entropy-2/", says("Second.")),
        on("terms/c/", links(("b", "terms/cross-entropy-2/"), ("a", "terms/cross-entropy/"))),
        faults=("b.md:1:3 duplicate-slug",),
    ),
    case(
        "X7 an abbreviation that is another's title",
        {
            "a.md": "# LoRA\n\nFirst.\n",
            "b.md": "# Low-Rank Adaptation (LoRA)\n\nSecond.\n",
            "c.md": "A [LoRA].\n",
        },
        on("terms/c/", links(("LoRA", "terms/lora/"))),
        faults=("b.md:1:3 duplicate-alias",),
    ),
    case(
        "X8 an abbreviation that one of two terms shares with a third",
        {
            "a.md": "# Linear and Quadratic Discriminants (LD / QD)\n\nOne.\n",
            "b.md": "# Latent Distribution (LD of topics)\n\nOther.\n",
            "entry.md": "# Entry\n\nWhat [[LD]] is.\n",
        },
        links(("LD", "terms/ld/")),
        faults=("b.md:1:3 duplicate-alias", "entry.md:3:6 ambiguous-link"),
    ),
    case(
        "X8 an abbreviation of two terms",
        {
            "a.md": "# Mutual Information (MI)\n\nOne.\n",
            "b.md": "# Machine Intelligence (MI)\n\nOther.\n",
            "entry.md": "# Entry\n\nWhat [MI] is.\n",
        },
        links(("MI", "terms/mi/")),
        on(
            "terms/mi/",
            links(
                ("Mutual Information (MI)", "terms/mutual-information-mi/"),
                ("Machine Intelligence (MI)", "terms/machine-intelligence-mi/"),
            ),
        ),
        faults=("b.md:1:3 duplicate-alias", "entry.md:3:6 ambiguous-link"),
    ),
    # ------------------------------------------------------------------------- links, videos
    case(
        "G1 case does not count in a link, and the text stays as written",
        "It is the hard form (see. [softmax]). Look at [Surprise] and a [PEFT].\n",
        links(SOFTMAX, ("Surprise", "terms/surprise/"), ("PEFT", "terms/peft/")),
        beside=("Softmax", "surprise", "PEFT"),
    ),
    case(
        "G2 a link to a name of several words",
        "Like the [l1 penalty].\n",
        links(("l1 penalty", "terms/l1-penalty/")),
        beside=("L1 Penalty",),
    ),
    case(
        "G3 an entry that only sends on",
        {
            "entry.md": "# Entry\n\nSee [l1 penalty].\n",
            "b.md": "# L1 Penalty\n\nA sum of absolute weights. More.\n",
        },
        record(redirect="l1-penalty", summary="See l1 penalty."),
        says("A sum of absolute weights."),
        found_by("entry"),
        on("", says("E Entry", "L L1 Penalty")),
    ),
    case(
        "G4 a text and an address that disagree",
        "See [[L1 penalty]](#l2-penalty) of weights.\n",
        links(("L1 penalty", "terms/l1-penalty/")),
        beside=("L1 Penalty", "L2 Penalty"),
        faults=("entry.md:3:5 mismatched-link",),
    ),
    case(
        "G5 each video takes the next address, and each has a name of its own",
        {
            "entry.md": "---\nyt: [https://youtu.be/one, 'https://youtu.be/two?t=144', https://youtu.be/three]\n---\n# Entry\n\nBy a teacher [yt]. See [yt] [yt].\n"
        },
        writes(
            '<a class="x v" href="https://youtu.be/one" aria-label="video 1 of 3 on Entry">',
            '<a class="x v" href="https://youtu.be/two?t=144" aria-label="video 2 of 3 on Entry, at 2:24">',
            '<a class="x v" href="https://youtu.be/three" aria-label="video 3 of 3 on Entry">',
        ),
    ),
    case(
        "G5 a video without an address is text",
        "See [yt] [yt].\n",
        lacks("<a "),
        says("See [yt] [yt]."),
        faults=("entry.md:3:5 missing-video", "entry.md:3:10 missing-video"),
    ),
    case(
        "G6 a term and two videos in one sentence without its full stop",
        {
            "entry.md": "---\nyt: https://youtu.be/one https://youtu.be/two\n---\n# Entry\n\n$E = 1$. See [Surprise] [yt] [yt]\n"
        },
        links(
            ("Surprise", "terms/surprise/"),
            ("video 1", "https://youtu.be/one"),
            ("video 2", "https://youtu.be/two"),
        ),
        summary("E = 1. See Surprise"),
        beside=("Surprise",),
    ),
    case(
        "G7 a link in a remark",
        "One (see. [softmax]), two (see [softmax]), three (e.g. [softmax]), and for [0, 1] see [softmax].\n",
        links(*4 * (SOFTMAX,)),
        says("One (see. softmax), two (see softmax), three (e.g. softmax), and for [0, 1] see softmax."),
        beside=("Softmax",),
    ),
    # ------------------------------------------------------------------------- formulas
    case(
        "G8 a fraction written between its parts",
        "${1 \\over p(x)}$, ${n \\over \\sum {1 \\over x}}$, $x^{1 \\over n}$, ${d_{soft_p} \\over d_{raw_p}}$.\n",
        formulas(
            "{1 \\over p(x)}",
            "{n \\over \\sum {1 \\over x}}",
            "x^{1 \\over n}",
            "{d_{soft_p} \\over d_{raw_p}}",
        ),
    ),
    case(
        "G9 escaped signs in a formula, with a blank behind",
        "A share $\\frac{\\#shy\\_ owls}{\\#shy\\_ owls + \\#bold\\_ owls}$.\n",
        formulas("\\frac{\\#shy\\_ owls}{\\#shy\\_ owls + \\#bold\\_ owls}"),
    ),
    case(
        "G10 bars and full stops in a formula",
        "$P(H) . P(E|H)$ and $\\sum |weight|$ and $D_{KL}(P || Q)$ of ||it||.\n",
        formulas("P(H) . P(E|H)", "\\sum |weight|", "D_{KL}(P || Q)"),
        lacks("<table", "&amp;"),
        says("of ||it||."),
    ),
    case(
        "G11 factorials and powers",
        "$(\\frac{n!}{x!(n-x)!})p^x(1-p)^{n-x}$!\n",
        formulas("(\\frac{n!}{x!(n-x)!})p^x(1-p)^{n-x}"),
    ),
    case(
        "G12 stars that multiply",
        "So $\\sqrt[2]{1.1 * 0.9}$ and $100 * 0.9 * 0.9 = 81$.\n",
        formulas("\\sqrt[2]{1.1 * 0.9}", "100 * 0.9 * 0.9 = 81"),
        lacks("<em>"),
    ),
    case("G13 an ellipsis in a formula", "$P(X_1 X_2 … X_N)$ is low.\n", formulas("P(X_1 X_2 … X_N)")),
    case(
        "G14 braces in braces, a power of a power",
        "${({1 \\over 10})^{N}}^{-{1 \\over N}} = 10$ it is.\n",
        formulas("{({1 \\over 10})^{N}}^{-{1 \\over N}} = 10"),
    ),
    case(
        "G15 words in a formula",
        "$\\text{p-value} = P(event) + \\sum{P({events\\_as\\_likely})}$ it is.\n",
        formulas("\\text{p-value} = P(event) + \\sum{P({events\\_as\\_likely})}"),
    ),
    case(
        "G16 a formula that opens a paragraph, whatever follows it",
        "$a$. Used so.\n\n$b$, or so.\n\n$c$? So.\n\n$d$ loss.\n\n$e$: so\n",
        formulas("a", "b", "c", "d", "e"),
        writes("<p>$d$ loss.</p>"),
    ),
    case(
        "G17 money is no formula",
        "It costs $5 and $6, or US$7; 100€ lose 10% and are 99€, 0.5% less.\n",
        says("It costs $5 and $6, or US$7; 100€ lose 10% and are 99€, 0.5% less."),
        formulas(),
    ),
    case(
        "G17 money in a formula is set as in the text",
        "So $100€ * 0.9$ are left.\n",
        formulas("100€ * 0.9"),
    ),
    # ------------------------------------------------------------------------- prose
    case(
        "G18 units right behind numbers",
        "From 30km/h in 2sec, a 2x2 matrix.\n",
        says("From 30km/h in 2sec, a 2x2 matrix."),
        found_by("30km/h", "2sec", "2x2"),
    ),
    case(
        "G19 signs of equality in prose mark nothing",
        "A score of 0 == quite unlike, 1 == quite alike. It is ~= 10.\n",
        says("A score of 0 == quite unlike, 1 == quite alike. It is ~= 10."),
        lacks("<mark>"),
    ),
    case(
        "G20 an abbreviation is spelt out where the text begins",
        {
            "glossary.md": "## LoRA\n\nLow Rank Adaptation (LoRA) is small.\n\n## NER\n\nNamed entity recognition - it marks words.\n\n"
            "## RAG\n\nRetrieval-Augmented Generation (RAG). Ask a store first. More.\n\n## Logit\n\nLOGistic unIT. A raw score.\n\n"
            "## e/acc\n\nEffective accelerationism is a creed.\n\nSee [low-rank adaptation].\n",
        },
        on("terms/lora/", names("Low Rank Adaptation"), found_by("low rank adaptation")),
        on("terms/ner/", names("Named entity recognition")),
        on(
            "terms/rag/",
            names("Retrieval-Augmented Generation"),
            summary("Retrieval-Augmented Generation (RAG). Ask a store first."),
        ),
        on("terms/logit/", names(), found_by("logistic unit")),
        on("terms/e-acc/", names(), links(("low-rank adaptation", "terms/lora/"))),
    ),
    case(
        "G21 a remark in prose declares no name",
        "It is speed (aka. km/h), below a threshold (aka. 5%), aka. slow, (aka. how sure we are).\n",
        names(),
        says("It is speed (aka. km/h), below"),
    ),
    case(
        "G22 an enumeration within a line",
        "Three steps. (1) Make some. (2) Rate (score) them. (3) Learn.\n",
        lacks("<ol"),
        says("Three steps. (1) Make some. (2) Rate (score) them. (3) Learn."),
    ),
    case(
        "G23 parentheses in parentheses",
        "Used for rates (e.g. speed (aka. km/h)). More (one vs two) here.\n",
        summary("Used for rates (e.g. speed (aka. km/h))."),
        says("More (one vs two) here."),
    ),
    case(
        "G24 names with a slash, and two names of one entry",
        {
            "a.md": "# Eigenvector / Eigenvalue\n\nA direction.\n",
            "b.md": "# e/acc\n\nA creed.\n",
            "c.md": "# ../../P-value\n\nA chance.\n",
            "entry.md": "# Entry\n\nAn [[eigenvalue]], [eigenvectors], [e/acc].\n",
        },
        links(
            ("eigenvalue", "terms/eigenvector-eigenvalue/"),
            ("eigenvectors", "terms/eigenvector-eigenvalue/"),
            ("e/acc", "terms/e-acc/"),
        ),
        on("terms/eigenvector-eigenvalue/", names("Eigenvector", "Eigenvalue")),
        has("terms/p-value/index.html"),
    ),
    case(
        "G25 the order of the index",
        {
            "glossary.md": "".join(
                f"## {name}\n\n"
                for name in (
                    "POS",
                    "Perplexity",
                    "LoRA",
                    "PEFT",
                    "Logit",
                    "L2 Norm",
                    "P-value",
                    "Lasso",
                    "L1 Norm",
                    "e/acc",
                    "Entropy",
                    "Eigenvector / Eigenvalue",
                )
            )
        },
        on(
            "",
            says(
                "E e/acc Eigenvector / Eigenvalue Entropy L L1 Norm L2 Norm Lasso Logit LoRA "
                "P P-value PEFT Perplexity POS"
            ),
        ),
    ),
    case(
        "G26 the first sentence, past what only looks like its end",
        {
            "glossary.md": "## A\n\nIt ranks (ours vs. theirs) e.g. by words, i.e. n-grams (see. [B]). More.\n\n## B\n\nThis is a (playful?) way to count. More.\n\n"
            "## C\n\nA penalty of 0.5 per weight\n",
        },
        on("terms/a/", summary("It ranks (ours vs. theirs) e.g. by words, i.e. n-grams (see. B).")),
        on("terms/b/", summary("This is a (playful?) way to count.")),
        on("terms/c/", summary("A penalty of 0.5 per weight")),
    ),
    case(
        "G27 an entry that opens with a formula",
        "$S = \\log{1 \\over p}$. It is large for what is rare. More.\n",
        summary("S = \\log{1 \\over p}. It is large for what is rare."),
        writes('<p class="lead">$S = \\log{1 \\over p}$. It is'),
        found_by("large rare"),
    ),
    case(
        "G28 what is not in brackets is no link",
        "This entry speaks of softmax, of a `Utility function` and of a paperclip.\n",
        links(),
        beside=("Softmax", "Utility function"),
    ),
    case(
        "G29 an entry that begins with a parenthesis",
        "(It was said there would be hexes!). It means more than that.\n",
        summary("(It was said there would be hexes!)."),
    ),
    case(
        "brackets that are text",
        "A vector of [0]s with one [1] in [0, 1], of [N, M] by [N, k] @ [k, M], on [0, inf], x[...] and $\\sqrt[n]{x}$.\n",
        says(
            "A vector of [0]s with one [1] in [0, 1], of [N, M] by [N, k] @ [k, M], on [0, inf], x[...] and"
        ),
        links(),
        beside=("N", "K", "M", "Inf"),
    ),
    case(
        "graph of a small glossary",
        {
            "glossary.md": "## A\n\nOf [b].\n\n## B\n\nOf [a] and [a].\n\n## C\n\nOf [a] alone.\n\n## D\n\nOf none.\n"
        },
        on("terms/a/", record(backlinks=["b", "c"])),
        on("terms/b/", record(backlinks=["a"])),
        on("terms/d/", record(backlinks=[], links=[])),
    ),
    case(
        "source of such a page: nested settings, its own form of links, a closing rule",
        {
            "book.md": "---\ntitle: The book\nkind: glossary\ndate: 2023-09-05T11:37:46+02:00\ndraft: false\ncomment:\n  enable: true\nmath:\n  enable: true\n---\n\n"
            "## Cross Entropy \n\nA __nice__ loss of `[0]`, of a [[softmax]](#softmax), making\na sum [[yt]](https://youtu.be/one).\n\n## Softmax \n\nText.\n\n---\n",
        },
        on(
            "terms/cross-entropy/",
            links(SOFTMAX, ("video", "https://youtu.be/one")),
            writes("A <strong>nice</strong> loss of <code>[0]</code>", "making a sum"),
            lacks("(#softmax)"),
            record(created="2023-09-05T11:37:46+02:00"),
        ),
    ),
    case(
        "flattened page: without headings it is one entry, and nothing of it is lost",
        "\n\nFirst block of text.\n\nLost Heading\n\nIts block [yt].\n\n\nA block that had one.\n",
        says("First block of text.", "Lost Heading", "Its block [yt].", "A block that had one."),
        not_found_by("softmax"),
        faults=("entry.md:9:11 missing-video",),
    ),
)

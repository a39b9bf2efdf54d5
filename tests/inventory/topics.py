"""What a long index of topics holds: 757 names and summaries, of which these are the shapes."""

from tests.inventory.seen import (
    Case,
    case,
    formulas,
    found_by,
    lacks,
    links,
    names,
    on,
    record,
    says,
    summary,
    writes,
)


def titles(*all_: str) -> dict[str, str]:
    """A file for each name."""
    return {f"{number:03}.md": f"# {name}\n\nA topic of its own.\n" for number, name in enumerate(all_)}


CASES: tuple[Case, ...] = (
    case(
        "topics' list: the author's order, name and summary, and how many",
        titles("Tanh", "Adam", "Zeta"),
        on("topics/", says("Showing 3 of 3 topics", "TanhA topic of its own. AdamA topic of its own. Zeta")),
        on("", says("Showing 3 of 3 terms", "A Adam")),
    ),
    case(
        "topics' parentheses",
        titles(
            "Multilayer Perceptron (MLP)",
            "UMAP (Uniform Manifold Approximation and Projection)",
            "Floating-Point Operations (FLOPs)",
            "Discriminant Analysis, Linear and Quadratic Discriminants (LD / QD)",
            "Bias (Fairness)",
            "Key-Value (KV) Caching",
            "Function Calling Benchmarks (BFCL, τ-bench)",
            "Video Families (v1 – v10)",
            "Positive (Semi-)Definite Matrices",
            "Temporal Differences: TD(0), TD(λ)",
            "Reward Models (PRM) vs Outcome Models (ORM)",
            "Number Formats (int4 / int8 / KIVI)",
        ),
        on(
            "terms/multilayer-perceptron-mlp/",
            record(abbreviation="MLP"),
            names("Multilayer Perceptron", "MLP"),
        ),
        on("terms/umap-uniform-manifold-approximation-and-projection/", record(abbreviation="UMAP")),
        on("terms/floating-point-operations-flops/", record(abbreviation="FLOPs")),
        on(
            "terms/discriminant-analysis-linear-and-quadratic-discriminants-ld-qd/",
            names("Discriminant Analysis, Linear and Quadratic Discriminants", "LD", "QD"),
        ),
        *(
            on(f"terms/{slug}/", names(), record(abbreviation=""))
            for slug in (
                "bias-fairness",
                "key-value-kv-caching",
                "function-calling-benchmarks-bfcl-tau-bench",
                "video-families-v1-v10",
                "positive-semi-definite-matrices",
                "temporal-differences-td-0-td-lambda",
                "reward-models-prm-vs-outcome-models-orm",
                "number-formats-int4-int8-kivi",
            )
        ),
    ),
    case(
        "topics' slugs",
        titles(
            "Cramér–Rao Lower Bound",
            "Itô Calculus",
            "β-VAE & Disentanglement",
            "TD(λ)",
            "Classifiers++",
            "PixelCNN / PixelCNN++",
            "Newton’s Method",
        ),
        *(
            on(f"terms/{slug}/", says("A topic of its own."))
            for slug in (
                "cramer-rao-lower-bound",
                "ito-calculus",
                "beta-vae-disentanglement",
                "td-lambda",
                "classifiers-plus-plus",
                "pixelcnn-pixelcnn-plus-plus",
                "newtons-method",
            )
        ),
    ),
    case(
        "topics' near neighbours: an exact name comes first",
        {
            **titles(
                "Softmax Head",
                "Softmax",
                "Adam Optimizer",
                "AdamW Optimizer",
                "Supervised learning",
                "Unsupervised learning",
            ),
            "z.md": "# Z\n\nA [softmax], [adam optimizer], [supervised learning].\n",
        },
        on(
            "terms/z/",
            links(
                ("softmax", "terms/softmax/"),
                ("adam optimizer", "terms/adam-optimizer/"),
                ("supervised learning", "terms/supervised-learning/"),
            ),
        ),
    ),
    case(
        "topics' signs that are not ASCII",
        {
            **titles(
                "R-CNN → Faster R-CNN", "Backpropagation — History", "Bias–variance tradeoff", "ε-Greedy"
            ),
            "z.md": "# Z\n\nA [bias-variance tradeoff], [backpropagation - history].\n",
        },
        on(
            "terms/z/",
            links(
                ("bias-variance tradeoff", "terms/bias-variance-tradeoff/"),
                ("backpropagation - history", "terms/backpropagation-history/"),
            ),
        ),
        on("terms/epsilon-greedy/", found_by("greedy")),
        on("", says("R-CNN → Faster R-CNN", "Backpropagation — History")),
    ),
    case(
        "topics' punctuation",
        titles(
            "Reason, Act & Plan", "Loss: Flat vs. Sharp", "Watermarks (Doe et al.)", "What is a gradient?"
        ),
        on("terms/reason-act-plan/", writes("Reason, Act &amp; Plan")),
        on("terms/loss-flat-vs-sharp/", says("Loss: Flat vs. Sharp")),
        on("terms/watermarks-doe-et-al/", names()),
        on("terms/what-is-a-gradient/", found_by("gradient")),
    ),
    case(
        "topics' first letters",
        titles("xLSTM", "k-Means", "β-VAE", "The Lesson", "3D Points", "f-Divergences"),
        on("", says("B β-VAE", "F f-Divergences", "K k-Means", "T The Lesson", "X xLSTM", "# 3D Points")),
    ),
    case(
        "topics' spellings and their like",
        {**titles("Tokenization", "Fine-Tuning"), "z.md": "# Z\n\nA [fine tuning] and [[tokenisation]].\n"},
        on(
            "terms/z/", links(("fine tuning", "terms/fine-tuning/"), ("tokenisation", "wanted/#tokenisation"))
        ),
        faults=("z.md:3:21 missing-term",),
    ),
    case(
        "topics' formulas in summaries, glued to words, with signs of HTML",
        "A \\( k \\)-list of best-of-\\( N \\), \\( (\\varepsilon, \\delta) \\)-private (\\( f = t \\log t \\)), \\( x_{<i} \\) and \\(P(a | b)\\). More.\n",
        formulas("k", "N", "(\\varepsilon, \\delta)", "f = t \\log t", "x_{<i}", "P(a | b)"),
        writes("A $k$-list of best-of-$N$, $(\\varepsilon, \\delta)$-private ($f = t \\log t$), $x_{<i}$"),
        summary(
            "A k-list of best-of-N, (\\varepsilon, \\delta)-private (f = t \\log t), x_{<i} and P(a | b)."
        ),
    ),
    case(
        "topics' corrupted formula: a letter that lost its backslash",
        "A trade \\(I(Z;Y) - eta I(Z;X)\\) of both.\n",
        formulas("I(Z;Y) - eta I(Z;X)"),
        faults=("entry.md:3:20 math-warning",),
    ),
    case(
        "topics' signs of TeX outside formulas",
        "It is log(sum(exp(x_i))), exp(eta^T T(x) - A(eta)), <1% and ~8×.\n",
        says("It is log(sum(exp(x_i))), exp(eta^T T(x) - A(eta)), <1% and ~8×."),
        lacks("<em>", "<sub>", "<sup>", "<del>"),
        formulas(),
    ),
    case(
        "topics' lost emphasis",
        "One without negatives : an online one.\n",
        says("One without negatives : an online one."),
    ),
    case(
        "topics' quotes",
        "It's the net's “first words”, the model’s \"own\" ‘kind’.\n",
        says("It's the net's “first words”, the model’s \"own\" ‘kind’."),
        summary("It's the net's “first words”, the model’s \"own\" ‘kind’."),
    ),
    case(
        "topics' text has no links, though it names others",
        "A softmax head of attention.\n",
        links(),
        beside=("Softmax", "Attention"),
    ),
    case(
        "records of entries, for other programs",
        {
            "a.md": "---\naliases: [one, two]\ntags: [nets]\nbroader: B\nprerequisites: [B]\nrelated:\n  - B: it is like it\n"
            "created: 2024-01-02\nstatus: draft of mine\nlang: de\n---\n# A\n\nOf $x$ and [there](https://example.org).\n",
            "b.md": "# B\n\nOf [[A#Part]] and [[A]].\n",
        },
        on(
            "terms/a/",
            record(
                kind="term",
                slug="a",
                source="a.md",
                aliases=["one", "two"],
                tags=["nets"],
                created="2024-01-02",
                status="draft of mine",
                language="de",
                formulas=["x"],
                backlinks=["b"],
                relations=[
                    {"kind": "related", "to": "b", "reason": "it is like it"},
                    {"kind": "prerequisite", "to": "b", "reason": ""},
                    {"kind": "broader", "to": "b", "reason": ""},
                ],
            ),
        ),
        faults=("b.md:3:7 missing-anchor",),
    ),
    case(
        "topics' flat lines, name and summary glued: shown as they are",
        "Topics\nShowing 2 of 2 topics\n- Flat nameA summary of it.\n- Other (ON)The summary.\n",
        writes("<li>Flat nameA summary of it.</li> <li>Other (ON)The summary.</li>"),
        names(),
    ),
)

"""What a page of notes holds: headings, lists, half sentences, code, and signs that mean nothing."""

from tests.inventory.seen import (
    Case,
    case,
    formulas,
    lacks,
    links,
    names,
    on,
    record,
    says,
    summary,
    writes,
)

CASES: tuple[Case, ...] = (
    case(
        "Z1 the prefix of WordPress, three times",
        "As $latex r_t + \\gamma \\max_a Q(s,a)$ is, by $latex P(x_{t+1} | x_t)$, f(a,b) = $latex \\ln (a + b)$ too.\n",
        formulas("r_t + \\gamma \\max_a Q(s,a)", "P(x_{t+1} | x_t)", "\\ln (a + b)"),
        says("f(a,b) = $\\ln (a + b)$ too."),
    ),
    case(
        "Z2 a bar in a formula, in a paragraph and in a cell",
        "Of $P(a | b)$.\n\n| size | chance |\n|---|---|\n| $|x|$ | $P(a \\| b)$, $P(c|d)$ |\n",
        formulas("P(a | b)", "|x|", "P(a \\| b)", "P(c|d)"),
        writes("<tr><td>$|x|$</td> <td>$P(a \\| b)$, $P(c|d)$</td> </tr>"),
    ),
    case(
        "Z3 a display alone between brackets",
        "So\n\n\\[\\hat{y}_i = f(x_i; \\theta)\\]\n",
        writes("$$\\hat{y}_i = f(x_i; \\theta)$$"),
    ),
    case(
        "Z4 one heading twice",
        "## Deep nets\n\na\n\n## Deep nets\n\nb [[#Deep nets]]\n\n### Deep nets\n",
        writes('<h2 id="deep-nets">', '<h2 id="deep-nets-2">', '<h3 id="deep-nets-3">'),
        links(("Deep nets", "#deep-nets")),
    ),
    case(
        "Z5 a heading that asks",
        "## Best habit? What’s the word for it\n\na\n\n## Linear in WHAT?\n\n[[#linear in what?]]\n",
        writes('<h2 id="best-habit-whats-the-word-for-it">', '<h2 id="linear-in-what">'),
        links(("linear in what?", "#linear-in-what")),
    ),
    case(
        "Z6 a dash defines nothing",
        "Ring - a set with a law - mostly.\nField - a ring of units.\n",
        names(),
        says("Ring - a set with a law - mostly. Field - a ring of units."),
        lacks("<dl", "<ul"),
    ),
    case(
        "Z6 only the first dash ends a long form",
        {"entry.md": "# ICL\n\nIn context learning - running - it runs.\n"},
        on("terms/icl/", names("In context learning")),
    ),
    case(
        "Z7 what is not set apart is not guessed",
        {
            "a.md": "# PEFT\n\nPEFT parameter efficient fine tuning of weights\n",
            "b.md": "# BPE\n\nByte pair encoding tries a word\n",
            "c.md": "# Processes\n\nPartially observed ones (POMDP) too\n",
        },
        on("terms/peft/", names(), record(abbreviation="")),
        on("terms/bpe/", names()),
        on("terms/processes/", names(), record(abbreviation="")),
    ),
    case(
        "Z8 a list of what to see also, of which one is not written",
        "See also:\n\n  • [[Optimisation]]\n  • [[softmax]]\n",
        links(("Optimisation", "wanted/#optimisation"), ("softmax", "terms/softmax/")),
        beside=("Softmax",),
        faults=("entry.md:5:5 missing-term",),
    ),
    case(
        "Z8 what to see also as a field",
        {"entry.md": "---\nsee: [Optimisation, softmax]\n---\n# Entry\n\nText.\n"},
        record(relations=[{"kind": "related", "to": "softmax", "reason": ""}]),
        beside=("Softmax",),
        faults=("entry.md:2:7 missing-term",),
    ),
    case(
        "Z9 hashes in code are no headings and no tags",
        '```python\n# list models\nmodels = all()\n#tag\n\n# another\n```\n\n```bash\n#openai -p "two dogs" -n 1\n```\n',
        lacks("<h2", "<h3", 'class="tag', "<a "),
        record(tags=[]),
        says("# list models models = all() #tag # another", '#openai -p "two dogs" -n 1'),
    ),
    case(
        "Z10 braces reach the page as they are",
        '```python\nask = "a name for {product}"\n```\n\nAlso {product}, `{{ x }}`, `{% raw %}` and `{#`.\n',
        says('ask = "a name for {product}"', "Also {product}, {{ x }}, {% raw %} and {#."),
    ),
    case(
        "Z10 braces of templates in prose are told once",
        "Also {{ x }} and {% raw %} and {# no #}, {{ y }}.\n",
        says("Also {{ x }} and {% raw %} and {# no #}, {{ y }}."),
        faults=("entry.md:3:6 template-markup",),
    ),
    case(
        "Z11 code in two languages and in one that nobody knows",
        "```python\nx = 1\n```\n\n```bash\nls -l\n```\n\n```lolspeak\nhai\n```\n",
        writes('<span class="', "<figcaption><span>Python</span>", "<figcaption><span>Bash</span>"),
        says("hai"),
        faults=("entry.md:11:1 unknown-language",),
    ),
    case(
        "Z12 typography leaves options alone",
        {
            "site.yaml": "smart: true\n",
            "entry.md": '# Entry\n\nCall it with --chat, -s or --install-it -- as "here" - and –repl.\n',
        },
        says("Call it with --chat, -s or --install-it – as “here” - and –repl."),
    ),
    case(
        "Z13 underscores in words",
        "A Q_t matrix, V_t too, pg_vector and ld_pre_load.\n",
        says("A Q_t matrix, V_t too, pg_vector and ld_pre_load."),
        lacks("<em>"),
    ),
    case(
        "Z14 stars and plus signs in prose",
        "Use (max,+) in the place of (+,*), for y = ax+b.\n",
        says("Use (max,+) in the place of (+,*), for y = ax+b."),
        lacks("<em>", "<li>"),
    ),
    case(
        "Z15 quotes and parentheses that do not match",
        'It opens with "(define" and ends with "), e.g., (define (f x) x). More\n',
        summary('It opens with "(define" and ends with "), e.g., (define (f x) x).'),
        says('It opens with "(define" and ends with "), e.g., (define (f x) x). More'),
    ),
    case("Z16 primes written as quotes", "Pairs of (x, x’, u) of it.\n", says("Pairs of (x, x’, u) of it.")),
    case(
        "Z17 arrows, a middle dot, a tilde",
        "Guess and check -> use DALL·E on ~15gb or ~20gb <- so.\n",
        writes("Guess and check -&gt; use DALL·E on ~15gb or ~20gb &lt;- so."),
    ),
    case(
        "Z18 quotes within quotes",
        '“Say "yes" and ‘no’.” More here.\n',
        says('“Say "yes" and ‘no’.” More here.'),
    ),
    case(
        "Z19 sentences that hang, blanks, items of nothing",
        "There are ways for\n\nShould you\n\n-\n- two\n-\n\nIt is somewhat .  It is\n",
        writes("<li></li> <li>two</li> <li></li>"),
        says("There are ways for", "It is somewhat . It is"),
    ),
    case(
        "Z20 dots begin items",
        "Some:\n\n  • a one\n  • a two\n  • a three\n",
        writes("<ul><li>a one</li> <li>a two</li> <li>a three</li>"),
    ),
    case(
        "Z21 words in lines of their own",
        "wave\ndall\nstable\n",
        writes('<p class="lead">wave dall stable</p>'),
    ),
    case(
        "notes' source: bare addresses, links without a text, a list of their own sections",
        '- [part](#part)\n- <https://example.org/x>\n- [](https://example.org/y)\n- *only* \\"so\\"\n\n# Part\n\n```\n```\n',
        links(
            ("part", "#part"),
            ("https://example.org/x", "https://example.org/x"),
            ("https://example.org/y", "https://example.org/y"),
        ),
        writes('<em>only</em> "so"'),
    ),
)

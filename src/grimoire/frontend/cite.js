// citeproc as `grimoire.citations` runs it: in a bare V8, without a document, the citations of one page a call.
//
// `grimoire.open(settings)` once, then `grimoire.cite(page)` and `grimoire.list(items)` as often as wanted: each
// begins anew, so that what a page gets depends on that page alone. Answers are JSON; nothing thrown leaves this
// file, because the engine would hand over its message together with the surroundings of the faulty place.

/* global CSL */

let engine = null;
let items = new Map();

// The name that stands for those left out of a bibliography, as Python gives it and as it goes through citeproc;
// no text holds this sign, nor the next.
const OTHERS = "others";
const LEFT_OUT = "\ufdd0";
let leftOut = null;

// Stands around the key of an entry: the list of keys that citeproc gives has some that the list of entries lacks.
const KEYED = "\ufdd1";

// How many citations a style is told of that asks what stands before one.
const MOST_BEFORE = 500;

// What citeproc prints for a cite of which the style has nothing to say.
const NOTHING = "[NO_PRINTED_FORM]";

/** Set up this isolate: a CSL `style`, the `language` to write in, the `locales` needed, by their tags. */
function open({ style, language, locales }) {
  const system = {
    retrieveLocale: (tag) => locales[tag] ?? locales["en-US"],
    retrieveItem: (key) => items.get(String(key)),
    // It is only asked whether it is there: the form of output below does the work.
    wrapCitationEntry: linkedInside,
  };
  engine = new CSL.Engine(system, style, language, true);
  engine.setOutputFormat(FORMAT);
  engine.opt.development_extensions.wrap_url_and_doi = true;
  const and = ["&#38;", "&", engine.getTerm("and")].map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  leftOut = new RegExp(`(,?)(?:\\s+(?:${and.join("|")}))?\\s*${LEFT_OUT}(\\.?)`, "gu");
}

/**
 * Set the citations of a page: `page.citations` in their order, each `{cites, narrative}`, a cite as citeproc
 * knows it; `page.items` holds all that they cite. Gives the `citations`' markup, the `names` of narrative
 * citations, for where there is no list to lead to, and the list's `entries`, each key and markup;
 * `is_note` says whether the style wants notes.
 */
function cite(page) {
  know(page.items);
  const citations = page.citations.map(({ cites, narrative }, index) => ({
    citationID: `c${index}`,
    citationItems: cites,
    properties: { noteIndex: isNote() ? index + 1 : 0, ...(narrative && !isNote() && { mode: "composite" }) },
  }));
  const texts = processed(citations).map(named);
  const shown = texts.map((text, index) => printed(text, page.citations[index]));
  const names = page.citations.map(({ cites, narrative }) =>
    narrative ? cites.map(({ id }) => shortNames(id)).join("; ") : "",
  );
  return { citations: shown, names, entries: entries(), is_note: isNote() };
}

/**
 * The text of each citation. At each one citeproc's own loop, `rebuildProcessorState`, goes over all before it,
 * and of a work that is cited often over all pairs of them: a few thousand take minutes. Only a style that asks for
 * positions, for its "ibid.", needs those before; there a longer page begins anew now and then.
 */
function processed(citations) {
  engine.updateItems([...new Set(citations.flatMap(({ citationItems }) => citationItems.map(({ id }) => id)))]);
  const texts = [];
  if (engine.opt.update_mode === CSL.POSITION) {
    citations.forEach((citation, index) => {
      const start = index - (index % MOST_BEFORE);
      const before = citations.slice(start, index).map(({ citationID, properties }) => [citationID, properties.noteIndex]);
      for (const [at, text] of set(citation, before)) texts[start + at] = text;
    });
    return texts;
  }
  const known = new Map();
  for (const citation of citations) {
    const said = JSON.stringify([citation.citationItems, citation.properties]);
    if (!known.has(said)) known.set(said, set(citation, [])[0][1]);
    texts.push(known.get(said));
  }
  return texts;
}

/** What citeproc makes of a citation behind others: pairs of a place among them and a text. */
function set(citation, before) {
  return engine.processCitationCluster(citation, before, [], CSL.ASSUME_ALL_ITEMS_REGISTERED)[1];
}

/** The text of a citation, with words where the style has none: for names in a numeric style, a year in MLA's. */
function printed(text, { cites, narrative }) {
  const [{ id }] = cites;
  if (isNote() || !(narrative || text === NOTHING)) return text;
  const names = shortNames(id);
  const whole = text === NOTHING ? names : text.replace(` ${NOTHING}`, "").replace(NOTHING, names);
  return cites.length === 1 ? linked(whole.replace(/<\/?a\b[^>]*>/g, ""), id) : whole;
}

/** Set the list of all `items`, none of which is cited. */
function list(all) {
  know(all);
  engine.rebuildProcessorState([], FORMAT, [...items.keys()]);
  return { entries: entries() };
}

/** The names of a work in a sentence, where the style has none to give. */
function shortNames(key) {
  const item = items.get(key);
  const names = (item.author ?? item.editor ?? []).map((name) => FORM.text_escape(name.family ?? name.literal ?? name.given));
  if (!names.length) return FORM.text_escape(item["title-short"] ?? item.title ?? key);
  if (names.length > 2 || names[1] === LEFT_OUT) return `${names[0]} ${engine.getTerm("et-al")}`;
  return names.join(` ${engine.getTerm("and")} `);
}

function isNote() {
  return engine.opt.xclass === "note";
}

function know(all) {
  engine.restoreProcessorState([]);
  items = new Map(all.map((item) => [item.id, { ...item, system_id: item.id }]));
  for (const names of all.flatMap(Object.values)) {
    const last = Array.isArray(names) ? names.at(-1) : null;
    if (last?.literal === OTHERS && names.length > 1) last.literal = LEFT_OUT;
  }
}

/** CSL has no name for the names that are left out: what stands for them becomes the style's `et al.`. */
function named(text) {
  const term = engine.getTerm("et-al");
  return text.replace(leftOut, (_, comma, stop) => `${comma} ${term}${term.endsWith(".") ? "" : stop}`);
}

function entries() {
  const made = engine.bibliography.tokens.length ? engine.makeBibliography() : false;
  return (made ? made[1] : []).map((entry) => {
    const [, key, text] = entry.split(KEYED);
    return [key, named(text).trim().replace(/\s*\n\s*/g, " ")];
  });
}

// ---------------------------------------------------------------------------------- markup

// A note may hold links of its own, and a link holds no other; some styles have no list to lead to.
function linked(text, key) {
  return isNote() || !text || !items.has(key) || !engine.bibliography.tokens.length ? text : `<a class="cite" href="#${anchor(key)}">${text}</a>`;
}

/** A cite as a link, the brackets around its cluster left outside. */
function linkedInside(text, key) {
  const { layout_prefix: opening, layout_suffix: closing } = engine.citation.opt;
  const [before, after] = [opening, closing].map((affix) => FORM.text_escape(affix));
  const start = before && text.startsWith(before) ? before.length : 0;
  const end = after && text.endsWith(after) ? text.length - after.length : text.length;
  return text.slice(0, start) + linked(text.slice(start, end), key) + text.slice(end);
}

/** The same as `work_anchor` of names.py. */
function anchor(key) {
  const plain = encodeURIComponent(key).replace(/%(2F|3A|3B|2C|40|2B|3D|24)/g, decodeURIComponent);
  return "_ref-" + plain.replace(/['()]/g, (sign) => "%" + sign.charCodeAt(0).toString(16));
}

const FORMAT = "grimoire";
const html = CSL.Output.Formats.html;

/** What is set apart by a class; a `style` attribute would offend a strict Content-Security-Policy. */
const CLASSES = {
  "@font-style/normal": "csl-upright",
  "@font-variant/small-caps": "csl-small-caps",
  "@font-variant/normal": "csl-no-small-caps",
  "@font-weight/normal": "csl-no-bold",
  "@text-decoration/none": "csl-no-underline",
  "@text-decoration/underline": "csl-underline",
  "@vertical-align/baseline": "csl-baseline",
};

const FORM = {
  ...html,
  ...Object.fromEntries(Object.entries(CLASSES).map(([key, name]) => [key, `<span class="${name}">%%STRING%%</span>`])),
  bibstart: "",
  bibend: "",
  text_escape: (text) => html.text_escape(text).replaceAll('"', "&#34;"),
  // What is but a number knows its work by another name.
  "@cite/entry"(state, text) {
    return linkedInside(text, this.item_id ?? this.id);
  },
  "@bibliography/entry"(state, text) {
    return `${KEYED}${this.system_id}${KEYED}${text}`;
  },
  "@display/block": (state, text) => `<span class="csl-block">${text}</span>`,
  "@display/left-margin": (state, text) => `<span class="csl-number">${text.trimEnd()}</span> `,
  "@display/right-inline": (state, text) => text,
  "@display/indent": (state, text) => `<span class="csl-indent">${text}</span>`,
  "@URL/true": (state, text) => addressed(text, text),
  "@DOI/true": (state, text) => addressed(/^https?:\/\//.test(text) ? text : `https://doi.org/${text}`, text),
};
CSL.Output.Formats[FORMAT] = FORM;

function addressed(address, text) {
  return /^https?:\/\/[^\s<>]+$/.test(address) ? `<a class="x" href="${address}">${text}</a>` : text;
}

// ---------------------------------------------------------------------------------- citeproc's own ways

CSL.debug = () => {};

// Where cites are wrapped, citeproc leaves out the brackets of their cluster, unless it does not know in time.
const getCite = CSL.getCite;
CSL.getCite = function (...cite) {
  const extensions = this.opt.development_extensions;
  extensions.apply_citation_wrapper = !isNote();
  try {
    return getCite.apply(this, cite);
  } finally {
    extensions.apply_citation_wrapper = false;
  }
};

// The words around a narrative citation stand behind its year; citeproc would say them behind the names as well.
// And in a sentence names are joined by a word, be it that the style has a sign for them within brackets.
const getCluster = CSL.getCitationCluster;
CSL.getCitationCluster = function (cites, citation) {
  if (citation?.properties?.mode !== "author-only") return getCluster.call(this, cites, citation);
  const bare = cites.map(([Item, cite]) => [Item, { ...cite, prefix: "", suffix: "", locator: "" }]);
  const extensions = this.opt.development_extensions;
  this.getTerm = (term, form, ...rest) =>
    CSL.Engine.prototype.getTerm.call(this, term, term === "and" ? "long" : form, ...rest);
  extensions.expect_and_symbol_form = true;
  try {
    return getCluster.call(this, bare, citation);
  } finally {
    extensions.expect_and_symbol_form = false;
    delete this.getTerm;
  }
};

/*
 * citeproc builds a macro once where it prints, but again at each use where it sorts: in a style whose macros
 * use each other ten deep, such as APA's, that is a hundred thousand tokens and a second. Here the macros of
 * a sort key are built once as well, and run as citeproc runs the others.
 */
const expand = CSL.expandMacro;
CSL.expandMacro = function (use, target) {
  const { root, extension } = this.build;
  if (!extension) return expand.call(this, use, target);
  const area = this[root + extension];
  const built = (area.macros ??= new Map());
  const name = [use.postponed_macro, use.strings.sort_direction, this.build.current_default_locale].join("\n");
  let tokens = built.get(name);
  if (!tokens) {
    const outside = area.tokens;
    area.tokens = tokens = [];
    try {
      expand.call(this, use, tokens);
    } finally {
      area.tokens = outside;
    }
    this.configureTokenList(tokens);
    built.set(name, tokens);
  }
  const call = new CSL.Token("text", CSL.SINGLETON);
  call.execs.push((state, Item, item) => {
    for (let next = 0; next < tokens.length; ) next = CSL.tokenExec.call(state, tokens[next], Item, item);
  });
  target.push(call);
};

// ---------------------------------------------------------------------------------- the border

/** A function whose answer, or complaint, crosses to Python as JSON. */
function bordered(inner) {
  return (request) => {
    let answer;
    try {
      answer = inner(request);
    } catch (error) {
      answer = { complaint: String(error?.message ?? error).slice(0, 200) };
    }
    return JSON.stringify(answer ?? {}).toWellFormed();
  };
}

globalThis.grimoire = { open: bordered(open), cite: bordered(cite), list: bordered(list) };

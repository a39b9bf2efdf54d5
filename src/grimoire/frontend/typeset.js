// KaTeX as `grimoire.math` runs it: in a bare V8, without a document, many formulas a call.
//
// `grimoire.open(options)` once, then `grimoire.typeset(formulas)` per chunk. A call takes JSON values and gives
// one string, four fields a formula joined by NUL (see `typeset`): a string crosses the border to Python
// several times faster than an object. Nothing thrown leaves this file, because the engine would hand over
// its message together with the whole bundled source line.

import katex from "katex";

// A suggestion costs a parse per candidate; a fault shows no stack.
Error.stackTraceLimit = 0;

// KaTeX takes quadratic time; the longest formulas that people write have a tenth of this.
const LONGEST = 20_000;

let output = "htmlAndMathml";
let siteMacros = {};
const preambles = new Map();

/** Set up this isolate: `macros` of the site (`{"\\RR": "\\mathbb{R}"}`), KaTeX's `output`. */
function open(options) {
  output = options.output;
  siteMacros = options.macros;
  preambles.clear();
}

/**
 * Typeset `[tex, display, preamble]` each into four fields: markup, style rules (one a line), warnings (JSON
 * or nothing), fault (JSON or nothing); joined by NUL, which no field holds.
 */
function typeset(formulas) {
  return formulas
    .map(([tex, display, preamble]) => {
      const warnings = new Set();
      const rules = new Set();
      let markup = "";
      let fault = "";
      try {
        const { macros, error } = definitions(preamble);
        if (error) throw error;
        if (tex.length > LONGEST) throw new TooLong();
        markup = hoist(katex.renderToString(tex, settings(display, { ...macros }, warnings)), rules);
      } catch (error) {
        fault = JSON.stringify(describe(error, tex, preamble));
        rules.clear();
      }
      const notes = warnings.size ? JSON.stringify([...warnings]) : "";
      return [markup, [...rules].join("\n"), notes, fault].map(sound).join("\0");
    })
    .join("\0");
}

class TooLong extends Error {}

/** Text that may cross to Python: without the separator, without halves of characters. */
function sound(text) {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

// A line broken with `\\` is what its author wants, whatever LaTeX does with it; `trust` speaks of HTML.
const EXPECTED = new Set(["newLineInDisplayMode", "htmlExtension"]);

function settings(display, macros, warnings) {
  let unknown = false;
  return {
    displayMode: display,
    output,
    macros,
    maxExpand: 1000,
    maxSize: 500,
    throwOnError: true,
    strict(code, message, token) {
      // What it does not know it has no metrics for either.
      if (code === "symbolNotInFont" && unknown) return "ignore";
      unknown ||= code === "unknownSymbol";
      // KaTeX quotes the first half of a character that has two.
      if (!EXPECTED.has(code)) warnings.add(sound(message).replace("\ufffd", sound(token?.text ?? "\ufffd")));
      return "ignore";
    },
    trust({ command }) {
      warnings.add("`" + command + "` is switched off");
      return false;
    },
  };
}

/** The macros an entry's earlier `\newcommand`s leave, upon those of the site; parsed once a preamble. */
function definitions(preamble) {
  let known = preambles.get(preamble);
  if (known === undefined) {
    known = { macros: { ...siteMacros }, error: null };
    if (preamble) {
      try {
        katex.__parse(preamble, { ...settings(true, known.macros, new Set()), globalGroup: true });
      } catch (error) {
        known.error = error;
      }
    }
    preambles.set(preamble, known);
  }
  return known;
}

// ---------------------------------------------------------------------------------- styles become classes

// KaTeX escapes quotes in text and in values, so this finds attributes and nothing else.
const STYLED = /(?: class="([^"]*)")? style="([^"]*)"/g;

// A tall brace is a stack of glyphs that overlap by 0.008 em: there a hundredth would show as a gap.
const STACKED = "delimsizing mult";
const ROUGH = { steps: 100, classes: new Map() };
const FINE = { steps: 1000, classes: new Map() };

/** The markup with a class for each declaration of each `style` attribute; their rules go into `rules`. */
function hoist(markup, rules) {
  const { steps, classes } = markup.includes(STACKED) ? FINE : ROUGH;
  return markup.replace(STYLED, (_, names = "", style) => {
    const all = names ? [names] : [];
    for (const declaration of style.split(";")) {
      if (!declaration) continue;
      let known = classes.get(declaration);
      if (known === undefined) {
        known = ruleOf(declaration, steps);
        classes.set(declaration, known);
      }
      if (known === null) continue;
      all.push(known.name);
      rules.add(known.rule);
    }
    return all.length ? ` class="${all.join(" ")}"` : "";
  });
}

// Of all properties these three alone take a new value with almost every formula; the others a few dozen.
const ROUNDED = new Set(["height", "top", "vertical-align"]);

// No abbreviation is another one followed by what a value may begin with: a digit, `n` or `-`.
const ABBREVIATIONS = {
  "background-color": "bg",
  "border-bottom-width": "bb",
  color: "c",
  height: "h",
  left: "l",
  "margin-left": "ml",
  "margin-right": "mr",
  "margin-top": "mt",
  "min-width": "mw",
  "padding-left": "pl",
  top: "t",
  "vertical-align": "v",
  width: "w",
};

/**
 * The class of a declaration, lengths rounded to so many steps an em: of `height:1.2345em` and 100 it is
 * `{name: "kh123", rule: ".kh123{height:1.23em}"}`; null for what is no plain style.
 */
function ruleOf(declaration, steps) {
  const [, property, written] = /^\s*([a-z-]+)\s*:\s*([-#%.,+*/()\w\s]+?)\s*$/.exec(declaration) ?? [];
  if (!property) return null;
  const stem = "k" + (ABBREVIATIONS[property] ?? `-${property}-`);
  const em = /^(-?)(\d*\.?\d+)em$/.exec(written);
  if (!em) return rule(stem + encode(written), property, written);
  let size = Number(em[2]);
  // What is thinner than a tenth of an em keeps its thickness.
  if (ROUNDED.has(property) && size >= 0.1) size = Math.round(size * steps) / steps;
  const sign = size ? em[1] && "-" : "";
  const hundredths = Math.round(size * 100);
  const name = Math.abs(hundredths - size * 100) < 1e-6 ? String(hundredths) : String(size).replace(".", "_");
  const value = size ? sign + String(size).replace(/^0\./, ".") + "em" : "0";
  return rule(stem + (sign && "n") + name, property, value);
}

function rule(name, property, value) {
  return { name, rule: `.${name}{${property}:${value}}` };
}

/** A value as part of a class name; no two values give the same. */
function encode(value) {
  return "-" + value.replace(/[^A-Za-z0-9]/g, (sign) => `_${sign.codePointAt(0).toString(16)}_`);
}

// ---------------------------------------------------------------------------------- faults

/**
 * What went wrong, for Python to word: KaTeX's `message`, `offset` and `length` in UTF-16 units, the `place`
 * they count in ("formula", "preamble", or "expansion": then of the macro's use), `near` command names.
 */
function describe(error, tex, preamble) {
  if (error instanceof TooLong) return whole(`longer than ${LONGEST} characters`, tex);
  if (error instanceof RangeError) return whole("nested too deeply", tex);
  if (!(error instanceof katex.ParseError)) return whole("KaTeX fails on it", tex);
  const message = sound(error.rawMessage);
  const unknown = /^Undefined control sequence: (\\[A-Za-z]+)/.exec(message);
  const near = unknown?.[1].length > 3 ? neighbours(unknown[1], definitions(preamble).macros) : [];
  const { position: offset, length } = error;
  if (offset === undefined) return { ...named(message, tex), near };
  if (pointsInto(tex, error) && !definitions(preamble).error) return { message, offset, length, place: "formula", near };
  if (pointsInto(preamble, error)) return { message, offset, length, place: "preamble", near };
  const uses = [...tex.matchAll(/\\(?:[A-Za-z@]+|[^])/g)];
  const use = uses.find(([name]) => typeof siteMacros[name] === "string" && pointsInto(siteMacros[name], error));
  if (!use) return { ...whole(message, tex), place: "expansion", near };
  return { message, offset: use.index, length: use[0].length, place: "expansion", near };
}

function whole(message, tex) {
  return { message, offset: 0, length: tex.length, place: "formula", near: [] };
}

/** A fault without a position often names a command: the last use of it is the likely culprit. */
function named(message, tex) {
  const command = /\\[A-Za-z]+/.exec(message)?.[0];
  const offset = command ? tex.lastIndexOf(command) : -1;
  return offset < 0 ? whole(message, tex) : { message, offset, length: command.length, place: "formula" };
}

/**
 * Whether a fault's position counts in this input: KaTeX also reports positions inside the body of a macro,
 * without saying so, but ends its message with the surroundings, the faulty part underlined.
 */
function pointsInto(input, { message, position, length }) {
  const end = position + length;
  if (end > input.length) return false;
  const before = input.slice(Math.max(0, position - 15), position);
  const marked = input.slice(position, end).replace(/[^]/g, "$&\u0332");
  const after = input.slice(end, end + 15) + (end + 15 < input.length ? "…" : "");
  return message.endsWith((position > 15 ? "…" : ": ") + before + marked + after);
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** Up to three commands one slip away: letters swapped, one too many, one too few, the wrong case, another. */
function neighbours(command, macros) {
  const word = command.slice(1);
  const at = [...[...word].keys()];
  const candidates = new Set([
    ...at.slice(1).map((i) => word.slice(0, i - 1) + word[i] + word[i - 1] + word.slice(i + 1)),
    ...at.map((i) => word.slice(0, i) + word.slice(i + 1)),
    ...[...at, word.length].flatMap((i) => [...LETTERS].map((letter) => word.slice(0, i) + letter + word.slice(i))),
    word.toLowerCase(),
    word[0].toUpperCase() + word.slice(1).toLowerCase(),
    ...at.flatMap((i) => [...LETTERS].map((letter) => word.slice(0, i) + letter + word.slice(i + 1))),
  ]);
  const found = [];
  for (const candidate of candidates) {
    // One letter is a slip away from every short command: that helps nobody.
    if (candidate.length > 1 && candidate !== word && isCommand("\\" + candidate, macros)) found.push("\\" + candidate);
    if (found.length === 3) break;
  }
  return found;
}

function isCommand(command, macros) {
  try {
    katex.__parse(command, settings(true, { ...macros }, new Set()));
    return true;
  } catch (error) {
    return !error.rawMessage?.startsWith("Undefined control sequence: ");
  }
}

globalThis.grimoire = { open, typeset, version: katex.version };

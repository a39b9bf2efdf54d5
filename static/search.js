/* The search itself. Nothing here touches the page: app.js shows what this finds.

   Two tiers. `search` compares what is typed with every name, at each key. `full` asks lunr for the texts and the
   formulas; what is typed is taken apart here and never parsed as a query, so that anything may be typed. How a
   text is taken apart is settled in src/grimoire/search/words.py and formulas.py, and must be the same on both sides. */

/* ---------------------------------------------------------------- words */

const CJK = '\\u1100-\\u11ff\\u3005-\\u3007\\u3040-\\u30ff\\u3130-\\u318f\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\u{20000}-\\u{3ffff}'
const IS_CJK = new RegExp(`^[${CJK}]`, 'u')
const WORD = new RegExp(`[${CJK}]+|\\p{Nd}+(?:\\.\\p{Nd}+)+|(?:(?![${CJK}])(?:[\\p{L}\\p{N}]|(?=[\\u0300-\\u20ff\\ua660-\\uabff])\\p{M}))+(?:\\+\\+|#)?`, 'gu')
const INITIALS = /(?<![\p{L}\p{N}])(?:(?!\p{Nd})[\p{L}\p{N}]\.){2,}(?:(?!\p{Nd})[\p{L}\p{N}](?![\p{L}\p{N}]))?/gu
const BLANKS = /(?:(?!\ufeff)[\s\x1c-\x1f\x85])+/
const JOINERS = /[\s\x1c-\x1f\x85_\-‐-―−]+/g
const MARKS = /([\0-\u052f])[\u0300-\u034e\u0350-\u036f\u0483-\u0487\u1ab0-\u1abd\u1dc0-\u1dff\u20d0-\u20dc\u20e1\u20e5-\u20f0\u3099\u309a\ufe20-\ufe2f]+|(?<= )[\u064b-\u0652\u0670]+/g
const LETTERS = { æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', þ: 'th', ı: 'i' }

/* As grimoire.names.fold: case, accents, quotes and the kind of dash do not count. */
export function fold(text) {
  if (!isAscii(text)) {
    text = text.replace(/[\u200b-\u200d\u2060\ufeff\u00ad]/g, '').normalize('NFKC').toLowerCase().toUpperCase().toLowerCase()
    text = text.normalize('NFKD').replace(MARKS, '$1').normalize('NFC').replace(/ς/g, 'σ').replace(/[æœøđðłþı]/g, c => LETTERS[c])
  } else text = text.toLowerCase()
  return text.replace(/['’‘ʼ`"“”„«»]/g, '').replace(JOINERS, ' ').trim()
}

const ASCII_WORD = /\d+(?:\.\d+)+|[a-z0-9]+(?:\+\+|#)?/g
const isAscii = text => !/[^\0-\x7f]/.test(text)
const wordsOf = folded => {
  if (folded.includes('.')) folded = folded.replace(INITIALS, x => x.replaceAll('.', ''))
  return [folded, folded.matchAll(isAscii(folded) ? ASCII_WORD : WORD)]
}

/* What stands between two blanks: its words, and all of them in one where they are a compound. */
export function takeApart(chunk) {
  const [folded, matches] = wordsOf(fold(chunk)), found = [...matches], words = found.map(m => m[0])
  const whole = words.length > 1 && words.length < 4 && found.every((m, i) => !i || /^[ ^]$/.test(folded.slice(found[i - 1].index + words[i - 1].length, m.index)))
  return { words, joined: whole ? words.join('') : '' }
}
const chunks = text => text.split(BLANKS).filter(Boolean).map(takeApart)
export const words = text => isAscii(text) ? Array.from(wordsOf(fold(text))[1], m => m[0]) : chunks(text).flatMap(chunk => chunk.words)
const flatten = folded => folded.replace(isAscii(folded) ? /[^a-z0-9+#]+/g : /[^\p{L}\p{N}\p{M}+#]+/gu, '')

/* ---------------------------------------------------------------- names */

const SMALL = new Set(['a', 'an', 'and', 'as', 'at', 'by', 'for', 'from', 'in', 'of', 'on', 'or', 'the', 'to', 'with', 'de', 'des', 'du', 'la', 'le', 'les', 'et'])
const EXACT = 9, EXACT_OTHER = 8, BEGINS = 7, INITIAL = 6, OTHER_BEGINS = 5, WORDS = 4, INSIDE = 3, SPELLING = 2, SUMMARY = 1

function nameOf(text, other, shown = true) {
  const folded = fold(text), w = words(text), first = x => x.map(y => String.fromCodePoint(y.codePointAt(0))).join('')
  const initials = w.length < 2 ? [] : [first(w), first(w.filter(x => !SMALL.has(x)))]
  return { text, other, shown, folded, flat: flatten(folded), words: w, initials }
}

/* The numbers of documents are written as steps from one to the next. */
const walked = steps => { let at = 0; return steps.map(step => at += step) }

/* The names of some documents: rows are [title, address, abbreviation, aliases, tags, summary], as
   grimoire.search.names writes them. */
export function prepare(data) {
  const names = { entries: [], at: new Map(), numbered: new Map() }
  add(names, data)
  return names
}
function add(names, { slots, rows }) {
  const numbers = walked(slots)
  rows.forEach(([title, url, abbreviation, aliases, tags, summary], i) => {
    const own = [nameOf(title, false), ...[abbreviation, ...aliases].filter(Boolean).map(x => nameOf(x, true))]
    // The slug spells out what a keyboard lacks: β-VAE is beta-vae.
    const slug = /[^\0-\x7f]/.test(title) && decodeURI(url).split('/').filter(Boolean).at(-1)
    if (slug) own.push(nameOf(slug, true, false))
    const entry = { title, url, abbreviation, tags, summary, names: own }
    names.entries.push(entry)
    names.at.set(url, entry)
    names.numbered.set(numbers[i], entry)
  })
  names.vocabulary = undefined
}

/* How well a name answers, from 0: the tier, and a fraction for the order within it. */
function answer(name, q) {
  const { other, folded, flat } = name, short = 1 / (2 + flat.length), late = other ? 0 : .4
  if (folded === q.folded) return (other ? EXACT_OTHER : EXACT) + .9
  if (q.flat && flat === q.flat) return (other ? EXACT_OTHER : EXACT) + .1
  if (folded.startsWith(q.folded) || (q.flat.length > 1 && flat.startsWith(q.flat)))
    return (other ? OTHER_BEGINS : BEGINS) + short + (folded[q.folded.length] === ' ' ? .4 : 0)
  const initials = q.words.length === 1 && name.initials.includes(q.flat)
  if (initials && q.flat.length > 2) return INITIAL + late + short
  if (q.words.length) {
    const places = q.words.map(x => name.words.findIndex(y => y.startsWith(x)))
    if (!places.includes(-1)) return WORDS + late + short / 2 + .4 * places.filter((p, i) => name.words[p] === q.words[i]).length / places.length
    if (initials) return WORDS
  }
  if ((q.flat.length > 2 || IS_CJK.test(q.flat)) && (folded.includes(q.folded) || flat.includes(q.flat))) return INSIDE + late + short
  return 0
}

/* Gives at most `max` of { title, url, summary, via, tier }: `via` is the other name that answered, "" for the title. */
export function search(names, query, max = 12) {
  const folded = fold(query), q = { folded, flat: flatten(folded), words: words(query) }, found = []
  if (!folded) return []
  for (const entry of names.entries) {
    let score = 0, via = ''
    for (const name of entry.names) {
      const s = answer(name, q)
      if (s > score) { score = s; via = name.other && name.shown ? name.text : '' }
    }
    if (score) found.push({ entry, score, via })
  }
  if (found.length < max && q.words.length) {
    const have = new Set(found.map(f => f.entry)), add = (entry, score) => have.has(entry) || (have.add(entry), found.push({ entry, score, via: '' }))
    if (!found.some(f => f.score >= WORDS)) for (const [entry, errors] of misspelt(names, q)) add(entry, SPELLING + 1 / (2 + errors))
    for (const entry of names.entries) {
      if (have.has(entry)) continue
      const gloss = entry.gloss ??= ' ' + fold(entry.summary).replace(isAscii(entry.summary) ? /[^a-z0-9+#]+/g : /[^\p{L}\p{N}\p{M}+#]+/gu, ' ')
      if (q.words.every(x => gloss.includes(IS_CJK.test(x) ? x : ' ' + x))) add(entry, SUMMARY + (gloss.includes(q.folded) ? .5 : 0))
    }
  }
  found.sort((a, b) => b.score - a.score || a.entry.title.length - b.entry.title.length || (a.entry.title < b.entry.title ? -1 : 1))
  return found.slice(0, max).map(({ entry, score, via }) => ({ title: entry.title, url: entry.url, summary: entry.summary, via, tier: score | 0 }))
}
export const isGuess = hit => hit.tier === SPELLING

/* ---------------------------------------------------------------- spelling */

const allowed = word => word.length > 7 ? 2 : word.length > 3 ? 1 : 0
const bits = word => { let b = 0; for (let i = 0; i < word.length; i++) b |= 1 << word.charCodeAt(i) % 31; return b }
const ones = x => { let n = 0; while (x) { x &= x - 1; n++ } return n }

/* The errors (a letter more, less, other, or two swapped) between q and w, or, `partly`, the beginning of w; most + 1 if more.
   Rows of the table of distances take turns in three arrays, since this runs some ten thousand times a key. */
const rows = [0, 1, 2].map(() => new Uint8Array(256))
export function errors(q, w, most, partly) {
  const width = Math.min(partly ? Math.min(w.length, q.length + most) : w.length, 255), height = Math.min(q.length, 255)
  if (w.length < height - most || width > height + most) return most + 1
  let [before, row, next] = rows
  for (let j = 0; j <= width; j++) row[j] = j
  for (let i = 1; i <= height; i++) {
    let least = next[0] = i
    const letter = q.charCodeAt(i - 1), last = i > 1 ? q.charCodeAt(i - 2) : -1
    for (let j = 1; j <= width; j++) {
      const other = w.charCodeAt(j - 1)
      let v = row[j - 1] + (letter === other ? 0 : 1)
      if (row[j] < v) v = row[j] + 1
      if (next[j - 1] < v) v = next[j - 1] + 1
      if (last === other && j > 1 && letter === w.charCodeAt(j - 2) && before[j - 2] < v) v = before[j - 2] + 1
      next[j] = v
      if (v < least) least = v
    }
    if (least > most) return most + 1
    ;[before, row, next] = [row, next, before]
  }
  let n = row[width]
  if (partly) for (let j = 0; j < width; j++) if (row[j] < n) n = row[j]
  return Math.min(most + 1, n)
}

/* Every word of a name, with the entries whose title has it and those that have it in another name only. */
function vocabularyOf(names) {
  const all = new Map()
  for (const entry of names.entries) for (const name of entry.names) for (const w of name.words) {
    let known = all.get(w)
    if (!known) all.set(w, known = { bits: bits(w), titles: [], others: [] })
    const list = name.other ? known.others : known.titles
    if (list.at(-1) !== entry) list.push(entry)
  }
  return all
}

/* Entries that are meant perhaps, with the errors: each word is near the beginning of one of theirs, or all in one. */
function misspelt(names, q) {
  const vocabulary = names.vocabulary ??= vocabularyOf(names), most = allowed(q.flat), letters = bits(q.flat)
  let all
  const least = (map, entry, n) => { if (!(map.get(entry) <= n)) map.set(entry, n) }
  for (const x of q.words) {
    const most = allowed(x), letters = bits(x), near = new Map()
    for (const [w, { bits, titles, others }] of vocabulary) {
      if (ones(letters & ~bits) > most) continue
      const n = errors(x, w, most, true)
      if (n > most) continue
      for (const e of titles) least(near, e, n)
      for (const e of others) least(near, e, n + .3)
    }
    all = all ? new Map([...all].filter(([e]) => near.has(e)).map(([e, n]) => [e, n + near.get(e)])) : near
    if (!all.size) break
  }
  for (const entry of names.entries) for (const name of entry.names) {
    if (Math.abs(name.flat.length - q.flat.length) > most || name.words.length + q.words.length < 3) continue
    if (ones(letters & ~(name.bits ??= bits(name.flat))) > most) continue
    const n = errors(q.flat, name.flat, most, false)
    if (n <= most) least(all, entry, n + (name.other ? .3 : 0))
  }
  return all
}

/* The names least unlike what was typed, however unlike: what to offer when nothing answers. */
export function nearest(names, query, max = 3) {
  const flat = flatten(fold(query)).slice(0, 40), found = []
  if (flat.length < 2) return []
  for (const entry of names.entries) {
    let least = .5, via = ''
    for (const name of entry.names) {
      const length = Math.max(flat.length, name.flat.length), n = errors(flat, name.flat, Math.floor(length * least), false) / length
      if (n < least) { least = n; via = name.other && name.shown ? name.text : '' }
    }
    if (least < .5) found.push([least, entry, via])
  }
  found.sort((a, b) => a[0] - b[0])
  return found.slice(0, max).map(([, { title, url, summary }, via]) => ({ title, url, summary, via, tier: SPELLING }))
}

/* ---------------------------------------------------------------- shards */

/* The name of the shard that begins with a term, as grimoire.search.cutting has it: a CRC-32. */
export function nameOfShard(start) {
  let crc = -1
  for (let i = 0; i < start.length; i++) for (const byte of [start.charCodeAt(i) & 255, start.charCodeAt(i) >> 8]) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc >>> 1 ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (~crc >>> 0).toString(16).padStart(8, '0')
}

/* Which shard has a term, if any has. */
function shardOf(starts, term) {
  let low = 0, high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle] <= term) low = middle
    else high = middle - 1
  }
  return low
}

/* The last string that begins so, nearly. */
const lastOf = start => start + '\uffff'

/* Fetches everything once, and again what failed. */
function once(load) {
  const known = new Map()
  return name => {
    if (!known.has(name)) known.set(name, load(name).catch(e => { known.delete(name); throw e }))
    return known.get(name)
  }
}

/* ---------------------------------------------------------------- names of a large site */

/* What is fetched of the names of a large site are the rows that may answer: `reach` fetches those for a query, `bring`
   those of some documents. All other functions work on what is there. How ways lead to rows is told in
   src/grimoire/search/name_rows.py. */
const LONGEST_KEY = 20, ROWS = 8, SPARE = 1.5, MOST_SHARDS = 3, MOST_SPELLINGS = 8, MOST_WORDS = 3

export function openNames({ starts, topics }, load) {
  const names = prepare({ slots: [], rows: [] }), fetched = once(load), there = new Set()

  /* What begins so, until there is enough of it or too much was fetched. */
  async function waysFrom(start, enough) {
    const found = [], last = starts.length ? shardOf(starts, lastOf(start)) : -1
    for (let i = shardOf(starts, start), n = 0; i <= last && n < MOST_SHARDS && found.length < enough; i++, n++)
      for (const entry of await fetched('names/' + nameOfShard(starts[i]))) if (entry[0].startsWith(start)) found.push(entry)
    return found
  }
  /* The documents with a name that has these words behind each other, those that begin with them first, short ones before long. */
  async function withWords(list, enough) {
    const key = [...list.join('')].slice(0, LONGEST_KEY).join(''), found = await Promise.all(['^', '~'].map(sign => waysFrom(sign + key, enough)))
    return [...new Set(found.flatMap(ways => ways.sort((a, b) => a[0].length - b[0].length).flatMap(([, steps]) => walked(steps))))]
  }
  const inAll = lists => lists.length ? lists[0].filter(slot => lists.every(list => list.includes(slot))) : []
  /* Where there is one error, one end of the word has none; where there are two, so it is with shorter ends, nearly always. */
  async function spellings(word) {
    const most = allowed(word), end = n => Math.max(2, Math.floor(n / (most + 1)))
    if (!most) return []
    const backwards = [...word].reverse().join(''), starts = ['=' + word.slice(0, end(word.length)), '<' + backwards.slice(0, end(word.length - 1))]
    const [ahead, behind] = await Promise.all(starts.map(start => waysFrom(start, Infinity)))
    const near = new Map([...ahead.map(([way]) => way.slice(1)), ...behind.map(([way]) => [...way.slice(1)].reverse().join(''))].map(w => [w, errors(word, w, most, true)]).filter(([, n]) => n <= most))
    return [...near].sort((a, b) => a[1] - b[1]).slice(0, MOST_SPELLINGS).map(([w]) => w)
  }

  async function bring(slots) {
    const wanted = [...new Set(slots.map(slot => Math.floor(slot / ROWS)))].filter(n => !there.has(n))
    for (const [i, rows] of (await Promise.all(wanted.map(n => fetched('rows/' + n)))).entries()) if (!there.has(wanted[i])) {
      there.add(wanted[i])
      add(names, rows)
    }
  }
  async function reach(query, max = 12) {
    const typed = words(query), enough = max * SPARE
    if (!typed.length || /[\\^{}]/.test(query)) return // of a formula, the texts tell
    // A query of many words is a text's; of three words there are few names.
    const telling = typed.toSorted((a, b) => b.length - a.length).slice(0, MOST_WORDS)
    let slots = await withWords(typed, enough)
    if (!slots.length && typed.length > 1) slots = inAll(await Promise.all(telling.map(w => withWords([w], Infinity))))
    if (!slots.length) slots = (await Promise.all((await spellings(typed.join(''))).map(x => withWords([x], enough)))).flat()
    if (!slots.length && typed.length <= MOST_WORDS) slots = inAll(await Promise.all(typed.map(async w => (await Promise.all([w, ...await spellings(w)].map(x => withWords([x], enough)))).flat())))
    await bring(slots.slice(0, enough))
  }
  return Object.assign(names, { topics, reach, bring })
}

/* ---------------------------------------------------------------- texts and formulas */

const TEX = /\\([A-Za-z]+)\*?|((?:(?!\p{Nd})[\p{L}\p{N}])+)|([\^_])|\p{Nd}+/gu
const SILENT = new Set(('left right middle big Big bigg Bigg bigl bigr bigm Bigl Bigr Bigm biggl biggr Biggl Biggr quad qquad displaystyle textstyle scriptstyle '
  + 'limits nolimits mathrm mathit textrm text operatorname begin end label tag notag nonumber').split(' '))

export function streams(tex) {
  const found = [[]]
  for (const [, command, run, sign] of tex.matchAll(TEX)) {
    if (SILENT.has(command)) continue
    const token = command || run || sign
    if (token) found.at(-1).push(token.toLowerCase()); else found.push([])
  }
  return found
}

/* common: what grimoire.search.whole writes of all documents; load: a promise of the content of a file, by its name. */
export function open(lunr, { fields, documents, totals, slots, starts }, load) {
  const places = slots && new Map(walked(slots).map((slot, place) => [slot, place]))
  return { lunr, starts, names: Object.keys(fields), boosts: Object.values(fields), count: documents, averages: totals.map(all => all / documents), places, fetched: once(load) }
}

/* How long each field is of each document, of those fields that are asked for; null where that is not told. */
async function lengthsOf({ places, names, fetched }, fields) {
  if (!places) return null
  const last = names.length - 1, isWritten = fields.some(field => field !== names[last]), isTex = fields.includes(names[last])
  const [written, tex] = await Promise.all([isWritten ? fetched('lengths') : [], isTex ? fetched('lengths-tex') : []])
  return names.map((_, field) => field < last ? written[field] : tex[0])
}

/* The beginning of a word may stand for so many that half the index would have to come; then only whole words answer. */
const WIDEST = 3
const beginning = term => term.endsWith('*') ? term.slice(0, -1) : null
const isTooWide = ({ starts }, term) => beginning(term) !== null && shardOf(starts, lastOf(beginning(term))) - shardOf(starts, beginning(term)) >= WIDEST

/* The shards that may have a term, or one that begins so. */
function shardsOf({ starts }, term) {
  const start = beginning(term), first = shardOf(starts, start ?? term), last = start === null ? first : shardOf(starts, lastOf(start))
  return starts.slice(first, last + 1)
}

/* A lunr index of some terms: those that are asked for, with all documents that have them. Terms and documents have
   the order that they have in the whole, so that lunr finds the same, in the same order. */
export async function indexOf(text, asked, fields) {
  const wanted = new Set(asked.filter(term => beginning(term) === null)), starts = asked.map(beginning).filter(start => start !== null), entries = new Map()
  const shards = text.starts.length ? [...new Set(asked.flatMap(term => shardsOf(text, term)))] : []
  for (const shard of await Promise.all(shards.map(start => text.fetched(nameOfShard(start))))) for (const entry of shard)
    if (wanted.has(entry[0]) || starts.some(start => entry[0].startsWith(start))) entries.set(entry[0], entry)
  const terms = [...entries.keys()].sort((a, b) => a < b ? -1 : 1), invertedIndex = Object.create(null), fieldVectors = Object.create(null)
  const lengths = await lengthsOf(text, fields)
  terms.forEach((term, number) => { invertedIndex[term] = postingOf(text, entries.get(term), number, fieldVectors, lengths) })
  const { Index, TokenSet, Pipeline } = text.lunr
  return new Index({ invertedIndex, fieldVectors, tokenSet: TokenSet.fromArray(terms), fields: text.names, pipeline: new Pipeline })
}

/* One term as lunr's index has it, with its scores, which are lunr's own: BM25, rounded to three digits. */
const K1 = 1.2, B = .75, NOTHING = {}
function postingOf({ lunr, names, boosts, count, averages, places }, [, ...lists], number, vectors, lengths) {
  const posting = { _index: number }, found = [] // [field, slot, frequency]
  let occurrences
  for (const name of names) posting[name] = {}
  for (let i = 0; i < lists.length; i += 2) {
    let slot = 0
    if (lists[i] < 0) occurrences = lists[i + 1]
    else for (const step of lists[i + 1]) if (step < 0) found.at(-1)[2] = -step; else found.push([lists[i], slot += step, 1])
  }
  occurrences ??= found.length
  const idf = Math.log(1 + Math.abs((count - occurrences + .5) / (occurrences + .5)))
  for (const [field, slot, frequency] of found) {
    if (lengths && !lengths[field]) continue // nobody asks for that field
    const place = places?.get(slot)
    if (lengths && place === undefined) continue // of another version of the site
    const length = lengths ? lengths[field][place] / averages[field] : 1
    const name = names[field], score = idf * ((K1 + 1) * frequency) / (K1 * (1 - B + B * length) + frequency) * boosts[field]
    posting[name][slot] = NOTHING
    ;(vectors[name + '/' + slot] ??= new lunr.Vector).elements.push(number, Math.round(score * 1000) / 1000)
  }
  return posting
}

const isFormula = query => /[\\^_{}]/.test(query)
const WRITTEN = ['title', 'aliases', 'tags', 'body']

/* What a document must have: each need is met by any of its alternatives, [terms that must all be there], and is
   asked for with clauses [term, boost, fields]. A term that ends in * is the beginning of one. */
function needsOf(lunr, query, loose) {
  const all = chunks(query), stem = w => /^[a-z]{3,}$/.test(w) ? lunr.stemmer(new lunr.Token(w)).toString() : w
  const telling = all.filter(({ words }) => words.some(w => lunr.stopWordFilter(w))), needs = []
  for (const { words, joined } of telling.length ? telling : all) {
    if (!words.length) continue
    const last = !/\s$/.test(query) && all.at(-1).words === words, ways = []
    for (const parts of joined ? [words, [joined]] : [words]) {
      const way = []
      parts.forEach((w, i) => {
        if (IS_CJK.test(w)) {
          const c = [...w]
          for (const pair of c.length > 1 ? c.slice(1).map((x, j) => c[j] + x) : c) way.push([[pair, 1]])
          return
        }
        const alternatives = [[stem(w), 2]]
        if (stem(w) !== w) alternatives.push([w, 3])
        if (last && i === parts.length - 1 && w.length > 1) {
          alternatives.push([w + '*', .5])
          // A word being typed may have passed its stem already: "trainin".
          if (loose) for (let n = w.length - 1; n > 3 && n > w.length - 6; n--) alternatives.push([w.slice(0, n), .1])
        }
        way.push(alternatives)
      })
      ways.push(way)
    }
    needs.push({ ways, fields: WRITTEN })
  }
  return needs
}

function formulaNeeds(query) {
  const needs = [], wishes = [], all = streams(query), last = all.at(-1).at(-1), typing = /[\p{L}]$/u.test(query)
  for (const stream of all) stream.forEach((token, i) => {
    const need = (list, ...alternatives) => list.push({ ways: [[alternatives]], fields: ['tex'] })
    if (!/[\^_]/.test(token)) need(needs, [token, 1], ...(typing && token === last && token.length > 1 ? [[token + '*', .5]] : []))
    if (i) need(wishes, [stream[i - 1] + ' ' + token, 2])
  })
  return { needs, wishes }
}

const termsOf = needs => needs.flatMap(({ ways }) => ways.flat(2)).map(([term]) => term)

async function ask(text, needs, wishes = []) {
  const all = [...needs, ...wishes].map(need => ({ ...need, ways: need.ways.map(way => way.map(alternatives => alternatives.filter(([term]) => !isTooWide(text, term)))) }))
  const index = await indexOf(text, termsOf(all), all.flatMap(({ fields }) => fields))
  const has = (terms, [term]) => beginning(term) === null ? terms.includes(term) : terms.some(t => t.startsWith(beginning(term)))
  const met = (list, terms) => list.filter(need => need.ways.some(way => way.every(alternatives => alternatives.some(a => has(terms, a))))).length
  const results = index.query(query => {
    for (const { ways, fields } of all) for (const way of ways) for (const alternatives of way)
      for (const [term, boost] of alternatives) query.term(term, { boost, fields, usePipeline: false })
  })
  return results.map(({ ref, score, matchData }) => {
    const terms = Object.keys(matchData.metadata)
    return { slot: Number(ref), score, met: met(needs, terms), wishes: met(wishes, terms) }
  })
}

/* Gives at most `max` of { slot, score }: documents that have all that was typed, or else the most of it, in lunr's
   order. Of formulas, only those with the same neighbours where there are any. */
export async function full(text, query, max = 12) {
  let needs = [], hits = [], wishes = 0
  const most = name => hits.reduce((most, hit) => Math.max(most, hit[name]), 0), best = () => most('met')
  if (isFormula(query)) {
    const formula = formulaNeeds(query)
    if (formula.needs.length) hits = await ask(text, needs = formula.needs, formula.wishes)
    if (best() < needs.length) hits = []
    else wishes = formula.wishes.length
  }
  for (const loose of [false, true]) if (!hits.length || best() < needs.length) {
    needs = needsOf(text.lunr, query, loose)
    hits = needs.length ? await ask(text, needs) : []
  }
  const met = best(), neighbours = most('wishes'), whole = neighbours && neighbours === wishes ? neighbours : 0
  if (met * 2 < needs.length) return []
  return hits.filter(h => h.met === met && h.wishes >= whole).sort((a, b) => b.wishes - a.wishes).slice(0, max).map(({ slot, score }) => ({ slot, score }))
}

/* What the names found, then what the texts found beside it; for a piece of a formula the other way round. */
export function merge(names, query, hits, more, max = 12) {
  const found = more.map(m => names.numbered.get(m.slot)).filter(Boolean).map(({ title, url, summary }) => ({ title, url, summary, via: '', tier: 0 }))
  const both = isFormula(query) && found.length ? [...found, ...hits.filter(h => h.tier > SPELLING)] : [...hits, ...found], have = new Set()
  return both.filter(({ url }) => !have.has(url) && have.add(url)).slice(0, max)
}

/* ---------------------------------------------------------------- fetching, once */

const json = url => fetch(url).then(r => r.ok ? r.json() : Promise.reject(new Error(r.status + ' ' + url)))

/* A tier is opened with its first file, and a way to fetch the others by name. When one fails, all are read anew: there
   may be another version of the site by now, to whose files the first one does not lead. */
const tiers = new Map()
function tier(root, first, open) {
  const fail = e => { tiers.delete(first); throw e }, load = name => json(new URL(`search/${name}.json`, root)).catch(fail)
  if (!tiers.has(first)) tiers.set(first, open(load(first), load).catch(fail))
  return tiers.get(first)
}
export const loadNames = root => tier(root, 'names', async (first, load) => {
  const data = await first
  return data.rows ? prepare(data) : openNames(data, load)
})
export const loadTexts = root => tier(root, 'index', async (first, load) => {
  const [lunr, common] = await Promise.all([import("./lunr.js"), first])
  return open(lunr.default, common, load)
})
/* The files are not what they were. */
export const forget = () => tiers.clear()

/* What a page does beyond being read: cards at links, pages beside pages, keys, colours, copying, filters.
   The palette, the help and lists of results are in palette.js, which is loaded when somebody reaches for them.
   All that a script knows of the site is its root, from <body data-root>. */

/* Every word that the scripts show, those of palette.js too: words.json in the language of the site, which is put
   in place of the name when the site is built. What stands in braces is put in. */
/* global __WORDS__ */
const TEXT = __WORDS__

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
const plural = (forms, n) => fill(forms[new Intl.PluralRules(document.documentElement.lang || 'en').select(n)] ?? forms.other, { n })

/* ---------------------------------------------------------------- tools */

const ROOT = new URL(document.body.dataset.root || './', location.href)
const $ = (selector, within = document) => within.querySelector(selector)
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)]

/* Make an element; what is a property of it is set so, the rest as attributes. */
function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value
    else element.setAttribute(name, value)
  }
  element.append(...children)
  return element
}

/* Read or, with a value, keep something for the next visit; storage may be forbidden. */
function keep(name, value) {
  try {
    if (value === undefined) return localStorage[name]
    if (value) localStorage[name] = value
    else delete localStorage[name]
  } catch { /* then nothing is kept */ }
}

/* The terms last visited: their titles and paths. What is kept may have been written by something else. */
function visited() {
  try { return JSON.parse(keep('visited')).filter(Array.isArray) } catch { return [] }
}

/* The full address of a link, in HTML and in SVG. */
const addressOf = link => new URL(link.getAttribute('href'), document.baseURI)
/* An address below the root without its anchor, as the search data has it; null for one elsewhere. */
function pathOf(address) {
  const { origin, pathname } = new URL(address, document.baseURI)
  return origin === ROOT.origin && pathname.startsWith(ROOT.pathname) ? pathname.slice(ROOT.pathname.length).replace(/index\.html$/, '') : null
}
const isTerm = address => /^terms\/[^/]+\/$/.test(pathOf(address) ?? '')

function replaceAddress(change) {
  const address = new URL(location.href)
  change(address.searchParams)
  address.search = address.search.replaceAll('%2C', ',').replaceAll('%2F', '/')
  try { history.replaceState(history.state, '', address) } catch { /* browsers refuse when this comes too often */ }
}

/* Tell what happened to who cannot see it. */
let announcer
function announce(text) {
  announcer ??= document.body.appendChild(el('div', { className: 'vh', role: 'status' }))
  announcer.textContent = text
}

/* Make every address in a foreign piece of a page absolute. */
function absolute(piece, base) {
  for (const name of ['href', 'src', 'poster']) {
    for (const element of $$(`[${name}]`, piece)) {
      const value = element.getAttribute(name)
      if (!value.startsWith('#')) element.setAttribute(name, new URL(value, base).href)
    }
  }
  return piece
}
const parse = text => new DOMParser().parseFromString(text, 'text/html')

/* Load a style sheet that this page lacks, before the author's own; a promise that is kept when it is there, or
   cannot be had. */
const coming = new Map()
function sheet(address) {
  if (!coming.has(address)) {
    coming.set(address, $$('link[rel=stylesheet]').some(link => link.href === address) ? Promise.resolve() : new Promise(done => {
      const link = el('link', { rel: 'stylesheet', href: address, onload: done, onerror: done }), own = $('link[data-own]')
      own ? own.before(link) : document.head.append(link)
    }))
  }
  return coming.get(address)
}
/* How cards and pages beside look. */
const looks = () => sheet(new URL("./cards.css", import.meta.url).href)

/* The card of a term, fetched once: a promise of an element, or of null where there is none. */
const cards = new Map()
function cardOf(address) {
  if (!isTerm(address)) return Promise.resolve(null)
  const url = new URL('card.html', new URL(pathOf(address), ROOT)).href
  if (!cards.has(url)) {
    const card = fetch(url).then(r => r.ok ? r.text() : '').then(async text => {
      const found = text && absolute(parse(text).body, url).firstElementChild
      const sheets = found?.dataset?.sheets?.split(' ') ?? []
      await Promise.all([looks(), ...sheets.map(address => sheet(new URL(address, url).href))])
      return found || null
    })
    cards.set(url, card.catch(() => { cards.delete(url); return null }))
  }
  return cards.get(url)
}

/* ---------------------------------------------------------------- cards */

const FETCH = 80, SHOW = 320, SHOW_NEXT = 90, HIDE = 220, FOCUS = 450, WARM = 400, DEEPEST = 3

let open = [] // { link, box, how }, the outermost first
let showing, hiding, resting, lastHidden = -Infinity, pointer, tapped, quiet
const areOn = () => keep('cards') !== 'off'

function linkAt(node) {
  const link = node?.closest?.('a.t, .near a, a.cite')
  return link && (lineOf(link) || isTerm(addressOf(link)) && pathOf(addressOf(link)) !== pathOf(location.href)) ? link : null
}
/* The line of the list of references that a citation leads to. */
const lineOf = link => link.matches('.cite') ? document.getElementById(link.getAttribute('href').slice(1)) : null
/* What a card shows: the term's own, or the work that is cited. */
function contentOf(link) {
  const line = lineOf(link)
  if (!line) return cardOf(addressOf(link))
  const text = el('p')
  text.append(...line.cloneNode(true).childNodes)
  return looks().then(() => el('div', { className: 'pk' }, text))
}
/* Give a link the focus back, and no card with it. */
const back = link => { quiet = link; link.focus({ preventScroll: true }) }
const depthOf = node => open.findIndex(card => card.box === node?.closest?.('.peek')) + 1

function hideCards(depth = 0) {
  if (depth === 0 && open.length) lastHidden = performance.now()
  while (open.length > depth) {
    const { link, box } = open.pop()
    link.removeAttribute('aria-expanded')
    box.remove()
  }
}

async function showCard(link, how, point) {
  const address = addressOf(link).href, cites = link.matches('.cite'), card = await contentOf(link)
  // The reader may have gone on while the card was on its way.
  const isLeft = how === 'mouse' ? !link.matches(':hover') : how === 'focus' ? document.activeElement !== link : tapped !== link
  if (!card || !link.isConnected || isLeft) return
  const depth = depthOf(link)
  if (open[depth]?.link === link || depth >= DEEPEST) return
  hideCards(depth)
  const body = card.cloneNode(true), sheet = how === 'tap'
  const act = cites && !sheet ? '' : sheet || innerWidth < WIDE
    ? el('button', { className: 'act', type: 'button', onclick: () => { tapped = null; hideCards(sheet ? depth : 0) } }, TEXT.close)
    : el('button', { className: 'act', type: 'button', onclick: () => { back(open[0].link); hideCards(); openBeside(address) } }, TEXT.beside)
  body.append(el('div', { className: 'ft' }, el('a', { className: 'plain', href: address, onclick: () => { if (cites) hideCards() } }, cites ? TEXT.references : TEXT.open), act))
  const box = el('div', {
    className: sheet ? 'peek sheet' : 'peek', popover: 'manual', role: 'group', 'aria-label': cites ? TEXT.work : fill(TEXT.card, { title: $('.hd', body)?.textContent ?? '' }),
  }, el('div', { className: 'in' }, body))
  ;(link.closest('svg') ?? link).after(box)
  box.showPopover()
  link.setAttribute('aria-expanded', 'true')
  watch(box)
  if (!sheet) place(box, link, point)
  open.push({ link, box, how })
}

/* Beside the line of the link that the pointer is on, below where there is room; nothing on the page moves. */
function place(box, link, point) {
  const lines = [...link.getClientRects()], line = (point && lines.find(r => point.y >= r.top - 3 && point.y <= r.bottom + 3)) || lines[0]
  if (!line) return
  const { offsetWidth: width, offsetHeight: height } = box, below = innerHeight - line.bottom
  box.style.left = Math.max(12, Math.min(innerWidth - width - 12, point ? point.x - 40 : line.left - 12)) + 'px'
  box.style.top = (below > height + 14 || below > line.top ? line.bottom + 7 : Math.max(8, line.top - height - 7)) + 'px'
}

function hideSoon() {
  clearTimeout(hiding)
  hiding = setTimeout(() => {
    const held = open.findLastIndex(({ link, box, how }) => box.matches(':hover') || link.matches(':hover')
      || box.contains(document.activeElement) || (how !== 'mouse' && (how === 'tap' || link === document.activeElement)))
    hideCards(held + 1)
  }, HIDE)
}

document.addEventListener('pointerover', event => {
  if (event.pointerType !== 'mouse') return
  const link = linkAt(event.target)
  if (open.length) hideSoon()
  resting = null
  if (!link || !areOn()) return
  const point = { x: event.clientX, y: event.clientY }, isNext = open.length || performance.now() - lastHidden < WARM
  setTimeout(() => link.matches(':hover') && contentOf(link), FETCH)
  resting = after => {
    clearTimeout(showing)
    showing = setTimeout(() => link.matches(':hover') && showCard(link, 'mouse', point), after)
  }
  resting(isNext ? SHOW_NEXT : SHOW)
})
document.addEventListener('pointerout', event => {
  if (event.pointerType !== 'mouse') return
  if (linkAt(event.target)) clearTimeout(showing)
  if (open.length) hideSoon()
})
document.addEventListener('focusin', event => {
  clearTimeout(showing)
  const link = linkAt(event.target)
  if (!event.target.closest('.peek') && !(link && open[0]?.link === link)) hideCards()
  if (link && link !== quiet && areOn() && link.matches(':focus-visible')) showing = setTimeout(() => document.activeElement === link && showCard(link, 'focus'), FOCUS)
  quiet = null
})
document.addEventListener('pointerdown', event => { pointer = event.pointerType }, true)
document.addEventListener('click', event => {
  const link = linkAt(event.target)
  if (link && !link.matches('.cite') && event.altKey && (event.ctrlKey || event.metaKey)) {
    event.preventDefault()
    hideCards()
    openBeside(addressOf(link).href)
  } else if (link && pointer === 'touch' && areOn() && tapped !== link && !open.some(card => card.link === link) && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault()
    tapped = link
    showCard(link, 'tap')
  } else if (!event.target.closest('.peek')) {
    tapped = null
    hideCards()
  }
})
addEventListener('scroll', () => {
  clearTimeout(showing)
  if (open[0]?.how === 'mouse') hideCards()
  else resting?.(SHOW)
}, { passive: true })

/* ---------------------------------------------------------------- pages beside */

const WIDE = 1000
const NAMING = ['popovertarget', 'for', 'aria-labelledby', 'aria-describedby', 'aria-controls']
let shelf, shelved = 0

/* In the address a term is its slug, any other page its path. */
const tokenOf = address => isTerm(address) ? pathOf(address).slice(6, -1) : pathOf(address)
const fromToken = token => new URL(token.includes('/') ? token : `terms/${token}/`, ROOT)

/* The article of another page, fit to stand on this one; null where there is none. */
async function articleOf(address) {
  const text = await fetch(address).then(r => r.ok ? r.text() : '').catch(() => ''), page = parse(text), article = $('article', page)
  if (!article) return null
  absolute(article, address)
  const prefix = `b${++shelved}-`
  for (const element of $$('[id]', article)) element.id = prefix + element.id
  for (const name of NAMING) for (const element of $$(`[${name}]`, article)) element.setAttribute(name, element.getAttribute(name).replace(/\S+/g, prefix + '$&'))
  for (const link of $$('a[href^="#"]', article)) link.setAttribute('href', '#' + prefix + link.getAttribute('href').slice(1))
  for (const list of $$('[role=doc-bibliography]', article)) for (const name of ['role', 'aria-labelledby']) list.removeAttribute(name)  // a page has one landmark of a name
  await Promise.all([looks(), ...$$('link[rel=stylesheet]', page).map(link => sheet(new URL(link.getAttribute('href'), address).href))])
  article.dataset.prefix = prefix
  return document.adoptNode(article)
}

async function openBeside(href) {
  const opener = document.activeElement
  const address = new URL(href, document.baseURI)
  if (innerWidth < WIDE || pathOf(address) === null) return void (location.href = address)
  const there = shelf && [...shelf.children].find(section => section.dataset.page === tokenOf(address))
  if (there) return void there.focus()
  const article = await articleOf(address)
  if (!article) return void (location.href = address)
  if (!shelf) {
    shelf = el('aside', { id: 'stack', 'aria-label': TEXT.beside })
    $('main').after(shelf)
    document.body.classList.add('stacked')
  }
  const title = $('h1', article)?.textContent ?? ''
  const section = el('section', { tabIndex: -1, 'aria-label': title, 'data-page': tokenOf(address) },
    el('button', { className: 'iconbtn', type: 'button', 'aria-label': fill(TEXT.closePage, { title }), onclick: () => shut(section) }, '×'), article)
  section.opener = opener
  shelf.append(section)
  watch(section)
  section.focus({ preventScroll: true })
  shelf.scrollLeft = getComputedStyle(shelf).direction === 'rtl' ? -shelf.scrollWidth : shelf.scrollWidth
  if (address.hash) $('#' + CSS.escape(article.dataset.prefix + decodeURIComponent(address.hash.slice(1))), section)?.scrollIntoView()
  nameBeside()
}

function shut(section) {
  section.remove()
  if (!shelf.children.length) {
    shelf.remove()
    shelf = null
    document.body.classList.remove('stacked')
    if (section.opener.isConnected) back(section.opener)
  } else shelf.lastElementChild.focus()
  nameBeside()
}

function nameBeside() {
  const tokens = shelf ? [...shelf.children].map(section => section.dataset.page).join(',') : ''
  replaceAddress(parameters => tokens ? parameters.set('beside', tokens) : parameters.delete('beside'))
}

async function restoreBeside() {
  const tokens = new URLSearchParams(location.search).get('beside')
  if (tokens && innerWidth >= WIDE) for (const token of tokens.split(',').filter(Boolean)) if (fromToken(token).origin === ROOT.origin) await openBeside(fromToken(token))
}

/* ---------------------------------------------------------------- palette, help, results */

const tools = { TEXT, ROOT, $, $$, el, keep, visited, fill, plural, cardOf, hideCards, openBeside, replaceAddress, watch }
let loading
const palette = () => loading ??= Promise.all([import("./palette.js"), sheet(new URL("./palette.css", import.meta.url).href)])
  .then(([module]) => module.start(tools)).catch(error => { loading = undefined; throw error })
/* What is typed while the palette is on its way is kept for it. Where it cannot be loaded, the link does what it says. */
let ahead
const search = () => {
  ahead ??= ''
  palette().then(p => { p.open(ahead); ahead = undefined }, () => { location.href = addressOf($('.find')) })
}
const help = () => palette().then(p => p.help(), () => {})

const find = $('.find')
if (find) {
  find.setAttribute('aria-haspopup', 'dialog')
  find.addEventListener('click', event => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    search()
  })
  const intend = () => palette().then(p => p.prepare(), () => {})
  for (const intent of ['pointerenter', 'focus', 'touchstart']) find.addEventListener(intent, intend, { once: true, passive: true })
}
for (const button of $$('[data-keys]')) button.addEventListener('click', help)
if ($('[data-search]')) palette().then(p => p.results($('#q'), $('[data-search]')), () => {})
if ($('[data-nearest]')) palette().then(p => p.nearest($('[data-nearest]')), () => {})

/* Where the site wants it, videos open in the page; without the script, their links lead to them. */
if ('players' in document.body.dataset) document.addEventListener('click', event => {
  const link = event.target.closest('a.v')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  import("./player.js").then(module => module.play(link, tools)).catch(() => { location.href = link.href })
})

/* The terms last visited, for the empty palette; only this browser knows them. */
if (isTerm(location.href) && $('article h1')) {
  const here = [$('article h1').textContent, pathOf(location.href)]
  keep('visited', JSON.stringify([here, ...visited().filter(row => row[1] !== here[1])].slice(0, 8)))
}

/* ---------------------------------------------------------------- keys */

document.addEventListener('keydown', event => {
  if (event.isComposing || event.defaultPrevented) return
  const { key, altKey, target } = event, control = event.ctrlKey || event.metaKey, dialog = $('dialog[open]')
  const typing = target.isContentEditable || target.matches?.('input:not([type=checkbox], [type=radio], [type=button]), textarea, select')
  const act = what => { event.preventDefault(); what() }
  if (control && !altKey && !event.shiftKey && key.toLowerCase() === 'k') return act(() => dialog?.matches('[data-palette]') ? dialog.close() : search())
  if (dialog) return
  if (ahead !== undefined && !control && !altKey && (key.length === 1 || key === 'Backspace')) return act(() => { ahead = key.length === 1 ? ahead + key : ahead.slice(0, -1) })
  if (key === 'Escape') {
    clearTimeout(showing)
    if (open.length) {
      const { link, box } = open.at(-1), within = box.contains(document.activeElement)
      act(() => hideCards(open.length - 1))
      if (within) back(link)
    } else if (shelf && !$(':popover-open')) act(() => shut(shelf.lastElementChild))
    return
  }
  if (altKey && key === 'ArrowDown' && linkAt(target)) return act(async () => {
    clearTimeout(showing)
    await showCard(linkAt(target), 'focus')
    const card = open.findLast(({ link }) => link === target)
    if (card) $('a[href]', card.box).focus()
  })
  if (typing || control || altKey || keep('keys') === 'off') return
  if (key === '/') act(search)
  else if (key === '?') act(help)
  else if (key === '[') $('[rel=prev]')?.click()
  else if (key === ']') $('[rel=next]')?.click()
})

/* ---------------------------------------------------------------- colours */

const themers = $$('[data-themer]')
function nameTheme() {
  const mode = TEXT.themes[keep('theme') ?? ''] ?? TEXT.themes['']
  for (const button of themers) {
    if (button.classList.contains('iconbtn')) button.setAttribute('aria-label', fill(TEXT.themeLabel, { mode }))
    else button.textContent = fill(TEXT.theme, { mode })
  }
}
for (const button of themers) {
  button.addEventListener('click', () => {
    const modes = Object.keys(TEXT.themes), next = modes[(modes.indexOf(document.documentElement.dataset.theme ?? '') + 1) % modes.length]
    if (next) document.documentElement.dataset.theme = next
    else delete document.documentElement.dataset.theme
    keep('theme', next)
    nameTheme()
  })
}
nameTheme()

/* ---------------------------------------------------------------- copying */

document.addEventListener('click', async event => {
  const button = event.target.closest?.('[data-tex], [data-copy]')
  if (!button) return
  const was = button.dataset.label ??= button.textContent
  let done = TEXT.copied
  try { await navigator.clipboard.writeText(button.dataset.tex ?? $('pre', button.closest('figure')).textContent) } catch { done = TEXT.notCopied }
  button.textContent = done
  announce(done)
  setTimeout(() => { button.textContent = was }, 1400)
})

/* ---------------------------------------------------------------- what is too wide scrolls, by keyboard too */

const sizes = new ResizeObserver(entries => { for (const { target } of entries) overflow(target) })
function overflow(box) {
  if (box.scrollWidth > box.clientWidth + 1) {
    if (!('over' in box.dataset)) {
      box.tabIndex = 0
      if (!box.hasAttribute('role')) box.setAttribute('role', 'group')
      if (!box.hasAttribute('aria-label')) box.setAttribute('aria-label', TEXT.scrollable)
    }
    const start = Math.abs(box.scrollLeft) <= 2, end = Math.abs(box.scrollLeft) + box.clientWidth >= box.scrollWidth - 2
    box.dataset.over = start ? 'start' : end ? 'end' : 'mid'
  } else if ('over' in box.dataset) {
    for (const name of ['tabindex', 'role', 'aria-label', 'data-over']) box.removeAttribute(name)
  }
}
function watch(within) {
  for (const box of $$('.eq > .scroll, .diagram > .scroll, .tbl, .code pre, .display', within)) {
    sizes.observe(box)
    box.onscroll = () => overflow(box)
  }
}
watch(document)
// A formula may become too wide when its fonts arrive, and its box does not change then.
document.fonts?.addEventListener('loadingdone', () => { for (const box of $$('.eq > .scroll')) overflow(box) })
restoreBeside()

/* `grimoire serve` has put a new version in place; `detail` has the paths of the files that differ, null if any may. */
document.addEventListener('grimoire:renewed', async ({ detail }) => {
  cards.clear()
  const searched = decodeURI(ROOT.pathname).slice(1) + 'search/'
  if (loading && (!detail || detail.some(path => path.startsWith(searched)))) loading.then(p => p.forget(), () => {})
  watch(document)
  for (const section of shelf ? [...shelf.children] : []) {
    const address = fromToken(section.dataset.page)
    if (detail && !detail.includes(decodeURI(address.pathname).slice(1) + 'index.html')) continue
    const article = await articleOf(address)
    if (article) $('article', section).replaceWith(article)
    watch(section)
  }
})

/* ---------------------------------------------------------------- the filter of the index and of the topics */

const field = $('#f')
if (field) {
  const plain = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[\s_\-‐-―−]+/g, ' ').replace(/['’]/g, '')
  const closed = text => plain(text).replace(/[^\p{L}\p{N}+#]/gu, '')
  const count = $('#n'), none = $('#none'), orders = $$('[data-order]')
  let lists, items, chips, sections, naming
  const collect = () => {
    lists = $$('li[data-k]').reduce((all, li) => all.add(li.parentElement), new Set())
    items = [...lists].flatMap(list => [...list.children]).map(li => {
      const name = $('a', li).textContent, text = li.closest('[data-whole]') ? li.textContent : name + ' ' + ($('small', li)?.textContent ?? '')
      return { li, name, key: plain(`${text} ${li.dataset.k}`) + ' ' + closed(name), tags: li.dataset.t.split(',') }
    })
    chips = $$('button[data-topic]')
    sections = $$('.letter')
    for (const chip of chips) chip.onclick = () => { chip.ariaPressed = String(chip.ariaPressed !== 'true'); apply() }
  }

  const chosen = () => chips.filter(chip => chip.ariaPressed === 'true').map(chip => chip.dataset.topic)
  const apply = () => {
    const words = plain(field.value).split(' ').filter(Boolean), topics = chosen(), total = items.length
    let n = 0
    for (const { li, key, tags } of items) {
      const shown = words.every(word => key.includes(word)) && topics.every(topic => tags.includes(topic))
      li.hidden = !shown
      n += shown
    }
    for (const section of sections) section.hidden = !$('li:not([hidden])', section)
    count.textContent = fill(count.dataset[n > 1 ? 'many' : n ? 'one' : 'none'], { n, total })
    none.hidden = n > 0
    clearTimeout(naming)
    naming = setTimeout(() => replaceAddress(parameters => {
      for (const [name, value] of [['q', field.value.trim()], ['topic', topics.join(',')]]) {
        if (value) parameters.set(name, value)
        else parameters.delete(name)
      }
    }), 300)
  }

  collect()
  field.addEventListener('input', apply)
  document.addEventListener('grimoire:renewed', () => { collect(); apply() })
  $('#clear').addEventListener('click', () => {
    field.value = ''
    for (const chip of chips) chip.ariaPressed = 'false'
    apply()
    field.focus()
  })
  for (const button of orders) {
    button.addEventListener('click', () => {
      for (const other of orders) other.ariaPressed = String(other === button)
      const compare = new Intl.Collator(document.documentElement.lang || 'en').compare
      const sorted = button.dataset.order === 'name' ? items.toSorted((a, b) => compare(a.name, b.name)) : items
      for (const list of lists) list.append(...sorted.filter(({ li }) => li.parentElement === list).map(({ li }) => li))
    })
  }
  const given = new URLSearchParams(location.search), topics = (given.get('topic') ?? '').split(',')
  if (given.has('q') || given.has('topic')) {
    field.value = given.get('q') ?? ''
    for (const chip of chips) chip.ariaPressed = String(topics.includes(chip.dataset.topic))
    apply()
  }
}

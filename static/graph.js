/* The map of all terms: where each stands was worked out when the site was built, and is drawn here on a canvas.

   One can drag it, change its size by wheel, pinch and keys, find a term, and show one topic alone. What hovers or has
   the focus shows its neighbours. The list beside it leads to every term, so that nothing here needs a pointer. */

const $ = (selector, root = document) => root.querySelector(selector), $$ = (selector, root = document) => [...root.querySelectorAll(selector)]
const place = $('.map[data-map]'), canvas = $('canvas', place), field = $('#_find'), list = $('.panel ol'), told = $('#_list')
const ROOT = new URL(document.body.dataset.root || './', document.baseURI)
const { titles, urls, hues, at, links } = await (await fetch(place.dataset.map)).json()
const n = titles.length, degree = new Uint32Array(n), around = Array.from({ length: n }, () => [])
for (let i = 0; i < links.length; i += 2) {
  const a = links[i], b = links[i + 1]
  degree[a]++; degree[b]++
  around[a].push(b); around[b].push(a)
}
const most = [...titles.keys()].sort((a, b) => degree[b] - degree[a] || a - b), LISTED = 12, NEAR = 12
const fold = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase(), folded = titles.map(fold)

/* ---------------------------------------------------------------- what is seen */

const alone = new Set(), view = { k: 1, x: 0, y: 0 }, widths = []
let W, H, whole = 1, hot = -1, due = 0, ink = {}, family
const X = i => at[2 * i] * view.k + view.x, Y = i => at[2 * i + 1] * view.k + view.y
const base = n < 300 ? 3.4 : 2.2, radius = i => base * (1 + .35 * Math.sqrt(degree[i])) * Math.min(1.6, Math.max(.45, Math.sqrt(view.k / whole)))
const isSeen = i => X(i) > -40 && Y(i) > -40 && X(i) < W + 40 && Y(i) < H + 40
const isShown = i => !alone.size || alone.has(hues[i])

function fit() {
  let left = 0, right = 1, top = 0, bottom = 1
  for (let i = 0; i < n; i++) {
    left = Math.min(left, at[2 * i]); right = Math.max(right, at[2 * i])
    top = Math.min(top, at[2 * i + 1]); bottom = Math.max(bottom, at[2 * i + 1])
  }
  // Names stand to the right of their dots.
  const room = W > 600 ? 150 : 60
  whole = Math.min((W - 30 - room) / (right - left), (H - 50) / (bottom - top), 1.4)
  view.k = whole
  view.x = (W - room) / 2 - (left + right) / 2 * whole
  view.y = H / 2 - (top + bottom) / 2 * whole
}

function measure() {
  const ratio = devicePixelRatio || 1
  W = canvas.clientWidth; H = canvas.clientHeight
  canvas.width = W * ratio; canvas.height = H * ratio
  canvas.getContext('2d').setTransform(ratio, 0, 0, ratio, 0, 0)
}

/* The colours of the theme as they are now: `light-dark()` is worked out for an element only. */
function tint(scheme = '') {
  const probe = document.createElement('i')
  probe.style.setProperty('forced-color-adjust', 'none')
  probe.style.setProperty('color-scheme', scheme)
  place.append(probe)
  const colour = name => { probe.style.setProperty('color', `var(--${name})`); return getComputedStyle(probe).color }
  ink = Object.fromEntries(['ink', 'ink-3', 'paper', 'rubric', ...Array.from({ length: 10 }, (_, i) => 'g' + i)].map(name => [name, colour(name)]))
  family = getComputedStyle(document.body).fontFamily
  probe.remove()
}

function draw() {
  due = 0
  const c = canvas.getContext('2d'), lit = hot < 0 ? null : new Set([hot, ...around[hot]])
  c.clearRect(0, 0, W, H)
  c.lineWidth = n < 300 ? 1 : .7
  c.strokeStyle = ink['ink-3']
  c.globalAlpha = lit ? .1 : n > 3000 ? .08 : n < 300 ? .32 : .2
  c.beginPath()
  for (let i = 0; i < links.length; i += 2) {
    const a = links[i], b = links[i + 1]
    if ((isSeen(a) || isSeen(b)) && isShown(a) && isShown(b)) { c.moveTo(X(a), Y(a)); c.lineTo(X(b), Y(b)) }
  }
  c.stroke()
  const dot = (i, r = radius(i)) => { c.moveTo(X(i) + r, Y(i)); c.arc(X(i), Y(i), r, 0, 7) }
  for (let hue = 0; hue < 10; hue++) for (const dim of [true, false]) {
    c.fillStyle = ink['g' + hue]
    c.globalAlpha = dim ? .16 : 1
    c.beginPath()
    for (let i = 0; i < n; i++) if (hues[i] === hue && isSeen(i) && dim !== (lit ? lit.has(i) : isShown(i))) dot(i)
    c.fill()
  }
  c.globalAlpha = 1
  if (lit) {
    c.strokeStyle = ink.rubric
    c.lineWidth = 1.2
    c.beginPath()
    for (const i of around[hot]) { c.moveTo(X(hot), Y(hot)); c.lineTo(X(i), Y(i)) }
    c.stroke()
    for (const i of lit) { c.fillStyle = ink['g' + hues[i]]; c.beginPath(); dot(i, radius(i) + 1); c.fill() }
  }
  name(c, lit)
}

/* Names beside, above or below their dots, the most linked first, where none is in the way. */
function name(c, lit) {
  c.font = `${n < 300 ? 15 : 13}px ${family}`
  c.textBaseline = 'middle'
  c.lineJoin = 'round'
  c.lineWidth = 3
  c.strokeStyle = ink.paper
  const shown = (lit ? [hot, ...around[hot]] : most).filter(i => isSeen(i) && (lit || isShown(i)))
  const limit = lit ? 80 : n < 300 ? n : 60 + 120 * Math.max(0, Math.log2(view.k / whole)), boxes = []
  for (const i of lit ? shown : shown.slice(0, 3000)) boxes.push([X(i) - radius(i), Y(i) - radius(i), X(i) + radius(i), Y(i) + radius(i), i])
  let count = 0
  for (const i of shown) {
    if (count >= limit) break
    const gap = radius(i) + 4, w = widths[i] ??= c.measureText(titles[i]).width
    const places = [[X(i) + gap, Y(i)], [X(i) - gap - w, Y(i)], [X(i) - w / 2, Y(i) - gap - 6], [X(i) - w / 2, Y(i) + gap + 6]]
    // The one that is asked about stands away from its lines.
    if (i === hot && X(i) - gap - w > 2 && around[i].reduce((sum, j) => sum + X(j) - X(i), 0) > 0) places.unshift(...places.splice(1, 1))
    for (const [x, y] of places) {
      const isFree = x > 2 && x + w < W - 2 && !boxes.some(b => b[4] !== i && x < b[2] && x + w > b[0] && y - 8 < b[3] && y + 8 > b[1])
      if (!isFree && i !== hot) continue
      boxes.push([x - 3, y - 8, x + w + 3, y + 8, -1])
      c.fillStyle = i === hot ? ink.rubric : ink.ink
      c.strokeText(titles[i], x, y)
      c.fillText(titles[i], x, y)
      count++
      break
    }
  }
}

const ask = () => { due ||= requestAnimationFrame(draw) }
const light = i => { if (i !== hot) { hot = i; mark(); ask() } }
function zoom(factor, x = W / 2, y = H / 2) {
  const k = Math.min(whole * 24, Math.max(whole * .5, view.k * factor)), s = k / view.k
  view.x = x - (x - view.x) * s
  view.y = y - (y - view.y) * s
  view.k = k
  ask()
}
function shift(x, y) { view.x += x; view.y += y; ask() }
/* Bring a term into sight; near enough that its name has room. */
function show(i) {
  if (view.k < whole * 2 && n > 200) zoom(whole * 2 / view.k)
  const x = X(i), y = Y(i)
  if (x < 60 || y < 40 || x > W - 160 || y > H - 40) shift(W / 2 - x, H / 2 - y)
  light(i)
}

/* ---------------------------------------------------------------- the list */

let listed = []
const mark = () => $$('a', list).forEach((link, place) => link.classList.toggle('on', listed[place] === hot))

function lay(indexes, words) {
  listed = indexes
  told.textContent = words
  list.replaceChildren(...indexes.map(i => {
    const item = document.createElement('li'), link = document.createElement('a')
    link.className = 't'
    link.href = new URL(urls[i], ROOT).href
    link.textContent = titles[i]
    link.addEventListener('focus', () => show(i))
    link.addEventListener('blur', () => light(-1))
    item.append(link)
    return item
  }))
}

function search() {
  const query = fold(field.value.trim()), words = query.split(/\s+/)
  if (!query) return lay(most.filter(isShown).slice(0, LISTED), told.dataset.linked)
  const rank = i => folded[i] === query ? 0 : folded[i].startsWith(query) ? 1 : folded[i].split(/[\s-]+/).some(word => word.startsWith(query)) ? 2 : 3
  const found = most.filter(i => isShown(i) && words.every(word => folded[i].includes(word))).sort((a, b) => rank(a) - rank(b)).slice(0, LISTED)
  lay(found, found.length ? told.dataset.found : told.dataset.none)
  found.length ? show(found[0]) : light(-1)
}

field.addEventListener('input', () => { search(); if (!field.value.trim()) light(-1) })
field.addEventListener('keydown', event => { if (event.key === 'Enter' && listed.length && field.value.trim()) location.href = $('a', list).href })
for (const button of $$('[data-hue]')) button.addEventListener('click', () => {
  const hue = +button.dataset.hue, isOn = button.getAttribute('aria-pressed') !== 'true'
  button.setAttribute('aria-pressed', isOn)
  isOn ? alone.add(hue) : alone.delete(hue)
  hot = -1
  search()
  ask()
})

/* ---------------------------------------------------------------- pointers and keys */

function nearest(x, y) {
  let best = -1, least = NEAR * NEAR
  for (let i = 0; i < n; i++) {
    const away = (X(i) - x) ** 2 + (Y(i) - y) ** 2
    if (away < least && isShown(i)) { least = away; best = i }
  }
  return best
}

const fingers = new Map()
let moved = 0
const spread = () => { const [a, b] = [...fingers.values()]; return Math.hypot(a.x - b.x, a.y - b.y) || 1 }
canvas.addEventListener('pointerdown', event => {
  if (event.button > 1) return
  fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY })
  canvas.setPointerCapture(event.pointerId)
  moved = 0
})
canvas.addEventListener('pointermove', event => {
  // Where a menu has opened, nothing told that the finger was lifted.
  if (!event.buttons) fingers.delete(event.pointerId)
  const finger = fingers.get(event.pointerId), x = event.offsetX, y = event.offsetY
  if (!finger) {
    const i = nearest(x, y)
    canvas.style.setProperty('cursor', i < 0 ? 'grab' : 'pointer')
    return light(i)
  }
  const before = fingers.size === 2 && spread(), dx = x - finger.x, dy = y - finger.y
  moved += Math.abs(dx) + Math.abs(dy)
  Object.assign(finger, { x, y })
  if (fingers.size === 1) shift(dx, dy)
  else if (before) {
    const [a, b] = [...fingers.values()]
    shift(dx / 2, dy / 2)
    zoom(spread() / before, (a.x + b.x) / 2, (a.y + b.y) / 2)
  }
})
/* A click opens what is under it; a first touch shows it, and a second opens it. */
canvas.addEventListener('pointerup', event => {
  if (!fingers.delete(event.pointerId) || moved > 6) return
  const i = nearest(event.offsetX, event.offsetY)
  if (i < 0) return light(-1)
  if (event.pointerType === 'mouse' || i === hot) {
    const address = new URL(urls[i], ROOT).href
    return void (event.ctrlKey || event.metaKey || event.button === 1 ? open(address) : location.href = address)
  }
  light(i)
  lay([i, ...around[i].filter(isShown).sort((a, b) => degree[b] - degree[a])], told.dataset.around.replace('{title}', titles[i]))
})
canvas.addEventListener('pointercancel', event => fingers.delete(event.pointerId))
canvas.addEventListener('pointerleave', event => { if (event.pointerType === 'mouse' && !fingers.size) light(-1) })
canvas.addEventListener('wheel', event => { event.preventDefault(); zoom(Math.exp(-event.deltaY * .0015), event.offsetX, event.offsetY) }, { passive: false })
const STEP = 60, KEYS = {
  ArrowLeft: () => shift(STEP, 0), ArrowRight: () => shift(-STEP, 0), ArrowUp: () => shift(0, STEP), ArrowDown: () => shift(0, -STEP),
  '+': () => zoom(1.4), '=': () => zoom(1.4), '-': () => zoom(1 / 1.4), 0: () => { fit(); ask() },
}
canvas.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return
  event.preventDefault()
  KEYS[event.key]()
})
const SIZES = { in: KEYS['+'], out: KEYS['-'], whole: KEYS[0] }
for (const button of $$('[data-size]')) button.addEventListener('click', SIZES[button.dataset.size])

new ResizeObserver(() => { const isWhole = view.k === whole; measure(); if (isWhole) fit(); draw() }).observe(canvas)
const retint = () => { tint(); ask() }
for (const question of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) matchMedia(question).addEventListener('change', retint)
new MutationObserver(retint).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
addEventListener('beforeprint', () => { tint('light'); draw() })
addEventListener('afterprint', retint)
document.fonts?.ready.then(() => { widths.length = 0; ask() })
tint()
measure()
fit()
search()
try {
  const path = decodeURIComponent(location.hash.slice(1)), wanted = urls.findIndex(url => decodeURIComponent(url) === path)
  if (wanted >= 0) show(wanted)
} catch { /* the anchor is not one of ours */ }
canvas.dataset.ready = ''

/* The difference between two versions of a page, carried over to the page itself.

   Both versions are as the server sent them: what a script or a reader did to the page is in neither, so it stays where
   the versions agree. The page is touched only where they differ. */

const ELEMENT = 1

/* For each node of a version as it was sent, the one that stands for it in the page. */
const standsFor = new WeakMap()

/* Note that `live` stands for `sent`, and what is in the one for what is in the other: both are still the same. */
export function pair(sent, live) {
  standsFor.set(sent, live)
  for (let a = sent.firstChild, b = live.firstChild; a && b; a = a.nextSibling, b = b.nextSibling) pair(a, b)
}

/* Make of what stands for `was` what stands for `is`, touching only where the two differ. */
export function carry(was, is) {
  const live = standsFor.get(was)
  standsFor.set(is, live)
  if (was.nodeType !== ELEMENT) {
    if (was.data !== is.data) live.data = is.data
    return
  }
  carryAttributes(live, was, is)
  let last = null  // the node behind which the next belongs
  for (const [old, now] of aligned([...was.childNodes], [...is.childNodes])) {
    if (!now) {
      standsFor.get(old)?.remove()
      continue
    }
    if (old && old.isEqualNode(now)) inherit(old, now)
    else if (old) carry(old, now)
    else {
      const made = document.importNode(now, true)
      pair(now, made)
      if (last?.parentNode === live) last.after(made)
      else live.prepend(made)
    }
    last = standsFor.get(now) ?? last
  }
}

function inherit(old, now) {
  standsFor.set(now, standsFor.get(old))
  for (let a = old.firstChild, b = now.firstChild; a; a = a.nextSibling, b = b.nextSibling) inherit(a, b)
}

function carryAttributes(live, was, is) {
  for (const name of new Set([...was.getAttributeNames(), ...is.getAttributeNames()])) {
    if (was.getAttribute(name) === is.getAttribute(name)) continue
    if (is.hasAttribute(name)) live.setAttribute(name, is.getAttribute(name))
    else live.removeAttribute(name)
  }
}

/* Pairs of old and new nodes in their new order; null stands for none. What is the same on both sides is found first,
   from both ends and by what occurs once; what lies between is paired like with like. */
function aligned(old, now) {
  const head = [], tail = []
  while (old.length && now.length && old[0].isEqualNode(now[0])) head.push([old.shift(), now.shift()])
  while (old.length && now.length && old.at(-1).isEqualNode(now.at(-1))) tail.unshift([old.pop(), now.pop()])
  const middle = []
  let a = 0, b = 0
  for (const [i, j] of [...anchors(old, now), [old.length, now.length]]) {
    middle.push(...likes(old.slice(a, i), now.slice(b, j)))
    if (i < old.length) middle.push([old[i], now[j]])
    a = i + 1
    b = j + 1
  }
  return [...head, ...middle, ...tail]
}

/* The longest run of nodes that are on both sides, once, in the same order: pairs of places. */
function anchors(old, now) {
  const key = node => node.nodeType === ELEMENT ? node.outerHTML : null
  const once = nodes => {
    const found = new Map()
    nodes.forEach((node, i) => { const k = key(node); if (k) found.set(k, found.has(k) ? -1 : i) })
    return found
  }
  const left = once(old), ends = []  // ends[n]: the pair that ends the best run of n + 1
  for (const [k, j] of once(now)) {
    const i = left.get(k) ?? -1
    if (i < 0 || j < 0) continue
    let n = ends.length
    while (n && ends[n - 1].i > i) n--
    ends[n] = { i, j, before: ends[n - 1] }
  }
  const run = []
  for (let end = ends.at(-1); end; end = end.before) run.unshift([end.i, end.j])
  return run
}

function likes(old, now) {
  const pairs = []
  const alike = (a, b) => a.nodeName === b.nodeName && (a.id ?? '') === (b.id ?? '')
  while (old.length || now.length) {
    if (old.length && now.length && alike(old[0], now[0])) pairs.push([old.shift(), now.shift()])
    else if (old.length > now.length || !now.length) pairs.push([old.shift(), null])
    else if (old.length < now.length) pairs.push([null, now.shift()])
    else pairs.push([old.shift(), null], [null, now.shift()])
  }
  return pairs
}

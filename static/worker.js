/* Reads the site without a network: published as `sw.js` at the root of a site that wants it (`offline: true`).

   Who is online gets from the network what is newest; what is kept stands in for a network that is silent. Only files
   whose name is their content are taken from what is kept at once. What is kept, how it follows a new version of the
   site, and how all of it goes away again is told in docs/decisions/0011-offline.md. */

/* What the build puts in place of the name: `lists` are the addresses of files that say what to keep, each
   { address: digest }, the first those without which nothing can be read; `whole` says whether the others are kept too;
   `root` is the root for which the page `offline.html` was written; `folders` are those of the site's languages, each of
   which has one. */
/* global __KEPT__ */
const { lists, whole, root, folders } = __KEPT__

const SCOPE = registration.scope
const FORMAT = 'grimoire-1', CACHE = `${FORMAT} ${SCOPE}`
const MARK = 'x-grimoire-digest'
const PATIENCE = 3000, AT_ONCE = 8, MOST_READ = 300
const NAMED = /^(static|media)\/(?!math\.css$)/
const MISSING = 'offline.html'

const absolute = address => new URL(address, SCOPE).href
const isNamed = href => NAMED.test(href.slice(SCOPE.length))
const isGone = answer => answer.status === 404 || answer.status === 410
let isLeft = false

const find = href => caches.match(href, { cacheName: CACHE })
const put = async (href, answer) => { if (!isLeft) await (await caches.open(CACHE)).put(href, answer) }
const drop = async href => { if (!isLeft) await (await caches.open(CACHE)).delete(href) }
const addresses = async () => isLeft ? [] : (await (await caches.open(CACHE)).keys()).map(({ url }) => url)

/* A copy to keep. Answers that came by a redirect may not be given to a page that asks for another address: a copy
   has forgotten that. */
function copy(body, { headers }, digest = '') {
  const kept = new Headers(headers)
  kept.delete('content-encoding')
  kept.set(MARK, digest)
  return new Response(body, { headers: kept })
}

/* ---------------------------------------------------------------- what the lists want */

/* Fetch what a list names and is not kept as it names it; the list itself is kept last, as the sign that all is. */
async function follow(list) {
  const href = absolute(list)
  if (await find(href)) return
  const answer = await fetch(href)
  if (!answer.ok) throw new Error(`${answer.status} ${href}`)
  const wanted = Object.entries(await answer.clone().json())
  for (let at = 0; at < wanted.length; at += AT_ONCE) await Promise.all(wanted.slice(at, at + AT_ONCE).map(one => get(...one)))
  await put(href, copy(await answer.blob(), answer))
}

async function get(address, digest) {
  const href = absolute(address), there = await find(href)
  if (there && (isNamed(href) || there.headers.get(MARK) === digest)) return
  const answer = await fetch(href, isNamed(href) ? {} : { cache: 'no-cache' })
  if (answer.status === 200) await put(href, copy(await answer.blob(), answer, digest))
  else if (isGone(answer)) await drop(href)
  else throw new Error(`${answer.status} ${href}`)
}

/* Lists of another version say nothing of what is kept from now on. */
async function forgetLists() {
  const current = lists.map(absolute), folder = absolute('static/offline-lists/')
  for (const href of await addresses()) if (href.startsWith(folder) && !current.includes(href)) await drop(href)
}

/* Keep all that is wanted, and nothing else but the last pages read where not the whole is. A page of the last version
   that is still open may yet ask for files of its own. */
let filling
const fill = () => filling ??= (async () => {
  if (whole) for (const list of lists) await follow(list)
  const wanted = new Set(lists.map(absolute))
  for (const list of lists) {
    const there = await find(absolute(list))
    if (!there) return // a newer version has come, and what it wants is kept
    for (const address of Object.keys(await there.json())) wanted.add(absolute(address))
  }
  const open = await clients.matchAll({ includeUncontrolled: true }), isAlone = open.filter(({ url }) => url.startsWith(SCOPE)).length < 2
  const others = (await addresses()).filter(href => !wanted.has(href) && (isAlone || !isNamed(href)))
  for (const href of others.slice(0, whole ? undefined : -MOST_READ)) await drop(href)
})().finally(() => { filling = undefined })

/* ---------------------------------------------------------------- its life */

/* A new version waits until the last page of the old one is closed: to take over from a worker that is answering can
   leave a page waiting for ever. It has nothing to miss, for pages come from the network, and it keeps while it waits. */
addEventListener('install', event => event.waitUntil(forgetLists().then(() => follow(lists[0]))))

addEventListener('activate', event => event.waitUntil((async () => {
  const ours = (await caches.keys()).filter(name => name.startsWith('grimoire-') && name.endsWith(` ${SCOPE}`))
  for (const name of ours) if (name !== CACHE) await caches.delete(name)
  await clients.claim()
})()))

addEventListener('message', event => {
  if (event.data === 'keep') event.waitUntil(fill().catch(() => {}))  // the next page asks again
})

/* A browser leaves a worker alone whose file is gone. Where a page no longer speaks of reading offline, the worker looks
   whether the site still has it, and takes itself away if not. */
async function leaveIfUnwanted(text) {
  if (text.includes('data-offline') || !isGone(await fetch(location.href, { cache: 'no-cache' }))) return
  isLeft = true
  await caches.delete(CACHE)
  await registration.unregister()
}

/* ---------------------------------------------------------------- answers */

addEventListener('fetch', event => {
  const { request } = event, address = new URL(request.url)
  if (isLeft || request.method !== 'GET' || !request.url.startsWith(SCOPE) || request.headers.has('range')) return
  address.search = address.hash = ''
  const href = address.href.replace(/\/index\.html$/, '/')
  event.respondWith(isNamed(href) ? named(event, href) : newest(event, href))
})

async function named(event, href) {
  const there = await find(href)
  if (there) return there
  const answer = await fetch(event.request)
  if (answer.status === 200) event.waitUntil(answer.clone().blob().then(body => put(href, copy(body, answer))))
  return answer
}

async function newest(event, href) {
  const asked = ask(event, href), late = asked.then(({ kept }) => kept).catch(() => {})
  event.waitUntil(late)
  let silence
  const first = await Promise.race([asked, new Promise(done => { silence = setTimeout(done, PATIENCE) })]).catch(() => {})
  clearTimeout(silence)
  if (first && first.answer.status < 500) return first.answer
  const there = await find(href)
  if (there) {
    if (event.request.mode === 'navigate') event.waitUntil(tellWhenNewer(event.resultingClientId, there.clone(), late))
    return there
  }
  try {
    return (await asked).answer
  } catch (error) {
    return event.request.mode === 'navigate' ? notKept(href, error) : Response.error()
  }
}

/* Ask the network. Gives the answer, and a promise of the text of a page that is kept from now on. */
async function ask(event, href) {
  const { request } = event, answer = await fetch(request, { cache: 'no-cache' })
  const keep = async spare => {
    if (isGone(spare)) return void await drop(href)
    if (spare.status !== 200) return
    const body = await (request.mode === 'navigate' ? spare.text() : spare.blob())
    await put(href, copy(body, spare))
    if (request.mode === 'navigate') await leaveIfUnwanted(body)
    return body
  }
  return { answer, kept: keep(answer.clone()) }
}

/* A reader who was shown what is kept, because the network was slow, is told when something newer has come. */
async function tellWhenNewer(id, shown, late) {
  const [was, is] = await Promise.all([shown.text(), late])
  if (typeof is === 'string' && is !== was) (await clients.get(id))?.postMessage('newer')
}

/* The page that says that a page is not kept: its addresses lead from the root for which it was written. */
async function notKept(href, error) {
  const folder = folders.find(one => one && href.startsWith(absolute(one))) ?? ''
  const page = await find(absolute(folder + MISSING))
  if (!page) throw error
  const text = (await page.text()).replaceAll(`="${root}`, `="${new URL(SCOPE).pathname}`)
  return new Response(text, { status: 503, headers: page.headers })
}

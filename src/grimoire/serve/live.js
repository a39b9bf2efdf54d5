/* The page's side of `grimoire serve`: puts into an open page what a build has changed, and shows what is wrong.
   The server puts this script first in the head of each page that it sends; no site that is built holds it.

   What is put in place is the difference between two versions of the page as the server sent them. So all that a
   reader or another script has done to the page since, to what an author did not touch, stays: the scroll position,
   the focus, what is folded open, filtered or marked, and the pages beside. */

import { carry, pair } from './difference.js'

const me = document.querySelector('script[data-at]'), HOME = new URL('./', import.meta.url), WAS_THERE = me.dataset.status === '200'
const ORDINARY = /\/(theme|app|offline)(\.\w+)?\.js$/  // scripts that can live with new content; a page with others is loaded anew

let at = me.dataset.at  // of which build this page is: session-number
const pathOf = ({ pathname }) => decodeURIComponent(pathname).slice(1).replace(/(^|\/)$/, '$1index.html')

/* The page as it was sent; other scripts have not run yet. */
let head = document.head.cloneNode(true), body = document.body.cloneNode(true)
pair(body, document.body)

/* ---------------------------------------------------------------- what stays where it is while a page changes */

function steadily(change) {
  const focused = document.activeElement, root = document.documentElement, seen = []
  for (const share of [.3, .1, .5, .7, .9]) {
    const element = document.elementFromPoint(innerWidth / 3, innerHeight * share)
    if (element?.closest('main')) for (let one = element; one.localName !== 'main'; one = one.parentElement) seen.push([one, one.getBoundingClientRect().top])
  }
  root.style.overflowAnchor = 'none'  // or the browser would do the same once more
  change()
  const [held, top] = seen.find(([one]) => one.isConnected) ?? []
  if (held && scrollY) scrollBy({ top: held.getBoundingClientRect().top - top, behavior: 'instant' })
  if (!focused?.isConnected && focused?.id) document.getElementById(focused.id)?.focus({ preventScroll: true })
  requestAnimationFrame(() => { root.style.overflowAnchor = '' })
}

/* ---------------------------------------------------------------- style sheets */

const sheetsOf = within => [...within.querySelectorAll('link[rel=stylesheet]')].map(link => link.getAttribute('href'))
const scriptsOf = within => [...within.querySelectorAll('script[src]')].filter(one => !('at' in one.dataset)).map(one => one.getAttribute('src'))
/* The sheet of an address in the page; one that was read again has a number behind it. */
const sheet = href => [...document.head.querySelectorAll('link[rel=stylesheet]')].find(link => link.getAttribute('href').replace(/\?.*/, '') === href)
const loaded = link => new Promise(done => { link.onload = link.onerror = done })

/* Put the sheets of the new head in place of the old ones, which go when the new ones are there. `stale` says of a
   sheet whether it is to be read again. */
async function swapSheets(was, is, stale) {
  const old = sheetsOf(was), now = sheetsOf(is), waiting = [], gone = old.filter(href => !now.includes(href)).map(sheet)
  now.forEach((href, i) => {
    const there = sheet(href)
    if (there && !stale(there)) return
    const link = document.importNode([...is.querySelectorAll('link[rel=stylesheet]')][i])
    if (there) {
      link.setAttribute('href', `${href}?${at}`)
      gone.push(there)
    }
    waiting.push(loaded(link))
    const next = there ?? now.slice(i + 1).map(sheet).find(Boolean)
    next ? next.before(link) : document.head.append(link)
  })
  await Promise.all(waiting)
  for (const link of gone) link?.remove()
}

/* ---------------------------------------------------------------- a new version of the page */

const equal = (a, b) => a.length === b.length && a.every((one, i) => one === b[i])

async function page(address) {
  const answer = await fetch(address, { cache: 'no-cache' })
  return { status: answer.status, text: answer.ok ? await answer.text() : '' }
}

/* Bring the page up to date; `changed` has the paths of the files that differ, null if any may. */
async function renew(changed) {
  if (changed && !changed.length) return
  const may = path => !changed || changed.includes(path), here = pathOf(location), others = scriptsOf(head).filter(src => !ORDINARY.test(src))
  const folder = here.replace(/[^/]*$/, '')
  const stale = link => may(pathOf(new URL(link.href)))
  if (changed?.includes('_headers')) return void location.reload()  // a page keeps the policy it was sent with
  if (!WAS_THERE) {
    if ((await page(location.href)).status === 200) location.reload()
    return
  }
  if (others.length && folder && (!changed || changed.some(path => path.startsWith(folder)))) return void location.reload()
  const named = sheetsOf(head).map(sheet).filter(Boolean).some(stale)
  if (may(here) || named) {
    const { status, text } = await page(location.href)
    isGone = status === 404
    if (text) {
      const is = new DOMParser().parseFromString(text, 'text/html')
      is.querySelector('script[data-at]')?.remove()
      if (!equal(scriptsOf(head), scriptsOf(is.head))) return void location.reload()
      await swapSheets(head, is.head, stale)
      document.title = is.title
      for (const name of ['lang', 'dir']) {
        if (is.documentElement.hasAttribute(name)) document.documentElement.setAttribute(name, is.documentElement.getAttribute(name))
        else document.documentElement.removeAttribute(name)
      }
      head = is.head
      if (!is.body.isEqualNode(body)) {
        try {
          steadily(() => carry(body, is.body))
        } catch {
          return void location.reload()
        }
        body = is.body
      }
    }
  }
  // The page's own script keeps cards, and pages beside.
  document.dispatchEvent(new CustomEvent('grimoire:renewed', { detail: changed }))
}

/* ---------------------------------------------------------------- news */

let source, silent, isGone = false, isSilent = false, renewing = Promise.resolve(), report

function connect() {
  if (source || document.hidden) return
  source = new EventSource(new URL('news', HOME))
  source.onopen = () => { clearTimeout(silent); silent = undefined; isSilent = false; show() }
  source.onmessage = ({ data }) => take(JSON.parse(data))
  source.onerror = () => {
    silent ??= setTimeout(() => { isSilent = true; show() }, 1500)
    if (source.readyState === EventSource.CLOSED) { source = null; setTimeout(connect, 1000) }
  }
}

/* A browser opens six connections to a host at most: pages that nobody sees must not hold any. */
function disconnect() {
  source?.close()
  source = null
}

function take(news) {
  const version = `${news.session}-${news.build}`
  report = news
  if (version !== at) {
    const [session, number] = at.split('-')
    const isNext = session === news.session && +number + 1 === news.build
    at = version
    renewing = renewing.then(() => renew(isNext ? news.changed : null)).catch(() => {}).then(show)
  }
  show()
  renewing.then(() => { box.dataset.shows = version })  // for who looks on
}

document.addEventListener('visibilitychange', () => document.hidden ? disconnect() : connect())
addEventListener('pagehide', disconnect)
addEventListener('pageshow', connect)

/* ---------------------------------------------------------------- what is wrong */

const el = (tag, properties, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) name in element ? element[name] = value : element.setAttribute(name, value)
  element.append(...children)
  return element
}
const NAMES = ['error', 'warning', 'note']

const box = el('grimoire-live', { lang: 'en', dir: 'ltr' }), root = box.attachShadow({ mode: 'open' })
const said = el('p', { className: 'heard', role: 'status' })
const tally = el('button', { type: 'button', 'aria-haspopup': 'dialog', onclick: () => list.showModal() })
const remark = el('p', {})
const bar = el('div', { className: 'bar', role: 'region', 'aria-label': 'grimoire serve', hidden: true }, tally, remark)
const rows = el('ol', {}), more = el('p', { className: 'more' })
const title = el('h2', { id: 'title' })
const list = el('dialog', { 'aria-labelledby': 'title' },
  el('div', { className: 'head' }, title, el('button', { type: 'button', autofocus: true, onclick: () => list.close() }, 'Close')), rows, more)
// The page's own keys are not meant while the list is read.
list.addEventListener('keydown', event => event.stopPropagation())
list.addEventListener('click', event => { if (event.target === list) list.close() })
root.append(el('link', { rel: 'stylesheet', href: new URL('live.css', HOME) }), said, bar, list)

const counted = counts => NAMES.filter(name => counts[name]).map(name => `${counts[name]} ${name}${counts[name] === 1 ? '' : 's'}`).join(', ')

function row({ severity, message, code, where, link, frame, why, help }) {
  const place = where && (link ? el('a', { href: link, className: 'where' }, where) : el('span', { className: 'where' }, where))
  const item = el('li', { className: severity }, el('p', { className: 'first' }, el('b', {}, code ? `${severity}[${code}]` : severity), ' ', place || ''), el('p', { className: 'message' }, message))
  if (frame) item.append(el('pre', { tabIndex: 0 }, frame))
  for (const [name, text] of [['why', why], ['help', help]]) if (text) item.append(el('p', { className: 'aside' }, el('b', {}, `${name}: `), text))
  return item
}

let shown
function show() {
  const counts = report?.counts ?? {}, faults = report?.faults ?? []
  const remarks = []
  if (isSilent) remarks.push('The server does not answer.')
  else if (report && !report.is_written && report.build) remarks.push('The site could not be built: this is the last good one.')
  if (isGone) remarks.push('This page is no longer part of the site.')
  const text = counted(counts), state = JSON.stringify([text, remarks, faults])
  if (state === shown) return
  shown = state
  const worst = NAMES.find(name => counts[name]) ?? 'note'
  bar.className = `bar ${isSilent ? 'note' : worst}`
  bar.hidden = !text && !remarks.length
  tally.hidden = !text
  tally.textContent = title.textContent = text
  remark.replaceChildren(remarks.join(' '), ...(isGone ? [' ', el('a', { href: '/' }, 'The index')] : []))
  said.textContent = [text, ...remarks].filter(Boolean).join('. ')
  rows.replaceChildren(...faults.map(one => row({ message: '', ...one })))
  const rest = Object.values(counts).reduce((sum, n) => sum + n, 0) - faults.length
  more.textContent = rest > 0 ? `${rest} more: the terminal shows them all.` : ''
  if (!text) list.close()
}

document.body.append(box)
connect()

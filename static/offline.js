/* Reading without a network, in the page: loaded by sites with `offline: true` alone. The work is done in worker.js. */

const ROOT = new URL(document.body.dataset.root || './', location.href)
/* The worker stands above all languages of the site. */
const TOP = new URL(document.body.dataset.top || ROOT, location.href)
const workers = navigator.serviceWorker

async function start() {
  try {
    // Who reads a second page, or has installed the site, is given the whole to keep, unless they save data.
    const comesBack = workers.controller || !matchMedia('(display-mode: browser)').matches
    const registration = await workers.register(new URL('sw.js', TOP), { scope: TOP })
    if (!comesBack || navigator.connection?.saveData) return
    const keep = worker => worker?.postMessage('keep')
    const attend = worker => worker?.addEventListener('statechange', () => worker.state === 'installed' && keep(worker))
    registration.addEventListener('updatefound', () => attend(registration.installing))
    attend(registration.installing)
    await workers.ready
    keep(registration.waiting ?? registration.active)
  } catch { /* storage may be forbidden; then nothing is kept */ }
}

if (workers) {
  workers.addEventListener('message', ({ data }) => {
    if (data !== 'newer') return
    const link = document.createElement('link')
    Object.assign(link, { rel: 'stylesheet', href: new URL('./offline.css', import.meta.url) })
    document.head.append(link)
    document.body.append(document.getElementById('_newer').content)
  })
  document.readyState === 'complete' ? start() : addEventListener('load', start)
}

/* On the page that says that a page was not kept: the terms last visited that are. */
const list = document.querySelector('[data-kept]')
if (list) {
  let rows = []
  try { rows = JSON.parse(localStorage.visited).filter(Array.isArray) } catch { /* storage may be forbidden, empty, or written by something else */ }
  for (const [title, path] of rows) {
    if (!(await caches.match(new URL(path, ROOT)))) continue
    const link = document.createElement('a'), item = document.createElement('li')
    Object.assign(link, { className: 't', href: new URL(path, ROOT), textContent: title })
    item.append(link)
    list.append(item)
  }
  list.parentElement.hidden = !list.children.length
}

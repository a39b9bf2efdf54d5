/* Reading without a network, in the page: loaded by sites with `offline: true` alone. The work is done in worker.js. */

const ROOT = new URL(document.body.dataset.root || './', location.href)
/* The worker stands above all languages of the site. */
const TOP = new URL(document.body.dataset.top || ROOT, location.href)
const workers = navigator.serviceWorker

/* Who reads a second page, or has installed the site, is given the whole to keep, unless they save data. */
function keep() {
  const comesBack = workers.controller || !matchMedia('(display-mode: browser)').matches
  if (comesBack && !navigator.connection?.saveData) workers.ready.then(({ active }) => active.postMessage('keep'))
}

async function start() {
  try {
    const comesBack = !!workers.controller
    await workers.register(new URL('sw.js', TOP), { scope: TOP })
    keep()
    if (comesBack) workers.addEventListener('controllerchange', keep)
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
  try { rows = JSON.parse(localStorage.visited) } catch { /* storage may be forbidden, or empty */ }
  for (const [title, path] of rows) {
    if (!(await caches.match(new URL(path, ROOT)))) continue
    const link = document.createElement('a'), item = document.createElement('li')
    Object.assign(link, { className: 't', href: new URL(path, ROOT), textContent: title })
    item.append(link)
    list.append(item)
  }
  list.parentElement.hidden = !list.children.length
}

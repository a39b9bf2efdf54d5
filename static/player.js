/* A video in the page, for sites that want it so: loaded, and asked for, when a reader clicks a link to one.

   Where the policy of the host forbids the player, the link does what it says. */

const START = /(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?/

/* The address of the player that keeps no cookies, for the address of a video; undefined where there is none. */
function playerOf(address) {
  const url = new URL(address), host = url.hostname.replace(/^(www|m)\./, '')
  const [, hours, minutes, seconds] = START.exec(url.searchParams.get('t') ?? url.searchParams.get('start') ?? '') ?? []
  const start = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + +(seconds ?? 0)
  const name = host === 'youtu.be' ? url.pathname.slice(1)
    : /^youtube(-nocookie)?\.com$/.test(host) ? url.searchParams.get('v') ?? url.pathname.match(/^\/(?:embed|shorts|live|v)\/([^/]+)/)?.[1]
    : undefined
  if (name) return `https://www.youtube-nocookie.com/embed/${encodeURIComponent(name)}?autoplay=1${start ? `&start=${start}` : ''}`
  const film = host === 'vimeo.com' && url.pathname.match(/^\/(\d+)/)?.[1]
  if (film) return `https://player.vimeo.com/video/${film}?autoplay=1&dnt=1${start ? `#t=${start}s` : ''}`
}

/* Open the video of a link below the block that the link stands in. */
export function play(link, { TEXT, el }) {
  const address = playerOf(link.href)
  if (!address) return void (location.href = link.href)
  const open = [...document.querySelectorAll('.player')].find(one => one.link === link)
  if (open) return void open.querySelector('iframe').focus()
  const title = link.getAttribute('aria-label') ?? link.textContent
  const frame = el('iframe', { src: address, title, allow: 'autoplay; fullscreen; picture-in-picture', referrerPolicy: 'strict-origin-when-cross-origin' })
  const player = el('div', { className: 'player' }, frame, el('button', { className: 'tex', type: 'button', onclick: () => { player.remove(); link.focus() } }, TEXT.close))
  player.link = link
  const forbidden = event => { if (event.effectiveDirective === 'frame-src' && address.startsWith(event.blockedURI.slice(0, 20))) { player.remove(); location.href = link.href } }
  document.addEventListener('securitypolicyviolation', forbidden)
  setTimeout(() => document.removeEventListener('securitypolicyviolation', forbidden), 5000)
  const block = link.closest('table, p, li, dd, blockquote, h1, h2, h3, h4, h5, h6') ?? link
  block.matches('li, dd') ? block.append(player) : block.after(player)
  frame.focus()
}

/* The palette, the help, and the lists of results of the search page and of the page for a missing address.
   Loaded by app.js, which hands over its words and tools. */

import { forget, full, isGuess, loadNames, loadTexts, merge, nearest, search, words } from "./search.js"

const MOST = 12, MOST_OF_PAGE = 60, PAUSE = 120, PAGE = 6, TOPICS = 8

export function start({ TEXT, ROOT, $, $$, el, keep, visited, fill, plural, cardOf, hideCards, openBeside, replaceAddress, watch }) {
  const addressOf = path => new URL(path, ROOT).href

  /* ---------------------------------------------------------------- rows */

  const escaped = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const startOf = (text, query) => {
    const places = words(query).map(w => text.search(new RegExp('(?<![\\p{L}\\p{N}])' + escaped(w), 'iu'))).filter(i => i >= 0)
    return places.length ? Math.min(...places) : -1
  }

  /* The text with the beginnings that were typed marked. */
  function marked(text, query) {
    const typed = words(query).sort((a, b) => b.length - a.length).map(escaped), piece = document.createDocumentFragment()
    if (!typed.length) return text
    text.split(new RegExp(`((?<![\\p{L}\\p{N}])(?:${typed.join('|')}))`, 'iu')).forEach((part, i) => piece.append(i % 2 ? el('mark', {}, part) : part))
    return piece
  }

  /* From shortly before the first word that was typed. */
  function clipped(text, query) {
    const place = startOf(text, query)
    if (place < 34) return text
    const blank = text.indexOf(' ', place - 26)
    return '… ' + text.slice(blank < 0 || blank > place ? place : blank + 1)
  }

  const row = ({ title, url, summary, via }, query, properties = {}) => el('a', { className: 'opt', href: addressOf(url), ...properties },
    el('span', { className: 'h' }, el('b', {}, marked(title, query)), ...(via ? [el('span', { className: 'via' }, marked(via, query))] : [])),
    ...(summary ? [el('span', { className: 'g' }, marked(clipped(summary, query), query))] : []))

  function tally(hits, most) {
    if (!hits.length) return TEXT.noResult
    const results = plural(TEXT.resultCount, hits.length)
    return hits.every(isGuess) ? fill(TEXT.guesses, { results }) : hits.length < most ? results : fill(TEXT.more, { results })
  }

  /* Answers at once from the names, and again from the texts after a pause: `show(hits, isLast)`. Where nothing was found
     and some files could not be had, nobody knows: `fail()`. */
  function searcher(most, show, fail) {
    let timer, asked = 0
    return async query => {
      const turn = ++asked
      clearTimeout(timer)
      let isLost = false
      const lose = () => { isLost = true }, names = await loadNames(ROOT)
      await names.reach?.(query, most).catch(lose)
      if (turn !== asked) return
      const hits = search(names, query, most), more = query.trim().length > 1
      if (!more && !hits.length && isLost) return fail()
      show(hits, !more)
      if (more) timer = setTimeout(async () => {
        const found = await loadTexts(ROOT).then(texts => full(texts, query, most)).catch(() => [])
        if (hits.length < most) await names.bring?.(found.map(({ slot }) => slot)).catch(lose)
        if (turn !== asked) return
        const all = merge(names, query, hits, found, most)
        if (!all.length && isLost) return fail()
        show(all.length ? all : nearest(names, query), true)
      }, PAUSE)
    }
  }

  /* ---------------------------------------------------------------- the palette */

  let dialog, input, list, empty, preview, status, options = [], current = -1, moved = false

  function build() {
    input = el('input', {
      type: 'text', role: 'combobox', 'aria-label': TEXT.searchTerms, 'aria-expanded': 'false', 'aria-controls': 'pl', 'aria-autocomplete': 'list',
      placeholder: TEXT.placeholder, autocomplete: 'off', autocapitalize: 'none', spellcheck: false, enterKeyHint: 'go',
    })
    list = el('div', { id: 'pl', role: 'listbox', tabIndex: -1, 'aria-label': TEXT.results })
    empty = el('p', { className: 'empty' })
    preview = el('div', { className: 'prev', inert: true, 'aria-hidden': 'true' })
    status = el('span', { role: 'status' })
    const mac = /Mac|iP/.test(navigator.platform)
    const key = (keys, what) => el('span', { className: 'kb' }, ...keys.map(k => el('kbd', {}, k)), what)
    dialog = el('dialog', { className: 'pal', 'aria-label': TEXT.search, 'data-palette': '' },
      el('div', { className: 'bar' }, $('.find svg').cloneNode(true), input,
        el('button', { className: 'iconbtn', type: 'button', onclick: () => dialog.close() }, el('kbd', {}, 'Esc'), el('span', { className: 'w' }, TEXT.cancel), el('span', { className: 'vh' }, TEXT.cancelRest))),
      el('div', { className: 'body' }, el('div', { className: 'side' }, empty, list), preview),
      el('div', { className: 'foot2' }, key(['↑', '↓'], TEXT.choose), key(['↵'], TEXT.openKey), key([mac ? '⌘' : 'Ctrl', mac ? '⌥' : 'Alt', '↵'], TEXT.besideKey), key(['Esc'], TEXT.closeKey), el('span', { className: 'st' }, status)))
    document.body.append(dialog)

    input.addEventListener('input', render)
    input.addEventListener('keydown', onKey)
    list.addEventListener('pointermove', event => {
      const option = event.target.closest('[role=option]')
      if (option && event.pointerType === 'mouse' && options.indexOf(option) !== current) {
        moved = true
        choose(options.indexOf(option), true)
      }
    })
    list.addEventListener('click', event => {
      const option = event.target.closest('[role=option]')
      if (!option) return
      if (event.altKey) {
        event.preventDefault()
        go(option, event)
      } else if (!event.metaKey && !event.ctrlKey && !event.shiftKey) dialog.close()
    })
    dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close() })
  }

  function go(option, { altKey, ctrlKey, metaKey }) {
    const address = option.href
    if (altKey) {
      dialog.close()
      openBeside(address)
    } else if (ctrlKey || metaKey) window.open(address)
    else {
      dialog.close()
      location.href = address
    }
  }

  function onKey(event) {
    if (event.isComposing || event.keyCode === 229) return
    const n = options.length, { key } = event
    const to = { ArrowDown: (current + 1) % n, ArrowUp: (current - 1 + n) % n, PageDown: Math.min(n - 1, current + PAGE), PageUp: Math.max(0, current - PAGE) }[key]
    if (to !== undefined && !event.altKey) {
      event.preventDefault()
      moved = true
      if (n) choose(to)
    } else if (key === 'Enter' && options[current]) {
      event.preventDefault()
      go(options[current], event)
    }
  }

  function choose(place, still) {
    options[current]?.setAttribute('aria-selected', 'false')
    current = place
    const option = options[place]
    if (!option) {
      input.removeAttribute('aria-activedescendant')
      dialog.classList.remove('has')
      return
    }
    option.setAttribute('aria-selected', 'true')
    input.setAttribute('aria-activedescendant', option.id)
    if (!still) option.scrollIntoView({ block: 'nearest' })
    if (!matchMedia('(min-width: 52rem)').matches) return
    cardOf(option.href).then(card => {
      if (options[current] !== option) return
      preview.replaceChildren(...(card ? [card.cloneNode(true)] : []))
      preview.scrollTop = 0
      watch(preview)
      dialog.classList.toggle('has', Boolean(card))
    })
  }

  /* groups: [heading, rows]; without a heading the rows stand alone. */
  function lay(groups, message, say) {
    const was = options[current]?.href
    options = []
    list.replaceChildren(...groups.filter(([, rows]) => rows.length).flatMap(([heading, rows]) => {
      options.push(...rows)
      return heading ? [el('div', { role: 'group', 'aria-label': heading }, el('p', { className: 'lbl ui', 'aria-hidden': 'true' }, heading), ...rows)] : rows
    }))
    options.forEach((option, i) => { option.id = 'po' + i })
    current = -1
    input.setAttribute('aria-expanded', String(options.length > 0))
    list.hidden = !options.length
    empty.hidden = !message
    empty.textContent = message
    status.textContent = say
    const same = moved ? options.findIndex(option => option.href === was) : 0
    choose(options.length ? Math.max(0, same) : -1, true)
  }

  const option = (hit, query) => row(hit, query, { role: 'option', tabIndex: -1, 'aria-selected': 'false' })

  const fail = () => lay([], TEXT.offline, '')
  const ask = searcher(MOST, (hits, isLast) => {
    const query = input.value
    if (hits.length || isLast) {
      const guesses = hits.length > 0 && hits.every(isGuess)
      lay([['', hits.map(hit => option(hit, query))]], hits.length ? guesses ? fill(TEXT.nearest, { query: query.trim() }) : '' : fill(TEXT.nothing, { query: query.trim() }), tally(hits, MOST))
    }
  }, fail)

  async function render() {
    moved = false
    list.scrollTop = 0
    try {
      if (input.value.trim()) return await ask(input.value)
      await ask('')
      if (!input.value.trim()) await welcome()
    } catch { fail() }
  }

  const titleOf = tag => tag[0].toUpperCase() + tag.slice(1).replace(/[-_]+/g, ' ')

  /* What an empty palette offers: where the reader was, and the topics with most terms. */
  async function welcome() {
    const names = await loadNames(ROOT), counts = new Map(names.topics)
    if (!names.topics) for (const { tags } of names.entries) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1)
    const seen = visited().map(([title, url]) => names.at.get(url) ?? (names.reach && { title, url })).filter(Boolean)
    const topics = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, TOPICS)
    lay([
      [TEXT.visited, seen.slice(0, 5).map(({ title, url, summary }) => option({ title, url, summary }, ''))],
      [TEXT.topics, topics.map(([tag, n]) => option({ title: titleOf(tag), url: 'topics/?topic=' + encodeURIComponent(tag), via: plural(TEXT.termCount, n) }, ''))],
    ], seen.length || topics.length ? '' : TEXT.invite, '')
  }

  function open(typed = '') {
    if (!dialog) build()
    hideCards()
    if (dialog.open) return
    for (const other of $$('dialog[open]')) other.close()
    dialog.showModal()
    input.value = typed
    render()
  }

  /* ---------------------------------------------------------------- the help */

  let sheet

  function help() {
    if (!sheet) {
      const line = (keys, what) => el('tr', {}, el('td', {}, ...keys.flatMap(k => [el('kbd', {}, k), ' '])), el('td', {}, what))
      const control = /Mac|iP/.test(navigator.platform) ? '⌘' : 'Ctrl'
      const setting = (name, label) => el('p', { className: 'ui' }, el('label', {},
        el('input', { type: 'checkbox', checked: keep(name) !== 'off', onchange: event => keep(name, event.target.checked ? '' : 'off') }), ' ' + label))
      sheet = el('dialog', { className: 'pal', 'aria-labelledby': 'kh' }, el('div', { className: 'help' },
        el('h2', { id: 'kh' }, TEXT.shortcuts),
        el('table', {}, el('tbody', {},
          line(['/'], TEXT.keySearch), line([control, 'K'], TEXT.keySearchAnywhere), line(['↑', '↓'], TEXT.keyChoose), line(['↵'], TEXT.keyOpen),
          line([control, '↵'], TEXT.keyTab), line([control, 'Alt', '↵'], TEXT.keyBeside), line(['Alt', '↓'], TEXT.keyCard), line(['Esc'], TEXT.keyEscape),
          line(['['], TEXT.keyBefore), line([']'], TEXT.keyAfter), line(['?'], TEXT.keyHelp))),
        setting('keys', TEXT.singleKeys), setting('cards', TEXT.cards),
        el('p', {}, el('button', { className: 'tex', type: 'button', onclick: () => sheet.close() }, TEXT.close))))
      sheet.addEventListener('click', event => { if (event.target === sheet) sheet.close() })
      document.body.append(sheet)
    }
    hideCards()
    if (!sheet.open) sheet.showModal()
  }

  /* ---------------------------------------------------------------- the search page, the missing address */

  function results(field, place) {
    const said = $('[role=status]', place), intro = said.textContent, rows = el('ul', { className: 'hits', role: 'list' })
    place.append(rows)
    const fail = () => { said.textContent = TEXT.offline }
    const answer = searcher(MOST_OF_PAGE, (hits, isLast) => {
      const query = field.value
      if (!hits.length && !isLast) return
      rows.replaceChildren(...hits.map(hit => el('li', {}, row(hit, query))))
      said.textContent = query.trim() ? tally(hits, MOST_OF_PAGE) : intro
      replaceAddress(parameters => query.trim() ? parameters.set('q', query) : parameters.delete('q'))
    }, fail)
    const refresh = () => answer(field.value).catch(fail)
    field.value = new URLSearchParams(location.search).get('q') ?? ''
    field.addEventListener('input', refresh)
    field.form.addEventListener('submit', event => { event.preventDefault(); refresh() })
    field.focus()
    if (field.value) refresh()
  }

  async function near(place) {
    const last = decodeURIComponent(location.pathname).split('/').filter(part => part && !/^(index|404)\.html$/.test(part)).at(-1) ?? ''
    const names = await loadNames(ROOT), query = last.replace(/\.\w+$/, '').replace(/[-_]+/g, ' ')
    await names.reach?.(query, 3).catch(() => {})
    const found = search(names, query, 3), have = new Set(found.map(hit => hit.url))
    const hits = [...found, ...nearest(names, query).filter(hit => !have.has(hit.url))].slice(0, 3)
    if (!hits.length) return
    place.append(el('ul', { className: 'hits', role: 'list' }, ...hits.map(hit => el('li', {}, row(hit, '')))))
    place.hidden = false
  }

  return { open, help, results, nearest: near, forget, prepare: () => loadNames(ROOT) }
}

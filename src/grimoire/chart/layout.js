/* Where each node of a graph stands on its map.

   Every node has a mooring, which its topic and a hash of its name decide; links pull it from there, and nodes that
   are too near push each other away:

   1. Topics lie around a ring, each with room for its nodes; a node is moored somewhere on its topic's disc.
   2. The pull of links against that of the moorings is a system of linear equations with one solution (Tutte's
      barycentric drawing, 1963, with moorings in place of fixed nodes), which is approached from the moorings.
   3. Then nodes are spread as by Fruchterman and Reingold (1991): repulsion between those in neighbouring cells of a
      grid, attraction along links, steps that grow smaller.

   So a map follows from its graph alone, and a term more moves the others little. Only + - * / and square roots are
   used, which IEEE 754 defines to the last bit: engines and machines agree on them, and not on sines. */

const UNIT = 100        // of the coordinates that are given: the distance at which nodes begin to be neighbours
const REACH = 2.6       // how far nodes push, in such distances
const SMOOTHINGS = 24
const WORK = 90000     // steps of single nodes in all rounds together
const FEWEST = 40, MOST = 240

/* `places`: a point of the unit disc for each node, as flat pairs; `groups`: the topic of each, from 0, or -1;
   `edges`: flat pairs of nodes. Gives flat pairs of whole numbers around (0, 0). */
function layout({ places, groups, edges }) {
  const n = groups.length, degree = new Float64Array(n)
  for (const node of edges) degree[node]++
  const mooring = moored(places, groups)
  const at = pulled(mooring, edges, degree)
  spread(at, edges, degree)
  const low = [Infinity, Infinity], high = [-Infinity, -Infinity]
  at.forEach((v, i) => { low[i & 1] = Math.min(low[i & 1], v); high[i & 1] = Math.max(high[i & 1], v) })
  return Array.from(at, (v, i) => Math.floor((v - (low[i & 1] + high[i & 1]) / 2) * UNIT + .5))
}

function moored(places, groups) {
  const sizes = []
  let loose = 0
  for (const group of groups) group < 0 ? loose++ : sizes[group] = (sizes[group] ?? 0) + 1
  const n = groups.length, ring = .95 * Math.sqrt(n), shares = Array.from(sizes, size => Math.sqrt(size ?? 0))
  const whole = shares.reduce((sum, share) => sum + share, 0), several = shares.filter(Boolean).length > 1
  let passed = 0
  const centres = shares.map(share => {
    const [x, y] = onCircle((passed + share / 2) / whole)
    passed += share
    return several ? [x * ring, y * ring] : [0, 0]
  })
  const at = new Float64Array(2 * n)
  for (let i = 0; i < n; i++) {
    const [x, y] = centres[groups[i]] ?? [0, 0], radius = .75 * Math.sqrt(groups[i] < 0 ? n : sizes[groups[i]])
    at[2 * i] = x + places[2 * i] * radius
    at[2 * i + 1] = y + places[2 * i + 1] * radius
  }
  return at
}

/* A point of the unit circle; `turn` in [0, 1) goes around it once, nearly evenly, by the rational points of each quarter. */
function onCircle(turn) {
  const quarter = Math.floor(turn * 4), u = turn * 4 - quarter
  const t = u < .5 ? u * (.8 + .06 * u) : 1 - (1 - u) * (1.17 - .34 * (1 - u))
  let x = (1 - t * t) / (1 + t * t), y = 2 * t / (1 + t * t)
  for (let i = 0; i < quarter; i++) [x, y] = [-y, x]
  return [x, y]
}

/* Let links pull the nodes from their moorings, by Jacobi's iteration. */
function pulled(mooring, edges, degree) {
  const n = degree.length
  let at = mooring
  for (let round = 0; round < SMOOTHINGS; round++) {
    const sum = mooring.map((v, i) => v * (1 + .12 * degree[i >> 1]))
    for (let e = 0; e < edges.length; e += 2) {
      const a = 2 * edges[e], b = 2 * edges[e + 1]
      // Half the pull of all: a node with many links would else drag its whole topic upon itself.
      sum[a] += at[b] / 2; sum[a + 1] += at[b + 1] / 2
      sum[b] += at[a] / 2; sum[b + 1] += at[a + 1] / 2
    }
    at = sum.map((v, i) => v / (1 + .62 * degree[i >> 1]))
  }
  // Scale back to the room that the moorings had: links have drawn all together.
  const size = points => Math.sqrt(points.reduce((total, v) => total + v * v, 0) / n) || 1
  const scale = size(mooring) / size(at)
  return at.map(v => v * scale)
}

/* Move nodes that are too near away from each other, in place. */
function spread(at, edges, degree) {
  const n = degree.length, rounds = Math.min(MOST, Math.max(FEWEST, Math.floor(WORK / Math.max(1, n))))
  const move = new Float64Array(2 * n), next = new Int32Array(n), reach = REACH * REACH
  const crowd = 1 + edges.length / (2 * Math.max(1, n)) / 4
  for (let round = 0; round < rounds; round++) {
    const left = 1 - round / rounds, longest = .01 + .9 * left * Math.sqrt(left)
    move.fill(0)
    // The cells of the grid as chains: the last node of each cell, and for each node the one before it.
    const last = new Map(), cell = i => Math.floor(at[2 * i] / REACH) * 65536 + Math.floor(at[2 * i + 1] / REACH)
    const repel = (i, j) => {
      const dx = at[2 * i] - at[2 * j], dy = at[2 * i + 1] - at[2 * j + 1], square = dx * dx + dy * dy
      if (square >= reach) return
      const push = 1.15 / (square + .02)
      move[2 * i] += dx * push; move[2 * i + 1] += dy * push
      move[2 * j] -= dx * push; move[2 * j + 1] -= dy * push
    }
    for (let i = 0; i < n; i++) {
      const here = cell(i)
      for (let column = -65536; column <= 65536; column += 65536) for (let row = -1; row <= 1; row++) {
        for (let j = last.get(here + column + row) ?? -1; j >= 0; j = next[j]) repel(i, j)
      }
      next[i] = last.get(here) ?? -1
      last.set(here, i)
    }
    for (let e = 0; e < edges.length; e += 2) {
      const a = 2 * edges[e], b = 2 * edges[e + 1], dx = at[a] - at[b], dy = at[a + 1] - at[b + 1]
      const pull = .4 * Math.sqrt(dx * dx + dy * dy) / (crowd + .12 * Math.min(degree[edges[e]], degree[edges[e + 1]]))
      move[a] -= dx * pull; move[a + 1] -= dy * pull
      move[b] += dx * pull; move[b + 1] += dy * pull
    }
    for (let i = 0; i < 2 * n; i += 2) {
      // Drawn to the middle, from above and below more than from the sides: screens are wide.
      let dx = move[i] - at[i] * .011, dy = move[i + 1] - at[i + 1] * .02
      const length = Math.sqrt(dx * dx + dy * dy)
      if (length > longest) { dx *= longest / length; dy *= longest / length }
      at[i] += dx
      at[i + 1] += dy
    }
  }
}

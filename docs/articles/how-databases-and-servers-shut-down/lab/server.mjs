// A Node server that stops without losing a request.
import { writeFileSync } from 'node:fs'
import http from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

const { PORT, JOURNAL, DRAIN_DELAY, DRAIN_LIMIT } = process.env
const journal = [] // stands for everything that a server holds in memory
let draining = false

// --8<-- [start:main]
const server = http.createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://server')
  if (pathname === '/readyz') return response.writeHead(draining ? 503 : 200).end()
  await pause(Number(searchParams.get('ms'))) // the work
  journal.push(searchParams.get('id'))
  if (draining) response.setHeader('Connection', 'close') // go elsewhere
  response.end(searchParams.get('id'))
})
server.listen(PORT, '127.0.0.1')

const unused = new Set() // connections on which no request has come
let inFlight = 0
server.on('connection', (socket) => {
  unused.add(socket)
  socket.on('close', () => unused.delete(socket))
})
server.on('request', (request, response) => {
  unused.delete(request.socket)
  inFlight++
  response.on('close', () => inFlight--)
})

async function drain() {
  if (draining) return
  draining = true // 1. hear, 2. leave the rotation, keep serving
  await pause(DRAIN_DELAY * 1000)

  const cut = setTimeout(() => {
    process.exitCode = inFlight ? 1 : 0
    server.closeAllConnections() // out of time: cut the rest
  }, DRAIN_LIMIT * 1000)
  const closed = new Promise((done) => server.close(done)) // 3. close
  for (const socket of unused) socket.destroy()
  await closed // 4. finish what is in flight
  clearTimeout(cut)

  save(journal) // 5. flush what lives only in memory
  process.exit() // in the same turn: no request that was cut goes on
}

process.on('SIGTERM', drain)
process.on('SIGINT', drain)
// --8<-- [end:main]

/** Write the lines, and return when the disk has them. */
function save(lines) {
  writeFileSync(JOURNAL, lines.map((line) => `${line}\n`).join(''), { flush: true })
}

// A Node server that stops without losing a request.
import { writeFileSync } from 'node:fs'
import http from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

const { PORT, JOURNAL, DRAIN_DELAY, DRAIN_LIMIT } = process.env
const journal = [] // stands for all that a server holds in memory
let draining = false

// --8<-- [start:main]
const server = http.createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://server')
  if (pathname === '/readyz') return response.writeHead(draining ? 503 : 200).end()
  await pause(Number(searchParams.get('ms'))) // stands for a query or a call to another service
  journal.push(searchParams.get('id'))
  if (draining) response.setHeader('Connection', 'close') // your next request goes elsewhere
  response.end(searchParams.get('id'))
})
server.listen(PORT, '127.0.0.1')

async function drain() {
  if (draining) return
  draining = true // 1. hear, 2. leave the rotation, keep serving
  await pause(DRAIN_DELAY * 1000)

  const cut = setTimeout(() => {
    process.exitCode = 1
    server.closeAllConnections() // out of time: cut the rest
  }, DRAIN_LIMIT * 1000)
  await new Promise((done) => server.close(done)) // 3. stop accepting, 4. finish what is in flight
  clearTimeout(cut)

  save(journal) // 5. flush what lives only in memory
  process.exit()
}

process.on('SIGTERM', drain)
process.on('SIGINT', drain)
// --8<-- [end:main]

/** Write the lines, and return when the disk has them. */
function save(lines) {
  writeFileSync(JOURNAL, lines.map((line) => `${line}\n`).join(''), { flush: true })
}

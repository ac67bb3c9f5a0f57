// A Node server that leaves its stop to close, and calls everything that outlasts the limit a cut request.
import http from 'node:http'

const server = http.createServer((request, response) => response.end())
server.listen(process.env.PORT, '127.0.0.1')
process.on('SIGTERM', () => {
  server.close(() => process.exit())
  setTimeout(() => process.exit(1), process.env.DRAIN_LIMIT * 1000)
})

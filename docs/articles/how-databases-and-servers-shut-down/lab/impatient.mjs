// A Node server that ends a connection on which no request has come within a second and a half.
import http from 'node:http'

const server = http.createServer(
  { headersTimeout: 1500, requestTimeout: 1500, connectionsCheckingInterval: 100 },
  (request, response) => response.end(),
)
server.listen(process.env.PORT, '127.0.0.1')
process.on('SIGTERM', () => server.close())

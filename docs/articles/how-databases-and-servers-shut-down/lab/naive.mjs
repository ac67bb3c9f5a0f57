// The Node server that most of us write first: it serves, and has no idea that it will have to stop.
import http from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

const server = http.createServer(async (request, response) => {
  const { searchParams } = new URL(request.url, 'http://server')
  await pause(Number(searchParams.get('ms')))
  response.end(searchParams.get('id'))
})
server.listen(process.env.PORT, '127.0.0.1')

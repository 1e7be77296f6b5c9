import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'

/** Mail by name, acknowledged in both directions, kept nowhere: what people build with it. Answers its URL. */
export async function startSocketIo(): Promise<string> {
  const http = createServer()
  const server = new Server(http, { transports: ['websocket'], serveClient: false })
  const members = new Map<string, Socket>()
  server.on('connection', (socket) => {
    socket.on('join', (name: string, done: () => void) => {
      members.set(name, socket)
      done()
    })
    socket.on('send', (to: string, body: string, done: () => void) => {
      members.get(to)?.emit('mail', body, () => undefined)
      done()
    })
    socket.on('broadcast', (body: string, done: () => void) => {
      socket.broadcast.emit('mail', body)
      done()
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`
}

import { io } from 'socket.io-client'
import type { Address, Driver } from '../driver.ts'

/** Sends are answered by the server's acknowledgement; mail is acknowledged by its reader in the same way. */
export function socketIoDriver({ url }: Address): Driver {
  return {
    async join(name, received) {
      const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false })
      socket.on('mail', (body: string, done?: () => void) => {
        received(body)
        done?.()
      })
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve)
        socket.once('connect_error', reject)
      })
      await socket.emitWithAck('join', name)
      return {
        async send(to, body) {
          await socket.emitWithAck('send', to, body)
        },
        async broadcast(body) {
          await socket.emitWithAck('broadcast', body)
        },
        leave() {
          socket.disconnect()
          return Promise.resolve()
        },
      }
    },
  }
}

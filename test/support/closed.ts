import type { Socket } from 'node:net'

/** Resolves when a socket is closed, whichever way: `once` of events would reject where the other side resets it. */
export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.on('error', () => undefined)
    socket.once('close', () => resolve())
  })
}

import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

/** A client that writes its request and never reads: what comes stays in its system's buffers. */
export async function askWithoutReading(port: number, request: unknown): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.pause()
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  await new Promise<void>((resolve) => socket.write(JSON.stringify(request), () => resolve()))
  return socket
}

/** The system closes it as it does for a process that was killed. */
export async function kill(socket: Socket): Promise<void> {
  socket.destroy()
  await once(socket, 'close')
}

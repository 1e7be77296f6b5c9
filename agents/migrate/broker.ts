import { connect } from 'node:net'

/** Where the broker of claude-ipc-mcp listens. */
export const oldBrokerPort = 9876

/** Milliseconds for a program on this machine to take a connection. */
const connectMs = 500

/** Whether a program listens on this port: the old broker, or a bridge in its place. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: connectMs })
    const end = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
}

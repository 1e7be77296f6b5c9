import type { Socket } from 'node:net'
import { lineBytes } from './wire.ts'

/** Writes an object as a line; the callback comes when the system has it. */
export function writeLine(socket: Socket, value: object, written?: () => void): void {
  socket.write(`${JSON.stringify(value)}\n`, written)
}

/**
 * Calls back with each line's value. A line that is too long or no JSON ends the connection: whoever
 * sends it is not one of ours.
 */
export function readLines(socket: Socket, take: (value: unknown) => void): void {
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > lineBytes) return void socket.destroy()
    for (const line of lines) {
      const value = parse(line)
      if (value === undefined) return void socket.destroy()
      take(value)
    }
  })
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

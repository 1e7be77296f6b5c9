import { dial } from '../../agents/client/node/dial.ts'
import { driveClient } from './client-driver.ts'
import { clientFaults } from './client-faults.ts'
import type { LooseFrame, Tampering, Ways } from './tampering.ts'

/** The TypeScript driver with the planted fault that the first argument names. */
const planted = clientFaults[process.argv[2] ?? '']
if (!planted) throw new Error(`no fault is called "${process.argv[2]}"`)
const {
  fromClient,
  fromHub,
  closeCode = (code) => code,
  written = (line) => [line],
} = planted.tamper(process.env['BELLHOP_SECRET'] ?? '')

function pass(part: Tampering['fromHub'], text: string, ways: Ways): void {
  let frame: LooseFrame | null
  try {
    frame = JSON.parse(text) as LooseFrame | null
  } catch {
    return
  }
  if (typeof frame !== 'object' || frame === null) return
  if (part) part(frame, ways)
  else ways.on(frame)
}

const asText = (frame: LooseFrame): string => JSON.stringify({ jsonrpc: '2.0', ...frame })

driveClient({
  dial: (endpoint, listener) => {
    const toClient = (frame: LooseFrame): void => listener.text(asText(frame))
    const toHub = (frame: LooseFrame): void => socket.send(asText(frame))
    const socket = dial(endpoint, {
      ...listener,
      text: (text) => pass(fromHub, text, { on: toClient, back: toHub, cut: () => socket.cut() }),
      closed: (end) => listener.closed({ ...end, code: end.code >= 4000 ? closeCode(end.code) : end.code }),
    })
    return {
      ...socket,
      send: (text) => pass(fromClient, text, { on: toHub, back: toClient, cut: () => socket.cut() }),
    }
  },
  write: (line) => {
    for (const each of written(line)) process.stdout.write(`${JSON.stringify(each)}\n`)
  },
})

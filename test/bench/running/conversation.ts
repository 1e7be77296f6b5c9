import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { openLine, type Line } from '../drivers/frames.ts'
import { delay } from '../jobs/waiting.ts'
import { startHub } from '../peers/hub.ts'
import { ownProgramsIn } from './dist.ts'
import { firstMatch } from './first-match.ts'
import { shimSettings, startShim } from './shim.ts'
import type { Workshop } from './workshop.ts'

/** A hub, the shim of an assistant that this process plays, and somebody who writes to it. */
interface Conversation {
  readonly home: string
  readonly writer: Line
}

const reader = 'reader'
const body = 'Is the build green?'
/** Milliseconds that a message has to get from the hub to the shim, before a hook looks. */
const arrivalMs = 100
/** Hooks that may come too early for the message, before something is wrong. */
const attempts = 20

export async function withConversation<T>(
  workshop: Workshop,
  use: (conversation: Conversation) => Promise<T>,
): Promise<T> {
  const home = workshop.newFolder('conversation')
  const { address } = await startHub(workshop, home)
  const shim = startShim(workshop, { ...shimSettings(home), BELLHOP_NAME: reader })
  await firstMatch(shim, /("serverInfo")/)
  shim.stdin!.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`)
  const writer = await openLine(address, 'writer', () => undefined)
  try {
    return await use({ home, writer })
  } finally {
    await writer.leave()
  }
}

/** Milliseconds of one whole run of a hook. `mail`: with a message for the model, which it must show. */
export async function measureHook(workshop: Workshop, { home, writer }: Conversation, mail: boolean): Promise<number> {
  if (mail) await writer.send(reader, body)
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (mail) await delay(arrivalMs)
    const { ms, output } = await runHook(workshop, home)
    if (output.includes(body) === mail) return ms
    if (!mail) throw new Error(`the hook showed ${output}`)
  }
  throw new Error('the hook never showed the message')
}

async function runHook(workshop: Workshop, home: string): Promise<{ ms: number; output: string }> {
  const begin = performance.now()
  const child = workshop.spawn(process.execPath, [ownProgramsIn.cli, 'hook', 'claude-code'], {
    env: { ...shimSettings(home), CLAUDE_PID: String(process.pid) },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin!.end(JSON.stringify({ hook_event_name: 'UserPromptSubmit' }))
  const [output] = await Promise.all([text(child.stdout!), once(child, 'close')])
  return { ms: performance.now() - begin, output }
}

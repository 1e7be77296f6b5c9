import { createInterface } from 'node:readline'
import { createClient } from '../../../../agents/client/index.ts'
import type { Message } from '../../../../protocol/index.ts'
import { news, type Order, type Part } from '../part.ts'
import { say, tell } from './journal.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** One message in so many is answered by its reader. */
const answerEvery = 9
/** Pushed messages that a program holds at most: few, so that most mail waits on disk. */
const window = 16
/** Milliseconds for a name to be had while the hub is killed time and again. */
const patienceMs = 60_000

/** One life of one agent of the correspondence. */
export async function run(part: Part): Promise<void> {
  const { agent, role, writers } = part
  const client = createClient({ client: { name: 'faults' }, window, onError: fail })
  const writer = new Writer(client, part)
  const answer = ({ id, seq, from, replyTo }: Message): void => {
    const isWritten = role === 'reader' && writers.includes(from) && replyTo === undefined
    if (isWritten && seq % answerEvery === 0) writer.answer(from, id)
  }
  const reader = new Reader(client, agent, answer)
  client.on('attached', () => tell({ kind: 'attached', agent }))
  client.on('receipt', ({ id, name, state }) => tell({ kind: 'receipt', agent: name, id, state }))
  client.start()
  await client.register({ name: agent }, { timeoutMs: patienceMs })
  // Repeating it changes nothing, so it may be asked again where the connection broke before the answer.
  if (role === 'reader') await persist(() => client.request('join', { topic: news }, { timeoutMs: patienceMs }))

  const obey: Record<Order, () => Promise<void>> = {
    write: () => writer.write(),
    async quiet() {
      await writer.quiet()
      say('quiet')
    },
    async finish() {
      await persist(() => reader.finish())
      await writer.answered()
      await client.close()
      process.exit(0)
    },
  }
  const orders = createInterface(process.stdin)
  orders.on('line', (order) => void obey[order as Order]().catch(fail))
  // Whoever gave the orders is gone.
  orders.on('close', () => process.exit(0))
  say('ready')
}

/** Repeats what changes nothing when it is repeated. */
async function persist(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work()
      return
    } catch (error) {
      if (attempt === 10) throw error
    }
  }
}

export function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
}

import { expect, onTestFinished, test } from 'vitest'
import { ClientError, createClient, type Client } from '../../agents/client/index.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { hubProcess } from '../support/processes.ts'

const kills = 20
const senders = 4
const readers = ['rose', 'claude'] as const

/** A small generator with a printed seed, so that a failure can be run again. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Everything that was done and seen, held against each other at the end. */
class Record {
  readonly accepted: { sender: string; reader: string; n: number; id: string }[] = []
  readonly refused: { sender: string; reader: string; n: number; reason: string }[] = []
  readonly shown = new Map<string, { id: string; sender: string; n: number }[]>(readers.map((reader) => [reader, []]))
  #watchers: { at: number; done: () => void }[] = []

  settled(): number {
    return this.accepted.length + this.refused.length
  }

  /** Resolves when so many sends were accepted. */
  reaches(at: number): Promise<void> {
    return new Promise((done) => {
      this.#watchers.push({ at, done })
      this.notice()
    })
  }

  notice(): void {
    const { length } = this.accepted
    for (const { done } of this.#watchers.filter(({ at }) => at <= length)) done()
    this.#watchers = this.#watchers.filter(({ at }) => at > length)
  }
}

test(`no loss: the hub is killed ${kills} times while ${senders} senders and ${readers.length} readers work`, async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
  const random = seededRandom(seed)
  const { home, env } = homeWithHub({ BELLHOP_MAILBOX_DEPTH: '100000' })
  const record = new Record()
  const clients: Client[] = []
  onTestFinished(async () => {
    await Promise.all(clients.map((client) => client.close()))
  })
  const enter = async (name: string, listen?: (client: Client) => void): Promise<Client> => {
    const client = createClient({ client: { name: 'no-loss' }, environment: { ...process.env, ...env }, window: 16 })
    clients.push(client)
    listen?.(client)
    client.start()
    await client.register({ name })
    return client
  }

  const reading = readers.map((reader) =>
    enter(reader, (client) => {
      // A reader shows what comes, and then says so: the order of the real shim.
      client.on('message', ({ id, from, content }) => {
        record.shown.get(reader)?.push({ id, sender: from, n: Number(content) })
        void client.ack([id], 'shown', 'fetch')
      })
    }),
  )
  await Promise.all(reading)

  const stop = new AbortController()
  const sending = Array.from({ length: senders }, async (_, index) => {
    const sender = `sender-${index}`
    const client = await enter(sender)
    for (let n = 0; !stop.signal.aborted; n += 1) {
      const reader = readers[n % readers.length]!
      try {
        const { id } = await client.send({ to: reader, content: `${n}` })
        record.accepted.push({ sender, reader, n, id })
      } catch (error) {
        if (!(error instanceof ClientError)) throw error
        record.refused.push({ sender, reader, n, reason: error.reason })
      }
      record.notice()
    }
  })

  const downtimes: number[] = []
  for (let kill = 0; kill < kills; kill += 1) {
    await record.reaches(record.accepted.length + 1 + Math.floor(random() * 150))
    const pid = hubProcess(home)
    expect(pid).toBeDefined()
    process.kill(pid!, 'SIGKILL')
    const killedAt = performance.now()
    await record.reaches(record.accepted.length + senders + 1)
    downtimes.push(performance.now() - killedAt)
  }
  stop.abort()
  await Promise.all(sending)

  // Everything accepted has been shown when the last accepted message of each mailbox has.
  for (const [index, reader] of readers.entries()) {
    const wanted = record.accepted.filter((sent) => sent.reader === reader).length
    const shown = record.shown.get(reader)!
    const client = clients[index]!
    while (new Set(shown.map(({ id }) => id)).size < wanted) {
      await new Promise<void>((resolve) => client.on('message', () => resolve()))
    }
  }

  for (const reader of readers) {
    const shown = record.shown.get(reader)!
    const accepted = record.accepted.filter((sent) => sent.reader === reader)
    expect(new Set(shown.map(({ id }) => id)).size, 'shown twice').toBe(shown.length)
    for (let index = 0; index < senders; index += 1) {
      const sender = `sender-${index}`
      const order = shown.filter((message) => message.sender === sender).map(({ n }) => n)
      expect(order, `order of ${sender} at ${reader}`).toEqual(order.toSorted((a, b) => a - b))
      const acknowledged = accepted.filter((sent) => sent.sender === sender).map(({ n }) => n)
      // What was reported as unconfirmed may have been stored; what was acknowledged must have been.
      const unconfirmed = new Set(record.refused.filter((sent) => sent.sender === sender).map(({ n }) => n))
      expect(order.filter((n) => !unconfirmed.has(n))).toEqual(acknowledged)
    }
  }
  const worst = Math.max(...downtimes).toFixed(0)
  const median = downtimes.toSorted((a, b) => a - b)[kills / 2]!.toFixed(0)
  process.stdout.write(
    `no loss: seed ${seed}, ${kills} kills, ${record.accepted.length} accepted, ${record.refused.length} reported as not accepted, ` +
      `0 lost, 0 shown twice; back after ${median} ms (median), ${worst} ms (worst)\n`,
  )
}, 180_000)

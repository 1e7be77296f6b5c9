import { Redis } from 'ioredis'
import type { Address, Driver, Received } from '../driver.ts'

const group = 'readers'
/** Messages that one read takes: half of the hub's largest window. */
const atOnce = 512

type Entries = [stream: string, entries: [id: string, fields: string[]][]][]

/** A stream for each mailbox, read by a consumer group; commands of one turn travel together. */
export function redisDriver({ url }: Address): Driver {
  return {
    async join(name, received) {
      const sending = new Redis(url, { enableAutoPipelining: true })
      const reading = new Redis(url)
      for (const connection of [sending, reading]) connection.on('error', () => undefined)
      await sending.xgroup('CREATE', name, group, '0', 'MKSTREAM')
      // Ends when its connection is cut.
      const reader = read(reading, sending, name, received).catch(() => undefined)
      return {
        async send(to, body) {
          await sending.xadd(to, '*', 'body', body)
        },
        async leave() {
          reading.disconnect()
          await reader
          await sending.quit()
        },
      }
    },
  }
}

async function read(reading: Redis, sending: Redis, name: string, received: Received): Promise<never> {
  for (;;) {
    const found = (await reading.xreadgroup(
      'GROUP',
      group,
      name,
      'COUNT',
      atOnce,
      'BLOCK',
      0,
      'STREAMS',
      name,
      '>',
    )) as Entries | null
    const entries = found?.[0]?.[1] ?? []
    for (const [, [, body = '']] of entries) received(body)
    if (entries.length > 0) await sending.xack(name, group, ...entries.map(([id]) => id))
  }
}

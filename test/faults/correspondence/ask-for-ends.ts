import { createClient } from '../../../agents/client/index.ts'
import { limits, type Receipt } from '../../../protocol/index.ts'
import type { Event } from '../history/event.ts'
import type { History } from '../history/history.ts'

/** Asks the hub, as each agent, what became of everything that it sent, and adds the answers to the history. */
export async function askForEnds(
  agents: readonly string[],
  env: Readonly<Record<string, string>>,
  history: History,
): Promise<void> {
  const recipients = recipientsById(history.events())
  for (const name of agents) {
    const client = createClient({ client: { name: 'faults' }, environment: env, window: 0 })
    try {
      client.start()
      await client.register({ name })
      let before: number | undefined
      for (;;) {
        const page = { limit: limits.pageRows, ...(before !== undefined && { before }) }
        const { receipts, more } = await client.request('receipts', page)
        for (const receipt of receipts) for (const end of endsOf(receipt, recipients.get(receipt.id))) history.add(end)
        const last = receipts.at(-1)
        if (!more || !last) break
        before = Number(last.id.slice(last.id.lastIndexOf('-') + 1))
      }
    } finally {
      await client.close()
    }
  }
}

function recipientsById(events: readonly Event[]): Map<string, readonly string[]> {
  const ofAttempt = new Map<string, readonly string[]>()
  const ofId = new Map<string, readonly string[]>()
  for (const event of events) {
    if (event.kind === 'sending') ofAttempt.set(event.attempt, event.recipients)
    if ((event.kind !== 'accepted' && event.kind !== 'shown') || event.attempt === undefined) continue
    ofId.set(event.id, ofAttempt.get(event.attempt) ?? [])
  }
  return ofId
}

/** The recipients of a topic for whom nothing has happened are only counted: they are those that are not named. */
function endsOf({ id, recipients, queued }: Receipt, expected: readonly string[] = []): Event[] {
  const named = new Set<string>(recipients.map(({ name }) => name))
  const others = expected.filter((agent) => !named.has(agent))
  const waiting = others.length === queued ? others : []
  return [
    ...recipients.map(({ name, steps }): Event => {
      return { kind: 'end', agent: name, id, steps: steps.map(({ state }) => state) }
    }),
    ...waiting.map((agent): Event => ({ kind: 'end', agent, id, steps: ['queued'] })),
  ]
}

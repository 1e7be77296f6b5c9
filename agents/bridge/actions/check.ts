import type { MessageId } from '../../../protocol/index.ts'
import { unreachable } from '../../client/failures.ts'
import { ClientError } from '../../client/index.ts'
import { oldForm, type OldMessage, type Reader } from '../incoming.ts'
import { bridgeLimits } from '../limits.ts'
import { ok } from '../outcome.ts'
import type { Presence } from '../presences.ts'
import type { Action, Services } from '../services.ts'
import { jsonBytes } from '../size.ts'

/** Bytes of the answer around its messages. */
const frameBytes = 256
/** Messages that are read from the hub at a time. */
const pageRows = 50

interface Collected {
  readonly messages: readonly OldMessage[]
  readonly ids: readonly MessageId[]
  /** More is unread than fits. */
  readonly more: boolean
}

/**
 * What is unread, as much as fits into one answer, oldest first. It counts as read when the client has taken
 * the answer and hung up; until then nobody else is shown it, and if it never does, it stays unread.
 */
export const check: Action<'check'> = async (services, { presence }) => {
  const { client } = presence
  // Two checks at once would both show everything.
  const done = await services.turns.take(`check ${client.registration?.name.toLowerCase() ?? ''}`, () =>
    unreachable(undefined, 'what an earlier check of this name has shown is not settled yet'),
  )
  try {
    const { messages, ids, more } = await collect(services, presence)
    const left = more ? await countLeft(presence, ids.length) : 0
    const hint = left > 0 ? { message: `${left} more messages are waiting: check again.` } : {}
    return {
      ...ok({ messages, ...hint }),
      async settle(fate) {
        try {
          if (fate === 'taken') await client.ack(ids, 'shown', 'fetch')
          else if (fate === 'lost' && messages.length > 0) lessNextTime(presence)
        } finally {
          done()
        }
      },
    }
  } catch (error) {
    done()
    throw error
  }
}

async function collect({ door, clock }: Services, presence: Presence): Promise<Collected> {
  const { client, answerBytes } = presence
  const reader: Reader = { client, name: client.registration?.name ?? presence.name, home: door.home }
  const room = answerBytes - frameBytes
  const messages: OldMessage[] = []
  const ids: MessageId[] = []
  const until = clock.now() + bridgeLimits.fetchingMs
  let left = room
  let after = 0
  for (;;) {
    const page = await client.request('fetch', { after, limit: pageRows }, { timeoutMs: bridgeLimits.hubMs })
    for (const message of page.messages) {
      if (messages.length > 0 && clock.now() > until) return { messages, ids, more: true }
      const old = await oldForm(reader, message, room).catch((error: unknown) => {
        // What was collected before is worth more than the error; the next check meets it first.
        if (messages.length > 0 && error instanceof ClientError) return undefined
        throw error
      })
      if (old === undefined) return { messages, ids, more: true }
      left -= jsonBytes(old) + ','.length
      if (left < 0 && messages.length > 0) return { messages, ids, more: true }
      messages.push(old)
      ids.push(message.id)
      after = message.seq
    }
    if (!page.more) return { messages, ids, more: false }
  }
}

async function countLeft({ client }: Presence, shown: number): Promise<number> {
  const { agent } = await client.request('status', {}, { timeoutMs: bridgeLimits.hubMs })
  return Math.max(1, (agent?.waiting ?? 0) - shown)
}

/** Systems with smaller packets hand a large answer over in parts, and old clients read only the first. */
function lessNextTime(presence: Presence): void {
  presence.answerBytes = Math.max(bridgeLimits.leastAnswerBytes, Math.floor(presence.answerBytes / 2))
}

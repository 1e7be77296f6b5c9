import { limits, type Message, type MessageId } from '../../protocol/index.ts'
import { ClientError } from '../client/index.ts'
import { count } from '../wording/words.ts'
import type { Agent } from './agent.ts'
import { fetchUnread } from './mail.ts'
import { Problem } from './problem.ts'

/**
 * The newest message of somebody else that was shown here: what "reply" and "forward" speak of. One that nobody
 * has read yet may be somebody else's, and is not answered unseen. Throws `Problem`.
 */
export async function lastRead({ client, name }: Pick<Agent, 'client' | 'name'>): Promise<Message> {
  const unread = new Set((await fetchUnread(client, Number.POSITIVE_INFINITY)).map(({ id }) => id))
  let before: number | undefined
  for (;;) {
    const page = await client.request('history', { limit: limits.pageRows, ...(before !== undefined && { before }) })
    for (const message of page.messages) {
      if (message.kind !== 'message' || unread.has(message.id)) continue
      if (!(await isOwn(client, message.id))) return message
    }
    before = page.messages.at(-1)?.seq
    if (!page.more || before === undefined) break
  }
  throw nothingRead(name, unread.size)
}

/** By what the hub knows, and not by the name in it: an agent may have had another one then. */
async function isOwn(client: Agent['client'], id: MessageId): Promise<boolean> {
  try {
    await client.request('receipts', { id })
    return true
  } catch (error) {
    if (error instanceof ClientError && error.reason === 'message_unknown') return false
    throw error
  }
}

function nothingRead(name: string, unread: number): Problem {
  return new Problem({
    ending: 'failed',
    reason: 'message_unknown',
    message:
      unread > 0
        ? `"${name}" has not read a message so far, and ${count(unread, 'unread message')} ${unread === 1 ? 'waits' : 'wait'}. Nothing was sent.`
        : `Nobody has written to "${name}" so far, so there is nothing to reply to or to forward.`,
    next:
      unread > 0
        ? 'Read first ("bellhop check"), then do it again.'
        : 'Send a message with "bellhop send NAME TEXT", or look for mail with "bellhop check".',
  })
}

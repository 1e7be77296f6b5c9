import { limits, nameKey, type Message } from '../../protocol/index.ts'
import type { Agent } from './agent.ts'
import { Problem } from './problem.ts'

/** The newest message of somebody else, read or not: what "reply" and "forward" speak of. Throws `Problem`. */
export async function lastReceived({ client, name }: Pick<Agent, 'client' | 'name'>): Promise<Message> {
  let before: number | undefined
  for (;;) {
    const page = await client.request('history', { limit: limits.pageRows, ...(before !== undefined && { before }) })
    const found = page.messages.find(({ from, kind }) => kind === 'message' && nameKey(from) !== nameKey(name))
    if (found) return found
    before = page.messages.at(-1)?.seq
    if (!page.more || before === undefined) break
  }
  throw new Problem({
    ending: 'failed',
    reason: 'message_unknown',
    message: `Nobody has written to "${name}" so far, so there is nothing to reply to or to forward.`,
    next: 'Send a message with "bellhop send NAME TEXT", or look for mail with "bellhop check".',
  })
}

import type { AgentId } from '../ledger.ts'
import type { Store } from './store.ts'

/** Makes an agent the reader of a mailbox, and gives what waits there at least until `extendTo`. */
export type Adopt = (adoption: { agent: AgentId; mailbox: number; now: number; extendTo: number }) => void

export function prepareAdopt({ db, counters, spans }: Store): Adopt {
  const own = db.prepare('UPDATE addresses SET owner = ? WHERE id = ?')
  const extend = db.prepare(
    'UPDATE messages SET expires_at = ? WHERE address = ? AND swept = 0 AND expires_at > ? AND expires_at < ?',
  )
  return function adopt({ agent, mailbox, now, extendTo }) {
    own.run(agent, mailbox)
    spans.begin(agent, mailbox, 0, 0)
    if (counters.get(mailbox) > 0) extend.run(extendTo, mailbox, now, extendTo)
  }
}

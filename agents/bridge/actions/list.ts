import type { AgentEntry } from '../../../protocol/index.ts'
import type { Client } from '../../client/index.ts'
import { bridgeLimits } from '../limits.ts'
import { localTime } from '../local-time.ts'
import { ok } from '../outcome.ts'
import type { Action } from '../services.ts'
import { fitting, jsonBytes } from '../size.ts'

/** Bytes of the answer around its entries. */
const frameBytes = 256

/** Everyone by name, or, where that is too much for an old client, those who were seen last. */
export const list: Action<'list'> = async (_services, { presence: { client, answerBytes } }) => {
  const { agents, total } = await everyAgent(client)
  const room = answerBytes - frameBytes
  if (jsonBytes(agents.map(toInstance)) <= room) return ok({ instances: agents.map(toInstance) })
  const recent = agents.toSorted((a, b) => Date.parse(b.lastSeenAt) - Date.parse(a.lastSeenAt)).map(toInstance)
  const instances = recent.slice(0, fitting(recent, room))
  return ok({ instances, message: `${total} instances in all; these are the ${instances.length} that were seen last.` })
}

async function everyAgent(client: Client): Promise<{ agents: AgentEntry[]; total: number }> {
  const agents: AgentEntry[] = []
  for (;;) {
    const after = agents.at(-1)?.name
    const page = await client.request(
      'list',
      { limit: 200, ...(after !== undefined && { after }) },
      { timeoutMs: bridgeLimits.hubMs },
    )
    agents.push(...page.agents)
    if (!page.more || agents.length >= bridgeLimits.listedNames) return { agents, total: page.total }
  }
}

/** Now, for one that is online. */
function toInstance({ name, lastSeenAt }: AgentEntry): object {
  return { id: name, last_seen: localTime(lastSeenAt) }
}

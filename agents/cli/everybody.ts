import { limits, type AgentEntry, type AgentName } from '../../protocol/index.ts'
import type { Client } from '../client/index.ts'

/** Everyone who is registered, page by page. */
export async function everybody(client: Client): Promise<AgentEntry[]> {
  const agents: AgentEntry[] = []
  let after: AgentName | undefined
  for (;;) {
    const page = await client.request('list', { limit: limits.pageRows, ...(after !== undefined && { after }) })
    agents.push(...page.agents)
    after = page.agents.at(-1)?.name
    if (!page.more || after === undefined) return agents
  }
}

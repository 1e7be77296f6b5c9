import { nameKey, type AgentName, type ImportKnown, type ImportKnownRequest } from '../../protocol/index.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Answer } from '../net/http.ts'
import type { AdminServices } from './admin.ts'

/** Which messages were brought before, and which names somebody has. Changes nothing. */
export async function findKnown({ ledger }: AdminServices, { origins, names }: ImportKnownRequest): Promise<Answer> {
  const registered = names.length === 0 ? new Set<string>() : await registeredNames(ledger)
  const json: ImportKnown = {
    origins: await ledger.brought(origins),
    names: names.filter((name) => registered.has(nameKey(name))),
  }
  return { status: 200, json }
}

/** In the form in which names are compared. */
export async function registeredNames(ledger: Pick<Ledger, 'agents'>): Promise<Set<string>> {
  const names = new Set<string>()
  let after: AgentName | undefined
  for (;;) {
    const { agents, more } = await ledger.agents({ after, limit: 1_000 })
    for (const { name } of agents) names.add(nameKey(name))
    after = agents.at(-1)?.name
    if (!more || after === undefined) return names
  }
}

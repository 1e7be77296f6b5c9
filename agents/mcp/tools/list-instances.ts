import { z } from 'zod'
import { limits, Route } from '../../../protocol/index.ts'
import { inputs } from '../inputs.ts'
import { agentText } from '../../wording/presence.ts'
import { done } from '../outcome.ts'
import { defineTool } from '../tool.ts'
import { count } from '../../wording/words.ts'

export const listInstances = defineTool({
  name: 'list_instances',
  title: 'List agents',
  description: 'Who is registered on Bellhop, who is online, and how each gets its mail.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    after: inputs.name.optional().describe('Go on behind this name, where a list was not complete.'),
  }),
  output: z.object({
    agents: z.array(
      z.object({ name: z.string(), online: z.boolean(), routes: z.array(Route), lastSeenAt: z.string() }),
    ),
    total: z.int(),
    online: z.int(),
    more: z.boolean(),
  }),
  async run({ after }, { client, clock }, { signal }) {
    const list = await client.request('list', { after, limit: limits.pageRows }, { signal })
    const own = client.registration?.name
    const rows = list.agents.map(
      (agent) => `- ${agentText(agent, clock.now())}${agent.name === own ? ' (this is you)' : ''}`,
    )
    const rest = list.more ? [`More: list_instances {"after":"${list.agents.at(-1)?.name}"}`] : []
    const head = `${count(list.total, 'agent')} registered, ${list.online} online.`
    return done([head, ...rows, ...rest].join('\n'), list)
  },
})

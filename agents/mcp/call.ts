import type { RequestId } from '@modelcontextprotocol/sdk/types.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { AgentName, limits, nameKey } from '../../protocol/index.ts'
import type { Client } from '../client/client.ts'
import type { ShimContext, ToolCall } from './context.ts'
import { collectMail } from './mail/collect.ts'
import type { Deliveries } from './mail/deliveries.ts'
import { notRegistered, refusalOf, type Refusal } from './refusal.ts'
import { toolResult } from './result.ts'
import { refused, type Outcome } from './outcome.ts'
import { type Tool } from './tool.ts'

/** Milliseconds for a question whose answer only makes a hint better. */
const listMs = 2_000

/**
 * Runs one tool call from arguments to result: the tool's outcome, then the notes and the unread mail
 * that go with every result, failed ones too. Never throws.
 */
export async function callTool(
  tool: Tool,
  args: unknown,
  request: RequestId,
  call: ToolCall,
  parts: {
    readonly context: ShimContext
    readonly deliveries: Deliveries
  },
): Promise<CallToolResult> {
  const { context, deliveries } = parts
  await context.autoRegistration.settled()
  const outcome = await run(tool, args, call, context)
  const mail = await collectMail(context, call.signal, outcome.kind === 'done' ? outcome.first : undefined)
  const { notes, putBack } = context.notes.take()
  const ids = mail.views.map(({ message }) => message.id)
  deliveries.hold(request, deliveries.carry({ ids, route: tool.route, putBack }), call.signal)
  return toolResult(outcome, mail, notes)
}

async function run(
  tool: Tool,
  args: unknown,
  call: ToolCall,
  context: ShimContext,
): Promise<Outcome<Record<string, unknown>>> {
  const outcome = await tool.run(args, context, call).catch((error: unknown) => refused(refusalOf(error)))
  if (outcome.kind === 'done' || outcome.refusal.reason !== 'not_registered') return outcome
  const { state } = context.client
  // Why there is no name any more, and not only that there is none.
  if (state.kind === 'closed' && state.cause) return refused(refusalOf(state.cause))
  return refused(await withNameHint(context, call.signal))
}

/** Who has no name is told which one it had here, or why the one it was given could not be taken. */
async function withNameHint(
  { client, place, autoRegistration: { failure } }: ShimContext,
  signal: AbortSignal,
): Promise<Refusal> {
  const message = failure ? `${notRegistered.message} BELLHOP_NAME failed: ${failure.message}` : notRegistered.message
  const last = await place.lastName()
  const hint = last === undefined ? '' : hintText(last, await isOnline(last, client, signal))
  return { ...notRegistered, message, next: `${failure ? `${failure.next} ` : ''}${hint}${notRegistered.next}` }
}

/** A second assistant in the same folder must not be sent after the name of the first. */
function hintText(name: string, online: boolean | undefined): string {
  if (online) return ''
  const condition = online === undefined ? 'if no other session is using it, ' : ''
  return `Last time in this folder you were "${name}": ${condition}register {"name":"${name}"} continues. `
}

/** Whether another session has the name now; undefined where the hub cannot say. */
async function isOnline(name: string, client: Client, signal: AbortSignal): Promise<boolean | undefined> {
  if (client.state.kind !== 'ready') return undefined
  // The list begins behind a name, and this one is the last before it.
  const after = AgentName.safeParse(name.slice(0, -1)).data
  try {
    const { agents, more } = await client.request(
      'list',
      { ...(after && { after }), limit: limits.pageRows },
      { signal, timeoutMs: listMs },
    )
    const agent = agents.find((agent) => nameKey(agent.name) === nameKey(name))
    return agent || !more ? agent?.online === true : undefined
  } catch {
    return undefined
  }
}

import type { RequestId } from '@modelcontextprotocol/sdk/types.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import type { AutoRegistration } from './auto-registration.ts'
import type { ShimContext, ToolCall } from './context.ts'
import { collectMail } from './mail/collect.ts'
import type { Deliveries } from './mail/deliveries.ts'
import { notRegistered, refusalOf, type Refusal } from './refusal.ts'
import { toolResult } from './result.ts'
import { refused, type Outcome, type Tool } from './tool.ts'

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
    readonly autoRegistration: AutoRegistration
  },
): Promise<CallToolResult> {
  const { context, deliveries, autoRegistration } = parts
  await autoRegistration.settled()
  const outcome = await run(tool, args, call, context, autoRegistration)
  const mail = await collectMail(context, call.signal)
  const { notes, putBack } = context.notes.take()
  deliveries.hold(
    request,
    { ids: mail.views.map(({ message }) => message.id), route: tool.route, putBack },
    call.signal,
  )
  return toolResult(outcome, mail, notes)
}

async function run(
  tool: Tool,
  args: unknown,
  call: ToolCall,
  context: ShimContext,
  autoRegistration: AutoRegistration,
): Promise<Outcome<Record<string, unknown>>> {
  const outcome = await tool.run(args, context, call).catch((error: unknown) => refused(refusalOf(error)))
  if (outcome.kind === 'done' || outcome.refusal.reason !== 'not_registered') return outcome
  return refused(await withNameHint(context, autoRegistration.failure))
}

/** Who has no name is told which one it had here, or why the one it was given could not be taken. */
async function withNameHint(context: ShimContext, failure: Refusal | undefined): Promise<Refusal> {
  const last = await context.place.lastName()
  const message = failure ? `${notRegistered.message} BELLHOP_NAME failed: ${failure.message}` : notRegistered.message
  if (last === undefined) return { ...notRegistered, message }
  return {
    ...notRegistered,
    message,
    next: `Last time in this folder you were "${last}": register {"name":"${last}"} continues. ${notRegistered.next}`,
  }
}

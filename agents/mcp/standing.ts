import type { Route } from '../../protocol/index.ts'
import { assistants, type AssistantId } from '../assistants/index.ts'
import { canWake, hasHooks, reach } from '../assistants/reach.ts'
import type { ShimContext } from './context.ts'
import { ownCommand } from './own-command.ts'
import { moment } from '../wording/words.ts'

/** One way by which mail can reach this assistant, as it is now. */
export interface RouteStanding {
  readonly route: Route
  /** Whether mail would go that way now. */
  readonly open: boolean
  /** When it has last shown mail in this session. */
  readonly provenAt?: string
  /** What it is, and what to do where it is not open. */
  readonly note: string
}

/** How mail reaches this assistant: each route that it has or could have, best first. */
export function routeStandings(context: ShimContext): RouteStanding[] {
  const { conversation, ringers, hookMail, proofs } = context
  const { assistant } = conversation
  const waker = ringers().find((ringer) => ringer.wakes && ringer.route === 'wake' && ringer.isReady())
  const channel = ringers().find(({ route }) => route === 'channel')
  const rows: (Omit<RouteStanding, 'provenAt'> | undefined)[] = [
    { route: 'wait', open: true, note: 'at once, while the tool wait blocks' },
    {
      route: 'wake',
      open: waker !== undefined,
      note: waker ? `woken while idle, by ${waker.title}` : noWaker(assistant, proofs.provenAt('wake') !== undefined),
    },
    channel?.isReady() ? { route: 'channel', open: true, note: `${channel.title}, which confirms nothing` } : undefined,
    {
      route: 'hook',
      open: hookMail.isProven,
      note: hookMail.isProven ? 'by hooks, at tool calls, prompts and ends of turn' : noHooks(assistant),
    },
    { route: 'tool_result', open: true, note: 'with the result of any Bellhop tool' },
  ]
  return rows.flatMap((row) => {
    if (!row) return []
    const at = proofs.provenAt(row.route)
    return [{ ...row, ...(at !== undefined && { provenAt: new Date(at).toISOString() }) }]
  })
}

export function standingText({ open, provenAt, note }: RouteStanding, now: number): string {
  if (!open) return `- not now: ${note}`
  return `- ${note} (${provenAt === undefined ? 'not proven in this session so far' : `has shown mail, ${moment(provenAt, now)}`})`
}

function noWaker(assistant: AssistantId | undefined, hasWoken: boolean): string {
  if (hasWoken) return 'woken while idle: it has been in this session, and listens again from the next prompt on'
  if (assistant === undefined || !canWake(assistant))
    return 'woken while idle: nothing is known that could wake this assistant'
  const { title } = assistants[assistant]
  const standing = reach[assistant].wake
  const by = 'by' in standing ? ` (${standing.by})` : ''
  if (assistant === 'codex') return `woken while idle: from the first Bellhop tool call in this thread on${by}`
  return `woken while idle: nothing listens in this session; ${ownCommand(`install ${assistant} --hooks`)} sets it up for ${title}${by}`
}

function noHooks(assistant: AssistantId | undefined): string {
  if (assistant === undefined || !hasHooks(assistant)) return 'by hooks: none are known for this assistant'
  return `by hooks: none has called in this session; ${ownCommand(`install ${assistant} --hooks`)} sets them up`
}

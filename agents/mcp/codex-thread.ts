import { z } from 'zod'
import type { Run } from './conversation.ts'

/** What Codex writes beside a tool call, as far as it matters here; other assistants write none of it. */
const schema = z.object({
  threadId: z.string().max(128),
  'x-codex-turn-metadata': z
    .object({ turn_trigger: z.string().optional(), thread_source: z.string().optional() })
    .optional(),
})

/** The thread that a tool call of Codex came from, and what kind of run that is. */
export function codexThread(meta: unknown): { readonly thread: string; readonly run: Run } | undefined {
  const { data } = schema.safeParse(meta)
  if (!data) return undefined
  const { turn_trigger, thread_source } = data['x-codex-turn-metadata'] ?? {}
  const run = thread_source === 'subagent' ? 'subagent' : turn_trigger === 'exec' ? 'headless' : 'attended'
  return { thread: data.threadId, run }
}

import { z } from 'zod'

/** What Codex writes beside a tool call, as far as it matters here; other assistants write none of it. */
const schema = z.object({
  threadId: z.string().max(128),
  'x-codex-turn-metadata': z.object({ turn_trigger: z.string().optional() }).optional(),
})

/** The thread that a tool call of Codex came from, and whether it is a run of `codex exec`. */
export function codexThread(meta: unknown): { readonly thread: string; readonly headless: boolean } | undefined {
  const { data } = schema.safeParse(meta)
  return data && { thread: data.threadId, headless: data['x-codex-turn-metadata']?.turn_trigger === 'exec' }
}

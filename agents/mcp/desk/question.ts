import { z } from 'zod'
import { listenerKinds, moments, wireVersion, type Question, type Settlement } from '../../local/wire.ts'

/** Characters of an assistant's id, and of a conversation's. */
const idLength = 128

const caller = {
  v: z.literal(wireVersion),
  assistant: z.string().max(idLength).optional(),
  session: z.string().max(idLength).optional(),
  adopt: z.literal(true).optional(),
}

/** What hooks and wakers may ask: they run as this user, and are checked all the same. */
export const questionSchema = z.discriminatedUnion('ask', [
  z.object({
    ...caller,
    ask: z.literal('show'),
    moment: z.enum(moments),
    budget: z.int().min(500).max(100_000),
    headless: z.literal(true).optional(),
    subagentEnded: z.literal(true).optional(),
  }),
  z.object({ ...caller, ask: z.literal('listen'), kind: z.enum(listenerKinds) }),
  z.object({ ...caller, ask: z.literal('about') }),
])

export const settlementSchema = z.object({ outcome: z.literal('written') }) satisfies z.ZodType<Settlement>

export function parseQuestion(value: unknown): Question | undefined {
  return questionSchema.safeParse(value).data as Question | undefined
}

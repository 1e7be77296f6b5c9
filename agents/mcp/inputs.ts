import { z } from 'zod'
import { Address, AgentName, Data, limits, MessageId, Priority, Thread, TopicName } from '../../protocol/index.ts'

/** Longest name that is read at all: a valid one with what models write around it. */
const roughNameLength = 80
/** Characters of a text; above the hub's inline limit the client uploads it. */
const contentLength = 4 * 1024 * 1024

const roughName = z.string().min(1).max(roughNameLength)

/** What models and people put around a name: spaces, quotes, "@rose", "rose:". */
function bareName(text: string): string {
  return text
    .trim()
    .replaceAll(/^["'`@]+|["'`:]+$/g, '')
    .trim()
}

function number(schema: z.ZodInt) {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value),
    schema,
  )
}

/** The inputs of the tools: lenient where models slip, exact behind it. */
export const inputs = {
  name: roughName.transform(bareName).pipe(AgentName),
  to: roughName.transform(bareName).pipe(Address),
  topic: roughName.transform((text) => `#${bareName(text).replace(/^#/, '')}`).pipe(TopicName),
  content: z.string().min(1).max(contentLength),
  data: Data,
  messageId: z.string().trim().max(40).pipe(MessageId),
  thread: z.string().trim().max(limits.threadLength).pipe(Thread),
  priority: Priority,
  description: z.string().trim().max(1_000),
  /** A whole number, also where a model writes it as text. */
  int: (min: number, max: number) => number(z.int().min(min).max(max)),
  page: (rows: number) => number(z.int().min(1).max(limits.pageRows)).default(rows),
} as const

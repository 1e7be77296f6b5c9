import { broadcast } from './broadcast.ts'
import { drain } from './drain.ts'
import { durableSend } from './durable-send.ts'
import { fillLedgers } from './fill-ledgers.ts'
import { idlePush } from './idle-push.ts'
import { largeBodies } from './large-bodies.ts'
import { manyConnections } from './many-connections.ts'
import { sendInTurns } from './send-in-turns.ts'
import { sendToMany } from './send-to-many.ts'

/** What a load process can be asked to do. Input and output travel as JSON. */
export const jobs = {
  durableSend,
  idlePush,
  broadcast,
  drain,
  fillLedgers,
  largeBodies,
  manyConnections,
  sendInTurns,
  sendToMany,
} as const satisfies Record<string, (input: never) => Promise<unknown>>

export type JobName = keyof typeof jobs
export type JobInput<N extends JobName> = Parameters<(typeof jobs)[N]>[0]
export type JobOutput<N extends JobName> = Awaited<ReturnType<(typeof jobs)[N]>>
export type JobReply<N extends JobName> =
  | { readonly kind: 'done'; readonly output: JobOutput<N> }
  | { readonly kind: 'failed'; readonly problem: string }

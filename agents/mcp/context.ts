import type { Client } from '../client/client.ts'
import type { AutoRegistration } from './auto-registration.ts'
import type { Bell } from './bell.ts'
import type { Conversation } from './conversation.ts'
import type { HookMail } from './desk/hook-mail.ts'
import type { Clock } from '../client/clock.ts'
import type { Environment } from '../client/settings.ts'
import type { Inbox } from './mail/inbox.ts'
import type { Place } from './place.ts'
import type { Proofs } from './proofs.ts'
import type { Reach } from './reach.ts'
import type { RenameNotes } from './rename-notes.ts'
import type { Ringer } from './routes/ringer.ts'

/** What tools, prompts and resources share: the parts of one shim. */
export interface ShimContext {
  readonly client: Client
  readonly inbox: Inbox
  readonly autoRegistration: Pick<AutoRegistration, 'settled' | 'failure'>
  readonly bell: Bell
  /** What the bell can ring, best first. */
  readonly ringers: () => readonly Ringer[]
  readonly hookMail: Pick<HookMail, 'isProven'>
  readonly conversation: Conversation
  readonly reach: Reach
  readonly proofs: Proofs
  readonly notes: RenameNotes
  readonly place: Place
  readonly clock: Clock
  /** The folder of Bellhop's own files on this machine. */
  readonly home: string
  /** The folder that relative paths start from. */
  readonly cwd: string
  readonly env: Environment
}

/** One tool call as its tool sees it. */
export interface ToolCall {
  readonly signal: AbortSignal
  /** Only where the request carries a progress token. */
  readonly progress: ((step: { progress: number; total: number; message: string }) => void) | undefined
}

import { errors } from '../../protocol/index.ts'
import { ClientError, type ClientReason } from '../client/client.ts'
import { duration } from '../wording/words.ts'

/** Reasons of the shim's own, beside those of client and wire. */
type ShimReason =
  | 'invalid_input'
  | 'commands_off'
  | 'command_not_allowed'
  | 'command_not_plain'
  | 'command_failed'
  | 'file_unreadable'
  | 'file_not_regular'
  | 'file_too_large'
  | 'file_private'

/** An expected failure as a value: what happened and the exact next step. */
export interface Refusal {
  readonly reason: ClientReason | ShimReason
  readonly message: string
  readonly next: string
  readonly retryAfterMs?: number | undefined
}

/** Where a model needs other words than a program. How long to wait stands in every refusal, and so not in these. */
const forModels: Partial<Record<ClientReason, Partial<Pick<Refusal, 'message' | 'next'>>>> = {
  name_in_use: {
    next: 'Choose another name, or close the other session. takeOver: true disconnects it: only if your user asks for that.',
  },
  rate_limited: { next: 'Do the same again after that time.' },
  rename_too_soon: {
    message: errors.rename_too_soon.message,
    next: 'Keep the present name until then, and rename after that.',
  },
}

/** Whatever was thrown, as a refusal. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof ClientError) {
    const { reason, message, next, retryAfterMs } = error
    return { reason, message, next, retryAfterMs, ...forModels[reason] }
  }
  return {
    reason: 'internal',
    message: `Bellhop's shim failed: ${error instanceof Error ? error.message : String(error)}.`,
    next: 'Try once more; if it fails again, tell your user this text.',
  }
}

export const notRegistered: Refusal = {
  reason: 'not_registered',
  message: 'This assistant has no name on Bellhop yet, so nobody can write to it and it can write to nobody.',
  next: 'Call register {"name":"…"} with the name that your user gave; if they gave none, ask them or choose a short one, then call this tool again.',
}

/** A refusal as the text of a tool result. */
export function refusalText({ reason, message, next, retryAfterMs }: Refusal): string {
  const when = retryAfterMs === undefined ? '' : ` It can succeed in ${duration(retryAfterMs)}.`
  return `${reason}: ${message}${when}\nNext step: ${next}`
}

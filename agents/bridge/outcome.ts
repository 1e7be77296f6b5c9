import type { ClientError, ClientReason } from '../client/index.ts'

/** What goes back over the wire, as the older project wrote it. */
export type OldAnswer =
  | { readonly status: 'ok'; readonly [field: string]: unknown }
  | { readonly status: 'error'; readonly message: string }

/**
 * What became of an answer, as far as this machine can tell. `unknown`: the client is there, and has not hung up
 * in time.
 */
export type Fate = 'taken' | 'lost' | 'unknown'

/** The answer to one request, and what is to be done when its fate is known. */
export interface Outcome {
  readonly answer: OldAnswer
  /** Called once. */
  readonly settle?: (fate: Fate) => Promise<void>
}

export function ok(fields: Readonly<Record<string, unknown>>): Outcome {
  return { answer: { status: 'ok', ...fields } }
}

/** Says what happened, and what to do. */
export function refused(message: string): Outcome {
  return { answer: { status: 'error', message } }
}

/** What to do now, where the error's own advice is for clients that can do more. */
const advice: Partial<Record<ClientReason, string>> = {
  name_in_use: 'Close the other session of that name first, or register another name.',
  name_reserved: 'Choose another name; to reach everyone, use broadcast.',
  mailbox_full: 'Wait until the recipient has read its mail, then send again.',
  not_registered: 'Register again, then repeat the request.',
  session_invalid: 'Register again, then repeat the request.',
  taken_over: 'Register another name to go on here, or close the other session and register again.',
  revoked: 'Register again, then repeat the request.',
  closed: 'Send the same request again.',
  too_large: 'A text may take 16 MiB, and structured data 10 KiB: write more than that into a file, and send its path.',
  unconfirmed: 'Ask the recipient whether it came before you send it again; otherwise it may come twice.',
  hub_unreachable: 'Send the same request again in a moment; if it lasts, look at hub.log in the home of the hub.',
}

/** What the hub or the way to it refused, in its own sentence. */
export function refusedByHub(error: ClientError): Outcome {
  return refused(`${error.message} ${advice[error.reason] ?? error.next}`)
}

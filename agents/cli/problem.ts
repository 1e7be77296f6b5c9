import { ClientError, type ClientReason } from '../client/index.ts'
import { InstallProblem } from '../install/index.ts'
import { duration } from '../wording/words.ts'
import type { Ending } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

interface ProblemFacts {
  readonly ending: Ending
  /** What programs match on. */
  readonly reason: string
  readonly message: string
  readonly next: string
}

/** Why a command did not do what it was told: ends it with a message, the next step and an exit code. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly ending: Ending
  readonly reason: string
  readonly next: string

  constructor({ ending, reason, message, next }: ProblemFacts) {
    super(message)
    this.ending = ending
    this.reason = reason
    this.next = next
  }
}

const endings: Partial<Record<ClientReason, Ending>> = {
  hub_unreachable: 'unreachable',
  not_sent: 'unreachable',
  unconfirmed: 'unconfirmed',
  aborted: 'unconfirmed',
}

/** Where the next step has another form on a command line. */
const nextHere: Partial<Record<ClientReason, string>> = {
  name_in_use:
    'Something goes by that name now: an assistant, or a command such as "bellhop wait". Close it, or add --as with another name; --take-over disconnects it and takes its place.',
  hub_unreachable:
    'Nothing goes on trying. Look whether the hub runs ("bellhop status", and its hub.log), and at BELLHOP_URL if it is set; then run this again.',
  not_sent: 'Nothing was stored. Look whether the hub runs ("bellhop status"), then send it again.',
  unconfirmed: 'Look for it in "bellhop receipts" first, and send it again only if it is not there.',
  taken_over:
    'Run this again with --as and another name; or with --take-over, which disconnects the other one in turn.',
  revoked: 'Take a name with "bellhop register NAME", then run this again.',
  not_registered: 'Take a name with "bellhop register NAME".',
  name_taken: 'Choose another name: only the user who registered it first can use it.',
  message_unknown: 'Take the id from "bellhop history" or "bellhop receipts".',
  no_recipients: 'Look who is there with "bellhop list"; mail to a single name waits even if nobody has it yet.',
}

/** Whatever was thrown, told to the reader of the output: a person, or with --json a program. */
export function tellProblem(error: unknown, { json }: { readonly json: boolean }, terminal: Terminal): Ending {
  const { ending, reason, message, next, retryAfterMs } = factsOf(error)
  if (json) {
    const retry = retryAfterMs === undefined ? {} : { retryAfterMs }
    terminal.write(`${JSON.stringify({ error: { reason, message, next, ...retry } }, null, 2)}\n`)
  } else {
    const when = retryAfterMs === undefined ? '' : ` It can succeed in ${duration(retryAfterMs)}.`
    terminal.complain(`${message}${when}\n${next}\n`)
  }
  return ending
}

function factsOf(error: unknown): ProblemFacts & { readonly retryAfterMs?: number | undefined } {
  if (error instanceof Problem) return error
  if (error instanceof ClientError) {
    const { reason, message, next, retryAfterMs, details } = error
    const here = details?.['isNextKnown'] === true ? undefined : nextHere[reason]
    return { ending: endings[reason] ?? 'failed', reason, message, next: here ?? next, retryAfterMs }
  }
  if (error instanceof InstallProblem) {
    return { ending: 'blocked', reason: 'blocked', message: error.message, next: error.next }
  }
  const message = error instanceof Error ? error.message : String(error)
  return {
    ending: 'failed',
    reason: 'failed',
    message: `It failed: ${message}`,
    next: 'See to that, then run this again.',
  }
}

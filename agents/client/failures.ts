import {
  closeCodes,
  errors,
  mayReconnect,
  type CloseReason,
  type ErrorReason,
  type WireError,
} from '../../protocol/index.ts'
import { ClientError, type ClientReason } from './client.ts'
import { describeEndpoint, isLocal, type Endpoint } from './endpoint.ts'

/** A refusal by the hub, as an error. */
export function refusal({ message, data }: WireError): ClientError {
  return new ClientError({
    reason: data?.reason ?? 'internal',
    message,
    next: data?.next ?? errors.internal.next,
    temporary: data?.temporary ?? false,
    retryAfterMs: data?.retryAfterMs,
    details: data?.details,
  })
}

/** What the hub would refuse with this row of its table, refused here already. */
export function refusedHere(reason: ErrorReason, message: string = errors[reason].message): ClientError {
  const { next, temporary } = errors[reason]
  return new ClientError({ reason, message, next, temporary })
}

/** `endpoint` undefined: before there is one. `next`: where it is known what to do about the problem. */
export function unreachable(endpoint: Endpoint | undefined, problem: string, next?: string): ClientError {
  const where = endpoint ? `The hub at ${describeEndpoint(endpoint)}` : 'The hub'
  // The log of a hub on another machine is not here to be looked at.
  const inspect =
    endpoint && !isLocal(endpoint)
      ? 'check BELLHOP_URL, that a hub runs on that machine, and the network between'
      : "look at hub.log in the hub's home, and check BELLHOP_URL if it is set"
  return new ClientError({
    reason: 'hub_unreachable',
    message: `${where} cannot be reached: ${problem}.`,
    next: next ?? `Try again in a moment; this program goes on connecting by itself. If it lasts, ${inspect}.`,
    temporary: true,
    // Whoever has a next step of their own for a hub that cannot be reached leaves this one as it is.
    ...(next !== undefined && { details: { isNextKnown: true } }),
  })
}

/** A request that was written, and whose answer did not come. */
export function unanswered(method: string, cause: ClientError): ClientError {
  return new ClientError({
    reason: 'hub_unreachable',
    message: `The hub has not answered "${method}"; it may have been carried out. ${cause.message}`,
    next: 'Ask for the present state (status, list, history), then repeat the request if it is still wanted.',
    temporary: true,
  })
}

export function notGenuine(problem: string): ClientError {
  return new ClientError({
    reason: 'hub_not_genuine',
    message: `What answers is not the hub that this program trusts: ${problem}. Nothing was sent to it.`,
    next: "Check BELLHOP_URL and BELLHOP_PORT, and that the secret here is the one in the hub's home; then start this program again.",
  })
}

export function misunderstood(problem: string): ClientError {
  return new ClientError({
    reason: 'protocol_mismatch',
    message: `This program and the hub do not understand each other: ${problem}.`,
    next: 'Bring both to the same version of Bellhop, then start this program again.',
  })
}

export function closedByOwner(): ClientError {
  return new ClientError({
    reason: 'closed',
    message: 'This client was closed.',
    next: 'Create a new client to go on.',
  })
}

/** A call that its caller gave up; `mayHaveHappened` where the hub had been asked already. */
export function aborted(mayHaveHappened: boolean): ClientError {
  return new ClientError({
    reason: 'aborted',
    message: mayHaveHappened
      ? 'The call was aborted after the hub had been asked; it may have been carried out.'
      : 'The call was aborted before the hub was asked.',
    next: mayHaveHappened
      ? 'Ask receipts or status before you repeat it.'
      : 'Nothing happened; repeat it if it is still wanted.',
  })
}

export function notSent(to: string, why: string): ClientError {
  return new ClientError({
    reason: 'not_sent',
    message: `The message to ${to} was not sent; no hub has seen it. ${why}`,
    next: 'Nothing was stored. Send it again when the hub can be reached.',
    temporary: true,
    details: { to },
  })
}

export function unconfirmed(to: string, clientId: string, why: string): ClientError {
  return new ClientError({
    reason: 'unconfirmed',
    message: `The message to ${to} was handed to the hub, which has not confirmed it: it may be stored, or not. ${why}`,
    next: 'Look for it in receipts first. Send it again only if it is not there; otherwise its reader may get it twice.',
    temporary: true,
    details: { to, clientId },
  })
}

interface Ending {
  readonly reason: ClientReason
  readonly message?: string
  readonly next: string
}

const finalReasons: Partial<Record<CloseReason, Ending>> = {
  authentication_failed: { reason: 'authentication_failed', next: errors.authentication_failed.next },
  taken_over: {
    reason: 'taken_over',
    message: 'Another session has taken over the name that this one had. Mail for it goes there now.',
    next: 'Call register with another name to go on here; takeOver: true takes the name back, which disconnects the other session: only if your user asks for that.',
  },
  revoked: {
    reason: 'revoked',
    message: 'The session of this program was revoked, or its name was given up.',
    next: 'Call register with a name to go on here.',
  },
}

/** The name is lost and nothing else: a registration can start the client again. */
export function isLossOfName(cause: ClientError | undefined): cause is ClientError {
  return cause?.reason === 'taken_over' || cause?.reason === 'revoked'
}

/** Why a close code of 4500 or more ends the client for good [P-6]; undefined where it may connect again. */
export function finalClose(code: number, text: string): ClientError | undefined {
  if (mayReconnect(code)) return undefined
  const row = Object.entries(closeCodes).find(([, row]) => row.code === code)
  const meaning = row?.[1].meaning ?? (text || `close code ${code}`)
  const known = row && finalReasons[row[0] as CloseReason]
  if (!known) return misunderstood(meaning)
  return new ClientError({ message: `The hub closed the connection for good: ${meaning}.`, ...known })
}

import type { CloseReason, Failure, Method, Params, Result } from '../../protocol/index.ts'
import type { Authentication } from '../auth.ts'
import type { BlobStore } from '../blobs.ts'
import type { Clock } from '../clock.ts'
import type { Delivery } from '../delivery/delivery.ts'
import type { Roster } from '../delivery/roster.ts'
import type { Session, SessionLine } from '../delivery/session.ts'
import type { Turnstile } from '../delivery/turnstile.ts'
import type { History, Ledger } from '../ledger/ledger.ts'
import type { Health } from '../health.ts'
import type { IncidentLog } from '../incidents.ts'
import type { Log } from '../log.ts'
import type { Meter } from '../metrics/meter.ts'
import type { Rates } from '../rules/rates.ts'
import type { Settings } from '../settings.ts'
import type { Suggestions } from '../suggestions.ts'

/** What the hub has to offer a method. */
export interface Services {
  readonly settings: Settings
  readonly clock: Clock
  readonly log: Log
  readonly ledger: Ledger
  readonly history: History
  readonly blobs: BlobStore
  readonly roster: Roster
  readonly delivery: Delivery
  readonly rates: Rates
  readonly suggestions: Suggestions
  readonly authentication: Authentication
  readonly health: Health
  readonly incidents: IncidentLog
  readonly meter: Meter
  readonly startedAt: number
  /** A session has lost its connection. */
  left(session: Session): void
  /** Connections that are open now. */
  connections(): number
}

/** Who asks. */
export interface Caller {
  readonly line: SessionLine
  /** The peer's address, or `local` for the Unix-domain socket: the party that registrations are counted for. */
  readonly address: string
  /** The nonce of this connection's challenge. */
  readonly nonce: string
  /** Keeps the sends of one connection in order. */
  readonly turnstile: Turnstile
  readonly session?: Session
}

/** A caller with a name. */
export interface Member extends Caller {
  readonly session: Session
}

/**
 * What became of a request. Handlers never touch a socket: the connection acts on this, in one place.
 */
export type Outcome<M extends Method> =
  | { readonly kind: 'ok'; readonly result: Result<M> }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Answered, and then the connection is closed. */
  | { readonly kind: 'refused'; readonly failure: Failure; readonly close: CloseReason }
  /** `secret`: the one that let it in, on a hub that asks for one. */
  | { readonly kind: 'authenticated'; readonly result: Result<M>; readonly secret?: string }
  /** The connection has a name now; pushes start behind the answer. */
  | {
      readonly kind: 'attached'
      readonly result: Result<M>
      readonly session: Session
      readonly cursor: number
      readonly inFlight: number
    }
  /** The name of this session is given up; the connection stays, without one. */
  | { readonly kind: 'detached'; readonly result: Result<M>; readonly session: Session }

export type Handler<M extends Method, C extends Caller> = (
  services: Services,
  caller: C,
  params: Params<M>,
) => Promise<Outcome<M>> | Outcome<M>

/** How far a connection must have come before a method may be called. */
export type Row<M extends Method> =
  | { readonly needs: 'nothing' | 'authentication'; readonly handle: Handler<M, Caller> }
  | { readonly needs: 'session'; readonly handle: Handler<M, Member> }

export function ok<R>(result: R): { readonly kind: 'ok'; readonly result: R } {
  return { kind: 'ok', result }
}

export function failed(
  reason: Failure['reason'],
  about: Omit<Failure, 'reason'> = {},
): { readonly kind: 'failed'; readonly failure: Failure } {
  return { kind: 'failed', failure: { reason, ...about } }
}

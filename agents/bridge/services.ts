import type { Clock } from '../client/index.ts'
import type { HubDoor } from './hub-door.ts'
import type { BridgeLog } from './log.ts'
import type { Outcome } from './outcome.ts'
import type { Presence, Presences } from './presences.ts'
import type { Rates } from './rates.ts'
import type { ActionName, OldRequest } from './request.ts'
import type { Session, Sessions } from './sessions.ts'
import type { Turns } from './turns.ts'

/** What the actions work with. */
export interface Services {
  readonly door: HubDoor
  readonly sessions: Sessions
  readonly presences: Presences
  readonly rates: Rates
  readonly turns: Turns
  readonly clock: Clock
  readonly log: BridgeLog
}

/** Who asks: the session says so, and nothing in the request. */
export interface Caller {
  readonly session: Session
  readonly presence: Presence
}

/** What a caller with a session can ask for. May reject with `ClientError`. */
export type Action<A extends ActionName> = (
  services: Services,
  caller: Caller,
  request: OldRequest<A>,
) => Promise<Outcome>

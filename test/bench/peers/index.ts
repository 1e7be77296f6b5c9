import type { Peer } from '../peer.ts'
import { hub } from './hub.ts'
import { relay } from './relay.ts'

/** Everything that is compared, in the order of the tables. */
export const peers: readonly Peer[] = [hub, relay]

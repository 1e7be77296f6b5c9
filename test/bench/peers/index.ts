import type { Peer } from '../peer.ts'
import { claudeIpc } from './claude-ipc.ts'
import { hub } from './hub.ts'
import { mosquitto } from './mosquitto.ts'
import { nats } from './nats.ts'
import { redis } from './redis.ts'
import { relay } from './relay.ts'
import { socketIo } from './socket-io.ts'

/** Everything that is compared, in the order of the tables. */
export const peers: readonly Peer[] = [hub, relay, nats, redis, mosquitto, socketIo, claudeIpc]

import type { Scenario } from '../scenario.ts'
import { backlog } from './backlog.ts'
import { broadcast } from './broadcast.ts'
import { coldStart } from './cold-start.ts'
import { durableSend, durableSend64 } from './durable-send.ts'
import { idleConnections } from './idle-connections.ts'
import { idlePush } from './idle-push.ts'
import { largeBodies } from './large-bodies.ts'
import { manyNames } from './many-names.ts'

/** Every scenario, in the order of the results. */
export const scenarios: readonly Scenario[] = [
  durableSend,
  durableSend64,
  idlePush,
  broadcast,
  backlog,
  manyNames,
  idleConnections,
  largeBodies,
  coldStart,
]

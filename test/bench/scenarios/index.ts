import type { Scenario } from '../scenario.ts'
import { broadcast } from './broadcast.ts'
import { durableSend, durableSend64 } from './durable-send.ts'
import { idlePush } from './idle-push.ts'

/** Every scenario, in the order of the results. */
export const scenarios: readonly Scenario[] = [durableSend, durableSend64, idlePush, broadcast]

import type { Scenario } from '../scenario.ts'
import { durableSend, durableSend64 } from './durable-send.ts'

/** Every scenario, in the order of the results. */
export const scenarios: readonly Scenario[] = [durableSend, durableSend64]

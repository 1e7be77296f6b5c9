export { BridgeError, startBridge, type Bridge, type BridgeOptions } from './bridge.ts'
export { bridgeLimits } from './limits.ts'
export type { BridgeLog } from './log.ts'

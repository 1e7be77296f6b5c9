import type { Address, Driver } from '../driver.ts'

/** Loaded when they are used: each brings a client library of its own. */
const drivers = {
  library: async (address) => (await import('./library.ts')).libraryDriver(address),
  frames: async (address) => (await import('./frames.ts')).framesDriver(address),
  nats: async (address) => (await import('./nats.ts')).natsDriver(address),
  redis: async (address) => (await import('./redis.ts')).redisDriver(address),
  mqtt: async (address) => (await import('./mqtt.ts')).mqttDriver(address),
  socketIo: async (address) => (await import('./socket-io.ts')).socketIoDriver(address),
  claudeIpc: async (address) => (await import('./claude-ipc.ts')).claudeIpcDriver(address),
} as const satisfies Record<string, (address: Address) => Promise<Driver>>

export type DriverName = keyof typeof drivers

export function openDriver(name: DriverName, address: Address): Promise<Driver> {
  return drivers[name](address)
}

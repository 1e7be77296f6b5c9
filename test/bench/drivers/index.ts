import type { Address, Driver } from '../driver.ts'

/** Loaded when they are used: each brings a client library of its own. */
const drivers = {
  library: async (address) => (await import('./library.ts')).libraryDriver(address),
  frames: async (address) => (await import('./frames.ts')).framesDriver(address),
} as const satisfies Record<string, (address: Address) => Promise<Driver>>

export type DriverName = keyof typeof drivers

export function openDriver(name: DriverName, address: Address): Promise<Driver> {
  return drivers[name](address)
}

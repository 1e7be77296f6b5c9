import type { Address } from '../driver.ts'
import { openDriver, type DriverName } from '../drivers/index.ts'
import { percentile } from '../measuring/statistics.ts'
import { syncMs } from '../measuring/sync-time.ts'
import { at } from './pace.ts'
import { until } from './waiting.ts'

export interface IdlePushInput {
  readonly driver: DriverName
  readonly address: Address
  readonly perSecond: number
  readonly bodyBytes: number
  readonly warmUpMs: number
  readonly measuredMs: number
  /** A folder on the disk that the servers use. */
  readonly folder: string
}

export interface IdlePushOutput {
  /** From the moment for which a send was planned to the recipient's callback, in milliseconds. */
  readonly p50: number
  readonly p99: number
  /** One write and sync on the same disk, in milliseconds. */
  readonly sync: number
}

/** How long the last message may take. */
const arrivalMs = 30_000

/** Sends at a fixed rate, whether or not the former ones have arrived, so that a stall counts in full. */
export async function idlePush(input: IdlePushInput): Promise<IdlePushOutput> {
  const everyMs = 1_000 / input.perSecond
  const sync = await syncMs(input.folder, everyMs)
  const driver = await openDriver(input.driver, input.address)
  const planned: number[] = []
  const took: number[] = []
  const recipient = await driver.join('recipient', (body) => {
    const index = Number(body.trimEnd())
    took[index] = performance.now() - planned[index]!
  })
  const sender = await driver.join('sender', () => undefined)
  const warmUps = Math.round(input.warmUpMs / everyMs)
  const count = warmUps + Math.round(input.measuredMs / everyMs)
  const begin = performance.now() + everyMs
  const sends: Promise<void>[] = []
  for (let index = 0; index < count; index += 1) {
    planned[index] = begin + index * everyMs
    await at(planned[index]!)
    sends.push(sender.send('recipient', String(index).padEnd(input.bodyBytes)))
  }
  await Promise.all(sends)
  const arrived = (): number => took.filter((ms) => ms !== undefined).length
  await until(
    () => arrived() >= count,
    arrivalMs,
    () => `${arrived()} of ${count} messages arrived`,
  )
  await Promise.all([recipient.leave(), sender.leave()])
  const measured = took.slice(warmUps)
  return { p50: percentile(measured, 0.5), p99: percentile(measured, 0.99), sync }
}

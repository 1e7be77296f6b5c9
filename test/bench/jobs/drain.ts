import type { Address } from '../driver.ts'
import { openLine } from '../drivers/frames.ts'
import { usageOf } from '../measuring/process.ts'
import { keeper, keeperKey } from './fill-ledgers.ts'

export interface DrainInput {
  readonly address: Address
  /** The server's process. */
  readonly pid: number
  /** Messages that wait. */
  readonly waiting: number
}

export interface DrainOutput {
  /** Messages received and acknowledged, a second, from the first step of the handshake on. */
  readonly perSecond: number
  /** Milliseconds from the first step of the handshake to the first message. */
  readonly firstMs: number
  readonly cpuSeconds: number
}

/** The keeper comes back, and takes everything that waits for it; then nothing waits. */
export async function drain({ address, pid, waiting }: DrainInput): Promise<DrainOutput> {
  const before = usageOf(pid).cpuSeconds
  const begin = performance.now()
  const all = Promise.withResolvers<void>()
  let received = 0
  let firstMs = 0
  const line = await openLine(
    address,
    keeper,
    () => {
      received += 1
      if (received === 1) firstMs = performance.now() - begin
      if (received === waiting) all.resolve()
    },
    keeperKey,
  )
  await all.promise
  const left = await line.settled()
  const tookMs = performance.now() - begin
  if (left !== 0 || received !== waiting) throw new Error(`${received} of ${waiting} came, ${left} still wait`)
  const cpuSeconds = usageOf(pid).cpuSeconds - before
  await line.leave()
  return { perSecond: (waiting * 1_000) / tookMs, firstMs, cpuSeconds }
}

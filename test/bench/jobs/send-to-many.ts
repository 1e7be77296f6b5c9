import type { Address } from '../driver.ts'
import { openDriver, type DriverName } from '../drivers/index.ts'
import { usageOf } from '../measuring/process.ts'
import { delay } from './waiting.ts'

export interface SendToManyInput {
  readonly driver: DriverName
  readonly address: Address
  /** The server's process. */
  readonly pid: number
  /** The names are this and a number from 0 on. */
  readonly prefix: string
  readonly names: number
  readonly inFlight: number
  readonly bodyBytes: number
  readonly warmUpMs: number
  readonly measuredMs: number
}

export interface SendToManyOutput {
  /** Sends answered, a second. */
  readonly perSecond: number
  readonly cpuSeconds: number
  readonly answered: number
  readonly residentBytes: number
}

/** A step that shares no factor with any power of ten: every name comes before one comes again, in no order of theirs. */
const step = 37_813

/** One sender, so many sends under way, each to another name than the one before. Nobody is there to read them. */
export async function sendToMany(input: SendToManyInput): Promise<SendToManyOutput> {
  const driver = await openDriver(input.driver, input.address)
  const sender = await driver.join('sender-to-many', () => undefined)
  const body = 'x'.repeat(input.bodyBytes)
  const state = { stopped: false, sent: 0, answered: 0 }
  const lanes = Array.from({ length: input.inFlight }, async () => {
    while (!state.stopped) {
      state.sent += 1
      await sender.send(`${input.prefix}${(state.sent * step) % input.names}`, body)
      state.answered += 1
    }
  })
  const sending = Promise.all(lanes)
  await Promise.race([sending, delay(input.warmUpMs)])
  const before = { answered: state.answered, at: performance.now(), cpu: usageOf(input.pid).cpuSeconds }
  await Promise.race([sending, delay(input.measuredMs)])
  const after = { answered: state.answered, at: performance.now(), cpu: usageOf(input.pid).cpuSeconds }
  state.stopped = true
  await sending
  const { residentBytes } = usageOf(input.pid)
  await sender.leave()
  return {
    perSecond: ((after.answered - before.answered) * 1_000) / (after.at - before.at),
    cpuSeconds: after.cpu - before.cpu,
    answered: after.answered - before.answered,
    residentBytes,
  }
}

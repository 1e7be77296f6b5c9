import type { Address } from '../driver.ts'
import { openDriver, type DriverName } from '../drivers/index.ts'
import { usageOf } from '../measuring/process.ts'
import { delay, until } from './waiting.ts'

export interface DurableSendInput {
  readonly driver: DriverName
  readonly address: Address
  /** The server's process. */
  readonly pid: number
  readonly senders: number
  /** Unanswered sends that each sender keeps under way. */
  readonly inFlight: number
  readonly bodyBytes: number
  readonly warmUpMs: number
  readonly measuredMs: number
}

export interface DurableSendOutput {
  /** Sends answered while it was measured, a second. */
  readonly perSecond: number
  /** Of the server, while it was measured. */
  readonly cpuSeconds: number
  /** Of the load process, while it was measured. */
  readonly loadCpuSeconds: number
  readonly answered: number
  readonly peakBytes: number
}

/** How long the recipient may lag behind when the last send was answered. */
const drainMs = 60_000

/** Each sender keeps so many sends under way, to one recipient that acknowledges; every message must arrive. */
export async function durableSend(input: DurableSendInput): Promise<DurableSendOutput> {
  const driver = await openDriver(input.driver, input.address)
  let received = 0
  let answered = 0
  const recipient = await driver.join('recipient', () => (received += 1))
  const senders = await Promise.all(
    Array.from({ length: input.senders }, (_, index) => driver.join(`sender-${index}`, () => undefined)),
  )
  const body = 'x'.repeat(input.bodyBytes)
  const state = { stopped: false }
  const lanes = senders.flatMap((sender) =>
    Array.from({ length: input.inFlight }, async () => {
      while (!state.stopped) {
        await sender.send('recipient', body)
        answered += 1
      }
    }),
  )
  const sending = Promise.all(lanes)
  // A refused send ends the run at once; otherwise the lanes go on until they are stopped.
  await Promise.race([sending, delay(input.warmUpMs)])
  const before = { answered, at: performance.now(), cpu: usageOf(input.pid).cpuSeconds, load: process.cpuUsage() }
  await Promise.race([sending, delay(input.measuredMs)])
  const after = { answered, at: performance.now(), cpu: usageOf(input.pid).cpuSeconds }
  const load = process.cpuUsage(before.load)
  state.stopped = true
  await sending
  await until(
    () => received >= answered,
    drainMs,
    () => `${received} of ${answered} messages arrived`,
  )
  const { peakBytes } = usageOf(input.pid)
  await Promise.all([recipient, ...senders].map((participant) => participant.leave()))
  return {
    perSecond: ((after.answered - before.answered) * 1_000) / (after.at - before.at),
    cpuSeconds: after.cpu - before.cpu,
    loadCpuSeconds: (load.user + load.system) / 1e6,
    answered: after.answered - before.answered,
    peakBytes,
  }
}

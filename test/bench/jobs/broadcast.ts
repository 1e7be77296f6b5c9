import type { Address, Participant } from '../driver.ts'
import { openDriver, type DriverName } from '../drivers/index.ts'
import { usageOf } from '../measuring/process.ts'
import { delay, until } from './waiting.ts'

export interface BroadcastInput {
  readonly driver: DriverName
  readonly address: Address
  /** The server's process. */
  readonly pid: number
  readonly recipients: number
  /** Broadcasts under way that have not reached everybody. */
  readonly inFlight: number
  readonly bodyBytes: number
  readonly warmUpMs: number
  readonly measuredMs: number
}

export interface BroadcastOutput {
  /** Deliveries to one recipient, a second. */
  readonly perSecond: number
  readonly cpuSeconds: number
  readonly delivered: number
  readonly peakBytes: number
}

/** Recipients that connect at a time: fewer than a hub lets in that have not said who they are. */
const atOnce = 100
/** How long the last broadcast may take to reach everybody. */
const drainMs = 60_000

/** One sender to everybody. Another broadcast begins when one has reached the last recipient, so that none falls behind. */
export async function broadcast(input: BroadcastInput): Promise<BroadcastOutput> {
  const driver = await openDriver(input.driver, input.address)
  const state = { stopped: false, delivered: 0, sent: 0 }
  /** Of each broadcast that is under way: recipients that lack it, and what happens when none does. */
  const lacking = new Map<string, { count: number; readonly reached: () => void }>()
  const received = (body: string): void => {
    state.delivered += 1
    const entry = lacking.get(body)
    if (!entry) return
    entry.count -= 1
    if (entry.count > 0) return
    lacking.delete(body)
    entry.reached()
  }
  const recipients: Participant[] = []
  while (recipients.length < input.recipients) {
    const count = Math.min(atOnce, input.recipients - recipients.length)
    const names = Array.from({ length: count }, (_, index) => `recipient-${recipients.length + index}`)
    recipients.push(...(await Promise.all(names.map((name) => driver.join(name, received)))))
  }
  const sender = await driver.join('sender', () => undefined)
  if (!sender.broadcast) throw new Error('it has no broadcast')

  const lanes = Array.from({ length: input.inFlight }, async () => {
    while (!state.stopped) {
      state.sent += 1
      const body = String(state.sent).padEnd(input.bodyBytes)
      const everybody = new Promise<void>((reached) => lacking.set(body, { count: input.recipients, reached }))
      await sender.broadcast?.(body)
      await everybody
    }
  })
  const sending = Promise.all(lanes)
  await Promise.race([sending, delay(input.warmUpMs)])
  const before = { delivered: state.delivered, at: performance.now(), cpu: usageOf(input.pid).cpuSeconds }
  await Promise.race([sending, delay(input.measuredMs)])
  const after = { delivered: state.delivered, at: performance.now(), cpu: usageOf(input.pid).cpuSeconds }
  state.stopped = true
  const drained = { yes: false }
  void sending.then(() => (drained.yes = true))
  await until(
    () => drained.yes,
    drainMs,
    () => `${state.delivered} of ${state.sent * input.recipients} messages arrived`,
  )
  const { peakBytes } = usageOf(input.pid)
  await Promise.all([sender, ...recipients].map((participant) => participant.leave()))
  return {
    perSecond: ((after.delivered - before.delivered) * 1_000) / (after.at - before.at),
    cpuSeconds: after.cpu - before.cpu,
    delivered: after.delivered - before.delivered,
    peakBytes,
  }
}

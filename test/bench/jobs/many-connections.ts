import type { Address } from '../driver.ts'
import { openLine } from '../drivers/frames.ts'
import { usageOf } from '../measuring/process.ts'
import { steadyResident } from '../measuring/resident.ts'
import { percentile } from '../measuring/statistics.ts'
import { delay } from './waiting.ts'

export interface ManyConnectionsInput {
  readonly address: Address
  /** The server's process. */
  readonly pid: number
  readonly connections: number
  /** One send at a time that are made beside them. */
  readonly sends: number
  readonly inFlight: number
  readonly bodyBytes: number
  readonly warmUpMs: number
  readonly measuredMs: number
}

export interface ManyConnectionsOutput {
  /** Bytes resident, steady, without them and with them. */
  readonly beforeBytes: number
  readonly withBytes: number
  /** Connected, authenticated and registered, a second. */
  readonly connectedPerSecond: number
  /** Of the server, for all of them. */
  readonly cpuSeconds: number
  /** Milliseconds from a send to its answer beside them, at the median. */
  readonly p50: number
  /** Sends answered a second beside them, with `inFlight` under way. */
  readonly perSecond: number
}

/** Handshakes under way: fewer than a hub lets in that have not said who they are. */
const atOnce = 128

/** Agents that connect, prove the secret, register each a name of its own, and say nothing more; then two that talk. */
export async function manyConnections(input: ManyConnectionsInput): Promise<ManyConnectionsOutput> {
  const { address, pid } = input
  const ignore = (): void => undefined
  const talker = await openLine(address, 'talker', ignore)
  const listener = await openLine(address, 'listener', ignore)
  const beforeBytes = await steadyResident(pid)
  const cpuBefore = usageOf(pid).cpuSeconds
  const begin = performance.now()
  const remaining = Array.from({ length: input.connections }, (_, index) => `idle-${index}`)
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let name = remaining.pop(); name !== undefined; name = remaining.pop()) await openLine(address, name, ignore)
    }),
  )
  const connectedPerSecond = (input.connections * 1_000) / (performance.now() - begin)
  const cpuSeconds = usageOf(pid).cpuSeconds - cpuBefore
  const withBytes = await steadyResident(pid)

  const body = 'x'.repeat(input.bodyBytes)
  const took: number[] = []
  for (let round = 0; round < input.sends; round += 1) {
    const sent = performance.now()
    await talker.send('listener', body)
    took.push(performance.now() - sent)
  }
  const state = { stopped: false, answered: 0 }
  const lanes = Array.from({ length: input.inFlight }, async () => {
    while (!state.stopped) {
      await talker.send('listener', body)
      state.answered += 1
    }
  })
  const sending = Promise.all(lanes)
  await Promise.race([sending, delay(input.warmUpMs)])
  const before = { answered: state.answered, at: performance.now() }
  await Promise.race([sending, delay(input.measuredMs)])
  const perSecond = ((state.answered - before.answered) * 1_000) / (performance.now() - before.at)
  state.stopped = true
  await sending
  await Promise.all([talker.leave(), listener.leave()])
  return { beforeBytes, withBytes, connectedPerSecond, cpuSeconds, p50: percentile(took, 0.5), perSecond }
}

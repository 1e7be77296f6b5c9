import type { Bystanders } from './bystanders.ts'
import { startBystanders } from './bystanders.ts'
import { checkGrowth, type FuzzedHub, type Memory } from './fuzzed-hub.ts'
import { report } from './length.ts'
import { Violation } from './violation.ts'
import { type Watch } from './watch.ts'

/** Connections at the same time. */
const atOnce = 8

/** One fuzzed connection, from its beginning to its end; answers how many frames or requests it took. */
export type FuzzOne = (stream: number, watch: (watch: Watch) => void) => Promise<number>

/**
 * Fuzzes until so many frames were sent, while two bystanders talk, and looks after the hub. Whatever goes
 * wrong comes out as a `Violation` that says how to see it again.
 */
export async function runCampaign(
  hub: FuzzedHub,
  { what, seed, frames }: { what: string; seed: number; frames: number },
  fuzzOne: FuzzOne,
): Promise<void> {
  const bystanders = await startBystanders(hub)
  const memory: Memory[] = []
  const began = performance.now()
  let stream = 0
  let sent = 0
  for (let third = 1; third <= 3; third += 1) {
    const until = (frames * third) / 3
    const workers = Array.from({ length: atOnce }, async () => {
      while (sent < until) {
        const count = await watched(hub, bystanders, { what, seed, stream: (stream += 1) }, fuzzOne)
        sent += count
      }
    })
    await Promise.all(workers)
    memory.push(await hub.measure())
  }
  await bystanders.finish()
  hub.check()
  const seconds = (performance.now() - began) / 1000
  report(
    `${what}: ${sent} on ${stream} connections in ${seconds.toFixed(1)} s (${Math.round(sent / seconds)} a second), seed ${seed}; ${bystanders.exchanged()} messages between the bystanders`,
  )
  checkGrowth(memory[1]!, memory[2]!)
}

async function watched(
  hub: FuzzedHub,
  bystanders: Bystanders,
  { what, seed, stream }: { what: string; seed: number; stream: number },
  fuzzOne: FuzzOne,
): Promise<number> {
  let watch: Watch | undefined
  try {
    const count = await fuzzOne(stream, (made) => (watch = made))
    hub.check()
    bystanders.check()
    return count
  } catch (error) {
    const last = watch?.last.map((text) => `  ${JSON.stringify(text)}`).join('\n') ?? '  nothing'
    // A hub that has died is what matters, and not that its connections were cut.
    const cause = await whatTheHubSays(hub, error)
    throw new Violation(`${cause}\n${what}, SEED=${seed}, connection ${stream}; it had sent, at last:\n${last}`)
  }
}

async function whatTheHubSays(hub: FuzzedHub, error: unknown): Promise<string> {
  try {
    await hub.measure()
    hub.check()
  } catch (failure) {
    // The process is gone: what it said last has come by now or comes with its end.
    return messageOf(failure)
  }
  return messageOf(error)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

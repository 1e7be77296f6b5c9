import { describe, expect, test } from 'vitest'
import { runCampaign, type FuzzOne } from './campaign.ts'
import { fuzzFrames } from './fuzz-frames.ts'
import { fuzzHttp, setHttpStage } from './fuzz-http.ts'
import { fuzzWire } from './fuzz-wire.ts'
import { startFuzzedHub, type FuzzedHub } from './fuzzed-hub.ts'
import type { PlantedFault } from './planted.ts'

const seed = 20_261_122

type Fuzzer = { readonly frames: number; readonly start: (hub: FuzzedHub) => FuzzOne | Promise<FuzzOne> }

const frames: Fuzzer = { frames: 4_000, start: (hub) => fuzzFrames(hub, seed) }
/** Enough of them for a leak to stand out from caches that fill. */
const manyFrames: Fuzzer = { ...frames, frames: 9_000 }
const wire: Fuzzer = { frames: 120, start: (hub) => fuzzWire(hub, seed) }
const http: Fuzzer = { frames: 400, start: async (hub) => fuzzHttp(hub, await setHttpStage(hub), seed) }

/** Which fuzzer must name a fault, and how. */
const expected: Readonly<Record<PlantedFault, readonly [Fuzzer, RegExp]>> = {
  'shows the mail of others': [frames, /another agent's mail|mail of \w+ came from/],
  'answers twice': [frames, /an answer that nobody waits for|got what it had not asked for/],
  'forgets an answer': [frames, /waiting for \d+ answers/],
  'makes an error up': [frames, /an error that is not in the table/],
  'fails inside': [frames, /a request brought the hub to fail/],
  'answers with half a result': [frames, /a result that does not fit ack/],
  'dies of a frame': [frames, /the hub ended with 1[^]*uncaughtException/],
  'rejects where nobody looks': [frames, /the hub ended with 1[^]*nobody looks here[^]*unhandledRejection/],
  'keeps what it was sent': [manyFrames, /the hub's memory grows: live/],
  'closes with a code of its own': [frames, /which is no close code|without a close frame|the hub ended with/],
  'pushes twice': [frames, /expected "canary/],
  'loses a push': [frames, /expected "canary|and no more for/],
  'pushes in another order': [frames, /expected "canary|and no more for/],
  'dies of a binary frame': [wire, /the hub ended with 1[^]*uncaughtException/],
  'goes deaf after a ping': [wire, /it was closed|nothing came for|and no more for/],
  'dies of a header': [http, /the hub ended with 1[^]*Invalid URL/],
  'shows blobs to everybody': [http, /another agent's blob was shown/],
  'answers 500': [http, /answered with "HTTP\/1\.1 500/],
}

describe('the fuzzers name a hub that', () => {
  test.each(Object.entries(expected) as [PlantedFault, readonly [Fuzzer, RegExp]][])(
    '%s',
    async (fault, [fuzzer, problem]) => {
      const hub = await startFuzzedHub(fault)
      const run = runCampaign(hub, { what: fault, seed, frames: fuzzer.frames }, await fuzzer.start(hub))
      const failure: unknown = await run.then(() => 'nothing', String)
      expect(failure).toMatch(problem)
    },
    120_000,
  )
})

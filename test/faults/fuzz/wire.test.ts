import { expect, test } from 'vitest'
import { runCampaign } from './campaign.ts'
import { fuzzWire } from './fuzz-wire.ts'
import { startFuzzedHub } from './fuzzed-hub.ts'
import { chooseSeed, inLength } from './length.ts'

const minutes = inLength(2, 30)

test(
  'bytes that are no WebSocket end their own connection, in order, and disturb nobody',
  async () => {
    const seed = chooseSeed('wire')
    const hub = await startFuzzedHub()
    const frames = inLength(400, 40_000)
    await expect(runCampaign(hub, { what: 'wire', seed, frames }, fuzzWire(hub, seed))).resolves.toBeUndefined()
  },
  minutes * 60_000,
)

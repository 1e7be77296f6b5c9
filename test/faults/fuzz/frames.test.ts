import { expect, test } from 'vitest'
import { runCampaign } from './campaign.ts'
import { fuzzFrames } from './fuzz-frames.ts'
import { startFuzzedHub } from './fuzzed-hub.ts'
import { chooseSeed, inLength } from './length.ts'

const minutes = inLength(2, 30)

test(
  'no frame makes the hub fail, answer wrongly, grow, or disturb others',
  async () => {
    const seed = chooseSeed('frames')
    const hub = await startFuzzedHub()
    const frames = inLength(10_000, 1_000_000)
    await expect(runCampaign(hub, { what: 'frames', seed, frames }, fuzzFrames(hub, seed))).resolves.toBeUndefined()
  },
  minutes * 60_000,
)

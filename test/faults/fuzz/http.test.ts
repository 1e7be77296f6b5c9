import { expect, test } from 'vitest'
import { runCampaign } from './campaign.ts'
import { fuzzHttp, setHttpStage } from './fuzz-http.ts'
import { startFuzzedHub } from './fuzzed-hub.ts'
import { chooseSeed, inLength } from './length.ts'

const minutes = inLength(2, 30)

test(
  'no request and no upgrade makes the hub fail, grow, or show what is for others',
  async () => {
    const seed = chooseSeed('http')
    const hub = await startFuzzedHub()
    const stage = await setHttpStage(hub)
    const frames = inLength(1_500, 100_000)
    await expect(
      runCampaign(hub, { what: 'requests', seed, frames }, fuzzHttp(hub, stage, seed)),
    ).resolves.toBeUndefined()
    // The session that it used for all this still works.
    await stage.peer.request('status', {})
  },
  minutes * 60_000,
)

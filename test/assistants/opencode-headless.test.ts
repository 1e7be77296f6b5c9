import { expect, test } from 'vitest'
import { medianOf } from './median.ts'
import { prepareOpencode, type Opencode } from './opencode.ts'
import { setScene } from './opencode-scene.ts'
import { fencedTexts } from './sightings.ts'
import { requireTool } from './tools.ts'

/** Milliseconds by which runs of the same program differ on a busy machine. */
const slackMs = 1_000

test('opencode run ends as fast with the plugin as without, mail or no mail', { timeout: 180_000 }, async (context) => {
  const { rose, model, opencode, bring } = await setScene(context)
  const mcpServers = { bellhop: rose.shim('opencode') }
  const bare = prepareOpencode({ program: requireTool('opencode', context), model, mcpServers })
  const time = async ({ run }: Opencode): Promise<number> => {
    const { code, ms } = await run('Good morning.').ended
    expect(code).toBe(0)
    return ms
  }
  await time(bare)
  await time(opencode)
  const without = await medianOf(() => time(bare))
  const withPlugin = await medianOf(() => time(opencode))
  model.answer = async () => {
    await bring('nobody asks for it')
    return { kind: 'text', text: 'Done.' }
  }
  const withMail = await medianOf(() => time(opencode))
  process.stdout.write(`opencode run: ${[without, withPlugin, withMail].map(Math.round).join(', ')} ms\n`)
  expect(withPlugin).toBeLessThan(without + slackMs)
  expect(withMail).toBeLessThan(without + slackMs)
  expect(model.requests.flatMap(fencedTexts)).toEqual([])
})

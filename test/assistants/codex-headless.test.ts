import { expect, test } from 'vitest'
import { bring, shownBy } from './arrival.ts'
import { codexBeside, queueOfNothing, startCodexScene } from './codex-scene.ts'
import { testHeadlessRuns } from './headless-runs.ts'
import type { Reply } from './model.ts'
import { responses } from './models/responses.ts'
import { fencedTexts } from './sightings.ts'

testHeadlessRuns({
  title: 'codex exec',
  program: 'codex',
  dialect: responses,
  checkTool: 'mcp__bellhop.check',
  name: 'codex',
  prepare: (rose, options) => codexBeside(rose, { ...options, name: 'codex' }),
})

test.for([
  { title: 'with hooks', hooks: true },
  { title: 'without hooks', hooks: false },
])('nothing is queued for a thread of codex exec, which nobody comes back to, $title', async ({ hooks }, context) => {
  const queue = queueOfNothing()
  const choice = { name: 'codex', hooks, queueFolder: queue.folder }
  const { rose, model, codex } = await startCodexScene(context, choice)
  // It waits before the run, and more comes when the thread is known.
  await rose.send('codex', 'the first canary')
  let id = ''
  const call: Reply = { kind: 'call', tool: 'mcp__bellhop.check', args: {} }
  model.answer = async ({ index }) => {
    if (index === 1) id = await bring(rose, 'codex', 'the second canary')
    return index < 2 ? call : { kind: 'text', text: 'Done.' }
  }
  expect(await codex.run('Good morning.').ended).toMatchObject({ code: 0, stdout: 'Done.\n' })
  expect(fencedTexts(model.requests.at(-1)!)).toEqual(['the first canary', 'the second canary'])
  expect(await shownBy(rose, id)).toEqual(['tool_result'])
  expect(queue.calls()).toEqual([])
})

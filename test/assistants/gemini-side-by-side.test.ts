import { expect, test } from 'vitest'
import { bring, shownBy } from './arrival.ts'
import { submitTo } from './gemini.ts'
import { startGeminiScene } from './gemini-scene.ts'
import { HeldTurn } from './held-turn.ts'
import { fencedTexts, mentions } from './sightings.ts'
import { requireTerminal } from './tools.ts'

test('a busy and an idle Gemini CLI in one folder each get their own mail', async (context) => {
  requireTerminal(context)
  const { rose, model, gemini } = await startGeminiScene(context)
  const isOfBusy = (body: string): boolean => mentions(body, 'Work for long.')
  const work = new HeldTurn()
  model.answer = ({ index }) => (index === 0 ? work.answer() : { kind: 'text', text: 'Done.' })
  gemini.env['BELLHOP_NAME'] = 'busy'
  const busy = await gemini.open()
  await rose.untilOnline('busy')
  gemini.env['BELLHOP_NAME'] = 'idle'
  const idle = await gemini.open()
  await rose.untilOnline('idle')
  await submitTo(busy, 'Work for long.')
  await work.asked

  const forBusy = await bring(rose, 'busy', 'for the busy one')
  const forIdle = await bring(rose, 'idle', 'for the idle one')
  // Nothing wakes Gemini CLI: its person comes back.
  await submitTo(idle, 'Good morning.')
  expect(await shownBy(rose, forIdle)).toEqual(['hook'])
  work.release({ kind: 'call', tool: 'list_directory', args: { dir_path: '.' } })
  expect(await shownBy(rose, forBusy)).toEqual(['hook'])
  await busy.untilScreen('Done.')
  await idle.untilScreen('Done.')
  const seen = (own: boolean): string[][] => model.requests.filter((body) => isOfBusy(body) === own).map(fencedTexts)
  expect(seen(true)).toEqual([[], ['for the busy one']])
  expect(seen(false)).toEqual([['for the idle one']])
})

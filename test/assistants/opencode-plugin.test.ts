import { expect, test } from 'vitest'
import { bring, shownBy } from './arrival.ts'
import { ScriptedModel } from './model.ts'
import { chatCompletions } from './models/chat-completions.ts'
import { prepareOpencode } from './opencode.ts'
import { plugins, setScene } from './opencode-scene.ts'
import { fencedTexts } from './sightings.ts'
import { requireTool } from './tools.ts'

test('the plugin wakes an idle opencode, three times in a row', { timeout: 60_000 }, async (context) => {
  const { rose, model, opencode } = await setScene(context)
  const terminal = await opencode.open()
  await terminal.submit('Good morning.')
  await terminal.untilScreen(/Done\./)
  await rose.untilOnline('opencode', 'wake')
  await terminal.type('a draft that is not sent')

  for (const canary of ['the first canary', 'the second canary', 'the third canary']) {
    const before = model.requests.length
    const id = await rose.send('opencode', canary)
    const woken = await model.until((body) => fencedTexts(body).at(-1) === canary)
    expect(woken).toContain('Bellhop: new mail has arrived')
    expect(model.requests.indexOf(woken)).toBe(before)
    expect(await shownBy(rose, id)).toEqual(['hook'])
  }
  expect(fencedTexts(model.requests.at(-1)!)).toEqual(['the first canary', 'the second canary', 'the third canary'])
  expect(await terminal.screen()).toContain('a draft that is not sent')
})

test('what wakes a session keeps it in the mode that its person chose', { timeout: 60_000 }, async (context) => {
  const { rose, model, opencode } = await setScene(context)
  const terminal = await opencode.open()
  await terminal.key('Tab')
  await terminal.untilScreen(/^\s*┃\s+Plan\b/m)
  await terminal.submit('Only think.')
  await terminal.untilScreen(/Done\./)
  await rose.untilOnline('opencode', 'wake')
  await rose.send('opencode', 'a canary in plan mode')
  const woken = await model.until((body) => fencedTexts(body).includes('a canary in plan mode'))
  // opencode says so with the last prompt of a session in this mode.
  expect(woken).toContain('Plan mode ACTIVE')
})

test('the plugin puts waiting mail beside the prompt', { timeout: 60_000 }, async (context) => {
  const { rose, model, opencode, bring } = await setScene(context)
  const terminal = await opencode.open()
  await rose.untilOnline('opencode')
  const id = await bring('a canary beside a prompt')
  await terminal.submit('Good morning.')
  await terminal.untilScreen(/Done\./)
  expect(model.requests.map(fencedTexts)).toEqual([['a canary beside a prompt']])
  expect(await shownBy(rose, id)).toEqual(['hook'])
})

test("the plugin puts mail that comes during work behind the result of opencode's own tools", async (context) => {
  const { rose, model, opencode, bring } = await setScene(context)
  let id = ''
  model.answer = async ({ index }) => {
    if (index > 0) return { kind: 'text', text: 'Done.' }
    id = await bring('a canary behind a tool')
    return { kind: 'call', tool: 'bash', args: { command: 'echo result', description: 'Says it' } }
  }
  expect((await opencode.run('Say it.').ended).code).toBe(0)
  expect(model.requests.map(fencedTexts)).toEqual([[], ['a canary behind a tool']])
  expect(await shownBy(rose, id)).toEqual(['hook'])
})

test(
  'mail that came during the last words of a turn wakes the session at its end',
  { timeout: 60_000 },
  async (context) => {
    const { rose, model, opencode, bring } = await setScene(context)
    const terminal = await opencode.open()
    await rose.untilOnline('opencode', 'wake')
    let id = ''
    model.answer = async ({ index }) => {
      if (index === 0) id = await bring('a canary at the end')
      return { kind: 'text', text: 'Done.' }
    }
    await terminal.type('Good morning.')
    await terminal.key('Enter')
    await model.until((body) => fencedTexts(body).includes('a canary at the end'))
    expect(model.requests.map(fencedTexts)).toEqual([[], ['a canary at the end']])
    expect(await shownBy(rose, id)).toEqual(['hook'])
  },
)

test('a busy and an idle opencode in one folder each get their own mail', { timeout: 90_000 }, async (context) => {
  const { rose, model: idleModel, opencode: idle } = await setScene(context)
  const busyModel = await ScriptedModel.start(chatCompletions)
  const program = requireTool('opencode', context)
  const mcpServers = { bellhop: rose.shim('busy') }
  const busy = prepareOpencode({ program, model: busyModel, plugins, mcpServers, folder: idle.folder })
  const terminal = await idle.open()
  await terminal.submit('Good morning.')
  await terminal.untilScreen(/Done\./)
  await rose.untilOnline('opencode', 'wake')

  busyModel.answer = async ({ index }) => {
    if (index > 0) return { kind: 'text', text: 'Done.' }
    await bring(rose, 'busy', 'for the busy one')
    await bring(rose, 'opencode', 'for the idle one')
    await idleModel.until((body) => fencedTexts(body).length > 0)
    return { kind: 'call', tool: 'bash', args: { command: 'echo result', description: 'Says it' } }
  }
  expect((await busy.run('Say it.').ended).code).toBe(0)
  expect(busyModel.requests.map(fencedTexts)).toEqual([[], ['for the busy one']])
  expect(idleModel.requests.map(fencedTexts)).toEqual([[], ['for the idle one']])
})

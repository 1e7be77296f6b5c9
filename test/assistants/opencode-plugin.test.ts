import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test, type TestContext } from 'vitest'
import { bring, shownBy } from './arrival.ts'
import { Correspondent } from './correspondent.ts'
import { ScriptedModel } from './model.ts'
import { chatCompletions } from './models/chat-completions.ts'
import { medianOf } from './median.ts'
import { prepareOpencode, type Opencode } from './opencode.ts'
import { fencedTexts } from './sightings.ts'
import { requireTool } from './tools.ts'

const plugin = fileURLToPath(new URL('../../agents/opencode/plugin.ts', import.meta.url))
/** What stands in opencode's folder of plugins. */
const plugins = { 'bellhop.ts': `export { Bellhop } from ${JSON.stringify(pathToFileURL(plugin).href)}\n` }

/** Milliseconds by which runs of the same program differ on a busy machine. */
const slackMs = 1_000

interface Scene {
  readonly rose: Correspondent
  readonly model: ScriptedModel
  readonly opencode: Opencode
  /** Sends a message, and resolves with its id when the shim holds it. */
  bring(text: string): Promise<string>
}

async function setScene(context: Pick<TestContext, 'skip'>): Promise<Scene> {
  const program = requireTool('opencode', context)
  const rose = await Correspondent.start()
  const model = await ScriptedModel.start(chatCompletions)
  const opencode = prepareOpencode({ program, model, plugins, mcpServers: { bellhop: rose.shim('opencode') } })
  return {
    rose,
    model,
    opencode,
    bring: (text) => bring(rose, 'opencode', text),
  }
}

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

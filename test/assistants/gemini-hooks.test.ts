import process from 'node:process'
import { expect, test, type TestContext } from 'vitest'
import { bring, shownBy } from './arrival.ts'
import { Correspondent } from './correspondent.ts'
import { prepareGemini, withoutEscapes, type Gemini } from './gemini.ts'
import { medianOf } from './median.ts'
import { ScriptedModel, type Reply } from './model.ts'
import { gemini as dialect } from './models/gemini.ts'
import { installBellhop } from './registration.ts'
import { fencedTexts } from './sightings.ts'
import { requireTool } from './tools.ts'

/** Milliseconds by which runs of the same program differ on a busy machine. */
const slackMs = 1_000

const done: Reply = { kind: 'text', text: 'Done.' }
const lookAround: Reply = { kind: 'call', tool: 'list_directory', args: { dir_path: '.' } }

interface Scene {
  readonly rose: Correspondent
  readonly model: ScriptedModel
  readonly gemini: Gemini
}

async function setScene(context: Pick<TestContext, 'skip'>): Promise<Scene> {
  const program = requireTool('gemini', context)
  const rose = await Correspondent.start()
  const model = await ScriptedModel.start(dialect)
  const gemini = prepareGemini({ program, model, env: { ...rose.env, BELLHOP_NAME: 'gemini' } })
  await installBellhop('gemini', gemini.env)
  return { rose, model, gemini }
}

/** What stands in the fences of each request so far. What hooks say arrives with escaped brackets. */
function seenBy({ requests }: ScriptedModel): string[][] {
  return requests.map((body) => fencedTexts(withoutEscapes(body)))
}

test(
  'a hook of Gemini CLI puts waiting mail beside the prompt, also after /clear',
  { timeout: 60_000 },
  async (context) => {
    const { rose, model, gemini } = await setScene(context)
    const terminal = await gemini.open()
    await rose.untilOnline('gemini')
    const first = await bring(rose, 'gemini', 'a canary beside a prompt')
    await terminal.type('Good morning.')
    await terminal.untilScreen(/Good morning\./)
    await terminal.key('Enter')
    await terminal.untilScreen(/Done\./)
    expect(await shownBy(rose, first)).toEqual(['hook'])

    const second = await bring(rose, 'gemini', 'a canary before /clear')
    await terminal.type('/clear')
    await terminal.untilScreen(/Clear the screen/i)
    await terminal.key('Enter')
    await terminal.untilScreen(/^(?![^]*Done\.)[^]*Type your message/)
    await terminal.type('Good evening.')
    await terminal.untilScreen(/Good evening\./)
    await terminal.key('Enter')
    await model.until((body) => body.includes('Good evening.'))
    expect(seenBy(model)).toEqual([['a canary beside a prompt'], ['a canary before /clear']])
    expect(await shownBy(rose, second)).toEqual(['hook'])
  },
)

test('a hook of Gemini CLI puts mail that comes during work behind the result of any tool', async (context) => {
  const { rose, model, gemini } = await setScene(context)
  let id = ''
  model.answer = async ({ index }) => {
    if (index > 0) return done
    id = await bring(rose, 'gemini', 'a canary behind a tool')
    return lookAround
  }
  const { code, stdout } = await gemini.run('Look around.').ended
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Done.\n' })
  expect(seenBy(model)).toEqual([[], ['a canary behind a tool']])
  expect(await shownBy(rose, id)).toEqual(['hook'])
})

test('a hook of Gemini CLI goes on with a turn at whose end mail is unread', { timeout: 60_000 }, async (context) => {
  const { rose, model, gemini } = await setScene(context)
  let id = ''
  model.answer = async ({ index }) => {
    if (index > 0) return { kind: 'text', text: 'Seen.' }
    id = await bring(rose, 'gemini', 'a canary at the end')
    return done
  }
  const terminal = await gemini.open()
  await rose.untilOnline('gemini')
  await terminal.type('Good morning.')
  await terminal.untilScreen(/Good morning\./)
  await terminal.key('Enter')
  const screen = await terminal.untilScreen(/Seen\./)
  // Here nothing is escaped.
  expect(model.requests.map(fencedTexts)).toEqual([[], ['a canary at the end']])
  expect(await shownBy(rose, id)).toEqual(['hook'])
  expect(screen).toContain('Bellhop: new mail.')
  expect(screen).not.toContain('a canary at the end')
})

test('mail that comes while a subagent of Gemini CLI works is shown to its parent', async (context) => {
  const { rose, model, gemini } = await setScene(context)
  let id = ''
  const script: (Reply | (() => Promise<Reply>))[] = [
    { kind: 'call', tool: 'invoke_agent', args: { agent_name: 'generalist', prompt: 'Look around.' } },
    async () => {
      id = await bring(rose, 'gemini', 'a canary for the parent')
      return lookAround
    },
    { kind: 'call', tool: 'complete_task', args: { response: 'Nothing is there.' } },
  ]
  model.answer = ({ index }) => {
    const reply = script[index] ?? done
    return typeof reply === 'function' ? reply() : reply
  }
  expect((await gemini.run('Let somebody look around.').ended).code).toBe(0)
  const all = seenBy(model)
  for (const r of model.requests) process.stdout.write(`REQ ${JSON.stringify(JSON.parse(r).contents.slice(-2)).slice(-700)}\n`)
  expect(all.at(-1)).toEqual(['a canary for the parent'])
  expect(all.slice(0, -1).flat()).toEqual([])
  expect(await shownBy(rose, id)).toEqual(['hook'])
})

test('gemini -p ends as fast with hooks as without, mail or no mail', { timeout: 120_000 }, async (context) => {
  const { rose, model, gemini } = await setScene(context)
  const bare = prepareGemini({
    program: requireTool('gemini', context),
    model,
    mcpServers: { bellhop: rose.shim('gemini') },
  })
  const time = async ({ run }: Gemini): Promise<number> => {
    const { code, ms } = await run('Good morning.').ended
    expect(code).toBe(0)
    return ms
  }
  await time(bare)
  await time(gemini)
  const without = await medianOf(() => time(bare))
  const withHooks = await medianOf(() => time(gemini))
  model.answer = async () => {
    await bring(rose, 'gemini', 'nobody asks for it')
    return done
  }
  const before = model.requests.length
  await time(gemini)
  // Its last words are what the caller waits for: unread mail does not prolong the run.
  expect(model.requests).toHaveLength(before + 1)
  const withMail = await medianOf(() => time(gemini))
  process.stdout.write(`gemini -p: ${[without, withHooks, withMail].map(Math.round).join(', ')} ms\n`)
  expect(withHooks).toBeLessThan(without + slackMs)
  expect(withMail).toBeLessThan(without + slackMs)
})

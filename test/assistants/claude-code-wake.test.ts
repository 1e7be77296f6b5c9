import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import {
  clear,
  done,
  idleTool,
  name,
  openSession,
  sceneWithHooks,
  seenBy,
  setScene,
  untilOver,
  type Scene,
  wakingWays,
} from './claude-code-setup.ts'
import { fencedTexts } from './sightings.ts'
import type { Terminal } from './terminal.ts'
import { toolPath } from './tools.ts'

const run = promisify(execFile)
const repository = fileURLToPath(new URL('../..', import.meta.url))

const wakeable = { route: 'wake' } as const
const canaries = ['the first canary', 'the second canary', 'the third canary']

/** Sends a message to an idle session, and expects it in the request that this begins, and its steps. */
async function expectWoken({ rose, model }: Scene, canary: string): Promise<void> {
  const before = model.requests.length
  const id = await rose.send(name, canary)
  const woken = await model.until((body) => fencedTexts(body).includes(canary))
  expect(woken).toContain('Bellhop: new mail has arrived')
  expect(model.requests.indexOf(woken)).toBe(before)
  expect(await rose.untilShown(id)).toMatchObject([
    { state: 'queued' },
    { state: 'offered', route: 'wake' },
    { state: 'shown', route: 'hook' },
  ])
}

test.for(wakingWays)('$title wakes an idle Claude Code, three times in a row', async ({ setUp }, context) => {
  const scene = await setUp(context)
  const terminal = await openSession(context, scene, wakeable)
  for (const [index, canary] of canaries.entries()) {
    await expectWoken(scene, canary)
    await untilOver(terminal, index + 1)
  }
  expect(seenBy(scene.model)).toEqual([canaries.slice(0, 1), canaries.slice(0, 2), canaries])
})

test.for(wakingWays)('$title wakes Claude Code also after /clear', async ({ setUp }, context) => {
  const scene = await setUp(context)
  const terminal = await openSession(context, scene, wakeable)
  await expectWoken(scene, 'a canary before')
  await untilOver(terminal, 1)
  await clear(terminal)
  await expectWoken(scene, 'a canary after')
  await untilOver(terminal, 1)
  expect(seenBy(scene.model)).toEqual([['a canary before'], ['a canary after']])
})

test('Claude Code is woken also after a turn that was interrupted', async (context) => {
  // Ten seconds without a sign of work pass before it: both ways at once.
  await Promise.all(
    wakingWays.map(async ({ setUp }) => {
      const scene = await setUp(context)
      const terminal = await openSession(context, scene, wakeable)
      await interruptTurn(scene, terminal)
      await expectWoken(scene, 'a canary after Esc')
      await untilOver(terminal, 1)
      expect(seenBy(scene.model)).toEqual([[], [], ['a canary after Esc']])
    }),
  )
})

/** Presses Esc in the middle of a turn. Before its first output, Esc would take the turn back. */
async function interruptTurn({ model }: Scene, terminal: Terminal): Promise<void> {
  model.answer = ({ index }) => [idleTool, new Promise<never>(() => undefined)][index] ?? done
  await terminal.submit('Do nothing for long.')
  await model.until((body) => body.includes('tool_result'))
  await terminal.key('Escape')
  await terminal.untilScreen('Interrupted')
}

test('a wake-up asks a Claude Code without hooks that show mail to check for it', async (context) => {
  const scene = await sceneWithHooks(context, { wake: true })
  const { rose, model, toolName } = scene
  const terminal = await openSession(context, scene, wakeable)
  model.answer = async ({ index }) => {
    if (index % 2 === 1) return done
    // The next waiter is there before the mail is shown: it is not woken for the same mail again.
    await rose.untilOnline(name, 'wake')
    return { kind: 'call', tool: toolName('check'), args: {} }
  }
  for (const [index, canary] of canaries.entries()) {
    const id = await rose.send(name, canary)
    await model.until((body) => fencedTexts(body).includes(canary))
    expect(model.requests[index * 2]).toContain('call the Bellhop tool check')
    expect(await rose.untilShown(id)).toMatchObject([
      { state: 'queued' },
      { state: 'offered', route: 'wake' },
      { state: 'shown', route: 'tool_result' },
    ])
    await untilOver(terminal, index + 1)
  }
  const [one, two, three] = canaries
  expect(seenBy(model)).toEqual([[], [one], [one], [one, two], [one, two], [one, two, three]])
})

test('the plugin works where it was installed from the marketplace of this repository', async (context) => {
  const server = 'mcp__plugin_bellhop_bellhop'
  const scene = await setScene(context, server, (rose) => ({ env: { ...rose.env, BELLHOP_NAME: name } }))
  const { env, folder } = scene.claude
  const plugin = (...args: string[]) => run(toolPath('claude'), ['plugin', ...args], { env, cwd: folder })
  await plugin('marketplace', 'add', repository)
  await plugin('install', 'bellhop@bellhop')
  const terminal = await openSession(context, scene, wakeable)
  await expectWoken(scene, 'a canary for a plugin')
  await untilOver(terminal, 1)
  expect(seenBy(scene.model)).toEqual([['a canary for a plugin']])
})

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bring, shownBy } from './arrival.ts'
import { submitTo, type Gemini } from './gemini.ts'
import { startGeminiScene } from './gemini-scene.ts'
import type { Reply } from './model.ts'
import { fencedTexts } from './sightings.ts'
import { requireTerminal } from './tools.ts'

const done: Reply = { kind: 'text', text: 'Done.' }
const lookAround: Reply = { kind: 'call', tool: 'list_directory', args: { dir_path: '.' } }

/** Takes one of its hooks out of its settings. */
function dropHook({ home }: Gemini, event: string): void {
  const file = join(home, '.gemini', 'settings.json')
  const settings = JSON.parse(readFileSync(file, 'utf8')) as { hooks: Record<string, unknown> }
  const { [event]: dropped, ...hooks } = settings.hooks
  expect(dropped).toBeDefined()
  writeFileSync(file, JSON.stringify({ ...settings, hooks }))
}

test('a hook of Gemini CLI puts waiting mail beside the prompt, also after /clear', async (context) => {
  requireTerminal(context)
  const { rose, model, gemini } = await startGeminiScene(context)
  // Mail that comes just after a turn would be shown at its end.
  dropHook(gemini, 'AfterAgent')
  const terminal = await gemini.open()
  await rose.untilOnline('gemini')
  const first = await bring(rose, 'gemini', 'a canary beside a prompt')
  await submitTo(terminal, 'Good morning.')
  await terminal.untilScreen('Done.')
  expect(await shownBy(rose, first)).toEqual(['hook'])

  // Gemini CLI throws away what a hook says after /clear.
  const second = await bring(rose, 'gemini', 'a canary before /clear')
  await submitTo(terminal, '/clear')
  await terminal.untilScreen(/^(?![^]*Done\.)[^]*Type your message/)
  await submitTo(terminal, 'Good evening.')
  await model.until((body) => body.includes('Good evening.'))
  expect(model.requests.map(fencedTexts)).toEqual([['a canary beside a prompt'], ['a canary before /clear']])
  expect(await shownBy(rose, second)).toEqual(['hook'])
})

test('a hook of Gemini CLI puts mail that comes during work behind the result of any tool', async (context) => {
  const { rose, model, gemini } = await startGeminiScene(context)
  let id = ''
  model.answer = async ({ index }) => {
    if (index > 0) return done
    id = await bring(rose, 'gemini', 'a canary behind a tool')
    return lookAround
  }
  const { code, stdout } = await gemini.run('Look around.').ended
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Done.\n' })
  expect(model.requests.map(fencedTexts)).toEqual([[], ['a canary behind a tool']])
  expect(await shownBy(rose, id)).toEqual(['hook'])
})

test('a hook of Gemini CLI goes on with a turn at whose end mail is unread', async (context) => {
  requireTerminal(context)
  const { rose, model, gemini } = await startGeminiScene(context)
  let id = ''
  model.answer = async ({ index }) => {
    if (index > 0) return { kind: 'text', text: 'Seen.' }
    id = await bring(rose, 'gemini', 'a canary at the end')
    return done
  }
  const terminal = await gemini.open()
  await rose.untilOnline('gemini')
  await submitTo(terminal, 'Good morning.')
  const screen = await terminal.untilScreen(/Seen\./)
  expect(model.requests.map(fencedTexts)).toEqual([[], ['a canary at the end']])
  expect(await shownBy(rose, id)).toEqual(['hook'])
  expect(screen).toContain('Bellhop: new mail.')
  expect(screen).not.toContain('a canary at the end')
})

test('mail that comes while a subagent of Gemini CLI works is shown to its parent', async (context) => {
  const { rose, model, gemini } = await startGeminiScene(context)
  let id = ''
  const script: (Reply | (() => Promise<Reply>))[] = [
    { kind: 'call', tool: 'invoke_agent', args: { agent_name: 'generalist', prompt: 'Look around.' } },
    async () => {
      id = await bring(rose, 'gemini', 'a canary for the parent')
      return lookAround
    },
    { kind: 'call', tool: 'complete_task', args: { result: { response: 'Nothing is there.' } } },
  ]
  model.answer = ({ index }) => {
    const reply = script[index] ?? done
    return typeof reply === 'function' ? reply() : reply
  }
  expect((await gemini.run('Let somebody look around.').ended).code).toBe(0)
  const all = model.requests.map(fencedTexts)
  expect(all.at(-1)).toEqual(['a canary for the parent'])
  expect(all.slice(0, -1).flat()).toEqual([])
  expect(await shownBy(rose, id)).toEqual(['hook'])
})

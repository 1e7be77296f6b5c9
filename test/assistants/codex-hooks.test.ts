import { expect, test } from 'vitest'
import { bring, shownBy } from './arrival.ts'
import { queueOfNothing, startCodexScene, untilTurnsEnd } from './codex-scene.ts'
import { HeldTurn } from './held-turn.ts'
import type { Reply } from './model.ts'
import { fencedTexts, mentions } from './sightings.ts'
import { requireTerminal } from './tools.ts'

const done: Reply = { kind: 'text', text: 'Done.' }
const work: Reply = { kind: 'call', tool: 'exec_command', args: { cmd: 'echo result' } }

test('a hook of Codex puts mail that comes during work behind the result of any tool', async (context) => {
  const { rose, model, codex } = await startCodexScene(context, { name: 'codex' })
  let id = ''
  model.answer = async ({ index }) => {
    if (index > 0) return done
    id = await bring(rose, 'codex', 'a canary behind a tool')
    return work
  }
  const { code, stdout } = await codex.run('Say it.').ended
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Done.\n' })
  expect(model.requests.map(fencedTexts)).toEqual([[], ['a canary behind a tool']])
  expect(await shownBy(rose, id)).toEqual(['hook'])
})

test('a hook of Codex puts waiting mail beside the prompt, and nothing is queued for it', async (context) => {
  requireTerminal(context)
  const queue = queueOfNothing()
  const { rose, model, codex } = await startCodexScene(context, { name: 'codex', queueFolder: queue.folder })
  const terminal = await codex.open()
  await rose.untilOnline('codex')
  const id = await bring(rose, 'codex', 'a canary beside a prompt')
  await terminal.submit('Good morning.')
  await untilTurnsEnd(terminal, 1)
  expect(model.requests.map(fencedTexts)).toEqual([['a canary beside a prompt']])
  expect(await shownBy(rose, id)).toEqual(['hook'])
  expect(queue.calls()).toEqual([])
})

test('a hook of Codex goes on with a turn at whose end mail is unread', async (context) => {
  requireTerminal(context)
  const { rose, model, codex } = await startCodexScene(context, { name: 'codex' })
  let id = ''
  model.answer = async ({ index }) => {
    if (index > 0) return { kind: 'text', text: 'Seen.' }
    id = await bring(rose, 'codex', 'a canary at the end')
    return done
  }
  const terminal = await codex.open()
  await rose.untilOnline('codex')
  await terminal.submit('Good morning.')
  await terminal.untilScreen('Seen.')
  expect(model.requests.map(fencedTexts)).toEqual([[], ['a canary at the end']])
  expect(await shownBy(rose, id)).toEqual(['hook'])
})

test('mail that comes while a subagent of Codex works is shown to its parent', async (context) => {
  const { rose, model, codex } = await startCodexScene(context, { name: 'codex' })
  const isOfParent = (body: string): boolean => mentions(body, 'The whole task.')
  const held = new HeldTurn()
  const parent = [
    { kind: 'call', tool: 'multi_agent_v1.spawn_agent', args: { message: 'A part of it.' } } as const,
    held.answer,
  ]
  let id = ''
  const subagent = [
    async () => {
      // Else the hook at the end of its parent's call of spawn_agent could have it.
      await held.asked
      id = await bring(rose, 'codex', 'a canary for the parent')
      return work
    },
    () => {
      held.release(work)
      return done
    },
  ]
  model.answer = ({ body }) => {
    const next = (isOfParent(body) ? parent : subagent).shift() ?? done
    return typeof next === 'function' ? next() : next
  }
  expect(await codex.run('The whole task.').ended).toMatchObject({ code: 0, stdout: 'Done.\n' })
  const seen = (own: boolean): string[][] => model.requests.filter((body) => isOfParent(body) === own).map(fencedTexts)
  expect(seen(true)).toEqual([[], [], ['a canary for the parent']])
  expect(seen(false)).toEqual([[], []])
  expect(await shownBy(rose, id)).toEqual(['hook'])
})

import { expect, test } from 'vitest'
import { bring, shownBy } from './arrival.ts'
import { startCodexScene, untilTurnsEnd } from './codex-scene.ts'
import { HeldTurn } from './held-turn.ts'
import type { Answering, Reply } from './model.ts'
import { fencedTexts, mentions } from './sightings.ts'
import { requireTerminal } from './tools.ts'

const done: Reply = { kind: 'text', text: 'Done.' }

/** Registers each session under the name that its person gives it, and answers from then on. */
function named(answer: Answering = () => done): Answering {
  const registered = new Set<string>()
  return (turn) => {
    const name = ['iris', 'ivy'].find((candidate) => isOf(turn.body, candidate))
    if (name === undefined || registered.has(name)) return answer(turn)
    registered.add(name)
    return { kind: 'call', tool: 'mcp__bellhop.register', args: { name } }
  }
}

function isOf(body: string, name: string): boolean {
  return mentions(body, `You are ${name}.`)
}

/** What the requests of one session held in fences. */
function seenBy(requests: readonly string[], name: string): string[][] {
  return requests.filter((body) => isOf(body, name)).map(fencedTexts)
}

test('a busy and an idle Codex in one folder each get their own mail', async (context) => {
  requireTerminal(context)
  const { rose, model, codex } = await startCodexScene(context)
  const work = new HeldTurn()
  let hasWorked = false
  model.answer = named(({ body }) => {
    if (hasWorked || !isOf(body, 'ivy')) return done
    hasWorked = true
    return work.answer()
  })
  const idle = await codex.open()
  await idle.submit('You are iris.')
  await untilTurnsEnd(idle, 1)
  const busy = await codex.open()
  await busy.submit('You are ivy.')
  await work.asked

  const forBusy = await bring(rose, 'ivy', 'for the busy one')
  const forIdle = await rose.send('iris', 'for the idle one')
  expect(await rose.untilShown(forIdle)).toMatchObject([
    { state: 'queued' },
    { state: 'offered', route: 'wake' },
    { state: 'shown', route: 'hook' },
  ])
  work.release({ kind: 'call', tool: 'exec_command', args: { cmd: 'true' } })
  expect(await rose.untilShown(forBusy)).toMatchObject([{ state: 'queued' }, { state: 'shown', route: 'hook' }])
  await untilTurnsEnd(busy, 1)
  await untilTurnsEnd(idle, 2)
  expect(seenBy(model.requests, 'ivy')).toEqual([[], [], ['for the busy one']])
  expect(seenBy(model.requests, 'iris')).toEqual([[], [], ['for the idle one']])
})

test('two threads in one Codex each get their own mail', async (context) => {
  requireTerminal(context)
  const { rose, model, codex } = await startCodexScene(context)
  model.answer = named()
  const terminal = await codex.open()
  await terminal.submit('You are iris.')
  await untilTurnsEnd(terminal, 1)
  await terminal.submit('/new')
  await terminal.untilScreen(/^(?![^]*Worked for)[^]*›/)
  await terminal.submit('You are ivy.')
  await untilTurnsEnd(terminal, 1)

  const first = await rose.send('iris', 'for the first')
  const second = await rose.send('ivy', 'for the second')
  expect(await shownBy(rose, first)).toEqual(['hook'])
  expect(await shownBy(rose, second)).toEqual(['hook'])
  await model.until((body) => fencedTexts(body).includes('for the first'))
  await untilTurnsEnd(terminal, 2)
  expect(seenBy(model.requests, 'iris')).toEqual([[], [], ['for the first']])
  expect(seenBy(model.requests, 'ivy')).toEqual([[], [], ['for the second']])
})

import { expect, test } from 'vitest'
import { ringText } from '../../agents/mcp/routes/ringer.ts'
import { startCodexScene, untilTurnsEnd } from './codex-scene.ts'
import { fencedTexts, mentions } from './sightings.ts'
import { requireTerminal } from './tools.ts'

test('codex queue wakes an idle session, three times in a row, and hooks show the mail', async (context) => {
  requireTerminal(context)
  const { rose, model, codex } = await startCodexScene(context, { name: 'codex' })
  model.answer = ({ index }) =>
    index === 0 ? { kind: 'call', tool: 'mcp__bellhop.list_instances', args: {} } : { kind: 'text', text: 'Done.' }
  const terminal = await codex.open()
  await rose.untilOnline('codex')
  await terminal.submit('Good morning.')
  await untilTurnsEnd(terminal, 1)
  await rose.untilOnline('codex', 'wake')

  const canaries = ['the first canary', 'the second canary', 'the third canary']
  for (const [index, canary] of canaries.entries()) {
    const id = await rose.send('codex', canary)
    const woken = await model.until((body) => mentions(body, canary))
    expect(fencedTexts(woken)).toEqual(canaries.slice(0, index + 1))
    expect(woken.split(ringText)).toHaveLength(index + 2)
    expect(await rose.untilShown(id)).toMatchObject([
      { state: 'queued' },
      { state: 'offered', route: 'wake' },
      { state: 'shown', route: 'hook' },
    ])
    await untilTurnsEnd(terminal, index + 2)
  }
  expect(model.requests).toHaveLength(5)
})

test('without hooks, the woken session calls check and is shown the mail', async (context) => {
  requireTerminal(context)
  const { rose, model, codex } = await startCodexScene(context, { name: 'codex', hooks: false })
  model.answer = ({ index, body }) => {
    if (index === 0) return { kind: 'call', tool: 'mcp__bellhop.list_instances', args: {} }
    if (index === 2 && mentions(body, ringText)) return { kind: 'call', tool: 'mcp__bellhop.check', args: {} }
    return { kind: 'text', text: 'Done.' }
  }
  const terminal = await codex.open()
  await rose.untilOnline('codex')
  await terminal.submit('Good morning.')
  await untilTurnsEnd(terminal, 1)
  await rose.untilOnline('codex', 'wake')

  const id = await rose.send('codex', 'a canary by check')
  expect(await rose.untilShown(id)).toMatchObject([
    { state: 'queued' },
    { state: 'offered', route: 'wake' },
    { state: 'shown', route: 'tool_result' },
  ])
  await untilTurnsEnd(terminal, 2)
  expect(model.requests.map(fencedTexts)).toEqual([[], [], [], ['a canary by check']])
})

test('after /new a thread takes its name over from the one before, and is woken', async (context) => {
  requireTerminal(context)
  const { rose, model, codex } = await startCodexScene(context)
  model.answer = ({ body, index }) =>
    index % 2 === 0 && !mentions(body, ringText)
      ? { kind: 'call', tool: 'mcp__bellhop.register', args: { name: 'iris' } }
      : { kind: 'text', text: 'Done.' }
  const terminal = await codex.open()
  await terminal.submit('The first thread.')
  await untilTurnsEnd(terminal, 1)
  await rose.untilOnline('iris', 'wake')
  await terminal.submit('/new')
  await terminal.untilScreen(/^(?![^]*Worked for)[^]*›/)
  await terminal.submit('The second thread.')
  await untilTurnsEnd(terminal, 1)
  expect(await terminal.screen()).toContain('You are "iris" on Bellhop')

  const id = await rose.send('iris', 'a canary in the second thread')
  const woken = await model.until((body) => mentions(body, 'a canary in the second thread'))
  expect(mentions(woken, 'The second thread.')).toBe(true)
  expect(mentions(woken, 'The first thread.')).toBe(false)
  expect(await rose.untilShown(id)).toMatchObject([
    { state: 'queued' },
    { state: 'offered', route: 'wake' },
    { state: 'shown', route: 'hook' },
  ])
  await untilTurnsEnd(terminal, 2)
  expect(model.requests.map(fencedTexts)).toEqual([[], [], [], [], ['a canary in the second thread']])
})

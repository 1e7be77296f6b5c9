import { expect, test } from 'vitest'
import { bring, shownBy } from './arrival.ts'
import { clear, done, idleTool, name, openSession, sceneWithHooks, seenBy, untilOver } from './claude-code-setup.ts'
import { fencedTexts } from './sightings.ts'

const hooks = { context: true }

test('a hook of Claude Code puts mail that comes during work behind the result of any tool', async (context) => {
  const { rose, model, claude } = await sceneWithHooks(context, hooks)
  let id = ''
  model.answer = async ({ index }) => {
    if (index > 0) return done
    id = await bring(rose, name, 'a canary behind a tool')
    return idleTool
  }
  const { code, stdout } = await claude.run('Do nothing.').ended
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Done.\n' })
  expect(seenBy(model)).toEqual([[], ['a canary behind a tool']])
  expect(await shownBy(rose, id)).toEqual(['hook'])
})

test('a hook of Claude Code puts waiting mail beside the prompt', async (context) => {
  const scene = await sceneWithHooks(context, hooks)
  const terminal = await openSession(context, scene)
  const id = await bring(scene.rose, name, 'a canary beside a prompt')
  await terminal.submit('Good morning.')
  await untilOver(terminal, 1)
  expect(seenBy(scene.model)).toEqual([['a canary beside a prompt']])
  expect(await shownBy(scene.rose, id)).toEqual(['hook'])
})

test('a hook of Claude Code goes on with a turn at whose end mail is unread', async (context) => {
  const scene = await sceneWithHooks(context, hooks)
  const { rose, model } = scene
  let id = ''
  model.answer = async ({ index }) => {
    if (index === 0) id = await bring(rose, name, 'a canary at the end')
    return done
  }
  const terminal = await openSession(context, scene)
  await terminal.submit('Good morning.')
  await untilOver(terminal, 1)
  expect(seenBy(model)).toEqual([[], ['a canary at the end']])
  expect(await shownBy(rose, id)).toEqual(['hook'])
})

test('mail that waits at the start of a session stands beside its first prompt, and beside no earlier one', async (context) => {
  const scene = await sceneWithHooks(context, hooks)
  const { rose, model } = scene
  const terminal = await openSession(context, scene)
  await terminal.submit('Good morning.')
  await untilOver(terminal, 1)
  const id = await bring(rose, name, 'a canary before /clear')
  // What is said at the start of a session is lost where it ends without a prompt.
  await clear(terminal)
  await clear(terminal)
  await terminal.submit('Good evening.')
  await untilOver(terminal, 1)
  expect(seenBy(model)).toEqual([[], ['a canary before /clear']])
  expect(await shownBy(rose, id)).toEqual(['hook'])
})

test('a session that is resumed is shown what came while it was closed', async (context) => {
  const scene = await sceneWithHooks(context, hooks)
  const { rose, model } = scene
  const terminal = await openSession(context, scene)
  await terminal.submit('Good morning.')
  await untilOver(terminal, 1)
  await terminal.close()
  const id = await rose.send(name, 'a canary while it was closed')
  const resumed = await openSession(context, scene, { args: ['--continue'] })
  await resumed.submit('Good evening.')
  await untilOver(resumed, 2)
  expect(seenBy(model)).toEqual([[], ['a canary while it was closed']])
  expect(await shownBy(rose, id)).toEqual(['hook'])
})

test('mail that comes while a subagent of Claude Code works is shown to its parent', async (context) => {
  const scene = await sceneWithHooks(context, hooks)
  const { rose, model } = scene
  const order = { description: 'Looks', prompt: 'Look around.', run_in_background: true }
  const ofParent = (body: string): boolean => body.includes('Let somebody look.')
  const hasResult = (body: string): boolean => body.includes('tool_result')
  let id = ''
  model.answer = async ({ body, index }) => {
    if (index === 0) return { kind: 'call', tool: 'Agent', args: order }
    if (ofParent(body)) {
      // Its turn ends after the subagent's tool has.
      await model.until((other) => !ofParent(other) && hasResult(other))
      return done
    }
    if (hasResult(body)) return { kind: 'text', text: 'Nothing is there.' }
    await model.until((other) => ofParent(other) && hasResult(other))
    id = await bring(rose, name, 'a canary for the parent')
    return idleTool
  }
  const terminal = await openSession(context, scene)
  await terminal.submit('Let somebody look.')
  await model.until((body) => ofParent(body) && fencedTexts(body).length > 0)
  await terminal.untilScreen(/finished[^]*Done\./)
  expect(await shownBy(rose, id)).toEqual(['hook'])
  const seen = (own: boolean): string[][] => model.requests.filter((body) => ofParent(body) === own).map(fencedTexts)
  expect(seen(false)).toEqual([[], []])
  expect(seen(true).slice(0, 2)).toEqual([[], []])
  for (const texts of seen(true).slice(2)) expect(texts).toEqual(['a canary for the parent'])
})

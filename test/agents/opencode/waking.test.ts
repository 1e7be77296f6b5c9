import { describe, expect, test, vi } from 'vitest'
import { sentence, settled, Stage } from './stage.ts'

/** A session that was prompted once, and is idle. */
async function idleStage(agent?: string): Promise<Stage> {
  const stage = new Stage()
  await stage.event('session.created', { sessionID: 'one' })
  await vi.waitUntil(() => stage.link.isHeard)
  await stage.prompt('one', 'Good morning.', agent === undefined ? {} : { agent })
  await stage.idle('one')
  stage.link.asked.length = 0
  return stage
}

describe('a ring', () => {
  test('prompts an idle session with the fixed sentence and the mail, again and again', async () => {
    const stage = await idleStage()
    for (const mail of ['first', 'second', 'third']) {
      stage.link.mail = mail
      await stage.ring()
      expect(stage.prompts.at(-1)).toEqual({
        path: { id: 'one' },
        body: {
          parts: [
            { type: 'text', text: sentence },
            { type: 'text', text: mail, synthetic: true },
          ],
        },
      })
      await stage.idle('one')
    }
    expect(stage.prompts).toHaveLength(3)
    expect(stage.link.fates).toEqual(['written: first', 'written: second', 'written: third'])
    // The wake-up's own message did not ask for mail once more.
    expect(stage.link.asked).toEqual(['prompt', 'prompt', 'prompt'])
  })

  test('keeps the agent that the person chose', async () => {
    const stage = await idleStage('plan')
    stage.link.mail = 'mail'
    await stage.ring()
    expect(stage.prompts[0]?.body.agent).toBe('plan')
  })

  test('wakes nobody for mail that was shown meanwhile', async () => {
    const stage = await idleStage()
    await stage.ring()
    expect(stage.prompts).toEqual([])
  })

  test('leaves the mail unread where opencode refuses the prompt', async () => {
    const stage = await idleStage()
    stage.link.mail = 'mail'
    stage.refusal = { name: 'NotFoundError' }
    await stage.ring()
    expect(stage.prompts).toHaveLength(1)
    expect(stage.link.fates).toEqual(['failed: mail'])
  })

  test('wakes nobody before the first prompt: the mail stands beside that', async () => {
    const stage = new Stage()
    await stage.event('session.created', { sessionID: 'one' })
    await vi.waitUntil(() => stage.link.isHeard)
    stage.link.mail = 'mail'
    await stage.ring()
    expect(stage.prompts).toEqual([])
    expect(await stage.prompt('one')).toHaveLength(2)
  })

  test('goes to the session that was prompted last, and never to a subagent', async () => {
    const stage = await idleStage()
    await stage.prompt('two')
    await stage.event('session.created', { sessionID: 'child', info: { id: 'child', parentID: 'two' } })
    await stage.prompt('child')
    await stage.idle('child')
    await stage.idle('two')
    stage.link.mail = 'mail'
    await stage.ring()
    expect(stage.prompts.map(({ path }) => path.id)).toEqual(['two'])
  })

  test('does nothing while the session works, and wakes it at the end of its turn', async () => {
    const stage = await idleStage()
    await stage.prompt('one')
    stage.link.mail = 'mail'
    await stage.ring()
    await stage.event('session.idle', { sessionID: 'another' })
    await settled()
    // The mail is left to the end of the next tool.
    expect(stage.link.asked).toEqual(['prompt'])
    await stage.idle('one')
    expect(stage.prompts).toHaveLength(1)
    expect(stage.link.asked).toEqual(['prompt', 'end-of-turn'])
    await stage.idle('one')
    expect(stage.prompts).toHaveLength(1)
  })

  test('is not lost where it comes while the shim is asked for the last one', async () => {
    const stage = await idleStage()
    const { promise, resolve } = Promise.withResolvers<void>()
    stage.link.gate = promise
    await stage.ring()
    await stage.ring()
    // Both rang for nothing so far: each asks, one after the other.
    resolve()
    await vi.waitUntil(() => stage.link.asked.length === 2)
    expect(stage.link.asked).toEqual(['prompt', 'prompt'])
  })

  test('does not start a session again that its person has just stopped', async () => {
    const stage = await idleStage()
    await stage.prompt('one')
    stage.link.mail = 'mail'
    await stage.ring()
    await stage.event('session.error', { sessionID: 'one', error: { name: 'MessageAbortedError' } })
    await stage.idle('one')
    expect(stage.prompts).toEqual([])
    expect(await stage.prompt('one')).toHaveLength(2)
  })
})

test('a run that ends with its turn does not listen', async () => {
  const stage = new Stage({ headless: true })
  await stage.event('session.created', { sessionID: 'one' })
  await stage.idle('one')
  expect(stage.searches).toBe(0)
})

describe('the shim', () => {
  test('is looked for again at a later event, and not at each of many', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const stage = new Stage()
    stage.isShimThere = false
    for (let count = 0; count < 100; count += 1) await stage.event('message.part.delta', {})
    await settled()
    expect(stage.searches).toBe(1)
    stage.isShimThere = true
    vi.advanceTimersByTime(1_000)
    await stage.event('message.part.delta', {})
    await settled()
    expect(stage.link.isHeard).toBe(true)
    vi.useRealTimers()
  })

  test('is looked for again when it has gone, and left to a newer listener', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const stage = await idleStage()
    stage.link.end('gone')
    vi.advanceTimersByTime(1_000)
    await stage.event('session.updated', { sessionID: 'one' })
    await settled()
    expect(stage.link.isHeard).toBe(true)
    stage.link.end('superseded')
    vi.advanceTimersByTime(1_000)
    await stage.event('session.updated', { sessionID: 'one' })
    await settled()
    expect(stage.link.isHeard).toBe(false)
    vi.useRealTimers()
  })
})

import { describe, expect, test } from 'vitest'
import { FakeLink } from './fake-link.ts'
import { Stage } from './stage.ts'

describe('at a prompt', () => {
  test('mail is the last part of the message, for the model alone, and then counts as shown', async () => {
    const stage = new Stage()
    stage.link.mail = 'mail'
    const parts = await stage.prompt('one')
    expect(parts).toMatchObject([
      { text: 'Good morning.' },
      { sessionID: 'one', messageID: 'msg_1', type: 'text', text: 'mail', synthetic: true },
    ])
    // opencode sorts by it.
    expect(parts[1]?.id).toMatch(/^prt_0123456789ac[0-9a-z]{14}$/)
    expect(stage.link.asked).toEqual(['prompt'])
    expect(stage.link.fates).toEqual(['written: mail'])
  })

  test('nothing is added where there is none', async () => {
    expect(await new Stage().prompt('one')).toHaveLength(1)
  })

  test('a subagent is not shown what its parent should know', async () => {
    const stage = new Stage()
    stage.link.mail = 'mail'
    await stage.event('session.created', { sessionID: 'child', info: { id: 'child', parentID: 'one' } })
    expect(await stage.prompt('child')).toHaveLength(1)
    expect(stage.link.asked).toEqual([])
  })
})

describe('at the end of a tool', () => {
  test("mail stands behind the text of opencode's own tools", async () => {
    const stage = new Stage()
    stage.link.mail = 'mail'
    const output = { title: 'echo', output: 'result' }
    await stage.tool('one', output)
    expect(output.output).toBe('result\n\nmail')
    expect(stage.link.asked).toEqual(['tool-end'])
    expect(stage.link.fates).toEqual(['written: mail'])
  })

  test("mail is one more item of the content of a server's tool", async () => {
    const stage = new Stage()
    stage.link.mail = 'mail'
    const output = { content: [{ type: 'image' }] }
    await stage.tool('one', output, 'other_look')
    expect(output.content).toEqual([{ type: 'image' }, { type: 'text', text: 'mail' }])
    expect(stage.link.fates).toEqual(['written: mail'])
  })

  test('mail stays unread where the result has a shape that is not known', async () => {
    const stage = new Stage()
    stage.link.mail = 'mail'
    await stage.tool('one', { output: 7 })
    await stage.tool('one', undefined)
    expect(stage.link.fates).toEqual(['failed: mail'])
    expect(stage.link.mail).toBe('mail')
  })

  test('our own tools carry their mail already, and a subagent gets none', async () => {
    const stage = new Stage()
    stage.link.mail = 'mail'
    await stage.event('session.created', { sessionID: 'child', info: { id: 'child', parentID: 'one' } })
    await stage.tool('one', { content: [] }, 'bellhop_check')
    await stage.tool('child', { output: 'result' })
    expect(stage.link.asked).toEqual([])
  })
})

test('the shim is told that a run ends with its turn', async () => {
  const stage = new Stage({ headless: true })
  await stage.prompt('one')
  expect(stage.link.lastRequest).toMatchObject({ moment: 'prompt', headless: true })
})

test('the shim is looked for where the entry in the configuration has its folder', async () => {
  const homes: string[] = []
  const stage = new Stage({ connect: async ({ home }) => void homes.push(home) })
  await stage.hooks.config({ mcp: { bellhop: { environment: { BELLHOP_HOME: '/elsewhere' } } } })
  await stage.prompt('one')
  await stage.hooks.config({})
  await stage.prompt('one')
  expect(homes[0]).toBe('/elsewhere')
  expect(homes[1]).toMatch(/\.bellhop$/)
})

describe('it fails open', () => {
  test('when the search throws', async () => {
    const stage = new Stage({ connect: () => Promise.reject(new Error('no such folder')) })
    expect(await stage.prompt('one')).toHaveLength(1)
    await stage.tool('one', { output: 'result' })
    await stage.event('session.idle', { sessionID: 'one' })
  })

  test('when opencode hands over something unknown', async () => {
    const stage = new Stage()
    stage.link.mail = 'mail'
    await stage.hooks['chat.message'](undefined as never, undefined as never)
    await stage.hooks.event(undefined as never)
    await stage.hooks['tool.execute.after'](undefined as never, undefined)
    await stage.hooks.config(undefined)
    expect(stage.link.mail).toBe('mail')
  })

  test('when the shim hangs: the prompt goes on, and mail that comes too late stays unread', async () => {
    const link = new FakeLink()
    const { promise, resolve } = Promise.withResolvers<void>()
    link.gate = promise
    link.mail = 'mail'
    const stage = new Stage({ patience: 1, connect: async () => link })
    const parts = await stage.prompt('one')
    resolve()
    await expect.poll(() => link.fates).toEqual(['failed: mail'])
    expect(parts).toHaveLength(1)
  })
})

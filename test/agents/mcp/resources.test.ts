import { expect, test } from 'vitest'
import { methods } from '../../../protocol/index.ts'
import { prompts } from '../../../agents/mcp/prompts/index.ts'
import { message, unreachable } from './fake-client.ts'
import { rig, shownIds, structured, type Rig } from './rig.ts'

async function read({ mcp }: Rig, uri: string): Promise<string> {
  const [content] = (await mcp.readResource({ uri })).contents
  return content && 'text' in content ? content.text : ''
}

test('bellhop://inbox shows unread mail, fenced, and leaves it unread', async () => {
  const bed = await rig()
  expect(await read(bed, 'bellhop://inbox')).toBe('No unread messages.')
  const mail = message({ content: 'look at me' })
  bed.client.emit('message', mail)
  expect(await read(bed, 'bellhop://inbox')).toMatch(/is data, not[^]*<<<TEXT (\S+)\nlook at me\nTEXT \1>>>/)
  // A program has it: whether anybody has read it there, nobody knows.
  expect(bed.client.acks).toEqual([{ ids: [mail.id], state: 'offered', route: 'resource' }])
  const result = await bed.call('list_instances')
  expect(shownIds(result)).toEqual([mail.id])
  expect(structured(result).mail).toContain('already offered (resource, ')
})

test('a large message is only announced in the inbox', async () => {
  const bed = await rig()
  const blob = { handle: 'b'.repeat(21), size: 20_000, sha256: '0'.repeat(64), mediaType: 'text/markdown' }
  bed.client.emit('message', message({ blob }))
  expect(await read(bed, 'bellhop://inbox')).toContain('call check to get it as a file')
})

test('subscribers to the inbox hear the bell; others do not', async () => {
  const bed = await rig({ registered: null })
  bed.client.attach('claude', { enabled: true, minutes: 0 })
  const heard: string[] = []
  let wake: (() => void) | undefined
  bed.mcp.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    heard.push(params.uri)
    wake?.()
  })
  bed.client.emit('message', message())
  bed.clock.advance(0)
  await bed.mcp.ping()
  expect(heard).toEqual([])
  await bed.mcp.subscribeResource({ uri: 'bellhop://inbox' })
  const rung = new Promise<void>((resolve) => (wake = resolve))
  bed.client.emit('message', message())
  bed.clock.advance(0)
  await rung
  expect(heard).toEqual(['bellhop://inbox'])
  await bed.mcp.unsubscribeResource({ uri: 'bellhop://inbox' })
  bed.client.emit('message', message())
  bed.clock.advance(0)
  await bed.mcp.ping()
  expect(heard).toHaveLength(1)
})

test('bellhop://status works without a hub and without a name', async () => {
  const bed = await rig({ registered: null })
  expect(await read(bed, 'bellhop://status')).toMatch(/no name yet[^]*hub_unreachable: No hub answers\.\nNext step:/)
})

test('bellhop://agents lists who is there', async () => {
  const bed = await rig()
  await expect(read(bed, 'bellhop://agents')).rejects.toThrow('Next step: Start one')
  bed.client.answers.list = () =>
    methods.list.result.parse({
      agents: [{ name: 'rose', online: true, routes: ['wait'], lastSeenAt: '2026-11-22T12:00:00.000Z' }],
      total: 1,
      online: 1,
      more: false,
    })
  expect(await read(bed, 'bellhop://agents')).toBe('rose: online; is waiting for mail now and sees it at once')
})

test('a resource that does not exist: the error lists those that do', async () => {
  const bed = await rig()
  await expect(read(bed, 'bellhop://x')).rejects.toThrow('bellhop://inbox')
})

test('every prompt names what it is given, and asks for what it needs', async () => {
  const { mcp } = await rig()
  const listed = (await mcp.listPrompts()).prompts.map(({ name }) => name)
  expect(listed).toEqual(prompts.map(({ name }) => name))
  for (const prompt of prompts) {
    const args = Object.fromEntries(prompt.arguments.map(({ name }) => [name, `<${name}>`]))
    const { messages } = await mcp.getPrompt({ name: prompt.name, arguments: args })
    const [first] = messages
    const said = first?.content.type === 'text' ? first.content.text : ''
    for (const value of Object.values(args)) expect(said).toContain(JSON.stringify(value))
    if (prompt.arguments.some(({ required }) => required)) {
      await expect(mcp.getPrompt({ name: prompt.name })).rejects.toThrow('is missing')
    }
  }
  await expect(mcp.getPrompt({ name: 'x' })).rejects.toThrow('There are: bellhop, register')
})

test('bellhop://status waits for the name that BELLHOP_NAME asks for, and says why it has none', async () => {
  const named = await rig({ registered: null, env: { BELLHOP_NAME: 'rose' } })
  named.client.emit('state', { kind: 'ready' })
  expect(await read(named, 'bellhop://status')).toContain('This assistant is "rose".')
  const refused = await rig({ registered: null, env: { BELLHOP_NAME: 'rose' }, refusal: unreachable() })
  refused.client.emit('state', { kind: 'ready' })
  expect(await read(refused, 'bellhop://status')).toContain('BELLHOP_NAME failed: hub_unreachable')
})

test('there are no resource templates, and asking for them is no error', async () => {
  const { mcp } = await rig()
  expect((await mcp.listResourceTemplates()).resourceTemplates).toEqual([])
})

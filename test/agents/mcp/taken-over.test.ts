import { Client, InMemoryTransport, type CallToolResult } from '@modelcontextprotocol/client'
import { expect, onTestFinished, test } from 'vitest'
import { createShim } from '../../../agents/mcp/shim.ts'
import type { FakeHub } from '../client/fake-hub.ts'
import { reached, startClient, startHub, temporaryHome } from '../client/harness.ts'
import { structured, text } from './rig.ts'

/** A shim with a real client on a pretended hub. */
async function shimOnHub(): Promise<{
  hub: FakeHub
  client: ReturnType<typeof startClient>['client']
  call: (name: string, args?: Record<string, unknown>) => Promise<CallToolResult>
}> {
  const hub = await startHub()
  const { client } = startClient({ address: hub.address })
  const shim = createShim({ client, home: temporaryHome(), cwd: temporaryHome() })
  const [near, far] = InMemoryTransport.createLinkedPair()
  await shim.server.connect(far)
  const mcp = new Client({ name: 'test', version: '1' })
  await mcp.connect(near)
  onTestFinished(() => mcp.close())
  return { hub, client, call: (name, args = {}) => mcp.callTool({ name, arguments: args }) }
}

test.each(['taken_over', 'revoked'] as const)('after %s every tool says so, and register goes on', async (close) => {
  const { hub, client, call } = await shimOnHub()
  await call('register', { name: 'rose' })
  hub.line.close(close)
  await reached(client, 'closed')
  for (const [tool, args] of [
    ['send', { to: 'iris', content: 'hello' }],
    ['wait', {}],
    ['history', {}],
  ] as const) {
    const { error } = structured(await call(tool, args))
    expect(error).toMatchObject({ reason: close, next: expect.stringMatching(/^Call register with /) as string })
  }
  expect(text(await call('register', { name: 'iris' }))).toContain('You are "iris" on Bellhop')
  expect((await call('send', { to: 'rose', content: 'hello' })).isError).not.toBe(true)
})

test('a name that was taken over can be taken back, and only on request', async () => {
  const { hub, client, call } = await shimOnHub()
  await call('register', { name: 'rose' })
  hub.line.close('taken_over')
  await reached(client, 'closed')
  expect(text(await call('send', { to: 'iris', content: 'x' }))).toContain('only if your user asks for that')
  await call('register', { name: 'rose', takeOver: true })
  expect(hub.all('register').map(({ name, takeOver }) => [name, takeOver])).toEqual([
    ['rose', false],
    ['rose', true],
  ])
})

test('mail of the lost name is not shown with the results of the next', async () => {
  const { hub, client, call } = await shimOnHub()
  await call('register', { name: 'rose' })
  const pushed = new Promise((resolve) => client.on('message', resolve))
  hub.line.push(7)
  await pushed
  hub.line.close('taken_over')
  await reached(client, 'closed')
  expect(structured(await call('wait')).mail).toBeUndefined()
  expect(structured(await call('register', { name: 'iris' })).mail).toBeUndefined()
})

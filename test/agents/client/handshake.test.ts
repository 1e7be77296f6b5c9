import { expect, test } from 'vitest'
import { protocolName } from '../../../protocol/index.ts'
import { answerChallenge } from '../../../agents/client/handshake.ts'
import { proof, secret } from './fake-hub.ts'
import { failureOf, reached, startClient, startHub } from './harness.ts'

test('both sides prove that they know the secret, each over its own text', async () => {
  const hub = await startHub()
  const { client, events } = startClient({ address: hub.address })
  await client.ready()
  const [hello] = hub.all('hello')
  expect(hello?.proof).toBe(proof(secret, 'client', hello?.nonce ?? ''))
  expect(hello?.proof).not.toBe(proof(secret, 'hub', hello?.nonce ?? ''))
  expect(events).toEqual(['connecting', 'authenticating', 'ready'])
})

test('a hub that does not know the secret gets no key, and no second visit', async () => {
  const hub = await startHub({ secret: 'quite another secret than ours' })
  const { client, clock } = startClient({ address: hub.address })
  const registering = failureOf(client.register({ name: 'rose' }))
  expect((await reached(client, 'closed')).cause?.reason).toBe('hub_not_genuine')
  expect((await registering).reason).toBe('hub_not_genuine')
  expect(clock.waiting).toBe(0)
  expect(hub.all('register')).toEqual([])
})

test('a hub that sends no proof at all is not genuine either', async () => {
  const hub = await startHub()
  hub.rules.hello = ({ answer }) =>
    answer({
      hub: { version: '0', revision: 1 },
      limits: { inlineBytes: 1, frameBytes: 1, blobBytes: 1, pingMs: 1 },
    })
  const { client } = startClient({ address: hub.address })
  expect((await reached(client, 'closed')).cause?.reason).toBe('hub_not_genuine')
})

test('an open hub on this machine asks for nothing and gets no proof', async () => {
  const hub = await startHub({ auth: 'open' })
  const { client } = startClient({ address: hub.address, secret: () => undefined })
  await client.ready()
  expect(hub.all('hello')[0]).not.toHaveProperty('proof')
})

test('an open hub on another machine is refused: it may be anybody [S-2]', () => {
  const challenge = { protocol: protocolName, nonce: 'x'.repeat(24), auth: 'open' } as const
  const greeting = answerChallenge(challenge, { client: { name: 'test' }, secret: undefined, local: false })
  expect(greeting).toMatchObject({ kind: 'refuse', error: { reason: 'hub_not_genuine' } })
})

test('without a secret the client says what to do, and says nothing to the hub', async () => {
  const hub = await startHub()
  const { client } = startClient({ address: hub.address, secret: () => undefined })
  const { cause } = await reached(client, 'closed')
  expect(cause).toMatchObject({ reason: 'authentication_failed' })
  expect(cause?.next).toContain('BELLHOP_SECRET')
  expect(hub.asked).toEqual([])
})

test('the secret is read at each attempt', async () => {
  const hub = await startHub()
  let reads = 0
  const { client, clock } = startClient({ address: hub.address, secret: () => (reads++, secret) })
  await client.ready()
  hub.line.cut()
  const { at } = await reached(client, 'waiting')
  clock.advance(at - clock.now())
  await client.ready()
  expect(reads).toBe(2)
})

test('a refused proof ends the client', async () => {
  const hub = await startHub()
  hub.rules.hello = ({ refuse, line }) => {
    refuse('authentication_failed')
    line.close('authentication_failed')
  }
  const { client, clock } = startClient({ address: hub.address })
  expect((await failureOf(client.ready())).reason).toBe('authentication_failed')
  expect(clock.waiting).toBe(0)
})

test('frames that are nonsense or of a later revision are ignored', async () => {
  const hub = await startHub()
  const { client } = startClient({ address: hub.address })
  await client.ready()
  hub.line.socket.send('not json')
  hub.line.socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'novelty', params: {} }))
  hub.line.socket.send(JSON.stringify({ jsonrpc: '2.0', id: 999, result: {} }))
  hub.line.socket.send(Buffer.from([1, 2, 3]))
  hub.rules.list = ({ answer }) => answer({ agents: [], total: 0, online: 0, more: false })
  expect(await client.request('list', {})).toMatchObject({ total: 0 })
})

test('an answer of the wrong shape is an error, not a result', async () => {
  const hub = await startHub()
  const { client } = startClient({ address: hub.address })
  hub.rules.list = ({ answer }) => answer({ agents: 'many' } as never)
  expect((await failureOf(client.request('list', {}))).reason).toBe('protocol_mismatch')
})

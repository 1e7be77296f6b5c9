import { expect, test } from 'vitest'
import { sent } from './fake-hub.ts'
import { comeBack, failureOf, reached, registered, retry, startClient, startHub } from './harness.ts'

const draft = { to: 'iris', content: 'hello' }

test('a send that is cut before its answer is sent again with the same client id [D-4]', async () => {
  const { client, clock, hub } = await registered()
  delete hub.rules.send
  const sending = client.send(draft)
  await hub.next('send')
  hub.rules.send = ({ params, answer }) => answer({ ...sent(params), duplicate: true })
  await comeBack(client, clock, hub)
  expect((await sending).duplicate).toBe(true)
  const [first, second] = hub.all('send')
  expect(second).toEqual(first)
})

test('unanswered sends go out again in their order, answered ones do not', async () => {
  const { client, clock, hub } = await registered()
  hub.rules.send = ({ params, answer }) => {
    if (params.content === '2') answer(sent(params))
  }
  const sends = ['1', '2', '3', '4'].map((content) => client.send({ to: 'iris', content }))
  await sends[1]
  for (const _ of sends) await hub.next('send')
  hub.rules.send = ({ params, answer }) => answer(sent(params))
  await comeBack(client, clock, hub)
  await Promise.all(sends)
  expect(hub.all('send').map(({ content }) => content)).toEqual(['1', '2', '3', '4', '1', '3', '4'])
})

test('sends made while disconnected wait, and go out after the registration', async () => {
  const { client, clock, hub } = await registered()
  hub.line.cut()
  await reached(client, 'waiting')
  const sends = [client.send(draft), client.send(draft)]
  await retry(client, clock)
  await Promise.all(sends)
  const [first, second] = hub.all('send')
  expect(first?.clientId).not.toBe(second?.clientId)
})

test('at the deadline: not_sent where no hub has seen it', async () => {
  const { client, clock, hub } = await registered()
  hub.line.cut()
  await reached(client, 'waiting')
  const sending = failureOf(client.send(draft, { timeoutMs: 50 }))
  clock.advance(50)
  expect(await sending).toMatchObject({ reason: 'not_sent', temporary: true, details: { to: 'iris' } })
  await retry(client, clock)
  await client.send({ to: 'iris', content: 'another' })
  expect(hub.all('send').map(({ content }) => content)).toEqual(['another'])
})

test('at the deadline: unconfirmed where a hub may have it, also after the connection broke', async () => {
  const { client, clock, hub } = await registered()
  delete hub.rules.send
  const sending = failureOf(client.send(draft, { timeoutMs: 2_000 }))
  const { params } = await hub.next('send')
  hub.line.cut()
  await reached(client, 'waiting')
  clock.advance(2_000)
  expect(await sending).toMatchObject({ reason: 'unconfirmed', details: { clientId: params.clientId } })
})

test('closing rejects what is not answered, truthfully', async () => {
  const { client, hub } = await registered()
  delete hub.rules.send
  const written = failureOf(client.send(draft))
  await hub.next('send')
  hub.line.cut()
  await reached(client, 'waiting')
  const waiting = failureOf(client.send(draft))
  await client.close()
  expect((await written).reason).toBe('unconfirmed')
  expect((await waiting).reason).toBe('not_sent')
  expect((await failureOf(client.send(draft))).reason).toBe('closed')
})

test('an aborted send says whether the hub may have it', async () => {
  const { client, hub } = await registered()
  delete hub.rules.send
  const controller = new AbortController()
  const sending = failureOf(client.send(draft, { signal: controller.signal }))
  await hub.next('send')
  controller.abort()
  const error = await sending
  expect(error.reason).toBe('aborted')
  expect(error.message).toContain('may have been carried out')
  expect((await failureOf(client.send(draft, { signal: controller.signal }))).message).toContain('before')
})

test('a refusal carries everything that the hub said', async () => {
  const { client, hub } = await registered()
  hub.rules.send = ({ refuse }) =>
    refuse('rate_limited', { message: 'Slower.', next: 'Wait.', retryAfterMs: 1_500, details: { limit: 100 } })
  expect(await failureOf(client.send(draft))).toMatchObject({
    reason: 'rate_limited',
    message: 'Slower.',
    next: 'Wait.',
    temporary: true,
    retryAfterMs: 1_500,
    details: { limit: 100 },
  })
})

test('a send that a stopping hub refuses goes to its successor', async () => {
  const { client, clock, hub } = await registered()
  hub.rules.send = ({ refuse }) => refuse('shutting_down')
  const sending = client.send(draft)
  await hub.next('send')
  hub.rules.send = ({ params, answer }) => answer(sent(params))
  await comeBack(client, clock, hub)
  expect(await sending).toMatchObject({ duplicate: false })
})

test('a frame that the hub would cut the connection for is not written', async () => {
  const { client, hub } = await registered()
  const data = { text: 'x'.repeat(100_000) }
  expect((await failureOf(client.send({ to: 'iris', data }))).reason).toBe('too_large')
  await client.send(draft)
  expect(hub.lines).toHaveLength(1)
  expect(hub.all('send')).toHaveLength(1)
})

test('a send before any name was asked for is refused at once', async () => {
  const hub = await startHub()
  const { client } = startClient({ address: hub.address })
  expect((await failureOf(client.send(draft))).reason).toBe('not_registered')
})

test('a send behind a registration waits for it, and fails with it', async () => {
  const hub = await startHub()
  const { client } = startClient({ address: hub.address })
  const [, first] = await Promise.all([client.register({ name: 'rose' }), client.send(draft)])
  expect(first.seq).toBe(1)
  const other = startClient({ address: hub.address }).client
  hub.rules.register = ({ refuse }) => refuse('name_taken')
  const registering = failureOf(other.register({ name: 'iris' }))
  const sending = failureOf(other.send(draft))
  expect((await registering).reason).toBe('name_taken')
  expect((await sending).reason).toBe('not_sent')
})

test('any other request is made once: a cut before its answer rejects it', async () => {
  const { client, hub } = await registered()
  hub.rules.join = ({ line }) => line.cut()
  const error = await failureOf(client.request('join', { topic: '#garden' }))
  expect(error.reason).toBe('hub_unreachable')
  expect(error.message).toContain('may have been carried out')
  expect(hub.all('join')).toHaveLength(1)
})

test('a request made while disconnected runs when the client is back', async () => {
  const { client, clock, hub } = await registered()
  hub.rules.join = ({ params, answer }) => answer({ topic: params.topic, members: 1, joined: true })
  hub.line.cut()
  await reached(client, 'waiting')
  const joining = client.request('join', { topic: '#garden' })
  await retry(client, clock)
  await joining
  expect(client.registration?.topics).toEqual(['#garden'])
})

test('ten thousand sends at once stay within what a hub allows unanswered, and all arrive', async () => {
  const { client, hub } = await registered()
  let unanswered = 0
  let most = 0
  hub.rules.send = ({ params, answer }) => {
    most = Math.max(most, ++unanswered)
    setImmediate(() => {
      unanswered -= 1
      answer(sent(params))
    })
  }
  await Promise.all(Array.from({ length: 10_000 }, () => client.send(draft)))
  expect(hub.all('send')).toHaveLength(10_000)
  expect(most).toBeLessThanOrEqual(1_024)
})

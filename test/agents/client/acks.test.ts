import { expect, test } from 'vitest'
import type { MessageId } from '../../../protocol/index.ts'
import { attached } from './fake-hub.ts'
import { comeBack, reached, registered, roundTrip } from './harness.ts'

const ids = (...seqs: number[]): MessageId[] => seqs.map((seq) => `e1-${seq}` as MessageId)

test('acknowledgements of one turn travel together, for each state and route', async () => {
  const { client, hub } = await registered()
  await Promise.all([
    client.ack(ids(1), 'shown', 'wait'),
    client.ack(ids(2, 3), 'shown', 'wait'),
    client.ack(ids(4), 'offered', 'channel'),
  ])
  expect(hub.all('ack')).toEqual([
    { ids: ids(1, 2, 3), state: 'shown', route: 'wait' },
    { ids: ids(4), state: 'offered', route: 'channel' },
  ])
})

test('more ids than one request may hold are split, and confirmed with the last', async () => {
  const { client, hub } = await registered()
  const many = ids(...Array.from({ length: 2_500 }, (_, index) => index))
  await client.ack(many, 'shown', 'wait')
  expect(hub.all('ack').map((ack) => ack.ids.length)).toEqual([1_024, 1_024, 452])
})

test('an acknowledgement that is cut before its confirmation is repeated', async () => {
  const { client, clock, hub } = await registered()
  hub.rules.ack = ({ line }) => line.cut()
  const acking = client.ack(ids(1, 2), 'shown', 'hook')
  await reached(client, 'waiting')
  hub.rules.ack = ({ answer }) => answer({ settled: 2, waiting: 0 })
  const { at } = await reached(client, 'waiting')
  clock.advance(at - clock.now())
  await acking
  const [first, second] = hub.all('ack')
  expect(second).toEqual(first)
})

test('acknowledgements made while disconnected are kept', async () => {
  const { client, clock, hub } = await registered()
  hub.line.cut()
  const { at } = await reached(client, 'waiting')
  const acking = Promise.all([client.ack(ids(1), 'shown', 'wait'), client.ack(ids(2), 'shown', 'wait')])
  clock.advance(at - clock.now())
  await acking
  expect(hub.all('ack')).toEqual([{ ids: ids(1, 2), state: 'shown', route: 'wait' }])
})

test('one that the hub could not store is repeated later', async () => {
  const { client, clock, hub } = await registered()
  hub.rules.ack = ({ refuse }) => refuse('storage_unavailable')
  const acking = client.ack(ids(1), 'shown', 'wait')
  await hub.next('ack')
  await roundTrip(client, hub)
  hub.rules.ack = ({ answer }) => answer({ settled: 1, waiting: 0 })
  clock.advance(1_000)
  await acking
  expect(hub.all('ack')).toHaveLength(2)
})

test('what was shown is not shown again when the same ledger pushes afresh before it heard so', async () => {
  const { client, clock, hub, messages } = await registered()
  hub.line.push(1, 2)
  await roundTrip(client, hub)
  delete hub.rules.ack
  const acking = client.ack(ids(1), 'shown', 'wait')
  await hub.next('ack')
  hub.rules.resume = ({ answer, line }) => {
    answer(attached({ recovered: false }))
    line.push(1, 2)
  }
  hub.rules.ack = ({ answer }) => answer({ settled: 1, waiting: 1 })
  await comeBack(client, clock, hub)
  await acking
  await roundTrip(client, hub)
  expect(messages).toEqual(['e1-1', 'e1-2', 'e1-2'])
  expect(hub.all('ack')).toHaveLength(2)
})

test('another ledger makes them void: they resolve, and are not repeated', async () => {
  const { client, clock, hub } = await registered()
  delete hub.rules.ack
  const acking = client.ack(ids(1), 'shown', 'wait')
  await hub.next('ack')
  hub.rules.resume = ({ answer }) => answer(attached({ epoch: 'e2' }))
  await comeBack(client, clock, hub)
  await acking
  await roundTrip(client, hub)
  expect(hub.all('ack')).toHaveLength(1)
})

test('another name makes them void as well, also when their answer is still out', async () => {
  const { client, clock, hub } = await registered()
  delete hub.rules.ack
  const acking = client.ack(ids(1), 'shown', 'wait')
  await hub.next('ack')
  await client.register({ name: 'iris' })
  await acking
  await comeBack(client, clock, hub)
  await roundTrip(client, hub)
  expect(hub.all('ack')).toHaveLength(1)
})

test('close sends what waits and is confirmed before the connection ends', async () => {
  const { client, hub } = await registered()
  const acking = client.ack(ids(1), 'shown', 'wait')
  await client.close()
  await acking
  expect(hub.all('ack')).toHaveLength(1)
  expect(client.state).toEqual({ kind: 'closed', cause: undefined })
})

test('close does not wait for ever for a hub that does not confirm', async () => {
  const { client, clock, hub } = await registered()
  delete hub.rules.ack
  const acking = client.ack(ids(1), 'shown', 'wait')
  await hub.next('ack')
  const closing = client.close()
  clock.advance(500)
  await Promise.all([closing, acking])
  expect(client.state.kind).toBe('closed')
})

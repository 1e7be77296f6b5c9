import { expect, test } from 'vitest'
import { Inbox } from '../../../agents/mcp/mail/inbox.ts'
import { message } from './fake-client.ts'
import { FakeClock } from '../../support/fake-clock.ts'

function setUp(...messages: ReturnType<typeof message>[]) {
  const clock = new FakeClock()
  const inbox = new Inbox(clock)
  for (const one of messages) inbox.add(one)
  return { clock, inbox }
}

test('[D-2] two claims never hold the same message', () => {
  const [first, second] = [message(), message()]
  const { inbox } = setUp(first, second)
  let room = 1
  expect(inbox.claimWhile(() => room-- > 0)).toEqual([first])
  expect(inbox.claimWhile(() => true)).toEqual([second])
  expect(inbox.claimWhile(() => true)).toEqual([])
})

test('[D-3] mail that is given back keeps its place', () => {
  const [first, second] = [message(), message()]
  const { inbox } = setUp(first)
  inbox.claimWhile(() => true)
  inbox.add(second)
  inbox.release([first.id])
  expect(inbox.unread()).toEqual([first, second])
})

test('only claimed mail can become shown, and it is not unread again', () => {
  const one = message()
  const { inbox } = setUp(one)
  inbox.shown([one.id])
  expect(inbox.unread()).toEqual([one])
  inbox.claimWhile(() => true)
  inbox.shown([one.id])
  inbox.release([one.id])
  expect(inbox.unread()).toEqual([])
  expect(inbox.held).toBe(1)
  inbox.confirmed([one.id])
  expect(inbox.held).toBe(0)
})

test('a message that was shown before is not new when the hub repeats it', () => {
  const one = message()
  const { inbox } = setUp(one)
  expect(inbox.add(one)).toBe('held')
  inbox.claimWhile(() => true)
  inbox.shown([one.id])
  expect(inbox.add(one)).toBe('held')
  inbox.confirmed([one.id])
  expect(inbox.add(one)).toBe('shown-before')
  expect(inbox.unread()).toEqual([])
})

test('a reset drops unread mail, and claimed mail when it is given back', () => {
  const [unread, claimed] = [message(), message()]
  const { inbox } = setUp(claimed)
  inbox.claimWhile(() => true)
  inbox.add(unread)
  inbox.reset()
  inbox.release([claimed.id])
  expect(inbox.unread()).toEqual([])
  expect(inbox.held).toBe(0)
})

test('claimed mail that is pushed afresh after a reset is unread again when it is given back', () => {
  const one = message()
  const { inbox } = setUp(one)
  inbox.claimWhile(() => true)
  inbox.reset()
  inbox.add(one)
  expect(inbox.unread()).toEqual([])
  inbox.release([one.id])
  expect(inbox.unread()).toEqual([one])
})

test('a message that has expired by now is dropped', () => {
  const one = message({ expiresAt: '2026-11-22T12:00:05.000Z' })
  const { inbox, clock } = setUp(one)
  clock.advance(4_999)
  expect(inbox.unread()).toEqual([one])
  clock.advance(1)
  expect(inbox.claimWhile(() => true)).toEqual([])
  expect(inbox.held).toBe(0)
})

test('[D-9] low mail and mail that could not be fetched do not interrupt', () => {
  const low = message({ priority: 'low' })
  const { inbox } = setUp(low)
  expect(inbox.hasInterrupting()).toBe(false)
  const normal = message()
  inbox.add(normal)
  expect(inbox.hasInterrupting()).toBe(true)
  inbox.claimWhile(() => true)
  inbox.release([normal.id], { unfetched: true })
  expect(inbox.hasInterrupting()).toBe(false)
})

test('listeners hear of new mail and of mail that is given back', () => {
  const heard: string[] = []
  const { inbox } = setUp()
  const stop = inbox.onUnread(({ id }) => heard.push(id))
  const one = message()
  inbox.add(one)
  inbox.claimWhile(() => true)
  inbox.release([one.id])
  stop()
  inbox.add(message())
  expect(heard).toEqual([one.id, one.id])
})

import { expect, test } from 'vitest'
import { Bell } from '../../../agents/mcp/bell.ts'
import { Inbox } from '../../../agents/mcp/mail/inbox.ts'
import { message } from './fake-client.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const minute = 60_000

function setUp({ heard = true } = {}) {
  const clock = new FakeClock()
  const inbox = new Inbox(clock)
  const rings: { unread: number; urgent: boolean }[] = []
  const bell = new Bell({
    clock,
    unread: () => inbox.unread(),
    ringer: { ring: (mail) => heard && rings.push(mail) > 0 },
  })
  inbox.onUnread((one) => bell.arrived(one))
  const add = (priority = 'normal') => inbox.add(message({ priority }))
  return { clock, inbox, rings, bell, add }
}

test('off: it never rings, not even for urgent mail', () => {
  const { clock, rings, add } = setUp()
  add('urgent')
  clock.advance(120 * minute)
  expect(rings).toEqual([])
})

test('0 minutes: it rings at once, once for a page of mail', () => {
  const { clock, rings, bell, add } = setUp()
  bell.configure({ enabled: true, minutes: 0 })
  add()
  add()
  clock.advance(0)
  expect(rings).toEqual([{ unread: 2, urgent: false }])
  add()
  clock.advance(0)
  expect(rings).toHaveLength(2)
})

test('N minutes: one digest for each interval in which mail came', () => {
  const { clock, rings, bell, add } = setUp()
  bell.configure({ enabled: true, minutes: 5 })
  add()
  clock.advance(4 * minute)
  add()
  expect(rings).toEqual([])
  clock.advance(1 * minute)
  expect(rings).toEqual([{ unread: 2, urgent: false }])
  clock.advance(5 * minute)
  expect(rings).toHaveLength(1)
  add()
  clock.advance(5 * minute)
  expect(rings).toHaveLength(2)
})

test('mail that was shown meanwhile does not ring', () => {
  const { clock, inbox, rings, bell, add } = setUp()
  bell.configure({ enabled: true, minutes: 5 })
  add()
  inbox.claimWhile(() => true)
  clock.advance(5 * minute)
  expect(rings).toEqual([])
})

test('[D-9] urgent ignores the interval, low never rings by itself', () => {
  const { clock, rings, bell, add } = setUp()
  bell.configure({ enabled: true, minutes: 5 })
  add('low')
  clock.advance(5 * minute)
  expect(rings).toEqual([])
  add('urgent')
  clock.advance(0)
  expect(rings).toEqual([{ unread: 2, urgent: true }])
})

test('mail that a cancelled call gives back rings', () => {
  const { clock, inbox, rings, bell, add } = setUp()
  bell.configure({ enabled: true, minutes: 0 })
  add()
  const claimed = inbox.claimWhile(() => true)
  clock.advance(0)
  expect(rings).toEqual([])
  inbox.release(claimed.map(({ id }) => id))
  clock.advance(0)
  expect(rings).toHaveLength(1)
})

test('status tells the next and the last ring; the same setting again does not start the interval anew', () => {
  const { clock, bell, add } = setUp()
  const start = clock.now()
  bell.configure({ enabled: true, minutes: 5 })
  clock.advance(2 * minute)
  bell.configure({ enabled: true, minutes: 5 })
  add()
  expect(bell.status()).toEqual({
    autoCheck: { enabled: true, minutes: 5 },
    lastRingAt: undefined,
    nextRingAt: start + 5 * minute,
  })
  clock.advance(3 * minute)
  expect(bell.status()).toMatchObject({ lastRingAt: start + 5 * minute, nextRingAt: start + 10 * minute })
})

test('off or closed, no timer is left', () => {
  const { clock, rings, bell, add } = setUp()
  bell.configure({ enabled: true, minutes: 5 })
  add('urgent')
  bell.configure({ enabled: false, minutes: 0 })
  expect(clock.waiting).toBe(0)
  clock.advance(10 * minute)
  expect(rings).toEqual([])
  expect(bell.status().autoCheck.enabled).toBe(false)
})

test('a ring that nobody hears is none', () => {
  const { clock, rings, bell, add } = setUp({ heard: false })
  bell.configure({ enabled: true, minutes: 5 })
  add()
  clock.advance(5 * minute)
  expect(rings).toEqual([])
  expect(bell.status().lastRingAt).toBeUndefined()
})

import { expect, test } from 'vitest'
import { Bell } from '../../../agents/mcp/bell.ts'
import type { Ring, Ringer } from '../../../agents/mcp/routes/ringer.ts'
import { Turns } from '../../../agents/mcp/turns.ts'
import type { Priority } from '../../../protocol/index.ts'
import { Inbox } from '../../../agents/mcp/mail/inbox.ts'
import { message } from './fake-client.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const minute = 60_000

/** A ringer that writes down its rings. */
function ringer(rings: Ring[], { ready = true, wakes = true, busyMs = 10_000 } = {}) {
  const state = { ready, heard: true }
  const made: Ringer = {
    route: wakes ? 'wake' : 'resource',
    title: 'test',
    wakes,
    busyMs,
    isReady: () => state.ready,
    ring(ring) {
      if (state.heard) rings.push(ring)
      return Promise.resolve(state.heard)
    },
  }
  return { made, state }
}

function setUp() {
  const clock = new FakeClock()
  const inbox = new Inbox(clock)
  const rings: Ring[] = []
  const told: Ring[] = []
  const offered: string[] = []
  const turns = new Turns(clock)
  const waker = ringer(rings)
  const subscriber = ringer(told, { wakes: false })
  const bell = new Bell({
    clock,
    unread: () => inbox.unread(),
    ringers: () => [waker.made, ringer(rings, { ready: false }).made, subscriber.made],
    turns,
    offered: (ids, route) => offered.push(...ids.map((id) => `${id} ${route}`)),
  })
  inbox.onUnread((one) => bell.arrived(one))
  const add = (priority: Priority = 'normal') => {
    const one = message({ priority })
    inbox.add(one)
    return one
  }
  const show = () => inbox.shown(inbox.claimWhile(() => true).map(({ id }) => id))
  return { clock, inbox, rings, told, offered, turns, waker: waker.state, bell, add, show }
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

test('status tells the next and the last ring; the same setting again does not start the interval anew', async () => {
  const { clock, bell, add } = setUp()
  const start = clock.now()
  bell.configure({ enabled: true, minutes: 5 })
  clock.advance(2 * minute)
  bell.configure({ enabled: true, minutes: 5 })
  add()
  expect(bell.status()).toEqual({
    autoCheck: { enabled: true, minutes: 5 },
    lastAt: undefined,
    nextAt: start + 5 * minute,
  })
  clock.advance(3 * minute)
  await Promise.resolve()
  expect(bell.status()).toMatchObject({ lastAt: start + 5 * minute, nextAt: start + 10 * minute })
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

test('a ring that nobody hears is none, and rings again when there is somebody', async () => {
  const { clock, rings, offered, waker, bell, add } = setUp()
  waker.heard = false
  bell.configure({ enabled: true, minutes: 0 })
  const { id } = add()
  clock.advance(0)
  await Promise.resolve()
  expect(rings).toEqual([])
  expect(offered).toEqual([])
  waker.heard = true
  bell.rouse()
  clock.advance(0)
  await Promise.resolve()
  expect(rings).toHaveLength(1)
  expect(offered).toEqual([`${id} wake`])
})

test('a waker that comes later hears of mail that came before it, once', () => {
  const { clock, rings, told, waker, bell, add } = setUp()
  waker.ready = false
  bell.configure({ enabled: true, minutes: 0 })
  add()
  clock.advance(0)
  expect(rings).toEqual([])
  expect(told).toHaveLength(1)
  waker.ready = true
  bell.rouse()
  clock.advance(0)
  bell.rouse()
  clock.advance(0)
  expect(rings).toHaveLength(1)
  expect(told).toHaveLength(1)
})

test('while hooks tell of a turn at work, they get the first chance; an interrupted turn is woken all the same', () => {
  const { clock, rings, turns, bell, add, show } = setUp()
  bell.configure({ enabled: true, minutes: 0 })
  turns.saw('prompt')
  add()
  clock.advance(9_999)
  expect(rings).toEqual([])
  show()
  clock.advance(minute)
  expect(rings).toEqual([])
  // No hook shows this one: the person has stopped the turn.
  turns.saw('tool-end')
  add()
  clock.advance(10_000)
  expect(rings).toHaveLength(1)
})

test('hooks: at once all but low interrupts, and low stands beside a prompt', () => {
  const { bell, add } = setUp()
  add('low')
  expect(bell.isDue('prompt')).toBe(false)
  bell.configure({ enabled: true, minutes: 0 })
  expect([bell.isDue('tool-end'), bell.isDue('end-of-turn'), bell.isDue('prompt')]).toEqual([false, false, true])
  add()
  expect([bell.isDue('tool-end'), bell.isDue('end-of-turn')]).toEqual([true, true])
})

test('hooks: a digest is due from the end of its interval until it was shown; urgent mail is due at once', () => {
  const { clock, bell, add, show } = setUp()
  bell.configure({ enabled: true, minutes: 5 })
  add()
  expect([bell.isDue('tool-end'), bell.isDue('prompt')]).toEqual([false, false])
  clock.advance(5 * minute)
  expect(bell.isDue('tool-end')).toBe(true)
  clock.advance(2 * minute)
  expect(bell.isDue('end-of-turn')).toBe(true)
  show()
  add()
  expect(bell.isDue('tool-end')).toBe(false)
  add('urgent')
  expect(bell.isDue('tool-end')).toBe(true)
})

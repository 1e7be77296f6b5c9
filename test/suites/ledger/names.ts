import { describe, expect, it } from 'vitest'
import { hubAgent } from '../../../hub/ledger/index.ts'
import {
  claim,
  day,
  draft,
  hour,
  nameOf,
  send,
  start,
  statesOf,
  topicOf,
  unread,
  unreadContents,
  waiting,
  type OpenLedger,
} from './fixture.ts'

export function nameRules(open: OpenLedger): void {
  describe('names', () => {
    it('belong to the key that claimed them first, case ignored [S-3]', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'Alice')
      const again = { name: nameOf('ALICE'), keyHash: 'key of Alice', now: start + hour, extendTo: start }
      expect(await ledger.claim(again)).toEqual({
        kind: 'claimed',
        created: false,
        agent: { ...alice, lastSeenAt: start + hour },
      })
      expect(await ledger.claim({ ...again, keyHash: 'another' })).toEqual({
        kind: 'taken',
        forwardsTo: undefined,
        until: undefined,
      })
    })

    it('can be sent to before anybody has them; who claims one gets all, for longer', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const { message, target } = await send(ledger, alice, { to: 'Bob', content: 'early' })
      expect(target).toEqual({ kind: 'unclaimed', name: 'Bob' })
      expect(message.expiresAt).toBe(new Date(start + 7 * day).toISOString())
      await send(ledger, alice, { to: 'bob', content: 'later' })
      const full = await ledger.append(draft(alice, { to: 'bob', depth: 2 }))
      expect(full).toEqual({ kind: 'full', name: 'bob', waiting: 2 })

      const bob = await claim(ledger, 'bob', { now: start + day, extendTo: start + 31 * day })
      const mail = await unread(ledger, bob.id, start + day)
      expect(mail.map(({ content }) => content)).toEqual(['early', 'later'])
      expect(mail[0]!.expiresAt).toBe(new Date(start + 31 * day).toISOString())
      expect(await waiting(ledger, bob.id, start + day)).toBe(2)
      expect((await statesOf(ledger, alice.id, message.id)).states).toEqual({ bob: 'queued' })
    })

    it('do not bring back what expired before they were claimed', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const { message } = await send(ledger, alice, { to: 'bob', expiresAtUnclaimed: start + hour })
      await send(ledger, alice, { to: 'bob', content: 'unswept', expiresAtUnclaimed: start + 2 * hour })
      await ledger.expire({ now: start + hour, limit: 10 })
      const bob = await claim(ledger, 'bob', { now: start + 2 * hour, extendTo: start + 9 * day })
      expect(await unread(ledger, bob.id, start + 2 * hour)).toEqual([])
      expect(await waiting(ledger, bob.id, start + 2 * hour)).toBe(0)
      expect((await statesOf(ledger, alice.id, message.id)).states).toEqual({ bob: 'expired' })
    })

    it('are listed in order, a page at a time, and counted', async () => {
      const { ledger } = await open()
      for (const name of ['delta', 'Bravo', 'alpha', 'Charlie']) await claim(ledger, name)
      const first = await ledger.agents({ after: undefined, limit: 3 })
      expect(first.agents.map(({ name }) => name)).toEqual(['alpha', 'Bravo', 'Charlie'])
      expect(first.more).toBe(true)
      const second = await ledger.agents({ after: nameOf('CHARLIE'), limit: 3 })
      expect(second.agents.map(({ name }) => name)).toEqual(['delta'])
      expect(second.more).toBe(false)
      expect(await ledger.countAgents()).toBe(4)
    })

    it('are known by when they were last seen', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      await ledger.seen({ agents: [alice.id], at: start + 2 * hour })
      await ledger.seen({ agents: [alice.id, bob.id], at: start + hour })
      expect((await ledger.agent(alice.id))?.lastSeenAt).toBe(start + 2 * hour)
      expect((await ledger.agent(bob.id))?.lastSeenAt).toBe(start + hour)
      expect(await ledger.recentNames(1)).toEqual(['alice'])
    })

    it('keep how their agent wants to be told of mail', async () => {
      const { ledger, reopen } = await open()
      const alice = await claim(ledger, 'alice')
      expect(alice.autoCheck).toEqual({ enabled: true, minutes: 0 })
      await ledger.configure({ agent: alice.id, autoCheck: { enabled: false, minutes: 15 } })
      const again = reopen ? await reopen() : ledger
      expect((await again.agent(alice.id))?.autoCheck).toEqual({ enabled: false, minutes: 15 })
    })

    it('are free again once released, and their unread mail bounces', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      await ledger.openSession({ hash: 'session', agent: bob.id, now: start, expiresAt: start + day })
      const { message } = await send(ledger, alice, { to: 'bob', content: 'unread' })
      await send(ledger, { id: hubAgent, name: nameOf('bellhop') }, { to: bob.id, kind: 'notice' })
      await ledger.join({ agent: bob.id, topic: topicOf('#left'), max: 8 })
      const left = await send(ledger, alice, { to: '#left', content: 'read by nobody' })
      await ledger.leave({ agent: bob.id, topic: topicOf('#left') })
      const topic = await send(ledger, alice, { to: '#all', content: 'to whoever there is' })
      await send(ledger, bob, { to: '#all', content: 'by bob: no mail of bob’s' })
      expect(await ledger.release({ agent: bob.id, now: start + hour })).toBe(4)

      expect(await ledger.agent(bob.id)).toBeUndefined()
      expect(await ledger.session({ hash: 'session', now: start })).toBeUndefined()
      expect(await ledger.countAgents()).toBe(1)
      expect((await statesOf(ledger, alice.id, message.id)).states).toEqual({ bob: 'bounced' })
      for (const { id } of [left.message, topic.message]) {
        expect(await statesOf(ledger, alice.id, id)).toMatchObject({ states: { bob: 'bounced' } })
      }
      expect(await ledger.troubles(10)).toMatchObject(
        [message, left.message, topic.message].map(({ id }) => ({ id, state: 'bounced', recipients: ['bob'] })),
      )
      expect((await ledger.append(draft(alice, { to: bob.id }))).kind).toBe('nobody')

      const fresh = await send(ledger, alice, { to: 'bob', content: 'for the next' })
      expect(fresh.target).toEqual({ kind: 'unclaimed', name: 'bob' })
      const next = await claim(ledger, 'bob', { key: 'another' })
      expect(next.id).not.toBe(bob.id)
      expect(await unreadContents(ledger, next.id)).toEqual(['for the next'])
    })
  })
}

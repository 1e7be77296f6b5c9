import { describe, expect, it } from 'vitest'
import { claim, day, draft, hour, nameOf, send, show, start, unread, type OpenLedger } from './fixture.ts'

export function purgeRules(open: OpenLedger): void {
  describe('purge', () => {
    it('forgets what was settled before a time, and keeps the rest', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const unshown = await send(ledger, alice, { to: 'bob', expiresAt: start + 90 * day })
      const shownEarly = await send(ledger, alice, { to: 'bob' })
      const shownLate = await send(ledger, alice, { to: 'bob' })
      await show(ledger, bob.id, [shownEarly.message.id], start + hour)
      await show(ledger, bob.id, [shownLate.message.id], start + 20 * day)

      const purge = { now: start + 40 * day, before: start + 10 * day, limit: 100 }
      expect(await ledger.purge(purge)).toBe(1)
      expect(await ledger.purge(purge)).toBe(0)
      expect(await ledger.find({ agent: bob.id, id: shownEarly.message.id })).toBeUndefined()
      expect(await ledger.find({ agent: bob.id, id: shownLate.message.id })).toBeDefined()
      expect(await unread(ledger, bob.id)).toEqual([unshown.message])
      expect(await ledger.head()).toBe(3)
      expect((await send(ledger, alice, { to: 'bob' })).message.seq).toBe(4)
    })

    it('never gives a seq out again [D-3]', async () => {
      const { ledger, reopen } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const last = await send(ledger, alice, { to: 'bob' })
      await show(ledger, bob.id, [last.message.id])
      expect(await ledger.purge({ now: start + 40 * day, before: start + 10 * day, limit: 9 })).toBe(1)
      const again = reopen ? await reopen() : ledger
      expect((await send(again, alice, { to: 'bob' })).message.seq).toBe(2)
    })

    it('keeps client ids for a day whatever it is told [D-4]', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const repeated = draft(alice, { to: 'bob' })
      await ledger.append(repeated)
      await show(
        ledger,
        bob.id,
        (await unread(ledger, bob.id)).map(({ id }) => id),
      )
      expect(await ledger.purge({ now: start + day, before: start + day, limit: 9 })).toBe(0)
      expect((await ledger.append(repeated)).kind).toBe('duplicate')
      expect(await ledger.purge({ now: start + day + 1, before: start + day + 1, limit: 9 })).toBe(1)
      expect((await ledger.append(repeated)).kind).toBe('stored')
    })

    it('waits until senders were told of a bad end', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const { message } = await send(ledger, alice, { to: 'zoe', expiresAtUnclaimed: start + hour })
      await ledger.expire({ now: start + hour, limit: 9 })
      const purge = { now: start + 40 * day, before: start + 10 * day, limit: 9 }
      expect(await ledger.purge(purge)).toBe(0)
      await ledger.told((await ledger.troubles(1))[0]!)
      expect(await ledger.purge(purge)).toBe(1)
      expect(await ledger.find({ agent: alice.id, id: message.id })).toBeUndefined()
      // The mailbox went with its last message; the name works as before.
      expect((await send(ledger, alice, { to: 'zoe' })).target).toEqual({ kind: 'unclaimed', name: 'zoe' })
    })

    it('gets past old mail that has to stay', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      for (let count = 0; count < 20; count += 1) await send(ledger, alice, { to: 'bob', expiresAt: start + 90 * day })
      const { message } = await send(ledger, alice, { to: 'bob' })
      await show(ledger, bob.id, [message.id])
      const purge = { now: start + 40 * day, before: start + 10 * day, limit: 1 }
      const removed = [await ledger.purge(purge), await ledger.purge(purge), await ledger.purge(purge)]
      expect(removed).toEqual([0, 0, 1])
    })

    it('forgets a topic message when its time is over', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const { message } = await send(ledger, alice, { to: '#all', expiresAt: start + day })
      await show(ledger, bob.id, [message.id])
      const purge = { now: start + 40 * day, before: start + 10 * day, limit: 9 }
      expect(await ledger.purge(purge)).toBe(0)
      await ledger.expire({ now: start + day, limit: 9 })
      expect(await ledger.purge(purge)).toBe(1)
      expect(await ledger.find({ agent: bob.id, id: message.id })).toBeUndefined()
    })

    it('forgets forwards and sessions that have ended', async () => {
      const { ledger } = await open()
      const bob = await claim(ledger, 'old')
      const change = { agent: bob.id, to: nameOf('new'), now: start, notAfter: start, extendTo: start }
      await ledger.rename({ ...change, forwardUntil: start + hour })
      await ledger.openSession({ hash: 'h', agent: bob.id, now: start, expiresAt: start + hour })
      await ledger.purge({ now: start + hour, before: start, limit: 9 })
      expect((await send(ledger, bob, { to: 'old' })).target).toEqual({ kind: 'unclaimed', name: 'old' })
      expect(await ledger.session({ hash: 'h', now: start })).toBeUndefined()
    })
  })
}

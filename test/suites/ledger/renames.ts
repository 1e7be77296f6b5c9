import { describe, expect, it } from 'vitest'
import type { AgentId, RenameOutcome } from '../../../hub/ledger/index.ts'
import {
  claim,
  day,
  hour,
  nameOf,
  send,
  show,
  start,
  unread,
  unreadContents,
  waiting,
  type FullLedger,
  type OpenLedger,
} from './fixture.ts'

/** With forwarding for two hours, and no limit on how often. */
function rename(ledger: FullLedger, agent: AgentId, to: string, now = start): Promise<RenameOutcome> {
  const change = { agent, to: nameOf(to), now, forwardUntil: now + 2 * hour, notAfter: now, extendTo: now + 30 * day }
  return ledger.rename(change)
}

export function renameRules(open: OpenLedger): void {
  describe('renames', () => {
    it('keep the mail, and forward through every old name, over a restart', async () => {
      const { ledger, reopen } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'a')
      await send(ledger, alice, { to: 'a', content: 'to a' })
      expect(await rename(ledger, bob.id, 'b')).toEqual({ kind: 'renamed', previous: 'a', name: 'b' })
      await rename(ledger, bob.id, 'c', start + hour)
      const again = reopen ? await reopen() : ledger

      const forwarded = await send(again, alice, { to: 'A', content: 'to a again', sentAt: start + hour })
      expect(forwarded.target).toMatchObject({ kind: 'agent', agent: bob.id, name: 'c', forwardedFrom: 'A' })
      expect(forwarded.message.to).toBe('A')
      await send(again, alice, { to: 'b', content: 'to b', sentAt: start + hour })
      await send(again, alice, { to: 'c', content: 'to c', sentAt: start + hour })
      expect(await unreadContents(again, bob.id)).toEqual(['to a', 'to a again', 'to b', 'to c'])
      expect((await again.agent(bob.id))?.name).toBe('c')
    })

    it('stop forwarding at their time; then the old name is free, and its new mail is not the old agent’s', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'old')
      await rename(ledger, bob.id, 'new')
      const late = await send(ledger, alice, { to: 'old', content: 'late', sentAt: start + 2 * hour })
      expect(late.target).toEqual({ kind: 'unclaimed', name: 'old' })
      const carol = await claim(ledger, 'old', { key: 'carol', now: start + 3 * hour })
      expect(carol.id).not.toBe(bob.id)
      expect(await unreadContents(ledger, carol.id)).toEqual(['late'])
      expect(await unreadContents(ledger, bob.id)).toEqual([])
    })

    it('leave the old name to nobody else while it forwards, but to its own agent', async () => {
      const { ledger } = await open()
      const bob = await claim(ledger, 'old')
      const eve = await claim(ledger, 'eve')
      await rename(ledger, bob.id, 'new')
      const query = { name: nameOf('old'), now: start + hour, extendTo: start }
      expect(await ledger.claim({ ...query, keyHash: 'another' })).toEqual({
        kind: 'taken',
        forwardsTo: 'new',
        until: start + 2 * hour,
      })
      expect(await ledger.claim({ ...query, keyHash: 'key of old' })).toMatchObject({
        kind: 'claimed',
        created: false,
        agent: { id: bob.id, name: 'new' },
      })
      expect(await rename(ledger, eve.id, 'OLD', start + hour)).toEqual({ kind: 'taken' })
      expect(await rename(ledger, eve.id, 'new', start + hour)).toEqual({ kind: 'taken' })
      expect(await rename(ledger, bob.id, 'old', start + hour)).toEqual({
        kind: 'renamed',
        previous: 'new',
        name: 'old',
      })
      const { target } = await send(ledger, eve, { to: 'new', sentAt: start + hour })
      expect(target).toMatchObject({ agent: bob.id, name: 'old', forwardedFrom: 'new' })
    })

    it('may change the case of a name alone, and then nothing forwards', async () => {
      const { ledger } = await open()
      const bob = await claim(ledger, 'bob')
      expect(await rename(ledger, bob.id, 'BOB')).toEqual({ kind: 'renamed', previous: 'bob', name: 'BOB' })
      const { target } = await send(ledger, bob, { to: 'bob', sentAt: start + day })
      expect(target).toMatchObject({ agent: bob.id, name: 'BOB' })
      expect(target).not.toHaveProperty('forwardedFrom', expect.anything())
    })

    it('onto a name with waiting mail bring that mail too, for longer', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const early = await send(ledger, alice, { to: 'builder', content: 'for a builder' })
      await send(ledger, alice, { to: 'bob', content: 'for bob' })
      await rename(ledger, bob.id, 'builder', start + hour)
      await send(ledger, alice, { to: 'builder', content: 'for both', sentAt: start + hour })
      const mail = await unread(ledger, bob.id)
      expect(mail.map(({ content }) => content)).toEqual(['for a builder', 'for bob', 'for both'])
      expect(mail[0]!.expiresAt).toBe(new Date(start + hour + 30 * day).toISOString())
      expect(await show(ledger, bob.id, [early.message.id])).toBe(1)
      expect(await waiting(ledger, bob.id)).toBe(2)
      expect(await ledger.release({ agent: bob.id, now: start + hour })).toBe(2)
    })

    it('wait for each other: one too soon is refused with the time of the last', async () => {
      const { ledger } = await open()
      const bob = await claim(ledger, 'a')
      const change = { agent: bob.id, now: start, forwardUntil: start, notAfter: start - hour, extendTo: start }
      const both = [ledger.rename({ ...change, to: nameOf('b') }), ledger.rename({ ...change, to: nameOf('c') })]
      expect(await Promise.all(both)).toEqual([
        { kind: 'renamed', previous: 'a', name: 'b' },
        { kind: 'too_soon', renamedAt: start },
      ])
      const later = { ...change, to: nameOf('c'), now: start + hour, notAfter: start }
      expect((await ledger.rename(later)).kind).toBe('renamed')
      expect((await ledger.agent(bob.id))?.renamedAt).toBe(start + hour)
    })

    it('are decided for one of two agents that want the same name', async () => {
      const { ledger } = await open()
      const a = await claim(ledger, 'a')
      const b = await claim(ledger, 'b')
      const outcomes = await Promise.all([rename(ledger, a.id, 'c'), rename(ledger, b.id, 'c')])
      expect(outcomes.map(({ kind }) => kind)).toEqual(['renamed', 'taken'])
    })
  })
}

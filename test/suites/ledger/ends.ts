import { describe, expect, it } from 'vitest'
import { hubAgent } from '../../../hub/ledger/index.ts'
import {
  claim,
  hour,
  nameOf,
  send,
  show,
  start,
  statesOf,
  topicOf,
  unread,
  unreadContents,
  waiting,
  type OpenLedger,
} from './fixture.ts'

const due = { expiresAt: start + hour, expiresAtUnclaimed: start + hour }
const late = { now: start + hour, limit: 100 }

export function endRules(open: OpenLedger): void {
  describe('bad ends', () => {
    it('come to what was not shown in time, and to nothing that was', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const shown = await send(ledger, alice, { to: 'bob', ...due })
      const offered = await send(ledger, alice, { to: 'bob', ...due })
      const nobody = await send(ledger, alice, { to: 'nobody', ...due })
      await send(ledger, alice, { to: 'bob', content: 'in time' })
      await show(ledger, bob.id, [shown.message.id])
      await ledger.settle({ agent: bob.id, ids: [offered.message.id], state: 'offered', route: 'wake', at: start })

      expect(await ledger.expire({ now: start + hour - 1, limit: 100 })).toBe(0)
      expect(await ledger.expire({ now: start + hour, limit: 2 })).toBe(2)
      expect(await ledger.expire(late)).toBe(1)
      expect(await ledger.expire(late)).toBe(0)
      expect((await statesOf(ledger, alice.id, shown.message.id)).states).toEqual({ bob: 'shown' })
      expect((await statesOf(ledger, alice.id, offered.message.id)).states).toEqual({ bob: 'expired' })
      expect((await statesOf(ledger, alice.id, nobody.message.id)).states).toEqual({ nobody: 'expired' })
      expect(await show(ledger, bob.id, [offered.message.id])).toBe(0)
      expect(await unreadContents(ledger, bob.id)).toEqual(['in time'])
      expect(await waiting(ledger, bob.id)).toBe(1)
    })

    it('in a topic come to each member who has not read it, those who left among them', async () => {
      const { ledger } = await open()
      const [alice, bob, carol, dave] = [
        await claim(ledger, 'alice'),
        await claim(ledger, 'bob'),
        await claim(ledger, 'carol'),
        await claim(ledger, 'dave'),
      ]
      const topic = topicOf('#plans')
      for (const { id } of [alice, bob, carol, dave]) await ledger.join({ agent: id, topic, max: 64 })
      const { message } = await send(ledger, alice, { to: '#plans', content: 'gone', ...due })
      await send(ledger, alice, { to: '#plans', content: 'stays' })
      await show(ledger, bob.id, [message.id])
      await ledger.leave({ agent: dave.id, topic })
      await ledger.expire(late)
      const { states, queued } = await statesOf(ledger, alice.id, message.id)
      expect(states).toEqual({ bob: 'shown', carol: 'expired', dave: 'expired' })
      expect(queued).toBe(0)
      expect(await unreadContents(ledger, carol.id)).toEqual(['stays'])
      expect(await waiting(ledger, carol.id)).toBe(1)
      expect(await waiting(ledger, dave.id)).toBe(1)
      expect(await ledger.troubles(9)).toMatchObject([
        { id: message.id, state: 'expired', to: '#plans', recipients: ['carol', 'dave'] },
      ])
    })

    it('are listed until the sender has been told, each message and end once', async () => {
      const { ledger, reopen } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const first = await send(ledger, alice, { to: 'bob', content: 'first', ...due })
      const second = await send(ledger, alice, { to: 'zoe', content: 'second', ...due })
      await ledger.expire(late)
      const troubles = await ledger.troubles(9)
      expect(troubles).toEqual([
        {
          id: first.message.id,
          state: 'expired',
          sender: alice.id,
          to: 'bob',
          sentAt: start,
          excerpt: 'first',
          recipients: ['bob'],
        },
        expect.objectContaining({ id: second.message.id, recipients: ['zoe'] }),
      ])
      expect(await ledger.troubles(1)).toEqual([troubles[0]])
      await ledger.told(troubles[0]!)
      const again = reopen ? await reopen() : ledger
      expect(await again.troubles(9)).toEqual([troubles[1]])
      await again.told(troubles[1]!)
      expect(await again.troubles(9)).toEqual([])
      expect(await unread(again, bob.id)).toEqual([])
    })

    it('of notices trouble nobody', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      await send(ledger, { id: hubAgent, name: nameOf('bellhop') }, { to: alice.id, kind: 'notice', ...due })
      expect(await ledger.expire(late)).toBe(1)
      expect(await waiting(ledger, alice.id)).toBe(0)
      expect(await ledger.troubles(9)).toEqual([])
    })
  })
}

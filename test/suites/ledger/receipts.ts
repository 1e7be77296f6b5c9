import { describe, expect, it } from 'vitest'
import type { MessageId } from '../../../protocol/index.ts'
import { claim, send, show, start, statesOf, unread, waiting, type OpenLedger } from './fixture.ts'

const at = (milliseconds: number): string => new Date(start + milliseconds).toISOString()

export function receiptRules(open: OpenLedger): void {
  describe('receipts', () => {
    it('record every step, forward only [D-6]', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const { message } = await send(ledger, alice, { to: 'bob', content: 'long '.repeat(40) })
      const { id, seq } = message
      const moved = (wasUnread: boolean, waiting: number) => ({
        moved: [{ id, seq, sender: alice.id, direct: true, wasUnread }],
        waiting,
      })
      const unmoved = (waiting: number) => ({ moved: [], waiting })
      const step = { agent: bob.id, ids: [id], route: undefined }
      expect(await ledger.settle({ ...step, state: 'offered', route: 'channel', at: start + 1 })).toEqual(
        moved(false, 1),
      )
      expect(await ledger.settle({ ...step, state: 'offered', route: 'hook', at: start + 2 })).toEqual(unmoved(1))
      expect((await unread(ledger, bob.id))[0]!.offered).toEqual({ route: 'channel', at: at(1) })
      expect(await waiting(ledger, bob.id)).toBe(1)
      expect(await ledger.settle({ ...step, state: 'shown', route: 'hook', at: start + 3 })).toEqual(moved(true, 0))
      expect(await ledger.settle({ ...step, state: 'offered', route: 'hook', at: start + 4 })).toEqual(unmoved(0))
      expect(await ledger.settle({ ...step, state: 'answered', at: start + 5 })).toEqual(moved(false, 0))
      expect(await ledger.settle({ ...step, state: 'answered', at: start + 6 })).toEqual(unmoved(0))
      expect(await ledger.settle({ ...step, state: 'shown', route: 'hook', at: start + 7 })).toEqual(unmoved(0))

      const { receipts, more } = await ledger.receipts({ sender: alice.id, id, before: undefined, limit: 5 })
      expect(more).toBe(false)
      expect(receipts).toEqual([
        {
          id,
          to: 'bob',
          sentAt: at(0),
          excerpt: 'long '.repeat(16),
          queued: 0,
          recipients: [
            {
              name: 'bob',
              state: 'answered',
              steps: [
                { state: 'queued', at: at(0) },
                { state: 'offered', at: at(1), route: 'channel' },
                { state: 'shown', at: at(3), route: 'hook' },
                { state: 'answered', at: at(5) },
              ],
            },
          ],
        },
      ])
    })

    it('take an answer as proof that the message was shown', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const { message } = await send(ledger, alice, { to: 'bob' })
      await ledger.settle({ agent: bob.id, ids: [message.id], state: 'answered', route: undefined, at: start + 1 })
      expect(await waiting(ledger, bob.id)).toBe(0)
      const { receipts } = await ledger.receipts({ sender: alice.id, id: message.id, before: undefined, limit: 1 })
      expect(receipts[0]!.recipients[0]!.steps).toEqual([
        { state: 'queued', at: at(0) },
        { state: 'shown', at: at(1) },
        { state: 'answered', at: at(1) },
      ])
    })

    it('of a topic name those who have moved, and count the others', async () => {
      const { ledger } = await open()
      const [alice, bob, carol] = [
        await claim(ledger, 'alice'),
        await claim(ledger, 'bob'),
        await claim(ledger, 'carol'),
      ]
      await claim(ledger, 'dave')
      const { message } = await send(ledger, alice, { to: '#all' })
      expect(await show(ledger, alice.id, [message.id])).toBe(0)
      const settled = await ledger.settle({
        agent: bob.id,
        ids: [message.id],
        state: 'shown',
        route: 'wait',
        at: start,
      })
      expect(settled).toEqual({
        moved: [{ id: message.id, seq: 1, sender: alice.id, direct: false, wasUnread: true }],
        waiting: 0,
      })
      await ledger.settle({ agent: carol.id, ids: [message.id], state: 'offered', route: 'wake', at: start })
      // Whoever comes later was not in the audience.
      await claim(ledger, 'erin')
      expect(await statesOf(ledger, alice.id, message.id)).toEqual({
        states: { bob: 'shown', carol: 'offered' },
        queued: 1,
      })
    })

    it('are listed newest first, a page at a time, to the sender only', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const ids: MessageId[] = []
      for (let count = 0; count < 5; count += 1) ids.push((await send(ledger, alice, { to: 'bob' })).message.id)
      await send(ledger, bob, { to: 'alice' })
      const query = { sender: alice.id, id: undefined, limit: 2 }
      const first = await ledger.receipts({ ...query, before: undefined })
      expect(first.receipts.map(({ id }) => id)).toEqual([ids[4], ids[3]])
      expect(first.more).toBe(true)
      const last = await ledger.receipts({ ...query, before: 3, limit: 9 })
      expect(last.receipts.map(({ id }) => id)).toEqual([ids[1], ids[0]])
      expect(last.more).toBe(false)
      const others = await ledger.receipts({ sender: bob.id, id: ids[0], before: undefined, limit: 9 })
      expect(others).toEqual({ receipts: [], more: false })
    })
  })
}

import { describe, expect, it } from 'vitest'
import { Message } from '../../../protocol/index.ts'
import { hubAgent } from '../../../hub/ledger/index.ts'
import {
  claim,
  draft,
  hour,
  nameOf,
  send,
  show,
  start,
  stored,
  unread,
  unreadContents,
  waiting,
  type OpenLedger,
} from './fixture.ts'

export function mailboxRules(open: OpenLedger): void {
  describe('mailboxes', () => {
    it('stores a message and gives it to its reader until it was shown [D-2]', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const { message, target } = await send(ledger, alice, {
        to: 'Bob',
        content: 'with all',
        data: { deep: { list: [1, 'two', null] } },
        replyTo: `${ledger.epoch}-7` as Message['id'],
        thread: 'plans',
        priority: 'urgent',
      })
      expect(target).toEqual({
        kind: 'agent',
        agent: bob.id,
        name: 'bob',
        lastSeenAt: start,
        forwardedFrom: undefined,
      })
      expect(Message.parse(message)).toMatchObject({ from: 'alice', to: 'Bob', content: 'with all', thread: 'plans' })
      expect(await unread(ledger, bob.id)).toEqual([message])
      expect(await unread(ledger, bob.id)).toEqual([message])
      expect(await show(ledger, bob.id, [message.id])).toBe(1)
      expect(await unread(ledger, bob.id)).toEqual([])
      expect(await ledger.find({ agent: bob.id, id: message.id })).toEqual(message)
    })

    it('keeps everything over a restart', async () => {
      const { ledger, reopen } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const first = await send(ledger, alice, { to: 'bob', content: 'first' })
      await send(ledger, alice, { to: 'bob', content: 'second' })
      await show(ledger, bob.id, [first.message.id])
      if (!reopen) return
      const again = await reopen()
      expect(again.epoch).toBe(ledger.epoch)
      expect(await unreadContents(again, bob.id)).toEqual(['second'])
      expect(await waiting(again, bob.id)).toBe(1)
      const third = await send(again, alice, { to: 'bob', content: 'third' })
      expect(third.message.seq).toBe(3)
      expect(await again.head()).toBe(3)
    })

    it('accepts a client id once, and answers a repetition with what was stored [D-4]', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const repeated = draft(alice, { to: 'bob', content: 'once', depth: 1 })
      const [first, second] = await Promise.all([
        ledger.append(repeated),
        ledger.append({ ...repeated, content: 'other' }),
      ])
      expect(second).toEqual({ ...stored(first), kind: 'duplicate' })
      expect(await ledger.append(repeated)).toEqual(second)
      expect(await ledger.accepted({ sender: alice.id, clientId: repeated.clientId })).toEqual(stored(first))
      expect(await ledger.accepted({ sender: bob.id, clientId: repeated.clientId })).toBeUndefined()
      expect(await unreadContents(ledger, bob.id)).toEqual(['once'])
      const other = await ledger.append({ ...draft(bob, { to: 'alice' }), clientId: repeated.clientId })
      expect(other.kind).toBe('stored')
    })

    it('announces messages in the order of seq, before their sends are answered [D-3]', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      await claim(ledger, 'bob')
      const order: string[] = []
      ledger.onAppend(({ message }) => order.push(`announced ${message.seq}`))
      await Promise.all(
        Array.from({ length: 40 }, async (_, index) => {
          const { message } = await send(ledger, alice, { to: index % 2 ? 'bob' : 'carol' })
          order.push(`answered ${message.seq}`)
        }),
      )
      const announced = order.filter((line) => line.startsWith('announced'))
      expect(announced).toEqual(Array.from({ length: 40 }, (_, index) => `announced ${index + 1}`))
      for (let seq = 1; seq <= 40; seq += 1) {
        expect(order.indexOf(`announced ${seq}`)).toBeLessThan(order.indexOf(`answered ${seq}`))
      }
    })

    it('announces no duplicate, and survives a listener that throws', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const seen: number[] = []
      ledger.onAppend(() => {
        throw new Error('a bad listener')
      })
      ledger.onAppend(({ message }) => seen.push(message.seq))
      const repeated = draft(alice, { to: 'bob' })
      await ledger.append(repeated)
      await ledger.append(repeated)
      expect(seen).toEqual([1])
    })

    it('refuses what would pass the depth, except notices of the hub', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const first = await send(ledger, alice, { to: 'bob', depth: 2 })
      await send(ledger, alice, { to: 'bob', depth: 2 })
      expect(await ledger.append(draft(alice, { to: 'bob', depth: 2 }))).toEqual({
        kind: 'full',
        name: 'bob',
        waiting: 2,
      })
      const hub = { id: hubAgent, name: nameOf('bellhop') }
      await send(ledger, hub, { to: bob.id, kind: 'notice', depth: 2, content: 'notice' })
      expect(await waiting(ledger, bob.id)).toBe(3)
      await show(ledger, bob.id, (await unread(ledger, bob.id)).map(({ id }) => id).slice(0, 2))
      expect(await show(ledger, bob.id, [first.message.id])).toBe(0)
      expect((await ledger.append(draft(alice, { to: 'bob', depth: 2 }))).kind).toBe('stored')
    })

    it('pages through what is unread, and counts what stands before a position', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const sent = await Promise.all(Array.from({ length: 10 }, () => send(ledger, alice, { to: 'bob' })))
      const ids = sent.map(({ message }) => message.id)
      await show(ledger, bob.id, [ids[1]!, ids[3]!])
      const page = await ledger.unread({ agent: bob.id, after: 3, limit: 3, now: start })
      expect(page.map(({ seq }) => seq)).toEqual([5, 6, 7])
      expect(await ledger.countUnread({ agent: bob.id, upTo: 5, now: start })).toEqual({ waiting: 8, before: 3 })
      expect(await ledger.countUnread({ agent: bob.id, upTo: 99, now: start })).toEqual({ waiting: 8, before: 8 })
      await show(ledger, bob.id, ids)
      expect(await ledger.countUnread({ agent: bob.id, upTo: 5, now: start })).toEqual({ waiting: 0, before: 0 })
    })

    it('does not show what has expired, swept or not', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      await send(ledger, alice, { to: 'bob', content: 'short', expiresAt: start + hour })
      await send(ledger, alice, { to: 'bob', content: 'long' })
      expect(await unreadContents(ledger, bob.id, start + hour - 1)).toEqual(['short', 'long'])
      expect(await unreadContents(ledger, bob.id, start + hour)).toEqual(['long'])
      expect(await ledger.countUnread({ agent: bob.id, upTo: 2, now: start + hour })).toEqual({ waiting: 1, before: 1 })
      await ledger.expire({ now: start + hour, limit: 10 })
      expect(await ledger.countUnread({ agent: bob.id, upTo: 2, now: start + hour })).toEqual({ waiting: 1, before: 1 })
    })

    it('finds a message for its sender and its reader only', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const eve = await claim(ledger, 'eve')
      const { message } = await send(ledger, alice, { to: 'bob' })
      expect(await ledger.find({ agent: alice.id, id: message.id })).toEqual(message)
      expect(await ledger.find({ agent: bob.id, id: message.id })).toEqual(message)
      expect(await ledger.find({ agent: eve.id, id: message.id })).toBeUndefined()
      expect(await show(ledger, eve.id, [message.id])).toBe(0)
      const foreign = `zzzzzzzz-${message.seq}` as Message['id']
      expect(await ledger.find({ agent: bob.id, id: foreign })).toBeUndefined()
      expect(await show(ledger, bob.id, [foreign])).toBe(0)
      expect(await waiting(ledger, bob.id)).toBe(1)
    })

    it('rejects everything once it is closed', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const late = send(ledger, alice, { to: 'bob' })
      await ledger.close()
      expect((await late).message.seq).toBe(1)
      await expect(ledger.head()).rejects.toMatchObject({ name: 'LedgerError', kind: 'closed' })
    })
  })
}

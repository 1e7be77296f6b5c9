import { describe, expect, it } from 'vitest'
import {
  claim,
  draft,
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

const topic = topicOf('#plans')

export function topicRules(open: OpenLedger): void {
  describe('topics', () => {
    it('give members what is sent from then on, and nobody their own', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      expect(await ledger.join({ agent: alice.id, topic, max: 64 })).toEqual({ kind: 'joined', members: 1 })
      await expect(ledger.append(draft(alice, { to: '#plans' }))).resolves.toEqual({ kind: 'nobody' })
      const eve = await claim(ledger, 'eve')
      await send(ledger, eve, { to: '#plans', content: 'before' })
      expect(await ledger.join({ agent: bob.id, topic: topicOf('#PLANS'), max: 64 })).toEqual({
        kind: 'joined',
        members: 2,
      })
      expect(await ledger.join({ agent: bob.id, topic, max: 64 })).toEqual({ kind: 'already', members: 2 })
      const { target } = await send(ledger, alice, { to: '#Plans', content: 'after' })
      expect(target).toEqual({ kind: 'topic', topic: '#Plans', recipients: 1, bounced: [] })
      expect(await unreadContents(ledger, alice.id)).toEqual(['before'])
      expect(await unreadContents(ledger, bob.id)).toEqual(['after'])
      expect(await waiting(ledger, alice.id)).toBe(1)
    })

    it('do not count an agent that has given its name up, however late it joins', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      await ledger.release({ agent: bob.id, now: start })
      expect(await ledger.join({ agent: bob.id, topic, max: 64 })).toEqual({ kind: 'gone' })
      expect(await ledger.join({ agent: alice.id, topic, max: 64 })).toEqual({ kind: 'joined', members: 1 })
    })

    it('merge with the mailbox in the order of seq, page by page', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      for (const name of ['#one', '#two', '#three']) await ledger.join({ agent: bob.id, topic: topicOf(name), max: 64 })
      const places = ['#three', 'bob', '#one', '#all', '#two', 'bob', '#one', '#three']
      for (const [index, to] of [...places, ...places].entries()) await send(ledger, alice, { to, content: `${index}` })
      const contents: string[] = []
      for (let after = 0; ;) {
        const page = await ledger.unread({ agent: bob.id, after, limit: 3, now: start })
        if (page.length === 0) break
        contents.push(...page.map(({ content }) => content))
        after = page.at(-1)!.seq
      }
      expect(contents).toEqual(Array.from({ length: 16 }, (_, index) => `${index}`))
      expect(await ledger.countUnread({ agent: bob.id, upTo: 5, now: start })).toEqual({ waiting: 16, before: 5 })
    })

    it('keep what came readable after leaving, and nothing of the time between leaving and joining again', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const eve = await claim(ledger, 'eve')
      for (const agent of [bob.id, eve.id]) await ledger.join({ agent, topic, max: 64 })
      const first = await send(ledger, alice, { to: '#plans', content: 'while in' })
      expect(await ledger.leave({ agent: bob.id, topic })).toBe(true)
      expect(await ledger.leave({ agent: bob.id, topic })).toBe(false)
      const between = await send(ledger, alice, { to: '#plans', content: 'while away' })
      await ledger.join({ agent: bob.id, topic, max: 64 })
      await send(ledger, alice, { to: '#plans', content: 'back again' })
      expect(await unreadContents(ledger, bob.id)).toEqual(['while in', 'back again'])
      expect(await waiting(ledger, bob.id)).toBe(2)
      expect(await show(ledger, bob.id, [first.message.id, between.message.id])).toBe(1)
      expect(await ledger.find({ agent: bob.id, id: between.message.id })).toBeUndefined()
      expect(await unreadContents(ledger, bob.id)).toEqual(['back again'])
      expect(await waiting(ledger, bob.id)).toBe(1)
    })

    it('are listed, and limited in number without #all', async () => {
      const { ledger } = await open()
      const bob = await claim(ledger, 'bob')
      expect(await ledger.topics(bob.id)).toEqual(['#all'])
      await ledger.join({ agent: bob.id, topic, max: 1 })
      expect(await ledger.join({ agent: bob.id, topic: topicOf('#more'), max: 1 })).toEqual({ kind: 'too_many' })
      expect(await ledger.join({ agent: bob.id, topic, max: 1 })).toMatchObject({ kind: 'already' })
      expect(await ledger.topics(bob.id)).toEqual(['#all', '#plans'])
      await ledger.leave({ agent: bob.id, topic })
      expect(await ledger.topics(bob.id)).toEqual(['#all'])
    })

    it('reach everyone who is registered at that time through #all', async () => {
      const { ledger, reopen } = await open()
      const alice = await claim(ledger, 'alice')
      expect((await ledger.append(draft(alice, { to: '#all' }))).kind).toBe('nobody')
      const bob = await claim(ledger, 'bob')
      const { message, target } = await send(ledger, alice, { to: '#all', content: 'all' })
      expect(target).toMatchObject({ recipients: 1 })
      const carol = await claim(ledger, 'carol')
      const again = reopen ? await reopen() : ledger
      expect(await unread(again, bob.id)).toEqual([message])
      expect(await unread(again, carol.id)).toEqual([])
      await again.release({ agent: carol.id, now: start })
      expect((await send(again, alice, { to: '#all' })).target).toMatchObject({ recipients: 1 })
    })

    it('bounce for members whose share is full, and for them alone', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const carol = await claim(ledger, 'carol')
      for (const { id } of [alice, bob, carol]) await ledger.join({ agent: id, topic, max: 64 })
      const sent = []
      for (const content of ['1', '2']) sent.push(await send(ledger, alice, { to: '#plans', content, depth: 2 }))
      await show(ledger, carol.id, [sent[0]!.message.id])
      const third = await send(ledger, alice, { to: '#plans', content: '3', depth: 2 })
      expect(third.target).toMatchObject({ recipients: 2, bounced: [bob.id] })
      expect(await unreadContents(ledger, bob.id)).toEqual(['1', '2'])
      expect(await unreadContents(ledger, carol.id)).toEqual(['2', '3'])
      expect(await waiting(ledger, bob.id)).toBe(2)
      expect(await statesOf(ledger, alice.id, third.message.id)).toEqual({ states: { bob: 'bounced' }, queued: 1 })
      expect(await show(ledger, bob.id, [third.message.id])).toBe(0)
      await show(ledger, bob.id, [sent[0]!.message.id])
      // Carol's share is full by now, Bob's has room again, and what Alice sent herself fills nothing.
      expect((await send(ledger, alice, { to: '#plans', content: '4', depth: 2 })).target).toMatchObject({
        bounced: [carol.id],
      })
      expect(await unreadContents(ledger, bob.id)).toEqual(['2', '4'])
      expect((await send(ledger, bob, { to: '#plans', content: '5', depth: 1 })).target).toMatchObject({
        bounced: [carol.id],
      })
      expect(await unreadContents(ledger, alice.id)).toEqual(['5'])
    })

    it('count a repeated send once [D-4]', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const repeated = draft(alice, { to: '#all', depth: 1 })
      const first = await ledger.append(repeated)
      expect(await ledger.append(repeated)).toEqual({ ...first, kind: 'duplicate' })
      expect(await waiting(ledger, bob.id)).toBe(1)
      await ledger.release({ agent: bob.id, now: start })
      expect((await ledger.append(repeated)).kind).toBe('duplicate')
    })
  })
}

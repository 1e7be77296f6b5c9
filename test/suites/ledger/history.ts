import { describe, expect, it } from 'vitest'
import type { Address } from '../../../protocol/index.ts'
import type { AgentId } from '../../../hub/ledger/index.ts'
import { claim, nameOf, send, show, start, topicOf, type FullLedger, type OpenLedger } from './fixture.ts'

type Query = Partial<{ with: string; thread: string; before: number; limit: number }>

async function look(ledger: FullLedger, agent: AgentId, query: Query = {}): Promise<string> {
  const { messages, more } = await ledger.history({
    agent,
    with: query.with as Address | undefined,
    thread: query.thread,
    before: query.before,
    limit: query.limit ?? 50,
  })
  return messages.map(({ content }) => content).join(' ') + (more ? ' …' : '')
}

export function historyRules(open: OpenLedger): void {
  describe('history', () => {
    it('holds what was sent and received, newest first, read or not', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const carol = await claim(ledger, 'carol')
      const topic = topicOf('#plans')
      for (const { id } of [bob, carol]) await ledger.join({ agent: id, topic, max: 64 })
      const first = await send(ledger, alice, { to: 'bob', content: '1' })
      await send(ledger, bob, { to: 'ALICE', content: '2', thread: 'tea' })
      await send(ledger, carol, { to: '#plans', content: '3', thread: 'tea' })
      await send(ledger, bob, { to: '#plans', content: '4' })
      await send(ledger, alice, { to: 'carol', content: '5', thread: 'tea' })
      await send(ledger, bob, { to: 'bob', content: '6' })
      await show(ledger, bob.id, [first.message.id])

      expect(await look(ledger, bob.id)).toBe('6 4 3 2 1')
      expect(await look(ledger, bob.id, { limit: 2 })).toBe('6 4 …')
      expect(await look(ledger, bob.id, { before: 4, limit: 2 })).toBe('3 2 …')
      expect(await look(ledger, bob.id, { with: 'Alice' })).toBe('2 1')
      expect(await look(ledger, bob.id, { with: 'carol' })).toBe('3')
      expect(await look(ledger, bob.id, { with: 'bob' })).toBe('6')
      expect(await look(ledger, bob.id, { with: '#PLANS' })).toBe('4 3')
      expect(await look(ledger, bob.id, { thread: 'tea' })).toBe('3 2')
      expect(await look(ledger, bob.id, { thread: 'tea', with: 'alice' })).toBe('2')
      expect(await look(ledger, alice.id, { thread: 'tea' })).toBe('5 2')
      expect(await look(ledger, alice.id)).toBe('5 2 1')
      expect(await look(ledger, carol.id, { with: '#plans' })).toBe('4 3')
    })

    it('goes with the agent through renames', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      await send(ledger, alice, { to: 'bob', content: '1' })
      const change = { now: start, forwardUntil: start + 1, notAfter: start, extendTo: start }
      await ledger.rename({ ...change, agent: bob.id, to: nameOf('rob') })
      await send(ledger, alice, { to: 'rob', content: '2' })
      expect(await look(ledger, bob.id)).toBe('2 1')
      expect(await look(ledger, alice.id, { with: 'bob' })).toBe('1')
    })
  })
}

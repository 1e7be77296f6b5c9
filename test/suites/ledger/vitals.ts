import { array, assert, asyncProperty, constant, constantFrom, nat, oneof, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Blob } from '../../../protocol/index.ts'
import type { AgentRecord } from '../../../hub/ledger/index.ts'
import { claim, draft, hour, send, show, start, topicOf, unread, type FullLedger, type OpenLedger } from './fixture.ts'

/** What waits for these agents, by asking each for its mail: `sentAt` of all messages. */
async function waitingFor(ledger: FullLedger, agents: readonly AgentRecord[]): Promise<{ sent: number[] }> {
  const mail = await Promise.all(agents.map(({ id }) => unread(ledger, id)))
  return { sent: mail.flat().map(({ sentAt }) => Date.parse(sentAt)) }
}

async function check(ledger: FullLedger, agents: readonly AgentRecord[]): Promise<void> {
  const { sent } = await waitingFor(ledger, agents)
  const { waiting, oldestSentAt } = await ledger.vitals()
  expect(waiting.mailboxes + waiting.topics).toBe(sent.length)
  expect(oldestSentAt).toBe(sent.length === 0 ? undefined : Math.min(...sent))
}

export function vitalsRules(open: OpenLedger): void {
  describe('vitals', () => {
    it('are those of an empty ledger at first', async () => {
      const { ledger } = await open()
      expect(await ledger.vitals()).toEqual({
        waiting: { mailboxes: 0, topics: 0 },
        oldestSentAt: undefined,
        agents: 0,
        blobs: { count: 0, bytes: 0 },
      })
    })

    it('count mail for names that nobody has, and each member of a topic; what ends waits no longer', async () => {
      const { ledger } = await open()
      const [alice, bob, carol] = [
        await claim(ledger, 'alice'),
        await claim(ledger, 'bob'),
        await claim(ledger, 'carol'),
      ]
      await send(ledger, alice, { to: 'nobody', sentAt: start + 1, expiresAtUnclaimed: start + hour })
      await send(ledger, alice, { to: '#all', sentAt: start + 2, expiresAt: start + hour })
      const direct = await send(ledger, alice, { to: 'bob', sentAt: start + 3 })
      await send(ledger, alice, { to: 'carol', sentAt: start + 4 })
      expect(await ledger.vitals()).toMatchObject({
        waiting: { mailboxes: 3, topics: 2 },
        oldestSentAt: start + 1,
        agents: 3,
      })
      await ledger.expire({ now: start + hour, limit: 100 })
      expect(await ledger.vitals()).toMatchObject({ waiting: { mailboxes: 2, topics: 0 }, oldestSentAt: start + 3 })
      await show(ledger, bob.id, [direct.message.id])
      expect(await ledger.vitals()).toMatchObject({ waiting: { mailboxes: 1, topics: 0 }, oldestSentAt: start + 4 })
      await ledger.release({ agent: carol.id, now: start + hour })
      const nothing = await ledger.vitals()
      expect(nothing.waiting).toEqual({ mailboxes: 0, topics: 0 })
      expect(nothing.oldestSentAt).toBeUndefined()
    })

    it('are asked for in the middle of what they tell of, and over a restart', async () => {
      const { ledger, reopen } = await open()
      const alice = await claim(ledger, 'alice')
      await claim(ledger, 'bob')
      const [, during, ,] = await Promise.all([
        ledger.append(draft(alice, { to: 'bob', sentAt: start + 1 })),
        ledger.vitals(),
        ledger.append(draft(alice, { to: '#all', sentAt: start + 2 })),
        ledger.append(draft(alice, { to: 'bob', sentAt: start + 3 })),
      ])
      expect(during).toMatchObject({ waiting: { mailboxes: 1, topics: 0 }, oldestSentAt: start + 1 })
      const whole = { waiting: { mailboxes: 2, topics: 1 }, oldestSentAt: start + 1, agents: 2 }
      expect(await ledger.vitals()).toMatchObject(whole)
      if (reopen) expect(await (await reopen()).vitals()).toMatchObject(whole)
    })

    it('count blobs and their bytes', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const blob = (handle: string, size: number): Blob => ({
        handle: handle.padEnd(21, '-'),
        size,
        sha256: 'a'.repeat(64),
        mediaType: 'text/plain',
      })
      await ledger.addBlob({ ...blob('first', 20), owner: alice.id, at: start })
      expect((await ledger.vitals()).blobs).toEqual({ count: 1, bytes: 20 })
      await ledger.addBlob({ ...blob('second', 300), owner: alice.id, at: start + hour })
      expect((await ledger.vitals()).blobs).toEqual({ count: 2, bytes: 320 })
      await ledger.dropOrphanBlobs({ before: start + hour, limit: 9 })
      expect((await ledger.vitals()).blobs).toEqual({ count: 1, bytes: 300 })
    })

    it('are what the mail of all agents says, after any sequence of sends, reads, joins and ends', async () => {
      const who = nat({ max: 2 })
      const step = oneof(
        {
          weight: 4,
          arbitrary: record({ kind: constant('send' as const), who, to: constantFrom('#all', '#x', 'a0', 'a1') }),
        },
        { weight: 4, arbitrary: record({ kind: constant('show' as const), who, pick: nat() }) },
        { weight: 1, arbitrary: record({ kind: constantFrom('join' as const, 'leave' as const), who }) },
        { weight: 1, arbitrary: record({ kind: constant('ask' as const) }) },
      )
      await assert(
        asyncProperty(array(step, { maxLength: 60 }), async (steps) => {
          const { ledger } = await open()
          const agents: AgentRecord[] = []
          for (const name of ['a0', 'a1', 'a2']) agents.push(await claim(ledger, name))
          let sentAt = start
          for (const step of steps) {
            if (step.kind === 'ask') {
              await check(ledger, agents)
              continue
            }
            const agent = agents[step.who]!
            if (step.kind === 'send') {
              sentAt += 1
              await ledger.append(draft(agent, { to: step.to, sentAt, depth: 4 }))
            } else if (step.kind === 'show') {
              const mail = await unread(ledger, agent.id)
              if (mail.length > 0) await show(ledger, agent.id, [mail[step.pick % mail.length]!.id])
            } else if (step.kind === 'join') await ledger.join({ agent: agent.id, topic: topicOf('#x'), max: 9 })
            else await ledger.leave({ agent: agent.id, topic: topicOf('#x') })
          }
          await check(ledger, agents)
        }),
        { numRuns: 8 },
      )
    })
  })
}

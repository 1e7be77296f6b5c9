import { array, assert, asyncProperty, constant, constantFrom, nat, oneof, record, type Arbitrary } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MessageId } from '../../../protocol/index.ts'
import type { AgentRecord } from '../../../hub/ledger/index.ts'
import {
  claim,
  draft,
  show,
  start,
  topicOf,
  unreadContents,
  waiting,
  type FullLedger,
  type OpenLedger,
} from './fixture.ts'

const readers = 3
const topic = topicOf('#x')
const depth = 4

const who = nat({ max: readers - 1 })
const step = oneof(
  { weight: 2, arbitrary: record({ kind: constant('mail' as const), from: who, to: who }) },
  { weight: 2, arbitrary: record({ kind: constant('post' as const), from: who, to: constantFrom('#all', '#x') }) },
  { weight: 3, arbitrary: record({ kind: constant('show' as const), who, pick: nat() }) },
  { weight: 1, arbitrary: record({ kind: constantFrom('join' as const, 'leave' as const), who }) },
)
type Step = typeof step extends Arbitrary<infer S> ? S : never

/** One reader as it should be: what it has unread, in order, and from where. */
interface Reader {
  readonly agent: AgentRecord
  readonly unread: { readonly id: MessageId; readonly content: string; place: string }[]
  inTopic: boolean
}

const isFull = (reader: Reader, place: string): boolean =>
  reader.unread.filter((message) => message.place === place).length >= depth

/** Sends on both sides: the ledger must accept, refuse and bounce as the model does. */
async function send(ledger: FullLedger, from: Reader, to: string, place: string, due: Reader[]): Promise<void> {
  const message = draft(from.agent, { to, depth })
  const outcome = await ledger.append({ ...message, content: message.clientId })
  const full = due.filter((reader) => isFull(reader, place))
  if (due.length === 0) {
    expect(outcome.kind).toBe('nobody')
  } else if (place === 'mailbox' && full.length > 0) {
    expect(outcome).toMatchObject({ kind: 'full', waiting: depth })
  } else {
    if (outcome.kind !== 'stored') throw new Error(`not stored: ${outcome.kind}`)
    const bounced = outcome.target.kind === 'topic' ? outcome.target.bounced : []
    expect(new Set(bounced)).toEqual(new Set(full.map(({ agent }) => agent.id)))
    for (const reader of due) {
      if (!full.includes(reader)) {
        reader.unread.push({ id: outcome.message.id, content: message.clientId, place })
      }
    }
  }
}

/** Shows one of the messages that wait, if any does. */
async function showOne(ledger: FullLedger, { agent, unread }: Reader, pick: number): Promise<void> {
  const shown = unread.splice(pick % Math.max(1, unread.length), 1)
  expect(
    await show(
      ledger,
      agent.id,
      shown.map(({ id }) => id),
    ),
  ).toBe(shown.length)
}

async function join(ledger: FullLedger, reader: Reader): Promise<void> {
  const { kind } = await ledger.join({ agent: reader.agent.id, topic, max: 9 })
  expect(kind).toBe(reader.inTopic ? 'already' : 'joined')
  reader.inTopic = true
}

async function leave(ledger: FullLedger, reader: Reader): Promise<void> {
  expect(await ledger.leave({ agent: reader.agent.id, topic })).toBe(reader.inTopic)
  reader.inTopic = false
  // What had come stays, and takes no room from a later membership.
  for (const message of reader.unread) if (message.place === '#x') message.place = 'left'
}

async function take(ledger: FullLedger, all: readonly Reader[], step: Step): Promise<void> {
  switch (step.kind) {
    case 'mail': {
      const reader = all[step.to]!
      return send(ledger, all[step.from]!, reader.agent.name, 'mailbox', [reader])
    }
    case 'post': {
      const from = all[step.from]!
      const members = all.filter((reader) => step.to === '#all' || reader.inTopic)
      const others = members.filter((reader) => reader !== from)
      return send(ledger, from, step.to, step.to, others)
    }
    case 'show':
      return showOne(ledger, all[step.who]!, step.pick)
    case 'join':
      return join(ledger, all[step.who]!)
    case 'leave':
      return leave(ledger, all[step.who]!)
  }
}

export function modelRules(open: OpenLedger): void {
  describe('any sequence of sends, reads and settlements', () => {
    it('leaves each reader with what it has not been shown, in order', async () => {
      const { ledger } = await open()
      let run = 0
      await assert(
        asyncProperty(array(step, { maxLength: 60 }), async (steps) => {
          run += 1
          const all: Reader[] = []
          for (let index = 0; index < readers; index += 1) {
            all.push({ agent: await claim(ledger, `reader-${index}-of-${run}`), unread: [], inTopic: false })
          }
          try {
            for (const step of steps) await take(ledger, all, step)
            for (const { agent, unread } of all) {
              expect(await unreadContents(ledger, agent.id, start)).toEqual(unread.map(({ content }) => content))
              expect(await waiting(ledger, agent.id)).toBe(unread.length)
            }
          } finally {
            // So that the next run has #all to itself.
            for (const { agent } of all) await ledger.release({ agent: agent.id, now: start })
          }
        }),
        { numRuns: 40 },
      )
    })
  })
}

import type { ReceiptState } from '../../../protocol/index.ts'
import type { Event } from './event.ts'
import { pair, type Facts } from './facts.ts'
import type { Violation } from './violation.ts'

/** How far each state is on its way. `expired` and `bounced` end it where nobody had seen it. */
const ranks = { queued: 0, offered: 1, shown: 2, answered: 3, expired: 4, bounced: 4 } as const

function isForward(from: ReceiptState, to: ReceiptState): boolean {
  if (ranks[to] < 4) return ranks[from] <= ranks[to]
  return from === to || ranks[from] < ranks.shown
}

/** Receipts say what happened, all of what the hub was told of, and only move forward [D-6]. */
export function findFalseReceipts(events: readonly Event[], { letters }: Facts): Violation[] {
  const violations: Violation[] = []
  const done = { offered: new Set<string>(), shown: new Set<string>(), answered: new Set<string>() }
  /** What the hub itself has confirmed, and so must say at the end. */
  let confirmed = new Map<string, ReceiptState>()
  let inBackup = confirmed
  let told = new Map<string, ReceiptState>()

  function hear(name: string, state: ReceiptState): void {
    const before = told.get(name) ?? 'queued'
    if (!isForward(before, state)) {
      violations.push({ rule: 'receipt went back', what: `${name}, from ${before} to ${state}` })
    } else if (state in done && !done[state as keyof typeof done].has(name)) {
      violations.push({ rule: 'false receipt', what: `${name} is called ${state}, and was not` })
    }
    told.set(name, state)
  }

  for (const event of events) {
    switch (event.kind) {
      case 'sending':
        if (event.replyTo !== undefined) done.answered.add(pair(event.replyTo, event.sender))
        break
      case 'accepted': {
        const { replyTo, sender } = letters.get(event.attempt)?.sending ?? {}
        if (replyTo !== undefined && sender !== undefined) confirmed.set(pair(replyTo, sender), 'answered')
        break
      }
      case 'offering':
        done.offered.add(pair(event.id, event.agent))
        break
      case 'shown':
        done.shown.add(pair(event.id, event.agent))
        break
      case 'acknowledged': {
        const name = pair(event.id, event.agent)
        if (confirmed.get(name) !== 'answered') confirmed.set(name, 'shown')
        break
      }
      case 'receipt':
        hear(pair(event.id, event.agent), event.state)
        break
      case 'end': {
        const name = pair(event.id, event.agent)
        // The steps before the last are history: each must follow from the one before it.
        for (const [index, step] of event.steps.entries()) {
          const before = event.steps[index - 1] ?? 'queued'
          if (!isForward(before, step)) {
            violations.push({ rule: 'receipt went back', what: `${name}, in its steps ${event.steps.join(', ')}` })
          }
        }
        const last = event.steps.at(-1) ?? 'queued'
        hear(name, last)
        const owed = confirmed.get(name)
        if (owed && last !== owed && !(owed === 'shown' && last === 'answered')) {
          violations.push({ rule: 'false receipt', what: `${name} is called ${last}, and was ${owed}` })
        }
        break
      }
      case 'backup began':
        inBackup = new Map(confirmed)
        break
      case 'restored':
        confirmed = inBackup
        told = new Map(inBackup)
        break
      case 'started':
      case 'attached':
      case 'unconfirmed':
      case 'refused':
    }
  }
  return violations
}

import { closeCodes, errors, type CloseReason, type ErrorReason } from '../../protocol/index.ts'
import type { Appended } from '../ledger/ledger.ts'
import { Distribution } from './distribution.ts'
import type { Attempt, Meter, Rejection } from './meter.ts'

/** Seconds: from what a fast disk needs to what nobody should wait for. */
const timeSteps = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]
/** Operations in one batch, up to its limit. */
const batchSteps = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]

/** Every reason is there from the start: whoever watches a rate needs its zero. */
function zeros<K extends string>(of: Readonly<Record<K, unknown>>): Record<K, number> {
  return Object.fromEntries(Object.keys(of).map((key) => [key, 0])) as Record<K, number>
}

/** What has happened since this hub started: a fixed number of figures, whoever comes and whatever is said. */
export class Tally implements Meter {
  /** `notice`: the hub's own; `duplicate`: sends that were repeated. */
  readonly messages = { direct: 0, topic: 0, notice: 0, duplicate: 0 }
  readonly receipts = { offered: 0, shown: 0, answered: 0, expired: 0, bounced: 0 }
  readonly refusals = zeros<ErrorReason>(errors)
  readonly rejections: Record<Rejection, number> = { 400: 0, 403: 0, 503: 0 }
  readonly closes = zeros<CloseReason>(closeCodes)
  readonly sweeps: Record<Attempt, number> = { done: 0, failed: 0 }
  readonly backups: Record<Attempt, number> = { done: 0, failed: 0 }
  readonly pushLatency = new Distribution(timeSteps)
  readonly commitTime = new Distribution(timeSteps)
  readonly batchSize = new Distribution(batchSteps)
  pushes = 0

  appended({ message, target }: Appended): void {
    if (message.kind === 'notice') this.messages.notice += 1
    else this.messages[target.kind === 'topic' ? 'topic' : 'direct'] += 1
  }

  repeated(): void {
    this.messages.duplicate += 1
  }

  stored(ms: number): void {
    this.pushLatency.observe(ms / 1000)
  }

  pushed(): void {
    this.pushes += 1
  }

  settled(state: keyof Tally['receipts'], receipts: number): void {
    this.receipts[state] += receipts
  }

  refused(reason: ErrorReason): void {
    this.refusals[reason] += 1
  }

  rejected(status: Rejection): void {
    this.rejections[status] += 1
  }

  closed(reason: CloseReason): void {
    this.closes[reason] += 1
  }

  swept(how: Attempt): void {
    this.sweeps[how] += 1
  }

  backedUp(how: Attempt): void {
    this.backups[how] += 1
  }

  batch(operations: number, ms: number): void {
    this.batchSize.observe(operations)
    this.commitTime.observe(ms / 1000)
  }
}

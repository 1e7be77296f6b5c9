import type { AgentName } from '../protocol/index.ts'
import type { BlobStore } from './blobs.ts'
import type { Clock } from './clock.ts'
import { realTimers, type Timers } from './delivery/heartbeat.ts'
import type { Delivery } from './delivery/delivery.ts'
import { noticeDraft } from './delivery/notice.ts'
import type { Roster } from './delivery/roster.ts'
import type { Health } from './health.ts'
import type { Ledger, Trouble } from './ledger/ledger.ts'
import { errorFacts, type Log } from './log.ts'
import { isoTime } from './iso-time.ts'
import type { Meter } from './metrics/meter.ts'
import type { Settings } from './settings.ts'

/** Rows that one step takes: so that a sweep never holds up the mail. */
const step = 200
/** Steps in one sweep; what is left is taken by the next. */
const maxSteps = 500
/** An uploaded blob that no message names is kept so long. */
const orphanMs = 24 * 3_600_000
/** A session that was used is extended when it has lost this much of its life. */
const slideMs = 10 * 60_000

export interface SweeperServices {
  readonly settings: Settings
  readonly clock: Clock
  readonly log: Log
  readonly ledger: Ledger
  readonly blobs: BlobStore
  readonly roster: Roster
  readonly delivery: Delivery
  readonly health: Health
  readonly meter: Pick<Meter, 'settled' | 'swept'>
}

/** What time brings about: expiry, notices to senders, the end of history, sessions that slide. */
export class Sweeper {
  readonly #services: SweeperServices
  readonly #timers: Timers
  #timer: unknown
  #running: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(services: SweeperServices, timers: Timers = realTimers) {
    this.#services = services
    this.#timers = timers
  }

  /** Sweeps at once, and then at the interval of the settings. */
  async start(): Promise<void> {
    await this.sweep()
    if (this.#stopped) return
    this.#timer = this.#timers.setTimeout(() => void this.start(), this.#services.settings.sweepEvery)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#timers.clearTimeout(this.#timer)
    await this.#running
  }

  /** One whole sweep, behind one that is under way; never rejects. What fails is logged and tried again by the next. */
  sweep(): Promise<void> {
    this.#running = this.#running
      .then(() => this.#sweep())
      .catch((error: unknown) => {
        this.#services.meter.swept('failed')
        this.#services.health.failed(error)
        this.#services.log.error(errorFacts(error), 'a sweep failed')
      })
    return this.#running
  }

  async #sweep(): Promise<void> {
    if (this.#stopped) return
    const { settings, clock, ledger, delivery, health } = this.#services
    await this.#stayPresent()
    health.wrote()
    await this.#repeat(async () => (await ledger.expire({ now: clock.now(), limit: step })) === step)
    await this.#repeat(() => this.#tellSenders())
    const before = clock.now() - settings.history
    await this.#repeat(async () => (await ledger.purge({ now: clock.now(), before, limit: step })) === step)
    await this.#dropBlobs()
    delivery.recount()
    this.#services.meter.swept('done')
  }

  async #repeat(more: () => Promise<boolean>): Promise<void> {
    for (let steps = 0; steps < maxSteps && !this.#stopped; steps += 1) if (!(await more())) return
  }

  /** Who is online was seen now, and uses its session [S-5]. Also the write that shows whether the disk takes any. */
  async #stayPresent(): Promise<void> {
    const { ledger, roster, clock, settings } = this.#services
    const now = clock.now()
    const online = [...roster.all()]
    await ledger.seen({ agents: online.map(({ agent }) => agent), at: now })
    const expiresAt = now + settings.session
    for (const session of online) {
      if (expiresAt - session.expiresAt < Math.min(slideMs, settings.session / 2)) continue
      session.expiresAt = expiresAt
      await ledger.extendSession({ hash: session.tokenHash, expiresAt })
    }
  }

  /**
   * A notice for each bad end [D-6]. The notice is stored first, under a client id made from the
   * trouble, and then the trouble is marked as told: a crash in between repeats the notice's id, which
   * the ledger ignores.
   */
  async #tellSenders(): Promise<boolean> {
    const { ledger, settings, clock, meter } = this.#services
    const troubles = await ledger.troubles(step)
    for (const trouble of troubles) {
      await ledger.append(
        noticeDraft({
          recipient: { kind: 'agent', agent: trouble.sender },
          id: `${trouble.state}-${trouble.id}-${trouble.recipients[0]}`,
          content: noticeText(trouble),
          data: { event: trouble.state, id: trouble.id, to: trouble.to, recipients: trouble.recipients.slice(0, 20) },
          replyTo: trouble.id,
          priority: 'normal',
          now: clock.now(),
          ttl: settings.ttl,
        }),
      )
      await ledger.told(trouble)
      meter.settled(trouble.state, trouble.recipients.length)
    }
    return troubles.length === step
  }

  /** The ledger forgets a blob before its file goes, so no message ever names a file that is gone. */
  async #dropBlobs(): Promise<void> {
    const { ledger, blobs, clock } = this.#services
    const before = clock.now() - orphanMs
    for (const handle of await ledger.dropOrphanBlobs({ before, limit: step })) await blobs.remove(handle)
    // Files have the computer's times. Where its clock was just set ahead, it must not make all of them old.
    const { handles, drafts } = await blobs.olderThan(Math.min(Date.now(), clock.now()) - orphanMs)
    for (const draft of drafts) await blobs.remove(draft)
    for (const handle of handles) if (!(await ledger.hasBlob(handle))) await blobs.remove(handle)
  }
}

function noticeText({ id, state, to, sentAt, excerpt, recipients }: Trouble): string {
  const what = state === 'expired' ? 'expired before it was read' : 'bounced'
  return `Your message ${id} to ${to} of ${isoTime(sentAt)} ${what}${forWhom(to, recipients)}. It began: ${JSON.stringify(excerpt)}`
}

function forWhom(to: string, recipients: readonly AgentName[]): string {
  if (!to.startsWith('#')) return ''
  const named = recipients.slice(0, 5).join(', ')
  const others = recipients.length - 5
  return ` for ${named}${others > 0 ? ` and ${others} more` : ''}`
}

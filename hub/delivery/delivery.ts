import { encodeNotification, type Message, type Route } from '../../protocol/index.ts'
import type { Appended, Settled } from '../ledger/ledger.ts'
import { errorFacts, type Log } from '../log.ts'
import type { Meter } from '../metrics/meter.ts'
import type { Roster } from './roster.ts'
import type { Session } from './session.ts'

/** Brings what the ledger has committed to those who are online. */
export class Delivery {
  readonly #roster: Roster
  readonly #log: Log
  readonly #meter: Pick<Meter, 'pushed' | 'settled'>

  constructor(roster: Roster, log: Log, meter: Pick<Meter, 'pushed' | 'settled'>) {
    this.#roster = roster
    this.#log = log
    this.#meter = meter
  }

  /** Pushes what waits, from where the client stands. */
  start(session: Session, cursor: number, inFlight: number): void {
    this.#watch(session, session.flow.start(cursor, inFlight))
  }

  /** Mail may have appeared before what was pushed: everything unread is pushed again. */
  restart(session: Session): void {
    this.#watch(session, session.flow.restart())
  }

  /** Looks after readers that wait for acknowledgements which will never come. */
  recount(): void {
    for (const session of this.#roster.all()) this.#watch(session, session.flow.recount())
  }

  push(session: Session, message: Message): void {
    this.#push(session, encodeNotification('message', message))
  }

  #push(session: Session, frame: string): void {
    this.#meter.pushed()
    session.line.write(frame)
  }

  /** Mail that cannot be read now is safe in its mailbox: the client comes back for it. */
  #watch(session: Session, pushing: Promise<void>): void {
    pushing.catch((error: unknown) => {
      this.#log.error({ agent: session.agent, ...errorFacts(error) }, 'cannot read mail')
      session.line.close('storage_failed')
    })
  }

  /** A message is on disk: push it [D-1]. Its frame is made once, however many get it [D-8]. */
  appended({ message, sender, target }: Appended): void {
    let frame: string | undefined
    const offer = (session: Session): void => {
      session.flow.offer(message, () => this.#push(session, (frame ??= encodeNotification('message', message))))
    }
    switch (target.kind) {
      case 'agent': {
        const session = this.#roster.of(target.agent)
        if (session) offer(session)
        return
      }
      case 'topic': {
        for (const session of this.#roster.inTopic(target.topic)) {
          if (session.agent !== sender && !target.bounced.includes(session.agent)) offer(session)
        }
        return
      }
      case 'unclaimed':
        return
    }
  }

  /**
   * Receipts moved: there is room for more pushes, and senders who are online are told. Only for messages to a single name; those of a
   * topic would answer each broadcast with a flood, and are there for the asking [P-32].
   */
  settled(
    reader: Session,
    settled: readonly Settled[],
    state: 'offered' | 'shown' | 'answered',
    route: Route | undefined,
    at: string,
  ): void {
    this.#meter.settled(state, settled.length)
    const read = settled.filter(({ wasUnread }) => wasUnread).length
    if (read > 0) this.#watch(reader, reader.flow.settled(read))
    for (const { id, sender, direct } of settled) {
      if (!direct) continue
      this.#roster
        .of(sender)
        ?.line.write(encodeNotification('receipt', { id, name: reader.name, state, at, ...(route && { route }) }))
    }
  }

  presence(session: Session, online: boolean): void {
    let frame: string | undefined
    for (const other of this.#roster.all()) {
      if (!other.presence || other === session) continue
      other.line.write((frame ??= encodeNotification('presence', { name: session.name, online })))
    }
  }

  /** To the agent itself, whose other programs may not know, and to those who watch presence. */
  renamed(session: Session, previous: Session['name'], forwardsUntil: string): void {
    const frame = encodeNotification('renamed', { previous, name: session.name, forwardsUntil })
    for (const other of this.#roster.all()) {
      if (other === session || other.presence) other.line.write(frame)
    }
  }
}

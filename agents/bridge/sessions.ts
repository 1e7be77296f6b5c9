import { createHash, randomBytes } from 'node:crypto'
import { AgentName, nameKey } from '../../protocol/index.ts'
import type { Clock } from '../client/index.ts'
import { bridgeLimits } from './limits.ts'
import { errorFacts, type BridgeLog } from './log.ts'
import { readSessions, writeSessions, type SessionRow } from './session-file.ts'

export type Session = SessionRow

/**
 * The sessions of old clients, one for each name. They outlive the hub, since old clients keep their token
 * in a file and never ask whether it is still good.
 */
export class Sessions {
  readonly #file: string
  readonly #clock: Clock
  readonly #log: BridgeLog
  /** By name; in the order of their last use. */
  readonly #byName = new Map<string, Session>()
  readonly #nameOfHash = new Map<string, string>()
  #written: Promise<void> = Promise.resolve()
  #nextWrite: Promise<void> | undefined
  #cancelLater: (() => void) | undefined

  constructor({ file, clock, log }: { file: string; clock: Clock; log: BridgeLog }) {
    this.#file = file
    this.#clock = clock
    this.#log = log
    try {
      for (const session of readSessions(file)) this.#keep(session)
    } catch (error) {
      log.warn(
        { file, ...errorFacts(error) },
        'the sessions of old clients cannot be read; they have to register again',
      )
    }
  }

  /** The session of a token that is still good. */
  find(token: string | undefined): Session | undefined {
    if (token === undefined || token === '') return undefined
    // Found by its hash: what a comparison could betray is of no use to anybody.
    const name = this.#nameOfHash.get(hashOf(token))
    return name === undefined ? undefined : this.of(name)
  }

  /** The session of a name that is still good. */
  of(name: string): Session | undefined {
    const session = this.#byName.get(nameKey(name))
    if (!session || this.#clock.now() - session.usedAt < bridgeLimits.sessionMs) return session
    this.#drop(session)
    return undefined
  }

  /** Until when nobody else gets the name; undefined where that is over. A clock that was set back locks no one out. */
  heldUntil({ usedAt }: Session): number | undefined {
    const age = this.#clock.now() - usedAt
    return Math.abs(age) < bridgeLimits.presenceMs ? usedAt + bridgeLimits.presenceMs : undefined
  }

  /** A new token for a name; a former one is void. Resolves when it would survive the hub's death. */
  async open(name: AgentName): Promise<string> {
    const token = randomBytes(32).toString('base64url')
    this.#keep({ hash: hashOf(token), name, usedAt: this.#clock.now() })
    for (const oldest of this.#byName.values()) {
      if (this.#byName.size <= bridgeLimits.sessions) break
      this.#drop(oldest)
    }
    await this.#write()
    return token
  }

  use(session: Session): void {
    if (this.#byName.get(nameKey(session.name))?.hash !== session.hash) return
    this.#keep({ ...session, usedAt: this.#clock.now() })
    this.#cancelLater ??= this.#clock.after(bridgeLimits.useUnwrittenMs, () => void this.#write())
  }

  /** The agent has another name: its token goes on under that one. */
  async rename(from: string, to: string): Promise<void> {
    const session = this.#byName.get(nameKey(from))
    if (!session) return
    this.#drop(session)
    this.#keep({ ...session, name: AgentName.parse(to) })
    await this.#write()
  }

  /** Nobody has this token. */
  async discard(token: string): Promise<void> {
    const session = this.find(token)
    if (!session) return
    this.#drop(session)
    await this.#write()
  }

  /** Resolves when everything is on disk. */
  async flush(): Promise<void> {
    if (this.#cancelLater) await this.#write()
    await this.#written
  }

  #keep(session: Session): void {
    const former = this.#byName.get(nameKey(session.name))
    if (former) this.#drop(former)
    this.#byName.set(nameKey(session.name), session)
    this.#nameOfHash.set(session.hash, nameKey(session.name))
  }

  #drop({ hash, name }: Session): void {
    this.#byName.delete(nameKey(name))
    this.#nameOfHash.delete(hash)
  }

  /** One write at a time, and one that waits: it takes along whatever has changed until it begins. */
  #write(): Promise<void> {
    this.#nextWrite ??= this.#written = this.#writeAfter(this.#written)
    return this.#nextWrite
  }

  async #writeAfter(former: Promise<void>): Promise<void> {
    await former
    this.#nextWrite = undefined
    this.#cancelLater?.()
    this.#cancelLater = undefined
    try {
      await writeSessions(this.#file, [...this.#byName.values()])
    } catch (error) {
      // They go on working; only a restart would forget them.
      this.#log.warn({ file: this.#file, ...errorFacts(error) }, 'the sessions of old clients cannot be written')
    }
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

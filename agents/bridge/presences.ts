import { nameKey, type AgentName } from '../../protocol/index.ts'
import type { Client, ClientState, Clock } from '../client/index.ts'
import { unreachable } from '../client/failures.ts'
import type { HubDoor } from './hub-door.ts'
import { bridgeLimits } from './limits.ts'
import type { Turns } from './turns.ts'

/** A name that an old client uses: as long as it is here, the hub sees it online. */
export interface Presence {
  readonly name: AgentName
  readonly client: Client
  /** Bytes that an answer to this client may have. */
  answerBytes: number
}

interface Entry extends Presence {
  name: AgentName
  /** Resolves when the hub has given the name. */
  readonly arrived: Promise<void>
  cancelLeaving: () => void
}

interface PresencesOptions {
  readonly door: HubDoor
  readonly clock: Clock
  readonly turns: Turns
  /** The hub calls the agent otherwise now. */
  readonly renamed: (from: string, to: string) => void
}

/** The names in use, each with a client of its own, which leaves when its name was not used for a while. */
export class Presences {
  readonly #options: PresencesOptions
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>()
  readonly #leaving = new Map<string, Promise<void>>()

  constructor(options: PresencesOptions) {
    this.#options = options
  }

  /** The presence of a name, made where there is none. Rejects with `ClientError`. */
  async obtain(name: AgentName): Promise<Presence> {
    const key = nameKey(name)
    // The hub refuses a second session as long as the first is there.
    await this.#leaving.get(key)
    const entry = this.#entries.get(key) ?? this.#enter(name)
    this.#touch(entry)
    await entry.arrived
    return entry
  }

  async close(): Promise<void> {
    for (const entry of this.#entries.values()) this.#leave(entry)
    await Promise.all(this.#leaving.values())
  }

  #enter(name: AgentName): Entry {
    for (const oldest of this.#entries.values()) {
      if (this.#entries.size < bridgeLimits.presentNames) break
      this.#leave(oldest)
    }
    const client = this.#options.door.newClient()
    const entry: Entry = {
      name,
      client,
      answerBytes: bridgeLimits.answerBytes,
      arrived: this.#register(client, name),
      cancelLeaving: () => {},
    }
    this.#entries.set(nameKey(name), entry)
    entry.arrived.then(
      () => client.on('state', (state) => this.#changed(entry, state)),
      () => this.#leave(entry),
    )
    return entry
  }

  /** One after the other: the hub counts registrations, and gives those of known names back when they are done. */
  async #register(client: Client, name: AgentName): Promise<void> {
    client.start()
    const done = await this.#options.turns.take('registration', () =>
      unreachable(undefined, 'other registrations have not been answered'),
    )
    try {
      await client.register({ name }, { timeoutMs: bridgeLimits.hubMs })
    } finally {
      done()
    }
  }

  #touch(entry: Entry): void {
    entry.cancelLeaving()
    entry.cancelLeaving = this.#options.clock.after(bridgeLimits.presenceMs, () => this.#leave(entry))
    const key = nameKey(entry.name)
    this.#entries.delete(key)
    this.#entries.set(key, entry)
  }

  #changed(entry: Entry, state: ClientState): void {
    if (state.kind === 'registered' && nameKey(state.name) !== nameKey(entry.name)) this.#move(entry, state.name)
    // Without its name it is no presence any more; the next request takes the name anew, if the hub gives it.
    if (state.kind === 'ready' || state.kind === 'closed') this.#leave(entry)
  }

  #move(entry: Entry, name: string): void {
    const from = entry.name
    if (this.#entries.get(nameKey(from)) === entry) this.#entries.delete(nameKey(from))
    entry.name = name as AgentName
    this.#entries.set(nameKey(name), entry)
    this.#options.renamed(from, name)
  }

  #leave(entry: Entry): void {
    const key = nameKey(entry.name)
    if (this.#entries.get(key) !== entry) return
    entry.cancelLeaving()
    this.#entries.delete(key)
    const gone = entry.client.close().finally(() => {
      if (this.#leaving.get(key) === gone) this.#leaving.delete(key)
    })
    this.#leaving.set(key, gone)
  }
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeIncoming, FormerSecrets } from '../../protocol/index.ts'
import { createClient, type Client, type Environment } from '../client/index.ts'
import { dial } from '../client/node/dial.ts'
import { readSecret } from '../client/node/secret.ts'
import { readSettings } from '../client/settings.ts'
import type { Dial } from '../client/socket.ts'
import { bridgeLimits } from './limits.ts'
import { errorFacts, type BridgeLog } from './log.ts'

/** The hub of this home as the bridge reaches it, and what it asks of those who come. */
export class HubDoor {
  readonly home: string
  readonly #environment: Environment
  readonly #log: BridgeLog
  /** A connection without a name: it hears each challenge, so it knows whether the hub is open. */
  readonly #lookout: Client
  #isOpen = false

  constructor({ home, environment, log }: { home: string; environment: Environment; log: BridgeLog }) {
    this.home = home
    // The bridge belongs to the hub of this home, wherever this user's other programs go.
    this.#environment = { ...environment, BELLHOP_URL: undefined }
    this.#log = log
    this.#lookout = this.#client(this.#listening())
    this.#lookout.start()
  }

  /** A client for one name: nothing is pushed to it, and senders are told that nothing rings there. */
  newClient(): Client {
    return this.#client(dial)
  }

  /** Whether the hub lets programs in without a secret. Rejects with `ClientError` while it cannot be asked. */
  async isOpen(): Promise<boolean> {
    await this.#lookout.ready({ timeoutMs: bridgeLimits.hubMs })
    return this.#isOpen
  }

  /** The secrets that let in: the one in force, and those before it in their time of grace. Never log them. */
  secrets(): string[] {
    const inForce = readSecret({ ...readSettings(this.#environment), home: this.home })
    return [...(inForce === undefined ? [] : [inForce]), ...this.#formerSecrets()]
  }

  #formerSecrets(): string[] {
    try {
      const former = FormerSecrets.parse(JSON.parse(readFileSync(join(this.home, 'secret.former'), 'utf8')))
      return former.filter(({ until }) => until > Date.now()).map(({ secret }) => secret)
    } catch {
      // Nearly always there is none; one that is damaged lets nobody in.
      return []
    }
  }

  async close(): Promise<void> {
    await this.#lookout.close()
  }

  #client(dial: Dial): Client {
    return createClient({
      client: { name: 'bridge' },
      home: this.home,
      environment: this.#environment,
      autostart: false,
      window: 0,
      routes: [],
      dial,
      onError: (error) => this.#log.error(errorFacts(error), 'a client of the bridge failed'),
    })
  }

  /** The hub speaks first, and says how it authenticates [P-3]. */
  #listening(): Dial {
    return (endpoint, listener) =>
      dial(endpoint, {
        ...listener,
        text: (text) => {
          const frame = decodeIncoming(text)
          if (frame.kind === 'notification' && frame.method === 'challenge') this.#isOpen = frame.params.auth === 'open'
          listener.text(text)
        },
      })
  }
}

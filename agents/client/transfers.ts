import type { Blob } from '../../protocol/index.ts'
import { downloadBlob, uploadBlob, type BlobAbout, type BlobAccess, type Moving } from './blobs.ts'
import { ClientError, type Client } from './client.ts'
import type { Clock } from './clock.ts'
import { settledBy } from './deadline.ts'
import type { Errands } from './errands.ts'

/** Milliseconds before a transfer that failed by itself is repeated. */
const retryMs = 500

/** Moves large bodies between this client and the hub. */
export class Transfers {
  readonly #clock: Clock
  readonly #errands: Errands
  readonly #access: () => BlobAccess

  /** `access` gives the present way to the hub, or throws `ClientError`. */
  constructor(clock: Clock, errands: Errands, access: () => BlobAccess) {
    this.#clock = clock
    this.#errands = errands
    this.#access = access
  }

  /** Once, and now: for whoever repeats it by itself. */
  async store(bytes: Uint8Array, about: BlobAbout, moving: Moving): Promise<Blob> {
    return uploadBlob(this.#access(), bytes, about, moving)
  }

  upload: Client['upload'] = async (bytes, about, options = {}) =>
    this.#errands.run(options, (_, signal) =>
      this.#attempt(signal, async () => this.store(bytes, about, { ...options, signal })),
    )

  download: Client['download'] = async (blob, options = {}) =>
    this.#errands.run(options, (_, signal) =>
      this.#attempt(signal, async () => downloadBlob(this.#access(), blob, { ...options, signal })),
    )

  /** Undefined, after a pause, where the way to the hub failed and it may be repeated. */
  async #attempt<T>(signal: AbortSignal, move: () => Promise<T>): Promise<T | undefined> {
    try {
      return await move()
    } catch (error) {
      if (!(error instanceof ClientError) || error.reason !== 'hub_unreachable' || signal.aborted) throw error
      return settledBy<undefined>(signal, (resolve) => this.#clock.after(retryMs, () => resolve(undefined)))
    }
  }
}

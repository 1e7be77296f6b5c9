import type {
  Attached,
  AutoCheck,
  Blob,
  ErrorReason,
  Message,
  MessageId,
  Method,
  NotificationParams,
  ParamsInput,
  Result,
  Route,
} from '../../protocol/index.ts'

/**
 * One agent's lasting connection to a hub. It connects by itself, finds or starts the hub on the
 * default local address, comes back after every break, resumes where it was, and repeats what was not
 * acknowledged. Everything that fails rejects with `ClientError`.
 */
export interface Client {
  readonly state: ClientState
  /** The present registration, also while disconnected. */
  readonly registration: Registration | undefined

  /** Starts connecting; returns at once. */
  start(): void
  /** Resolves when the client is ready (or registered, where it was before); rejects at the deadline with `hub_unreachable`. */
  ready(options?: CallOptions): Promise<void>
  /** Sends what acknowledgements wait, at most for a moment, and closes for good. */
  close(): Promise<void>

  /**
   * Takes a name with the key kept beside this client, made at first use. Starts a client again that
   * ended with `taken_over` or `revoked`.
   */
  register(request: { name: string; takeOver?: boolean }, options?: CallOptions): Promise<Attached>
  /** Renames, and moves the stored key to the new name. */
  rename(name: string, options?: CallOptions): Promise<Result<'rename'>>
  /** Gives the name up and forgets its key. */
  release(options?: CallOptions): Promise<Result<'release'>>

  /**
   * Sends with a client message id of its own, again after each reconnect until the hub answers, so it
   * is stored once. A body over the hub's inline limit is uploaded first. At the deadline it rejects
   * with `not_sent` where no hub has seen it, or `unconfirmed` where one may have.
   */
  send(draft: SendDraft, options?: CallOptions): Promise<Result<'send'>>

  /**
   * Says what became of messages. Kept and repeated until the hub confirms it; never rejects for a lost connection. Resolves
   * when confirmed or when the client is closed.
   */
  ack(ids: readonly MessageId[], state: 'offered' | 'shown', route: Route): Promise<void>

  /** Any other method, once: rejects with `hub_unreachable` when the connection breaks before the answer. */
  request<M extends SimpleMethod>(method: M, params: ParamsInput<M>, options?: CallOptions): Promise<Result<M>>

  /** Bytes of a blob, whole. */
  download(blob: Blob, options?: CallOptions): Promise<Uint8Array>
  upload(bytes: Uint8Array, about: { mediaType: string; fileName?: string }, options?: CallOptions): Promise<Blob>

  on<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): void
  off<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): void
}

export type SimpleMethod = Exclude<Method, 'hello' | 'register' | 'resume' | 'send' | 'ack' | 'rename' | 'release'>

export interface CallOptions {
  /** Default: 15 s; 3 s after several failed attempts in a row to reach a hub that this client may not start. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Told how many bytes of a large body have moved so far; from 0 again where it had to be repeated. */
  readonly onProgress?: OnProgress
}

export type OnProgress = (done: number, total: number) => void

export type SendDraft = Omit<ParamsInput<'send'>, 'clientId'>

export interface Registration {
  readonly name: string
  readonly autoCheck: AutoCheck
  readonly topics: readonly string[]
}

/** Each state holds only its own data; one function changes it. */
export type ClientState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'authenticating' }
  /** Authenticated, without a name. `cause`: why a name that this client had is gone. */
  | { readonly kind: 'ready'; readonly cause?: ClientError }
  | { readonly kind: 'registered'; readonly name: string }
  /** `at`: milliseconds since 1970 of the next attempt. `isStarting`: a hub is being started meanwhile. */
  | {
      readonly kind: 'waiting'
      readonly at: number
      readonly attempt: number
      readonly cause: ClientError
      readonly isStarting: boolean
    }
  /**
   * No other attempt follows. Without a `cause`: closed by its owner, for good. With `taken_over` or
   * `revoked` only the name is lost: `register` starts the client again. With any other cause, another
   * attempt would not change anything.
   */
  | { readonly kind: 'closed'; readonly cause: ClientError | undefined }

export interface ClientEvents {
  state: [state: ClientState]
  /** A message that this client has not emitted before; it stays unread at the hub until `ack`. */
  message: [message: Message]
  /**
   * What was emitted and not yet acknowledged as shown is void: the hub will push afresh (another
   * ledger, or another name). Drop it.
   */
  reset: []
  receipt: [receipt: NotificationParams<'receipt'>]
  presence: [presence: NotificationParams<'presence'>]
  renamed: [renamed: NotificationParams<'renamed'>]
  attached: [attached: Attached]
}

/** Reasons of the client's own, beside those of the wire. */
export type ClientReason =
  | ErrorReason
  | 'hub_unreachable'
  | 'hub_not_genuine'
  | 'not_sent'
  | 'unconfirmed'
  | 'taken_over'
  | 'revoked'
  | 'protocol_mismatch'
  | 'aborted'
  | 'closed'

/** `message` says what happened, `next` what to do now. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly reason: ClientReason
  readonly next: string
  readonly temporary: boolean
  readonly retryAfterMs: number | undefined
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(error: {
    reason: ClientReason
    message: string
    next: string
    temporary?: boolean
    retryAfterMs?: number | undefined
    details?: Readonly<Record<string, unknown>> | undefined
  }) {
    super(error.message)
    this.reason = error.reason
    this.next = error.next
    this.temporary = error.temporary ?? false
    this.retryAfterMs = error.retryAfterMs
    this.details = error.details
  }
}

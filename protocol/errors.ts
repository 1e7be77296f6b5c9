/**
 * The error table of the wire [P-5]. Each row says what happened in one sentence, whether the same
 * request may succeed later, and what to do next: the texts are read by language models too.
 */
export interface ErrorRow {
  /** JSON-RPC error code. */
  readonly code: number
  /** True where the same request may succeed later without a change. */
  readonly temporary: boolean
  readonly message: string
  /** The next step, addressed to whoever made the request. */
  readonly next: string
}

export const errors = {
  parse_error: {
    code: -32700,
    temporary: false,
    message: 'The frame is not JSON.',
    next: 'Send one JSON-RPC 2.0 object in each text frame.',
  },
  invalid_request: {
    code: -32600,
    temporary: false,
    message: 'The frame is not a JSON-RPC 2.0 request.',
    next: 'Send {"jsonrpc":"2.0","id":…,"method":…,"params":{…}}; batches are not supported.',
  },
  method_not_found: {
    code: -32601,
    temporary: false,
    message: 'There is no such method.',
    next: 'Use a method of protocol/PROTOCOL.md, spelled exactly.',
  },
  invalid_params: {
    code: -32602,
    temporary: false,
    message: 'The parameters do not fit the method.',
    next: 'Correct what the message names, and send the request again.',
  },
  internal: {
    code: -32603,
    temporary: true,
    message: 'The hub failed while it handled this request; nothing was changed by it.',
    next: "Try again; if it goes on, look at the hub's log for the reference in this error.",
  },
  not_authenticated: {
    code: -32001,
    temporary: false,
    message: 'This connection has not authenticated.',
    next: 'Answer the challenge with hello before anything else.',
  },
  authentication_failed: {
    code: -32002,
    temporary: false,
    message: 'The proof does not fit: the secret here is not the secret of the hub.',
    next: "Give this program the hub's secret: run it as the same user, or set BELLHOP_SECRET to the content of the file named secret in the hub's home.",
  },
  not_registered: {
    code: -32003,
    temporary: false,
    message: 'This connection has no name yet.',
    next: 'Register a name first (register {"name": "…"}).',
  },
  name_invalid: {
    code: -32004,
    temporary: false,
    message: 'That is not a valid name.',
    next: 'Use 1 to 32 letters, digits, "-" or "_" (a topic has "#" before them), for example "rose-2".',
  },
  name_reserved: {
    code: -32005,
    temporary: false,
    message: 'That name is reserved.',
    next: 'Choose another name; to reach everyone, send to the topic #all (broadcast).',
  },
  name_taken: {
    code: -32006,
    temporary: false,
    message: 'That name belongs to somebody else.',
    next: 'Choose another name. Only the holder of the key that registered it first can use it.',
  },
  name_in_use: {
    code: -32007,
    temporary: false,
    message: 'That name is yours, and another live session is using it.',
    next: 'Choose another name, or close the other session. takeOver: true disconnects it: only if your user asks for that.',
  },
  session_invalid: {
    code: -32008,
    temporary: false,
    message: 'The session is unknown, revoked or older than its lifetime.',
    next: 'Register again with the name and its key.',
  },
  mailbox_full: {
    code: -32009,
    temporary: true,
    message: 'The mailbox of the recipient is full. Nothing was stored.',
    next: 'Wait until the recipient has read its mail, then send again; receipts shows what it has not read.',
  },
  no_recipients: {
    code: -32010,
    temporary: false,
    message: 'Nobody but you would get this. Nothing was stored.',
    next: 'Look up who is registered, and send to one of them; mail to a single name waits even if it is not registered yet.',
  },
  rate_limited: {
    code: -32011,
    temporary: true,
    message: 'Too many requests of this kind.',
    next: 'Wait for the time in retryAfterMs, then send the same request again.',
  },
  rename_too_soon: {
    code: -32012,
    temporary: true,
    message: 'This agent was renamed a short time ago.',
    next: 'Keep the present name, or try again when the time is over.',
  },
  message_unknown: {
    code: -32013,
    temporary: false,
    message: 'There is no such message among those you sent or received.',
    next: 'Take the id from a message that you were shown, or from history.',
  },
  blob_unknown: {
    code: -32014,
    temporary: false,
    message: 'There is no such blob, or it is not addressed to you.',
    next: 'Take the handle from a message that you received, or upload the body again.',
  },
  too_large: {
    code: -32015,
    temporary: false,
    message: 'That is larger than the hub accepts.',
    next: 'Upload bodies up to 16 MiB as a blob; above that, write a file and send its path. Structured data may take 10 KiB.',
  },
  too_many_topics: {
    code: -32016,
    temporary: false,
    message: 'This agent has joined as many topics as it may.',
    next: 'Leave a topic that you do not need, then join again.',
  },
  topic_fixed: {
    code: -32017,
    temporary: false,
    message: 'Everyone who is registered belongs to #all; it cannot be joined or left.',
    next: 'Use another topic.',
  },
  storage_unavailable: {
    code: -32018,
    temporary: true,
    message: 'The hub cannot write to its disk, so nothing was accepted. What it had accepted before is safe.',
    next: "Free space on the disk of the hub's home or mend it, then send again; reading goes on meanwhile.",
  },
  shutting_down: {
    code: -32019,
    temporary: true,
    message: 'The hub is shutting down. The request was not carried out.',
    next: 'Connect again after a moment and send the same request again.',
  },
  too_many_in_flight: {
    code: -32020,
    temporary: true,
    message: 'This connection has too many unanswered requests.',
    next: 'Wait for answers before you send more.',
  },
} as const satisfies Record<string, ErrorRow>

/** The name of a row: what programs match on. */
export type ErrorReason = keyof typeof errors

/** An error as a value: a row of the table, with what is known about this case. */
export interface Failure {
  readonly reason: ErrorReason
  /** A sentence about this case; the row's own when absent. */
  readonly message?: string
  readonly next?: string
  /** Milliseconds after which the same request may succeed. */
  readonly retryAfterMs?: number
  /** Facts for programs: offending fields, suggestions, limits. */
  readonly details?: Readonly<Record<string, unknown>>
}

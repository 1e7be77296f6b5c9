/**
 * Every number of the wire, with its unit and its reason. What an operator may change is a setting of
 * the hub and starts from here; what stands here alone is part of the protocol.
 */
export const limits = {
  /** Characters of a name or of a topic after its `#`. Source: the older project's rule. */
  nameLength: 32,
  /** Bytes of UTF-8 in an inline body; above it a message is large and its body becomes a blob. Source: the older project. */
  inlineBytes: 10 * 1024,
  /** Bytes of JSON in the structured `data` of a message: like a body, it travels with each push. */
  dataBytes: 10 * 1024,
  /** Levels of nesting in `data`. Deeper trees serve no reader and cost recursion everywhere. */
  dataDepth: 32,
  /** Bytes of one WebSocket frame. Source: OWASP's WebSocket cheat sheet, with room for a large inline body. */
  frameBytes: 256 * 1024,
  /** Bytes that a connection may send before it has authenticated: room for one `hello`, no more. */
  handshakeBytes: 4 * 1024,
  /** Milliseconds that a connection may take to authenticate. */
  handshakeMs: 5_000,
  /** Bytes of one blob. Above that, share a path or a link instead. */
  blobBytes: 16 * 1024 * 1024,
  /** Characters of the summary that stands in for a large body. */
  summaryLength: 320,
  /** Messages that a client may hold unacknowledged, at most and by default. Source: MQTT 5, Receive Maximum. */
  windowMax: 1_024,
  windowDefault: 64,
  /** Message ids in one `ack`: a whole window. */
  ackIds: 1_024,
  /** Rows in one answer of `fetch`, `history`, `receipts` or `list`. */
  pageRows: 200,
  pageRowsDefault: 50,
  /** Characters of a thread name, of a client message id, of a file name. */
  threadLength: 64,
  clientIdLength: 64,
  fileNameLength: 255,
  /** Topics that one agent may join. Each costs a lookup in every read of its mail. */
  topicsPerAgent: 64,
  /** Shortest and longest time to live that a sender may ask for, in seconds: a minute to 90 days. */
  ttlSecondsMin: 60,
  ttlSecondsMax: 90 * 24 * 3600,
  /** Longest digest interval of auto-check, in minutes. Source: the older project (1 to 60; here 0 means at once). */
  autoCheckMinutesMax: 60,
} as const

import { limits } from '../../protocol/index.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const KiB = 1024
const MiB = 1024 * KiB

/**
 * Every bound of the bridge, with its unit and what it is against. Whoever can open a socket on this
 * machine, other users among them, gets as far as the first group without having proved anything.
 */
export const bridgeLimits = {
  /** Open connections. Against a program that opens them and says nothing: the hub keeps its descriptors. */
  connections: 128,
  /**
   * Bytes of one request: a text of the largest size with the overhead of JSON. Python's encoder writes two
   * bytes of UTF-8 as six, and the rest is for the other fields.
   */
  requestBytes: 3 * limits.blobBytes + 128 * KiB,
  /** Bytes of all requests that are still arriving. Against many connections with a large request each. */
  arrivingBytes: 96 * MiB,
  /**
   * Bytes of a request outside of its strings. Against `[{},{},…]`, which takes twenty times its size once
   * it is parsed. What is large in an honest request is a text.
   */
  structureBytes: 64 * KiB,
  /** Levels of nesting: those of `data` and of the request around it. Against recursion in whatever reads it. */
  depth: limits.dataDepth + 2,
  /** Milliseconds without a byte before a request counts as given up. Against connections that are held open. */
  idleMs: 10 * second,
  /** Milliseconds for the whole request. Against one byte every nine seconds. */
  arrivalMs: 30 * second,
  /** Milliseconds that a wrong auth token waits for its answer. Against guessing: the right one never waits. */
  wrongSecretMs: 1 * second,

  /** Milliseconds for one thing that the hub has to do. */
  hubMs: 3 * second,
  /** Milliseconds for everything that a request needs: old clients hang up after 5 s, and should hear why. */
  answerMs: 4.5 * second,
  /** Milliseconds within which a check stops fetching large bodies and answers with what it has. */
  fetchingMs: 2 * second,
  /** Milliseconds for a client to take its answer and to hang up; after that it has not read it. */
  lingerMs: 3 * second,
  /** Milliseconds for requests that are under way when the bridge closes. */
  drainMs: 1 * second,
  /** Bytes of an answer: old clients read once, and no more than this. */
  answerBytes: 64 * KiB,
  /** Bytes of an answer to a client that hung up on larger ones: room for one message, whatever it holds. */
  leastAnswerBytes: 8 * KiB,
  /** Names in one list, at most: far more than fit into an answer. */
  listedNames: 4_000,

  /** Requests a minute of one name, of any kind. Source: the older project. */
  requestsPerMinute: 100,
  /** Milliseconds that a session outlives its last request. Source: the older project. */
  sessionMs: 24 * hour,
  /** Sessions that are kept; beyond that the one that was not used for longest goes. */
  sessions: 1_000,
  /** Milliseconds that a mere use of a session may go unwritten: a session of a day does not miss a minute. */
  useUnwrittenMs: 1 * minute,
  /**
   * Milliseconds that a name stays with the client that used it last: so long its senders see it online, and
   * nobody else gets it. Old clients come and go with each request, and a pause of a person or a model should
   * not make them strangers; one that was closed should soon be seen as away.
   */
  presenceMs: 5 * minute,
  /** Names that are present at once: each is a connection to the hub. */
  presentNames: 256,
} as const

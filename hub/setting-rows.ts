import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { limits } from '../protocol/index.ts'
import { addresses, amount, count, flag, list, text } from './setting-values.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** One setting: where it is read from, what it means, and what it is when nobody sets it. */
export interface Row<T extends z.ZodType> {
  /** Environment variables, the first that is set wins. The first also makes the command-line flag. */
  readonly env: readonly [string, ...string[]]
  readonly schema: T
  readonly fallback: z.output<T>
  /** From the unit in which people write it to the unit of the code. */
  readonly scale?: number
  /** What `--help` and the README show as the default. */
  readonly shown: string
  readonly meaning: string
  /** No flag: the command lines of a machine can be read by all of its users. */
  readonly environmentOnly?: true
}

function row<T extends z.ZodType>(row: Row<T>): Row<T> {
  return row
}

/**
 * Every setting of the hub, one row each: this table reads the environment and the command line,
 * prints `--help`, and is the README's table. Times are milliseconds in the code.
 */
export const settingRows = {
  home: row({
    env: ['BELLHOP_HOME'],
    schema: text,
    fallback: join(homedir(), '.bellhop'),
    shown: '~/.bellhop',
    meaning: 'folder of the database, the secret, the socket and the log',
  }),
  host: row({
    env: ['BELLHOP_HOST'],
    schema: text,
    fallback: '127.0.0.1',
    shown: '127.0.0.1',
    meaning: 'address to listen on; anything but loopback needs BELLHOP_SECRET',
  }),
  port: row({
    env: ['BELLHOP_PORT'],
    schema: count(0, 65_535),
    fallback: 9870,
    shown: '9870',
    meaning: 'TCP port for WebSocket and HTTP; 0 takes a free one',
  }),
  tcp: row({
    env: ['BELLHOP_TCP'],
    schema: z.enum(['required', 'optional'], { error: 'must be required or optional' }),
    fallback: 'required',
    shown: 'required; optional for a hub that a shim starts',
    meaning: 'optional: where the port is taken, serve the socket alone instead of refusing to start',
  }),
  unixSocket: row({
    env: ['BELLHOP_SOCKET'],
    schema: flag,
    fallback: process.platform !== 'win32',
    shown: 'yes (no on Windows)',
    meaning: 'also listen on hub.sock in the home',
  }),
  bridge: row({
    env: ['BELLHOP_BRIDGE'],
    schema: count(0, 65_535),
    fallback: 0,
    shown: 'none',
    meaning: 'TCP port on loopback for clients of claude-ipc-mcp, which used 9876; 0: none',
  }),
  secret: row({
    env: ['BELLHOP_SECRET', 'IPC_SHARED_SECRET'],
    schema: text,
    fallback: '',
    shown: 'made at first start',
    meaning:
      'what every program proves that it knows; set it where several machines share a hub (16 characters or more there)',
    environmentOnly: true,
  }),
  secretFile: row({
    env: ['BELLHOP_SECRET_FILE'],
    schema: text,
    fallback: '',
    shown: 'none',
    meaning: 'file that holds the secret, in place of BELLHOP_SECRET: for containers',
  }),
  formerSecret: row({
    env: ['BELLHOP_SECRET_FORMER'],
    schema: text,
    fallback: '',
    shown: 'none',
    meaning: 'the secret before BELLHOP_SECRET, which lets in as well while programs are given the new one',
    environmentOnly: true,
  }),
  open: row({
    env: ['BELLHOP_OPEN'],
    schema: flag,
    fallback: false,
    shown: 'no',
    meaning: 'let programs in without the secret, on loopback only',
  }),
  allowedHosts: row({
    env: ['BELLHOP_ALLOWED_HOSTS'],
    schema: list,
    fallback: [],
    shown: 'loopback names',
    meaning: 'further host names that clients may use for this hub, separated by commas',
  }),
  allowedOrigins: row({
    env: ['BELLHOP_ALLOWED_ORIGINS'],
    schema: list,
    fallback: [],
    shown: 'none',
    meaning: 'origins of web pages that may connect, exact, separated by commas',
  }),
  tlsCert: row({
    env: ['BELLHOP_TLS_CERT'],
    schema: text,
    fallback: '',
    shown: 'none',
    meaning: 'PEM file of a certificate with its chain: the TCP port then speaks TLS (wss://)',
  }),
  tlsKey: row({
    env: ['BELLHOP_TLS_KEY'],
    schema: text,
    fallback: '',
    shown: 'none',
    meaning: 'PEM file of the private key that belongs to BELLHOP_TLS_CERT',
  }),
  trustedProxies: row({
    env: ['BELLHOP_TRUSTED_PROXIES'],
    schema: addresses,
    fallback: [],
    shown: 'none',
    meaning: 'exact addresses of proxies whose X-Forwarded-For says for whom they speak, separated by commas',
  }),
  connections: row({
    env: ['BELLHOP_CONNECTIONS'],
    schema: count(1, 1_000_000),
    fallback: 20_000,
    shown: '20000',
    meaning: 'open connections at most',
  }),
  handshakes: row({
    env: ['BELLHOP_HANDSHAKES'],
    schema: count(1, 100_000),
    fallback: 256,
    shown: '256',
    meaning: 'connections that have not authenticated yet, at most, for each listener',
  }),
  sendsPerMinute: row({
    env: ['BELLHOP_SENDS_PER_MINUTE'],
    schema: count(1, 100_000_000),
    fallback: 100,
    shown: '100',
    meaning: 'messages that one agent may send in a minute',
  }),
  registrationsPerMinute: row({
    env: ['BELLHOP_REGISTRATIONS_PER_MINUTE'],
    schema: count(1, 100_000_000),
    fallback: 10,
    shown: '10',
    meaning: 'registrations in a minute from one address',
  }),
  renameEvery: row({
    env: ['BELLHOP_RENAME_MINUTES'],
    schema: amount(0, 10_000),
    scale: minute,
    fallback: hour,
    shown: '60',
    meaning: 'minutes between two renames of one agent',
  }),
  forwardFor: row({
    env: ['BELLHOP_FORWARD_MINUTES'],
    schema: amount(0, 100_000),
    scale: minute,
    fallback: 2 * hour,
    shown: '120',
    meaning: 'minutes for which an old name forwards after a rename',
  }),
  mailboxDepth: row({
    env: ['BELLHOP_MAILBOX_DEPTH'],
    schema: count(1, 100_000_000),
    fallback: 1_000,
    shown: '1000',
    meaning: 'unread messages that one mailbox may hold, and one agent of each topic',
  }),
  unclaimedTtl: row({
    env: ['BELLHOP_UNREGISTERED_DAYS'],
    schema: amount(0.001, 3650),
    scale: day,
    fallback: 7 * day,
    shown: '7',
    meaning: 'days that mail waits for a name that nobody has registered',
  }),
  ttl: row({
    env: ['BELLHOP_UNREAD_DAYS'],
    schema: amount(0.001, 3650),
    scale: day,
    fallback: 30 * day,
    shown: '30',
    meaning: 'days that unread mail waits for a registered agent',
  }),
  history: row({
    env: ['BELLHOP_HISTORY_DAYS'],
    schema: amount(1, 3650),
    scale: day,
    fallback: 30 * day,
    shown: '30',
    meaning: 'days that messages are kept after they were shown',
  }),
  session: row({
    env: ['BELLHOP_SESSION_HOURS'],
    schema: amount(0.01, 24 * 365),
    scale: hour,
    fallback: 24 * hour,
    shown: '24',
    meaning: 'hours that a session outlives its last use',
  }),
  pingEvery: row({
    env: ['BELLHOP_PING_SECONDS'],
    schema: amount(0.05, 3600),
    scale: 1_000,
    fallback: 25_000,
    shown: '25',
    meaning: 'seconds between two pings of a connection',
  }),
  pongWithin: row({
    env: ['BELLHOP_PONG_SECONDS'],
    schema: amount(0.05, 3600),
    scale: 1_000,
    fallback: 8_000,
    shown: '8',
    meaning: 'seconds that a ping may go unanswered',
  }),
  sweepEvery: row({
    env: ['BELLHOP_SWEEP_SECONDS'],
    schema: amount(0.05, 86_400),
    scale: 1_000,
    fallback: minute,
    shown: '60',
    meaning: 'seconds between two looks for expired mail and old history',
  }),
  metricsToken: row({
    env: ['BELLHOP_METRICS_TOKEN'],
    schema: z.string().regex(/^[\x21-\x7e]{16,}$/, { error: 'must be 16 characters or more, without spaces' }),
    fallback: '',
    shown: 'none',
    meaning:
      'what a scraper shows to get /metrics over TCP, as a bearer token; without it they are on the socket alone',
    environmentOnly: true,
  }),
  outboundBytes: row({
    env: ['BELLHOP_OUTBOUND_BYTES'],
    schema: count(limits.frameBytes, 1_000_000_000),
    fallback: 1024 * 1024,
    shown: '1048576',
    meaning: 'bytes that may wait for a slow reader before it is disconnected',
  }),
  logLevel: row({
    env: ['BELLHOP_LOG'],
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
      error: 'must be fatal, error, warn, info, debug or silent',
    }),
    fallback: 'info',
    shown: 'info',
    meaning: 'how much is logged: fatal, error, warn, info, debug or silent',
  }),
} as const

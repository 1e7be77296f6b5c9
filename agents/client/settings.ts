import { homedir } from 'node:os'
import { join } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

/** One setting: where it is read from, what it means, and what it is when nobody sets it. */
interface Row {
  /** Environment variables; the first that is set and not empty wins. */
  readonly env: readonly [string, ...string[]]
  readonly fallback: string | undefined
  /** What help texts show as the default. */
  readonly shown: string
  readonly meaning: string
}

const rows = {
  url: {
    env: ['BELLHOP_URL'],
    fallback: undefined,
    shown: 'the hub of this user on this machine',
    meaning: 'where the hub is: ws://host:port, wss://host or unix:/path; when set, no hub is started',
  },
  home: {
    env: ['BELLHOP_HOME'],
    fallback: join(homedir(), '.bellhop'),
    shown: '~/.bellhop',
    meaning: "folder of the hub's socket, secret and log, and of this user's keys",
  },
  port: {
    env: ['BELLHOP_PORT'],
    fallback: '9870',
    shown: '9870',
    meaning: 'TCP port of the local hub, where it can have no socket',
  },
  secret: {
    env: ['BELLHOP_SECRET', 'IPC_SHARED_SECRET'],
    fallback: undefined,
    shown: "the file named secret in the hub's home",
    meaning: 'what this program and the hub prove to each other that they know',
  },
} as const satisfies Record<string, Row>

/** Every setting that a client reads from its environment, as documentation. */
export const clientSettings: readonly Pick<Row, 'env' | 'shown' | 'meaning'>[] = Object.values(rows)

export interface Settings {
  readonly url: string | undefined
  readonly home: string
  readonly port: number
  readonly secret: string | undefined
}

/** Settings from the environment. A port that is none reads as the default: the hub refuses it with a clear message. */
export function readSettings(environment: Environment): Settings {
  const port = Number(read(rows.port, environment))
  return {
    url: read(rows.url, environment),
    home: read(rows.home, environment) ?? rows.home.fallback,
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : Number(rows.port.fallback),
    secret: read(rows.secret, environment),
  }
}

function read({ env, fallback }: Row, environment: Environment): string | undefined {
  const variable = env.find((name) => environment[name] !== undefined && environment[name] !== '')
  return variable === undefined ? fallback : environment[variable]
}

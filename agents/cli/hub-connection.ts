import { join } from 'node:path'
import type { Command } from 'commander'
import { softwareVersion } from '../../protocol/index.ts'
import { ClientError, createClient, firstAttempt, type Client, type ClientOptions } from '../client/index.ts'
import type { CliContext } from './command.ts'
import { lastWordsOfHub } from './hub-file.ts'
import { Problem } from './problem.ts'

export interface HubOptions {
  readonly json?: true
}

/** The options of every command that talks to a hub. */
export function declareHubOptions(command: Command): Command {
  return command.option('--json', 'the answer as JSON')
}

export type HubWishes = Pick<ClientOptions, 'window' | 'routes' | 'autostart'>

/** Milliseconds for a hub to take a connection, or to start: a large ledger on a slow disk takes its time. */
const firstMs = 30_000
/** Where a hub may be started, it may also just be going: it is looked for so often. */
const attempts = 4

/** A connection without a name. Starts a hub where none runs, unless told not to. */
export async function withHub<T>(
  { machine, clock }: CliContext,
  work: (client: Client) => Promise<T>,
  wishes: HubWishes = {},
): Promise<T> {
  const client = createClient({
    client: { name: 'cli', version: softwareVersion },
    environment: machine.env,
    home: machine.home,
    clock,
    // Mail is asked for, and not pushed, unless a command waits for it.
    window: 0,
    ...wishes,
  })
  const mayStart = wishes.autostart !== false
  const startedAt = clock.now()
  client.start()
  try {
    await firstAttempt(client, firstMs, mayStart ? attempts : 1).catch((error: unknown) => {
      throw mayStart ? withLastWords(error, machine.home, startedAt) : error
    })
    return await work(client)
  } finally {
    await client.close()
  }
}

/** A hub that was started for this command and could not run has said why: in its log, where nobody looks. */
function withLastWords(error: unknown, home: string, startedAt: number): unknown {
  if (!(error instanceof ClientError) || error.reason !== 'hub_unreachable') return error
  const words = lastWordsOfHub(home, startedAt)
  if (words === undefined) return error
  return new Problem({
    ending: 'unreachable',
    reason: error.reason,
    message: `The hub could not be started. The end of ${join(home, 'hub.log')}: ${words}`,
    next: 'Do what it says, then run this again.',
  })
}

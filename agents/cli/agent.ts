import { join } from 'node:path'
import type { Command } from 'commander'
import { softwareVersion, type Attached } from '../../protocol/index.ts'
import { ClientError, createClient, firstAttempt, type Client, type ClientOptions } from '../client/index.ts'
import type { CliContext } from './command.ts'
import type { Ending } from './exit-codes.ts'
import { lastWordsOfHub } from './hub-file.ts'
import { whoAmI } from './identity.ts'
import { Problem } from './problem.ts'
import { Pushed } from './pushed.ts'

export interface HubOptions {
  readonly json?: true
}

export interface AgentOptions extends HubOptions {
  readonly as?: string
  readonly takeOver?: true
}

/** Milliseconds that other commands under the same name may take, and between two looks. */
const turnMs = 5_000
const lookMs = 200
/** Milliseconds for a hub to take a connection, or to start: a large ledger on a slow disk takes its time. */
const firstMs = 30_000
/** Where a hub may be started, it may also just be going: it is looked for so often. */
const attempts = 4

/** This terminal as a participant, for as long as one command takes. */
export interface Agent {
  readonly client: Client
  readonly name: string
  readonly attached: Attached
  readonly pushed: Pushed
  /** For the end of a sentence: who the command went by. */
  readonly signature: string
}

/** The options of every command that talks to a hub. */
export function declareHubOptions(command: Command): Command {
  return command.option('--json', 'the answer as JSON')
}

/** The options of every command that somebody must be somebody for. */
export function declareAgentOptions(command: Command): Command {
  return declareHubOptions(command)
    .option('--as <name>', 'who you are (default: BELLHOP_NAME, or the name registered in this terminal)')
    .option('--take-over', 'where another session goes by that name, disconnect it')
}

type Wishes = Pick<ClientOptions, 'window' | 'routes' | 'autostart'>

/** A connection without a name. Starts a hub where none runs, unless told not to. */
export async function withHub<T>(
  { machine, clock }: CliContext,
  work: (client: Client) => Promise<T>,
  wishes: Wishes = {},
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
  const startedAt = clock.now()
  client.start()
  try {
    await firstAttempt(client, firstMs, wishes.autostart === false ? 1 : attempts)
    return await work(client)
  } catch (error) {
    throw withLastWords(error, { home: machine.home, startedAt })
  } finally {
    await client.close()
  }
}

/** A hub that was started for this command and could not run has said why: in its log, where nobody looks. */
function withLastWords(error: unknown, { home, startedAt }: { home: string; startedAt: number }): unknown {
  if (!(error instanceof ClientError) || (error.reason !== 'hub_unreachable' && error.reason !== 'not_sent'))
    return error
  const words = lastWordsOfHub(home, startedAt)
  if (words === undefined) return error
  return new Problem({
    ending: 'unreachable',
    reason: error.reason,
    message: `The hub could not be started. The end of ${join(home, 'hub.log')}: ${words}`,
    next: 'Do what it says, then run this again.',
  })
}

/** A connection that goes by this terminal's name. */
export async function asAgent(
  options: AgentOptions,
  context: CliContext,
  work: (agent: Agent) => Promise<Ending>,
  { announcesName = false, ...wishes }: Wishes & { readonly announcesName?: boolean } = {},
): Promise<Ending> {
  const name = whoAmI(options.as, context.machine)
  return withHub(
    context,
    async (client) => {
      const pushed = new Pushed(client, context.clock)
      const attached = await registerInTurn(client, { name, takeOver: options.takeOver ?? false }, context)
      if (attached.created && !announcesName) tellNewName(attached.name, context)
      const signature = `as ${attached.name}${attached.created ? ' (a new name, registered just now)' : ''}`
      return work({ client, name: attached.name, attached, pushed, signature })
    },
    wishes,
  )
}

/** Commands of one user come at once, from a timer or a loop: each waits for its turn, and not for a program that stays. */
async function registerInTurn(
  client: Client,
  request: { name: string; takeOver: boolean },
  { clock }: CliContext,
): Promise<Attached> {
  const until = clock.now() + turnMs
  for (;;) {
    try {
      return await client.register(request)
    } catch (error) {
      const isOccupied = error instanceof ClientError && error.reason === 'name_in_use'
      if (!isOccupied || clock.now() > until) throw error
      await new Promise<void>((resolve) => clock.after(Math.random() * lookMs, resolve))
    }
  }
}

/** Somebody who only reads may have mistyped it: nobody reads mail under a name that nobody has written to. */
function tellNewName(name: string, { terminal }: CliContext): void {
  terminal.complain(
    `"${name}" was nobody's name so far, and is yours now. If you meant another one: bellhop release --as ${name} --yes\n`,
  )
}

/** What a program gets with --json: one document on stdout. */
export function writeJson({ terminal }: CliContext, value: object): void {
  terminal.write(`${JSON.stringify(value, null, 2)}\n`)
}

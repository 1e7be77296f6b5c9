import type { Command } from 'commander'
import { softwareVersion, type Attached } from '../../protocol/index.ts'
import { createClient, type Client, type ClientOptions } from '../client/index.ts'
import type { CliContext } from './command.ts'
import type { Ending } from './exit-codes.ts'
import { whoAmI } from './identity.ts'
import { Pushed } from './pushed.ts'

export interface HubOptions {
  readonly json?: true
}

export interface AgentOptions extends HubOptions {
  readonly as?: string
  readonly takeOver?: true
}

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
  client.start()
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

/** A connection that goes by this terminal's name. */
export async function asAgent(
  options: AgentOptions,
  context: CliContext,
  work: (agent: Agent) => Promise<Ending>,
  wishes: Wishes = {},
): Promise<Ending> {
  const name = whoAmI(options.as, context.machine)
  return withHub(
    context,
    async (client) => {
      const pushed = new Pushed(client, context.clock)
      const attached = await client.register({ name, takeOver: options.takeOver ?? false })
      const signature = `as ${attached.name}${attached.created ? ' (a new name, registered just now)' : ''}`
      return work({ client, name: attached.name, attached, pushed, signature })
    },
    wishes,
  )
}

/** What a program gets with --json: one document on stdout. */
export function writeJson({ terminal }: CliContext, value: object): void {
  terminal.write(`${JSON.stringify(value, null, 2)}\n`)
}

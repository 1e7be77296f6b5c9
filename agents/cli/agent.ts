import type { Command } from 'commander'
import type { Attached } from '../../protocol/index.ts'
import { ClientError, type Client } from '../client/index.ts'
import type { CliContext } from './command.ts'
import type { Ending } from './exit-codes.ts'
import { declareHubOptions, withHub, type HubOptions, type HubWishes } from './hub-connection.ts'
import { whoAmI } from './identity.ts'
import { Pushed } from './pushed.ts'

export interface AgentOptions extends HubOptions {
  readonly as?: string
  readonly takeOver?: true
}

/** Milliseconds that one other command under the same name may take, and between two looks. */
const turnMs = 5_000
const lookMs = 200

/** This terminal as a participant, for as long as one command takes. */
export interface Agent {
  readonly client: Client
  readonly name: string
  readonly attached: Attached
  readonly pushed: Pushed
  /** For the end of a sentence: who the command went by. */
  readonly signature: string
}

/** The options of every command that somebody must be somebody for. */
export function declareAgentOptions(command: Command): Command {
  return declareHubOptions(command)
    .option(
      '--as <name>',
      'who you are (default: BELLHOP_NAME, the name registered in this terminal, or the only one of all terminals)',
    )
    .option('--take-over', 'where another session goes by that name, disconnect it')
}

/** A connection that goes by this terminal's name. */
export async function asAgent(
  options: AgentOptions,
  context: CliContext,
  work: (agent: Agent) => Promise<Ending>,
  { announcesName = false, ...wishes }: HubWishes & { readonly announcesName?: boolean } = {},
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
  let holder: { readonly since: unknown; readonly until: number } | undefined
  for (;;) {
    try {
      return await client.register(request)
    } catch (error) {
      if (!(error instanceof ClientError && error.reason === 'name_in_use')) throw error
      const since = error.details?.['since']
      if (holder === undefined || holder.since !== since) holder = { since, until: clock.now() + turnMs }
      else if (clock.now() > holder.until) throw error
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

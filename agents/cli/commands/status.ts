import type { HubFigures } from '../../../protocol/index.ts'
import { openAdmin } from '../../admin/admin.ts'
import { ClientError, readSettings, type Client, type Settings } from '../../client/index.ts'
import { count, moment } from '../../wording/words.ts'
import { describeFigures } from '../figures.ts'
import { declareHubOptions, withHub, type HubOptions } from '../hub-connection.ts'
import { writeJson } from '../json.ts'
import type { CliContext, CommandModule } from '../command.ts'
import { readAboutHub } from '../hub-file.ts'
import { Problem } from '../problem.ts'

interface StatusOptions extends HubOptions {
  readonly metrics?: true
}

export const status: CommandModule = {
  name: 'status',
  group: 'The hub',
  summary: 'Whether a hub runs, where, and how it does. Starts none.',
  examples: ['bellhop status', 'bellhop status --json', 'bellhop status --metrics'],
  define(command, context, end) {
    declareHubOptions(command)
      .option('--metrics', 'all figures, in the text format of Prometheus')
      .action(async (options: StatusOptions) => {
        const settings = readSettings(context.machine.env)
        try {
          if (options.metrics) context.terminal.write(await openAdmin(settings).metrics())
          else await withHub(context, (client) => tellHub(client, settings, context, options), { autostart: false })
          end('done')
        } catch (error) {
          throw settings.url === undefined && isUnreachable(error) ? notRunning(settings.home) : error
        }
      })
  },
}

function isUnreachable(error: unknown): boolean {
  return error instanceof ClientError && error.reason === 'hub_unreachable'
}

function notRunning(home: string): Problem {
  return new Problem({
    ending: 'unreachable',
    reason: 'hub_unreachable',
    message: `No hub is running on the home ${home}.`,
    next: 'The first assistant or command that needs it starts it; "bellhop up" does so now.',
  })
}

/** Says how the hub is that a client is connected to. */
export async function tellHub(
  client: Client,
  settings: Settings,
  context: CliContext,
  { json }: HubOptions,
): Promise<void> {
  const { url, home } = settings
  const [{ hub }, figures] = await Promise.all([client.request('status', {}), figuresOf(settings)])
  // The file speaks of this home's hub, and of no other.
  const about = url === undefined ? readAboutHub(home) : undefined
  if (json) return writeJson(context, { hub, ...(about ?? { url }), ...(figures && { figures }) })
  const { terminal, clock } = context
  const places = about ? [about.url, about.socket && `unix:${about.socket}`].filter(Boolean).join(' and ') : url
  const lines = [
    `The hub runs at ${places ?? 'an unknown place'}${about ? ` (process ${about.pid}, home ${home})` : ''}.`,
    `Version ${hub.version}, up since ${moment(hub.startedAt, clock.now())}.`,
    ...(about?.bridge === undefined ? [] : [`Clients of claude-ipc-mcp are served on 127.0.0.1:${about.bridge}.`]),
    `${count(hub.agents, 'agent')} registered, ${hub.online} online, ${count(hub.connections, 'connection')}.`,
    ...(figures ? describeFigures(figures) : []),
    hub.writable
      ? 'Its disk takes writes.'
      : terminal.paint('red', 'Its disk refuses writes: sends fail, reading goes on. Make space on it.'),
  ]
  terminal.write(`${lines.join('\n')}\n`)
}

/** Only the socket of a hub on this machine has them; of any other, the wire tells what everybody may know. */
async function figuresOf(settings: Settings): Promise<HubFigures | undefined> {
  try {
    return (await openAdmin(settings).status()).figures
  } catch (error) {
    if (isUnreachable(error)) return undefined
    throw error
  }
}

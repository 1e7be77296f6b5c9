import { join, resolve } from 'node:path'
import { openAdmin, type BackupProgress } from '../../admin/admin.ts'
import { readSettings } from '../../client/index.ts'
import { count, size } from '../../wording/words.ts'
import { declareHubOptions, withHub, type HubOptions } from '../hub-connection.ts'
import { writeJson } from '../json.ts'
import type { CliContext, CommandModule } from '../command.ts'
import type { Ending } from '../exit-codes.ts'
import type { Progress } from '../terminal.ts'

export const backup: CommandModule = {
  name: 'backup',
  group: 'The hub',
  summary: 'Copy all mail into a new folder, while the hub goes on.',
  examples: ['bellhop backup', 'bellhop backup ./backup-before-the-move --json'],
  define(command, context, end) {
    declareHubOptions(command)
      .argument('[folder]', 'a folder that is not there yet (default: backups/<time> in the home)')
      .action(async (folder: string | undefined, options: HubOptions) => end(await run(folder, options, context)))
  },
}

async function run(given: string | undefined, { json }: HubOptions, context: CliContext): Promise<Ending> {
  const { machine, terminal, clock, cwd } = context
  const settings = { ...readSettings(machine.env), home: machine.home }
  const time = new Date(clock.now()).toISOString().replaceAll(':', '-')
  const folder = given === undefined ? join(machine.home, 'backups', time) : resolve(cwd, given)
  // The client starts a hub where none runs, and only the hub can read what it holds.
  await withHub(context, () => Promise.resolve())
  const bars = barsOn(terminal)
  const manifest = await openAdmin(settings)
    .backUp(folder, (progress) => bars.reached(progress))
    .finally(() => bars.end())
  if (json) {
    writeJson(context, { folder, ...manifest })
    return 'done'
  }
  const { messages, agents, database, blobs } = manifest
  terminal.write(
    `Backed up to ${folder}: ${count(messages, 'message')} and ${count(agents, 'agent')} (${size(database.bytes)}), with large ones: ${blobs.count} (${size(blobs.bytes)}).\n` +
      `bellhop restore ${folder} brings it back. The keys of names are not in it: each is with the user who registered the name, yours in ${join(machine.home, 'keys')}.\n`,
  )
  return 'done'
}

const titles = { database: 'Copying the database', blobs: 'Copying large bodies' } as const

/** One bar after the other; what the next step follows has come to its end. */
function barsOn(terminal: CliContext['terminal']): { reached(progress: BackupProgress): void; end(): void } {
  let bar: { step: string; total: number; progress: Progress } | undefined
  const end = (): void => {
    bar?.progress.reached(bar.total)
    bar?.progress.end()
  }
  return {
    reached({ step, done, total }) {
      if (bar?.step !== step) {
        end()
        bar = { step, total, progress: terminal.progress(titles[step], total) }
      }
      bar.progress.reached(done)
    },
    end: () => bar?.progress.end(),
  }
}

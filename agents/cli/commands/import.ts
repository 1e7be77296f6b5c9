import { join, resolve } from 'node:path'
import { Argument } from 'commander'
import { openAdmin, type Admin } from '../../admin/admin.ts'
import { ClientError, readSettings, type Settings } from '../../client/index.ts'
import { hubFolder } from '../../client/node/address.ts'
import { openKeys } from '../../client/node/keys.ts'
import { isListening, oldBrokerPort } from '../../migrate/broker.ts'
import type { ImportReport } from '../../migrate/report.ts'
import { count } from '../../wording/words.ts'
import { declareHubOptions, withHub, type HubOptions } from '../hub-connection.ts'
import { writeJson } from '../json.ts'
import type { CliContext, CommandModule } from '../command.ts'
import type { Ending } from '../exit-codes.ts'
import { readAboutHub } from '../hub-file.ts'
import { Problem } from '../problem.ts'
import type { Progress } from '../terminal.ts'

interface ImportOptions extends HubOptions {
  readonly from?: string
  readonly dryRun?: true
}

/** Lines of each kind that a person is shown; --json has all. */
const linesShown = 50

export const importMail: CommandModule = {
  name: 'import',
  group: 'The hub',
  summary: 'Bring names, mail and history over from claude-ipc-mcp. Can be run again: nothing comes twice.',
  examples: [
    'bellhop import claude-ipc --dry-run     only say what would be brought',
    'bellhop import claude-ipc',
    'bellhop import claude-ipc --from ~/.claude-ipc-data --json',
  ],
  define(command, context, end) {
    declareHubOptions(command)
      .addArgument(new Argument('<source>', 'from where').choices(['claude-ipc']))
      .option('--from <folder>', 'where claude-ipc-mcp keeps its data (default: ~/.claude-ipc-data)')
      .option('--dry-run', 'only say what would be brought')
      .action(async (_source: string, options: ImportOptions) => end(await run(options, context)))
  },
}

async function run(options: ImportOptions, context: CliContext): Promise<Ending> {
  const { machine, terminal, cwd, clock } = context
  const { json, dryRun = false } = options
  const settings = { ...readSettings(machine.env), home: machine.home }
  const folder = options.from === undefined ? join(machine.userFolder, '.claude-ipc-data') : resolve(cwd, options.from)
  // Loaded here only: no other command should pay for a database.
  const { importClaudeIpc } = await import('../../migrate/import.ts')
  const { openOldDatabase, OldDatabaseProblem } = await import('../../migrate/old-database.ts')
  let bar: Progress | undefined
  try {
    // A wrong folder is told before a hub is started for it.
    openOldDatabase(folder).close()
    const report = await importClaudeIpc({
      folder,
      admin: await adminOf(settings, dryRun, context),
      keys: openKeys(settings.home, () => hubFolder(settings)),
      dryRun,
      now: clock.now(),
      onProgress(done, total) {
        bar ??= terminal.progress(dryRun ? 'Reading' : 'Importing', total)
        bar.reached(done)
      },
    })
    bar?.end()
    const isOurs = readAboutHub(machine.home)?.bridge === oldBrokerPort
    const broker = !isOurs && (await isListening(oldBrokerPort))
    if (json) writeJson(context, { ...report, oldBrokerRuns: broker })
    else for (const line of linesOf(report, broker)) terminal.write(`${line}\n`)
    return report.left.length === 0 ? 'done' : 'failed'
  } catch (error) {
    bar?.end()
    if (!(error instanceof OldDatabaseProblem)) throw error
    throw new Problem({ ending: 'blocked', reason: 'blocked', message: error.message, next: error.next })
  }
}

/** Of a hub that runs; a dry run starts none, and then cannot tell what is here already. */
async function adminOf(settings: Settings, dryRun: boolean, context: CliContext): Promise<Admin | undefined> {
  try {
    await withHub(context, () => Promise.resolve(), { autostart: !dryRun })
  } catch (error) {
    if (dryRun && error instanceof ClientError && error.reason === 'hub_unreachable') return undefined
    throw error
  }
  return openAdmin(settings)
}

function* linesOf(report: ImportReport, broker: boolean): Generator<string> {
  const { names, messages, left, remarks, dryRun, folder, zone } = report
  const verb = dryRun ? 'Would bring' : 'Brought'
  yield `${verb} from ${folder}:`
  yield `  names     ${names.registered} registered, ${names.known} here already${names.taken > 0 ? `, ${names.taken} of somebody else's` : ''}`
  yield `  messages  ${messages.waiting} waiting to be read, ${messages.read} as history (${messages.large} large), ${messages.known} here already`
  yield `Times there have no zone; they were taken as times of this machine's (${zone}).`
  yield* section(
    'Not as it was there:',
    remarks.map(({ what, remark }) => `${what}: ${remark}`),
  )
  yield* section(
    `${count(left.length, 'thing')} could not be brought:`,
    left.map(({ what, why }) => `${what}: ${why}`),
  )
  if (broker) {
    yield `Something listens on port ${oldBrokerPort}, where the broker of claude-ipc-mcp does. If it is that one: mail that is sent there from now on needs another run of this command.`
  }
  if (!dryRun && names.registered > 0)
    yield "Whoever registers one of these names through this user's Bellhop has its mail."
}

function* section(title: string, lines: readonly string[]): Generator<string> {
  if (lines.length === 0) return
  yield title
  for (const line of lines.slice(0, linesShown)) yield `  ${line}`
  if (lines.length > linesShown) yield `  … and ${lines.length - linesShown} more (--json names all)`
}

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { AdminStatus } from '../../../protocol/index.ts'
import { openAdmin } from '../../admin/admin.ts'
import type { CheckedBackup } from '../../admin/backup-folder.ts'
import type { Stage } from '../../admin/stage-restore.ts'
import { ClientError, readSettings, type Settings } from '../../client/index.ts'
import { count } from '../../wording/words.ts'
import { declareHubOptions, withHub, type HubOptions } from '../hub-connection.ts'
import { writeJson } from '../json.ts'
import type { CliContext, CommandModule } from '../command.ts'
import type { Ending } from '../exit-codes.ts'
import { Problem } from '../problem.ts'

/** Milliseconds for the hub to end and for the next one to come up, and between two looks. */
const returnMs = 60_000
const lookMs = 50

interface RestoreOptions extends HubOptions {
  readonly yes?: true
}

export const restore: CommandModule = {
  name: 'restore',
  group: 'The hub',
  summary: 'Put a backup in the place of all mail; what is there now is moved aside, and not deleted.',
  examples: ['bellhop restore ./backup-before-the-move', 'bellhop restore ./backup-before-the-move --yes --json'],
  define(command, context, end) {
    declareHubOptions(command)
      .argument('<folder>', 'what "bellhop backup" made')
      .option('--yes', 'do not ask')
      .action(async (folder: string, options: RestoreOptions) => end(await run(folder, options, context)))
  },
}

async function run(given: string, { yes, json }: RestoreOptions, context: CliContext): Promise<Ending> {
  const { machine, terminal, clock, cwd } = context
  const settings = { ...readSettings(machine.env), home: machine.home }
  if (settings.url !== undefined) throw elsewhere(settings.url)
  // Loaded here only: no other command should pay for a database.
  const { BackupProblem, checkBackup } = await import('../../admin/backup-folder.ts')
  const { stageRestore } = await import('../../admin/stage-restore.ts')
  try {
    const checked = await withBar(context, 'Checking', (reached) => checkBackup(resolve(cwd, given), reached))
    if (!json) terminal.write(describe(checked))
    const refusal = yes ? undefined : await ask(terminal)
    if (refusal) return refusal
    const stage = await withBar(context, 'Copying', (reached) =>
      stageRestore(checked, machine.home, new Date(clock.now()), reached),
    )
    const hub = await changeHubs(stage, settings, context)
    tell(checked, stage, hub, json, context)
    return 'done'
  } catch (error) {
    if (!(error instanceof BackupProblem)) throw error
    throw new Problem({ ending: 'blocked', reason: 'blocked', message: error.message, next: error.next })
  }
}

async function ask(terminal: CliContext['terminal']): Promise<Ending | undefined> {
  if (!terminal.isInteractive) {
    terminal.complain('Nothing was changed: there is no terminal to ask at. Add --yes to go on without being asked.\n')
    return 'unasked'
  }
  if (await terminal.confirm('Put it in the place of all mail there is now?')) return undefined
  terminal.write('Nothing was changed.\n')
  return 'declined'
}

/** The running hub ends, and the one that comes after it puts the stage in place before it lets anybody in. */
async function changeHubs(stage: Stage, settings: Settings, context: CliContext): Promise<AdminStatus> {
  const admin = openAdmin(settings)
  try {
    await admin.shutDown()
  } catch (error) {
    // None runs, or it is ending already.
    if (!(error instanceof ClientError) || error.reason !== 'hub_unreachable') throw error
  }
  const until = context.clock.now() + returnMs
  while (context.clock.now() < until) {
    // Any program may start the next hub; this one does where no other is quicker.
    // The one that is ending may still take a connection, and drop it.
    const isThere = await withHub(context, () => Promise.resolve(true)).catch(isUnreachable)
    if (isThere && !existsSync(stage.folder)) return admin.status()
    await new Promise<void>((resolve) => context.clock.after(lookMs, resolve))
  }
  throw new Problem({
    ending: 'unconfirmed',
    reason: 'unconfirmed',
    message: `The restore waits in ${stage.folder}, but the hub that runs has not ended within ${returnMs / 1000} s.`,
    next: 'End it ("bellhop down") and start it again ("bellhop up"): it puts the restore in place first.',
  })
}

function isUnreachable(error: unknown): false {
  const isKnown = error instanceof ClientError || error instanceof Problem
  if (isKnown && error.reason === 'hub_unreachable') return false
  throw error
}

function describe({ folder, manifest: { at, messages, agents } }: CheckedBackup): string {
  return `${folder} is sound: ${count(messages, 'message')} and ${count(agents, 'agent')}, as of ${at}.\nThe hub will be restarted; what is there now is moved aside.\n`
}

function tell(
  { folder, manifest }: CheckedBackup,
  { aside }: Stage,
  hub: AdminStatus,
  json: true | undefined,
  context: CliContext,
): void {
  const { messages, agents, at, blobs } = manifest
  if (json) {
    writeJson(context, { folder, at, messages, agents, blobs, epoch: hub.epoch, before: aside })
    return
  }
  context.terminal.write(
    `Restored ${count(messages, 'message')} and ${count(agents, 'agent')}, as of ${at}. The hub is running again (process ${hub.pid}).\n` +
      `What was there before is in ${aside}.\n` +
      'It runs in the background, with the settings of this environment: one that had flags of its own, such as --bridge, is to be started so again.\n',
  )
}

async function withBar<T>(
  { terminal }: CliContext,
  title: string,
  work: (reached: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  let bar: ReturnType<typeof terminal.progress> | undefined
  try {
    return await work((done, total) => {
      bar ??= terminal.progress(title, total)
      bar.reached(done)
    })
  } finally {
    bar?.end()
  }
}

function elsewhere(url: string): Problem {
  return new Problem({
    ending: 'failed',
    reason: 'failed',
    message: `BELLHOP_URL says that the hub is at ${url}; a restore concerns the hub of this user on this machine.`,
    next: 'Unset BELLHOP_URL, and run this where the hub runs.',
  })
}

import process from 'node:process'
import { ClientError, readSettings } from '../../client/index.ts'
import { isAlive } from '../../local/processes.ts'
import { declareHubOptions, withHub, type HubOptions } from '../hub-connection.ts'
import { writeJson } from '../json.ts'
import type { CliContext, CommandModule } from '../command.ts'
import { readAboutHub } from '../hub-file.ts'
import { Problem } from '../problem.ts'

/** Milliseconds for the hub to finish what is under way, and between two looks. */
const endMs = 15_000
const lookMs = 50

export const down: CommandModule = {
  name: 'down',
  group: 'The hub',
  summary: 'End the hub of this user on this machine. Nothing is lost: all mail is on disk.',
  examples: ['bellhop down'],
  define(command, context, end) {
    declareHubOptions(command).action(async (options: HubOptions) => {
      const { home, url } = readSettings(context.machine.env)
      if (url !== undefined) throw elsewhere(url)
      const pid = await pidOfHub(home, context)
      if (pid !== undefined) await endProcess(pid, context)
      if (options.json) writeJson(context, { wasRunning: pid !== undefined, ...(pid !== undefined && { pid }) })
      else if (pid === undefined) context.terminal.write('No hub is running.\n')
      else {
        context.terminal.write(
          `The hub (process ${pid}) has ended. Programs that are open, such as assistants, start it again when they miss it.\n`,
        )
      }
      end('done')
    })
  },
}

/** Asked for by way of the hub itself: a file left by one that was killed may name anybody's process. */
async function pidOfHub(home: string, context: CliContext): Promise<number | undefined> {
  try {
    await withHub(context, () => Promise.resolve(), { autostart: false })
  } catch (error) {
    if (error instanceof ClientError && error.reason === 'hub_unreachable') return undefined
    throw error
  }
  const about = readAboutHub(home)
  if (about && isAlive(about.pid)) return about.pid
  throw new Problem({
    ending: 'failed',
    reason: 'failed',
    message: `A hub answers, but ${home}/hub.json does not say which process it is.`,
    next: 'Find it ("ps ax | grep hub") and end it with SIGTERM.',
  })
}

async function endProcess(pid: number, { clock }: CliContext): Promise<void> {
  process.kill(pid, 'SIGTERM')
  const until = clock.now() + endMs
  while (isAlive(pid)) {
    if (clock.now() > until) {
      throw new Problem({
        ending: 'failed',
        reason: 'failed',
        message: `The hub (process ${pid}) was told to end, and still runs after ${endMs / 1000} s.`,
        next: 'Look at hub.log in its home; SIGKILL loses nothing that was accepted.',
      })
    }
    await new Promise<void>((resolve) => clock.after(lookMs, resolve))
  }
}

function elsewhere(url: string): Problem {
  return new Problem({
    ending: 'failed',
    reason: 'failed',
    message: `BELLHOP_URL says that the hub is at ${url}, which this command does not end.`,
    next: 'End it where it was started; or unset BELLHOP_URL to end the hub of this user on this machine.',
  })
}

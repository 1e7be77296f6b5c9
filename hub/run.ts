import { parseArgs, type ParseArgsConfig } from 'node:util'
import { softwareVersion } from '../protocol/index.ts'
import { startHub } from './hub.ts'
import { explainStart } from './explain.ts'
import { greeting } from './greeting.ts'
import { createLog, errorFacts } from './log.ts'
import { describeSettings, flags, readSettings } from './settings.ts'

const usage = `Bellhop hub ${softwareVersion}: carries messages between AI assistants.

  npm start -- [--port 9870] [--home ~/.bellhop] …

Settings are flags or environment variables (in brackets, with the default):
${describeSettings()}
`

/** Flags are the environment's variables by another name; a flag wins. */
function environmentWithFlags(): NodeJS.ProcessEnv {
  const known = flags()
  const settings = known.map(({ flag }) => [flag, { type: 'string' }] as const)
  const options: ParseArgsConfig['options'] = { ...Object.fromEntries(settings), help: yes, version: yes }
  const { values } = parseArgs({ options })
  if (values['help'] === true) finish(usage)
  if (values['version'] === true) finish(`${softwareVersion}\n`)
  const given = known.flatMap(({ flag, variable }) => {
    const value = values[flag]
    return typeof value === 'string' ? [[variable, value] as const] : []
  })
  return { ...process.env, ...Object.fromEntries(given) }
}

const yes = { type: 'boolean' } as const

function finish(text: string): never {
  process.stdout.write(text)
  process.exit(0)
}

async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  const settings = readSettings(environment)
  // A person at a terminal reads the greeting; the log is for files, unless somebody asks for it.
  const level = process.stderr.isTTY && !environment['BELLHOP_LOG'] ? 'warn' : settings.logLevel
  const log = createLog(level)
  if (settings.open) log.warn({}, 'open: every program on this machine may connect without the secret')
  const hub = await startHub({ settings, log })
  process.stdout.write(greeting(hub))

  let stopping = false
  const stop = (signal: string): void => {
    // A second signal means now; the ledger does not mind.
    if (stopping) process.exit(1)
    stopping = true
    log.info({ signal }, 'stopping')
    void hub.close().then(() => process.exit(0))
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(signal))
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error) => {
      // A program that does not know its own state must not go on; whoever needs it starts it again.
      log.error(errorFacts(error), event)
      process.exit(1)
    })
  }
}

function fail(error: unknown, home: string | undefined): never {
  const { text, exitCode } = explainStart(error, home)
  process.stderr.write(`${text}\n`)
  process.exit(exitCode)
}

/** The hub as a process: flags and environment in, a greeting out, until a signal ends it. */
export function runHub(): void {
  try {
    const environment = environmentWithFlags()
    serve(environment).catch((error: unknown) => fail(error, environment['BELLHOP_HOME']))
  } catch (error) {
    fail(error, undefined)
  }
}

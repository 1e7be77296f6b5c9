import { parseArgs, type ParseArgsConfig } from 'node:util'
import { softwareVersion } from '../protocol/index.ts'
import { openBridge, type Bridge } from './bridge.ts'
import { readAbout, writeAbout } from './home.ts'
import type { Hub } from './hub.ts'
import { startHub } from './start-hub.ts'
import { explainStart } from './explain.ts'
import { greeting } from './greeting.ts'
import { createLog, errorFacts, type Log } from './log.ts'
import { describeSettings, flags, readSettings, type Settings } from './settings.ts'

const usage = `Bellhop hub ${softwareVersion}: carries messages between AI assistants.

  bellhop hub [--port 9870] [--home ~/.bellhop] …

Settings are flags or environment variables (in brackets, with the default):
${describeSettings()}

Exit codes: 0 ended in order, 1 failed, 2 a setting that does not fit, 3 a hub runs on this home already,
4 the home or its database cannot be used, 5 a port cannot be had.
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
  // Before there is a hub, nothing was accepted that could be lost.
  let stop = endAtOnce
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(signal))
  endOnFaults(log)
  const hub = await startHub({ settings, log })
  const bridge = await withBridge(settings, hub, log)
  stop = endInOrder(hub, bridge, log)
  // Last: whoever reads that it runs may end it.
  process.stdout.write(greeting(hub, bridge))
}

function endAtOnce(_signal: string): void {
  process.exit(0)
}

/** What a signal does from now on. */
function endInOrder(hub: Hub, bridge: Bridge | undefined, log: Log): (signal: string) => void {
  // It may also be told to close by its administrator.
  void hub.closed.then(() => bridge?.close()).finally(() => process.exit(0))
  let stopping = false
  return (signal) => {
    // A second signal means now; the ledger does not mind.
    if (stopping) process.exit(1)
    stopping = true
    log.info({ signal }, 'stopping')
    void Promise.resolve(bridge?.close()).then(() => hub.close())
  }
}

/** A program that does not know its own state must not go on; whoever needs it starts it again. */
function endOnFaults(log: Log): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error) => {
      log.error(errorFacts(error), event)
      process.exit(1)
    })
  }
}

/** A bridge that somebody asked for must be there; a hub that a shim started goes on without. */
async function withBridge(settings: Settings, hub: Hub, log: Log): Promise<Bridge | undefined> {
  if (settings.bridge === 0) return undefined
  try {
    const bridge = await openBridge(settings, hub, log)
    const about = readAbout(hub.home)
    if (about) writeAbout(hub.home, { ...about, bridge: bridge.port })
    return bridge
  } catch (error) {
    if (settings.tcp === 'optional') {
      log.warn(errorFacts(error), 'no bridge for clients of claude-ipc-mcp: its port cannot be had')
      return undefined
    }
    await hub.close()
    throw error
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

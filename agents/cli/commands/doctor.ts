import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { AgentName, nameKey } from '../../../protocol/index.ts'
import { assistantIds, assistantOf, assistants, type AssistantId } from '../../assistants/index.ts'
import { systemClock } from '../../client/clock.ts'
import { createClient, readSettings, type Client } from '../../client/index.ts'
import {
  examineAssistants,
  examineHome,
  examineHub,
  examineRuntime,
  examineSessions,
  runningSessions,
  sendCanary,
  type CanaryResult,
  type CanaryStep,
  type Finding,
} from '../../doctor/index.ts'
import type { About } from '../../local/wire.ts'
import type { CliContext, CommandModule } from '../command.ts'
import type { Ending } from '../exit-codes.ts'

/** Seconds that a canary may take: a person may have to type something first. */
const canarySeconds = 60

interface DoctorOptions {
  readonly canary?: string
  readonly seconds: string
  readonly json?: true
}

export const doctor: CommandModule = {
  name: 'doctor',
  group: 'Assistants',
  summary: 'Look whether everything is as it should be, and say how to mend what is not.',
  examples: [
    'bellhop doctor',
    'bellhop doctor --canary rose          does mail to rose reach the eyes of its model, and by which route?',
    'bellhop doctor --canary claude-code   the same for every session of Claude Code that runs here',
    'bellhop doctor --json',
  ],
  define(command, context, end) {
    command
      .option('--canary <who>', 'send a message to an agent, or to the sessions of an assistant, and watch it')
      .option('--seconds <n>', 'how long to watch', String(canarySeconds))
      .option('--json', 'the findings as JSON')
      .action(async (options: DoctorOptions) => end(await run(options, context)))
  },
}

async function run(options: DoctorOptions, { terminal, machine }: CliContext): Promise<Ending> {
  const seconds = Number(options.seconds)
  if (!(seconds > 0)) {
    terminal.complain(`"${options.seconds}" is no number of seconds.\n`)
    return 'usage'
  }
  const say = options.json ? () => undefined : (line: string) => terminal.write(`${line}\n`)
  const settings = readSettings(machine.env)
  const client = createClient({ client: { name: 'doctor' }, environment: machine.env, autostart: false })
  client.start()
  try {
    const sessions = await runningSessions(settings.home)
    const findings = [
      ...examineRuntime(),
      ...examineHome(settings),
      ...(await examineHub(client, { isOwn: settings.url === undefined })),
      ...examineAssistants(machine, (name) => isOnPath(name, machine.env['PATH'])),
      ...examineSessions(sessions),
    ]
    for (const finding of findings) say(lineOf(finding, machine.env))
    const canaries = options.canary === undefined ? [] : await release(options.canary, sessions, seconds, client, say)
    if (options.json) terminal.write(`${JSON.stringify({ findings, canaries }, null, 2)}\n`)
    const isWell = findings.every(({ standing }) => standing !== 'bad') && canaries.every(({ shown }) => shown)
    const isAnswered = options.canary === undefined || canaries.length > 0
    return isWell && isAnswered ? 'done' : 'failed'
  } finally {
    await client.close()
  }
}

const marks = { good: 'ok  ', notice: 'note', bad: 'BAD ' } as const

function lineOf({ standing, topic, text, fix }: Finding, env: CliContext['machine']['env']): string {
  // In a checkout there is no program of that name on the path.
  const step = env['npm_command'] === 'exec' ? fix?.replaceAll(/\bbellhop (?=install|uninstall)/g, 'npx bellhop ') : fix
  return `${marks[standing]}  ${topic.padEnd(9)}  ${text}${step === undefined ? '' : `\n${' '.repeat(17)}→ ${step}`}`
}

/** One after the other, so that each has the whole time. */
async function release(
  who: string,
  sessions: readonly About[],
  seconds: number,
  client: Client,
  say: (line: string) => void,
): Promise<CanaryResult[]> {
  const results: CanaryResult[] = []
  for (const to of recipientsOf(who, sessions, say)) {
    say(`\nA canary flies to "${to}" …`)
    const onStep = (step: CanaryStep): void => say(`  ${step.at}  ${stepText(step)}`)
    const result = await sendCanary(client, { to, ms: seconds * 1000, clock: systemClock, onStep })
    results.push(result)
    say(resultText(result, seconds))
  }
  return results
}

function recipientsOf(who: string, sessions: readonly About[], say: (line: string) => void): string[] {
  const isAssistant = (assistantIds as readonly string[]).includes(who)
  const named = sessions.flatMap(({ name, client }) => (name === undefined ? [] : [{ name, client }]))
  const kin = named.filter(({ client }) => assistantOf(client) === who)
  if (kin.length > 0) return [...new Map(kin.map(({ name }) => [nameKey(name), name])).values()]
  if (isAssistant) {
    const { title } = assistants[who as AssistantId]
    say(
      `\nNo session of ${title} runs here with Bellhop and a name: open one, say "register this instance as …" there, and run this again.`,
    )
    return []
  }
  if (AgentName.safeParse(who).success) return [who]
  say(`\n"${who}" is neither an assistant (${assistantIds.join(', ')}) nor a valid name.`)
  return []
}

function stepText({ state, route }: CanaryStep): string {
  const by = route === undefined ? '' : ` (route: ${route})`
  return state === 'offered' ? `announced or offered${by}, which confirms nothing` : `${state}${by}`
}

function resultText({ name, outlook, shown, ms, ttlSeconds }: CanaryResult, seconds: number): string {
  if (shown) {
    return `ok    "${name}" has shown it to its model after ${(ms / 1000).toFixed(1)} s, by the route ${shown.route ?? 'unknown'}.`
  }
  const expiry = `It expires ${ttlSeconds} s after it was sent, and is shown until then.`
  if (outlook.kind === 'unregistered') return `BAD   Nobody is registered as "${name}". ${expiry}`
  if (outlook.kind === 'away') return `BAD   "${name}" is away: no session has that name now. ${expiry}`
  const autoCheck = outlook.kind === 'online' ? outlook.autoCheck : undefined
  const why =
    autoCheck?.enabled === false
      ? `Auto-check of "${name}" is off, so nothing announces its mail: say "start auto checking" there.`
      : autoCheck && autoCheck.minutes > 0
        ? `Auto-check of "${name}" collects mail for ${autoCheck.minutes} minutes, so it may be on its way still.`
        : 'If that session is idle, type anything there and run this again: what shows it then is what it has.'
  return `BAD   It was not shown within ${seconds} s. ${expiry} ${why}`
}

function isOnPath(program: string, path: string | undefined): boolean {
  return (path ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

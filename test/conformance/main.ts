import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError } from 'commander'
import { runClientVectors, runHubVectors, type Choice } from './kit.ts'
import { loadVectors } from './load.ts'
import { describeLine, summarize, type Line } from './report.ts'

/** Milliseconds that one thing may take to come, unless the command line says otherwise. */
const deadlines = { hub: 10_000, client: 30_000 }

interface Options {
  readonly only?: string
  readonly deadline: number
}

/** Runs, prints, and sets the exit code: 0 where nothing failed, 1 where something did. */
async function report(run: (tell: (line: Line) => void) => Promise<void>): Promise<void> {
  const lines: Line[] = []
  await run((line) => {
    lines.push(line)
    process.stdout.write(`${describeLine(line)}\n`)
  })
  process.stdout.write(`\n${summarize(lines)}\n`)
  if (lines.length === 0 || lines.some(({ verdict }) => verdict.kind === 'failed')) process.exitCode = 1
}

function choice({ only }: Pick<Options, 'only'>): Choice {
  return (title) => only === undefined || title.includes(only)
}

function parseDeadline(text: string): number {
  const ms = Number(text)
  if (!Number.isInteger(ms) || ms < 1) throw new InvalidArgumentError('Give whole milliseconds.')
  return ms
}

function parseSetting(text: string, previous: Record<string, string>): Record<string, string> {
  const [, name, value] = /^(BELLHOP_[A-Z_]+)=(.*)$/.exec(text) ?? []
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Write it as BELLHOP_NAME=value.')
  return { ...previous, [name]: value }
}

function secretFrom(options: { readonly secretFile?: string }): string {
  try {
    if (options.secretFile !== undefined) return readFileSync(options.secretFile, 'utf8').trim()
  } catch {
    program.error(`error: cannot read the secret from ${options.secretFile}`, { exitCode: 2 })
  }
  return (
    process.env['BELLHOP_SECRET'] ?? program.error('error: give --secret-file, or set BELLHOP_SECRET.', { exitCode: 2 })
  )
}

const program = new Command('conformance')
  .description('Tests whether a hub or a client speaks bellhop.v1. See protocol/conformance/README.md.')
  // Wrong arguments are told apart from faults that were found.
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))

program
  .command('hub')
  .description('test a running hub')
  .requiredOption('--url <url>', 'ws://host:port of the hub')
  .option('--secret-file <file>', "file with the hub's secret; default: the variable BELLHOP_SECRET")
  .option('--set <name=value>', 'a setting that the hub runs with; may be repeated', parseSetting, {})
  .option('--only <text>', 'only what has this in its title')
  .option('--deadline <ms>', 'how long one thing may take to come', parseDeadline, deadlines.hub)
  .action((options: Options & { url: string; secretFile?: string; set: Record<string, string> }) => {
    const { url, set: settings, deadline: deadlineMs } = options
    const hub = { url, secret: secretFrom(options), settings, deadlineMs }
    return report((tell) => runHubVectors(loadVectors(), () => Promise.resolve(hub), choice(options), tell))
  })

program
  .command('client')
  .description('test a client through its driver')
  .argument('<command...>', 'the command line of the driver, after --')
  .option('--only <text>', 'only what has this in its title')
  .option('--deadline <ms>', 'how long one thing may take to come', parseDeadline, deadlines.client)
  .action((command: string[], options: Options) =>
    report((tell) => runClientVectors(loadVectors(), { command, deadlineMs: options.deadline }, choice(options), tell)),
  )

await program.parseAsync()

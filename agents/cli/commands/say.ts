import { describe, understand, type Understanding } from '../../say/index.ts'
import { declareAgentOptions, type AgentOptions } from '../agent.ts'
import { withHub } from '../hub-connection.ts'
import { writeJson } from '../json.ts'
import type { CliContext, CommandModule } from '../command.ts'
import { everybody } from '../everybody.ts'
import type { Ending } from '../exit-codes.ts'
import { Problem } from '../problem.ts'
import { readText } from '../text.ts'

interface SayOptions extends AgentOptions {
  readonly dryRun?: true
}

export const say: CommandModule = {
  name: 'say',
  group: 'Messages',
  summary: 'Do what a sentence says: "msg claude: hello", "msgs?", "who is online?", "rename to rose-2".',
  examples: [
    "bellhop say 'msg barney: the migration is done'",
    "bellhop say 'msgs?'",
    "bellhop say --dry-run --json 'tell everyone: lunch'",
  ],
  define(command, context, end) {
    declareAgentOptions(command)
      .argument('<sentence...>', 'what you would type to an assistant, or "-" for stdin')
      .option('--dry-run', 'say what was understood, and do nothing')
      .action(async (words: string[], options: SayOptions) =>
        end(await run(await readText(words, context.terminal), context, options)),
      )
  },
}

async function run(sentence: string, context: CliContext, options: SayOptions): Promise<Ending> {
  const { terminal } = context
  if (options.dryRun) {
    const understood = understand(sentence)
    if (options.json) writeJson(context, understood)
    else terminal.write(`${describe(understood)}\n`)
    return 'done'
  }
  const understood = await understandAmong(sentence, context)
  const command = commandOf(understood)
  if (!command) {
    const { question, suggestions } = understood as Extract<Understanding, { intent: 'unknown' }>
    throw new Problem({
      ending: 'unclear',
      reason: 'not_understood',
      message: question ?? 'That was not understood, so nothing was done.',
      next: suggestions.length > 0 ? `Try: ${suggestions.map((text) => `"${text}"`).join(', ')}.` : 'See --help.',
    })
  }
  const told = `Understood: ${describe(understood)}\n`
  // With --json, the command's own answer is all that stands on stdout.
  if (options.json) terminal.complain(told)
  else terminal.write(told)
  return context.instead([command.name, ...flagsOf(options, command.name), ...command.words])
}

/** With the names that the hub knows, where the sentence names somebody: a slip is asked back. */
async function understandAmong(sentence: string, context: CliContext): Promise<Understanding> {
  const alone = understand(sentence)
  const isOfPeople = 'to' in alone || (alone.intent === 'unknown' && alone.question !== undefined)
  if (!isOfPeople) return alone
  const names = (await withHub(context, everybody)).map(({ name }) => name)
  return understand(sentence, { names })
}

interface CommandLine {
  readonly name: string
  readonly words: readonly string[]
}

/** The command that does it. Behind "--", a text is a text, however it begins. */
function commandOf(understood: Understanding): CommandLine | undefined {
  switch (understood.intent) {
    case 'register':
    case 'rename':
      return { name: understood.intent, words: [understood.name] }
    case 'send':
      return { name: 'send', words: ['--', understood.to, understood.text] }
    case 'reply':
    case 'broadcast':
      return { name: understood.intent, words: ['--', understood.text] }
    case 'forward':
      return { name: 'forward', words: [understood.to] }
    case 'check':
    case 'list':
      return { name: understood.intent, words: [] }
    case 'auto-check-start':
      return { name: 'auto-check', words: ['start', String(understood.minutes ?? 0)] }
    case 'auto-check-stop':
      return { name: 'auto-check', words: ['stop'] }
    case 'auto-check-status':
      return { name: 'auto-check', words: ['status'] }
    case 'unknown':
      return undefined
  }
}

function flagsOf({ as, json, takeOver }: SayOptions, command: string): string[] {
  // Nobody needs a name to look who is there.
  const isNameless = command === 'list'
  return [
    ...(json ? ['--json'] : []),
    ...(as === undefined || isNameless || command === 'register' ? [] : ['--as', as]),
    ...(takeOver && !isNameless ? ['--take-over'] : []),
  ]
}

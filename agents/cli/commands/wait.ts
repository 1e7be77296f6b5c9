import { limits, type Message } from '../../../protocol/index.ts'
import { asAgent, declareAgentOptions, type Agent, type AgentOptions } from '../agent.ts'
import { writeJson } from '../json.ts'
import type { CliContext, CommandModule } from '../command.ts'
import type { Ending } from '../exit-codes.ts'
import { fetchUnread, openLetters, showLetters, type MailForm } from '../mail.ts'
import { readCount } from '../text.ts'

const maxSeconds = 86_400 * 7

interface WaitOptions extends AgentOptions {
  readonly seconds?: string
  readonly follow?: true
}

export const wait: CommandModule = {
  name: 'wait',
  group: 'Messages',
  summary: 'Wait until a message comes, and show it.',
  examples: ['bellhop wait --seconds 600', 'bellhop wait --follow --json'],
  define(command, context, end) {
    declareAgentOptions(command)
      .option('--seconds <n>', 'give up after so long (default: never)')
      .option('--follow', 'go on showing what comes; with --json, an object on each line')
      .action(async (options: WaitOptions) => {
        const { seconds } = options
        const ms = seconds === undefined ? undefined : readCount('--seconds', seconds, 1, maxSeconds) * 1000
        const wishes = { window: limits.windowDefault, routes: ['wait'] as const }
        end(await asAgent(options, context, (agent) => run(agent, context, options, ms), wishes))
      })
  },
}

async function run(agent: Agent, context: CliContext, options: WaitOptions, ms: number | undefined): Promise<Ending> {
  const { follow, json, seconds } = options
  const form: MailForm = json ? (follow ? 'lines' : 'document') : 'text'
  const until = ms === undefined ? undefined : context.clock.now() + ms
  let isShown = false
  for (;;) {
    const messages = await next(agent, follow, until === undefined ? undefined : until - context.clock.now())
    if (messages.length === 0) break
    const letters = await openLetters(messages, agent, context)
    await showLetters(letters, agent, context, { form, route: 'wait' })
    isShown = true
    if (!follow) break
  }
  if (isShown) return 'done'
  if (form === 'document') writeJson(context, { messages: [] })
  if (form === 'text') context.terminal.complain(`No message for ${agent.name} within ${seconds} s.\n`)
  return 'late'
}

/** What waits already, all of it; or what is pushed from now on. Empty when the time is over. */
async function next(agent: Agent, follow: true | undefined, ms: number | undefined): Promise<readonly Message[]> {
  const { client, pushed, attached } = agent
  if (!follow && attached.waiting > 0) return fetchUnread(client, limits.pageRows)
  const arrived = (): Message[] | undefined => (pushed.messages.length > 0 ? pushed.messages.splice(0) : undefined)
  return (await pushed.until(arrived, ms)) ?? []
}

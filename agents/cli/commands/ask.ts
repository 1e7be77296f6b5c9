import { limits, type Message, type MessageId } from '../../../protocol/index.ts'
import { stepsText } from '../../wording/receipts.ts'
import { asAgent, declareAgentOptions, type Agent, type AgentOptions } from '../agent.ts'
import { writeJson } from '../json.ts'
import type { CliContext, CommandModule } from '../command.ts'
import type { Ending } from '../exit-codes.ts'
import { fetchUnread, jsonOf, letterText, openLetters } from '../mail.ts'
import { readCount, readText } from '../text.ts'
import { tellSent } from './send.ts'

const defaultSeconds = '60'
const maxSeconds = 86_400

interface AskOptions extends AgentOptions {
  readonly seconds: string
}

export const ask: CommandModule = {
  name: 'ask',
  group: 'Messages',
  summary: 'Send a question, and wait for the answer to it.',
  examples: ['bellhop ask claude --seconds 300 is the build green?', 'bellhop ask claude is the build green? --json'],
  define(command, context, end) {
    declareAgentOptions(command)
      .argument('<to>', 'a name, or a topic with "#" before it: then the first answer counts')
      .argument('<text...>', 'the question, or "-" for stdin')
      .option('--seconds <n>', 'how long to wait', defaultSeconds)
      .action(async (to: string, words: string[], options: AskOptions) => {
        const ms = readCount('--seconds', options.seconds, 1, maxSeconds) * 1000
        const content = await readText(words, context.terminal)
        const wishes = { window: limits.windowMax, routes: ['wait'] as const, announcesName: true }
        end(await asAgent(options, context, (agent) => run({ to, content }, ms, agent, context, options), wishes))
      })
  },
}

async function run(
  draft: { readonly to: string; readonly content: string },
  ms: number,
  agent: Agent,
  context: CliContext,
  options: AskOptions,
): Promise<Ending> {
  const { client, pushed } = agent
  const sent = await client.send(draft)
  if (!options.json) tellSent(sent, draft, agent, context, {})
  const isAnswer = ({ replyTo }: Message): boolean => replyTo === sent.id
  const answer =
    (await pushed.until(() => pushed.messages.find(isAnswer), ms)) ?? (await amongUnread(agent, sent.seq, isAnswer))
  if (!answer) return noAnswer(sent.id, agent, context, options)
  const [letter] = await openLetters([answer], agent, context)
  if (options.json) writeJson(context, { id: sent.id, answer: jsonOf(letter!) })
  else context.terminal.write(`\n${letterText(letter!, context.terminal, context.clock.now())}`)
  await context.terminal.written()
  await client.ack([answer.id], 'shown', 'wait')
  // A notice says that there will be no answer.
  return answer.kind === 'notice' ? 'failed' : 'done'
}

/** Behind more unread mail than the hub pushes at once, an answer only waits. */
async function amongUnread(
  { client }: Agent,
  after: number,
  fits: (message: Message) => boolean,
): Promise<Message | undefined> {
  return (await fetchUnread(client, Number.POSITIVE_INFINITY, after)).find(fits)
}

async function noAnswer(
  id: MessageId,
  { client }: Agent,
  context: CliContext,
  { json, seconds }: AskOptions,
): Promise<Ending> {
  const { receipts } = await client.request('receipts', { id })
  const recipients = receipts[0]?.recipients ?? []
  if (json) {
    writeJson(context, { id, answer: null, recipients })
    return 'late'
  }
  const fates = recipients.map(({ name, state, steps }) => `${name}: ${stepsText(state, steps, context.clock.now())}`)
  const sofar = fates.length > 0 ? `So far: ${fates.join('; ')}.` : 'Nobody has seen it so far.'
  context.terminal.complain(
    `No answer within ${seconds} s. ${sofar}\nThe question stands: its answer comes as mail ("bellhop wait", "bellhop check").\n`,
  )
  return 'late'
}

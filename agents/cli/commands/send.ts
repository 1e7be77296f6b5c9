import { Option } from 'commander'
import { limits, MessageId, Priority, type Result } from '../../../protocol/index.ts'
import type { SendDraft } from '../../client/index.ts'
import { outlookText } from '../../wording/presence.ts'
import { asAgent, declareAgentOptions, type Agent, type AgentOptions } from '../agent.ts'
import { writeJson } from '../json.ts'
import type { CliContext, CommandModule } from '../command.ts'
import type { Ending } from '../exit-codes.ts'
import { readCount, readText, wrongUse } from '../text.ts'
import { withTransfer } from '../transfer.ts'

interface SendOptions extends AgentOptions {
  readonly priority?: Priority
  readonly replyTo?: string
  readonly thread?: string
  readonly data?: string
  readonly ttl?: string
}

export const send: CommandModule = {
  name: 'send',
  group: 'Messages',
  summary: 'Send a message to a name, whether or not anybody has it yet, or to a #topic.',
  examples: [
    'bellhop send claude the build is green',
    'git log -3 | bellhop send claude -',
    "bellhop send '#frontend' --priority urgent 'stop the deployment'",
    `bellhop send claude --data '{"build":42}' 'see the data' --json`,
  ],
  define(command, context, end) {
    declareAgentOptions(command)
      .argument('<to>', 'a name, or a topic with "#" before it')
      .argument('<text...>', 'the text, or "-" for stdin')
      .addOption(new Option('--priority <priority>', 'urgent may interrupt, low never does').choices(Priority.options))
      .option('--reply-to <id>', 'the message that this one answers')
      .option('--thread <name>', 'a name that keeps a conversation together')
      .option('--data <json>', 'a JSON object beside the text')
      .option('--ttl <seconds>', 'how long it is worth reading')
      .action(async (to: string, words: string[], options: SendOptions) => {
        const draft = { ...draftOf(options), to, content: await readText(words, context.terminal) }
        end(
          await asAgent(options, context, (agent) => deliver(draft, agent, context, options), { announcesName: true }),
        )
      })
  },
}

function draftOf({ priority, replyTo, thread, data, ttl }: SendOptions): Omit<SendDraft, 'to' | 'content'> {
  return {
    ...(priority !== undefined && { priority }),
    ...(replyTo !== undefined && { replyTo: messageId(replyTo) }),
    ...(thread !== undefined && { thread }),
    ...(data !== undefined && { data: jsonObject(data) }),
    ...(ttl !== undefined && { ttlSeconds: readCount('--ttl', ttl, limits.ttlSecondsMin, limits.ttlSecondsMax) }),
  }
}

/** Sends, and says how and when it will be seen [D-7]. */
export async function deliver(
  draft: SendDraft,
  agent: Pick<Agent, 'client' | 'signature'>,
  context: CliContext,
  options: AgentOptions,
): Promise<Ending> {
  const isLarge = Buffer.byteLength(draft.content ?? '') > limits.inlineBytes
  const sent = isLarge
    ? await withTransfer('Sending', context.terminal, (moving) => agent.client.send(draft, moving))
    : await agent.client.send(draft)
  tellSent(sent, draft, agent, context, options)
  return 'done'
}

export function tellSent(
  { id, sentAt, outlook }: Result<'send'>,
  { priority }: SendDraft,
  { client, signature }: Pick<Agent, 'client' | 'signature'>,
  context: CliContext,
  { json }: AgentOptions,
): void {
  const sentence = outlookText(outlook, context.clock.now(), priority)
  const from = client.registration?.name
  if (json) writeJson(context, { id, from, to: outlook.name, sentAt, outlook, sentence })
  else context.terminal.write(`Sent ${signature}, as ${id}. ${sentence}\n`)
}

export function messageId(text: string): MessageId {
  const id = MessageId.safeParse(text)
  if (id.success) return id.data
  throw wrongUse(`"${text}" is no id of a message.`, 'Take it from "bellhop history".')
}

function jsonObject(text: string): NonNullable<SendDraft['data']> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as never
  } catch {
    // Told below.
  }
  throw wrongUse('--data is no JSON object.', `Give one in quotes, such as '{"build":42}'.`)
}

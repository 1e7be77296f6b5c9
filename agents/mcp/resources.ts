import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'
import type { ShimContext } from './context.ts'
import { fenceMail } from './mail/fence.ts'
import { agentText } from '../wording/presence.ts'
import { refusalOf, refusalText } from './refusal.ts'
import { count, moment } from '../wording/words.ts'

export const inboxUri = 'bellhop://inbox'

export interface Resource {
  readonly uri: string
  readonly name: string
  readonly title: string
  readonly description: string
  readonly mimeType: 'text/plain'
  read(context: ShimContext, signal: AbortSignal): Promise<string>
}

export const resources: readonly Resource[] = [
  {
    uri: 'bellhop://status',
    name: 'status',
    title: 'Bellhop status',
    description: 'The connection to the hub, and this assistant as the hub sees it.',
    mimeType: 'text/plain',
    read: readStatus,
  },
  {
    uri: inboxUri,
    name: 'inbox',
    title: 'Bellhop inbox',
    description: 'Unread messages. Looking does not mark them as read. Can be subscribed to.',
    mimeType: 'text/plain',
    read: ({ inbox }) => {
      const views = inbox.unread().map((message) => {
        const file = message.blob && ({ kind: 'at-hub' } as const)
        return file ? { message, file } : { message }
      })
      return Promise.resolve(views.length === 0 ? 'No unread messages.' : fenceMail(views))
    },
  },
  {
    uri: 'bellhop://agents',
    name: 'agents',
    title: 'Bellhop agents',
    description: 'Who is registered, and who is online.',
    mimeType: 'text/plain',
    read: readAgents,
  },
]

async function readStatus(
  { client, inbox, clock, autoRegistration }: ShimContext,
  signal: AbortSignal,
): Promise<string> {
  const name = client.registration?.name
  const own = [
    name === undefined ? 'This assistant has no name yet: register {"name":"…"}.' : `This assistant is "${name}".`,
    ...(autoRegistration.failure ? [`BELLHOP_NAME failed: ${refusalText(autoRegistration.failure)}`] : []),
    `${count(inbox.unread().length, 'unread message')} here.`,
  ]
  try {
    const { hub, agent } = await client.request('status', {}, { signal })
    return [
      ...own,
      `The hub (version ${hub.version}) has been up since ${moment(hub.startedAt, clock.now())}: ${count(hub.agents, 'agent')}, ${hub.online} online.`,
      ...(hub.writable ? [] : ['Its disk refuses writes: sends fail until there is space.']),
      ...(agent
        ? [`${count(agent.waiting, 'message')} waiting at the hub. Topics: ${agent.topics.join(' ') || 'none'}.`]
        : []),
    ].join('\n')
  } catch (error) {
    return [...own, refusalText(refusalOf(error))].join('\n')
  }
}

async function readAgents({ client, clock }: ShimContext, signal: AbortSignal): Promise<string> {
  try {
    const { agents, total } = await client.request('list', { limit: 200 }, { signal })
    const rest = total > agents.length ? [`… and ${total - agents.length} more: list_instances {"after":…}`] : []
    return [...agents.map((agent) => agentText(agent, clock.now())), ...rest].join('\n') || 'Nobody is registered yet.'
  } catch (error) {
    throw new McpError(ErrorCode.InternalError, refusalText(refusalOf(error)))
  }
}

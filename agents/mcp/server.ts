import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  CallToolRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  type RequestId,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { softwareVersion } from '../../protocol/index.ts'
import { callTool } from './call.ts'
import type { ShimContext, ToolCall } from './context.ts'
import { instructions } from './instructions.ts'
import { codexThread } from './codex-thread.ts'
import type { Deliveries, Landing } from './mail/deliveries.ts'
import type { Prompt } from './prompts/index.ts'
import { inboxUri, resources } from './resources.ts'
import type { Tool } from './tool.ts'
import { reportWrites } from './transport.ts'

interface ShimServerOptions {
  /** Capabilities beyond the standard. */
  readonly experimental: Record<string, object>
  readonly written: (request: RequestId, landing: Landing) => void
  readonly connected: () => void
}

/** Reports what was written, whatever transport it is connected to. */
export class ShimServer extends Server {
  readonly #options: ShimServerOptions

  constructor(options: ShimServerOptions) {
    const { experimental } = options
    super(
      { name: 'bellhop', title: 'Bellhop', version: softwareVersion },
      {
        instructions,
        capabilities: {
          tools: {},
          prompts: {},
          resources: { subscribe: true },
          ...(Object.keys(experimental).length > 0 && { experimental }),
        },
      },
    )
    this.#options = options
  }

  override async connect(transport: Transport): Promise<void> {
    await super.connect(reportWrites(transport, this.#options.written))
    this.#options.connected()
  }
}

/** Answers MCP's requests from the tables of tools, resources and prompts. */
export function serve(
  server: ShimServer,
  parts: {
    readonly context: ShimContext
    readonly deliveries: Deliveries
    readonly subscriptions: Set<string>
  },
): void {
  const { context, deliveries, subscriptions } = parts

  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: (await loadTools()).map((tool) => tool.definition()),
  }))

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tools = await loadTools()
    const tool = tools.find(({ name }) => name === params.name)
    if (!tool) throw unknown('tool', params.name, tools)
    const call = codexThread(extra._meta)
    if (call) context.conversation.learn(call.thread, call.run)
    const token = extra._meta?.progressToken
    const toolCall: ToolCall = {
      signal: extra.signal,
      progress:
        token === undefined
          ? undefined
          : (step) => {
              const notification = {
                method: 'notifications/progress',
                params: { progressToken: token, ...step },
              } as const
              // A lost progress report is no loss; a broken pipe ends the shim elsewhere.
              extra.sendNotification(notification).catch(() => undefined)
            },
    }
    return await callTool(tool, params.arguments, extra.requestId, toolCall, parts)
  })

  server.setRequestHandler(ListResourcesRequestSchema, () => ({
    resources: resources.map(({ uri, name, title, description, mimeType }) => ({
      uri,
      name,
      title,
      description,
      mimeType,
    })),
  }))

  // Some clients ask whoever has resources, and take a refusal for a fault.
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [] }))

  server.setRequestHandler(ReadResourceRequestSchema, async ({ params }, { requestId, signal }) => {
    const resource = resourceOf(params.uri)
    if (resource.uri === inboxUri) {
      const ids = context.inbox.unread().map(({ id }) => id)
      const land = (landing: Landing) => void (landing === 'written' && deliveries.offered(ids, 'resource'))
      deliveries.hold(requestId, land, signal)
    }
    const { uri, mimeType } = resource
    await context.autoRegistration.settled()
    return { contents: [{ uri, mimeType, text: await resource.read(context, signal) }] }
  })

  server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    subscriptions.add(resourceOf(params.uri).uri)
    return {}
  })

  server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    subscriptions.delete(params.uri)
    return {}
  })

  server.setRequestHandler(ListPromptsRequestSchema, async () => ({
    prompts: (await loadPrompts()).map(({ name, title, description, arguments: args }) => ({
      name,
      title,
      description,
      arguments: [...args],
    })),
  }))

  server.setRequestHandler(GetPromptRequestSchema, async ({ params }) => {
    const prompts = await loadPrompts()
    const prompt = prompts.find(({ name }) => name === params.name)
    if (!prompt) throw unknown('prompt', params.name, prompts)
    const given = params.arguments ?? {}
    const missing = prompt.arguments.find(({ name, required }) => required && !given[name]?.trim())
    if (missing) {
      throw new McpError(ErrorCode.InvalidParams, `"${missing.name}" is missing: ${missing.description}`)
    }
    return {
      description: prompt.description,
      messages: [{ role: 'user' as const, content: { type: 'text' as const, text: prompt.text(given) } }],
    }
  })
}

/** Tools and prompts are loaded at first use: initialize is answered the sooner, and some assistants do not wait for it. */
async function loadTools(): Promise<readonly Tool[]> {
  return (await import('./tools/index.ts')).tools
}

async function loadPrompts(): Promise<readonly Prompt[]> {
  return (await import('./prompts/index.ts')).prompts
}

function resourceOf(uri: string) {
  const resource = resources.find((candidate) => candidate.uri === uri)
  if (!resource) {
    throw unknown(
      'resource',
      uri,
      resources.map(({ uri }) => ({ name: uri })),
    )
  }
  return resource
}

function unknown(kind: string, name: string, known: readonly { readonly name: string }[]): McpError {
  const names = known.map((row) => row.name).join(', ')
  return new McpError(ErrorCode.InvalidParams, `There is no ${kind} ${JSON.stringify(name)}. There are: ${names}.`)
}

import { Client as NewerClient } from '@modelcontextprotocol/client'
import { StdioClientTransport as NewerTransport } from '@modelcontextprotocol/client/stdio'
import { onTestFinished } from 'vitest'
import { Assistant, shimScript, type Answer } from './assistant.ts'
import { bareEnvironment } from './environment.ts'

/** An assistant that is stopped when the test ends; with a name, if one is given. `kind`: what it says that it is. */
export async function startAssistant(env: Record<string, string>, name?: string, kind = 'e2e'): Promise<Assistant> {
  const assistant = await Assistant.start(kind, env)
  onTestFinished(() => assistant.stop())
  if (name === undefined) return assistant
  const answer = await assistant.call('register', { name })
  if (answer.isError) throw new Error(answer.text)
  return assistant
}

/** The part of an MCP client that assistants use, whichever library it is made with. */
export interface McpSession {
  call(name: string, args?: Record<string, unknown>): Promise<Answer>
  tools(): Promise<string[]>
  resources(): Promise<string[]>
  read(uri: string): Promise<string>
  prompts(): Promise<string[]>
  prompt(name: string, args?: Record<string, string>): Promise<string>
}

export interface Sdk {
  readonly name: string
  /** Stopped when the test ends. */
  start(env: Record<string, string>): Promise<McpSession>
}

const patience = { timeout: 120_000 }

async function startOlder(env: Record<string, string>): Promise<McpSession> {
  const assistant = await startAssistant(env)
  const { client } = assistant
  return {
    call: (name, args) => assistant.call(name, args),
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    read: async (uri) => textOf((await client.readResource({ uri })).contents),
    prompts: async () => (await client.listPrompts()).prompts.map(({ name }) => name),
    prompt: async (name, args = {}) =>
      textOf((await client.getPrompt({ name, arguments: args })).messages.map(({ content }) => content)),
  }
}

/** `auto`: asks the shim first whether it speaks a newer revision. */
async function startNewer(env: Record<string, string>, mode: 'auto' | 'legacy'): Promise<McpSession> {
  const client = new NewerClient({ name: 'e2e', version: '1.0.0' }, { versionNegotiation: { mode } })
  const transport = new NewerTransport({
    command: process.execPath,
    args: [shimScript],
    env: { ...bareEnvironment, ...env },
    stderr: 'ignore',
  })
  await client.connect(transport)
  onTestFinished(() => client.close())
  return {
    async call(name, args = {}) {
      const result = await client.callTool({ name, arguments: args }, patience)
      return {
        text: textOf(result.content),
        isError: result.isError === true,
        structured: (result.structuredContent ?? {}) as Answer['structured'],
      }
    },
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    read: async (uri) => textOf((await client.readResource({ uri })).contents),
    prompts: async () => (await client.listPrompts()).prompts.map(({ name }) => name),
    prompt: async (name, args = {}) =>
      textOf((await client.getPrompt({ name, arguments: args })).messages.map(({ content }) => content)),
  }
}

/** The libraries that assistants speak MCP with. */
export const sdks: readonly Sdk[] = [
  { name: 'SDK 1', start: startOlder },
  { name: 'SDK 2', start: (env) => startNewer(env, 'legacy') },
  { name: 'SDK 2, probing for a newer revision', start: (env) => startNewer(env, 'auto') },
]

function textOf(parts: readonly object[]): string {
  return parts.map((part) => ('text' in part ? String(part.text) : '')).join('\n')
}

/** A message in a result, without its text. */
export interface Shown {
  readonly id: string
  readonly kind: string
  readonly from: string
  readonly path?: string
  readonly bytes?: number
}

/** The messages that an answer shows. */
export function shownIn(answer: Answer): readonly Shown[] {
  return (answer.structured['messages'] ?? []) as Shown[]
}

/** The texts of the mail that an answer shows, in its order. */
export function textsIn(answer: Answer): string[] {
  const mail = (answer.structured['mail'] ?? '') as string
  return [...mail.matchAll(/^<<<TEXT (\S+)\n([^]*?)\nTEXT \1>>>$/gm)].map(([, , text]) => text ?? '')
}

/** What the tool itself answered, without the mail. */
export function resultOf(answer: Answer): Result {
  if (answer.isError) throw new Error(answer.text)
  return answer.structured['result'] as Result
}

/** The fields that tests look at, each from the tools that have it. */
interface Result extends Readonly<Record<string, unknown>> {
  readonly id: string
  readonly agents: readonly { readonly name: string; readonly online: boolean; readonly routes: readonly string[] }[]
  readonly receipts: readonly { readonly recipients: readonly { readonly name: string; readonly state: string }[] }[]
  readonly messages: readonly Shown[]
}

/** Checks until so many messages were shown; answers with the texts of all. */
export async function checkUntil(reader: Pick<McpSession, 'call'>, count: number): Promise<string[]> {
  const texts: string[] = []
  while (texts.length < count) {
    // The wait only blocks where nothing has come yet.
    const answer = await reader.call('wait', { seconds: 10 })
    texts.push(...textsIn(answer))
  }
  return texts
}

/** Resolves when somebody else sees this agent blocked in `wait`. */
export async function untilWaiting(observer: Pick<McpSession, 'call'>, name: string): Promise<void> {
  for (;;) {
    const { agents } = resultOf(await observer.call('list_instances'))
    if (agents.find((agent) => agent.name === name)?.routes.includes('wait') === true) return
  }
}

/** Resolves when the assistant's shim holds unread mail: the inbox resource counts it without taking it. */
export async function untilUnread({ client }: Assistant): Promise<void> {
  for (;;) {
    const { contents } = await client.readResource({ uri: 'bellhop://inbox' })
    if (JSON.stringify(contents).includes('<<<TEXT')) return
  }
}

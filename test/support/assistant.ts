import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { bareEnvironment } from './environment.ts'

/** What a tool answered, as an assistant sees it. */
export interface Answer {
  readonly text: string
  readonly isError: boolean
  readonly structured: Readonly<Record<string, unknown>>
}

/** The program that runs beside each assistant. */
export const shimScript = fileURLToPath(new URL('../../agents/mcp/main.ts', import.meta.url))
/** The hub's program. */
export const hubScript = fileURLToPath(new URL('../../hub/main.ts', import.meta.url))

/** An MCP client with a real shim behind real pipes: what an assistant is, without its model. */
export class Assistant {
  readonly client: Client
  readonly transport: StdioClientTransport

  private constructor(client: Client, transport: StdioClientTransport) {
    this.client = client
    this.transport = transport
  }

  static async start(kind: string, env: Record<string, string>): Promise<Assistant> {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [shimScript],
      env: { ...bareEnvironment, ...env },
      stderr: 'ignore',
    })
    const client = new Client({ name: kind, version: '1.0.0' })
    await client.connect(transport)
    return new Assistant(client, transport)
  }

  async call(
    name: string,
    args: Record<string, unknown> = {},
    options: { signal?: AbortSignal } = {},
  ): Promise<Answer> {
    const result = await this.client.callTool({ name, arguments: args }, undefined, { timeout: 120_000, ...options })
    const content = result.content as { type: string; text?: string }[]
    return {
      text: content.map(({ text }) => text ?? '').join('\n'),
      isError: result.isError === true,
      structured: (result.structuredContent ?? {}) as Record<string, unknown>,
    }
  }

  stop(): Promise<void> {
    return this.client.close()
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, InMemoryTransport, type CallToolResult } from '@modelcontextprotocol/client'
import { onTestFinished } from 'vitest'
import type { ClientError } from '../../../agents/client/client.ts'
import type { Environment } from '../../../agents/client/settings.ts'
import { createShim, type Shim } from '../../../agents/mcp/shim.ts'
import { FakeClient } from './fake-client.ts'
import { FakeClock } from '../../support/fake-clock.ts'

export interface Rig {
  readonly client: FakeClient
  readonly clock: FakeClock
  readonly mcp: Client
  readonly shim: Shim
  readonly home: string
  readonly cwd: string
  /** Makes every later response wait for the next `open`, or fail. */
  readonly gate: Gate
  readonly call: (name: string, args?: Record<string, unknown>, options?: CallOptions) => Promise<CallToolResult>
}

interface CallOptions {
  readonly signal?: AbortSignal
  readonly onprogress?: (progress: { progress: number; total?: number | undefined }) => void
}

/** Holds what the shim writes, as a full pipe does. */
class Gate {
  #closed: PromiseWithResolvers<void> | undefined
  #reached = Promise.withResolvers<void>()

  close(): void {
    this.#closed = Promise.withResolvers()
    this.#reached = Promise.withResolvers()
  }

  open(): void {
    this.#closed?.resolve()
    this.#closed = undefined
  }

  break(): void {
    this.#closed?.reject(new Error('EPIPE'))
    this.#closed = undefined
  }

  /** Resolves when a response stands before the closed gate. */
  get reached(): Promise<void> {
    return this.#reached.promise
  }

  async pass(): Promise<void> {
    if (!this.#closed) return
    this.#reached.resolve()
    await this.#closed.promise
  }
}

export interface RigOptions {
  readonly env?: Environment
  /** The name that the client has from the start; null: none. */
  readonly registered?: string | null
  /** Which assistant the MCP client says that it is. */
  readonly clientName?: string
  readonly home?: string
  readonly cwd?: string
  /** What the pretended hub refuses everything with, from the start. */
  readonly refusal?: ClientError
}

/** A shim with a pretended hub client, an MCP client connected to it, and everything torn down after the test. */
export async function rig(options: RigOptions = {}): Promise<Rig> {
  const { env = {}, registered = 'claude', clientName = 'test', refusal } = options
  const home = options.home ?? (await temporaryFolder())
  const cwd = options.cwd ?? (await temporaryFolder())
  const client = new FakeClient()
  client.refusal = refusal
  const clock = new FakeClock()
  client.answers.reach = () => ({})
  const shim = createShim({ client, home, cwd, env, clock })
  const [near, far] = InMemoryTransport.createLinkedPair()
  const gate = new Gate()
  const deliver = far.send.bind(far)
  far.send = async (message, options) => {
    await gate.pass()
    await deliver(message, options)
  }
  await shim.server.connect(far)
  const mcp = new Client({ name: clientName, version: '1' })
  await mcp.connect(near)
  // So that the client checks every structured result against its schema.
  await mcp.listTools()
  if (registered !== null) client.attach(registered)
  onTestFinished(async () => {
    gate.open()
    await mcp.close()
    await shim.cleanup()
  })
  return {
    client,
    clock,
    mcp,
    shim,
    home,
    cwd,
    gate,
    call: async (name, args = {}, options) => await mcp.callTool({ name, arguments: args }, options ?? {}),
  }
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bellhop-mcp-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The text of a result. */
export function text(result: CallToolResult): string {
  return result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n')
}

export interface Structured {
  readonly ok: boolean
  readonly summary: string
  readonly result?: Record<string, unknown>
  readonly error?: { readonly reason: string; readonly next: string }
  readonly notes?: readonly string[]
  readonly mail?: string
  readonly messages?: readonly { readonly id: string; readonly path?: string }[]
}

export function structured(result: CallToolResult): Structured {
  return result.structuredContent as Structured
}

/** Ids of the messages that a result shows. */
export function shownIds(result: CallToolResult): string[] {
  return (structured(result).messages ?? []).map(({ id }) => id)
}

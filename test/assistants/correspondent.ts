import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import type { Receipt, Route } from '../../protocol/index.ts'
import { shimScript } from '../support/assistant.ts'
import { startClient, type TestClient } from '../support/clients.ts'
import { homeWithHub } from '../support/hub-process.ts'

/** Milliseconds between two looks: the assistant that is waited for needs the processor more. */
const lookMs = 20

type Step = Receipt['recipients'][number]['steps'][number]

/** How an assistant starts its shim. */
export interface ShimCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** Another agent, on a hub of this test's own: sends canaries, and hears what became of them. */
export class Correspondent {
  /** What every program needs to find the hub. */
  readonly env: Record<string, string>
  readonly #client: TestClient['client']

  private constructor(env: Record<string, string>, client: TestClient['client']) {
    this.env = env
    this.#client = client
  }

  static async start(): Promise<Correspondent> {
    const { env } = homeWithHub()
    const { client } = await startClient(env, 'rose')
    return new Correspondent(env, client)
  }

  /** The shim that registers this name by itself. */
  shim(name: string): ShimCommand {
    return { command: process.execPath, args: [shimScript], env: { ...this.env, BELLHOP_NAME: name } }
  }

  /** Resolves with the message's id, when it is on disk. */
  async send(to: string, content: string): Promise<string> {
    return (await this.#client.send({ to, content })).id
  }

  /** Resolves when the agent is online, and, if one is given, can be reached by this route. */
  async untilOnline(name: string, route?: Route): Promise<void> {
    for (;;) {
      const { agents } = await this.#client.request('list', {})
      const agent = agents.find((candidate) => candidate.name === name)
      if (agent?.online === true && (route === undefined || agent.routes.includes(route))) return
      await delay(lookMs)
    }
  }

  /** The steps of a message's only recipient, as soon as it has seen it. */
  async untilShown(id: string): Promise<readonly Step[]> {
    for (;;) {
      const { receipts } = await this.#client.request('receipts', { id })
      const steps = receipts[0]?.recipients[0]?.steps ?? []
      if (steps.some(({ state }) => state === 'shown')) return steps
      await delay(lookMs)
    }
  }
}

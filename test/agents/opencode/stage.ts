import type { OpencodeEvent, Part, PromptRequest, ToolOutput } from '../../../agents/opencode/api.ts'
import { createHooks, type HookParts } from '../../../agents/opencode/hooks.ts'
import { FakeLink } from './fake-link.ts'

export const sentence = 'Bellhop: new mail.'

/** opencode around the plugin's hooks: calls them as it does, and keeps what it is asked. */
export class Stage {
  readonly link = new FakeLink()
  readonly prompts: PromptRequest[] = []
  /** What opencode answers to a wake-up. */
  refusal: unknown
  isShimThere = true
  searches = 0
  readonly hooks: ReturnType<typeof createHooks>

  constructor(parts: Partial<HookParts> = {}) {
    this.hooks = createHooks({
      headless: false,
      connect: async () => {
        this.searches += 1
        return this.isShimThere ? this.link : undefined
      },
      client: { session: { promptAsync: (request) => this.#prompted(request) } },
      ...parts,
    })
  }

  /** A person's prompt; answers with the parts that go to the model. */
  async prompt(sessionID: string, text = 'Good morning.', more: { agent?: string } = {}): Promise<Part[]> {
    return this.#message(sessionID, [{ id: 'prt_0123456789abzzzzzzzzzzzzzz', type: 'text', text }], more)
  }

  async event(type: string, properties: OpencodeEvent['properties']): Promise<void> {
    await this.hooks.event({ event: { type, ...(properties && { properties }) } })
  }

  async idle(sessionID: string): Promise<void> {
    await this.event('session.status', { sessionID, status: { type: 'idle' } })
    await this.event('session.idle', { sessionID })
    await settled()
  }

  async tool(sessionID: string, output: ToolOutput | undefined, tool = 'bash'): Promise<void> {
    await this.hooks['tool.execute.after']({ tool, sessionID }, output)
  }

  async ring(): Promise<void> {
    this.link.ring(sentence)
    await settled()
  }

  async #prompted(request: PromptRequest): Promise<{ error?: unknown }> {
    this.prompts.push(request)
    if (this.refusal !== undefined) return { error: this.refusal }
    await this.#message(request.path.id, [...request.body.parts], request.body)
    return {}
  }

  async #message(sessionID: string, parts: Part[], speaker: { agent?: string }): Promise<Part[]> {
    await this.hooks['chat.message']({ sessionID }, { message: { id: 'msg_1', ...speaker }, parts })
    return parts
  }
}

/** Resolves when everything that waits for nothing but promises has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

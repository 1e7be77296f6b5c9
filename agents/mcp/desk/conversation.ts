import { assistantOf, type AssistantId } from '../../assistants/index.ts'
import type { Caller } from '../../local/wire.ts'

/** Conversations that are remembered: those that one shim serves one after the other. */
const remembered = 16

/**
 * Which conversation of which assistant this shim stands beside: two assistants of one kind in one folder
 * must not read each other's mail.
 */
export class Conversation {
  readonly #client: () => string | undefined
  readonly #sessions = new Set<string>()

  /** `client`: MCP's name of the assistant, known after initialize. */
  constructor(client: () => string | undefined) {
    this.#client = client
  }

  get assistant(): AssistantId | undefined {
    return assistantOf(this.#client())
  }

  /** The assistant's own id of it, as the last tool call or hook said. */
  get session(): string | undefined {
    return [...this.#sessions].at(-1)
  }

  /** A tool call came from this conversation: proof. */
  learn(session: string): void {
    this.#sessions.delete(session)
    this.#sessions.add(session)
    for (const oldest of this.#sessions) {
      if (this.#sessions.size <= remembered) break
      this.#sessions.delete(oldest)
    }
  }

  judge({ assistant, session, adopt }: Caller): 'own' | 'unsure' | 'stranger' {
    if (assistant !== undefined && this.assistant !== undefined && assistant !== this.assistant) return 'stranger'
    if (session === undefined || this.#sessions.has(session)) return 'own'
    if (this.#sessions.size > 0) return 'stranger'
    if (!adopt) return 'unsure'
    this.learn(session)
    return 'own'
  }
}

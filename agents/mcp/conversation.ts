import { assistantOf, type AssistantId } from '../assistants/index.ts'
import type { Caller } from '../local/wire.ts'

/** Conversations that are remembered: those that one shim serves one after the other. */
const remembered = 16

/**
 * Which conversation of which assistant this shim stands beside: two assistants of one kind in one folder
 * must not read each other's mail.
 */
export class Conversation {
  readonly #client: () => string | undefined
  readonly #changed: () => void
  readonly #sessions = new Set<string>()
  #isHeadless = false

  /** `client`: MCP's name of the assistant, known after initialize. `changed`: another session is known. */
  constructor(client: () => string | undefined, changed: () => void) {
    this.#client = client
    this.#changed = changed
  }

  get assistant(): AssistantId | undefined {
    return assistantOf(this.#client())
  }

  /** The assistant's own id of it, as the last tool call or hook said. */
  get session(): string | undefined {
    return [...this.#sessions].at(-1)
  }

  /** A run without a person, which ends with its turn: nobody is there to be woken. */
  get isHeadless(): boolean {
    return this.#isHeadless
  }

  /** A tool call or a hook came from this conversation: proof. */
  learn(session: string, { headless = false } = {}): void {
    if (session === this.session && headless === this.#isHeadless) return
    this.#sessions.delete(session)
    this.#sessions.add(session)
    this.#isHeadless = headless
    for (const oldest of this.#sessions) {
      if (this.#sessions.size <= remembered) break
      this.#sessions.delete(oldest)
    }
    this.#changed()
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

import { assistantOf, type AssistantId } from '../assistants/index.ts'
import type { Caller } from '../local/wire.ts'

/** Conversations that are remembered: those that one shim serves one after the other. */
const remembered = 16

/** `headless`: without a person, ends with its turn. `subagent`: in the service of another conversation. */
export type Run = 'attended' | 'headless' | 'subagent'

/**
 * Which conversation of which assistant this shim stands beside: two assistants of one kind in one folder
 * must not read each other's mail.
 */
export class Conversation {
  readonly #client: () => string | undefined
  readonly #changed: () => void
  readonly #sessions = new Set<string>()
  #run: Run = 'attended'

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

  /** Whether somebody is there who can be woken, and whose name it may have. */
  get isAttended(): boolean {
    return this.#run === 'attended'
  }

  /** A tool call or a hook came from this conversation: proof. */
  learn(session: string, run: Run = 'attended'): void {
    if (session === this.session && run === this.#run) return
    this.#sessions.delete(session)
    this.#sessions.add(session)
    this.#run = run
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

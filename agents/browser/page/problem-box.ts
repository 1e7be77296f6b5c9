import type { ClientReason } from '../../client/portable.ts'
import { byId } from './elements.ts'

/** What somebody in front of this page does next, where the error's own advice is for programs. */
const nextHere: Partial<Record<ClientReason, string>> = {
  authentication_failed: 'Copy the secret again: it is in the file "secret" in the hub’s home. Then press Connect.',
  hub_not_genuine: 'Check the address of the hub and the secret. Then press Connect.',
  name_in_use: 'Take another name; or press "Take the name over", which disconnects the other session.',
  taken_over: 'Take another name; or press "Take the name over", which disconnects the other session.',
  revoked: 'Press Connect to go on here.',
}

/** The one place where the page says what went wrong, and what to do next. */
export class ProblemBox {
  readonly #box = byId('problem', HTMLElement)
  readonly #message = byId('problem-message', HTMLElement)
  readonly #next = byId('problem-next', HTMLElement)
  readonly #takeOver = byId('take-over', HTMLButtonElement)

  /** `ClientError`s and diagnoses say what to do; anything else is a fault of this page. */
  show(problem: unknown): void {
    const { message, next, reason } = facts(problem)
    // What was under way when the person disconnected.
    if (reason === 'closed') return
    // The same problem again, at each attempt to connect, is not read out again.
    if (this.#message.textContent !== message) this.#message.textContent = message
    if (this.#next.textContent !== next) this.#next.textContent = next
    this.#takeOver.hidden = reason !== 'name_in_use' && reason !== 'taken_over'
    this.#box.hidden = false
  }

  clear(): void {
    this.#box.hidden = true
  }

  onTakeOver(wanted: () => void): void {
    this.#takeOver.addEventListener('click', wanted)
  }
}

function facts(problem: unknown): { message: string; next: string; reason: ClientReason | undefined } {
  if (typeof problem !== 'object' || problem === null) {
    return { message: String(problem), next: 'Load this page again.', reason: undefined }
  }
  const { message, next, reason } = problem as { message?: unknown; next?: unknown; reason?: ClientReason }
  return {
    message: typeof message === 'string' ? message : 'Something went wrong in this page.',
    next: (reason && nextHere[reason]) ?? (typeof next === 'string' ? next : 'Load this page again.'),
    reason,
  }
}

import type { OpencodeEvent, Speaker } from './api.ts'

interface Session {
  isBusy: boolean
  speaker: Speaker
}

/** What an event means for mail. */
export type Change =
  | { readonly kind: 'none' }
  /** This session waits for its next prompt. */
  | { readonly kind: 'idle'; readonly sessionID: string }
  /** Its person has stopped this session. */
  | { readonly kind: 'interrupted'; readonly sessionID: string }

/** The sessions of this process, as far as its events and prompts have told. */
export class Sessions {
  readonly #sessions = new Map<string, Session>()
  /** Sessions of subagents, in whose context mail would be lost. */
  readonly #children = new Set<string>()
  #current: string | undefined

  /** The session that was prompted last, and may be woken. opencode does not tell which one is looked at. */
  get current(): { readonly id: string; readonly isBusy: boolean; readonly speaker: Speaker } | undefined {
    const session = this.#sessions.get(this.#current ?? '')
    return session && this.#current !== undefined ? { id: this.#current, ...session } : undefined
  }

  isChild(sessionID: string): boolean {
    return this.#children.has(sessionID)
  }

  /** A prompt goes into this session now. */
  prompted(sessionID: string, speaker: Speaker): void {
    if (this.isChild(sessionID)) return
    this.#current = sessionID
    this.#sessions.set(sessionID, { isBusy: true, speaker })
  }

  follow({ type, properties = {} }: OpencodeEvent): Change {
    const { sessionID = properties.info?.id, info, status, error } = properties
    if (sessionID === undefined) return { kind: 'none' }
    const session = this.#sessions.get(sessionID)
    switch (type) {
      case 'session.created':
      case 'session.updated':
        if (info?.parentID !== undefined) this.#children.add(sessionID)
        return { kind: 'none' }
      case 'session.deleted':
        this.#children.delete(sessionID)
        this.#sessions.delete(sessionID)
        return { kind: 'none' }
      case 'session.status':
        if (session) session.isBusy = status?.type !== 'idle'
        return { kind: 'none' }
      case 'session.idle':
        if (session) session.isBusy = false
        return { kind: 'idle', sessionID }
      case 'session.error':
        return error?.name === 'MessageAbortedError' ? { kind: 'interrupted', sessionID } : { kind: 'none' }
      default:
        return { kind: 'none' }
    }
  }
}

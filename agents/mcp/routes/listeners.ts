import type { Answer, ListenerKind } from '../../local/wire.ts'
import { ringText, type Ringer } from './ringer.ts'

/** A program that waits for the bell. */
interface Listener {
  tell(answer: Extract<Answer, { kind: 'ring' | 'superseded' }>): void
  /** Calls back once when its connection is closed. */
  onGone(gone: () => void): void
}

interface Kind {
  readonly title: string
  /** Milliseconds since the last sign of work before a turn is interrupted. */
  readonly busyMs: number
  /** It hears one ring, and comes again. */
  readonly once: boolean
}

/** What the kinds of listeners have of their own. */
const kinds: Readonly<Record<ListenerKind, Kind>> = {
  monitor: { title: "the plugin's monitor", busyMs: 10_000, once: false },
  rewake: { title: 'a waiting hook', busyMs: 10_000, once: true },
  // It knows itself whether its session is idle.
  opencode: { title: "opencode's prompt_async, by the plugin", busyMs: 0, once: false },
}

/**
 * The programs that can wake this assistant. Of each kind only the newest counts: Claude Code starts one
 * waiter more after every turn, and one mail must not wake twice.
 */
export class Listeners {
  readonly #live = new Map<ListenerKind, Listener>()
  readonly #changed: () => void

  /** `changed`: somebody came or went. */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  arrived(kind: ListenerKind, listener: Listener): void {
    this.#live.get(kind)?.tell({ kind: 'superseded' })
    this.#live.set(kind, listener)
    listener.onGone(() => this.#leave(kind, listener))
    this.#changed()
  }

  /** Rings the program of a kind that listens now. */
  ringer(kind: ListenerKind): Ringer {
    const { title, busyMs, once } = kinds[kind]
    return {
      route: 'wake',
      title,
      wakes: true,
      busyMs,
      isReady: () => this.#live.has(kind),
      ring: () => {
        const listener = this.#live.get(kind)
        listener?.tell({ kind: 'ring', text: ringText })
        if (listener && once) this.#leave(kind, listener)
        return Promise.resolve(listener !== undefined)
      },
    }
  }

  #leave(kind: ListenerKind, listener: Listener): void {
    if (this.#live.get(kind) !== listener) return
    this.#live.delete(kind)
    this.#changed()
  }
}

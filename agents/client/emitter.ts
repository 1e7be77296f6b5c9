type Listener<Arguments extends readonly unknown[]> = (...args: Arguments) => void

/** Typed events. What a listener throws goes to `onError`: it must not leave a socket callback, nor stop the others. */
export class Emitter<Events extends Record<keyof Events, readonly unknown[]>> {
  readonly #listeners: { [E in keyof Events]?: Set<Listener<Events[E]>> } = {}
  readonly #onError: (error: unknown) => void

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  on<E extends keyof Events>(event: E, listener: Listener<Events[E]>): void {
    const listeners = (this.#listeners[event] ??= new Set())
    listeners.add(listener)
  }

  off<E extends keyof Events>(event: E, listener: Listener<Events[E]>): void {
    this.#listeners[event]?.delete(listener)
  }

  emit<E extends keyof Events>(event: E, ...args: Events[E]): void {
    for (const listener of this.#listeners[event] ?? []) {
      try {
        listener(...args)
      } catch (error) {
        this.#onError(error)
      }
    }
  }
}

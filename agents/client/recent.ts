/**
 * What was set last, and at least so many of them: where as many came again, the older ones are dropped at once.
 * Taking out the oldest one by one would cost more with each that was taken out before.
 */
export class Recent<K, V> {
  readonly #atLeast: number
  #young = new Map<K, V>()
  #old = new Map<K, V>()

  constructor(atLeast: number) {
    this.#atLeast = atLeast
  }

  get(key: K): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.#atLeast) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }
}

/** How often values were at most so large, in a few fixed steps. */
export class Distribution {
  /** Upper bounds, ascending; what is larger than the last counts all the same. */
  readonly bounds: readonly number[]
  readonly #counts: number[]
  #count = 0
  #sum = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.#counts = bounds.map(() => 0)
  }

  get count(): number {
    return this.#count
  }

  get sum(): number {
    return this.#sum
  }

  observe(value: number): void {
    this.#count += 1
    this.#sum += value
    const { bounds } = this
    for (let step = 0; step < bounds.length; step += 1) {
      if (value > bounds[step]!) continue
      this.#counts[step]! += 1
      return
    }
  }

  /** For each bound, how many values were at most so large. */
  cumulative(): number[] {
    let sum = 0
    return this.#counts.map((count) => (sum += count))
  }

  /** The value below which this share of all lies, as well as the steps tell; undefined before the first value. */
  quantile(share: number): number | undefined {
    if (this.#count === 0) return undefined
    const rank = share * this.#count
    const reached = this.cumulative()
    const step = reached.findIndex((count) => count >= rank)
    if (step < 0) return this.bounds.at(-1)
    const [low, below] = step === 0 ? [0, 0] : [this.bounds[step - 1]!, reached[step - 1]!]
    return low + ((this.bounds[step]! - low) * (rank - below)) / (reached[step]! - below)
  }
}
